//! `retriage triage`: logs of every format, counted.

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use common::{output, questions, retriage, text};
use predicates::prelude::PredicateBooleanExt;
use predicates::str::contains;
use retriage::vocabulary::Category;
use serde_json::{Value, json};
use tempfile::TempDir;

const COMBINED: &str = r#"203.0.113.7 - - [21/Nov/2026:08:00:01 +0000] "GET /v1/notes HTTP/1.1" 200 512 "-" "curl/8.5.0"
203.0.113.7 - - [21/Nov/2026:08:00:02 +0000] "POST /v1/notes HTTP/1.1" 503 0 "-" "curl/8.5.0"
203.0.113.7 - ann [21/Nov/2026:08:00:03 +0000] "POST /v1/notes HTTP/1.1" 500 12 "-" "a \" quote"
203.0.113.7 - - [21/Nov/2026:08:00:04 +0000] "GET /old HTTP/1.1" 301 0 "-" "curl/8.5.0"
203.0.113.7 - - [21/Nov/2026:08:00:05 +0000] "POST /v1/notes HTTP/1.1" 503 0 "-" "curl/8.5.0"
203.0.113.7 - - [21/Nov/2026:08:00:06 +0000] "BREW /pot HTTP/1.1" 405 0 "-" "curl/8.5.0"
"#;

struct Logs(TempDir);

impl Logs {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder can be made"))
    }

    fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let file = self.0.path().join(name);
        fs::write(&file, content).expect("a file can be written");
        file
    }
}

fn packed(content: impl AsRef<[u8]>) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(content.as_ref()).expect("a vector can be written");
    encoder.finish().expect("a vector can be written")
}

/// The report of a command that ends so, checked against its schema.
fn report(command: &mut assert_cmd::Command, code: i32) -> Value {
    let assert = command.arg("--json").assert().code(code);
    let report: Value = serde_json::from_slice(&assert.get_output().stdout).expect("it is JSON");
    let schema = Path::new(env!("CARGO_MANIFEST_DIR")).join("triage.schema.json");
    let schema: Value =
        serde_json::from_str(&fs::read_to_string(schema).expect("it can be read")).expect("the schema is JSON");
    let validator = jsonschema::validator_for(&schema).expect("the schema is one");
    let errors: Vec<String> = validator.iter_errors(&report).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?} in {report}");
    let number = |name: &str| report[name].as_u64().expect("it is a number");
    assert_eq!(number("lines"), number("skipped") + number("succeeded") + number("failed"));
    report
}

fn triage(file: &Path) -> assert_cmd::Command {
    let mut command = retriage();
    command.arg("triage").arg(file);
    command
}

#[test]
fn a_web_server_log_is_counted() {
    let logs = Logs::new();
    let report = report(&mut triage(&logs.file("access.log", COMBINED)), 0);
    assert_eq!(report["files"][0]["format"], "combined");
    assert_eq!([&report["lines"], &report["succeeded"], &report["redirected"], &report["failed"]], [6, 2, 1, 4]);
    let failures = &report["failures"];
    assert_eq!(failures["by_category"], json!({ "unavailable": 2, "internal": 1, "unsupported": 1 }));
    assert_eq!(failures["by_fault"], json!({ "provider": 3, "caller": 1 }));
    assert_eq!(failures["by_retry"], json!({ "backoff": 2, "verify": 1, "fix": 1 }));
    assert_eq!(failures["by_processed"], json!({ "no": 3, "maybe": 1 }));
    assert_eq!(failures["by_retry_and_processed"]["verify"], json!({ "no": 0, "maybe": 1, "yes": 0 }));
    let methods = json!({ "POST": { "count": 3, "maybe": 1 }, "other": { "count": 1, "maybe": 0 } });
    assert_eq!(failures["by_method"], methods);
    let top = &report["entries"][0];
    assert_eq!(top["entry"], "http/503");
    assert_eq!(top["count"], 2);
    assert_eq!(top["share"], 0.5);
    assert_eq!(top["title"], "Service Unavailable");
    assert_eq!(top["first_seen"], "21/Nov/2026:08:00:02 +0000");
    assert_eq!(top["last_seen"], "21/Nov/2026:08:00:05 +0000");
    let (entry, _) = retriage::catalog("http").and_then(|http| http.find_status(503)).expect("listed");
    assert_eq!(top["remedy"], entry.remedy());
    let rest: Vec<&Value> = (1..3).map(|place| &report["entries"][place]["entry"]).collect();
    assert_eq!(rest, ["http/405", "http/500"], "of equals by id");
}

#[test]
fn the_common_format_and_standard_input_and_gzip_are_read() {
    let common: String =
        COMBINED.lines().map(|line| line.split(" \"-\"").next().unwrap_or_default().to_owned() + "\r\n").collect();
    let logs = Logs::new();
    let expected = report(&mut triage(&logs.file("access.log", COMBINED)), 0);
    let mut both = packed(&common[..300]);
    both.extend(packed(&common[300..]));
    let file = triage(&logs.file("access.log.1.gz", &both));
    let mut stdin = triage(Path::new("-"));
    stdin.write_stdin(both);
    for mut command in [file, stdin, triage(&logs.file("common.log", &common))] {
        let report = report(&mut command, 0);
        assert_eq!(report["files"][0]["format"], "common");
        assert_eq!(report["failures"], expected["failures"]);
        assert_eq!(report["entries"], expected["entries"]);
    }
}

#[test]
fn the_wire_form_is_counted_by_what_each_answer_means() {
    let lines = [
        r#"{"catalog":"updox","status":200,"body":"{\"responseCode\":4651}","now":"2026-11-21T00:00:00Z"}"#,
        r#"{"catalog":"updox","status":200,"body":"{\"responseCode\":2000}"}"#,
        r#"{"catalog":"updox","status":200}"#,
        r#"{"catalog":"redox","status":401,"body":"Invalid source secret"}"#,
        r#"{"failure":"ECONNRESET"}"#,
        r#"{"status":429,"headers":{"Retry-After":"120"}}"#,
        r#"{"ask":"limits","catalog":"redox"}"#,
    ];
    let logs = Logs::new();
    let file = logs.file("answers.ndjson", lines.join("\n"));
    let found = report(&mut triage(&file), 1);
    assert_eq!(found["files"][0]["format"], "wire");
    assert_eq!([&found["succeeded"], &found["failed"], &found["skipped"]], [1, 5, 1]);
    let mut entries: Vec<(&str, &str)> = found["entries"]
        .as_array()
        .expect("it is a list")
        .iter()
        .map(|entry| (entry["entry"].as_str().unwrap_or("none"), entry["catalog"].as_str().expect("it is a text")))
        .collect();
    entries.sort_unstable();
    assert_eq!(
        entries,
        [
            ("http/429", "http"),
            ("none", "updox"),
            ("redox/401.invalid_source_secret", "redox"),
            ("transport/ECONNRESET", "transport"),
            ("updox/4651", "updox"),
        ]
    );
    let seen = found["entries"].as_array().expect("it is a list").iter().find(|entry| entry["entry"] == "updox/4651");
    assert_eq!(seen.expect("it was counted")["first_seen"], "2026-11-21T00:00:00.000Z");
    assert_eq!(found["bad_lines"][0]["line"], 7);
    assert_eq!(found["bad_lines"][0]["at"], "/ask");

    // A line without a catalog is asked of the one that is named.
    let line = logs.file("one.ndjson", r#"{"status":429}"#);
    let found = report(triage(&line).args(["--catalog", "redox"]), 0);
    assert_eq!(found["entries"][0]["entry"], "redox/429");
}

/// Every case of the vectors as one log, there and back again, so that what was found for one line is there to be
/// mistaken for what another means.
#[test]
fn every_case_counts_as_the_core_answers_it() {
    let asks = |question: &Value| question.get("ask").is_none_or(|ask| ask == "classify");
    let mut questions: Vec<Value> = questions().into_iter().filter(asks).collect();
    // The same entry with other words: a connection refused after a success has begun proves nothing.
    questions.push(json!({ "failure": "ECONNREFUSED" }));
    questions.push(json!({ "status": 200, "failure": "ECONNREFUSED" }));
    let back: Vec<Value> = questions.iter().rev().cloned().collect();
    questions.extend(back);

    let words = ["entry", "category", "fault", "retry", "processed"];
    let key = |value: &Value| words.map(|word| value[word].to_string());
    let mut expected = BTreeMap::new();
    let mut succeeded = 0;
    for question in &questions {
        let answer: Value = serde_json::from_str(&retriage::answer(&question.to_string())).expect("it is JSON");
        let classification = &answer["classification"];
        let category = classification["category"].as_str().and_then(Category::from_word).expect("it is a word");
        if category.is_failure() {
            *expected.entry(key(classification)).or_insert(0) += 1;
        } else {
            succeeded += 1;
        }
    }

    let lines: Vec<String> = questions.iter().map(Value::to_string).collect();
    let logs = Logs::new();
    let file = logs.file("answers.ndjson", lines.join("\n"));
    let found = report(triage(&file).args(["--top", "1000000"]), 0);
    assert_eq!(found["lines"], questions.len());
    assert_eq!(found["succeeded"], succeeded);
    let mut counted = BTreeMap::new();
    for entry in found["entries"].as_array().expect("it is a list") {
        *counted.entry(key(entry)).or_insert(0) += entry["count"].as_u64().expect("it is a number");
    }
    for (outcome, count) in &expected {
        assert_eq!(counted.get(outcome), Some(count), "{outcome:?}");
    }
    assert_eq!(counted.len(), expected.len());
    assert!(counted.len() > 200, "only {} outcomes", counted.len());
}

#[test]
fn a_json_log_has_its_fields_named() {
    let lines = [
        r#"{"ts":"2026-11-21T08:00:01Z","req":{"method":"POST"},"res":{"status":401,"body":"Invalid source secret"}}"#,
        r#"{"ts":"2026-11-21T08:00:02Z","req":{"method":"POST"},"res.status":"401","res.body":"Invalid source secret."}"#,
        r#"{"ts":1795219200,"level":"warn","req":{"method":"GET"},"error":"ECONNRESET","res":null}"#,
        r#"{"ts":"2026-11-21T08:00:03Z","vendor":"updox","res":{"status":200,"body":{"responseCode": 4651}}}"#,
        r#"{"ts":"2026-11-21T08:00:04Z","vendor":"updox","res":{"status":200,"code":2000},"error":""}"#,
        r#"{"ts":"2026-11-21T08:00:05Z","msg":"started"}"#,
    ];
    let logs = Logs::new();
    let file = logs.file("calls.ndjson", lines.join("\n"));
    let fields = [
        "--catalog=redox",
        "--status-field=res.status",
        "--code-field=res.code",
        "--failure-field=error",
        "--catalog-field=vendor",
        "--body-field=res.body",
        "--method-field=req.method",
        "--time-field=ts",
    ];
    let found = report(triage(&file).args(fields), 1);
    assert_eq!(found["files"][0]["format"], "json");
    assert_eq!([&found["succeeded"], &found["failed"], &found["skipped"]], [1, 4, 1]);
    assert_eq!(found["bad_lines"][0]["line"], 6);
    assert_eq!(found["bad_lines"][0]["kind"], "missing_field");
    let entries: Vec<&Value> = (0..3).map(|place| &found["entries"][place]["entry"]).collect();
    assert_eq!(entries, ["redox/401.invalid_source_secret", "transport/ECONNRESET", "updox/4651"]);
    assert_eq!(found["entries"][0]["last_seen"], "2026-11-21T08:00:02Z");
    assert_eq!(found["entries"][1]["first_seen"], "1795219200");
    let methods = json!({ "POST": { "count": 2, "maybe": 0 }, "GET": { "count": 1, "maybe": 1 } });
    assert_eq!(found["failures"]["by_method"], methods);

    // Without names these lines are bad questions, and the page says what to do.
    triage(&file).assert().code(1).stdout(contains("unknown_field").and(contains("--status-field")));
    triage(&file).arg("--status-field=res..status").assert().code(2).stderr(contains("http.status"));
    // With the format named, the names of the wire form hold.
    let plain = logs.file("plain.ndjson", r#"{"status":404,"other":1}"#);
    let found = report(triage(&plain).args(["--format", "json"]), 0);
    assert_eq!(found["entries"][0]["entry"], "http/404");
}

#[test]
fn bad_lines_are_skipped_and_the_first_are_shown() {
    let mut log = COMBINED.to_owned();
    for number in 0..15 {
        log += &format!("bad {number}\n\n");
    }
    log += COMBINED;
    let logs = Logs::new();
    let file = logs.file("access.log", &log);
    let found = report(&mut triage(&file), 1);
    assert_eq!([&found["lines"], &found["skipped"], &found["failed"]], [27, 15, 8]);
    let lines: Vec<u64> =
        found["bad_lines"].as_array().expect("it is a list").iter().filter_map(|bad| bad["line"].as_u64()).collect();
    assert_eq!(lines, (0..10).map(|place| 7 + 2 * place).collect::<Vec<_>>());
    triage(&file).assert().code(1).stdout(contains("access.log:7: must be: host ident user [time]"));

    let mut input = COMBINED.as_bytes().to_vec();
    input.extend_from_slice(b"\xFF\xFE not text\n");
    input.resize(input.len() + (17 << 20), b'x');
    let mut command = triage(Path::new("-"));
    let found = report(command.write_stdin(input), 1);
    let kinds: Vec<&Value> = (0..2).map(|place| &found["bad_lines"][place]["kind"]).collect();
    assert_eq!(kinds, ["bad_value", "too_large"]);
}

#[test]
fn a_file_that_cannot_be_read_does_not_stop_the_others() {
    let logs = Logs::new();
    let good = logs.file("access.log", COMBINED);
    let strange = logs.file("notes.txt", "nothing of an answer\n");
    let empty = logs.file("empty.log", "");
    let whole = packed(COMBINED.repeat(1_000));
    let cut = logs.file("cut.log.gz", &whole[..whole.len() - 9]);
    let mut command = retriage();
    command.args(["triage", "/no/such/file"]).args([&strange, &empty, &cut, &good]);
    let found = report(&mut command, 1);
    let error = |place: usize| found["files"][place]["error"].as_str().unwrap_or_default().to_owned();
    assert!(!error(0).is_empty());
    assert!(error(1).contains("--format"), "{}", error(1));
    assert_eq!(
        found["files"][2],
        json!({ "name": empty.to_str(), "format": null, "lines": 0, "skipped": 0, "error": null })
    );
    assert!(!error(3).is_empty());
    assert!(found["files"][3]["lines"].as_u64().is_some_and(|lines| lines > 1_000), "{found}");
    assert_eq!(found["files"][4]["lines"], 6);
    let assert = command.assert().code(1);
    let complaints = text(&assert.get_output().stderr);
    assert!(complaints.contains("/no/such/file: ") && complaints.contains("notes.txt: "), "{complaints}");
}

#[test]
fn the_counts_are_the_same_on_any_number_of_threads() {
    let mut log = String::new();
    for number in 0..60_000 {
        let status = [200, 200, 404, 500, 502, 503, 429][number % 7];
        log += &format!("h - - [{number}] \"GET /{number} HTTP/1.1\" {status} 0 \"-\" \"-\"\n");
        if number % 20_000 == 19_999 {
            log += "bad\n";
        }
    }
    let logs = Logs::new();
    let file = logs.file("access.log", &log);
    assert!(log.len() > 2 << 20, "several blocks");
    let reports: Vec<Value> =
        ["1", "2", "5"].iter().map(|threads| report(triage(&file).args(["--threads", threads]), 1)).collect();
    assert_eq!(reports[0], reports[1]);
    assert_eq!(reports[0], reports[2]);
    assert_eq!(reports[0]["lines"], 60_003);
    let lines: Vec<&Value> = (0..3).map(|place| &reports[0]["bad_lines"][place]["line"]).collect();
    assert_eq!(lines, [20_001, 40_002, 60_003]);
    let entry =
        reports[0]["entries"].as_array().expect("it is a list").iter().find(|entry| entry["entry"] == "http/503");
    let entry = entry.expect("it was counted");
    assert_eq!([&entry["first_seen"], &entry["last_seen"]], ["5", "59995"]);
}

#[test]
fn as_many_entries_are_shown_as_are_wanted() {
    let logs = Logs::new();
    let file = logs.file("access.log", COMBINED);
    let found = report(triage(&file).args(["--top", "1"]), 0);
    assert_eq!(found["entries"].as_array().map(Vec::len), Some(1));
    assert_eq!(found["others"], json!({ "entries": 2, "count": 2 }));
    triage(&file).args(["--top", "1"]).assert().stdout(contains("in 2 more entries"));
}

#[test]
fn the_page_is_for_a_person() {
    let logs = Logs::new();
    let page = output(&mut triage(&logs.file("access.log", COMBINED.repeat(1_000))));
    for text in [
        "6,000  ",
        "lines read",
        "2,000  33.3 %  succeeded (1,000 led elsewhere)",
        "4,000  66.7 %  failed",
        "2,000  50.0 %  unavailable",
        "3,000  75.0 %  provider",
        "http/503  Service Unavailable",
        "unavailable · fault provider · retry backoff · processed no",
        "seen 21/Nov/2026:08:00:02 +0000 to 21/Nov/2026:08:00:05 +0000",
    ] {
        assert!(page.contains(text), "{text} is missing in\n{page}");
    }
    assert!(!page.contains('\u{1b}'), "{page:?}");
    let fine = output(&mut triage(&logs.file("fine.log", COMBINED.lines().next().unwrap_or_default())));
    assert!(!fine.contains("What failed"), "{fine}");
}

#[test]
fn a_log_cannot_act_on_a_terminal() {
    let logs = Logs::new();
    let lines = "{\"status\":503,\"time\":\"\\u001b[2J\\u009b\"}\n{\"\\u001b[2Jfield\":1}\n";
    let file = logs.file("evil.ndjson", lines);
    for format in ["json", "wire"] {
        let mut command = triage(&file);
        let assert = command.args(["--format", format, "--color", "always"]).assert().code(1);
        let page = text(&assert.get_output().stdout);
        assert!(page.contains("\\u{1b}[2J"), "{page}");
        assert!(!page.contains("\u{1b}[2J") && !page.contains('\u{9b}'), "{page:?}");
    }
}

#[test]
fn wrong_usage_is_told() {
    retriage().arg("triage").assert().code(2).stderr(contains("<FILE>"));
    retriage().args(["triage", "-", "--catalog", "redux"]).assert().code(2).stderr(contains("'redox'"));
    retriage().args(["triage", "-", "--threads", "0"]).assert().code(2).stderr(contains("--threads"));
}

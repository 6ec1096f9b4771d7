//! `retriage explain`, and what all commands share: the help, wrong usage, colour.

mod common;

use std::fs;

use common::{output, questions, retriage, text};
use predicates::prelude::PredicateBooleanExt;
use predicates::str::contains;
use serde_json::{Value, json};

const ESCAPE: char = '\u{1b}';

#[test]
fn the_page_says_everything_without_colour_when_piped() {
    let page = output(retriage().args(["explain", "redox", "401", "--body", "Invalid source secret"]));
    let redox = retriage::catalog("redox").expect("built in");
    let entry = redox.entries().find(|entry| entry.id() == "redox/401.invalid_source_secret").expect("listed");
    // Lines are wrapped, so texts are compared word by word.
    let words = page.split_whitespace().collect::<Vec<_>>().join(" ");
    let says = |text: &str| assert!(words.contains(text), "{text} is missing in\n{page}");
    says(entry.title());
    says("redox/401.invalid_source_secret Redox, as of 2024-02-15");
    let known = entry.words();
    for (word, meaning) in [
        (known.category.as_str(), known.category.meaning()),
        (known.fault.as_str(), known.fault.meaning()),
        (known.retry.as_str(), known.retry.meaning()),
        (known.processed.as_str(), known.processed.meaning()),
    ] {
        says(&format!("{word} {meaning}"));
    }
    says(entry.remedy());
    for audience in retriage::vocabulary::Audience::ALL {
        says(&format!("{audience} {}", entry.message(*audience)));
    }
    says("│ reason Invalid source secret");
    says("1. The status was looked up: 401 → redox/401");
    says("2. A variant's reason text, condition, header or hint held → redox/401.invalid_source_secret");
    says(&entry.source().to_string());
    says(entry.why().expect("it is a judgement"));
    assert!(!page.contains(ESCAPE), "{page:?}");
}

#[test]
fn colour_is_a_matter_of_the_terminal_and_the_user() {
    let page = |set: &[(&str, &str)], color: &[&str]| {
        let mut command = retriage();
        command.args(["explain", "http", "503"]).args(color).envs(set.iter().copied());
        output(&mut command).contains(ESCAPE)
    };
    assert!(!page(&[], &[]));
    assert!(page(&[("CLICOLOR_FORCE", "1")], &[]));
    assert!(!page(&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")], &[]));
    assert!(page(&[("NO_COLOR", "1")], &["--color", "always"]));
    assert!(!page(&[("CLICOLOR_FORCE", "1")], &["--color", "never"]));
}

#[test]
fn the_response_cannot_act_on_a_terminal() {
    let body = json!({ "responseCode": 4651, "responseMessage": "\u{1b}]0;x\u{7}\u{9b}2J\u{202e}evil\nnext\r\u{8}" });
    let mut command = retriage();
    command.args(["--color", "always", "explain", "updox", "200", "-H", "Location: \u{1b}[2J", "--body"]);
    let page = output(command.arg(body.to_string()));
    assert!(page.contains("\\u{1b}]0;x\\u{7}\\u{9b}2J\\u{202e}evil\n"), "{page}");
    assert!(page.contains("next\\r\\u{8}\n"), "{page}");
    for (at, _) in page.match_indices(ESCAPE) {
        let sequence = &page[at + 1..];
        let end = sequence.find(|letter: char| !matches!(letter, '[' | ';' | '0'..='9'));
        assert!(end.is_some_and(|end| sequence[end..].starts_with('m')), "not a colour: {:?}", &sequence[..9]);
    }
    assert!(page.chars().all(|letter| letter == ESCAPE || letter == '\n' || !letter.is_control()), "{page:?}");
}

#[test]
fn json_is_the_answer_of_the_core_to_every_case() {
    let mut count = 0;
    for question in questions() {
        let known = ["ask", "catalog", "status", "code", "failure", "headers", "body", "control_id", "mode", "now"];
        let members = question.as_object().expect("a question is an object");
        if members.get("ask").is_some_and(|ask| ask != "classify") || members.keys().any(|key| !known.contains(&&**key))
        {
            continue;
        }
        let Some(pairs) = headers(&question["headers"]) else { continue };
        let mut command = retriage();
        command.args(["explain", "--json", question["catalog"].as_str().unwrap_or("http")]);
        if let Some(status) = question["status"].as_u64() {
            command.arg(status.to_string());
        }
        for name in ["code", "failure", "control_id", "mode", "now"] {
            match &question[name] {
                Value::Null => {}
                Value::String(value) => {
                    command.arg(format!("--{}={value}", name.replace('_', "-")));
                }
                value => {
                    command.arg(format!("--{name}={value}"));
                }
            }
        }
        for (name, value) in pairs {
            command.arg("--header").arg(format!("{name}: {value}"));
        }
        match &question["body"] {
            Value::Null => {}
            Value::String(body) => {
                command.args(["--body", "-"]).write_stdin(body.clone());
            }
            body => {
                command.args(["--body", "-"]).write_stdin(body.to_string());
            }
        }
        let evidence = ["status", "code", "failure", "headers", "body"];
        if evidence.iter().all(|name| question[*name].is_null()) {
            command.assert().code(2);
            continue;
        }
        count += 1;
        assert_eq!(output(&mut command), format!("{}\n", retriage::answer(&question.to_string())), "{question}");
    }
    assert!(count > 1_000, "only {count} cases could be asked");
}

/// Headers as pairs that an argument can carry; `None` where it can't.
fn headers(headers: &Value) -> Option<Vec<(String, String)>> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let pairs: Vec<(String, String)> = match headers {
        Value::Null => Vec::new(),
        Value::Object(members) => members
            .iter()
            .flat_map(|(name, value)| match value {
                Value::Array(values) => values.iter().map(|value| (name.clone(), text(value))).collect(),
                value => vec![(name.clone(), text(value))],
            })
            .map(|(name, value)| Some((name, value?)))
            .collect::<Option<_>>()?,
        Value::Array(pairs) => {
            pairs.iter().map(|pair| Some((text(&pair[0])?, text(&pair[1])?))).collect::<Option<_>>()?
        }
        _ => return None,
    };
    let plain = |(name, value): &(String, String)| {
        !name.contains(':') && !name.trim().is_empty() && name.trim() == name && value.trim() == value
    };
    pairs.iter().all(plain).then_some(pairs)
}

#[test]
fn a_body_is_bytes_from_a_file_or_standard_input() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let file = folder.path().join("ack.hl7");
    let ack = b"MSH|^~\\&|LAB|X|EHR|Y|20261121||ACK|7|P|2.5\rMSA|AE|42|Patient M\xFCller unknown\r";
    fs::write(&file, ack).expect("a file can be written");
    let argument = format!("@{}", file.display());
    let from_file = output(retriage().args(["explain", "hl7v2", "--json", "--control-id", "42", "--body", &argument]));
    let mut command = retriage();
    command.args(["explain", "hl7v2", "--json", "--control-id", "42", "--body", "-"]).write_stdin(ack.as_slice());
    assert_eq!(output(&mut command), from_file);
    let answer: Value = serde_json::from_str(&from_file).expect("it is JSON");
    assert_eq!(answer["classification"]["entry"], "hl7v2/AE");
}

#[test]
fn a_body_past_the_limit_is_told_as_such() {
    let body = "x".repeat(3 * retriage::BODY_LIMIT);
    let question = json!({ "status": 500, "body": body }).to_string();
    let mut command = retriage();
    command.args(["explain", "http", "500", "--json", "--body", "-"]).write_stdin(body);
    assert_eq!(output(&mut command), format!("{}\n", retriage::answer(&question)));
}

#[test]
fn a_hint_that_is_a_date_wants_the_time() {
    let args = ["explain", "http", "503", "-H", "Retry-After: Sat, 21 Nov 2026 20:42:00 GMT"];
    retriage().args(args).assert().success().stdout(contains("Give --now with the time of the answer"));
    let mut command = retriage();
    command.args(args).args(["--now", "2026-11-21T20:40:00Z"]);
    command.assert().success().stdout(contains("wait 2m (retry-after, 120000 ms)"));
    retriage().args(args).args(["--now", "now"]).assert().success().stdout(contains("ms)"));
}

#[test]
fn where_the_server_says_nothing_the_window_of_the_catalog_is_shown() {
    retriage().args(["explain", "redox", "429"]).assert().success().stdout(contains("own window is 5m"));
}

#[test]
fn wrong_usage_names_the_argument_and_what_would_be_right() {
    let refused = |args: &[&str]| {
        let assert = retriage().arg("explain").args(args).assert().code(2).stdout("");
        text(&assert.get_output().stderr)
    };
    let unknown = refused(&["updoxx", "200"]);
    assert!(unknown.contains("'updoxx' for '<CATALOG>'") && unknown.contains("'updox'"), "{unknown}");
    assert!(unknown.contains("sportradar"), "all are named: {unknown}");
    assert!(refused(&["401"]).contains("a status comes after a catalog: http 401"));
    assert!(refused(&["http"]).contains("give a STATUS, --code, --failure, --header or --body"));
    assert!(refused(&["http", "65536"]).contains("65536"));
    assert!(refused(&["http", "200", "--header", "nonsense"]).contains("Retry-After: 120"));
    assert!(refused(&["http", "200", "--now", "soon"]).contains("2026-11-21T20:40:00Z"));
    assert!(refused(&["http", "200", "--mode", "asynch"]).contains("'async'"));
    let missing = refused(&["http", "200", "--body", "@/no/such/file"]);
    assert!(missing.contains("--body") && missing.contains("/no/such/file"), "{missing}");
    assert!(refused(&["http", "200", "--body", "@"]).contains("a file's name must follow the @"));
    retriage().args(["explain", "http", "0"]).assert().success();
    retriage().args(["explain", "http", "65535"]).assert().success().stdout(contains("Nothing is known"));
}

#[test]
fn help_and_version_are_there() {
    retriage().arg("--help").assert().success().stdout(contains("Examples:").and(contains("Exit status:")));
    for command in ["explain", "codes", "limits", "answer", "triage", "completions"] {
        retriage().args([command, "--help"]).assert().success().stdout(contains("Examples:"));
    }
    retriage().arg("--version").assert().success().stdout(format!("retriage {}\n", env!("CARGO_PKG_VERSION")));
    retriage().assert().code(2).stderr(contains("Usage:"));
}

#[test]
fn completions_are_there_for_every_shell() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = output(retriage().args(["completions", shell]));
        assert!(script.contains("explain") && script.contains("status-field"), "{shell}");
    }
    // These complete values as well.
    for shell in ["bash", "zsh", "fish"] {
        retriage().args(["completions", shell]).assert().stdout(contains("sportradar"));
    }
}

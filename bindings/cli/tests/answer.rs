//! `retriage answer`: the wire form, line by line.

mod common;

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, Command, Stdio};

use common::{output, questions, retriage, text};
use predicates::str::contains;
use serde_json::Value;

fn json(line: &str) -> Value {
    serde_json::from_str(line).unwrap_or_else(|error| panic!("{line}: {error}"))
}

/// The command as a process of its own, to talk with.
fn started() -> Child {
    Command::new(assert_cmd::cargo::cargo_bin("retriage"))
        .arg("answer")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary starts")
}

#[test]
fn an_error_inside_a_success_is_found() {
    let question = r#"{"catalog":"updox","status":200,"body":"{\"responseCode\":4651}"}"#;
    let answer = json(&output(retriage().arg("answer").write_stdin(question)));
    let classification = &answer["classification"];
    assert_eq!(classification["category"], "undelivered");
    assert_eq!(classification["retry"], "verify");
    assert_eq!(classification["processed"], "maybe");
}

#[test]
fn every_case_is_answered_as_by_the_core_in_order() {
    let questions: Vec<String> = questions().iter().map(Value::to_string).collect();
    let stream = questions.join("\n") + "\n";
    let folder = tempfile::tempdir().expect("a folder can be made");
    let file = folder.path().join("questions.ndjson");
    fs::write(&file, &stream).expect("a file can be written");
    let answers = output(retriage().arg("answer").arg(&file));
    assert_eq!(output(retriage().arg("answer").write_stdin(stream)), answers);
    let mut count = 0;
    for (question, answer) in questions.iter().zip(answers.lines()) {
        assert_eq!(answer, retriage::answer(question), "{question}");
        count += 1;
    }
    assert_eq!(count, questions.len());
    assert_eq!(answers.lines().count(), questions.len());
}

#[test]
fn a_bad_line_is_answered_with_its_number_and_the_rest_goes_on() {
    let mut input = Vec::new();
    input.extend_from_slice(b"{\"status\":200}\r\n");
    input.extend_from_slice(b"nonsense\n");
    input.extend_from_slice(b"\n   \n");
    input.extend_from_slice(b"{\"status\":200,\"body\":\"\xFF\"}\n");
    input.extend_from_slice(b"{\"statuss\":200}\n");
    input.extend_from_slice(b"{\"body\":\"");
    input.resize(input.len() + (17 << 20), b'x');
    input.extend_from_slice(b"\"}\n");
    input.extend_from_slice(b"{\"catalog\":\"redux\",\"status\":200}\n");
    input.extend_from_slice(b"{\"status\":503}");
    let assert = retriage().arg("answer").write_stdin(input).assert().code(1).stderr("");
    let output = text(&assert.get_output().stdout);
    let lines: Vec<&str> = output.lines().collect();
    assert_eq!(lines.len(), 7, "{lines:?}");
    assert_eq!(lines[0], retriage::answer(r#"{"status":200}"#));
    assert_eq!(lines[6], retriage::answer(r#"{"status":503}"#));
    let errors: Vec<Value> = lines[1..6].iter().map(|line| json(line)["error"].clone()).collect();
    let expected = [
        (2, "bad_json", ""),
        (5, "bad_json", ""),
        (6, "unknown_field", "/statuss"),
        (7, "too_large", ""),
        (8, "unknown_catalog", "/catalog"),
    ];
    for (error, (line, kind, at)) in errors.iter().zip(expected) {
        assert_eq!(error["line"], line, "{error}");
        assert_eq!(error["kind"], kind, "{error}");
        assert_eq!(error["at"], at, "{error}");
        assert!(error["message"].as_str().is_some_and(|message| !message.is_empty()), "{error}");
    }
    assert!(errors[1]["message"].as_str().is_some_and(|message| message.contains("not UTF-8")), "{}", errors[1]);
}

#[test]
fn an_answer_comes_before_the_next_question_is_asked() {
    let mut child = started();
    let mut questions = child.stdin.take().expect("it is piped");
    let mut answers = BufReader::new(child.stdout.take().expect("it is piped"));
    for status in [200, 404, 503] {
        let question = format!("{{\"status\":{status}}}");
        writeln!(questions, "{question}").expect("it reads");
        let mut answer = String::new();
        answers.read_line(&mut answer).expect("it answers");
        assert_eq!(answer.trim_end(), retriage::answer(&question));
    }
    drop(questions);
    assert!(child.wait().expect("it ends").success());
}

#[test]
fn a_reader_that_has_seen_enough_is_no_error() {
    let mut child = started();
    let mut questions = child.stdin.take().expect("it is piped");
    drop(child.stdout.take());
    // More than any pipe holds, until it is gone.
    while questions.write_all(&b"{\"status\":200}\n".repeat(10_000)).is_ok() {}
    let mut errors = String::new();
    child.stderr.take().expect("it is piped").read_to_string(&mut errors).expect("it is UTF-8");
    assert_eq!(errors, "");
    assert!(child.wait().expect("it ends").success());
}

#[cfg(target_os = "linux")]
#[test]
fn memory_is_bounded_on_endless_input() {
    let mut child = started();
    let mut questions = child.stdin.take().expect("it is piped");
    let mut answers = BufReader::new(child.stdout.take().expect("it is piped"));
    let drain = std::thread::spawn(move || {
        let (mut count, mut last) = (0, String::new());
        for line in answers.by_ref().lines() {
            last = line.expect("it is UTF-8");
            count += 1;
        }
        (count, last)
    });
    let piece = vec![b'x'; 1 << 20];
    for _ in 0..160 {
        questions.write_all(&piece).expect("it reads");
    }
    questions.write_all(b"\n").expect("it reads");
    let many = b"{\"catalog\":\"redox\",\"status\":401,\"body\":\"Invalid source secret\"}\n".repeat(1_000);
    for _ in 0..20 {
        questions.write_all(&many).expect("it reads");
    }
    // All but what fits into the pipe has been read by now.
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).expect("it runs");
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("Linux says so");
    let peak: u64 = peak.trim().trim_end_matches(" kB").parse().expect("it is a number");
    assert!(peak < 80 << 10, "{peak} kB for lines of at most 16 MiB");
    drop(questions);
    assert_eq!(child.wait().expect("it ends").code(), Some(1));
    let (count, last) = drain.join().expect("the output is UTF-8");
    assert_eq!(count, 20_001);
    assert!(last.contains("redox/401.invalid_source_secret"), "{last}");
}

#[test]
fn what_is_packed_is_unpacked() {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(b"{\"status\":200}\n").expect("a vector can be written");
    let packed = packed.finish().expect("a vector can be written");
    let answer = output(retriage().arg("answer").write_stdin(packed));
    assert_eq!(answer, retriage::answer(r#"{"status":200}"#) + "\n");
}

#[test]
fn a_file_that_cannot_be_read_is_named() {
    retriage().args(["answer", "/no/such/file"]).assert().code(1).stdout("").stderr(contains("/no/such/file: "));
}

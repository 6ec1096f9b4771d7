//! What the tests of the commands share.
#![allow(dead_code, reason = "each test uses a part of it")]

use std::fs;
use std::path::PathBuf;

use assert_cmd::Command;
use serde_json::Value;

/// The command line, with nothing of the tester's own settings.
pub(crate) fn retriage() -> Command {
    let mut command = Command::cargo_bin("retriage").expect("the binary is built with its tests");
    for name in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "CI", "LC_ALL", "LC_MESSAGES", "LANG"] {
        command.env_remove(name);
    }
    command
}

/// What a command that does well writes to standard output.
pub(crate) fn output(command: &mut Command) -> String {
    text(&command.assert().success().stderr("").get_output().stdout)
}

/// Bytes that are UTF-8.
pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("the output is UTF-8")
}

/// The questions of every case in `tests/vectors` that is answered, and not refused with an error.
pub(crate) fn questions() -> Vec<Value> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors");
    let mut files: Vec<PathBuf> = fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.expect("a folder can be read").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .collect();
    files.sort();
    let mut questions = Vec::new();
    for file in files {
        let text = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let vectors: Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let cases = vectors["cases"].as_array().unwrap_or_else(|| panic!("{}: no list of cases", file.display()));
        let answered = cases.iter().filter(|case| case["answer"].get("error").is_none());
        questions.extend(answered.map(|case| case["question"].clone()));
    }
    assert!(questions.len() > 1_000, "only {} questions were found", questions.len());
    questions
}

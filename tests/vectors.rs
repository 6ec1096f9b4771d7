//! Every case of `tests/vectors` against the core.

mod common;

use std::collections::BTreeSet;

use common::{cases, difference};
use serde_json::Value;

#[test]
fn every_case_gives_its_answer() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for case in cases() {
        count += 1;
        let answer: Value =
            serde_json::from_str(&retriage::answer(&case.question.to_string())).expect("an answer is JSON");
        if let Some(difference) = difference("", &case.answer, &answer) {
            wrong.push(format!("{}: {}: {difference}\n    {}", case.file, case.name, case.question));
        }
    }
    assert!(wrong.is_empty(), "{} of {count} cases:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn names_are_unique() {
    let mut seen = BTreeSet::new();
    for case in cases() {
        assert!(seen.insert((case.file.clone(), case.name.clone())), "{}: {} stands twice", case.file, case.name);
    }
}

#[test]
fn every_entry_has_a_case() {
    let answers: Vec<Value> = cases()
        .iter()
        .map(|case| serde_json::from_str(&retriage::answer(&case.question.to_string())).expect("an answer is JSON"))
        .collect();
    let reached: BTreeSet<&str> =
        answers.iter().filter_map(|answer| answer.pointer("/classification/entry")?.as_str()).collect();
    let missing: Vec<&str> = retriage::catalogs()
        .flat_map(retriage::Catalog::entries)
        .map(|entry| entry.id())
        .filter(|id| !reached.contains(id))
        .collect();
    assert!(missing.is_empty(), "no case classifies as {missing:?}");
}

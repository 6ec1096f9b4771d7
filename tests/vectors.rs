//! Every case of `tests/vectors` against the core.

mod common;

use std::collections::BTreeSet;
use std::fs;

use common::sentences::{is_said, sentences};
use common::{Case, cases, difference, root};
use retriage::Question;
use retriage::vocabulary::ErrorKind;
use serde_json::Value;

#[test]
fn every_case_gives_its_answer() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for case in cases() {
        count += 1;
        let answer = case.answered();
        if let Some(difference) = difference("", &case.answer, &answer) {
            let question = case.text.unwrap_or_else(|| case.question.to_string());
            wrong.push(format!("{}: {}: {difference}\n    {question}", case.file, case.name));
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
    let answers: Vec<Value> = cases().iter().map(Case::answered).collect();
    let reached: BTreeSet<&str> =
        answers.iter().filter_map(|answer| answer.pointer("/classification/entry")?.as_str()).collect();
    let missing: Vec<&str> = retriage::catalogs()
        .flat_map(retriage::Catalog::entries)
        .map(|entry| entry.id())
        .filter(|id| !reached.contains(id))
        .collect();
    assert!(missing.is_empty(), "no case classifies as {missing:?}");
}

/// The errors that the cases are answered with.
fn errors() -> Vec<Value> {
    cases().iter().filter_map(|case| case.answered().get("error").cloned()).collect()
}

#[test]
fn every_kind_of_error_has_a_case() {
    let errors = errors();
    let told: BTreeSet<&str> = errors.iter().filter_map(|error| error["kind"].as_str()).collect();
    // How large an input may be is for whoever takes it in to say.
    let kinds = ErrorKind::ALL.iter().filter(|kind| **kind != ErrorKind::TooLarge);
    assert_eq!(told, kinds.map(|kind| kind.as_str()).collect());
}

/// The object that an error is of, by its definition in the schema, and the field.
fn field_of(at: &str) -> (&str, &str) {
    let parts: Vec<&str> = at.split('/').skip(1).collect();
    match parts[..] {
        ["events", _, field, ..] => ("event", field),
        ["queue", object @ ("state" | "budget"), field, ..] | [object @ ("state" | "budget" | "queue"), field, ..] => {
            (object, field)
        }
        [field, ..] => ("question", field),
        [] => ("question", ""),
    }
}

/// Every place where a question can be wrong is the place of an error.
#[test]
fn every_field_of_a_question_has_a_case_of_an_error() {
    let errors = errors();
    let told: BTreeSet<_> = errors.iter().filter_map(|error| error["at"].as_str()).map(field_of).collect();
    let objects = Question::objects().into_iter().chain([("question", Question::FIELDS.to_vec())]);
    let fields = objects.flat_map(|(object, fields)| fields.into_iter().map(move |field| (object, field)));
    let missing: Vec<_> = fields.filter(|place| !told.contains(place)).collect();
    assert!(missing.is_empty(), "no case is wrong at {missing:?}");
}

/// Every sentence in which a question is refused is said to one of the cases.
#[test]
fn every_sentence_about_a_question_is_said() {
    let errors = errors();
    let messages: Vec<&str> = errors.iter().filter_map(|error| error["message"].as_str()).collect();
    let mut count = 0;
    for file in fs::read_dir(root().join("core/wire")).expect("the folder is there") {
        let path = file.expect("a folder can be read").path();
        for sentence in sentences(&fs::read_to_string(&path).expect("a source is UTF-8")) {
            // What stands where the compiler can't see that there is nothing to say.
            if sentence == "can't be read" {
                continue;
            }
            count += 1;
            assert!(
                messages.iter().any(|message| is_said(&sentence, message)),
                "{}: no case is told \"{sentence}\"",
                path.display()
            );
        }
    }
    assert!(count > 30, "only {count} sentences were found");
}

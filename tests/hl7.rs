//! HL7 v2 acknowledgements against a plain reading: lines, fields and components split as texts, with nothing kept that
//! isn't asked for.

mod common;

use common::{answer, tries};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

/// The separators of a message: field, component, repetition, escape, subcomponent.
#[derive(Clone, Debug)]
struct Separators(Vec<char>);

/// Five different ones; the standard ones most often.
fn separators() -> impl Strategy<Value = Separators> {
    let others = Just("|^~\\&#$%*;!".chars().collect::<Vec<char>>()).prop_shuffle();
    prop_oneof![
        3 => Just(Separators("|^~\\&".chars().collect())),
        1 => others.prop_map(|mut shuffled| {
            shuffled.truncate(5);
            Separators(shuffled)
        }),
    ]
}

/// What stands between two separators.
fn word() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "",
        "",
        "AA",
        "AE",
        "AR",
        "CA",
        "CR",
        "0",
        "101",
        "204",
        "207",
        "E",
        "W",
        "I",
        "F",
        "\"\"",
        "PID",
        "4711",
        "Ünknown",
        "no such order",
        "x",
    ])
}

/// A field: one to three of these words, between separators of any kind within a field.
fn field() -> impl Strategy<Value = Vec<(usize, &'static str)>> {
    // 1 is the component's place among the separators, 2 the repetition's, 4 the subcomponent's.
    prop::collection::vec((prop::sample::select(vec![1_usize, 1, 2, 4]), word()), 1..4)
}

/// A segment by its name.
fn segment() -> impl Strategy<Value = (&'static str, Vec<Vec<(usize, &'static str)>>)> {
    let name = prop::sample::select(vec!["MSA", "MSA", "ERR", "ERR", "ERR", "SFT", "NTE"]);
    (name, prop::collection::vec(field(), 0..10))
}

fn written(separators: &Separators, (name, fields): &(&str, Vec<Vec<(usize, &str)>>)) -> String {
    let Separators(by) = separators;
    fields.iter().fold((*name).to_owned(), |mut line, words| {
        line.push(by[0]);
        for (place, (separator, word)) in words.iter().enumerate() {
            if place > 0 {
                line.push(by[*separator]);
            }
            line += word;
        }
        line
    })
}

/// What is there: not empty, and not the two quotes that stand for nothing.
fn filled(part: &str) -> Option<&str> {
    Some(part).filter(|part| !part.is_empty() && *part != "\"\"")
}

/// What a plain reading finds in the lines of a message: the fields of `details`, or nothing without an MSA-1.
fn plain(Separators(by): &Separators, lines: &[String]) -> Option<Value> {
    let field = |line: &str, number: usize| line.split(by[0]).nth(number).and_then(filled).map(str::to_owned);
    let component = |field: &str, number: usize| {
        let first = field.split(by[2]).next()?;
        let part = first.split(by[1]).nth(number - 1)?;
        filled(part.split(by[4]).next()?.trim()).map(str::to_owned)
    };
    let named = |line: &&String, name: &str| line.split(by[0]).next() == Some(name);
    let acknowledgement = lines.iter().find(|line| named(line, "MSA"))?;
    let code = field(acknowledgement, 1)?;
    let mut errors = Vec::new();
    for line in lines.iter().filter(|line| named(line, "ERR")) {
        if line.split(by[0]).skip(1).all(|field| filled(field).is_none()) {
            continue;
        }
        let coded = |at: usize, part: usize| field(line, at).and_then(|field| component(&field, part));
        let mut error = Map::new();
        let mut set = |name: &str, value: Option<String>| {
            if let Some(value) = value {
                error.insert(name.to_owned(), value.into());
            }
        };
        set("code", coded(3, 1).or_else(|| coded(1, 4)));
        set("message", field(line, 8).or_else(|| field(line, 7)).or_else(|| coded(3, 2)));
        set("severity", field(line, 4));
        set("pointer", field(line, 2));
        errors.push(Value::Object(error));
    }
    let mut details = Map::from_iter([("format".to_owned(), json!("hl7v2")), ("code".to_owned(), code.trim().into())]);
    for (name, number) in [("id", 2), ("message", 3)] {
        if let Some(value) = field(acknowledgement, number) {
            details.insert(name.to_owned(), value.into());
        }
    }
    if !errors.is_empty() {
        details.insert("errors".to_owned(), errors.into());
    }
    Some(Value::Object(details))
}

proptest! {
    #![proptest_config(tries(4_000))]

    #[test]
    fn an_acknowledgement_says_what_a_plain_reading_finds(
        by in separators(),
        segments in prop::collection::vec(segment(), 1..6),
        end in prop::sample::select(vec!["\r", "\n", "\r\n"]),
        framed in any::<bool>(),
    ) {
        let encoding: String = by.0[1..].iter().collect();
        let header = format!("MSH{field}{encoding}{field}LAB{field}HOSPITAL", field = by.0[0]);
        let lines: Vec<String> = segments.iter().map(|segment| written(&by, segment)).collect();
        let message = [&[header], lines.as_slice()].concat().join(end) + end;
        let body = if framed { format!("\u{b}{message}\u{1c}\r") } else { message };
        let found = &answer(&json!({ "catalog": "hl7v2", "body": body }))["classification"];
        match plain(&by, &lines) {
            Some(expected) => prop_assert_eq!(&found["details"], &expected),
            None => {
                prop_assert_ne!(&found["category"], "success");
                prop_assert_eq!(&found["processed"], "maybe");
            }
        }
    }
}

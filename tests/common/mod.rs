//! The vectors, read.
#![allow(dead_code, reason = "each test uses a part of it")]

pub(crate) mod decisions;
pub(crate) mod generate;
pub(crate) mod loaded;
pub(crate) mod mutate;
pub(crate) mod schema;
pub(crate) mod sentences;

use std::fs;
use std::path::PathBuf;

use proptest::test_runner::{Config as ProptestConfig, RngSeed};
use serde_json::Value;

/// One case: a question of the wire form and the members its answer must have.
pub(crate) struct Case {
    /// Its file's name.
    pub file: String,
    /// What it shows.
    pub name: String,
    /// The facts of the documents it covers.
    pub facts: Vec<String>,
    /// The question; null where there is its text instead.
    pub question: Value,
    /// Its text, where it isn't JSON or no map can hold it.
    pub text: Option<String>,
    /// What the answer must hold.
    pub answer: Value,
}

impl Case {
    /// What the core answers.
    pub(crate) fn answered(&self) -> Value {
        self.text.as_deref().map_or_else(|| answer(&self.question), answer_text)
    }
}

/// The folder of the package.
pub(crate) fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The text of a file of the package.
pub(crate) fn text(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// A JSON file of the package.
pub(crate) fn json(path: &str) -> Value {
    serde_json::from_str(&text(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The names of the JSON files in a folder of the package, sorted.
pub(crate) fn files(folder: &str) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(root().join(folder))
        .unwrap_or_else(|error| panic!("{folder}: {error}"))
        .map(|entry| entry.expect("a folder can be read").file_name().into_string().expect("a name is UTF-8"))
        .filter(|name| name.ends_with(".json"))
        .collect();
    names.sort();
    names
}

/// The kind of key that an entry or range of a catalog's file has, and the key as it stands in its id.
pub(crate) fn key_of(entry: &Value) -> (&'static str, String) {
    let kinds = ["status", "code", "failure", "condition"];
    let found = kinds.iter().find_map(|kind| Some((*kind, entry.get(kind)?)));
    let (kind, key) = found.expect("an entry has a key");
    let key = match key {
        Value::String(name) => name.clone(),
        Value::Array(bounds) => format!("{}-{}", bounds[0], bounds[1]),
        number => number.to_string(),
    };
    (kind, key)
}

/// Every case of every file.
pub(crate) fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for file in files("tests/vectors") {
        let vectors = json(&format!("tests/vectors/{file}"));
        for case in vectors["cases"].as_array().unwrap_or_else(|| panic!("{file}: no list of cases")) {
            let text = |name: &str| case[name].as_str().unwrap_or_default().to_owned();
            let facts = case["facts"].as_array().into_iter().flatten();
            cases.push(Case {
                file: file.clone(),
                name: text("name"),
                facts: facts.map(|fact| fact.as_str().expect("a fact is a text").to_owned()).collect(),
                question: case["question"].clone(),
                text: case["text"].as_str().map(str::to_owned),
                answer: case["answer"].clone(),
            });
        }
    }
    assert!(cases.len() > 500, "only {} cases were found", cases.len());
    cases
}

/// What the core answers.
pub(crate) fn answer(question: &Value) -> Value {
    answer_text(&question.to_string())
}

fn answer_text(question: &str) -> Value {
    serde_json::from_str(&retriage::answer(question)).expect("an answer is JSON")
}

/// Bytes in base64 (RFC 4648, section 4).
pub(crate) fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let held = three.iter().fold(0_usize, |held, byte| held << 8 | usize::from(*byte)) << (8 * (3 - three.len()));
        for at in 0..4 {
            let digit = DIGITS[held >> (18 - 6 * at) & 63];
            text.push(if at > three.len() { '=' } else { char::from(digit) });
        }
    }
    text
}

/// How many cases a property is tried on; the same ones each time, unless `PROPTEST_CASES` or `PROPTEST_RNG_SEED`
/// say otherwise.
pub(crate) fn tries(cases: u32) -> ProptestConfig {
    let mut config = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    if std::env::var_os("PROPTEST_CASES").is_none() {
        config.cases = cases;
    }
    if config.rng_seed == RngSeed::Random {
        config.rng_seed = RngSeed::Fixed(2_026);
    }
    config
}

/// Where the answer isn't what the case asks for. Members that the case doesn't name don't count; lists must be of
/// the same length.
pub(crate) fn difference(at: &str, expected: &Value, found: &Value) -> Option<String> {
    match (expected, found) {
        (Value::Object(expected), Value::Object(members)) => expected.iter().find_map(|(name, value)| {
            let place = format!("{at}/{name}");
            match members.get(name) {
                Some(found) => difference(&place, value, found),
                None => Some(format!("{place} is missing")),
            }
        }),
        (Value::Array(expected), Value::Array(items)) if expected.len() == items.len() => expected
            .iter()
            .zip(items)
            .enumerate()
            .find_map(|(place, (value, found))| difference(&format!("{at}/{place}"), value, found)),
        _ if expected == found => None,
        _ => Some(format!("{at} is {found}, not {expected}")),
    }
}

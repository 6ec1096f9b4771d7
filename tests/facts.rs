//! Every statement of the seed documents is answerable: by a case of the vectors, or by what a file says.

mod common;

use std::collections::{BTreeMap, BTreeSet};

use common::{answer, cases, difference, json};
use serde_json::Value;

#[test]
fn every_fact_is_answered() {
    let facts = json("tests/facts.json");
    let facts = facts["facts"].as_array().expect("a list of facts");
    assert!(facts.len() >= 90, "only {} facts", facts.len());

    let mut by_case: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for case in cases() {
        if case.facts.is_empty() {
            continue;
        }
        let wrong = difference("", &case.answer, &answer(&case.question));
        assert_eq!(wrong, None, "{}: {}", case.file, case.name);
        for fact in case.facts {
            by_case.entry(fact).or_default().push(format!("{}: {}", case.file, case.name));
        }
    }

    let mut ids = BTreeSet::new();
    for fact in facts {
        let id = fact["id"].as_str().expect("a fact has an id");
        assert!(ids.insert(id.to_owned()), "{id} stands twice");
        assert!(fact["fact"].as_str().is_some_and(|text| text.ends_with('.')), "{id} says nothing");
        let data = fact["data"].as_array().map_or(&[][..], Vec::as_slice);
        for point in data {
            check(id, point);
        }
        let cases = by_case.get(id).map_or(&[][..], Vec::as_slice);
        assert!(!data.is_empty() || !cases.is_empty(), "{id} is answered by nothing: {}", fact["fact"]);
        println!("{id}: {} cases, {} values; {}", cases.len(), data.len(), cases.first().map_or("", String::as_str));
    }

    for (fact, cases) in &by_case {
        assert!(ids.contains(fact), "{fact}, which {} names, is no fact", cases.join(" and "));
    }
}

/// A value in a file: `file`, `pointer` (RFC 6901) and what `is` there.
fn check(id: &str, point: &Value) {
    let (file, pointer) = (point["file"].as_str(), point["pointer"].as_str());
    let (Some(file), Some(pointer), Some(is)) = (file, pointer, point.get("is")) else {
        panic!("{id}: {point} must have file, pointer and is");
    };
    assert_eq!(json(file).pointer(pointer), Some(is), "{id}: {file}{pointer}");
}

/// The documents' own count of what they list.
#[test]
fn every_code_of_the_documents_is_listed() {
    let keys = |catalog: &str, cited: &str| -> usize {
        let file = json(&format!("codes/catalogs/{catalog}.json"));
        let entries = file["entries"].as_array().expect("a list of entries");
        let mut listed = 0;
        for entry in entries {
            let is_cited = entry["source"].as_str().is_some_and(|source| source.starts_with(cited));
            listed += usize::from(is_cited && entry.get("condition").is_none());
        }
        listed
    };
    assert_eq!(keys("updox", "codes#"), 53, "the page of error codes lists 53");
    assert_eq!(keys("revio", "codes#"), 11, "the page of status codes lists 11");
    assert_eq!(keys("sportradar", "codes#"), 17, "the page of response codes has 20 rows of 17 codes");
}

//! Profiles as values: what one says as JSON, and what its decisions say in words.

mod common;

use common::cases;
use common::schema::{errors, validator};
use retriage::vocabulary::{ErrorKind, Weighed};
use retriage::{Attempt, Evidence, Finding, parse_budget, parse_profile, parse_state};
use serde_json::{Value, json};

#[test]
fn a_profile_is_read_back_from_what_it_says() {
    let schema = validator("profile");
    for profile in retriage::profiles() {
        let said = serde_json::to_string(profile).expect("a profile is JSON");
        let value: Value = serde_json::from_str(&said).expect("it is JSON");
        assert_eq!(errors(&schema, &value), [""; 0], "{}", profile.id);
        assert_eq!(&*parse_profile(&said).unwrap_or_else(|error| panic!("{}: {error}", profile.id)), profile);
    }
    // Parts that no built-in profile has together.
    let other = json!({
        "extends": "got", "id": "mine", "deadline_ms": null, "environments": ["staging"], "modes": ["sync"],
        "refusing_header": "x-no", "jitter": { "kind": "additive", "ratio": 0.1, "capped": true },
        "hints": { "from": [{ "header": "x-at", "forms": ["seconds_or_epoch"], "epoch_from": 5, "single": true }] },
        "exceptions": [{ "when": [{ "codes": [7, "Slow"] }], "backoff": { "cap_ms": 9 }, "floor_ms": 3, "cost": 1.5,
                         "scope": "client" }],
        "budget": { "capacity": 2.5, "cost": 1, "charge": "failure", "refund": null },
        "alert": { "depth": 3, "after": ["refused"], "opens": "08:05", "closes": "24:00", "zone": "Europe/Madrid" },
    });
    let mine = parse_profile(&other.to_string()).expect("it is right");
    let said = serde_json::to_string(&mine).expect("a profile is JSON");
    assert_eq!(parse_profile(&said).as_ref(), Ok(&mine), "{said}");
}

#[test]
fn the_parts_of_a_question_are_read_alone() {
    assert_eq!(parse_profile("\"got\"").expect("it is built in").id, "got");
    let wrong = |json: &str| {
        let error = parse_profile(json).expect_err("it is wrong");
        (error.kind, error.at)
    };
    assert_eq!(wrong("\"gott\""), (ErrorKind::UnknownProfile, String::new()));
    assert_eq!(wrong("{"), (ErrorKind::BadJson, String::new()));
    assert_eq!(wrong(r#"{"backoff":{"growth":"slow"}}"#), (ErrorKind::BadValue, "/backoff/growth".to_owned()));
    let state = r#"{"reauthenticated":true,"previous_ms":7,"restarted":2,"cost":14}"#;
    assert_eq!(serde_json::to_string(&parse_state(state).expect("it is right")).expect("it is JSON"), state);
    let budget = r#"{"tokens":486.5}"#;
    assert_eq!(serde_json::to_string(&parse_budget(budget).expect("it is right")).expect("it is JSON"), budget);
    assert_eq!(parse_state("[]").expect_err("it is wrong").at, "");
    assert_eq!(parse_budget("{}").expect_err("it is wrong").at, "/tokens");
}

#[test]
fn every_word_that_a_decision_finds_has_a_meaning() {
    let mut seen = Vec::new();
    for case in cases() {
        let question = case.question.to_string();
        let Ok(question) = retriage::Question::parse(&question) else { continue };
        let headers = question.headers();
        let evidence = question.evidence(&headers);
        let classification = question.catalog().classify(&evidence);
        for profile in retriage::profiles() {
            for (method, state) in [(None, "{}"), (Some("GET"), r#"{"reauthenticated":true}"#)] {
                let state = parse_state(state).expect("it is right");
                let attempt = Attempt { method, state, random: Some(0.5), ..Attempt::default() };
                let Ok(decision) = classification.decide(&evidence, &attempt, profile) else { continue };
                for (step, found) in decision.because.iter() {
                    let is_word = matches!(found, Finding::Word(_));
                    assert_eq!(found.meaning(step).is_some(), is_word, "{step}: {found:?}, {}", profile.id);
                    seen.push(step);
                }
            }
        }
    }
    for step in [Weighed::Outcome, Weighed::Select, Weighed::Repeat, Weighed::Hint, Weighed::Window, Weighed::Budget] {
        assert!(seen.contains(&step), "{step} was never weighed");
    }
}

#[test]
fn a_decision_with_its_classification_is_the_answer_of_the_wire_form() {
    let http = retriage::catalog("http").expect("built in");
    let evidence = Evidence { status: Some(503), ..Evidence::default() };
    let classification = http.classify(&evidence);
    let attempt = Attempt { method: Some("GET"), number: 2, random: Some(0.25), ..Attempt::default() };
    let profile = retriage::profile("standard").expect("built in");
    let decision = classification.decide(&evidence, &attempt, profile).expect("nothing is missing");
    let question = json!({ "status": 503, "method": "GET", "attempt": 2, "random": 0.25 });
    assert_eq!(decision.to_json(&classification), retriage::answer(&question.to_string()));
}

//! What must hold of every reader, whatever it is given: each function takes bytes, reads them as its subject, and
//! panics where the core breaks its word. The targets of `fuzz_targets` are one call each.

use std::time::UNIX_EPOCH;

use retriage::source::File;
use retriage::vocabulary::{Action, Category, DeliveryAction, ErrorKind, HintState, Match};
use retriage::{Attempt, Catalog, Classification, Evidence, MOST_MS, Registry};
use serde_json::{Value, json};

/// A time in a year from which two digits mean what `httpdate` takes them for.
const NOW_MS: i64 = 1_558_000_000_000;

fn catalog(id: &str) -> Catalog<'static> {
    retriage::catalog(id).expect("it is built in")
}

/// What holds of every classification and of the decisions on it.
fn check(verdict: &Classification<'_>, evidence: &Evidence<'_>) {
    let json = verdict.to_json();
    let answer: Value = serde_json::from_str(&json).expect("an answer is JSON");
    let words = &answer["classification"];
    assert!(!words["because"].as_array().expect("a list").is_empty(), "there is always a reason");
    assert_eq!(verdict.entry.is_none(), verdict.found == Match::Unknown);
    for hint in verdict.hints.iter() {
        assert_eq!(hint.delay_ms.is_some(), hint.state == HintState::Valid);
        assert!(hint.delay_ms.is_none_or(|delay| delay <= MOST_MS));
    }
    // The same evidence, the same answer; and details change nothing but themselves.
    assert_eq!(verdict.catalog.classify(evidence).to_json(), json);
    let bare = verdict.catalog.classify(&Evidence { details: false, ..*evidence });
    assert!(bare.details.is_none());
    assert_eq!(bare.words, verdict.words);
    assert_eq!(bare.entry, verdict.entry);
    for profile in retriage::profiles() {
        let attempt = Attempt { number: 2, random: Some(0.5), ..Attempt::default() };
        let decision = match verdict.decide(evidence, &attempt, profile) {
            Ok(decision) => decision,
            Err(error) => {
                assert_eq!((error.kind, evidence.now_ms), (ErrorKind::NeedsNow, None), "{}", profile.id);
                continue;
            }
        };
        assert_eq!(decision.delay_ms.is_some(), decision.action == Action::Retry, "{}", profile.id);
        assert!(decision.delay_ms.is_none_or(|delay| delay <= MOST_MS));
    }
}

/// What is left of some bytes after one that chooses.
fn choose<'a, T: Copy>(data: &'a [u8], among: &[T]) -> Option<(T, &'a [u8])> {
    let (first, rest) = data.split_first()?;
    Some((among[usize::from(*first) % among.len()], rest))
}

/// A body that is taken for JSON, under a catalog, a status and a media type.
pub fn json(data: &[u8]) {
    let catalogs = ["redox", "redox-2017", "updox", "revio", "sportradar", "fhir", "grpc", "http"];
    let types = ["application/json", "application/problem+json", "application/vnd.api+json", "application/graphql-response+json"];
    let Some((id, data)) = choose(data, &catalogs) else { return };
    let Some((status, data)) = choose(data, &[200_u16, 202, 400, 401, 429, 500]) else { return };
    let Some((media_type, body)) = choose(data, &types) else { return };
    let evidence = Evidence {
        status: Some(status),
        headers: &[("content-type", media_type)],
        body: Some(body),
        now_ms: Some(NOW_MS),
        ..Evidence::default()
    };
    let verdict = catalog(id).classify(&evidence);
    check(&verdict, &evidence);
    // A body that no reader takes for JSON proves no success where one is asked for.
    if id == "updox" && serde_json::from_slice::<Value>(body).is_err() && status < 300 {
        assert_ne!(verdict.words.category, Category::Success);
    }
}

/// An HL7 v2 acknowledgement.
pub fn hl7(data: &[u8]) {
    for control_id in [None, Some("1")] {
        let evidence = Evidence { body: Some(data), control_id, ..Evidence::default() };
        let verdict = catalog("hl7v2").classify(&evidence);
        check(&verdict, &evidence);
        if verdict.words.category == Category::Success {
            let text = String::from_utf8_lossy(data);
            assert!(text.contains("MSA"), "only an acknowledgement says so");
        }
    }
}

/// Headers as they stand on the wire, one a line.
pub fn headers(data: &[u8]) {
    let Some((status, data)) = choose(data, &[200_u16, 302, 413, 429, 503]) else { return };
    let text = String::from_utf8_lossy(data);
    let headers: Vec<(&str, &str)> = text.lines().map(|line| line.split_once(':').unwrap_or((line, ""))).collect();
    for now_ms in [None, Some(NOW_MS)] {
        let evidence = Evidence { status: Some(status), headers: &headers, now_ms, ..Evidence::default() };
        check(&catalog("http").classify(&evidence), &evidence);
    }
}

/// A date, against `httpdate`.
pub fn dates(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let _ = retriage::parse_time(text);
    let read = |value: &str| {
        let headers = [("retry-after", value)];
        let evidence =
            Evidence { status: Some(503), headers: &headers, now_ms: Some(NOW_MS), ..Evidence::default() };
        catalog("http").classify(&evidence).hint()
    };
    let Some(hint) = read(text) else { return };
    let text = text.trim();
    let Ok(other) = httpdate::parse_http_date(text) else { return };
    // It takes any byte for the blank after the year of RFC 850.
    let after_the_year = text.split_once(", ").filter(|(day, _)| day.len() > 3).map(|(_, rest)| rest.as_bytes()[9]);
    if after_the_year.is_some_and(|byte| byte != b' ') {
        return;
    }
    let seconds = other.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let expected = i64::try_from(seconds).expect("a year of four digits").saturating_mul(1_000) - NOW_MS;
    assert_eq!(hint.state, HintState::Valid);
    assert_eq!(hint.delay_ms, Some(u64::try_from(expected).unwrap_or(0)));
}

/// A catalog, loaded; and one with every mistake told.
pub fn catalogs(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    match Registry::lint(&[File { name: "fuzz.json", text }]) {
        Err(problems) => {
            assert!(!problems.is_empty(), "a refusal has its reason");
            assert!(problems.iter().all(|problem| !problem.what.is_empty()));
        }
        Ok((registry, _)) => {
            for catalog in registry.catalogs() {
                for status in [200, 404, 599] {
                    let evidence = Evidence { status: Some(status), body: Some(b"{}"), ..Evidence::default() };
                    check(&catalog.classify(&evidence), &evidence);
                }
                for entry in catalog.entries() {
                    assert!(entry.id().starts_with(catalog.id()));
                }
            }
        }
    }
}

/// A profile, and how it retries.
pub fn profiles(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Ok(profile) = retriage::parse_profile(text) else { return };
    for (status, failure) in [(Some(429), None), (Some(503), None), (None, Some("ECONNRESET"))] {
        let headers = [("retry-after", "7")];
        let evidence = Evidence { status, failure, headers: &headers, ..Evidence::default() };
        let verdict = catalog("http").classify(&evidence);
        let mut attempt = Attempt { method: Some("GET"), random: Some(0.999), ..Attempt::default() };
        for number in [1, 2, 3, 10, u32::MAX] {
            attempt.number = number;
            let decision = verdict.decide(&evidence, &attempt, &profile).expect("nothing is missing");
            assert!(decision.delay_ms.is_none_or(|delay| delay <= MOST_MS));
            (attempt.state, attempt.budget) = (decision.state, decision.budget);
            attempt.elapsed_ms = attempt.elapsed_ms.saturating_add(decision.delay_ms.unwrap_or(0)).min(MOST_MS);
        }
    }
}

/// A question of the wire form.
pub fn wire(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let answer = retriage::answer(text);
    assert_eq!(retriage::answer(text), answer);
    let answer: Value = serde_json::from_str(&answer).expect("an answer is JSON");
    let members: Vec<&str> = answer.as_object().expect("an answer is an object").keys().map(String::as_str).collect();
    assert!(
        matches!(
            members.as_slice(),
            ["classification"] | ["classification", "decision"] | ["advice"] | ["delivery"] | ["entry"] | ["limits"]
                | ["error"]
        ),
        "{members:?}"
    );
}

/// The events of a queue, in the wire form, one a line: all at once, and one after the other with the queue stored in
/// between, must come to the same.
pub fn delivery(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let events: Vec<Value> = text.lines().filter_map(|line| serde_json::from_str(line).ok()).take(64).collect();
    let ask = |queue: &Value, events: &[Value]| -> Value {
        let question = json!({
            "ask": "deliver", "catalog": "redox", "profile": "redox-delivery", "random": 0.5, "capacity": 4,
            "queue": queue, "events": events,
        });
        serde_json::from_str(&retriage::answer(&question.to_string())).expect("an answer is JSON")
    };
    let whole = ask(&Value::Null, &events);
    let mut queue = Value::Null;
    let mut steps = Vec::new();
    for event in &events {
        let step = ask(&queue, std::slice::from_ref(event));
        if step["error"].is_object() {
            assert!(whole["error"].is_object(), "an event that is refused alone is refused among others");
            return;
        }
        steps.extend(step["delivery"]["steps"].as_array().expect("a list").iter().cloned());
        queue = step["delivery"]["queue"].clone();
    }
    if events.is_empty() {
        return;
    }
    assert_eq!(whole["delivery"]["queue"], queue);
    assert_eq!(whole["delivery"]["steps"], Value::Array(steps.clone()));
    // Nothing is lost: what came in waits, or was told of.
    let gone = [DeliveryAction::Delivered, DeliveryAction::Drop, DeliveryAction::Refuse].map(DeliveryAction::as_str);
    let acts: Vec<&Value> = steps.iter().filter_map(Value::as_array).flatten().collect();
    for event in events.iter().filter(|event| event["event"] == "enqueued") {
        let told = |act: &&Value| act["id"] == event["id"] && gone.iter().any(|action| act["action"] == **action);
        let waits = queue["waiting"].as_array().is_some_and(|waiting| waiting.contains(&event["id"]));
        assert!(waits || acts.iter().any(told), "a message is neither waiting nor told of");
    }
}

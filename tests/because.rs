//! The way to an answer, step by step: what was looked at, what was found there, and which entry it led to.

mod common;

use std::collections::BTreeSet;

use common::answer;
use retriage::vocabulary::Step;
use serde_json::{Value, json};

/// Questions, and the steps of their answers: `step`, `found` and `entry`.
fn ways() -> Vec<(Value, Value)> {
    vec![
        (
            json!({ "catalog": "redox", "status": 401, "body": "Invalid source secret" }),
            json!([
                ["status", 401, "redox/401"],
                ["variant", "401.invalid_source_secret", "redox/401.invalid_source_secret"]
            ]),
        ),
        (json!({ "catalog": "redox", "status": 410 }), json!([["status", 410, "http/410"]])),
        (json!({ "catalog": "revio", "status": 499 }), json!([["status", 499, "http/499"]])),
        (json!({ "catalog": "revio", "status": 455 }), json!([["range", 455, "revio/400-499"]])),
        (json!({ "catalog": "redox", "status": 455 }), json!([["class", 455, "http/400"]])),
        (json!({ "catalog": "redox", "status": 755 }), json!([["unknown", 755, null]])),
        (json!({ "catalog": "redox" }), json!([["unknown", null, null]])),
        (json!({ "catalog": "updox", "status": 500, "code": 4651 }), json!([["code", "4651", "updox/4651"]])),
        (
            json!({ "catalog": "updox", "status": 200, "code": 1, "body": { "responseCode": 4651 } }),
            json!([["code", "unlisted", null], ["required_evidence", null, null]]),
        ),
        (
            json!({ "catalog": "updox", "status": 200, "body": { "responseCode": 4999 } }),
            json!([["code_in_body", "4000-4999", "updox/4000-4999"], ["range", "4000-4999", "updox/4000-4999"]]),
        ),
        (
            json!({ "catalog": "updox", "status": 503, "body": { "responseCode": "nothing of ours" } }),
            json!([["code_in_body", "unlisted", null], ["status", 503, "http/503"]]),
        ),
        (
            json!({ "catalog": "updox", "status": 503, "body": { "responseCode": 2000 } }),
            json!([["code_in_body", "contradicts the status", "updox/2000"], ["status", 503, "http/503"]]),
        ),
        (
            json!({ "catalog": "grpc", "status": 200, "headers": { "grpc-status": "5" } }),
            json!([["code_in_header", "5", "grpc/5"]]),
        ),
        (
            json!({ "catalog": "redox", "status": 200, "body": { "Meta": { "Errors": [{ "Type": "query" }] } } }),
            json!([["condition", "errors", "redox/errors"], ["variant", "errors.query", "redox/errors.query"]]),
        ),
        (json!({ "failure": "ECONNRESET" }), json!([["failure", "ECONNRESET", "transport/ECONNRESET"]])),
        (json!({ "failure": "Mrs Dupont hung up" }), json!([["failure", "unlisted", null]])),
        (
            json!({ "catalog": "redox", "status": 200, "failure": "ECONNRESET" }),
            json!([["failure_after_status", "ECONNRESET", "transport/ECONNRESET"]]),
        ),
        (
            json!({ "catalog": "redox", "status": 503, "failure": "ECONNRESET" }),
            json!([["failure_after_status", "ECONNRESET", "transport/ECONNRESET"], ["status", 503, "http/503"]]),
        ),
        (
            json!({ "catalog": "updox", "status": 200, "body": "{\"responseCode\":46" }),
            json!([["body_unreadable", "truncated", null], ["required_evidence", null, null]]),
        ),
        (
            json!({ "catalog": "redox", "status": 500, "body": "{\"Meta\": nothing}" }),
            json!([["body_unreadable", "malformed_json", null], ["status", 500, "redox/500"]]),
        ),
        (
            json!({ "catalog": "redox", "status": 500, "body": "Internal Server Error", "body_limit": 20 }),
            json!([["body_unreadable", "too_large", null], ["status", 500, "redox/500"]]),
        ),
        (
            json!({ "catalog": "redox", "status": 500, "body_base64": "/w==" }),
            json!([["body_unreadable", "invalid_utf8", null], ["status", 500, "redox/500"]]),
        ),
        (
            json!({ "catalog": "hl7v2", "body": "MSH|^~\\&|A|B\rPID|1" }),
            json!([["body_unreadable", "malformed_hl7", null], ["unknown", null, null]]),
        ),
        // What is no code at all is passed over; what can't be one is a code that nobody lists.
        (
            json!({ "catalog": "updox", "status": 200, "body": { "responseCode": null } }),
            json!([["required_evidence", null, null]]),
        ),
        (
            json!({ "catalog": "updox", "status": 200, "body": "{\"responseCode\":\" \"}" }),
            json!([["required_evidence", null, null]]),
        ),
        (
            json!({ "catalog": "updox", "status": 200, "body": "{\"responseCode\":\"\\t\"}" }),
            json!([["required_evidence", null, null]]),
        ),
        (
            json!({ "catalog": "updox", "status": 200, "body": { "responseCode": 1.5 } }),
            json!([["code_in_body", "unlisted", null], ["required_evidence", null, null]]),
        ),
        (
            json!({ "catalog": "updox", "status": 200, "body": { "responseCode": 9_007_199_254_740_993_i64 } }),
            json!([["code_in_body", "unlisted", null], ["required_evidence", null, null]]),
        ),
        (
            json!({ "catalog": "updox", "status": 200, "body": { "responseCode": [4651] } }),
            json!([["code_in_body", "unlisted", null], ["required_evidence", null, null]]),
        ),
        // Under a failure, a body of a standard's shape is read for details; its codes are nobody's.
        (
            json!({ "catalog": "http", "status": 404, "body": { "error": { "code": 5, "status": "NOT_FOUND" } } }),
            json!([["status", 404, "http/404"]]),
        ),
        (
            json!({ "catalog": "http", "status": 404, "body": { "error": { "code": [5], "status": ["NOT_FOUND"] } } }),
            json!([["status", 404, "http/404"]]),
        ),
        (
            json!({
                "catalog": "http",
                "status": 404,
                "body": { "resourceType": "OperationOutcome", "issue": [{ "severity": "error", "code": "not-found" }] },
            }),
            json!([["status", 404, "http/404"]]),
        ),
        // It ends too early as well, and isn't even a text.
        (
            json!({ "catalog": "redox", "status": 500, "body_base64": "eyJNZXRhIjoi/w==" }),
            json!([["body_unreadable", "invalid_utf8", null], ["status", 500, "redox/500"]]),
        ),
        // Only who speaks HL7 asks a body to be HL7.
        (
            json!({ "catalog": "hl7v2", "status": 200, "body": "Service Unavailable" }),
            json!([["body_unreadable", "malformed_hl7", null], ["required_evidence", null, null]]),
        ),
        (
            json!({ "catalog": "hl7v2", "status": 500, "body": { "title": "No" } }),
            json!([["body_unreadable", "malformed_hl7", null], ["status", 500, "http/500"]]),
        ),
        (json!({ "catalog": "updox", "status": 200, "body": "It works" }), json!([["required_evidence", null, null]])),
        (
            json!({ "catalog": "updox", "status": 200, "body": { "ok": true } }),
            json!([["required_evidence", null, null]]),
        ),
        (
            json!({ "catalog": "updox", "status": 200, "body": "  " }),
            json!([["body_unreadable", "empty", null], ["required_evidence", null, null]]),
        ),
        (
            json!({ "catalog": "http", "status": 200, "mode": "async" }),
            json!([["status", 200, "http/200"], ["mode", "async", null]]),
        ),
        (
            json!({ "status": 503, "headers": { "Retry-After": "120" } }),
            json!([["status", 503, "http/503"], ["hint", "retry-after", null]]),
        ),
        (
            json!({ "status": 503, "headers": { "Retry-After": "soon" } }),
            json!([["status", 503, "http/503"], ["hint_invalid", "retry-after", null]]),
        ),
    ]
}

#[test]
fn each_answer_tells_its_way() {
    for (question, way) in ways() {
        let answer = answer(&question);
        let because = answer["classification"]["because"].as_array().expect("a list of steps");
        let steps: Vec<Value> =
            because.iter().map(|step| json!([step["step"], step["found"], step["entry"]])).collect();
        assert_eq!(Value::from(steps), way, "{question}");
        // What an entry says is told with the document that says so.
        for step in because {
            assert_eq!(step["entry"].is_null(), step["source"].is_null(), "{question}: {step}");
        }
        // The last entry on the way is the one that is answered, unless there is none.
        let last = because.iter().rev().find_map(|step| step["entry"].as_str());
        let entry = answer["classification"]["entry"].as_str();
        assert!(entry.is_none() || entry == last, "{question}: {entry:?} is not {last:?}");
    }
}

#[test]
fn every_step_is_on_some_way() {
    let told: BTreeSet<String> = ways()
        .iter()
        .flat_map(|(_, way)| way.as_array().cloned().unwrap_or_default())
        .filter_map(|step| step[0].as_str().map(str::to_owned))
        .collect();
    let missing: Vec<&str> = Step::ALL.iter().map(|step| step.as_str()).filter(|step| !told.contains(*step)).collect();
    assert!(missing.is_empty(), "no answer takes the steps {missing:?}");
}

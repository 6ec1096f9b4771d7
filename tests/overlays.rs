//! Loaded catalogs that stand before others.

mod common;

use std::collections::BTreeSet;

use common::cases;
use common::loaded::{ask, asking, catalog, entry, load, of, problems};
use serde_json::{Value, json};

#[test]
fn an_overlay_adds_replaces_and_silences() {
    let registry = load(&[catalog(
        "proxy",
        &json!({
            "overlays": "http",
            "entries": [of("status", json!(599), "The proxy gave up"), of("status", json!(503), "The proxy is busy")],
            "silenced": [{ "status": 529 }],
        }),
    )]);
    for id in ["http", "redox", "updox", "proxy"] {
        let status = |status: u16| entry(&registry, &json!({"catalog": id, "status": status}));
        assert_eq!(status(599), "proxy/599", "{id}");
        assert_eq!(status(529), "http/500", "{id}: what is silenced counts by its class");
    }
    assert_eq!(entry(&registry, &json!({"catalog":"http","status":503})), "proxy/503");
    assert_eq!(entry(&registry, &json!({"catalog":"revio","status":503})), "revio/503", "a child's own comes first");
    assert_eq!(
        entry(&registry, &json!({"catalog":"redox","status":401,"body":"source not found"})),
        "redox/401.source_not_found"
    );
    assert_eq!(entry(&registry, &json!({"catalog":"redox","status":429})), "redox/429");
    let answer = ask(&registry, &json!({"catalog":"redox","status":599}));
    assert_eq!(answer["classification"]["catalog"], "redox");
    assert_eq!(ask(&registry, &json!({"catalog":"http","status":599}))["classification"]["catalog"], "http");
    assert!(registry.catalog("").is_none());
    assert_eq!(registry.catalogs().filter(|catalog| catalog.asked() == "http").count(), 1);
}

/// What is silenced is a name, whether an entry is keyed by it or has it besides.
#[test]
fn an_overlay_silences_by_any_name() {
    let silence = |overlaid: &str, what: Value| catalog("quiet", &json!({ "overlays": overlaid, "silenced": [what] }));
    let quiet = load(&[silence("transport", json!({ "failure": "curl:28" }))]);
    let failure = |name: &str| entry(&quiet, &json!({ "catalog": "transport", "failure": name }));
    assert_eq!([failure("curl:28"), failure("ETIMEDOUT")], ["none", "transport/ETIMEDOUT"]);
    let quiet = load(&[silence("grpc", json!({ "code": "UNAVAILABLE" }))]);
    let code = |code: Value| entry(&quiet, &json!({ "catalog": "grpc", "code": code }));
    assert_eq!([code(json!(14)), code(json!("UNAVAILABLE"))], ["grpc/14", "none"]);
    for (overlaid, what) in [
        ("transport", json!({ "failure": "E_NOWHERE" })),
        ("transport", json!({ "code": "curl:28" })),
        ("grpc", json!({ "code": 77 })),
        ("grpc", json!({ "failure": "14" })),
    ] {
        let said = problems(&[silence(overlaid, what.clone())]);
        assert!(said.contains("silences nothing"), "{what}: {said}");
    }
}

#[test]
fn an_overlay_asks_for_evidence_in_the_name_of_all_that_extend_it() {
    let evidence = json!({ "required": true, "codes": ["body:outcome"] });
    let registry = load(&[catalog("proxy", &json!({ "overlays": "http", "evidence": evidence }))]);
    for id in ["http", "redox", "revio"] {
        assert_eq!(entry(&registry, &json!({"catalog": id, "status": 200})), "none", "{id}");
    }
    assert_eq!(entry(&registry, &json!({"catalog": "redox", "status": 503})), "http/503");
}

/// What an overlay looks for, all look for that extend what it overlays, besides what they look for themselves.
#[test]
fn an_overlay_looks_in_the_name_of_all_that_extend_it() {
    let mut bare = of("condition", json!("bare"), "Bare");
    bare["statuses"] = json!([204]);
    let evidence = json!({
        "formats": ["operation_outcome"],
        "conditions": { "bare": { "none": [{ "at": "body:z", "is": "present" }] } },
    });
    let registry = load(&[catalog("proxy", &json!({ "overlays": "http", "evidence": evidence, "entries": [bare] }))]);
    let outcome =
        json!({ "resourceType": "OperationOutcome", "issue": [{ "severity": "error", "code": "throttled" }] });
    for id in ["http", "revio", "fhir"] {
        assert_eq!(entry(&registry, &json!({ "catalog": id, "status": 204 })), "proxy/bare", "{id}");
        assert_eq!(entry(&registry, &json!({ "catalog": id, "status": 205 })), "http/205", "{id}");
    }
    // That of a format which both name is a code for both.
    let own = catalog("own", &json!({ "extends": "fhir", "evidence": { "formats": ["operation_outcome"] } }));
    let own = load(&[own]);
    for (registry, id) in [(&registry, "fhir"), (&own, "own")] {
        let throttled = json!({ "catalog": id, "status": 429, "body": outcome });
        assert_eq!(entry(registry, &throttled), "fhir/throttled", "{id}");
    }
}

#[test]
fn a_partner_swaps_ae_and_ar() {
    let mut error = of("code", json!("AE"), "Rejected");
    error["category"] = "undelivered".into();
    error["retry"] = "verify".into();
    error["processed"] = "maybe".into();
    let registry =
        load(&[catalog("partner", &json!({ "overlays": "hl7v2", "entries": [error], "silenced": [{ "code": 207 }] }))]);
    let ack = |code: &str, error: &str| {
        let body = format!("MSH|^~\\&|A|B|C|D|20260101||ACK|1|P|2.5.1\rMSA|{code}|1\r{error}");
        entry(&registry, &json!({"catalog":"hl7v2","body":body}))
    };
    assert_eq!(ack("AE", ""), "partner/AE");
    assert_eq!(ack("AR", ""), "hl7v2/AR");
    assert_eq!(ack("AE", "ERR||PID^1|101|E\r"), "hl7v2/101");
    assert_eq!(ack("AE", "ERR||PID^1|207|E\r"), "partner/AE", "a silenced code counts as not listed");
    assert_eq!(entry(&registry, &json!({"catalog":"hl7v2","body":""})), "hl7v2/no_acknowledgement");
}

/// What extends an overlaid catalog stands over the overlay, and is otherwise what it was.
#[test]
fn an_overlay_that_adds_nothing_changes_nothing() {
    let registry = load(&[catalog("proxy", &json!({ "overlays": "http" })), catalog("own", &json!({}))]);
    let mut compared = 0;
    for case in cases().iter().filter(|case| case.question["ask"].is_null()) {
        let question = case.question.to_string();
        let (here, built_in) = (registry.answer(&question), retriage::answer(&question));
        // An error lists the catalogs there are.
        if built_in.starts_with("{\"error\"") {
            continue;
        }
        // An answer without an entry has the overlay's date.
        if here != built_in {
            let undated = |answer: &str| {
                let mut answer: Value = serde_json::from_str(answer).expect("an answer is JSON");
                answer["classification"]["as_of"] = Value::Null;
                answer
            };
            assert_eq!(undated(&here), undated(&built_in), "{}: {}", case.file, case.name);
        }
        compared += 1;
    }
    assert!(compared > 800, "only {compared} answers were compared");
    for built_in in retriage::catalogs() {
        let here = registry.catalog(built_in.id()).expect("it is there");
        let parent = |of: retriage::Catalog<'_>| of.parent().map(|parent| parent.asked().to_owned());
        if built_in.id() != "http" {
            assert_eq!((here.id(), here.asked()), (built_in.id(), built_in.id()));
            assert_eq!(parent(here), parent(built_in), "{}", built_in.id());
        }
        assert_eq!(here.requires_evidence(), built_in.requires_evidence());
    }
    let all = retriage::catalogs().map(|catalog| catalog.entries().count()).sum::<usize>();
    assert!(registry.entry(u32::try_from(all).expect("they are few")).is_none(), "nothing has been added");
}

/// A loaded catalog is overlaid like a built-in one: for who asks it and for what extends it, wherever the files stand.
#[test]
fn an_overlay_stands_before_what_is_loaded_too() {
    let one = |id: &str, members: Value, codes: &[i64]| {
        let mut one = catalog(id, &members);
        one["entries"] = codes.iter().map(|code| of("code", json!(code), "One")).collect();
        one
    };
    let mut files = [
        one("child", json!({ "extends": "own" }), &[5]),
        one("first", json!({ "overlays": "own", "silenced": [{ "code": 1 }] }), &[2, 3]),
        one("own", json!({}), &[1, 2, 4]),
        one("second", json!({ "overlays": "own", "silenced": [{ "code": 4 }] }), &[3]),
        one("nephew", json!({ "extends": "first" }), &[]),
    ];
    for _ in 0..files.len() {
        files.rotate_left(1);
        let registry = load(&files);
        let found = |id: &str, code: i64| entry(&registry, &json!({ "catalog": id, "code": code }));
        let last = if files.iter().position(|file| file["id"] == "first")
            < files.iter().position(|file| file["id"] == "second")
        {
            ["second/3", "first/3"]
        } else {
            ["first/3", "first/3"]
        };
        for id in ["own", "child"] {
            assert_eq!([1, 2, 3, 4].map(|code| found(id, code)), ["none", "first/2", last[0], "none"], "{id}");
        }
        assert_eq!(found("child", 5), "child/5");
        assert_eq!(found("nephew", 3), last[1]);
        let ids: BTreeSet<&str> = registry.catalogs().map(|catalog| catalog.id()).collect();
        assert!(!ids.contains("own") && ids.contains("child") && ids.contains("second"), "{ids:?}");
        assert_eq!(registry.catalog("own").map(|own| own.asked()), Some("own"));
    }
}

/// What an overlay adds to the way of others counts against the bounds of that way.
#[test]
fn an_overlay_makes_no_chain_too_long() {
    let over = |count: usize| {
        (0..count).map(|at| catalog(&format!("o{at}"), &json!({ "overlays": "http" }))).collect::<Vec<_>>()
    };
    let registry = load(&over(6));
    assert_eq!(registry.catalog("redox").expect("it is there").chain().count(), 8);
    let said = problems(&over(7));
    assert!(said.contains("overlays: is longer than 8 catalogs: "), "{said}");
    let said = problems(&[asking(53, &json!({ "overlays": "http" }))]);
    assert!(said.contains("tests along the chain "), "{said}");
    assert!(said.contains("-> asks -> http; at most 64"), "{said}");
}

/// Classes are those of statuses: a code that is silenced is found nowhere, whatever code a hundred begins with.
#[test]
fn a_code_has_no_class() {
    let codes = [400, 450, 4_600, 4_651].map(|code| of("code", json!(code), "One"));
    let silenced = json!([{ "code": 450 }, { "code": 4_651 }]);
    let registry = load(&[
        catalog("own", &json!({ "entries": codes })),
        catalog("quiet", &json!({ "overlays": "own", "silenced": silenced })),
    ]);
    let found = |code: i64| entry(&registry, &json!({ "catalog": "own", "code": code }));
    assert_eq!([400, 450, 4_600, 4_651].map(found), ["own/400", "none", "own/4600", "none"]);
}

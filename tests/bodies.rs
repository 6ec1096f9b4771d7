//! What a catalog reads of a response, for all that a file can ask for; most of it no built-in one asks for.

mod common;

use std::collections::BTreeSet;

use common::loaded::{ask, asking, catalog, entry, load, of, problems};
use retriage::Catalog;
use serde_json::{Value, json};

/// Of several codes in one body, the place that is named first counts, a catalog's own before those it extends,
/// wherever they stand; so it is with the fields of its details.
#[test]
fn places_count_in_the_order_in_which_they_are_named() {
    let evidence = json!({
        "codes": ["body:first", "body:second"],
        "details": { "message": ["body:text", "body:note"], "code": "body:second" },
    });
    let entries = [9001, 9002].map(|code| of("code", json!(code), "Its own"));
    let own = catalog("own", &json!({ "extends": "updox", "evidence": evidence, "entries": entries }));
    let registry = load(&[own]);
    let asked = |body: &str| ask(&registry, &json!({ "catalog": "own", "status": 200, "body": body }));
    let found = |body: &str| asked(body)["classification"]["entry"].clone();
    assert_eq!(found(r#"{"second":9002,"first":9001}"#), "own/9001");
    assert_eq!(found(r#"{"responseCode":4651,"second":9002}"#), "own/9002");
    assert_eq!(found(r#"{"responseCode":4651,"second":1}"#), "updox/4651", "a code that nobody lists");
    let details = |body: &str| asked(body)["classification"]["details"].clone();
    let all = details(r#"{"responseMessage":"No","responseCode":4651,"note":"N","text":"T","second":9002}"#);
    assert_eq!((&all["message"], &all["code"]), (&json!("T"), &json!(9002)));
    let all = details(r#"{"responseMessage":"No","responseCode":4651,"note":"N"}"#);
    assert_eq!((&all["message"], &all["code"]), (&json!("N"), &json!(4651)));
}

/// What a test of the body takes for what it wants: a value of the same kind, of any place that it names.
#[test]
fn a_test_takes_a_value_for_what_it_is() {
    let holds = |test: Value, body: Value| {
        let conditions = json!({ "met": { "all": [test] } });
        let own =
            json!({ "evidence": { "conditions": conditions }, "entries": [of("condition", json!("met"), "Met")] });
        let registry = load(&[catalog("own", &own)]);
        entry(&registry, &json!({ "catalog": "own", "status": 200, "body": body })) == "own/met"
    };
    let some = json!({ "at": "body:is", "some": [3, "three", true, -5] });
    let values = [json!(3), json!("three"), json!(true), json!(-5)];
    for value in &values {
        assert!(holds(some.clone(), json!({ "is": value })), "{value}");
    }
    for value in [
        json!(4),
        json!("3"),
        json!("thre"),
        json!("threw"),
        json!(false),
        json!(u64::MAX),
        json!(3.5),
        json!(5),
        json!(null),
        json!([3]),
    ] {
        assert!(!holds(some.clone(), json!({ "is": value })), "{value}");
    }
    // The body itself, of which nothing else is asked.
    let whole = json!({ "at": "body", "is": "non_empty" });
    for (body, is_filled) in [(json!([1]), true), (json!({ "a": 1 }), true), (json!([]), false), (json!({}), false)] {
        assert_eq!(holds(whole.clone(), body.to_string().into()), is_filled, "{body}");
    }
    let filled = json!({ "at": "body:is", "is": "non_empty" });
    for (value, is_filled) in
        [("\"x\"", true), ("\"\"", false), ("[1]", true), ("[]", false), ("{\"a\":1}", true), ("{}", false)]
    {
        assert_eq!(holds(filled.clone(), Value::from(format!("{{\"is\":{value}}}"))), is_filled, "{value}");
    }
    let present = json!({ "at": "body:is", "is": "present" });
    for (value, is_there) in [("1", true), ("\"\"", true), ("[]", true), ("{}", true), ("null", false)] {
        assert_eq!(holds(present.clone(), Value::from(format!("{{\"is\":{value}}}"))), is_there, "{value}");
    }
    let every = json!({ "at": "body:items[].kind", "every": ["query"] });
    for (other, is_met) in [
        (json!("query"), true),
        (json!("order"), false),
        (json!(null), false),
        (json!(["query"]), false),
        (json!({}), false),
    ] {
        let body = json!({ "items": [{ "kind": "query" }, { "kind": other }] });
        assert_eq!(holds(every.clone(), body), is_met, "{other}");
    }
    assert!(!holds(every, json!({ "items": [] })), "nothing is true of every item of an empty list");
}

/// A number that nobody asks for may be one that nobody could keep.
#[test]
fn what_nobody_looks_at_need_not_be_kept() {
    let own =
        catalog("own", &json!({ "evidence": { "codes": ["body:code"] }, "entries": [of("code", json!(-7), "Odd")] }));
    let registry = load(&[own]);
    let found = |body: &str| entry(&registry, &json!({ "catalog": "own", "status": 200, "body": body }));
    assert_eq!(found(r#"{"size":1e999,"all":[1e999,{"a":1e999}],"code":-7}"#), "own/-7");
    assert_eq!(found(r#"{"code":1e999}"#), "none");
}

/// Errors within errors are kept where the ones around them aren't, and only what is kept is counted.
#[test]
fn an_error_is_kept_for_itself() {
    let errors = json!([
        { "at": "body:all[]", "where": { "bad": true }, "fields": { "message": "text" } },
        { "at": "body:all[].parts[]", "fields": { "message": "text" } },
    ]);
    let registry = load(&[catalog("own", &json!({ "evidence": { "details": { "errors": errors } } }))]);
    let details = |body: Value| {
        let answer = ask(&registry, &json!({ "catalog": "own", "status": 200, "body": body }));
        answer["classification"]["details"].clone()
    };
    let told = |body: Value| details(body)["errors"].clone();
    let inner = json!({ "bad": false, "text": "Outer", "parts": [{ "text": "Inner" }] });
    assert_eq!(told(json!({ "all": [inner] })), json!([{ "message": "Inner" }]));
    let inner = json!({ "bad": true, "text": "Outer", "parts": [{ "text": "Inner" }] });
    assert_eq!(told(json!({ "all": [inner] })), json!([{ "message": "Outer" }, { "message": "Inner" }]));
    // A list that is looked at for codes as well keeps no more of its items.
    let evidence = json!({
        "codes": [{ "at": "body:all[].code", "by": "level", "ranks": ["bad"] }],
        "details": { "errors": [{ "at": "body:all[]", "where": { "bad": true }, "fields": { "message": "text" } }] },
    });
    let ranked = load(&[catalog("own", &json!({ "evidence": evidence, "entries": [of("code", json!(1), "One")] }))]);
    let body = json!({ "all": [{ "code": 1, "level": "bad", "text": "No" }, { "bad": true, "text": "Yes" }] });
    let answer = ask(&ranked, &json!({ "catalog": "own", "status": 200, "body": body }));
    assert_eq!(answer["classification"]["entry"], "own/1");
    assert_eq!(answer["classification"]["details"]["errors"], json!([{ "message": "Yes" }]));
    let one = |bad: bool| json!({ "bad": bad, "text": "One" });
    let all = |kept: usize, not: usize| {
        let list: Vec<Value> = vec![one(true); kept].into_iter().chain(vec![one(false); not]).collect();
        let details = details(json!({ "all": list }));
        (details["errors"].as_array().map_or(0, Vec::len), details["omitted"].as_u64())
    };
    assert_eq!(all(100, 0), (100, None));
    assert_eq!(all(100, 3), (100, None));
    assert_eq!(all(102, 1), (100, Some(2)));
}

/// A reason text is compared whole, however long it is; letter case and one full stop at the end don't count.
#[test]
fn a_reason_may_be_long() {
    for length in [10, 255, 256, 257, 1_000] {
        for letter in ["x", "é"] {
            let reason = format!("{}end", letter.repeat(length / letter.len()));
            let mut refused = of("status", json!(400), "Refused");
            refused["variants"] = json!([{ "key": "long", "when": { "reason": [reason] }, "title": "Long" }]);
            let own = catalog("own", &json!({ "evidence": { "reasons": ["text"] }, "entries": [refused] }));
            let registry = load(&[own]);
            let found = |body: String| entry(&registry, &json!({ "catalog": "own", "status": 400, "body": body }));
            assert_eq!(found(reason.to_uppercase() + "."), "own/400.long", "{length} {letter}");
            assert_eq!(found(reason.clone() + "!"), "own/400", "{length} {letter}");
            let own = registry.catalog("own").expect("it is loaded");
            let told: Vec<&str> =
                own.entries().filter_map(|entry| entry.holds()).flat_map(|holds| holds.reasons).collect();
            assert_eq!(told, [reason.as_str()]);
        }
    }
}

/// Each reason text of what is loaded, and of what is built in, is told apart from every other.
#[test]
fn a_reason_is_taken_for_no_other() {
    let built_in: BTreeSet<String> = retriage::catalogs()
        .flat_map(Catalog::entries)
        .filter_map(|entry| entry.holds())
        .flat_map(|holds| holds.reasons.into_iter().map(str::to_owned))
        .collect();
    assert!(built_in.len() > 5, "only {built_in:?}");
    let own = ["one of our own", "another one", "and a third"];
    let mut refused = of("status", json!(400), "Refused");
    let variant = |(at, reason): (usize, &str)| json!({ "key": format!("v{at}"), "when": { "reason": [reason] }, "title": "Told apart" });
    let mut others: Vec<&str> = built_in.iter().map(String::as_str).collect();
    let half = others.split_off(others.len() / 2);
    refused["variants"] = own.iter().chain(&half).copied().enumerate().map(variant).collect();
    let own_catalog = catalog("own", &json!({ "evidence": { "reasons": ["text"] }, "entries": [refused] }));
    let registry = load(&[own_catalog]);
    let found = |body: &str| entry(&registry, &json!({ "catalog": "own", "status": 400, "body": body }));
    for (at, reason) in own.iter().chain(&half).enumerate() {
        assert_eq!(found(reason), format!("own/400.v{at}"), "{reason}");
    }
    for reason in others {
        assert_eq!(found(reason), "own/400", "{reason}");
    }
}

/// Several catalogs that are loaded at once keep their conditions, codes and reasons apart.
#[test]
fn catalogs_loaded_together_are_read_apart() {
    let present = |place: &str| json!({ "at": format!("body:{place}"), "is": "present" });
    let one = |id: &str, formats: Value| {
        let conditions = json!({
            "both": { "all": [present(&format!("{id}-a")), present(&format!("{id}-b"))] },
            "one": { "any": [present(&format!("{id}-c"))], "none": [present("never")] },
        });
        let mut refused = of("status", json!(400), "Refused");
        let variant = |number: usize| {
            let reason = format!("{id} says {number}");
            json!({ "key": format!("v{number}"), "when": { "reason": [reason] }, "title": "A variant" })
        };
        refused["variants"] = (0..40).map(variant).collect();
        let codes = json!([{ "at": "body:groups[].all[].code", "by": "level", "ranks": ["bad", "odd"] }]);
        catalog(
            id,
            &json!({
                "extends": "grpc",
                "evidence": { "formats": formats, "reasons": ["text"], "conditions": conditions, "codes": codes },
                "entries": [
                    of("condition", json!("both"), "Both"),
                    of("condition", json!("one"), "One"),
                    of("code", json!(9001), "A code"),
                    of("code", json!(9002), "Another"),
                    refused,
                ],
            }),
        )
    };
    let registry = load(&[one("left", json!(["google.rpc.status"])), one("right", json!(["json:api"]))]);
    let found = |id: &str, status: u16, body: Value| {
        entry(&registry, &json!({ "catalog": id, "status": status, "body": body }))
    };
    for (id, other) in [("left", "right"), ("right", "left")] {
        let body = |id: &str, names: &[&str]| {
            Value::from(names.iter().map(|name| (format!("{id}-{name}"), json!(1))).collect::<serde_json::Map<_, _>>())
        };
        assert_eq!(found(id, 200, body(id, &["a", "b"])), format!("{id}/both"));
        assert_eq!(found(id, 200, body(id, &["a"])), "none");
        assert_eq!(found(id, 200, body(id, &["c"])), format!("{id}/one"));
        assert_eq!(found(id, 200, body(other, &["a", "b", "c"])), "none");
        for number in 0..40 {
            let reason = |id: &str| Value::from(format!("{id} says {number}"));
            assert_eq!(found(id, 400, reason(id)), format!("{id}/400.v{number}"));
            assert_eq!(found(id, 400, reason(other)), format!("{id}/400"));
        }
        let groups = json!({ "groups": [
            { "all": [{ "code": 9001, "level": "odd" }] },
            { "all": [{ "code": 1, "level": "fine" }, { "code": 9002, "level": "bad" }] },
        ] });
        assert_eq!(found(id, 400, groups), format!("{id}/9002"));
        // The format of what it extends is read, said once more or not.
        assert_eq!(found(id, 404, json!({ "error": { "code": 5, "status": "NOT_FOUND" } })), "grpc/5");
    }
    // A reason of a built-in catalog is none of theirs.
    for entry in retriage::catalogs().flat_map(retriage::Catalog::entries) {
        for reason in entry.holds().into_iter().flat_map(|holds| holds.reasons) {
            assert_eq!(found("right", 400, reason.into()), "right/400", "{reason}");
        }
    }
}

#[test]
fn a_catalog_names_so_many_places_at_the_most() {
    let places = |count: usize| (0..count).map(|at| format!("body:a{at}")).collect::<Vec<_>>();
    let codes = |count: usize| catalog("own", &json!({ "evidence": { "codes": places(count) } }));
    load(&[codes(8)]);
    assert!(problems(&[codes(9)]).contains("names 9 places; at most 8"));
    let details = |count: usize| catalog("own", &json!({ "evidence": { "details": { "message": places(count) } } }));
    load(&[details(64)]);
    assert!(problems(&[details(65)]).contains("names 65 places; at most 64"));
}

/// What a body is asked for along a chain is kept apart for each catalog.
#[test]
fn a_condition_holds_by_what_its_own_catalog_asks() {
    // As many things as those that it extends ask for, so that each would be taken for one of theirs.
    let any: Vec<Value> = ('a'..='t').map(|name| json!({ "at": format!("body:{name}"), "is": "present" })).collect();
    let conditions = json!({
        "given": { "any": any },
        "bare": { "none": [{ "at": "body:z", "is": "present" }] },
    });
    let mut bare = of("condition", json!("bare"), "Bare");
    bare["statuses"] = json!([204]);
    let registry = load(&[catalog(
        "own",
        &json!({
            "extends": "redox",
            "evidence": { "conditions": conditions },
            "entries": [of("condition", json!("given"), "Given"), bare],
        }),
    )]);
    let asked = |body: Value| entry(&registry, &json!({ "catalog": "own", "status": 200, "body": body }));
    assert_eq!(asked(json!({ "Meta": { "Errors": [{ "ID": 1 }] } })), "redox/errors");
    assert_eq!(asked(json!({ "a": 1 })), "own/given");
    // One that holds of what isn't there holds without a body as well.
    assert_eq!(entry(&registry, &json!({ "catalog": "own", "status": 204 })), "own/bare");
    assert_eq!(entry(&registry, &json!({ "catalog": "own", "status": 205 })), "http/205");
}

#[test]
fn a_chain_asks_a_body_for_at_most_64_things() {
    let registry = load(&[asking(64, &json!({}))]);
    assert_eq!(entry(&registry, &json!({ "catalog": "asks", "status": 200, "body": { "a63": 1 } })), "asks/given");
    let said = problems(&[asking(65, &json!({}))]);
    assert!(said.contains("has 65 tests along the chain "), "{said}");
}

#[test]
fn of_a_list_the_details_have_the_first() {
    let evidence = json!({ "details": { "message": "body:errors[].text" } });
    let registry = load(&[catalog("own", &json!({ "extends": "http", "evidence": evidence }))]);
    let body = json!({ "errors": [{ "text": "First" }, { "text": "Second" }] });
    let answer = ask(&registry, &json!({ "catalog": "own", "status": 400, "body": body }));
    assert_eq!(answer["classification"]["details"]["message"], "First");
}

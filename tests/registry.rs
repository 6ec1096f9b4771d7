//! Catalogs and languages that are loaded at run time.

mod common;

use common::loaded::{ask, asking, catalog, entry, load, of, problems, said, told};
use common::{cases, files, json, root};
use retriage::Registry;
use retriage::source::{File, MOST_BYTES};
use serde_json::{Value, json};

/// Numbers go through all entries without a gap, those of a loaded catalog after the built-in ones.
#[test]
fn every_entry_is_found_by_its_number() {
    let loaded = load(&[catalog("acme", &json!({ "entries": [of("status", json!(599), "Closed")] }))]);
    for registry in [retriage::built_in(), &loaded] {
        let all: Vec<_> = (0..).map_while(|number| registry.entry(number)).collect();
        for (number, entry) in (0..).zip(&all) {
            assert_eq!(entry.number(), number, "{}", entry.id());
        }
        for entry in registry.catalogs().flat_map(retriage::Catalog::entries) {
            assert_eq!(registry.entry(entry.number()), Some(entry));
        }
        assert!(all.len() > 300, "only {}", all.len());
    }
    let last = (0..).map_while(|number| loaded.entry(number)).last().expect("there are entries");
    assert_eq!(last.id(), "acme/599");
}

/// What is kept of a classification and of a decision makes the same again.
#[test]
fn hints_and_steps_can_be_kept() {
    let headers = [("retry-after", "7"), ("ratelimit-reset", "9")];
    let evidence = retriage::Evidence { status: Some(429), headers: &headers, ..retriage::Evidence::default() };
    let http = retriage::catalog("http").expect("it is built in");
    let classification = http.classify(&evidence);
    assert_eq!(classification.hints.iter().count(), 2);
    assert_eq!(classification.hints.iter().collect::<retriage::Hints>(), classification.hints);
    let attempt = retriage::Attempt { method: Some("GET"), random: Some(0.5), ..retriage::Attempt::default() };
    let standard = retriage::profile("standard").expect("it is built in");
    let decision = classification.decide(&evidence, &attempt, standard).expect("nothing is missing");
    let kept: retriage::Weighing = decision.because.iter().collect();
    assert!(kept.iter().count() > 3);
    assert!(kept.iter().eq(decision.because.iter()));
}

/// Every built-in catalog once more, loaded under another id, answers every question of the vectors alike.
#[test]
fn a_loaded_catalog_answers_like_a_built_in_one() {
    const PREFIX: &str = "again-";
    let texts: Vec<String> = files("codes/catalogs")
        .iter()
        .map(|file| {
            let mut catalog = json(&format!("codes/catalogs/{file}"));
            for field in ["id", "extends"] {
                if let Some(id) = catalog[field].as_str() {
                    catalog[field] = format!("{PREFIX}{id}").into();
                }
            }
            catalog.to_string()
        })
        .collect();
    let files: Vec<File<'_>> = texts.iter().map(|text| File { name: "again.json", text }).collect();
    let again = Registry::load(&files).unwrap_or_else(|problems| panic!("{}", told(&problems)));
    let mut compared = 0;
    for case in cases() {
        let mut question = case.question.clone();
        let asks = question["ask"].as_str().unwrap_or("classify").to_owned();
        if ["entry", "failure", "profile", "attempt"].iter().any(|field| !question[*field].is_null()) {
            // A failure is looked up in `transport`, by that name, and a profile names entries by their ids.
            continue;
        }
        let id = question["catalog"].as_str().unwrap_or("http").to_owned();
        question["catalog"] = format!("{PREFIX}{id}").into();
        let built_in = retriage::answer(&case.question.to_string());
        if built_in.starts_with("{\"error\"") {
            continue;
        }
        let loaded = again.answer(&question.to_string()).replace(PREFIX, "");
        assert_eq!(loaded, built_in, "{}: {} ({asks})", case.file, case.name);
        compared += 1;
    }
    assert!(compared > 800, "only {compared} answers were compared");
    for built_in in retriage::catalogs() {
        let loaded = again.catalog(&format!("{PREFIX}{}", built_in.id())).expect("loaded");
        for status in 0..=u16::MAX {
            let found = |found: Option<(retriage::Entry<'_>, _)>| {
                found.map(|(entry, how)| (entry.id().replace(PREFIX, ""), how))
            };
            assert_eq!(found(loaded.find_status(status)), found(built_in.find_status(status)), "{status}");
        }
        for code in (-100..70_000).chain([i64::MAX, i64::MIN, 531_806]) {
            let found = |found: Option<(retriage::Entry<'_>, _)>| {
                found.map(|(entry, how)| (entry.id().replace(PREFIX, ""), how))
            };
            assert_eq!(found(loaded.find_number(code)), found(built_in.find_number(code)), "{code}");
        }
    }
}

#[test]
fn a_vendor_of_ones_own_extends_a_built_in_catalog() {
    let registry = load(&[catalog(
        "acme",
        &json!({ "extends": "updox", "entries": [of("code", json!(9001), "Closed"), of("failure", json!("EACME"), "Cut")] }),
    )]);
    assert_eq!(entry(&registry, &json!({"catalog":"acme","code":9001})), "acme/9001");
    assert_eq!(entry(&registry, &json!({"catalog":"acme","failure":"EACME"})), "acme/EACME");
    assert_eq!(entry(&registry, &json!({"catalog":"acme","failure":"ECONNRESET"})), "transport/ECONNRESET");
    assert_eq!(entry(&registry, &json!({"catalog":"acme","status":200,"body":{"responseCode":4651}})), "updox/4651");
    assert_eq!(
        entry(&registry, &json!({"catalog":"acme","status":200,"body":{}})),
        "none",
        "evidence is required still"
    );
    assert_eq!(entry(&registry, &json!({"catalog":"acme","status":503})), "http/503");
    assert_eq!(entry(&registry, &json!({"catalog":"updox","code":9001})), "none", "the others stay as they were");
}

#[test]
fn what_is_wrong_is_told_with_its_place_and_nothing_is_loaded() {
    let all = problems(&[catalog("http", &json!({})), catalog("acme", &json!({ "extends": "nowhere" }))]);
    assert!(all.contains("test.json:1:"), "{all}");
    assert!(all.contains("\"http\" is the id of the built-in catalogs too"), "{all}");
    assert!(all.contains("extends: there is no catalog \"nowhere\""), "{all}");
    let both = problems(&[catalog("acme", &json!({ "extends": "http", "overlays": "http" }))]);
    assert!(both.contains("overlays: stands beside extends"), "{both}");
    let silent = problems(&[catalog("acme", &json!({ "overlays": "http", "silenced": [{ "status": 777 }] }))]);
    assert!(silent.contains("777: silenced: silences nothing"), "{silent}");
    let unknown = problems(&[catalog(
        "acme",
        &json!({ "extends": "http", "entries": [of("condition", json!("gone"), "Gone")] }),
    )]);
    assert!(unknown.contains("there is no condition \"gone\""), "{unknown}");
    let known = load(&[catalog(
        "acme",
        &json!({ "extends": "redox", "entries": [of("condition", json!("errors"), "Errors")] }),
    )]);
    let body = json!({"Meta":{"Errors":[{"ID":1}]}});
    assert_eq!(entry(&known, &json!({"catalog":"acme","status":200,"body":body})), "acme/errors");
}

#[test]
fn a_file_is_bounded() {
    let said = |text: &str| {
        let found = Registry::load(&[File { name: "deep.json", text }]).expect_err("it is no catalog");
        told(&found)
    };
    let too_deep =
        |line: u32, column: u32| format!("deep.json:{line}:{column}: is nested too deeply: more than 32 levels");
    let lists = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
    assert_eq!(said(&lists(33)), too_deep(1, 33));
    assert!(!said(&lists(32)).contains("nested"), "32 levels are read");
    assert_eq!(said(&format!("{{\"a\":{}", "[".repeat(32))), too_deep(1, 37), "an object is a level too");
    // What closes is left again, and a text opens and closes nothing, whatever is escaped in it.
    assert!(!said(&format!("[{}]", [lists(31), lists(31)].join(","))).contains("nested"));
    let quoted = format!(r#"["\"[[{0}\\", "{0}", {1}]"#, "[".repeat(40), lists(31));
    assert!(!said(&quoted).contains("nested"), "{quoted}");
    let closing = format!(r#"["{}", {}]"#, "]".repeat(40), lists(32));
    assert!(said(&closing).contains("nested"), "{closing}");
    // The place is told in lines and characters.
    assert_eq!(said(&format!("[\n\"ü\", {}", lists(32))), too_deep(2, 37));
    // What is too deep at once, so that nobody reads so much to its end.
    let large = format!("{}{}", "[".repeat(33), " ".repeat(MOST_BYTES - 33));
    assert_eq!(said(&large), too_deep(1, 33), "64 MiB are looked at");
    let message = format!("deep.json: is too large: {} bytes; at most 67108864", MOST_BYTES + 1);
    assert_eq!(said(&format!("{large} ")), message);

    // A mistake in another file, so that nothing is made of so many.
    let entry = of("code", json!(0), "One of many").to_string();
    let many = |count: usize| {
        let entries: Vec<String> = (0..count).map(|code| entry.replace("0", &code.to_string())).collect();
        let text = catalog("many", &json!({})).to_string().replace("[]", &format!("[{}]", entries.join(",")));
        let files = [File { name: "many.json", text: &text }, File { name: "bare.json", text: "{}" }];
        told(&Registry::load(&files).expect_err("one of them is no catalog"))
    };
    let found = many(100_001);
    assert!(found.contains("entries: has 100001 entries, variants included; at most 100000"), "{found}");
    let found = many(100_000);
    assert!(!found.contains("many.json"), "100,000 entries are read: {found}");
}

#[test]
fn a_text_and_a_list_may_be_as_long_as_is_said() {
    let remedy = |length: usize| {
        let mut entry = of("code", json!(1), "One");
        entry["remedy"] = "x".repeat(length).into();
        catalog("own", &json!({ "entries": [entry] }))
    };
    load(&[remedy(2_000)]);
    assert!(problems(&[remedy(2_001)]).contains("remedy: is too long: 2001 characters; at most 2000"));
    let schedule = |length: usize| {
        let profile = json!({ "backoff": { "growth": "schedule", "schedule_ms": vec![1; length] } });
        let text = profile.to_string();
        let read = retriage::source::read_profiles(&[File { name: "own.json", text: &text }]);
        told(&read.err().unwrap_or_default())
    };
    assert!(!schedule(1_000).contains("too long"), "{}", schedule(1_000));
    assert!(schedule(1_001).contains("schedule_ms: is too long: 1001 items; at most 1000"));
}

#[test]
fn a_loaded_catalog_extends_another() {
    let one = |id: &str, code: i64| json!({ "id": id, "entries": [of("code", json!(code), "One")] });
    let mut files = vec![catalog("first", &one("first", 1))];
    for (id, parent, code) in [("second", "first", 2), ("third", "second", 3), ("fourth", "third", 4)] {
        let mut members = one(id, code);
        members["extends"] = parent.into();
        files.push(catalog(id, &members));
    }
    files.reverse();
    let registry = load(&files);
    let fourth = |code: i64| entry(&registry, &json!({ "catalog": "fourth", "code": code }));
    assert_eq!([1, 2, 3, 4, 5].map(fourth), ["first/1", "second/2", "third/3", "fourth/4", "none"]);
    let names: Vec<&str> = registry.catalog("fourth").expect("it is loaded").chain().map(|link| link.id()).collect();
    assert_eq!(names, ["fourth", "third", "second", "first"]);
}

/// A variant has what it doesn't say from its entry, unless that was said for another category; the vendor's text is
/// the reason by which it is known.
#[test]
fn a_variant_is_its_entry_where_it_says_nothing_else() {
    let mut busy = of("status", json!(503), "Busy");
    busy["why"] = "They say so.".into();
    busy["vendor_text"] = "BUSY".into();
    busy["user"] = "They are busy.".into();
    busy["severity"] = "info".into();
    busy["variants"] = json!([
        { "key": "same", "when": { "reason": ["same"] } , "category": "unavailable", "title": "Same" },
        { "key": "other", "when": { "reason": ["other"] }, "category": "rate_limited", "title": "Other", "why": "So there." },
    ]);
    let registry = load(&[catalog("own", &json!({ "evidence": { "reasons": ["text"] }, "entries": [busy] }))]);
    let all: Vec<retriage::Entry<'_>> = registry.catalog("own").expect("it is loaded").entries().collect();
    let [busy, same, other] = all.as_slice() else { panic!("an entry and two variants") };
    let user = retriage::vocabulary::Audience::User;
    assert_eq!(
        (busy.why(), busy.vendor_text(), busy.own_message(user)),
        (Some("They say so."), Some("BUSY"), Some("They are busy."))
    );
    assert_eq!(
        (same.why(), same.vendor_text(), same.own_message(user)),
        (Some("They say so."), Some("same"), Some("They are busy."))
    );
    assert_eq!((other.why(), other.vendor_text(), other.own_message(user)), (Some("So there."), Some("other"), None));
    assert_eq!((same.words(), same.remedy()), (busy.words(), busy.remedy()));
    assert_ne!(other.words().severity, busy.words().severity, "another category has its own");
    assert_eq!((busy.variants().count(), same.variants().count(), other.variants().count()), (2, 0, 0));
    assert!(same.base().is_some_and(|base| base == *busy) && busy.base().is_none());
}

/// The places of one's own entries and the numbers of built-in ones aren't taken for each other.
#[test]
fn what_is_inherited_is_found_beside_many_of_ones_own() {
    let codes: Vec<Value> = (0..1_000).map(|code| of("code", json!(code), "One")).collect();
    let registry = load(&[catalog("own", &json!({ "extends": "redox", "entries": codes }))]);
    let own = registry.catalog("own").expect("it is loaded");
    let redox = retriage::catalog("redox").expect("it is built in");
    for status in 100..600 {
        let inherited = own.find_status(status).map(|(entry, found)| (entry.id(), found));
        assert_eq!(inherited, redox.find_status(status).map(|(entry, found)| (entry.id(), found)), "{status}");
    }
}

/// A name is found in a catalog of any size, and one that isn't there in none.
#[test]
fn a_name_is_found_among_however_many() {
    for count in [0, 1, 2, 3, 10, 1_000] {
        let name = |at: usize| format!("E_{}{at}", "LONG_".repeat(at % 9));
        let entries: Vec<Value> = (0..count).map(|at| of("code", json!(name(at)), "One")).collect();
        let registry = load(&[catalog("own", &json!({ "entries": entries }))]);
        let own = registry.catalog("own").expect("it is loaded");
        for at in 0..count {
            assert_eq!(own.find_name(&name(at)).map(|entry| entry.label()), Some(&*name(at)));
            assert!(own.find_name(&name(at).to_lowercase()).is_none() && own.find_name(&(name(at) + "_")).is_none());
        }
        assert!(own.find_name(&name(count)).is_none() && own.find_name("").is_none());
    }
}

/// Codes up to 65,535 are found through pages, and those beyond among what is sorted.
#[test]
fn a_code_may_be_any_number() {
    const MOST: i64 = 9_007_199_254_740_991;
    let codes = [-MOST, -1, 0, 65_535, 65_536, 65_537, 1_000_000, MOST];
    let entries = codes.map(|code| of("code", json!(code), "One"));
    let ranges = [(-20, -10), (65_500, 65_600), (2_000_000, 3_000_000)].map(|(from, to)| {
        let mut range = of("code", json!([from, to]), "Some");
        range["usually"] = true.into();
        range
    });
    // Beside another one with such codes, and inherited.
    let elsewhere = [of("code", json!(-7), "Another"), of("code", json!([5_000_000, 6_000_000]), "Some others")];
    let registry = load(&[
        catalog("other", &json!({ "entries": [elsewhere[0]], "ranges": [elsewhere[1]] })),
        catalog("own", &json!({ "entries": entries, "ranges": ranges })),
        catalog("child", &json!({ "extends": "own", "entries": [of("code", json!(-8), "A third")] })),
        catalog("other-child", &json!({ "extends": "other" })),
    ]);
    let found = |id: &str, code: i64| {
        let catalog = registry.catalog(id).expect("it is loaded");
        catalog.find_number(code).map(|(entry, _)| entry.id().to_owned())
    };
    for id in ["own", "child"] {
        for code in codes {
            assert_eq!(found(id, code), Some(format!("own/{code}")), "{id}");
        }
        for (code, range) in [
            (-20, Some("own/-20--10")),
            (-10, Some("own/-20--10")),
            (-21, None),
            (-9, None),
            (-7, None),
            (65_534, Some("own/65500-65600")),
            (65_538, Some("own/65500-65600")),
            (65_600, Some("own/65500-65600")),
            (65_601, None),
            (2_000_000, Some("own/2000000-3000000")),
            (3_000_000, Some("own/2000000-3000000")),
            (3_000_001, None),
            (5_000_000, None),
            (i64::MAX, None),
            (i64::MIN, None),
        ] {
            assert_eq!(found(id, code).as_deref(), range, "{id} {code}");
        }
    }
    assert_eq!(found("child", -8).as_deref(), Some("child/-8"));
    for id in ["other", "other-child"] {
        assert_eq!(found(id, -7).as_deref(), Some("other/-7"), "{id}");
        assert_eq!(found(id, 5_500_000).as_deref(), Some("other/5000000-6000000"), "{id}");
        assert_eq!([-1, -15, -8, 65_600, 2_500_000].map(|code| found(id, code)), [const { None }; 5], "{id}");
    }
    let own = registry.catalog("own").expect("it is loaded");
    assert!(own.entries().filter(|entry| entry.is_range()).all(|entry| entry.is_usual()));
}

/// The only code of a catalog, and the only range, wherever the pages end.
#[test]
fn a_code_may_be_the_last() {
    let found = |what: &Value, numbers: &[i64]| {
        let kind = if what.is_array() { "ranges" } else { "entries" };
        let registry = load(&[catalog("own", &json!({ kind: [of("code", what.clone(), "One")] }))]);
        let own = registry.catalog("own").expect("it is loaded");
        numbers.iter().map(|number| own.find_number(*number).is_some()).collect::<Vec<_>>()
    };
    for code in (0..=100).chain([65_535, 65_536]) {
        assert_eq!(found(&json!(code), &[code - 1, code, code + 1]), [false, true, false], "{code}");
    }
    for last in 65_534..=65_537 {
        assert_eq!(found(&json!([65_500, last]), &[65_499, 65_500, last, last + 1]), [false, true, true, false]);
    }
}

/// How many tests the conditions of a built-in catalog and of those it extends have, as their files say.
fn tests_of(id: &str) -> usize {
    let file = json(&format!("codes/catalogs/{id}.json"));
    let conditions = file["evidence"]["conditions"].as_object().cloned().unwrap_or_default();
    let lists = conditions.values().flat_map(|condition| condition.as_object().expect("a condition").values());
    let own: usize = lists.filter_map(Value::as_array).map(Vec::len).sum();
    own + file["extends"].as_str().map_or(0, tests_of)
}

/// Who extends a built-in catalog is checked as if that one stood in a file beside it.
#[test]
fn what_is_extended_counts_although_it_is_built_in() {
    let extending = |id: &str, key: &str, value: Value| said(&[catalog("own", &json!({ "extends": id, key: value }))]);
    for built_in in retriage::catalogs() {
        let id = built_in.id();
        let asked = |tests: usize| said(&[asking(tests, &json!({ "extends": id }))]);
        let left = 64 - tests_of(id);
        assert_eq!(asked(left), "", "{id}");
        assert!(asked(left + 1).contains("has 65 tests along the chain asks -> "), "{id}");

        let empty = extending(id, "entries", json!([of("status", json!(204), "Nothing")]));
        assert_eq!(empty.contains("is never reached"), built_in.requires_evidence(), "{id}: {empty}");

        let mut refused = of("status", json!(418), "Refused");
        refused["variants"] = json!([{ "key": "told", "when": { "reason": ["told"] }, "title": "Told" }]);
        let told = extending(id, "entries", json!([refused]));
        let reads = built_in.chain().any(|link| !link.reason_places().is_empty());
        assert_eq!(told.contains("says nowhere to look for a reason"), !reads, "{id}: {told}");
    }
    assert_eq!(extending("fhir", "silenced", json!([{ "code": "throttled" }])), "");
    assert!(extending("redox", "silenced", json!([{ "code": "throttled" }])).contains("silences nothing"));
}

#[test]
fn advice_is_given_by_what_to_answer_alone_and_by_what_senders_do_alone() {
    let intents = json!([{
        "intent": "accepted", "status": 200, "sender": "proceeds", "title": "Take it", "remedy": "Store it first.",
        "source": "doc#Answers",
    }]);
    let received =
        json!([{ "status": [200, 200], "sender": "proceeds", "title": "It counts.", "source": "doc#Answers" }]);
    for (answers, question) in [
        (json!({ "intents": intents }), json!({ "ask": "advise", "catalog": "own", "intent": "accepted" })),
        (json!({ "received": received }), json!({ "ask": "advise", "catalog": "own", "status": 200 })),
    ] {
        let answer = ask(&load(&[catalog("own", &json!({ "answers": answers }))]), &question);
        assert!(answer["error"].is_null() && answer["advice"].is_object(), "{question}: {answer}");
    }
}

#[test]
fn a_section_is_cited_as_its_document_heads_it() {
    let mut entry = of("code", json!(4651), "Odd");
    for (source, section) in [("doc#Errors", "Errors"), ("doc#What \"odd\" means", "What \"odd\" means")] {
        entry["source"] = json!(source);
        let registry = load(&[catalog("own", &json!({ "entries": [entry] }))]);
        let answer = ask(&registry, &json!({ "ask": "entry", "entry": "own/4651" }));
        assert_eq!(answer["entry"]["source"]["section"], section, "{answer}");
    }
}

#[test]
fn a_limit_is_the_number_that_its_file_has() {
    let limit = |key: &str, value: Value| {
        json!({
            "key": key, "title": "A limit", "value": value, "unit": "requests", "date": "2026-11-21",
            "source": "doc#Limits",
        })
    };
    let limits = json!([limit("whole", json!(20)), limit("half", json!(0.5))]);
    let registry = load(&[catalog("own", &json!({ "limits": limits }))]);
    let answer = ask(&registry, &json!({ "ask": "limits", "catalog": "own" }));
    let limits = answer["limits"].as_array().expect("a list");
    assert_eq!(limits.iter().map(|limit| &limit["value"]).collect::<Vec<_>>(), [&json!(20), &json!(0.5)]);
}

/// The places of which a catalog with these members is warned, as `entry field`.
fn warned(members: &Value) -> Vec<String> {
    let text = catalog("own", members).to_string();
    let linted = Registry::lint(&[File { name: "own.json", text: &text }]);
    let (registry, warnings) = linted.unwrap_or_else(|problems| panic!("{members}: {}", told(&problems)));
    assert!(registry.catalog("own").is_some(), "it is loaded all the same");
    warnings.iter().map(|warning| format!("{} {}", warning.entry, warning.field)).collect()
}

#[test]
fn what_is_poor_in_a_catalog_is_told_and_nothing_else() {
    // A key, the members of an entry besides, and the fields it lacks.
    let cases = [
        (json!({ "status": 503 }), json!({}), vec![]),
        (json!({ "status": 503 }), json!({ "operator": null }), vec!["503 operator"]),
        (
            json!({ "status": 503 }),
            json!({ "operator": null, "developer": null }),
            vec!["503 operator", "503 developer"],
        ),
        // A 5xx that isn't tried again.
        (json!({ "status": 500 }), json!({ "retry": "never" }), vec!["500 retry"]),
        (json!({ "status": 599 }), json!({ "retry": "fix" }), vec!["599 retry"]),
        (json!({ "status": 500 }), json!({ "retry": "never", "why": "It says so." }), vec![]),
        (json!({ "status": 500 }), json!({ "retry": "escalate" }), vec![]),
        (json!({ "status": 499 }), json!({ "retry": "never" }), vec![]),
        (json!({ "status": 600 }), json!({ "retry": "never" }), vec![]),
        (json!({ "status": [500, 599] }), json!({ "retry": "never" }), vec!["500-599 retry"]),
        (json!({ "status": [499, 599] }), json!({ "retry": "never" }), vec![]),
        (json!({ "status": [500, 600] }), json!({ "retry": "never" }), vec![]),
        (json!({ "code": 500 }), json!({ "retry": "never" }), vec![]),
        // A wait of which nobody knows how long.
        (json!({ "status": 429 }), json!({ "retry": "wait" }), vec!["429 wait_ms"]),
        (json!({ "status": 429 }), json!({ "retry": "wait", "wait_ms": 1000 }), vec![]),
    ];
    for (key, members, expected) in cases {
        let mut entry = of("operator", json!("It is down."), "Out of order");
        entry["developer"] = json!("Try again.");
        for (name, value) in key.as_object().expect("an object").iter().chain(members.as_object().expect("an object")) {
            entry[name] = value.clone();
        }
        entry.as_object_mut().expect("an object").retain(|_, value| !value.is_null());
        let list = if key["status"].is_array() { "ranges" } else { "entries" };
        assert_eq!(warned(&json!({ list: [entry] })), expected, "{entry}");
    }
    let undated = json!({ "doc": { "title": "A document", "publisher": "Somebody", "read": "2026-11-21" } });
    assert_eq!(warned(&json!({ "sources": undated })), [" sources.doc"]);
}

#[test]
fn words_that_are_not_those_of_what_it_extends_want_a_reason() {
    let warned = |key: Value, changes: Value| {
        let mut entry = of("operator", json!("It is down."), "Out of order");
        entry["developer"] = json!("Try again.");
        for (name, value) in key.as_object().expect("an object").iter().chain(changes.as_object().expect("an object")) {
            entry[name] = value.clone();
        }
        warned(&json!({ "extends": "grpc", "entries": [entry] }))
    };
    // gRPC's own words.
    let unavailable = retriage::catalog("grpc").and_then(|grpc| grpc.find_number(14)).expect("it is there").0;
    let words = unavailable.words();
    let same = json!({
        "category": words.category, "fault": words.fault, "retry": words.retry, "processed": words.processed,
    });
    for key in [json!({ "code": 14 }), json!({ "code": "UNAVAILABLE" })] {
        assert_eq!(warned(key.clone(), same.clone()), [] as [&str; 0], "{key}");
        let mut other = same.clone();
        other["fault"] = json!("caller");
        assert_eq!(warned(key.clone(), other.clone()).len(), 1, "{key}");
        other["why"] = json!("They say so.");
        assert_eq!(warned(key, other), [] as [&str; 0]);
    }
    let other = json!({ "fault": "caller" });
    assert_eq!(warned(json!({ "status": 503 }), other.clone()), ["503 why"]);
    assert_eq!(warned(json!({ "failure": "ECONNREFUSED" }), other.clone()), ["ECONNREFUSED why"]);
    // What it extends has an entry for neither, or only one for all of them.
    assert_eq!(warned(json!({ "status": 577 }), other.clone()), [] as [&str; 0]);
    assert_eq!(warned(json!({ "code": 4711 }), other), [] as [&str; 0]);
}

#[test]
fn it_is_shared_between_threads() {
    fn shared<T: Send + Sync + Clone + 'static>() {}
    shared::<Registry>();
    assert!(root().join("codes").is_dir());
}

#[test]
fn a_language_is_found_by_what_is_wished_for() {
    let built_in = Registry::BUILT_IN;
    let found = |wishes: &[&str]| built_in.locale(wishes).map_or("en", |locale| locale.tag()).to_owned();
    assert_eq!(found(&["es-MX"]), "es");
    assert_eq!(found(&["ES"]), "es");
    assert_eq!(found(&["tlh", "es-x-mine-419"]), "es");
    assert_eq!(found(&["en-GB", "es"]), "en");
    assert_eq!(found(&["*"]), "en");
    assert_eq!(found(&["tlh", ""]), "en");
    assert_eq!(found(&[]), "en");
}

#[test]
fn every_entry_answers_in_every_language() {
    let built_in = Registry::BUILT_IN;
    for locale in built_in.locales() {
        let file = json(&format!("codes/messages/{}.json", locale.tag()));
        assert_eq!(locale.name(), file["name"]);
        assert_eq!(locale.is_right_to_left(), file["direction"] == "rtl");
        for entry in retriage::catalogs().flat_map(retriage::Catalog::entries) {
            let question = json!({"ask": "entry", "entry": entry.id(), "locale": locale.tag()});
            let messages = &ask(&built_in, &question)["entry"]["messages"];
            assert_eq!(messages["locale"], locale.tag(), "{}", entry.id());
            assert_eq!(messages["english"], json!(["operator", "developer"]), "{}", entry.id());
            assert_ne!(messages["user"], entry.message(retriage::vocabulary::Audience::User), "{}", entry.id());
            assert_eq!(messages["operator"], entry.message(retriage::vocabulary::Audience::Operator));
            let same = retriage::Messages::new(Some(entry), retriage::vocabulary::Category::Internal, Some(locale));
            assert_eq!(same.locale(), locale.tag(), "{}", entry.id());
        }
    }
    let spanish = ask(&built_in, &json!({"catalog":"updox","code":4071,"locale":["tlh","es-AR"]}));
    assert_eq!(spanish["classification"]["messages"]["locale"], "es");
}

#[test]
fn a_language_is_loaded_at_run_time() {
    let categories: serde_json::Map<String, Value> = retriage::vocabulary::Category::ALL
        .iter()
        .map(|category| (category.as_str().to_owned(), json!({ "user": format!("Vjdc {}", *category as u8) })))
        .collect();
    let mut latin = json!({ "locale": "tlh", "name": "tlhIngan Hol", "direction": "ltr", "categories": categories });
    let with = |latin: &Value| {
        let text = latin.to_string();
        Registry::BUILT_IN.with_locales(&[File { name: "tlh.json", text: &text }])
    };
    for (direction, is_right_to_left) in [("rtl", true), ("ltr", false)] {
        latin["direction"] = direction.into();
        let registry = with(&latin).unwrap_or_else(|problems| panic!("{}", told(&problems)));
        let locale = registry.locale(&["tlh"]).expect("it is loaded");
        assert_eq!(locale.is_right_to_left(), is_right_to_left);
    }
    let registry = with(&latin).unwrap_or_else(|problems| panic!("{}", told(&problems)));
    let asked = |question: Value| ask(&registry, &question)["classification"]["messages"].clone();
    let messages = asked(json!({"catalog":"http","status":500,"locale":"tlh-Latn"}));
    assert_eq!(messages["user"], "Vjdc 25");
    let messages = asked(json!({"catalog":"updox","code":4420,"locale":"tlh"}));
    assert_eq!(messages["english"], json!(["user", "operator", "developer"]), "an entry's own text is not replaced");
    latin["entries"] = json!({ "updox/4420": { "user": "Vjdc." }, "updox/9999": { "user": "Vjdc." } });
    assert!(told(&with(&latin).expect_err("no such entry")).contains("updox/9999: entries: there is no such entry"));
    latin["entries"] = json!({ "updox/4420": { "user": "Vjdc {code}." } });
    assert!(told(&with(&latin).expect_err("a brace")).contains("updox/4420: user: has a brace in it"));
    latin["entries"] = json!({ "updox/4420": { "user": "Vjdc jIH." } });
    let registry = with(&latin).unwrap_or_else(|problems| panic!("{}", told(&problems)));
    let asked = |code: u32| {
        let question = json!({"catalog":"updox","code":code,"locale":"tlh"});
        ask(&registry, &question)["classification"]["messages"].clone()
    };
    assert_eq!(
        (&asked(4420)["user"], &asked(4420)["english"]),
        (&json!("Vjdc jIH."), &json!(["operator", "developer"]))
    );
    assert_eq!(asked(4071)["english"], json!(["user", "operator", "developer"]), "the text is another entry's");
}

#[test]
fn a_number_leads_back_to_its_entry_and_a_place_to_its_catalog() {
    let own = catalog("own", &json!({ "extends": "updox", "entries": [of("code", json!(77), "Own")] }));
    let overlay = catalog("over", &json!({ "overlays": "updox", "entries": [of("code", json!(78), "Over")] }));
    for registry in [Registry::BUILT_IN, load(&[own, overlay])] {
        let mut seen = std::collections::BTreeSet::new();
        for catalog in registry.catalogs() {
            assert_eq!(registry.catalog_at(catalog.place()), Some(catalog), "{}", catalog.id());
            for entry in catalog.entries() {
                assert_eq!(registry.entry(entry.number()).map(|found| found.id()), Some(entry.id()));
                assert!(seen.insert(entry.number()), "{} has another's number", entry.id());
            }
        }
        let last = seen.last().expect("there are entries");
        assert!(registry.entry(last + 1).is_none() && registry.entry(u32::MAX).is_none());
        assert!(registry.catalog_at(usize::MAX).is_none());
    }
}

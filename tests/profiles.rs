//! The profiles: what holds for every decision by any of them, their files against the schema, and what one says as
//! JSON.

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;

use common::decisions::{ATTEMPTS, assert_sound, bound};
use common::mutate::mutations;
use common::schema::{errors, validator, validator_of};
use common::{answer, cases, files, json, text};
use proptest::prelude::*;
use retriage::profile::{ProfileFailure, Rule};
use retriage::source::{File, PROFILE_FIELDS, read_profiles};
use retriage::vocabulary::*;
use retriage::{
    Attempt, Budget, Catalog, Classification, Code, Decision, Entry, Evidence, Finding, MOST_MS, Profile, State,
    catalog, parse_budget, parse_profile, parse_state, profile, profiles,
};
use serde_json::{Value, json};

const RANDOMS: [f64; 3] = [0.0, 0.5, 0.999];
const METHODS: [Option<&str>; 3] = [None, Some("GET"), Some("POST")];

/// What would be found as this entry: by its key where it has one, or else as if the body had led there.
fn found<'a>(asked: Catalog<'a>, entry: Entry<'a>, headers: &'a [(&'a str, &'a str)]) -> Case<'a> {
    let key = entry.label().split(['.', '-']).next().unwrap_or_default();
    let by_status = entry.key_kind() == "status";
    let code = match key.parse() {
        Ok(number) => Code::Number(number),
        Err(_) => Code::Name(key),
    };
    let evidence = Evidence {
        status: by_status.then(|| key.parse().expect("a status is a number")),
        code: (entry.key_kind() == "code").then_some(code),
        failure: (entry.key_kind() == "failure").then(|| entry.label()),
        headers,
        details: false,
        ..Evidence::default()
    };
    let classification = asked.classify(&evidence);
    Case { evidence, classification: Classification { entry: Some(entry), words: entry.words(), ..classification } }
}

struct Case<'a> {
    evidence: Evidence<'a>,
    classification: Classification<'a>,
}

impl<'a> Case<'a> {
    fn decide(&self, attempt: &Attempt<'_>, profile: &Profile) -> Decision<'a> {
        self.classification.decide(&self.evidence, attempt, profile).expect("all that it needs is there")
    }
}

/// Every entry of every built-in catalog.
fn every_entry() -> Vec<Case<'static>> {
    let entries = retriage::catalogs().flat_map(|asked| asked.entries().map(move |entry| (asked, entry)));
    let cases: Vec<_> = entries.map(|(asked, entry)| found(asked, entry, &[])).collect();
    assert!(cases.len() > 400, "only {} entries", cases.len());
    cases
}

#[test]
fn what_may_have_taken_effect_is_repeated_only_where_that_is_safe() {
    let mut retries = BTreeMap::new();
    for case in every_entry() {
        for profile in profiles() {
            let bound = bound(profile, case.classification.entry.and_then(|entry| entry.wait_ms()));
            for method in METHODS {
                for number in 1..=ATTEMPTS {
                    for random in RANDOMS {
                        let attempt = Attempt { method, number, random: Some(random), ..Attempt::default() };
                        let decision = case.decide(&attempt, profile);
                        assert_sound(&decision, &attempt, profile);
                        let Some(delay) = decision.delay_ms else { continue };
                        *retries.entry(&*profile.id).or_insert(0) += 1;
                        assert!(delay as f64 <= bound, "{}: {delay} ms; {bound} at the most", profile.id);
                        let words = case.classification.words;
                        assert!(
                            words.processed == Processed::No
                                || method == Some("GET")
                                || profile.repeats_unsafe
                                || profile.select == Select::Sets,
                            "{}: {:?} is repeated by {method:?}",
                            profile.id,
                            case.classification.entry.map(|entry| entry.id()),
                        );
                    }
                }
            }
        }
    }
    assert_eq!(retries.len(), profiles().len(), "some profile never retries: {retries:?}");
}

#[test]
fn nothing_is_repeated_where_a_profile_does_not_retry() {
    let mut stopped = BTreeSet::new();
    for case in every_entry() {
        for profile in profiles() {
            for environment in Environment::ALL.iter().copied() {
                for mode in [None, Some(Mode::Async), Some(Mode::Sync)] {
                    let case = Case {
                        evidence: Evidence { mode, ..case.evidence },
                        classification: case.classification.clone(),
                    };
                    let attempt = Attempt { environment, random: Some(0.5), ..Attempt::default() };
                    let decision = case.decide(&attempt, profile);
                    assert_sound(&decision, &attempt, profile);
                    let here = profile.environments & 1 << environment as u8 != 0
                        && mode.is_none_or(|mode| profile.modes & 1 << mode as u8 != 0);
                    assert!(here || decision.action != Action::Retry, "{}: {environment} {mode:?}", profile.id);
                    if decision.cause == Cause::NotHere {
                        assert!(!here, "{}: {environment} {mode:?}", profile.id);
                        stopped.insert(&*profile.id);
                    }
                }
            }
        }
    }
    assert_eq!(stopped, BTreeSet::from(["redox-delivery"]));
}

#[test]
fn standard_never_shortens_what_a_server_asks_for_and_adds_a_third_at_the_most() {
    let standard = profile("standard").expect("it is the default");
    let mut heeded = 0;
    for seconds in [0_u32, 1, 7, 30, 300, 449] {
        let value = seconds.to_string();
        let headers = [("Retry-After", value.as_str())];
        for entry in retriage::catalogs().flat_map(Catalog::entries) {
            let case = found(entry.catalog(), entry, &headers);
            for number in 1..=ATTEMPTS {
                for random in [0.0, 0.5, 0.999, 0.999_999_999_999_999_9] {
                    let attempt = Attempt { method: Some("GET"), number, random: Some(random), ..Attempt::default() };
                    let decision = case.decide(&attempt, standard);
                    if let Some(delay) = decision.delay_ms {
                        let asked = u64::from(seconds) * 1_000;
                        assert!((asked..=asked * 4 / 3).contains(&delay), "{}: {delay} for {asked}", entry.id());
                        heeded += 1;
                    }
                }
            }
        }
    }
    assert!(heeded > 1_000, "only {heeded} hints were heeded");
}

#[test]
fn the_same_question_has_the_same_answer() {
    let shown = |decision: &Decision<'_>| serde_json::to_string(decision).expect("a decision is JSON");
    for case in every_entry() {
        for profile in profiles() {
            let attempt = Attempt { number: 2, random: Some(0.3), method: Some("PUT"), ..Attempt::default() };
            assert_eq!(shown(&case.decide(&attempt, profile)), shown(&case.decide(&attempt, profile)));
        }
    }
}

#[test]
fn the_farthest_numbers_do_no_harm() {
    let far = State { reauthenticated: true, previous_ms: Some(u64::MAX), restarted: u32::MAX, cost: Some(u64::MAX) };
    let headers = [("retry-after", "99999999999999999999999999"), ("x-amz-retry-after", "9007199254740993")];
    for entry in retriage::catalogs().flat_map(Catalog::entries) {
        let cases = [found(entry.catalog(), entry, &[]), found(entry.catalog(), entry, &headers)];
        for (case, profile) in cases.iter().flat_map(|case| profiles().iter().map(move |profile| (case, profile))) {
            let endless = Profile { attempts: None, deadline_ms: None, ..profile.clone() };
            for (state, budget) in [
                (State::default(), None),
                (far, Some(Budget { thousandths: u64::MAX })),
                (far, Some(Budget { thousandths: 0 })),
            ] {
                for elapsed_ms in [0, MOST_MS, u64::MAX] {
                    let attempt = Attempt {
                        number: u32::MAX,
                        elapsed_ms,
                        random: Some(0.999_999_999_999_999_9),
                        state,
                        budget: budget.filter(|_| profile.budget.is_some()),
                        ..Attempt::default()
                    };
                    assert_sound(&case.decide(&attempt, profile), &attempt, profile);
                    assert_sound(&case.decide(&attempt, &endless), &attempt, &endless);
                }
            }
        }
    }
}

#[test]
fn a_random_number_is_asked_for_where_chance_has_a_part() {
    let http = catalog("http").expect("it is built in");
    let evidence = Evidence { status: Some(503), ..Evidence::default() };
    let classification = http.classify(&evidence);
    for profile in profiles() {
        let error = classification.decide(&evidence, &Attempt::default(), profile).err();
        assert_eq!(
            error.map(|error| error.kind),
            profile.is_jittered().then_some(ErrorKind::NeedsRandom),
            "{}",
            profile.id
        );
        for random in [1.0, -0.1, f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e300] {
            let attempt = Attempt { random: Some(random), ..Attempt::default() };
            let error = classification.decide(&evidence, &attempt, profile).expect_err("it isn't in [0, 1)");
            assert_eq!((error.kind, error.at.as_str()), (ErrorKind::BadValue, "/random"), "{}: {random}", profile.id);
        }
        let attempt = Attempt { random: Some(0.5), number: 0, ..Attempt::default() };
        let error = classification.decide(&evidence, &attempt, profile).expect_err("the first attempt is 1");
        assert_eq!((error.kind, error.at.as_str()), (ErrorKind::BadValue, "/attempt"), "{}", profile.id);
    }
    // What JSON can write and no float can hold.
    let answer = retriage::answer(r#"{"status":503,"attempt":1,"random":1e999}"#);
    assert!(answer.contains(r#""kind":"bad_value""#) && answer.contains(r#""at":"/random""#), "{answer}");
}

#[test]
fn state_and_budget_are_small_and_come_back_from_json_as_they_were() {
    let states = [
        State::default(),
        State { reauthenticated: true, ..State::default() },
        State { previous_ms: Some(MOST_MS), restarted: u32::MAX, cost: Some(1_000_000_000), reauthenticated: true },
        State { previous_ms: Some(0), restarted: 1, cost: Some(1), reauthenticated: false },
    ];
    let budgets = [None, Some(0), Some(1), Some(9_999), Some(1_000_000_000)];
    for state in states {
        for budget in budgets.map(|budget| budget.map(|thousandths| Budget { thousandths })) {
            let state = serde_json::to_value(state).expect("a state is JSON");
            let budget = serde_json::to_value(budget).expect("a budget is JSON");
            assert!(state.to_string().len() < 100 && budget.to_string().len() < 100, "{state} {budget}");
            // What isn't retried leaves both alone.
            let question =
                json!({ "status": 404, "profile": "standard", "random": 0, "state": state, "budget": budget });
            let decision = &answer(&question)["decision"];
            assert_eq!((&decision["state"], &decision["budget"]), (&state, &budget));
        }
    }
}

/// An answer that comes back is heard: the budget of a decision is the one that the next gets.
#[test]
fn a_budget_runs_out_and_fills_again() {
    let aws = profile("aws-standard").expect("it is built in");
    let http = catalog("http").expect("it is built in");
    let down = Evidence { status: Some(503), ..Evidence::default() };
    let up = Evidence { status: Some(200), ..Evidence::default() };
    let attempt = |budget| Attempt { random: Some(0.5), budget, ..Attempt::default() };
    let mut budget = None;
    for _ in 0..100 {
        let decision = http.classify(&down).decide(&down, &attempt(budget), aws).expect("it is all there");
        assert_eq!(decision.action, Action::Retry);
        budget = decision.budget;
    }
    let decision = http.classify(&down).decide(&down, &attempt(budget), aws).expect("it is all there");
    assert_eq!((decision.action, decision.cause), (Action::Stop, Cause::Budget));
    for _ in 0..5 {
        let decision = http.classify(&up).decide(&up, &attempt(budget), aws).expect("it is all there");
        budget = decision.budget;
    }
    let decision = http.classify(&down).decide(&down, &attempt(budget), aws).expect("it is all there");
    assert_eq!((decision.action, decision.budget), (Action::Retry, Some(Budget { thousandths: 0 })));
}

/// A request as its client goes through it: what the decision gives back is what the next attempt gets.
fn waits(profile: &Value, catalog: &str, answers: &[Value]) -> Vec<Value> {
    let mut state = json!({});
    answers
        .iter()
        .enumerate()
        .map(|(at, came)| {
            let mut question = json!({
                "catalog": catalog, "profile": profile, "attempt": at + 1, "random": 0.5, "state": state
            });
            question.as_object_mut().expect("it is an object").extend(came.as_object().expect("it is one").clone());
            let decision = answer(&question)["decision"].clone();
            state = decision["state"].clone();
            decision["delay_ms"].clone()
        })
        .collect()
}

#[test]
fn a_request_remembers_what_its_profile_needs() {
    let unavailable = json!({ "code": "UNAVAILABLE" });
    let pushback = json!({ "code": "UNAVAILABLE", "headers": { "grpc-retry-pushback-ms": "700" } });
    let answers = [&unavailable, &unavailable, &pushback, &unavailable].map(Clone::clone);
    assert_eq!(waits(&json!("grpc"), "grpc", &answers), [json!(100), json!(200), json!(700), json!(100)]);
    let decorrelated = json!({ "backoff": { "base_ms": 100, "cap_ms": 500 }, "jitter": { "kind": "decorrelated" } });
    let answers = vec![json!({ "status": 503 }); 4];
    assert_eq!(waits(&decorrelated, "http", &answers), [json!(200), json!(350), json!(500), json!(500)]);
}

// Profiles and decisions as values.

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

// The files, the schema and the reader.

/// The names that the profiles use are names that something has.
#[test]
fn every_failure_and_entry_that_a_profile_names_is_known() {
    let transport = catalog("transport").expect("it is built in");
    let entries: BTreeSet<&str> = retriage::catalogs().flat_map(Catalog::entries).map(|entry| entry.id()).collect();
    let mut unknown = Vec::new();
    for profile in profiles() {
        let exceptions = profile.exceptions.iter().flat_map(|exception| exception.when.iter());
        for rule in profile.rules.iter().chain(exceptions) {
            let Rule { failures, not_failures, .. } = rule;
            for failure in failures.iter().chain(not_failures.iter()) {
                if let ProfileFailure::Name(name) = failure
                    && transport.find_failure(name).is_none()
                {
                    unknown.push(format!("{}: {name}", profile.id));
                }
            }
            unknown.extend(
                rule.entries.iter().filter(|id| !entries.contains(&***id)).map(|id| format!("{}: {id}", profile.id)),
            );
        }
    }
    assert!(unknown.is_empty(), "{unknown:?}");
}

#[test]
fn every_file_is_valid_and_built_in() {
    let schema = validator("profile");
    let mut ids = Vec::new();
    for name in files("codes/profiles") {
        let file = json(&format!("codes/profiles/{name}"));
        assert_eq!(errors(&schema, &file), Vec::<String>::new(), "{name}");
        assert_eq!(file["$schema"], "../profile.schema.json", "{name}");
        let id = file["id"].as_str().expect("an id is a text");
        assert_eq!(name, format!("{id}.json"));
        ids.push(id.to_owned());
    }
    ids.sort();
    assert_eq!(ids, profiles().iter().map(|profile| profile.id.clone()).collect::<Vec<_>>());
}

/// What a build prints is what a file says: each built-in profile is the one that its file is read to.
#[test]
fn a_built_in_profile_is_its_file() {
    for name in files("codes/profiles") {
        let text = text(&format!("codes/profiles/{name}"));
        let read = read_profiles(&[File { name: &name, text: &text }]).expect("the file is built in");
        let built_in = profile(&read[0].id).expect("the file is built in");
        assert_eq!(read, std::slice::from_ref(built_in), "{name}");
    }
}

#[test]
fn a_source_is_cited_with_its_date_or_the_day_it_was_read() {
    let cited = |id: &str, key: &str| {
        let profile = profile(id).expect("a built-in profile");
        profile.sources.iter().find(|source| source.key == key).map(ToString::to_string)
    };
    assert_eq!(cited("standard", "design").as_deref(), Some("retriage, The standard profile (2026-11-21)"));
    let read = "Svix, Svix documentation: Retry Schedule (read 2026-11-21)";
    assert_eq!(cited("svix", "svix").as_deref(), Some(read));
}

/// A profile that says everything that a file can say.
fn whole() -> Value {
    json!({
        "$schema": "../profile.schema.json",
        "id": "whole-1.0",
        "name": "Whole",
        "about": "A profile that says everything.",
        "sources": {
            "one": { "title": "A document", "publisher": "Somebody", "date": "2026-01-01" },
            "other": { "title": "Another", "publisher": "Somebody", "read": "2026-01-02", "note": "Found later." }
        },
        "why": "To be complete.",
        "attempts": 5,
        "deadline_ms": 60_000,
        "select": "sets",
        "rules": [
            {
                "statuses": [0, "5xx", [420, 430]], "except": [501], "codes": ["LOCKED", 4651], "entries": ["http/503"],
                "match": "exact", "methods": ["GET"], "not_methods": ["POST"], "hint": "valid"
            },
            { "failures": ["@any", "ECONNRESET"], "not_failures": ["@cancelled"] }
        ],
        "decisive_header": "x-should-retry",
        "refusing_header": "x-overloaded",
        "repeats_unsafe": true,
        "environments": ["production", "staging"],
        "modes": ["async", "sync"],
        "backoff": {
            "growth": "schedule", "base_ms": 100, "factor": 1.5, "cap_ms": 5_000, "schedule_ms": [1, 2], "first_ms": 0
        },
        "jitter": { "kind": "additive", "ratio": 2.5, "ms": 10, "capped": true },
        "hints": {
            "from": [
                { "header": "retry-after", "forms": ["seconds", "date"], "epoch_from": 1_704_067_200, "single": true }
            ],
            "statuses": [429, "5xx"],
            "ignore_zero": true,
            "past_ms": 1,
            "invalid": "hide",
            "limit_ms": 60_000,
            "over": "stop",
            "use": "clamp",
            "clamp_ms": 5_000,
            "clamp_times": 2,
            "jitter": { "kind": "symmetric", "ratio": 0.2 },
            "restarts": true
        },
        "exceptions": [
            {
                "when": [{ "statuses": [429] }],
                "backoff": { "base_ms": 1_000 }, "floor_ms": 60_000, "cost": 10, "scope": "client"
            }
        ],
        "budget": {
            "capacity": 500, "cost": 5, "charge": "failure", "threshold": 250, "refund": 0.1, "idle_refund": 1
        },
        "scope": "destination",
        "alert": {
            "depth": 1, "after": ["refused", "unanswered"], "opens": "10:00", "closes": "22:00",
            "zone": "America/New_York", "why": "Somebody sleeps."
        }
    })
}

/// What is wrong with a file, by the reader.
fn problems(file: &Value) -> Vec<String> {
    let text = file.to_string();
    let read = read_profiles(&[File { name: "file", text: &text }]);
    read.err().into_iter().flatten().map(|problem| problem.what).collect()
}

/// What only the reader can see, because it takes two places or a calendar.
const UNSEEN_BY_THE_SCHEMA: &[&str] = &[
    "is not a date such as",
    "has a control character in it",
    "ends before it begins",
    "leaves no status",
    "is missing: growth is schedule",
    "is when it opens",
    "must be a whole number from",
];

#[test]
fn schema_and_reader_agree() {
    let (schema, whole) = (validator("profile"), whole());
    assert_eq!((errors(&schema, &whole), problems(&whole)), (Vec::new(), Vec::new()));
    let (mut refused, mut accepted, mut wrong) = (0, 0, Vec::new());
    for mutation in mutations(&whole) {
        let (by_schema, by_reader) = (errors(&schema, &mutation.value), problems(&mutation.value));
        match (by_schema.is_empty(), by_reader.is_empty()) {
            (false, false) => refused += 1,
            (true, true) => accepted += 1,
            (false, true) => wrong.push(format!("{}: the schema alone refuses it: {by_schema:?}", mutation.what)),
            (true, false) => {
                let unseen = |problem: &String| UNSEEN_BY_THE_SCHEMA.iter().any(|known| problem.contains(known));
                if !by_reader.iter().all(unseen) {
                    wrong.push(format!("{}: the reader alone refuses it: {by_reader:?}", mutation.what));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} are wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert!(refused > 1_000 && accepted > 100, "{refused} refused, {accepted} accepted");
}

#[test]
fn the_fields_of_each_object_are_those_the_reader_takes() {
    let schema = json("codes/profile.schema.json");
    let names = |definition: &Value| -> BTreeSet<String> {
        definition["properties"].as_object().into_iter().flatten().map(|(name, _)| name.clone()).collect()
    };
    let mut described = BTreeMap::new();
    for (name, definition) in schema["$defs"].as_object().expect("there are definitions") {
        if definition["properties"].is_object() {
            for (field, one) in definition["properties"].as_object().into_iter().flatten() {
                assert!(one["description"].is_string() || one["$ref"].is_string(), "{name}: {field} says nothing");
            }
            described.insert(name.as_str(), names(definition));
        }
    }
    let known: BTreeMap<&str, BTreeSet<String>> = PROFILE_FIELDS
        .iter()
        .map(|(name, fields)| (*name, fields.iter().map(|field| (*field).to_owned()).collect()))
        .collect();
    assert_eq!(described, known);
    // What the schema says of a file beside that is about the same fields.
    assert!(names(&schema).is_subset(&known["profile"]));
}

#[test]
fn the_words_of_a_profile_are_the_vocabulary() {
    fn words<T: Copy>(all: &[T], spell: fn(T) -> &'static str) -> Vec<&'static str> {
        all.iter().map(|word| spell(*word)).collect()
    }
    fn collect(place: &str, value: &Value, found: &mut BTreeMap<String, Vec<String>>) {
        if let Some(words) = value["enum"].as_array() {
            let words = words.iter().map(|word| word.as_str().expect("a word is a text").to_owned());
            found.insert(place.to_owned(), words.collect());
        }
        let members = value.as_object().into_iter().flatten().filter(|(name, _)| *name != "if");
        members.for_each(|(name, value)| collect(&format!("{place}/{name}"), value, found));
        let items = value.as_array().into_iter().flatten().enumerate();
        items.for_each(|(at, value)| collect(&format!("{place}/{at}"), value, found));
    }
    let mut found = BTreeMap::new();
    collect("", &json("codes/profile.schema.json")["$defs"], &mut found);
    let expected = BTreeMap::from([
        ("/profile/properties/select", words(Select::ALL, Select::as_str)),
        ("/profile/properties/modes/items", words(Mode::ALL, Mode::as_str)),
        ("/rule/properties/match", words(Match::ALL, Match::as_str)),
        ("/rule/properties/hint", words(HintNeed::ALL, HintNeed::as_str)),
        ("/statuses/items/anyOf/1", vec!["1xx", "2xx", "3xx", "4xx", "5xx"]),
        ("/failure_kind", words(FailureKind::ALL, FailureKind::as_str)),
        ("/backoff/properties/growth", words(Growth::ALL, Growth::as_str)),
        ("/jitter/properties/kind", words(JitterKind::ALL, JitterKind::as_str)),
        ("/hints/properties/from/anyOf/0", vec!["classified", "none"]),
        ("/hints/properties/invalid", words(InvalidHint::ALL, InvalidHint::as_str)),
        ("/hints/properties/over", words(Over::ALL, Over::as_str)),
        ("/hints/properties/use", words(HintUse::ALL, HintUse::as_str)),
        ("/hint_header/properties/forms/items", words(HintForm::ALL, HintForm::as_str)),
        ("/budget/properties/charge", words(Charge::ALL, Charge::as_str)),
        ("/alert/properties/after/items", words(Trouble::ALL, Trouble::as_str)),
    ]);
    let sorted = |words: Vec<String>| words.into_iter().collect::<BTreeSet<String>>();
    let found: BTreeMap<String, _> = found.into_iter().map(|(place, words)| (place, sorted(words))).collect();
    let expected: BTreeMap<String, _> = expected
        .into_iter()
        .map(|(place, words)| (place.to_owned(), sorted(words.into_iter().map(str::to_owned).collect())))
        .collect();
    assert_eq!(found, expected);
}

/// A profile of a question may leave out what a file may not; what then is missing or in vain is seen by the reader.
#[test]
fn a_questions_profile_is_described_too() {
    let inline = validator_of("profile", "profile");
    let unseen = [UNSEEN_BY_THE_SCHEMA, &["no such profile", "is missing", "count for nothing"]].concat();
    let (mut good, mut bad) = (0, 0);
    for case in cases().iter().filter(|case| case.question["profile"].is_object()) {
        let wrong = errors(&inline, &case.question["profile"]);
        let error = &answer(&case.question)["error"];
        let refused = error["at"].as_str().is_some_and(|at| at.starts_with("/profile"));
        let message = error["message"].as_str().unwrap_or_default();
        let is_unseen = unseen.iter().any(|known| message.contains(known));
        assert!(refused || wrong.is_empty(), "{}: the schema alone refuses it: {wrong:?}", case.name);
        assert!(!refused || is_unseen || !wrong.is_empty(), "{}: the reader alone does: {message}", case.name);
        *if refused { &mut bad } else { &mut good } += 1;
    }
    assert!(good > 100 && bad > 30, "{good} good and {bad} bad profiles");
}

fn word<T: Copy + Debug>(all: &'static [T], spell: fn(T) -> &'static str) -> impl Strategy<Value = &'static str> {
    prop::sample::select(all).prop_map(spell)
}

fn milliseconds() -> impl Strategy<Value = u64> {
    prop_oneof![Just(0), 1..10_u64, 100..100_000_u64, Just(MOST_MS)]
}

fn number() -> impl Strategy<Value = f64> {
    prop_oneof![Just(0.0), Just(1.0), Just(1.000_000_1), Just(1_000.0), 0.0..2.0]
}

prop_compose! {
    fn any_backoff()(
        growth in word(Growth::ALL, Growth::as_str), base in milliseconds(), factor in number(),
        cap in prop::option::of(milliseconds()), schedule in prop::collection::vec(milliseconds(), 1..4),
        first in prop::option::of(milliseconds()),
    ) -> Value {
        json!({
            "growth": growth, "base_ms": base, "factor": factor, "cap_ms": cap, "schedule_ms": schedule,
            "first_ms": first
        })
    }
}

prop_compose! {
    fn any_jitter()(
        kind in word(JitterKind::ALL, JitterKind::as_str), ratio in 0.0..=1.0, ms in milliseconds(),
        capped in any::<bool>(),
    ) -> Value {
        json!({ "kind": kind, "ratio": ratio, "ms": ms, "capped": capped })
    }
}

prop_compose! {
    fn any_hints()(
        form in word(HintForm::ALL, HintForm::as_str), ignore_zero in any::<bool>(), past in milliseconds(),
        limit in prop::option::of(milliseconds()), over in word(Over::ALL, Over::as_str),
        using in word(HintUse::ALL, HintUse::as_str), clamp in milliseconds(), times in number(),
        jitter in any_jitter(), restarts in any::<bool>(),
    ) -> Value {
        json!({
            "from": [{ "header": "retry-after", "forms": [form] }], "ignore_zero": ignore_zero, "past_ms": past,
            "limit_ms": limit, "over": over, "use": using, "clamp_ms": clamp, "clamp_times": times, "jitter": jitter,
            "restarts": restarts
        })
    }
}

proptest! {
    /// A profile of any numbers gives a decision that holds together, or says what is wrong with the profile.
    #[test]
    fn no_numbers_of_a_profile_do_harm(
        backoff in any_backoff(), jitter in any_jitter(), hints in any_hints(), other in any_backoff(),
        deadline in prop::option::of(milliseconds()), floor in milliseconds(), cost in number(), capacity in number(),
        charge in word(Charge::ALL, Charge::as_str), status in prop::sample::select(&[200, 404, 429, 500, 503][..]),
        header in prop::sample::select(
            &["0", "7", "-1", "1e308", "1e999", "inf", "nan", "soon", "Sat, 21 Nov 2026 12:00:30 GMT"][..]
        ),
        attempt in prop_oneof![1..8_u32, Just(u32::MAX)], elapsed in milliseconds(), random in 0.0..1.0_f64,
        previous in milliseconds(), restarted in prop_oneof![0..4_u32, Just(u32::MAX)],
    ) {
        let question = json!({
            "status": status, "method": "GET", "headers": { "Retry-After": header }, "now": "2026-11-21T12:00:00Z",
            "attempt": attempt, "elapsed_ms": elapsed, "random": random,
            "state": { "previous_ms": previous, "restarted": restarted },
            "profile": {
                "attempts": null, "deadline_ms": deadline, "backoff": backoff, "jitter": jitter, "hints": hints,
                "exceptions": [{ "when": [{ "statuses": [429] }], "backoff": other, "floor_ms": floor, "cost": cost }],
                "budget": { "capacity": capacity, "cost": cost, "charge": charge, "threshold": cost }
            }
        });
        let answer = answer(&question);
        if let Some(error) = answer.get("error") {
            // Decorrelated jitter has no share in a hint.
            prop_assert_eq!(&error["at"], "/profile/hints");
            prop_assert_eq!(&question["profile"]["hints"]["jitter"]["kind"], "decorrelated");
        } else {
            let decision = &answer["decision"];
            for field in ["delay_ms", "not_before_ms"] {
                prop_assert!(decision[field].is_null() || decision[field].as_u64().is_some_and(|ms| ms <= MOST_MS));
            }
            if decision["action"] == "retry" {
                let next = elapsed.saturating_add(decision["delay_ms"].as_u64().expect("a retry has a delay"));
                prop_assert!(deadline.is_none_or(|deadline| next < deadline));
            }
            prop_assert!(decision["state"].to_string().len() < 100);
            prop_assert!(decision["budget"].to_string().len() < 100);
        }
    }
}

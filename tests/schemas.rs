//! The schemas against the core: what they describe is what it reads and what it answers, no more and no less.

mod common;

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use common::generate::{advice, decisions, deliveries};
use common::mutate::{at_bounds, mutations};
use common::schema::{errors, validator, validator_of};
use common::{answer, cases, files, json, text};
use jsonschema::Validator;
use retriage::source::{FIELDS, FORMAT_FIELDS, File, MESSAGE_FIELDS, PER, Problem, Sources, UNITS, read_translations};
use retriage::vocabulary::*;
use retriage::{LONGEST_ID, Question};
use serde_json::{Value, json};

/// Every schema, by the part of its name that tells them apart.
fn schemas() -> Vec<String> {
    let names: Vec<String> =
        files("codes").iter().filter_map(|name| name.strip_suffix(".schema.json")).map(str::to_owned).collect();
    assert!(names.len() > 4, "only {names:?}");
    names
}

fn schema(name: &str) -> Value {
    json(&format!("codes/{name}.schema.json"))
}

/// Every object of a schema that stands where a schema may stand, with its place.
fn subschemas<'s>(schema: &'s Value, place: String, found: &mut Vec<(String, &'s Value)>) {
    let Some(members) = schema.as_object() else { return };
    for (keyword, value) in members {
        let below = format!("{place}/{keyword}");
        match keyword.as_str() {
            "items" | "additionalProperties" | "propertyNames" | "not" | "if" | "then" | "else" => {
                subschemas(value, below, found);
            }
            "anyOf" | "oneOf" | "allOf" => {
                for (at, one) in value.as_array().into_iter().flatten().enumerate() {
                    subschemas(one, format!("{below}/{at}"), found);
                }
            }
            "properties" | "$defs" | "dependentSchemas" => {
                for (name, one) in value.as_object().into_iter().flatten() {
                    subschemas(one, format!("{below}/{}", name.replace('~', "~0").replace('/', "~1")), found);
                }
            }
            _ => {}
        }
    }
    found.push((place, schema));
}

fn all_subschemas(schema: &Value) -> Vec<(String, &Value)> {
    let mut found = Vec::new();
    subschemas(schema, String::new(), &mut found);
    found
}

/// Whether the place is one of a condition, which describes nothing by itself.
fn is_conditional(place: &str) -> bool {
    ["/not", "/if", "/then", "/else"].iter().any(|keyword| place.contains(keyword))
}

#[test]
fn each_schema_is_one() {
    for name in schemas() {
        let schema = schema(&name);
        assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema", "{name}");
        if let Err(error) = jsonschema::draft202012::meta::validate(&schema) {
            panic!("{name}: {}: {error}", error.instance_path());
        }
        validator(&name);
    }
}

/// What isn't described can't be asked or answered.
#[test]
fn every_object_is_closed() {
    for name in schemas() {
        let schema = schema(&name);
        for (place, one) in all_subschemas(&schema) {
            // Conditions on an object that is described elsewhere aren't descriptions.
            if one.get("type") != Some(&json!("object")) {
                continue;
            }
            let closed = &one["additionalProperties"];
            assert!(closed == &json!(false) || closed.is_object(), "{name}: {place} admits fields it doesn't describe");
        }
    }
}

#[test]
fn every_field_of_the_wire_form_is_described() {
    for name in ["question", "answer"] {
        let schema = schema(name);
        for (place, one) in all_subschemas(&schema) {
            // A condition speaks of fields that are described elsewhere.
            if !place.contains("/properties/") || is_conditional(&place) || place.contains("/oneOf/") {
                continue;
            }
            let is_field = place.rsplit('/').nth(1) == Some("properties");
            let referred = one["$ref"].as_str().and_then(|to| schema.pointer(to.trim_start_matches('#')));
            let described =
                |schema: &Value| schema["description"].as_str().is_some_and(|text| text.ends_with(['.', '?']));
            assert!(!is_field || described(one) || referred.is_some_and(described), "{name}: {place} says nothing");
        }
    }
}

#[test]
fn every_file_is_valid() {
    let catalog = validator("catalog");
    for name in files("codes/catalogs") {
        let file = json(&format!("codes/catalogs/{name}"));
        assert_eq!(errors(&catalog, &file), Vec::<String>::new(), "{name}");
        assert_eq!(file["$schema"], "../catalog.schema.json", "{name}");
    }
    let formats = json("codes/formats.json");
    assert_eq!(errors(&validator("formats"), &formats), Vec::<String>::new());
    assert_eq!(formats["$schema"], "formats.schema.json");
    let messages = validator("messages");
    for name in files("codes/messages") {
        let file = json(&format!("codes/messages/{name}"));
        assert_eq!(errors(&messages, &file), Vec::<String>::new(), "{name}");
        assert_eq!(file["$schema"], "../messages.schema.json", "{name}");
    }
    assert_eq!(errors(&catalog, &json("tests/mistakes/good.json")), Vec::<String>::new());
}

#[test]
fn every_question_and_answer_of_the_vectors_is_valid() {
    let (questions, answers) = (validator("question"), validator("answer"));
    for case in cases() {
        let answer = case.answered();
        let wrong = errors(&answers, &answer);
        assert!(wrong.is_empty(), "{}: {}: {wrong:?}\n{answer}", case.file, case.name);
        // A schema sees only what a map can hold.
        if case.text.is_some() {
            continue;
        }
        if let Some(wrong) = disagreement(&questions, &case.question) {
            panic!("{}: {}: {wrong}\n{}", case.file, case.name, case.question);
        }
    }
}

/// A question that its schema refuses is answered with an error; one that it admits is not, unless what is wrong is
/// what no schema sees.
fn disagreement(schema: &Validator, question: &Value) -> Option<String> {
    let wrong = errors(schema, question);
    let answer = answer(question);
    match answer.get("error") {
        None if wrong.is_empty() => None,
        None => Some(format!("the schema alone refuses it: {wrong:?}")),
        Some(error) if !wrong.is_empty() || is_unseen(question, error) => None,
        Some(_) => Some(format!("the reader alone refuses it: {answer}")),
    }
}

/// Whether it takes more than a schema to see the error: a catalog, a profile, a calendar, or the bytes of a text.
fn is_unseen(question: &Value, error: &Value) -> bool {
    let (kind, at) = (error["kind"].as_str().unwrap_or_default(), error["at"].as_str().unwrap_or_default());
    let field = at.rsplit('/').next().unwrap_or_default();
    match (kind, question.pointer(at)) {
        ("unknown_catalog" | "unknown_entry" | "unknown_profile" | "needs_random" | "needs_now", _) => true,
        _ if at.starts_with("/profile/") => true,
        ("missing_field", _) => field == "offset_minutes",
        // A text that is no time, or no base64.
        ("bad_value", Some(Value::String(_))) if ["now", "body_base64"].contains(&field) => true,
        // An id is measured in bytes, not in characters.
        ("bad_value", Some(Value::String(text))) => text.len() > LONGEST_ID && text.chars().count() <= LONGEST_ID,
        // To a schema 1.0 is a whole number.
        ("bad_value", Some(Value::Number(number))) => {
            number.is_f64() && number.as_f64().is_some_and(|number| number.fract() == 0.0)
        }
        _ => false,
    }
}

#[test]
fn schema_and_reader_agree_on_questions() {
    let schema = validator("question");
    let pairs = json!([["Retry-After", "120"], ["x-code", "5"]]);
    let lists = json!({ "Retry-After": "120", "x-code": ["5", "6"] });
    let good = [
        json!({
            "ask": "classify", "catalog": "updox", "entry": "updox/4651", "status": 200, "code": 4651, "failure": "ECONNRESET",
            "headers": lists, "body": { "responseCode": 4651 }, "control_id": "MSG1", "mode": "async",
            "now": "2026-11-21T12:00:00.5+01:00", "body_limit": 1_000, "details": true
        }),
        json!({ "code": "AE", "catalog": "hl7v2", "headers": pairs, "body_base64": "TVNI", "now": 0, "mode": "sync" }),
        json!({ "ask": "entry", "entry": "redox/401.source_not_found" }),
        json!({ "ask": "entry", "catalog": "redox", "status": 401 }),
        json!({ "ask": "entry", "catalog": "updox", "code": "4651" }),
        json!({ "ask": "entry", "failure": "ECONNRESET" }),
        json!({ "ask": "limits", "catalog": "redox" }),
        json!({
            "status": 503, "profile": "standard", "method": "POST", "idempotent": true, "verified": "not_processed",
            "environment": "staging", "attempt": 2, "elapsed_ms": 1_500, "random": 0.25, "budget": { "tokens": 12.5 },
            "state": { "reauthenticated": true, "previous_ms": 500, "restarted": 1, "cost": 1.5 }, "locale": "es-MX"
        }),
        json!({ "status": 503, "profile": { "attempts": 3 }, "random": 0, "locale": ["es-MX", "en"] }),
        json!({ "ask": "advise", "catalog": "redox", "intent": "down", "environment": "production", "status": 503 }),
        json!({ "ask": "advise", "catalog": "hl7v2", "code": "AE" }),
        json!({
            "ask": "deliver", "catalog": "redox", "mode": "async", "environment": "production", "capacity": 3,
            "queue": {
                "waiting": ["a", "b"], "phase": "waiting", "attempt": 2, "first_sent_ms": 0, "until_ms": 9_000,
                "now_ms": 5_000, "trouble": "refused", "state": { "cost": 5 }, "budget": { "tokens": 0.5 },
                "paused": true, "alert": "held", "alert_until_ms": 60_000
            },
            "events": [{ "event": "tick", "now": 9_000, "offset_minutes": -300 }]
        }),
        json!({
            "ask": "deliver",
            "queue": { "waiting": ["a"], "phase": "in_flight", "attempt": 1, "first_sent_ms": 0, "alert": "open" },
            "events": [
                {
                    "event": "answered", "id": "a", "attempt": 1, "now": "1970-01-01T00:00:01Z", "random": 0.5,
                    "status": 503, "code": 5, "failure": "ECONNRESET", "headers": lists, "body": "", "control_id": "M"
                },
                { "event": "enqueued", "id": "b", "now": 2_000 },
                { "event": "retry_now", "id": "a", "now": 2_000 },
                { "event": "answered", "id": "a", "now": 3_000, "body_base64": "TVNI", "random": 0 },
                { "event": "unanswered", "id": "b", "attempt": 1, "failure": "ETIMEDOUT", "now": 4_000, "random": 0 },
                { "event": "skip", "id": "b", "now": 5_000 }
            ]
        }),
        json!({
            "ask": "deliver",
            "queue": { "waiting": [], "phase": "idle", "attempt": 0, "state": { "restarted": 0 }, "alert": "none" },
            "events": [{ "event": "pause", "now": 0 }, { "event": "resume", "now": 0 }, { "event": "restarted", "now": 0 }]
        }),
    ];
    let mut fields = BTreeSet::new();
    for good in good {
        assert_eq!(disagreement(&schema, &good), None, "{good}");
        assert!(answer(&good).get("error").is_none(), "{good}: {}", answer(&good));
        fields.extend(good.as_object().into_iter().flatten().map(|(name, _)| name.clone()));
        for mutation in mutations(&good).into_iter().chain(at_bounds(&good, &json("codes/question.schema.json"))) {
            assert_eq!(disagreement(&schema, &mutation.value), None, "{good}: {}", mutation.what);
        }
    }
    assert_eq!(fields.iter().map(String::as_str).collect::<BTreeSet<_>>(), sorted(Question::FIELDS.iter().copied()));
}

/// What generated answers say, by the name of the set the words are of.
#[derive(Default)]
struct Said(BTreeMap<&'static str, BTreeSet<String>>);

impl Said {
    fn note(&mut self, set: &'static str, word: &Value) {
        if let Some(word) = word.as_str() {
            self.0.entry(set).or_default().insert(word.to_owned());
        }
    }

    /// Nothing was left unsaid.
    fn assert_all<T: Copy>(&self, set: &str, all: &[T], spell: fn(T) -> &'static str) {
        let said = self.0.get(set).map(|words| words.iter().map(String::as_str).collect()).unwrap_or_default();
        let missing: Vec<&str> = sorted(words(all, spell)).difference(&said).copied().collect();
        assert!(missing.is_empty(), "no answer says the {set} {missing:?}");
    }
}

/// Every part of an answer that comes new is as its schema describes it, and so is its question.
struct Held {
    questions: Validator,
    answers: Validator,
    seen: BTreeSet<String>,
}

impl Held {
    fn new() -> Self {
        Self { questions: validator("question"), answers: validator("answer"), seen: BTreeSet::new() }
    }

    fn hold(&mut self, question: &Value, answer: &Value, part: &Value) {
        if self.seen.insert(part.to_string()) {
            assert_eq!(errors(&self.questions, question), Vec::<String>::new(), "{question}");
            assert_eq!(errors(&self.answers, answer), Vec::<String>::new(), "{question}: {answer}");
        }
    }
}

#[test]
fn every_decision_is_answered_as_described() {
    let (mut held, mut said) = (Held::new(), Said::default());
    for mut question in decisions() {
        // What one decision gives back goes into the next, until the attempts are used up.
        for attempt in [1, 2, 9] {
            question["attempt"] = json!(attempt);
            let answer = answer(&question);
            let decision = &answer["decision"];
            held.hold(&question, &answer, decision);
            said.note("action", &decision["action"]);
            said.note("reason", &decision["reason"]);
            for weighed in decision["because"].as_array().into_iter().flatten() {
                said.note("step", &weighed["step"]);
            }
            question["state"] = decision["state"].clone();
            question["budget"] = decision["budget"].clone();
        }
    }
    said.assert_all("action", Action::ALL, Action::as_str);
    said.assert_all("reason", Cause::ALL, Cause::as_str);
    said.assert_all("step", Weighed::ALL, Weighed::as_str);
    assert!(held.seen.len() > 1_000, "only {} different decisions", held.seen.len());
}

#[test]
fn all_advice_is_answered_as_described() {
    let (mut held, mut said) = (Held::new(), Said::default());
    for question in advice() {
        let answer = answer(&question);
        held.hold(&question, &answer, &json!([answer["advice"], answer["error"]["kind"]]));
        let advice = &answer["advice"];
        assert!(advice.is_object() || answer["error"]["kind"] == "unknown_entry", "{question}: {answer}");
        said.note("intent", &advice["advised"]["intent"]);
        said.note("sender", &advice["advised"]["sender"]);
        said.note("sender", &advice["received"]["sender"]);
        for warning in advice["warnings"].as_array().into_iter().flatten() {
            said.note("warning", warning);
        }
    }
    said.assert_all("intent", Intent::ALL, Intent::as_str);
    let senders = retriage::catalogs().flat_map(|catalog| catalog.intents().chain(catalog.received()));
    let senders: Vec<Sender> = senders.map(|answer| answer.sender()).collect();
    said.assert_all("sender", &senders, Sender::as_str);
    said.assert_all("warning", Warning::ALL, Warning::as_str);
}

/// What happens one event at a time, with the queue given back each time, is what happens all at once.
#[test]
fn every_delivery_is_answered_as_described() {
    let (mut held, mut said) = (Held::new(), Said::default());
    for mut delivery in deliveries() {
        let mut question = delivery.question.clone();
        let (mut events, mut steps) = (Vec::new(), Vec::new());
        for _ in 0..30 {
            let event = delivery.event(&question["queue"]);
            question["events"] = json!([event]);
            let answer = answer(&question);
            let delivered = &answer["delivery"];
            held.hold(&question, &answer, &answer);
            for act in delivered["steps"][0].as_array().into_iter().flatten() {
                said.note("action", &act["action"]);
                said.note("reason", &act["reason"]);
            }
            for set in ["phase", "alert", "trouble"] {
                said.note(set, &delivered["queue"][set]);
            }
            events.push(event);
            steps.push(delivered["steps"][0].clone());
            question["queue"] = delivered["queue"].clone();
        }
        let mut whole = delivery.question;
        whole["events"] = json!(events);
        let answer = answer(&whole);
        held.hold(&whole, &answer, &answer);
        assert_eq!(answer["delivery"], json!({ "steps": steps, "queue": question["queue"] }), "{whole}");
    }
    said.assert_all("action", DeliveryAction::ALL, DeliveryAction::as_str);
    said.assert_all("reason", DeliveryReason::ALL, DeliveryReason::as_str);
    said.assert_all("phase", Phase::ALL, Phase::as_str);
    said.assert_all("alert", Alarm::ALL, Alarm::as_str);
    said.assert_all("trouble", Trouble::ALL, Trouble::as_str);
}

#[test]
fn every_entry_limit_and_catalog_is_answered_as_described() {
    let answers = validator("answer");
    let mut asked = Vec::new();
    for catalog in retriage::catalogs() {
        asked.push(json!({ "ask": "limits", "catalog": catalog.id() }));
        asked.extend(catalog.entries().map(|entry| json!({ "ask": "entry", "entry": entry.id() })));
    }
    assert!(asked.len() > 400, "only {} questions", asked.len());
    for question in asked {
        let answer = answer(&question);
        assert!(answer.get("error").is_none(), "{question}: {answer}");
        assert_eq!(errors(&answers, &answer), Vec::<String>::new(), "{question}");
    }
    let catalog = validator_of("answer", "catalog");
    for row in retriage::catalogs() {
        let row = serde_json::to_value(row).expect("a catalog is JSON");
        assert_eq!(errors(&catalog, &row), Vec::<String>::new(), "{row}");
    }
}

/// What the core never answers isn't described either.
#[test]
fn an_answer_that_cannot_be_is_refused() {
    let answers = validator("answer");
    let refuse = |answer: &Value| assert!(!answers.is_valid(answer), "{answer}");
    let ask = |question: Value| {
        let answer = answer(&question);
        assert_eq!(errors(&answers, &answer), Vec::<String>::new(), "{question}");
        answer
    };
    let decided = ask(json!({ "status": 503, "attempt": 1, "random": 0.5 }));
    let limits = ask(json!({ "ask": "limits" }));
    refuse(&json!({}));
    refuse(&json!({ "decision": decided["decision"] }));
    refuse(&json!({ "decision": decided["decision"], "limits": limits["limits"] }));
    refuse(&json!({ "classification": decided["classification"], "limits": limits["limits"] }));
    let stopped = ask(json!({ "status": 503, "attempt": 5, "random": 0.5 }));
    for (answer, place, value) in [
        (&decided, "/decision/delay_ms", Value::Null),
        (&decided, "/decision/not_before_ms", json!(5)),
        (&decided, "/decision/look_at", json!("the log")),
        (&decided, "/decision/because/0/found", json!("retry")),
        (&decided, "/decision/because/0/step", json!("attempts")),
        (&stopped, "/decision/delay_ms", json!(5)),
        (&stopped, "/decision/not_before_ms", json!(5)),
        (&stopped, "/decision/reason", json!("deadline")),
    ] {
        let mut changed = answer.clone();
        *changed.pointer_mut(place).unwrap_or_else(|| panic!("{place} is missing: {answer}")) = value;
        refuse(&changed);
    }
    let delivered = ask(json!({ "ask": "deliver", "events": [{ "event": "enqueued", "id": "a", "now": 0 }] }));
    for act in [
        json!({ "action": "send", "id": "a" }),
        json!({ "action": "send", "attempt": 1 }),
        json!({ "action": "send", "id": "a", "attempt": 1, "until_ms": 0 }),
        json!({ "action": "wait" }),
        json!({ "action": "wait", "id": "a", "until_ms": 0 }),
        json!({ "action": "delivered", "id": "a", "attempt": 1 }),
        json!({ "action": "drop", "id": "a" }),
        json!({ "action": "drop", "id": "a", "reason": "failed" }),
        json!({ "action": "drop", "id": "a", "reason": "skipped", "cause": "fix" }),
        json!({ "action": "raise_alert", "id": "a" }),
        json!({ "action": "raise_alert", "reason": "full" }),
    ] {
        let mut changed = delivered.clone();
        changed["delivery"]["steps"][0] = json!([act]);
        refuse(&changed);
    }
}

fn words<T: Copy>(all: &[T], spell: fn(T) -> &'static str) -> Vec<&'static str> {
    all.iter().map(|word| spell(*word)).collect()
}

/// Every closed set of the wire form, by its place in the schema; `null` aside.
#[test]
fn the_words_of_the_wire_form_are_the_vocabulary() {
    let formats = Format::ALL.iter().filter(|format| **format != Format::Plain).map(|format| format.as_str());
    let expected = BTreeMap::from([
        ("question/properties/ask", words(Ask::ALL, Ask::as_str)),
        ("question/properties/mode", words(Mode::ALL, Mode::as_str)),
        ("question/properties/verified", words(Verified::ALL, Verified::as_str)),
        ("question/properties/environment", words(Environment::ALL, Environment::as_str)),
        ("question/properties/intent", words(Intent::ALL, Intent::as_str)),
        ("question/$defs/event/properties/event", words(EventKind::ALL, EventKind::as_str)),
        ("question/$defs/queue/properties/phase", words(Phase::ALL, Phase::as_str)),
        ("question/$defs/queue/properties/trouble", words(Trouble::ALL, Trouble::as_str)),
        ("question/$defs/queue/properties/alert", words(Alarm::ALL, Alarm::as_str)),
        ("answer/$defs/category", words(Category::ALL, Category::as_str)),
        ("answer/$defs/canonical", words(Canonical::ALL, Canonical::as_str)),
        ("answer/$defs/fault", words(Fault::ALL, Fault::as_str)),
        ("answer/$defs/retry", words(Retry::ALL, Retry::as_str)),
        ("answer/$defs/processed", words(Processed::ALL, Processed::as_str)),
        ("answer/$defs/finality", words(Finality::ALL, Finality::as_str)),
        ("answer/$defs/severity", words(Severity::ALL, Severity::as_str)),
        ("answer/$defs/scope", words(Scope::ALL, Scope::as_str)),
        ("answer/$defs/classification/properties/match", words(Match::ALL, Match::as_str)),
        ("answer/$defs/hint/properties/state", words(HintState::ALL, HintState::as_str)),
        ("answer/$defs/hint/properties/from", words(HintSource::ALL, HintSource::as_str)),
        ("answer/$defs/reason/properties/step", words(Step::ALL, Step::as_str)),
        ("answer/$defs/messages/properties/english/items", words(Audience::ALL, Audience::as_str)),
        ("answer/$defs/decision/properties/action", words(Action::ALL, Action::as_str)),
        ("answer/$defs/cause", words(Cause::ALL, Cause::as_str)),
        ("answer/$defs/weighed/properties/step", words(Weighed::ALL, Weighed::as_str)),
        ("answer/$defs/weighed/oneOf/2/properties/found", vec!["selected", "not_selected"]),
        ("answer/$defs/weighed/oneOf/3/properties/found", vec!["retry", "refused"]),
        (
            "answer/$defs/weighed/oneOf/5/properties/found",
            vec!["verified", "idempotent", "method", "profile", "not_known_to_be_safe"],
        ),
        ("answer/$defs/weighed/oneOf/6/properties/found", words(Verified::ALL, Verified::as_str)),
        (
            "answer/$defs/weighed/oneOf/7/properties/found",
            [words(Environment::ALL, Environment::as_str), words(Mode::ALL, Mode::as_str)].concat(),
        ),
        ("answer/$defs/weighed/oneOf/8/properties/found/anyOf/1", vec!["never", "invalid"]),
        ("answer/$defs/weighed/oneOf/9/properties/found", words(Over::ALL, Over::as_str)),
        (
            "answer/$defs/weighed/oneOf/10/properties/step",
            vec!["attempts", "window", "backoff", "jitter", "deadline", "floor"],
        ),
        ("answer/$defs/environment", words(Environment::ALL, Environment::as_str)),
        ("answer/$defs/advised/properties/intent", words(Intent::ALL, Intent::as_str)),
        ("answer/$defs/sender", words(Sender::ALL, Sender::as_str)),
        ("answer/$defs/advice/properties/warnings/items", words(Warning::ALL, Warning::as_str)),
        ("answer/$defs/act/properties/action", words(DeliveryAction::ALL, DeliveryAction::as_str)),
        ("answer/$defs/act/properties/reason", words(DeliveryReason::ALL, DeliveryReason::as_str)),
        ("answer/$defs/queue/properties/phase", words(Phase::ALL, Phase::as_str)),
        ("answer/$defs/queue/properties/trouble", words(Trouble::ALL, Trouble::as_str)),
        ("answer/$defs/queue/properties/alert", words(Alarm::ALL, Alarm::as_str)),
        ("answer/$defs/error/properties/kind", words(ErrorKind::ALL, ErrorKind::as_str)),
        ("answer/$defs/details/properties/format", formats.chain(["json", "text"]).collect()),
        ("answer/$defs/entry/properties/kind", vec!["status", "code", "failure", "condition"]),
        ("answer/$defs/limit/properties/unit", UNITS.to_vec()),
        ("answer/$defs/limit/properties/per", PER.to_vec()),
    ]);
    let schemas = ["question", "answer"].map(|name| (name, schema(name)));
    let mut found = BTreeMap::new();
    for (name, schema) in &schemas {
        for (place, one) in all_subschemas(schema) {
            if let (Some(words), false) = (one["enum"].as_array(), is_conditional(&place)) {
                let words: Vec<&str> = words.iter().filter_map(Value::as_str).collect();
                found.insert(format!("{name}{place}"), words);
            }
        }
    }
    let expected: BTreeMap<String, _> = expected.into_iter().map(|(place, words)| (place.to_owned(), words)).collect();
    assert_eq!(found, expected);
    let members = |words: Vec<&'static str>, file: &str, place: &str| {
        let schema = schema(file);
        let object = schema.pointer(place).unwrap_or_else(|| panic!("{file}: {place} is missing"));
        assert_eq!(sorted(names_of(object)), sorted(words), "{file}: {place}");
    };
    members(words(Field::ALL, Field::as_str), "answer", "/$defs/error_fields");
    members(words(Audience::ALL, Audience::as_str), "messages", "/$defs/texts");
    for file in ["messages", "translation"] {
        let categories = format!("/$defs/{file}/properties/categories");
        members(words(Category::ALL, Category::as_str), "messages", &categories);
    }
    members(words(Format::ALL, Format::as_str), "formats", "/properties/formats");
}

/// The names of the members of an object; where the schema offers alternatives, of all of them.
fn names_of(object: &Value) -> Vec<&str> {
    let alternatives = object["oneOf"].as_array().map_or(&[][..], Vec::as_slice);
    let mut names: Vec<&str> = Vec::new();
    for one in core::iter::once(object).chain(alternatives) {
        for name in one["properties"].as_object().into_iter().flatten().map(|(name, _)| name.as_str()) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
    }
    names
}

fn sorted<'n>(names: impl IntoIterator<Item = &'n str>) -> BTreeSet<&'n str> {
    names.into_iter().collect()
}

#[test]
fn the_fields_of_each_object_are_those_the_reader_takes() {
    let question = schema("question");
    assert_eq!(sorted(names_of(&question)), sorted(Question::FIELDS.iter().copied()), "question");
    let answer = schema("answer");
    for (name, fields) in Question::objects() {
        let fields = sorted(fields);
        assert_eq!(sorted(names_of(&question["$defs"][name])), fields, "question: {name}");
        // What an answer gives back is what a question takes.
        assert!(name == "event" || sorted(names_of(&answer["$defs"][name])) == fields, "answer: {name}");
    }
    for (file, root, lists) in
        [("catalog", "catalog", FIELDS), ("formats", "formats", FORMAT_FIELDS), ("messages", "", MESSAGE_FIELDS)]
    {
        let schema = schema(file);
        let mut described: BTreeSet<&str> =
            BTreeSet::from([root]).into_iter().filter(|root| !root.is_empty()).collect();
        for (name, definition) in schema["$defs"].as_object().into_iter().flatten() {
            if !names_of(definition).is_empty() {
                described.insert(name);
            }
        }
        assert_eq!(described, sorted(lists.iter().map(|(name, _)| *name)), "the objects of {file}");
        for (name, fields) in lists {
            let definition = if *name == root { &schema } else { &schema["$defs"][name] };
            assert_eq!(sorted(names_of(definition)), sorted(fields.iter().copied()), "{file}: {name}");
        }
    }
}

fn file(text: &str) -> File<'_> {
    File { name: "file", text }
}

/// What the reader says of each of these files, by their places in the list.
fn problems(catalogs: &[String], formats: &str, messages: &str) -> BTreeMap<usize, Vec<String>> {
    let names: Vec<String> = (0..catalogs.len()).map(|at| at.to_string()).collect();
    let files: Vec<File<'_>> = names.iter().zip(catalogs).map(|(name, text)| File { name, text }).collect();
    let mut found: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    let read = Sources::read(&files, file(formats), file(messages));
    for problem in read.err().into_iter().flatten() {
        let at = problem.file.parse().unwrap_or(usize::MAX);
        found.entry(at).or_default().push(problem.what);
    }
    found
}

/// What only the reader can see, because it takes two places, a calendar, or a letter that no pattern knows of.
const UNSEEN_BY_SCHEMAS: &[&str] = &[
    "is the date of no document in sources",
    "no document \"",
    "is not a date such as",
    "is used by no entry and no variant",
    "there is no condition",
    "there is no catalog",
    "says nowhere to look for a reason text",
    "has a control character in it",
    "belongs to success, informational and not_modified",
    "has no meaning with retry",
    "ends before it begins",
    "is more than max",
    "stands twice",
    "is never reached",
    "has the entry's own condition",
    "overlaps the range",
    "is in 4xx already",
    "must be a text, a whole number, true or false, not a number",
    "names no section after the #",
    "there is no such entry",
];

/// Whatever the schema refuses the reader refuses too, and what only the reader refuses is of a known kind.
fn assert_agreement(schema: &str, good: &Value, read: impl Fn(&[String]) -> BTreeMap<usize, Vec<String>>) {
    let schema = validator(schema);
    let mutations = mutations(good);
    let texts: Vec<String> = mutations.iter().map(|mutation| mutation.value.to_string()).collect();
    // Files that can be read by themselves are looked at together, which takes one at a time.
    let mut found = read(&texts);
    for (at, text) in texts.iter().enumerate() {
        if let Entry::Vacant(free) = found.entry(at)
            && let Some(problems) = read(std::slice::from_ref(text)).remove(&0)
        {
            free.insert(problems);
        }
    }
    let mut wrong = Vec::new();
    let (mut refused, mut accepted) = (0, 0);
    for (at, mutation) in mutations.iter().enumerate() {
        match (schema.is_valid(&mutation.value), found.get(&at)) {
            (false, Some(_)) => refused += 1,
            (true, None) => accepted += 1,
            (false, None) => {
                wrong.push(format!(
                    "{}: the schema alone refuses it: {:?}",
                    mutation.what,
                    errors(&schema, &mutation.value)
                ));
            }
            (true, Some(problems)) => {
                for problem in problems {
                    if !UNSEEN_BY_SCHEMAS.iter().any(|known| problem.contains(known)) {
                        wrong.push(format!("{}: the reader alone refuses it: {problem}", mutation.what));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), mutations.len(), wrong.join("\n"));
    assert!(refused > 100 && accepted > 10, "{refused} refused, {accepted} accepted of {}", mutations.len());
}

#[test]
fn schema_and_reader_agree_on_catalogs() {
    let (formats, messages) = (formats().to_string(), text("codes/messages/en.json"));
    let good = json("tests/mistakes/good.json");
    assert_eq!(problems(&[good.to_string()], &formats, &messages), BTreeMap::new());
    assert_agreement("catalog", &good, |texts| problems(texts, &formats, &messages));
}

/// Each of the files alone, read in place of another; half of them on each of two threads.
fn each(texts: &[String], read: impl Fn(&str) -> Vec<String> + Sync) -> BTreeMap<usize, Vec<String>> {
    let half = texts.len().div_ceil(2).max(1);
    std::thread::scope(|scope| {
        let parts: Vec<_> = texts
            .chunks(half)
            .map(|part| scope.spawn(|| part.iter().map(|text| read(text)).collect::<Vec<_>>()))
            .collect();
        let found = parts.into_iter().flat_map(|part| part.join().expect("reading never panics"));
        found.enumerate().filter(|(_, problems)| !problems.is_empty()).collect()
    })
}

fn whats<T>(read: Result<T, Vec<Problem>>) -> Vec<String> {
    read.err().into_iter().flatten().map(|problem| problem.what).collect()
}

/// `codes/formats.json` with one format as it is and the rest nearly empty: what is common to all is said once.
fn formats() -> Value {
    let mut formats = json("codes/formats.json");
    for (name, format) in formats["formats"].as_object_mut().expect("it is an object") {
        if name != "google.rpc.status" {
            format["codes"] = json!([]);
            format["details"] = json!({});
        }
    }
    formats
}

#[test]
fn schema_and_reader_agree_on_formats_and_messages() {
    let messages = text("codes/messages/en.json");
    assert_agreement("formats", &formats(), |texts| {
        each(texts, |text| whats(Sources::read(&[], file(text), file(&messages))))
    });
    let formats = formats().to_string();
    assert_agreement("messages", &json("codes/messages/en.json"), |texts| {
        each(texts, |text| whats(Sources::read(&[], file(&formats), file(text))))
    });
    let mut spanish = json("codes/messages/es.json");
    spanish["entries"] = json!({ "updox/4651": spanish["entries"]["updox/4651"] });
    let own = BTreeMap::from([("updox/4651".to_owned(), true)]);
    assert_agreement("messages", &spanish, |texts| {
        each(texts, |text| whats(read_translations(&[file(text)], &own, false)))
    });
}

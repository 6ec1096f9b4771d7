//! The schemas against the core: what they describe is what it reads and what it answers, no more and no less.

mod common;

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use common::mutate::mutations;
use common::schema::{errors, validator, validator_of};
use common::{answer, cases, files, json, text};
use jsonschema::Validator;
use retriage::Question;
use retriage::source::{FIELDS, FORMAT_FIELDS, File, MESSAGE_FIELDS, PER, Sources, UNITS};
use retriage::vocabulary::*;
use serde_json::{Value, json};

/// Every schema, by the part of its name that tells them apart.
const SCHEMAS: &[&str] = &["answer", "catalog", "formats", "messages", "profile", "question"];

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

#[test]
fn each_schema_is_one() {
    let here: Vec<String> = files("codes").into_iter().filter(|name| name.ends_with(".schema.json")).collect();
    let named: Vec<String> = SCHEMAS.iter().map(|name| format!("{name}.schema.json")).collect();
    assert_eq!(here, named, "the schemas in codes/");
    for name in SCHEMAS {
        let schema = schema(name);
        assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema", "{name}");
        if let Err(error) = jsonschema::draft202012::meta::validate(&schema) {
            panic!("{name}: {}: {error}", error.instance_path());
        }
        validator(name);
    }
}

/// What isn't described can't be asked or answered.
#[test]
fn every_object_is_closed() {
    for name in SCHEMAS {
        let schema = schema(name);
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
            // What follows a keyword `then` or `not` is described by it.
            if !place.contains("/properties/")
                || place.contains("/not")
                || place.contains("/if")
                || place.contains("/then")
            {
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
        let answer = answer(&case.question);
        let wrong = errors(&answers, &answer);
        assert!(wrong.is_empty(), "{}: {}: {wrong:?}\n{answer}", case.file, case.name);
        if let Some(wrong) = disagreement(&questions, &case.question) {
            panic!("{}: {}: {wrong}\n{}", case.file, case.name, case.question);
        }
    }
}

/// A question that its schema refuses is answered with an error; one that it admits is not, unless what is wrong
/// takes a list of catalogs or a calendar to see.
fn disagreement(schema: &Validator, question: &Value) -> Option<String> {
    let wrong = errors(schema, question);
    let answer = answer(question);
    let (kind, at) = (answer["error"]["kind"].as_str(), answer["error"]["at"].as_str().unwrap_or_default());
    match kind {
        None if wrong.is_empty() => None,
        None => Some(format!("the schema alone refuses it: {wrong:?}")),
        Some("unknown_catalog" | "unknown_entry") => None,
        Some(_) if !wrong.is_empty() || at == "/now" || at == "/body_base64" => None,
        Some(_) => Some(format!("the reader alone refuses it: {answer}")),
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
    ];
    for good in good {
        assert_eq!(disagreement(&schema, &good), None, "{good}");
        assert!(answer(&good).get("error").is_none(), "{good}");
        for mutation in mutations(&good) {
            assert_eq!(disagreement(&schema, &mutation.value), None, "{good}: {}", mutation.what);
        }
    }
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
            if let Some(words) = one["enum"].as_array() {
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
    members(words(Category::ALL, Category::as_str), "messages", "/properties/categories");
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
    for (file, root, lists) in [
        ("catalog", "catalog", FIELDS),
        ("formats", "formats", FORMAT_FIELDS),
        ("messages", "messages", MESSAGE_FIELDS),
    ] {
        let schema = schema(file);
        let mut described: BTreeSet<&str> = BTreeSet::from([root]);
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

fn whats(read: Result<Sources<'_>, Vec<retriage::source::Problem>>) -> Vec<String> {
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
}

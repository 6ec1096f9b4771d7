//! Catalogs that are loaded at run time, made from a few members.

use retriage::Registry;
use retriage::source::File;
use serde_json::{Value, json};

fn try_load(catalogs: &[Value]) -> Result<Registry, String> {
    let texts: Vec<String> = catalogs.iter().map(Value::to_string).collect();
    let files: Vec<File<'_>> = texts.iter().map(|text| File { name: "test.json", text }).collect();
    Registry::load(&files).map_err(|problems| told(&problems))
}

pub(crate) fn load(catalogs: &[Value]) -> Registry {
    try_load(catalogs).unwrap_or_else(|said| panic!("{said}"))
}

/// What is wrong with them, if anything is.
pub(crate) fn said(catalogs: &[Value]) -> String {
    try_load(catalogs).err().unwrap_or_default()
}

pub(crate) fn problems(catalogs: &[Value]) -> String {
    let said = said(catalogs);
    assert_ne!(said, "", "a catalog with a mistake is not loaded");
    said
}

pub(crate) fn told(problems: &[retriage::source::Problem]) -> String {
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

pub(crate) fn ask(registry: &Registry, question: &Value) -> Value {
    serde_json::from_str(&registry.answer(&question.to_string())).expect("an answer is JSON")
}

pub(crate) fn entry(registry: &Registry, question: &Value) -> String {
    let answer = ask(registry, question);
    answer["classification"]["entry"].as_str().unwrap_or("none").to_owned()
}

/// A catalog with these members over a bare one.
pub(crate) fn catalog(id: &str, members: &Value) -> Value {
    let mut catalog = json!({
        "id": id, "name": "A test", "as_of": "2026-11-21",
        "sources": { "doc": { "title": "A document", "publisher": "Somebody", "date": "2026-11-21" } },
        "entries": [],
    });
    for (name, value) in members.as_object().expect("members are an object") {
        catalog[name] = value.clone();
    }
    catalog
}

/// A catalog with these members that asks a body for so many things, `a0` and on, of which any will do: `asks/given`.
pub(crate) fn asking(tests: usize, members: &Value) -> Value {
    let any: Vec<Value> = (0..tests).map(|at| json!({ "at": format!("body:a{at}"), "is": "present" })).collect();
    let mut asking = catalog("asks", members);
    asking["evidence"] = json!({ "conditions": { "given": { "any": any } } });
    asking["entries"] = json!([of("condition", json!("given"), "Given")]);
    asking
}

/// An entry with this key that is told apart by its title.
pub(crate) fn of(key: &str, value: Value, title: &str) -> Value {
    let mut entry = json!({
        "title": title, "category": "unavailable", "fault": "destination", "retry": "backoff", "processed": "no",
        "remedy": "Wait.", "source": "doc#A section",
    });
    entry[key] = value;
    entry
}

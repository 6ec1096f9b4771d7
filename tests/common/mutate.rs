//! Every small way to spoil a JSON document.

use std::collections::BTreeSet;

use serde_json::{Value, json};

/// One spoiled document, and what was done to it.
#[derive(Debug)]
pub(crate) struct Mutation {
    /// The place, as a JSON pointer, and what was done there.
    pub what: String,
    /// The document.
    pub value: Value,
}

/// Each place of the document in turn with each of these: a value of another type, a number out of range, an empty
/// or odd text, an unknown member, one member less, one item twice.
pub(crate) fn mutations(document: &Value) -> Vec<Mutation> {
    let mut places = Vec::new();
    collect(document, String::new(), &mut places);
    let mut mutations = Vec::new();
    for place in places {
        let mut spoil = |what: &str, change: &dyn Fn(&mut Value)| {
            let mut value = document.clone();
            change(value.pointer_mut(&place).expect("the place was found in the same document"));
            if value != *document {
                mutations.push(Mutation { what: format!("{place} {what}"), value });
            }
        };
        for other in replacements() {
            let shown: String = other.to_string().chars().take(40).collect();
            spoil(&format!("= {shown}"), &|value| *value = other.clone());
        }
        let here = document.pointer(&place).expect("the place was found in the same document");
        if let Some(members) = here.as_object() {
            spoil("with a member more", &|value| value["no such field"] = json!(1));
            for name in members.keys() {
                spoil(&format!("without {name}"), &|value| {
                    value.as_object_mut().expect("it is an object").remove(name);
                });
            }
        }
        if let Some(items) = here.as_array() {
            let list = |value: &mut Value, change: &dyn Fn(&mut Vec<Value>)| {
                change(value.as_array_mut().expect("it is a list"));
            };
            spoil("with its first item twice", &|value| list(value, &|items| items.extend(items.first().cloned())));
            for at in 0..items.len() {
                spoil(&format!("without item {at}"), &|value| {
                    list(value, &|items| {
                        items.remove(at);
                    });
                });
            }
        }
    }
    mutations
}

/// Each number of the document in turn at, below and above each bound that the schema names for any.
pub(crate) fn at_bounds(document: &Value, schema: &Value) -> Vec<Mutation> {
    let mut bounds = BTreeSet::new();
    collect_bounds(schema, &mut bounds);
    let mut places = Vec::new();
    collect(document, String::new(), &mut places);
    places.retain(|place| document.pointer(place).is_some_and(Value::is_number));
    let mut mutations = Vec::new();
    for place in places {
        for number in bounds.iter().flat_map(|bound| [bound - 1, *bound, bound + 1]) {
            let mut value = document.clone();
            *value.pointer_mut(&place).expect("the place was found in the same document") = json!(number);
            mutations.push(Mutation { what: format!("{place} = {number}"), value });
        }
    }
    mutations
}

fn collect_bounds(schema: &Value, bounds: &mut BTreeSet<i64>) {
    for keyword in ["minimum", "maximum", "exclusiveMaximum"] {
        bounds.extend(schema[keyword].as_i64());
    }
    match schema {
        Value::Object(members) => members.values().for_each(|value| collect_bounds(value, bounds)),
        Value::Array(items) => items.iter().for_each(|value| collect_bounds(value, bounds)),
        _ => {}
    }
}

fn replacements() -> Vec<Value> {
    vec![
        Value::Null,
        json!(true),
        json!(-1),
        json!(1.5),
        json!(99),
        json!(1_000),
        json!(9_007_199_254_740_992_u64),
        json!(""),
        json!("trailing "),
        json!("Two Words"),
        json!("zzz"),
        json!("caf\u{e9}"),
        json!("a\nb"),
        json!("x".repeat(65)),
        json!("x".repeat(201)),
        json!("x".repeat(2_001)),
        json!("2023-02-29"),
        json!("text"),
        json!("body"),
        json!("body:a.b"),
        json!("body:a[]"),
        json!("header:a"),
        json!("a[].b"),
        json!("a..b"),
        json!("nowhere#section"),
        json!([]),
        json!(["zzz"]),
        json!([null]),
        json!({}),
    ]
}

fn collect(value: &Value, place: String, places: &mut Vec<String>) {
    let below = |name: &str| format!("{place}/{}", name.replace('~', "~0").replace('/', "~1"));
    match value {
        Value::Object(members) => members.iter().for_each(|(name, value)| collect(value, below(name), places)),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(at, value)| collect(value, below(&at.to_string()), places));
        }
        _ => {}
    }
    places.push(place);
}

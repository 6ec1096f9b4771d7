//! The schemas of question and answer in TypeScript: once as the wire form has them, once in camelCase.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde_json::{Map, Value};

use crate::words::{quoted, sets};

/// In which letter case members are named.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Case {
    /// As in the schemas.
    Wire,
    /// As in JavaScript.
    Camel,
}

/// `types.ts`, of the schemas of a question and an answer.
pub(crate) fn module(question: &Value, answer: &Value) -> Result<String, String> {
    let mut writer = Writer { text: String::new(), sets: BTreeMap::new(), used: BTreeSet::new() };
    for set in sets() {
        let mut words: Vec<&str> = set.words.iter().map(|(word, _)| *word).collect();
        words.sort_unstable();
        // Sets of the same words are the same to a type.
        writer.sets.entry(words.join(" ")).or_insert(set.name);
    }
    for case in [Case::Camel, Case::Wire] {
        writer.schema(answer, "Answer", case)?;
        writer.schema(question, "Question", case)?;
    }
    let used: Vec<&str> = writer.used.iter().copied().collect();
    let head = format!(
        "// Generated from codes/question.schema.json and codes/answer.schema.json by `cargo xtask pack-npm`.\n\
         import type {{ Profile }} from \"./registry.js\";\n\
         import type {{ {} }} from \"./words.js\";\n",
        used.join(", ")
    );
    Ok(head + &writer.text)
}

struct Writer {
    text: String,
    /// The sets of words by their words, sorted.
    sets: BTreeMap<String, &'static str>,
    used: BTreeSet<&'static str>,
}

impl Writer {
    /// The schema itself and its definitions, each as a type of its own.
    fn schema(&mut self, schema: &Value, name: &str, case: Case) -> Result<(), String> {
        let definitions = schema["$defs"].as_object().cloned().unwrap_or_default();
        let is_question = name == "Question";
        let name_of = |definition: &str| {
            let prefix = if is_question { "Asked_" } else { "" };
            type_name(&format!("{prefix}{definition}"), case)
        };
        self.declare(schema, &type_name(name, case), case, &name_of)?;
        // What only says which members go together is no type.
        let is_type = |schema: &Value| ["type", "enum", "anyOf", "$ref"].iter().any(|key| schema.get(key).is_some());
        for (definition, schema) in definitions.iter().filter(|(_, schema)| is_type(schema)) {
            self.declare(schema, &name_of(definition), case, &name_of)?;
        }
        Ok(())
    }

    fn declare(
        &mut self,
        schema: &Value,
        name: &str,
        case: Case,
        name_of: &dyn Fn(&str) -> String,
    ) -> Result<(), String> {
        let _ = writeln!(self.text, "\n{}", doc(schema, ""));
        match schema["properties"].as_object() {
            Some(_) => {
                let body = self.object(schema, case, "", name_of)?;
                let _ = writeln!(self.text, "export interface {name} {body}");
            }
            None => {
                let text = self.kind(schema, case, "", name_of)?;
                if text != name {
                    let _ = writeln!(self.text, "export type {name} = {text};");
                }
            }
        }
        Ok(())
    }

    fn object(
        &mut self,
        schema: &Value,
        case: Case,
        indent: &str,
        name_of: &dyn Fn(&str) -> String,
    ) -> Result<String, String> {
        let inner = format!("{indent}  ");
        let required: Vec<&str> =
            schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let mut text = String::from("{\n");
        for (member, schema) in schema["properties"].as_object().unwrap_or(&Map::new()) {
            let optional = if required.contains(&member.as_str()) { "" } else { "?" };
            let kind = self.kind(schema, case, &inner, name_of)?;
            let doc = doc(schema, &inner);
            let name = match case {
                Case::Camel => camel(member),
                Case::Wire => member.clone(),
            };
            let _ = writeln!(text, "{doc}\n{inner}readonly {name}{optional}: {kind};");
        }
        Ok(text + indent + "}")
    }

    /// A schema as a type.
    fn kind(
        &mut self,
        schema: &Value,
        case: Case,
        indent: &str,
        name_of: &dyn Fn(&str) -> String,
    ) -> Result<String, String> {
        if let Some(reference) = schema["$ref"].as_str() {
            return Ok(match reference.strip_prefix("#/$defs/") {
                Some(definition) => name_of(definition),
                // A profile has its own schema, and is written as its file is.
                None => "Profile".to_owned(),
            });
        }
        if let Some(words) = schema["enum"].as_array() {
            return Ok(self.words(words));
        }
        if let Some(value) = schema.get("const") {
            return Ok(value.to_string());
        }
        if let Some(options) = schema["anyOf"].as_array() {
            let kinds: Result<Vec<_>, _> =
                options.iter().map(|option| self.kind(option, case, indent, name_of)).collect();
            return Ok(kinds?.join(" | "));
        }
        if let Some(all) =
            schema["allOf"].as_array().and_then(|all| all.first()).filter(|all| all.get("$ref").is_some())
        {
            return self.kind(all, case, indent, name_of);
        }
        let kinds = match &schema["type"] {
            Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
            Value::String(kind) => vec![kind.as_str()],
            _ => return Err(format!("a schema that types.rs can't read: {schema}")),
        };
        let kinds: Result<Vec<String>, String> = kinds
            .into_iter()
            .map(|kind| {
                Ok(match kind {
                    "integer" | "number" => "number".to_owned(),
                    "array" => format!("readonly ({})[]", self.kind(&schema["items"], case, indent, name_of)?),
                    "object" if schema["properties"].is_object() => self.object(schema, case, indent, name_of)?,
                    "object" => match schema["additionalProperties"].as_object() {
                        Some(_) => {
                            let of = self.kind(&schema["additionalProperties"], case, indent, name_of)?;
                            format!("{{ readonly [name: string]: {of} }}")
                        }
                        None => "object".to_owned(),
                    },
                    other => other.to_owned(),
                })
            })
            .collect();
        Ok(kinds?.join(" | "))
    }

    /// Words as the set they are, or one by one where they are no set.
    fn words(&mut self, words: &[Value]) -> String {
        let mut sorted: Vec<&str> = words.iter().filter_map(Value::as_str).collect();
        sorted.sort_unstable();
        let mut parts = Vec::new();
        match self.sets.get(&sorted.join(" ")) {
            Some(set) => {
                self.used.insert(set);
                parts.push((*set).to_owned());
            }
            None => parts.extend(sorted.iter().map(|word| quoted(word))),
        }
        parts.extend(words.iter().filter(|word| !word.is_string()).map(Value::to_string));
        parts.join(" | ")
    }
}

/// The name of a type: `error_fields` is `ErrorFields`, of the wire form `WireErrorFields`.
fn type_name(definition: &str, case: Case) -> String {
    let definition = match definition {
        // One step of a decision is a definition, and what it weighs a set of words.
        "weighed" => "weighed_step",
        // Every program has another by this name.
        "error" => "answer_error",
        other => other,
    };
    let camel = camel(definition);
    let (first, rest) = camel.split_at(1);
    let prefix = if case == Case::Wire { "Wire" } else { "" };
    format!("{prefix}{}{rest}", first.to_uppercase())
}

/// `retry_after_ms` as `retryAfterMs`.
pub(crate) fn camel(name: &str) -> String {
    let mut parts = name.split('_');
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (first, rest) = part.split_at(part.len().min(1));
        text.push_str(&first.to_uppercase());
        text.push_str(rest);
    }
    text
}

fn doc(schema: &Value, indent: &str) -> String {
    let text = schema["description"].as_str().or(schema["title"].as_str()).unwrap_or_default().replace("*/", "* /");
    if text.is_empty() { String::new() } else { format!("{indent}/** {text} */") }
}

//! The schemas of `codes/`, as a stock validator takes them.

use std::error::Error;

use jsonschema::{Retrieve, Uri, Validator};
use serde_json::Value;

use super::json;

/// Finds a schema beside the one that refers to it, as an editor does.
struct Beside;

impl Retrieve for Beside {
    fn retrieve(&self, uri: &Uri<String>) -> Result<Value, Box<dyn Error + Send + Sync>> {
        let name = uri.path().as_str().trim_start_matches("/codes/").to_owned();
        Ok(json(&format!("codes/{name}")))
    }
}

/// The validator of `codes/{name}.schema.json`.
pub(crate) fn validator(name: &str) -> Validator {
    let path = format!("codes/{name}.schema.json");
    built(&path, &json(&path))
}

/// The validator of one definition of `codes/{name}.schema.json`.
pub(crate) fn validator_of(name: &str, definition: &str) -> Validator {
    let path = format!("codes/{name}.schema.json");
    let mut schema = json(&path);
    let definitions = schema["$defs"].take();
    built(&path, &serde_json::json!({ "$ref": format!("#/$defs/{definition}"), "$defs": definitions }))
}

fn built(path: &str, schema: &Value) -> Validator {
    jsonschema::draft202012::options()
        .with_base_uri(format!("file:///{path}"))
        .with_retriever(Beside)
        .build(schema)
        .unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// What a schema says against a value, one line an error.
pub(crate) fn errors(validator: &Validator, value: &Value) -> Vec<String> {
    validator.iter_errors(value).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

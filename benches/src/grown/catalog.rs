//! A catalog of any size, as one would write it.

use serde_json::{Value, json};

/// A catalog of so many entries: of the first half the codes are numbers from 0 on, of the others names.
pub(crate) fn catalog(id: &str, entries: usize) -> Value {
    let entry = |at: usize| {
        let code = if at < entries / 2 { json!(at) } else { json!(format!("E_{}", at - entries / 2)) };
        json!({
            "code": code, "title": format!("Code {at}"), "category": "unavailable", "fault": "provider",
            "retry": "backoff", "processed": "no", "remedy": "Wait, then try again.",
            "operator": format!("The service refused with the code {at}. Ask its owner what it stands for."),
            "source": "doc#Codes",
        })
    };
    json!({
        "id": id, "name": "A vendor", "as_of": "2026-11-21", "extends": "http",
        "sources": { "doc": { "title": "Codes", "publisher": "A vendor", "date": "2026-11-21" } },
        "entries": (0..entries).map(entry).collect::<Vec<Value>>(),
    })
}

//! What is compiled says what its file says: every catalog, entry, range, variant, limit and answer, field by field.

mod common;

use std::collections::BTreeMap;

use common::{files, json, key_of};
use retriage::source::normal_reason;
use retriage::vocabulary::{Audience, Environment, Format};
use retriage::{Catalog, Entry, Source, catalogs};
use serde_json::Value;

/// A field that is a text, if it is there.
fn text<'v>(fields: &'v Value, name: &str) -> Option<&'v str> {
    fields[name].as_str()
}

/// A document's part, as a file cites it: `document#section`.
fn assert_cited(file: &Value, source: Source<'_>, fields: &Value, of: &str) {
    let (document, section) = text(fields, "source").and_then(|cited| cited.split_once('#')).expect(of);
    let document = &file["sources"][document];
    assert_eq!(Some(source.title()), text(document, "title"), "{of}");
    assert_eq!(Some(source.publisher()), text(document, "publisher"), "{of}");
    assert_eq!((source.date(), source.read()), (text(document, "date"), text(document, "read")), "{of}");
    assert_eq!(source.section(), section, "{of}");
    let told = source.to_string();
    let day = source.date().or(source.read()).expect("a document has a day");
    for part in [source.title(), source.publisher(), source.section(), day] {
        assert!(told.contains(part), "{of}: {told} lacks {part}");
    }
}

fn assert_says(file: &Value, entry: Entry<'_>, fields: &Value) {
    let id = entry.id();
    assert_eq!(Some(entry.title()), text(fields, "title"), "{id}");
    assert_eq!(entry.vendor_text(), text(fields, "vendor_text"), "{id}");
    assert_eq!(entry.wait_ms(), fields["wait_ms"].as_u64(), "{id}");
    assert_eq!(entry.why(), text(fields, "why"), "{id}");
    assert_eq!(Some(entry.remedy()), text(fields, "remedy"), "{id}");
    for audience in Audience::ALL {
        assert_eq!(entry.own_message(*audience), text(fields, audience.as_str()), "{id}");
    }
    assert_cited(file, entry.source(), fields, id);
    let words = entry.words();
    for (word, field) in [
        (words.category.as_str(), "category"),
        (words.fault.as_str(), "fault"),
        (words.retry.as_str(), "retry"),
        (words.processed.as_str(), "processed"),
    ] {
        assert_eq!(Some(word), text(fields, field), "{id}");
    }
}

/// The entries of a file with their variants, by the id that each has.
fn entries(file: &Value) -> BTreeMap<String, (&'static str, bool, bool, Value)> {
    let mut all = BTreeMap::new();
    let catalog = text(file, "id").expect("a catalog has an id");
    for (list, is_range) in [("entries", false), ("ranges", true)] {
        for fields in file[list].as_array().into_iter().flatten() {
            let (kind, key) = key_of(fields);
            let id = format!("{catalog}/{key}");
            for variant in fields["variants"].as_array().into_iter().flatten() {
                // What a variant doesn't say it has from its entry.
                let mut whole = fields.clone();
                whole["key"] = Value::Null;
                for (name, value) in variant.as_object().expect("a variant is an object") {
                    whole[name] = value.clone();
                }
                all.insert(format!("{id}.{}", variant["key"].as_str().expect("a key")), (kind, is_range, true, whole));
            }
            all.insert(id, (kind, is_range, false, fields.clone()));
        }
    }
    all
}

fn each(mut see: impl FnMut(Value, Catalog<'static>)) {
    let names = files("codes/catalogs");
    assert_eq!(names.len(), catalogs().count());
    for name in names {
        let file = json(&format!("codes/catalogs/{name}"));
        let catalog = retriage::catalog(name.trim_end_matches(".json")).expect("it is built in");
        see(file, catalog);
    }
}

#[test]
fn a_catalog_says_what_its_file_says() {
    each(|file, catalog| {
        assert_eq!(Some(catalog.id()), text(&file, "id"));
        assert_eq!(Some(catalog.name()), text(&file, "name"));
        assert_eq!(catalog.about(), text(&file, "about"));
        assert_eq!(Some(catalog.as_of()), text(&file, "as_of"));
        assert_eq!(catalog.parent().as_ref().map(Catalog::id), text(&file, "extends"));
        assert_eq!(catalog.documents().count(), file["sources"].as_object().map_or(0, serde_json::Map::len));
        let same = catalogs().filter(|other| *other == catalog).count();
        assert_eq!(same, 1, "a catalog is no other");
    });
}

#[test]
fn an_entry_says_what_its_file_says() {
    each(|file, catalog| {
        let mut said = entries(&file);
        for entry in catalog.entries() {
            let (kind, is_range, is_variant, fields) =
                said.remove(entry.id()).unwrap_or_else(|| panic!("{}", entry.id()));
            assert_eq!(entry.key_kind(), kind, "{}", entry.id());
            assert_eq!((entry.is_range(), entry.is_variant()), (is_range, is_variant), "{}", entry.id());
            if is_variant {
                assert_eq!(Some(entry.title()), text(&fields, "title"), "{}", entry.id());
                assert_cited(&file, entry.source(), &fields, entry.id());
                continue;
            }
            assert_says(&file, entry, &fields);
            assert_eq!(entry.is_usual(), fields["usually"] == true, "{}", entry.id());
            let names: Vec<&str> = fields["names"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
            assert_eq!(entry.names().collect::<Vec<_>>(), names, "{}", entry.id());
            let same = catalog.entries().filter(|other| *other == entry).count();
            assert_eq!(same, 1, "{}: an entry is no other", entry.id());
        }
        assert!(said.is_empty(), "not compiled: {:?}", said.keys());
    });
}

#[test]
fn a_limit_says_what_its_file_says() {
    each(|file, catalog| {
        let said = file["limits"].as_array().cloned().unwrap_or_default();
        assert_eq!(catalog.limits().count(), said.len());
        for (limit, fields) in catalog.limits().zip(&said) {
            let of = limit.key();
            let texts = [
                (Some(limit.key()), "key"),
                (Some(limit.title()), "title"),
                (Some(limit.unit()), "unit"),
                (limit.per(), "per"),
                (Some(limit.date()), "date"),
                (limit.text(), "text"),
                (limit.why(), "why"),
            ];
            for (found, field) in texts {
                assert_eq!(found, text(fields, field), "{of}: {field}");
            }
            for (found, field) in [(limit.value(), "value"), (limit.min(), "min"), (limit.max(), "max")] {
                assert_eq!(
                    found.map(str::to_owned),
                    fields[field].as_number().map(ToString::to_string),
                    "{of}: {field}"
                );
            }
            assert_eq!(limit.window_ms(), fields["window_ms"].as_u64(), "{of}");
            assert_eq!(limit.rolling(), fields["rolling"].as_bool(), "{of}");
            assert_eq!(limit.is_approximate(), fields["approximate"] == true, "{of}");
            assert_cited(&file, limit.source(), fields, of);
        }
    });
}

#[test]
fn an_answer_says_what_its_file_says() {
    each(|file, catalog| {
        let said = |list: &str| file["answers"][list].as_array().cloned().unwrap_or_default();
        let (intents, received) = (said("intents"), said("received"));
        assert_eq!((catalog.intents().count(), catalog.received().count()), (intents.len(), received.len()));
        let answers = catalog.intents().chain(catalog.received());
        for (answer, fields) in answers.zip(intents.iter().chain(&received)) {
            let of = answer.title();
            assert_eq!(answer.intent().map(|intent| intent.as_str()), text(fields, "intent"), "{of}");
            assert_eq!(Some(answer.title()), text(fields, "title"), "{of}");
            assert_eq!(Some(answer.sender().as_str()), text(fields, "sender"), "{of}");
            assert_eq!(answer.remedy(), text(fields, "remedy"), "{of}");
            assert_eq!(answer.why(), text(fields, "why"), "{of}");
            assert_eq!(answer.code(), text(fields, "code"), "{of}");
            assert_eq!(answer.error_code(), fields["error_code"].as_i64(), "{of}");
            let places: Option<Vec<&str>> =
                fields["environments"].as_array().map(|all| all.iter().filter_map(Value::as_str).collect());
            for environment in Environment::ALL {
                let holds = places.as_ref().is_none_or(|places| places.contains(&environment.as_str()));
                assert_eq!(answer.holds_in(*environment), holds, "{of}");
            }
            assert_cited(&file, answer.source(), fields, of);
        }
    });
}

/// Where a catalog looks, and when its variants hold, is told as well.
#[test]
fn a_catalog_tells_where_it_looks() {
    let texts = |list: &Value| -> Vec<String> {
        match list {
            Value::String(one) => vec![one.clone()],
            list => list.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect(),
        }
    };
    let mut variants = 0;
    each(|file, catalog| {
        let evidence = &file["evidence"];
        assert_eq!(catalog.reason_places(), texts(&evidence["reasons"]), "{}", catalog.id());
        assert_eq!(catalog.code_places(), texts(&evidence["codes"]), "{}", catalog.id());
        let formats: Vec<&str> = catalog.formats().map(|format| format.as_str()).collect();
        let mut said = texts(&evidence["formats"]);
        said.sort_by_key(|name| Format::ALL.iter().position(|format| format.as_str() == name));
        assert_eq!(formats, said, "{}", catalog.id());
        for (id, (_, _, is_variant, fields)) in entries(&file) {
            if !is_variant {
                continue;
            }
            let found = catalog.entries().find(|entry| entry.id() == id).and_then(|entry| entry.holds());
            let holds = found.unwrap_or_else(|| panic!("{id} is no variant"));
            let when = &fields["when"];
            let mut reasons: Vec<String> = texts(&when["reason"]).iter().map(|reason| normal_reason(reason)).collect();
            let mut told: Vec<String> = holds.reasons.iter().map(|reason| (*reason).to_owned()).collect();
            reasons.sort();
            told.sort();
            assert_eq!(told, reasons, "{id}");
            assert_eq!(holds.condition, text(when, "condition"), "{id}");
            assert_eq!(holds.header.map(str::to_owned), text(when, "header").map(str::to_lowercase), "{id}");
            assert_eq!(holds.hint, when["hint"] == true, "{id}");
            variants += 1;
        }
    });
    assert!(variants > 15, "only {variants} variants");
}

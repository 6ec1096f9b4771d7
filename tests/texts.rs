//! The texts for people: there for everybody, in our own words, and without what isn't for that reader.

mod common;

use std::collections::BTreeSet;

use common::{files, json, key_of};
use retriage::source::normal_reason;
use retriage::vocabulary::{Audience, Category};
use serde_json::Value;

/// The catalogs made from the five documents.
const DOCUMENTED: &[&str] = &["redox", "redox-2017", "revio", "sportradar", "updox"];

/// An entry, range or variant as its file says it.
struct Said {
    /// Its id, for errors.
    id: String,
    /// The catalog's name for a person.
    vendor: String,
    /// The key of the entry it is, or is a variant of.
    key: String,
    fields: Value,
}

impl Said {
    fn text(&self, field: &str) -> Option<&str> {
        self.fields[field].as_str()
    }

    /// What the vendor says: its text, or the reasons by which a variant is known, as they are compared.
    fn vendor_texts(&self) -> Vec<String> {
        let reasons = self.fields["when"]["reason"].as_array().into_iter().flatten().filter_map(Value::as_str);
        self.text("vendor_text").into_iter().chain(reasons).map(normal_reason).collect()
    }
}

/// Every entry, range and variant of a catalog, with what it gives itself.
fn said(catalog: &str) -> Vec<Said> {
    let file = json(&format!("codes/catalogs/{catalog}.json"));
    let mut all = Vec::new();
    let lists = ["entries", "ranges"].map(|list| file[list].as_array().cloned().unwrap_or_default());
    for entry in lists.into_iter().flatten() {
        let (_, key) = key_of(&entry);
        let vendor = file["name"].as_str().expect("a catalog has a name").to_owned();
        for variant in entry["variants"].as_array().into_iter().flatten() {
            let id = format!("{catalog}/{key}.{}", variant["key"].as_str().unwrap_or_default());
            all.push(Said { id, vendor: vendor.clone(), key: key.clone(), fields: variant.clone() });
        }
        all.push(Said { id: format!("{catalog}/{key}"), vendor, key, fields: entry });
    }
    all
}

fn catalogs() -> Vec<String> {
    files("codes/catalogs").iter().map(|file| file.trim_end_matches(".json").to_owned()).collect()
}

fn words(text: &str) -> BTreeSet<String> {
    text.split(|found: char| !found.is_alphanumeric() && found != '-').map(str::to_lowercase).collect()
}

#[test]
fn every_entry_of_the_documents_speaks_to_those_who_run_and_write_integrations() {
    for catalog in DOCUMENTED {
        for said in said(catalog) {
            for audience in ["operator", "developer"] {
                assert!(said.text(audience).is_some(), "{} has no text of its own for the {audience}", said.id);
            }
        }
    }
}

#[test]
fn every_entry_answers_for_every_audience() {
    for entry in retriage::catalogs().flat_map(retriage::Catalog::entries) {
        let texts: Vec<&str> = Audience::ALL.iter().map(|audience| entry.message(*audience)).collect();
        for (text, audience) in texts.iter().zip(Audience::ALL) {
            assert!(
                text.ends_with(['.', '?', '!']),
                "{}: the text for the {audience} is no sentence: {text}",
                entry.id()
            );
        }
        let different: BTreeSet<&&str> = texts.iter().collect();
        assert_eq!(different.len(), texts.len(), "{}: two audiences are told the same", entry.id());
    }
}

/// A text that somebody reads in an application: no numbers of codes, no jargon, no vendor's name or words.
#[test]
fn what_a_user_reads_is_plain() {
    let jargon: BTreeSet<String> = [
        "http",
        "https",
        "api",
        "url",
        "json",
        "xml",
        "token",
        "header",
        "headers",
        "endpoint",
        "payload",
        "timeout",
        "retry",
        "backoff",
        "exception",
        "hl7",
        "fhir",
        "grpc",
        "acknowledgement",
        "integration",
        "developer",
        "sorry",
        "oops",
    ]
    .map(str::to_owned)
    .into();
    let check = |whose: &str, text: &str| {
        let found: Vec<String> = words(text).intersection(&jargon).cloned().collect();
        assert!(found.is_empty(), "{whose}: a user is told of {found:?}: {text}");
        let is_code = |word: &String| word.len() > 2 && word.bytes().all(|byte| byte.is_ascii_digit());
        assert!(!words(text).iter().any(is_code), "{whose}: a user is told a number: {text}");
    };
    for entry in retriage::catalogs().flat_map(retriage::Catalog::entries) {
        check(entry.id(), entry.message(Audience::User));
    }
    for catalog in catalogs() {
        for said in said(&catalog) {
            let Some(text) = said.text("user") else { continue };
            check(&said.id, text);
            let (lower, words) = (text.to_lowercase(), words(text));
            for vendor in said.vendor_texts() {
                assert!(!lower.contains(&vendor), "{}: a user is told the vendor's words: {text}", said.id);
            }
            assert!(!text.contains(&said.vendor), "{}: a user is told the vendor's name: {text}", said.id);
            let is_code = !said.key.bytes().all(|byte| byte.is_ascii_lowercase());
            assert!(
                !is_code || !words.contains(&said.key.to_lowercase()),
                "{}: a user is told its key: {text}",
                said.id
            );
        }
    }
    let messages = json("codes/messages/en.json");
    for category in Category::ALL {
        let text = messages["categories"][category.as_str()]["user"].as_str().expect("a text for users");
        check(category.as_str(), text);
    }
}

/// The vendor's sentences are matched and searched, never shown as ours. Titles are names: those may be the same.
#[test]
fn explanations_are_in_our_own_words() {
    for catalog in catalogs() {
        let all = said(&catalog);
        let vendor: BTreeSet<String> = all.iter().flat_map(Said::vendor_texts).collect();
        for said in &all {
            for field in ["remedy", "user", "operator", "developer", "why"] {
                let Some(text) = said.text(field) else { continue };
                assert!(!vendor.contains(&normal_reason(text)), "{}: its {field} is the vendor's own", said.id);
                let lower = text.to_lowercase();
                let taken = vendor.iter().find(|text| text.split(' ').count() > 4 && lower.contains(text.as_str()));
                assert_eq!(taken, None, "{}: its {field} repeats the vendor's sentence: {text}", said.id);
            }
        }
    }
}

#[test]
fn no_text_has_an_address_in_it() {
    fn visit(file: &str, place: &str, value: &Value) {
        match value {
            Value::Object(members) => {
                members.iter().for_each(|(name, value)| visit(file, &format!("{place}/{name}"), value));
            }
            Value::Array(items) => {
                items.iter().enumerate().for_each(|(at, value)| visit(file, &format!("{place}/{at}"), value));
            }
            Value::String(text) => {
                let mut after = text.match_indices("://").filter_map(|(at, _)| text[at + 3..].chars().next());
                let has_host = after.any(char::is_alphanumeric) || text.contains("www.");
                assert!(!has_host, "{file}: {place} has an address in it: {text}");
            }
            _ => {}
        }
    }
    let names = files("codes/catalogs").into_iter().map(|name| format!("codes/catalogs/{name}"));
    let messages = files("codes/messages").into_iter().map(|name| format!("codes/messages/{name}"));
    for file in names.chain(messages).chain(["codes/formats.json".to_owned()]) {
        visit(&file, "", &json(&file));
    }
}

/// A classification speaks for its entry, and where there is none for its category.
#[test]
fn a_classification_says_what_its_entry_says() {
    for catalog in retriage::catalogs() {
        for status in 0..1_000 {
            let said = catalog.classify(&retriage::Evidence { status: Some(status), ..Default::default() });
            let entry = said.entry;
            assert_eq!(said.title(), entry.map(|entry| entry.title()), "{} {status}", catalog.id());
            assert_eq!(said.remedy(), entry.map(|entry| entry.remedy()), "{} {status}", catalog.id());
            let shown = |source: Option<retriage::Source<'_>>| source.map(|source| source.to_string());
            assert_eq!(shown(said.source()), shown(entry.map(|entry| entry.source())), "{} {status}", catalog.id());
            for audience in Audience::ALL {
                let message = said.message(*audience);
                assert!(!message.is_empty());
                if let Some(entry) = entry {
                    assert_eq!(message, entry.message(*audience), "{} {status}", catalog.id());
                }
            }
        }
    }
    let nothing = retriage::catalogs().next().expect("there are some").classify(&retriage::Evidence::default());
    let unknown = json("codes/messages/en.json")["categories"]["unknown"]["user"].clone();
    assert_eq!((nothing.title(), Value::from(nothing.message(Audience::User))), (None, unknown));
}

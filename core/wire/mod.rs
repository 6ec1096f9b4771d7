//! The one wire form: a question as JSON, an answer as JSON, the same in every language.
//!
//! `codes/question.schema.json` and `codes/answer.schema.json` describe it.

mod deliver;
mod profile;
mod question;
mod read;

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::classify::Classification;
use crate::decide::Decision;
use crate::locale::{Locale, Messages};
use crate::tables::{Catalog, Entry, Limit, Source, Tables};
use crate::vocabulary::ErrorKind;

pub use question::Question;
pub(crate) use read::check_time;
pub use read::{parse_budget, parse_profile, parse_state, parse_time};

/// Why a question has no answer: what was bad, where, and what would be right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// What kind of mistake it is.
    pub kind: ErrorKind,
    /// What is wrong, and what would be right. Never a text of a response.
    pub message: String,
    /// Where in the question, as a JSON pointer (RFC 6901); empty for the question as a whole.
    pub at: String,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, at: &str, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), at: at.to_string() }
    }

    /// There is no such catalog; the message names those there are.
    pub(crate) fn unknown_catalog(tables: &Tables, at: &str) -> Self {
        let known: Vec<&str> = tables.catalogs().map(|catalog| catalog.asked()).collect();
        Self::new(ErrorKind::UnknownCatalog, at, format!("no such catalog; one of {}", known.join(", ")))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.at.is_empty() { f.write_str(&self.message) } else { write!(f, "{}: {}", self.at, self.message) }
    }
}

impl core::error::Error for Error {}

impl Serialize for Error {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(3))?;
        map.serialize_entry("kind", &self.kind)?;
        map.serialize_entry("message", &self.message)?;
        map.serialize_entry("at", &self.at)?;
        map.end()
    }
}

/// Answers a question of the wire form. What can't be answered is answered with an `error`, so that there is always
/// one JSON object. By the built-in catalogs.
///
/// ```
/// let answer = retriage::answer(r#"{"catalog":"updox","status":200,"body":"{\"responseCode\":4651}"}"#);
/// assert!(answer.contains(r#""entry":"updox/4651""#));
/// ```
#[must_use]
pub fn answer(question: &str) -> String {
    let outcome = Question::parse(question).and_then(|question| question.answer());
    outcome.unwrap_or_else(|error| error.to_json())
}

/// A value as JSON. The values are this crate's own, whose keys are texts, so that writing them can't fail.
pub(crate) fn to_json<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// An object with one member.
pub(crate) struct Named<T>(pub(crate) &'static str, pub(crate) T);

impl<T: Serialize> Serialize for Named<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(1))?;
        map.serialize_entry(self.0, &self.1)?;
        map.end()
    }
}

/// A classification and the decision by it.
struct Decided<'d, 'a> {
    classification: &'d Classification<'a>,
    decision: &'d Decision<'a>,
}

impl Decision<'_> {
    /// The classification that was decided by and the decision, as the answer of the wire form.
    #[must_use]
    pub fn to_json(&self, classification: &Classification<'_>) -> String {
        to_json(&Decided { classification, decision: self })
    }
}

impl Serialize for Decided<'_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(2))?;
        map.serialize_entry("classification", &self.classification)?;
        map.serialize_entry("decision", &self.decision)?;
        map.end()
    }
}

/// `entry` of `answer.schema.json`, in English.
impl Serialize for Entry<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Told { entry: *self, locale: None }.serialize(serializer)
    }
}

/// An entry in a language.
struct Told<'a> {
    entry: Entry<'a>,
    locale: Option<&'a Locale>,
}

impl Serialize for Told<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { entry, locale } = self;
        let words = entry.words();
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("id", entry.id())?;
        map.serialize_entry("catalog", entry.catalog().id())?;
        map.serialize_entry("as_of", entry.catalog().as_of())?;
        map.serialize_entry("kind", entry.key_kind())?;
        map.serialize_entry("title", entry.title())?;
        map.serialize_entry("vendor_text", &entry.vendor_text())?;
        map.serialize_entry("names", &entry.names().collect::<Vec<_>>())?;
        map.serialize_entry("category", &words.category)?;
        map.serialize_entry("canonical", &words.canonical)?;
        map.serialize_entry("fault", &words.fault)?;
        map.serialize_entry("retry", &words.retry)?;
        map.serialize_entry("processed", &words.processed)?;
        map.serialize_entry("finality", &words.finality)?;
        map.serialize_entry("severity", &words.severity)?;
        map.serialize_entry("scope", &words.scope)?;
        map.serialize_entry("wait_ms", &entry.wait_ms())?;
        if entry.is_range() {
            map.serialize_entry("usually", &entry.is_usual())?;
        }
        map.serialize_entry("remedy", entry.remedy())?;
        map.serialize_entry("messages", &Messages::new(Some(*entry), words.category, *locale))?;
        map.serialize_entry("source", &entry.source())?;
        map.serialize_entry("why", &entry.why())?;
        map.serialize_entry("variants", &entry.variants().map(|variant| variant.id()).collect::<Vec<_>>())?;
        map.end()
    }
}

impl Serialize for Source<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("title", self.title())?;
        map.serialize_entry("publisher", self.publisher())?;
        map.serialize_entry("date", &self.date())?;
        map.serialize_entry("read", &self.read())?;
        map.serialize_entry("section", self.section())?;
        map.end()
    }
}

/// One of `limits` of `answer.schema.json`.
impl Serialize for Limit<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("key", self.key())?;
        map.serialize_entry("title", self.title())?;
        for (name, number) in [("value", self.value()), ("min", self.min()), ("max", self.max())] {
            map.serialize_entry(name, &number.map(Number))?;
        }
        map.serialize_entry("unit", self.unit())?;
        map.serialize_entry("per", &self.per())?;
        map.serialize_entry("window_ms", &self.window_ms())?;
        map.serialize_entry("rolling", &self.rolling())?;
        map.serialize_entry("approximate", &self.is_approximate())?;
        map.serialize_entry("date", self.date())?;
        map.serialize_entry("text", &self.text())?;
        map.serialize_entry("source", &self.source())?;
        map.serialize_entry("why", &self.why())?;
        map.end()
    }
}

/// A number as its file writes it.
struct Number<'a>(&'a str);

impl Serialize for Number<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match (self.0.parse::<i64>(), self.0.parse::<f64>()) {
            (Ok(number), _) => serializer.serialize_i64(number),
            (_, Ok(number)) => serializer.serialize_f64(number),
            _ => serializer.serialize_none(),
        }
    }
}

/// `catalog` among the definitions of `answer.schema.json`.
impl Serialize for Catalog<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("id", self.id())?;
        map.serialize_entry("name", self.name())?;
        map.serialize_entry("about", &self.about())?;
        map.serialize_entry("as_of", self.as_of())?;
        map.serialize_entry("extends", &self.parent().map(|parent| parent.id()))?;
        map.serialize_entry("entries", &self.entries().filter(|entry| !entry.is_variant()).count())?;
        map.end()
    }
}

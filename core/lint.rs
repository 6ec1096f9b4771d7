//! What is legal in a catalog but poor: what its users will miss, or what no check can be sure is a slip.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::source::{self, Code, Key, Place, Problem};
use crate::tables::{Catalog, Entry};
use crate::vocabulary::{Audience, Match, Retry};

/// The warnings of a catalog that is loaded, in the order of its file.
pub(crate) fn warnings(source: &source::Catalog<'_>, catalog: Catalog<'_>) -> Vec<Problem> {
    let mut notes = Notes { file: &source.file, all: Vec::new() };
    for document in source.documents.iter().filter(|document| document.date.is_none()) {
        let what = "has no date, only the day it was read; give the date it carries if it carries one";
        notes.add(source.place, String::new(), &format!("sources.{}", document.key), what.to_string());
    }
    for entry in &source.entries {
        // A variant has the texts of its entry, where their lack is told already.
        check_texts(entry, &mut notes);
        for own in core::iter::once(entry).chain(&entry.variants) {
            check_retry(own, &mut notes);
        }
        check_parent(entry, catalog, &mut notes);
    }
    notes.all
}

struct Notes<'s> {
    file: &'s str,
    all: Vec<Problem>,
}

impl Notes<'_> {
    fn add(&mut self, place: Option<Place>, entry: String, field: &str, what: String) {
        self.all.push(Problem { file: self.file.to_string(), place, entry, field: field.to_string(), what });
    }
}

fn check_texts(entry: &source::Entry<'_>, notes: &mut Notes<'_>) {
    for (text, audience) in entry.texts.iter().zip([Audience::User, Audience::Operator, Audience::Developer]) {
        if text.is_none() && audience != Audience::User {
            let category = entry.words.category;
            let what = format!("is missing; what every {category} says stands in and names nothing of this one");
            notes.add(entry.place, entry.label(), audience.as_str(), what);
        }
    }
}

fn check_retry(entry: &source::Entry<'_>, notes: &mut Notes<'_>) {
    let retry = entry.words.retry;
    let is_server_error = match entry.key {
        Key::Status(status) => (500..=599).contains(&status),
        Key::StatusRange(from, to) => 500 <= from && to <= 599,
        _ => false,
    };
    if is_server_error && matches!(retry, Retry::Never | Retry::Fix) && entry.why.is_none() {
        let what = format!("{retry} gives up a 5xx, which is seldom final; if it is here, say why");
        notes.add(entry.place, entry.label(), "retry", what);
    }
    let is_hinted = entry.variant.as_ref().is_some_and(|(_, when)| when.hint);
    if retry == Retry::Wait && entry.wait_ms.is_none() && !is_hinted {
        let what = "is missing; where the server gives no hint, nothing says how long to wait";
        notes.add(entry.place, entry.label(), "wait_ms", what.to_string());
    }
}

/// Words that aren't those of the entry it takes the place of, without a reason.
fn check_parent<'c>(entry: &source::Entry<'_>, catalog: Catalog<'c>, notes: &mut Notes<'_>) {
    if entry.why.is_some() {
        return;
    }
    let Some(parent) = catalog.parent() else { return };
    let exact = |(entry, found): (Entry<'c>, Match)| (found == Match::Exact).then_some(entry);
    let before = match &entry.key {
        Key::Status(status) => parent.find_status(*status).and_then(exact),
        Key::Code(Code::Number(number)) => parent.find_number(*number).and_then(exact),
        Key::Code(Code::Name(name)) => parent.find_name(name),
        Key::Failure(name) => parent.find_failure(name),
        Key::Condition(_) | Key::StatusRange(..) | Key::CodeRange(..) => None,
    };
    let Some(before) = before else { return };
    let (own, other) = (entry.words, before.words());
    let pairs = [
        ("category", own.category.as_str(), other.category.as_str()),
        ("fault", own.fault.as_str(), other.fault.as_str()),
        ("retry", own.retry.as_str(), other.retry.as_str()),
        ("processed", own.processed.as_str(), other.processed.as_str()),
    ];
    let differing = pairs.iter().filter(|(_, own, other)| own != other);
    let differing: Vec<String> = differing.map(|(field, own, other)| format!("{field} {own} for {other}")).collect();
    if !differing.is_empty() {
        let what = format!("is missing, though {} says otherwise: {}", before.id(), differing.join(", "));
        notes.add(entry.place, entry.label(), "why", what);
    }
}

//! `codes/messages/<locale>.json`: the texts that belong to a category.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::node::{Node, Object, Place, Problem, Reader, Str};
use crate::vocabulary::{Audience, Category};

/// The texts of one locale.
#[derive(Clone, Debug)]
pub struct Messages<'a> {
    /// Its BCP 47 tag.
    pub locale: Str<'a>,
    /// Its name in itself.
    pub name: Str<'a>,
    /// For each category in the order of the words: a text for a user, an operator and a developer.
    pub categories: Vec<[Str<'a>; 3]>,
}

/// The texts of a locale other than English: for users only, as operator and developer texts are English.
#[derive(Clone, Debug)]
pub struct Translation<'a> {
    /// Its BCP 47 tag.
    pub locale: Str<'a>,
    /// Its name in itself.
    pub name: Str<'a>,
    /// Whether it is written from right to left.
    pub right_to_left: bool,
    /// For each category in the order of the words.
    pub categories: Vec<Str<'a>>,
    /// For entries that have a text of their own, by their ids, with their places in the file.
    pub entries: Vec<(Str<'a>, Str<'a>, Option<Place>)>,
}

/// The fields of every object of the file, by the name of its definition in `messages.schema.json`.
pub const MESSAGE_FIELDS: &[(&str, &[&str])] =
    &[("messages", MESSAGES), ("texts", TEXTS), ("translation", TRANSLATION), ("user_text", USER_TEXT)];

const MESSAGES: &[&str] = &["$schema", "locale", "name", "direction", "categories"];
const TRANSLATION: &[&str] = &["$schema", "locale", "name", "direction", "categories", "entries"];
const USER_TEXT: &[&str] = &["user"];
const TEXTS: &[&str] = &["user", "operator", "developer"];

impl<'a> Messages<'a> {
    pub(crate) fn read(reader: &mut Reader<'a>) -> Option<Self> {
        let object = reader.root(MESSAGES)?;
        let head = read_head(reader, &object);
        let members = read_categories(reader, &object)?;
        let mut categories = Vec::new();
        for category in Category::ALL {
            let word = category.as_str();
            let Some((_, node)) = members.iter().find(|(name, _)| name == word) else {
                reader.bad(object.node, "categories", format!("{word} is missing"));
                continue;
            };
            reader.entry = word.to_string();
            if let Some(texts) = reader.object(*node, "", TEXTS) {
                let mut all = [const { Str::Borrowed("") }; 3];
                for (text, audience) in all.iter_mut().zip(Audience::ALL) {
                    let field = audience.as_str();
                    if let Some(found) = texts.require(reader, field).and_then(|node| reader.prose(node, field)) {
                        *text = found;
                    }
                }
                categories.push(all);
            }
            reader.entry.clear();
        }
        let (locale, name, _) = head?;
        let messages = Self { locale, name, categories };
        reader.problems.is_empty().then_some(messages)
    }
}

/// A locale's tag, name and direction.
fn read_head<'a>(reader: &mut Reader<'a>, object: &Object<'a>) -> Option<(Str<'a>, Str<'a>, bool)> {
    let locale = object.require(reader, "locale").and_then(|node| {
        reader.shaped(node, "locale", "a language tag such as en or pt-BR", |text| {
            text.split('-')
                .all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric()))
        })
    });
    let name = object.require(reader, "name").and_then(|node| reader.prose(node, "name"));
    let direction = object
        .require(reader, "direction")
        .and_then(|node| reader.word(node, "direction", &["ltr", "rtl"], |direction| direction));
    Some((locale?, name?, direction? == "rtl"))
}

/// The members of `categories`, each of which is one.
fn read_categories<'a>(reader: &mut Reader<'a>, object: &Object<'a>) -> Option<Vec<(Str<'a>, Node<'a>)>> {
    let members = object.require(reader, "categories").and_then(|node| reader.map(node, "categories"))?;
    for (word, node) in &members {
        if Category::from_word(word).is_none() {
            let words: Vec<&str> = Category::ALL.iter().map(|category| category.as_str()).collect();
            reader.bad(*node, "categories", format!("unknown category \"{word}\"; one of {}", words.join(", ")));
        }
    }
    Some(members)
}

impl<'a> Translation<'a> {
    pub(crate) fn read(reader: &mut Reader<'a>) -> Option<Self> {
        let object = reader.root(TRANSLATION)?;
        let head = read_head(reader, &object);
        let members = read_categories(reader, &object)?;
        let mut categories = Vec::new();
        for category in Category::ALL {
            let word = category.as_str();
            match members.iter().find(|(name, _)| name == word) {
                Some((_, node)) => categories.extend(read_user(reader, word, *node)),
                None => reader.bad(object.node, "categories", format!("{word} is missing")),
            }
        }
        let mut entries = Vec::new();
        if let Some(node) = object.get("entries") {
            for (id, node) in reader.map(node, "entries").unwrap_or_default() {
                let place = reader.place(node);
                entries.extend(read_user(reader, &id, node).map(|text| (id, text, place)));
            }
        }
        let (locale, name, right_to_left) = head?;
        if locale.eq_ignore_ascii_case("en") {
            reader.bad(object.node, "locale", "is English, which stands in the catalogs");
        }
        let translation = Self { locale, name, right_to_left, categories, entries };
        reader.problems.is_empty().then_some(translation)
    }

    /// What is missing or too much beside the entries there are. `own` says of an id whether that entry has a user
    /// text of its own in English; `None` that there is no such entry.
    pub(crate) fn check(
        &self,
        file: &str,
        own: &BTreeMap<String, bool>,
        is_complete: bool,
        problems: &mut Vec<Problem>,
    ) {
        let mut note = |place, entry: &str, what: &str| {
            problems.push(Problem {
                file: file.to_string(),
                place,
                entry: entry.to_string(),
                field: String::from("entries"),
                what: what.to_string(),
            });
        };
        for (id, _, place) in &self.entries {
            match own.get(&**id) {
                None => note(*place, id, "there is no such entry"),
                Some(false) => note(*place, id, "has no user text of its own in English; its category's serves"),
                Some(true) => {}
            }
        }
        let given: BTreeSet<&str> = self.entries.iter().map(|(id, _, _)| &**id).collect();
        for (id, _) in own.iter().filter(|(id, is_own)| is_complete && **is_own && !given.contains(id.as_str())) {
            note(None, id, "is missing: the entry has a user text of its own in English");
        }
    }
}

/// A text for users. There are no placeholders: a number that matters to a person is in the answer, for the platform
/// to write.
fn read_user<'a>(reader: &mut Reader<'a>, entry: &str, node: Node<'a>) -> Option<Str<'a>> {
    reader.entry = entry.to_string();
    let text = reader.object(node, "", USER_TEXT).and_then(|texts| {
        let node = texts.require(reader, "user")?;
        let text = reader.prose(node, "user")?;
        if text.contains(['{', '}']) {
            reader.bad(node, "user", "has a brace in it; there are no placeholders");
        }
        Some(text)
    });
    reader.entry.clear();
    text
}

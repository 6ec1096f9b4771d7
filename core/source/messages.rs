//! `codes/messages/<locale>.json`: the texts that belong to a category.

use alloc::format;
use alloc::string::ToString;
use alloc::vec::Vec;

use super::node::{Reader, Str};
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

/// The fields of every object of the file, by the name of its definition in `messages.schema.json`.
pub const MESSAGE_FIELDS: &[(&str, &[&str])] = &[("messages", MESSAGES), ("texts", TEXTS)];

const MESSAGES: &[&str] = &["$schema", "locale", "name", "direction", "categories"];
const TEXTS: &[&str] = &["user", "operator", "developer"];

impl<'a> Messages<'a> {
    pub(crate) fn read(reader: &mut Reader<'a>) -> Option<Self> {
        let object = reader.root(MESSAGES)?;
        let locale = object.require(reader, "locale").and_then(|node| {
            reader.shaped(node, "locale", "a language tag such as en or pt-BR", |text| {
                text.split('-')
                    .all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric()))
            })
        });
        let name = object.require(reader, "name").and_then(|node| reader.prose(node, "name"));
        if let Some(node) = object.require(reader, "direction") {
            reader.word(node, "direction", &["ltr", "rtl"], |direction| direction);
        }
        let members = object.require(reader, "categories").and_then(|node| reader.map(node, "categories"))?;
        for (word, node) in &members {
            if Category::from_word(word).is_none() {
                reader.bad(*node, "categories", format!("unknown category \"{word}\""));
            }
        }
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
        let messages = Self { locale: locale?, name: name?, categories };
        reader.problems.is_empty().then_some(messages)
    }
}

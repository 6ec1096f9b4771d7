//! `codes/formats.json`: where the standard bodies put what they have to say.

use alloc::format;
use alloc::string::ToString;
use alloc::vec::Vec;

use super::catalog::{
    At, CodeAt, Details, Document, MEMBER, one_or_more, read_at, read_codes, read_details, read_document,
};
use super::node::{Node, Reader, Str};
use crate::vocabulary::Format;

/// A standard body.
#[derive(Clone, Debug)]
pub struct FormatDefinition<'a> {
    /// Which.
    pub format: Format,
    /// Its name for a person.
    pub title: Str<'a>,
    /// The document that defines it.
    pub source: Document<'a>,
    /// The media types by which it is known, in lower case.
    pub media_types: Vec<Str<'a>>,
    /// Where its codes are.
    pub codes: Vec<CodeAt<'a>>,
    /// Where it says how long to wait, as a number of seconds with a final `s`; the first that says so counts.
    pub retry_delay: Vec<At<'a>>,
    /// What of it goes to `details`.
    pub details: Details<'a>,
}

/// The fields of every object of the file that a catalog doesn't have too, by the name of its definition in
/// `formats.schema.json`.
pub const FORMAT_FIELDS: &[(&str, &[&str])] = &[("formats", FORMATS), ("format", FORMAT)];

const FORMATS: &[&str] = &["$schema", "formats"];
const FORMAT: &[&str] = &["title", "source", "media_types", "codes", "retry_delay", "details"];

fn is_media_type(text: &str) -> bool {
    let is_part = |part: &str| {
        !part.is_empty()
            && part
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"!#$&^_.+-".contains(&byte))
    };
    text.split_once('/').is_some_and(|(kind, name)| is_part(kind) && is_part(name))
}

impl<'a> FormatDefinition<'a> {
    /// Reads the file: one definition for each format, in the order of the words.
    pub(crate) fn read_all(reader: &mut Reader<'a>) -> Option<Vec<Self>> {
        let object = reader.root(FORMATS)?;
        let members = object.require(reader, "formats").and_then(|node| reader.map(node, "formats"))?;
        let mut formats = Vec::new();
        let mut media_types = Vec::new();
        for (name, node) in &members {
            let Some(format) = Format::from_word(name) else {
                let words: Vec<&str> = Format::ALL.iter().map(|format| format.as_str()).collect();
                reader.bad(*node, "formats", format!("unknown format \"{name}\"; one of {}", words.join(", ")));
                continue;
            };
            reader.entry = name.to_string();
            formats.extend(Self::read(reader, *node, format, &mut media_types));
            reader.entry.clear();
        }
        for format in Format::ALL {
            if !members.iter().any(|(name, _)| name == format.as_str()) {
                reader.bad(object.node, "formats", format!("{format} is missing"));
            }
        }
        formats.sort_by_key(|definition| definition.format);
        reader.problems.is_empty().then_some(formats)
    }

    /// Reads one definition; `taken` are the media types of those before it.
    fn read(reader: &mut Reader<'a>, node: Node<'a>, format: Format, taken: &mut Vec<Str<'a>>) -> Option<Self> {
        let object = reader.object(node, "", FORMAT)?;
        let title = object.require(reader, "title").and_then(|node| reader.prose(node, "title"));
        let source =
            object.require(reader, "source").map(|node| read_document(reader, node, format.as_str().into(), "source"));
        let first = taken.len();
        if let Some(node) = object.require(reader, "media_types") {
            for item in reader.list(node, "media_types") {
                let rule = "a media type in lower case, without parameters";
                let media_type = reader.shaped(item, "media_types", rule, is_media_type);
                reader.keep(taken, media_type, item, "media_types");
            }
        }
        let media_types = taken.get(first..).unwrap_or_default().to_vec();
        let codes = object.require(reader, "codes").map(|node| read_codes(reader, node)).unwrap_or_default();
        let mut retry_delay = Vec::new();
        if let Some(node) = object.get("retry_delay") {
            for item in one_or_more(reader, node, "retry_delay") {
                let at = read_at(reader, item, "retry_delay", &MEMBER);
                reader.keep(&mut retry_delay, at, item, "retry_delay");
            }
        }
        let details = object.require(reader, "details").and_then(|node| read_details(reader, node));
        Some(Self { format, title: title?, source: source?, media_types, codes, retry_delay, details: details? })
    }
}

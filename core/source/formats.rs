//! `codes/formats.json`: where the standard bodies put what they have to say.

use alloc::format;
use alloc::string::ToString;
use alloc::vec::Vec;

use super::catalog::{At, CodeAt, Details, Document, one_or_more, read_at, read_codes, read_details, read_document};
use super::node::{Reader, Str};
use crate::vocabulary::Format;

/// A standard body.
#[derive(Clone, Debug)]
pub struct FormatDefinition<'a> {
    /// Which.
    pub format: Format,
    /// Its name for a person.
    pub title: Str<'a>,
    /// The document that defines it; `None` for the one that no document does.
    pub source: Option<Document<'a>>,
    /// The media types by which it is known, in lower case.
    pub media_types: Vec<Str<'a>>,
    /// Where its codes are.
    pub codes: Vec<CodeAt<'a>>,
    /// Where it says how long to wait, as a number of seconds with a final `s`; the first that says so counts.
    pub retry_delay: Vec<At<'a>>,
    /// What of it goes to `details`.
    pub details: Details<'a>,
}

const FORMATS: &[&str] = &["$schema", "about", "formats"];
const FORMAT: &[&str] = &["title", "source", "media_types", "codes", "retry_delay", "details", "why"];

impl<'a> FormatDefinition<'a> {
    /// Reads the file: one definition for each format, in the order of the words.
    pub(crate) fn read_all(reader: &mut Reader<'a>) -> Option<Vec<Self>> {
        let root = reader.parse()?;
        let object = reader.object(root, "", FORMATS)?;
        let members = object.require(reader, "formats").and_then(|node| reader.map(node, "formats"))?;
        let mut formats = Vec::new();
        for (name, node) in &members {
            let Some(format) = Format::from_word(name) else {
                reader.bad(*node, "formats", format!("unknown format \"{name}\""));
                continue;
            };
            reader.entry = name.to_string();
            formats.extend(Self::read(reader, *node, format));
            reader.entry.clear();
        }
        for format in Format::ALL {
            if !members.iter().any(|(name, _)| name == format.as_str()) {
                reader.bad(root, "formats", format!("{format} is missing"));
            }
        }
        formats.sort_by_key(|definition| definition.format);
        reader.problems.is_empty().then_some(formats)
    }

    fn read(reader: &mut Reader<'a>, node: super::node::Node<'a>, format: Format) -> Option<Self> {
        let object = reader.object(node, "", FORMAT)?;
        let title = object.require(reader, "title").and_then(|node| reader.prose(node, "title"));
        let source = object.get("source").and_then(|node| read_document(reader, node, format.as_str().into()));
        let mut media_types = Vec::new();
        if let Some(node) = object.get("media_types") {
            for item in reader.list(node, "media_types") {
                let rule = "a media type in lower case, without parameters";
                media_types.extend(reader.shaped(item, "media_types", rule, |text| {
                    text.contains('/') && !text.contains([' ', ';']) && text == text.to_ascii_lowercase()
                }));
            }
        }
        let codes = object.get("codes").map(|node| read_codes(reader, node)).unwrap_or_default();
        let mut retry_delay = Vec::new();
        if let Some(node) = object.get("retry_delay") {
            for place in one_or_more(reader, node, "retry_delay") {
                retry_delay.extend(read_at(reader, place, "retry_delay"));
            }
        }
        let details = object.get("details").and_then(|node| read_details(reader, node)).unwrap_or_default();
        if let Some(node) = object.get("why") {
            reader.prose(node, "why");
        }
        Some(Self { format, title: title?, source, media_types, codes, retry_delay, details })
    }
}

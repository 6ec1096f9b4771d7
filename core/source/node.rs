//! JSON with places: what serde_json reads, and where in the text each value stands.
//!
//! serde_json does the parsing; a borrowed [`RawValue`] is a slice of the text, so its place is the distance
//! between the two. That gives every check a line and a column, and sees duplicate members, which a map hides.

use alloc::borrow::Cow;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::cell::Cell;
use core::fmt::{self, Write as _};

use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use crate::vocabulary::ErrorKind;

/// A text stored in a catalog: borrowed from the file where it has no escapes.
pub type Str<'a> = Cow<'a, str>;

/// A place in a file, from 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The line.
    pub line: u32,
    /// The column, in characters.
    pub column: u32,
}

/// One thing wrong with a file: what, and where. Displays as `file:line:column: entry: field: what is wrong`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The file's name, as the caller gave it.
    pub file: String,
    /// Where in it; `None` where the problem is of the file as a whole.
    pub place: Option<Place>,
    /// The entry, such as `401.source_not_found`; empty where it is of the catalog as a whole.
    pub entry: String,
    /// The field; empty where it is of the entry as a whole.
    pub field: String,
    /// What is wrong, and what would be right.
    pub what: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some(place) = self.place {
            write!(f, ":{}:{}", place.line, place.column)?;
        }
        for part in [&self.entry, &self.field, &self.what] {
            if part.is_empty() {
                continue;
            }
            f.write_str(": ")?;
            // One line a problem, whatever the file has in it.
            for found in part.chars() {
                if found.is_control() { write!(f, "{}", found.escape_default())? } else { f.write_char(found)? }
            }
        }
        Ok(())
    }
}

/// A value in a file.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Node<'a>(&'a RawValue);

impl<'a> Node<'a> {
    /// Reads a whole text; the error has serde_json's own line and column.
    pub(crate) fn parse(text: &'a str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text).map(Self)
    }

    /// The value's text in the file.
    pub(crate) fn raw(self) -> &'a str {
        self.0.get()
    }

    /// Which kind of value it is, for an error text.
    pub(crate) fn kind(self) -> &'static str {
        match self.raw().as_bytes().first() {
            Some(b'{') => "an object",
            Some(b'[') => "a list",
            Some(b'"') if self.text().is_none() => "a text with half of a surrogate pair",
            Some(b'"') => "a text",
            Some(b't' | b'f') => "true or false",
            Some(b'n') => "null",
            _ => "a number",
        }
    }

    /// The value for an error text: itself where it is short, its kind where it isn't.
    pub(crate) fn shown(self) -> &'a str {
        let short = self.raw().len() <= 40 && !self.is_object() && !self.is_list();
        if short { self.raw() } else { self.kind() }
    }

    pub(crate) fn is_text(self) -> bool {
        self.raw().starts_with('"')
    }

    pub(crate) fn is_object(self) -> bool {
        self.raw().starts_with('{')
    }

    pub(crate) fn is_list(self) -> bool {
        self.raw().starts_with('[')
    }

    pub(crate) fn is_number(self) -> bool {
        self.raw().starts_with(|first: char| first == '-' || first.is_ascii_digit())
    }

    pub(crate) fn is_null(self) -> bool {
        self.raw() == "null"
    }

    pub(crate) fn bool(self) -> Option<bool> {
        match self.raw() {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        }
    }

    pub(crate) fn text(self) -> Option<Str<'a>> {
        let raw = self.raw();
        // A text without escapes is the slice between its quotes.
        if let Some(inner) = raw.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'))
            && !inner.contains('\\')
        {
            return Some(Cow::Borrowed(inner));
        }
        serde_json::from_str::<String>(raw).ok().map(Cow::Owned)
    }

    /// A whole number, written as one (`3`, not `3.0`).
    pub(crate) fn integer(self) -> Option<i64> {
        self.raw().parse().ok()
    }

    pub(crate) fn number(self) -> Option<f64> {
        serde_json::from_str(self.raw()).ok()
    }

    /// The members of an object in their order, duplicates included; `None` for anything else.
    pub(crate) fn members(self) -> Option<Vec<(Str<'a>, Node<'a>)>> {
        Self::members_of(self.raw())
    }

    /// The members of a text that is one object, in one pass over it; `None` for anything else.
    pub(crate) fn members_of(text: &'a str) -> Option<Vec<(Str<'a>, Node<'a>)>> {
        struct Members;
        impl<'de> Visitor<'de> for Members {
            type Value = Vec<(Str<'de>, Node<'de>)>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(name) = map.next_key::<Node<'de>>()? {
                    members.push((name.text().unwrap_or_default(), map.next_value()?));
                }
                Ok(members)
            }
        }
        let mut json = serde_json::Deserializer::from_str(text);
        let members = json.deserialize_map(Members).ok()?;
        json.end().ok()?;
        Some(members)
    }

    /// The items of a list; `None` for anything else.
    pub(crate) fn items(self) -> Option<Vec<Node<'a>>> {
        struct Items;
        impl<'de> Visitor<'de> for Items {
            type Value = Vec<Node<'de>>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
                let mut items = Vec::new();
                while let Some(item) = seq.next_element()? {
                    items.push(item);
                }
                Ok(items)
            }
        }
        serde_json::Deserializer::from_str(self.raw()).deserialize_seq(Items).ok()
    }

    /// Where the value begins in `text`, which it was read from.
    pub(crate) fn offset(self, text: &str) -> usize {
        (self.raw().as_ptr().addr()).wrapping_sub(text.as_ptr().addr())
    }
}

impl<'de: 'a, 'a> serde::Deserialize<'de> for Node<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        <&RawValue>::deserialize(deserializer).map(Self)
    }
}

/// Where the offsets of a text lie, by line; made once a file.
#[derive(Debug)]
pub(crate) struct Lines<'a> {
    text: &'a str,
    starts: Vec<usize>,
    /// The last place that was asked for, by its offset and its column: a file may be one long line, and its places
    /// are asked for from left to right.
    last: Cell<(usize, usize)>,
}

impl<'a> Lines<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        let newlines = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
        Self { text, starts: core::iter::once(0).chain(newlines).collect(), last: Cell::new((0, 1)) }
    }

    /// The place of a byte of a line, both counted from 1 as serde_json does; 0 is the end of the line before.
    fn place_of_byte(&self, line: usize, column: usize) -> Option<Place> {
        let start = *self.starts.get(line.checked_sub(1)?)?;
        let offset = (start + column.saturating_sub(1)).min(self.text.len());
        self.place((0..=offset).rev().find(|offset| self.text.is_char_boundary(*offset))?)
    }

    pub(crate) fn place(&self, offset: usize) -> Option<Place> {
        let line = self.starts.partition_point(|start| *start <= offset);
        let start = *self.starts.get(line.checked_sub(1)?)?;
        let (from, column) = match self.last.get() {
            (last, column) if (start..=offset).contains(&last) => (last, column),
            _ => (start, 1),
        };
        let column = column + self.text.get(from..offset)?.chars().count();
        self.last.set((offset, column));
        Some(Place { line: line.try_into().ok()?, column: column.try_into().ok()? })
    }
}

/// Reads one file: collects every problem, with its place, instead of stopping at the first.
#[derive(Debug)]
pub(crate) struct Reader<'a> {
    file: &'a str,
    lines: Lines<'a>,
    pub(crate) problems: Vec<Problem>,
    /// Of which kind the first problem is, and the value it was found in; for a question, which is told of one.
    pub(crate) first: Option<(ErrorKind, Node<'a>)>,
    /// The entry being read, for the problems found in it.
    pub(crate) entry: String,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(file: &'a str, text: &'a str) -> Self {
        Self { file, lines: Lines::new(text), problems: Vec::new(), first: None, entry: String::new() }
    }

    /// The file's one object. `None`, with the problem noted, where the text isn't one.
    pub(crate) fn root(&mut self, known: &'static [&'static str]) -> Option<Object<'a>> {
        let node = self.parse()?;
        let object = self.object(node, "", known)?;
        if let Some(schema) = object.get("$schema") {
            self.plain_text(schema, "$schema", super::LONGEST_TEXT);
        }
        Some(object)
    }

    fn parse(&mut self) -> Option<Node<'a>> {
        match Node::parse(self.lines.text) {
            Ok(node) => Some(node),
            Err(error) => {
                let place = self.lines.place_of_byte(error.line(), error.column());
                // serde_json ends its text with the place, which stands in front here.
                let what = error.to_string();
                let what = what.split(" at line ").next().unwrap_or_default();
                self.problem(place, "", format!("not JSON: {what}"));
                None
            }
        }
    }

    pub(crate) fn place(&self, node: Node<'a>) -> Option<Place> {
        self.lines.place(node.offset(self.lines.text))
    }

    pub(crate) fn problem(&mut self, place: Option<Place>, field: &str, what: impl Into<String>) {
        self.problems.push(Problem {
            file: self.file.to_string(),
            place,
            entry: self.entry.clone(),
            field: field.to_string(),
            what: what.into(),
        });
    }

    pub(crate) fn bad(&mut self, node: Node<'a>, field: &str, what: impl Into<String>) {
        self.bad_as(ErrorKind::BadValue, node, field, what);
    }

    /// A problem of another kind than a bad value.
    pub(crate) fn bad_as(&mut self, kind: ErrorKind, node: Node<'a>, field: &str, what: impl Into<String>) {
        let place = self.place(node);
        self.first.get_or_insert((kind, node));
        self.problem(place, field, what);
    }

    /// An object that may have these fields; others, and doubles, are problems.
    pub(crate) fn object(&mut self, node: Node<'a>, field: &str, known: &'static [&'static str]) -> Option<Object<'a>> {
        let members = self.map(node, field)?;
        for (name, value) in &members {
            if !known.contains(&name.as_ref()) {
                let what = format!("unknown field; one of {}", known.join(", "));
                self.bad_as(ErrorKind::UnknownField, *value, name, what);
            }
        }
        Some(Object { node, members })
    }

    /// An object with names of its own; doubles are problems.
    pub(crate) fn map(&mut self, node: Node<'a>, field: &str) -> Option<Vec<(Str<'a>, Node<'a>)>> {
        let Some(members) = node.members() else {
            self.bad(node, field, format!("must be an object, not {}", node.kind()));
            return None;
        };
        let mut names: Vec<(&str, usize)> = members.iter().enumerate().map(|(at, (name, _))| (&**name, at)).collect();
        names.sort_unstable();
        for pair in names.windows(2) {
            if let [(first, _), (second, at)] = pair
                && first == second
                && let Some((name, value)) = members.get(*at)
            {
                self.bad_as(ErrorKind::Conflict, *value, name, "stands twice in the same object");
            }
        }
        Some(members)
    }

    pub(crate) fn list(&mut self, node: Node<'a>, field: &str) -> Vec<Node<'a>> {
        let Some(items) = node.items() else {
            self.bad(node, field, format!("must be a list, not {}", node.kind()));
            return Vec::new();
        };
        items
    }

    /// A list with something in it.
    pub(crate) fn filled_list(&mut self, node: Node<'a>, field: &str) -> Vec<Node<'a>> {
        let items = self.list(node, field);
        if items.is_empty() && node.is_list() {
            self.bad(node, field, "is empty; give at least one, or leave the field out");
        }
        items
    }

    /// Keeps what was read of an item of a list, which may not stand twice in it.
    pub(crate) fn keep<T: PartialEq>(&mut self, list: &mut Vec<T>, value: Option<T>, node: Node<'a>, field: &str) {
        let Some(value) = value else { return };
        if list.contains(&value) {
            self.bad(node, field, format!("{} stands twice", node.shown()));
        }
        list.push(value);
    }

    pub(crate) fn bool(&mut self, node: Node<'a>, field: &str) -> Option<bool> {
        let value = node.bool();
        if value.is_none() {
            self.bad(node, field, format!("must be true or false, not {}", node.kind()));
        }
        value
    }

    pub(crate) fn integer(&mut self, node: Node<'a>, field: &str, from: i64, to: i64) -> Option<i64> {
        match node.integer() {
            Some(value) if (from..=to).contains(&value) => Some(value),
            _ => {
                self.bad(node, field, format!("must be a whole number from {from} to {to}, not {}", node.shown()));
                None
            }
        }
    }

    /// Any text, at most `longest` characters.
    pub(crate) fn plain_text(&mut self, node: Node<'a>, field: &str, longest: usize) -> Option<Str<'a>> {
        let Some(text) = node.is_text().then(|| node.text()).flatten() else {
            self.bad(node, field, format!("must be a text, not {}", node.kind()));
            return None;
        };
        let length = text.chars().count();
        if length > longest {
            self.bad(node, field, format!("is too long: {length} characters; at most {longest}"));
            return None;
        }
        Some(text)
    }

    /// A text for people: not empty, no blanks around it, no control characters.
    pub(crate) fn prose(&mut self, node: Node<'a>, field: &str) -> Option<Str<'a>> {
        let text = self.plain_text(node, field, super::LONGEST_TEXT)?;
        let wrong = if text.is_empty() {
            "is empty; say something, or leave the field out"
        } else if text.trim() != text {
            "has blanks at its beginning or end"
        } else if text.chars().any(char::is_control) {
            "has a control character in it"
        } else {
            return Some(text);
        };
        self.bad(node, field, wrong);
        None
    }

    /// A text made of the characters that `accept` takes, from its first to its last.
    pub(crate) fn shaped(
        &mut self,
        node: Node<'a>,
        field: &str,
        rule: &str,
        accept: impl Fn(&str) -> bool,
    ) -> Option<Str<'a>> {
        let text = self.plain_text(node, field, super::LONGEST_TEXT)?;
        if accept(&text) {
            return Some(text);
        }
        self.bad(node, field, format!("\"{text}\" is not {rule}"));
        None
    }

    /// A word of a closed set.
    pub(crate) fn word<T: Copy>(
        &mut self,
        node: Node<'a>,
        field: &str,
        all: &[T],
        spell: impl Fn(T) -> &'static str,
    ) -> Option<T> {
        let text = self.plain_text(node, field, super::LONGEST_TEXT)?;
        let found = all.iter().copied().find(|word| spell(*word) == text);
        if found.is_none() {
            let words: Vec<&str> = all.iter().map(|word| spell(*word)).collect();
            self.bad(node, field, format!("unknown word \"{text}\"; one of {}", words.join(", ")));
        }
        found
    }
}

/// The members of an object, taken by name.
#[derive(Debug)]
pub(crate) struct Object<'a> {
    pub(crate) node: Node<'a>,
    members: Vec<(Str<'a>, Node<'a>)>,
}

impl<'a> Object<'a> {
    pub(crate) fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// The member of this name; the last where there are several, each of which was told of.
    pub(crate) fn get(&self, name: &str) -> Option<Node<'a>> {
        self.members.iter().rev().find(|(member, _)| member == name).map(|(_, node)| *node)
    }

    /// A member that must be there.
    pub(crate) fn require(&self, reader: &mut Reader<'a>, name: &str) -> Option<Node<'a>> {
        let found = self.get(name);
        if found.is_none() {
            reader.bad_as(ErrorKind::MissingField, self.node, name, "is missing");
        }
        found
    }
}

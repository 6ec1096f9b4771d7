//! Reading a question: every field checked, unknown ones refused, and a mistake told with its place.

use alloc::borrow::Cow;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::{Error, Named, to_json};
use crate::classify::Classification;
use crate::evidence::{BODY_LIMIT, Code, Evidence};
use crate::hint::rfc3339;
use crate::source::{MAX_SAFE, Node, Str, parse_number};
use crate::tables::{Catalog, Entry, built_in};
use crate::vocabulary::{ErrorKind, Mode};

/// What is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ask {
    /// What an answer means.
    Classify,
    /// What one entry says.
    Entry,
    /// The numbers a catalog's documents state.
    Limits,
}

impl Ask {
    const ALL: &'static [(&'static str, Self)] =
        &[("classify", Self::Classify), ("entry", Self::Entry), ("limits", Self::Limits)];
}

/// A code, owned or borrowed from the question.
#[derive(Clone, Debug)]
enum CodeText<'a> {
    Number(i64),
    Name(Str<'a>),
}

/// A question of the wire form, checked.
#[derive(Clone, Debug)]
pub struct Question<'a> {
    ask: Ask,
    catalog: Catalog<'static>,
    entry: Option<Str<'a>>,
    status: Option<u16>,
    code: Option<CodeText<'a>>,
    failure: Option<Str<'a>>,
    headers: Vec<(Str<'a>, Str<'a>)>,
    body: Option<Cow<'a, [u8]>>,
    control_id: Option<Str<'a>>,
    mode: Option<Mode>,
    now_ms: Option<i64>,
    body_limit: usize,
    details: bool,
}

/// The fields of a question: those of `question.schema.json`.
pub const QUESTION: &[&str] = &[
    "ask",
    "catalog",
    "entry",
    "status",
    "code",
    "failure",
    "headers",
    "body",
    "body_base64",
    "control_id",
    "mode",
    "now",
    "body_limit",
    "details",
];

fn bad(at: &str, message: impl Into<String>) -> Error {
    Error::new(ErrorKind::BadValue, at, message)
}

fn text<'a>(node: Node<'a>, at: &str) -> Result<Str<'a>, Error> {
    let text = node.is_text().then(|| node.text()).flatten();
    text.ok_or_else(|| bad(at, format!("must be a text, not {}", node.kind())))
}

fn integer(node: Node<'_>, at: &str, from: i64, to: i64) -> Result<i64, Error> {
    let number = node.integer().filter(|number| (from..=to).contains(number));
    number.ok_or_else(|| bad(at, format!("must be a whole number from {from} to {to}")))
}

fn word<T: Copy>(node: Node<'_>, at: &str, words: &[(&str, T)]) -> Result<T, Error> {
    let text = text(node, at)?;
    words.iter().find(|(word, _)| *word == text).map(|(_, value)| *value).ok_or_else(|| {
        let words: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        bad(at, format!("must be one of {}", words.join(", ")))
    })
}

impl<'a> Question<'a> {
    /// Reads a question; one that names no catalog is asked of `http`.
    ///
    /// # Errors
    /// The text isn't JSON or isn't an object, or a field is unknown, of the wrong type, out of range, or goes ill
    /// with another.
    pub fn parse(question: &'a str) -> Result<Self, Error> {
        Self::parse_for(find_catalog("http", "/catalog")?, question)
    }

    /// Reads a question; one that names no catalog is asked of this one.
    ///
    /// # Errors
    /// As [`parse`](Self::parse).
    pub fn parse_for(catalog: Catalog<'static>, question: &'a str) -> Result<Self, Error> {
        let members = Node::members_of(question).ok_or_else(|| no_object(question))?;
        let mut seen: Vec<&str> = Vec::with_capacity(members.len());
        for (name, _) in &members {
            if !QUESTION.contains(&name.as_ref()) {
                let message = format!("unknown field; one of {}", QUESTION.join(", "));
                return Err(Error::new(ErrorKind::UnknownField, &format!("/{name}"), message));
            }
            if seen.contains(&name.as_ref()) {
                return Err(Error::new(ErrorKind::Conflict, &format!("/{name}"), "stands twice"));
            }
            seen.push(name);
        }
        // A field that is null counts as absent.
        let get = |name: &str| {
            members.iter().find(|(member, _)| member == name).map(|(_, node)| *node).filter(|node| !node.is_null())
        };
        let ask = get("ask").map(|node| word(node, "/ask", Ask::ALL)).transpose()?.unwrap_or(Ask::Classify);
        let entry = get("entry").map(|node| text(node, "/entry")).transpose()?;
        let catalog = match get("catalog") {
            Some(node) => find_catalog(&text(node, "/catalog")?, "/catalog")?,
            None => match entry.as_deref().and_then(|entry| entry.split_once('/')) {
                Some((id, _)) => find_catalog(id, "/entry")?,
                None => catalog,
            },
        };
        let status = get("status").map(|node| integer(node, "/status", 0, 65_535)).transpose()?;
        let body = match (get("body"), get("body_base64")) {
            (Some(_), Some(_)) => {
                let message = "goes ill with body: give one of them";
                return Err(Error::new(ErrorKind::Conflict, "/body_base64", message));
            }
            (Some(node), None) => Some(read_body(node)?),
            (None, Some(node)) => Some(Cow::Owned(base64(&text(node, "/body_base64")?, "/body_base64")?)),
            (None, None) => None,
        };
        let limit = get("body_limit").map(|node| integer(node, "/body_limit", 0, MAX_SAFE)).transpose()?;
        let details = get("details")
            .map(|node| node.bool().ok_or_else(|| bad("/details", "must be true or false")))
            .transpose()?;
        Ok(Self {
            ask,
            catalog,
            entry,
            status: status.and_then(|status| u16::try_from(status).ok()),
            code: get("code").map(read_code).transpose()?,
            failure: get("failure").map(|node| text(node, "/failure")).transpose()?,
            headers: get("headers").map(read_headers).transpose()?.unwrap_or_default(),
            body,
            control_id: get("control_id").map(|node| text(node, "/control_id")).transpose()?,
            mode: get("mode")
                .map(|node| word(node, "/mode", &[("async", Mode::Async), ("sync", Mode::Sync)]))
                .transpose()?,
            now_ms: get("now").map(read_now).transpose()?,
            body_limit: limit.map_or(BODY_LIMIT, |limit| usize::try_from(limit).unwrap_or(usize::MAX)),
            details: details.unwrap_or(true),
        })
    }

    /// What is asked.
    #[must_use]
    pub fn ask(&self) -> Ask {
        self.ask
    }

    /// The catalog that is asked.
    #[must_use]
    pub fn catalog(&self) -> Catalog<'static> {
        self.catalog
    }

    /// The headers as pairs, for [`evidence`](Self::evidence). Allocates nothing where there are none.
    #[must_use]
    pub fn headers(&self) -> Vec<(&str, &str)> {
        self.headers.iter().map(|(name, value)| (&**name, &**value)).collect()
    }

    /// What came back, with the question's own headers or others.
    #[must_use]
    pub fn evidence<'q>(&'q self, headers: &'q [(&'q str, &'q str)]) -> Evidence<'q> {
        Evidence {
            status: self.status,
            code: self.code.as_ref().map(|code| match code {
                CodeText::Number(number) => Code::Number(*number),
                CodeText::Name(name) => Code::Name(name),
            }),
            failure: self.failure.as_deref(),
            headers,
            body: self.body.as_deref(),
            control_id: self.control_id.as_deref(),
            mode: self.mode,
            now_ms: self.now_ms,
            body_limit: self.body_limit,
            details: self.details,
        }
    }

    /// The answer, as JSON.
    ///
    /// # Errors
    /// The question asks for an entry that isn't there.
    pub fn answer(&self) -> Result<String, Error> {
        match self.ask {
            Ask::Classify => Ok(self.catalog.classify(&self.evidence(&self.headers())).to_json()),
            Ask::Entry => Ok(to_json(&Named("entry", self.find_entry()?))),
            Ask::Limits => Ok(to_json(&Named("limits", self.catalog.limits().collect::<Vec<_>>()))),
        }
    }

    /// The entry that is asked for: by its id, or by its key in the catalog.
    fn find_entry(&self) -> Result<Entry<'static>, Error> {
        let missing = |at: &str| {
            let message = format!("the catalog {} has no such entry", self.catalog.id());
            Error::new(ErrorKind::UnknownEntry, at, message)
        };
        if let Some(id) = self.entry.as_deref() {
            return self
                .catalog
                .chain()
                .flat_map(Catalog::entries)
                .find(|entry| entry.id() == id)
                .ok_or_else(|| missing("/entry"));
        }
        if let Some(code) = &self.code {
            let found = match code {
                CodeText::Number(number) => self.catalog.find_number(*number).map(|(entry, _)| entry),
                CodeText::Name(name) => self.catalog.find_name(name),
            };
            return found.ok_or_else(|| missing("/code"));
        }
        if let Some(failure) = self.failure.as_deref() {
            return self.catalog.find_failure(failure).ok_or_else(|| missing("/failure"));
        }
        if let Some(status) = self.status {
            return self.catalog.find_status(status).map(|(entry, _)| entry).ok_or_else(|| missing("/status"));
        }
        let message = "ask entry needs one of entry, code, failure, status";
        Err(Error::new(ErrorKind::MissingField, "/entry", message))
    }
}

/// Why a text is no question.
fn no_object(question: &str) -> Error {
    match Node::parse(question) {
        Ok(root) => bad("", format!("must be an object, not {}", root.kind())),
        Err(error) => Error::new(ErrorKind::BadJson, "", format!("not JSON: {error}; a question is one JSON object")),
    }
}

fn find_catalog(id: &str, at: &str) -> Result<Catalog<'static>, Error> {
    built_in().catalog(id).ok_or_else(|| Error::unknown_catalog(at))
}

fn read_code(node: Node<'_>) -> Result<CodeText<'_>, Error> {
    if node.is_text() {
        let name = text(node, "/code")?;
        return Ok(parse_number(name.trim()).map_or(CodeText::Name(name), CodeText::Number));
    }
    integer(node, "/code", -MAX_SAFE, MAX_SAFE)
        .map(CodeText::Number)
        .map_err(|_| bad("/code", format!("must be a text or a whole number from -{MAX_SAFE} to {MAX_SAFE}")))
}

/// Headers: an object whose values are texts or lists of texts, or a list of pairs.
fn read_headers(node: Node<'_>) -> Result<Vec<(Str<'_>, Str<'_>)>, Error> {
    let mut headers = Vec::new();
    if let Some(members) = node.members() {
        for (name, value) in members {
            let at = format!("/headers/{name}");
            match value.items() {
                Some(items) => {
                    for item in items {
                        headers.push((name.clone(), text(item, &at)?));
                    }
                }
                None => {
                    let value = text(value, &at).map_err(|error| {
                        bad(&at, format!("{}; a header's value is a text or a list of texts", error.message))
                    })?;
                    headers.push((name, value));
                }
            }
        }
        return Ok(headers);
    }
    let right = "must be an object of texts, or a list of pairs such as [\"retry-after\", \"120\"]";
    for (place, pair) in node.items().ok_or_else(|| bad("/headers", right))?.into_iter().enumerate() {
        let at = format!("/headers/{place}");
        match pair.items().as_deref() {
            Some([name, value]) => headers.push((text(*name, &at)?, text(*value, &at)?)),
            _ => return Err(bad(&at, "must be a pair such as [\"retry-after\", \"120\"]")),
        }
    }
    Ok(headers)
}

/// A body: a text, or an object that stands for its compact JSON.
fn read_body(node: Node<'_>) -> Result<Cow<'_, [u8]>, Error> {
    if node.is_object() {
        return Ok(Cow::Owned(compact(node.raw())));
    }
    let message =
        |_| bad("/body", format!("must be a text, or an object that stands for its JSON, not {}", node.kind()));
    text(node, "/body").map_err(message).map(|text| match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.as_bytes()),
        Cow::Owned(text) => Cow::Owned(text.into_bytes()),
    })
}

/// JSON without the blanks between its tokens.
fn compact(json: &str) -> Vec<u8> {
    let (mut in_text, mut escaped) = (false, false);
    let mut keep = |byte: &u8| {
        if in_text {
            in_text = escaped || *byte != b'"';
            escaped = !escaped && *byte == b'\\';
            return true;
        }
        in_text = *byte == b'"';
        !byte.is_ascii_whitespace()
    };
    json.bytes().filter(|byte| keep(byte)).collect()
}

/// The years 1 to 9999, in milliseconds since 1970.
const TIMES: core::ops::RangeInclusive<i64> = -62_135_596_800_000..=253_402_300_799_999;

/// What a time must be.
const A_TIME: &str = "a time such as 2026-11-21T20:40:00Z, or milliseconds since 1970, in the years 1 to 9999";

/// A time: milliseconds since 1970, or as RFC 3339 writes it.
fn read_now(node: Node<'_>) -> Result<i64, Error> {
    let found = if node.is_text() { node.text().and_then(|text| rfc3339(&text)) } else { node.integer() };
    found.filter(|ms| TIMES.contains(ms)).ok_or_else(|| bad("/now", format!("must be {A_TIME}")))
}

/// A time as a person writes it, in milliseconds since 1970: `2026-11-21T20:40:00Z` (RFC 3339), or that number
/// itself.
///
/// # Errors
/// The text is neither, or outside the years 1 to 9999.
pub fn parse_time(text: &str) -> Result<i64, Error> {
    let found = rfc3339(text).or_else(|| parse_number(text)).filter(|ms| TIMES.contains(ms));
    found.ok_or_else(|| bad("", format!("must be {A_TIME}")))
}

/// Base64 of RFC 4648, section 4; padding may be left out.
fn base64(text: &str, at: &str) -> Result<Vec<u8>, Error> {
    let wrong =
        |place: usize| bad(at, format!("is not base64 (RFC 4648, section 4): wrong at character {}", place + 1));
    let digits = text.trim_end_matches('=');
    if text.len() - digits.len() > 2 || digits.len() % 4 == 1 {
        return Err(wrong(digits.len()));
    }
    let mut bytes = Vec::with_capacity(digits.len() / 4 * 3 + 2);
    let (mut held, mut bits) = (0_u32, 0);
    for (place, digit) in digits.bytes().enumerate() {
        let value = match digit {
            b'A'..=b'Z' => digit - b'A',
            b'a'..=b'z' => digit - b'a' + 26,
            b'0'..=b'9' => digit - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return Err(wrong(place)),
        };
        held = held << 6 | u32::from(value);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push((held >> bits & 0xFF) as u8);
        }
    }
    Ok(bytes)
}

impl Classification<'_> {
    /// The classification as the answer of the wire form.
    #[must_use]
    pub fn to_json(&self) -> String {
        to_json(&Named("classification", self))
    }
}

impl Error {
    /// The error as the answer of the wire form.
    #[must_use]
    pub fn to_json(&self) -> String {
        to_json(&Named("error", self))
    }
}

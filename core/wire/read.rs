//! Reading the parts of a question: each checked, and a mistake told with its place.

use alloc::borrow::Cow;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::Error;
use crate::decide::{Budget, State};
use crate::evidence::{Code, Evidence};
use crate::hint::rfc3339;
use crate::profile::Profile;
use crate::source::{MAX_SAFE, Node, Reader, Str, parse_number};
use crate::vocabulary::{ErrorKind, Word};

pub(super) fn bad(at: &str, message: impl Into<String>) -> Error {
    Error::new(ErrorKind::BadValue, at, message)
}

pub(super) fn text<'a>(node: Node<'a>, at: &str) -> Result<Str<'a>, Error> {
    let text = node.is_text().then(|| node.text()).flatten();
    text.ok_or_else(|| bad(at, format!("must be a text, not {}", node.kind())))
}

pub(super) fn integer(node: Node<'_>, at: &str, from: i64, to: i64) -> Result<i64, Error> {
    let number = node.integer().filter(|number| (from..=to).contains(number));
    number.ok_or_else(|| bad(at, format!("must be a whole number from {from} to {to}")))
}

pub(super) fn word<T: Word>(node: Node<'_>, at: &str) -> Result<T, Error> {
    let text = text(node, at)?;
    let found = T::WORDS.iter().copied().find(|word| word.spelling() == text);
    found.ok_or_else(|| bad(at, format!("must be {}", one_of::<T>())))
}

/// The words of a set, for an error.
pub(super) fn one_of<T: Word>() -> String {
    let words: Vec<&str> = T::WORDS.iter().map(|word| word.spelling()).collect();
    format!("one of {}", words.join(", "))
}

/// The JSON pointer (RFC 6901) to a member of an object.
pub(super) fn pointer(object: &str, member: &str) -> String {
    format!("{object}/{}", member.replace('~', "~0").replace('/', "~1"))
}

/// A code, owned or borrowed from the question.
#[derive(Clone, Debug)]
pub(super) enum CodeText<'a> {
    /// A number.
    Number(i64),
    /// A name.
    Name(Str<'a>),
}

/// What came back, as a question says it.
#[derive(Clone, Debug, Default)]
pub(super) struct Given<'a> {
    pub(super) status: Option<u16>,
    pub(super) code: Option<CodeText<'a>>,
    pub(super) failure: Option<Str<'a>>,
    headers: Vec<(Str<'a>, Str<'a>)>,
    body: Option<Cow<'a, [u8]>>,
    control_id: Option<Str<'a>>,
}

/// The members that say what came back.
pub(super) const GIVEN: &[&str] = &["status", "code", "failure", "headers", "body", "body_base64", "control_id"];

impl<'a> Given<'a> {
    /// Reads the members that say what came back; `at` is where they stand.
    pub(super) fn parse(get: impl Fn(&str) -> Option<Node<'a>>, at: &str) -> Result<Self, Error> {
        let status = get("status").map(|node| integer(node, &format!("{at}/status"), 0, 65_535)).transpose()?;
        let body = match (get("body"), get("body_base64")) {
            (Some(_), Some(_)) => {
                let message = "goes ill with body: give one of them";
                return Err(Error::new(ErrorKind::Conflict, &format!("{at}/body_base64"), message));
            }
            (Some(node), None) => Some(read_body(node, &format!("{at}/body"))?),
            (None, Some(node)) => {
                let at = format!("{at}/body_base64");
                Some(Cow::Owned(base64(&text(node, &at)?, &at)?))
            }
            (None, None) => None,
        };
        let text_of = |name: &str| get(name).map(|node| text(node, &format!("{at}/{name}"))).transpose();
        Ok(Self {
            status: status.and_then(|status| u16::try_from(status).ok()),
            code: get("code").map(|node| read_code(node, &format!("{at}/code"))).transpose()?,
            failure: text_of("failure")?,
            headers: get("headers")
                .map(|node| read_headers(node, &format!("{at}/headers")))
                .transpose()?
                .unwrap_or_default(),
            body,
            control_id: text_of("control_id")?,
        })
    }

    /// Its headers, as evidence borrows them.
    pub(super) fn headers(&self) -> Vec<(&str, &str)> {
        self.headers.iter().map(|(name, value)| (&**name, &**value)).collect()
    }

    /// It as evidence.
    pub(super) fn evidence<'e>(&'e self, headers: &'e [(&'e str, &'e str)]) -> Evidence<'e> {
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
            ..Evidence::default()
        }
    }
}

fn read_code<'a>(node: Node<'a>, at: &str) -> Result<CodeText<'a>, Error> {
    if node.is_text() {
        let name = text(node, at)?;
        return Ok(parse_number(name.trim()).map_or(CodeText::Name(name), CodeText::Number));
    }
    integer(node, at, -MAX_SAFE, MAX_SAFE)
        .map(CodeText::Number)
        .map_err(|_| bad(at, format!("must be a text or a whole number from -{MAX_SAFE} to {MAX_SAFE}")))
}

/// Headers: an object whose values are texts or lists of texts, or a list of pairs.
fn read_headers<'a>(node: Node<'a>, at: &str) -> Result<Vec<(Str<'a>, Str<'a>)>, Error> {
    let mut headers = Vec::new();
    if let Some(members) = node.members() {
        for (name, value) in members {
            let at = pointer(at, &name);
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
    for (place, pair) in node.items().ok_or_else(|| bad(at, right))?.into_iter().enumerate() {
        let at = format!("{at}/{place}");
        match pair.items().as_deref() {
            Some([name, value]) => headers.push((text(*name, &at)?, text(*value, &at)?)),
            _ => return Err(bad(&at, "must be a pair such as [\"retry-after\", \"120\"]")),
        }
    }
    Ok(headers)
}

/// A body: a text, or an object that stands for its compact JSON.
fn read_body<'a>(node: Node<'a>, at: &str) -> Result<Cow<'a, [u8]>, Error> {
    if node.is_object() {
        return Ok(Cow::Owned(compact(node.raw())));
    }
    let message = |_| bad(at, format!("must be a text, or an object that stands for its JSON, not {}", node.kind()));
    text(node, at).map_err(message).map(|text| match text {
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

/// Languages that are wished for: a tag, or a list of them.
pub(super) fn read_locale(node: Node<'_>) -> Result<Vec<Str<'_>>, Error> {
    if node.is_text() {
        return text(node, "/locale").map(|tag| alloc::vec![tag]);
    }
    let right = "must be a language tag such as es-MX, or a list of them";
    let items = node.items().ok_or_else(|| bad("/locale", right))?;
    items.into_iter().enumerate().map(|(at, item)| text(item, &format!("/locale/{at}"))).collect()
}

/// The years 1 to 9999, in milliseconds since 1970.
const TIMES: core::ops::RangeInclusive<i64> = -62_135_596_800_000..=253_402_300_799_999;

/// What a time must be.
pub(super) const A_TIME: &str =
    "a time such as 2026-11-21T20:40:00Z, or milliseconds since 1970, in the years 1 to 9999";

/// A time: milliseconds since 1970, or as RFC 3339 writes it.
pub(super) fn read_now(node: Node<'_>, at: &str) -> Result<i64, Error> {
    let found = if node.is_text() { node.text().and_then(|text| rfc3339(&text)) } else { node.integer() };
    found.filter(|ms| TIMES.contains(ms)).ok_or_else(|| not_a_time(at))
}

/// Whether a time is one of those that can be written.
pub(crate) fn check_time(ms: i64, at: &str) -> Result<(), Error> {
    if TIMES.contains(&ms) { Ok(()) } else { Err(not_a_time(at)) }
}

fn not_a_time(at: &str) -> Error {
    bad(at, format!("must be {A_TIME}"))
}

/// A time as a person writes it, in milliseconds since 1970: `2026-11-21T20:40:00Z` (RFC 3339), or that number
/// itself.
///
/// # Errors
/// The text is neither, or outside the years 1 to 9999.
pub fn parse_time(text: &str) -> Result<i64, Error> {
    let found = rfc3339(text).or_else(|| parse_number(text)).filter(|ms| TIMES.contains(ms));
    found.ok_or_else(|| not_a_time(""))
}

/// A profile as `profile` of a question gives it: a JSON object over the one it extends, or the id of a built-in one
/// as a JSON text.
///
/// # Errors
/// The text isn't JSON, or a field is unknown, of the wrong type, out of range or missing, or goes ill with another.
pub fn parse_profile(json: &str) -> Result<Cow<'static, Profile>, Error> {
    parse(json, read_profile)
}

/// The state that a decision gave back, as JSON.
///
/// # Errors
/// As [`parse_profile`].
pub fn parse_state(json: &str) -> Result<State, Error> {
    parse(json, read_state)
}

/// The budget that a decision gave back, as JSON.
///
/// # Errors
/// As [`parse_profile`].
pub fn parse_budget(json: &str) -> Result<Budget, Error> {
    parse(json, read_budget)
}

/// A part of a question that stands by itself.
fn parse<'a, T>(json: &'a str, read: impl FnOnce(Node<'a>, &str) -> Result<T, Error>) -> Result<T, Error> {
    let node = Node::parse(json).map_err(|error| Error::new(ErrorKind::BadJson, "", format!("not JSON: {error}")))?;
    read(node, "")
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

/// A profile: an id, or an object over the one it extends.
pub(super) fn read_profile(node: Node<'_>, at: &str) -> Result<Cow<'static, Profile>, Error> {
    if node.is_text() {
        let id = text(node, at)?;
        let found = find_profile(&id).map(Cow::Borrowed);
        return found.map_err(|what| Error::new(ErrorKind::UnknownProfile, at, what));
    }
    let mut reader = Reader::new("", node.raw());
    let profile = Profile::read_inline(&mut reader, node, find_profile);
    profile.map(Cow::Owned).ok_or_else(|| match (reader.first, reader.problems.first()) {
        (Some((kind, place)), Some(problem)) => {
            let mut at = path(node, place, at);
            if kind == ErrorKind::MissingField {
                at = pointer(&at, &problem.field);
            }
            Error::new(kind, &at, problem.what.clone())
        }
        _ => bad(at, "can't be read"),
    })
}

/// The built-in profile of this id, or which there are.
fn find_profile(id: &str) -> Result<&'static Profile, String> {
    crate::profile(id).ok_or_else(|| {
        let known: Vec<&str> = crate::profiles().iter().map(|profile| &*profile.id).collect();
        format!("no such profile; one of {}", known.join(", "))
    })
}

/// The JSON pointer to a value somewhere in another, which stands at `at`.
fn path(whole: Node<'_>, wanted: Node<'_>, at: &str) -> String {
    let place = wanted.offset(whole.raw());
    let holds = |part: &Node<'_>| {
        let start = part.offset(whole.raw());
        (start..start + part.raw().len()).contains(&place)
    };
    let (mut part, mut at) = (whole, String::from(at));
    while part.raw().len() > wanted.raw().len() {
        let members = part.members().unwrap_or_default().into_iter().map(|(name, value)| (pointer(&at, &name), value));
        let items = part.items().unwrap_or_default().into_iter().enumerate();
        let items = items.map(|(place, value)| (format!("{at}/{place}"), value));
        let Some(found) = members.chain(items).find(|(_, value)| holds(value)) else { break };
        (at, part) = found;
    }
    at
}

pub(super) fn read_random(node: Node<'_>, at: &str) -> Result<f64, Error> {
    let number = if node.is_text() { None } else { node.number() };
    let right = "must be a number from 0 up to, but not including, 1";
    number.filter(|random| (0.0..1.0).contains(random)).ok_or_else(|| bad(at, right))
}

/// The members of an object, whose names are among `known`. One that is null counts as absent.
pub(super) fn members<'a>(node: Node<'a>, at: &str, known: &[&str]) -> Result<Members<'a>, Error> {
    let members = node.members().ok_or_else(|| bad(at, format!("must be an object, not {}", node.kind())))?;
    checked(members, at, known)
}

/// The members of a text that is one object, likewise.
pub(super) fn members_of<'a>(text: &'a str, known: &[&str]) -> Result<Members<'a>, Error> {
    let Some(members) = Node::members_of(text) else {
        return Err(match Node::parse(text) {
            Ok(root) => bad("", format!("must be an object, not {}", root.kind())),
            Err(error) => {
                Error::new(ErrorKind::BadJson, "", format!("not JSON: {error}; a question is one JSON object"))
            }
        });
    };
    checked(members, "", known)
}

/// The members of an object, by their names.
type Members<'a> = Vec<(Str<'a>, Node<'a>)>;

fn checked<'a>(members: Members<'a>, at: &str, known: &[&str]) -> Result<Members<'a>, Error> {
    let mut seen: Vec<&str> = Vec::with_capacity(members.len());
    for (name, _) in &members {
        let refuse = |kind, message: String| Err(Error::new(kind, &pointer(at, name), message));
        if !known.contains(&name.as_ref()) {
            return refuse(ErrorKind::UnknownField, format!("unknown field; one of {}", known.join(", ")));
        }
        if seen.contains(&name.as_ref()) {
            return refuse(ErrorKind::Conflict, String::from("stands twice"));
        }
        seen.push(name);
    }
    Ok(members.into_iter().filter(|(_, value)| !value.is_null()).collect())
}

/// The fields of a state.
pub(super) const STATE: &[&str] = &["reauthenticated", "previous_ms", "restarted", "cost"];
/// The fields of a budget.
pub(super) const BUDGET: &[&str] = &["tokens"];

/// The state that a decision gave back.
pub(super) fn read_state(node: Node<'_>, at: &str) -> Result<State, Error> {
    let mut state = State::default();
    for (name, node) in members(node, at, STATE)? {
        let at = format!("{at}/{name}");
        match name.as_ref() {
            "reauthenticated" => {
                state.reauthenticated = node.bool().ok_or_else(|| bad(&at, "must be true or false"))?;
            }
            "previous_ms" => state.previous_ms = u64::try_from(integer(node, &at, 0, MAX_SAFE)?).ok(),
            "restarted" => {
                state.restarted = u32::try_from(integer(node, &at, 0, u32::MAX.into())?).unwrap_or_default();
            }
            _ => state.cost = Some(tokens(node, &at)?.thousandths),
        }
    }
    Ok(state)
}

/// The budget that a decision gave back.
pub(super) fn read_budget(node: Node<'_>, at: &str) -> Result<Budget, Error> {
    let found = members(node, at, BUDGET)?;
    let node = found.first().map(|(_, node)| *node).ok_or_else(|| {
        Error::new(ErrorKind::MissingField, &format!("{at}/tokens"), "is missing: how many tokens are left")
    })?;
    tokens(node, &format!("{at}/tokens"))
}

fn tokens(node: Node<'_>, at: &str) -> Result<Budget, Error> {
    let number = if node.is_text() { None } else { node.number() };
    let found = number.filter(|tokens| (0.0..=1_000_000.0).contains(tokens));
    found.map(Budget::of).ok_or_else(|| bad(at, "must be a number from 0 to 1000000"))
}

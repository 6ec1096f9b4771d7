//! What came back, and the codes, reasons and conditions in it.
//!
//! Nothing here knows what a code means: it reads the places that the catalog names, and the standard bodies that
//! the catalog speaks or the media type announces, in one pass and without building a tree.

mod hl7;
mod json;

use alloc::borrow::Cow;

use crate::details::{Details, LONGEST_REASON, Value};
use crate::hint::TimeHeaders;
use crate::source::{Node, parse_number};
use crate::tables::rows::{ActionRow, ConditionRow, LayerRow, NodeRow, Span, TEXT_ITSELF, TestKind, beginning};
use crate::tables::{Catalog, Entry, Tables, built_in, format_of, formats};
use crate::vocabulary::{Field, Format, Mode, Signal, Step, Unreadable};

/// How much of a body is read unless the caller says otherwise: 1 MiB.
pub const BODY_LIMIT: usize = 1_048_576;

/// A vendor code as the caller has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code<'a> {
    /// A number.
    Number(i64),
    /// A name; a numeric one counts as the number.
    Name(&'a str),
}

impl<'a> Code<'a> {
    /// A code as a text has it: a number if it is the text of one, otherwise a name. Blanks around it don't count.
    #[must_use]
    pub fn of(text: &'a str) -> Self {
        let text = text.trim();
        parse_number(text).map_or(Self::Name(text), Self::Number)
    }
}

/// What came back from a request, or that nothing did. Every part is optional.
#[derive(Clone, Copy, Debug)]
pub struct Evidence<'a> {
    /// The HTTP status.
    pub status: Option<u16>,
    /// A vendor code, where the caller has taken it out of the response already.
    pub code: Option<Code<'a>>,
    /// What the client calls the failure: `ECONNRESET`, `curl:28`, `requests.exceptions.ConnectTimeout`.
    pub failure: Option<&'a str>,
    /// The headers, and trailers if there were any; a name may stand more than once, in any letter case.
    pub headers: &'a [(&'a str, &'a str)],
    /// The body's bytes.
    pub body: Option<&'a [u8]>,
    /// The MSH-10 of the HL7 message that was sent; an acknowledgement of another one proves nothing.
    pub control_id: Option<&'a str>,
    /// How the request was sent.
    pub mode: Option<Mode>,
    /// The time of receipt, in milliseconds since 1970-01-01T00:00:00Z; needed for hints that are dates.
    pub now_ms: Option<i64>,
    /// The longest body that is read, in bytes; a longer one counts as unreadable.
    pub body_limit: usize,
    /// Whether to collect `details`.
    pub details: bool,
}

impl Default for Evidence<'_> {
    fn default() -> Self {
        Self {
            status: None,
            code: None,
            failure: None,
            headers: &[],
            body: None,
            control_id: None,
            mode: None,
            now_ms: None,
            body_limit: BODY_LIMIT,
            details: true,
        }
    }
}

impl<'a> Evidence<'a> {
    /// Whether there is nothing to read for a catalog: no header and no body, and nothing that follows from that.
    pub(crate) fn is_silent(&self, catalog: Catalog<'_>) -> bool {
        let is_bare = self.headers.is_empty() && self.body.is_none();
        is_bare && !catalog.reads_silence() && !(is_hl7(catalog.spoken()) && self.is_unanswered())
    }

    /// Whether a body could have come and hasn't.
    fn is_unanswered(&self) -> bool {
        self.body.is_none_or(|body| trim(body).is_empty()) && self.failure.is_none()
    }
}

/// A code found in a response, as far as the catalog knows it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum FoundCode<'a> {
    /// A number.
    Number(i64),
    /// A name, with its entry if the catalog lists it.
    Name(Option<Entry<'a>>),
    /// Neither: a fraction, a list, a number too large.
    Other,
}

impl<'a> FoundCode<'a> {
    pub(crate) fn from_text(catalog: Catalog<'a>, text: &str) -> Self {
        let text = text.trim();
        match parse_number(text) {
            Some(number) => Self::Number(number),
            None => Self::Name(catalog.find_name(text)),
        }
    }
}

/// A code, where it was found, and how early its place is asked.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Candidate<'a> {
    order: u16,
    pub(crate) code: FoundCode<'a>,
    pub(crate) step: Step,
}

/// The codes of a response, the place that is asked first in front. Codes past the fourth are not kept.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Candidates<'a> {
    kept: [Option<Candidate<'a>>; 4],
}

impl<'a> Candidates<'a> {
    fn add(&mut self, candidate: Candidate<'a>) {
        let mut candidate = Some(candidate);
        for slot in &mut self.kept {
            let earlier = |held: &Candidate<'a>| candidate.as_ref().is_some_and(|new| held.order <= new.order);
            if !slot.as_ref().is_some_and(earlier) {
                core::mem::swap(slot, &mut candidate);
            }
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.kept.iter().all(Option::is_none)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Candidate<'a>> {
        self.kept.iter().flatten()
    }
}

/// What the tests of one layer have seen of the body.
#[derive(Clone, Copy, Debug, Default)]
struct TestState {
    /// Values that count: present, not empty, or one of the literals.
    hits: u32,
    /// Items that should have a value.
    items: u32,
}

/// One catalog's or format's wishes, and where its share of the state begins.
#[derive(Clone, Copy, Debug)]
struct Layer<'a> {
    /// The tables it is in,
    tables: &'a Tables,
    // and what of them is looked at for every member of a body.
    strings: &'a [u8],
    nodes: &'a [NodeRow],
    actions: &'a [ActionRow],
    row: &'a LayerRow,
    /// The catalog, by its place; formats have none.
    owner: u16,
    /// Its place among the layers.
    at: u8,
    /// The first of its tests in the state.
    first_test: u16,
    /// Whether its codes count: not where a format is known by shape alone.
    codes: bool,
}

impl<'a> Layer<'a> {
    #[inline]
    fn node(&self, at: u32) -> Option<&'a NodeRow> {
        self.nodes.get(at as usize)
    }

    /// What to do with a value at a node.
    #[inline]
    fn actions(&self, node: &NodeRow) -> &'a [ActionRow] {
        self.actions.get(node.actions.range()).unwrap_or_default()
    }

    /// A member among the children of a node, and its place among them.
    fn member(&self, row: &NodeRow, name: &str) -> Option<(usize, &'a NodeRow)> {
        let (children, beginning) = (self.nodes.get(row.children.range())?, beginning(name));
        let is_named = |child: &NodeRow| {
            child.beginning == beginning
                && child.key.len as usize == name.len()
                && (name.len() <= 8 || self.is_text(child.key, name))
        };
        children.iter().enumerate().find(|(_, child)| is_named(child))
    }

    /// Whether a text of the tables is this one. Bytes, because a text's place must be checked to be one, and theirs
    /// needn't.
    #[inline]
    fn is_text(&self, span: Span, text: &str) -> bool {
        span.len as usize == text.len() && self.strings.get(span.range()) == Some(text.as_bytes())
    }
}

/// A chain of eight catalogs and seven formats.
const MOST_LAYERS: usize = 15;

/// What is looked for in a response: the layers, the asked catalog first, its formats last.
#[derive(Debug)]
pub(crate) struct Layers<'a> {
    world: &'a Tables,
    layers: [Option<Layer<'a>>; MOST_LAYERS],
    /// The formats that a catalog speaks or the media type announces, as bits,
    known: u16,
    /// and the one that is announced.
    announced: Option<u8>,
}

impl<'a> Layers<'a> {
    /// Nothing yet.
    pub(crate) const fn none(catalog: Catalog<'a>) -> Self {
        Self { world: catalog.world, layers: [None; MOST_LAYERS], known: 0, announced: None }
    }

    /// Lays the catalog's own layers, then those of the formats it speaks or the media type announces. Over a body
    /// under a status of 400 or more the others are laid as well, for details and hints alone.
    pub(crate) fn lay(&mut self, catalog: Catalog<'a>, evidence: &Evidence<'a>) {
        self.announced = media_type(evidence.headers).and_then(format_of);
        self.known = catalog.spoken() | self.announced.map_or(0, |format| 1 << format);
        let by_shape = evidence.body.is_some() && evidence.status.is_some_and(|status| status >= 400);
        let known = self.known;
        let (mut slots, mut first_test) = ((0..).zip(&mut self.layers), 0);
        let mut add = |tables: &'a Tables, row: &'a LayerRow, owner, codes| {
            if let Some((at, slot)) = slots.next() {
                let (strings, nodes, actions) = (tables.strings.as_bytes(), &*tables.nodes, &*tables.actions);
                *slot = Some(Layer { tables, strings, nodes, actions, row, owner, at, first_test, codes });
                first_test += row.tests.len as u16;
            }
        };
        for content in catalog.contents() {
            add(content.tables, &content.row.layer, content.number(), true);
        }
        let others = if by_shape { !known } else { 0 };
        for (bits, codes) in [(known, true), (others, false)] {
            if bits == 0 {
                continue;
            }
            for (format, row) in formats() {
                if bits & 1 << format != 0 {
                    add(built_in(), row, u16::MAX, codes);
                }
            }
        }
    }

    fn iter(&self) -> impl Iterator<Item = &Layer<'a>> {
        self.layers.iter().map_while(Option::as_ref)
    }
}

/// The media type that the headers announce, without its parameters. The first of a name counts.
fn media_type<'a>(headers: &[(&'a str, &'a str)]) -> Option<&'a str> {
    let (_, value) = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-type"))?;
    value.split(';').next().map(str::trim)
}

/// What was found in a response.
#[derive(Clone, Debug)]
pub(crate) struct Findings<'l, 'a> {
    layers: &'l Layers<'a>,
    tests: [TestState; crate::source::MOST_TESTS],
    signals: u16,
    /// The codes.
    pub(crate) codes: Candidates<'a>,
    /// The numbers of the reason texts that the catalogs know.
    reasons: [Option<u32>; 4],
    /// How long to wait, as the body says it.
    pub(crate) retry_delay: Option<Cow<'a, str>>,
    /// Why the body could not be read.
    pub(crate) unreadable: Option<Unreadable>,
    /// What the headers say about time.
    pub(crate) time: TimeHeaders<'a>,
    /// What it says in its own words.
    pub(crate) details: Details<'a>,
    headers: &'a [(&'a str, &'a str)],
}

/// A JSON text, borrowed where it has no escapes.
fn json_text(bytes: &[u8]) -> Option<Cow<'_, str>> {
    Node::parse(core::str::from_utf8(bytes).ok()?).ok()?.text()
}

/// Whether HL7 v2 is among these formats.
fn is_hl7(formats: u16) -> bool {
    formats & 1 << Format::Hl7v2 as u16 != 0
}

/// The bytes without the blanks around them.
fn trim(bytes: &[u8]) -> &[u8] {
    bytes.trim_ascii()
}

impl<'l, 'a> Findings<'l, 'a> {
    fn signal(&mut self, signal: Signal) {
        self.signals |= 1 << signal as u16;
    }

    /// Nothing, before a response is read.
    pub(crate) fn none(layers: &'l Layers<'a>, evidence: &Evidence<'a>) -> Self {
        Self {
            layers,
            tests: [TestState::default(); crate::source::MOST_TESTS],
            signals: 0,
            codes: Candidates::default(),
            reasons: [None; 4],
            retry_delay: None,
            unreadable: None,
            time: TimeHeaders::default(),
            details: Details::default(),
            headers: evidence.headers,
        }
    }

    /// Reads a response.
    pub(crate) fn read(&mut self, catalog: Catalog<'a>, evidence: &Evidence<'a>) {
        for (name, value) in evidence.headers {
            self.time.see(name, value);
            if self.details.location.is_none() && name.eq_ignore_ascii_case("location") {
                self.details.location = Some(value.trim());
            }
        }
        self.read_headers(catalog, evidence);
        match evidence.body {
            Some(body) if body.len() > evidence.body_limit => self.unreadable = Some(Unreadable::TooLarge),
            Some(body) => self.read_body(catalog, evidence, body),
            None => {}
        }
        let unanswered = evidence.is_unanswered();
        if unanswered && is_hl7(self.layers.known) {
            self.signal(Signal::NoAcknowledgement);
        }
        let silent = evidence.body.is_some_and(|body| trim(body).is_empty());
        if silent && self.unreadable.is_none() {
            self.unreadable = Some(Unreadable::Empty);
        }
    }

    /// Codes and reasons in headers.
    fn read_headers(&mut self, catalog: Catalog<'a>, evidence: &Evidence<'a>) {
        if evidence.headers.is_empty() {
            return;
        }
        let layers = self.layers;
        let value_of = |layer: &Layer<'a>, header: u32| {
            let wanted = layer.tables.text_at(header - 1);
            let found = evidence.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted));
            found.map(|(_, value)| value.trim()).filter(|value| !value.is_empty())
        };
        for layer in layers.iter() {
            let is_header = |place: &&u32| **place != 0 && **place != TEXT_ITSELF;
            for (place, header) in layer.tables.numbers(layer.row.codes).iter().enumerate() {
                let Some(value) = Some(header).filter(is_header).and_then(|header| value_of(layer, *header)) else {
                    continue;
                };
                let order = code_order(layer, place);
                let code = FoundCode::from_text(catalog, value);
                self.codes.add(Candidate { order, code, step: Step::CodeInHeader });
            }
            for header in layer.tables.numbers(layer.row.reasons).iter().filter(is_header) {
                if let Some(value) = value_of(layer, *header) {
                    self.reason(value);
                }
            }
            if evidence.details {
                for (field, order, header) in layer.tables.header_fields(layer.row) {
                    if let Some(value) = value_of(layer, header + 1) {
                        self.details.fields.set(field, field_order(layer, order), Value::Text(Cow::Borrowed(value)));
                    }
                }
            }
        }
    }

    fn read_body(&mut self, catalog: Catalog<'a>, evidence: &Evidence<'a>, body: &'a [u8]) {
        let body = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body);
        let trimmed = trim(body);
        let speaks_hl7 = is_hl7(self.layers.known);
        match trimmed.first() {
            None => {}
            Some(_) if speaks_hl7 && hl7::begins(trimmed) => {
                self.signal(Signal::Hl7v2);
                hl7::read(self, catalog, evidence, trimmed);
            }
            Some(b'{' | b'[') => {
                match json::read(self, catalog, evidence, body) {
                    Ok(()) => self.recognize(),
                    Err(unreadable) => {
                        self.forget_body(catalog, evidence);
                        self.unreadable = Some(unreadable);
                    }
                }
                if speaks_hl7 && catalog.requires_evidence() && self.unreadable.is_none() {
                    self.unreadable = Some(Unreadable::MalformedHl7);
                }
            }
            Some(b'"') => match json_text(trimmed) {
                Some(text) => self.text(evidence, text),
                None => self.plain(evidence, trimmed),
            },
            Some(_) => {
                self.plain(evidence, trimmed);
                if speaks_hl7 && catalog.requires_evidence() && self.unreadable.is_none() {
                    self.unreadable = Some(Unreadable::MalformedHl7);
                }
            }
        }
    }

    /// Forgets what was read of a body that turned out not to be readable to its end; what the headers say stays.
    fn forget_body(&mut self, catalog: Catalog<'a>, evidence: &Evidence<'a>) {
        let (time, location) = (self.time, self.details.location);
        *self = Self { time, ..Self::none(self.layers, evidence) };
        self.details.location = location;
        self.read_headers(catalog, evidence);
    }

    /// Which standard body it is.
    fn recognize(&mut self) {
        let known = self.layers.known;
        for format in Format::ALL {
            let signal = Signal::from_number(*format as u8);
            if let (true, Some(signal)) = (known & 1 << *format as u16 != 0, signal)
                && signal != Signal::Hl7v2
            {
                self.signal(signal);
            }
        }
        let named = self.layers.announced.or_else(|| {
            let named: u16 = known & !(1 << Format::Hl7v2 as u16);
            (named.count_ones() == 1).then(|| named.trailing_zeros() as u8)
        });
        self.details.format = Some(named.and_then(Format::from_number).map_or("json", Format::as_str));
    }

    fn plain(&mut self, evidence: &Evidence<'a>, body: &'a [u8]) {
        match core::str::from_utf8(body) {
            Ok(text) => self.text(evidence, Cow::Borrowed(text)),
            Err(_) => self.unreadable = Some(Unreadable::InvalidUtf8),
        }
    }

    /// A body that is a text: compared whole where a catalog says so, and kept for people unless it is markup.
    fn text(&mut self, evidence: &Evidence<'a>, text: Cow<'a, str>) {
        let layers = self.layers;
        if layers.iter().any(|layer| layer.tables.numbers(layer.row.reasons).contains(&TEXT_ITSELF)) {
            self.reason(&text);
        }
        if evidence.details && !text.starts_with('<') {
            self.details.format = Some("text");
            self.details.reason = Some(cut(text));
        }
    }

    fn reason(&mut self, text: &str) {
        if let Some(reason) = self.layers.world.reason(text)
            && let Some(slot) = self.reasons.iter_mut().find(|slot| slot.is_none())
        {
            *slot = Some(reason);
        }
    }

    pub(crate) fn has_reason(&self, reasons: &[u32]) -> bool {
        self.reasons.iter().flatten().any(|reason| reasons.contains(reason))
    }

    pub(crate) fn has_header(&self, name: &str) -> bool {
        self.headers.iter().any(|(known, _)| known.eq_ignore_ascii_case(name))
    }

    /// Whether a condition of one of the catalogs holds.
    pub(crate) fn holds(&self, condition: &ConditionRow) -> bool {
        let layer = self.layers.iter().find(|layer| layer.owner == condition.catalog);
        let Some(layer) = layer else { return false };
        let tests = layer.tables.tests(layer.row.tests);
        let outcome = |at: usize| {
            let (Some(test), Some(state)) = (tests.get(at), self.tests.get(usize::from(layer.first_test) + at)) else {
                return false;
            };
            match TestKind::from_number(test.kind) {
                TestKind::Signal => self.signals & 1 << test.signal != 0,
                TestKind::Every => state.items > 0 && state.hits == state.items,
                _ => state.hits > 0,
            }
        };
        let all = usize::from(condition.first);
        let any = all + usize::from(condition.all);
        let none = any + usize::from(condition.any);
        (all..any).all(outcome)
            && (condition.any == 0 || (any..none).any(outcome))
            && !(none..none + usize::from(condition.none)).any(outcome)
    }
}

/// How early a place of a code is asked: the catalog first, its formats last.
fn code_order(layer: &Layer<'_>, place: usize) -> u16 {
    u16::from(layer.at) * 64 + u16::try_from(place).unwrap_or(u16::MAX)
}

/// How early a place of a field is asked.
fn field_order(layer: &Layer<'_>, order: u16) -> u16 {
    (u16::from(layer.at) * 256).saturating_add(order)
}

/// At most [`LONGEST_REASON`] bytes of a text, cut between characters.
fn cut(text: Cow<'_, str>) -> Cow<'_, str> {
    if text.len() <= LONGEST_REASON {
        return text;
    }
    let end = (0..=LONGEST_REASON).rev().find(|at| text.is_char_boundary(*at)).unwrap_or_default();
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.get(..end).unwrap_or_default()),
        Cow::Owned(mut text) => {
            text.truncate(end);
            Cow::Owned(text)
        }
    }
}

/// Sets a field of the details from an HL7 field, if it has something in it.
fn set_text<'a>(fields: &mut crate::details::Fields<'a>, field: Field, text: Option<Cow<'a, str>>) {
    if let Some(text) = text {
        fields.set(field, 0, Value::Text(text));
    }
}

//! One catalog file: its parts as data, and the reader that checks each of them.

use alloc::borrow::Cow;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::node::{Node, Object, Place, Reader, Str};
use super::{LONGEST_NAME, LONGEST_TEXT, MAX_SAFE, MOST_CODES, MOST_PLACES, normal_reason};
use crate::vocabulary::{
    Canonical, Category, Environment, Fault, Field, Finality, Format, Intent, Processed, Retry, Scope, Sender,
    Severity, Signal, Words,
};

/// A catalog as its file says it, every part of it checked by itself.
#[derive(Clone, Debug)]
pub struct Catalog<'a> {
    /// The file it was read from, for errors.
    pub file: String,
    /// The word before the slash of its entries' ids.
    pub id: Str<'a>,
    /// Where the file says so.
    pub place: Option<Place>,
    /// The name a person reads.
    pub name: Str<'a>,
    /// What it covers.
    pub about: Option<Str<'a>>,
    /// The date of the document its entries come from, or, where it carries none, the day it was read.
    pub as_of: Str<'a>,
    /// The catalog that is asked next, and where the file says so.
    pub extends: Option<(Str<'a>, Option<Place>)>,
    /// The catalog it stands in for: whoever asks that one is answered by this one first.
    pub overlays: Option<(Str<'a>, Option<Place>)>,
    /// Keys of its parents that count as not listed, and where the file says so.
    pub silenced: Vec<(Key<'a>, Option<Place>)>,
    /// The documents it was made from.
    pub documents: Vec<Document<'a>>,
    /// Where its vendor puts what it has to say.
    pub evidence: Evidence<'a>,
    /// Its entries, in the file's order; ranges after them.
    pub entries: Vec<Entry<'a>>,
    /// The numbers it states.
    pub limits: Vec<Limit<'a>>,
    /// What a destination should answer.
    pub intents: Vec<IntentAnswer<'a>>,
    /// What the vendor makes of an answer.
    pub received: Vec<Received<'a>>,
}

/// A document.
#[derive(Clone, Debug)]
pub struct Document<'a> {
    /// The name by which entries cite it.
    pub key: Str<'a>,
    /// Its title.
    pub title: Str<'a>,
    /// Who published it.
    pub publisher: Str<'a>,
    /// The date it carries.
    pub date: Option<Str<'a>>,
    /// Where it carries none: the day it was read.
    pub read: Option<Str<'a>>,
}

/// A document and a section of it.
#[derive(Clone, Debug)]
pub struct Citation<'a> {
    /// The place of the document in [`Catalog::documents`].
    pub document: usize,
    /// The section.
    pub section: Str<'a>,
}

/// A vendor code.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Code<'a> {
    /// A number.
    Number(i64),
    /// A name.
    Name(Str<'a>),
}

impl<'a> Code<'a> {
    /// The code this text is: a numeric text counts as the number.
    pub(crate) fn from_text(text: Str<'a>) -> Self {
        match parse_number(&text) {
            Some(number) => Self::Number(number),
            None => Self::Name(text),
        }
    }
}

/// The number a numeric text is: digits with at most a minus sign, within what JSON carries exactly.
pub(crate) fn parse_number(text: &str) -> Option<i64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    if digits.is_empty() || digits.len() > 16 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    text.parse().ok().filter(|number| (-MAX_SAFE..=MAX_SAFE).contains(number))
}

/// What an entry is keyed by. The key spaces never mix.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key<'a> {
    /// An HTTP status.
    Status(u16),
    /// A vendor code.
    Code(Code<'a>),
    /// A failure without a response.
    Failure(Str<'a>),
    /// A condition of the body.
    Condition(Str<'a>),
    /// Every status from the first to the last.
    StatusRange(u16, u16),
    /// Every numeric code from the first to the last.
    CodeRange(i64, i64),
}

impl Key<'_> {
    /// The key as it stands in an entry's id.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Self::Status(status) => status.to_string(),
            Self::Code(Code::Number(number)) => number.to_string(),
            Self::Code(Code::Name(name)) | Self::Failure(name) | Self::Condition(name) => name.to_string(),
            Self::StatusRange(from, to) => format!("{from}-{to}"),
            Self::CodeRange(from, to) => format!("{from}-{to}"),
        }
    }
}

/// An entry, a range, or a variant with what it inherits filled in.
#[derive(Clone, Debug)]
pub struct Entry<'a> {
    /// Where it stands in the file.
    pub place: Option<Place>,
    /// What it is keyed by; a variant has its entry's.
    pub key: Key<'a>,
    /// A variant's own key, and when it holds.
    pub variant: Option<(Str<'a>, When<'a>)>,
    /// Other names of the same code or failure.
    pub names: Vec<Str<'a>>,
    /// For a condition: under which statuses it selects.
    pub under: Under,
    /// A range of which the document says `usually`.
    pub usually: bool,
    /// Its words.
    pub words: Words,
    /// How long to wait where the server doesn't say, in milliseconds.
    pub wait_ms: Option<u64>,
    /// Its name.
    pub title: Str<'a>,
    /// The vendor's own short text.
    pub vendor_text: Option<Str<'a>>,
    /// What to do.
    pub remedy: Str<'a>,
    /// Its texts for a user, an operator and a developer.
    pub texts: [Option<Str<'a>>; 3],
    /// Which document says so.
    pub source: Citation<'a>,
    /// Why, where it is a judgement.
    pub why: Option<Str<'a>>,
    /// Its variants.
    pub variants: Vec<Entry<'a>>,
}

impl Entry<'_> {
    /// What stands after the slash of its id: `401` or `401.source_not_found`.
    #[must_use]
    pub fn label(&self) -> String {
        match &self.variant {
            Some((key, _)) => format!("{}.{key}", self.key.text()),
            None => self.key.text(),
        }
    }
}

/// When a variant holds: all of what is said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct When<'a> {
    /// The reason text is one of these.
    pub reasons: Vec<Str<'a>>,
    /// The body meets this condition.
    pub condition: Option<Str<'a>>,
    /// This header is there.
    pub header: Option<Str<'a>>,
    /// The server gave a valid hint.
    pub hint: bool,
}

/// The statuses under which a condition selects its entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Under {
    /// Bit 0: no status at all; bits 1 to 5: the classes.
    pub classes: u8,
    /// Single statuses.
    pub statuses: Vec<u16>,
}

impl Default for Under {
    fn default() -> Self {
        Self { classes: 1 << 2, statuses: Vec::new() }
    }
}

/// A place of evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum At<'a> {
    /// The whole plain-text body.
    Text,
    /// A path in the JSON body; empty is the body itself.
    Body(Vec<Segment<'a>>),
    /// A header, in lower case.
    Header(Str<'a>),
}

/// A step of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Segment<'a> {
    /// The member of this name.
    Member(Str<'a>),
    /// Every item.
    Items,
}

/// Where a vendor puts what it has to say.
#[derive(Clone, Debug, Default)]
pub struct Evidence<'a> {
    /// Whether a 2xx without evidence in the body is unknown.
    pub required: bool,
    /// The standard bodies it speaks.
    pub formats: Vec<Format>,
    /// Where its codes are.
    pub codes: Vec<CodeAt<'a>>,
    /// Where its reason texts are.
    pub reasons: Vec<At<'a>>,
    /// Its named conditions, with their places in the file.
    pub conditions: Vec<Condition<'a>>,
    /// What goes to `details`.
    pub details: Details<'a>,
}

/// A place of a code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeAt<'a> {
    /// Where.
    pub at: At<'a>,
    /// For a code in one of several items: the member by which they rank, and the ranks, highest first.
    pub rank: Option<(Vec<Segment<'a>>, Vec<Str<'a>>)>,
}

/// A named condition.
#[derive(Clone, Debug)]
pub struct Condition<'a> {
    /// Its name.
    pub name: Str<'a>,
    /// Where it stands in the file.
    pub place: Option<Place>,
    /// All of these hold,
    pub all: Vec<Test<'a>>,
    /// at least one of these,
    pub any: Vec<Test<'a>>,
    /// and none of these.
    pub none: Vec<Test<'a>>,
}

/// One test of a condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Test<'a> {
    /// There, and not null.
    Present(At<'a>),
    /// A list, object or text with something in it.
    NonEmpty(At<'a>),
    /// At least one value is one of these.
    Some(At<'a>, Vec<Literal<'a>>),
    /// Every value is one of these, and there is one for every item.
    Every(At<'a>, Vec<Literal<'a>>),
    /// The body is an object with a member other than these.
    Besides(Vec<Str<'a>>),
    /// A reader of a standard body said so.
    Signal(Signal),
}

/// A value to compare with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Literal<'a> {
    /// A text.
    Text(Str<'a>),
    /// A whole number.
    Integer(i64),
    /// True or false.
    Bool(bool),
}

/// What of a body goes to `details`.
#[derive(Clone, Debug, Default)]
pub struct Details<'a> {
    /// Single fields, in the order in which they are tried.
    pub fields: Vec<(Field, At<'a>)>,
    /// Lists of errors.
    pub errors: Vec<Errors<'a>>,
}

/// A list of errors in a body.
#[derive(Clone, Debug)]
pub struct Errors<'a> {
    /// The list; its path ends in the items.
    pub at: Vec<Segment<'a>>,
    /// Only items in which these members have these values.
    pub filter: Vec<(Vec<Segment<'a>>, Literal<'a>)>,
    /// Its fields, in the order in which they are tried.
    pub fields: Vec<(Field, Vec<Segment<'a>>)>,
}

/// A number that a document states.
#[derive(Clone, Debug)]
pub struct Limit<'a> {
    /// Where it stands in the file.
    pub place: Option<Place>,
    /// Its name.
    pub key: Str<'a>,
    /// What it limits.
    pub title: Str<'a>,
    /// The number, as written in the file.
    pub value: Option<Str<'a>>,
    /// The least, likewise.
    pub min: Option<Str<'a>>,
    /// The most, likewise.
    pub max: Option<Str<'a>>,
    /// The unit.
    pub unit: Str<'a>,
    /// What it counts by.
    pub per: Option<Str<'a>>,
    /// The time over which it counts.
    pub window_ms: Option<u64>,
    /// Whether that time rolls.
    pub rolling: Option<bool>,
    /// Whether the document gives no exact number.
    pub approximate: bool,
    /// The date of the statement.
    pub date: Str<'a>,
    /// More about it.
    pub text: Option<Str<'a>>,
    /// Which document says so.
    pub source: Citation<'a>,
    /// Why, where it is a judgement.
    pub why: Option<Str<'a>>,
}

/// What a destination should answer.
#[derive(Clone, Debug)]
pub struct IntentAnswer<'a> {
    /// Where it stands in the file.
    pub place: Option<Place>,
    /// What it wants.
    pub intent: Intent,
    /// Where that holds; empty is everywhere.
    pub environments: Vec<Environment>,
    /// The status to return, or
    pub status: Option<u16>,
    /// the acknowledgement
    pub code: Option<Str<'a>>,
    /// with this error code.
    pub error_code: Option<i64>,
    /// What the sender will do.
    pub sender: Sender,
    /// In a few words.
    pub title: Str<'a>,
    /// What else to do.
    pub remedy: Str<'a>,
    /// Which document says so.
    pub source: Citation<'a>,
    /// Why, where it is a judgement.
    pub why: Option<Str<'a>>,
}

/// What the vendor makes of an answer.
#[derive(Clone, Debug)]
pub struct Received<'a> {
    /// Where it stands in the file.
    pub place: Option<Place>,
    /// A range of statuses, or
    pub status: Option<(u16, u16)>,
    /// an acknowledgement.
    pub code: Option<Str<'a>>,
    /// Where that holds; empty is everywhere.
    pub environments: Vec<Environment>,
    /// What the sender will do.
    pub sender: Sender,
    /// In a few words.
    pub title: Str<'a>,
    /// Which document says so.
    pub source: Citation<'a>,
    /// Why, where it is a judgement.
    pub why: Option<Str<'a>>,
}

/// The units a limit may have.
pub const UNITS: &[&str] = &[
    "bytes",
    "kilobytes",
    "megabytes",
    "requests",
    "items",
    "characters",
    "milliseconds",
    "seconds",
    "minutes",
    "hours",
    "days",
    "attempts",
];
/// What a limit may count by.
pub const PER: &[&str] = &["request", "ip", "account", "product", "message", "destination"];
/// The fields of every object of a catalog file, by the name of its definition in `catalog.schema.json`.
pub const FIELDS: &[(&str, &[&str])] = &[
    ("catalog", CATALOG),
    ("document", DOCUMENT),
    ("evidence", EVIDENCE),
    ("ranked_code", RANKED),
    ("condition", CONDITION),
    ("test", TEST),
    ("details", DETAILS),
    ("errors", ERRORS),
    ("error_fields", ERROR_FIELDS),
    ("entry", ENTRY),
    ("silenced", SILENCED),
    ("variant", VARIANT),
    ("when", WHEN),
    ("range", RANGE),
    ("limit", LIMIT),
    ("answers", ANSWERS),
    ("intent_answer", INTENT_ANSWER),
    ("received", RECEIVED),
];

const CATALOG: &[&str] = &[
    "$schema", "id", "name", "about", "as_of", "extends", "overlays", "sources", "evidence", "entries", "silenced",
    "ranges", "limits", "answers",
];
const SILENCED: &[&str] = &["status", "code", "failure", "why"];
const DOCUMENT: &[&str] = &["title", "publisher", "date", "read", "note"];
const EVIDENCE: &[&str] = &["required", "formats", "codes", "reasons", "conditions", "details"];
const RANKED: &[&str] = &["at", "by", "ranks"];
const CONDITION: &[&str] = &["all", "any", "none"];
const TEST: &[&str] = &["at", "is", "some", "every", "besides", "signal"];
const DETAILS: &[&str] = &["id", "code", "type", "title", "message", "status", "errors"];
const ERRORS: &[&str] = &["at", "where", "fields"];
const ERROR_FIELDS: &[&str] = &["id", "code", "type", "title", "message", "status", "module", "severity", "pointer"];
const ENTRY: &[&str] = &[
    "status",
    "code",
    "failure",
    "condition",
    "names",
    "statuses",
    "title",
    "vendor_text",
    "category",
    "canonical",
    "fault",
    "retry",
    "processed",
    "finality",
    "severity",
    "scope",
    "wait_ms",
    "remedy",
    "user",
    "operator",
    "developer",
    "source",
    "why",
    "variants",
];
const VARIANT: &[&str] = &[
    "key",
    "when",
    "title",
    "vendor_text",
    "category",
    "canonical",
    "fault",
    "retry",
    "processed",
    "finality",
    "severity",
    "scope",
    "wait_ms",
    "remedy",
    "user",
    "operator",
    "developer",
    "source",
    "why",
];
const WHEN: &[&str] = &["reason", "condition", "header", "hint"];
const RANGE: &[&str] = &[
    "status",
    "code",
    "usually",
    "title",
    "category",
    "canonical",
    "fault",
    "retry",
    "processed",
    "finality",
    "severity",
    "scope",
    "wait_ms",
    "remedy",
    "user",
    "operator",
    "developer",
    "source",
    "why",
];
const LIMIT: &[&str] = &[
    "key",
    "title",
    "value",
    "min",
    "max",
    "unit",
    "per",
    "window_ms",
    "rolling",
    "approximate",
    "date",
    "text",
    "source",
    "why",
];
const ANSWERS: &[&str] = &["intents", "received"];
const INTENT_ANSWER: &[&str] =
    &["intent", "environments", "status", "code", "error_code", "sender", "title", "remedy", "source", "why"];
const RECEIVED: &[&str] = &["status", "code", "environments", "sender", "title", "source", "why"];

const AN_ID: &str = "an id: a lower-case letter, then letters, digits and hyphens, at most 64";
const A_KEY: &str = "a key: a lower-case letter, then letters, digits and _, at most 64";

pub(crate) fn is_id(text: &str) -> bool {
    text.len() <= 64
        && text.starts_with(|first: char| first.is_ascii_lowercase())
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

pub(crate) fn is_key(text: &str) -> bool {
    text.len() <= 64
        && text.starts_with(|first: char| first.is_ascii_lowercase())
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

fn is_name(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= LONGEST_NAME
        && text.trim() == text
        && text.bytes().all(|byte| (b' '..=b'~').contains(&byte))
}

fn is_header(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"!#$%&'*+.^_`|~-".contains(&byte))
}

fn is_date(text: &str) -> bool {
    let bytes = text.as_bytes();
    let shaped = bytes.len() == 10
        && bytes
            .iter()
            .enumerate()
            .all(|(at, byte)| if at == 4 || at == 7 { *byte == b'-' } else { byte.is_ascii_digit() });
    let part = |from: usize, to: usize| text.get(from..to).and_then(|part| part.parse::<i64>().ok()).unwrap_or(0);
    shaped && crate::calendar::is_date(part(0, 4), part(5, 7), part(8, 10))
}

impl<'a> Catalog<'a> {
    /// The catalog that is asked next: the one it extends or overlays, and where the file says so.
    pub(crate) fn parent(&self) -> Option<&(Str<'a>, Option<Place>)> {
        self.overlays.as_ref().or(self.extends.as_ref())
    }

    /// The id of the catalog it overlays.
    pub(crate) fn overlaid(&self) -> Option<&str> {
        self.overlays.as_ref().map(|(id, _)| &**id)
    }

    /// The field that names it.
    pub(crate) fn parent_field(&self) -> &'static str {
        if self.overlays.is_some() { "overlays" } else { "extends" }
    }

    /// Reads a catalog from the text of its file. Every problem found goes to the reader; `None` where there
    /// are any.
    pub(crate) fn read(reader: &mut Reader<'a>, file: &str) -> Option<Self> {
        let object = reader.root(CATALOG)?;
        let id = object.require(reader, "id").and_then(|node| Some((read_id(reader, node, "id")?, reader.place(node))));
        let name = object.require(reader, "name").and_then(|node| reader.prose(node, "name"));
        let about = object.get("about").and_then(|node| reader.prose(node, "about"));
        let as_of = object.require(reader, "as_of").and_then(|node| read_date(reader, node, "as_of"));
        let [extends, overlays] = ["extends", "overlays"].map(|field| {
            let node = object.get(field)?;
            read_id(reader, node, field).map(|id| (id, reader.place(node)))
        });
        if let (Some(_), Some(node)) = (&extends, object.get("overlays")) {
            reader.bad(node, "overlays", "stands beside extends; an overlay extends what it overlays");
        }
        let known = reader.problems.len();
        let documents = object.require(reader, "sources").map(|node| read_documents(reader, node)).unwrap_or_default();
        let is_dated = |date: &Str<'a>| {
            documents.iter().any(|document| [&document.date, &document.read].into_iter().flatten().any(|of| of == date))
        };
        if let (Some(node), Some(date)) = (object.get("as_of"), &as_of)
            && reader.problems.len() == known
            && !is_dated(date)
        {
            reader.bad(node, "as_of", format!("{date} is the date of no document in sources"));
        }
        let evidence = object.get("evidence").and_then(|node| read_evidence(reader, node)).unwrap_or_default();
        let mut entries = Vec::new();
        if let Some(node) = object.require(reader, "entries") {
            for item in reader.list(node, "entries") {
                entries.extend(read_entry(reader, item, &documents));
            }
        }
        let mut silenced = Vec::new();
        if let Some(node) = object.get("silenced") {
            for item in reader.filled_list(node, "silenced") {
                silenced.extend(read_silenced(reader, item));
            }
        }
        if let Some(node) = object.get("ranges") {
            for item in reader.list(node, "ranges") {
                entries.extend(read_range(reader, item, &documents));
            }
        }
        let mut limits = Vec::new();
        if let Some(node) = object.get("limits") {
            for item in reader.list(node, "limits") {
                limits.extend(read_limit(reader, item, &documents));
            }
        }
        let (intents, received) =
            object.get("answers").map(|node| read_answers(reader, node, &documents)).unwrap_or_default();
        let (id, place) = id?;
        let catalog = Self {
            file: file.to_string(),
            id,
            place,
            name: name?,
            about,
            as_of: as_of?,
            extends,
            overlays,
            silenced,
            documents,
            evidence,
            entries,
            limits,
            intents,
            received,
        };
        reader.problems.is_empty().then_some(catalog)
    }
}

pub(crate) fn read_id<'a>(reader: &mut Reader<'a>, node: Node<'a>, field: &str) -> Option<Str<'a>> {
    reader.shaped(node, field, AN_ID, is_id)
}

pub(crate) fn read_date<'a>(reader: &mut Reader<'a>, node: Node<'a>, field: &str) -> Option<Str<'a>> {
    reader.shaped(node, field, "a date such as 2024-02-15", is_date)
}

fn read_key<'a>(reader: &mut Reader<'a>, node: Node<'a>, field: &str) -> Option<Str<'a>> {
    reader.shaped(node, field, A_KEY, is_key)
}

pub(crate) fn read_name<'a>(reader: &mut Reader<'a>, node: Node<'a>, field: &str) -> Option<Str<'a>> {
    reader.shaped(node, field, "a name: printable ASCII without blanks around it, at most 200 characters", is_name)
}

pub(crate) fn read_header<'a>(reader: &mut Reader<'a>, node: Node<'a>, field: &str) -> Option<Str<'a>> {
    reader.shaped(node, field, "a header name in lower case", is_header)
}

pub(crate) fn read_ms<'a>(reader: &mut Reader<'a>, node: Node<'a>, field: &str) -> Option<u64> {
    reader.integer(node, field, 0, MAX_SAFE).and_then(|ms| ms.try_into().ok())
}

fn read_status<'a>(reader: &mut Reader<'a>, node: Node<'a>, field: &str) -> Option<u16> {
    reader.integer(node, field, 100, 999).and_then(|status| status.try_into().ok())
}

/// A document; what of it can't be read is told, and left empty.
pub(crate) fn read_document<'a>(reader: &mut Reader<'a>, node: Node<'a>, key: Str<'a>, field: &str) -> Document<'a> {
    let mut document = Document { key, title: Cow::Borrowed(""), publisher: Cow::Borrowed(""), date: None, read: None };
    let Some(object) = reader.object(node, field, DOCUMENT) else { return document };
    let title = object.require(reader, "title").and_then(|node| reader.prose(node, "title"));
    let publisher = object.require(reader, "publisher").and_then(|node| reader.prose(node, "publisher"));
    document.title = title.unwrap_or_default();
    document.publisher = publisher.unwrap_or_default();
    document.date = object.get("date").and_then(|node| read_date(reader, node, "date"));
    document.read = object.get("read").and_then(|node| read_date(reader, node, "read"));
    if let Some(node) = object.get("note") {
        reader.prose(node, "note");
    }
    if object.get("date").is_none() && object.get("read").is_none() {
        reader.bad(node, field, "needs a date, or, where the document carries none, the day it was read");
    }
    document
}

pub(crate) fn read_documents<'a>(reader: &mut Reader<'a>, node: Node<'a>) -> Vec<Document<'a>> {
    let members = reader.map(node, "sources").unwrap_or_default();
    if members.is_empty() && node.is_object() {
        reader.bad(node, "sources", "is empty; name the documents this was made from");
    }
    let mut documents = Vec::new();
    for (key, value) in members {
        if !is_id(&key) {
            reader.bad(value, "sources", format!("\"{key}\" is not {AN_ID}"));
        }
        let field = format!("sources.{key}");
        documents.push(read_document(reader, value, key, &field));
    }
    documents
}

fn read_citation<'a>(reader: &mut Reader<'a>, node: Node<'a>, documents: &[Document<'a>]) -> Option<Citation<'a>> {
    let text = reader.prose(node, "source")?;
    let Some(hash) = text.find('#') else {
        reader.bad(
            node,
            "source",
            format!("\"{text}\" is not key#section: a document of sources, and the section of it"),
        );
        return None;
    };
    let (key, section) = split(&text, hash);
    if section.is_empty() || section.trim() != section {
        reader.bad(node, "source", "names no section after the #");
        return None;
    }
    let Some(document) = documents.iter().position(|document| document.key == key) else {
        let keys: Vec<&str> = documents.iter().map(|document| &*document.key).collect();
        reader.bad(node, "source", format!("no document \"{key}\" in sources; one of {}", keys.join(", ")));
        return None;
    };
    Some(Citation { document, section })
}

/// The two sides of a one-byte separator, borrowed where the text is.
fn split<'a>(text: &Str<'a>, at: usize) -> (Str<'a>, Str<'a>) {
    match text {
        Cow::Borrowed(text) => {
            (Cow::Borrowed(text.get(..at).unwrap_or("")), Cow::Borrowed(text.get(at + 1..).unwrap_or("")))
        }
        Cow::Owned(text) => (
            Cow::Owned(text.get(..at).unwrap_or("").to_string()),
            Cow::Owned(text.get(at + 1..).unwrap_or("").to_string()),
        ),
    }
}

/// The steps of a path such as `a.b[].c`; `None` where one is empty or has another bracket or a blank in it.
fn parse_segments<'a>(path: &str) -> Option<Vec<Segment<'a>>> {
    let mut segments = Vec::new();
    for part in path.split('.') {
        let (name, items) = match part.strip_suffix("[]") {
            Some(name) => (name, true),
            None => (part, false),
        };
        if name.is_empty() || name.contains(|found: char| "[]".contains(found) || found.is_whitespace()) {
            return None;
        }
        segments.push(Segment::Member(Cow::Owned(name.to_string())));
        if items {
            segments.push(Segment::Items);
        }
    }
    Some(segments)
}

/// A path within an item.
fn read_path<'a>(reader: &mut Reader<'a>, node: Node<'a>, field: &str) -> Option<Vec<Segment<'a>>> {
    let text = reader.plain_text(node, field, LONGEST_TEXT)?;
    let path = parse_segments(&text);
    if path.is_none() {
        reader.bad(node, field, format!("\"{text}\" is not a path such as a.b"));
    }
    path
}

/// What a place is for: the kinds of place at which it can be found, and how an error names them.
pub(crate) struct Purpose {
    fits: fn(&At<'_>) -> bool,
    right: &'static str,
}

/// A code, or a field of the details: one value.
pub(crate) const VALUE: Purpose = Purpose {
    fits: |at| match at {
        At::Text => false,
        At::Body(path) => !path.is_empty(),
        At::Header(_) => true,
    },
    right: "body:a.b[].c or header:name",
};
/// A reason text, which a body may also be as a whole.
const REASON: Purpose =
    Purpose { fits: |at| *at == At::Text || (VALUE.fits)(at), right: "text, body:a.b[].c or header:name" };
/// A value within a JSON body.
pub(crate) const MEMBER: Purpose =
    Purpose { fits: |at| matches!(at, At::Body(path) if !path.is_empty()), right: "body:a.b[].c" };
/// A value in each item of a list.
const IN_ITEMS: Purpose = Purpose {
    fits: |at| matches!(at, At::Body(path) if path.contains(&Segment::Items)),
    right: "a place within a list, such as body:issue[].code",
};
/// The items of a list.
const ITEMS: Purpose = Purpose {
    fits: |at| matches!(at, At::Body(path) if path.last() == Some(&Segment::Items)),
    right: "a list, such as body:errors[]",
};
/// A JSON body or anything in it.
const ANY_OF_BODY: Purpose = Purpose { fits: |at| matches!(at, At::Body(_)), right: "body or body:a.b[].c" };
/// A JSON body itself.
const BODY: Purpose = Purpose { fits: |at| matches!(at, At::Body(path) if path.is_empty()), right: "body" };

pub(crate) fn read_at<'a>(reader: &mut Reader<'a>, node: Node<'a>, field: &str, purpose: &Purpose) -> Option<At<'a>> {
    let text = reader.plain_text(node, field, LONGEST_TEXT)?;
    let at = match (&*text, text.split_once(':')) {
        ("text", _) => Some(At::Text),
        ("body", _) => Some(At::Body(Vec::new())),
        (_, Some(("body", path))) => parse_segments(path).map(At::Body),
        (_, Some(("header", name))) => is_header(name).then(|| At::Header(Cow::Owned(name.to_string()))),
        _ => None,
    };
    let at = at.filter(purpose.fits);
    if at.is_none() {
        reader.bad(node, field, format!("\"{text}\" is not a place for this; give {}", purpose.right));
    }
    at
}

/// The path of a place within the body.
fn read_body_path<'a>(
    reader: &mut Reader<'a>,
    node: Node<'a>,
    field: &str,
    purpose: &Purpose,
) -> Option<Vec<Segment<'a>>> {
    match read_at(reader, node, field, purpose)? {
        At::Body(path) => Some(path),
        At::Text | At::Header(_) => None,
    }
}

fn read_evidence<'a>(reader: &mut Reader<'a>, node: Node<'a>) -> Option<Evidence<'a>> {
    let object = reader.object(node, "evidence", EVIDENCE)?;
    let mut evidence = Evidence::default();
    if let Some(node) = object.get("required") {
        evidence.required = reader.bool(node, "required").unwrap_or_default();
    }
    if let Some(node) = object.get("formats") {
        for item in reader.list(node, "formats") {
            // `plain` is what is tried when nothing is known: no vendor speaks it.
            let named = Format::ALL.iter().copied().filter(|format| *format != Format::Plain).collect::<Vec<_>>();
            let format = reader.word(item, "formats", &named, Format::as_str);
            reader.keep(&mut evidence.formats, format, item, "formats");
        }
    }
    if let Some(node) = object.get("codes") {
        evidence.codes = read_codes(reader, node);
    }
    if let Some(node) = object.get("reasons") {
        for item in reader.list(node, "reasons") {
            let at = read_at(reader, item, "reasons", &REASON);
            reader.keep(&mut evidence.reasons, at, item, "reasons");
        }
    }
    if let Some(node) = object.get("conditions") {
        for (name, value) in reader.map(node, "conditions").unwrap_or_default() {
            if !is_key(&name) {
                reader.bad(value, "conditions", format!("\"{name}\" is not {A_KEY}"));
            }
            evidence.conditions.extend(read_condition(reader, value, name));
        }
    }
    if let Some(node) = object.get("details") {
        evidence.details = read_details(reader, node).unwrap_or_default();
    }
    Some(evidence)
}

pub(crate) fn read_codes<'a>(reader: &mut Reader<'a>, node: Node<'a>) -> Vec<CodeAt<'a>> {
    let mut codes = Vec::new();
    for item in reader.list(node, "codes") {
        let code = if item.is_text() {
            read_at(reader, item, "codes", &VALUE).map(|at| CodeAt { at, rank: None })
        } else {
            read_ranked_code(reader, item)
        };
        reader.keep(&mut codes, code, item, "codes");
    }
    if codes.len() > MOST_CODES {
        reader.bad(node, "codes", format!("names {} places; at most {MOST_CODES}", codes.len()));
    }
    codes
}

fn read_ranked_code<'a>(reader: &mut Reader<'a>, node: Node<'a>) -> Option<CodeAt<'a>> {
    let object = reader.object(node, "codes", RANKED)?;
    let at = object.require(reader, "at").and_then(|node| read_at(reader, node, "at", &IN_ITEMS));
    let by = object.require(reader, "by").and_then(|node| read_path(reader, node, "by"));
    let mut ranks = Vec::new();
    if let Some(node) = object.require(reader, "ranks") {
        for item in reader.filled_list(node, "ranks") {
            let rank = reader.plain_text(item, "ranks", LONGEST_NAME);
            reader.keep(&mut ranks, rank, item, "ranks");
        }
    }
    Some(CodeAt { at: at?, rank: Some((by?, ranks)) })
}

fn read_condition<'a>(reader: &mut Reader<'a>, node: Node<'a>, name: Str<'a>) -> Option<Condition<'a>> {
    let field = format!("conditions.{name}");
    let object = reader.object(node, &field, CONDITION)?;
    let mut lists = [Vec::new(), Vec::new(), Vec::new()];
    for (list, part) in lists.iter_mut().zip(CONDITION) {
        if let Some(node) = object.get(part) {
            for item in reader.filled_list(node, part) {
                list.extend(read_test(reader, item, &field));
            }
        }
    }
    let [all, any, none] = lists;
    if object.is_empty() {
        reader.bad(node, &field, "tests nothing; give all, any or none");
    }
    Some(Condition { name, place: reader.place(node), all, any, none })
}

fn read_test<'a>(reader: &mut Reader<'a>, node: Node<'a>, field: &str) -> Option<Test<'a>> {
    let object = reader.object(node, field, TEST)?;
    let kinds: Vec<&str> = TEST.iter().skip(1).copied().filter(|kind| object.get(kind).is_some()).collect();
    let [kind] = kinds.as_slice() else {
        reader.bad(node, field, "must have exactly one of is, some, every, besides, signal");
        return None;
    };
    let value = object.get(kind)?;
    if *kind == "signal" {
        if object.get("at").is_some() {
            reader.bad(node, field, "a signal has no place; leave `at` out");
        }
        return reader.word(value, "signal", Signal::ALL, Signal::as_str).map(Test::Signal);
    }
    let purpose = match *kind {
        "is" => &ANY_OF_BODY,
        "besides" => &BODY,
        _ => &MEMBER,
    };
    let at = object.require(reader, "at").and_then(|node| read_at(reader, node, "at", purpose))?;
    Some(match *kind {
        "is" => match reader.word(value, "is", &["present", "non_empty"], |word| word)? {
            "present" => Test::Present(at),
            _ => Test::NonEmpty(at),
        },
        "besides" => {
            let mut names = Vec::new();
            for item in reader.list(value, "besides") {
                let name = reader.plain_text(item, "besides", LONGEST_NAME);
                reader.keep(&mut names, name, item, "besides");
            }
            Test::Besides(names)
        }
        _ => {
            let mut literals = Vec::new();
            for item in reader.filled_list(value, kind) {
                let literal = read_literal(reader, item, kind);
                reader.keep(&mut literals, literal, item, kind);
            }
            if *kind == "some" { Test::Some(at, literals) } else { Test::Every(at, literals) }
        }
    })
}

fn read_literal<'a>(reader: &mut Reader<'a>, node: Node<'a>, field: &str) -> Option<Literal<'a>> {
    if node.is_text() {
        return reader.plain_text(node, field, LONGEST_TEXT).map(Literal::Text);
    }
    let literal = node.bool().map(Literal::Bool).or_else(|| node.integer().map(Literal::Integer));
    if literal.is_none() {
        reader.bad(node, field, format!("must be a text, a whole number, true or false, not {}", node.kind()));
    }
    literal
}

pub(crate) fn read_details<'a>(reader: &mut Reader<'a>, node: Node<'a>) -> Option<Details<'a>> {
    let object = reader.object(node, "details", DETAILS)?;
    let mut details = Details::default();
    for (field, node) in fields(&object) {
        for item in one_or_more(reader, node, field.as_str()) {
            let at = read_at(reader, item, field.as_str(), &VALUE).map(|at| (field, at));
            reader.keep(&mut details.fields, at, item, field.as_str());
        }
    }
    if details.fields.len() > MOST_PLACES {
        reader.bad(node, "details", format!("names {} places; at most {MOST_PLACES}", details.fields.len()));
    }
    if let Some(node) = object.get("errors") {
        for item in reader.list(node, "errors") {
            details.errors.extend(read_errors(reader, item));
        }
    }
    Some(details)
}

/// The details fields of an object, in the order of the words.
fn fields<'a>(object: &Object<'a>) -> Vec<(Field, Node<'a>)> {
    Field::ALL.iter().filter_map(|field| object.get(field.as_str()).map(|node| (*field, node))).collect()
}

/// One place, or a list of places of which the first that has something counts.
pub(crate) fn one_or_more<'a>(reader: &mut Reader<'a>, node: Node<'a>, field: &str) -> Vec<Node<'a>> {
    if node.is_list() { reader.filled_list(node, field) } else { alloc::vec![node] }
}

fn read_errors<'a>(reader: &mut Reader<'a>, node: Node<'a>) -> Option<Errors<'a>> {
    let object = reader.object(node, "errors", ERRORS)?;
    let at = object.require(reader, "at").and_then(|node| read_body_path(reader, node, "at", &ITEMS));
    let filter = object.get("where").map(|node| read_filter(reader, node)).unwrap_or_default();
    let mut found = Vec::new();
    if let Some(node) = object.require(reader, "fields") {
        let fields_object = reader.object(node, "fields", ERROR_FIELDS)?;
        for (field, node) in fields(&fields_object) {
            for item in one_or_more(reader, node, field.as_str()) {
                let path = read_path(reader, item, field.as_str()).map(|path| (field, path));
                reader.keep(&mut found, path, item, field.as_str());
            }
        }
        if fields_object.is_empty() {
            reader.bad(node, "fields", "is empty; name at least one");
        }
        if found.len() > MOST_PLACES {
            reader.bad(node, "fields", format!("names {} paths; at most {MOST_PLACES}", found.len()));
        }
    }
    Some(Errors { at: at?, filter, fields: found })
}

fn read_filter<'a>(reader: &mut Reader<'a>, node: Node<'a>) -> Vec<(Vec<Segment<'a>>, Literal<'a>)> {
    let members = reader.map(node, "where").unwrap_or_default();
    if members.is_empty() && node.is_object() {
        reader.bad(node, "where", "is empty; name at least one member, or leave the field out");
    }
    let mut filter = Vec::new();
    for (path, value) in members {
        // A list on the way would make one member count several times.
        let segments = parse_segments(&path).filter(|segments| !segments.contains(&Segment::Items));
        if segments.is_none() {
            reader.bad(value, "where", format!("\"{path}\" is not a path such as a.b, without lists"));
        }
        if let (Some(segments), Some(literal)) = (segments, read_literal(reader, value, "where")) {
            filter.push((segments, literal));
        }
    }
    filter
}

/// What an entry, a variant and a range share. Each part is `None` where the file doesn't give it.
struct Body<'a> {
    category: Option<Category>,
    canonical: Option<Canonical>,
    fault: Option<Fault>,
    retry: Option<Retry>,
    processed: Option<Processed>,
    finality: Option<Finality>,
    severity: Option<Severity>,
    scope: Option<Scope>,
    wait_ms: Option<u64>,
    title: Option<Str<'a>>,
    vendor_text: Option<Str<'a>>,
    remedy: Option<Str<'a>>,
    texts: [Option<Str<'a>>; 3],
    source: Option<Citation<'a>>,
    why: Option<Str<'a>>,
}

fn read_body<'a>(reader: &mut Reader<'a>, object: &Object<'a>, documents: &[Document<'a>]) -> Body<'a> {
    let prose = |reader: &mut Reader<'a>, field: &str| object.get(field).and_then(|node| reader.prose(node, field));
    macro_rules! word {
        ($type:ident, $field:literal) => {
            object.get($field).and_then(|node| reader.word(node, $field, $type::ALL, $type::as_str))
        };
    }
    Body {
        category: word!(Category, "category"),
        canonical: word!(Canonical, "canonical"),
        fault: word!(Fault, "fault"),
        retry: word!(Retry, "retry"),
        processed: word!(Processed, "processed"),
        finality: word!(Finality, "finality"),
        severity: word!(Severity, "severity"),
        scope: word!(Scope, "scope"),
        wait_ms: object.get("wait_ms").and_then(|node| read_ms(reader, node, "wait_ms")),
        title: prose(reader, "title"),
        vendor_text: prose(reader, "vendor_text"),
        remedy: prose(reader, "remedy"),
        texts: [prose(reader, "user"), prose(reader, "operator"), prose(reader, "developer")],
        source: object.get("source").and_then(|node| read_citation(reader, node, documents)),
        why: prose(reader, "why"),
    }
}

impl<'a> Body<'a> {
    /// The entry this makes; every part that must be given and isn't is a problem.
    fn into_entry(self, reader: &mut Reader<'a>, object: &Object<'a>, key: Key<'a>) -> Option<Entry<'a>> {
        for field in ["title", "category", "fault", "retry", "processed", "remedy", "source"] {
            object.require(reader, field);
        }
        let mut words = Words::new(self.category?, self.fault?, self.retry?, self.processed?);
        self.override_words(&mut words);
        let entry = Entry {
            place: reader.place(object.node),
            key,
            variant: None,
            names: Vec::new(),
            under: Under::default(),
            usually: false,
            words,
            wait_ms: self.wait_ms,
            title: self.title?,
            vendor_text: self.vendor_text,
            remedy: self.remedy?,
            texts: self.texts,
            source: self.source?,
            why: self.why,
            variants: Vec::new(),
        };
        check_words(reader, object.node, &entry);
        Some(entry)
    }

    fn override_words(&self, words: &mut Words) {
        words.canonical = self.canonical.unwrap_or(words.canonical);
        words.finality = self.finality.unwrap_or(words.finality);
        words.severity = self.severity.unwrap_or(words.severity);
        words.scope = self.scope.unwrap_or(words.scope);
    }

    /// The entry this makes of another: what it doesn't give is the other's. A new category brings its own
    /// defaults, and a new `retry` leaves the other's wait behind.
    fn over(self, base: &Entry<'a>) -> Entry<'a> {
        let mut words = match self.category {
            Some(category) if category != base.words.category => {
                Words::new(category, base.words.fault, base.words.retry, base.words.processed)
            }
            _ => base.words,
        };
        words.fault = self.fault.unwrap_or(words.fault);
        words.retry = self.retry.unwrap_or(words.retry);
        words.processed = self.processed.unwrap_or(words.processed);
        self.override_words(&mut words);
        let [user, operator, developer] = base.texts.clone();
        let [own_user, own_operator, own_developer] = self.texts;
        // The entry's own user text was written for its category; a variant of another one has that category's.
        let user = if words.category == base.words.category { user } else { None };
        Entry {
            words,
            wait_ms: self.wait_ms.or(if words.retry == base.words.retry { base.wait_ms } else { None }),
            title: self.title.unwrap_or_else(|| base.title.clone()),
            vendor_text: self.vendor_text,
            remedy: self.remedy.unwrap_or_else(|| base.remedy.clone()),
            texts: [own_user.or(user), own_operator.or(operator), own_developer.or(developer)],
            source: self.source.unwrap_or_else(|| base.source.clone()),
            why: self.why.or_else(|| base.why.clone()),
            variants: Vec::new(),
            ..base.clone()
        }
    }
}

/// Words that contradict each other.
fn check_words<'a>(reader: &mut Reader<'a>, node: Node<'a>, entry: &Entry<'a>) {
    let words = entry.words;
    let fine = matches!(words.category, Category::Success | Category::Informational | Category::NotModified);
    if (words.retry == Retry::None) != fine {
        let what = format!(
            "is {} for {}; `none` belongs to success, informational and not_modified",
            words.retry, words.category
        );
        reader.bad(node, "retry", what);
    }
    if entry.wait_ms.is_some() && words.retry != Retry::Wait {
        reader.bad(node, "wait_ms", format!("has no meaning with retry {}; leave it out, or say wait", words.retry));
    }
}

/// What an entry is called in errors, before anything of it is known to be right.
fn label(node: Node<'_>, keys: &[&str]) -> String {
    let members = node.members().unwrap_or_default();
    let key = keys.iter().find_map(|key| members.iter().find(|(name, _)| name == key)).map(|(_, node)| *node);
    match key {
        Some(node) if node.is_text() => node.text().unwrap_or_default().chars().take(LONGEST_NAME).collect(),
        Some(node) => node.raw().chars().filter(|found| !found.is_whitespace()).take(LONGEST_NAME).collect(),
        None => String::from("(no key)"),
    }
}

fn read_entry<'a>(reader: &mut Reader<'a>, node: Node<'a>, documents: &[Document<'a>]) -> Option<Entry<'a>> {
    reader.entry = label(node, &["status", "code", "failure", "condition"]);
    let entry = read_labelled_entry(reader, node, documents);
    reader.entry = String::new();
    entry
}

fn read_labelled_entry<'a>(reader: &mut Reader<'a>, node: Node<'a>, documents: &[Document<'a>]) -> Option<Entry<'a>> {
    let object = reader.object(node, "", ENTRY)?;
    let key = one_key(reader, &object, &["status", "code", "failure", "condition"])
        .and_then(|(field, node)| read_entry_key(reader, field, node));
    let body = read_body(reader, &object, documents);
    let mut names = Vec::new();
    if let Some(node) = object.get("names") {
        for item in reader.filled_list(node, "names") {
            let name = read_name(reader, item, "names");
            reader.keep(&mut names, name, item, "names");
        }
        if !matches!(key, Some(Key::Code(_) | Key::Failure(_)) | None) {
            reader.bad(node, "names", "only a code or a failure has other names");
        }
    }
    let mut under = Under::default();
    if let Some(node) = object.get("statuses") {
        under = read_under(reader, node);
        if !matches!(key, Some(Key::Condition(_)) | None) {
            reader.bad(node, "statuses", "only a condition is limited to statuses");
        }
    }
    let mut entry = body.into_entry(reader, &object, key?)?;
    entry.names = names;
    entry.under = under;
    if let Some(node) = object.get("variants") {
        if let Key::Failure(_) = entry.key {
            reader.bad(node, "variants", "a failure has none: nothing came back that could tell them apart");
        }
        let mut variants = Vec::new();
        for item in reader.filled_list(node, "variants") {
            variants.extend(read_variant(reader, item, documents, &entry));
        }
        entry.variants = variants;
    }
    Some(entry)
}

/// A key that counts as not listed.
fn read_silenced<'a>(reader: &mut Reader<'a>, node: Node<'a>) -> Option<(Key<'a>, Option<Place>)> {
    let keys = &["status", "code", "failure"];
    reader.entry = label(node, keys);
    let key = reader.object(node, "silenced", SILENCED).and_then(|object| {
        if let Some(node) = object.get("why") {
            reader.prose(node, "why");
        }
        let (field, node) = one_key(reader, &object, keys)?;
        read_entry_key(reader, field, node)
    });
    reader.entry = String::new();
    Some((key?, reader.place(node)))
}

/// What an entry is keyed by.
fn read_entry_key<'a>(reader: &mut Reader<'a>, field: &str, node: Node<'a>) -> Option<Key<'a>> {
    match field {
        "status" => read_status(reader, node, field).map(Key::Status),
        "code" if node.is_text() => read_name(reader, node, field).map(Code::from_text).map(Key::Code),
        "code" if node.is_number() => {
            reader.integer(node, field, -MAX_SAFE, MAX_SAFE).map(|number| Key::Code(Code::Number(number)))
        }
        "code" => {
            reader.bad(node, field, format!("must be a whole number or a name, not {}", node.kind()));
            None
        }
        "failure" => read_name(reader, node, field).map(Key::Failure),
        _ => read_key(reader, node, field).map(Key::Condition),
    }
}

/// The one key of an entry.
fn one_key<'a>(
    reader: &mut Reader<'a>,
    object: &Object<'a>,
    keys: &[&'static str],
) -> Option<(&'static str, Node<'a>)> {
    let found: Vec<_> = keys.iter().filter_map(|key| object.get(key).map(|node| (*key, node))).collect();
    match found.as_slice() {
        [one] => Some(*one),
        _ => {
            reader.bad(object.node, "", format!("must have exactly one key: {}", keys.join(", ")));
            None
        }
    }
}

fn read_under<'a>(reader: &mut Reader<'a>, node: Node<'a>) -> Under {
    let mut under = Under { classes: 0, statuses: Vec::new() };
    for item in reader.filled_list(node, "statuses") {
        if item.is_text() {
            let classes = ["none", "1xx", "2xx", "3xx", "4xx", "5xx"];
            let Some(class) = reader.word(item, "statuses", &classes, |class| class) else { continue };
            let bit = 1 << classes.iter().position(|known| *known == class).unwrap_or_default();
            if under.classes & bit != 0 {
                reader.bad(item, "statuses", format!("\"{class}\" stands twice"));
            }
            under.classes |= bit;
        } else {
            let status = read_status(reader, item, "statuses");
            reader.keep(&mut under.statuses, status, item, "statuses");
        }
    }
    for status in &under.statuses {
        let class = status / 100;
        if class <= 5 && under.classes & 1 << class != 0 {
            reader.bad(node, "statuses", format!("{status} is in {class}xx already"));
        }
    }
    under
}

fn read_variant<'a>(
    reader: &mut Reader<'a>,
    node: Node<'a>,
    documents: &[Document<'a>],
    base: &Entry<'a>,
) -> Option<Entry<'a>> {
    let outer = reader.entry.clone();
    reader.entry = format!("{outer}.{}", label(node, &["key"]));
    let variant = read_labelled_variant(reader, node, documents, base);
    reader.entry = outer;
    variant
}

fn read_labelled_variant<'a>(
    reader: &mut Reader<'a>,
    node: Node<'a>,
    documents: &[Document<'a>],
    base: &Entry<'a>,
) -> Option<Entry<'a>> {
    let object = reader.object(node, "", VARIANT)?;
    let key = object.require(reader, "key").and_then(|node| read_key(reader, node, "key"));
    let when = object.require(reader, "when").and_then(|node| read_when(reader, node));
    let body = read_body(reader, &object, documents);
    let variant = Entry { place: reader.place(node), variant: Some((key?, when?)), ..body.over(base) };
    check_words(reader, node, &variant);
    Some(variant)
}

fn read_when<'a>(reader: &mut Reader<'a>, node: Node<'a>) -> Option<When<'a>> {
    let object = reader.object(node, "when", WHEN)?;
    let mut when = When::default();
    if let Some(node) = object.get("reason") {
        for item in reader.filled_list(node, "reason") {
            let reason = reader.prose(item, "reason");
            let twice = reason
                .as_ref()
                .is_some_and(|new| when.reasons.iter().any(|held: &Str<'_>| normal_reason(held) == normal_reason(new)));
            if twice {
                reader.bad(item, "reason", "stands twice: letter case and a final full stop don't count");
            }
            when.reasons.extend(reason);
        }
    }
    if let Some(node) = object.get("condition") {
        when.condition = read_key(reader, node, "condition");
    }
    if let Some(node) = object.get("header") {
        when.header = read_header(reader, node, "header");
    }
    if let Some(node) = object.get("hint") {
        when.hint = node.bool() == Some(true);
        if !when.hint {
            reader.bad(node, "hint", "must be true: the server said how long to wait");
        }
    }
    if object.is_empty() {
        reader.bad(node, "when", "says nothing; give reason, condition, header or hint");
    }
    Some(when)
}

fn read_range<'a>(reader: &mut Reader<'a>, node: Node<'a>, documents: &[Document<'a>]) -> Option<Entry<'a>> {
    reader.entry = format!("range {}", label(node, &["status", "code"]));
    let range = read_labelled_range(reader, node, documents);
    reader.entry = String::new();
    range
}

fn read_labelled_range<'a>(reader: &mut Reader<'a>, node: Node<'a>, documents: &[Document<'a>]) -> Option<Entry<'a>> {
    let object = reader.object(node, "", RANGE)?;
    let key = one_key(reader, &object, &["status", "code"]).and_then(|(field, node)| {
        let (least, most) = if field == "status" { (100, 999) } else { (-MAX_SAFE, MAX_SAFE) };
        let (from, to) = read_bounds(reader, node, field, least, most)?;
        Some(match (field, u16::try_from(from), u16::try_from(to)) {
            ("status", Ok(from), Ok(to)) => Key::StatusRange(from, to),
            _ => Key::CodeRange(from, to),
        })
    });
    let body = read_body(reader, &object, documents);
    let usually = object.get("usually").and_then(|node| reader.bool(node, "usually")).unwrap_or_default();
    let mut entry = body.into_entry(reader, &object, key?)?;
    entry.usually = usually;
    Some(entry)
}

fn read_bounds<'a>(reader: &mut Reader<'a>, node: Node<'a>, field: &str, least: i64, most: i64) -> Option<(i64, i64)> {
    let items = node.items().unwrap_or_default();
    let [from, to] = items.as_slice() else {
        reader.bad(node, field, "must be a list of two numbers, the first and the last");
        return None;
    };
    let bounds = (reader.integer(*from, field, least, most)?, reader.integer(*to, field, least, most)?);
    if bounds.0 > bounds.1 {
        reader.bad(node, field, format!("ends before it begins: {} is more than {}", bounds.0, bounds.1));
        return None;
    }
    Some(bounds)
}

/// A number as it is written, which is how it is given out again.
fn read_number<'a>(reader: &mut Reader<'a>, node: Node<'a>, field: &str) -> Option<Str<'a>> {
    if node.number().is_none() {
        let found = if node.is_number() { "one that large" } else { node.kind() };
        reader.bad(node, field, format!("must be a number, not {found}"));
        return None;
    }
    Some(Cow::Borrowed(node.raw()))
}

fn read_limit<'a>(reader: &mut Reader<'a>, node: Node<'a>, documents: &[Document<'a>]) -> Option<Limit<'a>> {
    reader.entry = format!("limit {}", label(node, &["key"]));
    let limit = read_labelled_limit(reader, node, documents);
    reader.entry = String::new();
    limit
}

fn read_labelled_limit<'a>(reader: &mut Reader<'a>, node: Node<'a>, documents: &[Document<'a>]) -> Option<Limit<'a>> {
    let object = reader.object(node, "", LIMIT)?;
    let key = object.require(reader, "key").and_then(|node| read_key(reader, node, "key"));
    let title = object.require(reader, "title").and_then(|node| reader.prose(node, "title"));
    let [value, min, max] =
        ["value", "min", "max"].map(|field| object.get(field).and_then(|node| read_number(reader, node, field)));
    if ["value", "min", "max"].iter().all(|field| object.get(field).is_none()) {
        reader.bad(node, "value", "is missing; give value, min or max");
    }
    let number = |text: &Option<Str<'a>>| text.as_deref().and_then(|text| text.parse::<f64>().ok());
    if let (Some(least), Some(most)) = (number(&min), number(&max))
        && least > most
    {
        reader.bad(node, "min", "is more than max");
    }
    let unit = object.require(reader, "unit").and_then(|node| reader.word(node, "unit", UNITS, |unit| unit));
    let per = object.get("per").and_then(|node| reader.word(node, "per", PER, |per| per));
    let window_ms = object.get("window_ms").and_then(|node| read_ms(reader, node, "window_ms"));
    let rolling = object.get("rolling").and_then(|node| reader.bool(node, "rolling"));
    let approximate = object.get("approximate").and_then(|node| reader.bool(node, "approximate")).unwrap_or_default();
    let date = object.require(reader, "date").and_then(|node| read_date(reader, node, "date"));
    let text = object.get("text").and_then(|node| reader.prose(node, "text"));
    let source = object.require(reader, "source").and_then(|node| read_citation(reader, node, documents));
    let why = object.get("why").and_then(|node| reader.prose(node, "why"));
    Some(Limit {
        place: reader.place(node),
        key: key?,
        title: title?,
        value,
        min,
        max,
        unit: Cow::Borrowed(unit?),
        per: per.map(Cow::Borrowed),
        window_ms,
        rolling,
        approximate,
        date: date?,
        text,
        source: source?,
        why,
    })
}

fn read_answers<'a>(
    reader: &mut Reader<'a>,
    node: Node<'a>,
    documents: &[Document<'a>],
) -> (Vec<IntentAnswer<'a>>, Vec<Received<'a>>) {
    let (mut intents, mut received) = (Vec::new(), Vec::new());
    let Some(object) = reader.object(node, "answers", ANSWERS) else { return (intents, received) };
    if object.is_empty() {
        reader.bad(node, "answers", "says nothing; give intents or received");
    }
    if let Some(node) = object.get("intents") {
        for item in reader.filled_list(node, "intents") {
            reader.entry = format!("answers.intents {}", label(item, &["intent"]));
            intents.extend(read_intent(reader, item, documents));
        }
    }
    if let Some(node) = object.get("received") {
        for item in reader.filled_list(node, "received") {
            reader.entry = format!("answers.received {}", label(item, &["status", "code"]));
            received.extend(read_received(reader, item, documents));
        }
    }
    reader.entry = String::new();
    (intents, received)
}

fn read_environments<'a>(reader: &mut Reader<'a>, object: &Object<'a>) -> Vec<Environment> {
    let mut environments = Vec::new();
    if let Some(node) = object.get("environments") {
        for item in reader.filled_list(node, "environments") {
            let environment = reader.word(item, "environments", Environment::ALL, Environment::as_str);
            reader.keep(&mut environments, environment, item, "environments");
        }
    }
    environments
}

fn read_intent<'a>(reader: &mut Reader<'a>, node: Node<'a>, documents: &[Document<'a>]) -> Option<IntentAnswer<'a>> {
    let object = reader.object(node, "", INTENT_ANSWER)?;
    let intent =
        object.require(reader, "intent").and_then(|node| reader.word(node, "intent", Intent::ALL, Intent::as_str));
    one_key(reader, &object, &["status", "code"])?;
    let environments = read_environments(reader, &object);
    let status = object.get("status").and_then(|node| reader.integer(node, "status", 100, 599));
    let code = object.get("code").and_then(|node| read_name(reader, node, "code"));
    let error_code = object.get("error_code").and_then(|node| reader.integer(node, "error_code", -MAX_SAFE, MAX_SAFE));
    if let (Some(node), None) = (object.get("error_code"), object.get("code")) {
        reader.bad(node, "error_code", "stands beside an acknowledgement's code only");
    }
    let sender =
        object.require(reader, "sender").and_then(|node| reader.word(node, "sender", Sender::ALL, Sender::as_str));
    let title = object.require(reader, "title").and_then(|node| reader.prose(node, "title"));
    let remedy = object.require(reader, "remedy").and_then(|node| reader.prose(node, "remedy"));
    let source = object.require(reader, "source").and_then(|node| read_citation(reader, node, documents));
    let why = object.get("why").and_then(|node| reader.prose(node, "why"));
    Some(IntentAnswer {
        place: reader.place(node),
        intent: intent?,
        environments,
        status: status.and_then(|status| status.try_into().ok()),
        code,
        error_code,
        sender: sender?,
        title: title?,
        remedy: remedy?,
        source: source?,
        why,
    })
}

fn read_received<'a>(reader: &mut Reader<'a>, node: Node<'a>, documents: &[Document<'a>]) -> Option<Received<'a>> {
    let object = reader.object(node, "", RECEIVED)?;
    one_key(reader, &object, &["status", "code"])?;
    let status = object
        .get("status")
        .and_then(|node| read_bounds(reader, node, "status", 100, 999))
        .and_then(|(from, to)| Some((u16::try_from(from).ok()?, u16::try_from(to).ok()?)));
    let code = object.get("code").and_then(|node| read_name(reader, node, "code"));
    let environments = read_environments(reader, &object);
    let sender =
        object.require(reader, "sender").and_then(|node| reader.word(node, "sender", Sender::ALL, Sender::as_str));
    let title = object.require(reader, "title").and_then(|node| reader.prose(node, "title"));
    let source = object.require(reader, "source").and_then(|node| read_citation(reader, node, documents));
    let why = object.get("why").and_then(|node| reader.prose(node, "why"));
    let place = reader.place(node);
    Some(Received { place, status, code, environments, sender: sender?, title: title?, source: source?, why })
}

//! What the tables are made of: plain rows of numbers, and one string that holds every text.
//!
//! A row holds no pointer, so the tables need no relocation, sit in read-only memory, and are the same whether the
//! build script printed them or a catalog was compiled at run time. Their `Debug` text is the Rust source of them,
//! which is how the build script prints them.

use crate::vocabulary::{Canonical, Category, Fault, Finality, Match, Processed, Retry, Scope, Severity, Words};

/// A stretch of a list or of the text; an empty one stands for a text that isn't there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Span {
    /// Where it begins.
    pub at: u32,
    /// How long it is.
    pub len: u32,
}

impl Span {
    /// The indexes of the stretch.
    pub(crate) const fn range(self) -> core::ops::Range<usize> {
        self.at as usize..self.at as usize + self.len as usize
    }
}

/// The discriminants of [`Words`], in the order of its fields.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct PackedWords(pub [u8; 8]);

impl PackedWords {
    pub(crate) const fn pack(words: Words) -> Self {
        Self([
            words.category as u8,
            words.canonical as u8,
            words.fault as u8,
            words.retry as u8,
            words.processed as u8,
            words.finality as u8,
            words.severity as u8,
            words.scope as u8,
        ])
    }

    /// The words; a number that is none counts as the word that promises least.
    #[inline]
    pub(crate) const fn unpack(self) -> Words {
        let [category, canonical, fault, retry, processed, finality, severity, scope] = self.0;
        macro_rules! word {
            ($type:ident, $number:ident, $least:ident) => {
                match $type::from_number($number) {
                    Some(word) => word,
                    None => $type::$least,
                }
            };
        }
        Words {
            category: word!(Category, category, Unknown),
            canonical: word!(Canonical, canonical, Unknown),
            fault: word!(Fault, fault, Unknown),
            retry: word!(Retry, retry, Verify),
            processed: word!(Processed, processed, Maybe),
            finality: word!(Finality, finality, Final),
            severity: word!(Severity, severity, Error),
            scope: word!(Scope, scope, Message),
        }
    }
}

/// The id of the catalog whose failures every other knows.
pub(crate) const TRANSPORT: &str = "transport";

/// How a number is found: an entry, and by which kind of match. Zero is nothing. The entry is one of the tables that
/// the cell is in, counted from their own first, so that a look-up goes straight to it; or a built-in one, which a
/// loaded catalog inherits, with a bit that says so.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Cell(pub u32);

impl Cell {
    pub(crate) const fn new(row: u32, found: Match) -> Self {
        Self(row << 3 | found as u32)
    }

    #[inline]
    pub(crate) const fn get(self) -> Option<(u32, Match)> {
        match Match::from_number((self.0 & 7) as u8) {
            Some(found) => Some((self.0 >> 3, found)),
            None => None,
        }
    }

    /// The bit of a built-in entry in a cell of loaded tables. Past it no list of entries reaches.
    pub(crate) const BUILT_IN: u32 = 1 << 28;

    /// From the number of an entry among all to its place in tables whose own begin with the number `first`.
    pub(crate) const fn within(self, first: u32) -> Self {
        match self.get() {
            Some((number, found)) if number < first => Self::new(number | Self::BUILT_IN, found),
            Some((number, found)) => Self::new(number - first, found),
            None => self,
        }
    }

    pub(crate) const fn is_exact(self) -> bool {
        self.0 & 7 == Match::Exact as u32
    }
}

/// The cell of a number. A number past the last page has none.
#[inline]
pub(crate) fn cell(pages: &[u32], cells: &[Cell], number: usize) -> Option<Cell> {
    let page = pages.get(number / PAGE)?;
    cells.get(*page as usize + number % PAGE).copied()
}

/// How many catalogs, entries and conditions stand before those of a set.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Before {
    pub catalogs: usize,
    pub entries: u32,
    pub conditions: u32,
}

/// The entry that a silenced name leads to: there is none of this number.
pub(crate) const NO_ENTRY: u32 = u32::MAX;

/// The wait of an entry that has none.
pub(crate) const NO_WAIT: u64 = u64::MAX;

// A row of a power of two is found by a shift; of any other size, this doesn't compile.
const _: [(); 128] = [(); size_of::<EntryRow>()];

/// The key space an entry is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Space {
    /// Statuses.
    Status = 0,
    /// Codes.
    Code = 1,
    /// Failures.
    Failure = 2,
    /// Conditions of the body.
    Condition = 3,
    /// Ranges of statuses.
    StatusRange = 4,
    /// Ranges of codes.
    CodeRange = 5,
}

impl Space {
    pub(crate) const fn from_number(number: u8) -> Self {
        match number {
            0 => Self::Status,
            1 => Self::Code,
            2 => Self::Failure,
            3 => Self::Condition,
            4 => Self::StatusRange,
            _ => Self::CodeRange,
        }
    }
}

/// An entry, a range or a variant. Variants follow their entry.
#[derive(Clone, Debug, Default)]
pub(crate) struct EntryRow {
    /// Its number among all entries.
    pub number: u32,
    /// Its words.
    pub words: PackedWords,
    /// The catalog that owns it.
    pub catalog: u16,
    /// Its [`Space`].
    pub space: u8,
    /// Whether its document says `usually`.
    pub usually: bool,
    /// How many variants follow.
    pub variants: u16,
    /// For a variant, one more than the place of its `when`.
    pub when: u32,
    /// For a condition: the classes of statuses under which it selects.
    pub under: u8,
    /// For a condition: single statuses likewise.
    pub statuses: Span,
    /// How long to wait, in milliseconds, or [`NO_WAIT`].
    pub wait_ms: u64,
    /// `catalog/key` or `catalog/key.variant`.
    pub id: Span,
    /// Its name.
    pub title: Span,
    /// The vendor's own short text.
    pub vendor_text: Span,
    /// What to do.
    pub remedy: Span,
    /// Its texts by audience.
    pub texts: [Span; 3],
    /// Why, where it is a judgement.
    pub why: Span,
    /// The document, in the list of documents.
    pub document: u32,
    /// The section of it.
    pub section: Span,
    /// Its other names, in the list of texts.
    pub names: Span,
    /// For a condition, its place in the list of conditions.
    pub condition: u32,
}

/// When a variant holds.
#[derive(Clone, Debug, Default)]
pub(crate) struct WhenRow {
    /// Its reason texts, in the list of numbers.
    pub reasons: Span,
    /// One more than the place of its condition.
    pub condition: u32,
    /// The header that must be there.
    pub header: Span,
    /// Whether there must be a hint.
    pub hint: bool,
}

/// A condition: its tests stand one after the other, `all` before `any` before `none`.
#[derive(Clone, Debug, Default)]
pub(crate) struct ConditionRow {
    /// The catalog that owns it.
    pub catalog: u16,
    /// Its name.
    pub name: Span,
    /// The first of its tests, counted from the first of the catalog.
    pub first: u16,
    /// How many must all hold,
    pub all: u16,
    /// how many of which one must,
    pub any: u16,
    /// and how many must not.
    pub none: u16,
}

/// The kinds of test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum TestKind {
    /// There, and not null.
    Present = 0,
    /// With something in it.
    NonEmpty = 1,
    /// One of the values.
    Some = 2,
    /// Only these values.
    Every = 3,
    /// A member besides these.
    Besides = 4,
    /// A reader's word.
    Signal = 5,
}

impl TestKind {
    pub(crate) const fn from_number(number: u8) -> Self {
        match number {
            0 => Self::Present,
            1 => Self::NonEmpty,
            2 => Self::Some,
            3 => Self::Every,
            4 => Self::Besides,
            _ => Self::Signal,
        }
    }
}

/// A test.
#[derive(Clone, Debug, Default)]
pub(crate) struct TestRow {
    /// Its [`TestKind`].
    pub kind: u8,
    /// For `signal`: which.
    pub signal: u8,
    /// For `every`: whether its place is within a list.
    pub listed: bool,
    /// The values, in the list of literals.
    pub literals: Span,
}

/// A value to compare with.
#[derive(Clone, Debug, Default)]
pub(crate) struct LiteralRow {
    /// 0 a text, 1 a number, 2 true or false.
    pub kind: u8,
    /// The text.
    pub text: Span,
    /// The number, or 0 and 1.
    pub number: i64,
}

/// The bit of a member's name, by its first byte and its length, which tells most names apart without a look at them.
#[inline]
pub(crate) fn initial(name: &str) -> u32 {
    let first = name.as_bytes().first().copied().unwrap_or_default();
    1 << ((usize::from(first) + name.len()) % 32)
}

/// The first eight bytes of a member's name, or all of a shorter one with zeros behind it.
#[inline]
pub(crate) fn beginning(name: &str) -> u64 {
    let bytes = name.as_bytes();
    match (bytes.first_chunk::<8>(), bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
        (Some(first), ..) => u64::from_le_bytes(*first),
        (None, Some(first), Some(last)) => {
            // Where the two overlap they say the same.
            u64::from(u32::from_le_bytes(*first)) | u64::from(u32::from_le_bytes(*last)) << (bytes.len() * 8 - 32)
        }
        _ => bytes.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte)),
    }
}

/// A member of a JSON body that somebody wants to see.
#[derive(Clone, Debug, Default)]
pub(crate) struct NodeRow {
    /// The member's name,
    pub key: Span,
    /// and its [`beginning`], which is all of it for most.
    pub beginning: u64,
    /// The members within it.
    pub children: Span,
    /// What their names begin with: the bits of [`initial`].
    pub initials: u32,
    /// One more than the place of the node for its items.
    pub items: u32,
    /// What to do with its value.
    pub actions: Span,
    /// Whether one of these is for more than details,
    pub decides: bool,
    /// and whether one is for details alone.
    pub tells: bool,
}

impl NodeRow {
    /// Of the body itself: whether anybody wants to see it, or what is in it. A path begins with a member, so that it has
    /// no items.
    pub(crate) const fn wants(&self) -> bool {
        self.children.len > 0 || self.actions.len > 0
    }
}

/// What to do with a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum ActionKind {
    /// It is the code of this place.
    Code = 0,
    /// It is the code of an item, to be ranked.
    RankedCode = 1,
    /// It ranks the item's code, by the texts of the list.
    RankBy = 2,
    /// It is the reason text of this place.
    Reason = 3,
    /// A test looks at it.
    Test = 4,
    /// A test counts the items here.
    CountItems = 5,
    /// It is this field of the details.
    Field = 6,
    /// Each item here is an error of the details.
    ErrorItem = 7,
    /// It is this field of the item.
    ItemField = 8,
    /// The item counts only if it is this literal.
    ItemFilter = 9,
    /// It says how long to wait.
    RetryDelay = 10,
    /// Each item here may hold a ranked code.
    RankedItem = 11,
}

impl ActionKind {
    /// Whether it is for details alone.
    pub(crate) const fn tells(self) -> bool {
        matches!(self, Self::Field | Self::ErrorItem | Self::ItemField | Self::ItemFilter)
    }

    pub(crate) const fn from_number(number: u8) -> Self {
        match number {
            0 => Self::Code,
            1 => Self::RankedCode,
            2 => Self::RankBy,
            3 => Self::Reason,
            4 => Self::Test,
            5 => Self::CountItems,
            6 => Self::Field,
            7 => Self::ErrorItem,
            8 => Self::ItemField,
            9 => Self::ItemFilter,
            10 => Self::RetryDelay,
            _ => Self::RankedItem,
        }
    }
}

/// An action.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ActionRow {
    /// Its [`ActionKind`].
    pub kind: u8,
    /// The place of the code or reason, the test, or the field.
    pub what: u16,
    /// How early its place is among those of the same field: the lowest that has something counts.
    pub order: u16,
    /// Ranks, in the list of texts; or a filter's value, in the list of literals.
    pub list: Span,
}

/// What one catalog or format wants to see of a response.
#[derive(Clone, Debug, Default)]
pub(crate) struct LayerRow {
    /// The node of the body itself.
    pub root: u32,
    /// Its tests.
    pub tests: Span,
    /// Those of its tests that ask for members besides, in the list of numbers.
    pub besides: Span,
    /// Its places of codes: one more than the header's place in the list of texts, or 0 for one in the body.
    pub codes: Span,
    /// Its places of reasons: one more than the header's place in the list of texts, 0 for one in the body, or
    /// the highest number for the text itself.
    pub reasons: Span,
    /// Fields of the details that are headers, in threes in the list of numbers: the field, how early its place is
    /// asked, and the header's place in the list of texts.
    pub header_fields: Span,
}

/// Numeric codes, resolved along the chain of the catalog.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct IndexRow {
    /// Its pages: the places of their cells. The first covers 0 to 31.
    pub pages: Span,
    /// Numbers beyond the pages, sorted.
    pub sparse: Span,
    /// Ranges beyond the pages, in the order in which they are tried.
    pub wide: Span,
}

/// A number beyond the pages.
#[derive(Clone, Debug, Default)]
pub(crate) struct SparseRow {
    /// The number.
    pub number: i64,
    /// How it is found.
    pub cell: Cell,
}

/// A range that reaches beyond the pages.
#[derive(Clone, Debug, Default)]
pub(crate) struct WideRow {
    /// Its first number.
    pub from: i64,
    /// Its last.
    pub to: i64,
    /// How they are found.
    pub cell: Cell,
}

/// A catalog.
#[derive(Clone, Debug, Default)]
pub(crate) struct CatalogRow {
    /// Its id.
    pub id: Span,
    /// The id it is asked by: its own, or that of the catalog it overlays.
    pub asked: Span,
    /// One more than the catalog whose content it has; 0 where it has its own.
    pub stands_for: u16,
    /// Its name.
    pub name: Span,
    /// What it covers.
    pub about: Span,
    /// Its date.
    pub as_of: Span,
    /// One more than the catalog it extends.
    pub parent: u16,
    /// Its entries, ranges and variants.
    pub entries: Span,
    /// Those of its entries that are conditions, in the list of numbers.
    pub conditions: Span,
    /// Statuses from 0 on: their cells.
    pub statuses: Span,
    /// Numeric codes.
    pub codes: IndexRow,
    /// Whether a 2xx without evidence in the body is unknown, here or in a parent.
    pub required: bool,
    /// The formats it speaks itself: bit n is the format with number n.
    pub formats: u16,
    /// Those and the ones that a parent speaks.
    pub spoken: u16,
    /// Whether a condition of its own or of a parent can hold where there is no body.
    pub silent: bool,
    /// What it wants to see.
    pub layer: LayerRow,
    /// Its documents.
    pub documents: Span,
    /// Its limits.
    pub limits: Span,
    /// What a destination should answer.
    pub intents: Span,
    /// What it makes of an answer.
    pub received: Span,
}

impl CatalogRow {
    /// The number of the catalog that it extends.
    #[inline]
    pub(crate) fn extended(&self) -> Option<usize> {
        usize::from(self.parent).checked_sub(1)
    }

    /// A catalog with nothing in it.
    pub(crate) const NOWHERE: Self = {
        let none = Span { at: 0, len: 0 };
        let index = IndexRow { pages: none, sparse: none, wide: none };
        Self {
            id: none,
            asked: none,
            stands_for: 0,
            name: none,
            about: none,
            as_of: none,
            parent: 0,
            entries: none,
            conditions: none,
            statuses: none,
            codes: index,
            required: false,
            formats: 0,
            spoken: 0,
            silent: false,
            layer: LayerRow { root: 0, tests: none, besides: none, codes: none, reasons: none, header_fields: none },
            documents: none,
            limits: none,
            intents: none,
            received: none,
        }
    };
}

/// A document.
#[derive(Clone, Debug, Default)]
pub(crate) struct DocumentRow {
    /// Its title.
    pub title: Span,
    /// Its publisher.
    pub publisher: Span,
    /// Its date.
    pub date: Span,
    /// The day it was read.
    pub read: Span,
}

/// A limit; the numbers are texts, as written in the file.
#[derive(Clone, Debug, Default)]
pub(crate) struct LimitRow {
    /// Its name.
    pub key: Span,
    /// What it limits.
    pub title: Span,
    /// The number,
    pub value: Span,
    /// the least,
    pub min: Span,
    /// and the most.
    pub max: Span,
    /// The unit.
    pub unit: Span,
    /// What it counts by.
    pub per: Span,
    /// The time over which it counts, in milliseconds.
    pub window_ms: Option<u64>,
    /// Whether that time rolls.
    pub rolling: Option<bool>,
    /// Whether the document gives no exact number.
    pub approximate: bool,
    /// The date of the statement.
    pub date: Span,
    /// More about it.
    pub text: Span,
    /// The document.
    pub document: u32,
    /// The section of it.
    pub section: Span,
    /// Why, where it is a judgement.
    pub why: Span,
}

/// What a destination should answer, or what the vendor makes of an answer.
#[derive(Clone, Debug, Default)]
pub(crate) struct AnswerRow {
    /// What the destination wants; `None` for what the vendor makes of an answer.
    pub intent: Option<u8>,
    /// Bit n is the environment with number n; all of them where the file names none.
    pub environments: u8,
    /// The first status, or 0.
    pub from: u16,
    /// The last status, or 0.
    pub to: u16,
    /// The acknowledgement.
    pub code: Span,
    /// Its error code.
    pub error_code: Option<i64>,
    /// What the sender will do.
    pub sender: u8,
    /// In a few words.
    pub title: Span,
    /// What else to do.
    pub remedy: Span,
    /// The document.
    pub document: u32,
    /// The section of it.
    pub section: Span,
    /// Why, where it is a judgement.
    pub why: Span,
}

/// The numbers that pages hold each.
pub(crate) const PAGE: usize = 32;
/// How many statuses can have a cell: those of three digits, and what is below them.
pub(crate) const STATUSES: usize = 1_000;
/// The numbers that pages reach.
pub(crate) const REACH: i64 = 65_536;
/// The mark of a place of reasons that is the text itself.
pub(crate) const TEXT_ITSELF: u32 = u32::MAX;

//! Entries and look-ups: by number, by name, by reason text.
//!
//! A number is found through pages of 32 cells: one load gives the page, one the cell, and the cell already holds
//! what the catalog, those it extends, their ranges and the class of the status come to. A name is found by a
//! perfect hash with the stored key compared, so that a key that isn't there finds nothing. Neither allocates.

#[allow(dead_code, reason = "the build script, which makes the rows, uses the rest")]
pub(crate) mod rows;

use crate::advise::Reply;
use crate::vocabulary::{Audience, Category, Environment, Field, Intent, Match, Sender, Words};
use rows::*;

include!(concat!(env!("OUT_DIR"), "/tables.rs"));

/// Names and where they lead.
pub(crate) type Names = phf::Map<&'static str, u32>;

/// A set of catalogs, as rows.
#[derive(Debug)]
pub(crate) struct Tables<'a> {
    strings: &'a str,
    texts: &'a [Span],
    numbers: &'a [u32],
    pages: &'a [u32],
    cells: &'a [Cell],
    sparse: &'a [SparseRow],
    wide: &'a [WideRow],
    catalogs: &'a [CatalogRow],
    entries: &'a [EntryRow],
    whens: &'a [WhenRow],
    conditions: &'a [ConditionRow],
    tests: &'a [TestRow],
    literals: &'a [LiteralRow],
    nodes: &'a [NodeRow],
    actions: &'a [ActionRow],
    documents: &'a [DocumentRow],
    limits: &'a [LimitRow],
    answers: &'a [AnswerRow],
    formats: &'a [LayerRow],
    media_types: &'a [(Span, u8)],
    categories: &'a [[Span; 3]],
    names: &'a [[Names; 2]],
    reasons: &'a Names,
    longest_reason: usize,
}

/// The built-in catalogs.
pub(crate) fn built_in() -> &'static Tables<'static> {
    &TABLES
}

impl<'a> Tables<'a> {
    pub(crate) fn text(&self, span: Span) -> &'a str {
        self.strings.get(span.range()).unwrap_or_default()
    }

    fn text_or_none(&self, span: Span) -> Option<&'a str> {
        (span.len > 0).then(|| self.text(span))
    }

    /// The text in the list of texts.
    pub(crate) fn text_at(&self, at: u32) -> &'a str {
        self.texts.get(at as usize).map(|span| self.text(*span)).unwrap_or_default()
    }

    pub(crate) fn texts(&self, list: Span) -> impl Iterator<Item = &'a str> + use<'a, '_> {
        self.texts.get(list.range()).unwrap_or_default().iter().map(|span| self.text(*span))
    }

    pub(crate) fn numbers(&self, list: Span) -> &'a [u32] {
        self.numbers.get(list.range()).unwrap_or_default()
    }

    pub(crate) fn nodes(&self, list: Span) -> &'a [NodeRow] {
        self.nodes.get(list.range()).unwrap_or_default()
    }

    pub(crate) fn node(&self, at: u32) -> Option<&'a NodeRow> {
        self.nodes.get(at as usize)
    }

    pub(crate) fn actions(&self, list: Span) -> &'a [ActionRow] {
        self.actions.get(list.range()).unwrap_or_default()
    }

    pub(crate) fn tests(&self, list: Span) -> &'a [TestRow] {
        self.tests.get(list.range()).unwrap_or_default()
    }

    pub(crate) fn literals(&self, list: Span) -> &'a [LiteralRow] {
        self.literals.get(list.range()).unwrap_or_default()
    }

    pub(crate) fn condition(&self, at: u32) -> Option<&'a ConditionRow> {
        self.conditions.get(at as usize)
    }

    pub(crate) fn format_layer(&self, format: u8) -> Option<&'a LayerRow> {
        self.formats.get(usize::from(format).checked_sub(1)?)
    }

    /// The details fields of a layer that are headers: the field, how early its place is asked, and the place of
    /// the header's name.
    pub(crate) fn header_fields(&self, layer: &LayerRow) -> impl Iterator<Item = (Field, u16, u32)> + use<'a> {
        self.numbers(layer.header_fields).chunks_exact(3).filter_map(|three| {
            let [field, order, header] = three else { return None };
            Some((Field::from_number(u8::try_from(*field).ok()?)?, u16::try_from(*order).ok()?, *header))
        })
    }

    /// The format of a media type, which is in lower case and without parameters.
    pub(crate) fn format_of(&self, media_type: &str) -> Option<u8> {
        let known = self.media_types.iter().find(|(known, _)| self.text(*known).eq_ignore_ascii_case(media_type));
        known.map(|(_, format)| *format)
    }

    /// The number of a reason text; it is compared trimmed, without regard to letter case and one final full stop.
    pub(crate) fn reason(&self, text: &str) -> Option<u32> {
        let text = text.trim();
        let text = text.strip_suffix('.').unwrap_or(text);
        if text.len() > self.longest_reason {
            return None;
        }
        let mut buffer = [0; 256];
        if text.is_ascii()
            && let Some(lower) = buffer.get_mut(..text.len())
        {
            lower.copy_from_slice(text.as_bytes());
            lower.make_ascii_lowercase();
            return self.reasons.get(core::str::from_utf8(lower).ok()?).copied();
        }
        self.reasons.get(crate::source::normal_reason(text).as_str()).copied()
    }

    pub(crate) fn catalogs(&'a self) -> impl ExactSizeIterator<Item = Catalog<'a>> {
        (0..self.catalogs.len()).filter_map(|at| self.catalog_at(at)).collect::<alloc::vec::Vec<_>>().into_iter()
    }

    fn catalog_at(&'a self, at: usize) -> Option<Catalog<'a>> {
        Some(Catalog { tables: self, row: self.catalogs.get(at)?, at })
    }

    pub(crate) fn catalog(&'a self, id: &str) -> Option<Catalog<'a>> {
        let at = self.catalogs.iter().position(|row| self.text(row.id) == id)?;
        self.catalog_at(at)
    }

    pub(crate) fn entry(&'a self, row: u32) -> Option<Entry<'a>> {
        Some(Entry { tables: self, row: self.entries.get(row as usize)?, at: row })
    }

    /// The text of a category for an audience.
    pub(crate) fn category_text(&self, category: Category, audience: Audience) -> &'a str {
        let texts = self.categories.get(category as usize);
        texts.and_then(|texts| texts.get(audience as usize)).map(|span| self.text(*span)).unwrap_or_default()
    }

    fn page(&self, index: &IndexRow, number: usize) -> Option<Cell> {
        // An empty stretch holds no page, so that a number past the last page has none.
        let page = self.pages.get(index.pages.range())?.get(number / PAGE)?;
        self.cells.get(*page as usize * PAGE + number % PAGE).copied()
    }
}

/// A catalog: its entries and what they are found by.
#[derive(Clone, Copy, Debug)]
pub struct Catalog<'a> {
    pub(crate) tables: &'a Tables<'a>,
    pub(crate) row: &'a CatalogRow,
    at: usize,
}

impl<'a> Catalog<'a> {
    /// The word before the slash of its entries' ids.
    #[must_use]
    pub fn id(&self) -> &'a str {
        self.tables.text(self.row.id)
    }

    /// The name a person reads.
    #[must_use]
    pub fn name(&self) -> &'a str {
        self.tables.text(self.row.name)
    }

    /// What it covers.
    #[must_use]
    pub fn about(&self) -> Option<&'a str> {
        self.tables.text_or_none(self.row.about)
    }

    /// The date of the document its entries come from, or, where it carries none, the day it was read: `2024-02-15`.
    #[must_use]
    pub fn as_of(&self) -> &'a str {
        self.tables.text(self.row.as_of)
    }

    /// The catalog that is asked next.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        self.tables.catalog_at(usize::from(self.row.parent).checked_sub(1)?)
    }

    /// Its place among the catalogs.
    pub(crate) fn number(&self) -> u16 {
        u16::try_from(self.at).unwrap_or(u16::MAX)
    }

    /// Whether a 2xx alone means nothing to it, because it or a parent requires evidence in the body.
    #[must_use]
    pub fn requires_evidence(&self) -> bool {
        self.row.required
    }

    /// Itself, then what it extends, up to the last.
    pub fn chain(self) -> impl Iterator<Item = Self> {
        core::iter::successors(Some(self), Self::parent)
    }

    /// Its own entries, ranges after them, each followed by its variants.
    pub fn entries(self) -> impl Iterator<Item = Entry<'a>> {
        let entries = self.row.entries;
        (entries.at..entries.at + entries.len).filter_map(move |row| self.tables.entry(row))
    }

    /// Those of its own entries that are conditions of the body.
    pub(crate) fn conditions(self) -> impl Iterator<Item = Entry<'a>> {
        self.tables.numbers(self.row.conditions).iter().filter_map(move |row| self.tables.entry(*row))
    }

    /// The entry of a status: its own, a parent's, a range's, or that of its class (RFC 9110, section 15).
    ///
    /// Variants need the response to tell them apart; see [`classify`](Self::classify). Allocates nothing.
    #[must_use]
    pub fn find_status(&self, status: u16) -> Option<(Entry<'a>, Match)> {
        self.found(self.tables.page(&self.row.statuses, usize::from(status)).unwrap_or_default())
    }

    /// The entry of a numeric vendor code: its own, a parent's, or a range's. Allocates nothing.
    #[must_use]
    pub fn find_number(&self, code: i64) -> Option<(Entry<'a>, Match)> {
        self.found(self.number_cell(code))
    }

    fn number_cell(&self, code: i64) -> Cell {
        let index = &self.row.codes;
        let reached = usize::try_from(code).ok().filter(|number| *number < REACH as usize);
        if let Some(number) = reached {
            return self.tables.page(index, number).unwrap_or_default();
        }
        let sparse = self.tables.sparse.get(index.sparse.range()).unwrap_or_default();
        if let Some(row) = sparse.binary_search_by_key(&code, |row| row.number).ok().and_then(|at| sparse.get(at)) {
            return row.cell;
        }
        let wide = self.tables.wide.get(index.wide.range()).unwrap_or_default();
        wide.iter().find(|row| (row.from..=row.to).contains(&code)).map(|row| row.cell).unwrap_or_default()
    }

    /// The entry of a vendor code that is a name, here or in a parent. A numeric text is a number: see
    /// [`find_number`](Self::find_number). Letter case counts. Allocates nothing.
    #[must_use]
    pub fn find_name(&self, code: &str) -> Option<Entry<'a>> {
        self.find_in(0, code)
    }

    /// The entry of a failure, here, in a parent, or in the catalog `transport`. Letter case counts. Allocates
    /// nothing.
    #[must_use]
    pub fn find_failure(&self, failure: &str) -> Option<Entry<'a>> {
        self.find_in(1, failure).or_else(|| self.tables.catalog("transport")?.find_in(1, failure))
    }

    fn find_in(&self, space: usize, name: &str) -> Option<Entry<'a>> {
        self.chain().find_map(|link| {
            let row = link.tables.names.get(link.at)?.get(space)?.get(name)?;
            link.tables.entry(*row)
        })
    }

    fn found(&self, cell: Cell) -> Option<(Entry<'a>, Match)> {
        let (row, found) = cell.get()?;
        Some((self.tables.entry(row)?, found))
    }

    /// What a destination should answer a sender of this kind, by what it wants.
    pub fn intents(self) -> impl Iterator<Item = Answer<'a>> {
        self.answers(self.row.intents)
    }

    /// What a sender of this kind makes of an answer.
    pub fn received(self) -> impl Iterator<Item = Answer<'a>> {
        self.answers(self.row.received)
    }

    fn answers(self, list: Span) -> impl Iterator<Item = Answer<'a>> {
        let rows = self.tables.answers.get(list.range()).unwrap_or_default();
        rows.iter().map(move |row| Answer { tables: self.tables, row })
    }

    /// The numbers its documents state.
    pub fn limits(self) -> impl Iterator<Item = Limit<'a>> {
        let rows = self.tables.limits.get(self.row.limits.range()).unwrap_or_default();
        rows.iter().map(move |row| Limit { tables: self.tables, row })
    }
}

impl PartialEq for Catalog<'_> {
    fn eq(&self, other: &Self) -> bool {
        core::ptr::eq(self.row, other.row)
    }
}

/// An entry, a range or a variant of a catalog.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    tables: &'a Tables<'a>,
    pub(crate) row: &'a EntryRow,
    at: u32,
}

impl<'a> Entry<'a> {
    /// `catalog/key` or `catalog/key.variant`: never renamed.
    #[must_use]
    pub fn id(&self) -> &'a str {
        self.tables.text(self.row.id)
    }

    /// What stands after the slash of its id.
    #[must_use]
    pub fn label(&self) -> &'a str {
        self.id().split_once('/').map_or("", |(_, label)| label)
    }

    /// The kind of key it has, as in its catalog's file: `status`, `code`, `failure` or `condition`.
    #[must_use]
    pub fn key_kind(&self) -> &'static str {
        match Space::from_number(self.row.space) {
            Space::Status | Space::StatusRange => "status",
            Space::Code | Space::CodeRange => "code",
            Space::Failure => "failure",
            Space::Condition => "condition",
        }
    }

    /// Whether it stands for every unlisted number between two bounds.
    #[must_use]
    pub fn is_range(&self) -> bool {
        matches!(Space::from_number(self.row.space), Space::StatusRange | Space::CodeRange)
    }

    /// Whether it is a variant of another.
    #[must_use]
    pub fn is_variant(&self) -> bool {
        self.row.when > 0
    }

    /// For a range: whether its document says `usually`.
    #[must_use]
    pub fn is_usual(&self) -> bool {
        self.row.usually
    }

    /// The catalog that owns it.
    #[must_use]
    pub fn catalog(&self) -> Catalog<'a> {
        let at = usize::from(self.row.catalog);
        static NOWHERE: CatalogRow = CatalogRow::NOWHERE;
        Catalog { tables: self.tables, row: self.tables.catalogs.get(at).unwrap_or(&NOWHERE), at }
    }

    /// Its words.
    #[must_use]
    pub fn words(&self) -> Words {
        self.row.words.unpack()
    }

    /// Its name.
    #[must_use]
    pub fn title(&self) -> &'a str {
        self.tables.text(self.row.title)
    }

    /// The vendor's own short text, for search.
    #[must_use]
    pub fn vendor_text(&self) -> Option<&'a str> {
        self.tables.text_or_none(self.row.vendor_text)
    }

    /// What to do, in one line.
    #[must_use]
    pub fn remedy(&self) -> &'a str {
        self.tables.text(self.row.remedy)
    }

    /// The text for an audience: its own, or that of its category.
    #[must_use]
    pub fn message(&self, audience: Audience) -> &'a str {
        self.own_message(audience).unwrap_or_else(|| self.tables.category_text(self.words().category, audience))
    }

    /// The entry's own text for an audience, if it has one.
    #[must_use]
    pub fn own_message(&self, audience: Audience) -> Option<&'a str> {
        self.row.texts.get(audience as usize).and_then(|span| self.tables.text_or_none(*span))
    }

    /// How long to wait where the server doesn't say, in milliseconds.
    #[must_use]
    pub fn wait_ms(&self) -> Option<u64> {
        self.row.wait_ms
    }

    /// Why its words are what they are, where that is a judgement.
    #[must_use]
    pub fn why(&self) -> Option<&'a str> {
        self.tables.text_or_none(self.row.why)
    }

    /// Other names of the same code or failure.
    pub fn names(self) -> impl Iterator<Item = &'a str> {
        self.tables.texts(self.row.names)
    }

    /// The document that says so.
    #[must_use]
    pub fn source(&self) -> Source<'a> {
        Source { tables: self.tables, document: self.row.document, section: self.row.section }
    }

    /// Its variants, in the order in which they are tried.
    pub fn variants(self) -> impl Iterator<Item = Entry<'a>> {
        let last = self.at + u32::from(self.row.variants);
        (self.at + 1..=last).filter_map(move |row| self.tables.entry(row))
    }

    /// For a variant: when it holds.
    pub(crate) fn when(&self) -> Option<&'a WhenRow> {
        self.tables.whens.get((self.row.when as usize).checked_sub(1)?)
    }
}

impl PartialEq for Entry<'_> {
    fn eq(&self, other: &Self) -> bool {
        core::ptr::eq(self.row, other.row)
    }
}

/// A document and the section of it that says so.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    tables: &'a Tables<'a>,
    document: u32,
    section: Span,
}

impl<'a> Source<'a> {
    fn document_text(&self, part: impl Fn(&DocumentRow) -> Span) -> &'a str {
        let row = self.tables.documents.get(self.document as usize);
        row.map(|row| self.tables.text(part(row))).unwrap_or_default()
    }

    /// The document's title.
    #[must_use]
    pub fn title(&self) -> &'a str {
        self.document_text(|row| row.title)
    }

    /// Its publisher.
    #[must_use]
    pub fn publisher(&self) -> &'a str {
        self.document_text(|row| row.publisher)
    }

    /// The date it carries; `None` where it carries none.
    #[must_use]
    pub fn date(&self) -> Option<&'a str> {
        Some(self.document_text(|row| row.date)).filter(|date| !date.is_empty())
    }

    /// The day it was read, where it carries no date.
    #[must_use]
    pub fn read(&self) -> Option<&'a str> {
        Some(self.document_text(|row| row.read)).filter(|date| !date.is_empty())
    }

    /// The section.
    #[must_use]
    pub fn section(&self) -> &'a str {
        self.tables.text(self.section)
    }
}

/// `publisher, title, section (date)`.
impl core::fmt::Display for Source<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{}, {}, {}", self.publisher(), self.title(), self.section())?;
        match (self.date(), self.read()) {
            (Some(date), _) => write!(f, " ({date})"),
            (None, Some(read)) => write!(f, " (read {read})"),
            (None, None) => Ok(()),
        }
    }
}

/// A number that a document states. It carries its date, and only warns: vendors move their limits.
#[derive(Clone, Copy, Debug)]
pub struct Limit<'a> {
    tables: &'a Tables<'a>,
    row: &'a LimitRow,
}

/// What a destination should answer, or what a sender makes of an answer.
#[derive(Clone, Copy, Debug)]
pub struct Answer<'a> {
    tables: &'a Tables<'a>,
    row: &'a AnswerRow,
}

impl<'a> Answer<'a> {
    /// What the destination wants; `None` for what a sender makes of an answer.
    #[must_use]
    pub fn intent(&self) -> Option<Intent> {
        self.row.intent.and_then(Intent::from_number)
    }

    /// Whether it holds in an environment.
    #[must_use]
    pub fn holds_in(&self, environment: Environment) -> bool {
        self.row.environments & 1 << environment as u8 != 0
    }

    /// Whether it speaks of this reply.
    #[must_use]
    pub fn is_for(&self, reply: Reply<'_>) -> bool {
        match reply {
            Reply::Status(status) => self.statuses().is_some_and(|(from, to)| (from..=to).contains(&status)),
            Reply::Code(code) => self.code() == Some(code),
        }
    }

    /// The statuses it speaks of, from the first to the last; the status to answer twice.
    #[must_use]
    pub fn statuses(&self) -> Option<(u16, u16)> {
        (self.row.to > 0).then_some((self.row.from, self.row.to))
    }

    /// The acknowledgement it speaks of.
    #[must_use]
    pub fn code(&self) -> Option<&'a str> {
        self.tables.text_or_none(self.row.code)
    }

    /// The error code beside the acknowledgement.
    #[must_use]
    pub fn error_code(&self) -> Option<i64> {
        self.row.error_code
    }

    /// What the sender does.
    #[must_use]
    pub fn sender(&self) -> Sender {
        Sender::from_number(self.row.sender).unwrap_or(Sender::Undefined)
    }

    /// In a few words.
    #[must_use]
    pub fn title(&self) -> &'a str {
        self.tables.text(self.row.title)
    }

    /// What else to do.
    #[must_use]
    pub fn remedy(&self) -> Option<&'a str> {
        self.tables.text_or_none(self.row.remedy)
    }

    /// Why, where it is a judgement.
    #[must_use]
    pub fn why(&self) -> Option<&'a str> {
        self.tables.text_or_none(self.row.why)
    }

    /// The document that says so.
    #[must_use]
    pub fn source(&self) -> Source<'a> {
        Source { tables: self.tables, document: self.row.document, section: self.row.section }
    }
}

macro_rules! texts {
    ($($(#[$doc:meta])* $name:ident -> $type:ty = $how:ident;)*) => {
        $($(#[$doc])* #[must_use] pub fn $name(&self) -> $type { self.tables.$how(self.row.$name) })*
    };
}

impl<'a> Limit<'a> {
    texts! {
        /// Its name, such as `payload_size`.
        key -> &'a str = text;
        /// What it limits.
        title -> &'a str = text;
        /// The unit.
        unit -> &'a str = text;
        /// The number, as its file writes it.
        value -> Option<&'a str> = text_or_none;
        /// The least, likewise.
        min -> Option<&'a str> = text_or_none;
        /// The most, likewise.
        max -> Option<&'a str> = text_or_none;
        /// What it counts by.
        per -> Option<&'a str> = text_or_none;
        /// The date of the statement.
        date -> &'a str = text;
        /// More about it.
        text -> Option<&'a str> = text_or_none;
        /// Why, where it is a judgement.
        why -> Option<&'a str> = text_or_none;
    }

    /// The time over which it counts, in milliseconds.
    #[must_use]
    pub fn window_ms(&self) -> Option<u64> {
        self.row.window_ms
    }

    /// Whether that time rolls; `None` where the document doesn't say.
    #[must_use]
    pub fn rolling(&self) -> Option<bool> {
        self.row.rolling
    }

    /// Whether the document gives no exact number.
    #[must_use]
    pub fn is_approximate(&self) -> bool {
        self.row.approximate
    }

    /// The document that says so.
    #[must_use]
    pub fn source(&self) -> Source<'a> {
        Source { tables: self.tables, document: self.row.document, section: self.row.section }
    }
}

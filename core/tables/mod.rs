//! Entries and look-ups: by number, by name, by reason text.
//!
//! A status has a cell of its own, and a code is found through pages of 32 cells: one load gives the page, one the cell.
//! The cell already holds what the catalog, those it extends, their ranges and the class of the status come to. A name is
//! found by a perfect hash with the stored key compared, so that a key that isn't there finds nothing. Neither allocates.

#[allow(dead_code, unreachable_pub, reason = "the build script compiles the formats and texts as well")]
mod compile;
mod hash;
mod load;
mod places;
pub(crate) mod rows;
mod sorted;

use alloc::borrow::Cow;
use alloc::vec::Vec;

use crate::advise::Reply;
use crate::vocabulary::{Audience, Category, Environment, Field, Intent, Match, Sender, Words};
use hash::Hashed;
pub(crate) use load::skeletons;
pub use places::Holds;
use rows::*;
use sorted::Sorted;

include!(concat!(env!("OUT_DIR"), "/tables.rs"));

/// A list: static in the built-in tables, owned in loaded ones.
pub(crate) type List<T> = Cow<'static, [T]>;

/// Names and where they lead.
#[derive(Debug)]
pub(crate) enum Names {
    /// As the build script prints them: a perfect hash, with the stored name compared.
    Perfect(Hashed),
    /// Loaded at run time: sorted by their hashes.
    Sorted(Sorted),
}

impl Names {
    fn of_codes([codes, _]: &[Self; 2]) -> &Self {
        codes
    }

    fn of_failures([_, failures]: &[Self; 2]) -> &Self {
        failures
    }

    #[inline]
    pub(crate) fn get(&self, name: &str) -> Option<u32> {
        match self {
            Self::Perfect(hashed) => hashed.get(name),
            Self::Sorted(sorted) => sorted.get(name),
        }
    }

    fn name_of(&self, row: u32) -> Option<&str> {
        match self {
            Self::Perfect(hashed) => hashed.names.iter().find(|(_, known)| *known == row).map(|(name, _)| *name),
            Self::Sorted(sorted) => sorted.iter().find(|(_, known)| *known == row).map(|(name, _)| name),
        }
    }
}

/// The names of each catalog: its codes that are names, and its failures.
#[derive(Debug)]
pub(crate) enum NamesOfCatalogs {
    /// As the build script prints them.
    Printed(&'static [[Names; 2]]),
    /// Loaded at run time.
    Loaded(Vec<[Names; 2]>),
}

/// A set of catalogs, as rows. A loaded one stands on the built-in one: its catalogs, entries and conditions are
/// numbered on from where those end, so that a number says in which of the two it is.
#[derive(Debug)]
pub(crate) struct Tables {
    pub(crate) before: Before,
    pub(crate) strings: Cow<'static, str>,
    pub(crate) texts: List<Span>,
    pub(crate) numbers: List<u32>,
    pub(crate) pages: List<u32>,
    pub(crate) cells: List<Cell>,
    pub(crate) sparse: List<SparseRow>,
    pub(crate) wide: List<WideRow>,
    pub(crate) catalogs: List<CatalogRow>,
    pub(crate) entries: List<EntryRow>,
    pub(crate) whens: List<WhenRow>,
    pub(crate) conditions: List<ConditionRow>,
    pub(crate) tests: List<TestRow>,
    pub(crate) literals: List<LiteralRow>,
    pub(crate) nodes: List<NodeRow>,
    pub(crate) actions: List<ActionRow>,
    pub(crate) documents: List<DocumentRow>,
    pub(crate) limits: List<LimitRow>,
    pub(crate) answers: List<AnswerRow>,
    pub(crate) names: NamesOfCatalogs,
    pub(crate) reasons: Names,
    pub(crate) longest_reason: usize,
    /// The number of the catalog `transport`, or of what overlays it.
    pub(crate) transport: usize,
}

/// What there is only once: the standard bodies and the texts of the categories.
#[derive(Debug)]
pub(crate) struct Common {
    formats: &'static [LayerRow],
    media_types: &'static [(Span, u8)],
    categories: &'static [[Span; 3]],
}

/// The built-in catalogs.
pub(crate) fn built_in() -> &'static Tables {
    &TABLES
}

/// What the body of each format is searched for, by the format's number.
pub(crate) fn formats() -> impl Iterator<Item = (u8, &'static LayerRow)> {
    (1..).zip(COMMON.formats)
}

/// The format of a media type, without parameters.
pub(crate) fn format_of(media_type: &str) -> Option<u8> {
    let known = COMMON.media_types.iter().find(|(known, _)| TABLES.text(*known).eq_ignore_ascii_case(media_type));
    known.map(|(_, format)| *format)
}

/// The text of a category for an audience.
pub(crate) fn category_text(category: Category, audience: Audience) -> &'static str {
    let texts = COMMON.categories.get(category as usize);
    texts.and_then(|texts| texts.get(audience as usize)).map(|span| TABLES.text(*span)).unwrap_or_default()
}

impl Tables {
    #[inline]
    pub(crate) fn text(&self, span: Span) -> &str {
        self.strings.get(span.range()).unwrap_or_default()
    }

    fn text_or_none(&self, span: Span) -> Option<&str> {
        (span.len > 0).then(|| self.text(span))
    }

    /// The text in the list of texts.
    pub(crate) fn text_at(&self, at: u32) -> &str {
        self.texts.get(at as usize).map(|span| self.text(*span)).unwrap_or_default()
    }

    pub(crate) fn texts(&self, list: Span) -> impl Iterator<Item = &str> {
        self.texts.get(list.range()).unwrap_or_default().iter().map(|span| self.text(*span))
    }

    pub(crate) fn numbers(&self, list: Span) -> &[u32] {
        self.numbers.get(list.range()).unwrap_or_default()
    }

    pub(crate) fn nodes(&self, list: Span) -> &[NodeRow] {
        self.nodes.get(list.range()).unwrap_or_default()
    }

    pub(crate) fn node(&self, at: u32) -> Option<&NodeRow> {
        self.nodes.get(at as usize)
    }

    pub(crate) fn actions(&self, list: Span) -> &[ActionRow] {
        self.actions.get(list.range()).unwrap_or_default()
    }

    pub(crate) fn tests(&self, list: Span) -> &[TestRow] {
        self.tests.get(list.range()).unwrap_or_default()
    }

    pub(crate) fn literals(&self, list: Span) -> &[LiteralRow] {
        self.literals.get(list.range()).unwrap_or_default()
    }

    /// A condition, and the tables it is in.
    pub(crate) fn condition(&self, at: u32) -> Option<&ConditionRow> {
        match at.checked_sub(self.before.conditions) {
            Some(own) => self.conditions.get(own as usize),
            None => built_in().condition(at),
        }
    }

    /// The name of a condition.
    pub(crate) fn condition_name(&self, at: u32) -> Option<&str> {
        match at.checked_sub(self.before.conditions) {
            Some(own) => self.conditions.get(own as usize).map(|row| self.text(row.name)),
            None => built_in().condition_name(at),
        }
    }

    /// The details fields of a layer that are headers: the field, how early its place is asked, and the place of
    /// the header's name.
    pub(crate) fn header_fields(&self, layer: &LayerRow) -> impl Iterator<Item = (Field, u16, u32)> {
        self.numbers(layer.header_fields).chunks_exact(3).filter_map(|three| {
            let [field, order, header] = three else { return None };
            Some((Field::from_number(u8::try_from(*field).ok()?)?, u16::try_from(*order).ok()?, *header))
        })
    }

    /// The number of a reason text; it is compared trimmed, without regard to letter case and one final full stop.
    pub(crate) fn reason(&self, text: &str) -> Option<u32> {
        let text = text.trim();
        let text = text.strip_suffix('.').unwrap_or(text);
        if text.len() > self.longest_reason.max(built_in().longest_reason) {
            return None;
        }
        let mut buffer = [0; 256];
        if text.is_ascii()
            && let Some(lower) = buffer.get_mut(..text.len())
        {
            lower.copy_from_slice(text.as_bytes());
            lower.make_ascii_lowercase();
            return self.normal_reason(core::str::from_utf8(lower).ok()?);
        }
        self.normal_reason(&crate::source::normal_reason(text))
    }

    /// The number of a reason text as it is compared. A text that both sets know has the built-in number.
    pub(crate) fn normal_reason(&self, text: &str) -> Option<u32> {
        built_in().reasons.get(text).or_else(|| self.reasons.get(text))
    }

    /// The reason text of a number. This searches; it is for pages about a catalog, not for answers.
    pub(crate) fn reason_of(&self, number: u32) -> Option<&str> {
        self.reasons.name_of(number).or_else(|| built_in().reasons.name_of(number))
    }

    /// Every catalog, the built-in ones first; one that a loaded one stands in for is left out.
    pub(crate) fn catalogs(&self) -> impl Iterator<Item = Catalog<'_>> {
        let last = self.before.catalogs + self.catalogs.len();
        (0..last)
            .filter_map(|at| self.catalog_at(at))
            .filter(|catalog| self.catalog(catalog.id()).is_some_and(|known| known.at == catalog.at))
    }

    /// The catalog of a number. A loaded one that stands in for a built-in one, because it extends another than
    /// before, has that one's content.
    pub(crate) fn catalog_at(&self, at: usize) -> Option<Catalog<'_>> {
        let (index, links) = self.row_at(at)?;
        Some(self.catalog_of(at, (index, links), self.content(at, index, links)?))
    }

    /// Where the content of a catalog is, by the row of its number.
    fn content<'t>(&'t self, at: usize, tables: &'t Self, row: &'t CatalogRow) -> Option<Content<'t>> {
        match usize::from(row.stands_for).checked_sub(1) {
            Some(at) => self.row_at(at).map(|(tables, row)| Content { tables, row, at }),
            None => Some(Content { tables, row, at }),
        }
    }

    /// The content of a catalog, and the row that says what it extends.
    fn linked(&self, at: usize) -> Option<(Content<'_>, &CatalogRow)> {
        let (tables, row) = self.row_at(at)?;
        Some((self.content(at, tables, row)?, row))
    }

    /// A catalog of this number, by the row that has its index, and by its content.
    fn catalog_of<'t>(
        &'t self,
        at: usize,
        (index, links): (&'t Self, &'t CatalogRow),
        content: Content<'t>,
    ) -> Catalog<'t> {
        Catalog {
            world: self,
            index,
            links,
            content,
            at,
            statuses: index.cells.get(links.statuses.range()).unwrap_or_default(),
            codes: index.pages.get(links.codes.pages.range()).unwrap_or_default(),
            cells: &index.cells,
            entries: &index.entries,
            names: content.tables.names_of(content.at),
        }
    }

    fn row_at(&self, at: usize) -> Option<(&Self, &CatalogRow)> {
        match at.checked_sub(self.before.catalogs) {
            Some(own) => Some((self, self.catalogs.get(own)?)),
            None => Some((built_in(), built_in().catalogs.get(at)?)),
        }
    }

    /// The catalog of this id: a loaded one before a built-in one.
    pub(crate) fn catalog(&self, id: &str) -> Option<Catalog<'_>> {
        let named = |tables: &Self| {
            let is_id = |name: Span| name.len as usize == id.len() && tables.text(name) == id;
            let answers = |row: &CatalogRow| is_id(row.asked) || is_id(row.id);
            tables.catalogs.iter().rposition(answers).map(|at| tables.before.catalogs + at)
        };
        self.catalog_at(named(self).or_else(|| named(built_in()))?)
    }

    /// An entry by its number.
    #[inline]
    pub(crate) fn entry(&self, row: u32) -> Option<Entry<'_>> {
        match row.checked_sub(self.before.entries) {
            Some(own) => Some(Entry { tables: self, row: self.entries.get(own as usize)? }),
            None => built_in().entry(row),
        }
    }

    /// The entry of a name in a catalog or in what it extends: the nearest that knows it decides, even where it
    /// silences it.
    #[inline(never)]
    fn find_from(&self, first: usize, name: &str, space: impl Fn(&[Names; 2]) -> &Names) -> Option<Entry<'_>> {
        let mut at = first;
        loop {
            let (content, row) = self.linked(at)?;
            if let Some(row) = space(content.tables.names_of(content.at)).get(name) {
                return content.tables.entry(row);
            }
            at = row.extended()?;
        }
    }

    pub(crate) fn page(&self, index: &IndexRow, number: usize) -> Option<Cell> {
        cell(self.pages.get(index.pages.range())?, &self.cells, number)
    }

    /// The names of a catalog of these tables: of codes, and of failures.
    fn names_of(&self, catalog: usize) -> &[Names; 2] {
        static NONE: [Names; 2] = [const { Names::Perfect(Hashed::new(0, &[], &[])) }; 2];
        let own = catalog.checked_sub(self.before.catalogs);
        let names = match &self.names {
            NamesOfCatalogs::Printed(names) => own.and_then(|own| names.get(own)),
            NamesOfCatalogs::Loaded(names) => own.and_then(|own| names.get(own)),
        };
        names.unwrap_or(&NONE)
    }
}

/// What a catalog has itself, without what numbers are looked up in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Content<'a> {
    /// The tables it is in,
    pub(crate) tables: &'a Tables,
    /// and the row that has it.
    pub(crate) row: &'a CatalogRow,
    at: usize,
}

impl<'a> Content<'a> {
    /// The number by which conditions name the catalog.
    pub(crate) fn number(self) -> u16 {
        u16::try_from(self.at).unwrap_or(u16::MAX)
    }

    /// Its entries that are conditions of the body.
    pub(crate) fn conditions(self) -> impl Iterator<Item = Entry<'a>> {
        self.tables.numbers(self.row.conditions).iter().filter_map(move |row| self.tables.entry(*row))
    }
}

/// A catalog: its entries and what they are found by.
#[derive(Clone, Copy, Debug)]
pub struct Catalog<'a> {
    /// The tables in which numbers are looked up.
    pub(crate) world: &'a Tables,
    /// The tables in which its index is,
    index: &'a Tables,
    /// and the row that has it, and what it extends.
    links: &'a CatalogRow,
    /// What it has, or what it stands for has.
    content: Content<'a>,
    at: usize,
    // What numbers are looked up in, at hand so that a look-up goes straight to it.
    /// The cells of its statuses, from 0 on,
    statuses: &'a [Cell],
    /// the pages of its codes,
    codes: &'a [u32],
    /// what those hold,
    cells: &'a [Cell],
    /// and the entries that cells lead to, if they aren't built-in ones that a loaded catalog inherits.
    entries: &'a [EntryRow],
    /// Its own names: of codes, and of failures.
    names: &'a [Names; 2],
}

impl<'a> Catalog<'a> {
    /// The word before the slash of its entries' ids.
    #[must_use]
    pub fn id(&self) -> &'a str {
        self.content.tables.text(self.content.row.id)
    }

    /// The id it was asked by: its own, or that of the catalog it overlays.
    #[must_use]
    pub fn asked(&self) -> &'a str {
        self.index.text(self.links.asked)
    }

    /// The name a person reads.
    #[must_use]
    pub fn name(&self) -> &'a str {
        self.content.tables.text(self.content.row.name)
    }

    /// What it covers.
    #[must_use]
    pub fn about(&self) -> Option<&'a str> {
        self.content.tables.text_or_none(self.content.row.about)
    }

    /// The date of the document its entries come from, or, where it carries none, the day it was read: `2024-02-15`.
    #[must_use]
    pub fn as_of(&self) -> &'a str {
        self.content.tables.text(self.content.row.as_of)
    }

    /// Its place among the catalogs of its registry, from 0; as [`Entry::number`], it is that
    /// registry's own. [`Registry::catalog_at`](crate::Registry::catalog_at) is the way back.
    #[must_use]
    pub fn place(&self) -> usize {
        self.at
    }

    /// The catalog that is asked next.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        self.world.catalog_at(self.links.extended()?)
    }

    /// Whether a 2xx alone means nothing to it, because it or a parent requires evidence in the body.
    #[must_use]
    pub fn requires_evidence(&self) -> bool {
        self.links.required
    }

    /// Whether there is anything to read of a response without headers and body.
    pub(crate) fn reads_silence(&self) -> bool {
        self.links.silent
    }

    /// The formats that it or a parent speaks: bit n is the format with number n.
    pub(crate) fn spoken(&self) -> u16 {
        self.links.spoken
    }

    /// Itself, then what it extends, up to the last.
    pub fn chain(self) -> impl Iterator<Item = Self> {
        core::iter::successors(Some(self), Self::parent)
    }

    /// What it has itself, then what those have that it extends. It makes no catalogs on the way.
    pub(crate) fn contents(self) -> impl Iterator<Item = Content<'a>> {
        let extended = core::iter::successors(self.extended(self.links), move |(_, links)| self.extended(links));
        core::iter::once(self.content).chain(extended.map(|(content, _)| content))
    }

    /// The content of what a row extends, and that one's row.
    fn extended(self, links: &CatalogRow) -> Option<(Content<'a>, &'a CatalogRow)> {
        self.world.linked(links.extended()?)
    }

    /// Its own entries, ranges after them, each followed by its variants.
    pub fn entries(self) -> impl Iterator<Item = Entry<'a>> {
        let first = self.content.tables.before.entries + self.content.row.entries.at;
        (first..first + self.content.row.entries.len).filter_map(move |row| self.content.tables.entry(row))
    }

    /// The entry of a status: its own, a parent's, a range's, or that of its class (RFC 9110, section 15).
    ///
    /// Variants need the response to tell them apart; see [`classify`](Self::classify). Allocates nothing.
    #[inline]
    #[must_use]
    pub fn find_status(&self, status: u16) -> Option<(Entry<'a>, Match)> {
        self.found(*self.statuses.get(usize::from(status))?)
    }

    /// The entry of a numeric vendor code: its own, a parent's, or a range's. Allocates nothing.
    #[inline]
    #[must_use]
    pub fn find_number(&self, code: i64) -> Option<(Entry<'a>, Match)> {
        match usize::try_from(code) {
            Ok(number) if number < REACH as usize => self.found(cell(self.codes, self.cells, number)?),
            _ => self.found(self.distant_cell(code)),
        }
    }

    /// The cell of a number that no page reaches.
    fn distant_cell(&self, code: i64) -> Cell {
        let index = &self.links.codes;
        let sparse = self.index.sparse.get(index.sparse.range()).unwrap_or_default();
        if let Some(row) = sparse.binary_search_by_key(&code, |row| row.number).ok().and_then(|at| sparse.get(at)) {
            return row.cell;
        }
        let wide = self.index.wide.get(index.wide.range()).unwrap_or_default();
        wide.iter().find(|row| (row.from..=row.to).contains(&code)).map(|row| row.cell).unwrap_or_default()
    }

    /// The entry of a vendor code that is a name, here or in a parent. A numeric text is a number: see
    /// [`find_number`](Self::find_number). Letter case counts. Allocates nothing.
    #[inline]
    #[must_use]
    pub fn find_name(&self, code: &str) -> Option<Entry<'a>> {
        self.find_in(code, Names::of_codes)
    }

    /// The entry of a failure, here, in a parent, or in the catalog `transport`. Letter case counts. Allocates
    /// nothing.
    #[inline]
    #[must_use]
    pub fn find_failure(&self, failure: &str) -> Option<Entry<'a>> {
        let found = self.find_in(failure, Names::of_failures);
        if found.is_some() || self.at == self.world.transport {
            return found;
        }
        self.world.find_from(self.world.transport, failure, Names::of_failures)
    }

    #[inline]
    fn find_in(&self, name: &str, space: impl Fn(&[Names; 2]) -> &Names) -> Option<Entry<'a>> {
        // Most names are in the catalog that is asked, and most of the others in none.
        match space(self.names).get(name) {
            Some(row) => self.content.tables.entry(row),
            None => self.world.find_from(self.links.extended()?, name, space),
        }
    }

    #[inline]
    fn found(&self, cell: Cell) -> Option<(Entry<'a>, Match)> {
        let (at, found) = cell.get()?;
        let entry = match self.entries.get(at as usize) {
            Some(row) => Entry { tables: self.index, row },
            None => built_in().entry(at & !Cell::BUILT_IN)?,
        };
        Some((entry, found))
    }

    /// The documents it was made from.
    pub fn documents(self) -> impl Iterator<Item = Source<'a>> {
        let first = self.content.row.documents.at;
        let rows = first..first + self.content.row.documents.len;
        rows.map(move |document| Source { tables: self.content.tables, document, section: Span::default() })
    }

    /// What a destination should answer a sender of this kind, by what it wants.
    pub fn intents(self) -> impl Iterator<Item = Answer<'a>> {
        self.answers(self.content.row.intents)
    }

    /// What a sender of this kind makes of an answer.
    pub fn received(self) -> impl Iterator<Item = Answer<'a>> {
        self.answers(self.content.row.received)
    }

    fn answers(self, list: Span) -> impl Iterator<Item = Answer<'a>> {
        let rows = self.content.tables.answers.get(list.range()).unwrap_or_default();
        rows.iter().map(move |row| Answer { tables: self.content.tables, row })
    }

    /// The numbers its documents state.
    pub fn limits(self) -> impl Iterator<Item = Limit<'a>> {
        let rows = self.content.tables.limits.get(self.content.row.limits.range()).unwrap_or_default();
        rows.iter().map(move |row| Limit { tables: self.content.tables, row })
    }
}

impl PartialEq for Catalog<'_> {
    fn eq(&self, other: &Self) -> bool {
        core::ptr::eq(self.content.row, other.content.row)
    }
}

/// An entry, a range or a variant of a catalog.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    pub(crate) tables: &'a Tables,
    pub(crate) row: &'a EntryRow,
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
        static NOWHERE: CatalogRow = CatalogRow::NOWHERE;
        let at = usize::from(self.row.catalog);
        let nowhere = (self.tables, &NOWHERE);
        let content = Content { tables: self.tables, row: &NOWHERE, at };
        self.tables.catalog_at(at).unwrap_or_else(|| self.tables.catalog_of(at, nowhere, content))
    }

    /// Its words.
    #[inline]
    #[must_use]
    pub fn words(&self) -> Words {
        self.row.words.unpack()
    }

    /// Its name.
    #[inline]
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
        self.own_message(audience).unwrap_or_else(|| category_text(self.words().category, audience))
    }

    /// The entry's own text for an audience, if it has one.
    #[must_use]
    pub fn own_message(&self, audience: Audience) -> Option<&'a str> {
        self.row.texts.get(audience as usize).and_then(|span| self.tables.text_or_none(*span))
    }

    /// How long to wait where the server doesn't say, in milliseconds.
    #[must_use]
    pub fn wait_ms(&self) -> Option<u64> {
        Some(self.row.wait_ms).filter(|ms| *ms != NO_WAIT)
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

    /// Its number among the entries of its registry, from 0, for a face that hands out numbers. Another registry,
    /// and another build, count differently; what stays is the [`id`](Self::id).
    /// [`Registry::entry`](crate::Registry::entry) is the way back.
    #[must_use]
    pub fn number(&self) -> u32 {
        self.row.number
    }

    /// For a variant: the entry it is one of.
    #[must_use]
    pub fn base(&self) -> Option<Self> {
        if !self.is_variant() {
            return None;
        }
        let mut at = self.row.number;
        loop {
            at = at.checked_sub(1)?;
            let entry = self.tables.entry(at)?;
            if !entry.is_variant() {
                return Some(entry);
            }
        }
    }

    /// Its variants, in the order in which they are tried.
    pub fn variants(self) -> impl Iterator<Item = Entry<'a>> {
        let first = self.row.number + 1;
        (first..first + u32::from(self.row.variants)).filter_map(move |row| self.tables.entry(row))
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
    tables: &'a Tables,
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
    tables: &'a Tables,
    row: &'a LimitRow,
}

/// What a destination should answer, or what a sender makes of an answer.
#[derive(Clone, Copy, Debug)]
pub struct Answer<'a> {
    tables: &'a Tables,
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
    #[inline]
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

//! Catalogs that are loaded at run time become tables that stand on the built-in ones.

use alloc::borrow::Cow;
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use super::compile::{Built, Ground};
use super::rows::{Before, CatalogRow, Cell, IndexRow, Space, Span, SparseRow, TRANSPORT, WideRow};
use super::sorted::Sorted;
use super::{Entry, Names, NamesOfCatalogs, Tables, built_in};
use crate::source::{self, At, Catalog, Citation, Code, Key, Test, Under, parse_number};
use crate::vocabulary::{Signal, Words};

impl Ground for Tables {
    fn before(&self) -> Before {
        Before {
            catalogs: self.catalogs.len(),
            entries: u32::try_from(self.entries.len()).unwrap_or(u32::MAX),
            conditions: u32::try_from(self.conditions.len()).unwrap_or(u32::MAX),
        }
    }

    fn find(&self, id: &str) -> Option<u16> {
        let at = self.catalogs.iter().position(|row| self.text(row.id) == id)?;
        u16::try_from(at).ok()
    }

    fn row(&self, catalog: u16) -> Option<&CatalogRow> {
        self.catalogs.get(usize::from(catalog))
    }

    fn id(&self, catalog: u16) -> &str {
        Ground::row(self, catalog).map(|row| self.text(row.id)).unwrap_or_default()
    }

    fn status(&self, cells: Span, status: usize) -> Cell {
        self.cells.get(cells.range()).and_then(|cells| cells.get(status)).copied().unwrap_or_default()
    }

    fn cell(&self, index: &IndexRow, number: usize) -> Cell {
        self.page(index, number).unwrap_or_default()
    }

    fn sparse(&self, index: &IndexRow) -> &[SparseRow] {
        self.sparse.get(index.sparse.range()).unwrap_or_default()
    }

    fn wide(&self, index: &IndexRow) -> &[WideRow] {
        self.wide.get(index.wide.range()).unwrap_or_default()
    }

    fn condition(&self, catalog: u16, name: &str) -> Option<u32> {
        let of = |row: &super::rows::ConditionRow| row.catalog == catalog && self.text(row.name) == name;
        self.conditions.iter().position(of).and_then(|at| u32::try_from(at).ok())
    }

    fn reason(&self, text: &str) -> Option<u32> {
        self.reasons.get(text)
    }

    fn reasons(&self) -> usize {
        match &self.reasons {
            Names::Perfect(hashed) => hashed.names.len(),
            Names::Sorted(sorted) => sorted.len(),
        }
    }

    fn numbers(&self, catalog: u16) -> Vec<(Key<'static>, u32)> {
        let Some(catalog) = self.catalog_at(usize::from(catalog)) else { return Vec::new() };
        catalog
            .entries()
            .filter(|entry| !entry.is_variant())
            .flat_map(|entry| {
                let key = numeric_key(entry);
                let is_code = Space::from_number(entry.row.space) == Space::Code;
                let others = entry.names().filter_map(parse_number).map(|number| Key::Code(Code::Number(number)));
                key.into_iter().chain(others.filter(move |_| is_code)).map(move |key| (key, entry.number()))
            })
            .collect()
    }
}

/// The key of an entry, if it is found by number.
fn numeric_key(entry: Entry<'_>) -> Option<Key<'static>> {
    let label = entry.label();
    let bounds = || {
        // The second number of a range may be negative: the hyphen between is the first after a digit.
        let hyphen = label.bytes().enumerate().skip(1).find(|(_, byte)| *byte == b'-').map(|(at, _)| at)?;
        Some((parse_number(label.get(..hyphen)?)?, parse_number(label.get(hyphen + 1..)?)?))
    };
    let small = |number: i64| u16::try_from(number).ok();
    match Space::from_number(entry.row.space) {
        Space::Status => parse_number(label).and_then(small).map(Key::Status),
        Space::Code => parse_number(label).map(|number| Key::Code(Code::Number(number))),
        Space::StatusRange => bounds().and_then(|(from, to)| Some(Key::StatusRange(small(from)?, small(to)?))),
        Space::CodeRange => bounds().map(|(from, to)| Key::CodeRange(from, to)),
        Space::Failure | Space::Condition => None,
    }
}

/// The built-in catalogs as sources, as far as the checks of others look at them: ids, keys, conditions and where
/// codes and reasons are looked for. Their texts aren't there.
pub(crate) fn skeletons() -> Vec<Catalog<'static>> {
    let tables = built_in();
    let blank = || Citation { document: 0, section: Cow::Borrowed("") };
    let entry = |key: Key<'static>, names: Vec<Cow<'static, str>>| source::Entry {
        place: None,
        key,
        variant: None,
        names,
        under: Under::default(),
        usually: false,
        words: Words::UNKNOWN,
        wait_ms: None,
        title: Cow::Borrowed(""),
        vendor_text: None,
        remedy: Cow::Borrowed(""),
        texts: [None, None, None],
        source: blank(),
        why: None,
        variants: Vec::new(),
    };
    let catalog = |(at, row): (usize, &'static CatalogRow)| {
        let number = u16::try_from(at).unwrap_or(u16::MAX);
        let own = tables.catalog_at(at).into_iter().flat_map(|catalog| catalog.entries());
        let entries = own.filter(|found| !found.is_variant()).filter_map(|found| {
            let key = numeric_key(found).or_else(|| {
                let label = Cow::Borrowed(found.label());
                match Space::from_number(found.row.space) {
                    Space::Code => Some(Key::Code(Code::Name(label))),
                    Space::Failure => Some(Key::Failure(label)),
                    _ => None,
                }
            });
            Some(entry(key?, found.names().map(Cow::Borrowed).collect()))
        });
        let conditions = tables.conditions.iter().filter(|row| row.catalog == number).map(|row| {
            let tests = usize::from(row.all) + usize::from(row.any) + usize::from(row.none);
            source::Condition {
                name: Cow::Borrowed(tables.text(row.name)),
                place: None,
                all: alloc::vec![Test::Signal(Signal::Problem); tests],
                any: Vec::new(),
                none: Vec::new(),
            }
        });
        let parent = row.extended().and_then(|at| tables.catalogs.get(at));
        Catalog {
            file: String::from("the built-in catalogs"),
            id: Cow::Borrowed(tables.text(row.id)),
            place: None,
            name: Cow::Borrowed(""),
            about: None,
            as_of: Cow::Borrowed(""),
            extends: parent.map(|row| (Cow::Borrowed(tables.text(row.id)), None)),
            overlays: None,
            silenced: Vec::new(),
            documents: Vec::new(),
            evidence: source::Evidence {
                required: row.required,
                reasons: if row.layer.reasons.len > 0 { alloc::vec![At::Text] } else { Vec::new() },
                conditions: conditions.collect(),
                ..source::Evidence::default()
            },
            entries: entries.collect(),
            limits: Vec::new(),
            intents: Vec::new(),
            received: Vec::new(),
        }
    };
    tables.catalogs.iter().enumerate().map(catalog).collect()
}

impl Tables {
    /// Tables of checked catalogs, parents first, that stand on the built-in ones.
    pub(crate) fn load(catalogs: &[Catalog<'_>]) -> Self {
        let built = Built::compile_on(built_in(), catalogs);
        let longest_reason = built.longest_reason();
        let before = Ground::before(built_in());
        // A look-up goes to the loaded entries by their places, and to the built-in ones by their numbers.
        let within = |cell: Cell| cell.within(before.entries);
        let sparse = built.sparse.into_iter().map(|row| SparseRow { cell: within(row.cell), ..row });
        let wide = built.wide.into_iter().map(|row| WideRow { cell: within(row.cell), ..row });
        let sorted = |names: BTreeMap<String, u32>| Names::Sorted(Sorted::new(names));
        let mut tables = Self {
            before,
            strings: Cow::Owned(built.strings),
            texts: Cow::Owned(built.texts),
            numbers: Cow::Owned(built.numbers),
            pages: Cow::Owned(built.pages),
            cells: built.cells.into_iter().map(within).collect(),
            sparse: sparse.collect(),
            wide: wide.collect(),
            catalogs: Cow::Owned(built.catalogs),
            entries: Cow::Owned(built.entries),
            whens: Cow::Owned(built.whens),
            conditions: Cow::Owned(built.conditions),
            tests: Cow::Owned(built.tests),
            literals: Cow::Owned(built.literals),
            nodes: Cow::Owned(built.nodes),
            actions: Cow::Owned(built.actions),
            documents: Cow::Owned(built.documents),
            limits: Cow::Owned(built.limits),
            answers: Cow::Owned(built.answers),
            names: NamesOfCatalogs::Loaded(built.names.into_iter().map(|names| names.map(sorted)).collect()),
            reasons: sorted(built.reasons),
            longest_reason,
            transport: built_in().transport,
        };
        tables.transport = tables.catalog(TRANSPORT).map_or(tables.transport, |catalog| catalog.at);
        tables
    }
}

//! Catalogs that are loaded at run time become tables that stand on the built-in ones.

use alloc::borrow::Cow;
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use super::compile::{Built, Ground};
use super::rows::{Before, Cell, CatalogRow, IndexRow, SparseRow, Space, WideRow};
use super::{Names, NamesOfCatalogs, Tables, built_in};
use crate::source::{Catalog, Code, Key, parse_number};

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
            Names::Perfect(map) => map.len(),
            Names::Sorted(list) => list.len(),
        }
    }

    fn numbers(&self, catalog: u16) -> Vec<(Key<'static>, u32)> {
        let Some(catalog) = self.catalog_at(usize::from(catalog)) else { return Vec::new() };
        let bounds = |label: &str| {
            // The second number of a range may be negative: the hyphen between is the first after a digit.
            let hyphen = label.bytes().enumerate().skip(1).find(|(_, byte)| *byte == b'-').map(|(at, _)| at)?;
            Some((parse_number(label.get(..hyphen)?)?, parse_number(label.get(hyphen + 1..)?)?))
        };
        let small = |number: i64| u16::try_from(number).ok();
        catalog
            .entries()
            .filter(|entry| !entry.is_variant())
            .flat_map(|entry| {
                let label = entry.label();
                let key = match Space::from_number(entry.row.space) {
                    Space::Status => parse_number(label).and_then(small).map(Key::Status),
                    Space::Code => parse_number(label).map(|number| Key::Code(Code::Number(number))),
                    Space::StatusRange => {
                        bounds(label).and_then(|(from, to)| Some(Key::StatusRange(small(from)?, small(to)?)))
                    }
                    Space::CodeRange => bounds(label).map(|(from, to)| Key::CodeRange(from, to)),
                    Space::Failure | Space::Condition => None,
                };
                let is_code = Space::from_number(entry.row.space) == Space::Code;
                let others = entry.names().filter_map(parse_number).map(|number| Key::Code(Code::Number(number)));
                key.into_iter().chain(others.filter(move |_| is_code)).map(move |key| (key, entry.at))
            })
            .collect()
    }
}

impl Tables {
    /// Tables of checked catalogs, parents first, that stand on the built-in ones.
    pub(crate) fn load(catalogs: &[Catalog<'_>]) -> Self {
        let built = Built::compile_on(built_in(), catalogs);
        let longest_reason = built.longest_reason();
        let sorted = |names: BTreeMap<String, u32>| Names::Sorted(names.into_iter().collect());
        Self {
            before: Ground::before(built_in()),
            strings: Cow::Owned(built.strings),
            texts: Cow::Owned(built.texts),
            numbers: Cow::Owned(built.numbers),
            pages: Cow::Owned(built.pages),
            cells: Cow::Owned(built.cells),
            sparse: Cow::Owned(built.sparse),
            wide: Cow::Owned(built.wide),
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
        }
    }
}

//! `retriage codes`: the catalogs, and the entries of one or all of them.

use std::io::{self, Write};

use clap::Args;
use retriage::vocabulary::{Audience, Category, Fault, Retry};
use retriage::{Catalog, Entry};

use crate::loaded;
use crate::print::{self, Column, PLAIN, QUIET, Table, WORD};
use crate::values::{CatalogParser, word};
use crate::{Failure, Verdict};

/// List the catalogs, or the entries of one.
#[derive(Debug, Args)]
#[command(after_help = "\
Without a catalog the filters look through all of them. Filters given together must all hold.

Examples:
  retriage codes                          the catalogs
  retriage codes updox                    every entry of one
  retriage codes redox --retry wait
  retriage codes --filter timeout         wherever a timeout is mentioned")]
pub(crate) struct Codes {
    /// The catalog whose entries to list, each followed by its variants
    #[arg(value_parser = CatalogParser)]
    catalog: Option<Catalog<'static>>,
    /// Only entries with this in their id, names, title or texts, the vendor's or ours; letter case is ignored
    #[arg(long, short, value_name = "TEXT")]
    filter: Option<String>,
    /// Only entries of this kind of outcome
    #[arg(long, value_name = "WORD", value_parser = word!(Category))]
    category: Option<Category>,
    /// Only entries that are the fault of this party
    #[arg(long, value_name = "WORD", value_parser = word!(Fault))]
    fault: Option<Fault>,
    /// Only entries where trying again takes this
    #[arg(long, value_name = "WORD", value_parser = word!(Retry))]
    retry: Option<Retry>,
    /// Print a JSON array of what is listed, in the wire form
    #[arg(long)]
    json: bool,
}

impl Codes {
    pub(crate) fn run(self) -> Result<Verdict, Failure> {
        let is_filtered =
            self.filter.is_some() || self.category.is_some() || self.fault.is_some() || self.retry.is_some();
        if self.catalog.is_none() && !is_filtered {
            self.show(&loaded::registry().catalogs().collect::<Vec<_>>(), write_catalogs)?;
        } else {
            self.show(&self.entries(), write_entries)?;
        }
        Ok(Verdict::Fine)
    }

    fn show<T: serde::Serialize>(
        &self,
        list: &[T],
        write: impl FnOnce(&mut dyn Write, &[T]) -> io::Result<()>,
    ) -> io::Result<()> {
        if self.json {
            return print::json(&list);
        }
        let mut out = print::page();
        write(&mut out, list)?;
        out.flush()
    }

    fn entries(&self) -> Vec<Entry<'static>> {
        let catalogs: Vec<Catalog<'static>> =
            self.catalog.map_or_else(|| loaded::registry().catalogs().collect(), |catalog| vec![catalog]);
        let filter = self.filter.as_deref().map(str::to_lowercase);
        catalogs
            .into_iter()
            .flat_map(Catalog::entries)
            .filter(|entry| filter.as_deref().is_none_or(|text| mentions(*entry, text)))
            .filter(|entry| {
                let words = entry.words();
                self.category.is_none_or(|category| words.category == category)
                    && self.fault.is_none_or(|fault| words.fault == fault)
                    && self.retry.is_none_or(|retry| words.retry == retry)
            })
            .collect()
    }
}

/// Whether a text, in lower case, stands somewhere in an entry.
fn mentions(entry: Entry<'_>, text: &str) -> bool {
    let texts = [Some(entry.id()), Some(entry.title()), entry.vendor_text(), Some(entry.remedy()), entry.why()];
    let messages = Audience::ALL.iter().filter_map(|audience| entry.own_message(*audience));
    let mut all = texts.into_iter().flatten().chain(entry.names()).chain(messages);
    all.any(|candidate| candidate.to_lowercase().contains(text))
}

fn write_catalogs(mut out: &mut dyn Write, catalogs: &[Catalog<'_>]) -> io::Result<()> {
    let mut table = Table::new([
        Column::new("CATALOG", WORD),
        Column::right("ENTRIES"),
        Column::new("EXTENDS", PLAIN),
        Column::new("AS OF", PLAIN),
        Column::new("NAME", PLAIN),
    ]);
    for catalog in catalogs {
        table.row([
            catalog.id().to_owned(),
            catalog.entries().filter(|entry| !entry.is_variant()).count().to_string(),
            catalog.parent().map_or_else(String::new, |parent| parent.id().to_owned()),
            catalog.as_of().to_owned(),
            catalog.name().to_owned(),
        ]);
    }
    table.write(&mut out, "", print::terminal_width())
}

fn write_entries(mut out: &mut dyn Write, entries: &[Entry<'_>]) -> io::Result<()> {
    let mut table = Table::new([
        Column::new("ENTRY", WORD),
        Column::new("CATEGORY", PLAIN),
        Column::new("FAULT", PLAIN),
        Column::new("RETRY", PLAIN),
        Column::new("PROCESSED", PLAIN),
        Column::new("TITLE", PLAIN),
    ]);
    for entry in entries {
        let words = entry.words();
        table.row([
            entry.id().to_owned(),
            words.category.to_string(),
            words.fault.to_string(),
            words.retry.to_string(),
            words.processed.to_string(),
            entry.title().to_owned(),
        ]);
    }
    let terminal = print::terminal_width();
    table.write(&mut out, "", terminal)?;
    if terminal.is_some() {
        let noun = if entries.len() == 1 { "entry" } else { "entries" };
        print::paragraph(&mut out, "", QUIET, &format!("{} {noun}", entries.len()))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::mentions;

    #[test]
    fn a_text_is_looked_for_everywhere() {
        let entry = retriage::catalog("transport")
            .and_then(|catalog| catalog.find_failure("ECONNRESET"))
            .expect("a reset connection is listed");
        assert!(mentions(entry, &entry.id().to_lowercase()));
        assert!(mentions(entry, &entry.title().to_lowercase()));
        assert!(mentions(entry, &entry.remedy().to_lowercase()));
        assert!(entry.names().all(|name| mentions(entry, &name.to_lowercase())) && entry.names().count() > 0);
        assert!(!mentions(entry, "no such text anywhere"));
        let mut updox = retriage::catalog("updox").expect("built in").entries();
        let (entry, text) =
            updox.find_map(|entry| Some((entry, entry.vendor_text()?))).expect("Updox has its own texts");
        assert!(mentions(entry, &text.to_lowercase()));
    }
}

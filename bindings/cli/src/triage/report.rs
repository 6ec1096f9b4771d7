//! What was counted, as a page and as JSON (`triage.schema.json`).

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::Path;

use retriage::vocabulary::{Category, Fault, Processed, Retry, Words};
use serde::{Serialize, Serializer};

use super::read::Reading;
use super::tally::{Slot, Tally};
use crate::print::{self, Column, PLAIN, QUIET, STRONG, Table, WORD, count, harmless, share, styled};

/// One file.
#[derive(Debug, Serialize)]
pub(super) struct FileReport {
    pub(super) name: String,
    format: Option<String>,
    lines: u64,
    skipped: u64,
    pub(super) error: Option<String>,
}

impl FileReport {
    pub(super) fn new(file: &Path, reading: &Reading) -> Self {
        Self {
            name: file.to_string_lossy().into_owned(),
            format: reading.format.map(|format| format.to_string()),
            lines: reading.tally.lines,
            skipped: reading.tally.skipped,
            error: reading.error.clone(),
        }
    }
}

#[derive(Debug, Serialize)]
struct BadLine {
    file: String,
    line: u64,
    kind: retriage::vocabulary::ErrorKind,
    at: String,
    message: String,
}

/// Counts by word, in the order of the words.
#[derive(Debug)]
struct ByWord<W, C>(BTreeMap<W, C>);

impl<W: Copy + Ord, C: Copy + Default> ByWord<W, C> {
    fn new() -> Self {
        Self(BTreeMap::new())
    }

    fn of(&mut self, word: W) -> &mut C {
        self.0.entry(word).or_default()
    }
}

impl<W: Serialize, C: Serialize> Serialize for ByWord<W, C> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(&self.0)
    }
}

#[derive(Debug, Clone, Copy, Default, Serialize)]
struct ByProcessed {
    no: u64,
    maybe: u64,
    yes: u64,
}

impl ByProcessed {
    fn of(&mut self, processed: Processed) -> &mut u64 {
        match processed {
            Processed::No => &mut self.no,
            Processed::Maybe => &mut self.maybe,
            Processed::Yes => &mut self.yes,
        }
    }
}

#[derive(Debug, Clone, Copy, Serialize)]
struct ByMethod {
    count: u64,
    maybe: u64,
}

/// The failures, counted in several ways. Words that none has are left out.
#[derive(Debug, Serialize)]
struct Failures {
    by_category: ByWord<Category, u64>,
    by_fault: ByWord<Fault, u64>,
    by_retry: ByWord<Retry, u64>,
    by_processed: ByWord<Processed, u64>,
    by_retry_and_processed: ByWord<Retry, ByProcessed>,
    by_method: BTreeMap<&'static str, ByMethod>,
}

/// One of the most frequent entries among the failures.
#[derive(Debug, Serialize)]
struct TopEntry {
    entry: Option<&'static str>,
    catalog: &'static str,
    title: Option<&'static str>,
    #[serde(flatten)]
    words: ShownWords,
    remedy: Option<&'static str>,
    count: u64,
    /// Of the failures, from 0 to 1.
    share: f64,
    first_seen: Option<String>,
    last_seen: Option<String>,
}

#[derive(Debug, Serialize)]
struct ShownWords {
    category: Category,
    fault: Fault,
    retry: Retry,
    processed: Processed,
    #[serde(skip)]
    all: Words,
}

/// What is not among the top entries.
#[derive(Debug, Serialize)]
struct Others {
    entries: u64,
    count: u64,
}

/// Everything that was counted.
#[derive(Debug, Serialize)]
pub(super) struct Report {
    files: Vec<FileReport>,
    lines: u64,
    skipped: u64,
    bad_lines: Vec<BadLine>,
    succeeded: u64,
    /// Those of the succeeded that led elsewhere.
    redirected: u64,
    failed: u64,
    failures: Failures,
    entries: Vec<TopEntry>,
    others: Others,
}

impl Report {
    pub(super) fn new(files: Vec<FileReport>, tally: &Tally, top: usize) -> Self {
        let mut failed: Vec<&Slot> = tally.slots.iter().filter(|slot| slot.words.category.is_failure()).collect();
        let id = |slot: &Slot| slot.entry.map_or(slot.catalog.id(), |entry| entry.id());
        let order = |words: Words| {
            (words.category, words.fault, words.retry, words.processed, words.finality, words.severity, words.scope)
        };
        failed.sort_by(|a, b| {
            b.count.cmp(&a.count).then_with(|| id(a).cmp(id(b))).then_with(|| order(a.words).cmp(&order(b.words)))
        });
        let failures = failed.iter().map(|slot| slot.count).sum();
        let redirects = tally.slots.iter().filter(|slot| slot.words.category == Category::Redirect);
        let bad_lines = tally.bad_lines.iter().map(|bad| BadLine {
            file: files.get(bad.place.file).map_or_else(String::new, |file| file.name.clone()),
            line: bad.place.line,
            kind: bad.error.kind,
            at: bad.error.at.clone(),
            message: bad.error.message.clone(),
        });
        let (shown, others) = failed.split_at(top.min(failed.len()));
        Self {
            bad_lines: bad_lines.collect(),
            files,
            lines: tally.lines,
            skipped: tally.skipped,
            succeeded: tally.lines - tally.skipped - failures,
            redirected: redirects.map(|slot| slot.count).sum(),
            failed: failures,
            failures: Failures::new(&failed, tally),
            entries: shown.iter().map(|slot| TopEntry::new(slot, failures)).collect(),
            others: Others { entries: others.len() as u64, count: others.iter().map(|slot| slot.count).sum() },
        }
    }

    /// Whether every file was read to its end and every line counted.
    pub(super) fn is_whole(&self) -> bool {
        self.skipped == 0 && self.files.iter().all(|file| file.error.is_none())
    }
}

impl Failures {
    fn new(failed: &[&Slot], tally: &Tally) -> Self {
        let mut failures = Self {
            by_category: ByWord::new(),
            by_fault: ByWord::new(),
            by_retry: ByWord::new(),
            by_processed: ByWord::new(),
            by_retry_and_processed: ByWord::new(),
            by_method: tally
                .methods()
                .map(|(method, failures)| (method, ByMethod { count: failures.count, maybe: failures.maybe }))
                .collect(),
        };
        for slot in failed {
            let words = slot.words;
            *failures.by_category.of(words.category) += slot.count;
            *failures.by_fault.of(words.fault) += slot.count;
            *failures.by_retry.of(words.retry) += slot.count;
            *failures.by_processed.of(words.processed) += slot.count;
            *failures.by_retry_and_processed.of(words.retry).of(words.processed) += slot.count;
        }
        failures
    }
}

impl TopEntry {
    fn new(slot: &Slot, failures: u64) -> Self {
        let words = slot.words;
        Self {
            entry: slot.entry.map(|entry| entry.id()),
            catalog: slot.catalog.id(),
            title: slot.entry.map(|entry| entry.title()),
            words: ShownWords {
                category: words.category,
                fault: words.fault,
                retry: words.retry,
                processed: words.processed,
                all: words,
            },
            remedy: slot.entry.map(|entry| entry.remedy()),
            count: slot.count,
            share: slot.count as f64 / failures as f64,
            first_seen: slot.first.map(|(_, stamp)| stamp.to_string()),
            last_seen: slot.last.map(|(_, stamp)| stamp.to_string()),
        }
    }
}

/// The page.
impl Report {
    pub(super) fn write(&self, out: &mut impl Write) -> io::Result<()> {
        self.write_lines(out)?;
        if self.failed > 0 {
            self.write_failures(out)?;
            self.write_entries(out)?;
        }
        Ok(())
    }

    fn write_lines(&self, out: &mut impl Write) -> io::Result<()> {
        let terminal = print::terminal_width();
        let mut files = Table::new([
            Column::right("LINES"),
            Column::right("SKIPPED"),
            Column::new("FORMAT", PLAIN),
            Column::new("FILE", PLAIN),
        ]);
        for file in &self.files {
            files.row([
                count(file.lines),
                count(file.skipped),
                file.format.clone().unwrap_or_else(|| "-".to_owned()),
                harmless(&file.name).into_owned(),
            ]);
        }
        files.write(out, "", terminal)?;

        writeln!(out)?;
        let answers = self.succeeded + self.failed;
        let mut totals = Table::new([Column::right(""), Column::right(""), Column::new("", STRONG)]);
        totals.row([count(self.lines), String::new(), "lines read".to_owned()]);
        totals.row([count(self.skipped), share(self.skipped, self.lines), "skipped".to_owned()]);
        let succeeded = match self.redirected {
            0 => "succeeded".to_owned(),
            redirected => format!("succeeded ({} led elsewhere)", count(redirected)),
        };
        totals.row([count(self.succeeded), share(self.succeeded, answers), succeeded]);
        totals.row([count(self.failed), share(self.failed, answers), "failed".to_owned()]);
        totals.write(out, "", terminal)?;

        if !self.bad_lines.is_empty() {
            let first = if self.skipped > self.bad_lines.len() as u64 { ", the first of them" } else { "" };
            print::heading(out, format_args!("Skipped{first}"))?;
            for bad in &self.bad_lines {
                let at = if bad.at.is_empty() { String::new() } else { format!("{}: ", bad.at) };
                let text = format!("{}:{}: {at}{} ({})", bad.file, bad.line, bad.message, bad.kind);
                print::hanging(out, "  ", "    ", PLAIN, &harmless(&text))?;
            }
            let unknown = retriage::vocabulary::ErrorKind::UnknownField;
            if self.bad_lines.iter().any(|bad| bad.kind == unknown) {
                let advice = "If these are logs of your own, name their fields: --status-field and so on.";
                print::paragraph(out, "  ", QUIET, advice)?;
            }
        }
        Ok(())
    }

    fn write_failures(&self, out: &mut impl Write) -> io::Result<()> {
        let failures = &self.failures;
        self.write_words(out, "What failed", &failures.by_category, Category::as_str, Category::meaning)?;
        self.write_words(out, "Whose fault", &failures.by_fault, Fault::as_str, Fault::meaning)?;
        self.write_words(out, "Whether it took effect", &failures.by_processed, Processed::as_str, Processed::meaning)?;

        print::heading(out, "What trying again takes")?;
        let mut table = Table::new([
            Column::right("COUNT"),
            Column::right("SHARE"),
            Column::right("NOT DONE"),
            Column::right("MAYBE"),
            Column::right("DONE"),
            Column::new("RETRY", WORD),
            Column::new("", QUIET),
        ]);
        for (retry, total) in by_count(&failures.by_retry) {
            let processed = failures.by_retry_and_processed.0.get(&retry).copied().unwrap_or_default();
            table.row([
                count(total),
                share(total, self.failed),
                count(processed.no),
                count(processed.maybe),
                count(processed.yes),
                retry.to_string(),
                retry.meaning().to_owned(),
            ]);
        }
        table.write(out, "  ", print::terminal_width())?;

        if !failures.by_method.is_empty() {
            print::heading(out, "By which method")?;
            let mut table = Table::new([
                Column::right("COUNT"),
                Column::right("SHARE"),
                Column::right("MAYBE DONE"),
                Column::new("METHOD", WORD),
            ]);
            let mut methods: Vec<_> = failures.by_method.iter().collect();
            methods.sort_by_key(|(_, method)| std::cmp::Reverse(method.count));
            for (name, method) in methods {
                let share = share(method.count, self.failed);
                table.row([count(method.count), share, count(method.maybe), (*name).to_owned()]);
            }
            table.write(out, "  ", print::terminal_width())?;
        }
        Ok(())
    }

    fn write_words<W: Copy + Ord>(
        &self,
        out: &mut impl Write,
        title: &str,
        counts: &ByWord<W, u64>,
        word: fn(W) -> &'static str,
        meaning: fn(W) -> &'static str,
    ) -> io::Result<()> {
        print::heading(out, title)?;
        let mut table =
            Table::new([Column::right(""), Column::right(""), Column::new("", WORD), Column::new("", QUIET)]);
        for (of, total) in by_count(counts) {
            table.row([count(total), share(total, self.failed), word(of).to_owned(), meaning(of).to_owned()]);
        }
        table.write(out, "  ", print::terminal_width())
    }

    fn write_entries(&self, out: &mut impl Write) -> io::Result<()> {
        print::heading(out, "Most frequent")?;
        let widest = self.entries.first().map_or(0, |entry| count(entry.count).len());
        let indent = " ".repeat(2 + widest + 2 + "100.0 %".len() + 2);
        for entry in &self.entries {
            let loud = print::severity(entry.words.all.severity);
            writeln!(
                out,
                "  {:>widest$}  {:>7}  {}  {}",
                count(entry.count),
                share(entry.count, self.failed),
                styled(WORD, entry.entry.unwrap_or(entry.catalog)),
                styled(loud, entry.title.unwrap_or("nothing is known of these answers")),
            )?;
            let words = &entry.words;
            let words = format!(
                "{} · fault {} · retry {} · processed {}",
                words.category, words.fault, words.retry, words.processed
            );
            print::paragraph(out, &indent, QUIET, &words)?;
            if let Some(remedy) = entry.remedy {
                print::paragraph(out, &indent, PLAIN, remedy)?;
            }
            if let (Some(first), Some(last)) = (&entry.first_seen, &entry.last_seen) {
                let seen = if first == last { format!("seen {first}") } else { format!("seen {first} to {last}") };
                print::paragraph(out, &indent, QUIET, &harmless(&seen))?;
            }
        }
        if self.others.entries > 0 {
            let noun = if self.others.entries == 1 { "entry" } else { "entries" };
            let rest = format!(
                "  {:>widest$}  {:>7}  in {} more {noun}",
                count(self.others.count),
                share(self.others.count, self.failed),
                self.others.entries
            );
            writeln!(out, "{}", styled(QUIET, rest))?;
        }
        Ok(())
    }
}

/// The most frequent word first; of equals, the first of the set.
fn by_count<W: Copy + Ord>(counts: &ByWord<W, u64>) -> Vec<(W, u64)> {
    let mut list: Vec<(W, u64)> = counts.0.iter().map(|(word, count)| (*word, *count)).collect();
    list.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    list
}

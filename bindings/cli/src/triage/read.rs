//! From the lines of a file to counts, on as many threads as are wanted. The counts are the same on any number.

use std::collections::HashMap;
use std::io::{self, Read};
use std::sync::Mutex;
use std::sync::mpsc::{channel, sync_channel};
use std::thread;

use retriage::vocabulary::{Ask, ErrorKind};
use retriage::{Catalog, Error, Evidence, Question};

use super::tally::{Method, Place, SlotId, Stamp, Tally};
use super::{Format, Settings, fields, weblog};
use crate::input::{Block, Blocks, Line};
use crate::loaded;

/// How much is read at once, in bytes: large enough that handing it to a thread costs nothing beside reading it.
const READ: usize = 1 << 20;
/// How many lines are looked at to find out what a file is.
const FIRST_LINES: usize = 100;

/// What came of a file.
#[derive(Debug)]
pub(super) struct Reading {
    /// What its lines are; `None` where it has none, or none that could be told.
    pub(super) format: Option<Format>,
    pub(super) tally: Tally,
    /// Why it could not be read to its end.
    pub(super) error: Option<String>,
}

impl Reading {
    pub(super) fn failed(error: String) -> Self {
        Self { format: None, tally: Tally::default(), error: Some(error) }
    }
}

/// Reads a file to its end.
pub(super) fn read(input: impl Read, settings: &Settings<'_>, file: usize, threads: usize) -> Reading {
    let mut blocks = Blocks::new(input, READ);
    let mut block = Block::default();
    match blocks.fill(&mut block) {
        Ok(true) => {}
        Ok(false) => return Reading { format: settings.format, tally: Tally::default(), error: None },
        Err(error) => return Reading::failed(error.to_string()),
    }
    let Some(format) = settings.format.or_else(|| detect(&block, settings.json)) else {
        let error = "the first lines are neither JSON objects nor a web server's common or combined log; \
                     name what they are with --format";
        return Reading::failed(error.to_owned());
    };
    let counter = || Counter { settings, format, file, tally: Tally::default(), bare: HashMap::new() };
    let (tally, outcome) =
        if threads == 1 { alone(blocks, block, counter()) } else { together(blocks, block, counter, threads) };
    Reading { format: Some(format), tally, error: outcome.err().map(|error| error.to_string()) }
}

/// What the lines are, by the first that tells.
fn detect(block: &Block, json: Format) -> Option<Format> {
    block.lines().take(FIRST_LINES).find_map(|(_, line)| {
        let Line::Bytes(line) = line else { return None };
        if line.trim_ascii_start().starts_with(b"{") {
            return Some(json);
        }
        let record = weblog::parse(line)?;
        Some(if record.is_combined() { Format::Combined } else { Format::Common })
    })
}

fn alone<R: Read>(mut blocks: Blocks<R>, mut block: Block, mut counter: Counter<'_>) -> (Tally, io::Result<()>) {
    loop {
        counter.count(&block);
        match blocks.fill(&mut block) {
            Ok(true) => {}
            Ok(false) => return (counter.tally, Ok(())),
            Err(error) => return (counter.tally, Err(error)),
        }
    }
}

/// This thread reads, the others count. At most two blocks a thread are under way; counted ones come back to be
/// filled again.
fn together<'s, R: Read>(
    mut blocks: Blocks<R>,
    first: Block,
    counter: impl Fn() -> Counter<'s> + Sync,
    threads: usize,
) -> (Tally, io::Result<()>) {
    let (full, taken) = sync_channel::<Block>(threads);
    let (returned, empty) = channel::<Block>();
    let taken = Mutex::new(taken);
    thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|_| {
                let (taken, returned, counter) = (&taken, returned.clone(), &counter);
                scope.spawn(move || {
                    let mut counter = counter();
                    let next = || taken.lock().ok().and_then(|taken| taken.recv().ok());
                    while let Some(block) = next() {
                        counter.count(&block);
                        // Nobody wants it back at the end.
                        let _ = returned.send(block);
                    }
                    counter.tally
                })
            })
            .collect();
        let mut block = first;
        let outcome = loop {
            if full.send(block).is_err() {
                break Ok(());
            }
            block = empty.try_recv().unwrap_or_default();
            match blocks.fill(&mut block) {
                Ok(true) => {}
                Ok(false) => break Ok(()),
                Err(error) => break Err(error),
            }
        };
        drop(full);
        let mut tally = Tally::default();
        for worker in workers {
            tally.merge(worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        }
        (tally, outcome)
    })
}

/// Counts lines.
struct Counter<'s> {
    settings: &'s Settings<'s>,
    format: Format,
    file: usize,
    tally: Tally,
    /// The outcomes of a status alone, by catalog: most lines are of a few of them.
    bare: HashMap<(&'static str, u16), SlotId>,
}

impl Counter<'_> {
    fn count(&mut self, block: &Block) {
        for (number, line) in block.lines() {
            let place = Place { file: self.file, line: number };
            let outcome = match self.format {
                Format::Common | Format::Combined => self.web_log(place, line),
                Format::Json => self.json(place, line),
                Format::Wire => self.wire(place, line),
            };
            if let Err(error) = outcome {
                self.tally.skip(place, error);
            }
        }
    }

    fn web_log(&mut self, place: Place, line: Line<'_>) -> Result<(), Error> {
        let Line::Bytes(bytes) = line else { return line.text().map(drop) };
        let record = weblog::parse(bytes).ok_or_else(|| Error {
            kind: ErrorKind::BadValue,
            message: "must be: host ident user [time] \"request\" status bytes".to_owned(),
            at: String::new(),
        })?;
        let evidence = Evidence { status: Some(record.status), details: false, ..Evidence::default() };
        let method = Method::of(record.method);
        self.classify(self.settings.catalog, &evidence, place, method, || Some(Stamp::text(record.time)));
        Ok(())
    }

    fn json(&mut self, place: Place, line: Line<'_>) -> Result<(), Error> {
        let record = fields::Record::parse(&self.settings.paths, line.text()?)?;
        let method = record.method.as_deref().map_or(Method::Unsaid, |method| Method::of(method.as_bytes()));
        let stamp = || record.time.as_deref().map(|time| Stamp::text(time.as_bytes()));
        let catalog = record.catalog.unwrap_or(self.settings.catalog);
        self.classify(catalog, &record.evidence(), place, method, stamp);
        Ok(())
    }

    fn wire(&mut self, place: Place, line: Line<'_>) -> Result<(), Error> {
        let question = Question::parse_for(self.settings.catalog, line.text()?)?;
        if question.ask() != Ask::Classify {
            return Err(Error {
                kind: ErrorKind::BadValue,
                message: "must be classify, which is what can be counted".to_owned(),
                at: "/ask".to_owned(),
            });
        }
        let headers = question.headers();
        let evidence = Evidence { details: false, ..question.evidence(&headers) };
        let stamp = || evidence.now_ms.map(Stamp::Ms);
        // The question's catalog lives longer than the question.
        let catalog = loaded::registry().catalog(question.catalog().id()).unwrap_or(self.settings.catalog);
        self.classify(catalog, &evidence, place, Method::Unsaid, stamp);
        Ok(())
    }

    fn classify(
        &mut self,
        catalog: Catalog<'static>,
        evidence: &Evidence<'_>,
        place: Place,
        method: Method,
        stamp: impl FnOnce() -> Option<Stamp>,
    ) {
        let bare = status_alone(evidence).map(|status| (catalog.id(), status));
        let known = bare.and_then(|bare| self.bare.get(&bare).copied());
        let slot = known.or_else(|| {
            let slot = self.tally.slot(&catalog.classify(evidence))?;
            if let Some(bare) = bare {
                self.bare.insert(bare, slot);
            }
            Some(slot)
        });
        if let Some(slot) = slot {
            self.tally.count(slot, place, method, stamp);
        }
    }
}

/// The status of evidence that is nothing else; when it was doesn't count without headers.
fn status_alone(evidence: &Evidence<'_>) -> Option<u16> {
    match evidence {
        Evidence {
            status,
            code: None,
            failure: None,
            headers: [],
            body: None,
            control_id: None,
            mode: None,
            now_ms: _,
            body_limit: _,
            details: _,
        } => *status,
        _ => None,
    }
}

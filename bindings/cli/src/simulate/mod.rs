//! `retriage simulate`: the same failure again and again, attempt by attempt.

mod picture;
mod svg;
mod text;

use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;

use clap::Args;
use retriage::Catalog;
use serde::Serialize;

use crate::given::{Request, Response};
use crate::print::{self, Column, PLAIN, QUIET, STRONG, Table};
use crate::timeline::{Situation, Step, Timeline};
use crate::values::{self, Chosen, ProfileParser};
use crate::{Failure, Verdict, chance, decision, usage};
use picture::Picture;

/// Show how often and after what waits a profile tries again when the same failure comes each time.
#[derive(Debug, Args)]
#[command(after_help = "\
State, budget and elapsed time are carried from each attempt to the next. An attempt takes no time unless --took says \
how long. Where chance has a part in the waits, attempt n takes the n-th number of a generator, PCG32 (XSH RR 64/32, \
stream 0), each output over 2^32; its seed is drawn and told unless --jitter-seed gives it. The same seed gives the \
same timeline on every machine.

Examples:
  retriage simulate --status 503 --method GET
  retriage simulate --profile standard-webhooks --status 500
  retriage simulate --profile aws-standard --status 429 --code ThrottlingException --jitter-seed 7
  retriage simulate --profile '{\"extends\":\"got\",\"attempts\":6}' --failure ETIMEDOUT --method GET --took 10s
  retriage simulate --profile redox-delivery --catalog redox --status 500 --mode async --svg waits.svg")]
pub(crate) struct Simulate {
    /// Who decides: a profile's id (see `retriage profiles`), @FILE, or JSON that may extend one
    #[arg(
        long, value_name = "ID|@FILE|JSON", value_parser = ProfileParser, hide_possible_values = true,
        default_value = "standard"
    )]
    profile: Chosen,
    /// The HTTP status that comes each time
    #[arg(long)]
    status: Option<u16>,
    /// What the client calls the failure: ECONNRESET, curl:28, requests.exceptions.ConnectTimeout
    #[arg(long, value_name = "NAME")]
    failure: Option<String>,
    #[command(flatten)]
    response: Response,
    /// How many attempts there are at most
    #[arg(
        long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000), default_value_t = 12,
        allow_negative_numbers = true
    )]
    times: u32,
    /// How long each attempt takes: 10s, or a number of milliseconds
    #[arg(long, value_name = "SPAN", value_parser = values::span, default_value = "0")]
    took: u64,
    /// The seed of the numbers for the jitter, instead of one that is drawn
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    jitter_seed: Option<u64>,
    /// Write the picture to a file, for a document
    #[arg(long, value_name = "FILE")]
    svg: Option<PathBuf>,
    /// Print the timeline as JSON; each decision as in the wire form
    #[arg(long)]
    json: bool,
    /// The method of the request; without it, repeating isn't known to be safe
    #[arg(long, help_heading = "For the decision")]
    method: Option<String>,
    #[command(flatten)]
    request: Request,
}

impl Simulate {
    /// `catalog` is the one that `--catalog` names.
    pub(crate) fn run(self, catalog: Catalog<'static>) -> Result<Verdict, Failure> {
        if self.status.is_none() && self.failure.is_none() && self.response.is_empty() {
            let message = "nothing fails: give --status, --failure, --code, --header or --body";
            return Err(usage("simulate", message));
        }
        let came = self.response.read("simulate")?;
        let (status, failure) = (self.status, self.failure.as_deref());
        let situation = Situation {
            catalog,
            evidence: came.evidence(status, failure),
            attempt: self.request.attempt(self.method.as_deref()),
            took_ms: self.took,
        };
        let seed = match self.jitter_seed {
            None if self.profile.profile().is_jittered() => Some(chance::seed().map_err(|error| {
                usage("simulate", format_args!("this machine gives no random number ({error}); give --jitter-seed"))
            })?),
            seed => seed,
        };
        let numbers = seed.map(chance::Seeded::new).into_iter().flatten();
        let timeline = situation
            .run(self.profile.profile(), self.times, numbers)
            .map_err(|error| usage("simulate", values::refusal(&error)))?;
        // A seed of which nothing came is none.
        let seed = seed.filter(|_| timeline.steps().iter().any(|step| decision::is_by_chance(&step.decision)));
        let classification = situation.catalog.classify(&situation.evidence);
        let entry = classification.entry.map(|entry| entry.id());
        let subject = subject(&came.label(status, failure), entry, self.method.as_deref(), self.took, seed);
        let picture = Picture::new(&self.profile, subject, &timeline);
        if let Some(file) = &self.svg {
            fs::write(file, svg::draw(&picture)?).map_err(|error| {
                usage("simulate", format_args!("invalid value for '--svg': {}: {error}", file.display()))
            })?;
        }
        if self.json {
            let told = Told {
                profile: &self.profile.to_string(),
                catalog: catalog.id(),
                entry,
                took_ms: self.took,
                jitter_seed: seed,
                attempts: timeline.steps().iter().map(Attempted::of).collect(),
                elapsed_ms: timeline.last().attempt.elapsed_ms,
                goes_on: timeline.goes_on(),
            };
            print::json(&told)?;
            return Ok(Verdict::Fine);
        }
        let mut out = print::page();
        write(&mut out, &picture, &timeline)?;
        if self.jitter_seed.is_none()
            && let Some(seed) = seed
        {
            let text = format!("The seed {seed} was drawn; --jitter-seed {seed} gives the same waits again.");
            print::paragraph(&mut out, "", QUIET, &text)?;
        }
        if let Some(file) = &self.svg {
            print::paragraph(&mut out, "", QUIET, &format!("The picture is in {}.", file.display()))?;
        }
        out.flush()?;
        Ok(Verdict::Fine)
    }
}

/// What is tried again, in a line.
fn subject(label: &str, entry: Option<&str>, method: Option<&str>, took_ms: u64, seed: Option<u64>) -> String {
    let mut subject = label.to_owned();
    if let Some(entry) = entry {
        subject += &format!(" ({entry})");
    }
    if let Some(method) = method {
        subject += &format!(", {}", print::harmless(method));
    }
    if took_ms > 0 {
        subject += &format!(", each attempt takes {}", print::span(took_ms));
    }
    if let Some(seed) = seed {
        subject += &format!(", jitter seed {seed}");
    }
    subject
}

/// The page.
fn write(out: &mut impl Write, picture: &Picture, timeline: &Timeline<'_>) -> io::Result<()> {
    print::paragraph(out, "", STRONG, picture.title())?;
    print::paragraph(out, "", QUIET, picture.subject())?;
    writeln!(out)?;
    let mut table = Table::new([
        Column::right("ATTEMPT"),
        Column::right("ELAPSED"),
        Column::right("WAIT"),
        Column::new("WHY", PLAIN),
    ]);
    for step in timeline.steps() {
        table.row([
            step.attempt.number.to_string(),
            print::span(step.attempt.elapsed_ms).to_string(),
            step.wait_ms().map_or_else(|| "-".to_owned(), |wait| print::span(wait).to_string()),
            decision::in_short(&step.decision),
        ]);
    }
    table.write(out, "  ", print::terminal_width())?;
    writeln!(out)?;
    print::paragraph(out, "", PLAIN, picture.summary())?;
    if picture.axis().is_empty() {
        return Ok(());
    }
    writeln!(out)?;
    text::write(out, picture, print::terminal_width().unwrap_or(80), print::is_utf8())
}

/// `--json`.
#[derive(Serialize)]
struct Told<'a> {
    profile: &'a str,
    catalog: &'a str,
    /// The entry that the failure is.
    entry: Option<&'a str>,
    took_ms: u64,
    /// The seed of the numbers for the jitter; null where chance has no part.
    jitter_seed: Option<u64>,
    attempts: Vec<Attempted<'a>>,
    /// From the first attempt's beginning to the last one's end.
    elapsed_ms: u64,
    /// Whether there would be another attempt.
    goes_on: bool,
}

#[derive(Serialize)]
struct Attempted<'a> {
    attempt: u32,
    /// At its end.
    elapsed_ms: u64,
    random: Option<f64>,
    decision: retriage::Decision<'a>,
}

impl<'a> Attempted<'a> {
    fn of(step: &Step<'a>) -> Self {
        Self {
            attempt: step.attempt.number,
            elapsed_ms: step.attempt.elapsed_ms,
            random: step.attempt.random,
            decision: step.decision,
        }
    }
}

//! `retriage compare`: what several profiles make of the same failures.

use std::io::{self, Write};

use clap::Args;
use retriage::vocabulary::{Action, Cause};
use retriage::{Catalog, Error};
use serde::Serialize;

use crate::given::{Came, Request, Response};
use crate::print::{self, Column, PLAIN, QUIET, STRONG, Table, WORD};
use crate::timeline::{Situation, Timeline};
use crate::values::{self, Chosen, ProfileParser};
use crate::{Failure, Verdict, chance, usage};

/// Show what several profiles do about the same failures: how often they try again, after what waits, how it ends.
#[derive(Debug, Args)]
#[command(after_help = "\
The first profile is the one that the others are compared with; situations in which all do the same as in another \
stand together. Waits run from the least to the most that chance makes of them, unless --jitter-seed settles it: then \
they are those of `retriage simulate`.

Unless others are named, the situations are GET and POST, each with the statuses 408 429 500 502 503 504, with 429 \
and 503 beside Retry-After: 2 and Retry-After: 200, with a connection that is refused (ECONNREFUSED) and with a read \
time-out (ReadTimeout). Profiles may know failures by name: to got a time-out is ETIMEDOUT.

Examples:
  retriage compare standard urllib3
  retriage compare got ky axios-retry --method GET --status 413,429 --header 'Retry-After: 5'
  retriage compare standard '{\"extends\":\"standard\",\"attempts\":8}' --failure ECONNREFUSED
  retriage compare redox-delivery standard-webhooks --catalog redox --mode async --json")]
pub(crate) struct Compare {
    /// The profiles: ids (see `retriage profiles`), @FILE, or JSON that may extend one
    #[arg(
        value_name = "PROFILE", required = true, num_args = 2.., value_parser = ProfileParser,
        hide_possible_values = true
    )]
    profiles: Vec<Chosen>,
    /// The HTTP statuses, each a situation of its own
    #[arg(long = "status", value_name = "STATUS", value_delimiter = ',')]
    statuses: Vec<u16>,
    /// What the client calls the failures, each a situation of its own
    #[arg(long = "failure", value_name = "NAME", value_delimiter = ',')]
    failures: Vec<String>,
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
    /// The seed of the numbers for the jitter, instead of the least and the most
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    jitter_seed: Option<u64>,
    /// Print JSON: every situation, and what each profile makes of it
    #[arg(long)]
    json: bool,
    /// The methods of the request
    #[arg(
        long = "method", value_name = "METHOD", value_delimiter = ',', default_values = ["GET", "POST"],
        help_heading = "For the decision"
    )]
    methods: Vec<String>,
    #[command(flatten)]
    request: Request,
}

const STATUSES: [u16; 6] = [408, 429, 500, 502, 503, 504];
/// The statuses beside which Retry-After is commonly sent, and what it says.
const HINTED: [u16; 2] = [429, 503];
const HINTS: [&str; 2] = ["2", "200"];
/// A connection that is refused, and an answer that doesn't come.
const FAILURES: [&str; 2] = ["ECONNREFUSED", "ReadTimeout"];

/// What comes back.
#[derive(Clone, Debug)]
struct Condition {
    status: Option<u16>,
    failure: Option<String>,
    /// Beside the headers that were given.
    hint: Option<&'static str>,
}

impl Condition {
    fn status(status: u16) -> Self {
        Self { status: Some(status), failure: None, hint: None }
    }

    fn failure(name: &str) -> Self {
        Self { status: None, failure: Some(name.to_owned()), hint: None }
    }

    /// Its headers, with those that were given.
    fn headers<'h>(&'h self, came: &'h Came<'_>) -> Vec<(&'h str, &'h str)> {
        came.headers().iter().copied().chain(self.hint.map(|hint| ("Retry-After", hint))).collect()
    }
}

impl Compare {
    /// `catalog` is the one that `--catalog` names.
    pub(crate) fn run(self, catalog: Catalog<'static>) -> Result<Verdict, Failure> {
        let came = self.response.read("compare")?;
        let conditions = self.conditions();
        let mut rows = Vec::new();
        for method in &self.methods {
            for condition in &conditions {
                let row = self.row(catalog, &came, method, condition);
                rows.push(row.map_err(|error| usage("compare", values::refusal(&error)))?);
            }
        }
        if self.json {
            let told = Told {
                profiles: self.profiles.iter().map(ToString::to_string).collect(),
                catalog: catalog.id(),
                took_ms: self.took,
                jitter_seed: self.jitter_seed,
                situations: rows,
            };
            print::json(&told)?;
            return Ok(Verdict::Fine);
        }
        let mut out = print::page();
        self.write(&mut out, &rows)?;
        out.flush()?;
        Ok(Verdict::Fine)
    }

    /// What comes back, case by case.
    fn conditions(&self) -> Vec<Condition> {
        let named: Vec<Condition> = self
            .statuses
            .iter()
            .map(|status| Condition::status(*status))
            .chain(self.failures.iter().map(|name| Condition::failure(name)))
            .collect();
        if !named.is_empty() {
            return named;
        }
        if self.response.code.is_some() || self.response.body.is_some() {
            return vec![Condition { status: None, failure: None, hint: None }];
        }
        let statuses = STATUSES.map(Condition::status).into_iter();
        // Headers that are given take the place of the usual ones, and a failure has none.
        if !self.response.is_empty() {
            return statuses.collect();
        }
        let hinted = HINTED
            .into_iter()
            .flat_map(|status| HINTS.map(|hint| Condition { hint: Some(hint), ..Condition::status(status) }));
        statuses.chain(hinted).chain(FAILURES.map(Condition::failure)).collect()
    }

    fn row(
        &self,
        catalog: Catalog<'static>,
        came: &Came<'_>,
        method: &str,
        condition: &Condition,
    ) -> Result<Row, Error> {
        let headers = condition.headers(came);
        let failure = condition.failure.as_deref();
        let mut evidence = came.evidence(condition.status, failure);
        evidence.headers = &headers;
        let attempt = self.request.attempt(Some(method));
        let situation = Situation { catalog, evidence, attempt, took_ms: self.took };
        let mut outcomes: Vec<Outcome> = Vec::new();
        for chosen in &self.profiles {
            let course = |numbers: &mut dyn Iterator<Item = f64>| {
                situation.run(chosen.profile(), self.times, numbers).map(|timeline| Course::of(&timeline))
            };
            let (least, most) = match self.jitter_seed {
                Some(seed) => {
                    let course = course(&mut chance::Seeded::new(seed))?;
                    (course.clone(), course)
                }
                None => {
                    let [least, most] = chance::ENDS.map(|end| course(&mut std::iter::repeat(end)));
                    (least?, most?)
                }
            };
            let first = outcomes.first();
            let differs = first.is_some_and(|first| (&first.least, &first.most) != (&least, &most));
            outcomes.push(Outcome { profile: chosen.to_string(), differs, least, most });
        }
        Ok(Row {
            method: method.to_owned(),
            status: condition.status,
            failure: condition.failure.clone(),
            headers: headers.iter().map(|(name, value)| [(*name).to_owned(), (*value).to_owned()]).collect(),
            label: came.label_with(condition.status, failure, &headers),
            outcomes,
        })
    }

    /// The page.
    fn write(&self, out: &mut impl Write, rows: &[Row]) -> io::Result<()> {
        let Some((first, others)) = self.profiles.split_first() else { return Ok(()) };
        let names = others.iter().map(ToString::to_string).collect::<Vec<_>>().join(" or ");
        print::paragraph(out, "", STRONG, &format!("What changes from {first} to {names}"))?;
        let mark = if print::is_utf8() { "≠" } else { "!" };
        let chance = match self.jitter_seed {
            Some(seed) => format!("By jitter seed {seed}."),
            None => "Waits run from the least to the most that chance makes of them.".to_owned(),
        };
        print::paragraph(out, "", QUIET, &format!("{chance} {mark} is another outcome than that of {first}."))?;
        writeln!(out)?;
        for (place, other) in others.iter().enumerate() {
            let differing =
                rows.iter().filter(|row| row.outcomes.get(place + 1).is_some_and(|outcome| outcome.differs)).count();
            let situations = print::plural(rows.len(), "situation", "situations");
            let differing = if differing == 0 { "none".to_owned() } else { differing.to_string() };
            print::paragraph(out, "", PLAIN, &format!("{other} does something else in {differing} of {situations}."))?;
        }
        writeln!(out)?;
        let mut table = Table::new([
            Column::new("  PROFILE", WORD),
            Column::right("ATTEMPTS"),
            Column::right("TOTAL"),
            Column::new("THEN", PLAIN),
            Column::new("WAITS", PLAIN),
        ]);
        for group in groups(rows) {
            table.heading(heading(&group));
            for outcome in group.first().map(|row| &row.outcomes).into_iter().flatten() {
                table.row([
                    format!("{} {}", if outcome.differs { mark } else { " " }, outcome.profile),
                    outcome.attempts(),
                    outcome.total(self.took),
                    outcome.then(),
                    outcome.waits(),
                ]);
            }
        }
        table.write(out, "", print::terminal_width())
    }
}

/// The situations in which every profile does the same, in the order of the first of each.
fn groups(rows: &[Row]) -> Vec<Vec<&Row>> {
    let mut groups: Vec<Vec<&Row>> = Vec::new();
    for row in rows {
        let known = groups.iter_mut().find(|group| group.first().is_some_and(|first| first.outcomes == row.outcomes));
        match known {
            Some(group) => group.push(row),
            None => groups.push(vec![row]),
        }
    }
    groups
}

/// The situations of a group, a line for those that have the same methods: `GET, POST: 429; 503`.
fn heading(group: &[&Row]) -> String {
    let mut by_label: Vec<(&str, Vec<&str>)> = Vec::new();
    for row in group {
        match by_label.iter_mut().find(|(label, _)| *label == row.label) {
            Some((_, methods)) => methods.push(&row.method),
            None => by_label.push((&row.label, vec![&row.method])),
        }
    }
    let mut by_methods: Vec<(Vec<&str>, Vec<&str>)> = Vec::new();
    for (label, methods) in by_label {
        match by_methods.iter_mut().find(|(known, _)| *known == methods) {
            Some((_, labels)) => labels.push(label),
            None => by_methods.push((methods, vec![label])),
        }
    }
    let lines = by_methods
        .iter()
        .map(|(methods, labels)| format!("{}: {}", print::harmless(&methods.join(", ")), labels.join("; ")));
    lines.collect::<Vec<_>>().join("\n")
}

/// `--json`.
#[derive(Serialize)]
struct Told {
    profiles: Vec<String>,
    catalog: &'static str,
    took_ms: u64,
    jitter_seed: Option<u64>,
    situations: Vec<Row>,
}

/// A situation, and what each profile makes of it.
#[derive(Clone, Debug, Serialize)]
struct Row {
    method: String,
    status: Option<u16>,
    failure: Option<String>,
    headers: Vec<[String; 2]>,
    #[serde(skip)]
    label: String,
    outcomes: Vec<Outcome>,
}

/// What a profile makes of a situation.
#[derive(Clone, Debug, PartialEq, Serialize)]
struct Outcome {
    profile: String,
    /// Whether it is another than that of the first profile.
    differs: bool,
    /// With the random number 0 each time.
    least: Course,
    /// With the random number just under 1 each time. Both are the same where chance has no part, or is settled.
    most: Course,
}

/// What comes of a situation with some random numbers.
#[derive(Clone, Debug, PartialEq, Serialize)]
struct Course {
    attempts: usize,
    waits_ms: Vec<u64>,
    /// From the first attempt's beginning to the last one's end.
    elapsed_ms: u64,
    /// Whether there would be another attempt.
    goes_on: bool,
    /// What there is to do after the last attempt.
    action: Action,
    reason: Cause,
}

impl Course {
    fn of(timeline: &Timeline<'_>) -> Self {
        let last = timeline.last();
        Self {
            attempts: timeline.steps().len(),
            waits_ms: timeline.waits().collect(),
            elapsed_ms: last.attempt.elapsed_ms,
            goes_on: timeline.goes_on(),
            action: last.decision.action,
            reason: last.decision.cause,
        }
    }

    fn then(&self) -> String {
        if self.goes_on { "goes on".to_owned() } else { format!("{} ({})", self.action, self.reason) }
    }
}

impl Outcome {
    fn attempts(&self) -> String {
        let (least, most) = (self.least.attempts, self.most.attempts);
        if least == most { least.to_string() } else { format!("{}-{}", least.min(most), least.max(most)) }
    }

    fn then(&self) -> String {
        let (least, most) = (self.least.then(), self.most.then());
        if least == most { least } else { format!("{least} or {most}") }
    }

    /// The waits, those that follow each other and are alike together: `2s x 3, 4s`.
    fn waits(&self) -> String {
        let longer = self.least.waits_ms.len().max(self.most.waits_ms.len());
        let mut runs: Vec<(String, usize)> = Vec::new();
        for place in 0..longer {
            let [least, most] = [&self.least, &self.most].map(|course| course.waits_ms.get(place).copied());
            let wait = range(least.or(most).unwrap_or(0), most.or(least).unwrap_or(0));
            match runs.last_mut() {
                Some((last, count)) if *last == wait => *count += 1,
                _ => runs.push((wait, 1)),
            }
        }
        let runs = runs.into_iter().map(|(wait, count)| if count > 1 { format!("{wait} x {count}") } else { wait });
        runs.collect::<Vec<_>>().join(", ")
    }

    /// From the first attempt's beginning to the last one's end, as the waits that are shown add up.
    fn total(&self, took_ms: u64) -> String {
        let attempts = self.most.attempts;
        let between = self.most.waits_ms.iter().enumerate().take(attempts - 1);
        let waits = between.map(|(place, most)| match self.least.waits_ms.get(place) {
            Some(least) if least < most => below(*most),
            _ => *most,
        });
        let most = waits.fold(took_ms.saturating_mul(attempts as u64), u64::saturating_add);
        let least = self.least.elapsed_ms;
        if least == most {
            return print::span(least).to_string();
        }
        format!("{}-{}", print::span(least.min(most)), print::span(least.max(most)))
    }
}

/// A wait, from the least to the most.
fn range(least: u64, most: u64) -> String {
    match least.cmp(&most) {
        std::cmp::Ordering::Equal => print::span(least).to_string(),
        std::cmp::Ordering::Less => format!("{}-{}", print::span(least), print::span(below(most))),
        std::cmp::Ordering::Greater => format!("{}-{}", print::span(most), print::span(least)),
    }
}

/// What a wait stays just below that chance made as long as it can, before it was cut to whole milliseconds: the next
/// one, where that is the rounder number.
fn below(ms: u64) -> u64 {
    let next = ms.saturating_add(1);
    if next.is_multiple_of(5) { next } else { ms }
}

#[cfg(test)]
mod tests {
    use super::range;

    #[test]
    fn a_range_ends_at_the_round_number_it_stays_below() {
        assert_eq!(range(0, 999), "0s-1s");
        assert_eq!(range(0, 24), "0s-25ms");
        assert_eq!(range(2_000, 2_666), "2s-2s 666ms");
        assert_eq!(range(500, 375), "375ms-500ms");
        assert_eq!(range(2_000, 2_000), "2s");
        assert_eq!(range(999, 999), "999ms");
    }
}

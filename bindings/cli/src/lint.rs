//! `retriage lint`: what is wrong with files of your own, and what is legal but poor.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::PathBuf;

use clap::Args;
use retriage::Registry;
use retriage::source::{self, FIELDS, File, MESSAGE_FIELDS, PROFILE_FIELDS, Problem};
use serde::Serialize;
use serde::de::IgnoredAny;

use crate::loaded::{self, Text};
use crate::print::{self, QUIET};
use crate::{Failure, Verdict};

/// Check files of your own: catalogs, profiles, texts in other languages.
#[derive(Debug, Args)]
#[command(after_help = "\
What a file is shows in its fields. Catalogs are loaded together, with those of --catalog, so that they may extend and \
overlay each other; the texts of another language are held against them once they have no mistakes.

An error is what would keep the file from being loaded. A warning is of what is legal but poor: an entry without a text \
for operators or developers, a document without a date, a 5xx that is given up without a reason, a wait of no known \
length, words that no reason tells apart from those of the entry they replace.

Exit status: 0 without errors, 1 with errors or, with --deny warnings, with warnings, 2 for wrong usage.

Examples:
  retriage lint acme.json
  retriage lint catalogs/*.json --deny warnings
  retriage lint acme.json --json | jq '.[] | select(.level == \"error\")'")]
pub(crate) struct Lint {
    /// The files
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Count these as errors in the exit status
    #[arg(long, value_name = "WHAT", value_parser = ["warnings"])]
    deny: Option<String>,
    /// Print a JSON array of what was found: file, line, column, level, entry, field, message
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Level {
    Error,
    Warning,
}

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Catalog,
    Profile,
    Messages,
}

impl Kind {
    /// What most of a text's fields belong to; a catalog where nothing speaks for another.
    fn of(text: &str) -> Self {
        let members: BTreeMap<String, IgnoredAny> = serde_json::from_str(text).unwrap_or_default();
        let known = |fields: &[(&str, &[&str])], definition: &str| {
            let own = fields.iter().find(|(name, _)| *name == definition).map_or(&[][..], |(_, own)| own);
            members.keys().filter(|member| own.contains(&member.as_str())).count()
        };
        let catalog = known(FIELDS, "catalog");
        let profile = known(PROFILE_FIELDS, "profile");
        let messages = known(MESSAGE_FIELDS, "translation");
        if messages > catalog.max(profile) {
            Self::Messages
        } else if profile > catalog {
            Self::Profile
        } else {
            Self::Catalog
        }
    }
}

/// One thing that was found.
#[derive(Debug)]
struct Finding {
    level: Level,
    problem: Problem,
}

#[derive(Serialize)]
struct Wire<'f> {
    file: &'f str,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<u32>,
    level: Level,
    #[serde(skip_serializing_if = "str::is_empty")]
    entry: &'f str,
    #[serde(skip_serializing_if = "str::is_empty")]
    field: &'f str,
    message: &'f str,
}

impl Lint {
    pub(crate) fn run(self) -> Result<Verdict, Failure> {
        let mut findings = Vec::new();
        let mut texts: Vec<Text> = Vec::new();
        for file in &self.files {
            match Text::read_all(std::slice::from_ref(file)) {
                Ok(read) => texts.extend(read),
                Err(problems) => add(&mut findings, Level::Error, problems),
            }
        }
        check(&texts, &mut findings);
        let order = |finding: &Finding| {
            let file = self.files.iter().position(|file| file.display().to_string() == finding.problem.file);
            (file, finding.problem.place)
        };
        findings.sort_by_key(order);
        if self.json {
            write_json(&findings)?;
        } else {
            write(&findings)?;
        }
        let is_bad = |finding: &Finding| finding.level == Level::Error || self.deny.is_some();
        Ok(if findings.iter().any(is_bad) { Verdict::BadInput } else { Verdict::Fine })
    }
}

fn add(findings: &mut Vec<Finding>, level: Level, problems: Vec<Problem>) {
    findings.extend(problems.into_iter().map(|problem| Finding { level, problem }));
}

fn check(texts: &[Text], findings: &mut Vec<Finding>) {
    let of =
        |kind| -> Vec<File<'_>> { texts.iter().filter(|text| Kind::of(&text.text) == kind).map(Text::file).collect() };
    let own = of(Kind::Catalog);
    let before = loaded::texts().iter().filter(|text| own.iter().all(|file| file.name != text.name));
    let catalogs: Vec<File<'_>> = before.map(Text::file).chain(own.iter().copied()).collect();
    let registry = match Registry::lint(&catalogs) {
        Ok((registry, mut warnings)) => {
            warnings.retain(|warning| own.iter().any(|file| file.name == warning.file));
            add(findings, Level::Warning, warnings);
            Some(registry)
        }
        Err(problems) => {
            add(findings, Level::Error, problems);
            None
        }
    };
    if let Err(problems) = source::read_profiles(&of(Kind::Profile)) {
        add(findings, Level::Error, problems);
    }
    // Against catalogs with mistakes, every entry of theirs would count as one that there isn't.
    if let Some(Err(problems)) = registry.map(|registry| registry.with_locales(&of(Kind::Messages))) {
        add(findings, Level::Error, problems);
    }
}

fn write(findings: &[Finding]) -> io::Result<()> {
    let mut out = print::page();
    for Finding { level, problem } in findings {
        // The level comes after the place, where editors and CI look for it.
        let text = problem.to_string();
        let place = problem.place.map_or_else(String::new, |place| format!(":{}:{}", place.line, place.column));
        let place = format!("{}{place}", problem.file);
        let rest = text.strip_prefix(&place).unwrap_or(&text);
        let level = match level {
            Level::Error => print::styled(print::severity(retriage::vocabulary::Severity::Error), "error"),
            Level::Warning => print::styled(print::severity(retriage::vocabulary::Severity::Warning), "warning"),
        };
        writeln!(out, "{place}: {level}{rest}")?;
    }
    if print::terminal_width().is_some() {
        let errors = findings.iter().filter(|finding| finding.level == Level::Error).count();
        let text = format!("{errors} errors, {} warnings", findings.len() - errors);
        print::paragraph(&mut out, "", QUIET, &text)?;
    }
    out.flush()
}

fn write_json(findings: &[Finding]) -> io::Result<()> {
    let wire = |finding: &'_ Finding| {
        let Finding { level, problem } = finding;
        serde_json::to_value(Wire {
            file: &problem.file,
            line: problem.place.map(|place| place.line),
            column: problem.place.map(|place| place.column),
            level: *level,
            entry: &problem.entry,
            field: &problem.field,
            message: &problem.what,
        })
    };
    let all = findings.iter().map(wire).collect::<Result<Vec<_>, _>>()?;
    let mut out = io::BufWriter::new(io::stdout().lock());
    serde_json::to_writer(&mut out, &all)?;
    writeln!(out)?;
    out.flush()
}

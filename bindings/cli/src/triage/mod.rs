//! `retriage triage`: a day's log, counted by what its answers mean.

mod fields;
mod read;
mod report;
mod tally;
mod weblog;

use std::fmt;
use std::io::{self, IsTerminal, Write};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::{Args, ValueEnum};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use retriage::Catalog;

use crate::{Failure, Verdict, input, print};
use fields::Paths;
use read::Reading;
use report::{FileReport, Report};
use tally::Tally;

/// Count what failed in logs, whose fault it was, and what can be tried again.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Triage {
    /// The logs, packed with gzip or not; - is standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// What the lines are; found out for each file by its first lines unless given
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// How many of the most frequent entries to show
    #[arg(long, value_name = "N", default_value_t = 10)]
    top: usize,
    /// How many threads classify; all of the machine's unless given
    #[arg(long, value_name = "N")]
    threads: Option<NonZeroUsize>,
    /// Print one JSON object instead of a page
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    paths: PathArgs,
}

const AFTER_HELP: &str = "\
Lines can be the wire form (a question of `retriage answer`), JSON with fields of your own, or what web servers write \
in the common and combined formats. A field is a path of names joined by dots: http.status is the member status of \
the member http, or a member called http.status. Naming a field makes the lines JSON logs of your own, whose other \
fields are ignored; what isn't named is called as in the wire form.

--catalog with the id of a catalog says whose codes they are where a line doesn't, http unless given; with a FILE it \
loads a catalog.

Lines that can't be read are counted and skipped, and the first are shown. Memory stays the same however long the \
input is: a line may have 16 MiB, and counts are kept for each entry, not for each line. Redirects count as succeeded.

--json prints files, lines, skipped, bad_lines, succeeded, redirected, failed, failures (by_category, by_fault, \
by_retry, by_processed, by_retry_and_processed, by_method), entries and others, in the form that triage.schema.json \
of the package describes.

Exit status: 0 if every line was counted, 1 if one was skipped or a file could not be read, 2 for wrong usage.

Examples:
  retriage triage access.log access.log.1.gz
  retriage triage calls.ndjson --catalog redox --status-field res.status --body-field res.body
  zcat questions.ndjson.gz | retriage triage - --json | jq .failures.by_fault";

/// Where a JSON log has what.
#[derive(Debug, Args)]
#[command(next_help_heading = "Fields of a JSON log")]
struct PathArgs {
    /// The HTTP status, a number or digits
    #[arg(long, value_name = "PATH", value_parser = path)]
    status_field: Option<String>,
    /// The vendor's code, a number or a name
    #[arg(long, value_name = "PATH", value_parser = path)]
    code_field: Option<String>,
    /// What the client called the failure
    #[arg(long, value_name = "PATH", value_parser = path)]
    failure_field: Option<String>,
    /// The catalog
    #[arg(long, value_name = "PATH", value_parser = path)]
    catalog_field: Option<String>,
    /// The body of the answer, a text or JSON itself
    #[arg(long, value_name = "PATH", value_parser = path)]
    body_field: Option<String>,
    /// The method of the request, to count by
    #[arg(long, value_name = "PATH", value_parser = path)]
    method_field: Option<String>,
    /// When it was, for the first and last time an entry was seen
    #[arg(long, value_name = "PATH", value_parser = path)]
    time_field: Option<String>,
}

fn path(text: &str) -> Result<String, String> {
    if text.split('.').any(str::is_empty) {
        return Err("must be names joined by dots, such as http.status".to_owned());
    }
    Ok(text.to_owned())
}

impl PathArgs {
    fn any(&self) -> bool {
        let all = [
            &self.status_field,
            &self.code_field,
            &self.failure_field,
            &self.catalog_field,
            &self.body_field,
            &self.method_field,
            &self.time_field,
        ];
        all.into_iter().any(Option::is_some)
    }

    fn paths(&self) -> Paths<'_> {
        fn or<'p>(path: &'p Option<String>, name: &'static str) -> &'p str {
            path.as_deref().unwrap_or(name)
        }
        Paths {
            status: or(&self.status_field, "status"),
            code: or(&self.code_field, "code"),
            failure: or(&self.failure_field, "failure"),
            catalog: or(&self.catalog_field, "catalog"),
            body: or(&self.body_field, "body"),
            method: or(&self.method_field, "method"),
            time: or(&self.time_field, "time"),
        }
    }
}

/// What the lines of a file are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A question of the wire form a line
    Wire,
    /// A JSON object a line, with the fields named by the options
    Json,
    /// The common format of web servers
    Common,
    /// The same with the referrer and the user agent
    Combined,
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Wire => "wire",
            Self::Json => "json",
            Self::Common => "common",
            Self::Combined => "combined",
        })
    }
}

/// How lines are read.
#[derive(Clone, Copy, Debug)]
struct Settings<'p> {
    catalog: Catalog<'static>,
    /// The format, if it is not to be found out.
    format: Option<Format>,
    /// What a file is whose lines are JSON.
    json: Format,
    paths: Paths<'p>,
}

impl Triage {
    /// `catalog` is asked where a line names none.
    pub(crate) fn run(self, catalog: Catalog<'static>) -> Result<Verdict, Failure> {
        let settings = Settings {
            catalog,
            format: self.format,
            json: if self.paths.any() { Format::Json } else { Format::Wire },
            paths: self.paths.paths(),
        };
        let threads = self.threads.or_else(|| std::thread::available_parallelism().ok()).map_or(1, NonZeroUsize::get);
        let progress = self.progress();
        let mut tally = Tally::default();
        let mut files = Vec::new();
        for (place, file) in self.files.iter().enumerate() {
            let reading = match input::open(file).and_then(|raw| input::unpacked(progress.wrap_read(raw))) {
                Ok(input) => read::read(input, &settings, place, threads),
                Err(error) => Reading::failed(error.to_string()),
            };
            files.push(FileReport::new(file, &reading));
            tally.merge(reading.tally);
        }
        progress.finish_and_clear();
        for file in &files {
            if let Some(error) = &file.error {
                print::complain(format_args!("{}: {error}", file.name));
            }
        }
        let report = Report::new(files, &tally, self.top);
        if self.json {
            let mut out = io::BufWriter::new(io::stdout().lock());
            serde_json::to_writer(&mut out, &report).map_err(io::Error::from)?;
            writeln!(out)?;
            out.flush()?;
        } else {
            let mut out = print::page();
            report.write(&mut out)?;
            out.flush()?;
        }
        Ok(if report.is_whole() { Verdict::Fine } else { Verdict::BadInput })
    }

    /// A bar on a terminal: of the bytes that are read, packed as they are.
    fn progress(&self) -> ProgressBar {
        if !io::stderr().is_terminal() {
            return ProgressBar::hidden();
        }
        let size = |file: &Path| file.metadata().ok().filter(std::fs::Metadata::is_file).map(|metadata| metadata.len());
        let total: Option<u64> = self.files.iter().map(|file| size(file)).sum();
        let template = match total {
            Some(_) => "{wide_bar} {percent:>3} %  {bytes} of {total_bytes}, {bytes_per_sec}, {eta} to go",
            None => "{spinner} {bytes}, {bytes_per_sec}",
        };
        let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
        let bar = ProgressBar::with_draw_target(total, ProgressDrawTarget::stderr()).with_style(style);
        bar.enable_steady_tick(Duration::from_millis(200));
        bar
    }
}

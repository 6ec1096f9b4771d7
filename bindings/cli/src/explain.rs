//! `retriage explain`: one answer of an API, as a page for a person.

use std::fs::File;
use std::io::{self, Read, Write};

use clap::Args;
use retriage::vocabulary::{Audience, Field, HintState, Match, Mode};
use retriage::{BODY_LIMIT, Catalog, Classification, Code, Details, Evidence, Fields, Found, Reason, Value};

use crate::input::STDIN;
use crate::loaded::{self, Languages};
use crate::print::{self, PLAIN, QUIET, STRONG, WORD, styled};
use crate::values::{self, CatalogParser, word};
use crate::{Failure, Verdict, usage};

/// Explain one answer of an API: what it means, whose fault it is, and what to do.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  retriage explain redox 401 --body 'Invalid source secret'
  retriage explain http 503 --header 'Retry-After: 120'
  retriage explain updox 200 --body @answer.json
  retriage explain http --failure ECONNRESET
  curl -s https://api.example.com/ | retriage explain revio 400 --body - --json")]
pub(crate) struct Explain {
    /// Whose codes they are
    #[arg(value_parser = CatalogParser)]
    catalog: Catalog<'static>,
    /// The HTTP status, if one came
    #[arg(value_parser = clap::value_parser!(u16))]
    status: Option<u16>,
    /// The vendor's code, a number or a name, if it isn't in the body or a header
    #[arg(long, value_name = "CODE", allow_hyphen_values = true)]
    code: Option<String>,
    /// What the client called the failure: ECONNRESET, curl:28, requests.exceptions.ConnectTimeout
    #[arg(long, value_name = "NAME")]
    failure: Option<String>,
    /// A header of the answer; may be given more than once
    #[arg(long = "header", short = 'H', value_name = "NAME: VALUE", value_parser = values::header)]
    headers: Vec<(String, String)>,
    /// The body of the answer: the text itself, @FILE, or - for standard input
    ///
    /// The bytes of a file and of standard input are taken as they are; they need not be UTF-8. A text that begins
    /// with @, or is nothing but -, goes through standard input.
    #[arg(long, value_name = "TEXT|@FILE|-", allow_hyphen_values = true)]
    body: Option<String>,
    /// The control id (MSH-10) of the HL7 message that was sent; an acknowledgement of another one proves nothing
    #[arg(long, value_name = "ID")]
    control_id: Option<String>,
    /// How the request was sent
    #[arg(long, value_parser = word!(Mode))]
    mode: Option<Mode>,
    /// When the answer came, for hints that are dates: 2026-11-21T20:40:00Z, milliseconds since 1970, or now
    #[arg(long, value_name = "TIME", value_parser = values::time, allow_hyphen_values = true)]
    now: Option<i64>,
    /// Print the wire form
    #[arg(long)]
    json: bool,
}

impl Explain {
    /// `languages` are those the texts are wished in, the first wish first.
    pub(crate) fn run(self, languages: &Languages) -> Result<Verdict, Failure> {
        let given = self.status.is_some()
            || self.code.is_some()
            || self.failure.is_some()
            || self.body.is_some()
            || !self.headers.is_empty();
        if !given {
            let message = "there is nothing to explain: give a STATUS, --code, --failure, --header or --body \
                           (an answer without anything is --body '')";
            return Err(usage("explain", message));
        }
        let body = self
            .body
            .as_deref()
            .map(read_body)
            .transpose()
            .map_err(|message| usage("explain", format_args!("invalid value for '--body': {message}")))?;
        let headers: Vec<(&str, &str)> = self.headers.iter().map(|(name, value)| (&**name, &**value)).collect();
        let mut classification = self.catalog.classify(&Evidence {
            status: self.status,
            code: self.code.as_deref().map(Code::Name),
            failure: self.failure.as_deref(),
            headers: &headers,
            body: body.as_deref(),
            control_id: self.control_id.as_deref(),
            mode: self.mode,
            now_ms: self.now,
            ..Evidence::default()
        });
        // The wire form is for programs, and the same wherever they run.
        let wishes = if self.json { languages.asked() } else { languages.wished() };
        classification.locale = loaded::registry().locale(&wishes);
        if self.json {
            writeln!(io::stdout().lock(), "{}", classification.to_json())?;
        } else {
            let mut out = print::page();
            write(&mut out, &classification)?;
            out.flush()?;
        }
        Ok(Verdict::Fine)
    }
}

/// The bytes of a body; of one that is longer than the core reads, just enough to show that it is.
fn read_body(argument: &str) -> Result<Vec<u8>, String> {
    let read = |input: &mut dyn Read| {
        let mut bytes = Vec::new();
        input.take(BODY_LIMIT as u64 + 1).read_to_end(&mut bytes).map(|_| bytes)
    };
    if argument == STDIN {
        return read(&mut io::stdin().lock()).map_err(|error| format!("standard input: {error}"));
    }
    match argument.strip_prefix('@') {
        Some("") => Err("a file's name must follow the @; a text that begins with it can be read from -".to_owned()),
        Some(name) => File::open(name).and_then(|mut file| read(&mut file)).map_err(|error| format!("{name}: {error}")),
        None => Ok(argument.as_bytes().to_vec()),
    }
}

/// The page.
fn write(out: &mut impl Write, classification: &Classification<'_>) -> io::Result<()> {
    write_title(out, classification)?;
    write_words(out, classification)?;
    if let Some(remedy) = classification.remedy() {
        print::heading(out, "What to do")?;
        print::paragraph(out, "  ", PLAIN, remedy)?;
    }
    print::heading(out, "What to tell")?;
    let messages = classification.messages();
    for audience in Audience::ALL {
        let english = if messages.is_fallback(*audience) { "  in English" } else { "" };
        writeln!(out, "  {}{}", styled(WORD, audience), styled(QUIET, english))?;
        print::paragraph(out, "    ", PLAIN, messages.get(*audience))?;
    }
    write_hint(out, classification)?;
    if let Some(details) = &classification.details {
        write_details(out, details)?;
    }
    write_because(out, classification)
}

fn write_title(out: &mut impl Write, classification: &Classification<'_>) -> io::Result<()> {
    let title = classification.title().unwrap_or("Nothing is known of this answer");
    print::paragraph(out, "", print::severity(classification.severity()), title)?;
    let asked = classification.catalog;
    let owner = classification.entry.map_or(asked, |entry| entry.catalog());
    let of = if owner == asked {
        format!("{}, as of {}", owner.name(), owner.as_of())
    } else {
        format!("{}, as of {}, asked by way of {}", owner.name(), owner.as_of(), asked.id())
    };
    match classification.entry {
        Some(entry) => writeln!(out, "{}  {}", styled(WORD, entry.id()), styled(QUIET, of)),
        None => writeln!(out, "{}", styled(QUIET, of)),
    }
}

/// The words, each with what it means.
fn write_words(out: &mut impl Write, classification: &Classification<'_>) -> io::Result<()> {
    let words = classification.words;
    let rows = [
        ("What it is", words.category.as_str(), words.category.meaning()),
        ("Whose fault", words.fault.as_str(), words.fault.meaning()),
        ("Took effect", words.processed.as_str(), words.processed.meaning()),
        ("Trying again", words.retry.as_str(), words.retry.meaning()),
        ("How final", words.finality.as_str(), words.finality.meaning()),
        ("Severity", words.severity.as_str(), words.severity.meaning()),
        ("A delay holds", words.scope.as_str(), words.scope.meaning()),
        ("gRPC code", words.canonical.as_str(), words.canonical.meaning()),
        ("Found by", classification.found.as_str(), classification.found.meaning()),
    ];
    writeln!(out)?;
    let longest = |text: fn(&(&'static str, &'static str, &'static str)) -> &'static str| {
        rows.iter().map(|row| text(row).len()).max().unwrap_or_default()
    };
    let (label_width, word_width) = (longest(|row| row.0), longest(|row| row.1));
    let other = " ".repeat(2 + label_width + 2 + word_width + 2);
    for (label, word, meaning) in rows {
        let label = styled(QUIET, format_args!("{label:label_width$}")).to_string();
        let gap = " ".repeat(word_width - word.len());
        let first = format!("  {label}  {}{gap}  ", styled(STRONG, word));
        print::hanging(out, &first, &other, PLAIN, meaning)?;
    }
    Ok(())
}

/// What the server said about when to try again, or what the catalog says where it said nothing.
fn write_hint(out: &mut impl Write, classification: &Classification<'_>) -> io::Result<()> {
    let wait = classification.entry.and_then(|entry| entry.wait_ms());
    let Some(hint) = classification.hint() else {
        if let Some(wait) = wait {
            print::heading(out, "When")?;
            let text = format!("The server didn't say; the catalog's own window is {}.", print::span(wait));
            print::paragraph(out, "  ", PLAIN, &text)?;
        }
        return Ok(());
    };
    print::heading(out, "The server's hint")?;
    let text = match hint.delay_ms {
        Some(delay) => format!("wait {} ({}, {delay} ms)", print::span(delay), hint.from),
        None => format!("{} ({}): {}", hint.state, hint.from, hint.state.meaning()),
    };
    print::paragraph(out, "  ", PLAIN, &text)?;
    if hint.state == HintState::NeedsNow {
        print::paragraph(out, "  ", QUIET, "Give --now with the time of the answer to have the delay.")?;
    }
    Ok(())
}

/// The mark of text that is the response's and not retriage's.
const QUOTED: &str = "  │ ";

fn write_details(out: &mut impl Write, details: &Details<'_>) -> io::Result<()> {
    print::heading(out, "What the response says")?;
    print::paragraph(out, "  ", QUIET, "In its own words, which retriage passes on and doesn't vouch for:")?;
    if let Some(format) = details.format {
        write_quoted(out, "", "format", format)?;
    }
    write_fields(out, "", &details.fields)?;
    if let Some(reason) = &details.reason {
        write_quoted(out, "", "reason", reason)?;
    }
    if let Some(location) = details.location {
        write_quoted(out, "", "location", location)?;
    }
    for (place, error) in details.errors.iter().enumerate() {
        writeln!(out, "{}{}", styled(QUIET, QUOTED), styled(STRONG, format_args!("error {}", place + 1)))?;
        write_fields(out, "  ", error)?;
    }
    if details.omitted > 0 {
        writeln!(out, "{}and {} more", styled(QUIET, QUOTED), details.omitted)?;
    }
    Ok(())
}

fn write_fields(out: &mut impl Write, indent: &str, fields: &Fields<'_>) -> io::Result<()> {
    for field in Field::ALL {
        if let Some(value) = fields.get(*field) {
            write_quoted(out, indent, field.as_str(), &shown(value))?;
        }
    }
    Ok(())
}

fn shown<'v>(value: &'v Value<'_>) -> std::borrow::Cow<'v, str> {
    match value {
        Value::Text(text) => text.as_ref().into(),
        Value::Integer(number) => number.to_string().into(),
        Value::Unsigned(number) => number.to_string().into(),
        Value::Float(number) => number.to_string().into(),
        Value::Bool(truth) => truth.to_string().into(),
    }
}

/// A name and a text of the response, each line behind the mark.
fn write_quoted(out: &mut impl Write, indent: &str, name: &str, text: &str) -> io::Result<()> {
    let mark = styled(QUIET, QUOTED).to_string();
    let blank = format!("{mark}{indent}{:9} ", "");
    let mut first = format!("{mark}{indent}{} ", styled(QUIET, format_args!("{name:9}")));
    // Its own lines stay lines; everything else that could act on a terminal is only shown.
    for line in text.lines() {
        print::hanging(out, &first, &blank, PLAIN, &print::harmless(line))?;
        first.clone_from(&blank);
    }
    Ok(())
}

/// The steps, numbered, each with its source.
fn write_because(out: &mut impl Write, classification: &Classification<'_>) -> io::Result<()> {
    print::heading(out, "Because")?;
    for (place, reason) in classification.because.iter().enumerate() {
        let number = format!("{:>3}. ", place + 1);
        print::hanging(out, &number, "     ", PLAIN, &step(reason))?;
        if let Some(entry) = reason.entry {
            print::paragraph(out, "     ", QUIET, &entry.source().to_string())?;
        }
    }
    let judgement = classification.entry.and_then(|entry| entry.why());
    if let Some(why) = judgement {
        print::paragraph(out, "     ", QUIET, &format!("A judgement: {why}"))?;
    }
    if classification.found == Match::Range && classification.entry.is_some_and(|entry| entry.is_usual()) {
        print::paragraph(out, "     ", QUIET, "The document says that this is usually so.")?;
    }
    Ok(())
}

/// What a step looked at, what it found and where that led.
fn step(reason: &Reason<'_>) -> String {
    let meaning = reason.step.meaning().trim_end_matches('.');
    let found = match reason.found {
        // The entry says it already.
        Found::Nothing | Found::Listed => String::new(),
        Found::Status(status) => format!(": {status}"),
        Found::Unlisted => ": one the catalog doesn't list".to_owned(),
        Found::Contradiction => ": it contradicts the status and isn't believed".to_owned(),
        Found::Body(unreadable) => format!(": {}", unreadable.meaning().trim_end_matches('.')),
        Found::Mode(mode) => format!(": {mode}"),
        Found::Hint(source) => format!(": {source}"),
    };
    match reason.entry {
        Some(entry) => format!("{meaning}{found} → {}", entry.id()),
        None => format!("{meaning}{found}."),
    }
}

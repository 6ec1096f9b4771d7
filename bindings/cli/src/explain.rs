//! `retriage explain`: one answer of an API, as a page for a person.

use std::io::{self, Write};

use clap::Args;
use retriage::vocabulary::{Audience, ErrorKind, Field, HintState, Match};
use retriage::{Attempt, Budget, Catalog, Classification, Details, Fields, Found, Reason, State, Value};

use crate::given::{Request, Response};
use crate::loaded::{self, Languages};
use crate::print::{self, PLAIN, QUIET, STRONG, WORD, styled};
use crate::values::{self, CatalogParser, Chosen, ProfileParser};
use crate::{Failure, Verdict, chance, decision, usage};

/// Explain one answer of an API: what it means, whose fault it is, and what to do next and when.
#[derive(Debug, Args)]
#[command(after_help = "\
The page ends with what to do next, by the profile standard unless another is named. Where chance has a part in the \
wait and no --random is given, a number is drawn, and the page says which. With --json the decision is there where \
one of the options for it is given; a number that was drawn for it is told on standard error.

Examples:
  retriage explain redox 401 --body 'Invalid source secret'
  retriage explain http 503 --header 'Retry-After: 120' --method GET --attempt 2
  retriage explain updox 200 --body @answer.json
  retriage explain http --failure ECONNRESET --method POST --idempotent
  retriage explain http 429 --profile aws-standard --method GET
  curl -s https://api.example.com/ | retriage explain revio 400 --body - --json")]
pub(crate) struct Explain {
    /// Whose codes they are
    #[arg(value_parser = CatalogParser)]
    catalog: Catalog<'static>,
    /// The HTTP status, if one came
    #[arg(value_parser = clap::value_parser!(u16))]
    status: Option<u16>,
    /// What the client called the failure: ECONNRESET, curl:28, requests.exceptions.ConnectTimeout
    #[arg(long, value_name = "NAME")]
    failure: Option<String>,
    #[command(flatten)]
    response: Response,
    /// Print the wire form
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    decide: Decide,
}

/// What a decision is made by.
#[derive(Debug, Args)]
#[command(next_help_heading = "For the decision")]
struct Decide {
    /// Who decides: a profile's id (see `retriage profiles`), @FILE, or JSON that may extend one [default: standard]
    #[arg(long, value_name = "ID|@FILE|JSON", value_parser = ProfileParser, hide_possible_values = true)]
    profile: Option<Chosen>,
    /// The method of the request; without it, repeating isn't known to be safe
    #[arg(long)]
    method: Option<String>,
    #[command(flatten)]
    request: Request,
    /// Which attempt it was [default: 1, the first]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..), allow_negative_numbers = true)]
    attempt: Option<u32>,
    /// How long ago the first attempt began: 90s, 2m 30s, or a number of milliseconds [default: 0]
    #[arg(long, value_name = "SPAN", value_parser = values::span)]
    elapsed: Option<u64>,
    /// The random number for the jitter, from 0 up to but not including 1, instead of one that is drawn
    #[arg(long, value_name = "NUMBER", allow_negative_numbers = true)]
    random: Option<f64>,
    /// What the last decision on this request gave back as its state
    #[arg(long, value_name = "JSON", value_parser = retriage::parse_state)]
    state: Option<State>,
    /// What the last decision on this destination gave back as its budget
    #[arg(long, value_name = "JSON", value_parser = retriage::parse_budget)]
    budget: Option<Budget>,
}

impl Decide {
    /// Whether any of it is given.
    fn is_asked(&self) -> bool {
        let Self { profile, method, request, attempt, elapsed, random, state, budget } = self;
        let Request { idempotent, verified, environment } = request;
        profile.is_some()
            || method.is_some()
            || idempotent.is_some()
            || verified.is_some()
            || environment.is_some()
            || attempt.is_some()
            || elapsed.is_some()
            || random.is_some()
            || state.is_some()
            || budget.is_some()
    }

    fn attempt(&self, random: Option<f64>) -> Attempt<'_> {
        Attempt {
            number: self.attempt.unwrap_or(1),
            elapsed_ms: self.elapsed.unwrap_or(0),
            random,
            state: self.state.unwrap_or_default(),
            budget: self.budget,
            ..self.request.attempt(self.method.as_deref())
        }
    }
}

impl Explain {
    /// `languages` are those the texts are wished in, the first wish first.
    pub(crate) fn run(self, languages: &Languages) -> Result<Verdict, Failure> {
        if self.status.is_none() && self.failure.is_none() && self.response.is_empty() {
            let message = "there is nothing to explain: give a STATUS, --code, --failure, --header or --body \
                           (an answer without anything is --body '')";
            return Err(usage("explain", message));
        }
        let came = self.response.read("explain")?;
        let evidence = came.evidence(self.status, self.failure.as_deref());
        let mut classification = self.catalog.classify(&evidence);
        // The wire form is for programs, and the same wherever they run.
        let wishes = if self.json { languages.asked() } else { languages.wished() };
        classification.locale = loaded::registry().locale(&wishes);
        if self.json && !self.decide.is_asked() {
            writeln!(io::stdout().lock(), "{}", classification.to_json())?;
            return Ok(Verdict::Fine);
        }
        let standard = Chosen::standard();
        let chosen = self.decide.profile.as_ref().unwrap_or(&standard);
        let drawn = match self.decide.random {
            None if chosen.profile().is_jittered() => Some(chance::number().map_err(|error| {
                usage("explain", format_args!("this machine gives no random number ({error}); give --random"))
            })?),
            _ => None,
        };
        let attempt = self.decide.attempt(self.decide.random.or(drawn));
        let decided = classification.decide(&evidence, &attempt, chosen.profile());
        if let Err(error) = &decided
            && error.kind != ErrorKind::NeedsNow
        {
            return Err(usage("explain", values::refusal(error)));
        }
        // What is told of a number that had no part in the decision would only puzzle.
        let drawn = drawn.filter(|_| decided.as_ref().is_ok_and(decision::is_by_chance));
        if self.json {
            let (json, verdict) = match &decided {
                Ok(decision) => (decision.to_json(&classification), Verdict::Fine),
                Err(error) => (error.to_json(), Verdict::BadInput),
            };
            writeln!(io::stdout().lock(), "{json}")?;
            if let Some(drawn) = drawn {
                print::note(decision::drawn(drawn));
            }
            return Ok(verdict);
        }
        let mut out = print::page();
        write(&mut out, &classification)?;
        print::heading(&mut out, format_args!("What to do next, by {chosen}"))?;
        match &decided {
            Ok(decision) => decision::write(&mut out, &attempt, decision, drawn)?,
            Err(error) => print::paragraph(&mut out, "  ", PLAIN, &values::refusal(error))?,
        }
        out.flush()?;
        Ok(Verdict::Fine)
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
    print::meanings(out, &rows)
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

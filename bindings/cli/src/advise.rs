//! `retriage advise`: which status or acknowledgement to answer a sender with.

use std::io::{self, Write};

use clap::{ArgGroup, Args};
use retriage::vocabulary::{Environment, Intent, Warning};
use retriage::{Advice, Answer, Catalog, Question, Reply};
use serde_json::json;

use crate::print::{self, PLAIN, QUIET, STRONG, WORD, styled};
use crate::values::{CatalogParser, word};
use crate::{Failure, Verdict, loaded, usage};

/// Say which status or acknowledgement to answer a sender with, and what the sender makes of it.
#[derive(Debug, Args)]
#[command(after_help = "\
For whoever receives messages. With --intent the page says what to answer; with --status or --code what the sender \
would make of that answer; with both, whether they agree.

Examples:
  retriage advise redox --intent non-critical --environment production
  retriage advise redox --intent critical --status 202
  retriage advise hl7v2 --intent duplicate
  retriage advise hl7v2 --code AR")]
#[command(group(ArgGroup::new("asked").required(true).multiple(true)))]
pub(crate) struct Advise {
    /// Whose senders they are
    #[arg(value_parser = CatalogParser)]
    catalog: Catalog<'static>,
    /// What you want the sender to do, or what happened to the message
    #[arg(long, group = "asked", value_parser = word!(Intent))]
    intent: Option<Intent>,
    /// The status that you mean to answer
    #[arg(long, group = "asked")]
    status: Option<u16>,
    /// The acknowledgement that you mean to answer, such as AE
    #[arg(long, group = "asked", value_name = "CODE", conflicts_with = "status")]
    code: Option<String>,
    /// Where it runs
    #[arg(long, value_parser = word!(Environment), default_value = Environment::Production.as_str())]
    environment: Environment,
    /// Print the wire form: what `{"ask":"advise"}` is answered with
    #[arg(long)]
    json: bool,
}

impl Advise {
    pub(crate) fn run(self) -> Result<Verdict, Failure> {
        let question = json!({
            "ask": "advise", "catalog": self.catalog.id(), "intent": self.intent, "status": self.status,
            "code": self.code, "environment": self.environment,
        });
        // The wire form knows what can't be asked.
        let question = question.to_string();
        let answer = Question::parse_in(loaded::registry(), &question).and_then(|question| question.answer());
        let answer = answer.map_err(|error| {
            let argument = if error.at == "/catalog" { "<CATALOG>" } else { "--intent <INTENT>" };
            usage("advise", format_args!("invalid value for '{argument}': {}", error.message))
        })?;
        let status = self.status.map(Reply::Status);
        let reply = self.code.as_deref().map(Reply::Code).or(status);
        match self.catalog.advise(self.intent, reply, self.environment) {
            Some(advice) if !self.json => {
                let mut out = print::page();
                write(&mut out, &advice, self.intent, reply)?;
                out.flush()?;
            }
            _ => writeln!(io::stdout().lock(), "{answer}")?,
        }
        Ok(Verdict::Fine)
    }
}

/// The page.
fn write(
    out: &mut impl Write,
    advice: &Advice<'_>,
    intent: Option<Intent>,
    reply: Option<Reply<'_>>,
) -> io::Result<()> {
    let catalog = advice.catalog;
    print::paragraph(out, "", STRONG, &format!("What to answer a sender: {}", catalog.name()))?;
    let of = format!("{} ({})", catalog.id(), advice.environment);
    writeln!(out, "{}  {}", styled(WORD, of), styled(QUIET, format_args!("as of {}", catalog.as_of())))?;
    if let (Some(intent), Some(advised)) = (intent, advice.advised) {
        writeln!(out)?;
        print::meanings(out, &[("You say", intent.as_str(), intent.meaning())])?;
        print::heading(out, format_args!("Answer {}", name(&advised)))?;
        write_answer(out, &advised)?;
    }
    if let Some(reply) = reply {
        let name = match reply {
            Reply::Status(status) => status.to_string(),
            Reply::Code(code) => print::harmless(code).into_owned(),
        };
        print::heading(out, format_args!("If you answer {name}"))?;
        match advice.received {
            Some(received) => write_answer(out, &received)?,
            None => print::paragraph(out, "  ", PLAIN, Warning::Undefined.meaning())?,
        }
    }
    let warnings: Vec<Warning> = advice.warnings().collect();
    if !warnings.is_empty() {
        print::heading(out, "Warnings")?;
        let rows: Vec<_> = warnings.iter().map(|warning| ("!", warning.as_str(), warning.meaning())).collect();
        print::meanings(out, &rows)?;
    }
    Ok(())
}

/// What is answered: `200`, `AE`, `AR with ERR-3 207`.
fn name(answer: &Answer<'_>) -> String {
    let status = answer.statuses().map(|(status, _)| status.to_string());
    let name = answer.code().map(str::to_owned).or(status).unwrap_or_default();
    match answer.error_code() {
        Some(error) => format!("{name} with ERR-3 {error}"),
        None => name,
    }
}

fn write_answer(out: &mut impl Write, answer: &Answer<'_>) -> io::Result<()> {
    print::paragraph(out, "  ", PLAIN, answer.title())?;
    let sender = answer.sender();
    let mut rows = vec![("The sender", sender.as_str(), sender.meaning())];
    rows.extend(answer.remedy().map(|remedy| ("What to do", "", remedy)));
    let source = answer.source().to_string();
    rows.push(("Source", "", &source));
    rows.extend(answer.why().map(|why| ("A judgement", "", why)));
    print::meanings(out, &rows)
}

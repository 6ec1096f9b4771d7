//! `retriage limits`: the numbers that a catalog's documents state.

use std::io::{self, Write};

use clap::Args;
use retriage::{Catalog, Limit};

use crate::loaded;
use crate::print::{self, PLAIN, QUIET, STRONG, WORD, styled};
use crate::values::CatalogParser;
use crate::{Failure, Verdict};

/// Show the limits that the documents of a catalog state: sizes, rates, times, each with its date.
#[derive(Debug, Args)]
#[command(after_help = "\
Vendors move their limits, so each carries the date of the document that states it.

Examples:
  retriage limits redox
  retriage limits redox --json")]
pub(crate) struct Limits {
    /// The catalog to ask
    #[arg(value_parser = CatalogParser)]
    catalog: Catalog<'static>,
    /// Print the wire form: what `{"ask":"limits"}` is answered with
    #[arg(long)]
    json: bool,
}

impl Limits {
    pub(crate) fn run(self) -> Result<Verdict, Failure> {
        if self.json {
            let question = serde_json::json!({ "ask": "limits", "catalog": self.catalog.id() });
            writeln!(io::stdout().lock(), "{}", loaded::registry().answer(&question.to_string()))?;
            return Ok(Verdict::Fine);
        }
        let mut out = print::page();
        writeln!(out, "{}", styled(STRONG, format_args!("Limits of {}", self.catalog.name())))?;
        if self.catalog.limits().next().is_none() {
            print::paragraph(&mut out, "  ", PLAIN, "Its documents state none.")?;
        }
        for limit in self.catalog.limits() {
            write(&mut out, limit)?;
        }
        out.flush()?;
        Ok(Verdict::Fine)
    }
}

fn write(out: &mut impl Write, limit: Limit<'_>) -> io::Result<()> {
    writeln!(out, "\n  {}  {}", styled(STRONG, limit.title()), styled(WORD, limit.key()))?;
    print::paragraph(out, "    ", PLAIN, &amount(limit))?;
    if let Some(text) = limit.text() {
        print::paragraph(out, "    ", PLAIN, text)?;
    }
    if let Some(why) = limit.why() {
        print::paragraph(out, "    ", QUIET, &format!("A judgement: {why}"))?;
    }
    print::paragraph(out, "    ", QUIET, &limit.source().to_string())
}

/// The number with what it counts: `about 7500 requests per ip in any 5m`.
pub(crate) fn amount(limit: Limit<'_>) -> String {
    let number = match (limit.value(), limit.min(), limit.max()) {
        (Some(value), _, _) => value.to_owned(),
        (None, Some(min), Some(max)) => format!("{min} to {max}"),
        (None, Some(min), None) => format!("at least {min}"),
        (None, None, Some(max)) => format!("at most {max}"),
        (None, None, None) => "an unstated number of".to_owned(),
    };
    let is_bound = limit.value().is_none() && (limit.min().is_none() || limit.max().is_none());
    let about = if limit.is_approximate() && !is_bound { "about " } else { "" };
    let mut text = format!("{about}{number} {}", limit.unit());
    if let Some(per) = limit.per() {
        text += &format!(" per {per}");
    }
    if let Some(window) = limit.window_ms() {
        let window = print::span(window);
        text += &match limit.rolling() {
            Some(true) => format!(" in any {window}, rolling"),
            Some(false) => format!(" in each fixed {window}"),
            None => format!(" in {window}"),
        };
    }
    text
}

#[cfg(test)]
mod tests {
    use super::amount;

    #[test]
    fn an_amount_says_what_it_counts() {
        let redox = retriage::catalog("redox").expect("built in");
        let amount_of = |key: &str| redox.limits().find(|limit| limit.key() == key).map(amount);
        assert_eq!(amount_of("rate").as_deref(), Some("7500 requests per ip in any 5m, rolling"));
        assert_eq!(amount_of("request_timeout").as_deref(), Some("about 2 minutes per request"));
        assert_eq!(amount_of("first_retry").as_deref(), Some("at least 2 seconds per destination"));
        assert_eq!(amount_of("retry_wait").as_deref(), Some("about 60 to 120 seconds per destination"));
    }
}

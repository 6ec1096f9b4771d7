//! `retriage new`: a small catalog to start from.

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::PathBuf;

use clap::Args;
use retriage::Catalog;
use retriage::source::File;

use crate::loaded::{self, Text};
use crate::values::CatalogParser;
use crate::{Failure, Verdict, usage};

/// Write a small catalog to start from, which shows by example what each field is for.
#[derive(Debug, Args)]
#[command(after_help = "\
It is the catalog of a vendor that doesn't exist, and lints clean. Put what your vendor's document says in its place.

Examples:
  retriage new acme -o acme.json
  retriage lint acme.json
  retriage --catalog acme.json explain acme 429")]
pub(crate) struct New {
    /// The id of the catalog: a lower-case letter, then letters, digits and hyphens
    id: String,
    /// The catalog that is asked next where this one has no entry
    #[arg(long, value_name = "CATALOG", value_parser = CatalogParser, default_value = "http", hide_possible_values = true)]
    extends: Catalog<'static>,
    /// Write it to a file that isn't there yet instead of standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

const TEMPLATE: &str = include_str!("new.json");

impl New {
    pub(crate) fn run(self) -> Result<Verdict, Failure> {
        let quoted = |text: &str| serde_json::Value::from(text).to_string();
        let text = TEMPLATE
            .replace("@ID@", &quoted(&self.id))
            .replace("@NAME@", &quoted(&name(&self.id)))
            .replace("@EXTENDS@", &quoted(self.extends.id()));
        let new = File { name: &self.id, text: &text };
        let files: Vec<File<'_>> = loaded::texts().iter().map(Text::file).chain([new]).collect();
        if let Err(problems) = retriage::Registry::load(&files) {
            let what: Vec<String> =
                problems.iter().map(|problem| format!("{}: {}", problem.field, problem.what)).collect();
            return Err(usage("new", format_args!("invalid value '{}' for '<ID>': {}", self.id, what.join("; "))));
        }
        let Some(path) = self.output else {
            io::stdout().write_all(text.as_bytes())?;
            return Ok(Verdict::Fine);
        };
        let file = OpenOptions::new().write(true).create_new(true).open(&path);
        let mut file = file.map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => {
                usage("new", format_args!("{}: exists already and is not overwritten", path.display()))
            }
            _ => usage("new", format_args!("{}: {error}", path.display())),
        })?;
        file.write_all(text.as_bytes())?;
        Ok(Verdict::Fine)
    }
}

/// A name to begin with: `acme-pay` is Acme pay.
fn name(id: &str) -> String {
    let mut letters = id.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(letters).map(|letter| if letter == '-' { ' ' } else { letter }).collect()
}

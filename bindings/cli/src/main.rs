//! `retriage`: the core on the command line. Each command is a module; what they share stands in `input`, `print`
//! and `values`.
#![forbid(unsafe_code)]

mod advise;
mod answer;
mod chance;
mod codes;
mod compare;
mod completions;
mod decision;
mod docs;
mod explain;
mod given;
mod input;
mod limits;
mod lint;
mod loaded;
mod new;
mod print;
mod profiles;
mod simulate;
mod timeline;
mod triage;
mod values;

use std::io;
use std::process::ExitCode;

use clap::builder::TypedValueParser;
use clap::error::ErrorKind;
use clap::{CommandFactory, Parser, Subcommand};
use loaded::Languages;
use retriage::Catalog;
use retriage::source::Problem;

/// What an API's answer means, whose fault it is, whether the request took effect, and whether and when to try again.
#[derive(Debug, Parser)]
#[command(name = "retriage", version, arg_required_else_help = true, after_help = AFTER_HELP, max_term_width = 100)]
#[command(mut_arg("color", |color| color.help("When to use colour").display_order(100)))]
struct Cli {
    #[command(flatten)]
    color: colorchoice_clap::Color,
    /// A catalog of your own besides the built-in ones: its JSON file; may be given more than once
    ///
    /// Its name ends in .json or has a slash in it; for triage, simulate and compare anything else is the id of the
    /// catalog that is asked. Files may extend and overlay each other. Where one has a mistake nothing is loaded.
    #[arg(long = "catalog", id = "catalogs", global = true, value_name = "FILE", display_order = 98)]
    catalogs: Vec<String>,
    /// Texts for people in a language of your own: their JSON file; may be given more than once
    ///
    /// It is laid out like codes/messages/es.json of the source, and stands in for a built-in one of the same tag.
    #[arg(long, global = true, value_name = "FILE", display_order = 98)]
    messages: Vec<String>,
    /// The languages to tell people in, the first wish first: es-MX,pt; that of the environment unless given
    #[arg(long, global = true, value_name = "TAG", value_delimiter = ',', display_order = 99)]
    locale: Vec<String>,
    #[command(subcommand)]
    command: Command,
}

const AFTER_HELP: &str = "\
Examples:
  retriage explain redox 401 --body 'Invalid source secret'
  retriage explain http 503 --header 'Retry-After: 120' --method GET --attempt 2
  retriage codes updox --filter fax
  retriage answer < questions.ndjson
  retriage triage access.log.gz
  retriage simulate --profile aws-standard --status 503 --svg waits.svg
  retriage compare standard urllib3
  retriage advise redox --intent non-critical
  retriage new acme -o acme.json
  retriage lint acme.json
  retriage --catalog acme.json explain acme 429

Exit status:
  0  all went well
  1  some input was bad or could not be read; the rest was done
  2  the command line was wrong";

#[derive(Debug, Subcommand)]
enum Command {
    Explain(explain::Explain),
    Codes(codes::Codes),
    Limits(limits::Limits),
    Answer(answer::Answer),
    Triage(triage::Triage),
    Profiles(profiles::Profiles),
    Simulate(simulate::Simulate),
    Compare(compare::Compare),
    Advise(advise::Advise),
    Lint(lint::Lint),
    New(new::New),
    Docs(docs::Docs),
    Completions(completions::Completions),
}

/// How a command ended that did its work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    Fine,
    /// Some input was bad; it is named in the output or on standard error.
    BadInput,
}

/// Why a command could not do its work.
#[derive(Debug)]
enum Failure {
    /// The arguments are wrong in a way that shows only when they are used.
    Usage(clap::Error),
    /// The files of `--catalog` or `--messages` have mistakes.
    Catalogs(Vec<Problem>),
    /// The output could not be written.
    Output(io::Error),
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

/// A mistake in the arguments of a command, told as clap tells its own.
fn usage(command: &str, message: impl std::fmt::Display) -> Failure {
    let mut cli = Cli::command();
    cli.build();
    let command = cli.find_subcommand_mut(command).expect("every command is one of them");
    Failure::Usage(command.error(clap::error::ErrorKind::ValueValidation, message))
}

impl Command {
    /// `ids` are the values of `--catalog` that name no file.
    fn run(self, ids: &[String], languages: &Languages) -> Result<Verdict, Failure> {
        match (&self, ids) {
            (_, []) | (Self::Triage(_) | Self::Simulate(_) | Self::Compare(_), [_]) => {}
            (Self::Triage(_), _) => {
                return Err(usage("triage", "only one --catalog can be asked where a line names none"));
            }
            (Self::Simulate(_), _) => return Err(usage("simulate", "only one --catalog can be asked")),
            (Self::Compare(_), _) => return Err(usage("compare", "only one --catalog can be asked")),
            (_, [id, ..]) => {
                let message = format!("invalid value '{id}' for '--catalog': a file ends in .json or has a slash");
                return Err(Failure::Usage(Cli::command().error(ErrorKind::ValueValidation, message)));
            }
        }
        match self {
            Self::Explain(explain) => explain.run(languages),
            Self::Codes(codes) => codes.run(),
            Self::Limits(limits) => limits.run(),
            Self::Answer(answer) => answer.run(),
            Self::Triage(triage) => triage.run(asked(ids)?),
            Self::Profiles(profiles) => profiles.run(),
            Self::Simulate(simulate) => simulate.run(asked(ids)?),
            Self::Compare(compare) => compare.run(asked(ids)?),
            Self::Advise(advise) => advise.run(),
            Self::Lint(lint) => lint.run(),
            Self::New(new) => new.run(),
            Self::Docs(docs) => docs.run(),
            Self::Completions(completions) => completions.run(),
        }
    }
}

/// The catalog that `triage` asks where a line names none, and `simulate` and `compare` everywhere.
fn asked(ids: &[String]) -> Result<Catalog<'static>, Failure> {
    let id = ids.first().map_or("http", String::as_str);
    let mut cli = Cli::command();
    cli.build();
    let argument = cli.get_arguments().find(|argument| argument.get_id() == "catalogs");
    values::CatalogParser.parse_ref(&cli, argument, id.as_ref()).map_err(Failure::Usage)
}

fn run() -> Result<Verdict, Failure> {
    let ids = loaded::load()?;
    let cli = Cli::parse();
    cli.color.write_global();
    cli.command.run(&ids, &Languages::new(cli.locale))
}

fn main() -> ExitCode {
    match run() {
        Ok(Verdict::Fine) => ExitCode::SUCCESS,
        Ok(Verdict::BadInput) => ExitCode::FAILURE,
        Err(Failure::Usage(error)) => error.exit(),
        Err(Failure::Catalogs(problems)) => {
            problems.iter().for_each(print::complain);
            ExitCode::from(2)
        }
        // Whoever reads has seen enough.
        Err(Failure::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(Failure::Output(error)) => {
            print::complain(format_args!("the output could not be written: {error}"));
            ExitCode::FAILURE
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_well_formed() {
        super::Cli::command().debug_assert();
    }
}

//! `retriage`: the core on the command line. Each command is a module; what they share stands in `input`, `print`
//! and `values`.
#![forbid(unsafe_code)]

mod answer;
mod codes;
mod completions;
mod explain;
mod input;
mod limits;
mod print;
mod triage;
mod values;

use std::io;
use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

/// What an API's answer means, whose fault it is, whether the request took effect, and whether and when to try again.
#[derive(Debug, Parser)]
#[command(name = "retriage", version, arg_required_else_help = true, after_help = AFTER_HELP, max_term_width = 100)]
#[command(mut_arg("color", |color| color.help("When to use colour").display_order(100)))]
struct Cli {
    #[command(flatten)]
    color: colorchoice_clap::Color,
    #[command(subcommand)]
    command: Command,
}

const AFTER_HELP: &str = "\
Examples:
  retriage explain redox 401 --body 'Invalid source secret'
  retriage explain http 503 --header 'Retry-After: 120'
  retriage codes updox --filter fax
  retriage answer < questions.ndjson
  retriage triage access.log.gz

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
    fn run(self) -> Result<Verdict, Failure> {
        match self {
            Self::Explain(explain) => explain.run(),
            Self::Codes(codes) => codes.run(),
            Self::Limits(limits) => limits.run(),
            Self::Answer(answer) => answer.run(),
            Self::Triage(triage) => triage.run(),
            Self::Completions(completions) => completions.run(),
        }
    }
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    cli.color.write_global();
    match cli.command.run() {
        Ok(Verdict::Fine) => ExitCode::SUCCESS,
        Ok(Verdict::BadInput) => ExitCode::FAILURE,
        Err(Failure::Usage(error)) => error.exit(),
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

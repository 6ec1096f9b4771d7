//! `cargo xtask`: the project's own commands.
//!
//! `test` installs what the tests need and runs them all; its steps stand in `steps.rs`, what they need in `needs.rs`.
//! The others stand beside what they are about, in the lists called `TASKS`.

#![forbid(unsafe_code)]

mod agree;
mod bench;
mod c;
mod deny;
mod fuzz;
mod mutants;
mod needs;
mod npm;
mod project;
mod python;
mod soak;
mod steps;
mod surface;

use std::fmt::{self, Write as _};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use project::Project;
use steps::{STEPS, Step};

/// A command besides `test`.
pub(crate) struct Task {
    /// How it is called.
    pub(crate) name: &'static str,
    /// The arguments it takes, for the help; empty where it takes none.
    pub(crate) arguments: &'static str,
    /// What it does, one sentence.
    pub(crate) about: &'static str,
    /// Does it.
    pub(crate) run: fn(&mut Project, &[String]) -> Result<(), String>,
}

/// The commands besides `test`.
static TASKS: &[&[Task]] = &[
    c::TASKS,
    python::TASKS,
    npm::TASKS,
    fuzz::TASKS,
    bench::TASKS,
    soak::TASKS,
    agree::TASKS,
    mutants::TASKS,
    deny::TASKS,
    surface::TASKS,
];

fn tasks() -> impl Iterator<Item = &'static Task> {
    TASKS.iter().flat_map(|tasks| tasks.iter())
}

fn usage() -> String {
    let mut text = "\
Usage: cargo xtask COMMAND

test [--list] [--no-install] [STEP]...
    Installs what the tests need and runs them: all steps, or those named.
      --list        lists the steps
      --no-install  installs nothing; says what to run instead
"
    .to_owned();
    for Task { name, arguments, about, .. } in tasks() {
        let space = if arguments.is_empty() { "" } else { " " };
        let _ = write!(text, "\n{name}{space}{arguments}\n    {about}\n");
    }
    text
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let Some(task) = arguments.first().and_then(|name| tasks().find(|task| task.name == *name)) {
        return done(Project::find().and_then(|mut project| (task.run)(&mut project, &arguments[1..])));
    }
    match Command::parse(arguments.iter().map(String::as_str)) {
        Ok(Command::Help) => print!("{}", usage()),
        Ok(Command::List) => print!("{}", list()),
        Ok(Command::Test { steps, install }) => return test(&steps, install),
        Err(message) => {
            eprintln!("{message}\n\n{}", usage());
            return ExitCode::from(2);
        }
    }
    ExitCode::SUCCESS
}

/// How a command other than `test` ends.
fn done(outcome: Result<(), String>) -> ExitCode {
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

/// What was asked for.
enum Command {
    Help,
    List,
    Test { steps: Vec<&'static Step>, install: bool },
}

impl Command {
    fn parse<'a>(mut arguments: impl Iterator<Item = &'a str>) -> Result<Self, String> {
        match arguments.next() {
            Some("test") => {}
            Some("help" | "--help" | "-h") | None => return Ok(Self::Help),
            Some(other) => {
                let names: Vec<&str> = tasks().map(|task| task.name).collect();
                return Err(format!("there is no command `{other}`; the commands are test, {}", names.join(", ")));
            }
        }
        let (mut named, mut install) = (Vec::new(), true);
        for argument in arguments {
            match argument {
                "--help" | "-h" => return Ok(Self::Help),
                "--list" => return Ok(Self::List),
                "--no-install" => install = false,
                name if STEPS.iter().any(|step| step.name == name) => named.push(name),
                other => {
                    let names: Vec<&str> = STEPS.iter().map(|step| step.name).collect();
                    return Err(format!("there is no step or option `{other}`; the steps are {}", names.join(", ")));
                }
            }
        }
        // Whatever the order in which they were named, cheap steps come first.
        let steps = STEPS.iter().filter(|step| named.is_empty() || named.contains(&step.name)).collect();
        Ok(Self::Test { steps, install })
    }
}

fn list() -> String {
    STEPS.iter().fold(String::new(), |mut text, step| {
        let _ = writeln!(text, "{:width$}  {}", step.name, step.about, width = widest());
        text
    })
}

/// The length of the longest name of a step.
fn widest() -> usize {
    STEPS.iter().map(|step| step.name.len()).max().unwrap_or_default()
}

fn test(steps: &[&'static Step], install: bool) -> ExitCode {
    let mut project = match Project::find() {
        Ok(project) => project,
        Err(message) => {
            eprintln!("{message}");
            return ExitCode::FAILURE;
        }
    };
    let missing = needs::meet(steps.iter().flat_map(|step| step.needs).copied(), install);
    let mut results = Vec::new();
    for (place, step) in steps.iter().enumerate() {
        println!("\n== {} of {}: {}: {}", place + 1, steps.len(), step.name, step.about);
        let began = Instant::now();
        let outcome = match step.needs.iter().find(|need| need.otherwise.is_none() && missing.contains(need)) {
            Some(need) => Err(need.advice()),
            None => (step.run)(&mut project),
        };
        if let Err(message) = &outcome {
            eprintln!("{}: {message}", step.name);
        }
        results.push(Ran { step: step.name, took: began.elapsed(), outcome });
    }
    let summary = Summary(&results);
    println!("\n{summary}");
    if summary.failed() == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// How one step went.
struct Ran {
    step: &'static str,
    took: Duration,
    outcome: steps::Outcome,
}

/// How all of them went, one line a step, and the sum in the last.
struct Summary<'a>(&'a [Ran]);

impl Summary<'_> {
    fn failed(&self) -> usize {
        self.0.iter().filter(|result| result.outcome.is_err()).count()
    }
}

impl fmt::Display for Summary<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for Ran { step, took, outcome } in self.0 {
            let (word, note) = match outcome {
                Ok(note) => ("passed", note.as_deref()),
                // The first line says what is wrong; the whole of it stands above.
                Err(message) => ("FAILED", message.lines().next()),
            };
            write!(f, "{step:width$}  {:>7.1} s  {word}", took.as_secs_f64(), width = widest())?;
            match note {
                Some(note) => writeln!(f, ": {note}")?,
                None => writeln!(f)?,
            }
        }
        let failed = self.failed();
        write!(f, "{} passed, {failed} failed", self.0.len() - failed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(arguments: &[&str]) -> Result<Vec<&'static str>, String> {
        match Command::parse(arguments.iter().copied())? {
            Command::Test { steps, .. } => Ok(steps.iter().map(|step| step.name).collect()),
            _ => Err("not a test".to_owned()),
        }
    }

    #[test]
    fn all_steps_are_run_unless_some_are_named() {
        let all: Vec<&str> = STEPS.iter().map(|step| step.name).collect();
        assert_eq!(chosen(&["test"]), Ok(all));
        assert_eq!(chosen(&["test", "clippy", "fmt", "fmt"]), Ok(vec!["fmt", "clippy"]));
    }

    #[test]
    fn a_step_that_does_not_exist_is_refused_and_the_others_are_named() {
        let message = chosen(&["test", "lint"]).expect_err("there is no such step");
        assert!(message.contains("`lint`") && message.contains("fmt, clippy"), "{message}");
        assert!(chosen(&["tests"]).expect_err("there is no such command").contains("`tests`"));
    }

    #[test]
    fn the_summary_ends_with_the_counts() {
        let result = |step, outcome| Ran { step, took: Duration::from_millis(1_250), outcome };
        let results = [
            result("fmt", Ok(None)),
            result("no_std", Ok(Some("in another way".to_owned()))),
            result("test", Err("it broke\nat length".to_owned())),
        ];
        let text = Summary(&results).to_string();
        let lines: Vec<&str> = text.lines().collect();
        let [fmt, no_std, test, last] = lines.as_slice() else { panic!("{text}") };
        assert!(fmt.starts_with("fmt ") && fmt.ends_with("1.2 s  passed"), "{fmt}");
        assert!(no_std.ends_with("passed: in another way"), "{no_std}");
        assert!(test.ends_with("FAILED: it broke"), "{test}");
        assert_eq!(*last, "2 passed, 1 failed");
    }
}

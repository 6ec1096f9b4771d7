//! The commands of README.md: what it shows of their output is what they print.
#![cfg(unix)]

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

/// How README.md runs the program from a checkout.
const FROM_CHECKOUT: &str = "cargo run --release -- ";

/// A command of a `console` block and the output shown below it.
struct Shown {
    command: String,
    output: String,
}

fn shown(document: &str) -> Vec<Shown> {
    let mut list: Vec<Shown> = Vec::new();
    let mut inside = false;
    for line in document.lines() {
        match (inside, line.strip_prefix("$ ")) {
            (false, _) => inside = line == "```console",
            (true, _) if line == "```" => inside = false,
            (true, Some(command)) => list.push(Shown { command: command.to_owned(), output: String::new() }),
            (true, None) => {
                let last = list.last_mut().expect("a console block begins with a command");
                last.output += line;
                last.output += "\n";
            }
        }
    }
    list
}

/// Runs a command in a shell that knows `retriage`, with nothing on its standard input.
fn run(command: &str) -> String {
    let program = Path::new(env!("CARGO_BIN_EXE_retriage"));
    let mut path = program.parent().expect("a program stands in a folder").as_os_str().to_owned();
    path.push(":");
    path.push(std::env::var_os("PATH").expect("there is a PATH"));
    let output = Command::new("sh")
        .args(["-c", &command.replace(FROM_CHECKOUT, "retriage ")])
        .env("PATH", path)
        .env("NO_COLOR", "1")
        .env_remove("CLICOLOR_FORCE")
        .stdin(Stdio::null())
        .output()
        .expect("there is a shell");
    assert!(output.status.success(), "{command}: {}\n{}", output.status, String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("output is UTF-8")
}

#[test]
fn the_readme_shows_what_the_commands_print() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../README.md");
    let readme = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let shown = shown(&readme);
    assert!(shown.iter().any(|shown| shown.command.starts_with(FROM_CHECKOUT)), "README.md shows no command");
    for Shown { command, output } in shown {
        let printed = run(&command);
        assert!(output == printed, "README.md shows another output of `{command}` than this:\n{printed}");
    }
}

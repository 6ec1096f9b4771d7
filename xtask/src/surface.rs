//! The public surface of the core: a committed listing of it, and what has changed since a release.

use std::fs;
use std::process::Command;

use serde_json::Value;

use crate::Task;
use crate::needs::SEMVER_CHECKS;
use crate::project::{Project, read, run};
use crate::steps::Outcome;

/// The commands about it.
pub(crate) static TASKS: &[Task] = &[
    Task {
        name: "api",
        arguments: "",
        about: "Writes what the core makes public to tests/stable/api.txt.",
        run: |project, _| match list(project)? {
            Listed::Surface(text) => {
                let path = project.root().join(FILE);
                fs::write(&path, text).map_err(|error| format!("{}: {error}", path.display()))
            }
            Listed::Unreadable(why) => Err(why),
        },
    },
    Task {
        name: "semver",
        arguments: "[--since REV]",
        about: "Says which changes of the core since a revision of git, the newest tag unless told, a caller would be \
                broken by. Needs cargo-semver-checks.",
        run: |project, arguments| match arguments {
            [] => semver(project, &newest_tag(project)?),
            [option, revision] if option == "--since" => semver(project, revision),
            _ => Err("it takes --since REV and nothing else".to_owned()),
        },
    },
];

/// The listing that is compared.
const FILE: &str = "tests/stable/api.txt";
/// The format of rustdoc's JSON that `public-api` reads, which is of one or two releases of Rust.
const FORMAT: u64 = 57;

/// The surface, or why it can't be told by this compiler.
enum Listed {
    Surface(String),
    Unreadable(String),
}

/// Lists the surface. Rustdoc's JSON is not stable yet, so a stable compiler has to be told that this is meant; and in a
/// folder of its own, because cargo builds everything anew for it.
fn list(project: &Project) -> Result<Listed, String> {
    let target = project.target().join("api");
    let mut command = project.command(&["rustdoc", "--quiet", "--package", "retriage", "--lib", "--target-dir"]);
    command.arg(&target).args(["--", "-Zunstable-options", "--output-format=json"]);
    run(command.env("RUSTC_BOOTSTRAP", "1"))?;
    let path = target.join("doc/retriage.json");
    let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let told: Value = serde_json::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))?;
    if told["format_version"] != FORMAT {
        let rustc = read(Command::new("rustc").arg("--version"))?;
        let (rustc, found) = (rustc.trim(), &told["format_version"]);
        let why = format!("{rustc} writes rustdoc's JSON in format {found}, and format {FORMAT} is read here");
        return Ok(Listed::Unreadable(why));
    }
    // What every type has says nothing.
    let builder = public_api::Builder::from_rustdoc_json(path).omit_blanket_impls(true).omit_auto_trait_impls(true);
    let surface = builder.build().map_err(|error| format!("rustdoc's JSON: {error}"))?;
    Ok(Listed::Surface(surface.to_string()))
}

/// The step: the listing is what the core makes public.
pub(crate) fn step(project: &mut Project) -> Outcome {
    let here = match list(project)? {
        Listed::Surface(text) => text,
        Listed::Unreadable(why) => return Ok(Some(format!("not compared: {why}"))),
    };
    let path = project.root().join(FILE);
    let listed = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let differences = differences(&listed, &here);
    if differences.is_empty() {
        return Ok(Some(format!("{} public items", here.lines().count())));
    }
    Err(format!(
        "the core makes public what {FILE} doesn't say; if that is meant, run `cargo xtask api`:\n{}",
        differences.join("\n")
    ))
}

/// The lines that are in one of two listings alone.
fn differences(listed: &str, here: &str) -> Vec<String> {
    let without = |lines: &str, others: &str, mark| {
        let others: std::collections::HashSet<&str> = others.lines().collect();
        lines.lines().filter(|line| !others.contains(line)).map(|line| format!("{mark}{line}")).collect::<Vec<_>>()
    };
    [without(listed, here, "-"), without(here, listed, "+")].concat()
}

fn newest_tag(project: &Project) -> Result<String, String> {
    let mut git = Command::new("git");
    git.args(["describe", "--tags", "--abbrev=0"]).current_dir(project.root());
    let output = git.output().map_err(|error| format!("git: {error}"))?;
    let tag = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    if output.status.success() && !tag.is_empty() {
        return Ok(tag);
    }
    Err("nothing has been released: there is no tag to compare with; name a revision with --since REV".to_owned())
}

fn semver(project: &Project, since: &str) -> Result<(), String> {
    SEMVER_CHECKS.require()?;
    run(&mut project.command(&["semver-checks", "--package", "retriage", "--baseline-rev", since]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_gone_and_what_is_new_is_told() {
        assert_eq!(differences("a\nb\n", "a\nb\n"), [""; 0]);
        assert_eq!(differences("a\nb\n", "b\nc\n"), ["-a", "+c"]);
    }
}

//! What is depended on: its licences, where it comes from, and what is known against it, by `deny.toml`.

use std::process::{Command, Stdio};

use crate::Task;
use crate::needs::DENY;
use crate::project::{Project, run};
use crate::steps::Outcome;

/// The command about it.
pub(crate) static TASKS: &[Task] = &[Task {
    name: "deny",
    arguments: "",
    about: "Checks the licences and sources of what is depended on, and the advisories on it, whose database it fetches \
            from GitHub. Needs cargo-deny.",
    run: |project, _| {
        DENY.require()?;
        check(project, &["licenses", "bans", "sources"])?;
        if let Err(error) = run(deny(project).args(["fetch", "db"])) {
            return Err(format!(
                "licences, bans and sources are as deny.toml wants them; advisories were NOT checked, for want of their \
                 database: {error}"
            ));
        }
        check(project, &["advisories"])
    },
}];

/// The step: what needs no database.
pub(crate) fn step(project: &mut Project) -> Outcome {
    check(project, &["licenses", "bans", "sources"])?;
    Ok(Some("advisories are for `cargo xtask deny`: their database is on GitHub".to_owned()))
}

fn deny(project: &Project) -> Command {
    let mut command = Command::new("cargo-deny");
    // What is only a warning, such as two versions of one crate, is a wall of text.
    command.args(["--log-level", "error", "--config", "deny.toml"]).current_dir(project.root()).stdin(Stdio::null());
    command
}

/// Checks the workspace, and that of the fuzzers.
fn check(project: &Project, what: &[&str]) -> Result<(), String> {
    run(deny(project).args(["--workspace", "--locked", "check"]).args(what))?;
    run(deny(project).args(["--manifest-path", "fuzz/Cargo.toml", "--locked", "check"]).args(what))
}

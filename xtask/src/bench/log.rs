//! A day's log on the command line, beside jq.

use std::process::Command;

use crate::project::{Project, read};

pub(crate) fn measure(project: &mut Project) -> Result<String, String> {
    read(Command::new("sh").arg("bindings/cli/benches/triage-vs-jq.sh").current_dir(project.root()))
}

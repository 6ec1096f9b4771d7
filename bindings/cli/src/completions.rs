//! `retriage completions`: a completion script for a shell.

use std::io::{self, Write};

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use crate::{Cli, Failure, Verdict};

/// Print a completion script for a shell.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  retriage completions bash > ~/.local/share/bash-completion/completions/retriage
  retriage completions zsh > ~/.zfunc/_retriage
  retriage completions fish > ~/.config/fish/completions/retriage.fish")]
pub(crate) struct Completions {
    /// The shell
    shell: Shell,
}

impl Completions {
    pub(crate) fn run(self) -> Result<Verdict, Failure> {
        // Made in memory first: clap_complete panics where it can't write.
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Cli::command(), "retriage", &mut script);
        io::stdout().write_all(&script)?;
        Ok(Verdict::Fine)
    }
}

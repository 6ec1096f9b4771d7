//! The Python module: what is printed for it, and its tests.

mod words;

use std::fs;
use std::path::PathBuf;

use crate::project::Project;

/// A command about the Python module.
pub(crate) enum Task {
    /// Writes what is printed from the core.
    Words,
}

impl Task {
    pub(crate) fn parse(word: Option<&str>) -> Result<Self, String> {
        match word {
            Some("words") => Ok(Self::Words),
            Some(other) => Err(format!("there is no command `python {other}`; there is `python words`")),
            None => Err("python what? There is `python words`".to_owned()),
        }
    }

    pub(crate) fn run(&self, project: &Project) -> Result<(), String> {
        match self {
            Self::Words => write_words(project),
        }
    }
}

/// The folder of the module's Python.
fn sources(project: &Project) -> PathBuf {
    project.root().join("bindings/python/python/retriage")
}

fn write_words(project: &Project) -> Result<(), String> {
    for (name, text) in words::files() {
        let path = sources(project).join(name);
        fs::write(&path, text).map_err(|error| format!("{}: {error}", path.display()))?;
    }
    Ok(())
}

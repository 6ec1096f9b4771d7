//! The Python module: what is printed for it, and its tests.

mod words;

use std::fs;
use std::path::PathBuf;

use crate::Task;
use crate::project::Project;

/// The commands about the Python module.
pub(crate) static TASKS: &[Task] = &[Task {
    name: "python-words",
    arguments: "",
    about: "Writes the files of the Python module that are printed from the core's words.",
    run: |project, _| write_words(project),
}];

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

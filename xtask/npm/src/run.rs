//! Running programs and writing files, with errors that name them.

use std::fs;
use std::path::Path;
use std::process::Command;

/// Runs a program; its output is ours.
pub(crate) fn run(command: &mut Command) -> Result<(), String> {
    let tell = |command: &Command, why: String| {
        let words: Vec<_> = std::iter::once(command.get_program()).chain(command.get_args()).collect();
        let words: Vec<_> = words.iter().map(|word| word.to_string_lossy()).collect();
        format!("`{}`: {why}", words.join(" "))
    };
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(tell(command, status.to_string())),
        Err(error) => Err(tell(command, error.to_string())),
    }
}

/// The text of a file.
pub(crate) fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}

/// Writes a file, and the folders it stands in.
pub(crate) fn write(path: &Path, content: impl AsRef<[u8]>) -> Result<(), String> {
    let tell = |error| format!("{}: {error}", path.display());
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(tell)?;
    }
    fs::write(path, content).map_err(tell)
}

/// Copies a folder with everything in it.
pub(crate) fn copy(from: &Path, to: &Path) -> Result<(), String> {
    let tell = |error| format!("{}: {error}", from.display());
    for entry in fs::read_dir(from).map_err(tell)? {
        let entry = entry.map_err(tell)?;
        let there = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &there)?;
        } else {
            write(&there, fs::read(entry.path()).map_err(tell)?)?;
        }
    }
    Ok(())
}

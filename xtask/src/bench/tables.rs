//! The tables of measurements: found in what programs print, and put between the markers of documents, so that nobody
//! copies a number.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::project::read;

/// A table in Markdown, and its name in the markers.
pub(crate) struct Table {
    pub(crate) name: &'static str,
    pub(crate) text: String,
}

/// What says on what it was measured, which is a paragraph.
pub(crate) const MACHINE: &str = "machine";

/// Where tables stand. The first document has them all, the others some.
pub(crate) const DOCUMENTS: &[&str] = &["docs/performance.md", "bindings/python/README.md", "bindings/wasm/README.md"];

/// The tables in what a program printed, which have these names.
pub(crate) fn named(names: &[&'static str], printed: &str) -> Result<Vec<Table>, String> {
    let mut texts: Vec<String> = Vec::new();
    let mut is_within = false;
    for line in printed.lines() {
        let is_row = line.starts_with('|');
        match texts.last_mut() {
            Some(text) if is_row && is_within => *text += &format!("\n{line}"),
            _ if is_row => texts.push(line.to_owned()),
            _ => {}
        }
        is_within = is_row;
    }
    if texts.len() != names.len() {
        return Err(format!("there are {} tables, not {}, in:\n{printed}", texts.len(), names.len()));
    }
    Ok(names.iter().zip(texts).map(|(name, text)| Table { name, text }).collect())
}

fn marker(name: &str) -> String {
    format!("<!-- table: {name} -->\n")
}

const END: &str = "<!-- /table -->";

/// The names of the tables that a document has a place for.
#[cfg(test)]
pub(crate) fn places(document: &str) -> Vec<&str> {
    document.split("<!-- table: ").skip(1).filter_map(|rest| Some(rest.split_once(" -->\n")?.0)).collect()
}

/// The document with this text at the place of that name; `None` where it has no such place.
fn replaced(document: &str, name: &str, text: &str) -> Option<String> {
    let marker = marker(name);
    let (before, rest) = document.split_once(&marker)?;
    let (old, after) = rest.split_once(END)?;
    // A place that isn't closed would take the next one's end for its own.
    let is_closed = !old.contains("<!-- table: ");
    is_closed.then(|| format!("{before}{marker}{text}\n{END}{after}"))
}

/// Writes tables to every place of theirs.
pub(crate) fn write(root: &Path, tables: &[Table]) -> Result<(), String> {
    for (number, document) in DOCUMENTS.iter().enumerate() {
        let path = root.join(document);
        let mut text = fs::read_to_string(&path).map_err(|error| format!("{document}: {error}"))?;
        for table in tables {
            match replaced(&text, table.name, &table.text) {
                Some(new) => text = new,
                None if number > 0 => {}
                None => return Err(format!("{document} has no place for the table `{}`", table.name)),
            }
        }
        fs::write(&path, text).map_err(|error| format!("{document}: {error}"))?;
    }
    Ok(())
}

/// The machine, its system and the compilers, in a sentence.
pub(crate) fn machine() -> Result<String, String> {
    let processors = fs::read_to_string("/proc/cpuinfo").map_err(|error| format!("/proc/cpuinfo: {error}"))?;
    let model = processors.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let version = |program: &str, arguments: &[&str]| {
        let told = read(Command::new(program).args(arguments)).ok()?;
        let word = told.split_whitespace().find(|word| is_version(word))?;
        Some(word.trim_start_matches(|first: char| !first.is_ascii_digit()).to_owned())
    };
    let kernel = version("uname", &["-r"]).unwrap_or_default();
    let tools = [
        ("rustc", "rustc", "--version"),
        ("gcc", "gcc", "-dumpfullversion"),
        ("gperf", "gperf", "--version"),
        ("Node", "node", "--version"),
        ("CPython", "python3", "--version"),
        ("valgrind", "valgrind", "--version"),
    ];
    let tools: Vec<String> = tools
        .into_iter()
        .filter_map(|(name, program, option)| Some(format!("{name} {}", version(program, &[option])?)))
        .collect();
    let model = model.map_or("an unknown processor", |(_, model)| model.trim());
    Ok(format!("{model}, {cores} cores, Linux {kernel}; {}.", tools.join(", ")))
}

/// Whether a word is a version, such as `1.95.0`, `v20.20.0` or `valgrind-3.19.0`.
fn is_version(word: &str) -> bool {
    word.contains('.') && word.bytes().any(|byte| byte.is_ascii_digit()) && !word.contains(['(', '/', ','])
}

#[cfg(test)]
mod tests {
    use super::{is_version, machine, named, places, replaced};

    const DOCUMENT: &str = "# One\n\n<!-- table: a -->\nold\nrows\n<!-- /table -->\n\nprose\n\n<!-- table: a b -->\n\
        <!-- /table -->\nend\n";

    #[test]
    fn a_table_replaces_what_stood_between_its_markers_and_nothing_else() {
        let once = replaced(DOCUMENT, "a", "| new |").expect("there is a place");
        let expected = DOCUMENT.replace("old\nrows\n", "| new |\n");
        assert_eq!(once, expected);
        assert_eq!(replaced(&once, "a", "| new |"), Some(expected));
        let second = replaced(DOCUMENT, "a b", "| x |\n| y |").expect("there is a place");
        assert_eq!(second, DOCUMENT.replace("a b -->\n", "a b -->\n| x |\n| y |\n"));
    }

    #[test]
    fn a_place_that_is_missing_or_open_is_no_place() {
        assert_eq!(replaced(DOCUMENT, "b", "| x |"), None);
        assert_eq!(replaced("<!-- table: a -->\n| x |\n", "a", "| y |"), None);
        assert_eq!(replaced(&DOCUMENT.replacen("<!-- /table -->", "", 1), "a", "| y |"), None);
    }

    #[test]
    fn the_places_of_a_document_are_named() {
        assert_eq!(places(DOCUMENT), ["a", "a b"]);
    }

    #[test]
    fn tables_are_found_in_what_is_printed() {
        let tables = named(&["a", "b"], "said\n| x |\n|---|\n| 1 |\n\nmore\n| y |\n").expect("there are two");
        let found: Vec<(&str, &str)> = tables.iter().map(|table| (table.name, &*table.text)).collect();
        assert_eq!(found, [("a", "| x |\n|---|\n| 1 |"), ("b", "| y |")]);
        assert!(named(&["a"], "| x |\n\n| y |\n").is_err());
    }

    #[test]
    fn versions_are_told_from_other_words() {
        let told = "rustc 1.95.0 (59807616e 2026-04-14) v20.20.0 valgrind-3.19.0 GNU gperf 3.1";
        let versions: Vec<&str> = told.split(' ').filter(|word| is_version(word)).collect();
        assert_eq!(versions, ["1.95.0", "v20.20.0", "valgrind-3.19.0", "3.1"]);
        assert!(machine().is_ok_and(|told| told.contains("; rustc 1.")));
    }
}

//! What the core may not do: reach for the standard library, a clock, a file or chance, hold unsafe code, or panic.

mod common;

use std::fs;
use std::path::{Path, PathBuf};

use common::{root, text};

/// The Rust files of a folder and those below it.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("a folder can be read").path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found
}

/// The lines of code of the core, with their places; comments and texts are left out.
fn code() -> Vec<(String, String)> {
    let mut lines = Vec::new();
    for path in sources(&root().join("core")) {
        let source = fs::read_to_string(&path).expect("a source is UTF-8");
        for (at, line) in source.lines().enumerate() {
            let code = line.split("//").next().unwrap_or_default();
            let outside: String = code.split('"').step_by(2).collect();
            lines.push((format!("{}:{}", path.display(), at + 1), outside));
        }
    }
    assert!(lines.len() > 3_000, "only {} lines were found", lines.len());
    lines
}

fn assert_absent(words: &[&str], why: &str) {
    for (place, line) in code() {
        let found = words.iter().find(|word| line.contains(*word));
        assert_eq!(found, None, "{place}: {why}: {line}");
    }
}

/// Without the standard library there is no clock, no file, no socket and no random source to be had; and the
/// compiler holds both attributes for every file.
#[test]
fn the_core_needs_no_std_and_forbids_unsafe_code() {
    let lib = text("core/lib.rs");
    for attribute in ["#![no_std]", "#![forbid(unsafe_code)]"] {
        assert!(lib.lines().any(|line| line == attribute), "core/lib.rs lacks {attribute}");
    }
    assert_absent(&["extern crate std", "std::"], "the core needs alloc, not std");
    // What is left is state that outlives a call, by which one answer could change another.
    assert_absent(
        &["static mut", "Atomic", "OnceCell", "OnceLock", "thread_local"],
        "an answer depends on its question alone",
    );
}

#[test]
fn the_core_never_panics_by_intent() {
    let words =
        [".unwrap()", ".expect(", "panic!(", "unreachable!(", "assert!(", "assert_eq!(", "todo!(", "unimplemented!("];
    assert_absent(&words, "input never ends the program");
}

/// A dependency that brings its defaults brings std.
#[test]
fn what_the_core_depends_on_brings_no_std() {
    let manifest = text("Cargo.toml");
    let section = |name: &str| -> Vec<String> {
        let lines = manifest.lines().skip_while(|line| *line != format!("[{name}]")).skip(1);
        lines.take_while(|line| !line.starts_with('[')).filter(|line| line.contains('=')).map(str::to_owned).collect()
    };
    let dependencies = section("dependencies");
    assert!(dependencies.iter().any(|line| line.starts_with("serde_json")), "{dependencies:?}");
    for line in dependencies {
        let name = line.split([' ', '=', '.']).next().expect("a line begins with a name").to_owned();
        let line = if line.contains("workspace = true") {
            let all = section("workspace.dependencies");
            all.into_iter().find(|line| line.starts_with(&format!("{name} "))).expect("it stands in the workspace")
        } else {
            line
        };
        assert!(line.contains("default-features = false"), "{name} brings its default features: {line}");
        assert!(!line.contains("\"std\""), "{name} brings std: {line}");
    }
}

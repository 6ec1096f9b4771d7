//! `cargo xtask bench`: every measurement, in parts, and the tables of docs/performance.md.
//!
//! Times are for a person. Instructions don't depend on what else the machine does; those of the core's own paths are
//! kept, and a test step compares them: see `counts.rs`.

mod counts;
mod footprint;
mod growth;
mod log;
mod tables;

use std::path::Path;

pub(crate) use counts::step;

use crate::needs::{self, BINUTILS, GPERF, JQ, Need, PYTHON, TIME, VALGRIND, WASM};
use crate::project::Project;
use crate::{Task, c, npm, python};
use tables::Table;

/// The commands about speed.
pub(crate) static TASKS: &[Task] = &[
    Task {
        name: "bench",
        arguments: "[--list] [--write] [PART]...",
        about: "Measures everything, or the parts that are named, and prints the tables; with --write it puts them into \
                docs/performance.md and wherever else they stand.",
        run: bench,
    },
    Task {
        name: "accept-instructions",
        arguments: "",
        about: "Keeps the instruction counts as they are now in benches/instructions.json. Say in the commit why they \
                grew.",
        run: |project, _| counts::accept(project),
    },
];

/// What is measured by itself.
struct Part {
    name: &'static str,
    about: &'static str,
    needs: &'static [&'static Need],
    /// The names of its tables, in their order.
    tables: &'static [&'static str],
    /// Measures; the text it gives holds the tables.
    run: fn(&mut Project) -> Result<String, String>,
}

static PARTS: &[Part] = &[
    Part {
        name: "lookup",
        about: "a status, a number or a name, beside http, match, phf, gperf, a switch in C and others",
        needs: &[&GPERF, &VALGRIND],
        tables: &["lookup ns", "lookup instructions"],
        run: |project| both(project, "lookup"),
    },
    Part {
        name: "answer",
        about: "whole answers, dates and decisions, beside serde_json, jiter, httpdate, backon and reqwest-retry",
        needs: &[&GPERF, &VALGRIND],
        tables: &["answer ns", "answer instructions"],
        run: |project| both(project, "answer"),
    },
    Part {
        name: "batch",
        about: "many statuses at once, beside copying them",
        needs: &[&GPERF, &VALGRIND],
        tables: &["batch ns", "batch instructions"],
        run: |project| both(project, "batch"),
    },
    Part {
        name: "c",
        about: "the C library's look-up, beside an empty call, a switch and gperf",
        needs: &[&GPERF, &VALGRIND],
        tables: &["c"],
        run: |project| c::bench(project),
    },
    Part {
        name: "python",
        about: "the Python module, beside http, botocore, urllib3, json, pyarrow and others",
        needs: &[&PYTHON],
        tables: &["python"],
        run: |project| python::bench(project),
    },
    Part {
        name: "npm",
        about: "the npm package, beside statuses, http-status-codes, axios-retry, ky and others",
        needs: &[&WASM],
        tables: &["npm look-ups", "npm answers", "npm requests"],
        run: npm::bench,
    },
    Part {
        name: "growth",
        about: "what more entries and more catalogs cost, built in and loaded",
        needs: &[&BINUTILS],
        tables: &["growth built in", "growth loaded"],
        run: |project| Ok(growth::built_in(project)? + "\n" + &project.read_cargo(&counts::bench("growth", &[]))?),
    },
    Part {
        name: "footprint",
        about: "the time to start, the tables byte by byte, and memory on endless input",
        needs: &[&BINUTILS, &TIME],
        tables: &["footprint", "footprint catalogs", "footprint endless"],
        run: footprint::measure,
    },
    Part {
        name: "log",
        about: "a day's log on the command line, beside jq",
        needs: &[&JQ, &TIME],
        tables: &["log"],
        run: log::measure,
    },
];

/// The times of a program of measurements, and its instructions.
fn both(project: &Project, program: &str) -> Result<String, String> {
    let times = project.read_cargo(&counts::bench(program, &[]))?;
    Ok(times + "\n" + &project.read_cargo(&counts::bench(program, &["--instructions"]))?)
}

fn bench(project: &mut Project, arguments: &[String]) -> Result<(), String> {
    let (mut named, mut is_written) = (Vec::new(), false);
    for argument in arguments {
        match argument.as_str() {
            "--list" => {
                PARTS.iter().for_each(|part| println!("{:width$}  {}", part.name, part.about, width = widest()));
                return Ok(());
            }
            "--write" => is_written = true,
            name if PARTS.iter().any(|part| part.name == name) => named.push(name),
            other => {
                let names: Vec<&str> = PARTS.iter().map(|part| part.name).collect();
                return Err(format!("there is no part or option `{other}`; the parts are {}", names.join(", ")));
            }
        }
    }
    let parts: Vec<&Part> = PARTS.iter().filter(|part| named.is_empty() || named.contains(&part.name)).collect();
    let missing = needs::meet(parts.iter().flat_map(|part| part.needs).copied(), true);
    let machine = Table { name: tables::MACHINE, text: tables::machine()? };
    give(project.root(), &[machine], is_written)?;
    let mut failed = Vec::new();
    for (place, part) in parts.iter().enumerate() {
        eprintln!("\n== {} of {}: {}: {}", place + 1, parts.len(), part.name, part.about);
        let measured = match part.needs.iter().find(|need| missing.contains(need)) {
            Some(need) => Err(need.advice()),
            None => (part.run)(project).and_then(|text| tables::named(part.tables, &text)),
        };
        // What a part has measured is kept, whatever becomes of the others.
        if let Err(message) = measured.and_then(|tables| give(project.root(), &tables, is_written)) {
            eprintln!("{}: {message}", part.name);
            failed.push(part.name);
        }
    }
    if failed.is_empty() { Ok(()) } else { Err(format!("not measured: {}", failed.join(", "))) }
}

/// The length of the longest name of a part.
fn widest() -> usize {
    PARTS.iter().map(|part| part.name.len()).max().unwrap_or_default()
}

/// Prints tables, or writes them to where they stand.
fn give(root: &Path, tables: &[Table], is_written: bool) -> Result<(), String> {
    if is_written {
        return tables::write(root, tables);
    }
    tables.iter().for_each(|Table { name, text }| println!("\n## {name}\n\n{text}"));
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::Path;

    use super::{PARTS, tables};

    #[test]
    fn the_document_has_a_place_for_each_table_and_for_no_other() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let made: BTreeSet<&str> =
            PARTS.iter().flat_map(|part| part.tables).copied().chain([tables::MACHINE]).collect();
        let [first, others @ ..] = tables::DOCUMENTS else { panic!("there is no document") };
        let text = fs::read_to_string(root.join(first)).expect("the document is there");
        assert_eq!(tables::places(&text).into_iter().collect::<BTreeSet<&str>>(), made, "{first}");
        for document in others {
            let text = fs::read_to_string(root.join(document)).expect("the document is there");
            let places = tables::places(&text);
            assert!(!places.is_empty() && places.iter().all(|name| made.contains(name)), "{document}: {places:?}");
        }
    }
}

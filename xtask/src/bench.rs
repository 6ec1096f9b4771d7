//! The measurements, and the instruction counts that must not grow.
//!
//! Times are for a person and go nowhere. Instructions don't depend on what else the machine does; those of the core's
//! own paths are kept in `benches/instructions.json`, and a test step compares.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use serde_json::{Map, Value, json};

use crate::Task;
use crate::project::{Project, read, run};
use crate::steps::Outcome;

/// The commands about speed.
pub(crate) static TASKS: &[Task] = &[
    Task {
        name: "bench",
        arguments: "",
        about: "Measures the core beside its peers, in nanoseconds and in instructions. Needs valgrind for the latter.",
        run: |project, _| {
            for program in PROGRAMS {
                println!("\n## {program}, nanoseconds\n");
                project.cargo(&bench(program, &[]))?;
                println!("\n## {program}, instructions\n");
                project.cargo(&bench(program, &["--instructions"]))?;
            }
            Ok(())
        },
    },
    Task {
        name: "growth",
        arguments: "",
        about: "Measures how cost grows with what is built in and what is loaded: entries, and catalogs.",
        run: |project, _| {
            println!("\n## Built in\n");
            growth(project)?;
            println!("\n## Loaded at run time\n");
            project.cargo(&bench("growth", &[]))
        },
    },
    Task {
        name: "accept-instructions",
        arguments: "",
        about: "Keeps the instruction counts as they are now in benches/instructions.json. Say in the commit why they \
                grew.",
        run: |project, _| {
            let text = serde_json::to_string_pretty(&Counts::measure(project)?.to_json());
            let path = project.root().join(FILE);
            let text = text.map_err(|error| error.to_string())? + "\n";
            fs::write(&path, text).map_err(|error| format!("{}: {error}", path.display()))
        },
    },
];

/// How many entries a catalog has that is built in, to see what that costs.
const BUILT_IN: &[u32] = &[0, 100, 10_000, 100_000];

/// Builds the core with a catalog of so many entries more, and says how long that took and how large it is.
fn growth(project: &mut Project) -> Result<(), String> {
    let package = project.unpack()?.package.clone();
    let tell = |path: &Path, error: std::io::Error| format!("{}: {error}", path.display());
    let catalog = package.join("codes/catalogs/grown.json");
    println!("| entries more | s to build | MB of library |\n|---:|---:|---:|");
    for entries in BUILT_IN {
        let text = grown(*entries).to_string();
        if *entries > 0 {
            fs::write(&catalog, text).map_err(|error| tell(&catalog, error))?;
        }
        let target = package.join("target");
        let build = || {
            let mut build = project.command(&["build", "--quiet", "--release", "--lib"]);
            build.current_dir(&package).env("CARGO_TARGET_DIR", &target);
            build
        };
        // What it depends on is built once, before the clock runs.
        run(&mut build())?;
        let source = package.join("core/lib.rs");
        let code = fs::read(&source).map_err(|error| tell(&source, error))?;
        fs::write(&source, code).map_err(|error| tell(&source, error))?;
        let touched = package.join("codes/catalogs/http.json");
        let data = fs::read(&touched).map_err(|error| tell(&touched, error))?;
        fs::write(&touched, data).map_err(|error| tell(&touched, error))?;
        let began = Instant::now();
        run(&mut build())?;
        let took = began.elapsed().as_secs_f64();
        let library = target.join("release/libretriage.rlib");
        let size = fs::metadata(&library).map_err(|error| tell(&library, error))?.len();
        println!("| {entries} | {took:.1} | {:.2} |", size as f64 / 1e6);
    }
    Ok(())
}

/// A catalog of so many entries.
fn grown(entries: u32) -> Value {
    let entry = |number: u32| {
        json!({
            "code": number, "title": format!("Code {number}"), "category": "unavailable", "fault": "provider",
            "retry": "backoff", "processed": "no", "remedy": "Wait, then try again.",
            "operator": format!("The service refused with the code {number}. Ask its owner what it stands for."),
            "source": "doc#Codes",
        })
    };
    json!({
        "id": "grown", "name": "A vendor", "as_of": "2026-11-21", "extends": "http",
        "sources": { "doc": { "title": "Codes", "publisher": "A vendor", "date": "2026-11-21" } },
        "entries": (0..entries).map(entry).collect::<Vec<Value>>(),
    })
}

/// The programs of measurements.
const PROGRAMS: &[&str] = &["lookup", "answer"];
/// Where the counts are kept.
const FILE: &str = "benches/instructions.json";
/// How much a count may grow.
const TOLERANCE: f64 = 0.03;

fn bench<'a>(program: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let mut arguments = vec!["bench", "--quiet", "--package", "retriage-benches", "--bench", program];
    if !more.is_empty() {
        arguments.push("--");
        arguments.extend(more);
    }
    arguments
}

/// How many instructions each path of the core takes, and by which compiler.
struct Counts {
    compiler: String,
    by_path: BTreeMap<String, f64>,
}

impl Counts {
    fn measure(project: &Project) -> Result<Self, String> {
        let mut by_path = BTreeMap::new();
        for program in PROGRAMS {
            let table = project.read_cargo(&bench(program, &["--instructions"]))?;
            by_path.extend(rows(&table));
        }
        if by_path.is_empty() {
            return Err("the measurements gave no table".to_owned());
        }
        Ok(Self { compiler: read(Command::new("rustc").arg("--version"))?.trim().to_owned(), by_path })
    }

    fn to_json(&self) -> Value {
        let counts: Map<String, Value> =
            self.by_path.iter().map(|(path, count)| (path.clone(), json!(count.round() as u64))).collect();
        json!({ "compiler": self.compiler, "instructions": counts })
    }
}

/// The counts of the core's own paths in a table. Groups of the core alone have several; of the others the first is
/// the core's, and those that say so.
fn rows(table: &str) -> BTreeMap<String, f64> {
    let mut group = String::new();
    let mut counts = BTreeMap::new();
    for line in table.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| keys")) {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let [_, name, peer, count, ..] = cells.as_slice() else { continue };
        if !name.is_empty() {
            group = (*name).to_owned();
        }
        let ours = peer.starts_with("retriage") || group.ends_with("classified") && !peer.starts_with("httpdate");
        if let (true, Ok(count)) = (ours, count.parse()) {
            counts.insert(format!("{group}: {peer}"), count);
        }
    }
    counts
}

/// Compares the counts with those that are kept.
pub(crate) fn step(project: &mut Project) -> Outcome {
    let path = project.root().join(FILE);
    let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let kept: Value = serde_json::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))?;
    let counts = Counts::measure(project)?;
    if kept["compiler"] != counts.compiler {
        return Ok(Some(format!("not compared: kept of {}, this is {}", kept["compiler"], counts.compiler)));
    }
    let kept = kept["instructions"].as_object().cloned().unwrap_or_default();
    let mut wrong = Vec::new();
    for (path, count) in &counts.by_path {
        match kept.get(path).and_then(Value::as_f64) {
            None => wrong.push(format!("{path}: {count:.0}, and no count is kept")),
            Some(before) if *count > before * (1.0 + TOLERANCE) + 1.0 => {
                wrong.push(format!("{path}: {count:.0}, was {before:.0}"));
            }
            Some(_) => {}
        }
    }
    wrong.extend(kept.keys().filter(|path| !counts.by_path.contains_key(*path)).map(|path| format!("{path}: gone")));
    if wrong.is_empty() {
        return Ok(Some(format!("{} paths", counts.by_path.len())));
    }
    Err(format!(
        "instructions grew by more than {} %; if they must, `cargo xtask accept-instructions` and say why:\n{}",
        TOLERANCE * 100.0,
        wrong.join("\n")
    ))
}

#[cfg(test)]
mod tests {
    use super::rows;

    #[test]
    fn the_paths_of_the_core_are_told_from_its_peers() {
        let table = "| keys | by | instructions each | times the first |\n|---|---|---:|---:|\n\
            | code | retriage, category | 51.9 | 1.00 |\n|  | match | 23.1 | 0.4 |\n\
            | 503, classified | a date | 88 | 1 |\n|  | seconds | 66.0 | 0.8 |\n|  | httpdate, alone | 9.0 | 0.1 |\n";
        let rows: Vec<(String, f64)> = rows(table).into_iter().collect();
        let expected =
            [("503, classified: a date", 88.0), ("503, classified: seconds", 66.0), ("code: retriage, category", 51.9)];
        assert_eq!(rows, expected.map(|(path, count)| (path.to_owned(), count)));
    }
}

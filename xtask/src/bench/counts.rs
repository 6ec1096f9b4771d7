//! The instruction counts that must not grow: measured, kept in `benches/instructions.json`, and compared.

use std::collections::BTreeMap;
use std::fs;
use std::process::Command;

use serde_json::{Map, Value, json};

use crate::c;
use crate::project::{Project, read};
use crate::steps::Outcome;

/// The programs of measurements.
const PROGRAMS: &[&str] = &["lookup", "answer", "batch"];
/// Where the counts are kept.
const FILE: &str = "benches/instructions.json";
/// How much a count may grow.
const TOLERANCE: f64 = 0.03;

/// The arguments of cargo for a program of measurements. Those that others look at stand beside all peers, for which
/// gperf is needed; what is ours is counted without.
pub(crate) fn bench<'a>(program: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let mut arguments = vec!["bench", "--quiet", "--package", "retriage-benches", "--bench", program];
    if !more.contains(&OURS) {
        arguments.extend(["--features", "printed-peers"]);
    }
    if !more.is_empty() {
        arguments.push("--");
        arguments.extend(more);
    }
    arguments
}

/// Leaves the peers out that are not the core's.
const OURS: &str = "--ours";

/// Keeps the counts as they are now.
pub(crate) fn accept(project: &Project) -> Result<(), String> {
    let text = serde_json::to_string_pretty(&Counts::measure(project)?.to_json());
    let path = project.root().join(FILE);
    let text = text.map_err(|error| error.to_string())? + "\n";
    fs::write(&path, text).map_err(|error| format!("{}: {error}", path.display()))
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
            let rows = rows(&project.read_cargo(&bench(program, &["--instructions", OURS]))?);
            if rows.is_empty() {
                return Err(format!("{program} gave no table"));
            }
            by_path.extend(rows);
        }
        by_path.insert("the C library: retriage_find".to_owned(), c::count_find(project)?);
        Ok(Self { compiler: read(Command::new("rustc").arg("--version"))?.trim().to_owned(), by_path })
    }

    fn to_json(&self) -> Value {
        let counts: Map<String, Value> =
            self.by_path.iter().map(|(path, count)| (path.clone(), json!(count))).collect();
        json!({ "compiler": self.compiler, "instructions": counts })
    }
}

/// The counts in a table, by group and peer.
fn rows(table: &str) -> BTreeMap<String, f64> {
    let mut group = "";
    let mut counts = BTreeMap::new();
    for line in table.lines().filter(|line| line.starts_with("| ")) {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let [_, name, peer, count, ..] = cells.as_slice() else { continue };
        if !name.is_empty() {
            group = name;
        }
        if let Ok(count) = count.parse() {
            counts.insert(format!("{group}: {peer}"), count);
        }
    }
    counts
}

/// What is wrong with the counts beside those that are kept, one line each.
fn compared(kept: &Map<String, Value>, counts: &BTreeMap<String, f64>) -> Vec<String> {
    let mut wrong = Vec::new();
    for (path, count) in counts {
        match kept.get(path).and_then(Value::as_f64) {
            None => wrong.push(format!("{path}: {count}, and no count is kept")),
            Some(before) if *count > before * (1.0 + TOLERANCE) => wrong.push(format!("{path}: {count}, was {before}")),
            Some(_) => {}
        }
    }
    wrong.extend(kept.keys().filter(|path| !counts.contains_key(*path)).map(|path| format!("{path}: gone")));
    wrong
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
    let wrong = compared(&kept, &counts.by_path);
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
    use std::collections::BTreeMap;

    use serde_json::json;

    use super::{compared, rows};

    #[test]
    fn a_row_is_named_by_its_group_and_its_peer() {
        let table = "| keys | by | instructions each | times the first |\n|---|---|---:|---:|\n\
            | code | retriage, category | 51.9 | 1.00 |\n| 503 | a date | 88 | 1 |\n|  | seconds | 66.0 | 0.8 |\n";
        let rows: Vec<(String, f64)> = rows(table).into_iter().collect();
        let expected = [("503: a date", 88.0), ("503: seconds", 66.0), ("code: retriage, category", 51.9)];
        assert_eq!(rows, expected.map(|(path, count)| (path.to_owned(), count)));
    }

    #[test]
    fn more_than_the_tolerance_is_told_and_less_is_not() {
        let kept = json!({ "a": 100.0, "b": 100.0, "c": 2.0, "gone": 1.0 });
        let kept = kept.as_object().expect("it is one");
        let counts = [("a", 103.0), ("b", 103.1), ("c", 2.1), ("new", 5.0)];
        let counts: BTreeMap<String, f64> = counts.map(|(path, count)| (path.to_owned(), count)).into();
        let expected = ["b: 103.1, was 100", "c: 2.1, was 2", "new: 5, and no count is kept", "gone: gone"];
        assert_eq!(compared(kept, &counts), expected);
    }
}

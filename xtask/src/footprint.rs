//! What the command line takes to start and to hold: time to the first answer, memory, and the tables byte by byte.

use std::fs;
use std::process::Command;
use std::time::Instant;

use serde_json::Value;

use crate::Task;
use crate::project::{Project, read};

/// The command about it.
pub(crate) static TASKS: &[Task] = &[Task {
    name: "footprint",
    arguments: "",
    about: "Measures the time to the first answer, the peak of memory, and the size of the tables. Needs nm.",
    run: |project, _| footprint(project),
}];

/// How often the first answer is timed.
const RUNS: usize = 101;

fn footprint(project: &Project) -> Result<(), String> {
    project.cargo(&["build", "--quiet", "--release", "--package", "retriage-cli"])?;
    let program = project.target().join("release/retriage");
    let first = || {
        let mut command = Command::new(&program);
        command.args(["explain", "http", "503", "--json"]);
        command
    };
    let mut times = Vec::with_capacity(RUNS);
    for _ in 0..RUNS {
        let began = Instant::now();
        read(&mut first())?;
        times.push(began.elapsed().as_secs_f64() * 1e3);
    }
    times.sort_by(f64::total_cmp);
    let size = fs::metadata(&program).map_err(|error| format!("{}: {error}", program.display()))?.len();
    let listed: Value = serde_json::from_str(&read(Command::new(&program).args(["codes", "--json"]))?)
        .map_err(|error| format!("codes --json: {error}"))?;
    let ids: Vec<&str> = listed.as_array().into_iter().flatten().filter_map(|catalog| catalog["id"].as_str()).collect();
    let mut entries = 0;
    for id in &ids {
        let listed = read(Command::new(&program).args(["codes", id, "--json"]))?;
        entries += serde_json::from_str::<Value>(&listed)
            .map_err(|error| format!("codes {id} --json: {error}"))?
            .as_array()
            .map_or(0, Vec::len);
    }
    let rows = rows(&read(Command::new("nm").args(["--print-size", "--demangle", "--radix=d"]).arg(&program))?);
    let texts = texts(&fs::read_to_string(project.printed()?.join("tables.rs")).map_err(|error| error.to_string())?);
    println!("| | |\n|---|---:|");
    println!("| time to the first answer, the whole program, median of {RUNS} | {:.1} ms |", times[RUNS / 2]);
    println!("| the program, with its symbols | {:.2} MB |", size as f64 / 1e6);
    println!("| entries, variants and ranges included, in {} catalogs | {entries} |", ids.len());
    println!("| rows of the tables | {:.1} kB |", rows as f64 / 1e3);
    println!("| texts of the tables | {:.1} kB |", texts as f64 / 1e3);
    println!("| both, an entry | {} bytes |", (rows + texts) / entries.max(1));
    Ok(())
}

/// The bytes of the static tables, by the program's symbols: those whose names are in capitals.
fn rows(symbols: &str) -> usize {
    let is_table = |name: &str| {
        name.strip_prefix("retriage::tables::")
            .is_some_and(|name| name.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_'))
    };
    let size = |line: &str| {
        let mut fields = line.split_whitespace();
        let size = fields.nth(1)?.parse::<usize>().ok()?;
        is_table(fields.nth(1)?).then_some(size)
    };
    symbols.lines().filter_map(size).sum()
}

/// The bytes of the one text that all texts are in, as the build script printed it.
fn texts(printed: &str) -> usize {
    let Some((_, text)) = printed.split_once("strings: Cow::Borrowed(\"") else { return 0 };
    let Some((text, _)) = text.split_once("\"), texts:") else { return 0 };
    text.len() - text.matches("\\\"").count()
}

#[cfg(test)]
mod tests {
    use super::{rows, texts};

    #[test]
    fn tables_are_told_from_code() {
        let symbols = "0001 0100 R retriage::tables::ENTRIES\n0002 0200 T retriage::tables::load\n0003 0010 R retriage::tables::CELLS\n";
        assert_eq!(rows(symbols), 110);
    }

    #[test]
    fn the_texts_are_counted_without_their_escapes() {
        assert_eq!(texts(r#"Tables { strings: Cow::Borrowed("a \"b\" c"), texts: Cow::"#), 7);
    }
}

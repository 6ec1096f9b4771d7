//! What `retriage_find` costs: see bindings/c/benches/lookup.c.

use std::ffi::OsString;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::header::packed;
use super::library::Library;
use super::read;
use crate::project::{Project, failed, run};

/// How the peers are written, here and for those of the core.
#[path = "../../../benches/src/printed.rs"]
mod printed;

/// How many keys a pass goes through.
const KEYS: u64 = 1_024;

/// The place of `retriage_find` among the peers of lookup.c.
const FIND: usize = 1;

/// Measures the look-up; the table.
pub(crate) fn bench(project: &Project) -> Result<String, String> {
    let (program, paths) = build(project)?;
    let times = read(Command::new(&program).env("LD_LIBRARY_PATH", &paths))?;
    let mut table = "| by | ns a look-up | times an empty call | instructions |\n|---|---:|---:|---:|\n".to_owned();
    for (peer, line) in times.lines().enumerate() {
        let instructions = instructions(&program, &paths, peer)?;
        let _ = writeln!(table, "| {} | {instructions:.1} |", line.replace(',', " | "));
    }
    Ok(table)
}

/// How many instructions `retriage_find` takes, to a tenth.
pub(crate) fn count_find(project: &Project) -> Result<f64, String> {
    let (program, paths) = build(project)?;
    Ok((instructions(&program, &paths, FIND)? * 10.0).round() / 10.0)
}

/// Builds the library, its peers and the program that measures them, which needs the paths to find its libraries.
fn build(project: &Project) -> Result<(PathBuf, OsString), String> {
    let library = Library::release(project)?;
    let sources = project.root().join("bindings/c/benches");
    let out = project.target().join("c").join("bench");
    fs::create_dir_all(&out).map_err(|error| format!("{}: {error}", out.display()))?;
    print_peers(&out)?;
    let peers = out.join("libpeers.so");
    let mut command = Command::new("gcc");
    command.args(["-O2", "-shared", "-fPIC", "-I"]).arg(&sources).arg("-I").arg(&out);
    run(command.arg(out.join("peers.c")).arg("-o").arg(&peers))?;
    let program = out.join("lookup");
    let mut command = Command::new("gcc");
    command.args(["-O2", "-std=c99", "-Wall", "-Wextra", "-Werror", "-I"]).arg(&sources);
    command.arg("-I").arg(project.root().join("bindings/c/include")).arg(sources.join("lookup.c"));
    command.arg("-L").arg(&out).arg("-lpeers").arg("-o").arg(&program);
    library.link(&mut command);
    run(&mut command)?;
    let paths = std::env::join_paths([library.folder(), &out]).map_err(|error| error.to_string())?;
    Ok((program, paths))
}

/// How many instructions a look-up takes, its share of the loop included.
fn instructions(program: &Path, paths: &std::ffi::OsStr, peer: usize) -> Result<f64, String> {
    let count = |passes: u64| {
        let mut command = Command::new("valgrind");
        command.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]).arg(program);
        command.arg(peer.to_string()).arg(passes.to_string()).env("LD_LIBRARY_PATH", paths).stdin(Stdio::null());
        let output = command.output().map_err(|error| failed(&command, &error.to_string()))?;
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        let counted = told.lines().find_map(|line| line.split_once("Collected : ")?.1.trim().parse::<u64>().ok());
        counted.ok_or_else(|| failed(&command, &told))
    };
    // What isn't the look-ups is the same in both.
    let (few, many) = (count(1)?, count(11)?);
    Ok((many - few) as f64 / (10 * KEYS) as f64)
}

/// Prints Updox's codes as a switch and as a table of gperf, both with the answers of `retriage_find`.
fn print_peers(out: &Path) -> Result<(), String> {
    let updox = retriage::catalog("updox").ok_or("there is no catalog updox")?;
    let mut codes = Vec::new();
    for code in 0..10_000_i64 {
        let found = updox.find_number(code).filter(|(_, found)| *found == retriage::vocabulary::Match::Exact);
        codes.extend(found.map(|found| (code, packed::answer(Some(found)))));
    }
    let mut switch = String::from("#include \"peers.h\"\n\n");
    switch += "uint64_t peer_nothing(uint64_t catalog, uint32_t space, int64_t number) {\n";
    switch += "  (void)catalog, (void)space, (void)number;\n  return 0;\n}\n\n";
    let parameters = "uint64_t catalog, uint32_t space, int64_t number";
    let otherwise = format!("(void)catalog, (void)space, UINT64_C({})", packed::UNKNOWN);
    switch += &printed::switch("peer_switch", parameters, &codes, &otherwise);
    let keys: Vec<String> = codes.iter().map(|(code, _)| format!("\"{code}\"")).collect();
    let _ = writeln!(switch, "const char *const peer_keys[] = {{{}}};", keys.join(", "));
    let _ = writeln!(switch, "const size_t peer_key_count = {};\n\n#include \"gperf.inc\"", keys.len());
    let texts: Vec<(String, u64)> = codes.iter().map(|(code, answer)| (code.to_string(), *answer)).collect();
    let rows = texts.iter().map(|(code, answer)| (&**code, *answer));
    let table = printed::gperf("peer_gperf", rows, packed::UNKNOWN);
    let write =
        |path: PathBuf, text: &str| fs::write(&path, text).map_err(|error| format!("{}: {error}", path.display()));
    write(out.join("peers.c"), &switch)?;
    write(out.join("codes.gperf"), &table)?;
    let mut command = Command::new("gperf");
    command.args(printed::GPERF).arg("--output-file").arg(out.join("gperf.inc")).arg(out.join("codes.gperf"));
    run(&mut command)
}

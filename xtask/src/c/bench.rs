//! What `retriage_find` costs: see bindings/c/benches/lookup.c.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::header::packed;
use super::library::Library;
use super::read;
use crate::project::{Project, failed, run};

/// How many keys a pass goes through.
const KEYS: u64 = 1_024;

/// Measures the look-up, and prints a table.
pub(crate) fn bench(project: &Project) -> Result<(), String> {
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
    let times = read(Command::new(&program).env("LD_LIBRARY_PATH", &paths))?;
    println!("| by | ns | times an empty call | instructions |\n|---|---:|---:|---:|");
    for (peer, line) in times.lines().enumerate() {
        let instructions = match crate::needs::runs("valgrind", &["--version"]) {
            true => format!("{:.1}", instructions(&program, &paths, peer)?),
            false => "-".to_owned(),
        };
        println!("| {} | {instructions} |", line.replace(',', " | "));
    }
    Ok(())
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
    switch += "uint64_t peer_switch(uint64_t catalog, uint32_t space, int64_t number) {\n";
    switch += "  (void)catalog, (void)space;\n  switch (number) {\n";
    for (code, answer) in &codes {
        let _ = writeln!(switch, "    case {code}: return UINT64_C({answer});");
    }
    let _ = writeln!(switch, "    default: return UINT64_C({});\n  }}\n}}\n", packed::UNKNOWN);
    let keys: Vec<String> = codes.iter().map(|(code, _)| format!("\"{code}\"")).collect();
    let _ = writeln!(switch, "const char *const peer_keys[] = {{{}}};", keys.join(", "));
    let _ = writeln!(switch, "const size_t peer_key_count = {};\n\n#include \"gperf.inc\"\n", keys.len());
    switch += "uint64_t peer_gperf(const char *code, size_t length) {\n";
    switch += "  const struct row *row = find_row(code, length);\n";
    let _ = writeln!(switch, "  return row ? row->answer : UINT64_C({});\n}}", packed::UNKNOWN);
    let mut table =
        String::from("%struct-type\n%compare-strncmp\n%readonly-tables\n%define lookup-function-name find_row\n");
    table += "%{\n#include <string.h>\n%}\nstruct row { const char *name; uint64_t answer; };\n%%\n";
    for (code, answer) in &codes {
        let _ = writeln!(table, "{code}, UINT64_C({answer})");
    }
    let write =
        |path: PathBuf, text: &str| fs::write(&path, text).map_err(|error| format!("{}: {error}", path.display()));
    write(out.join("peers.c"), &switch)?;
    write(out.join("codes.gperf"), &table)?;
    let mut command = Command::new("gperf");
    run(command.arg("-m").arg("10").arg("--output-file").arg(out.join("gperf.inc")).arg(out.join("codes.gperf")))
}

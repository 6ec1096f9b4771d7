//! The npm package: making it, and putting it into programs that use it.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::Task;
use crate::needs::runs;
use crate::project::{Project, read, run};
use crate::steps::Outcome;

/// The oldest Node that the package is for.
const OLDEST_NODE: u32 = 20;

/// The commands about it.
pub(crate) const TASKS: &[Task] = &[
    Task {
        name: "pack-npm",
        arguments: "--out DIR",
        about: "Makes the npm package and puts its tarball into DIR.",
        run: |project, arguments| make(project, "pack-npm", arguments),
    },
    Task {
        name: "explorer",
        arguments: "--out DIR",
        about: "Makes the page where codes are looked up and puts its files into DIR, for any file server.",
        run: |project, arguments| make(project, "explorer", arguments),
    },
];

/// What makes the package is a program of its own, because a WebAssembly toolchain takes longer to compile than most
/// steps take to run.
fn make(project: &Project, what: &str, arguments: &[String]) -> Result<(), String> {
    let [option, out] = arguments else { return Err(format!("{what} takes --out DIR, and nothing else")) };
    check_node()?;
    project.cargo(&["run", "--quiet", "--package", "xtask-npm", "--", what, option, out])
}

/// Packs, installs, and measures the package beside its peers; what that prints.
pub(crate) fn bench(project: &mut Project) -> Result<String, String> {
    let work = packed(project)?;
    let node = |script: &str| {
        let mut node = Command::new("node");
        node.arg(script).current_dir(project.root().join("bindings/wasm")).env("RETRIAGE_NPM", &work);
        node
    };
    run(node("tests/install.js").stdin(Stdio::null()))?;
    read(&mut node("bench/bench.js"))
}

/// Makes the package; the folder of its tarball.
fn packed(project: &Project) -> Result<PathBuf, String> {
    let work = project.target().join("npm");
    make(project, "pack-npm", &["--out".to_owned(), work.to_string_lossy().into_owned()])?;
    Ok(work)
}

/// Packs, installs the tarball into the consumers of bindings/wasm/tests, and runs them.
pub(crate) fn test(project: &mut Project) -> Outcome {
    let work = packed(project)?;
    let mut npm = Command::new("npm");
    npm.arg("test").current_dir(project.root().join("bindings/wasm")).env("RETRIAGE_NPM", &work);
    run(npm.stdin(Stdio::null()))?;
    Ok(None)
}

fn check_node() -> Result<(), String> {
    let output = Command::new("node").arg("--version").output();
    let version = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
    let major = version.trim().trim_start_matches('v').split('.').next().and_then(|major| major.parse::<u32>().ok());
    match major {
        Some(major) if major >= OLDEST_NODE => Ok(()),
        Some(_) => Err(format!("Node {} is too old; install {OLDEST_NODE} or later, from nodejs.org", version.trim())),
        None => Err(format!("there is no Node; install {OLDEST_NODE} or later, from nodejs.org")),
    }
}

/// Whether a compiler for WebAssembly is there: rustup's target, or the distribution's toolchain.
pub(crate) fn has_wasm() -> bool {
    let output = Command::new("rustc").args(["--print", "target-libdir", "--target", WASM_TARGET]).output();
    let is_there = output.is_ok_and(|output| Path::new(String::from_utf8_lossy(&output.stdout).trim()).is_dir());
    is_there || runs("/usr/bin/wasm-ld-22", &["--version"])
}

/// The target of the package.
pub(crate) const WASM_TARGET: &str = "wasm32-unknown-unknown";

//! The Python module: what is printed for it, and its tests.

mod words;

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use crate::Task;
use crate::project::{Project, read, run};
use crate::steps::Outcome;

/// The folder of the module, from that of the workspace.
const MODULE: &str = "bindings/python";

/// The environment of the tests, and the packages in it.
pub(crate) const TESTS: Environment = Environment {
    folder: concat!(env!("CARGO_MANIFEST_DIR"), "/../target/python/tests"),
    requirements: concat!(env!("CARGO_MANIFEST_DIR"), "/../bindings/python/requirements-test.txt"),
};

/// The environment of the test in Spark.
pub(crate) const SPARK: Environment = Environment {
    folder: concat!(env!("CARGO_MANIFEST_DIR"), "/../target/python/spark"),
    requirements: concat!(env!("CARGO_MANIFEST_DIR"), "/../bindings/python/requirements-spark.txt"),
};

/// The environment of the measurements.
pub(crate) const BENCH: Environment = Environment {
    folder: concat!(env!("CARGO_MANIFEST_DIR"), "/../target/python/bench"),
    requirements: concat!(env!("CARGO_MANIFEST_DIR"), "/../bindings/python/requirements-bench.txt"),
};

/// A virtual environment and the packages in it.
pub(crate) struct Environment {
    /// Where it is.
    pub(crate) folder: &'static str,
    /// The file that names the packages.
    pub(crate) requirements: &'static str,
}

impl Environment {
    /// A program of it.
    fn program(&self, name: &str) -> PathBuf {
        Path::new(self.folder).join("bin").join(name)
    }

    /// Whether every package that is named is in it, in the version that is named.
    pub(crate) fn is_there(&self) -> bool {
        const CHECK: &str = "
import importlib.metadata, sys
for line in open(sys.argv[1], encoding='utf-8'):
    name, _, version = line.partition('#')[0].strip().partition('==')
    if name:
        found = importlib.metadata.version(name)
        assert not version or found == version, name
";
        let mut check = Command::new(self.program("python"));
        check.args(["-c", CHECK, self.requirements]).stdin(Stdio::null());
        check.output().is_ok_and(|output| output.status.success())
    }
}

/// The commands about the Python module.
pub(crate) static TASKS: &[Task] = &[Task {
    name: "python",
    arguments: "words | spark",
    about: "words: writes the files of the Python module that are printed from the core's words. \
            spark: classifies ten million rows in Spark, DuckDB, polars and a plain loop, and says how fast.",
    run: |project, arguments| match arguments {
        [word] if word == "words" => write_words(project),
        [word] if word == "spark" => {
            print!("{}", measure(project, "benches/throughput.py")?);
            Ok(())
        }
        _ => Err("python needs one of words and spark".to_owned()),
    },
}];

/// Measures the module beside its peers; what that prints.
pub(crate) fn bench(project: &Project) -> Result<String, String> {
    measure(project, "benches/peers.py")
}

/// Runs a measurement of the module as it is installed: built by its own front door, with every optimisation.
fn measure(project: &Project, program: &str) -> Result<String, String> {
    let python = BENCH.program("python");
    if !BENCH.is_there() {
        run(Command::new("python3").args(["-m", "venv", BENCH.folder]))?;
        pip(&python, &["install", "--requirement", BENCH.requirements].map(OsStr::new))?;
    }
    let module = project.root().join(MODULE);
    let arguments = ["install", "--force-reinstall", "--no-deps"].map(OsStr::new);
    pip(&python, &[&arguments[..], &[module.as_os_str()]].concat())?;
    read(Command::new(&python).arg(program).current_dir(&module))
}

/// The folder of the module's Python.
fn sources(project: &Project) -> PathBuf {
    project.root().join(MODULE).join("python/retriage")
}

fn write_words(project: &Project) -> Result<(), String> {
    for (name, text) in words::files() {
        let path = sources(project).join(name);
        fs::write(&path, text).map_err(|error| format!("{}: {error}", path.display()))?;
    }
    Ok(())
}

/// The step: the printed files are those of the core; the source distribution builds; its wheel is tested in a clean
/// environment of every CPython there is, and with everything it works with in one of them.
pub(crate) fn test(project: &mut Project) -> Outcome {
    for (name, text) in words::files() {
        let path = sources(project).join(name);
        let committed = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        if committed != text {
            return Err(format!("{name} is not what the core prints; run `cargo xtask python words`"));
        }
    }
    let folder = project.target().join("python");
    let wheel = built(project)?;
    let mut versions = Vec::new();
    for python in pythons() {
        let clean = folder.join(format!("cpython-{}", python.version));
        let program = clean.join("bin/python");
        if !program.is_file() {
            run(Command::new(&python.program).args(["-m", "venv"]).arg(&clean))?;
        }
        pip(&program, &[OsStr::new("install"), OsStr::new("pytest==9.2.0")])?;
        install(&program, wheel)?;
        pytest(project, &program, &["tests/test_vectors.py", "tests/test_module.py"])?;
        versions.push(python.version);
    }
    if versions.is_empty() {
        return Err("no CPython from 3.10 on was found".to_owned());
    }
    let python = TESTS.program("python");
    install(&python, wheel)?;
    pytest(project, &python, &["tests"])?;
    check_types(project)?;
    Ok(Some(format!("CPython {}", versions.join(", "))))
}

/// Whether the step `python` has built the module; what to do if not.
pub(crate) fn check_built() -> Result<(), String> {
    let imports = TESTS.program("python");
    if crate::needs::runs(&imports.to_string_lossy(), &["-c", "import retriage"]) {
        return Ok(());
    }
    Err(format!("{} has no module retriage: build it with `cargo xtask test python`", imports.display()))
}

/// The module gives the answers of one file to the questions of another.
pub(crate) fn agree(project: &Project, files: [&OsStr; 2]) -> Result<(), String> {
    let mut python = Command::new(TESTS.program("python"));
    python.arg("tests/agree.py").args(files).current_dir(project.root().join(MODULE)).stdin(Stdio::null());
    run(&mut python)
}

/// The step: the module in Spark, on this machine.
pub(crate) fn test_spark(project: &mut Project) -> Outcome {
    let python = SPARK.program("python");
    install(&python, built(project)?)?;
    pytest(project, &python, &["tests/test_examples.py"])?;
    Ok(None)
}

/// The wheel, made once however many steps want it.
fn built(project: &Project) -> Result<&'static Path, String> {
    static WHEEL: OnceLock<PathBuf> = OnceLock::new();
    if let Some(wheel) = WHEEL.get() {
        return Ok(wheel);
    }
    let wheel = build(project, &project.target().join("python"))?;
    Ok(WHEEL.get_or_init(|| wheel))
}

/// Makes the source distribution, and from it the wheel. The optimisation at link time is left out: it changes how fast
/// the module is, not what it says, and takes as long as everything else.
fn build(project: &Project, folder: &Path) -> Result<PathBuf, String> {
    let maturin = TESTS.program("maturin");
    let (packed, unpacked, built) = (folder.join("sdist"), folder.join("unpacked"), folder.join("wheel"));
    for stale in [&packed, &unpacked, &built] {
        if stale.exists() {
            fs::remove_dir_all(stale).map_err(|error| format!("{}: {error}", stale.display()))?;
        }
    }
    fs::create_dir_all(&unpacked).map_err(|error| format!("{}: {error}", unpacked.display()))?;
    let module = project.root().join(MODULE);
    run(Command::new(&maturin).arg("sdist").arg("--out").arg(&packed).current_dir(&module))?;
    let archive = only_file(&packed)?;
    // What is unpacked is new (-m): the times in the archive are made up, and would have cargo take it for built.
    run(Command::new("tar").arg("-xmzf").arg(&archive).arg("-C").arg(&unpacked).arg("--strip-components=1"))?;
    let mut wheel = Command::new(&maturin);
    wheel.args(["build", "--release", "--compatibility", "linux", "--out"]).arg(&built);
    wheel.arg("--interpreter").arg(TESTS.program("python")).current_dir(&unpacked);
    wheel.env("CARGO_TARGET_DIR", folder.join("build"));
    wheel.env("CARGO_PROFILE_RELEASE_LTO", "off").env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16");
    run(&mut wheel)?;
    only_file(&built)
}

fn only_file(folder: &Path) -> Result<PathBuf, String> {
    let tell = |error| format!("{}: {error}", folder.display());
    let files = fs::read_dir(folder).map_err(tell)?.collect::<Result<Vec<_>, _>>().map_err(tell)?;
    match files.as_slice() {
        [file] => Ok(file.path()),
        files => Err(format!("{} holds {} files, not one", folder.display(), files.len())),
    }
}

fn pip(python: &Path, arguments: &[&OsStr]) -> Result<(), String> {
    let mut pip = Command::new(python);
    run(pip.args(["-m", "pip", "--quiet", "--disable-pip-version-check"]).args(arguments).stdin(Stdio::null()))
}

/// Installs the wheel anew: its version is the same while its content changes.
fn install(python: &Path, wheel: &Path) -> Result<(), String> {
    let arguments = ["install", "--force-reinstall", "--no-deps", "--no-index"].map(OsStr::new);
    pip(python, &[&arguments[..], &[wheel.as_os_str()]].concat())
}

fn pytest(project: &Project, python: &Path, files: &[&str]) -> Result<(), String> {
    let mut pytest = Command::new(python);
    pytest.args(["-m", "pytest", "-q"]).args(files).current_dir(project.root().join(MODULE)).stdin(Stdio::null());
    run(&mut pytest)
}

/// The types: those of the Rust part agree with what is there at run time, and two checkers find nothing to say.
fn check_types(project: &Project) -> Result<(), String> {
    let module = project.root().join(MODULE);
    let mut stubtest = Command::new(TESTS.program("python"));
    stubtest.args(["-m", "mypy.stubtest", "retriage", "--mypy-config-file", "pyproject.toml"]);
    run(stubtest.args(["--allowlist", "tests/stubtest-allowlist.txt"]).current_dir(&module))?;
    run(Command::new(TESTS.program("mypy")).args(["python", "tests", "examples"]).current_dir(&module))?;
    run(Command::new(TESTS.program("pyright")).arg("--pythonpath").arg(TESTS.program("python")).current_dir(&module))
}

/// An interpreter.
struct Python {
    program: PathBuf,
    /// Such as 3.12.
    version: String,
}

/// One CPython of every version from 3.10 on that this machine has: on the path, or among those of pyenv.
fn pythons() -> Vec<Python> {
    const VERSION: &str = "
import sys, sysconfig
assert sys.implementation.name == 'cpython' and sys.version_info >= (3, 10)
assert not sysconfig.get_config_var('Py_GIL_DISABLED')
print('%d.%d' % sys.version_info[:2])
";
    let minors = 10..=20;
    let mut candidates: Vec<PathBuf> = minors.map(|minor| PathBuf::from(format!("python3.{minor}"))).collect();
    candidates.push(PathBuf::from("python3"));
    let home = std::env::var_os("HOME").map(PathBuf::from).unwrap_or_default();
    if let Ok(versions) = fs::read_dir(home.join(".pyenv/versions")) {
        candidates.extend(versions.flatten().map(|version| version.path().join("bin/python")));
    }
    let mut found: Vec<Python> = Vec::new();
    for program in candidates {
        let Ok(output) = Command::new(&program).args(["-c", VERSION]).stdin(Stdio::null()).output() else { continue };
        let version = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        if output.status.success() && !found.iter().any(|known| known.version == version) {
            found.push(Python { program, version });
        }
    }
    found.sort_by_key(|python| python.version.split('.').map(|part| part.parse().unwrap_or(0)).collect::<Vec<u32>>());
    found
}

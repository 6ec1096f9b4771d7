//! What the steps need beyond a Rust toolchain and a C compiler, and the commands that install it.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::python;
use crate::steps::Step;

/// Something a step needs.
pub(crate) struct Need {
    /// Its name, as one would look for it.
    pub(crate) name: &'static str,
    /// What it is for.
    pub(crate) why: &'static str,
    /// Whether it is installed.
    pub(crate) is_there: fn() -> bool,
    /// The commands that install it, one after the other.
    pub(crate) install: &'static [&'static [&'static str]],
    /// What the step does without it; `None` where it can't be done.
    pub(crate) otherwise: Option<&'static str>,
}

/// The target of the `no_std` build: one that has `core` and `alloc` and nothing else.
pub(crate) const BARE_TARGET: &str = "thumbv7em-none-eabi";

pub(crate) static RUSTFMT: Need = Need {
    name: "rustfmt",
    why: "checks how the code is laid out",
    is_there: || runs("cargo", &["fmt", "--version"]),
    install: &[&["rustup", "component", "add", "rustfmt"]],
    otherwise: None,
};

pub(crate) static CLIPPY: Need = Need {
    name: "clippy",
    why: "checks the code by lints",
    is_there: || runs("cargo", &["clippy", "--version"]),
    install: &[&["rustup", "component", "add", "clippy"]],
    otherwise: None,
};

pub(crate) static BARE: Need = Need {
    name: BARE_TARGET,
    why: "has no std, so that a build of the core for it proves that the core needs none",
    is_there: has_bare_target,
    install: &[&["rustup", "target", "add", BARE_TARGET]],
    otherwise: Some("the core's own code is checked by its lints, and its dependencies are not checked"),
};

pub(crate) static PYTHON: Need = Need {
    name: "Python 3.10 or later",
    why: "runs the Python module",
    is_there: || runs("python3", &["-c", "import sys, ensurepip, venv; assert sys.version_info >= (3, 10)"]),
    install: &[&["apt-get", "install", "--yes", "python3", "python3-venv"]],
    otherwise: None,
};

pub(crate) static PYTHON_TESTS: Need = Need {
    name: "the environment of the Python tests",
    why: "holds what builds and checks the Python module, and the libraries it works with",
    is_there: || python::TESTS.is_there(),
    install: &[
        &["python3", "-m", "venv", python::TESTS.folder],
        &[TESTS_PIP, "install", "--quiet", "--requirement", python::TESTS.requirements],
    ],
    otherwise: None,
};

pub(crate) static JAVA: Need = Need {
    name: "Java 17 or later",
    why: "runs Spark",
    is_there: || runs("java", &["-version"]),
    install: &[&["apt-get", "install", "--yes", "openjdk-17-jre-headless"]],
    otherwise: None,
};

pub(crate) static SPARK_TESTS: Need = Need {
    name: "the environment of the test in Spark",
    why: "holds Spark",
    is_there: || python::SPARK.is_there(),
    install: &[
        &["python3", "-m", "venv", python::SPARK.folder],
        &[SPARK_PIP, "install", "--quiet", "--requirement", python::SPARK.requirements],
    ],
    otherwise: None,
};

const SPARK_PIP: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/python/spark/bin/pip");
const TESTS_PIP: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/python/tests/bin/pip");

impl PartialEq for Need {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Need {
    /// What a person should do to have it.
    pub(crate) fn advice(&self) -> String {
        let commands: Vec<String> = self.install.iter().map(|command| command.join(" ")).collect();
        format!("{} is missing; install it with `{}`", self.name, commands.join(" && "))
    }

    fn install(&self) -> bool {
        self.install.iter().all(|command| match command {
            [program, arguments @ ..] => {
                let status = Command::new(program).args(arguments).stdin(Stdio::null()).status();
                status.is_ok_and(|status| status.success())
            }
            [] => true,
        }) && (self.is_there)()
    }
}

/// Installs what the steps need, and returns what is still missing.
pub(crate) fn meet(steps: &[&'static Step], install: bool) -> Vec<&'static Need> {
    let mut needs: Vec<&'static Need> = Vec::new();
    for need in steps.iter().flat_map(|step| step.needs) {
        if !needs.contains(need) {
            needs.push(need);
        }
    }
    needs.retain(|need| {
        if (need.is_there)() {
            return false;
        }
        if install {
            println!("Installing {}: it {}", need.name, need.why);
            if need.install() {
                return false;
            }
        }
        match need.otherwise {
            Some(otherwise) => println!("{}. Without it, {otherwise}.", need.advice()),
            None => println!("{}: it {}", need.advice(), need.why),
        }
        true
    });
    needs
}

fn runs(program: &str, arguments: &[&str]) -> bool {
    Command::new(program).args(arguments).stdin(Stdio::null()).output().is_ok_and(|output| output.status.success())
}

pub(crate) fn has_bare_target() -> bool {
    let output = Command::new("rustc").args(["--print", "target-libdir", "--target", BARE_TARGET]).output();
    output.is_ok_and(|output| Path::new(String::from_utf8_lossy(&output.stdout).trim()).is_dir())
}

//! What the steps need beyond a Rust toolchain and a C compiler, and the commands that install it.

use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;

use crate::npm::{WASM_TARGET, has_wasm};
use crate::python;

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

/// The commands that install packages of Debian, whose list a new machine doesn't have.
macro_rules! apt {
    ($($package:literal),*) => { &[&["apt-get", "update"], &["apt-get", "install", "-y", $($package),*]] };
}

/// The command that compiles a program of crates.io. It runs for seconds, so that what counts is how long it takes to
/// compile.
macro_rules! cargo_install {
    ($package:literal) => {
        &[&[
            "sh",
            "-c",
            concat!(
                "CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_OPT_LEVEL=0 cargo install ",
                $package,
                " --locked"
            ),
        ]]
    };
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

pub(crate) static CARGO_FUZZ: Need = Need {
    name: "cargo-fuzz",
    why: "tries what nobody thought of on every reader",
    is_there: || runs("cargo", &["fuzz", "--version"]),
    install: cargo_install!("cargo-fuzz"),
    otherwise: None,
};

pub(crate) static CARGO_MUTANTS: Need = Need {
    name: "cargo-mutants",
    why: "knows how code could be wrong",
    is_there: || runs("cargo", &["mutants", "--version"]),
    install: cargo_install!("cargo-mutants"),
    otherwise: None,
};

pub(crate) static DENY: Need = Need {
    name: "cargo-deny",
    why: "checks the licences and sources of what is depended on",
    is_there: || runs("cargo", &["deny", "--version"]),
    install: cargo_install!("cargo-deny"),
    otherwise: None,
};

/// Too large to compile for every test; asked for by its command alone.
pub(crate) static SEMVER_CHECKS: Need = Need {
    name: "cargo-semver-checks",
    why: "tells which changes of the core break its callers",
    is_there: || runs("cargo", &["semver-checks", "--version"]),
    install: cargo_install!("cargo-semver-checks"),
    otherwise: None,
};

pub(crate) static VALGRIND: Need = Need {
    name: "valgrind",
    why: "counts instructions, and watches every access that the C library makes to memory",
    is_there: || runs("valgrind", &["--version"]),
    install: apt!["valgrind"],
    otherwise: None,
};

pub(crate) static GPERF: Need = Need {
    name: "gperf",
    why: "makes the perfect hashes that look-ups are measured beside",
    is_there: || runs("gperf", &["--version"]),
    install: apt!["gperf"],
    otherwise: None,
};

pub(crate) static BINUTILS: Need = Need {
    name: "binutils",
    why: "says how large the parts of a program are",
    is_there: || runs("nm", &["--version"]) && runs("size", &["--version"]),
    install: apt!["binutils"],
    otherwise: None,
};

pub(crate) static JQ: Need = Need {
    name: "jq",
    why: "is what a log is read beside",
    is_there: || runs("jq", &["--version"]),
    install: apt!["jq"],
    otherwise: None,
};

pub(crate) static TIME: Need = Need {
    name: "GNU time",
    why: "says what a program held at most",
    is_there: || runs("/usr/bin/time", &["--version"]),
    install: apt!["time"],
    otherwise: None,
};

pub(crate) static CURL: Need = Need {
    name: "libcurl",
    why: "sends the requests of an example in C",
    is_there: || runs("pkg-config", &["--exists", "libcurl"]),
    install: apt!["pkg-config", "libcurl4-openssl-dev"],
    otherwise: None,
};

pub(crate) static CMAKE: Need = Need {
    name: "cmake",
    why: "builds the project that the C library's README shows",
    is_there: || runs("cmake", &["--version"]),
    install: apt!["cmake"],
    otherwise: None,
};

pub(crate) static JAVA: Need = Need {
    name: "java",
    why: "calls the C library through JNA, as an interface engine on the JVM does, and runs Spark",
    is_there: || runs("javac", &["-version"]) && runs("java", &["-version"]),
    install: apt!["openjdk-17-jdk-headless"],
    otherwise: None,
};

/// Where Debian puts JNA.
pub(crate) const JNA_JAR: &str = "/usr/share/java/jna.jar";

pub(crate) static JNA: Need = Need {
    name: "jna",
    why: "is how Java calls the C library",
    is_there: || Path::new(JNA_JAR).is_file(),
    install: apt!["libjna-java"],
    otherwise: None,
};

pub(crate) static RUST_SRC: Need = Need {
    name: "rust-src",
    why: "is the standard library's own code, which ThreadSanitizer has to see as well",
    is_there: has_rust_src,
    install: &[&["rustup", "component", "add", "rust-src"]],
    otherwise: Some("threads hammer the C library, and no tool looks for races"),
};

pub(crate) static MIRI: Need = Need {
    name: "miri",
    why: "runs the C library's pointer code and tells what is undefined in it",
    is_there: has_miri,
    install: &[&["rustup", "toolchain", "install", "nightly", "--profile", "minimal", "--component", "miri,rust-src"]],
    otherwise: Some("the C library's pointer code is run by valgrind and the sanitizers alone"),
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

pub(crate) static WASM: Need = Need {
    name: WASM_TARGET,
    why: "is what the npm package is compiled for",
    is_there: has_wasm,
    install: &[&[
        "sh",
        "-c",
        "rustup target add wasm32-unknown-unknown || apt-get install -y rustc-web cargo-web rust-web-src lld-22",
    ]],
    otherwise: None,
};

pub(crate) static CHROMIUM: Need = Need {
    name: "chromium",
    why: "is the browser in which the npm package and its page are tried",
    is_there: || runs("chromium", &["--version", "--no-sandbox"]),
    install: apt!["--no-install-recommends", "chromium"],
    otherwise: None,
};

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

    /// Refuses to go on without it, for commands that install nothing themselves.
    pub(crate) fn require(&self) -> Result<(), String> {
        if (self.is_there)() { Ok(()) } else { Err(self.advice()) }
    }

    /// Whether it is an environment that pip fills.
    fn is_downloaded(&self) -> bool {
        self.install.iter().any(|command| command[0] == "python3")
    }

    /// Whether it is a program that is compiled here.
    fn is_compiled(&self) -> bool {
        self.install.iter().flat_map(|command| *command).any(|word| word.contains("cargo install"))
    }

    fn install(&self) -> bool {
        println!("Installing {}: it {}", self.name, self.why);
        self.install.iter().all(|command| match command {
            [program, arguments @ ..] => {
                let status = Command::new(program).args(arguments).stdin(Stdio::null()).status();
                status.is_ok_and(|status| status.success())
            }
            [] => true,
        }) && (self.is_there)()
    }
}

/// Installs what is needed, and returns what is still missing.
pub(crate) fn meet(needed: impl Iterator<Item = &'static Need>, install: bool) -> Vec<&'static Need> {
    let mut missing: Vec<&'static Need> = Vec::new();
    for need in needed {
        if !missing.contains(&need) {
            missing.push(need);
        }
    }
    missing.retain(|need| !(need.is_there)());
    if install {
        let (downloaded, others): (Vec<_>, Vec<_>) = missing.into_iter().partition(|need| need.is_downloaded());
        let (compiled, packaged): (Vec<_>, Vec<_>) = others.into_iter().partition(|need| need.is_compiled());
        let install = |needs: Vec<&'static Need>| needs.into_iter().filter(|need| !need.install()).collect::<Vec<_>>();
        missing = install(packaged);
        // What waits for the network beside what waits for the compiler; packages first, because they may bring either.
        thread::scope(|scope| {
            let downloads = scope.spawn(|| install(downloaded));
            missing.extend(install(compiled));
            missing.extend(downloads.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        });
    }
    for need in &missing {
        match need.otherwise {
            Some(otherwise) => println!("{}. Without it, {otherwise}.", need.advice()),
            None => println!("{}: it {}", need.advice(), need.why),
        }
    }
    missing
}

/// Whether a program can be run with these arguments.
pub(crate) fn runs(program: &str, arguments: &[&str]) -> bool {
    Command::new(program).args(arguments).stdin(Stdio::null()).output().is_ok_and(|output| output.status.success())
}

pub(crate) fn has_bare_target() -> bool {
    let output = Command::new("rustc").args(["--print", "target-libdir", "--target", BARE_TARGET]).output();
    output.is_ok_and(|output| Path::new(String::from_utf8_lossy(&output.stdout).trim()).is_dir())
}

pub(crate) fn has_rust_src() -> bool {
    let output = Command::new("rustc").args(["--print", "sysroot"]).output();
    let library = "lib/rustlib/src/rust/library/std/Cargo.toml";
    output.is_ok_and(|output| Path::new(String::from_utf8_lossy(&output.stdout).trim()).join(library).is_file())
}

pub(crate) fn has_miri() -> bool {
    runs("rustup", &["run", "nightly", "cargo", "miri", "--version"])
}

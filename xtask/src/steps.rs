//! The steps of `cargo xtask test`: a later one is a row here, and a row of `needs.rs` for what it needs.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::c;
use crate::needs::{
    BARE, BARE_TARGET, CARGO_FUZZ, CHROMIUM, CLIPPY, CMAKE, CURL, DENY, GPERF, JAVA, JNA, MIRI, Need, PYTHON,
    PYTHON_TESTS, RUST_SRC, RUSTFMT, SPARK_TESTS, VALGRIND, WASM, has_bare_target,
};
use crate::npm;
use crate::project::Project;
use crate::python;

/// What is said of a step that passed beyond that, or what went wrong.
pub(crate) type Outcome = Result<Option<String>, String>;

/// A step.
pub(crate) struct Step {
    /// The name by which it can be chosen.
    pub(crate) name: &'static str,
    /// What it does.
    pub(crate) about: &'static str,
    /// What must be installed for it.
    pub(crate) needs: &'static [&'static Need],
    /// Does it.
    pub(crate) run: fn(&mut Project) -> Outcome,
}

/// Every step, in the order in which they are run: the cheap ones first.
pub(crate) static STEPS: &[Step] = &[
    Step { name: "fmt", about: "the code is laid out by rustfmt.toml", needs: &[&RUSTFMT], run: fmt },
    Step { name: "clippy", about: "no lint warns, of any target", needs: &[&CLIPPY], run: clippy },
    Step { name: "test", about: "the tests and the examples in the documentation", needs: &[], run: test },
    Step { name: "doc", about: "the documentation builds without warnings", needs: &[], run: doc },
    Step {
        name: "deny",
        about: "licences and sources of what is depended on",
        needs: &[&DENY],
        run: crate::deny::step,
    },
    Step {
        name: "api",
        about: "what the core makes public is what tests/stable lists",
        needs: &[],
        run: crate::surface::step,
    },
    Step { name: "features", about: "catalogs and languages can be left out", needs: &[], run: features },
    Step { name: "no_std", about: "the core builds where there is no std", needs: &[&BARE, &CLIPPY], run: no_std },
    Step {
        name: "fuzz",
        about: "no reader breaks on hostile input, in short",
        needs: &[&CARGO_FUZZ],
        run: crate::fuzz::step,
    },
    Step { name: "package", about: "the core's package builds outside the workspace", needs: &[], run: package },
    Step { name: "tables", about: "a build in another folder prints the same tables", needs: &[], run: tables },
    Step {
        name: "c",
        about: "the C library: its header, its symbols, and the vectors in C",
        needs: &[],
        run: c::library,
    },
    Step {
        name: "c_memory",
        about: "the C library under AddressSanitizer, UndefinedBehaviorSanitizer and valgrind",
        needs: &[&VALGRIND],
        run: c::memory,
    },
    Step {
        name: "c_threads",
        about: "threads that hammer the C library, under ThreadSanitizer",
        needs: &[&RUST_SRC],
        run: c::threads,
    },
    Step {
        name: "c_callers",
        about: "programs in C, Java and Python that use the installed C library, and its README",
        needs: &[&CURL, &CMAKE, &JAVA, &JNA],
        run: c::callers,
    },
    Step { name: "c_miri", about: "the C library's pointer code under Miri", needs: &[&MIRI], run: c::miri },
    Step {
        name: "python",
        about: "the Python module, built from its source distribution, on every CPython there is",
        needs: &[&PYTHON, &PYTHON_TESTS],
        run: python::test,
    },
    Step {
        name: "spark",
        about: "the Python module within Spark",
        needs: &[&PYTHON, &PYTHON_TESTS, &JAVA, &SPARK_TESTS],
        run: python::test_spark,
    },
    Step { name: "npm", about: "the npm package in every place it is for", needs: &[&WASM, &CHROMIUM], run: npm::test },
    Step {
        name: "agree",
        about: "every face gives the core's own answers to questions that nobody wrote, in short",
        needs: &[&PYTHON],
        run: crate::agree::step,
    },
    Step {
        name: "soak",
        about: "memory stays flat and answers the same under load, in short",
        needs: &[],
        run: crate::soak::step,
    },
    Step {
        name: "instructions",
        about: "no path of the core takes more instructions than before",
        needs: &[&GPERF, &VALGRIND],
        run: crate::bench::step,
    },
];

fn fmt(project: &mut Project) -> Outcome {
    project.cargo(&["fmt", "--all", "--check"])?;
    Ok(None)
}

fn clippy(project: &mut Project) -> Outcome {
    project.cargo(&["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"])?;
    Ok(None)
}

fn test(project: &mut Project) -> Outcome {
    // One failure is no reason not to hear of the others.
    project.cargo(&["test", "--workspace", "--no-fail-fast"])?;
    Ok(None)
}

fn doc(project: &mut Project) -> Outcome {
    // Not of the tools of this repository: what they depend on takes longer to check than everything else.
    let tools = ["retriage-benches", "xtask", "xtask-npm"].map(|package| ["--exclude", package]);
    let arguments = [&["doc", "--no-deps", "--workspace"][..], tools.as_flattened()].concat();
    project.cargo_with(("RUSTDOCFLAGS", "-D warnings"), &arguments)?;
    Ok(None)
}

fn features(project: &mut Project) -> Outcome {
    for chosen in [&[][..], &["--features", "catalog-updox,locale-es"]] {
        let test = ["test", "--package", "retriage", "--no-default-features", "--test", "features"];
        project.cargo(&[&test[..], chosen].concat())?;
    }
    Ok(None)
}

fn no_std(project: &mut Project) -> Outcome {
    if has_bare_target() {
        project.cargo(&["build", "--package", "retriage", "--lib", "--target", BARE_TARGET])?;
        return Ok(None);
    }
    // `#![no_std]` and the lints of core/lib.rs keep std out of the core's own code; nothing here sees whether a
    // dependency brings it.
    project.cargo(&["clippy", "--package", "retriage", "--lib", "--", "-D", "warnings"])?;
    Ok(Some(format!("not built for {BARE_TARGET}; the core's own code by its lints alone")))
}

fn package(project: &mut Project) -> Outcome {
    project.unpack()?;
    Ok(None)
}

fn tables(project: &mut Project) -> Outcome {
    let here = files(&project.printed()?)?;
    let there = files(&project.unpack()?.printed)?;
    let names = |files: &Files| files.keys().cloned().collect::<Vec<_>>();
    if names(&here) != names(&there) {
        return Err(format!("it prints {:?} here and {:?} there", names(&here), names(&there)));
    }
    for ((name, first), second) in here.iter().zip(there.values()) {
        if first != second {
            let differs = first.iter().zip(second).position(|(one, other)| one != other);
            let at = differs.unwrap_or(first.len().min(second.len()));
            return Err(format!("the {name} printed here and there differ from byte {at} on"));
        }
    }
    Ok(Some(names(&here).join(", ")))
}

/// Files by their names.
type Files = BTreeMap<String, Vec<u8>>;

fn files(folder: &Path) -> Result<Files, String> {
    let tell = |error| format!("{}: {error}", folder.display());
    let entries = fs::read_dir(folder).map_err(tell)?;
    entries
        .map(|entry| {
            let entry = entry.map_err(tell)?;
            Ok((entry.file_name().to_string_lossy().into_owned(), fs::read(entry.path()).map_err(tell)?))
        })
        .collect()
}

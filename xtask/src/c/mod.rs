//! The C library: its header, its tests, its installation and what its look-up costs.

mod bench;
mod callers;
mod header;
mod install;
mod library;
mod servers;
mod vectors;

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Task;
use crate::project::{Project, read, run};
use crate::steps::Outcome;
pub(crate) use callers::callers;
use install::install;
use library::Library;

/// The commands about the C library.
pub(crate) static TASKS: &[Task] = &[
    Task {
        name: "header",
        arguments: "",
        about: "Writes the header of the C library, bindings/c/include/retriage.h.",
        run: |project, _| header::update(project.root(), project.version(), true),
    },
    Task {
        name: "install-c",
        arguments: "--prefix DIR",
        about: "Builds the C library and installs it below DIR: header, shared and static library, pkg-config and CMake \
                files.",
        run: |project, arguments| match arguments {
            [option, prefix] if option == "--prefix" => install(project, Path::new(prefix)),
            _ => Err("install-c needs to know where: --prefix DIR".to_owned()),
        },
    },
    Task {
        name: "bench-c",
        arguments: "",
        about: "Measures the look-up of the C library beside an empty call, a switch and gperf. Needs gperf, and for the \
                instructions valgrind.",
        run: |project, _| bench::bench(project),
    },
];

/// The library gives the answers of one file to the questions of another.
pub(crate) fn agree(project: &Project, files: [&OsStr; 2]) -> Result<(), String> {
    let library = Library::release(project)?;
    let program = Workshop::new(project)?.build("agree", &["-std=c99", "-O2"], &library)?;
    run(library.environment(Command::new(program).args(files)))
}

/// The program that asks the library for long, ready to be told what.
pub(crate) fn soak(project: &Project, release: bool) -> Result<Command, String> {
    let library = if release { Library::release(project) } else { Library::debug(project) }?;
    let program = Workshop::new(project)?.build("soak", &["-std=c11", "-O2"], &library)?;
    let mut command = Command::new(program);
    library.environment(&mut command);
    Ok(command)
}

/// The standards that the header compiles at, by the compiler of each language.
const STANDARDS: &[(&str, &str, &[&str])] =
    &[("c", "", &["c99", "c11", "c17", "c2x"]), ("c++", "++", &["c++11", "c++14", "c++17", "c++20"])];

/// What every compilation of ours passes without.
const WARNINGS: &[&str] = &["-Wall", "-Wextra", "-Wpedantic", "-Werror"];

/// The library by itself: the header is what the code gives and compiles everywhere, its symbols are its own, and it
/// answers every vector.
pub(crate) fn library(project: &mut Project) -> Outcome {
    header::update(project.root(), project.version(), false)?;
    let c = Workshop::new(project)?;
    let standards = c.compile_header()?;
    let examples = c.compile_examples()?;
    let grown = Library::grown(project)?;
    let library = Library::debug(project)?;
    library.check_symbols()?;
    let header = ["-std=c99"];
    for name in ["bad_input", "allocations"] {
        run(library.environment(&mut Command::new(c.build(name, &header, &library)?)))?;
    }
    c.link_header(&library)?;
    // A program that was compiled against this header runs with a library whose structs have grown.
    let old = c.build("grown", &header, &library)?;
    run(library.environment(Command::new(&old).arg("same")))?;
    run(grown.environment(Command::new(&old).arg("grown")))?;
    let vectors = c.vectors()?;
    let program = c.build_with("vectors", &header, &library, &[&vectors.object])?;
    vectors.check(library.environment(&mut Command::new(&program)), 1)?;
    let program = c.build_with("vectors", &["-std=c99"], &library.statically(), &[&vectors.object])?;
    vectors.check(&mut Command::new(&program), 7)?;
    Ok(Some(format!("header at {standards} standards, with {examples} examples; {}", vectors.counted())))
}

/// How many of the vectors valgrind goes through: one in so many.
const BY_VALGRIND: usize = 20;

/// The same programs, watched: what C does with memory by the sanitizers, what the library does by valgrind.
pub(crate) fn memory(project: &mut Project) -> Outcome {
    let c = Workshop::new(project)?;
    let grown = Library::grown(project)?;
    let library = Library::debug(project)?;
    let vectors = c.vectors()?;
    let sanitized = ["-std=c99", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"];
    for name in ["bad_input", "threads"] {
        run(library.environment(&mut Command::new(c.build(name, &sanitized, &library)?)))?;
    }
    let program = c.build_with("vectors", &sanitized, &library, &[&vectors.object])?;
    vectors.check(library.environment(&mut Command::new(program)), 1)?;
    for (name, argument, library) in
        [("bad_input", None, &library), ("threads", Some("10"), &library), ("grown", Some("grown"), &grown)]
    {
        let mut command = valgrind(&c.build(name, &["-std=c99"], library)?);
        run(library.environment(command.args(argument)))?;
    }
    let program = c.build_with("vectors", &["-std=c99"], &library, &[&vectors.object])?;
    vectors.check(library.environment(&mut valgrind(&program)), BY_VALGRIND)?;
    Ok(Some(format!("every vector sanitized, one in {BY_VALGRIND} by valgrind")))
}

/// A program under valgrind, which fails on anything bad and on anything lost.
fn valgrind(program: &Path) -> Command {
    let mut command = Command::new("valgrind");
    command.args(["-q", "--error-exitcode=9", "--leak-check=full", "--errors-for-leak-kinds=definite,indirect"]);
    command.arg(program);
    command
}

/// Threads that hammer one registry. ThreadSanitizer has to see what the locks of Rust do, so it is given the library
/// and the standard library with its marks in them; rustc brings the sanitizer itself.
pub(crate) fn threads(project: &mut Project) -> Outcome {
    let c = Workshop::new(project)?;
    let library = Library::debug(project)?;
    run(library.environment(&mut Command::new(c.build("threads", &["-std=c99"], &library)?)))?;
    if !crate::needs::has_rust_src() {
        return Ok(Some("without rust-src no tool looked for races".to_owned()));
    }
    let watched = Library::watched(project)?;
    let object = c.out.join("threads-watched.o");
    let mut command = Command::new("gcc");
    command.args(["-std=c99", "-g", "-fsanitize=thread", "-c", "-I"]).arg(&c.include);
    run(command.arg(c.sources.join("threads.c")).arg("-o").arg(&object))?;
    let program = c.out.join("threads-watched");
    let mut command = Command::new("gcc");
    command.arg(&object).args(watched).args(["-lpthread", "-ldl", "-lm", "-lrt", "-o"]).arg(&program);
    run(&mut command)?;
    run(&mut Command::new(&program))?;
    Ok(None)
}

/// The tests of the crate, which follow pointers as a program in C has them, under Miri.
pub(crate) fn miri(project: &mut Project) -> Outcome {
    if !crate::needs::has_miri() {
        return Ok(Some("not run: miri comes with nightly Rust alone".to_owned()));
    }
    let mut command = Command::new("rustup");
    command.args(["run", "nightly", "cargo", "miri", "test", "--package", "retriage-c", "--lib", "--target-dir"]);
    command.arg(project.target().join("c").join("miri")).current_dir(project.root());
    // What cargo sets for its own children is of another toolchain.
    for variable in ["CARGO", "RUSTC", "RUSTUP_TOOLCHAIN", "CARGO_TARGET_DIR"] {
        command.env_remove(variable);
    }
    run(&mut command)?;
    Ok(None)
}

/// Where C is compiled for the tests.
struct Workshop {
    sources: PathBuf,
    include: PathBuf,
    out: PathBuf,
    root: PathBuf,
}

impl Workshop {
    fn new(project: &Project) -> Result<Self, String> {
        let out = project.target().join("c");
        fs::create_dir_all(&out).map_err(|error| format!("{}: {error}", out.display()))?;
        let c = project.root().join("bindings/c");
        Ok(Self { sources: c.join("tests"), include: c.join("include"), out, root: project.root().to_owned() })
    }

    /// Compiles a program that uses every part of the header, at every standard, by every compiler there is.
    fn compile_header(&self) -> Result<usize, String> {
        let mut count = 0;
        for (language, suffix, standards) in STANDARDS {
            for compiler in compilers(suffix) {
                for standard in *standards {
                    let mut command = Command::new(&compiler);
                    command.arg("-x").arg(language).arg(format!("-std={standard}")).args(WARNINGS);
                    command.arg("-I").arg(&self.include).arg("-fsyntax-only").arg(self.sources.join("header.c"));
                    run(&mut command)?;
                    count += 1;
                }
            }
        }
        Ok(count)
    }

    /// Links what the header declares to C++ with the library: every name is there, and as C has it.
    fn link_header(&self, library: &Library) -> Result<(), String> {
        let mut command = Command::new("g++");
        command.args(["-x", "c++", "-std=c++11", "-I"]).arg(&self.include).arg(self.sources.join("header.c"));
        command.args(["-x", "none", "-o"]).arg(self.out.join("header"));
        library.link(&mut command);
        run(&mut command)
    }

    /// Compiles the examples of the header, each as a function, and its first program.
    fn compile_examples(&self) -> Result<usize, String> {
        let path = self.include.join("retriage.h");
        let header = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        check_manual(&header)?;
        let (first, _) = header.split_once("THE CONTRACT").ok_or("the header has no contract")?;
        let first: String = first.lines().filter_map(|line| line.strip_prefix(" *   ")).fold(String::new(), joined);
        let mut text = String::from("#include \"examples.h\"\n");
        let mut count = 0;
        for example in header.split("@code").skip(1).filter_map(|rest| rest.split("@endcode").next()) {
            let lines = example.lines().filter_map(|line| line.strip_prefix(" * "));
            text += &format!("\nvoid example_{count}(void) {{\n{}}}\n", lines.fold(String::new(), joined));
            count += 1;
        }
        for (name, text) in [("first", first), ("examples", text)] {
            let source = self.out.join(format!("{name}.c"));
            fs::write(&source, text).map_err(|error| format!("{}: {error}", source.display()))?;
            let mut command = Command::new("gcc");
            // An example ends where it has shown its call.
            command.args(["-std=c99"]).args(WARNINGS).args(["-Wno-unused-variable", "-Wno-unused-but-set-variable"]);
            run(command.arg("-I").arg(&self.include).arg("-I").arg(&self.sources).arg("-fsyntax-only").arg(source))?;
        }
        Ok(count + 1)
    }

    /// Builds a test.
    fn build(&self, name: &str, flags: &[&str], library: &Library) -> Result<PathBuf, String> {
        self.build_with(name, flags, library, &[])
    }

    fn build_with(&self, name: &str, flags: &[&str], library: &Library, objects: &[&Path]) -> Result<PathBuf, String> {
        let kind: String = flags.iter().flat_map(|flag| flag.chars()).filter(char::is_ascii_alphanumeric).collect();
        let program = self.out.join(format!("{name}-{}-{kind}", library.name()));
        let mut command = Command::new("gcc");
        command.args(flags).args(WARNINGS).arg("-g").arg("-I").arg(&self.include);
        command.arg(self.sources.join(format!("{name}.c"))).args(objects).arg("-o").arg(&program);
        library.link(&mut command);
        run(&mut command)?;
        Ok(program)
    }

    /// Prints the cases as C, and compiles them: once, as they are data.
    fn vectors(&self) -> Result<Vectors, String> {
        let tables = vectors::generate(&self.root)?;
        let source = self.out.join("vectors.c");
        fs::write(&source, &tables.text).map_err(|error| format!("{}: {error}", source.display()))?;
        let object = self.out.join("vectors.o");
        // A literal may be longer than a standard promises.
        let mut command = Command::new("gcc");
        command.args(["-std=c99", "-c", "-I"]).arg(&self.include).arg("-I").arg(&self.sources);
        run(command.arg(&source).arg("-o").arg(&object))?;
        Ok(Vectors { object, counts: tables.counts })
    }
}

/// The cases, compiled.
struct Vectors {
    object: PathBuf,
    counts: Vec<(&'static str, usize)>,
}

impl Vectors {
    fn counted(&self) -> String {
        self.counts.iter().map(|(name, count)| format!("{count} {name}")).collect::<Vec<_>>().join(", ")
    }

    /// Runs the test of the vectors over every case whose place `step` divides, and compares what it counted.
    fn check(&self, command: &mut Command, step: usize) -> Result<(), String> {
        let printed = read(command.arg(step.to_string()))?;
        let wanted: String =
            self.counts.iter().map(|(name, count)| format!("{name} {}\n", count.div_ceil(step))).collect();
        if printed == wanted { Ok(()) } else { Err(format!("the test in C counted\n{printed}and not\n{wanted}")) }
    }
}

/// gcc, and clang where it is installed.
fn compilers(suffix: &str) -> Vec<String> {
    let gcc = if suffix.is_empty() { "gcc" } else { "g++" };
    let clang = format!("clang{suffix}");
    let mut found = vec![gcc.to_owned()];
    found.extend(crate::needs::runs(&clang, &["--version"]).then_some(clang));
    found
}

/// A text with a line more.
fn joined(text: String, line: &str) -> String {
    text + line + "\n"
}

/// Whether every function of the header says which threads may call it, what it returns, and how it is used.
fn check_manual(header: &str) -> Result<(), String> {
    for part in header.split("/**").skip(1) {
        let Some((about, after)) = part.split_once("*/") else { continue };
        let prototype = after.trim_start().lines().next().unwrap_or_default();
        let is_function = prototype.contains(" retriage_") || prototype.contains(" *retriage_");
        if !is_function || !prototype.contains('(') || prototype.starts_with("#define") {
            continue;
        }
        let returns = ["@return", "a static text", "that runs"].iter().any(|words| about.contains(words));
        for (holds, what) in [
            (about.contains("Any thread may call it"), "which threads may call it"),
            (about.contains("Example"), "how it is used"),
            (returns, "what it returns"),
        ] {
            if !holds {
                return Err(format!("retriage.h doesn't say of `{prototype}` {what}"));
            }
        }
    }
    Ok(())
}

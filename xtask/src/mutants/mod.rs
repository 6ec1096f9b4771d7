//! Mutation testing: which changes to the core no test notices.
//!
//! cargo-mutants says what could be changed; to compile each change by itself and to run the tests on it would take
//! a day. So all of them are woven into one copy of the workspace (see [`weave`]), compiled once, and chosen one by
//! one. What this can't choose, changes in constants and in functions that return a type without a name, is compiled and
//! tried change by change. The changes that survive must be those of `tests/mutants.txt`, where each has its reason.

mod weave;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::Task;
use crate::needs::CARGO_MUTANTS;
use crate::project::{Project, read};
use weave::{CHOICE, Mutant, Woven};

/// The commands about mutants.
pub(crate) static TASKS: &[Task] = &[Task {
    name: "mutants",
    arguments: "[FILE]...",
    about: "Changes the core in every way that cargo-mutants knows, in all files or those named, and tells which changes \
            no test notices and tests/mutants.txt doesn't explain. Needs cargo-mutants.",
    run: |project, files| mutants(project, files),
}];

/// The survivors that are known, each with its reason.
const KNOWN: &str = "tests/mutants.txt";
/// The programs of tests that aren't asked: they count what the library allocates, and the choice of a change does.
const NOT_ASKED: [&str; 2] = ["allocations", "decide_allocations"];
/// Tests that aren't asked: they read the sources, which weaving changes, or build them again.
const SKIPPED: [&str; 3] = ["a_mistake_ends_the_build", "every_sentence", "the_core_needs_no_std"];
/// How long a program of tests may take of a change that is compiled by itself.
const ALONE: Duration = Duration::from_secs(300);
/// The one that notices most, and is asked first.
const FIRST: [&str; 2] = ["vectors", "every_case_gives_its_answer"];

fn mutants(project: &Project, files: &[String]) -> Result<(), String> {
    CARGO_MUTANTS.require()?;
    let known = Known::read(&project.root().join(KNOWN))?;
    let listed = listed(project, files)?;
    let tree = Tree::copy(project)?;
    let built = tree.build(&listed)?;
    println!("{} changes, {} of them don't compile", listed.len(), built.refused.len());
    let mut survivors = built.survivors(&tree, &listed)?;
    survivors.extend(tree.try_alone(&built.left_out, &listed)?);
    known.compare(&survivors, &listed)
}

/// What cargo-mutants would change.
fn listed(project: &Project, files: &[String]) -> Result<Vec<Mutant>, String> {
    let mut command = project.command(&["mutants", "--list", "--json", "--package", "retriage"]);
    for file in files {
        command.args(["--file", file]);
    }
    let listed: Value =
        serde_json::from_str(&read(&mut command)?).map_err(|error| format!("cargo mutants: {error}"))?;
    let mut texts: BTreeMap<String, String> = BTreeMap::new();
    let mut mutants = Vec::new();
    for mutant in listed.as_array().into_iter().flatten() {
        let missing = || format!("cargo mutants lists what isn't understood: {mutant}");
        let file = mutant["file"].as_str().ok_or_else(missing)?;
        if !texts.contains_key(file) {
            let text = fs::read_to_string(project.root().join(file)).map_err(|error| format!("{file}: {error}"))?;
            texts.insert(file.to_owned(), text);
        }
        let name = mutant["name"].as_str().ok_or_else(missing)?;
        mutants.push(Mutant {
            file: file.to_owned(),
            name: without_place(name),
            placed: name.to_owned(),
            function: range(&texts[file], &mutant["function"]["span"]),
            within: mutant["function"]["function_name"].as_str().unwrap_or_default().to_owned(),
            gives_unnamed: mutant["function"]["return_type"].as_str().is_some_and(|named| named.contains("impl ")),
            span: range(&texts[file], &mutant["span"]).ok_or_else(missing)?,
            replacement: mutant["replacement"].as_str().ok_or_else(missing)?.to_owned(),
        });
    }
    Ok(mutants)
}

/// `core/lint.rs:12:5: replace ...` without line and column, which move.
fn without_place(name: &str) -> String {
    let mut parts = name.splitn(4, ':');
    match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some(file), Some(_), Some(_), Some(what)) => format!("{file}:{what}"),
        _ => name.to_owned(),
    }
}

/// The bytes of a span that cargo-mutants gives in lines and columns of characters, both from 1.
fn range(text: &str, span: &Value) -> Option<Range<usize>> {
    let place = |place: &Value| {
        let (line, column) = (place["line"].as_u64()? as usize, place["column"].as_u64()? as usize);
        let start: usize = text.split_inclusive('\n').take(line - 1).map(str::len).sum();
        let before: usize = text[start..].chars().take(column - 1).map(char::len_utf8).sum();
        Some(start + before)
    };
    Some(place(&span["start"])?..place(&span["end"])?)
}

/// A copy of the workspace into which changes are woven.
struct Tree {
    root: PathBuf,
    folder: PathBuf,
    target: PathBuf,
}

/// What came of building it.
struct Built {
    /// The programs of tests, by name.
    tests: Vec<(String, PathBuf)>,
    /// The changes that don't compile.
    refused: BTreeSet<usize>,
    /// Those that couldn't be woven.
    left_out: Vec<usize>,
}

impl Tree {
    fn copy(project: &Project) -> Result<Self, String> {
        let folder = project.target().join("mutants");
        let tree = Self { root: project.root().to_owned(), target: folder.join("target"), folder: folder.join("tree") };
        let files = read(Command::new("git").args(["ls-files", "-z"]).current_dir(&tree.root))?;
        for file in files.split_terminator('\0') {
            let bytes = fs::read(tree.root.join(file)).map_err(|error| format!("{file}: {error}"))?;
            tree.write(file, &bytes)?;
        }
        // The tables are those of the code as it is.
        let script = fs::read_to_string(tree.root.join("build.rs")).map_err(|error| format!("build.rs: {error}"))?;
        let core = format!("#[path = \"{}/core/", tree.root.display());
        tree.write("build.rs", script.replace("#[path = \"core/", &core).as_bytes())?;
        Ok(tree)
    }

    /// Writes a file, unless it holds this already: what hasn't changed isn't built again.
    fn write(&self, file: &str, content: &[u8]) -> Result<(), String> {
        let path = self.folder.join(file);
        let tell = |error: std::io::Error| format!("{}: {error}", path.display());
        if fs::read(&path).is_ok_and(|found| found == content) {
            return Ok(());
        }
        fs::create_dir_all(path.parent().unwrap_or(&self.folder)).map_err(tell)?;
        fs::write(&path, content).map_err(tell)
    }

    fn cargo(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("cargo");
        command.args(arguments).current_dir(&self.folder).stdin(Stdio::null());
        command.env("CARGO_TARGET_DIR", &self.target).env("RUSTFLAGS", "--cap-lints=allow");
        // The functions are large: what is optimized further takes longer than the tests do.
        command.env("CARGO_PROFILE_DEV_DEBUG", "0").env("CARGO_PROFILE_DEV_OPT_LEVEL", "1");
        command.env("CARGO_PROFILE_DEV_LTO", "off").env("CARGO_INCREMENTAL", "0");
        command
    }

    /// Weaves and compiles until what doesn't compile is out.
    fn build(&self, mutants: &[Mutant]) -> Result<Built, String> {
        let files = files_of(mutants);
        let (mut refused, mut whole): (BTreeSet<usize>, BTreeSet<usize>) = Default::default();
        loop {
            let mut woven = BTreeMap::new();
            for file in &files {
                let text = fs::read_to_string(self.root.join(file)).map_err(|error| format!("{file}: {error}"))?;
                let changes = (0..mutants.len()).filter(|at| mutants[*at].file == *file && !refused.contains(at));
                let of_file = Woven::new(&text, changes, mutants, |number| whole.contains(&number));
                let choice = if *file == "core/lib.rs" { CHOICE } else { "" };
                self.write(file, format!("{}{choice}", of_file.text).as_bytes())?;
                woven.insert(*file, of_file);
            }
            let (output, told) = self.compile(Stdio::inherit())?;
            if output.status.success() {
                let left_out = woven.values().flat_map(|of_file| of_file.left_out.iter().copied()).collect();
                return Ok(Built { tests: programs(&told), refused, left_out });
            }
            let before = refused.len() + whole.len();
            for error in told.iter().map(|message| &message["message"]).filter(|message| message["level"] == "error") {
                blame(error, &woven, mutants, &mut refused, &mut whole);
            }
            if refused.len() + whole.len() == before {
                let errors = told.iter().filter_map(|message| message["message"]["rendered"].as_str());
                return Err(errors.collect());
            }
        }
    }

    /// Compiles and tries changes one by one.
    fn try_alone(&self, numbers: &[usize], mutants: &[Mutant]) -> Result<Vec<usize>, String> {
        let files = files_of(mutants);
        let mut survivors = Vec::new();
        for (done, number) in numbers.iter().enumerate() {
            let mutant = &mutants[*number];
            println!("alone, {done} of {}: {}", numbers.len(), mutant.placed);
            for file in &files {
                let mut text = fs::read_to_string(self.root.join(file)).map_err(|error| format!("{file}: {error}"))?;
                if *file == mutant.file {
                    text.replace_range(mutant.span.clone(), &mutant.replacement);
                }
                self.write(file, text.as_bytes())?;
            }
            let (output, told) = self.compile(Stdio::null())?;
            if !output.status.success() {
                continue;
            }
            let tests = programs(&told);
            let mut asked = in_order(&tests);
            for program in &mut asked {
                program.limit = ALONE;
            }
            if !is_noticed(&asked, self, None)? {
                println!("survives: {}", mutant.name);
                survivors.push(*number);
            }
        }
        Ok(survivors)
    }

    /// Compiles the tests, and returns what cargo tells of it.
    fn compile(&self, errors: Stdio) -> Result<(Output, Vec<Value>), String> {
        let arguments = ["test", "--package", "retriage", "--tests", "--no-run", "--message-format", "json"];
        let output = self.cargo(&arguments).stderr(errors).output().map_err(|error| error.to_string())?;
        let told = String::from_utf8_lossy(&output.stdout);
        let told = told.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
        Ok((output, told))
    }
}

/// The programs of tests that cargo has built, by name; the one that notices most is the first.
fn programs(told: &[Value]) -> Vec<(String, PathBuf)> {
    let mut programs: Vec<(String, PathBuf)> = told
        .iter()
        .filter(|message| message["target"]["kind"][0] == "test")
        .filter_map(|message| {
            Some((message["target"]["name"].as_str()?.to_owned(), message["executable"].as_str()?.into()))
        })
        .filter(|(name, _)| !NOT_ASKED.contains(&name.as_str()))
        .collect();
    programs.sort_by_key(|(name, _)| (name != FIRST[0], name.clone()));
    programs
}

/// What is asked of them: first that which notices most.
fn in_order(programs: &[(String, PathBuf)]) -> Vec<Asked<'_>> {
    let first = |(name, _): &&(String, PathBuf)| name == FIRST[0];
    let mut asked: Vec<Asked<'_>> = programs.iter().filter(first).map(|(_, path)| Asked::only(path)).collect();
    asked.extend(programs.iter().map(|(_, path)| Asked::all(path)));
    asked
}

/// Whether a test of these programs fails when this change is made.
fn is_noticed(asked: &[Asked<'_>], tree: &Tree, number: Option<usize>) -> Result<bool, String> {
    for program in asked {
        if program.notices(tree, number)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The files that changes are made to, and the one that has the choice.
fn files_of(mutants: &[Mutant]) -> BTreeSet<&str> {
    mutants.iter().map(|mutant| mutant.file.as_str()).chain(["core/lib.rs"]).collect()
}

/// Finds the changes that an error is about: the one it stands in, or all of a function that can't be taken apart.
fn blame(
    error: &Value,
    woven: &BTreeMap<&str, Woven>,
    mutants: &[Mutant],
    refused: &mut BTreeSet<usize>,
    whole: &mut BTreeSet<usize>,
) {
    let spans = error["spans"].as_array().into_iter().flatten().filter(|span| span["is_primary"] == true);
    let mut is_in_function = false;
    for (of_file, line) in spans.clone().filter_map(|span| {
        // Within a macro, where it is called counts.
        let mut span = span;
        while span["expansion"]["span"].is_object() {
            span = &span["expansion"]["span"];
        }
        Some((woven.get(span["file_name"].as_str()?)?, span["line_start"].as_u64()? as usize))
    }) {
        if let Some(number) = of_file.change_in(line) {
            refused.insert(number);
            is_in_function = true;
        } else if let Some(numbers) = of_file.function_in(line) {
            whole.extend(numbers);
            is_in_function = true;
        }
    }
    // A constant calls a function that is `const` no longer.
    let message = error["message"].as_str().unwrap_or_default();
    if !is_in_function && message.contains("cannot call non-const ") {
        let called = message.split('`').nth(1).unwrap_or_default().rsplit("::").next();
        let is_called = |mutant: &Mutant| mutant.within.rsplit("::").next() == called;
        whole.extend((0..mutants.len()).filter(|number| is_called(&mutants[*number])));
    }
}

impl Built {
    /// The changes that no test notices.
    fn survivors(&self, tree: &Tree, mutants: &[Mutant]) -> Result<Vec<usize>, String> {
        let mut asked = in_order(&self.tests);
        for program in &mut asked {
            let began = Instant::now();
            if program.notices(tree, None)? {
                return Err(format!("{} fails without a change", program.path.display()));
            }
            program.limit = began.elapsed() * 10 + Duration::from_secs(20);
        }
        // The quick ones before those that take long.
        if let [_, others @ ..] = asked.as_mut_slice() {
            others.sort_by_key(|program| program.limit);
        }
        let numbers: Vec<usize> =
            (0..mutants.len()).filter(|at| !self.refused.contains(at) && !self.left_out.contains(at)).collect();
        let next = AtomicUsize::new(0);
        let asked = &asked;
        let work = || {
            let mut survivors = Vec::new();
            loop {
                let at = next.fetch_add(1, Ordering::Relaxed);
                let Some(number) = numbers.get(at) else { break };
                if at.is_multiple_of(100) {
                    println!("{at} of {}", numbers.len());
                }
                if !is_noticed(asked, tree, Some(*number))? {
                    println!("survives: {}", mutants[*number].name);
                    survivors.push(*number);
                }
            }
            Ok::<_, String>(survivors)
        };
        let workers = thread::available_parallelism().map_or(1, usize::from);
        thread::scope(|scope| {
            let running: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
            let mut survivors = Vec::new();
            for worker in running {
                survivors.extend(worker.join().map_err(|_| "a thread panicked".to_owned())??);
            }
            survivors.sort_unstable();
            Ok(survivors)
        })
    }
}

/// A program of tests, all of them or one.
struct Asked<'a> {
    path: &'a Path,
    arguments: Vec<&'a str>,
    /// How long it may take; a change that makes it take longer is noticed.
    limit: Duration,
}

impl<'a> Asked<'a> {
    fn all(path: &'a Path) -> Self {
        let arguments = SKIPPED.iter().flat_map(|name| ["--skip", name]).collect();
        Self { path, arguments, limit: Duration::MAX }
    }

    fn only(path: &'a Path) -> Self {
        Self { path, arguments: vec!["--exact", FIRST[1]], limit: Duration::MAX }
    }

    /// Whether a test fails when this change is made.
    fn notices(&self, tree: &Tree, number: Option<usize>) -> Result<bool, String> {
        let mut command = Command::new(self.path);
        command.args(["--quiet", "--test-threads", "1"]).args(&self.arguments).current_dir(&tree.folder);
        command.env("MUTANT", number.map_or(0, |number| number + 1).to_string());
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let tell = |error: std::io::Error| format!("{}: {error}", self.path.display());
        let mut program = command.spawn().map_err(tell)?;
        let began = Instant::now();
        loop {
            if let Some(status) = program.try_wait().map_err(tell)? {
                return Ok(!status.success());
            }
            if began.elapsed() > self.limit {
                program.kill().map_err(tell)?;
                program.wait().map_err(tell)?;
                return Ok(true);
            }
            thread::sleep(Duration::from_millis(5));
        }
    }
}

/// The survivors that are known: the name of each as often as it survives.
struct Known(Vec<String>);

impl Known {
    /// A line that isn't indented is a survivor; the indented ones below it, or below several, say why it changes
    /// nothing.
    fn read(path: &Path) -> Result<Self, String> {
        let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
        let lines: Vec<&str> = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
        match lines.last() {
            Some(last) if !last.starts_with(' ') => Err(format!("{}: {last}: no reason", path.display())),
            _ => Ok(Self(lines.into_iter().filter(|line| !line.starts_with(' ')).map(str::to_owned).collect())),
        }
    }

    fn compare(mut self, survivors: &[usize], mutants: &[Mutant]) -> Result<(), String> {
        let mut new = Vec::new();
        for survivor in survivors.iter().map(|number| &mutants[*number].name) {
            match self.0.iter().position(|name| name == survivor) {
                Some(at) => drop(self.0.swap_remove(at)),
                None => new.push(survivor.as_str()),
            }
        }
        let files: BTreeSet<&str> = mutants.iter().map(|mutant| mutant.file.as_str()).collect();
        self.0.retain(|name| name.split_once(':').is_some_and(|(file, _)| files.contains(file)));
        for name in &self.0 {
            println!("noticed by now, or gone: {name}");
        }
        println!("{} changes survive", survivors.len());
        match (new.as_slice(), self.0.as_slice()) {
            ([], []) => Ok(()),
            ([], gone) => Err(format!("{} survivors of {KNOWN} aren't any longer", gone.len())),
            (new, _) => Err(format!("no test notices these, and {KNOWN} doesn't say why:\n{}", new.join("\n"))),
        }
    }
}

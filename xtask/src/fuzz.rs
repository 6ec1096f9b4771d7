//! Fuzzing: the seeds of each target, and the runs.
//!
//! The targets stand in `fuzz`, a workspace of its own. They are built by the stable toolchain, told by
//! `RUSTC_BOOTSTRAP` to know the sanitizers, so that no second one need be there.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::Task;
use crate::project::{Project, json_files, run};
use crate::steps::Outcome;

/// The commands about fuzzing.
pub(crate) static TASKS: &[Task] = &[Task {
    name: "fuzz",
    arguments: "[--seconds N] [TARGET]...",
    about: "Fuzzes every target, or those named, for so many seconds each, 600 unless told. Needs cargo-fuzz.",
    run: command,
}];

/// How long a target is fuzzed by the command, in seconds.
const SECONDS: u32 = 600;
/// How long each is in the tests, in seconds: enough to run all that is kept and to try a little besides.
const SECONDS_IN_TESTS: u32 = 4;
/// The largest input, in bytes. What goes wrong goes wrong in small.
const LONGEST: usize = 4_096;

/// The folder of the targets.
const FOLDER: &str = "fuzz";

fn command(project: &mut Project, arguments: &[String]) -> Result<(), String> {
    let targets = targets(project)?;
    let (mut seconds, mut named) = (SECONDS, Vec::new());
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        if argument == "--seconds" {
            let value = arguments.next().and_then(|value| value.parse().ok());
            seconds = value.ok_or("--seconds takes a whole number")?;
        } else if targets.contains(argument) {
            named.push(argument.clone());
        } else {
            return Err(format!("there is no target `{argument}`; the targets are {}", targets.join(", ")));
        }
    }
    let named = if named.is_empty() { targets } else { named };
    fuzz(project, &named, seconds)
}

/// The short form of it, for the tests.
pub(crate) fn step(project: &mut Project) -> Outcome {
    let targets = targets(project)?;
    fuzz(project, &targets, SECONDS_IN_TESTS)?;
    Ok(Some(format!("{} targets, {SECONDS_IN_TESTS} s each", targets.len())))
}

/// The names of the targets: those of their files.
fn targets(project: &Project) -> Result<Vec<String>, String> {
    let folder = project.root().join(FOLDER).join("fuzz_targets");
    let files = fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let names = files.filter_map(|file| Some(file.ok()?.path().file_stem()?.to_str()?.to_owned()));
    Ok(names.collect::<BTreeSet<String>>().into_iter().collect())
}

fn fuzz(project: &Project, targets: &[String], seconds: u32) -> Result<(), String> {
    let seeds = Seeds::from_vectors(project)?;
    let dictionary = dictionary(project)?;
    for target in targets {
        let seeded = seeds.write(target, &project.target().join("fuzz-seeds").join(target))?;
        let found = project.target().join("fuzz-corpus").join(target);
        fs::create_dir_all(&found).map_err(|error| format!("{}: {error}", found.display()))?;
        let kept = project.root().join(FOLDER).join("corpus").join(target);
        let mut command = project.command(&["fuzz", "run", "--release", "--fuzz-dir", FOLDER, target]);
        command.env("RUSTC_BOOTSTRAP", "1").arg("--target-dir").arg(project.target().join("fuzz"));
        // New inputs go to the first folder.
        command.args([&found, &seeded]).args(Some(kept).filter(|kept| kept.is_dir()));
        command.args(["--", &format!("-max_total_time={seconds}"), &format!("-max_len={LONGEST}")]);
        command.args(["-timeout=10", "-rss_limit_mb=4096", "-print_final_stats=1", "-verbosity=0"]);
        command.arg(format!("-dict={}", dictionary.display()));
        println!("fuzzing {target} for {seconds} s");
        run(&mut command).map_err(|error| format!("{error}\n{}", what_next(target)))?;
    }
    Ok(())
}

/// What to do with an input that broke something.
fn what_next(target: &str) -> String {
    let reader = match target {
        "catalogs" => "a folder of tests/mistakes, with the file and what is wrong with it",
        "profiles" => "a case of tests/vectors/decide-inline.json, with it as the `profile` of a question",
        "wire" => "a case of tests/vectors, with it as the `question`, or as the `text` where no map can hold it",
        "delivery" => "a case of tests/vectors/deliver.json, with its lines as the `events` of a question",
        "headers" | "dates" => "a case of tests/vectors/hints.json, with it as the `headers` of a question",
        _ => "a case of tests/vectors, with it as the `body` of a question, or as `body_base64` where it is no text",
    };
    format!(
        "The input is the newest file of {FOLDER}/artifacts/{target}. To run it alone: RUSTC_BOOTSTRAP=1 cargo fuzz run \
         --fuzz-dir {FOLDER} {target} FILE. Make it small with `cargo fuzz tmin` in place of `run`, mend the code, and \
         keep the input as {reader}."
    )
}

/// The names of fields and the words that the schemas know, as a dictionary of libFuzzer.
fn dictionary(project: &Project) -> Result<PathBuf, String> {
    let mut words = BTreeSet::new();
    for (_, text) in json_files(&project.root().join("codes"))? {
        words_of(&serde_json::from_str(&text).map_err(|error| error.to_string())?, &mut words);
    }
    let path = project.target().join("fuzz.dict");
    let lines: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
    fs::write(&path, lines.join("\n")).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(path)
}

/// The members of `properties` and the texts of `enum`, wherever they stand in a schema.
fn words_of(schema: &Value, words: &mut BTreeSet<String>) {
    let is_plain = |word: &&str| word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-');
    match schema {
        Value::Object(members) => {
            for (name, value) in members {
                match (name.as_str(), value) {
                    ("properties", Value::Object(fields)) => {
                        words.extend(fields.keys().map(String::as_str).filter(is_plain).map(str::to_owned));
                    }
                    ("enum", Value::Array(texts)) => {
                        words.extend(texts.iter().filter_map(Value::as_str).filter(is_plain).map(str::to_owned));
                    }
                    _ => {}
                }
                words_of(value, words);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| words_of(item, words)),
        _ => {}
    }
}

/// What the vectors hold for each target.
#[derive(Default)]
struct Seeds {
    by_target: BTreeMap<&'static str, BTreeSet<Vec<u8>>>,
}

impl Seeds {
    fn from_vectors(project: &Project) -> Result<Self, String> {
        let mut seeds = Self::default();
        for (_, case) in project.cases()? {
            seeds.take(&case);
        }
        for (_, text) in json_files(&project.root().join("codes/catalogs"))? {
            // The id of a built-in catalog would be refused before anything else.
            seeds.add("catalogs", text.replacen("\"id\": \"", "\"id\": \"x-", 1).into_bytes());
        }
        for (_, text) in json_files(&project.root().join("codes/profiles"))? {
            let mut profile: Value = serde_json::from_str(&text).map_err(|error| error.to_string())?;
            if let Some(profile) = profile.as_object_mut() {
                profile.remove("$schema");
            }
            seeds.add("profiles", profile.to_string().into_bytes());
        }
        seeds.add("catalogs", include_bytes!("../../bindings/cli/src/new.json").to_vec());
        Ok(seeds)
    }

    fn add(&mut self, target: &'static str, seed: Vec<u8>) {
        if seed.len() <= LONGEST {
            self.by_target.entry(target).or_default().insert(seed);
        }
    }

    /// What one case has for whom.
    fn take(&mut self, case: &Value) {
        let question = &case["question"];
        let text = case["text"].as_str().map_or_else(|| question.to_string(), str::to_owned);
        self.add("wire", text.into_bytes());
        if question["profile"].is_object() {
            self.add("profiles", question["profile"].to_string().into_bytes());
        }
        if let Some(events) = question["events"].as_array() {
            let lines: Vec<String> = events.iter().map(Value::to_string).collect();
            self.add("delivery", lines.join("\n").into_bytes());
        }
        let body = question["body"].as_str().map_or_else(|| question["body"].to_string(), str::to_owned);
        if body.starts_with("MSH") || body.starts_with('\u{b}') {
            self.add("hl7", body.into_bytes());
        } else if body.starts_with(['{', '[']) {
            // The first three bytes choose the catalog, the status and the media type.
            for choice in 0..8 {
                self.add("json", [&[choice, choice, choice], body.as_bytes()].concat());
            }
        }
        let pairs: Vec<(String, String)> = match &question["headers"] {
            Value::Object(members) => {
                members.iter().filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned()))).collect()
            }
            Value::Array(pairs) => pairs
                .iter()
                .filter_map(|pair| Some((pair[0].as_str()?.to_owned(), pair[1].as_str()?.to_owned())))
                .collect(),
            _ => return,
        };
        let lines: Vec<String> = pairs.iter().map(|(name, value)| format!("{name}:{value}")).collect();
        self.add("headers", [b"\x04", lines.join("\n").as_bytes()].concat());
        for (name, value) in pairs {
            if name.eq_ignore_ascii_case("retry-after") || name.eq_ignore_ascii_case("date") {
                self.add("dates", value.into_bytes());
            }
        }
    }

    /// Writes the seeds of a target into a folder that holds nothing else.
    fn write(&self, target: &str, folder: &Path) -> Result<PathBuf, String> {
        let tell = |error: std::io::Error| format!("{}: {error}", folder.display());
        if folder.is_dir() {
            fs::remove_dir_all(folder).map_err(tell)?;
        }
        fs::create_dir_all(folder).map_err(tell)?;
        for (number, seed) in self.by_target.get(target).into_iter().flatten().enumerate() {
            fs::write(folder.join(format!("{number:04}")), seed).map_err(tell)?;
        }
        Ok(folder.to_owned())
    }
}

//! Mistakes in the files of `codes/`: each is told with its file, line, column, entry and field, and ends the build.
//!
//! A folder of `tests/mistakes` holds files with mistakes of one kind, and in `expected.txt` what is said of them.

mod common;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::{env, fs};

use common::sentences::{is_said, sentences};
use common::{files, root, text};
use retriage::source::{File, Sources, read_profiles, read_translations};

/// The folders of `tests/mistakes`.
fn folders() -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(root().join("tests/mistakes"))
        .expect("the folder is there")
        .map(|entry| entry.expect("a folder can be read"))
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().into_string().expect("a name is UTF-8"))
        .collect();
    names.sort();
    names
}

/// What is said of the files of a folder: profiles, languages, or catalogs with the folder's own formats and messages
/// or those of `codes/`.
fn said(folder: &str) -> Vec<String> {
    let kind = folder;
    let folder = format!("tests/mistakes/{folder}");
    let names = files(&folder);
    let own = |name: &str, other: &str| {
        if names.iter().any(|known| known == name) { text(&format!("{folder}/{name}")) } else { text(other) }
    };
    let formats = own("formats.json", "codes/formats.json");
    let messages = own("en.json", "codes/messages/en.json");
    let read: Vec<(&String, String)> = names
        .iter()
        .filter(|name| *name != "formats.json" && *name != "en.json")
        .map(|name| (name, text(&format!("{folder}/{name}"))))
        .collect();
    let files: Vec<File<'_>> = read.iter().map(|(name, text)| File { name, text }).collect();
    let problems = match kind {
        "profiles" => read_profiles(&files).err(),
        "locales" => {
            // Entries to speak of: one with a text of its own in English, and one without.
            let own = BTreeMap::from([("good/1".to_owned(), true), ("good/2".to_owned(), false)]);
            read_translations(&files, &own, true).err()
        }
        _ => {
            let formats = File { name: "formats.json", text: &formats };
            Sources::read(&files, formats, File { name: "en.json", text: &messages }).err()
        }
    };
    problems.into_iter().flatten().map(|problem| problem.to_string()).collect()
}

fn expected(folder: &str) -> Vec<String> {
    text(&format!("tests/mistakes/{folder}/expected.txt")).lines().map(str::to_owned).collect()
}

#[test]
fn each_mistake_is_told_with_its_place() {
    for folder in folders() {
        let (said, expected) = (said(&folder), expected(&folder));
        assert!(!expected.is_empty(), "{folder} expects nothing");
        let missing: Vec<&String> = expected.iter().filter(|line| !said.contains(line)).collect();
        let new: Vec<&String> = said.iter().filter(|line| !expected.contains(line)).collect();
        assert!(missing.is_empty() && new.is_empty(), "{folder}: not said: {missing:#?}\nsaid instead: {new:#?}");
        assert_eq!(said, expected, "{folder}: the order");
    }
}

#[test]
fn a_good_catalog_has_none() {
    let good = text("tests/mistakes/good.json");
    let (formats, messages) = (text("codes/formats.json"), text("codes/messages/en.json"));
    let read = Sources::read(
        &[File { name: "good.json", text: &good }],
        File { name: "formats.json", text: &formats },
        File { name: "en.json", text: &messages },
    );
    assert_eq!(read.err(), None);
}

/// Every sentence that the reader can say is said in one of the folders, so that none can be wrong or out of reach.
#[test]
fn every_sentence_of_the_reader_is_said() {
    let lines: Vec<String> = folders().iter().flat_map(|folder| expected(folder)).collect();
    let mut count = 0;
    let mut unsaid = Vec::new();
    for file in fs::read_dir(root().join("core/source")).expect("the folder is there") {
        let path = file.expect("a folder can be read").path();
        // What a file may hold at the most is tested with registries.
        if path.ends_with("bounds.rs") {
            continue;
        }
        let source = fs::read_to_string(&path).expect("a source is UTF-8");
        for sentence in sentences(&source) {
            // What serde_json is told, what separates words, and what lints are told is never said alone.
            let aside = [
                " at line ",
                " or ",
                "has {entries} entries, variants included; at most {MOST_ENTRIES}",
                "the build script reads no questions",
                "the build script prints problems whole",
            ];
            if aside.contains(&sentence.as_str()) {
                continue;
            }
            count += 1;
            if !lines.iter().any(|line| is_said(&sentence, line)) {
                unsaid.push(format!("{}: {sentence}", path.display()));
            }
        }
    }
    assert!(unsaid.is_empty(), "nothing in tests/mistakes makes the reader say\n{}", unsaid.join("\n"));
    assert!(count > 70, "only {count} sentences were found");
}

/// The package as it is published, in a folder of its own, with a program that asks it a question.
struct Package {
    folder: PathBuf,
}

impl Package {
    fn new(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        if folder.exists() {
            fs::remove_dir_all(&folder).expect("an old copy can be removed");
        }
        for part in ["build.rs", "Cargo.lock", "codes", "core"] {
            copy(&root().join(part), &folder.join(part));
        }
        let package = Self { folder };
        package.write("Cargo.toml", manifest(&text("Cargo.toml")));
        package.write(
            "src/bin/ask.rs",
            "fn main() { println!(\"{}\", retriage::answer(&std::env::args().nth(1).unwrap_or_default())); }",
        );
        package
    }

    fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        let path = self.folder.join(name);
        fs::create_dir_all(path.parent().expect("a file has a folder")).expect("a folder can be made");
        fs::write(path, content).expect("a file can be written");
    }

    fn remove(&self, name: &str) {
        fs::remove_file(self.folder.join(name)).expect("a file can be removed");
    }

    /// Builds the package and asks it; what was built before and hasn't changed is not built again.
    fn ask(&self, question: &str) -> Output {
        let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        Command::new(cargo)
            .current_dir(&self.folder)
            .args(["run", "--quiet", "--offline", "--config", "profile.dev.debug=0", "--bin", "ask", "--target-dir"])
            .arg(Path::new(env!("CARGO_TARGET_TMPDIR")).join("target"))
            .args(["--", question])
            .output()
            .expect("cargo runs")
    }

    fn answer(&self, question: &str) -> String {
        let output = self.ask(question);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("an answer is UTF-8")
    }

    fn mistakes(&self) -> String {
        let output = self.ask("{}");
        assert!(!output.status.success(), "the build didn't fail");
        String::from_utf8_lossy(&output.stderr).into_owned()
    }
}

fn copy(from: &Path, to: &Path) {
    if from.is_dir() {
        for entry in fs::read_dir(from).expect("a folder can be read") {
            let name = entry.expect("a folder can be read").file_name();
            copy(&from.join(&name), &to.join(&name));
        }
    } else {
        fs::create_dir_all(to.parent().expect("a file has a folder")).expect("a folder can be made");
        fs::copy(from, to).expect("a file can be copied");
    }
}

/// The manifest without the other members of the workspace and without what only tests and benchmarks need.
fn manifest(whole: &str) -> String {
    let mut kept = String::new();
    let mut is_wanted = true;
    for line in whole.lines() {
        if line.starts_with('[') {
            is_wanted =
                !["[dev-dependencies", "[[bench", "[[test", "[[example"].iter().any(|part| line.starts_with(part));
        }
        let is_list =
            ["members", "default-members"].iter().any(|name| line.split('=').next().map(str::trim) == Some(name));
        match (is_wanted, is_list) {
            (false, _) => continue,
            (true, true) => kept.push_str(&line.replacen(line.split_once('=').expect("it is a list").1, " [\".\"]", 1)),
            (true, false) => kept.push_str(line),
        }
        kept.push('\n');
    }
    kept
}

#[test]
fn a_mistake_ends_the_build_and_a_new_or_changed_file_is_built_in() {
    let package = Package::new("package");
    let question = r#"{"ask":"entry","entry":"good/4651"}"#;
    assert!(package.answer(question).contains("unknown_catalog"));

    // A file that appears is seen, and each of its mistakes is told.
    package.write("codes/catalogs/doubles.json", text("tests/mistakes/doubles/doubles.json"));
    let said = package.mistakes();
    let expected = expected("doubles");
    for line in &expected {
        let line = format!("codes/catalogs/{line}");
        assert!(said.lines().any(|found| found.trim() == line), "not said: {line}\n{said}");
    }
    assert!(said.contains(&format!("codes/ has {} mistakes", expected.len())), "{said}");

    package.remove("codes/catalogs/doubles.json");
    package.write("codes/catalogs/latin1.json", b"{\n  \"id\": \"latin1\",\n  \"name\": \"Gr\xFC\xDFe\"\n}\n");
    let said = package.mistakes();
    let line = "codes/catalogs/latin1.json:3:14: not UTF-8: no character begins with this byte";
    assert!(said.lines().any(|found| found.trim() == line), "{said}");

    package.remove("codes/catalogs/latin1.json");
    // A user text of its own would be wanted in every language.
    let good = text("tests/mistakes/good.json");
    let lines: Vec<&str> = good.lines().filter(|line| !line.trim_start().starts_with("\"user\":")).collect();
    let good = lines.join("\n");
    package.write("codes/catalogs/good.json", &good);
    let answer = package.answer(question);
    assert!(answer.contains(r#""id":"good/4651""#) && answer.contains(r#""title":"Not sent""#), "{answer}");

    package.write("codes/catalogs/good.json", good.replace("Not sent", "Sent into the void"));
    let answer = package.answer(question);
    assert!(answer.contains(r#""title":"Sent into the void""#), "{answer}");

    // Names that a hash could take for one another: a character more, and another one where the last four begin.
    let names = r#"["E_1000", "E_10000", "E_100000", "#;
    package.write("codes/catalogs/good.json", good.replacen(r#"["SEND_FAILED", "#, names, 1));
    for name in ["E_1000", "E_10000", "E_100000"] {
        let answer = package.answer(&format!(r#"{{"catalog":"good","code":"{name}"}}"#));
        assert!(answer.contains(r#""entry":"good/4651""#), "{name}: {answer}");
    }

    package.remove("codes/catalogs/good.json");
    assert!(package.answer(question).contains("unknown_catalog"));
}

//! Catalogs of one's own: `--catalog`, `--locale`, `retriage lint`, `retriage new`, `retriage docs`.

mod common;

use std::fs;
use std::path::{Path, PathBuf};

use common::{output, retriage, text};
use predicates::prelude::PredicateBooleanExt;
use predicates::str::{contains, is_empty};
use serde_json::{Value, json};

fn stripe() -> String {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data/stripe.json").display().to_string()
}

fn catalog() -> Value {
    let text = output(retriage().args(["new", "acme"]));
    serde_json::from_str(&text).expect("a new catalog is JSON")
}

/// A file of one value a line, so that every mistake has a line of its own.
fn write(folder: &Path, name: &str, value: &Value) -> String {
    let path = folder.join(name);
    fs::write(&path, serde_json::to_string_pretty(value).expect("a value is JSON")).expect("a file can be written");
    path.display().to_string()
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

fn findings(files: &[&str], code: i32) -> Vec<Value> {
    let assert = retriage().arg("lint").args(files).arg("--json").assert().code(code);
    json(&text(&assert.get_output().stdout)).as_array().expect("a list").clone()
}

#[test]
fn a_catalog_of_another_vendor_works_in_every_command() {
    let file = stripe();
    let listed = json(&output(retriage().args(["codes", "stripe", "--json", "--catalog", &file])));
    let listed = listed.as_array().expect("a list");
    assert!(listed.len() >= 20, "{}", listed.len());
    for entry in listed {
        let id = entry["id"].as_str().expect("an id");
        let code = id.strip_prefix("stripe/").expect("one of its own");
        let body = json!({ "error": { "code": code, "type": "invalid_request_error" } }).to_string();
        let args = ["--catalog", &file, "explain", "stripe", "402", "--body", &body, "--json"];
        let answer = json(&output(retriage().args(args)));
        assert_eq!(answer["classification"]["entry"], id);
        assert_eq!(answer["classification"]["retry"], entry["retry"], "{id}");
    }
    let question = r#"{"catalog":"stripe","status":429,"body":"{\"error\":{\"code\":\"lock_timeout\"}}"}"#;
    let answer = output(retriage().args(["answer", "--catalog", &file]).write_stdin(question));
    assert_eq!(json(&answer)["classification"]["entry"], "stripe/lock_timeout");
    let line = r#"{"status":402,"body":"{\"error\":{\"code\":\"expired_card\"}}"}"#;
    let args = ["triage", "-", "--catalog", &file, "--catalog", "stripe", "--json"];
    let report = json(&output(retriage().args(args).write_stdin(line)));
    assert_eq!(report["entries"][0]["entry"], "stripe/expired_card", "{report}");
    assert!(output(retriage().args(["limits", "stripe", "--catalog", &file])).contains("Stripe"));
    let asked = ["--catalog", &file, "--catalog", "stripe", "--status", "429", "--json"];
    let simulated = json(&output(retriage().arg("simulate").args(asked).args(["--code", "lock_timeout"])));
    assert_eq!(simulated["entry"], "stripe/lock_timeout");
    let compared = json(&output(retriage().args(["compare", "standard", "got"]).args(asked)));
    assert_eq!(compared["catalog"], "stripe");
    let advise = ["advise", "stripe", "--intent", "down", "--catalog", &file];
    retriage().args(advise).assert().code(2).stderr(contains("the catalog stripe gives no advice"));
    // What it doesn't list is its parent's.
    let answer = output(retriage().args(["explain", "stripe", "503", "--json", "--catalog", &file]));
    assert_eq!(json(&answer)["classification"]["entry"], "http/503");
    // Nothing of it is there without the option.
    retriage().args(["explain", "stripe", "503"]).assert().code(2).stderr(contains("'stripe'"));
}

#[test]
fn a_catalog_of_another_vendor_lints_and_documents() {
    let file = stripe();
    let found = findings(&[&file], 0);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0]["level"], "warning");
    assert_eq!(found[0]["field"], "sources.codes");
    let page = output(retriage().args(["docs", "stripe", "--catalog", &file]));
    assert!(page.starts_with("# Stripe\n\nCatalog `stripe`, as of 2026-11-21. "), "{page}");
    assert!(page.contains("- Codes: `body:error.code`\n"));
    assert!(page.contains("- Stripe, *Error codes* (read 2026-11-21)\n"));
    let listed = json(&output(retriage().args(["codes", "stripe", "--json", "--catalog", &file])));
    for entry in listed.as_array().expect("a list") {
        let label = entry["id"].as_str().and_then(|id| id.strip_prefix("stripe/")).expect("an id");
        assert_eq!(page.matches(&format!("<a id=\"{label}\"></a>")).count(), 1, "{label}");
        assert_eq!(page.matches(&format!("](#{label})")).count(), 1, "{label}");
    }
}

#[test]
fn every_built_in_catalog_has_a_page_with_an_anchor_an_entry() {
    for catalog in retriage::catalogs() {
        let page = output(retriage().args(["docs", catalog.id()]));
        let mut anchors: Vec<&str> = page.lines().filter(|line| line.starts_with("<a id=")).collect();
        assert_eq!(anchors.len(), catalog.entries().count(), "{}", catalog.id());
        anchors.sort_unstable();
        anchors.dedup();
        assert_eq!(anchors.len(), catalog.entries().count(), "{}", catalog.id());
    }
}

#[test]
fn a_variant_is_documented_with_what_it_takes_and_what_it_is_a_variant_of() {
    let page = output(retriage().args(["docs", "redox"]));
    assert!(page.contains("tried: [401.invalid\\_source\\_secret](#401.invalid_source_secret), [401.source"), "{page}");
    assert!(page.contains("A variant of [401](#401): the reason text is `source not found`."), "{page}");
}

#[test]
fn every_mistake_has_its_line_and_nothing_is_loaded() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    /// What is spoiled, how, and what is said of it.
    type Spoiled = (&'static str, fn(&mut Value), &'static str);
    let cases: [Spoiled; 7] = [
        ("word", |file| file["entries"][0]["category"] = json!("broken"), "unknown word \"broken\""),
        ("field", |file| file["entries"][0]["colour"] = json!("red"), "colour"),
        ("source", |file| file["entries"][1]["source"] = json!("page#Codes"), "no document \"page\""),
        (
            "missing",
            |file| drop(file["entries"][1].as_object_mut().map(|entry| entry.remove("title"))),
            "title: is missing",
        ),
        ("range", |file| file["entries"][1]["status"] = json!(42), "42"),
        ("twice", |file| file["entries"][0] = file["entries"][2].clone(), "503"),
        ("parent", |file| file["extends"] = json!("nobody"), "nobody"),
    ];
    for (name, spoil, says) in cases {
        let mut value = catalog();
        spoil(&mut value);
        let file = write(folder.path(), &format!("{name}.json"), &value);
        let assert =
            retriage().args(["explain", "acme", "429", "--catalog", &file]).assert().code(2).stdout(is_empty());
        let errors = text(&assert.get_output().stderr);
        assert!(errors.lines().all(|line| line.starts_with(&format!("error: {file}:"))), "{name}: {errors}");
        assert!(errors.contains(says), "{name}: {errors}");
        let found = findings(&[&file], 1);
        assert_eq!(found.len(), errors.lines().count(), "{name}");
        assert!(found.iter().all(|found| found["level"] == "error" && found["line"].as_u64() > Some(0)), "{found:?}");
        // A good one beside it isn't loaded either.
        let args = ["explain", "stripe", "503", "--catalog", &stripe(), "--catalog", &file];
        retriage().args(args).assert().code(2).stdout(is_empty()).stderr(contains(says));
    }
}

#[test]
fn a_file_that_is_no_catalog_is_named() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let broken = folder.path().join("broken.json");
    fs::write(&broken, "{\n  \"id\": \"acme\",\n").expect("a file can be written");
    let broken = broken.display().to_string();
    retriage().args(["codes", "--catalog", &broken]).assert().code(2).stderr(contains(format!("{broken}:")));
    let missing = folder.path().join("missing.json").display().to_string();
    retriage().args(["codes", "--catalog", &missing]).assert().code(2).stderr(contains(missing.as_str()));
    retriage().args(["lint", &missing]).assert().code(1).stdout(contains(format!("{missing}: error: ")));
    let id = retriage().args(["codes", "--catalog", "acme"]).assert().code(2);
    id.stderr(contains("a file ends in .json").and(contains("'acme'")));
}

#[test]
fn what_is_legal_but_poor_is_a_warning() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let mut value = catalog();
    value["sources"]["errors"] = json!({ "title": "Errors", "publisher": "Acme", "read": "2026-01-31" });
    let entries = value["entries"].as_array_mut().expect("a list");
    for entry in entries.iter_mut() {
        let entry = entry.as_object_mut().expect("an object");
        for field in ["operator", "why", "wait_ms"] {
            entry.remove(field);
        }
    }
    entries[2]["retry"] = json!("never");
    let file = write(folder.path(), "acme.json", &value);
    let found = findings(&[&file], 0);
    let has = |entry: Value, field: &str| {
        let same = |found: &&Value| found["entry"] == entry && found["field"] == field;
        assert_eq!(found.iter().filter(same).count(), 1, "{entry} {field}: {found:?}");
    };
    has(Value::Null, "sources.errors");
    for entry in ["insufficient_credit", "429", "503"] {
        has(json!(entry), "operator");
    }
    has(json!("429"), "wait_ms");
    has(json!("503"), "retry");
    has(json!("503"), "why");
    assert!(found.iter().all(|found| found["level"] == "warning" && found["line"].is_u64()), "{found:?}");
    // For a person and CI: the place first, then how bad it is.
    let page = output(retriage().args(["lint", &file]));
    assert_eq!(page.lines().count(), found.len());
    assert!(page.lines().all(|line| line.starts_with(&format!("{file}:")) && line.contains(": warning: ")), "{page}");
    retriage().args(["lint", &file, "--deny", "warnings"]).assert().code(1);
}

#[test]
fn profiles_and_languages_are_linted_as_what_they_are() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let codes = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../codes");
    let read = |name: &str| json(&fs::read_to_string(codes.join(name)).expect("a file can be read"));
    let (mut profile, mut language) = (read("profiles/polly.json"), read("messages/es.json"));
    let good = [write(folder.path(), "p.json", &profile), write(folder.path(), "l.json", &language)];
    assert_eq!(findings(&[&good[0], &good[1]], 0), [] as [Value; 0]);
    profile["attempts"] = json!("many");
    language["categories"]["timeout"] = json!({});
    let bad = [write(folder.path(), "p.json", &profile), write(folder.path(), "l.json", &language)];
    let found = findings(&[&bad[0], &bad[1]], 1);
    let said = |name: &str, part: &str| {
        let is = |found: &Value| found["file"] == name && found.to_string().contains(part);
        assert!(found.iter().any(is), "{name} {part}: {found:?}");
    };
    said(&bad[0], "attempts");
    said(&bad[1], "timeout");
}

#[test]
fn a_new_catalog_lints_clean_and_loads() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    for parent in retriage::catalogs() {
        let file = folder.path().join(format!("{}.json", parent.id()));
        let name = file.display().to_string();
        output(retriage().args(["new", "acme-pay", "--extends", parent.id(), "-o", &name]));
        assert_eq!(output(retriage().args(["lint", &name, "--deny", "warnings"])), "", "{}", parent.id());
        let args = ["explain", "acme-pay", "429", "--body", "Daily limit reached", "--json", "--catalog", &name];
        assert_eq!(json(&output(retriage().args(args)))["classification"]["entry"], "acme-pay/429.daily");
        // What is there stays.
        fs::write(&file, "mine").expect("a file can be written");
        retriage().args(["new", "acme-pay", "-o", &name]).assert().code(2).stderr(contains("not overwritten"));
        assert_eq!(fs::read_to_string(&file).expect("a file can be read"), "mine");
    }
    retriage().args(["new", "Acme!"]).assert().code(2).stdout(is_empty()).stderr(contains("lower-case letter"));
    retriage().args(["new", "http"]).assert().code(2).stdout(is_empty()).stderr(contains("built-in"));
}

#[test]
fn people_are_told_in_their_language() {
    let spanish = retriage::built_in().locale(&["es"]).expect("built in");
    let timeout = spanish.category(retriage::vocabulary::Category::from_word("timeout").expect("a word"));
    let page = |args: &[&str], set: &[(&str, &str)]| {
        let page =
            output(retriage().args(["explain", "http", "408", "--random", "0.5"]).args(args).envs(set.iter().copied()));
        page.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    assert!(page(&["--locale", "es-MX"], &[]).contains(timeout));
    assert!(page(&["--locale", "tlh,es"], &[]).contains(timeout));
    assert!(page(&[], &[("LANG", "es_ES.UTF-8")]).contains(timeout));
    assert!(page(&[], &[("LC_ALL", "C"), ("LANG", "es_ES.UTF-8")]) == page(&[], &[]));
    assert!(page(&["--locale", "en"], &[("LANG", "es_ES.UTF-8")]) == page(&[], &[]));
    // Programs get what they ask for, wherever they run.
    let wire =
        |args: &[&str]| json(&page(args, &[("LANG", "es_ES.UTF-8")]))["classification"]["messages"]["locale"].clone();
    assert_eq!(wire(&["--json"]), "en");
    assert_eq!(wire(&["--json", "--locale", "es"]), "es");
    let answer = |question: &str| {
        let mut command = retriage();
        command.args(["answer", "--locale", "es"]).env("LANG", "es_ES.UTF-8").write_stdin(question);
        json(&output(&mut command))["classification"]["messages"]["locale"].clone()
    };
    assert_eq!(answer(r#"{"status":408}"#), "en");
}

#[test]
fn a_language_of_ones_own_is_told_in() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let categories: serde_json::Map<String, Value> = retriage::vocabulary::Category::ALL
        .iter()
        .map(|category| (category.to_string(), json!({ "user": format!("Nuqneh {}", *category as u8) })))
        .collect();
    let mut klingon = json!({ "locale": "tlh", "name": "tlhIngan Hol", "direction": "ltr", "categories": categories });
    let file = write(folder.path(), "tlh.json", &klingon);
    let told = |args: &[&str]| {
        let page = output(retriage().args(args).args(["explain", "http", "408", "--json", "--locale", "tlh,es"]));
        json(&page)["classification"]["messages"].clone()
    };
    assert_eq!(told(&["--messages", &file])["locale"], "tlh");
    assert_eq!(told(&["--messages", &file])["user"], categories_user(&klingon, "timeout"));
    assert_eq!(told(&[])["locale"], "es");
    klingon["categories"].as_object_mut().expect("an object").remove("timeout");
    let file = write(folder.path(), "part.json", &klingon);
    let refused = retriage().args(["--messages", &file, "explain", "http", "408"]).assert().code(2).stdout(is_empty());
    refused.stderr(contains("part.json:").and(contains("timeout")));
}

fn categories_user(messages: &Value, category: &str) -> Value {
    messages["categories"][category]["user"].clone()
}

#[test]
fn files_count_on_both_sides_of_the_command() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let mut other = catalog();
    other["id"] = json!("other");
    other["extends"] = json!("acme");
    let (acme, other) = (write(folder.path(), "acme.json", &catalog()), write(folder.path(), "other.json", &other));
    let args = ["--catalog", &acme, "explain", "other", "429", "--json", "--catalog", &other];
    assert_eq!(json(&output(retriage().args(args)))["classification"]["catalog"], "other");
    let args = ["--catalog", &acme, "simulate", "--status", "429", "--json", "--catalog", "acme"];
    assert_eq!(json(&output(retriage().args(args)))["catalog"], "acme");
}

/// A file may come from someone else.
#[test]
fn a_hostile_file_is_refused_with_its_reason() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let entry = catalog()["entries"][0].clone();
    let many: Vec<Value> = (0..100_001)
        .map(|code| {
            let mut entry = entry.clone();
            entry.as_object_mut().expect("an object").remove("status");
            entry["code"] = json!(code);
            entry
        })
        .collect();
    let spoiled = |field: &str, value: Value| {
        let mut file = catalog();
        file[field] = value;
        file.to_string()
    };
    let whole = catalog().to_string();
    let cases: [(&str, Vec<u8>, &str); 8] = [
        ("many", spoiled("entries", json!(many)).into(), "at most 100000"),
        ("deep", "[".repeat(1_000_000).into(), "nested too deeply: more than 32 levels"),
        ("text", spoiled("name", json!("x".repeat(1_000_000))).into(), "name: "),
        ("twice", whole.replacen("{", "{\"id\":\"acme\",", 1).into(), "id: stands twice"),
        ("cut", whole[..whole.len() / 2].into(), "EOF"),
        ("bytes", [whole.as_bytes(), b"\xff"].concat(), "is not UTF-8"),
        ("large", vec![b' '; retriage::source::MOST_BYTES + 1], "is too large"),
        ("empty", Vec::new(), "EOF"),
    ];
    for (name, bytes, said) in cases {
        let path = folder.path().join(format!("{name}.json"));
        fs::write(&path, bytes).expect("a file can be written");
        let path = path.display().to_string();
        let refused = retriage().args(["--catalog", &path, "codes", "http"]).assert().code(2).stdout(is_empty());
        let refused = text(&refused.get_output().stderr).to_owned();
        assert!(refused.contains(said), "{name}: {}", refused.chars().take(500).collect::<String>());
        assert!(refused.len() < 20_000, "{name}: {} bytes are said", refused.len());
        retriage().args(["lint", &path]).assert().code(1);
    }
}

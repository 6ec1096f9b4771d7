//! What README.md and CONTRIBUTING.md show of catalogs, held against them.

mod common;

use std::fs;

use common::{difference, root};
use retriage::Registry;
use retriage::source::{File, Problem};
use serde_json::Value;

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// What a document shows in code blocks of this language, in order.
fn blocks(document: &str, language: &str) -> Vec<String> {
    let begin = format!("```{language}\n");
    read(document)
        .split(&begin)
        .skip(1)
        .filter_map(|part| part.split_once("```"))
        .map(|(block, _)| block.to_owned())
        .collect()
}

/// The catalog and the vectors that CONTRIBUTING.md shows, under an id that no catalog will have, so that whoever
/// follows it to the letter still passes.
fn example() -> [String; 2] {
    let blocks: [String; 2] =
        blocks("CONTRIBUTING.md", "json").try_into().expect("CONTRIBUTING.md shows a catalog and its vectors");
    blocks.map(|block| block.replace("postmark", "the-example"))
}

fn load(catalog: &str) -> Result<Registry, Vec<Problem>> {
    Registry::load(&[File { name: "codes/catalogs/postmark.json", text: catalog }])
}

#[test]
fn the_readme_lists_every_catalog_with_its_date() {
    let readme = read("README.md");
    for catalog in retriage::catalogs() {
        let row = format!("| `{}` | {} | {} | ", catalog.id(), catalog.name(), catalog.as_of());
        assert!(readme.contains(&row), "README.md has no row that begins with: {row}");
    }
}

#[test]
fn the_example_of_a_catalog_answers_as_its_vectors_say() {
    let [catalog, vectors] = example();
    let registry = load(&catalog).expect("the example has no mistakes");
    let vectors: Value = serde_json::from_str(&vectors).expect("the vectors are JSON");
    let cases = vectors["cases"].as_array().expect("there is a list of cases");
    assert!(!cases.is_empty());
    for case in cases {
        let answer = registry.answer(&case["question"].to_string());
        let answer: Value = serde_json::from_str(&answer).expect("an answer is JSON");
        assert_eq!(difference("", &case["answer"], &answer), None);
    }
}

#[test]
fn the_mistake_shown_is_the_one_the_build_tells() {
    let [catalog, _] = example();
    let broken = catalog.replace("overview#", "page#");
    let problems = load(&broken).expect_err("there is no such document");
    let told: Vec<String> = problems.iter().map(Problem::to_string).collect();
    let shown = blocks("CONTRIBUTING.md", "text").concat();
    assert_eq!(told, shown.lines().collect::<Vec<_>>());
}

//! What README.md and CONTRIBUTING.md say of the catalogs, held against them.

mod common;

use std::fs;

use common::{files, root};
use retriage::source::{File, Problem, Sources};

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

/// The example of CONTRIBUTING.md, changed by `change`, as the build would read it beside the built-in catalogs.
fn check_example(change: impl Fn(&str) -> String) -> Result<(), Vec<Problem>> {
    let example = blocks("CONTRIBUTING.md", "json").into_iter().next().expect("the first block is the example");
    let mut catalogs: Vec<(String, String)> = files("codes/catalogs")
        .into_iter()
        .map(|name| format!("codes/catalogs/{name}"))
        .map(|name| (name.clone(), read(&name)))
        .collect();
    catalogs.push(("codes/catalogs/postmark.json".to_owned(), change(&example)));
    let catalogs: Vec<File<'_>> = catalogs.iter().map(|(name, text)| File { name, text }).collect();
    let (formats, messages) = (read("codes/formats.json"), read("codes/messages/en.json"));
    Sources::read(
        &catalogs,
        File { name: "codes/formats.json", text: &formats },
        File { name: "codes/messages/en.json", text: &messages },
    )
    .map(|_| ())
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
fn the_example_of_a_catalog_is_one() {
    assert_eq!(check_example(str::to_owned), Ok(()));
}

#[test]
fn the_mistake_shown_is_the_one_the_build_tells() {
    let problems = check_example(|example| {
        let broken = example.replace("overview#", "page#");
        assert_ne!(broken, example);
        broken
    });
    let told: Vec<String> = problems.expect_err("there is no such document").iter().map(Problem::to_string).collect();
    let shown = blocks("CONTRIBUTING.md", "text");
    let shown: Vec<&str> = shown.iter().flat_map(|block| block.lines()).collect();
    assert_eq!(told, shown);
}

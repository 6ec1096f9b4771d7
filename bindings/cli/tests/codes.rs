//! `retriage codes` and `retriage limits`.

mod common;

use common::{output, retriage};
use predicates::str::contains;
use retriage::vocabulary::{Category, Fault, Retry};
use retriage::{Catalog, Entry};
use serde_json::{Value, json};

fn json_of(args: &[&str]) -> Value {
    serde_json::from_str(&output(retriage().args(args).arg("--json"))).expect("it is JSON")
}

fn ids(args: &[&str]) -> Vec<String> {
    let list = json_of(args);
    let ids = list.as_array().expect("it is a list").iter();
    ids.map(|entry| entry["id"].as_str().expect("an id is a text").to_owned()).collect()
}

fn all() -> impl Iterator<Item = Entry<'static>> {
    retriage::catalogs().flat_map(Catalog::entries)
}

#[test]
fn every_catalog_is_listed() {
    let page = output(retriage().arg("codes"));
    assert_eq!(page.lines().count(), 1 + retriage::catalogs().count());
    for (line, catalog) in page.lines().skip(1).zip(retriage::catalogs()) {
        assert!(line.starts_with(catalog.id()) && line.ends_with(catalog.name()), "{line}");
    }
    let list: Vec<_> = retriage::catalogs().collect();
    assert_eq!(json_of(&["codes"]), serde_json::to_value(list).expect("a catalog is JSON"));
}

#[test]
fn every_entry_of_a_catalog_is_listed() {
    for catalog in retriage::catalogs() {
        let page = output(retriage().args(["codes", catalog.id()]));
        let listed: Vec<&str> = page.lines().skip(1).filter_map(|line| line.split("  ").next()).collect();
        assert_eq!(listed, catalog.entries().map(|entry| entry.id()).collect::<Vec<_>>());
        let entries: Vec<_> = catalog.entries().collect();
        let written = output(retriage().args(["codes", catalog.id(), "--json"]));
        assert_eq!(written, serde_json::to_string(&entries).expect("an entry is JSON") + "\n");
    }
}

#[test]
fn a_filter_looks_at_ids_names_titles_and_texts_in_any_letter_case() {
    assert_eq!(ids(&["codes", "http", "--filter", "HTTP/503"]), ["http/503"]);
    let transport = retriage::catalog("transport").expect("built in");
    let (named, name) = transport
        .entries()
        .find_map(|entry| Some((entry, entry.names().find(|name| !entry.id().contains(name))?)))
        .expect("an entry has another name");
    assert!(ids(&["codes", "transport", "-f", &name.to_uppercase()]).contains(&named.id().to_owned()));
    let (owner, vendor_text) = all().find_map(|entry| Some((entry, entry.vendor_text()?))).expect("there is one");
    assert!(ids(&["codes", "--filter", &vendor_text.to_uppercase()]).contains(&owner.id().to_owned()));
    let redox = retriage::catalog("redox").and_then(|redox| redox.find_status(429)).expect("listed").0;
    let ours = redox.own_message(retriage::vocabulary::Audience::Developer).expect("it has its own");
    assert_eq!(ids(&["codes", "redox", "--filter", &ours.to_lowercase()]), ["redox/429"]);
    assert_eq!(ids(&["codes", "--filter", "no such text anywhere"]), [""; 0]);
}

#[test]
fn filters_by_word_must_all_hold() {
    let expected: Vec<String> = all()
        .filter(|entry| {
            let words = entry.words();
            words.category == Category::Timeout && words.fault == Fault::Network && words.retry == Retry::Verify
        })
        .map(|entry| entry.id().to_owned())
        .collect();
    assert!(!expected.is_empty());
    let args = ["codes", "--category", "timeout", "--fault", "network", "--retry", "verify"];
    assert_eq!(ids(&args), expected);
    retriage().args(["codes", "--retry", "backof"]).assert().code(2).stderr(contains("'backoff'"));
}

#[test]
fn limits_are_those_of_the_wire_form() {
    for catalog in retriage::catalogs() {
        let question = json!({ "ask": "limits", "catalog": catalog.id() }).to_string();
        let written = output(retriage().args(["limits", catalog.id(), "--json"]));
        assert_eq!(written, format!("{}\n", retriage::answer(&question)));
        let page = output(retriage().args(["limits", catalog.id()]));
        for limit in catalog.limits() {
            assert!(page.contains(&format!("{}  {}\n", limit.title(), limit.key())), "{} in\n{page}", limit.key());
        }
    }
    let page = output(retriage().args(["limits", "redox"]));
    assert!(page.contains("7500 requests per ip in any 5m, rolling"), "{page}");
    assert!(page.contains("(2024-02-15)"), "{page}");
}

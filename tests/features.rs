//! The features that leave catalogs and languages out of a build.

mod common;

use std::collections::BTreeSet;

use common::{files, root};

/// The features of a kind, such as `catalog-redox`, as the manifest lists them.
fn features(kind: &str) -> BTreeSet<String> {
    let manifest = std::fs::read_to_string(root().join("Cargo.toml")).expect("the manifest is there");
    let names = manifest.lines().filter_map(|line| line.strip_prefix(kind)?.strip_suffix(" = []"));
    names.map(str::to_owned).collect()
}

fn stems(folder: &str, but: &[&str]) -> BTreeSet<String> {
    let stems = files(folder).into_iter().filter_map(|name| name.strip_suffix(".json").map(str::to_owned));
    stems.filter(|stem| !but.contains(&stem.as_str())).collect()
}

#[test]
fn every_catalog_and_language_has_one() {
    assert_eq!(features("catalog-"), stems("codes/catalogs", &["http", "transport"]));
    assert_eq!(features("locale-"), stems("codes/messages", &["en"]));
}

#[test]
fn what_is_wanted_is_built_in() {
    let catalogs: BTreeSet<String> = retriage::catalogs().map(|catalog| catalog.id().to_owned()).collect();
    assert!(catalogs.contains("http") && catalogs.contains("transport"));
    let locales: BTreeSet<String> = retriage::built_in().locales().map(|locale| locale.tag().to_owned()).collect();
    for (feature, is_on, is_there) in [
        ("catalog-redox", cfg!(feature = "catalog-redox"), catalogs.contains("redox")),
        ("catalog-updox", cfg!(feature = "catalog-updox"), catalogs.contains("updox")),
        ("catalog-hl7v2", cfg!(feature = "catalog-hl7v2"), catalogs.contains("hl7v2")),
        ("locale-es", cfg!(feature = "locale-es"), locales.contains("es")),
        ("locale-ar", cfg!(feature = "locale-ar"), locales.contains("ar")),
    ] {
        assert_eq!(is_there, is_on, "{feature}");
    }
    // What is left out doesn't take anything else with it.
    assert!(retriage::answer(r#"{"status":503}"#).contains(r#""entry":"http/503""#));
    assert!(retriage::answer(r#"{"failure":"ECONNREFUSED"}"#).contains(r#""entry":"transport/ECONNREFUSED""#));
}

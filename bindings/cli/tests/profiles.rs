//! `retriage profiles`: the list, one of them, and as JSON.

mod common;

use std::fs;

use common::{output, retriage};
use predicates::str::contains;
use serde_json::Value;

fn profiles(arguments: &[&str]) -> String {
    output(retriage().arg("profiles").args(arguments))
}

/// A page on one line, however it is wrapped.
fn words(page: &str) -> String {
    page.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn every_profile_is_listed() {
    let page = profiles(&[]);
    assert_eq!(page.lines().count(), 1 + retriage::profiles().len());
    for profile in retriage::profiles() {
        let line = page.lines().find(|line| line.split(' ').next() == Some(&*profile.id));
        assert!(line.is_some_and(|line| line.ends_with(&*profile.name)), "{}: {line:?}", profile.id);
    }
    assert!(words(&page).contains("standard 5 1s x 2, at most 30s full Standard"), "{page}");
}

#[test]
fn a_page_says_all_that_a_profile_does_and_its_sources() {
    for profile in retriage::profiles() {
        let page = words(&profiles(&[&profile.id]));
        for source in profile.sources.iter() {
            assert!(page.contains(&words(&source.to_string())), "{}: {source}", profile.id);
        }
        assert!(page.contains(&words(&profile.about)), "{}", profile.id);
        assert!(profile.why.as_deref().is_none_or(|why| page.contains(&words(why))), "{}", profile.id);
        let headers = profile.hints.from.iter().map(|from| &from.header);
        for header in headers.chain(&profile.decisive_header).chain(&profile.refusing_header) {
            assert!(page.contains(&**header), "{}: {header}", profile.id);
        }
        let whens = profile.exceptions.iter().flat_map(|exception| exception.when.iter());
        for rule in profile.rules.iter().chain(whens) {
            for text in rule.methods.iter().chain(rule.entries.iter()) {
                assert!(page.contains(&**text), "{}: {text}", profile.id);
            }
        }
    }
}

#[test]
fn the_numbers_are_in_words() {
    let says = |profile: &str, texts: &[&str]| {
        let page = words(&profiles(&[profile]));
        texts.iter().for_each(|text| assert!(page.contains(text), "{text} is missing in\n{page}"));
    };
    says(
        "standard",
        &[
            "At most 5 attempts, the first included. No attempt begins 10m after the first, or later.",
            "What may have taken effect only where repeating it is known to be safe.",
            "1s, times 2 each time, at most 30s. Chance makes it anything from nothing to the whole.",
            "More than 10m ends the attempts. It takes the place of the wait. Chance makes it up to 33.3 % longer.",
        ],
    );
    says(
        "urllib3",
        &[
            "- status 413, 429, 503; on HEAD, GET, PUT, DELETE, OPTIONS, TRACE; beside a hint that says something",
            "- failure @connect (the request wasn't sent); but not PoolTimeout",
            "- retry-after: whole seconds; or an HTTP date",
            "Of more than 6h, 6h are waited.",
        ],
    );
    says(
        "aws-2.1",
        &[
            "It counts between the wait and 5s more.",
            "The wait is 1s, times 2 each time, at most 20s. A retry costs 5.",
            "It holds 500 tokens; a retry costs 14, and without them there is none. \
             A success gives back what its last retry cost, or 1 without a retry.",
        ],
    );
    says("grpc", &["a failure costs 1, and at 5 or below there is no retry.", "The waits start over after it."]);
    says("svix", &["It counts between the wait and 2 times the wait.", "The wait is at least 1m."]);
    says("openai", &["The header x-should-retry decides before them", "Chance makes it up to 25 % shorter."]);
    says("mirth", &["Without end."]);
    says("redox-delivery", &["Only in production. Only what is sent async", "An alert opens when 1 wait"]);
}

#[test]
fn json_is_what_a_profile_is_given_as() {
    let all: Value = serde_json::from_str(&profiles(&["--json"])).expect("it is JSON");
    assert_eq!(all.as_array().map(Vec::len), Some(retriage::profiles().len()));
    let folder = tempfile::tempdir().expect("a folder can be made");
    let file = folder.path().join("mine.json");
    for profile in retriage::profiles() {
        let json = profiles(&[&profile.id, "--json"]);
        assert_eq!(&*retriage::parse_profile(&json).expect("it is a profile"), profile);
    }
    // Changed and given back.
    let mut mine: Value = serde_json::from_str(&profiles(&["got", "--json"])).expect("it is JSON");
    mine["attempts"] = Value::from(6);
    fs::write(&file, mine.to_string()).expect("a file can be written");
    let argument = format!("@{}", file.display());
    let page = profiles(&[&argument]);
    assert!(page.contains("At most 6 attempts"), "{page}");
    assert!(page.contains(&format!("got ({})", file.display())), "{page}");
    let told: Value = serde_json::from_str(&output(retriage().args([
        "simulate",
        "--profile",
        &argument,
        "--status",
        "500",
        "--method",
        "GET",
        "--json",
    ])))
    .expect("it is JSON");
    assert_eq!(told["attempts"].as_array().map(Vec::len), Some(6));
}

#[test]
fn an_unknown_profile_is_told_the_nearest() {
    let refused = |name: &str, what: &str| {
        retriage().args(["profiles", name]).assert().code(2).stdout("").stderr(contains(what));
    };
    refused("aws-standart", "a similar value exists: 'aws-standard'");
    refused("retryable-http", "a similar value exists: 'retryablehttp'");
    refused("{\"attempts\":0}", "/attempts: must be a whole number from 1");
}

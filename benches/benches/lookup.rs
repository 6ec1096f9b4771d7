//! Look-ups of the core beside what else one could use, in one run.
//!
//! ```text
//! cargo bench -p retriage-benches --bench lookup                    nanoseconds, as a table
//! cargo bench -p retriage-benches --bench lookup -- --instructions  instructions, counted by valgrind
//! ```

use std::collections::HashMap;
use std::iter;
use std::process::ExitCode;

use retriage::vocabulary::Category;
use retriage::{Catalog, catalog};
use retriage_benches::{Group, run, shuffled};

/// Updox's codes as a `match` and as a map of phf, both with the category: what one would write by hand.
macro_rules! updox {
    ($($code:tt => $category:ident,)*) => {
        /// As a `match`.
        fn matched(code: i64) -> Option<Category> {
            Some(match code {
                $($code => Category::$category,)*
                _ => return ranged(code),
            })
        }

        /// As a perfect-hash map.
        static HASHED: phf::Map<i64, Category> = phf::phf_map! { $($code => Category::$category,)* };

        const UPDOX: &[i64] = &[$($code,)*];
    };
}

updox! {
    2000i64 => Success, 4000i64 => InvalidRequest, 4010i64 => Unauthenticated, 4011i64 => AccountInactive,
    4012i64 => AccountInactive, 4013i64 => Unauthenticated, 4014i64 => Unauthenticated, 4020i64 => TooLarge,
    4060i64 => InvalidRequest, 4070i64 => InvalidRecipient, 4071i64 => InvalidRecipient, 4072i64 => InvalidRecipient,
    4073i64 => InvalidRecipient, 4074i64 => InvalidRecipient, 4075i64 => InvalidRecipient, 4076i64 => InvalidRecipient,
    4077i64 => InvalidRecipient, 4080i64 => InvalidRecipient, 4110i64 => InvalidRequest, 4130i64 => Conflict,
    4131i64 => NotFound, 4132i64 => Conflict, 4140i64 => Conflict, 4150i64 => Conflict, 4210i64 => InvalidRequest,
    4230i64 => Conflict, 4231i64 => NotFound, 4232i64 => InvalidRequest, 4233i64 => InvalidRequest,
    4240i64 => NotFound, 4250i64 => InvalidRequest, 4330i64 => Conflict, 4331i64 => NotFound, 4410i64 => NotFound,
    4420i64 => NotFound, 4430i64 => Unsupported, 4610i64 => Conflict, 4620i64 => InvalidRequest,
    4621i64 => InvalidRequest, 4630i64 => PreconditionFailed, 4640i64 => InvalidRequest, 4641i64 => PreconditionFailed,
    4642i64 => PreconditionFailed, 4643i64 => PreconditionFailed, 4650i64 => Undelivered, 4651i64 => Undelivered,
    4652i64 => InvalidRequest, 4730i64 => Conflict, 4731i64 => NotFound, 4830i64 => Conflict, 4831i64 => NotFound,
    5000i64 => Internal, 5010i64 => InvalidRequest, 5011i64 => TooLarge, 5012i64 => InvalidRequest,
    5100i64 => Internal, 5110i64 => Internal,
}

/// Updox's ranges for the numbers it doesn't list.
fn ranged(code: i64) -> Option<Category> {
    match code {
        2000..=2999 => Some(Category::Success),
        4000..=4999 => Some(Category::InvalidRequest),
        5000..=5999 => Some(Category::Internal),
        _ => None,
    }
}

fn hashed(code: i64) -> Option<Category> {
    HASHED.get(&code).copied().or_else(|| ranged(code))
}

fn built_in(id: &str) -> Catalog<'static> {
    catalog(id).expect("built in")
}

fn title(http: Catalog<'static>, status: u16) -> Option<&'static str> {
    http.find_status(status).map(|(entry, _)| entry.title())
}

fn reason_phrase(status: u16) -> Option<&'static str> {
    http::StatusCode::from_u16(status).ok()?.canonical_reason()
}

fn category(updox: Catalog<'static>, code: i64) -> Option<Category> {
    updox.find_number(code).map(|(entry, _)| entry.words().category)
}

fn statuses() -> Vec<Group> {
    let http = built_in("http");
    let (listed, unlisted): (Vec<u16>, Vec<u16>) = (0..1_000).partition(|status| reason_phrase(*status).is_some());
    let group = |name, keys: Vec<u16>| {
        let keys = shuffled(&keys);
        Group::new(name)
            .peer("retriage, entry", &keys, move |status| http.find_status(status))
            .peer("retriage, title", &keys, move |status| title(http, status))
            .peer("http::StatusCode, reason phrase", &keys, reason_phrase)
    };
    vec![group("status, registered", listed), group("status, any other under 1,000", unlisted)]
}

fn numbers() -> Vec<Group> {
    let updox = built_in("updox");
    let listed = updox.entries().filter(|entry| entry.key_kind() == "code" && !entry.is_range() && !entry.is_variant());
    let listed: Vec<i64> = listed.filter_map(|entry| entry.label().parse().ok()).collect();
    assert_eq!(listed, UPDOX, "the copy in this file is not what the catalog lists");
    let unlisted: Vec<i64> = (0..8_000).filter(|code| !listed.contains(code)).collect();
    for code in 0..8_000 {
        let answers = [category(updox, code), matched(code), hashed(code)];
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{code}: the peers disagree: {answers:?}");
    }
    let group = |name, keys: &[i64]| {
        let keys = shuffled(keys);
        Group::new(name)
            .peer("retriage, category", &keys, move |code| category(updox, code))
            .peer("match", &keys, matched)
            .peer("phf::Map", &keys, hashed)
    };
    vec![
        group("code 4651", &[4_651]),
        group("code, listed", &listed),
        group("code 7777", &[7_777]),
        group("code, any other under 8,000", &unlisted),
    ]
}

fn names() -> Vec<Group> {
    let transport = built_in("transport");
    let categories: HashMap<&'static str, Category> = transport
        .entries()
        .filter(|entry| entry.key_kind() == "failure")
        .flat_map(|entry| iter::once(entry.label()).chain(entry.names()).map(move |name| (name, entry)))
        .map(|(name, entry)| (name, entry.words().category))
        .collect();
    let mut sorted: Vec<(&str, Category)> = categories.iter().map(|(name, category)| (*name, *category)).collect();
    sorted.sort_unstable_by_key(|(name, _)| *name);
    let listed: Vec<&str> = sorted.iter().map(|(name, _)| *name).collect();
    // As long as those that are listed, and none of them.
    let unlisted: Vec<&str> = listed.iter().map(|name| &*format!("{}~", &name[1..]).leak()).collect();
    let found = move |name| transport.find_failure(name).map(|entry| entry.words().category);
    assert!(listed.iter().all(|name| found(name) == categories.get(name).copied()), "the peers disagree");
    assert!(unlisted.iter().all(|name| found(name).is_none()), "an unlisted name is listed");
    let group = |name, keys: &[&'static str]| {
        let (keys, sorted, categories) = (shuffled(keys), sorted.clone(), categories.clone());
        let searched = move |name| {
            let at = sorted.binary_search_by_key(&name, |(name, _)| *name).ok()?;
            sorted.get(at).map(|(_, category)| *category)
        };
        Group::new(name)
            .peer("retriage, category", &keys, found)
            .peer("std HashMap", &keys, move |name| categories.get(name).copied())
            .peer("binary search", &keys, searched)
    };
    vec![
        group("failure ECONNRESET", &["ECONNRESET"]),
        group("failure, listed", &listed),
        group("failure, unlisted", &unlisted),
    ]
}

fn main() -> ExitCode {
    run(&[statuses(), numbers(), names()].into_iter().flatten().collect::<Vec<Group>>())
}

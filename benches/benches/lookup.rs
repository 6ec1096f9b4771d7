//! Look-ups of the core beside what else one could use, in one run.
//!
//! ```text
//! cargo bench -p retriage-benches --bench lookup                    nanoseconds, as a table
//! cargo bench -p retriage-benches --bench lookup -- --instructions  instructions, counted by valgrind
//! ```
//!
//! With `--features printed-peers`, which needs gperf, also beside what is printed from the catalogs: a `match`, a map of
//! phf, a `switch` in C, gperf. C is called, where Rust is inlined: that is what it is to use it from here.

use std::collections::HashMap;
use std::iter;
use std::process::ExitCode;

use retriage::source::File;
use retriage::vocabulary::Category;
use retriage::{Catalog, Registry, catalog};
use retriage_benches::{Group, KEYS, run, shuffled};

#[path = "../src/grown/catalog.rs"]
mod grown;

/// What the build script printed, and what it compiled.
#[cfg(feature = "printed-peers")]
mod printed {
    include!(concat!(env!("OUT_DIR"), "/peers.rs"));

    unsafe extern "C" {
        safe fn switch_status(number: i64) -> u64;
        safe fn switch_code(number: i64) -> u64;
        fn switch_name(name: *const u8, length: usize) -> u64;
        fn gperf_name(name: *const u8, length: usize) -> u64;
        fn gperf_code(name: *const u8, length: usize) -> u64;
    }

    pub(super) fn status_by_c(number: i64) -> u64 {
        switch_status(number)
    }

    pub(super) fn code_by_c(number: i64) -> u64 {
        switch_code(number)
    }

    pub(super) fn name_by_phf(name: &str) -> u64 {
        NAMES.get(name).copied().unwrap_or(NONE)
    }

    pub(super) fn name_by_c(name: &str) -> u64 {
        // SAFETY: it reads so many bytes and no more.
        unsafe { switch_name(name.as_ptr(), name.len()) }
    }

    pub(super) fn name_by_gperf(name: &str) -> u64 {
        // SAFETY: likewise.
        unsafe { gperf_name(name.as_ptr(), name.len()) }
    }

    pub(super) fn code_by_gperf(code: &str) -> u64 {
        // SAFETY: likewise.
        unsafe { gperf_code(code.as_ptr(), code.len()) }
    }

    /// The core's answer as the others give it.
    pub(super) fn number(category: Option<super::Category>) -> u64 {
        category.map_or(NONE, |category| u64::from(category as u8))
    }
}

fn built_in(id: &str) -> Catalog<'static> {
    catalog(id).expect("built in")
}

// What asks the core is inlined, so that its own look-up is what is measured.
#[inline(always)]
fn title(http: Catalog<'static>, status: u16) -> Option<&'static str> {
    http.find_status(status).map(|(entry, _)| entry.title())
}

fn reason_phrase(status: u16) -> Option<&'static str> {
    http::StatusCode::from_u16(status).ok()?.canonical_reason()
}

#[inline(always)]
fn by_status(catalog: Catalog<'static>, status: u16) -> Option<Category> {
    catalog.find_status(status).map(|(entry, _)| entry.words().category)
}

#[inline(always)]
fn by_number(catalog: Catalog<'static>, code: i64) -> Option<Category> {
    catalog.find_number(code).map(|(entry, _)| entry.words().category)
}

fn statuses() -> Vec<Group> {
    let http = built_in("http");
    let (listed, unlisted): (Vec<u16>, Vec<u16>) = (0..1_000).partition(|status| reason_phrase(*status).is_some());
    let group = |name, keys: Vec<u16>| {
        let keys = shuffled(&keys);
        let group = Group::new(name)
            .ours("retriage, entry", &keys, move |status| http.find_status(status))
            .ours("retriage, title", &keys, move |status| title(http, status))
            .ours("retriage, category", &keys, move |status| by_status(http, status))
            .peer("nothing: what measuring takes", &keys, |status| status)
            .peer("http::StatusCode, reason phrase", &keys, reason_phrase);
        #[cfg(feature = "printed-peers")]
        let group = group
            .peer("match, category", &keys, |status| printed::status(status.into()))
            .peer("phf::Map, category", &keys, |status| printed::status_by_phf(status.into()))
            .peer("a switch in C, category", &keys, |status| printed::status_by_c(status.into()))
            .checked(move || {
                for status in 0..1_000 {
                    let ours = printed::number(by_status(http, status));
                    let status = i64::from(status);
                    let others =
                        [printed::status(status), printed::status_by_phf(status), printed::status_by_c(status)];
                    assert_eq!(others, [ours; 3], "status {status}: the peers disagree");
                }
            });
        group
    };
    vec![group("status, registered", listed), group("status, any other under 1,000", unlisted)]
}

fn numbers() -> Vec<Group> {
    let updox = built_in("updox");
    let entries = updox.entries();
    let listed = entries.filter(|entry| entry.key_kind() == "code" && !entry.is_range() && !entry.is_variant());
    let listed: Vec<i64> = listed.filter_map(|entry| entry.label().parse().ok()).collect();
    assert!(!listed.is_empty(), "Updox lists codes");
    let unlisted: Vec<i64> = (0..8_000).filter(|code| !listed.contains(code)).collect();
    let group = |name, keys: &[i64], has_text: bool| {
        let keys = shuffled(keys);
        let group = Group::new(name).ours("retriage, category", &keys, move |code| by_number(updox, code));
        #[cfg(feature = "printed-peers")]
        let group = group
            .peer("match", &keys, printed::code)
            .peer("phf::Map", &keys, printed::code_by_phf)
            .peer("a switch in C", &keys, printed::code_by_c)
            .checked(move || {
                for code in 0..8_000 {
                    let ours = printed::number(by_number(updox, code));
                    let others = [printed::code(code), printed::code_by_phf(code), printed::code_by_c(code)];
                    assert_eq!(others, [ours; 3], "code {code}: the peers disagree");
                }
            });
        // gperf takes texts, and knows nothing of ranges.
        #[cfg(feature = "printed-peers")]
        if has_text {
            let texts: Vec<&'static str> = keys.iter().map(|code| &*code.to_string().leak()).collect();
            for (code, text) in keys.iter().zip(&texts) {
                assert_eq!(printed::code_by_gperf(text), printed::code(*code), "code {code}: gperf disagrees");
            }
            return group.peer("gperf, of the code as text", &texts, printed::code_by_gperf);
        }
        let _ = has_text;
        group
    };
    vec![
        group("code 4651", &[4_651], true),
        group("code, listed", &listed, true),
        group("code 7777", &[7_777], false),
        group("code, any other under 8,000", &unlisted, false),
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
    #[cfg(feature = "printed-peers")]
    for name in listed.iter().chain(&unlisted) {
        let others = [printed::name, printed::name_by_phf, printed::name_by_c, printed::name_by_gperf];
        assert_eq!(others.map(|find| find(name)), [printed::number(found(name)); 4], "{name}: the peers disagree");
    }
    let group = |name, keys: &[&'static str]| {
        let (keys, sorted, categories) = (shuffled(keys), sorted.clone(), categories.clone());
        let searched = move |name| {
            let at = sorted.binary_search_by_key(&name, |(name, _)| *name).ok()?;
            sorted.get(at).map(|(_, category)| *category)
        };
        let group = Group::new(name)
            .ours("retriage, category", &keys, found)
            .peer("nothing: what measuring takes", &keys, str::len)
            .peer("std HashMap", &keys, move |name| categories.get(name).copied())
            .peer("binary search", &keys, searched);
        #[cfg(feature = "printed-peers")]
        let group = group
            .peer("match", &keys, printed::name)
            .peer("phf::Map", &keys, printed::name_by_phf)
            .peer("switches in C", &keys, printed::name_by_c)
            .peer("gperf", &keys, printed::name_by_gperf);
        group
    };
    vec![
        group("failure ECONNRESET", &["ECONNRESET"]),
        group("failure, listed", &listed),
        group("failure, unlisted", &unlisted),
    ]
}

/// A catalog that was loaded, with every kind of key.
fn loaded() -> Group {
    let text = grown::catalog("vendor", 100).to_string();
    let registry = Registry::load(&[File { name: "vendor.json", text: &text }]).expect("there is no mistake in it");
    let registry: &'static Registry = Box::leak(Box::new(registry));
    let vendor = registry.catalog("vendor").expect("it is loaded");
    let numbers = shuffled(&(0..50).collect::<Vec<i64>>());
    let names: Vec<&'static str> = (0..50).map(|number| &*format!("E_{number}").leak()).collect();
    Group::new("a catalog loaded at run time, 100 codes")
        .checked(move || {
            assert!(vendor.find_number(49).is_some() && vendor.find_name("E_49").is_some());
            assert!(vendor.find_name("E_50").is_none());
        })
        .ours("a code that is a number", &numbers, move |code| by_number(vendor, code))
        .ours("a code that is a name", &shuffled(&names), move |name| {
            vendor.find_name(name).map(|entry| entry.words().category)
        })
        .ours("a status, 503", &[503; KEYS], move |status| by_status(vendor, status))
        .ours("a failure, ECONNRESET", &["ECONNRESET"; KEYS], move |name| {
            vendor.find_failure(name).map(|entry| entry.words().category)
        })
        .ours("the catalog by its id", &["vendor"; KEYS], move |id| registry.catalog(id).map(|found| found.place()))
}

fn main() -> ExitCode {
    let mut groups: Vec<Group> = [statuses(), numbers(), names()].into_iter().flatten().collect();
    groups.push(loaded());
    run(groups)
}

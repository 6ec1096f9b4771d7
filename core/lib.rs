//! *retry + triage*: what an API's answer means, whose fault it is, whether the request took effect, and whether and
//! when to try again.
//!
//! A [`Catalog`] holds the codes of one vendor or protocol, made from its documents; [`catalog`] gives a built-in one,
//! and a [`Registry`] holds others as well. [`Catalog::classify`] makes a [`Classification`] of the [`Evidence`] that
//! came back, and [`Classification::decide`] a [`Decision`] of that. Whoever only wants to look a code up finds its
//! [`Entry`] by [`Catalog::find_status`], [`find_number`](Catalog::find_number), [`find_name`](Catalog::find_name) and
//! [`find_failure`](Catalog::find_failure). [`answer`] does all of it from JSON to JSON.
//!
//! The words of an answer are those of [`vocabulary`]. Nothing here sends a request, sleeps, or asks a clock: times and
//! random numbers come in as arguments.
#![no_std]
#![forbid(unsafe_code)]
// What needs `std`, and what can panic.
#![deny(clippy::alloc_instead_of_core, clippy::std_instead_of_alloc, clippy::std_instead_of_core)]
#![deny(clippy::indexing_slicing, clippy::string_slice, clippy::panic, clippy::unreachable)]
#![deny(clippy::expect_used, clippy::unwrap_used)]

extern crate alloc;

mod advise;
mod batch;
mod calendar;
mod classify;
mod decide;
mod delivery;
mod details;
mod evidence;
mod hint;
mod lint;
mod locale;
pub mod profile;
mod registry;
pub mod source;
mod tables;
pub mod vocabulary;
mod wire;

pub use advise::{Advice, Reply};
pub use batch::classes;
pub use classify::{Because, Classification, Found, Reason};
pub use decide::{Attempt, Budget, Decision, Finding, State, Weighing};
pub use delivery::{Act, CAPACITY, Event, LONGEST_ID, Queue, Setting};
pub use details::{Details, Fields, LONGEST_REASON, MOST_ERRORS, Value};
pub use evidence::{BODY_LIMIT, Code, Evidence};
pub use hint::{Hint, Hints, MOST_MS, parse_http_date};
pub use locale::{ENGLISH, Locale, Messages};
pub use profile::Profile;
pub use registry::Registry;
pub use tables::{Answer, Catalog, Entry, Holds, Limit, Source};
pub use wire::{Error, Question, answer, parse_budget, parse_profile, parse_state, parse_time};

/// The built-in catalogs and languages.
#[must_use]
pub fn built_in() -> &'static Registry {
    static BUILT_IN: Registry = Registry::BUILT_IN;
    &BUILT_IN
}

/// The built-in catalog of this id.
#[must_use]
pub fn catalog(id: &str) -> Option<Catalog<'static>> {
    tables::built_in().catalog(id)
}

/// The built-in profile of this id.
#[must_use]
pub fn profile(id: &str) -> Option<&'static Profile> {
    profiles().iter().find(|profile| profile.id == id)
}

/// The built-in profiles, in the order of their ids.
#[must_use]
pub fn profiles() -> &'static [Profile] {
    built_in_profiles::all()
}

/// The profiles that the build script printed.
mod built_in_profiles {
    use alloc::borrow::Cow;

    use crate::{profile, vocabulary};

    include!(concat!(env!("OUT_DIR"), "/profiles.rs"));

    pub(crate) fn all() -> &'static [profile::Profile] {
        &PROFILES
    }
}

/// The built-in languages besides English, in the order of their tags.
fn built_in_locales() -> &'static [Locale] {
    built_in_texts::all()
}

/// The texts in other languages that the build script printed.
mod built_in_texts {
    #[allow(unused_imports, reason = "a build without languages prints none")]
    use alloc::borrow::Cow;

    use crate::locale::Locale;
    #[allow(unused_imports, reason = "likewise")]
    use crate::tables::rows::Span;

    include!(concat!(env!("OUT_DIR"), "/locales.rs"));

    pub(crate) fn all() -> &'static [Locale] {
        &LOCALES
    }
}

/// The built-in catalogs, parents before children.
pub fn catalogs() -> impl Iterator<Item = Catalog<'static>> {
    tables::built_in().catalogs()
}

/// The examples of the README, run with those of the documentation.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

//! An answer in 64 bits: the words of an entry, how it was found, and which entry it is.
//!
//! The build script compiles this as well, for the table that `retriage_find` looks into.

use retriage::Entry;
use retriage::vocabulary::{Match, Words};

/// Where the category stands in an answer, and how many bits it has.
pub(crate) const CATEGORY: (u32, u32) = (0, 8);
/// Likewise the canonical code.
pub(crate) const CANONICAL: (u32, u32) = (8, 5);
/// Likewise the fault.
pub(crate) const FAULT: (u32, u32) = (13, 3);
/// Likewise what trying again would take.
pub(crate) const RETRY: (u32, u32) = (16, 4);
/// Likewise whether it took effect.
pub(crate) const PROCESSED: (u32, u32) = (20, 2);
/// Likewise how final it is.
pub(crate) const FINALITY: (u32, u32) = (22, 2);
/// Likewise how loudly to say it.
pub(crate) const SEVERITY: (u32, u32) = (24, 3);
/// Likewise what a delay holds back.
pub(crate) const SCOPE: (u32, u32) = (27, 2);
/// Likewise how it was found; 0 where the question was wrong.
pub(crate) const MATCH: (u32, u32) = (29, 3);
/// Likewise the entry, counted from 1; 0 where there is none.
pub(crate) const ENTRY: (u32, u32) = (32, 32);

/// The answer where no entry is found.
pub(crate) const UNKNOWN: u64 = words(Words::UNKNOWN) | put(MATCH, Match::Unknown as u64);

const fn put((shift, bits): (u32, u32), number: u64) -> u64 {
    (number & (u64::MAX >> (64 - bits))) << shift
}

/// The words, in their places.
pub(crate) const fn words(words: Words) -> u64 {
    put(CATEGORY, words.category as u64)
        | put(CANONICAL, words.canonical as u64)
        | put(FAULT, words.fault as u64)
        | put(RETRY, words.retry as u64)
        | put(PROCESSED, words.processed as u64)
        | put(FINALITY, words.finality as u64)
        | put(SEVERITY, words.severity as u64)
        | put(SCOPE, words.scope as u64)
}

/// What was found, in 64 bits.
pub(crate) fn answer(found: Option<(Entry<'_>, Match)>) -> u64 {
    found.map_or(UNKNOWN, |(entry, found)| {
        words(entry.words()) | put(MATCH, found as u64) | put(ENTRY, u64::from(entry.number()) + 1)
    })
}

/// The words of an answer, by the names of their sets, and where they stand. The header has a macro for each.
pub(crate) const PARTS: [(&str, (u32, u32)); 9] = [
    ("CATEGORY", CATEGORY),
    ("CANONICAL", CANONICAL),
    ("FAULT", FAULT),
    ("RETRY", RETRY),
    ("PROCESSED", PROCESSED),
    ("FINALITY", FINALITY),
    ("SEVERITY", SEVERITY),
    ("SCOPE", SCOPE),
    ("MATCH", MATCH),
];

/// One part of an answer.
pub(crate) fn part(answer: u64, (shift, bits): (u32, u32)) -> u32 {
    // A part has 32 bits at the most.
    (answer >> shift & (u64::MAX >> (64 - bits))) as u32
}

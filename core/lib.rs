//! retriage
#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;

mod calendar;
mod classify;
mod details;
mod evidence;
mod hint;
pub mod source;
mod tables;
pub mod vocabulary;
mod wire;

pub use classify::{Because, Classification, Found, Reason};
pub use details::{Details, Fields, LONGEST_REASON, MOST_ERRORS, Value};
pub use evidence::{BODY_LIMIT, Code, Evidence};
pub use hint::{Hint, Hints, MOST_MS};
pub use tables::{Catalog, Entry, Limit, Source};
pub use wire::{Ask, Error, Question, answer, parse_time};

/// The built-in catalog of this id.
#[must_use]
pub fn catalog(id: &str) -> Option<Catalog<'static>> {
    tables::built_in().catalog(id)
}

/// The built-in catalogs, parents before children.
pub fn catalogs() -> impl ExactSizeIterator<Item = Catalog<'static>> {
    tables::built_in().catalogs()
}

//! The C library. It converts, calls the core, and converts back.
//!
//! The documentation of every public item is the manual in `include/retriage.h`, which `cargo xtask header` generates
//! from here. Its contract is what each `SAFETY` comment that speaks of it means: pointers are NULL where that is
//! allowed, or point to what their types and lengths say, for as long as the call takes.
#![deny(clippy::undocumented_unsafe_blocks)]
// What can panic: a guard stands around every function, and nothing should come to it.
#![cfg_attr(not(test), deny(clippy::indexing_slicing, clippy::string_slice, clippy::panic, clippy::unreachable))]
#![cfg_attr(not(test), deny(clippy::expect_used, clippy::unwrap_used))]
#![allow(clippy::missing_safety_doc, reason = "the header has the contract of all functions once, at its beginning")]

pub mod advise;
pub mod evidence;
mod given;
mod handles;
pub mod json;
mod packed;
pub mod profile;
pub mod queue;
pub mod registry;
mod sized;
pub mod status;
mod text;
pub mod version;
pub mod word;
#[allow(clippy::indexing_slicing, reason = "the compiler does it all, and says so if it can't")]
mod words;

#[cfg(test)]
mod tests;

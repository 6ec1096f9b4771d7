//! `cargo xtask pack-npm`: the npm package of bindings/wasm, as a tarball.
//!
//! The steps stand in `pack.rs`. What another language must have of the core's words, catalogs and schemas is written
//! by `words.rs`, `types.rs` and `codes.rs`; none of it is kept in the repository, so that none of it can be stale.
#![forbid(unsafe_code)]

mod codes;
mod pack;
mod run;
mod toolchain;
mod types;
mod words;

use std::path::PathBuf;
use std::process::ExitCode;

const USAGE: &str = "\
Usage: cargo xtask pack-npm --out DIR

Makes the npm package and puts its tarball, retriage-VERSION.tgz, into DIR.";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let outcome = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["--out", out] => pack::pack(&PathBuf::from(out)),
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

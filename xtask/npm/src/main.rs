//! `cargo xtask pack-npm` and `cargo xtask explorer`: the npm package of bindings/wasm, and its page.
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
       cargo xtask explorer --out DIR

pack-npm makes the npm package and puts its tarball, retriage-VERSION.tgz, into DIR.
explorer makes the page where codes are looked up and puts its files into DIR.";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let outcome = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["pack-npm", "--out", out] => pack::pack(&PathBuf::from(out)),
        ["explorer", "--out", out] => pack::explorer(&PathBuf::from(out)),
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

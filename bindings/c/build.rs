//! Prints the answers of `retriage_find`, asked of the core, as one table; names the shared library; and lets the
//! compiler know of the one `cfg` that a test sets.
//!
//! A look-up through the core takes five loads, each after the other, and puts eight words together. In C that would
//! be most of what a call costs. Here a number leads to a page of 32 answers, and there to the answer.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::{array, env, fs};

use retriage::Catalog;

#[allow(dead_code, reason = "answers are taken apart elsewhere")]
#[path = "src/packed.rs"]
mod packed;

/// How many answers a page holds.
const PAGE: usize = 32;
/// Numbers from here on are always looked up in the core.
const MOST: usize = 65_536;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=src/packed.rs");
    // See src/sized.rs: a library whose structs have grown.
    println!("cargo::rustc-check-cfg=cfg(retriage_grown)");
    // While the version is 0.x the ABI may change with each minor one, and the name says which it is.
    let soname = match env::var("CARGO_PKG_VERSION_MAJOR").as_deref() {
        Ok("0") => format!("0.{}", variable("CARGO_PKG_VERSION_MINOR")),
        _ => variable("CARGO_PKG_VERSION_MAJOR"),
    };
    let elf = ["linux", "android", "freebsd", "netbsd", "openbsd", "illumos", "solaris"];
    if elf.contains(&variable("CARGO_CFG_TARGET_OS").as_str()) {
        println!("cargo::rustc-cdylib-link-arg=-Wl,-soname,libretriage.so.{soname}");
    }
    let path = PathBuf::from(variable("OUT_DIR")).join("answers.rs");
    fs::write(&path, printed()).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
}

fn variable(name: &str) -> String {
    env::var(name).unwrap_or_else(|_| panic!("cargo sets {name}"))
}

/// The pages of every built-in catalog, in the order of their places: first those of its statuses, then those of its
/// codes. Each has as many as the longest needs, and pages that are alike are printed once.
fn printed() -> String {
    let catalogs = (0..).map_while(|place| retriage::built_in().catalog_at(place));
    let stretches: Vec<Vec<[u64; PAGE]>> = catalogs
        .flat_map(|catalog| {
            let find = |find: fn(Catalog<'_>, usize) -> u64| {
                (0..MOST / PAGE).map(|page| array::from_fn(|at| find(catalog, page * PAGE + at))).collect()
            };
            [find(status), find(code)]
        })
        .collect();
    let known = |stretch: &Vec<[u64; PAGE]>| stretch.iter().rposition(|page| *page != [packed::UNKNOWN; PAGE]);
    let reach = stretches.iter().filter_map(known).max().map_or(0, |last| last + 1);
    let mut cells: Vec<[u64; PAGE]> = Vec::new();
    let mut places = BTreeMap::new();
    let mut pages: Vec<usize> = Vec::new();
    for page in stretches.iter().flat_map(|stretch| stretch.iter().take(reach)) {
        pages.push(*places.entry(*page).or_insert_with(|| {
            cells.push(*page);
            cells.len() - 1
        }));
    }
    let cells: Vec<u64> = cells.into_iter().flatten().collect();
    let mut text = String::new();
    let _ = writeln!(text, "const PAGE: usize = {PAGE};");
    let _ = writeln!(text, "const REACH: usize = {};", reach * PAGE);
    let _ = writeln!(text, "static PAGES: [u16; {}] = {pages:?};", pages.len());
    let _ = writeln!(text, "static CELLS: [u64; {}] = {cells:?};", cells.len());
    text
}

fn status(catalog: Catalog<'_>, number: usize) -> u64 {
    packed::answer(u16::try_from(number).ok().and_then(|status| catalog.find_status(status)))
}

fn code(catalog: Catalog<'_>, number: usize) -> u64 {
    packed::answer(i64::try_from(number).ok().and_then(|code| catalog.find_number(code)))
}

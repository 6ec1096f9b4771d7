//! How cost grows with what is loaded at run time: entries in a catalog, and catalogs.
//!
//! ```text
//! cargo bench -p retriage-benches --bench growth
//! ```

use std::alloc::{GlobalAlloc, Layout, System};
use std::hint::black_box;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use retriage::Registry;
use retriage::source::File;

#[path = "../src/grown/catalog.rs"]
mod catalog;
#[path = "../src/grown/lookups.rs"]
mod lookups;

use catalog::catalog;

/// The system's allocator, which counts what is held.
struct Counting;

static HELD: AtomicUsize = AtomicUsize::new(0);

// SAFETY: every call goes to the system's allocator as it is.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        HELD.fetch_add(layout.size(), Ordering::Relaxed);
        // SAFETY: as the caller promises.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        HELD.fetch_sub(layout.size(), Ordering::Relaxed);
        // SAFETY: as the caller promises.
        unsafe { System.dealloc(at, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// How often a load is timed.
const LOADS: usize = 3;

/// The median of several times.
fn median(mut run: impl FnMut()) -> Duration {
    let mut times: [Duration; LOADS] = std::array::from_fn(|_| {
        let began = Instant::now();
        run();
        began.elapsed()
    });
    times.sort_unstable();
    times[LOADS / 2]
}

/// One row: loads these catalogs of so many entries, and looks codes up in the last.
fn row(catalogs: usize, entries: usize) {
    let texts: Vec<String> =
        (0..catalogs).map(|number| catalog(&format!("vendor-{number}"), entries).to_string()).collect();
    let names: Vec<String> = (0..catalogs).map(|number| format!("vendor-{number}.json")).collect();
    let files: Vec<File<'_>> = names.iter().zip(&texts).map(|(name, text)| File { name, text }).collect();
    let bytes: usize = texts.iter().map(String::len).sum();
    let load = || Registry::load(&files).unwrap_or_else(|problems| panic!("{}", problems[0]));
    let before = HELD.load(Ordering::Relaxed);
    let registry = load();
    let held = HELD.load(Ordering::Relaxed) - before;
    let loading = median(|| drop(black_box(load())));
    let last = registry.catalog(&format!("vendor-{}", catalogs - 1)).expect("it is loaded");
    let [number, name] = lookups::times(last, entries);
    let total = (catalogs * entries) as f64;
    println!(
        "| {catalogs} | {entries} | {:.1} | {:.2} | {:.0} | {:.0} | {number:.1} | {name:.1} |",
        bytes as f64 / 1e6,
        loading.as_secs_f64() * 1e3,
        loading.as_secs_f64() * 1e9 / total,
        held as f64 / total,
    );
}

fn main() {
    println!(
        "| catalogs | entries each | MB of JSON | ms to load | ns an entry | bytes an entry | ns by number | ns by name |"
    );
    println!("|---:|---:|---:|---:|---:|---:|---:|---:|");
    for (catalogs, entries) in [(1, 100), (1, 10_000), (1, 100_000), (10, 100), (100, 100), (1_000, 100)] {
        row(catalogs, entries);
    }
}

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
use serde_json::{Value, json};

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

/// Most of the numbers that entries have.
const NUMBERS: i64 = 60_000;

/// A catalog of so many entries, as one would write it.
fn catalog(id: &str, entries: i64) -> Value {
    let entries: Vec<Value> = (0..entries)
        .map(|number| {
            // Past the pages of numbers there are names.
            let code = if number < NUMBERS { json!(number) } else { json!(format!("E_{number}")) };
            json!({
                "code": code, "title": format!("Code {number}"), "category": "unavailable", "fault": "provider",
                "retry": "backoff", "processed": "no", "remedy": "Wait, then try again.",
                "operator": format!("The service refused with the code {number}. Ask its owner what it stands for."),
                "source": "doc#Codes",
            })
        })
        .collect();
    json!({
        "id": id, "name": "A vendor", "as_of": "2026-11-21", "extends": "http",
        "sources": { "doc": { "title": "Codes", "publisher": "A vendor", "date": "2026-11-21" } },
        "entries": entries,
    })
}

/// The shortest of several times, because noise only adds.
fn shortest(times: usize, mut run: impl FnMut()) -> Duration {
    (0..times)
        .map(|_| {
            let began = Instant::now();
            run();
            began.elapsed()
        })
        .min()
        .unwrap_or_default()
}

/// One row: loads these catalogs of so many entries, and looks numbers up in the last.
fn row(catalogs: usize, entries: i64) {
    let texts: Vec<String> =
        (0..catalogs).map(|number| catalog(&format!("vendor-{number}"), entries).to_string()).collect();
    let names: Vec<String> = (0..catalogs).map(|number| format!("vendor-{number}.json")).collect();
    let files: Vec<File<'_>> = names.iter().zip(&texts).map(|(name, text)| File { name, text }).collect();
    let bytes: usize = texts.iter().map(String::len).sum();
    let load = || Registry::load(&files).unwrap_or_else(|problems| panic!("{}", problems[0]));
    let before = HELD.load(Ordering::Relaxed);
    let registry = load();
    let held = HELD.load(Ordering::Relaxed) - before;
    let loading = shortest(3, || drop(black_box(load())));
    let last = registry.catalog(&format!("vendor-{}", catalogs - 1)).expect("it is loaded");
    // A stride that is prime to the count goes through all of them in an order that no cache guesses.
    let stride = 7_919;
    let most = entries.min(NUMBERS);
    let lookups = 200_000;
    let mut code = 0;
    let looking = shortest(5, || {
        for _ in 0..lookups {
            code = (code + stride) % most;
            black_box(last.find_number(black_box(code)));
        }
    });
    let total = (catalogs as i64 * entries) as f64;
    println!(
        "| {catalogs} | {entries} | {:.1} | {:.2} | {:.0} | {:.0} | {:.1} |",
        bytes as f64 / 1e6,
        loading.as_secs_f64() * 1e3,
        loading.as_secs_f64() * 1e9 / total,
        held as f64 / total,
        looking.as_secs_f64() * 1e9 / f64::from(lookups),
    );
}

fn main() {
    println!("| catalogs | entries each | MB of JSON | ms to load | ns an entry | bytes an entry | ns a look-up |");
    println!("|---:|---:|---:|---:|---:|---:|---:|");
    for (catalogs, entries) in [(1, 100), (1, 10_000), (1, 100_000), (10, 100), (100, 100), (1_000, 100)] {
        row(catalogs, entries);
    }
}

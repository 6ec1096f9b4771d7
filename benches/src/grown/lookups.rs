//! What look-ups cost in a catalog of `catalog.rs`.

use std::hint::black_box;
use std::time::Instant;

use retriage::Catalog;

/// Prime to every count of keys, so that it goes through all of them in an order that nothing guesses.
const STRIDE: usize = 7_919;
/// How many look-ups are timed, and how often.
const LOOKUPS: usize = 200_000;
const TIMES: usize = 9;

/// Nanoseconds a look-up by number and by name, the medians.
pub(crate) fn times(catalog: Catalog<'_>, entries: usize) -> [f64; 2] {
    let count = entries / 2;
    let names: Vec<String> = (0..count).map(|number| format!("E_{number}")).collect();
    let is_whole = |at: usize| catalog.find_number(at as i64).is_some() && catalog.find_name(&names[at]).is_some();
    assert!((0..count).all(is_whole), "a key is not found");
    [
        median(count, |at| catalog.find_number(black_box(at as i64))),
        median(count, |at| catalog.find_name(black_box(&names[at]))),
    ]
}

fn median<R>(count: usize, look_up: impl Fn(usize) -> R) -> f64 {
    let mut at = 0;
    let mut times: Vec<f64> = (0..TIMES)
        .map(|_| {
            let began = Instant::now();
            for _ in 0..LOOKUPS {
                at = (at + STRIDE) % count;
                black_box(look_up(at));
            }
            began.elapsed().as_secs_f64() * 1e9 / LOOKUPS as f64
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times[TIMES / 2]
}

//! Many statuses at once, beside what it takes to copy them: one cannot read them in less.
//!
//! ```text
//! cargo bench -p retriage-benches --bench batch                    nanoseconds a status, as a table
//! cargo bench -p retriage-benches --bench batch -- --instructions  instructions, counted by valgrind
//! ```

use std::cell::RefCell;
use std::hint::black_box;
use std::process::ExitCode;

use retriage::catalog;
use retriage_benches::{Group, run, shuffled};

/// So many statuses, all kinds of them.
fn statuses(count: usize) -> Vec<u16> {
    shuffled(&(0..1_000).collect::<Vec<u16>>()).into_iter().cycle().take(count).collect()
}

fn group(name: &'static str, count: usize) -> Group {
    let from: &'static [u16] = statuses(count).leak();
    let http = catalog("http").expect("it is built in");
    let (classes, classed, copied) =
        (RefCell::new(vec![0_u8; count]), RefCell::new(vec![0_u8; count]), RefCell::new(vec![0_u16; count]));
    let by_class = |status: u16| if (100..600).contains(&status) { (status / 100) as u8 } else { 0 };
    Group::new(name)
        .checked(move || {
            let mut classes = vec![0; count];
            retriage::classes(from, &mut classes);
            assert!(from.iter().zip(&classes).all(|(status, class)| by_class(*status) == *class));
        })
        .batch("copy_from_slice", count, move || {
            let mut copied = copied.borrow_mut();
            copied.copy_from_slice(black_box(from));
            black_box(&mut *copied);
        })
        .our_batch("retriage::classes", count, move || {
            let mut classes = classes.borrow_mut();
            retriage::classes(black_box(from), &mut classes);
            black_box(&mut *classes);
        })
        .batch("a division for each", count, move || {
            let mut classed = classed.borrow_mut();
            for (class, status) in classed.iter_mut().zip(black_box(from)) {
                *class = by_class(*status);
            }
            black_box(&mut *classed);
        })
        .our_batch("retriage, the category of each", count, move || {
            for status in black_box(from) {
                black_box(http.find_status(*status).map(|(entry, _)| entry.words().category));
            }
        })
}

fn main() -> ExitCode {
    run(vec![group("16,384 statuses", 1 << 14), group("1,048,576 statuses", 1 << 20)])
}

//! A decision after a classification allocates nothing: counted by an allocator of the test's own.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use retriage::vocabulary::Verified;
use retriage::{Attempt, Budget, Code, Evidence, State, catalog, profiles};

thread_local! {
    /// How often this thread has allocated.
    static ALLOCATIONS: Cell<usize> = const { Cell::new(0) };
}

struct Counting;

// SAFETY: each call is passed on to the system's allocator as it came.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.set(ALLOCATIONS.get() + 1);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        ALLOCATIONS.set(ALLOCATIONS.get() + 1);
        unsafe { System.realloc(pointer, layout, size) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

/// How often this allocates.
fn allocations<T>(work: impl FnOnce() -> T) -> usize {
    let before = ALLOCATIONS.get();
    let kept = work();
    let count = ALLOCATIONS.get() - before;
    drop(kept);
    count
}

#[test]
fn the_allocator_counts() {
    assert_eq!(allocations(|| 7), 0);
    assert_eq!(allocations(|| Box::new(7)), 1);
}

#[test]
fn a_decision_allocates_nothing() {
    let headers = [
        ("Retry-After", "Sat, 21 Nov 2026 12:00:30 GMT"),
        ("retry-after-ms", "1500.5"),
        ("x-amz-retry-after", "250"),
        ("x-should-retry", "maybe"),
        ("grpc-retry-pushback-ms", "700"),
        ("RateLimit-Reset", "1795262400"),
    ];
    let answers = [
        ("http", Evidence { status: Some(200), ..Evidence::default() }),
        ("http", Evidence { status: Some(429), headers: &headers, ..Evidence::default() }),
        ("http", Evidence { status: Some(503), headers: &headers, ..Evidence::default() }),
        ("http", Evidence { status: Some(404), ..Evidence::default() }),
        ("http", Evidence { status: Some(400), code: Some(Code::Name("ThrottlingException")), ..Evidence::default() }),
        ("http", Evidence { failure: Some("requests.exceptions.ConnectTimeout"), ..Evidence::default() }),
        ("http", Evidence { failure: Some("a failure that nobody lists"), ..Evidence::default() }),
        ("redox", Evidence { status: Some(429), ..Evidence::default() }),
        ("grpc", Evidence { code: Some(Code::Number(14)), headers: &headers, ..Evidence::default() }),
        ("updox", Evidence { status: Some(200), body: Some(br#"{"responseCode":4651}"#), ..Evidence::default() }),
        ("hl7v2", Evidence { body: Some(b"MSH|^~\\&|A\rMSA|AE|1\r"), ..Evidence::default() }),
    ];
    let mut decisions = 0;
    for (name, evidence) in answers {
        let evidence = Evidence { now_ms: Some(1_795_262_400_000), ..evidence };
        let classification = catalog(name).expect("it is built in").classify(&evidence);
        for profile in profiles() {
            for number in [1, 3, u32::MAX] {
                for verified in [None, Some(Verified::NotProcessed)] {
                    let attempt = Attempt {
                        method: Some("post"),
                        number,
                        verified,
                        random: Some(0.5),
                        state: State { previous_ms: Some(700), ..State::default() },
                        budget: Some(Budget::of(7.0)),
                        ..Attempt::default()
                    };
                    let count = allocations(|| classification.decide(&evidence, &attempt, profile));
                    assert_eq!(count, 0, "{name} by {}: {evidence:?}", profile.id);
                    decisions += 1;
                }
            }
        }
    }
    assert!(decisions > 1_000, "only {decisions} decisions");
}

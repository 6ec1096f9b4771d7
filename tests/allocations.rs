//! What is promised to allocate nothing allocates nothing.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use retriage::vocabulary::Category;
use retriage::{Catalog, Code, Evidence};

/// Counts what the current thread asks for.
struct Counting;

thread_local! {
    static COUNT: Cell<usize> = const { Cell::new(0) };
}

// SAFETY: everything is passed on to the system's allocator as it is.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // The thread may be ending, and its counter gone with it.
        let _ = COUNT.try_with(|count| count.set(count.get() + 1));
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        let _ = COUNT.try_with(|count| count.set(count.get() + 1));
        unsafe { System.realloc(pointer, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn allocations<T>(work: impl FnOnce() -> T) -> (usize, T) {
    let before = COUNT.get();
    let value = work();
    (COUNT.get() - before, value)
}

#[test]
fn the_counter_counts() {
    assert_eq!(allocations(|| Vec::<u8>::with_capacity(8)).0, 1);
    assert_eq!(allocations(|| 8).0, 0);
}

fn catalogs() -> Vec<Catalog<'static>> {
    retriage::catalogs().collect()
}

#[test]
fn finding_an_entry_allocates_nothing() {
    let names =
        ["AE", "NOT_FOUND", "throttled", "ECONNRESET", "curl:28", "java.net.ConnectException", "no such name", ""];
    for catalog in catalogs() {
        let (count, found) = allocations(|| {
            let statuses = (0..=u16::MAX).filter(|status| catalog.find_status(*status).is_some()).count();
            let numbers = (-9..70_000).filter(|number| catalog.find_number(*number).is_some()).count();
            let by_name = |name: &&str| catalog.find_name(name).is_some() || catalog.find_failure(name).is_some();
            statuses + numbers + names.iter().filter(|name| by_name(name)).count()
        });
        assert_eq!(count, 0, "{}", catalog.id());
        assert!(found >= 3, "{} finds {found}", catalog.id());
    }
}

/// What an entry says of itself is there already.
#[test]
fn reading_an_entry_allocates_nothing() {
    for catalog in catalogs() {
        let (count, length) = allocations(|| {
            let texts = |entry: retriage::Entry<'static>| {
                let source = entry.source();
                let texts =
                    [entry.id(), entry.label(), entry.title(), entry.remedy(), source.title(), source.section()];
                let length: usize = texts.iter().map(|text| text.len()).sum();
                length + usize::from(entry.words().category == Category::Success)
            };
            catalog.entries().map(texts).sum::<usize>()
        });
        assert_eq!(count, 0, "{}", catalog.id());
        assert!(length > 0);
    }
}

fn response<'a>(status: u16, headers: &'a [(&'a str, &'a str)], body: &'a str) -> Evidence<'a> {
    let status = Some(status).filter(|status| *status > 0);
    Evidence { status, headers, body: Some(body.as_bytes()), details: false, ..Evidence::default() }
}

#[test]
fn classifying_without_details_allocates_nothing() {
    let cases = [
        ("http", response(404, &[], "")),
        ("redox", response(401, &[], "Invalid source secret")),
        ("redox", response(401, &[], r#""Invalid source secret""#)),
        (
            "redox",
            response(200, &[], r#"{"Meta":{"Errors":[{"ID":531806,"Text":"x","Type":"query","Module":"Send"}]}}"#),
        ),
        (
            "redox",
            response(
                429,
                &[("Retry-After", "Sat, 21 Nov 2026 12:00:30 GMT"), ("Date", "Sat, 21 Nov 2026 12:00:00 GMT")],
                "",
            ),
        ),
        (
            "updox",
            response(
                200,
                &[("Content-Type", "application/json")],
                r#"{"successful":false,"responseMessage":"x","responseCode":4651}"#,
            ),
        ),
        ("updox", response(200, &[], r#"{"responseCode":2000,"statuses":[{"id":1,"success":false,"message":"x"}]}"#)),
        ("updox", response(200, &[], "<html>")),
        ("revio", response(201, &[("Location", "/v1/Notes/1013")], r#"{"ok":true,"id":11027}"#)),
        ("sportradar", response(404, &[], r#"{"message":"Invalid route."}"#)),
        (
            "http",
            response(
                422,
                &[("content-type", "application/problem+json")],
                r#"{"type":"about:blank","title":"x","errors":[{"detail":"y","pointer":"/a"}]}"#,
            ),
        ),
        ("fhir", response(400, &[], r#"{"issue":[{"severity":"error","code":"required","details":{"text":"x"}}]}"#)),
        ("grpc", response(200, &[("grpc-status", "14"), ("grpc-retry-pushback-ms", "250")], "")),
        ("grpc", response(429, &[], r#"{"error":{"status":"RESOURCE_EXHAUSTED","details":[{"retryDelay":"3.5s"}]}}"#)),
        ("hl7v2", response(0, &[], "MSH|^~\\&|A|B|C|D|20261121||ACK|1|P|2.5.1\rMSA|AE|MSG1\rERR||PID^1^5|101^x|E\r")),
    ];
    for (id, evidence) in cases {
        let catalog = retriage::catalog(id).expect("it is built in");
        let (count, verdict) = allocations(|| catalog.classify(&evidence));
        assert_eq!(count, 0, "{id}: {evidence:?}");
        assert!(verdict.because.iter().count() > 0);
    }
    for (code, failure) in
        [(Some(Code::Number(4651)), None), (Some(Code::Name("AE")), None), (None, Some("ECONNRESET"))]
    {
        for catalog in catalogs() {
            let evidence = Evidence { code, failure, details: false, ..Evidence::default() };
            assert_eq!(allocations(|| catalog.classify(&evidence)).0, 0, "{} {code:?} {failure:?}", catalog.id());
        }
    }
}

/// serde_json notes on a small stack what it is in while it skips what nobody asks for.
#[test]
fn skipping_what_is_nested_allocates_for_its_depth_alone() {
    let updox = retriage::catalog("updox").expect("it is built in");
    let shallow = r#"{"responseCode":4651,"a":{"b":{"c":[1,{"d":2}]}},"e":[[[]]]}"#.to_owned();
    let deep = format!(r#"{{"responseCode":4651,"a":{}1{}}}"#, "[".repeat(9_000), "]".repeat(9_000));
    for (body, most) in [(shallow, 1), (deep, 20)] {
        let evidence = response(200, &[], &body);
        let (count, verdict) = allocations(|| updox.classify(&evidence));
        assert!(count <= most, "{count} allocations");
        assert_eq!(verdict.entry.map(|entry| entry.id()), Some("updox/4651"));
    }
}

//! Whole responses and decisions of the core beside what else one could use, in one run.
//!
//! ```text
//! cargo bench -p retriage-benches --bench answer                    nanoseconds, as a table
//! cargo bench -p retriage-benches --bench answer -- --instructions  instructions, counted by valgrind
//! ```

use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

use backon::BackoffBuilder;
use reqwest_retry::policies::ExponentialBackoff;
use reqwest_retry::{DefaultRetryableStrategy, RetryPolicy, RetryableStrategy};
use retriage::vocabulary::{Environment, Intent};
use retriage::{Attempt, CAPACITY, Catalog, Event, Evidence, Queue, Reply, Setting, catalog, profile};
use retriage_benches::{Group, KEYS, run};
use serde::Deserialize;
use serde_json::Value;

fn built_in(id: &str) -> Catalog<'static> {
    catalog(id).expect("it is built in")
}

/// An answer of Redox with an error in it, about 300 bytes long.
const ERRORS: &str = concat!(
    r#"{"Meta":{"DataModel":"Scheduling","EventType":"New","Source":{"ID":"7ce6f387-c33c-417d-8682-81e83628cbd9","Name":"#,
    r#""Redox Dev Tools"},"Message":{"ID":5565},"Transmission":{"ID":12414},"FacilityCode":null,"Errors":[{"ID":531829,"#,
    r#""Text":"A required field is missing","Type":"transmission","Module":"Send"}]}}"#
);

/// The same with a mebibyte of what nobody asks for before the error.
fn long_errors() -> String {
    let line = r#"{"ID":"4d9ab6d8-0e7f-4c7e-9a53-1d2b5c1f7d11","Text":"a visit of no concern","Value":98.6,"Flags":[true,null]},"#;
    let visits = line.repeat((1 << 20) / line.len());
    format!("{{\"Visits\":[{}],{}", visits.trim_end_matches(','), &ERRORS[1..])
}

const ACKNOWLEDGEMENT: &str = "MSH|^~\\&|LAB|HOSPITAL|EHR|CLINIC|20261121203000||ACK^R01^ACK|7781|P|2.5.1\r\
    MSA|AE|4711|Unknown order\rERR||ORC^1^2|204^Unknown key identifier^HL70357|E||||No such order\r";

/// The error as serde_json finds it in a stream, everything else skipped: what one would write by hand.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Body {
    meta: Meta,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Meta {
    #[serde(default)]
    errors: Vec<Listed>,
}

#[derive(Deserialize)]
struct Listed {
    #[serde(rename = "ID")]
    id: i64,
}

fn streamed(body: &str) -> Option<i64> {
    serde_json::from_slice::<Body>(body.as_bytes()).ok()?.meta.errors.first().map(|error| error.id)
}

fn as_tree(body: &str) -> Option<i64> {
    serde_json::from_slice::<Value>(body.as_bytes()).ok()?["Meta"]["Errors"][0]["ID"].as_i64()
}

/// The same by jiter.
fn iterated(body: &str) -> Option<i64> {
    let mut jiter = jiter::Jiter::new(body.as_bytes());
    let mut found = None;
    let mut name = jiter.next_object().ok()?.map(str::to_owned);
    while let Some(known) = name {
        if known == "Meta" {
            let mut member = jiter.next_object().ok()?.map(str::to_owned);
            while let Some(known) = member {
                if known == "Errors" {
                    let mut item = jiter.next_array().ok()?;
                    while item.is_some() {
                        let mut field = jiter.next_object().ok()?.map(str::to_owned);
                        while let Some(known) = field {
                            if known == "ID" && found.is_none() {
                                found = match jiter.next_int().ok()? {
                                    jiter::NumberInt::Int(number) => Some(number),
                                    #[allow(unreachable_patterns, reason = "a feature of jiter adds big integers")]
                                    _ => None,
                                };
                            } else {
                                jiter.next_skip().ok()?;
                            }
                            field = jiter.next_key().ok()?.map(str::to_owned);
                        }
                        item = jiter.array_step().ok()?;
                    }
                } else {
                    jiter.next_skip().ok()?;
                }
                member = jiter.next_key().ok()?.map(str::to_owned);
            }
        } else {
            jiter.next_skip().ok()?;
        }
        name = jiter.next_key().ok()?.map(str::to_owned);
    }
    found
}

/// The status alone, or with a body, classified.
fn classify(
    catalog: Catalog<'static>,
    status: Option<u16>,
    body: Option<&str>,
    details: bool,
) -> retriage::vocabulary::Words {
    let body = body.map(str::as_bytes);
    catalog.classify(&Evidence { status, body, details, ..Evidence::default() }).words
}

fn bodies() -> Vec<Group> {
    let redox = built_in("redox");
    let long: &'static str = long_errors().leak();
    let json = |name, body: &'static str, keys: usize| {
        let keys = vec![body; keys];
        let whole = move |details| {
            move |body: &'static str| {
                let evidence = Evidence {
                    status: Some(200),
                    body: Some(body.as_bytes()),
                    body_limit: 1 << 21,
                    details,
                    ..Evidence::default()
                };
                redox.classify(&evidence).words
            }
        };
        let check = move || {
            assert!([streamed(body), as_tree(body), iterated(body)].iter().all(|found| *found == Some(531_829)));
            let body = Some(body.as_bytes());
            let verdict =
                redox.classify(&Evidence { status: Some(200), body, body_limit: 1 << 21, ..Evidence::default() });
            assert_eq!(verdict.entry.map(|entry| entry.id()), Some("redox/errors"));
        };
        Group::new(name)
            .checked(check)
            .ours("retriage, without details", &keys, whole(false))
            .ours("retriage, with details", &keys, whole(true))
            .peer("serde_json, a stream that finds the same", &keys, streamed)
            .peer("jiter, likewise", &keys, iterated)
            .peer("serde_json, as a tree", &keys, as_tree)
    };
    vec![
        Group::new("status alone, classified")
            .ours("redox 401", &[401; KEYS], move |status| classify(redox, Some(status), None, true))
            .ours("http 503", &[503; KEYS], move |status| classify(built_in("http"), Some(status), None, true)),
        Group::new("redox 401, classified")
            .ours("a listed reason text", &["Invalid source secret"; KEYS], move |body| {
                classify(redox, Some(401), Some(body), true)
            })
            .ours("an unlisted text", &["Invalid source secrets"; KEYS], move |body| {
                classify(redox, Some(401), Some(body), true)
            })
            .ours("an unknown JSON body of 300 bytes", &[ERRORS; KEYS], move |body| {
                classify(redox, Some(401), Some(body), true)
            }),
        json("redox 200 with an error in 300 bytes", ERRORS, KEYS),
        json("redox 200 with an error after 1 MiB", long, 1),
        Group::new("an HL7 acknowledgement")
            .ours("retriage, without details", &[ACKNOWLEDGEMENT; KEYS], |body| {
                classify(built_in("hl7v2"), None, Some(body), false)
            })
            .ours("retriage, with details", &[ACKNOWLEDGEMENT; KEYS], |body| {
                classify(built_in("hl7v2"), None, Some(body), true)
            })
            .peer("a split that finds MSA-1 and ERR-3", &[ACKNOWLEDGEMENT; KEYS], split)
            .checked(|| assert_eq!(split(ACKNOWLEDGEMENT), Some(("AE", "204")))),
    ]
}

/// The acknowledgement code and the first error code, as one would have them by hand: no separators but the usual ones,
/// nothing checked.
fn split(message: &str) -> Option<(&str, &str)> {
    let field = |segment: &str, number| {
        message.split('\r').find(|line| line.starts_with(segment)).and_then(|line| line.split('|').nth(number))
    };
    Some((field("MSA|", 1)?, field("ERR|", 3)?.split('^').next()?))
}

/// The wire form: from JSON to JSON.
fn wire() -> Vec<Group> {
    let escaped = serde_json::to_string(ERRORS).expect("a text can be written");
    let whole: &'static str = format!(
        r#"{{"catalog":"redox","status":200,"body":{escaped},"profile":"standard","method":"POST","attempt":1,"random":0.5}}"#
    )
    .leak();
    let status = r#"{"catalog":"http","status":503}"#;
    let evidence = Evidence { status: Some(503), ..Evidence::default() };
    let verdict: &'static _ = Box::leak(Box::new(built_in("http").classify(&evidence)));
    let long = Evidence { status: Some(200), body: Some(ERRORS.as_bytes()), ..Evidence::default() };
    let detailed: &'static _ = Box::leak(Box::new(built_in("redox").classify(&long)));
    let tree = |text: &str| serde_json::from_str::<Value>(text).ok().map(|value| value.to_string());
    vec![
        Group::new("the wire form")
            .ours("retriage::answer, a status alone", &[status; KEYS], retriage::answer)
            .ours("retriage::answer, 300 bytes of JSON and a decision", &[whole; KEYS], retriage::answer)
            .ours("Classification::to_json, of a status alone", &[verdict; KEYS], |verdict| verdict.to_json())
            .ours("Classification::to_json, with details", &[detailed; KEYS], |verdict| verdict.to_json())
            .peer("serde_json, that question to a tree and back", &[whole; KEYS], tree)
            .checked(move || {
                assert!(retriage::answer(status).contains(r#""entry":"http/503""#));
                let answer = retriage::answer(whole);
                assert!(answer.contains(r#""entry":"redox/errors""#) && answer.contains(r#""decision":{"#), "{answer}");
                assert!(detailed.to_json().contains("531829"));
            }),
        Group::new("a time")
            .ours("retriage::parse_http_date", &[DATE; KEYS], |date| retriage::parse_http_date(date, None))
            .ours("retriage::parse_time, RFC 3339", &[TIME; KEYS], |text| retriage::parse_time(text).ok())
            .ours("retriage::parse_time, milliseconds", &[MILLISECONDS; KEYS], |text| retriage::parse_time(text).ok())
            .peer("httpdate, an HTTP date", &[DATE; KEYS], |date| httpdate::parse_http_date(date).ok())
            .checked(|| {
                assert_eq!(retriage::parse_time(TIME).ok(), MILLISECONDS.parse().ok());
                let time = httpdate::parse_http_date(DATE).expect("it is a date");
                let since = time.duration_since(UNIX_EPOCH).expect("it is after 1970").as_millis();
                assert_eq!(retriage::parse_http_date(DATE, None).map(i128::from), i128::try_from(since).ok());
            }),
    ]
}

const TIME: &str = "2026-11-18T08:26:40Z";
const MILLISECONDS: &str = "1794990400000";

/// The queue of a subscription, and advice to a destination.
fn delivery() -> Group {
    let setting: &'static Setting<'static> = Box::leak(Box::new(Setting {
        catalog: built_in("redox"),
        profile: profile("redox-delivery").expect("it is built in"),
        environment: Environment::Production,
        mode: None,
        now_ms: 1_795_000_000_000,
        offset_minutes: 0,
        random: Some(0.5),
        capacity: CAPACITY,
    }));
    let evidence = |status| Evidence { status: Some(status), ..Evidence::default() };
    let sent = || {
        let mut queue = Queue::default();
        for id in ["a", "b"] {
            queue.step(Event::Enqueued(id), setting).expect("there is room");
        }
        queue
    };
    let queue: &'static Queue = Box::leak(Box::new(sent()));
    // A queue that is changed is copied first, so that every key meets the same one; that alone is the last peer.
    let step = move |event: Event<'static>| {
        let mut queue = queue.clone();
        (queue.step(event, setting).map(|acts| acts.len()).ok(), queue)
    };
    let answered = move |status| Event::Answered { id: "a", attempt: None, evidence: evidence(status) };
    let redox = built_in("redox");
    Group::new("the queue of a subscription")
        .checked(move || {
            let acts = |event| step(event).0.unwrap_or_default();
            assert!(acts(Event::Enqueued("c")) == 0 && acts(answered(200)) > 0 && acts(answered(503)) > 0);
            assert!(redox.advise(Some(Intent::Accepted), Some(Reply::Status(200)), Environment::Production).is_some());
        })
        .ours("retriage, a message more", &["c"; KEYS], move |id| step(Event::Enqueued(id)))
        .ours("retriage, an answer of 200", &[200; KEYS], move |status| step(answered(status)))
        .ours("retriage, an answer of 503", &[503; KEYS], move |status| step(answered(status)))
        .ours("retriage, a tick", &[(); KEYS], move |()| step(Event::Tick))
        .peer("the copy of the queue alone", &[(); KEYS], move |()| queue.clone())
        .ours("retriage::advise, an intent and a reply", &[200; KEYS], move |status| {
            redox.advise(Some(Intent::Accepted), Some(Reply::Status(status)), Environment::Production)
        })
}

const DATE: &str = "Sat, 06 Nov 2094 08:49:37 GMT";

fn dates() -> Group {
    let http = built_in("http");
    let with = move |value: Option<&'static str>| {
        let headers = [("retry-after", value.unwrap_or_default())];
        let headers = if value.is_some() { &headers[..] } else { &[] };
        let now_ms = Some(1_795_000_000_000);
        http.classify(&Evidence { status: Some(503), headers, now_ms, ..Evidence::default() }).hint()
    };
    Group::new("503 with Retry-After, classified")
        .ours("a date", &[Some(DATE); KEYS], with)
        .ours("seconds", &[Some("120"); KEYS], with)
        .ours("none", &[None; KEYS], with)
        .peer("httpdate, the date alone", &[DATE; KEYS], |date| httpdate::parse_http_date(date).ok())
}

fn decisions() -> Group {
    let evidence: &'static Evidence<'static> =
        Box::leak(Box::new(Evidence { status: Some(503), now_ms: Some(1_795_000_000_000), ..Evidence::default() }));
    let verdict = Box::leak(Box::new(built_in("http").classify(evidence)));
    let decide = |id: &'static str| {
        let profile = profile(id).expect("it is built in");
        let verdict = &*verdict;
        move |number: u32| {
            let attempt = Attempt { method: Some("GET"), number, random: Some(0.5), ..Attempt::default() };
            verdict.decide(evidence, &attempt, profile).map(|decision| decision.delay_ms)
        }
    };
    let response: &'static _ = Box::leak(Box::new(Ok::<_, reqwest_middleware::Error>(reqwest::Response::from(
        http::Response::builder().status(503).body("").expect("a response"),
    ))));
    let policy = ExponentialBackoff::builder().build_with_max_retries(5);
    Group::new("decide after a 503, the second attempt")
        .ours("retriage, standard", &[2; KEYS], decide("standard"))
        .ours("retriage, urllib3", &[2; KEYS], decide("urllib3"))
        .peer("reqwest-retry: is it transient, and when", &[1; KEYS], move |retries: u32| {
            DefaultRetryableStrategy.handle(response).map(|_| policy.should_retry(SystemTime::now(), retries))
        })
        .peer("backon: the next delay, whatever the answer", &[2; KEYS], |_: u32| {
            backon::ExponentialBuilder::default().with_jitter().build().nth(1)
        })
}

fn main() -> ExitCode {
    let mut groups = bodies();
    groups.extend([dates(), decisions(), delivery()]);
    groups.extend(wire());
    run(groups)
}

//! Hostile input: whatever comes back, there is an answer; it is the same each time, it proves no success that
//! isn't there, and text of the response stands in `details` alone.

mod common;

use std::sync::OnceLock;

use common::mutate::mutations;
use common::schema::{errors, validator};
use common::{answer, base64, cases, tries};
use jsonschema::Validator;
use proptest::prelude::*;
use retriage::source::{File, Sources};
use retriage::vocabulary::{Category, Match, Mode};
use retriage::{BODY_LIMIT, Catalog, Classification, Code, Evidence};
use serde_json::{Value, json};

/// What comes back, owned.
#[derive(Clone, Debug)]
struct Response {
    catalog: Catalog<'static>,
    status: Option<u16>,
    code: Option<Result<i64, String>>,
    failure: Option<String>,
    headers: Vec<(String, String)>,
    body: Option<Vec<u8>>,
    control_id: Option<String>,
    mode: Option<Mode>,
    now_ms: Option<i64>,
    body_limit: usize,
}

impl Response {
    fn classify<T>(&self, details: bool, see: impl FnOnce(&Classification<'_>) -> T) -> T {
        let headers: Vec<(&str, &str)> = self.headers.iter().map(|(name, value)| (&**name, &**value)).collect();
        let evidence = Evidence {
            status: self.status,
            code: self.code.as_ref().map(|code| match code {
                Ok(number) => Code::Number(*number),
                Err(name) => Code::Name(name),
            }),
            failure: self.failure.as_deref(),
            headers: &headers,
            body: self.body.as_deref(),
            control_id: self.control_id.as_deref(),
            mode: self.mode,
            now_ms: self.now_ms,
            body_limit: self.body_limit,
            details,
        };
        see(&self.catalog.classify(&evidence))
    }

    fn json(&self, details: bool) -> Value {
        self.classify(details, |verdict| serde_json::to_value(verdict).expect("a classification is JSON"))
    }
}

/// A text that stands for what a patient's record holds.
const MARK: &str = "Mrs-Dupont-1961";

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        2 => Just(MARK.to_owned()),
        2 => any::<String>(),
        1 => "[ -~]{0,40}",
        1 => prop::sample::select(vec!["", "0", "-1", "200", "4651", "query", "AE", "Source not found", "UNAVAILABLE", "5s", "\u{feff}"])
            .prop_map(str::to_owned),
    ]
}

fn headers() -> impl Strategy<Value = Vec<(String, String)>> {
    let known = prop::sample::select(vec![
        "Content-Type",
        "Location",
        "Retry-After",
        "retry-after-ms",
        "x-ms-retry-after-ms",
        "grpc-retry-pushback-ms",
        "RateLimit",
        "RateLimit-Reset",
        "X-RateLimit-Reset",
        "Date",
        "grpc-status",
        "grpc-message",
    ])
    .prop_map(str::to_owned);
    let values = prop_oneof![
        3 => text(),
        3 => prop::sample::select(vec![
            "application/json", "application/problem+json; charset=utf-8", "application/vnd.api+json", "application/graphql-response+json",
            "application/fhir+json", "x-application/hl7-v2+er7", "120", "Sat, 21 Nov 2026 12:00:30 GMT", "Saturday, 21-Nov-26 12:00:30 GMT",
            "Sat Nov 21 12:00:30 2026", "\"a\";r=0;t=5", "99999999999999999999999", "1795262430",
        ])
        .prop_map(str::to_owned),
    ];
    prop::collection::vec((prop_oneof![4 => known, 1 => text()], values), 0..8)
}

/// JSON around the members that catalogs and formats look for.
fn json_body() -> impl Strategy<Value = Value> {
    let names = prop::sample::select(vec![
        "Meta",
        "Errors",
        "Type",
        "Text",
        "ID",
        "Module",
        "Issues",
        "issues",
        "issue",
        "severity",
        "code",
        "details",
        "coding",
        "text",
        "diagnostics",
        "expression",
        "responseCode",
        "responseMessage",
        "statuses",
        "success",
        "successful",
        "ok",
        "id",
        "message",
        "error",
        "errors",
        "data",
        "status",
        "type",
        "title",
        "detail",
        "instance",
        "pointer",
        "source",
        "extensions",
        "retryDelay",
        "@type",
        "fieldViolations",
        "field",
        "resourceType",
        MARK,
    ]);
    let leaf = prop_oneof![
        2 => text().prop_map(Value::from),
        1 => any::<i64>().prop_map(Value::from),
        1 => any::<f64>().prop_map(Value::from),
        1 => any::<bool>().prop_map(Value::from),
        1 => Just(Value::Null),
        2 => prop::sample::select(vec![json!("query"), json!("fatal"), json!("error"), json!("3.5s"), json!(2000), json!(4651), json!("UNAVAILABLE")]),
    ];
    leaf.prop_recursive(5, 60, 5, move |inner| {
        prop_oneof![
            1 => prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            3 => prop::collection::btree_map(names.clone().prop_map(str::to_owned), inner, 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// HL7 messages, more or less.
fn hl7_body() -> impl Strategy<Value = Vec<u8>> {
    let field = prop_oneof![
        3 => prop::sample::select(vec!["AA", "AE", "AR", "CA", "0", "101", "207", "E", "W", "I", "F", "^^^101", "", "\"\"", MARK, "MSG1"])
            .prop_map(|text| text.as_bytes().to_vec()),
        1 => prop::collection::vec(any::<u8>(), 0..6),
    ];
    let name = prop::sample::select(vec!["MSH", "MSA", "ERR", "MSA", "ERR", "PID"]);
    let segment = (name, prop::collection::vec(field, 0..9)).prop_map(|(name, fields)| {
        let mut segment = name.as_bytes().to_vec();
        for field in fields {
            segment.push(b'|');
            segment.extend(field);
        }
        segment
    });
    let start = prop::sample::select(vec!["MSH|^~\\&|A|B", "\u{b}MSH|^~\\&|A|B", "MSH|", "MSH", "MSH#*", "\u{b}"]);
    let end = prop::sample::select(vec!["", "\r", "\n", "\r\n", "\u{1c}", "\r\u{1c}\r"]);
    (start, prop::collection::vec(segment, 0..6), end).prop_map(|(start, segments, end)| {
        let mut body = start.as_bytes().to_vec();
        for segment in segments {
            body.push(b'\r');
            body.extend(segment);
        }
        body.extend(end.as_bytes());
        body
    })
}

/// The bodies of the vectors.
fn known_bodies() -> Vec<Vec<u8>> {
    let text = |body: Value| body.as_str().map_or_else(|| body.to_string(), str::to_owned).into_bytes();
    cases().iter().filter_map(|case| case.question.get("body").cloned().map(text)).collect()
}

fn body() -> impl Strategy<Value = Vec<u8>> {
    let spoiled = (prop::sample::select(known_bodies()), any::<prop::sample::Index>(), any::<u8>(), 0..4_u8).prop_map(
        |(mut body, at, byte, how)| {
            let at = at.index(body.len() + 1);
            match how {
                0 => body.truncate(at),
                1 => body.insert(at, byte),
                2 if at < body.len() => body[at] = byte,
                _ => body.extend_from_within(at..),
            }
            body
        },
    );
    prop_oneof![
        2 => prop::collection::vec(any::<u8>(), 0..80),
        2 => text().prop_map(String::into_bytes),
        4 => json_body().prop_map(|body| body.to_string().into_bytes()),
        3 => hl7_body(),
        4 => spoiled,
    ]
}

fn response() -> impl Strategy<Value = Response> {
    let catalogs: Vec<Catalog<'static>> = retriage::catalogs().collect();
    let status = prop_oneof![
        1 => Just(None),
        3 => prop::sample::select(vec![200, 202, 204, 302, 400, 401, 404, 413, 429, 500, 503]).prop_map(Some),
        1 => any::<u16>().prop_map(Some),
    ];
    let code = prop_oneof![8 => Just(None), 1 => any::<i64>().prop_map(|code| Some(Ok(code))), 1 => text().prop_map(|code| Some(Err(code)))];
    let failure = prop_oneof![8 => Just(None), 1 => text().prop_map(Some), 1 => Just(Some("ECONNRESET".to_owned()))];
    let mode = prop::sample::select(vec![None, Some(Mode::Async), Some(Mode::Sync)]);
    let limit = prop_oneof![4 => Just(BODY_LIMIT), 1 => 0..100_usize, 1 => Just(usize::MAX)];
    let rest = (prop::option::of(text()), mode, prop::option::of(any::<i64>()), limit);
    (prop::sample::select(catalogs), status, code, failure, headers(), prop::option::of(body()), rest).prop_map(
        |(catalog, status, code, failure, headers, body, (control_id, mode, now_ms, body_limit))| Response {
            catalog,
            status,
            code,
            failure,
            headers,
            body,
            control_id,
            mode,
            now_ms,
            body_limit,
        },
    )
}

/// What the schema of an answer says against one.
fn undescribed(answer: &Value) -> Vec<String> {
    static SCHEMA: OnceLock<Validator> = OnceLock::new();
    errors(SCHEMA.get_or_init(|| validator("answer")), answer)
}

proptest! {
    #![proptest_config(tries(2_000))]

    #[test]
    fn every_response_has_one_answer_and_keeps_its_text_in_details(response in response()) {
        let whole = response.json(true);
        prop_assert_eq!(&whole, &response.json(true), "the same response is answered differently");
        prop_assert_eq!(undescribed(&json!({ "classification": &whole })), Vec::<String>::new(), "{}", whole);

        let mut without = response.json(false);
        prop_assert_eq!(&without["details"], &Value::Null);
        prop_assert!(!without.to_string().contains(MARK), "text of the response: {}", without);
        without["details"] = whole["details"].clone();
        prop_assert_eq!(&without, &whole, "details change what is said besides");
    }

    /// What is promised of every answer, whatever it was made from.
    #[test]
    fn every_classification_is_consistent(response in response()) {
        response.classify(true, |verdict| {
            let words = verdict.words;
            prop_assert_eq!(verdict.entry.is_none(), verdict.found == Match::Unknown);
            if verdict.entry.is_none() {
                prop_assert_eq!(words.category, Category::Unknown);
            }
            let is_fine = matches!(words.category, Category::Success | Category::Informational | Category::NotModified);
            // After a failure that followed a 2xx, what was a success needs to be verified.
            let is_cut = response.failure.is_some();
            prop_assert!(is_cut || is_fine == (words.retry == retriage::vocabulary::Retry::None), "{:?}", words);
            let needs = verdict.catalog.requires_evidence() && response.body.as_ref().is_none_or(|body| body.is_empty());
            let has_code = response.code.is_some() || response.headers.iter().any(|(name, _)| name == "grpc-status");
            if needs && !has_code && response.status.is_some_and(|status| status / 100 == 2) {
                prop_assert_ne!(words.category, Category::Success, "a success without the evidence it takes");
            }
            if let Some(details) = &verdict.details {
                prop_assert!(details.errors.len() <= retriage::MOST_ERRORS);
                prop_assert!(details.reason.as_ref().is_none_or(|reason| reason.len() <= retriage::LONGEST_REASON));
            }
            prop_assert!(verdict.because.iter().count() > 0, "an answer without a reason");
            Ok(())
        })?;
    }

    #[test]
    fn any_text_is_answered(text in prop_oneof![any::<String>(), "[\\[\\]{}:,\"0-9a-z ]{0,60}", json_body().prop_map(|value| value.to_string())]) {
        let answer: Value = serde_json::from_str(&retriage::answer(&text)).expect("an answer is JSON");
        prop_assert_eq!(undescribed(&answer), Vec::<String>::new(), "{}", answer);
    }

    #[test]
    fn any_bytes_in_base64_are_answered(body in body(), catalog in prop::sample::select(retriage::catalogs().collect::<Vec<_>>()), status in any::<u16>()) {
        let answer = answer(&json!({ "catalog": catalog.id(), "status": status, "body_base64": base64(&body) }));
        prop_assert_eq!(undescribed(&answer), Vec::<String>::new(), "{}", answer);
        prop_assert!(answer.get("classification").is_some(), "{}", answer);
    }
}

proptest! {
    #![proptest_config(tries(500))]

    /// A catalog may come from anybody.
    #[test]
    fn any_text_is_read_as_a_catalog(at in any::<prop::sample::Index>(), length in 0..20_usize, new in prop_oneof![text(), "[\\[\\]{}:,\"0-9]{0,9}"]) {
        let mut whole = common::text("tests/mistakes/good.json");
        let at = whole.floor_char_boundary(at.index(whole.len()));
        let end = whole.ceil_char_boundary((at + length).min(whole.len()));
        whole.replace_range(at..end, &new);
        let (formats, messages) = (common::text("codes/formats.json"), common::text("codes/messages/en.json"));
        let file = |text| File { name: "file", text };
        let read = Sources::read(&[file(&whole), file(&new)], file(&formats), file(&messages));
        for problem in read.err().into_iter().flatten() {
            prop_assert!(problem.place.is_some() && !problem.what.is_empty(), "{}", problem);
            prop_assert_eq!(problem.to_string().lines().count(), 1, "{}", problem);
        }
    }
}

#[test]
fn a_spoiled_question_is_answered() {
    for case in cases().iter().step_by(23) {
        for mutation in mutations(&case.question) {
            let answer = answer(&mutation.value);
            assert_eq!(undescribed(&answer), Vec::<String>::new(), "{}: {}\n{answer}", case.name, mutation.what);
        }
    }
}

/// What no JSON object with a value a field can show.
#[test]
fn a_text_that_is_no_question_is_told_so() {
    for (text, kind, at) in [
        ("", "bad_json", ""),
        ("{", "bad_json", ""),
        ("{} {}", "bad_json", ""),
        ("{\"status\":200,}", "bad_json", ""),
        ("[]", "bad_value", ""),
        ("null", "bad_value", ""),
        ("\"status\"", "bad_value", ""),
        ("{\"status\":200,\"status\":200}", "conflict", "/status"),
        ("{\"status\":200,\"st\\u0061tus\":200}", "conflict", "/status"),
        ("{\"body\":\"\\ud83d\"}", "bad_value", "/body"),
        ("{\"\\ud83d\":1}", "unknown_field", "/"),
        ("{\"status\":2e2}", "bad_value", "/status"),
    ] {
        let answer: Value = serde_json::from_str(&retriage::answer(text)).expect("an answer is JSON");
        assert_eq!((&answer["error"]["kind"], &answer["error"]["at"]), (&json!(kind), &json!(at)), "{text}: {answer}");
        assert_eq!(undescribed(&answer), Vec::<String>::new(), "{text}: {answer}");
    }
}

/// A question's mistakes are told without what came back, whichever field it stands in.
#[test]
fn an_error_never_repeats_a_value() {
    for field in retriage::Question::FIELDS {
        for value in
            [json!(MARK), json!([MARK]), json!({ "x": MARK }), json!([["x", MARK, MARK]]), json!({ "x": [[MARK]] })]
        {
            for ask in ["classify", "entry", "limits"] {
                let mut question = json!({ "ask": ask });
                question[field] = value.clone();
                let mut answer = answer(&question);
                if let Some(details) = answer.pointer_mut("/classification/details") {
                    details.take();
                }
                assert!(!answer.to_string().contains(MARK), "{question}: {answer}");
            }
        }
    }
}

/// Whether nothing tells that the end of an HL7 message is missing: it has no frame, or the frame's end is there.
fn looks_whole(body: &[u8]) -> bool {
    let body = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body);
    body.starts_with(b"MSH") || body.contains(&0x1C)
}

#[test]
fn a_body_that_is_cut_proves_no_success() {
    let (mut cuts, mut proved) = (0, 0);
    for case in cases() {
        let Some(body) = case.question.get("body") else { continue };
        let body = body.as_str().map_or_else(|| body.to_string(), str::to_owned).into_bytes();
        let mut question = case.question.clone();
        let members = question.as_object_mut().expect("a question is an object");
        if members.remove("ask").is_some_and(|ask| ask != "classify") {
            continue;
        }
        members.remove("body");
        let without = answer(&question);
        let catalog = question["catalog"].as_str().unwrap_or("http").to_owned();
        let Some(catalog) = retriage::catalog(&catalog) else { continue };
        let is_success = |answer: &Value| answer["classification"]["category"] == "success";
        for end in 0..body.len() {
            question["body_base64"] = json!(base64(&body[..end]));
            let answer = answer(&question);
            assert!(answer.get("error").is_none() || case.answer.get("error").is_some(), "{question}: {answer}");
            cuts += 1;
            // Success may come from a header or the caller's own code; the body has no part in that.
            if catalog.requires_evidence() && is_success(&answer) && !is_success(&without) {
                let whole = String::from_utf8_lossy(&body[..end]);
                let says_so = ["|AA", "|CA"].iter().any(|code| whole.contains(code));
                assert!(looks_whole(&body[..end]) && says_so, "{}: {}: {whole}", case.file, case.name);
                proved += 1;
            }
        }
    }
    assert!(cuts > 50_000, "only {cuts} cuts");
    assert!(proved > 0, "no unframed message was cut behind its code");
}

#[test]
fn no_depth_of_nesting_is_too_deep() {
    let depth = 100_000;
    let nests = [
        ("[", "]"),
        ("{\"a\":", "}"),
        ("{\"Meta\":", "}"),
        ("{\"Meta\":{\"Errors\":[", "]}}"),
        ("{\"error\":", "}"),
        ("{\"errors\":[", "]}"),
        ("{\"issue\":[", "]}"),
        ("{\"responseCode\":", "}"),
        ("{\"statuses\":[", "]}"),
        ("{\"responseCode\":1,\"responseCode\":", "}"),
    ];
    for catalog in retriage::catalogs() {
        for (open, close) in nests {
            for closed in [true, false] {
                let body = open.repeat(depth) + "1" + &close.repeat(if closed { depth } else { 0 });
                let evidence = Evidence {
                    status: Some(404),
                    headers: &[("content-type", "application/problem+json"), ("retry-after", "7")],
                    body: Some(body.as_bytes()),
                    body_limit: usize::MAX,
                    ..Evidence::default()
                };
                let verdict = catalog.classify(&evidence);
                assert_eq!(verdict.hint().and_then(|hint| hint.delay_ms), Some(7_000), "{} {open}", catalog.id());
                // What the status says is not lost.
                let alone = catalog.classify(&Evidence { status: Some(404), ..Evidence::default() });
                assert_eq!(verdict.entry, alone.entry, "{} {open}", catalog.id());
            }
        }
        // The wire form reads as deep.
        for text in ["[".repeat(depth), format!("{{\"body\":{}1{}}}", "[".repeat(depth), "]".repeat(depth))] {
            let answer: Value = serde_json::from_str(&retriage::answer(&text)).expect("an answer is JSON");
            assert!(answer.get("error").is_some());
        }
    }
}

#[test]
fn ten_thousand_headers_are_read() {
    let names: Vec<String> = (0..10_000).map(|at| format!("x-{at}")).collect();
    let mut headers: Vec<(&str, &str)> = names.iter().map(|name| (&**name, MARK)).collect();
    headers.push(("Retry-After", "30"));
    headers.push(("grpc-status", "14"));
    for catalog in retriage::catalogs() {
        let verdict = catalog.classify(&Evidence { status: Some(503), headers: &headers, ..Evidence::default() });
        assert_eq!(verdict.hint().and_then(|hint| hint.delay_ms), Some(30_000), "{}", catalog.id());
        if catalog.id() == "grpc" {
            assert_eq!(verdict.entry.map(|entry| entry.id()), Some("grpc/14"));
        }
    }
}

#[test]
fn a_body_over_the_limit_is_told_and_not_read() {
    let body = format!("{{\"responseCode\":2000,\"text\":\"{}\"}}", "x".repeat(BODY_LIMIT));
    let updox = retriage::catalog("updox").expect("it is built in");
    let over = Evidence { status: Some(200), body: Some(body.as_bytes()), ..Evidence::default() };
    let verdict = updox.classify(&over);
    assert_eq!((verdict.entry, verdict.words.category), (None, Category::Unknown));
    let because = serde_json::to_value(verdict.because).expect("the steps are JSON");
    assert_eq!(because[0]["found"], "too_large", "{because}");
    let verdict = updox.classify(&Evidence { body_limit: body.len(), ..over });
    assert_eq!(verdict.entry.map(|entry| entry.id()), Some("updox/2000"));
}

//! `retriage compare`: the same failures, by several profiles.

mod common;

use common::{output, retriage};
use predicates::str::contains;
use serde_json::{Value, json};

fn compare(arguments: &[&str]) -> String {
    output(retriage().arg("compare").args(arguments).env("LC_ALL", "C.UTF-8"))
}

fn told(arguments: &[&str]) -> Value {
    serde_json::from_str(&compare(&[arguments, &["--json"]].concat())).expect("it is JSON")
}

#[test]
fn the_page_sets_profiles_side_by_side() {
    let page = compare(&["standard", "polly", "mirth", "--status", "500"]);
    let expected = "\
What changes from standard to polly or mirth
Waits run from the least to the most that chance makes of them. ≠ is another
outcome than that of standard.

polly does something else in 2 of 2 situations.
mirth does something else in 2 of 2 situations.

  PROFILE   ATTEMPTS   TOTAL  THEN               WAITS

GET: 500
  standard         5  0s-15s  stop (attempts)    0s-1s, 0s-2s, 0s-4s, 0s-8s
≠ polly            4      6s  stop (attempts)    2s x 3
≠ mirth           12  1m 50s  goes on            10s x 12

POST: 500
  standard         1      0s  verify (not_safe)
≠ polly            4      6s  stop (attempts)    2s x 3
≠ mirth           12  1m 50s  goes on            10s x 12
";
    assert_eq!(page, expected);
    let plain = output(retriage().args(["compare", "standard", "polly", "--status", "500"]).env("LC_ALL", "C"));
    assert!(plain.is_ascii() && plain.contains("! polly") && plain.contains("! is another"), "{plain}");
}

#[test]
fn situations_with_the_same_outcomes_stand_together() {
    let page = compare(&["polly", "aws-standard", "--status", "500,502,429"]);
    // polly retries all three, aws-standard not a bare 429, and neither cares about the method.
    assert!(page.contains("\nGET, POST: 500; 502\n"), "{page}");
    assert!(page.contains("\nGET, POST: 429\n"), "{page}");
    let page = compare(&["got", "ky", "--status", "500", "--method", "GET,PATCH"]);
    assert!(page.contains("\nPATCH: 500\n") && page.contains("ky does something else in 1 of 2 situations."), "{page}");
    let page = compare(&["polly", r#"{"extends":"polly","id":"same"}"#]);
    assert!(page.contains("same does something else in none of 24 situations.") && !page.contains("≠ same"), "{page}");
}

#[test]
fn the_usual_situations_are_asked_unless_others_are_named() {
    let all = told(&["standard", "urllib3"]);
    assert_eq!(all["profiles"], json!(["standard", "urllib3"]));
    let situations = all["situations"].as_array().expect("there are situations");
    for method in ["GET", "POST"] {
        let of = |status: Option<u16>, failure: Option<&str>, hint: Option<&str>| {
            let headers = hint.map_or_else(|| json!([]), |hint| json!([["Retry-After", hint]]));
            let is = |situation: &&Value| {
                situation["method"] == method
                    && situation["status"] == json!(status)
                    && situation["failure"] == json!(failure)
                    && situation["headers"] == headers
            };
            assert_eq!(situations.iter().filter(is).count(), 1, "{method} {status:?} {failure:?} {hint:?}");
        };
        for status in [408, 429, 500, 502, 503, 504] {
            of(Some(status), None, None);
        }
        for (status, hint) in [(429, "2"), (429, "200"), (503, "2"), (503, "200")] {
            of(Some(status), None, Some(hint));
        }
        of(None, Some("ECONNREFUSED"), None);
        of(None, Some("ReadTimeout"), None);
    }
    assert_eq!(situations.len(), 24);
    let count = |arguments: &[&str]| {
        let told = told(&[&["standard", "got"], arguments].concat());
        told["situations"].as_array().map(Vec::len)
    };
    assert_eq!(count(&["--method", "PUT"]), Some(12));
    assert_eq!(count(&["--status", "500", "--failure", "EPIPE,ETIMEDOUT"]), Some(6));
    assert_eq!(count(&["--header", "Retry-After: 5"]), Some(12));
    assert_eq!(count(&["--code", "SlowDown", "--method", "GET"]), Some(1));
}

#[test]
fn json_has_the_least_and_the_most_of_each_profile() {
    let told = told(&["standard", "got", "--status", "503", "--method", "GET"]);
    let [standard, got] = [0, 1].map(|place| told["situations"][0]["outcomes"][place].clone());
    assert_eq!(standard["differs"], false);
    assert_eq!(standard["least"]["waits_ms"], json!([0, 0, 0, 0]));
    assert_eq!(standard["most"]["waits_ms"], json!([999, 1_999, 3_999, 7_999]));
    assert_eq!(standard["least"]["action"], "stop");
    assert_eq!(standard["least"]["reason"], "attempts");
    assert_eq!(got["differs"], true);
    assert_eq!(got["least"]["waits_ms"], json!([1_000, 2_000]));
    assert_eq!(got["least"]["elapsed_ms"], 3_000);
    assert_eq!(got["least"]["attempts"], 3);
}

/// With a seed every profile has what `simulate` says of it.
#[test]
fn a_seed_gives_the_waits_of_the_simulation() {
    let told = told(&["standard", "svix", "--status", "429", "--method", "GET", "--jitter-seed", "5", "--took", "3s"]);
    for (place, profile) in ["standard", "svix"].into_iter().enumerate() {
        let outcome = &told["situations"][0]["outcomes"][place];
        assert_eq!(outcome["least"], outcome["most"]);
        let arguments = ["simulate", "--profile", profile, "--status", "429", "--method", "GET", "--took", "3s"];
        let simulated = output(retriage().args(arguments).args(["--jitter-seed", "5", "--json"]));
        let simulated: Value = serde_json::from_str(&simulated).expect("it is JSON");
        assert_eq!(outcome["least"]["elapsed_ms"], simulated["elapsed_ms"]);
        let attempts = simulated["attempts"].as_array().expect("there are attempts");
        let waits: Vec<&Value> =
            attempts.iter().map(|attempt| &attempt["decision"]["delay_ms"]).filter(|delay| !delay.is_null()).collect();
        assert_eq!(outcome["least"]["waits_ms"], json!(waits));
    }
}

/// Chance can end one sooner than the other.
#[test]
fn what_chance_decides_is_told_as_a_range() {
    let profile = r#"{"extends":"standard","id":"short","deadline_ms":5000}"#;
    let page = compare(&["standard", profile, "--status", "503", "--method", "GET"]);
    assert!(page.contains("≠ short          3-5"), "{page}");
    assert!(page.contains("stop (attempts) or stop (deadline)"), "{page}");
}

#[test]
fn wrong_usage_names_the_argument_and_what_would_be_right() {
    let refused = |arguments: &[&str], what: &str| {
        retriage().arg("compare").args(arguments).assert().code(2).stdout("").stderr(contains(what));
    };
    refused(&[], "<PROFILE>");
    refused(&["standard"], "2");
    refused(&["standard", "gott"], "a similar value exists: 'got'");
    refused(&["standard", "got", "--status", "70000"], "--status");
    let date = "Retry-After: Sat, 21 Nov 2026 20:42:00 GMT";
    refused(&["standard", "got", "--header", date], "'--now' is missing: the server named a date");
}

//! `retriage simulate`: the timeline as a table, a plot, JSON and a picture.

mod common;

use std::fs;
use std::path::Path;

use common::{output, retriage, text};
use predicates::str::contains;
use roxmltree::{Document, Node};
use serde_json::{Value, json};

fn simulate(arguments: &[&str]) -> String {
    output(retriage().arg("simulate").args(arguments))
}

fn told(arguments: &[&str]) -> Value {
    serde_json::from_str(&simulate(&[arguments, &["--json"]].concat())).expect("it is JSON")
}

fn numbers(told: &Value, place: impl Fn(&Value) -> &Value) -> Vec<u64> {
    let attempts = told["attempts"].as_array().expect("there are attempts");
    attempts.iter().filter_map(|attempt| place(attempt).as_u64()).collect()
}

fn waits(told: &Value) -> Vec<u64> {
    numbers(told, |attempt| &attempt["decision"]["delay_ms"])
}

/// PCG32 as its author writes it (pcg_basic.c), over 2^32; on stream 0.
fn reference(seed: u64) -> impl Iterator<Item = f64> {
    let step = |state: u64| state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
    let mut state = step(step(0).wrapping_add(seed));
    std::iter::repeat_with(move || {
        let old = state;
        state = step(old);
        let shifted = (((old >> 18) ^ old) >> 27) as u32;
        f64::from(shifted.rotate_right((old >> 59) as u32)) / 4_294_967_296.0
    })
}

#[test]
fn a_schedule_is_walked_to_its_end() {
    let told = told(&["--profile", "standard-webhooks", "--status", "500"]);
    let minutes = 60_000;
    let hours = 60 * minutes;
    let schedule =
        [5_000, 5 * minutes, 30 * minutes, 2 * hours, 5 * hours, 10 * hours, 14 * hours, 20 * hours, 24 * hours];
    assert_eq!(waits(&told), schedule);
    let begun: Vec<u64> = (0..=schedule.len()).map(|count| schedule[..count].iter().sum()).collect();
    assert_eq!(numbers(&told, |attempt| &attempt["elapsed_ms"]), begun);
    assert_eq!(told["attempts"][9]["decision"]["action"], "stop");
    assert_eq!(told["attempts"][9]["decision"]["reason"], "attempts");
    assert_eq!(told["elapsed_ms"], begun[9]);
    assert_eq!(told["goes_on"], false);
    assert_eq!(told["jitter_seed"], Value::Null);
    assert_eq!(told["entry"], "http/500");
}

/// Each decision is the one that the wire form gives when what came before is handed on by hand.
#[test]
fn state_budget_and_time_are_carried_forward() {
    let arguments = ["--profile", "aws-2.1", "--status", "400", "--code", "SlowDown", "--took", "250"];
    let told = told(&[&arguments[..], &["--jitter-seed", "11"]].concat());
    let mut question = json!({
        "profile": "aws-2.1", "status": 400, "code": "SlowDown", "elapsed_ms": 250, "attempt": 1, "details": false,
    });
    let attempts = told["attempts"].as_array().expect("there are attempts");
    assert_eq!(attempts.len(), 3);
    for (attempt, random) in attempts.iter().zip(reference(11)) {
        assert_eq!(attempt["random"], random);
        question["random"] = json!(random);
        let answer: Value = serde_json::from_str(&retriage::answer(&question.to_string())).expect("it is JSON");
        assert_eq!(attempt["decision"], answer["decision"], "{question}");
        assert_eq!(attempt["attempt"], question["attempt"]);
        assert_eq!(attempt["elapsed_ms"], question["elapsed_ms"]);
        let delay = answer["decision"]["delay_ms"].as_u64().unwrap_or_default();
        question["elapsed_ms"] = json!(question["elapsed_ms"].as_u64().expect("it is a number") + delay + 250);
        question["attempt"] = json!(question["attempt"].as_u64().expect("it is a number") + 1);
        question["state"] = answer["decision"]["state"].clone();
        question["budget"] = answer["decision"]["budget"].clone();
    }
    assert_eq!(attempts[2]["decision"]["budget"], json!({ "tokens": 490 }));
}

#[test]
fn a_seed_settles_the_timeline() {
    let arguments = ["--status", "503", "--method", "GET"];
    let seeded = |seed: &str| simulate(&[&arguments[..], &["--jitter-seed", seed]].concat());
    assert_eq!(seeded("7"), seeded("7"));
    assert_ne!(seeded("7"), seeded("8"));
    // Full jitter on 1, 2, 4 and 8 s.
    let expected: Vec<u64> = [1e3, 2e3, 4e3, 8e3].into_iter().zip(reference(7)).map(|(d, r)| (d * r) as u64).collect();
    assert_eq!(waits(&told(&[&arguments[..], &["--jitter-seed", "7"]].concat())), expected);
    // One that is drawn is told, and gives the same again.
    let page = simulate(&arguments);
    let (_, seed) = page.split_once("--jitter-seed ").expect("the seed is told");
    let again = seeded(seed.split_whitespace().next().expect("it is a word"));
    assert!(page.starts_with(again.trim_end()), "{page}\n{again}");
    let drawn = told(&arguments)["jitter_seed"].as_u64().expect("it is told in JSON too");
    assert_eq!(waits(&told(&[&arguments[..], &["--jitter-seed", &drawn.to_string()]].concat())).len(), 4);
    // Where chance has no part there is none.
    assert!(!simulate(&["--status", "404"]).contains("seed"));
    assert_eq!(told(&["--profile", "polly", "--status", "500", "--jitter-seed", "7"])["jitter_seed"], Value::Null);
}

#[test]
fn the_page_has_a_table_and_a_plot() {
    let arguments = ["simulate", "--profile", "redox-delivery", "--catalog", "redox", "--status", "500"];
    let page = output(retriage().args(arguments).args(["--times", "4"]).env("LC_ALL", "C.UTF-8"));
    let expected = "\
When redox-delivery tries again
500 (redox/500)

  ATTEMPT  ELAPSED  WAIT  WHY
        1       0s   10s  backoff 10s
        2      10s   10s  backoff 10s
        3      20s   20s  backoff 20s
        4      40s   30s  backoff 30s

4 attempts in 40s; there would be another after 30s.

  1 ●─────────                                                               10s
  2           ●─────────                                                     10s
  3                     ●───────────────────                                 20s
  4                                         ●─────────────────────────────▶  30s
    ┴──────────────┴──────────────┴──────────────┴──────────────┴──────────
    0s            15s            30s            45s            1m
    Time since the first attempt began
";
    assert_eq!(page, expected);
    let glyphs = [('●', 'o'), ('─', '-'), ('▶', '>'), ('┴', '+')];
    let plain = glyphs.iter().fold(expected.to_owned(), |page, (one, other)| page.replace(*one, &other.to_string()));
    for (locale, value) in [("LC_ALL", "C"), ("LC_CTYPE", "POSIX"), ("LANG", "en_GB.ISO-8859-1")] {
        let mut command = retriage();
        command.args(arguments).args(["--times", "4"]).env_remove("LC_ALL").env_remove("LC_CTYPE").env_remove("LANG");
        let page = output(command.env(locale, value));
        assert_eq!(page, plain, "{locale}={value}");
        assert!(page.is_ascii());
    }
}

#[test]
fn each_way_to_end_is_told() {
    let says = |arguments: &[&str], what: &str| {
        let page = simulate(&[arguments, &["--jitter-seed", "1"]].concat());
        assert!(page.contains(what), "{what} is missing in\n{page}");
    };
    says(&["--status", "500", "--method", "POST"], "1 attempt in 0s, then verify (not_safe)");
    says(&["--status", "500", "--method", "POST", "--idempotent"], "5 attempts in ");
    says(&["--status", "500", "--method", "POST", "--verified", "not-processed"], "5 attempts in ");
    says(&["--status", "401"], "2 attempts in 0s, then stop (credentials_refused)");
    says(&["--status", "200"], "1 attempt in 0s, then done (success)");
    says(&["--status", "503", "-H", "Retry-After: 700"], "then stop (over_limit)");
    says(&["--status", "503", "-H", "Retry-After: 2", "--times", "2"], "2 attempts in 2s ");
    says(&["--failure", "ECONNREFUSED", "--took", "3m"], "then stop (deadline)");
    says(&["--catalog", "updox", "--body", "{\"responseCode\":4651}", "--status", "200"], "(updox/4651)");
}

/// Time goes on between the attempts, towards a date too.
#[test]
fn a_date_comes_nearer() {
    let date = ["--status", "503", "-H", "Retry-After: Sat, 21 Nov 2026 20:42:00 GMT", "--profile", "got"];
    let now = ["--method", "GET", "--now", "2026-11-21T20:41:00Z", "--jitter-seed", "1"];
    // A date in the past comes to 1 ms for this client.
    assert_eq!(waits(&told(&[&date[..], &now].concat())), [60_000, 1]);
    let assert = retriage().arg("simulate").args(date).args(["--method", "GET"]).assert().code(2).stdout("");
    let message = text(&assert.get_output().stderr);
    assert!(message.contains("'--now' is missing: the server named a date"), "{message}");
}

fn only<'a, 'i>(parent: Node<'a, 'i>, name: &str) -> Node<'a, 'i> {
    let mut found = parent.children().filter(|node| node.has_tag_name(("http://www.w3.org/2000/svg", name)));
    let node = found.next().unwrap_or_else(|| panic!("there is no {name}"));
    assert!(found.next().is_none(), "there are several {name}");
    node
}

#[test]
fn the_picture_is_accessible_and_needs_no_other_file() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let file = folder.path().join("waits.svg");
    let path = file.to_str().expect("a path is UTF-8");
    // Text that would be markup, or that XML can't hold.
    let header = "X-Odd: <b a=\"&\u{1}\u{1b}[2J\">]]>";
    let arguments = ["--profile", "svix", "--status", "500", "-H", header, "--took", "1s", "--jitter-seed", "3"];
    let page = simulate(&[&arguments[..], &["--svg", path]].concat());
    assert!(page.ends_with(&format!("The picture is in {path}.\n")), "{page}");
    let svg = fs::read_to_string(&file).expect("it was written");
    let document = Document::parse(&svg).unwrap_or_else(|error| panic!("{error}:\n{svg}"));
    let root = document.root_element();
    assert_eq!(root.attribute("role"), Some("img"));
    let (title, description) = (only(root, "title"), only(root, "desc"));
    assert_eq!(root.attribute("aria-labelledby"), title.attribute("id"));
    assert_eq!(root.attribute("aria-describedby"), description.attribute("id"));
    let title = title.text().expect("it says something");
    assert!(title.contains("svix") && title.contains("<b a=\"&\\u{1}\\u{1b}[2J\">]]>"), "{title}");
    let description = description.text().expect("it says something");
    for number in 1..=8 {
        assert!(description.contains(&format!("Attempt {number} at ")), "{description}");
    }
    assert!(description.ends_with("then stop (attempts): The attempts are used up."), "{description}");
    let style = only(root, "style").text().expect("it says something");
    assert!(style.contains("prefers-color-scheme:dark"));
    for outside in ["http:", "url(", "@import", "href"] {
        assert!(!style.contains(outside));
    }
    assert!(document.descendants().all(|node| node.attributes().all(|attribute| attribute.name() != "href")));
    let count = |class: &str| document.descendants().filter(|node| node.attribute("class") == Some(class)).count();
    assert_eq!(count("retriage-begin"), 8);
    assert_eq!(count("retriage-run"), 8);
    assert_eq!(count("retriage-wait"), 7);
    assert_eq!(count("retriage-end"), 2);
    // Every shape and every text is within the frame.
    let box_of: Vec<f64> =
        root.attribute("viewBox").expect("it has one").split(' ').map(|part| part.parse().expect("a number")).collect();
    for node in document.descendants() {
        for (name, most) in
            [("x", box_of[2]), ("x1", box_of[2]), ("x2", box_of[2]), ("cx", box_of[2]), ("y", box_of[3])]
        {
            if let Some(at) = node.attribute(name) {
                let at: f64 = at.parse().unwrap_or_else(|_| panic!("{name}={at}"));
                assert!((0.0..=most).contains(&at), "{name}={at} of {most}");
            }
        }
    }
    // The same picture again, and another name for another one.
    let again = folder.path().join("again.svg");
    simulate(&[&arguments[..], &["--svg", again.to_str().expect("a path is UTF-8"), "--json"]].concat());
    assert_eq!(fs::read_to_string(&again).expect("it was written"), svg);
    simulate(&["--status", "500", "--svg", again.to_str().expect("a path is UTF-8")]);
    let other = fs::read_to_string(&again).expect("it was written");
    let other = Document::parse(&other).expect("it is XML");
    assert_ne!(other.root_element().attribute("aria-labelledby"), root.attribute("aria-labelledby"));
}

#[test]
fn the_picture_in_the_documents_is_the_one_that_is_drawn() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let file = folder.path().join("simulate.svg");
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/simulate.svg");
    let arguments = ["--profile", "svix", "--status", "503", "--jitter-seed", "7"];
    simulate(&[&arguments[..], &["--svg", file.to_str().expect("a path is UTF-8")]].concat());
    let drawn = fs::read_to_string(&file).expect("it was written");
    let kept = fs::read_to_string(&kept).unwrap_or_else(|error| panic!("{}: {error}", kept.display()));
    assert!(drawn == kept, "docs/simulate.svg isn't what `retriage simulate {}` draws", arguments.join(" "));
}

#[test]
fn long_and_short_timelines_are_drawn() {
    let mut command = retriage();
    command.args(["simulate", "--profile", "mirth", "--status", "500", "--times", "1000"]);
    let page = output(command.env("LC_ALL", "C"));
    assert!(page.lines().all(|line| line.len() <= 80), "a line is too wide");
    assert!(page.contains("1000 attempts in 2h 46m 30s"), "{page}");
    // All at once: there is nothing to plot.
    let page = simulate(&["--profile", "axios-retry", "--status", "500", "--method", "GET"]);
    assert!(page.ends_with("4 attempts in 0s, then stop (attempts): The attempts are used up.\n"), "{page}");
    let longest = retriage::MOST_MS;
    let profile = format!(r#"{{"extends":"polly","attempts":null,"backoff":{{"base_ms":{longest}}}}}"#);
    let told = told(&["--profile", &profile, "--status", "500", "--times", "1000", "--took", &longest.to_string()]);
    assert_eq!(waits(&told).len(), 1_000);
    simulate(&["--profile", &profile, "--status", "500", "--times", "1000"]);
}

#[test]
fn wrong_usage_names_the_argument_and_what_would_be_right() {
    let refused = |arguments: &[&str], what: &str| {
        retriage().arg("simulate").args(arguments).assert().code(2).stdout("").stderr(contains(what));
    };
    refused(&[], "nothing fails: give --status, --failure, --code, --header or --body");
    refused(&["--profile", "standart", "--status", "500"], "a similar value exists: 'standard'");
    refused(&["--catalog", "redocks", "--status", "500"], "a similar value exists: 'redox'");
    refused(&["--status", "500", "--times", "0"], "--times");
    refused(&["--status", "500", "--times", "1001"], "1..=1000");
    refused(&["--status", "500", "--took", "long"], "such as 90s or 2m 30s");
    refused(&["--status", "500", "--jitter-seed", "-1"], "--jitter-seed");
    refused(&["--status", "500", "--svg", "/no/such/folder/x.svg"], "'--svg': /no/such/folder/x.svg: ");
    refused(&["--status", "500", "--body", "@/no/such/file"], "/no/such/file");
}

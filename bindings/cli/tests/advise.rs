//! `retriage advise`: what to answer a sender.

mod common;

use common::{output, questions, retriage, text};
use predicates::str::contains;
use serde_json::Value;

/// A page on one line, however it is wrapped.
fn advise(arguments: &[&str]) -> String {
    let page = output(retriage().arg("advise").args(arguments));
    page.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn what_can_wait_is_answered_with_a_200() {
    let page = advise(&["redox", "--intent", "non-critical", "--environment", "production"]);
    for text in [
        "What to answer a sender: Redox redox (production) as of 2024-02-15",
        "You say non_critical It found a problem that can wait.",
        "Answer 200 Report success in spite of an error that can wait",
        "The sender proceeds It goes on with the next message.",
        "Source Redox, Error handling and responses",
    ] {
        assert!(page.contains(text), "{text} is missing in\n{page}");
    }
    assert!(!page.contains("Warnings"), "{page}");
    assert_eq!(advise(&["redox", "--intent", "non_critical"]), page);
}

#[test]
fn what_must_stop_is_warned_of_where_it_does_not() {
    let page = advise(&["redox", "--intent", "critical", "--environment", "development"]);
    assert!(page.contains("Answer 500") && page.contains("The sender fails_and_proceeds"), "{page}");
    assert!(page.contains("Warnings ! no_redelivery The sender won't deliver the message again"), "{page}");
    let page = advise(&["redox", "--intent", "critical", "--status", "202"]);
    assert!(page.contains("Answer 500") && page.contains("If you answer 202"), "{page}");
    assert!(page.contains("! differs_from_advice") && page.contains("! undefined"), "{page}");
    let page = advise(&["redox", "--intent", "critical", "--status", "500"]);
    assert!(page.contains("If you answer 500") && !page.contains("Warnings"), "{page}");
}

#[test]
fn an_acknowledgement_has_its_error_code() {
    let page = advise(&["hl7v2", "--intent", "critical"]);
    assert!(page.contains("Answer AR with ERR-3 207") && page.contains("The sender pauses_and_retries"), "{page}");
    let page = advise(&["hl7v2", "--code", "AA"]);
    assert!(page.contains("If you answer AA") && page.contains("The sender proceeds"), "{page}");
    let page = advise(&["hl7v2", "--code", "ZZ\u{1b}[2J"]);
    assert!(page.contains("If you answer ZZ\\u{1b}[2J No document says"), "{page}");
}

#[test]
fn json_is_the_answer_of_the_core_to_every_case() {
    let mut count = 0;
    for question in questions() {
        let members = question.as_object().expect("a question is an object");
        let known = ["ask", "catalog", "intent", "status", "code", "environment"];
        if question["ask"] != "advise" || members.keys().any(|key| !known.contains(&&**key)) {
            continue;
        }
        if question["status"].is_string() {
            // An argument is a text anyway.
            continue;
        }
        let answer = retriage::answer(&question.to_string());
        let mut command = retriage();
        command.args(["advise", "--json", question["catalog"].as_str().unwrap_or("http")]);
        for name in &known[2..] {
            match &question[*name] {
                Value::Null => {}
                value => {
                    let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                    command.arg(format!("--{name}={value}"));
                }
            }
        }
        if answer.starts_with("{\"error\"") {
            command.assert().code(2).stdout("");
        } else {
            count += 1;
            assert_eq!(output(&mut command), format!("{answer}\n"), "{question}");
        }
    }
    assert!(count > 100, "only {count} cases could be asked");
}

#[test]
fn wrong_usage_names_the_argument_and_what_would_be_right() {
    let refused = |arguments: &[&str]| {
        let assert = retriage().arg("advise").args(arguments).assert().code(2).stdout("");
        text(&assert.get_output().stderr)
    };
    assert!(refused(&["redox"]).contains("<--intent <INTENT>|--status <STATUS>|--code <CODE>>"));
    assert!(
        refused(&["http", "--intent", "down"]).contains("'<CATALOG>': the catalog http gives no advice; ask one of")
    );
    let other = refused(&["redox", "--intent", "accepted-later"]);
    assert!(other.contains("'--intent <INTENT>': the catalog redox has no advice for it; it has accepted"), "{other}");
    assert!(refused(&["redox", "--intent", "noncritical"]).contains("a similar value exists: 'non_critical'"));
    assert!(refused(&["redox", "--status", "200", "--code", "AA"]).contains("cannot be used with"));
    retriage().args(["advise", "redocks"]).assert().code(2).stderr(contains("a similar value exists: 'redox'"));
}

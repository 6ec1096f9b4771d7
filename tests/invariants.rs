//! What holds for every answer, over the whole product: every entry, as a case of the vectors reaches it, by every
//! profile, method, environment and attempt.
//!
//! For each of these the rest (the hint, `idempotent`, `verified`, `random`) takes its turn, so that debug builds are
//! through in seconds; `cargo test --release --test invariants -- --ignored` walks that product too.

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use common::decisions::{ATTEMPTS, assert_sound, bound};
use common::{cases, files, json};
use retriage::vocabulary::*;
use retriage::{Attempt, Catalog, Classification, Decision, Evidence, Profile, Question, profile, profiles};
use serde_json::Value;

const METHODS: [Option<&str>; 11] = [
    None,
    Some("GET"),
    Some("HEAD"),
    Some("OPTIONS"),
    Some("TRACE"),
    Some("PUT"),
    Some("DELETE"),
    Some("POST"),
    Some("PATCH"),
    Some("CONNECT"),
    Some("FROBNICATE"),
];
/// Those that RFC 9110 has be idempotent.
const SAFE: [&str; 6] = ["GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"];
const IDEMPOTENT: [Option<bool>; 3] = [None, Some(true), Some(false)];
const VERIFIED: [Option<Verified>; 4] =
    [None, Some(Verified::Processed), Some(Verified::NotProcessed), Some(Verified::Unknown)];
const RANDOMS: [f64; 3] = [0.0, 0.5, 0.999_999_999_999_999_9];

/// What a server says about time besides what the case has; the first is nothing at all.
const SAYS: [Option<(&str, u64)>; 5] =
    [None, Some(("7", 7_000)), Some(("450", 450_000)), Some(("1000", 1_000_000)), Some(("soon", 0))];

/// The questions of cases of the vectors, one for each entry and catalog by which some case reaches it.
fn ways() -> Vec<String> {
    let mut ways = BTreeMap::new();
    for case in cases() {
        let (asked, entry) = (&case.question["catalog"], &case.answered()["classification"]["entry"]);
        let key = (asked.to_string(), entry.to_string());
        if case.question.is_object() && !entry.is_null() {
            ways.entry(key).or_insert_with(|| case.question.to_string());
        }
    }
    let reached: BTreeSet<&str> = ways.keys().map(|(_, entry)| entry.trim_matches('"')).collect();
    let missing: Vec<&str> = retriage::catalogs()
        .flat_map(Catalog::entries)
        .map(|entry| entry.id())
        .filter(|id| !reached.contains(id))
        .collect();
    assert!(missing.is_empty(), "no case reaches {missing:?}");
    ways.into_values().collect()
}

/// Whether a header says something about time, to retriage or to a profile.
fn is_of_time(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.contains("retry") || name.contains("limit") || name == "date"
}

/// An answer, and the milliseconds that its Retry-After asks for.
struct Came<'a> {
    evidence: Evidence<'a>,
    classification: Classification<'a>,
    asked_ms: Option<u64>,
}

/// What came back as the case has it, and with each of `SAYS` in place of what it says about time.
fn each_came(question: &str, mut see: impl FnMut(&[Came<'_>])) {
    let question = Question::parse(question).expect("the case is answered");
    let as_it_is = question.headers();
    let plain: Vec<(&str, &str)> = as_it_is.iter().copied().filter(|(name, _)| !is_of_time(name)).collect();
    let headers: Vec<Vec<(&str, &str)>> = SAYS
        .iter()
        .map(|says| plain.iter().copied().chain(says.map(|(text, _)| ("Retry-After", text))).collect())
        .collect();
    let with = |headers, asked_ms| {
        let evidence = Evidence { details: false, now_ms: Some(1_795_262_430_000), ..question.evidence(headers) };
        Came { evidence, classification: question.catalog().classify(&evidence), asked_ms }
    };
    let mut came = vec![with(&as_it_is, None)];
    for (headers, says) in headers.iter().zip(SAYS) {
        came.push(with(headers, says.map(|(_, ms)| ms).filter(|ms| *ms > 0)));
    }
    see(&came);
}

/// Whether a repeat can do no harm.
fn is_safe(attempt: &Attempt<'_>) -> bool {
    attempt.verified == Some(Verified::NotProcessed)
        || match attempt.idempotent {
            Some(idempotent) => idempotent,
            None => attempt.method.is_some_and(|method| SAFE.contains(&method)),
        }
}

/// What the steps of a decision found at this one.
fn found(decision: &Decision<'_>, step: Weighed) -> Option<&'static str> {
    let mut steps = decision.because.iter().filter(|(known, _)| *known == step);
    steps.find_map(|(_, found)| if let retriage::Finding::Word(word) = found { Some(word) } else { None })
}

/// Whether what a stop gives as its reason is so.
fn is_so(decision: &Decision<'_>, came: &Came<'_>, attempt: &Attempt<'_>, profile: &Profile) -> bool {
    let words = came.classification.words;
    let by_words = profile.select == Select::Words;
    match decision.cause {
        Cause::Never => by_words && words.retry == Retry::Never,
        Cause::Fix => by_words && words.retry == Retry::Fix,
        Cause::Escalate => by_words && words.retry == Retry::Escalate,
        Cause::NotVerified => by_words && attempt.verified == Some(Verified::Unknown),
        Cause::Attempts => profile.attempts.is_some_and(|most| attempt.number >= most),
        Cause::Deadline => {
            profile.deadline_ms.is_some_and(|end| decision.not_before_ms.is_some_and(|wait| wait >= end))
        }
        Cause::OverLimit => {
            profile.hints.limit_ms.is_some_and(|most| decision.not_before_ms.is_some_and(|wait| wait > most))
        }
        Cause::NotSelected => !by_words && words.retry != Retry::None,
        Cause::NotHere => {
            let mode = came.evidence.mode;
            !profile.retries_in(attempt.environment) || mode.is_some_and(|mode| !profile.retries_sent(mode))
        }
        Cause::ServerRefused => {
            found(decision, Weighed::Header) == Some("refused") || found(decision, Weighed::Hint) == Some("never")
        }
        // An untouched budget is full, and no credentials have been tried.
        _ => false,
    }
}

/// What must hold, whatever is decided.
fn check(decision: &Decision<'_>, came: &Came<'_>, attempt: &Attempt<'_>, profile: &Profile) {
    let context = || {
        let entry = came.classification.entry.map(|entry| entry.id());
        format!("{}: {entry:?} after {attempt:?} with {:?} -> {decision:?}", profile.id, came.asked_ms)
    };
    assert_sound(decision, attempt, profile);
    let words = came.classification.words;
    let repeats = matches!(decision.action, Action::Retry | Action::Reauthenticate);
    let here =
        profile.retries_in(attempt.environment) && came.evidence.mode.is_none_or(|mode| profile.retries_sent(mode));
    assert!(here || !repeats, "a profile retries where it doesn't: {}", context());
    let settled = match attempt.verified {
        Some(Verified::Processed) => true,
        Some(Verified::Unknown) => profile.select == Select::Words,
        _ => false,
    };
    assert!(!settled || !repeats, "what took effect, or may have after a check, is repeated: {}", context());
    if repeats && words.processed != Processed::No && !is_safe(attempt) {
        // A client that goes by its own sets says so: the sets selected it, or a header of the server's did.
        let by_sets = profile.select == Select::Sets
            && (found(decision, Weighed::Select) == Some("selected")
                || found(decision, Weighed::Header) == Some("retry"));
        assert!(profile.repeats_unsafe || by_sets, "what may have taken effect is repeated: {}", context());
    }
    if repeats && profile.select == Select::Words {
        let again = [Retry::Reauthenticate, Retry::Wait, Retry::Backoff, Retry::Verify];
        assert!(again.contains(&words.retry), "what can't help is tried again: {}", context());
    }
    let hint = came.classification.hint().and_then(|hint| hint.delay_ms);
    if let Some(delay) = decision.delay_ms {
        let asked = came.asked_ms.max(hint).unwrap_or_default();
        let window = came.classification.entry.and_then(|entry| entry.wait_ms());
        assert!(delay as f64 <= bound(profile, window.max(Some(asked))), "too long a wait: {}", context());
        if profile.id == "standard" {
            assert!(delay >= asked, "a hint is shortened: {}", context());
        }
    }
    if decision.action == Action::Stop {
        assert!(is_so(decision, came, attempt, profile), "the reason of a stop isn't so: {}", context());
        let too_soon = decision.not_before_ms.is_some_and(|ms| Some(ms) < came.asked_ms.max(hint));
        assert!(profile.id != "standard" || !too_soon, "a hint is shortened: {}", context());
    }
}

/// The built-in profiles, and two that no client has: one by words that repeats what may have taken effect, and one
/// that goes by words and not everywhere.
fn every_profile() -> Vec<Profile> {
    let standard = profile("standard").expect("it is built in");
    let delivery = profile("redox-delivery").expect("it is built in");
    let unsafe_ = Profile { id: "unsafe".into(), repeats_unsafe: true, ..standard.clone() };
    let by_words = Profile { id: "by-words".into(), select: Select::Words, ..delivery.clone() };
    profiles().iter().cloned().chain([unsafe_, by_words]).collect()
}

/// What takes turns: which answer of those that came, `idempotent`, `verified`, `random`.
fn turn(number: usize, came: usize) -> (usize, Option<bool>, Option<Verified>, f64) {
    let (idempotent, number) = (IDEMPOTENT[number % 3], number / 3);
    let (verified, number) = (VERIFIED[number % 4], number / 4);
    (number / 3 % came, idempotent, verified, RANDOMS[number % 3])
}

/// How many turns there are.
const TURNS: usize = 3 * 4 * 3 * (1 + SAYS.len());

/// Walks the product, with so many turns for each part of it, and returns how many decisions there were, by action.
fn walk(turns: usize) -> BTreeMap<&'static str, usize> {
    let (ways, profiles, next) = (ways(), every_profile(), AtomicUsize::new(0));
    let work = || {
        let (mut counts, mut number) = ([0_usize; 8], 0_usize);
        while let Some(way) = ways.get(next.fetch_add(1, Ordering::Relaxed)) {
            each_came(way, |all| {
                for profile in &profiles {
                    for method in METHODS {
                        for environment in Environment::ALL.iter().copied() {
                            for attempt in 1..=ATTEMPTS {
                                for _ in 0..turns {
                                    // 97 and the number of turns have no divisor in common: every turn comes.
                                    number += 97;
                                    let (came, idempotent, verified, random) = turn(number % TURNS, all.len());
                                    let attempt = Attempt {
                                        method,
                                        idempotent,
                                        verified,
                                        environment,
                                        number: attempt,
                                        random: Some(random),
                                        ..Attempt::default()
                                    };
                                    let came = &all[came];
                                    let decided = came.classification.decide(&came.evidence, &attempt, profile);
                                    let decision = decided.expect("all that it needs is there");
                                    check(&decision, came, &attempt, profile);
                                    counts[decision.action as usize] += 1;
                                }
                            }
                        }
                    }
                }
            });
        }
        counts
    };
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let counts = thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        let counts: Vec<_> = workers.into_iter().map(|worker| worker.join()).collect();
        counts
    });
    let counts: Vec<_> = counts.into_iter().map(|counts| counts.expect("what is broken is told above")).collect();
    let sum = |action: &Action| counts.iter().map(|counts| counts[*action as usize]).sum();
    Action::ALL.iter().map(|action| (action.as_str(), sum(action))).collect()
}

/// That every action was decided on, and nothing was left out.
fn assert_walked(counts: &BTreeMap<&str, usize>, turns: usize) {
    println!("{counts:?}");
    assert!(counts.values().all(|count| *count > 1_000), "{counts:?}");
    let entries = retriage::catalogs().flat_map(Catalog::entries).count();
    let least = entries * profiles().len() * METHODS.len() * Environment::ALL.len() * ATTEMPTS as usize * turns;
    assert!(counts.values().sum::<usize>() > least, "{counts:?}");
}

#[test]
fn every_decision_holds_what_is_promised() {
    assert_walked(&walk(1), 1);
}

#[test]
#[ignore = "takes minutes, and is for a release build"]
fn every_decision_of_the_whole_product_holds_what_is_promised() {
    assert_walked(&walk(TURNS), TURNS);
}

/// A text that stands for what a patient's record holds.
const MARK: &str = "Mrs-Dupont-1961";

/// Every text for a person that stands in codes/.
fn known_texts() -> BTreeSet<String> {
    fn collect(value: &Value, texts: &mut BTreeSet<String>) {
        match value {
            Value::Object(members) => members.iter().for_each(|(name, value)| match value {
                Value::String(text) => {
                    if ["user", "operator", "developer", "title", "remedy"].contains(&&**name) {
                        texts.insert(text.clone());
                    }
                }
                value => collect(value, texts),
            }),
            Value::Array(items) => items.iter().for_each(|item| collect(item, texts)),
            _ => {}
        }
    }
    let mut texts = BTreeSet::new();
    for folder in ["codes/catalogs", "codes/messages"] {
        for file in files(folder) {
            collect(&json(&format!("{folder}/{file}")), &mut texts);
        }
    }
    texts
}

/// A body with the mark in each of its texts, in one of them, or in place of it all.
fn marked(body: &Value) -> Vec<Value> {
    fn mark(value: &mut Value, only: Option<usize>, at: &mut usize) {
        match value {
            Value::Object(members) => members.values_mut().for_each(|value| mark(value, only, at)),
            Value::Array(items) => items.iter_mut().for_each(|item| mark(item, only, at)),
            Value::String(text) => {
                if only.is_none_or(|only| only == *at) {
                    text.push_str(MARK);
                }
                *at += 1;
            }
            _ => {}
        }
    }
    let mut all = body.clone();
    let mut count = 0;
    mark(&mut all, None, &mut count);
    let one = |only| {
        let mut value = body.clone();
        mark(&mut value, Some(only), &mut 0);
        value
    };
    [all, Value::from(MARK)].into_iter().chain((0..count).map(one)).collect()
}

/// What people are told is one of the texts of codes/, in every language, whatever the response says.
#[test]
fn no_text_for_a_person_has_text_of_the_response() {
    let (known, mut reached, mut marks) = (known_texts(), BTreeSet::new(), 0);
    let locales: Vec<Option<_>> = [None].into_iter().chain(retriage::built_in().locales().map(Some)).collect();
    assert_eq!(locales.len(), files("codes/messages").len());
    for way in ways() {
        let question: Value = serde_json::from_str(&way).expect("a question is JSON");
        let mut questions = vec![question.clone()];
        if !question["body"].is_null() {
            questions.extend(marked(&question["body"]).into_iter().map(|body| {
                let mut question = question.clone();
                question["body"] = body;
                question
            }));
        }
        // Beside one status, the presence of Retry-After alone makes another entry of it.
        for (question, last) in questions.iter().flat_map(|question| [(question, "x-error"), (question, "retry-after")])
        {
            let text = question.to_string();
            let question = Question::parse(&text).expect("the case is answered, whatever its body says");
            let mut headers = question.headers();
            headers.extend(["location", "content-language", last].map(|name| (name, MARK)));
            let evidence = Evidence { details: true, ..question.evidence(&headers) };
            let mut classification = question.catalog().classify(&evidence);
            let details = serde_json::to_string(&classification.details).expect("details are JSON");
            marks += usize::from(details.contains(MARK));
            reached.extend(classification.entry.map(|entry| entry.id().to_owned()));
            for locale in &locales {
                classification.locale = *locale;
                let messages = classification.messages();
                let texts = Audience::ALL.iter().map(|audience| messages.get(*audience));
                for text in texts.chain(classification.title()).chain(classification.remedy()) {
                    assert!(known.contains(text) && !text.contains(MARK), "{:?} says {text}", classification.entry);
                }
            }
            classification.details = None;
            let said = serde_json::to_string(&classification).expect("a classification is JSON");
            assert!(!said.contains(MARK), "{said}");
        }
    }
    let entries = retriage::catalogs().flat_map(Catalog::entries).map(|entry| entry.id());
    let missing: Vec<&str> = entries.filter(|id| !reached.contains(*id)).collect();
    assert!(missing.is_empty() && marks > 500, "not reached: {missing:?}; {marks} marks in details");
}

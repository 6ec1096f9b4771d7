//! The core against a second reading of the catalogs: slow, plain, and from the JSON files themselves.
//!
//! It knows statuses, codes, conditions on JSON bodies and reason texts, as ARCHITECTURE.md describes how an entry
//! is found; it knows nothing of tables, perfect hashes or streaming.

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use common::{files, json, key_of, tries};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use retriage::Evidence;
use retriage::vocabulary::Match;
use serde_json::Value;

/// A catalog's file.
struct File {
    id: String,
    whole: Value,
}

impl File {
    fn list(&self, name: &str) -> &[Value] {
        self.whole[name].as_array().map_or(&[], Vec::as_slice)
    }

    fn evidence(&self, name: &str) -> &Value {
        &self.whole["evidence"][name]
    }

    /// The id of an entry or range of it.
    fn id_of(&self, entry: &Value) -> String {
        format!("{}/{}", self.id, key_of(entry).1)
    }
}

/// A catalog and those it extends, itself first.
struct Chain<'f>(Vec<&'f File>);

struct Files(BTreeMap<String, File>);

impl Files {
    /// All catalogs of `codes/`, read once.
    fn all() -> &'static Self {
        static FILES: OnceLock<Files> = OnceLock::new();
        FILES.get_or_init(Self::read)
    }

    fn read() -> Self {
        let read = |name: String| {
            let whole = json(&format!("codes/catalogs/{name}"));
            let id = whole["id"].as_str().expect("a catalog has an id").to_owned();
            (id.clone(), File { id, whole })
        };
        Self(files("codes/catalogs").into_iter().map(read).collect())
    }

    fn chain(&self, id: &str) -> Chain<'_> {
        let mut links = vec![&self.0[id]];
        while let Some(parent) = links[links.len() - 1].whole["extends"].as_str() {
            links.push(&self.0[parent]);
        }
        Chain(links)
    }
}

/// An entry, whose file it is from, and how it was found.
type Hit<'f> = (&'f File, &'f Value, Match);

fn parse_number(text: &str) -> Option<i64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let plain = !digits.is_empty() && digits.len() <= 16 && digits.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten().filter(|number: &i64| number.abs() < 1 << 53)
}

impl<'f> Chain<'f> {
    fn requires(&self) -> bool {
        self.0.iter().any(|file| *file.evidence("required") == Value::Bool(true))
    }

    /// Each catalog's own, then the ranges, then the class.
    fn status(&self, status: u16) -> Option<Hit<'f>> {
        let own = |wanted: u16| {
            self.0.iter().find_map(|file| {
                let entry = file.list("entries").iter().find(|entry| entry["status"] == wanted)?;
                Some((*file, entry))
            })
        };
        let range = || self.range("status", i64::from(status));
        let class = || {
            // Only a catalog that extends nothing has classes.
            let root = self.0.last()?;
            let class = status / 100 * 100;
            let entry = root.list("entries").iter().find(|entry| entry["status"] == class)?;
            (100..600).contains(&status).then_some((*root, entry, Match::Class))
        };
        own(status).map(|(file, entry)| (file, entry, Match::Exact)).or_else(range).or_else(class)
    }

    fn range(&self, kind: &str, number: i64) -> Option<Hit<'f>> {
        self.0.iter().find_map(|file| {
            let range = file.list("ranges").iter().find(|range| {
                let bounds: Option<Vec<i64>> =
                    range[kind].as_array().map(|all| all.iter().filter_map(Value::as_i64).collect());
                bounds.is_some_and(|bounds| (bounds[0]..=bounds[1]).contains(&number))
            })?;
            Some((*file, range, Match::Range))
        })
    }

    /// The entry of a code: by its key or another name, numbers and names apart.
    fn code(&self, code: &Code) -> Option<Hit<'f>> {
        let is = |value: &Value| match (value, code) {
            (Value::Number(number), Code::Number(code)) => number.as_i64() == Some(*code),
            (Value::String(name), Code::Number(code)) => parse_number(name) == Some(*code),
            (Value::String(name), Code::Name(code)) => parse_number(name).is_none() && name == code,
            _ => false,
        };
        let listed = self.0.iter().find_map(|file| {
            let entry = file.list("entries").iter().find(|entry| {
                let names = entry["names"].as_array().map_or(&[][..], Vec::as_slice);
                entry.get("code").is_some_and(|code| is(code) || names.iter().any(is))
            })?;
            Some((*file, entry, Match::Exact))
        });
        match code {
            Code::Number(number) => listed.or_else(|| self.range("code", *number)),
            _ => listed,
        }
    }

    /// What a response means, as far as this reference knows: the entry's id and how it was found.
    fn classify(&self, status: Option<u16>, body: Option<&str>) -> (Option<String>, Match) {
        let body = Body::of(body);
        if let Some(hit) = self.code_in(&body, status) {
            return self.variant(hit, &body);
        }
        for file in &self.0 {
            for entry in file.list("entries") {
                let Some(name) = entry["condition"].as_str() else { continue };
                if is_under(entry, status) && self.holds(name, &body) {
                    return self.variant((*file, entry, Match::Exact), &body);
                }
            }
        }
        if self.requires() && status.is_some_and(|status| status / 100 == 2) {
            return (None, Match::Unknown);
        }
        match status.and_then(|status| self.status(status)) {
            Some(hit) => self.variant(hit, &body),
            None => (None, Match::Unknown),
        }
    }

    fn code_in(&self, body: &Body, status: Option<u16>) -> Option<Hit<'f>> {
        let Body::Json(body) = body else { return None };
        let places = self.0.iter().flat_map(|file| file.evidence("codes").as_array().into_iter().flatten());
        let codes: Vec<Code> = places
            .filter_map(|place| place.as_str()?.strip_prefix("body:"))
            .flat_map(|path| at(body, path))
            .filter_map(Code::of)
            .take(4)
            .collect();
        let found =
            |wanted: Match| codes.iter().find_map(|code| self.code(code).filter(|(_, _, found)| *found == wanted));
        let hit = found(Match::Exact).or_else(|| found(Match::Range))?;
        let contradicts = status.is_some_and(|status| status >= 400) && hit.1["category"] == "success";
        (!contradicts).then_some(hit)
    }

    fn variant(&self, (file, entry, found): Hit<'f>, body: &Body) -> (Option<String>, Match) {
        let holds = |variant: &&Value| {
            let when = &variant["when"];
            let reasons = when["reason"].as_array().map_or(&[][..], Vec::as_slice);
            (reasons.is_empty() || reasons.iter().filter_map(Value::as_str).any(|reason| self.has_reason(reason, body)))
                && when["condition"].as_str().is_none_or(|name| self.holds(name, body))
                // There are no headers here.
                && when.get("header").is_none()
                && when.get("hint").is_none()
        };
        let variants = entry["variants"].as_array().map_or(&[][..], Vec::as_slice);
        match variants.iter().find(holds) {
            Some(variant) => {
                let key = variant["key"].as_str().expect("a variant has a key");
                (Some(format!("{}.{key}", file.id_of(entry))), Match::Variant)
            }
            None => (Some(file.id_of(entry)), found),
        }
    }

    fn has_reason(&self, reason: &str, body: &Body) -> bool {
        let same = |text: &str| {
            let plain = |text: &str| text.trim().strip_suffix('.').unwrap_or(text.trim()).to_lowercase();
            plain(text) == plain(reason)
        };
        let places = self.0.iter().flat_map(|file| file.evidence("reasons").as_array().into_iter().flatten());
        places.filter_map(Value::as_str).any(|place| match (place.strip_prefix("body:"), body) {
            (Some(path), Body::Json(body)) => at(body, path).into_iter().filter_map(Value::as_str).any(same),
            (None, Body::Text(text)) => place == "text" && same(text),
            _ => false,
        })
    }

    fn holds(&self, name: &str, body: &Body) -> bool {
        let condition = self.0.iter().find_map(|file| file.evidence("conditions").get(name)).expect("it is defined");
        let tests = |list: &str| condition[list].as_array().map_or(&[][..], Vec::as_slice);
        tests("all").iter().all(|test| passes(test, body))
            && (tests("any").is_empty() || tests("any").iter().any(|test| passes(test, body)))
            && !tests("none").iter().any(|test| passes(test, body))
    }
}

fn is_under(entry: &Value, status: Option<u16>) -> bool {
    let under = entry["statuses"].as_array().cloned().unwrap_or_else(|| vec!["2xx".into()]);
    under.iter().any(|one| match (one, status) {
        (Value::String(class), None) => class == "none",
        (Value::String(class), Some(status)) => *class == format!("{}xx", status / 100),
        (number, status) => status.is_some_and(|status| *number == status),
    })
}

fn passes(test: &Value, body: &Body) -> bool {
    let Body::Json(body) = body else { return false };
    let Some(place) = test["at"].as_str() else {
        // A signal of a standard body: none is spoken of here.
        return false;
    };
    let path = place.strip_prefix("body").expect("a condition is of the body").trim_start_matches(':');
    let found = at(body, path);
    if let Some(known) = test["besides"].as_array() {
        return body
            .as_object()
            .is_some_and(|members| members.keys().any(|name| !known.contains(&Value::from(name.as_str()))));
    }
    if let Some(wanted) = test["some"].as_array() {
        return found.iter().any(|value| wanted.contains(value));
    }
    if let Some(wanted) = test["every"].as_array() {
        // Every item of the last list on the way has a value there, and it is one of these.
        let (list, rest) =
            path.rsplit_once("[]").map_or(("", path), |(list, rest)| (list, rest.trim_start_matches('.')));
        let items = if list.is_empty() { vec![body] } else { at(body, &format!("{list}[]")) };
        let is = |item: &&Value| at(item, rest).iter().any(|value| wanted.contains(value));
        return !items.is_empty() && items.iter().all(is);
    }
    match test["is"].as_str() {
        Some("present") => found.iter().any(|value| !value.is_null()),
        Some("non_empty") => found.iter().any(|value| match value {
            Value::String(text) => !text.is_empty(),
            Value::Array(items) => !items.is_empty(),
            Value::Object(members) => !members.is_empty(),
            _ => false,
        }),
        other => panic!("a test of the kind {other:?}"),
    }
}

/// Every value at a path; the empty path is the body itself.
fn at<'b>(body: &'b Value, path: &str) -> Vec<&'b Value> {
    let mut found = vec![body];
    for part in path.split('.').filter(|part| !part.is_empty()) {
        let (name, lists) = part.strip_suffix("[]").map_or((part, false), |name| (name, true));
        found = found.into_iter().filter_map(|value| value.as_object()?.get(name)).collect();
        if lists {
            found = found.into_iter().filter_map(Value::as_array).flatten().collect();
        }
    }
    found
}

enum Body {
    Json(Value),
    Text(String),
    Nothing,
}

impl Body {
    /// Begins as JSON and is JSON, a JSON text, or a plain one.
    fn of(body: Option<&str>) -> Self {
        let Some(body) = body.map(str::trim).filter(|body| !body.is_empty()) else { return Self::Nothing };
        match (body.as_bytes().first(), serde_json::from_str(body)) {
            (Some(b'{' | b'['), Ok(json)) => Self::Json(json),
            (Some(b'{' | b'['), Err(_)) => Self::Nothing,
            (_, Ok(Value::String(text))) => Self::Text(text),
            _ => Self::Text(body.to_owned()),
        }
    }
}

enum Code {
    Number(i64),
    Name(String),
    Other,
}

impl Code {
    fn of(value: &Value) -> Option<Self> {
        match value {
            Value::Null => None,
            Value::String(text) if text.trim().is_empty() => None,
            Value::String(text) => {
                Some(parse_number(text.trim()).map_or_else(|| Self::Name(text.trim().to_owned()), Self::Number))
            }
            Value::Number(number) => {
                Some(number.as_i64().filter(|number| number.abs() < 1 << 53).map_or(Self::Other, Self::Number))
            }
            _ => Some(Self::Other),
        }
    }
}

fn found(catalog: &str, status: Option<u16>, body: Option<&str>) -> (Option<String>, Match) {
    let catalog = retriage::catalog(catalog).expect("it is built in");
    let verdict = catalog.classify(&Evidence { status, body: body.map(str::as_bytes), ..Evidence::default() });
    (verdict.entry.map(|entry| entry.id().to_owned()), verdict.found)
}

#[test]
fn every_status_of_every_catalog_is_found_as_its_file_lists_it() {
    let files = Files::all();
    assert_eq!(files.0.len(), retriage::catalogs().count());
    for catalog in retriage::catalogs() {
        let chain = files.chain(catalog.id());
        let mut listed = 0;
        for status in 0..=u16::MAX {
            // A catalog can list 100 to 999 only, so that a slow search above would find nothing.
            let expected = Some(status).filter(|status| *status < 1_000).and_then(|status| chain.status(status));
            let expected = expected.map(|(file, entry, found)| (file.id_of(entry), found));
            listed += usize::from(expected.is_some());
            let entry = catalog.find_status(status).map(|(entry, found)| (entry.id().to_owned(), found));
            assert_eq!(entry, expected, "{} {status}", catalog.id());
            // The same through the whole of the core, where nothing but the status is known.
            let verdict = catalog.classify(&Evidence { status: Some(status), ..Evidence::default() });
            if chain.requires() && status / 100 == 2 {
                assert!(verdict.entry.is_none_or(|entry| entry.key_kind() == "condition"), "{} {status}", catalog.id());
            } else {
                let entry = verdict.entry.map(|entry| (entry.id().to_owned(), verdict.found));
                assert_eq!(entry, expected, "{} {status}", catalog.id());
            }
        }
        assert!(listed >= 500 || catalog.id() == "transport", "{} lists {listed}", catalog.id());
    }
}

#[test]
fn every_number_of_every_catalog_is_found_as_its_file_lists_it() {
    let files = Files::all();
    let edges = [i64::MIN, -(1 << 53), -(1 << 53) + 1, 1 << 32, (1 << 53) - 1, 1 << 53, i64::MAX];
    for catalog in retriage::catalogs() {
        let chain = files.chain(catalog.id());
        for number in (-10..10_000).chain(65_500..65_600).chain(edges) {
            let expected = chain.code(&Code::Number(number)).map(|(file, entry, found)| (file.id_of(entry), found));
            let entry = catalog.find_number(number).map(|(entry, found)| (entry.id().to_owned(), found));
            assert_eq!(entry, expected, "{} {number}", catalog.id());
        }
    }
}

#[test]
fn every_name_is_found_and_no_name_beside_it() {
    let files = Files::all();
    for catalog in retriage::catalogs() {
        let chain = files.chain(catalog.id());
        let mut names: Vec<String> = Vec::new();
        for file in files.0.values() {
            for entry in file.list("entries") {
                let others = entry["names"].as_array().into_iter().flatten();
                let keys = ["code", "failure"].iter().filter_map(|kind| entry.get(kind)).chain(others);
                names.extend(keys.filter_map(|key| key.as_str().map(str::to_owned)));
            }
        }
        for name in names {
            for beside in
                [name.clone(), format!("{name} "), name.to_lowercase(), name.to_uppercase(), name[1..].to_owned()]
            {
                let expected = chain.code(&Code::Name(beside.clone())).map(|(file, entry, _)| file.id_of(entry));
                let entry = catalog.find_name(&beside).map(|entry| entry.id().to_owned());
                assert_eq!(entry, expected, "{} {beside:?}", catalog.id());
            }
        }
    }
}

/// A JSON value in which a member may stand twice.
#[derive(Clone, Debug)]
enum Tree {
    Leaf(String),
    List(Vec<Tree>),
    Object(Vec<(String, Tree)>),
}

impl Tree {
    fn write(&self, out: &mut String) {
        match self {
            Self::Leaf(text) => out.push_str(text),
            Self::List(items) => {
                out.push('[');
                for (at, item) in items.iter().enumerate() {
                    out.push_str(if at > 0 { ", " } else { "" });
                    item.write(out);
                }
                out.push(']');
            }
            Self::Object(members) => {
                out.push('{');
                for (at, (name, value)) in members.iter().enumerate() {
                    out.push_str(if at > 0 { "," } else { "" });
                    out.push_str(&Value::from(name.as_str()).to_string());
                    out.push(':');
                    value.write(out);
                }
                out.push('}');
            }
        }
    }
}

/// The catalogs without standard bodies of their own, which is what this reference can follow.
const CATALOGS: &[&str] = &["redox", "redox-2017", "revio", "sportradar", "updox", "http"];

/// Every member's name on a path of one of the catalogs, and one that is on none.
fn names(files: &Files) -> Vec<String> {
    fn visit(value: &Value, names: &mut Vec<String>) {
        match value {
            Value::Object(members) => members.values().for_each(|value| visit(value, names)),
            Value::Array(items) => items.iter().for_each(|value| visit(value, names)),
            Value::String(place) => {
                let path = place.strip_prefix("body:").unwrap_or_default();
                names.extend(path.split('.').map(|part| part.trim_end_matches("[]").to_owned()));
            }
            _ => {}
        }
    }
    let mut names = vec!["another".to_owned()];
    CATALOGS.iter().for_each(|id| visit(&files.0[*id].whole["evidence"], &mut names));
    names.retain(|name| !name.is_empty());
    names.sort();
    names.dedup();
    names
}

/// Values that mean something to a catalog, their likes, and others.
fn leaves(files: &Files) -> Vec<String> {
    let mut leaves: Vec<String> = [
        "null",
        "true",
        "false",
        "0",
        "1",
        "-1",
        "1.5",
        "2000",
        "2001",
        "4651",
        "4999",
        "5000",
        "6000",
        "65535",
        "65536",
        "9007199254740992",
        "123456789012345678901234567890",
        "1e2",
        "\"\"",
        "\" \"",
        "\"query\"",
        "\"Query\"",
        "\"query\\u0020\"",
        "\"fatal\"",
        "\"4651\"",
        "\" 2000 \"",
        "\"-1\"",
        "\"true\"",
        "\"invalid ROUTE.\"",
        "\"\\u00e9\\ud83d\\ude00\"",
    ]
    .map(str::to_owned)
    .into();
    leaves.extend(reasons(files));
    leaves
}

/// The reason texts that the catalogs know.
fn reasons(files: &Files) -> Vec<String> {
    let mut all = Vec::new();
    for id in CATALOGS {
        for entry in files.0[*id].list("entries") {
            let variants = entry["variants"].as_array().into_iter().flatten();
            let reasons = variants.filter_map(|variant| variant["when"]["reason"].as_array()).flatten();
            all.extend(reasons.map(Value::to_string));
        }
    }
    all
}

fn bodies() -> impl Strategy<Value = String> {
    let files = Files::all();
    let (names, leaves) = (names(files), leaves(files));
    let leaf = prop::sample::select(leaves.clone()).prop_map(Tree::Leaf);
    let tree = leaf.prop_recursive(5, 40, 4, move |inner| {
        let member = (prop::sample::select(names.clone()), inner.clone());
        prop_oneof![
            1 => prop::collection::vec(inner, 0..4).prop_map(Tree::List),
            3 => prop::collection::vec(member, 0..5).prop_map(Tree::Object),
        ]
    });
    let blank = prop::sample::select(vec!["", " ", "\r\n", "\t"]);
    (tree, blank).prop_map(|(tree, blank)| {
        let mut out = blank.to_owned();
        tree.write(&mut out);
        out + blank
    })
}

/// Plain texts and JSON texts, among them the reasons that catalogs know.
fn texts() -> impl Strategy<Value = String> {
    let leaf = prop::sample::select(leaves(Files::all()));
    let leaf = prop_oneof![1 => leaf, 4 => prop::sample::select(reasons(Files::all()))];
    let end = prop::sample::select(vec!["", ".", "..", " ", "%"]);
    (leaf, end, prop::bool::ANY).prop_map(|(leaf, end, quoted)| {
        let text = leaf.trim_matches('"');
        if quoted { format!("\"{text}{end}\"") } else { format!("{text}{end}") }
    })
}

fn any_body() -> impl Strategy<Value = String> {
    prop_oneof![2 => bodies(), 3 => shaped(), 3 => texts()]
}

/// Bodies in the shape that a catalog's paths ask for, so that conditions are met about as often as not.
fn shaped() -> impl Strategy<Value = String> {
    let leaf = prop::sample::select(leaves(Files::all()));
    let error = (leaf.clone(), leaf.clone(), prop::bool::ANY).prop_map(|(kind, text, typed)| {
        let kind = if typed { format!("\"Type\":{kind},") } else { String::new() };
        format!("{{{kind}\"Text\":{text}}}")
    });
    let kinds = prop::sample::select(vec!["\"query\"", "\"query\"", "\"message\"", "null"]);
    let query = kinds.prop_map(|kind| format!("{{\"Type\":{kind}}}"));
    let errors = prop::collection::vec(prop_oneof![query, error], 0..4).prop_map(|errors| errors.join(","));
    let flags = prop::sample::select(vec!["true", "false", "null", "\"false\"", "0"]);
    let statuses = prop::collection::vec(flags.clone(), 0..4)
        .prop_map(|all| all.iter().map(|flag| format!("{{\"success\":{flag}}}")).collect::<Vec<_>>().join(","));
    prop_oneof![
        (errors.clone(), prop::bool::ANY).prop_map(|(errors, more)| {
            let more = if more { ",\"Patient\":{}" } else { "" };
            format!("{{\"Meta\":{{\"Errors\":[{errors}]}}{more}}}")
        }),
        (errors.clone(), errors)
            .prop_map(|(errors, issues)| { format!("{{\"issues\":[{issues}],\"Meta\":{{\"Errors\":[{errors}]}}}}") }),
        (leaf.clone(), flags.clone(), statuses).prop_map(|(code, flag, statuses)| {
            format!("{{\"successful\":{flag},\"responseCode\":{code},\"statuses\":[{statuses}]}}")
        }),
        (flags, leaf.clone()).prop_map(|(flag, id)| format!("{{\"ok\":{flag},\"id\":{id}}}")),
        leaf.prop_map(|message| format!("{{\"message\":{message}}}")),
    ]
}

fn statuses() -> impl Strategy<Value = Option<u16>> {
    let known =
        vec![200, 200, 200, 201, 204, 299, 302, 400, 401, 401, 401, 403, 404, 404, 429, 429, 500, 503, 599, 600];
    prop_oneof![1 => Just(None), 8 => prop::sample::select(known).prop_map(Some), 1 => any::<u16>().prop_map(Some)]
}

proptest! {
    #![proptest_config(tries(3_000))]

    #[test]
    fn a_json_body_means_what_its_tree_does(body in any_body(), status in statuses()) {
        let files = Files::all();
        for id in CATALOGS {
            let expected = files.chain(id).classify(status, Some(&body));
            prop_assert_eq!(found(id, status, Some(&body)), expected, "{} {:?} {}", id, status, &body);
        }
    }
}

/// The generated bodies meet every condition and variant that this reference can follow; else they'd prove little.
#[test]
fn the_generated_bodies_reach_every_variant() {
    let files = Files::all();
    let mut missing = BTreeSet::new();
    for id in CATALOGS.iter().filter(|id| **id != "http") {
        for entry in files.0[*id].list("entries") {
            let variants = entry["variants"].as_array().into_iter().flatten();
            // Headers are another matter.
            let variants = variants.filter(|variant| variant["when"].get("header").is_none());
            let keys = variants.filter_map(|variant| variant["key"].as_str());
            missing.extend(keys.map(|key| format!("{}.{key}", files.0[*id].id_of(entry))));
        }
    }
    assert!(missing.len() > 10, "only {missing:?} are there to be reached");
    let mut runner = TestRunner::new(tries(1));
    let strategy = (any_body(), statuses());
    for _ in 0..20_000 {
        let (body, status) = strategy.new_tree(&mut runner).expect("a body can be made").current();
        for id in CATALOGS {
            if let (Some(entry), Match::Variant) = files.chain(id).classify(status, Some(&body)) {
                missing.remove(&entry);
            }
        }
        if missing.is_empty() {
            return;
        }
    }
    panic!("no body reaches {missing:?}");
}

#[test]
fn the_class_of_a_status_is_that_of_its_hundreds() {
    let statuses: Vec<u16> = (0..=u16::MAX).collect();
    let mut classes = vec![9; statuses.len() + 1];
    retriage::classes(&statuses, &mut classes);
    for (status, class) in statuses.iter().zip(&classes) {
        let expected = if (100..600).contains(status) { status / 100 } else { 0 };
        assert_eq!(u16::from(*class), expected, "{status}");
    }
    assert_eq!(classes.last(), Some(&9), "what there is no status for is left alone");
}

/// What happened, as a dashboard counts it.
#[test]
fn what_failed_is_told_from_what_did_not() {
    let http = retriage::catalog("http").expect("it is built in");
    let category = |evidence: &Evidence<'_>| http.classify(evidence).words.category;
    for (status, failed) in
        [(103, false), (200, false), (304, false), (307, false), (404, true), (503, true), (577, true)]
    {
        let evidence = Evidence { status: Some(status), ..Evidence::default() };
        assert_eq!(category(&evidence).is_failure(), failed, "{status}");
    }
    assert!(category(&Evidence { failure: Some("ECONNREFUSED"), ..Evidence::default() }).is_failure());
    assert!(category(&Evidence::default()).is_failure(), "what isn't known to have worked");
}

#[test]
fn a_catalog_says_how_many_entries_its_file_has() {
    for catalog in retriage::catalogs() {
        let file = json(&format!("codes/catalogs/{}.json", catalog.id()));
        let count = |list: &str| file[list].as_array().map_or(0, Vec::len);
        let said = serde_json::to_value(catalog).expect("a catalog is JSON");
        assert_eq!(said["entries"], count("entries") + count("ranges"), "{}", catalog.id());
    }
}

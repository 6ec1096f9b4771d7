//! One profile, from a file or from a question.

use alloc::borrow::Cow;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::catalog::{read_documents, read_header, read_ms, read_name};
use super::node::{Node, Object, Reader, Str};
use super::{LONGEST_NAME, LONGEST_TEXT, MAX_SAFE};
use crate::profile::{
    AlertPolicy, Backoff, BudgetPolicy, Exception, HintHeader, HintPolicy, Jitter, List, Profile, ProfileCode,
    ProfileFailure, ProfileSource, Rule, Statuses, Text,
};
use crate::vocabulary::{
    Charge, Environment, ErrorKind, FailureKind, Growth, HintForm, HintNeed, HintUse, InvalidHint, JitterKind, Match,
    Mode, Over, Scope, Select, Trouble,
};

/// The fields of every object of a profile, by the name of its definition in `profile.schema.json`.
pub const PROFILE_FIELDS: &[(&str, &[&str])] = &[
    ("profile", PROFILE),
    ("rule", RULE),
    ("backoff", BACKOFF),
    ("jitter", JITTER),
    ("hints", HINTS),
    ("hint_header", HINT_HEADER),
    ("exception", EXCEPTION),
    ("budget", BUDGET),
    ("alert", ALERT),
];

const PROFILE: &[&str] = &[
    "$schema",
    "id",
    "name",
    "about",
    "sources",
    "why",
    "extends",
    "attempts",
    "deadline_ms",
    "select",
    "rules",
    "decisive_header",
    "refusing_header",
    "repeats_unsafe",
    "environments",
    "modes",
    "backoff",
    "jitter",
    "hints",
    "exceptions",
    "budget",
    "scope",
    "alert",
];
const RULE: &[&str] =
    &["statuses", "except", "codes", "failures", "not_failures", "entries", "match", "methods", "not_methods", "hint"];
const BACKOFF: &[&str] = &["growth", "base_ms", "factor", "cap_ms", "schedule_ms", "first_ms"];
const JITTER: &[&str] = &["kind", "ratio", "ms", "capped"];
const HINTS: &[&str] = &[
    "from",
    "statuses",
    "ignore_zero",
    "past_ms",
    "invalid",
    "limit_ms",
    "over",
    "use",
    "clamp_ms",
    "clamp_times",
    "jitter",
    "restarts",
];
const HINT_HEADER: &[&str] = &["header", "forms", "epoch_from", "single"];
const EXCEPTION: &[&str] = &["when", "backoff", "floor_ms", "cost", "scope"];
const BUDGET: &[&str] = &["capacity", "cost", "charge", "threshold", "refund", "idle_refund"];

const ALERT: &[&str] = &["depth", "after", "opens", "closes", "zone", "why"];

/// The profile of a question that names none, and the one that a question's own extends where it names none.
pub(crate) const DEFAULT_PROFILE: &str = "standard";

/// Every environment, and every mode: bit n is the word with number n.
const EVERYWHERE: u8 = (1 << Environment::ALL.len()) - 1;
const EITHER_MODE: u8 = (1 << Mode::ALL.len()) - 1;

/// What a profile starts from that extends nothing: one attempt, and no hints.
pub(crate) const BARE: Profile = Profile {
    id: Cow::Borrowed(""),
    name: Cow::Borrowed(""),
    about: Cow::Borrowed(""),
    sources: Cow::Borrowed(&[]),
    why: None,
    attempts: Some(1),
    deadline_ms: None,
    select: Select::Words,
    rules: Cow::Borrowed(&[]),
    decisive_header: None,
    refusing_header: None,
    repeats_unsafe: false,
    environments: EVERYWHERE,
    modes: EITHER_MODE,
    backoff: Backoff {
        growth: Growth::Constant,
        base_ms: 0,
        factor: 2.0,
        cap_ms: None,
        schedule_ms: Cow::Borrowed(&[]),
        first_ms: None,
    },
    jitter: Jitter::NONE,
    hints: HintPolicy {
        classified: false,
        from: Cow::Borrowed(&[]),
        statuses: Cow::Borrowed(&[]),
        ignore_zero: false,
        past_ms: 0,
        invalid: InvalidHint::Next,
        limit_ms: None,
        over: Over::Cap,
        using: HintUse::Replace,
        clamp_ms: 0,
        clamp_times: 1.0,
        jitter: Some(Jitter::NONE),
        restarts: false,
    },
    exceptions: Cow::Borrowed(&[]),
    budget: None,
    scope: None,
    alert: None,
};

/// What the id of a profile must be: as that of a catalog, and with the full stops of a version.
const AN_ID: &str = "an id: a lower-case letter, then letters, digits, hyphens and full stops, at most 64";

fn is_id(text: &str) -> bool {
    let rest = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-' || byte == b'.';
    (1..=64).contains(&text.len())
        && text.starts_with(|first: char| first.is_ascii_lowercase())
        && text.bytes().all(rest)
}

/// The longest list that a profile may have.
const LONGEST_LIST: usize = 1_000;

fn owned(text: Str<'_>) -> Text {
    Cow::Owned(text.into_owned())
}

impl Profile {
    /// Reads a profile's file, which must say what it is and where it comes from.
    pub(crate) fn read_file(reader: &mut Reader<'_>) -> Option<Self> {
        let object = reader.root(PROFILE)?;
        for field in ["id", "name", "about", "sources", "attempts", "select", "backoff", "jitter"] {
            object.require(reader, field);
        }
        if let Some(node) = object.get("extends") {
            reader.bad(node, "extends", "a built-in profile says all of it; only a question's profile extends one");
        }
        let profile = Self::read(reader, &object, BARE);
        reader.problems.is_empty().then_some(profile)
    }

    /// Reads a question's profile over the one it extends, which `find` gives, or says which there are.
    pub(crate) fn read_inline<'a>(
        reader: &mut Reader<'a>,
        node: Node<'a>,
        find: impl Fn(&str) -> Result<&'static Self, String>,
    ) -> Option<Self> {
        let object = reader.object(node, "", PROFILE)?;
        if let Some(node) = object.get("$schema") {
            reader.plain_text(node, "$schema", LONGEST_TEXT);
        }
        let extends = object.get("extends").unwrap_or(node);
        let id = object.get("extends").and_then(|node| reader.plain_text(node, "extends", LONGEST_NAME));
        let base = find(id.as_deref().unwrap_or(DEFAULT_PROFILE));
        let base = base.map_err(|what| reader.bad_as(ErrorKind::UnknownProfile, extends, "extends", what)).ok()?;
        let profile = Self::read(reader, &object, base.clone());
        reader.problems.is_empty().then_some(profile)
    }

    /// What the object says, over a base; within backoff, jitter, hints and budget too, what isn't said is the
    /// base's. Where something is wrong the base's stays, and the reader has the problem.
    fn read<'a>(reader: &mut Reader<'a>, object: &Object<'a>, base: Self) -> Self {
        let mut profile = base;
        if let Some(node) = object.get("id") {
            put(&mut profile.id, reader.shaped(node, "id", AN_ID, is_id).map(owned));
        }
        for (field, slot) in [("name", &mut profile.name), ("about", &mut profile.about)] {
            if let Some(node) = object.get(field) {
                put(slot, reader.prose(node, field).map(owned));
            }
        }
        if let Some(node) = object.get("why") {
            profile.why = reader.prose(node, "why").map(owned);
        }
        if let Some(node) = object.get("sources") {
            let sources = read_documents(reader, node).into_iter().map(|document| ProfileSource {
                key: owned(document.key),
                title: owned(document.title),
                publisher: owned(document.publisher),
                date: document.date.map(owned),
                read: document.read.map(owned),
            });
            profile.sources = sources.collect::<Vec<_>>().into();
        }
        if let Some(node) = object.get("attempts") {
            let attempts = or_null(node, |node| reader.integer(node, "attempts", 1, u32::MAX.into()));
            put(&mut profile.attempts, attempts.map(|most| most.and_then(|most| most.try_into().ok())));
        }
        if let Some(node) = object.get("deadline_ms") {
            put(&mut profile.deadline_ms, or_null(node, |node| read_ms(reader, node, "deadline_ms")));
        }
        if let Some(node) = object.get("select") {
            put(&mut profile.select, reader.word(node, "select", Select::ALL, Select::as_str));
        }
        profile.read_rules(reader, object);
        for (field, slot) in
            [("decisive_header", &mut profile.decisive_header), ("refusing_header", &mut profile.refusing_header)]
        {
            if let Some(node) = object.get(field) {
                put(slot, or_null(node, |node| read_header(reader, node, field)).map(|header| header.map(owned)));
            }
        }
        if let Some(node) = object.get("repeats_unsafe") {
            put(&mut profile.repeats_unsafe, reader.bool(node, "repeats_unsafe"));
        }
        if let Some(node) = object.get("environments") {
            let words = read_words(reader, node, "environments", Environment::ALL, Environment::as_str);
            profile.environments = bits(&words, |word| *word as u8);
        }
        if let Some(node) = object.get("modes") {
            let words = read_words(reader, node, "modes", Mode::ALL, Mode::as_str);
            profile.modes = bits(&words, |word| *word as u8);
        }
        if let Some(node) = object.get("backoff") {
            read_backoff(reader, node, &mut profile.backoff);
        }
        if let Some(node) = object.get("jitter") {
            read_jitter(reader, node, &mut profile.jitter);
        }
        if let Some(node) = object.get("hints") {
            read_hints(reader, node, &mut profile.hints);
        }
        let on_hints = profile.hints.jitter.unwrap_or(profile.jitter);
        if on_hints.kind == JitterKind::Decorrelated {
            let node = object.get("hints").unwrap_or(object.node);
            reader.bad(node, "jitter", "decorrelated jitter has no share in what a server asks for; take another");
        }
        if let Some(node) = object.get("exceptions") {
            let items = reader.list(node, "exceptions").into_iter();
            let exceptions: Vec<_> = items.filter_map(|item| read_exception(reader, item, &profile.backoff)).collect();
            profile.exceptions = exceptions.into();
        }
        if let Some(node) = object.get("budget") {
            let base = profile.budget.take();
            put(&mut profile.budget, or_null(node, |node| read_budget(reader, node, base)));
        }
        if let Some(node) = object.get("scope") {
            put(&mut profile.scope, or_null(node, |node| reader.word(node, "scope", Scope::ALL, Scope::as_str)));
        }
        if let Some(node) = object.get("alert") {
            put(&mut profile.alert, or_null(node, |node| read_alert(reader, node)));
        }
        profile
    }

    /// The rules, where sets rule; where words do there are none, not even the base's.
    fn read_rules<'a>(&mut self, reader: &mut Reader<'a>, object: &Object<'a>) {
        let said = object.get("rules");
        match (self.select, said) {
            (Select::Words, Some(node)) => reader.bad(node, "rules", "count for nothing where select is words"),
            (Select::Words, None) => self.rules = Cow::Borrowed(&[]),
            (Select::Sets, Some(node)) => self.rules = read_rules(reader, node, "rules"),
            (Select::Sets, None) if self.rules.is_empty() => {
                let what = "is missing: select is sets; name what is retried";
                reader.bad_as(ErrorKind::MissingField, object.node, "rules", what);
            }
            (Select::Sets, None) => {}
        }
    }
}

/// Puts what was read in its place.
fn put<T>(slot: &mut T, read: Option<T>) {
    if let Some(value) = read {
        *slot = value;
    }
}

fn read_alert<'a>(reader: &mut Reader<'a>, node: Node<'a>) -> Option<AlertPolicy> {
    let object = reader.object(node, "alert", ALERT)?;
    let depth = object.require(reader, "depth").and_then(|node| reader.integer(node, "depth", 1, u32::MAX.into()));
    let after = object
        .require(reader, "after")
        .map(|node| read_words(reader, node, "after", Trouble::ALL, Trouble::as_str))
        .unwrap_or_default();
    let [opens, closes] = ["opens", "closes"]
        .map(|field| object.require(reader, field).and_then(|node| read_minute(reader, node, field)));
    // A day that begins at 24:00 begins at 00:00.
    let opens = opens.map(|opens| opens % DAY_MINUTES);
    if let (Some(opens), Some(closes), Some(node)) = (opens, closes, object.get("closes"))
        && opens == closes
    {
        reader.bad(node, "closes", "is when it opens, so that no alert would ever go out; 00:00 to 24:00 is always");
    }
    let rule = "the name of a time zone in the IANA database, such as America/New_York";
    let zone = object.require(reader, "zone").and_then(|node| {
        reader.shaped(node, "zone", rule, |text| {
            !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/_+-".contains(&byte))
        })
    });
    if let Some(node) = object.get("why") {
        reader.prose(node, "why");
    }
    Some(AlertPolicy {
        depth: depth?.try_into().ok()?,
        refused: after.contains(&Trouble::Refused),
        unanswered: after.contains(&Trouble::Unanswered),
        opens: opens?,
        closes: closes?,
        zone: owned(zone?),
    })
}

/// The minutes of a day.
const DAY_MINUTES: u16 = 24 * 60;

/// A time of day such as 10:00, in minutes; 24:00 is the end of the day.
fn read_minute<'a>(reader: &mut Reader<'a>, node: Node<'a>, field: &str) -> Option<u16> {
    let text = reader.plain_text(node, field, LONGEST_NAME)?;
    let part = |text: &str| {
        let is_number = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then(|| text.parse::<u16>().ok()).flatten()
    };
    let minute = text.split_once(':').and_then(|(hour, minute)| {
        let (hour, minute) = (part(hour)?, part(minute)?);
        ((hour < 24 && minute < 60) || (hour == 24 && minute == 0)).then_some(hour * 60 + minute)
    });
    if minute.is_none() {
        reader.bad(node, field, format!("\"{text}\" is not a time of day such as 10:00"));
    }
    minute
}

/// `None` within for null; `None` for a mistake.
fn or_null<'a, T>(node: Node<'a>, read: impl FnOnce(Node<'a>) -> Option<T>) -> Option<Option<T>> {
    if node.is_null() { Some(None) } else { read(node).map(Some) }
}

/// A number that is not negative.
fn read_share<'a>(reader: &mut Reader<'a>, node: Node<'a>, field: &str, most: f64) -> Option<f64> {
    let number = if node.is_text() { None } else { node.number() };
    let number = number.filter(|number| (0.0..=most).contains(number));
    if number.is_none() {
        reader.bad(node, field, format!("must be a number from 0 to {most}"));
    }
    number
}

fn read_words<'a, T: Copy>(
    reader: &mut Reader<'a>,
    node: Node<'a>,
    field: &str,
    all: &[T],
    spell: impl Fn(T) -> &'static str + Copy,
) -> Vec<T> {
    reader.filled_list(node, field).into_iter().filter_map(|item| reader.word(item, field, all, spell)).collect()
}

/// The words of a small set as bits: bit n is the one with number n.
fn bits<T>(words: &[T], number: impl Fn(&T) -> u8) -> u8 {
    words.iter().fold(0, |bits, word| bits | 1 << number(word))
}

/// Each item of a list that isn't too long.
fn read_list<'a, T: Clone>(
    reader: &mut Reader<'a>,
    node: Node<'a>,
    field: &str,
    mut read: impl FnMut(&mut Reader<'a>, Node<'a>) -> Option<T>,
) -> List<T> {
    let items = reader.filled_list(node, field);
    if items.len() > LONGEST_LIST {
        reader.bad(node, field, format!("is too long: {} items; at most {LONGEST_LIST}", items.len()));
    }
    items.into_iter().filter_map(|item| read(reader, item)).collect::<Vec<_>>().into()
}

fn read_rules<'a>(reader: &mut Reader<'a>, node: Node<'a>, field: &str) -> List<Rule> {
    read_list(reader, node, field, |reader, item| read_rule(reader, item, field))
}

fn read_rule<'a>(reader: &mut Reader<'a>, node: Node<'a>, field: &str) -> Option<Rule> {
    let object = reader.object(node, field, RULE)?;
    let says = |fields: &[&str]| fields.iter().any(|field| object.get(field).is_some());
    if !says(&["statuses", "codes", "failures", "entries", "match"]) {
        reader.bad(node, field, "names no statuses, codes, failures, entries or match");
    }
    if says(&["failures"]) && says(&["statuses", "codes"]) {
        reader.bad(node, field, "names failures beside statuses or codes; a failure has neither: make it two rules");
    }
    let names = |reader: &mut Reader<'a>, field: &str| {
        let read = |reader: &mut Reader<'a>, item| read_name(reader, item, field).map(owned);
        object.get(field).map(|node| read_list(reader, node, field, read)).unwrap_or_default()
    };
    let failures = |reader: &mut Reader<'a>, field: &str| {
        let read = |reader: &mut Reader<'a>, item| read_failure(reader, item, field);
        object.get(field).map(|node| read_list(reader, node, field, read)).unwrap_or_default()
    };
    let statuses = |reader: &mut Reader<'a>, field: &str| {
        object.get(field).map(|node| read_statuses(reader, node, field)).unwrap_or_default()
    };
    let (all, except) = (statuses(reader, "statuses"), statuses(reader, "except"));
    let left = without(&all, &except);
    if let Some(node) = object.get("except")
        && left.is_empty()
    {
        let what = if all.is_empty() { "takes from statuses, and there are none" } else { "leaves no status" };
        reader.bad(node, "except", what);
    }
    Some(Rule {
        statuses: left.into(),
        codes: object.get("codes").map(|node| read_list(reader, node, "codes", read_code)).unwrap_or_default(),
        failures: failures(reader, "failures"),
        not_failures: failures(reader, "not_failures"),
        entries: names(reader, "entries"),
        found: object.get("match").and_then(|node| reader.word(node, "match", Match::ALL, Match::as_str)),
        methods: names(reader, "methods"),
        not_methods: names(reader, "not_methods"),
        hint: object
            .get("hint")
            .and_then(|node| reader.word(node, "hint", HintNeed::ALL, HintNeed::as_str))
            .unwrap_or(HintNeed::None),
    })
}

/// Statuses: numbers, classes such as `5xx`, or pairs of a first and a last.
fn read_statuses<'a>(reader: &mut Reader<'a>, node: Node<'a>, field: &str) -> List<Statuses> {
    let status = |reader: &mut Reader<'a>, node: Node<'a>| {
        reader.integer(node, field, 0, u16::MAX.into()).and_then(|status| u16::try_from(status).ok())
    };
    read_list(reader, node, field, |reader, item| {
        let (from, to) = if item.is_text() {
            let classes = ["1xx", "2xx", "3xx", "4xx", "5xx"];
            let class = reader.word(item, field, &classes, |class| class)?;
            let first = classes.iter().position(|known| *known == class).map_or(0, |at| at + 1);
            let from = u16::try_from(first * 100).ok()?;
            (from, from + 99)
        } else if item.is_list() {
            let [from, to] = reader.list(item, field)[..] else {
                reader.bad(item, field, "must be a status, a class such as 5xx, or a pair of a first and a last");
                return None;
            };
            (status(reader, from)?, status(reader, to)?)
        } else {
            let status = status(reader, item)?;
            (status, status)
        };
        if from > to {
            reader.bad(item, field, format!("ends before it begins: {from} to {to}"));
            return None;
        }
        Some(Statuses { from, to })
    })
}

/// The statuses that are in the one list and not in the other.
fn without(statuses: &[Statuses], except: &[Statuses]) -> Vec<Statuses> {
    except.iter().fold(statuses.to_vec(), |left, hole| {
        left.into_iter()
            .flat_map(|part| {
                // A hole beside the part leaves all of it on one side.
                let before = Statuses { from: part.from, to: part.to.min(hole.from.wrapping_sub(1)) };
                let after = Statuses { from: part.from.max(hole.to.saturating_add(1)), to: part.to };
                let sides = [(part.from < hole.from, before), (hole.to < part.to, after)];
                sides.into_iter().filter_map(|(left, part)| left.then_some(part))
            })
            .collect()
    })
}

fn read_code<'a>(reader: &mut Reader<'a>, node: Node<'a>) -> Option<ProfileCode> {
    Some(if node.is_text() {
        ProfileCode::Name(owned(read_name(reader, node, "codes")?))
    } else {
        ProfileCode::Number(reader.integer(node, "codes", -MAX_SAFE, MAX_SAFE)?)
    })
}

fn read_failure<'a>(reader: &mut Reader<'a>, node: Node<'a>, field: &str) -> Option<ProfileFailure> {
    let text = read_name(reader, node, field)?;
    Some(if text.starts_with('@') {
        ProfileFailure::Kind(reader.word(node, field, FailureKind::ALL, FailureKind::as_str)?)
    } else {
        ProfileFailure::Name(owned(text))
    })
}

fn read_backoff<'a>(reader: &mut Reader<'a>, node: Node<'a>, backoff: &mut Backoff) {
    let Some(object) = reader.object(node, "backoff", BACKOFF) else { return };
    if let Some(node) = object.get("growth") {
        put(&mut backoff.growth, reader.word(node, "growth", Growth::ALL, Growth::as_str));
    }
    if let Some(node) = object.get("base_ms") {
        put(&mut backoff.base_ms, read_ms(reader, node, "base_ms"));
    }
    if let Some(node) = object.get("factor") {
        put(&mut backoff.factor, read_share(reader, node, "factor", 1_000.0));
    }
    for (field, slot) in [("cap_ms", &mut backoff.cap_ms), ("first_ms", &mut backoff.first_ms)] {
        if let Some(node) = object.get(field) {
            put(slot, or_null(node, |node| read_ms(reader, node, field)));
        }
    }
    if let Some(node) = object.get("schedule_ms") {
        backoff.schedule_ms =
            read_list(reader, node, "schedule_ms", |reader, item| read_ms(reader, item, "schedule_ms"));
    } else if backoff.growth == Growth::Schedule && backoff.schedule_ms.is_empty() {
        reader.bad_as(ErrorKind::MissingField, node, "schedule_ms", "is missing: growth is schedule");
    }
}

fn read_jitter<'a>(reader: &mut Reader<'a>, node: Node<'a>, jitter: &mut Jitter) {
    let Some(object) = reader.object(node, "jitter", JITTER) else { return };
    if let Some(node) = object.get("kind") {
        put(&mut jitter.kind, reader.word(node, "kind", JitterKind::ALL, JitterKind::as_str));
    }
    if let Some(node) = object.get("ratio") {
        // More than the whole of it could shorten a wait to less than nothing.
        let most = if jitter.kind == JitterKind::Additive { 1_000.0 } else { 1.0 };
        put(&mut jitter.ratio, read_share(reader, node, "ratio", most));
    }
    match object.get("ms") {
        Some(node) => put(&mut jitter.ms, read_ms(reader, node, "ms")),
        // A share that is said takes the place of the base's milliseconds.
        None if object.get("ratio").is_some() => jitter.ms = 0,
        None => {}
    }
    if let Some(node) = object.get("capped") {
        put(&mut jitter.capped, reader.bool(node, "capped"));
    }
}

fn read_hints<'a>(reader: &mut Reader<'a>, node: Node<'a>, hints: &mut HintPolicy) {
    let Some(object) = reader.object(node, "hints", HINTS) else { return };
    if let Some(node) = object.get("from") {
        hints.from = if node.is_text() {
            let word = reader.word(node, "from", &["classified", "none"], |word| word);
            hints.classified = word == Some("classified");
            Cow::Borrowed(&[])
        } else {
            hints.classified = false;
            read_list(reader, node, "from", read_hint_header)
        };
    }
    if let Some(node) = object.get("statuses") {
        let statuses = or_null(node, |node| Some(read_statuses(reader, node, "statuses")));
        hints.statuses = statuses.flatten().unwrap_or_default();
    }
    for (field, slot) in [("ignore_zero", &mut hints.ignore_zero), ("restarts", &mut hints.restarts)] {
        if let Some(node) = object.get(field) {
            put(slot, reader.bool(node, field));
        }
    }
    for (field, slot) in [("past_ms", &mut hints.past_ms), ("clamp_ms", &mut hints.clamp_ms)] {
        if let Some(node) = object.get(field) {
            put(slot, read_ms(reader, node, field));
        }
    }
    if let Some(node) = object.get("invalid") {
        put(&mut hints.invalid, reader.word(node, "invalid", InvalidHint::ALL, InvalidHint::as_str));
    }
    if let Some(node) = object.get("limit_ms") {
        put(&mut hints.limit_ms, or_null(node, |node| read_ms(reader, node, "limit_ms")));
    }
    if let Some(node) = object.get("over") {
        put(&mut hints.over, reader.word(node, "over", Over::ALL, Over::as_str));
    }
    if let Some(node) = object.get("use") {
        put(&mut hints.using, reader.word(node, "use", HintUse::ALL, HintUse::as_str));
    }
    if let Some(node) = object.get("clamp_times") {
        put(&mut hints.clamp_times, read_share(reader, node, "clamp_times", 1_000.0));
    }
    if let Some(node) = object.get("jitter") {
        hints.jitter = if node.is_text() {
            reader.word(node, "jitter", &["same"], |word| word);
            None
        } else {
            let mut jitter = Jitter::NONE;
            read_jitter(reader, node, &mut jitter);
            Some(jitter)
        };
    }
}

fn read_hint_header<'a>(reader: &mut Reader<'a>, node: Node<'a>) -> Option<HintHeader> {
    let object = reader.object(node, "from", HINT_HEADER)?;
    let header = object.require(reader, "header").and_then(|node| read_header(reader, node, "header"));
    let forms = object
        .require(reader, "forms")
        .map(|node| read_words(reader, node, "forms", HintForm::ALL, HintForm::as_str))
        .unwrap_or_default();
    let (mut epoch_from, mut single) = (1_000_000_000, false);
    if let Some(node) = object.get("epoch_from") {
        put(&mut epoch_from, read_ms(reader, node, "epoch_from"));
    }
    if let Some(node) = object.get("single") {
        put(&mut single, reader.bool(node, "single"));
    }
    Some(HintHeader { header: owned(header?), forms: forms.into(), epoch_from, single })
}

fn read_exception<'a>(reader: &mut Reader<'a>, node: Node<'a>, base: &Backoff) -> Option<Exception> {
    let object = reader.object(node, "exceptions", EXCEPTION)?;
    Some(Exception {
        when: object.require(reader, "when").map(|node| read_rules(reader, node, "when")).unwrap_or_default(),
        backoff: object.get("backoff").map(|node| {
            let mut backoff = base.clone();
            read_backoff(reader, node, &mut backoff);
            backoff
        }),
        floor_ms: object.get("floor_ms").and_then(|node| read_ms(reader, node, "floor_ms")),
        cost: object.get("cost").and_then(|node| read_share(reader, node, "cost", LARGEST_BUDGET)),
        scope: object.get("scope").and_then(|node| reader.word(node, "scope", Scope::ALL, Scope::as_str)),
    })
}

/// The most a budget may hold.
const LARGEST_BUDGET: f64 = 1_000_000.0;

fn read_budget<'a>(reader: &mut Reader<'a>, node: Node<'a>, base: Option<BudgetPolicy>) -> Option<BudgetPolicy> {
    let object = reader.object(node, "budget", BUDGET)?;
    if base.is_none() {
        for field in ["capacity", "cost"] {
            object.require(reader, field);
        }
    }
    let mut budget = base.unwrap_or(BudgetPolicy {
        capacity: 0.0,
        cost: 0.0,
        charge: Charge::Retry,
        threshold: 0.0,
        refund: None,
        idle_refund: 0.0,
    });
    for (field, slot) in [
        ("capacity", &mut budget.capacity),
        ("cost", &mut budget.cost),
        ("threshold", &mut budget.threshold),
        ("idle_refund", &mut budget.idle_refund),
    ] {
        if let Some(node) = object.get(field) {
            put(slot, read_share(reader, node, field, LARGEST_BUDGET));
        }
    }
    if let Some(node) = object.get("charge") {
        put(&mut budget.charge, reader.word(node, "charge", Charge::ALL, Charge::as_str));
    }
    if let Some(node) = object.get("refund") {
        put(&mut budget.refund, or_null(node, |node| read_share(reader, node, "refund", LARGEST_BUDGET)));
    }
    Some(budget)
}

//! One profile, from a file or from a question.

use alloc::borrow::Cow;
use alloc::format;
use alloc::vec::Vec;

use super::catalog::{read_documents, read_header, read_ms, read_name};
use super::node::{Node, Object, Reader, Str};
use super::{LONGEST_NAME, MAX_SAFE};
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
        let profile = Self::read(reader, &object, BARE)?;
        reader.problems.is_empty().then_some(profile)
    }

    /// Reads a question's profile over the one it extends, which `find` gives.
    pub(crate) fn read_inline<'a>(
        reader: &mut Reader<'a>,
        node: Node<'a>,
        find: impl Fn(&str) -> Option<&'static Self>,
    ) -> Option<Self> {
        let object = reader.object(node, "", PROFILE)?;
        let id = object.get("extends").and_then(|node| reader.plain_text(node, "extends", LONGEST_NAME));
        let base = find(id.as_deref().unwrap_or("standard"));
        if base.is_none()
            && let Some(node) = object.get("extends")
        {
            reader.bad_as(ErrorKind::UnknownProfile, node, "extends", "there is no such profile");
        }
        let profile = Self::read(reader, &object, base?.clone())?;
        reader.problems.is_empty().then_some(profile)
    }

    /// What the object says, over a base; within backoff, jitter, hints and budget too, what isn't said is the
    /// base's.
    fn read<'a>(reader: &mut Reader<'a>, object: &Object<'a>, base: Self) -> Option<Self> {
        let mut profile = base;
        if let Some(node) = object.get("id") {
            profile.id = owned(reader.shaped(node, "id", AN_ID, is_id)?);
        }
        for (field, slot) in [("name", &mut profile.name), ("about", &mut profile.about)] {
            if let Some(node) = object.get(field) {
                *slot = owned(reader.prose(node, field)?);
            }
        }
        if let Some(node) = object.get("why") {
            profile.why = Some(owned(reader.prose(node, "why")?));
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
            profile.attempts = or_null(node, |node| reader.integer(node, "attempts", 1, u32::MAX.into()))?
                .and_then(|attempts| attempts.try_into().ok());
        }
        if let Some(node) = object.get("deadline_ms") {
            profile.deadline_ms = or_null(node, |node| read_ms(reader, node, "deadline_ms"))?;
        }
        if let Some(node) = object.get("select") {
            profile.select = reader.word(node, "select", Select::ALL, Select::as_str)?;
        }
        match object.get("rules") {
            Some(node) => profile.rules = read_rules(reader, node, "rules")?,
            // Where the words rule, the base's rules don't.
            None if profile.select == Select::Words => profile.rules = Cow::Borrowed(&[]),
            None => {}
        }
        for (field, slot) in
            [("decisive_header", &mut profile.decisive_header), ("refusing_header", &mut profile.refusing_header)]
        {
            if let Some(node) = object.get(field) {
                *slot = or_null(node, |node| read_header(reader, node, field))?.map(owned);
            }
        }
        if let Some(node) = object.get("repeats_unsafe") {
            profile.repeats_unsafe = reader.bool(node, "repeats_unsafe")?;
        }
        if let Some(node) = object.get("environments") {
            let words = read_words(reader, node, "environments", Environment::ALL, Environment::as_str)?;
            profile.environments = words.iter().fold(0, |bits, word| bits | 1 << *word as u8);
        }
        if let Some(node) = object.get("modes") {
            let words = read_words(reader, node, "modes", Mode::ALL, Mode::as_str)?;
            profile.modes = words.iter().fold(0, |bits, word| bits | 1 << *word as u8);
        }
        if let Some(node) = object.get("backoff") {
            profile.backoff = read_backoff(reader, node, profile.backoff)?;
        }
        if let Some(node) = object.get("jitter") {
            profile.jitter = read_jitter(reader, node, profile.jitter)?;
        }
        if let Some(node) = object.get("hints") {
            profile.hints = read_hints(reader, node, profile.hints)?;
        }
        if let Some(node) = object.get("exceptions") {
            let mut exceptions = Vec::new();
            for item in reader.list(node, "exceptions") {
                exceptions.push(read_exception(reader, item, &profile.backoff)?);
            }
            profile.exceptions = Cow::Owned(exceptions);
        }
        if let Some(node) = object.get("budget") {
            let base = profile.budget.take();
            profile.budget = or_null(node, |node| read_budget(reader, node, base))?;
        }
        if let Some(node) = object.get("scope") {
            profile.scope = or_null(node, |node| reader.word(node, "scope", Scope::ALL, Scope::as_str))?;
        }
        if let Some(node) = object.get("alert") {
            profile.alert = or_null(node, |node| read_alert(reader, node))?;
        }
        if profile.select == Select::Sets && profile.rules.is_empty() {
            let what = "is missing: select is sets; name what is retried";
            reader.bad_as(ErrorKind::MissingField, object.node, "rules", what);
        }
        if let Some(node) = object.get("rules")
            && profile.select == Select::Words
        {
            reader.bad(node, "rules", "count for nothing where select is words");
        }
        let on_hints = profile.hints.jitter.unwrap_or(profile.jitter);
        if on_hints.kind == JitterKind::Decorrelated {
            let node = object.get("hints").unwrap_or(object.node);
            reader.bad(node, "jitter", "decorrelated jitter has no share in what a server asks for; take another");
        }
        Some(profile)
    }
}

fn read_alert<'a>(reader: &mut Reader<'a>, node: Node<'a>) -> Option<AlertPolicy> {
    let object = reader.object(node, "alert", ALERT)?;
    let depth = object.require(reader, "depth").and_then(|node| reader.integer(node, "depth", 1, u32::MAX.into()));
    let after = object
        .require(reader, "after")
        .and_then(|node| read_words(reader, node, "after", Trouble::ALL, Trouble::as_str));
    let [opens, closes] = ["opens", "closes"]
        .map(|field| object.require(reader, field).and_then(|node| read_minute(reader, node, field)));
    let rule = "the name of a time zone in the IANA database, such as America/New_York";
    let zone = object.require(reader, "zone").and_then(|node| {
        reader.shaped(node, "zone", rule, |text| {
            !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/_+-".contains(&byte))
        })
    });
    if let Some(node) = object.get("why") {
        reader.prose(node, "why");
    }
    let after = after?;
    Some(AlertPolicy {
        depth: depth?.try_into().ok()?,
        refused: after.contains(&Trouble::Refused),
        unanswered: after.contains(&Trouble::Unanswered),
        opens: opens?,
        closes: closes?,
        zone: owned(zone?),
    })
}

/// A time of day such as 10:00, in minutes; 24:00 is the end of the day.
fn read_minute<'a>(reader: &mut Reader<'a>, node: Node<'a>, field: &str) -> Option<u16> {
    let text = reader.plain_text(node, field, LONGEST_NAME)?;
    let part = |text: &str| (text.len() == 2).then(|| text.parse::<u16>().ok()).flatten();
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
) -> Option<Vec<T>> {
    reader.filled_list(node, field).into_iter().map(|item| reader.word(item, field, all, spell)).collect()
}

fn read_names<'a>(reader: &mut Reader<'a>, node: Node<'a>, field: &str) -> Option<List<Text>> {
    let items = bounded(reader, node, field)?;
    let texts: Option<Vec<Text>> = items.into_iter().map(|item| read_name(reader, item, field).map(owned)).collect();
    texts.map(Cow::Owned)
}

/// The items of a list that isn't too long.
fn bounded<'a>(reader: &mut Reader<'a>, node: Node<'a>, field: &str) -> Option<Vec<Node<'a>>> {
    let items = reader.filled_list(node, field);
    if items.len() > LONGEST_LIST {
        reader.bad(node, field, format!("is too long: {} items; at most {LONGEST_LIST}", items.len()));
        return None;
    }
    Some(items)
}

fn read_rules<'a>(reader: &mut Reader<'a>, node: Node<'a>, field: &str) -> Option<List<Rule>> {
    let items = bounded(reader, node, field)?;
    let rules: Option<Vec<Rule>> = items.into_iter().map(|item| read_rule(reader, item, field)).collect();
    rules.map(Cow::Owned)
}

fn read_rule<'a>(reader: &mut Reader<'a>, node: Node<'a>, field: &str) -> Option<Rule> {
    let object = reader.object(node, field, RULE)?;
    let names = |reader: &mut Reader<'a>, field: &str| match object.get(field) {
        Some(node) => read_names(reader, node, field),
        None => Some(Cow::Borrowed(&[] as &[Text])),
    };
    let failures = |reader: &mut Reader<'a>, field: &str| match object.get(field) {
        Some(node) => read_failures(reader, node, field),
        None => Some(Cow::Borrowed(&[] as &[ProfileFailure])),
    };
    let statuses = match object.get("statuses") {
        Some(node) => read_statuses(reader, node, "statuses")?,
        None => Vec::new(),
    };
    let except = match object.get("except") {
        Some(node) => read_statuses(reader, node, "except")?,
        None => Vec::new(),
    };
    let codes = match object.get("codes") {
        Some(node) => read_codes(reader, node)?,
        None => Vec::new(),
    };
    let said = statuses.len();
    let left = without(statuses, &except);
    if !except.is_empty() && left.is_empty() {
        let what = if said == 0 { "takes from statuses, and there are none" } else { "leaves no status" };
        reader.bad(node, "except", what);
    }
    let rule = Rule {
        statuses: Cow::Owned(left),
        codes: Cow::Owned(codes),
        failures: failures(reader, "failures")?,
        not_failures: failures(reader, "not_failures")?,
        entries: names(reader, "entries")?,
        found: match object.get("match") {
            Some(node) => Some(reader.word(node, "match", Match::ALL, Match::as_str)?),
            None => None,
        },
        methods: names(reader, "methods")?,
        not_methods: names(reader, "not_methods")?,
        hint: match object.get("hint") {
            Some(node) => reader.word(node, "hint", HintNeed::ALL, HintNeed::as_str)?,
            None => HintNeed::None,
        },
    };
    let says_nothing = rule.statuses.is_empty()
        && rule.codes.is_empty()
        && rule.failures.is_empty()
        && rule.entries.is_empty()
        && rule.found.is_none();
    if says_nothing {
        reader.bad(node, field, "names no statuses, codes, failures, entries or match");
    }
    let of_an_answer = !rule.statuses.is_empty() || !rule.codes.is_empty();
    if !rule.failures.is_empty() && of_an_answer {
        reader.bad(node, field, "names failures beside statuses or codes; a failure has neither: make it two rules");
    }
    Some(rule)
}

/// Statuses: numbers, classes such as `5xx`, or pairs of a first and a last.
fn read_statuses<'a>(reader: &mut Reader<'a>, node: Node<'a>, field: &str) -> Option<Vec<Statuses>> {
    let mut statuses = Vec::new();
    for item in bounded(reader, node, field)? {
        let status = |reader: &mut Reader<'a>, node: Node<'a>| {
            reader.integer(node, field, 0, u16::MAX.into()).and_then(|status| u16::try_from(status).ok())
        };
        if item.is_text() {
            let classes = ["1xx", "2xx", "3xx", "4xx", "5xx"];
            let class = reader.word(item, field, &classes, |class| class)?;
            let first = classes.iter().position(|known| *known == class).map_or(0, |at| at + 1);
            let from = u16::try_from(first * 100).ok()?;
            statuses.push(Statuses { from, to: from + 99 });
        } else if item.is_list() {
            let [from, to] = reader.list(item, field)[..] else {
                reader.bad(item, field, "must be a status, a class such as 5xx, or a pair of a first and a last");
                return None;
            };
            let (from, to) = (status(reader, from)?, status(reader, to)?);
            if from > to {
                reader.bad(item, field, format!("ends before it begins: {from} to {to}"));
            }
            statuses.push(Statuses { from, to });
        } else {
            let status = status(reader, item)?;
            statuses.push(Statuses { from: status, to: status });
        }
    }
    Some(statuses)
}

/// The statuses that are in the one list and not in the other.
fn without(statuses: Vec<Statuses>, except: &[Statuses]) -> Vec<Statuses> {
    except.iter().fold(statuses, |left, hole| {
        left.into_iter()
            .flat_map(|part| {
                let before = Statuses { from: part.from, to: part.to.min(hole.from.wrapping_sub(1)) };
                let after = Statuses { from: part.from.max(hole.to.saturating_add(1)), to: part.to };
                let apart = hole.to < part.from || part.to < hole.from;
                if apart {
                    alloc::vec![part]
                } else {
                    [(part.from < hole.from, before), (hole.to < part.to, after)]
                        .into_iter()
                        .filter_map(|(left, part)| left.then_some(part))
                        .collect()
                }
            })
            .collect()
    })
}

fn read_codes<'a>(reader: &mut Reader<'a>, node: Node<'a>) -> Option<Vec<ProfileCode>> {
    let mut codes = Vec::new();
    for item in bounded(reader, node, "codes")? {
        codes.push(if item.is_text() {
            ProfileCode::Name(owned(read_name(reader, item, "codes")?))
        } else {
            ProfileCode::Number(reader.integer(item, "codes", -MAX_SAFE, MAX_SAFE)?)
        });
    }
    Some(codes)
}

fn read_failures<'a>(reader: &mut Reader<'a>, node: Node<'a>, field: &str) -> Option<List<ProfileFailure>> {
    let mut failures = Vec::new();
    for item in bounded(reader, node, field)? {
        let text = read_name(reader, item, field)?;
        failures.push(if text.starts_with('@') {
            ProfileFailure::Kind(reader.word(item, field, FailureKind::ALL, FailureKind::as_str)?)
        } else {
            ProfileFailure::Name(owned(text))
        });
    }
    Some(Cow::Owned(failures))
}

fn read_backoff<'a>(reader: &mut Reader<'a>, node: Node<'a>, base: Backoff) -> Option<Backoff> {
    let object = reader.object(node, "backoff", BACKOFF)?;
    let mut backoff = base;
    if let Some(node) = object.get("growth") {
        backoff.growth = reader.word(node, "growth", Growth::ALL, Growth::as_str)?;
    }
    if let Some(node) = object.get("base_ms") {
        backoff.base_ms = read_ms(reader, node, "base_ms")?;
    }
    if let Some(node) = object.get("factor") {
        backoff.factor = read_share(reader, node, "factor", 1_000.0)?;
    }
    if let Some(node) = object.get("cap_ms") {
        backoff.cap_ms = or_null(node, |node| read_ms(reader, node, "cap_ms"))?;
    }
    if let Some(node) = object.get("schedule_ms") {
        let items = bounded(reader, node, "schedule_ms")?;
        let waits: Option<Vec<u64>> = items.into_iter().map(|item| read_ms(reader, item, "schedule_ms")).collect();
        backoff.schedule_ms = Cow::Owned(waits?);
    }
    if let Some(node) = object.get("first_ms") {
        backoff.first_ms = or_null(node, |node| read_ms(reader, node, "first_ms"))?;
    }
    if backoff.growth == Growth::Schedule && backoff.schedule_ms.is_empty() {
        reader.bad_as(ErrorKind::MissingField, node, "schedule_ms", "is missing: growth is schedule");
    }
    Some(backoff)
}

fn read_jitter<'a>(reader: &mut Reader<'a>, node: Node<'a>, base: Jitter) -> Option<Jitter> {
    let object = reader.object(node, "jitter", JITTER)?;
    let mut jitter = base;
    if let Some(node) = object.get("kind") {
        jitter.kind = reader.word(node, "kind", JitterKind::ALL, JitterKind::as_str)?;
    }
    if let Some(node) = object.get("ratio") {
        // More than the whole of it could shorten a wait to less than nothing.
        let most = if jitter.kind == JitterKind::Additive { 1_000.0 } else { 1.0 };
        jitter.ratio = read_share(reader, node, "ratio", most)?;
    }
    match object.get("ms") {
        Some(node) => jitter.ms = read_ms(reader, node, "ms")?,
        // A share that is said takes the place of the base's milliseconds.
        None if object.get("ratio").is_some() => jitter.ms = 0,
        None => {}
    }
    if let Some(node) = object.get("capped") {
        jitter.capped = reader.bool(node, "capped")?;
    }
    Some(jitter)
}

fn read_hints<'a>(reader: &mut Reader<'a>, node: Node<'a>, base: HintPolicy) -> Option<HintPolicy> {
    let object = reader.object(node, "hints", HINTS)?;
    let mut hints = base;
    if let Some(node) = object.get("from") {
        if node.is_text() {
            hints.classified = reader.word(node, "from", &["classified", "none"], |word| word)? == "classified";
            hints.from = Cow::Borrowed(&[]);
        } else {
            let items = bounded(reader, node, "from")?;
            let headers: Option<Vec<HintHeader>> =
                items.into_iter().map(|item| read_hint_header(reader, item)).collect();
            hints.classified = false;
            hints.from = Cow::Owned(headers?);
        }
    }
    if let Some(node) = object.get("statuses") {
        let statuses = or_null(node, |node| read_statuses(reader, node, "statuses"))?;
        hints.statuses = Cow::Owned(statuses.unwrap_or_default());
    }
    if let Some(node) = object.get("ignore_zero") {
        hints.ignore_zero = reader.bool(node, "ignore_zero")?;
    }
    if let Some(node) = object.get("past_ms") {
        hints.past_ms = read_ms(reader, node, "past_ms")?;
    }
    if let Some(node) = object.get("invalid") {
        hints.invalid = reader.word(node, "invalid", InvalidHint::ALL, InvalidHint::as_str)?;
    }
    if let Some(node) = object.get("limit_ms") {
        hints.limit_ms = or_null(node, |node| read_ms(reader, node, "limit_ms"))?;
    }
    if let Some(node) = object.get("over") {
        hints.over = reader.word(node, "over", Over::ALL, Over::as_str)?;
    }
    if let Some(node) = object.get("use") {
        hints.using = reader.word(node, "use", HintUse::ALL, HintUse::as_str)?;
    }
    if let Some(node) = object.get("clamp_ms") {
        hints.clamp_ms = read_ms(reader, node, "clamp_ms")?;
    }
    if let Some(node) = object.get("clamp_times") {
        hints.clamp_times = read_share(reader, node, "clamp_times", 1_000.0)?;
    }
    if let Some(node) = object.get("jitter") {
        hints.jitter = if node.is_text() {
            reader.word(node, "jitter", &["same"], |word| word)?;
            None
        } else {
            Some(read_jitter(reader, node, Jitter::NONE)?)
        };
    }
    if let Some(node) = object.get("restarts") {
        hints.restarts = reader.bool(node, "restarts")?;
    }
    Some(hints)
}

fn read_hint_header<'a>(reader: &mut Reader<'a>, node: Node<'a>) -> Option<HintHeader> {
    let object = reader.object(node, "from", HINT_HEADER)?;
    let header = object.require(reader, "header").and_then(|node| read_header(reader, node, "header")).map(owned);
    let forms = object
        .require(reader, "forms")
        .and_then(|node| read_words(reader, node, "forms", HintForm::ALL, HintForm::as_str));
    let epoch_from = match object.get("epoch_from") {
        Some(node) => read_ms(reader, node, "epoch_from")?,
        None => 1_000_000_000,
    };
    let single = match object.get("single") {
        Some(node) => reader.bool(node, "single")?,
        None => false,
    };
    Some(HintHeader { header: header?, forms: Cow::Owned(forms?), epoch_from, single })
}

fn read_exception<'a>(reader: &mut Reader<'a>, node: Node<'a>, backoff: &Backoff) -> Option<Exception> {
    let object = reader.object(node, "exceptions", EXCEPTION)?;
    let when = object.require(reader, "when").and_then(|node| read_rules(reader, node, "when"))?;
    Some(Exception {
        when,
        backoff: match object.get("backoff") {
            Some(node) => Some(read_backoff(reader, node, backoff.clone())?),
            None => None,
        },
        floor_ms: match object.get("floor_ms") {
            Some(node) => Some(read_ms(reader, node, "floor_ms")?),
            None => None,
        },
        cost: match object.get("cost") {
            Some(node) => Some(read_share(reader, node, "cost", LARGEST_BUDGET)?),
            None => None,
        },
        scope: match object.get("scope") {
            Some(node) => Some(reader.word(node, "scope", Scope::ALL, Scope::as_str)?),
            None => None,
        },
    })
}

/// The most a budget may hold.
const LARGEST_BUDGET: f64 = 1_000_000.0;

fn read_budget<'a>(reader: &mut Reader<'a>, node: Node<'a>, base: Option<BudgetPolicy>) -> Option<BudgetPolicy> {
    let object = reader.object(node, "budget", BUDGET)?;
    if base.is_none() {
        for field in ["capacity", "cost"] {
            object.require(reader, field)?;
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
            *slot = read_share(reader, node, field, LARGEST_BUDGET)?;
        }
    }
    if let Some(node) = object.get("charge") {
        budget.charge = reader.word(node, "charge", Charge::ALL, Charge::as_str)?;
    }
    if let Some(node) = object.get("refund") {
        budget.refund = or_null(node, |node| read_share(reader, node, "refund", LARGEST_BUDGET))?;
    }
    Some(budget)
}

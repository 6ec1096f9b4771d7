//! The checks that need more than one part of a file, or more than one file.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::catalog::{Catalog, Code, Entry, Key, Received, When};
use super::node::{Place, Problem, Str};
use super::{LONGEST_CHAIN, MOST_TESTS, normal_reason};
use crate::vocabulary::Environment;

/// Checks the catalogs together and puts parents before children, and overlays before what extends what they overlay.
/// The first `known` are good already: others may extend and overlay them, and they don't come back.
pub(super) fn check(catalogs: Vec<Catalog<'_>>, known: usize) -> Result<Vec<Catalog<'_>>, Vec<Problem>> {
    let mut problems = Vec::new();
    for (at, catalog) in catalogs.iter().enumerate().skip(known) {
        if let Some(first) = catalogs.get(..at).into_iter().flatten().find(|other| other.id == catalog.id) {
            let what = format!("\"{}\" is the id of {} too", catalog.id, first.file);
            note(&mut problems, catalog, catalog.place, "", "id", what);
        }
        let overlaid = catalog.overlaid().and_then(|id| catalogs.iter().find(|other| other.id == id));
        if let Some(under) = overlaid.and_then(Catalog::overlaid) {
            let place = catalog.parent().and_then(|(_, place)| *place);
            note(&mut problems, catalog, place, "", "overlays", format!("is an overlay itself; overlay \"{under}\""));
        }
    }
    let mut ordered: Vec<usize> = Vec::new();
    for at in known..catalogs.len() {
        let chain = chain(&catalogs, at, known, &mut problems);
        for link in chain.into_iter().rev() {
            if link >= known && !ordered.contains(&link) {
                ordered.push(link);
            }
        }
    }
    if problems.is_empty() {
        for at in known..catalogs.len() {
            let links = chain(&catalogs, at, known, &mut problems);
            if let [own, parents @ ..] = at_places(&catalogs, &links).as_slice() {
                check_catalog(own, parents, &mut problems);
                check_silenced(own, parents, &mut problems);
            }
        }
    }
    // An overlay is on the way of those as well that are good without it. The first of them is enough to say so.
    for at in 0..known {
        if !problems.is_empty() {
            break;
        }
        let links = chain(&catalogs, at, known, &mut problems);
        if let Some(blamed) = first_unknown(&links, known).and_then(|link| catalogs.get(link)) {
            check_tests(blamed, &at_places(&catalogs, &links), &mut problems);
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let mut catalogs: Vec<Option<Catalog<'_>>> = catalogs.into_iter().map(Some).collect();
    Ok(ordered.into_iter().filter_map(|at| catalogs.get_mut(at).and_then(Option::take)).collect())
}

fn note(
    problems: &mut Vec<Problem>,
    catalog: &Catalog<'_>,
    place: Option<Place>,
    entry: &str,
    field: &str,
    what: impl Into<String>,
) {
    problems.push(Problem {
        file: catalog.file.clone(),
        place,
        entry: entry.to_string(),
        field: field.to_string(),
        what: what.into(),
    });
}

fn at_places<'c, 'a>(catalogs: &'c [Catalog<'a>], places: &[usize]) -> Vec<&'c Catalog<'a>> {
    places.iter().filter_map(|place| catalogs.get(*place)).collect()
}

/// A chain as a person reads it.
fn way(chain: &[&Catalog<'_>]) -> String {
    chain.iter().map(|link| &*link.id).collect::<Vec<_>>().join(" -> ")
}

/// The catalog that is asked in the place of one's parent: the last that overlays it; for one of those, the one before.
fn next(catalogs: &[Catalog<'_>], at: usize, parent: &str) -> Option<usize> {
    let under = catalogs.iter().position(|other| other.id == parent)?;
    let is_overlay = |other: &Catalog<'_>| other.overlaid() == Some(parent);
    let before = if catalogs.get(at).is_some_and(is_overlay) { at } else { catalogs.len() };
    Some(catalogs.get(..before)?.iter().rposition(is_overlay).unwrap_or(under))
}

/// The first on the way up that isn't known to be good: the catalog itself, or what overlays one that it extends.
fn first_unknown(links: &[usize], known: usize) -> Option<usize> {
    links.iter().copied().find(|link| *link >= known)
}

/// The places of a catalog and those it extends, itself first. What is wrong with the way up is noted for the
/// catalog that says so, and not again for those that extend it.
fn chain(catalogs: &[Catalog<'_>], at: usize, known: usize, problems: &mut Vec<Problem>) -> Vec<usize> {
    let mut links = alloc::vec![at];
    let mut link = at;
    while let Some(catalog) = catalogs.get(link) {
        let Some((parent, place)) = catalog.parent() else { break };
        let Some(next) = next(catalogs, link, parent) else {
            if link == at {
                note(
                    problems,
                    catalog,
                    *place,
                    "",
                    catalog.parent_field(),
                    format!("there is no catalog \"{parent}\""),
                );
            }
            break;
        };
        let circle = links.contains(&next);
        if circle || links.len() == LONGEST_CHAIN {
            let way = way(&at_places(catalogs, &[&*links, &[next]].concat()));
            let what = if circle {
                format!("goes round in a circle: {way}")
            } else {
                format!("is longer than {LONGEST_CHAIN} catalogs: {way}")
            };
            let blamed = first_unknown(&links, known).and_then(|link| catalogs.get(link));
            if let Some(first) = blamed.filter(|_| !circle || next == at) {
                let place = first.parent().and_then(|(_, place)| *place);
                note(problems, first, place, "", first.parent_field(), what);
            }
            break;
        }
        links.push(next);
        link = next;
    }
    links
}

/// All tests along a chain have their places in one list.
fn check_tests(blamed: &Catalog<'_>, chain: &[&Catalog<'_>], problems: &mut Vec<Problem>) {
    let conditions = chain.iter().flat_map(|link| &link.evidence.conditions);
    let tests: usize =
        conditions.map(|condition| condition.all.len() + condition.any.len() + condition.none.len()).sum();
    if tests > MOST_TESTS {
        let what = format!("has {tests} tests along the chain {}; at most {MOST_TESTS}", way(chain));
        let last = blamed.evidence.conditions.last().and_then(|condition| condition.place);
        note(problems, blamed, last.or(blamed.place), "", "conditions", what);
    }
}

fn check_catalog(catalog: &Catalog<'_>, parents: &[&Catalog<'_>], problems: &mut Vec<Problem>) {
    let whole_chain = || core::iter::once(catalog).chain(parents.iter().copied());
    check_keys(catalog, problems);
    check_ranges(catalog, parents, problems);
    check_required(catalog, parents, problems);
    check_answers(catalog, problems);
    check_tests(catalog, &whole_chain().collect::<Vec<_>>(), problems);
    for condition in &catalog.evidence.conditions {
        let used = catalog.entries.iter().any(|entry| {
            entry.key == Key::Condition(condition.name.clone())
                || entry.variants.iter().any(|variant| {
                    variant.variant.as_ref().is_some_and(|(_, when)| when.condition.as_ref() == Some(&condition.name))
                })
        });
        if !used {
            let field = format!("conditions.{}", condition.name);
            note(problems, catalog, condition.place, "", &field, "is used by no entry and no variant");
        }
    }
    let known = |name: &Str<'_>| {
        whole_chain().any(|link| link.evidence.conditions.iter().any(|condition| condition.name == *name))
    };
    let reasons = whole_chain().any(|link| !link.evidence.reasons.is_empty());
    for entry in &catalog.entries {
        if let Key::Condition(name) = &entry.key
            && !known(name)
        {
            let what = format!("there is no condition \"{name}\" in evidence.conditions");
            note(problems, catalog, entry.place, &entry.label(), "condition", what);
        }
        let mut before: Vec<(&Str<'_>, &When<'_>)> = Vec::new();
        for variant in &entry.variants {
            let Some((key, when)) = &variant.variant else { continue };
            let label = variant.label();
            let mut tell = |field: &str, what: String| note(problems, catalog, variant.place, &label, field, what);
            if let Some(name) = when.condition.as_ref().filter(|name| !known(name)) {
                tell("when", format!("there is no condition \"{name}\" in evidence.conditions"));
            }
            if matches!((&entry.key, &when.condition), (Key::Condition(own), Some(name)) if own == name) {
                tell("when", "has the entry's own condition, which always holds here; leave it out".to_string());
            }
            if !when.reasons.is_empty() && !reasons {
                tell("when", "is never reached: evidence.reasons says nowhere to look for a reason text".to_string());
            }
            if let Some(others) = covered(when, &before) {
                tell("when", format!("is never reached: whenever it holds, {others} before it does"));
            }
            before.push((key, when));
        }
    }
}

/// What is silenced is there to be silenced.
fn check_silenced(catalog: &Catalog<'_>, parents: &[&Catalog<'_>], problems: &mut Vec<Problem>) {
    for (key, place) in &catalog.silenced {
        let has = |entry: &Entry<'_>| {
            entry.key == *key
                || entry.names.iter().any(|name| match key {
                    Key::Failure(silenced) => matches!(entry.key, Key::Failure(_)) && name == silenced,
                    Key::Code(code) => matches!(entry.key, Key::Code(_)) && Code::from_text(name.clone()) == *code,
                    _ => false,
                })
        };
        let label = key.text();
        if catalog.entries.iter().any(has) {
            note(problems, catalog, *place, &label, "silenced", "has an entry here as well; leave one of them out");
        } else if !parents.iter().flat_map(|parent| &parent.entries).any(has) {
            note(
                problems,
                catalog,
                *place,
                &label,
                "silenced",
                "silences nothing: no catalog along the chain lists it",
            );
        }
    }
}

/// The earlier variants of which one holds whenever this one does.
fn covered(when: &When<'_>, before: &[(&Str<'_>, &When<'_>)]) -> Option<String> {
    let covers = |reason: Option<&Str<'_>>| {
        before.iter().find(|(_, earlier)| {
            let reasons = earlier.reasons.is_empty()
                || reason.is_some_and(|reason| {
                    earlier.reasons.iter().any(|other| normal_reason(other) == normal_reason(reason))
                });
            reasons
                && (earlier.condition.is_none() || earlier.condition == when.condition)
                && (earlier.header.is_none() || earlier.header == when.header)
                && (!earlier.hint || when.hint)
        })
    };
    let found: Option<Vec<_>> = match when.reasons.as_slice() {
        [] => covers(None).map(|one| alloc::vec![one]),
        reasons => reasons.iter().map(|reason| covers(Some(reason))).collect(),
    };
    let mut keys: Vec<String> = found?.into_iter().map(|(key, _)| format!("\"{key}\"")).collect();
    keys.sort();
    keys.dedup();
    Some(keys.join(" or "))
}

/// No key, and no other name, stands twice in one key space, and no id twice in all of them.
fn check_keys(catalog: &Catalog<'_>, problems: &mut Vec<Problem>) {
    let mut seen: BTreeMap<Key<'_>, String> = BTreeMap::new();
    let mut labels: BTreeSet<String> = BTreeSet::new();
    for entry in &catalog.entries {
        let label = entry.label();
        let mut keys = alloc::vec![(entry.key.clone(), "")];
        for name in &entry.names {
            let key = match entry.key {
                Key::Failure(_) => Key::Failure(name.clone()),
                _ => Key::Code(Code::from_text(name.clone())),
            };
            keys.push((key, "names"));
        }
        let mut is_double = false;
        for (key, field) in keys {
            let text = key.text();
            if let Some(other) = seen.get(&key) {
                let what = format!("\"{text}\" stands twice: the entry {other} has it already");
                note(problems, catalog, entry.place, &label, field, what);
                is_double |= field.is_empty();
            } else {
                seen.insert(key, label.clone());
            }
        }
        for version in core::iter::once(entry).filter(|_| !is_double).chain(&entry.variants) {
            let label = version.label();
            if labels.contains(&label) {
                let what = format!("the id {}/{label} stands twice", catalog.id);
                note(problems, catalog, version.place, &label, "", what);
            }
            labels.insert(label);
        }
    }
    let mut limits: Vec<&Str<'_>> = Vec::new();
    for limit in &catalog.limits {
        if limits.contains(&&limit.key) {
            note(problems, catalog, limit.place, &format!("limit {}", limit.key), "key", "stands twice");
        }
        limits.push(&limit.key);
    }
}

/// Ranges of one key space don't overlap, and each holds a number that no entry takes first.
fn check_ranges(catalog: &Catalog<'_>, parents: &[&Catalog<'_>], problems: &mut Vec<Problem>) {
    let bounds = |entry: &Entry<'_>| match entry.key {
        Key::StatusRange(from, to) => Some((true, i64::from(from), i64::from(to))),
        Key::CodeRange(from, to) => Some((false, from, to)),
        _ => None,
    };
    let ranges: Vec<_> =
        catalog.entries.iter().filter_map(|entry| bounds(entry).map(|bounds| (entry, bounds))).collect();
    for (at, (entry, (space, from, to))) in ranges.iter().enumerate() {
        let label = entry.label();
        let overlap = ranges
            .get(..at)
            .into_iter()
            .flatten()
            .find(|(_, (other, first, last))| other == space && first <= to && from <= last);
        if let Some((other, _)) = overlap {
            let what = format!("overlaps the range {}", other.label());
            note(problems, catalog, entry.place, &label, "", what);
        }
        let all = core::iter::once(catalog).chain(parents.iter().copied()).flat_map(|link| &link.entries);
        let listed: BTreeSet<i64> = all
            .flat_map(|entry| {
                let numeric = |name: &Str<'_>| match Code::from_text(name.clone()) {
                    Code::Number(number) => Some(number),
                    Code::Name(_) => None,
                };
                let key = match (&entry.key, *space) {
                    (Key::Status(status), true) => Some(i64::from(*status)),
                    (Key::Code(Code::Number(number)), false) => Some(*number),
                    _ => None,
                };
                let names = entry.names.iter().filter_map(numeric);
                key.into_iter().chain(names.filter(|_| matches!((&entry.key, *space), (Key::Code(_), false))))
            })
            .filter(|number| (*from..=*to).contains(number))
            .collect();
        if i64::try_from(listed.len()) == Ok(to - from + 1) {
            note(problems, catalog, entry.place, &label, "", "is never reached: every number in it has an entry");
        }
    }
}

/// Where a 2xx needs evidence in the body, no 2xx is found by its status.
fn check_required(catalog: &Catalog<'_>, parents: &[&Catalog<'_>], problems: &mut Vec<Problem>) {
    if !core::iter::once(&catalog).chain(parents).any(|link| link.evidence.required) {
        return;
    }
    for entry in &catalog.entries {
        let within = match entry.key {
            Key::Status(status) => (200..300).contains(&status),
            Key::StatusRange(from, to) => from >= 200 && to < 300,
            _ => false,
        };
        if within {
            let what = "is never reached: evidence.required says that a 2xx is found by its body";
            note(problems, catalog, entry.place, &entry.label(), "", what);
        }
    }
}

/// No two answers are for the same thing in the same environment.
fn check_answers(catalog: &Catalog<'_>, problems: &mut Vec<Problem>) {
    let shared = |one: &[Environment], other: &[Environment]| {
        one.is_empty() || other.is_empty() || one.iter().any(|environment| other.contains(environment))
    };
    for (at, answer) in catalog.intents.iter().enumerate() {
        let mut earlier = catalog.intents.iter().take(at);
        if earlier.any(|other| other.intent == answer.intent && shared(&other.environments, &answer.environments)) {
            let entry = format!("answers.intents {}", answer.intent);
            note(problems, catalog, answer.place, &entry, "", "stands twice for the same environment");
        }
    }
    for (at, answer) in catalog.received.iter().enumerate() {
        let overlaps = |other: &Received<'_>| match (other.status, answer.status) {
            (Some((first, last)), Some((from, to))) => first <= to && from <= last,
            _ => other.code.is_some() && other.code == answer.code,
        };
        let mut earlier = catalog.received.iter().take(at);
        if earlier.any(|other| overlaps(other) && shared(&other.environments, &answer.environments)) {
            let entry = match (answer.status, &answer.code) {
                (Some((from, to)), _) => format!("answers.received [{from},{to}]"),
                (None, code) => format!("answers.received {}", code.as_deref().unwrap_or_default()),
            };
            note(problems, catalog, answer.place, &entry, "", "stands twice for the same environment");
        }
    }
}

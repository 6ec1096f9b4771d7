//! The checks that need more than one part of a file, or more than one file.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::catalog::{Catalog, Code, Entry, Key, When};
use super::node::{Place, Problem, Str};
use super::{LONGEST_CHAIN, MOST_CODES, MOST_TESTS, normal_reason};

/// Checks the catalogs together and puts parents before children.
pub(super) fn check(catalogs: Vec<Catalog<'_>>) -> Result<Vec<Catalog<'_>>, Vec<Problem>> {
    let mut problems = Vec::new();
    for (at, catalog) in catalogs.iter().enumerate() {
        if let Some(first) = catalogs.get(..at).into_iter().flatten().find(|other| other.id == catalog.id) {
            let what = format!("\"{}\" is the id of {} too", catalog.id, first.file);
            note(&mut problems, catalog, None, "", "id", what);
        }
    }
    let mut ordered: Vec<usize> = Vec::new();
    for at in 0..catalogs.len() {
        let chain = chain(&catalogs, at, &mut problems);
        for link in chain.into_iter().rev() {
            if !ordered.contains(&link) {
                ordered.push(link);
            }
        }
    }
    if problems.is_empty() {
        for at in 0..catalogs.len() {
            let links = chain(&catalogs, at, &mut problems);
            let parts: Vec<&Catalog<'_>> = links.iter().filter_map(|link| catalogs.get(*link)).collect();
            if let [own, parents @ ..] = parts.as_slice() {
                check_catalog(own, parents, &mut problems);
            }
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

/// The places of a catalog and those it extends, itself first.
fn chain(catalogs: &[Catalog<'_>], at: usize, problems: &mut Vec<Problem>) -> Vec<usize> {
    let mut links = alloc::vec![at];
    let mut link = at;
    while let Some(catalog) = catalogs.get(link) {
        let Some((parent, place)) = &catalog.extends else { break };
        let Some(next) = catalogs.iter().position(|other| other.id == *parent) else {
            let what = format!("there is no catalog \"{parent}\"");
            problems.push(Problem {
                file: catalog.file.clone(),
                place: *place,
                entry: String::new(),
                field: "extends".to_string(),
                what,
            });
            break;
        };
        if links.contains(&next) || links.len() == LONGEST_CHAIN {
            let ids: Vec<&str> =
                links.iter().chain([&next]).filter_map(|link| catalogs.get(*link)).map(|link| &*link.id).collect();
            let what = if links.contains(&next) {
                format!("goes round in a circle: {}", ids.join(" -> "))
            } else {
                format!("is longer than {LONGEST_CHAIN} catalogs: {}", ids.join(" -> "))
            };
            if let Some(first) = catalogs.get(at) {
                note(problems, first, first.extends.as_ref().and_then(|(_, place)| *place), "", "extends", what);
            }
            break;
        }
        links.push(next);
        link = next;
    }
    links
}

fn check_catalog(catalog: &Catalog<'_>, parents: &[&Catalog<'_>], problems: &mut Vec<Problem>) {
    let whole_chain = || core::iter::once(catalog).chain(parents.iter().copied());
    check_keys(catalog, problems);
    check_ranges(catalog, parents, problems);

    if catalog.evidence.codes.len() > MOST_CODES {
        let what = format!("names {} places; at most {MOST_CODES}", catalog.evidence.codes.len());
        note(problems, catalog, None, "", "codes", what);
    }
    let tests: usize = whole_chain()
        .flat_map(|link| &link.evidence.conditions)
        .map(|condition| condition.all.len() + condition.any.len() + condition.none.len())
        .sum();
    if tests > MOST_TESTS {
        let what = format!("has {tests} tests along its chain; at most {MOST_TESTS}");
        note(problems, catalog, None, "", "conditions", what);
    }
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
            if before.iter().any(|(other, _)| *other == key) {
                tell("key", format!("\"{key}\" is the key of an earlier variant too"));
            }
            if let Some(name) = when.condition.as_ref().filter(|name| !known(name)) {
                tell("when", format!("there is no condition \"{name}\" in evidence.conditions"));
            }
            if !when.reasons.is_empty() && !reasons {
                tell("when", "is never reached: evidence.reasons says nowhere to look for a reason text".to_string());
            }
            if let Some((other, _)) = before.iter().find(|(_, earlier)| covers(earlier, when)) {
                tell("when", format!("is never reached: whenever it holds, \"{other}\" before it does"));
            }
            before.push((key, when));
        }
    }
}

/// Whether the earlier holds whenever the later does.
fn covers(earlier: &When<'_>, later: &When<'_>) -> bool {
    let reasons = earlier.reasons.is_empty()
        || (!later.reasons.is_empty()
            && later
                .reasons
                .iter()
                .all(|reason| earlier.reasons.iter().any(|other| normal_reason(other) == normal_reason(reason))));
    reasons
        && (earlier.condition.is_none() || earlier.condition == later.condition)
        && (earlier.header.is_none() || earlier.header == later.header)
        && (!earlier.hint || later.hint)
}

/// No key, and no other name, stands twice in one key space.
fn check_keys(catalog: &Catalog<'_>, problems: &mut Vec<Problem>) {
    let mut seen: BTreeMap<Key<'_>, String> = BTreeMap::new();
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
        for (key, field) in keys {
            // A condition may select one entry under some statuses and another under others.
            if let Key::Condition(_) = key {
                let twin = catalog.entries.iter().find(|other| {
                    other.key == key
                        && other.place < entry.place
                        && (other.under.classes & entry.under.classes != 0
                            || other.under.statuses.iter().any(|status| entry.under.statuses.contains(status)))
                });
                if twin.is_some() {
                    note(problems, catalog, entry.place, &label, "condition", "stands twice for the same statuses");
                }
                continue;
            }
            let text = key.text();
            if let Some(other) = seen.get(&key) {
                let what = format!("\"{text}\" stands twice: the entry {other} has it already");
                note(problems, catalog, entry.place, &label, field, what);
            } else {
                seen.insert(key, label.clone());
            }
        }
    }
    let mut limits: Vec<&Str<'_>> = Vec::new();
    for limit in &catalog.limits {
        if limits.contains(&&limit.key) {
            note(problems, catalog, None, &format!("limit {}", limit.key), "key", "stands twice");
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
        if *space {
            let listed = |status: i64| {
                core::iter::once(catalog)
                    .chain(parents.iter().copied())
                    .flat_map(|link| &link.entries)
                    .any(|entry| matches!(entry.key, Key::Status(key) if i64::from(key) == status))
            };
            if (*from..=*to).all(listed) {
                note(problems, catalog, entry.place, &label, "", "is never reached: every status in it has an entry");
            }
        }
    }
}

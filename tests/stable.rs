//! What has been published stays: the number of each word, and the id of each entry.
//!
//! `tests/stable` lists both, one a line. What is new is added at the end of its list when it is published; nothing
//! is taken out.

mod common;

use std::collections::BTreeSet;

use common::text;
use retriage::vocabulary::*;

fn listed(name: &str) -> BTreeSet<String> {
    let lines: Vec<String> = text(&format!("tests/stable/{name}.txt")).lines().map(str::to_owned).collect();
    let set: BTreeSet<String> = lines.iter().cloned().collect();
    assert_eq!(set.len(), lines.len(), "a line of {name}.txt stands twice");
    set
}

macro_rules! words {
    ($($set:ident),*) => {{
        let mut all = Vec::new();
        $(
            for word in $set::ALL {
                assert_eq!($set::from_word(word.as_str()), Some(*word));
                assert_eq!($set::from_number(*word as u8), Some(*word));
                all.push(format!("{} {} {}", stringify!($set), *word as u8, word.as_str()));
            }
            assert_eq!($set::from_word(""), None);
            assert_eq!($set::from_number(u8::MAX), None);
        )*
        all
    }};
}

#[test]
fn no_word_is_renumbered_or_taken_back() {
    let here = words!(
        Action,
        Alarm,
        Ask,
        Audience,
        Canonical,
        Category,
        Cause,
        Charge,
        DeliveryAction,
        DeliveryReason,
        Environment,
        ErrorKind,
        EventKind,
        FailureKind,
        Fault,
        Field,
        Finality,
        Format,
        Growth,
        HeaderSays,
        HintForm,
        HintNeed,
        HintSource,
        HintState,
        HintUse,
        Intent,
        InvalidHint,
        JitterKind,
        Match,
        Mode,
        Over,
        Phase,
        Processed,
        Repeat,
        Retry,
        Scope,
        Select,
        Selection,
        Sender,
        Severity,
        Signal,
        Step,
        Trouble,
        Unreadable,
        Verified,
        Warning,
        Weighed
    );
    let (here, listed) = (here.into_iter().collect::<BTreeSet<_>>(), listed("words"));
    let lost: Vec<_> = listed.difference(&here).collect();
    assert!(lost.is_empty(), "published, and not here any more: {lost:?}");
    let new: Vec<_> = here.difference(&listed).collect();
    assert!(new.is_empty(), "here, and not in tests/stable/words.txt: {new:?}");
}

#[test]
fn no_entry_is_renamed_or_taken_back() {
    let here: Vec<String> =
        retriage::catalogs().flat_map(retriage::Catalog::entries).map(|entry| entry.id().to_owned()).collect();
    let set: BTreeSet<String> = here.iter().cloned().collect();
    assert_eq!(set.len(), here.len(), "an id stands twice");
    let listed = listed("entries");
    let lost: Vec<_> = listed.difference(&set).collect();
    assert!(lost.is_empty(), "published, and not here any more: {lost:?}");
    let new: Vec<_> = set.difference(&listed).collect();
    assert!(new.is_empty(), "here, and not in tests/stable/entries.txt: {new:?}");
}

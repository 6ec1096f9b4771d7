//! A profile as JSON: `profile.schema.json`, which is what `profile` of a question takes.
//!
//! Read as the profile of a question it gives the same profile again.

use alloc::vec::Vec;

use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::profile::{
    AlertPolicy, Backoff, BudgetPolicy, Exception, HintHeader, HintPolicy, Jitter, Profile, ProfileCode,
    ProfileFailure, ProfileSource, Rule, Statuses, Text,
};
use crate::vocabulary::{Environment, HintForm, HintNeed, Mode, Select, Trouble};

/// Writes an object by its members; each is written where it is said.
macro_rules! object {
    ($type:ident, |$it:ident, $put:ident| $members:block) => {
        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let $it = self;
                let mut $put = serializer.serialize_map(None)?;
                $members
                $put.end()
            }
        }
    };
}

object!(Profile, |it, put| {
    put.serialize_entry("id", &it.id)?;
    for (name, text) in [("name", &it.name), ("about", &it.about)] {
        if !text.is_empty() {
            put.serialize_entry(name, text)?;
        }
    }
    if !it.sources.is_empty() {
        put.serialize_entry("sources", &Documents(&it.sources))?;
    }
    if let Some(why) = &it.why {
        put.serialize_entry("why", why)?;
    }
    put.serialize_entry("attempts", &it.attempts)?;
    put.serialize_entry("deadline_ms", &it.deadline_ms)?;
    put.serialize_entry("select", &it.select)?;
    if it.select == Select::Sets {
        put.serialize_entry("rules", &*it.rules)?;
    }
    put.serialize_entry("decisive_header", &it.decisive_header)?;
    put.serialize_entry("refusing_header", &it.refusing_header)?;
    put.serialize_entry("repeats_unsafe", &it.repeats_unsafe)?;
    put.serialize_entry("environments", &words(it.environments, Environment::ALL))?;
    put.serialize_entry("modes", &words(it.modes, Mode::ALL))?;
    put.serialize_entry("backoff", &it.backoff)?;
    put.serialize_entry("jitter", &it.jitter)?;
    put.serialize_entry("hints", &it.hints)?;
    put.serialize_entry("exceptions", &*it.exceptions)?;
    put.serialize_entry("budget", &it.budget)?;
    put.serialize_entry("scope", &it.scope)?;
    put.serialize_entry("alert", &it.alert)?;
});

/// The words of a set whose bits are set, by their places.
fn words<T: Copy>(bits: u8, all: &[T]) -> Vec<T> {
    all.iter().enumerate().filter(|(place, _)| bits & 1 << place != 0).map(|(_, word)| *word).collect()
}

/// A number as a person would write it: whole where it is whole.
struct Number(f64);

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // A cast cuts and keeps within bounds.
        let whole = self.0 as i64;
        if whole as f64 == self.0 { serializer.serialize_i64(whole) } else { serializer.serialize_f64(self.0) }
    }
}

/// Documents by their names.
struct Documents<'a>(&'a [ProfileSource]);

impl Serialize for Documents<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|source| (&source.key, source)))
    }
}

object!(ProfileSource, |it, put| {
    put.serialize_entry("title", &it.title)?;
    put.serialize_entry("publisher", &it.publisher)?;
    if let Some(date) = &it.date {
        put.serialize_entry("date", date)?;
    }
    if let Some(read) = &it.read {
        put.serialize_entry("read", read)?;
    }
});

/// One status, or a first and a last.
impl Serialize for Statuses {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.from == self.to { self.from.serialize(serializer) } else { [self.from, self.to].serialize(serializer) }
    }
}

impl Serialize for ProfileCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Number(number) => number.serialize(serializer),
            Self::Name(name) => name.serialize(serializer),
        }
    }
}

impl Serialize for ProfileFailure {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Kind(kind) => kind.serialize(serializer),
            Self::Name(name) => name.serialize(serializer),
        }
    }
}

object!(Rule, |it, put| {
    if !it.statuses.is_empty() {
        put.serialize_entry("statuses", &*it.statuses)?;
    }
    if !it.codes.is_empty() {
        put.serialize_entry("codes", &*it.codes)?;
    }
    for (name, failures) in [("failures", &it.failures), ("not_failures", &it.not_failures)] {
        if !failures.is_empty() {
            put.serialize_entry(name, &**failures)?;
        }
    }
    let texts: [(&str, &[Text]); 3] =
        [("entries", &it.entries), ("methods", &it.methods), ("not_methods", &it.not_methods)];
    for (name, texts) in texts {
        if !texts.is_empty() {
            put.serialize_entry(name, texts)?;
        }
    }
    if let Some(found) = it.found {
        put.serialize_entry("match", &found)?;
    }
    if it.hint != HintNeed::None {
        put.serialize_entry("hint", &it.hint)?;
    }
});

object!(Backoff, |it, put| {
    put.serialize_entry("growth", &it.growth)?;
    put.serialize_entry("base_ms", &it.base_ms)?;
    put.serialize_entry("factor", &Number(it.factor))?;
    if !it.schedule_ms.is_empty() {
        put.serialize_entry("schedule_ms", &*it.schedule_ms)?;
    }
    put.serialize_entry("cap_ms", &it.cap_ms)?;
    put.serialize_entry("first_ms", &it.first_ms)?;
});

object!(Jitter, |it, put| {
    put.serialize_entry("kind", &it.kind)?;
    if it.ratio != 0.0 {
        put.serialize_entry("ratio", &Number(it.ratio))?;
    }
    if it.ms != 0 {
        put.serialize_entry("ms", &it.ms)?;
    }
    put.serialize_entry("capped", &it.capped)?;
});

object!(HintPolicy, |it, put| {
    match &*it.from {
        _ if it.classified => put.serialize_entry("from", "classified")?,
        [] => put.serialize_entry("from", "none")?,
        headers => put.serialize_entry("from", headers)?,
    }
    put.serialize_entry("statuses", &Some(&*it.statuses).filter(|statuses| !statuses.is_empty()))?;
    put.serialize_entry("ignore_zero", &it.ignore_zero)?;
    put.serialize_entry("past_ms", &it.past_ms)?;
    put.serialize_entry("invalid", &it.invalid)?;
    put.serialize_entry("limit_ms", &it.limit_ms)?;
    put.serialize_entry("over", &it.over)?;
    put.serialize_entry("use", &it.using)?;
    put.serialize_entry("clamp_ms", &it.clamp_ms)?;
    put.serialize_entry("clamp_times", &Number(it.clamp_times))?;
    match &it.jitter {
        Some(jitter) => put.serialize_entry("jitter", jitter)?,
        None => put.serialize_entry("jitter", "same")?,
    }
    put.serialize_entry("restarts", &it.restarts)?;
});

object!(HintHeader, |it, put| {
    put.serialize_entry("header", &it.header)?;
    put.serialize_entry("forms", &*it.forms)?;
    if it.forms.contains(&HintForm::SecondsOrEpoch) {
        put.serialize_entry("epoch_from", &it.epoch_from)?;
    }
    put.serialize_entry("single", &it.single)?;
});

object!(Exception, |it, put| {
    put.serialize_entry("when", &*it.when)?;
    if let Some(backoff) = &it.backoff {
        put.serialize_entry("backoff", backoff)?;
    }
    if let Some(floor) = it.floor_ms {
        put.serialize_entry("floor_ms", &floor)?;
    }
    if let Some(cost) = it.cost {
        put.serialize_entry("cost", &Number(cost))?;
    }
    if let Some(scope) = it.scope {
        put.serialize_entry("scope", &scope)?;
    }
});

object!(BudgetPolicy, |it, put| {
    put.serialize_entry("capacity", &Number(it.capacity))?;
    put.serialize_entry("cost", &Number(it.cost))?;
    put.serialize_entry("charge", &it.charge)?;
    put.serialize_entry("threshold", &Number(it.threshold))?;
    put.serialize_entry("refund", &it.refund.map(Number))?;
    put.serialize_entry("idle_refund", &Number(it.idle_refund))?;
});

object!(AlertPolicy, |it, put| {
    put.serialize_entry("depth", &it.depth)?;
    let after = [(it.refused, Trouble::Refused), (it.unanswered, Trouble::Unanswered)];
    put.serialize_entry(
        "after",
        &after.iter().filter(|(alerts, _)| *alerts).map(|(_, what)| what).collect::<Vec<_>>(),
    )?;
    put.serialize_entry("opens", &Minute(it.opens))?;
    put.serialize_entry("closes", &Minute(it.closes))?;
    put.serialize_entry("zone", &it.zone)?;
});

/// A minute of the day as a time of day.
struct Minute(u16);

impl Serialize for Minute {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{:02}:{:02}", self.0 / 60, self.0 % 60))
    }
}

//! Counts, kept for each entry and not for each line. The same whatever the order in which parts are put together.

use std::collections::HashMap;
use std::time::{Duration, UNIX_EPOCH};

use retriage::vocabulary::{Processed, Words};
use retriage::{Catalog, Classification, Entry, Error};

use crate::loaded;

/// How many bad lines are kept to be shown.
pub(super) const MOST_BAD_LINES: usize = 10;

/// The place of a line: its file, by the order of the arguments, and its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub(super) file: usize,
    pub(super) line: u64,
}

/// When a line says it was, as it says so; a longer text is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stamp {
    /// Milliseconds since 1970.
    Ms(i64),
    Text([u8; Stamp::LONGEST], u8),
}

impl Stamp {
    const LONGEST: usize = 38;

    pub(super) fn text(text: &[u8]) -> Self {
        let mut bytes = [0; Self::LONGEST];
        let length = text.len().min(Self::LONGEST);
        for (to, from) in bytes.iter_mut().zip(text) {
            *to = *from;
        }
        Self::Text(bytes, u8::try_from(length).unwrap_or(u8::MAX))
    }
}

impl std::fmt::Display for Stamp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Ms(ms) => {
                match u64::try_from(*ms).ok().and_then(|ms| UNIX_EPOCH.checked_add(Duration::from_millis(ms))) {
                    Some(time) => write!(f, "{}", humantime::format_rfc3339_millis(time)),
                    None => write!(f, "{ms}"),
                }
            }
            Self::Text(bytes, length) => {
                f.write_str(&String::from_utf8_lossy(bytes.get(..usize::from(*length)).unwrap_or_default()))
            }
        }
    }
}

/// The methods of RFC 9110, section 9, and RFC 5789.
const METHODS: [&str; 9] = ["GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"];

/// The method of a request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Method {
    /// The line doesn't say.
    #[default]
    Unsaid,
    /// One of [`METHODS`].
    Known(u8),
    /// Another.
    Other,
}

impl Method {
    pub(super) fn of(text: &[u8]) -> Self {
        let known = METHODS.iter().position(|method| method.as_bytes() == text);
        known.and_then(|at| u8::try_from(at).ok()).map_or(Self::Other, Self::Known)
    }
}

/// What is counted of one outcome: an entry with its words, or, where a catalog has none, the catalog.
#[derive(Clone, Debug)]
pub(super) struct Slot {
    pub(super) catalog: Catalog<'static>,
    pub(super) entry: Option<Entry<'static>>,
    pub(super) words: Words,
    pub(super) count: u64,
    pub(super) first: Option<(Place, Stamp)>,
    pub(super) last: Option<(Place, Stamp)>,
}

/// The failures of one method.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct MethodCount {
    pub(super) count: u64,
    /// Those that may have taken effect.
    pub(super) maybe: u64,
}

/// A line that could not be counted.
#[derive(Clone, Debug)]
pub(super) struct BadLine {
    pub(super) place: Place,
    pub(super) error: Error,
}

/// The place of a slot in a tally.
#[derive(Clone, Copy, Debug)]
pub(super) struct SlotId(usize);

#[derive(Debug, Default)]
pub(super) struct Tally {
    /// Lines that aren't blank.
    pub(super) lines: u64,
    /// Those of them that could not be counted.
    pub(super) skipped: u64,
    /// The first of those.
    pub(super) bad_lines: Vec<BadLine>,
    pub(super) slots: Vec<Slot>,
    /// By the id of the entry, or of the catalog, which has no slash.
    ids: HashMap<&'static str, Vec<SlotId>>,
    methods: [MethodCount; METHODS.len() + 1],
}

impl Tally {
    /// The slot of a classification. Allocates only for an outcome that is new.
    pub(super) fn slot(&mut self, classification: &Classification<'_>) -> Option<SlotId> {
        let entry = classification.entry;
        let id = entry.map_or(classification.catalog.id(), |entry| entry.id());
        if let Some(slot) = self.find(id, classification.words) {
            return Some(slot);
        }
        // The classification lives as long as the line; what is kept is the catalog's own.
        let asked = loaded::registry().catalog(classification.catalog.id())?;
        let (catalog, entry) = match entry {
            None => (asked, None),
            Some(entry) => {
                let owner = loaded::registry().catalog(entry.catalog().id())?;
                (owner, Some(owner.entries().find(|own| own.id() == id)?))
            }
        };
        Some(self.add_slot(Slot { catalog, entry, words: classification.words, count: 0, first: None, last: None }))
    }

    fn find(&self, id: &str, words: Words) -> Option<SlotId> {
        let same = |slot: &&SlotId| self.slots.get(slot.0).is_some_and(|slot| slot.words == words);
        self.ids.get(id)?.iter().find(same).copied()
    }

    fn add_slot(&mut self, slot: Slot) -> SlotId {
        let id = SlotId(self.slots.len());
        let name = slot.entry.map_or(slot.catalog.id(), |entry| entry.id());
        self.ids.entry(name).or_default().push(id);
        self.slots.push(slot);
        id
    }

    /// Counts a line.
    pub(super) fn count(&mut self, slot: SlotId, place: Place, method: Method, stamp: impl FnOnce() -> Option<Stamp>) {
        self.lines += 1;
        let Some(slot) = self.slots.get_mut(slot.0) else { return };
        slot.count += 1;
        if !slot.words.category.is_failure() {
            return;
        }
        if let Some(stamp) = stamp() {
            slot.first.get_or_insert((place, stamp));
            slot.last = Some((place, stamp));
        }
        let at = match method {
            Method::Unsaid => return,
            Method::Known(at) => usize::from(at),
            Method::Other => METHODS.len(),
        };
        if let Some(failures) = self.methods.get_mut(at) {
            failures.count += 1;
            failures.maybe += u64::from(slot.words.processed == Processed::Maybe);
        }
    }

    /// Counts a line that can't be.
    pub(super) fn skip(&mut self, place: Place, error: Error) {
        self.lines += 1;
        self.skipped += 1;
        if self.bad_lines.len() < MOST_BAD_LINES {
            self.bad_lines.push(BadLine { place, error });
        }
    }

    /// Takes in the counts of other lines.
    pub(super) fn merge(&mut self, other: Self) {
        self.lines += other.lines;
        self.skipped += other.skipped;
        self.bad_lines.extend(other.bad_lines);
        self.bad_lines.sort_by_key(|bad| bad.place);
        self.bad_lines.truncate(MOST_BAD_LINES);
        for slot in other.slots {
            let name = slot.entry.map_or(slot.catalog.id(), |entry| entry.id());
            let known = self.find(name, slot.words).and_then(|id| self.slots.get_mut(id.0));
            let Some(own) = known else {
                self.add_slot(slot);
                continue;
            };
            own.count += slot.count;
            own.first = own.first.into_iter().chain(slot.first).min_by_key(|(place, _)| *place);
            own.last = own.last.into_iter().chain(slot.last).max_by_key(|(place, _)| *place);
        }
        for (own, other) in self.methods.iter_mut().zip(other.methods) {
            own.count += other.count;
            own.maybe += other.maybe;
        }
    }

    /// The failures by method, those that there are.
    pub(super) fn methods(&self) -> impl Iterator<Item = (&'static str, MethodCount)> {
        METHODS.into_iter().chain(["other"]).zip(self.methods).filter(|(_, failures)| failures.count > 0)
    }
}

#[cfg(test)]
mod tests {
    use retriage::Evidence;
    use retriage::vocabulary::Mode;

    use super::{Method, Place, Stamp, Tally};

    fn counted(lines: &[(u64, u16, &str)]) -> Tally {
        let mut tally = Tally::default();
        let http = retriage::catalog("http").expect("built in");
        for (line, status, time) in lines {
            let evidence = Evidence { status: Some(*status), ..Evidence::default() };
            let slot = tally.slot(&http.classify(&evidence)).expect("built in");
            let stamp = || Some(Stamp::text(time.as_bytes()));
            tally.count(slot, Place { file: 0, line: *line }, Method::of(b"POST"), stamp);
        }
        tally
    }

    #[test]
    fn parts_put_together_in_any_order_are_the_same() {
        let parts = [[(1, 503, "a"), (2, 200, "b")], [(3, 500, "c"), (4, 503, "d")], [(5, 503, "e"), (6, 404, "f")]];
        for order in [[0, 1, 2], [2, 0, 1], [1, 2, 0]] {
            let mut tally = Tally::default();
            for part in order {
                tally.merge(counted(&parts[part]));
            }
            assert_eq!(tally.lines, 6);
            let slot = |id: &str| {
                let entry = |slot: &&super::Slot| slot.entry.is_some_and(|entry| entry.id() == id);
                tally.slots.iter().find(entry).expect("it was counted")
            };
            let shown = |stamp: Option<(Place, Stamp)>| stamp.map(|(_, stamp)| stamp.to_string());
            let unavailable = slot("http/503");
            assert_eq!(unavailable.count, 3);
            assert_eq!(shown(unavailable.first).as_deref(), Some("a"));
            assert_eq!(shown(unavailable.last).as_deref(), Some("e"));
            assert_eq!(slot("http/200").first, None, "only failures are dated");
            let methods: Vec<_> = tally.methods().map(|(name, count)| (name, count.count, count.maybe)).collect();
            assert_eq!(methods, [("POST", 5, 1)]);
        }
    }

    #[test]
    fn other_words_make_another_outcome() {
        let mut tally = Tally::default();
        let http = retriage::catalog("http").expect("built in");
        for mode in [Mode::Async, Mode::Sync, Mode::Async] {
            let evidence = Evidence { status: Some(200), mode: Some(mode), ..Evidence::default() };
            let slot = tally.slot(&http.classify(&evidence)).expect("built in");
            tally.count(slot, Place { file: 0, line: 1 }, Method::Unsaid, || None);
        }
        assert_eq!(tally.slots.iter().map(|slot| slot.count).collect::<Vec<_>>(), [2, 1]);
        let unknown = retriage::catalog("updox").expect("built in").classify(&Evidence::default());
        let slot = tally.slot(&unknown).expect("built in");
        tally.count(slot, Place { file: 0, line: 1 }, Method::Unsaid, || None);
        assert_eq!(tally.slots.last().map(|slot| (slot.catalog.id(), slot.entry)), Some(("updox", None)));
    }

    #[test]
    fn a_stamp_is_shown_as_it_stands() {
        assert_eq!(Stamp::Ms(1_795_219_200_135).to_string(), "2026-11-21T00:00:00.135Z");
        assert_eq!(Stamp::Ms(-1).to_string(), "-1");
        assert_eq!(Stamp::text(b"21/Nov/2026:20:40:00 +0000").to_string(), "21/Nov/2026:20:40:00 +0000");
        assert_eq!(Stamp::text(&[b'9'; 100]).to_string().len(), Stamp::LONGEST);
    }
}

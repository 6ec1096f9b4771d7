//! Names of loaded catalogs, in the order of their hashes: a name's hash says between which few it stands.
//!
//! Somebody who loads a catalog chooses its names, and could choose many with one hash. Those stand in their own order,
//! so that halving finds one among them, and no random source is needed, which the core hasn't.

use alloc::string::String;
use alloc::vec::Vec;

use super::hash::whole;

/// Names and the rows they lead to.
#[derive(Debug)]
pub(crate) struct Sorted {
    /// How far a hash is shifted, so that what is left of it is a place in `starts`.
    shift: u32,
    /// Where the names begin whose hashes begin alike, and, last, where all of them end.
    starts: Vec<u32>,
    names: Vec<Name>,
}

#[derive(Debug)]
struct Name {
    hash: u64,
    name: String,
    row: u32,
}

impl Sorted {
    /// Puts names in order; as many places to begin at as there are names, or up to twice as many.
    pub(crate) fn new(names: impl IntoIterator<Item = (String, u32)>) -> Self {
        let hashed = names.into_iter().map(|(name, row)| Name { hash: whole(&name, 0), name, row });
        let mut names: Vec<Name> = hashed.collect();
        names.sort_unstable_by(|one, other| (one.hash, &one.name).cmp(&(other.hash, &other.name)));
        let places = names.len().next_power_of_two().max(2);
        let shift = u64::BITS - places.trailing_zeros();
        let starts = (0..=places).map(|place| names.partition_point(|name| (name.hash >> shift) < place as u64) as u32);
        Self { shift, starts: starts.collect(), names }
    }

    pub(crate) fn get(&self, name: &str) -> Option<u32> {
        if self.names.is_empty() {
            return None;
        }
        let hash = whole(name, 0);
        let place = (hash >> self.shift) as usize;
        let (from, to) = (*self.starts.get(place)?, *self.starts.get(place + 1)?);
        let near = self.names.get(from as usize..to as usize)?;
        let at = near.binary_search_by(|known| (known.hash, known.name.as_str()).cmp(&(hash, name))).ok()?;
        near.get(at).map(|known| known.row)
    }

    pub(crate) fn len(&self) -> usize {
        self.names.len()
    }

    /// The names with their rows, in no order that means anything.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, u32)> {
        self.names.iter().map(|known| (known.name.as_str(), known.row))
    }
}

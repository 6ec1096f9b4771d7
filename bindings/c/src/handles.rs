//! Handles: numbers that say what they stand for and how often their place has been used, so that one that was freed,
//! or is another's, is told from one that is good.
//!
//! | bits | |
//! |---|---|
//! | 60 to 63 | what it stands for |
//! | 32 to 59 | how often the place has been used; 0 where it is built in |
//! | 16 to 31 | the place |
//! | 0 to 15 | of a catalog: its place in its registry; of a built-in profile: its place |

use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use crate::status::{Failure, Outcome, RETRIAGE_BAD_HANDLE, RETRIAGE_FREED_HANDLE, RETRIAGE_TOO_MANY_HANDLES};

/// What a handle stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Registry = 1,
    Catalog = 2,
    Profile = 3,
    Queue = 4,
}

impl Kind {
    const fn name(self) -> &'static str {
        match self {
            Self::Registry => "registry",
            Self::Catalog => "catalog",
            Self::Profile => "profile",
            Self::Queue => "queue",
        }
    }
}

/// The most times that a place is used; then it is left alone, so that no handle ever comes twice.
const MOST_USES: u32 = (1 << 28) - 1;

/// A handle in its parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Handle {
    pub(crate) kind: Kind,
    pub(crate) uses: u32,
    pub(crate) place: u16,
    pub(crate) inner: u16,
}

impl Handle {
    /// A built-in thing.
    pub(crate) const fn built_in(kind: Kind, inner: u16) -> Self {
        Self { kind, uses: 0, place: 0, inner }
    }

    /// It as a number.
    pub(crate) const fn number(self) -> u64 {
        (self.kind as u64) << 60 | (self.uses as u64) << 32 | (self.place as u64) << 16 | self.inner as u64
    }

    /// A number as a handle of a kind, whatever it says it is.
    pub(crate) const fn of(number: u64, kind: Kind) -> Self {
        Self { kind, uses: (number >> 32) as u32 & MOST_USES, place: (number >> 16) as u16, inner: number as u16 }
    }

    /// A number as a handle of a kind.
    pub(crate) fn parse(number: u64, kind: Kind) -> Outcome<Self> {
        let handle = Self::of(number, kind);
        if number >> 60 == kind as u64 { Ok(handle) } else { Err(handle.refused()) }
    }

    /// What is said of a number that can't be a handle.
    pub(crate) fn refused(self) -> Failure {
        Failure::new(RETRIAGE_BAD_HANDLE, format!("the number is not the handle of a {}", self.kind.name()))
    }

    fn freed(self) -> Failure {
        Failure::new(RETRIAGE_FREED_HANDLE, format!("the {} of this handle has been freed", self.kind.name()))
    }
}

/// The things that handles of a kind stand for.
pub(crate) struct Table<T> {
    kind: Kind,
    places: RwLock<Places<T>>,
}

struct Places<T> {
    all: Vec<Place<T>>,
    free: Vec<u16>,
}

struct Place<T> {
    uses: u32,
    held: Option<T>,
}

impl<T: Clone> Table<T> {
    pub(crate) const fn new(kind: Kind) -> Self {
        Self { kind, places: RwLock::new(Places { all: Vec::new(), free: Vec::new() }) }
    }

    // A panic while the lock is held leaves the table whole: every change of it is one assignment.
    fn read(&self) -> RwLockReadGuard<'_, Places<T>> {
        self.places.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Places<T>> {
        self.places.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps something, and gives its handle.
    pub(crate) fn add(&self, thing: T) -> Outcome<u64> {
        let mut places = self.write();
        let at = match places.free.pop() {
            Some(at) => at,
            None => {
                let at = u16::try_from(places.all.len()).map_err(|_| {
                    let what = format!("there are 65536 handles of a {}; free some", self.kind.name());
                    Failure::new(RETRIAGE_TOO_MANY_HANDLES, what)
                })?;
                places.all.push(Place { uses: 0, held: None });
                at
            }
        };
        let Some(place) = places.all.get_mut(usize::from(at)) else {
            return Err(Handle::built_in(self.kind, 0).refused());
        };
        place.uses += 1;
        place.held = Some(thing);
        Ok(Handle { kind: self.kind, uses: place.uses, place: at, inner: 0 }.number())
    }

    /// What a handle stands for. It stays good for this caller, whoever frees the handle meanwhile.
    pub(crate) fn get(&self, handle: Handle) -> Outcome<T> {
        let places = self.read();
        let place = places.all.get(usize::from(handle.place)).ok_or_else(|| handle.refused())?;
        match &place.held {
            _ if handle.uses == 0 || handle.uses > place.uses => Err(handle.refused()),
            Some(thing) if handle.uses == place.uses => Ok(thing.clone()),
            _ => Err(handle.freed()),
        }
    }

    /// Frees what a handle stands for.
    pub(crate) fn remove(&self, handle: Handle) -> Outcome {
        // Dropped after the lock is let go: it may take long.
        let _thing = self.get(handle)?;
        let mut places = self.write();
        let place = places.all.get_mut(usize::from(handle.place)).ok_or_else(|| handle.refused())?;
        // Another thread may have come first.
        if place.uses != handle.uses || place.held.take().is_none() {
            return Err(handle.freed());
        }
        if place.uses < MOST_USES {
            places.free.push(handle.place);
        }
        Ok(())
    }
}

//! Numbers that must be words, and values that say by a flag that they are given.

use crate::status::{Failure, Outcome, RETRIAGE_BAD_FLAG, RETRIAGE_BAD_WORD};

/// A number as a word of its set.
pub(crate) fn word<T>(number: u32, name: &str, from_number: impl FnOnce(u8) -> Option<T>) -> Outcome<T> {
    u8::try_from(number).ok().and_then(from_number).ok_or_else(|| {
        Failure::new(RETRIAGE_BAD_WORD, format!("{name} is {number}, which is no word of its set; see retriage_word"))
    })
}

/// The flags of a struct.
pub(crate) struct Flags(u32);

impl Flags {
    /// Flags, of which the struct has these.
    pub(crate) fn of(flags: u32, known: u32, name: &str) -> Outcome<Self> {
        if flags & !known == 0 {
            return Ok(Self(flags));
        }
        let what = format!("the flags {:#x} are none of retriage_{name}, which has {known:#x}", flags & !known);
        Err(Failure::new(RETRIAGE_BAD_FLAG, what))
    }

    /// Whether a flag is set.
    pub(crate) fn has(&self, flag: u32) -> bool {
        self.0 & flag != 0
    }

    /// A value whose flag is set. Where the flag isn't, the value must be zero: one that was set and would be passed
    /// over is told instead.
    pub(crate) fn value<T: Default + PartialEq>(&self, flag: u32, value: T, name: &str) -> Outcome<Option<T>> {
        if self.has(flag) {
            return Ok(Some(value));
        }
        if value == T::default() {
            return Ok(None);
        }
        let what = format!("{name} is set and its flag, RETRIAGE_HAS_{}, isn't", name.to_uppercase());
        Err(Failure::new(RETRIAGE_BAD_FLAG, what))
    }

    /// A word whose flag is set, likewise.
    pub(crate) fn word<T>(
        &self,
        flag: u32,
        number: u32,
        name: &str,
        from_number: impl FnOnce(u8) -> Option<T>,
    ) -> Outcome<Option<T>> {
        self.value(flag, number, name)?.map(|number| word(number, name, from_number)).transpose()
    }
}

/// A value and its flag, for a struct on the way out.
pub(crate) fn put<T: Default>(value: Option<T>, flag: u32) -> (T, u32) {
    value.map_or_else(|| (T::default(), 0), |value| (value, flag))
}

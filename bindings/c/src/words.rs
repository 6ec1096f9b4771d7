//! The closed sets as numbers and as texts that end with a NUL.
//!
//! `cargo xtask header` compiles this as well, and prints a constant for every word from it.

use std::ffi::CStr;

use retriage::vocabulary::*;

/// A word of a closed set.
pub(crate) struct Word {
    /// Its number.
    pub(crate) number: u8,
    /// Its spelling and a NUL.
    spelling: &'static [u8],
    /// What it means.
    #[allow(dead_code, reason = "the header says it; the library doesn't")]
    pub(crate) meaning: &'static str,
}

impl Word {
    /// Its spelling, as C has it.
    pub(crate) fn spelling(&self) -> &'static CStr {
        CStr::from_bytes_until_nul(self.spelling).unwrap_or_default()
    }
}

/// A closed set.
pub(crate) struct Set {
    /// Its number in C; 0 for the kinds of errors, which are statuses there.
    pub(crate) kind: u32,
    /// What its constants in C begin with, after `RETRIAGE_`.
    pub(crate) name: &'static str,
    /// Its words, in the order of their numbers.
    pub(crate) words: &'static [Word],
}

/// The longest spelling, with its NUL.
const LONGEST: usize = 40;

const fn terminated(text: &str) -> [u8; LONGEST] {
    let mut bytes = [0; LONGEST];
    let mut at = 0;
    while at < text.len() {
        bytes[at] = text.as_bytes()[at];
        at += 1;
    }
    assert!(at < LONGEST, "a word is longer than LONGEST");
    bytes
}

macro_rules! sets {
    ($($kind:literal $name:literal $set:ident,)*) => {
        /// Every closed set that crosses into C. The numbers are public and stay.
        pub(crate) static SETS: &[Set] = &[$(Set {
            kind: $kind,
            name: $name,
            words: {
                const SPELLINGS: [[u8; LONGEST]; $set::ALL.len()] = {
                    let mut all = [[0; LONGEST]; $set::ALL.len()];
                    let mut at = 0;
                    while at < all.len() {
                        all[at] = terminated($set::ALL[at].as_str());
                        at += 1;
                    }
                    all
                };
                static WORDS: [Word; $set::ALL.len()] = {
                    let mut all = [const { Word { number: 0, spelling: &[0], meaning: "" } }; $set::ALL.len()];
                    let mut at = 0;
                    while at < all.len() {
                        let word = $set::ALL[at];
                        all[at] = Word { number: word as u8, spelling: &SPELLINGS[at], meaning: word.meaning() };
                        at += 1;
                    }
                    all
                };
                &WORDS
            },
        },)*];
    };
}

sets! {
    1 "CATEGORY" Category,
    2 "CANONICAL" Canonical,
    3 "FAULT" Fault,
    4 "RETRY" Retry,
    5 "PROCESSED" Processed,
    6 "FINALITY" Finality,
    7 "SEVERITY" Severity,
    8 "SCOPE" Scope,
    9 "MATCH" Match,
    10 "AUDIENCE" Audience,
    11 "MODE" Mode,
    12 "ENVIRONMENT" Environment,
    13 "HINT" HintState,
    14 "HINT_FROM" HintSource,
    15 "ACTION" Action,
    16 "CAUSE" Cause,
    17 "VERIFIED" Verified,
    18 "EVENT" EventKind,
    19 "DELIVERY" DeliveryAction,
    20 "REASON" DeliveryReason,
    21 "PHASE" Phase,
    22 "ALARM" Alarm,
    23 "INTENT" Intent,
    24 "SENDER" Sender,
    25 "WARNING" Warning,
    0 "ERROR" ErrorKind,
}

/// The set of this number.
pub(crate) fn set(kind: u32) -> Option<&'static Set> {
    SETS.iter().find(|set| set.kind == kind && kind != 0)
}

/// The spelling of a word, by the name of its set.
pub(crate) fn spelling(name: &str, number: u8) -> Option<&'static CStr> {
    let set = SETS.iter().find(|set| set.name == name)?;
    set.words.iter().find(|word| word.number == number).map(Word::spelling)
}

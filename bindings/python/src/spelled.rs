//! The words as Python texts: each made once, so that to give one out is to count a reference.

use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyString;
use retriage::vocabulary::{
    Action, Canonical, Category, Cause, Fault, Finality, Match, Processed, Retry, Scope, Severity,
};

/// A word of a closed set as a Python text.
pub(crate) trait Spelled: Copy {
    /// The text, always the same object.
    fn spelled(self, py: Python<'_>) -> Py<PyString>;
}

macro_rules! spelled {
    ($($name:ident)*) => {
        $(impl Spelled for $name {
            fn spelled(self, py: Python<'_>) -> Py<PyString> {
                static WORDS: PyOnceLock<Vec<Py<PyString>>> = PyOnceLock::new();
                let words = WORDS.get_or_init(py, || {
                    let last = $name::ALL.iter().map(|word| *word as usize).max().unwrap_or_default();
                    // A number that is no word's holds a place and nothing else.
                    let word = |number| u8::try_from(number).ok().and_then($name::from_number);
                    let text = |number| PyString::intern(py, word(number).map_or("", $name::as_str)).unbind();
                    (0..=last).map(text).collect()
                });
                words[self as usize].clone_ref(py)
            }
        })*
    };
}

spelled! { Action Canonical Category Cause Fault Finality Match Processed Retry Scope Severity }

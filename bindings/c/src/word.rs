//! Words as texts, texts as words, and the words of an answer.

use std::ffi::c_char;
use std::ptr;

use crate::packed;
use crate::registry::PackedAnswer;
use crate::status::{Failure, RETRIAGE_BAD_WORD, guard, guard_value};
use crate::text::{NUL_TERMINATED, put, required};
use crate::words;

/// The spelling of a word, as it stands in catalogs, in JSON and in every language: a static text.
///
/// @param kind   RETRIAGE_KIND_*
/// @param number the word's number
/// @return the spelling; NULL where there is no such set or word, and retriage_last_error says which
///
/// Any thread may call it.
///
/// Example:
/// @code
/// puts(retriage_word(RETRIAGE_KIND_RETRY, meaning.retry));
/// @endcode
#[unsafe(no_mangle)]
pub extern "C" fn retriage_word(kind: u32, number: u32) -> *const c_char {
    guard_value(ptr::null(), || {
        let set = words::set(kind).ok_or_else(|| no_set(kind))?;
        let word = set.words.iter().find(|word| u32::from(word.number) == number);
        word.map(|word| word.spelling().as_ptr()).ok_or_else(|| {
            Failure::new(RETRIAGE_BAD_WORD, format!("the set {kind} has no word {number}; see RETRIAGE_{}_*", set.name))
        })
    })
}

fn no_set(kind: u32) -> Failure {
    Failure::new(RETRIAGE_BAD_WORD, format!("there is no set {kind}; see RETRIAGE_KIND_*"))
}

/// The number of a word.
///
/// @param kind     RETRIAGE_KIND_*
/// @param spelling its spelling, ending with a NUL; letter case counts
/// @param number   gets the number
/// @return RETRIAGE_OK, RETRIAGE_BAD_WORD (no such set or word), RETRIAGE_NULL_POINTER, RETRIAGE_BAD_UTF8,
///         RETRIAGE_EMPTY_TEXT
///
/// Any thread may call it.
///
/// Example:
/// @code
/// uint32_t mode;
/// if (retriage_word_number(RETRIAGE_KIND_MODE, configured, &mode) != RETRIAGE_OK) usage();
/// @endcode
#[unsafe(no_mangle)]
pub unsafe extern "C" fn retriage_word_number(kind: u32, spelling: *const c_char, number: *mut u32) -> i32 {
    guard(|| {
        // SAFETY: the caller keeps the contract.
        let spelling = unsafe { required(spelling, NUL_TERMINATED, "spelling") }?;
        let set = words::set(kind).ok_or_else(|| no_set(kind))?;
        let found = set.words.iter().find(|word| word.spelling().to_bytes() == spelling.as_bytes());
        let found = found.ok_or_else(|| {
            let known: Vec<_> = set.words.iter().map(|word| word.spelling().to_string_lossy()).collect();
            Failure::new(RETRIAGE_BAD_WORD, format!("no word of the set; one of {}", known.join(", ")))
        })?;
        // SAFETY: the caller keeps the contract.
        unsafe { put(number, u32::from(found.number), "number") }
    })
}

/// One word of an answer of retriage_find, for languages that can't use RETRIAGE_CATEGORY_OF and its like.
///
/// @param answer an answer
/// @param kind   RETRIAGE_KIND_CATEGORY, _CANONICAL, _FAULT, _RETRY, _PROCESSED, _FINALITY, _SEVERITY, _SCOPE or _MATCH
/// @return the word's number; UINT32_MAX where an answer has no word of that set
///
/// Any thread may call it.
///
/// Example:
/// @code
/// uint32_t retry = retriage_answer_word(answer, RETRIAGE_KIND_RETRY);
/// @endcode
#[unsafe(no_mangle)]
pub extern "C" fn retriage_answer_word(answer: PackedAnswer, kind: u32) -> u32 {
    guard_value(u32::MAX, || {
        let parts = packed::PARTS;
        let part = words::set(kind).and_then(|set| parts.iter().find(|(name, _)| *name == set.name));
        let (_, part) = part.ok_or_else(|| {
            let known: Vec<&str> = parts.iter().map(|(name, _)| *name).collect();
            Failure::new(RETRIAGE_BAD_WORD, format!("an answer has words of the sets {}", known.join(", ")))
        })?;
        Ok(packed::part(answer, *part))
    })
}

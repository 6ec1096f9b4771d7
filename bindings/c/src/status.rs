//! How a call ended: a number, and the text of the last failure for whoever asks.

use std::any::Any;
use std::cell::RefCell;
use std::ffi::{CStr, c_char};
use std::panic::{AssertUnwindSafe, catch_unwind};

use retriage::Error;
use retriage::vocabulary::ErrorKind;

use crate::text;
use crate::words;

/// It worked.
pub const RETRIAGE_OK: i32 = 0;
/// A pointer is NULL that must not be.
pub const RETRIAGE_NULL_POINTER: i32 = 1;
/// The size at the beginning of a struct is none that any version of it has.
pub const RETRIAGE_BAD_SIZE: i32 = 2;
/// A text is not UTF-8.
pub const RETRIAGE_BAD_UTF8: i32 = 3;
/// A text has no characters, or its length is missing.
pub const RETRIAGE_EMPTY_TEXT: i32 = 4;
/// The number is no handle, or a handle of something else.
pub const RETRIAGE_BAD_HANDLE: i32 = 5;
/// The handle has been freed.
pub const RETRIAGE_FREED_HANDLE: i32 = 6;
/// A number is none of its closed set.
pub const RETRIAGE_BAD_WORD: i32 = 7;
/// A flag is unknown, or a value is set whose flag isn't.
pub const RETRIAGE_BAD_FLAG: i32 = 8;
/// A number is out of range.
pub const RETRIAGE_OUT_OF_RANGE: i32 = 9;
/// The buffer is too small; nothing was written to it, and `needed` says how large it must be.
pub const RETRIAGE_BUFFER_TOO_SMALL: i32 = 10;
/// There is no such thing: no such text of an entry, no such member, no advice.
pub const RETRIAGE_ABSENT: i32 = 11;
/// A file of a catalog or a language has mistakes; retriage_last_error lists them, one a line.
pub const RETRIAGE_BAD_FILE: i32 = 12;
/// There are as many handles of this kind as there can be.
pub const RETRIAGE_TOO_MANY_HANDLES: i32 = 13;
/// The library failed. It is a bug in it; nothing was changed.
pub const RETRIAGE_BUG: i32 = 14;
/// Statuses from here on are the errors of the core, RETRIAGE_ERROR_BAD_JSON and so on: this and their number.
pub const RETRIAGE_FIRST_ERROR: i32 = 100;

/// Why a call failed.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) status: i32,
    pub(crate) message: String,
}

/// What a call comes to.
pub(crate) type Outcome<T = ()> = Result<T, Failure>;

impl Failure {
    pub(crate) fn new(status: i32, message: impl Into<String>) -> Self {
        Self { status, message: message.into() }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::new(RETRIAGE_FIRST_ERROR + error.kind as i32, error.to_string())
    }
}

thread_local! {
    static LAST: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Runs a call: what it fails with is its status and the thread's last error, and no panic leaves it.
pub(crate) fn guard(call: impl FnOnce() -> Outcome) -> i32 {
    // What a panic leaves half done is no more than the value it was making: locks are taken over (`handles`).
    let failure = match catch_unwind(AssertUnwindSafe(call)) {
        Ok(Ok(())) => return RETRIAGE_OK,
        Ok(Err(failure)) => failure,
        Err(panic) => {
            forget(panic);
            Failure::new(RETRIAGE_BUG, "the library failed; please report it")
        }
    };
    remember(failure.message);
    failure.status
}

/// Runs a call that gives a value, and has another for when it fails.
pub(crate) fn guard_value<T>(otherwise: T, call: impl FnOnce() -> Outcome<T>) -> T {
    let mut value = otherwise;
    guard(|| {
        value = call()?;
        Ok(())
    });
    value
}

/// Drops what a panic carries, which can itself panic; what that carries is left where it is.
fn forget(panic: Box<dyn Any + Send>) {
    if let Err(again) = catch_unwind(AssertUnwindSafe(|| drop(panic))) {
        std::mem::forget(again);
    }
}

fn remember(message: String) {
    // A thread that is ending has no place for it any more.
    let _ = LAST.try_with(|last| {
        if let Ok(mut last) = last.try_borrow_mut() {
            *last = message;
        }
    });
}

/// What a status means, in a few English words: a static text, never NULL.
///
/// Any thread may call it.
///
/// Example:
/// @code
/// if (status != RETRIAGE_OK) fprintf(stderr, "%s\n", retriage_status_text(status));
/// @endcode
#[unsafe(no_mangle)]
pub extern "C" fn retriage_status_text(status: i32) -> *const c_char {
    let text: &'static CStr = match status {
        RETRIAGE_OK => c"ok",
        RETRIAGE_NULL_POINTER => c"a pointer is NULL that must not be",
        RETRIAGE_BAD_SIZE => c"the size at the beginning of a struct is wrong",
        RETRIAGE_BAD_UTF8 => c"a text is not UTF-8",
        RETRIAGE_EMPTY_TEXT => c"a text is empty, or its length is missing",
        RETRIAGE_BAD_HANDLE => c"not a handle of this kind",
        RETRIAGE_FREED_HANDLE => c"the handle has been freed",
        RETRIAGE_BAD_WORD => c"a number is none of its closed set",
        RETRIAGE_BAD_FLAG => c"a flag is unknown, or a value is set without its flag",
        RETRIAGE_OUT_OF_RANGE => c"a number is out of range",
        RETRIAGE_BUFFER_TOO_SMALL => c"the buffer is too small",
        RETRIAGE_ABSENT => c"there is no such thing",
        RETRIAGE_BAD_FILE => c"a file has mistakes",
        RETRIAGE_TOO_MANY_HANDLES => c"too many handles",
        RETRIAGE_BUG => c"the library failed; please report it",
        _ => {
            let kind = u8::try_from(status.wrapping_sub(RETRIAGE_FIRST_ERROR)).ok().and_then(ErrorKind::from_number);
            let word = kind.and_then(|kind| words::spelling("ERROR", kind as u8));
            word.unwrap_or(c"no status of this version")
        }
    };
    text.as_ptr()
}

/// The text of the last call of this thread that failed: what was bad, where, and what would be right. It never holds
/// a text of a response. Calls that work leave it as it is; before the first failure it is empty.
///
/// @param buffer   where the text and a NUL go; may be NULL if `capacity` is 0
/// @param capacity how many bytes there are
/// @param needed   gets how many bytes it takes, the NUL included; may be NULL
/// @return RETRIAGE_OK, RETRIAGE_BUFFER_TOO_SMALL or RETRIAGE_NULL_POINTER
///
/// Any thread may call it, and sees its own failures only.
///
/// Example:
/// @code
/// char text[512];
/// if (retriage_catalog_find(RETRIAGE_BUILT_IN, "upddox", &catalog) != RETRIAGE_OK
///     && retriage_last_error(text, sizeof text, NULL) == RETRIAGE_OK)
///   fprintf(stderr, "%s\n", text);
/// @endcode
#[unsafe(no_mangle)]
pub unsafe extern "C" fn retriage_last_error(buffer: *mut c_char, capacity: usize, needed: *mut usize) -> i32 {
    let last = LAST.try_with(|last| last.try_borrow().map(|last| last.clone()).unwrap_or_default());
    let last = last.unwrap_or_default();
    // What it returns is not itself remembered: it would be in the place of what was asked for.
    // SAFETY: the caller keeps the contract.
    let outcome = catch_unwind(AssertUnwindSafe(|| unsafe { text::write(&last, buffer, capacity, needed) }));
    match outcome {
        Ok(Ok(())) => RETRIAGE_OK,
        Ok(Err(failure)) => failure.status,
        Err(panic) => {
            forget(panic);
            RETRIAGE_BUG
        }
    }
}

//! Texts on their way in, which are checked, and on their way out, which are copied.

use std::borrow::Cow;
use std::ffi::{CStr, c_char};
use std::slice;

use crate::status::{
    Failure, Outcome, RETRIAGE_BAD_UTF8, RETRIAGE_BUFFER_TOO_SMALL, RETRIAGE_EMPTY_TEXT, RETRIAGE_NULL_POINTER,
    RETRIAGE_OUT_OF_RANGE,
};

/// The length of a text that ends with a NUL.
pub(crate) const NUL_TERMINATED: usize = usize::MAX;

pub(crate) fn null(name: &str) -> Failure {
    Failure::new(RETRIAGE_NULL_POINTER, format!("{name} is NULL"))
}

fn not_utf8(name: &str, at: usize) -> Failure {
    Failure::new(RETRIAGE_BAD_UTF8, format!("{name} is not UTF-8: wrong from byte {at} on"))
}

/// A stretch of elements; NULL is none, and must then have no length.
///
/// # Safety
/// `at` is NULL or points to `length` elements that stay as they are for `'a`.
pub(crate) unsafe fn elements<'a, T>(at: *const T, length: usize, name: &str) -> Outcome<Option<&'a [T]>> {
    if at.is_null() {
        return if length == 0 {
            Ok(None)
        } else {
            Err(Failure::new(RETRIAGE_NULL_POINTER, format!("{name} is NULL, and its length is {length}")))
        };
    }
    if length.checked_mul(size_of::<T>().max(1)).is_none_or(|bytes| bytes > isize::MAX.unsigned_abs()) {
        return Err(Failure::new(RETRIAGE_OUT_OF_RANGE, format!("{name} can't be {length} long")));
    }
    if !at.is_aligned() {
        return Err(Failure::new(RETRIAGE_OUT_OF_RANGE, format!("{name} is not aligned for what it points to")));
    }
    // SAFETY: not NULL, aligned, and of a length that an object can have; the rest is the caller's promise.
    Ok(Some(unsafe { slice::from_raw_parts(at, length) }))
}

/// Bytes; NULL is none. A length of `NUL_TERMINATED` has them end before a NUL.
///
/// # Safety
/// `at` is NULL, or points to `length` bytes or to a text with a NUL, as `length` says, that stay as they are for
/// `'a`.
pub(crate) unsafe fn bytes<'a>(at: *const c_char, length: usize, name: &str) -> Outcome<Option<&'a [u8]>> {
    if length == NUL_TERMINATED && !at.is_null() {
        // SAFETY: the caller promises a NUL.
        return Ok(Some(unsafe { CStr::from_ptr(at) }.to_bytes()));
    }
    // SAFETY: the caller's promise.
    unsafe { elements(at.cast::<u8>(), length, name) }
}

/// A text that has something in it; NULL is none.
///
/// # Safety
/// As [`bytes`].
pub(crate) unsafe fn text<'a>(at: *const c_char, length: usize, name: &str) -> Outcome<Option<&'a str>> {
    // SAFETY: the caller's promise.
    let Some(bytes) = (unsafe { bytes(at, length, name) })? else { return Ok(None) };
    if bytes.is_empty() {
        let what = format!("{name} is empty; give its length in bytes, or RETRIAGE_NUL_TERMINATED, or NULL for none");
        return Err(Failure::new(RETRIAGE_EMPTY_TEXT, what));
    }
    std::str::from_utf8(bytes).map(Some).map_err(|error| not_utf8(name, error.valid_up_to()))
}

/// A text that must be there, likewise.
///
/// # Safety
/// As [`bytes`].
pub(crate) unsafe fn required<'a>(at: *const c_char, length: usize, name: &str) -> Outcome<&'a str> {
    // SAFETY: the caller's promise.
    unsafe { text(at, length, name) }?.ok_or_else(|| null(name))
}

/// The value of a header. One that isn't UTF-8 is read as ISO-8859-1, which such values historically are (RFC 9110,
/// section 5.5), so that one odd header doesn't lose the whole answer.
///
/// # Safety
/// As [`bytes`].
pub(crate) unsafe fn header_value<'a>(at: *const c_char, length: usize) -> Outcome<Cow<'a, str>> {
    // SAFETY: the caller's promise.
    let bytes = unsafe { bytes(at, length, "a header's value") }?.unwrap_or_default();
    let latin_1 = |_| Cow::Owned(bytes.iter().map(|byte| char::from(*byte)).collect());
    Ok(std::str::from_utf8(bytes).map_or_else(latin_1, Cow::Borrowed))
}

/// Writes a text and a NUL, or says how large the buffer must be.
///
/// # Safety
/// `buffer` is NULL or has `capacity` bytes; `needed` is NULL or has room for a `usize`.
pub(crate) unsafe fn write(text: &str, buffer: *mut c_char, capacity: usize, needed: *mut usize) -> Outcome {
    let length = text.len() + 1;
    if !needed.is_null() {
        // SAFETY: not NULL; the caller promises room. It need not be aligned.
        unsafe { needed.write_unaligned(length) };
    }
    if buffer.is_null() && capacity > 0 {
        return Err(null("buffer"));
    }
    if capacity < length {
        let what = format!("the buffer has {capacity} bytes, and {length} are needed");
        return Err(Failure::new(RETRIAGE_BUFFER_TOO_SMALL, what));
    }
    // SAFETY: `length` is at least 1, so `capacity` is, and `buffer` is not NULL and has room for all of it. A text
    // of ours can't overlap a buffer of the caller's.
    unsafe {
        buffer.cast::<u8>().copy_from_nonoverlapping(text.as_ptr(), text.len());
        buffer.add(text.len()).write(0);
    }
    Ok(())
}

/// Writes a value to where the caller wants it.
///
/// # Safety
/// `to` is NULL or has room for it.
pub(crate) unsafe fn put<T>(to: *mut T, value: T, name: &str) -> Outcome {
    if to.is_null() {
        return Err(null(name));
    }
    // SAFETY: not NULL; the caller promises room. It need not be aligned.
    unsafe { to.write_unaligned(value) };
    Ok(())
}

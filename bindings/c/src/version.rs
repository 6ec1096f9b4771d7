//! Which library it is.

use std::ffi::{CStr, c_char};

/// Counts the changes after which a program must be compiled again. While the version is 0.x it may go up with each
/// minor version.
pub const RETRIAGE_ABI: u32 = 1;

#[allow(clippy::indexing_slicing, reason = "the compiler runs it, and says so if it can't")]
const fn number(text: &str) -> u32 {
    let mut number = 0;
    let mut at = 0;
    while at < text.len() {
        number = number * 10 + (text.as_bytes()[at] - b'0') as u32;
        at += 1;
    }
    number
}

const VERSION: &CStr = match CStr::from_bytes_with_nul(concat!(env!("CARGO_PKG_VERSION"), "\0").as_bytes()) {
    Ok(version) => version,
    Err(_) => c"",
};

/// The version of the library that runs, such as "0.1.0": a static text. RETRIAGE_VERSION is that of the header.
///
/// Any thread may call it.
///
/// Example:
/// @code
/// printf("compiled for %s, runs with %s\n", RETRIAGE_VERSION, retriage_version());
/// @endcode
#[unsafe(no_mangle)]
pub extern "C" fn retriage_version() -> *const c_char {
    VERSION.as_ptr()
}

/// The version of the library that runs as a number to compare: 1,000,000 times the first part, 1,000 times the second,
/// and the third. RETRIAGE_VERSION_NUMBER is that of the header.
///
/// Any thread may call it.
///
/// Example:
/// @code
/// if (retriage_version_number() < 1000) puts("older than 0.1.0");
/// @endcode
#[unsafe(no_mangle)]
pub extern "C" fn retriage_version_number() -> u32 {
    const {
        number(env!("CARGO_PKG_VERSION_MAJOR")) * 1_000_000
            + number(env!("CARGO_PKG_VERSION_MINOR")) * 1_000
            + number(env!("CARGO_PKG_VERSION_PATCH"))
    }
}

/// The ABI of the library that runs. It must be RETRIAGE_ABI of the header that a program was compiled with; a program
/// that loads the library by itself asks first.
///
/// Any thread may call it.
///
/// Example:
/// @code
/// if (retriage_abi() != RETRIAGE_ABI) abort();
/// @endcode
#[unsafe(no_mangle)]
pub extern "C" fn retriage_abi() -> u32 {
    RETRIAGE_ABI
}

//! The other side: what to answer a sender.

use std::ffi::c_char;

use retriage::vocabulary::{Environment, ErrorKind, Intent};
use retriage::{Advice, Catalog, Reply};

use crate::evidence::{RETRIAGE_HAS_STATUS, json_pointer, write_value};
use crate::given::{Flags, put as flagged, word};
use crate::registry::{CatalogHandle, with_catalog};
use crate::sized::{check, give, growing, take};
use crate::status::{
    Failure, Outcome, RETRIAGE_ABSENT, RETRIAGE_BAD_FLAG, RETRIAGE_FIRST_ERROR, RETRIAGE_OUT_OF_RANGE, guard,
};
use crate::text::text;

/// `intent` is given.
pub const RETRIAGE_HAS_INTENT: u32 = 0x1000000;
/// `error_code` is given.
pub const RETRIAGE_HAS_ERROR_CODE: u32 = 0x2000000;
/// Something is advised.
pub const RETRIAGE_HAS_ADVISED: u32 = 0x4000000;
/// The catalog's documents say what the sender makes of the reply that was asked about.
pub const RETRIAGE_HAS_RECEIVED: u32 = 0x8000000;

/// What a destination wants its sender to do, and what it is about to answer: one of them, or both. Set `size`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct Wish {
    /// sizeof(retriage_wish).
    pub size: usize,
    /// RETRIAGE_HAS_INTENT, RETRIAGE_HAS_STATUS.
    pub flags: u32,
    /// What it wants: RETRIAGE_INTENT_*.
    pub intent: u32,
    /// The HTTP status it is about to answer with.
    pub status: u32,
    /// Where it runs: RETRIAGE_ENVIRONMENT_*; 0 is production.
    pub environment: u32,
    /// The acknowledgement code it is about to answer with, such as "AE"; NULL for none.
    pub code: *const c_char,
    /// How many bytes it has, or RETRIAGE_NUL_TERMINATED.
    pub code_length: usize,
}

/// What to answer, and what the sender makes of it. Set `size` before the call.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct AdviceGiven {
    /// sizeof(retriage_advice).
    pub size: usize,
    /// RETRIAGE_HAS_ADVISED, RETRIAGE_HAS_STATUS, RETRIAGE_HAS_ERROR_CODE, RETRIAGE_HAS_RECEIVED.
    pub flags: u32,
    /// The HTTP status to answer with, with RETRIAGE_HAS_STATUS.
    pub status: u32,
    /// The error code to put beside the acknowledgement, with RETRIAGE_HAS_ERROR_CODE.
    pub error_code: i64,
    /// With RETRIAGE_HAS_ADVISED, what the sender does about the advised answer: RETRIAGE_SENDER_*.
    pub sender: u32,
    /// With RETRIAGE_HAS_RECEIVED, what it does about the answer that was asked about.
    pub received: u32,
    /// What should give pause: bit n is the RETRIAGE_WARNING_* of that number.
    pub warnings: u32,
    /// Unused.
    pub reserved: u32,
}

growing! {
    "wish" Wish up to code_length: usize;
    "advice" AdviceGiven up to reserved: u32;
}

/// Asks a catalog for advice.
///
/// # Safety
/// `wish` and what it points to are as the header says.
unsafe fn ask<T>(
    catalog: CatalogHandle,
    wish: *const Wish,
    with: impl FnOnce(&Advice<'_>) -> Outcome<T>,
) -> Outcome<T> {
    // SAFETY: the caller's promise.
    let wish = unsafe { take(wish) }?;
    let flags = Flags::of(wish.flags, RETRIAGE_HAS_INTENT | RETRIAGE_HAS_STATUS, "wish")?;
    let intent = flags.word(RETRIAGE_HAS_INTENT, wish.intent, "intent", Intent::from_number)?;
    let environment = word(wish.environment, "environment", Environment::from_number)?;
    // SAFETY: the caller's promise.
    let code = unsafe { text(wish.code, wish.code_length, "code") }?;
    let reply = match (flags.value(RETRIAGE_HAS_STATUS, wish.status, "status")?, code) {
        (Some(_), Some(_)) => {
            let what = "status stands beside code: ask about one reply at a time";
            return Err(Failure::new(RETRIAGE_BAD_FLAG, what));
        }
        (Some(status), None) => Some(Reply::Status(u16::try_from(status).map_err(|_| {
            Failure::new(RETRIAGE_OUT_OF_RANGE, format!("status is {status}; it must be from 0 to 65535"))
        })?)),
        (None, code) => code.map(Reply::Code),
    };
    if intent.is_none() && reply.is_none() {
        let status = RETRIAGE_FIRST_ERROR + ErrorKind::MissingField as i32;
        return Err(Failure::new(status, "give an intent, or the status or code you mean to answer"));
    }
    with_catalog(catalog, |catalog, _, _| {
        let gives = catalog.chain().any(|link| link.intents().next().is_some() || link.received().next().is_some());
        let advice = if gives { Catalog::advise(catalog, intent, reply, environment) } else { None };
        let none = || Failure::new(RETRIAGE_ABSENT, format!("the catalog {} has no advice for it", catalog.id()));
        with(&advice.ok_or_else(none)?)
    })
}

/// Says what a destination should answer its sender to get what it wants, and what the sender makes of an answer.
///
/// @param catalog the catalog of the sender, such as "redox" or "hl7v2"
/// @param wish    what is wanted, what is about to be answered, or both
/// @param advice  is filled; set its `size` first
/// @return RETRIAGE_OK; RETRIAGE_ABSENT (the catalog has no advice for it); RETRIAGE_ERROR_MISSING_FIELD (neither an
///         intent nor a reply); RETRIAGE_NULL_POINTER, RETRIAGE_BAD_SIZE, RETRIAGE_BAD_FLAG, RETRIAGE_BAD_WORD,
///         RETRIAGE_BAD_UTF8, RETRIAGE_EMPTY_TEXT, RETRIAGE_OUT_OF_RANGE, RETRIAGE_BAD_HANDLE, RETRIAGE_FREED_HANDLE
///
/// Any thread may call it.
///
/// Example:
/// @code
/// retriage_wish wish = RETRIAGE_INIT(retriage_wish);
/// wish.flags = RETRIAGE_HAS_INTENT;
/// wish.intent = RETRIAGE_INTENT_DOWN;
/// retriage_advice advice = RETRIAGE_INIT(retriage_advice);
/// if (retriage_advise(redox, &wish, &advice) == RETRIAGE_OK) respond(advice.status);
/// @endcode
#[unsafe(no_mangle)]
pub unsafe extern "C" fn retriage_advise(catalog: CatalogHandle, wish: *const Wish, advice: *mut AdviceGiven) -> i32 {
    guard(|| {
        // SAFETY: the caller keeps the contract.
        unsafe {
            check(advice)?;
            ask(catalog, wish, |found| {
                let advised = found.advised.as_ref();
                let status = advised.and_then(|answer| answer.statuses()).map(|(status, _)| u32::from(status));
                let (status, has_status) = flagged(status, RETRIAGE_HAS_STATUS);
                let error_code = advised.and_then(|answer| answer.error_code());
                let (error_code, has_error_code) = flagged(error_code, RETRIAGE_HAS_ERROR_CODE);
                let sender = advised.map(|answer| answer.sender() as u32);
                let (sender, has_advised) = flagged(sender, RETRIAGE_HAS_ADVISED);
                let received = found.received.as_ref().map(|answer| answer.sender() as u32);
                let (received, has_received) = flagged(received, RETRIAGE_HAS_RECEIVED);
                let told = AdviceGiven {
                    size: 0,
                    flags: has_status | has_error_code | has_advised | has_received,
                    status,
                    error_code,
                    sender,
                    received,
                    warnings: found.warnings().fold(0, |bits, warning| bits | 1 << warning as u32),
                    reserved: 0,
                };
                give(advice, told)
            })
        }
    })
}

/// Says in JSON what retriage_advise says in numbers: the advice of the wire form (codes/answer.schema.json), with the
/// code to answer, titles, remedies and sources; or one value of it.
///
/// @param catalog  the catalog of the sender
/// @param wish     as of retriage_advise
/// @param pointer  a JSON pointer (RFC 6901) to one value, such as "/advice/advised/code"; a text comes without
///                 quotation marks. NULL or "" for the whole
/// @param buffer   where the text (UTF-8) and a NUL go; may be NULL if `capacity` is 0
/// @param capacity how many bytes there are
/// @param needed   gets how many bytes it takes, the NUL included; may be NULL
/// @return as of retriage_advise, and RETRIAGE_ABSENT (there is no such value), RETRIAGE_BUFFER_TOO_SMALL
///
/// Any thread may call it.
///
/// Example:
/// @code
/// char code[8];
/// retriage_advise_text(hl7v2, &wish, "/advice/advised/code", code, sizeof code, NULL);
/// @endcode
#[unsafe(no_mangle)]
pub unsafe extern "C" fn retriage_advise_text(
    catalog: CatalogHandle,
    wish: *const Wish,
    pointer: *const c_char,
    buffer: *mut c_char,
    capacity: usize,
    needed: *mut usize,
) -> i32 {
    guard(|| {
        // SAFETY: the caller keeps the contract.
        unsafe {
            let pointer = json_pointer(pointer)?;
            ask(catalog, wish, |found| {
                // The keys of advice are texts, so that writing them can't fail.
                let json = serde_json::to_string(found).unwrap_or_default();
                write_value(format!("{{\"advice\":{json}}}"), pointer, buffer, capacity, needed)
            })
        }
    })
}

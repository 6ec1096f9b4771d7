//! What came back, what it means, and what to do.

use std::borrow::Cow;
use std::ffi::c_char;
use std::slice;

use retriage::vocabulary::{Environment, Mode, Verified};
use retriage::{BODY_LIMIT, Code};

use crate::given::{Flags, put, word};
use crate::profile::profile;
use crate::registry::{CatalogHandle, EntryNumber, entry_number, wished, with_catalog};
use crate::sized::{check, give, growing, take, take_or_zero};
use crate::status::{Failure, Outcome, RETRIAGE_ABSENT, RETRIAGE_BAD_FLAG, RETRIAGE_OUT_OF_RANGE, guard};
use crate::text::{NUL_TERMINATED, bytes, elements, header_value, required, text, write};

// Every flag of every struct has its own bit, so that one in the wrong struct is refused.

/// `status` is given.
pub const RETRIAGE_HAS_STATUS: u32 = 0x1;
/// `code_number` is given.
pub const RETRIAGE_HAS_CODE_NUMBER: u32 = 0x2;
/// `mode` is given.
pub const RETRIAGE_HAS_MODE: u32 = 0x4;
/// `now_ms` is given.
pub const RETRIAGE_HAS_NOW_MS: u32 = 0x8;
/// `body_limit` is given.
pub const RETRIAGE_HAS_BODY_LIMIT: u32 = 0x10;
/// No `details` are collected: what retriage_explain says then holds no text of the response.
pub const RETRIAGE_WITHOUT_DETAILS: u32 = 0x20;
/// `idempotent` is given.
pub const RETRIAGE_HAS_IDEMPOTENT: u32 = 0x40;
/// `verified` is given.
pub const RETRIAGE_HAS_VERIFIED: u32 = 0x80;
/// `random` is given.
pub const RETRIAGE_HAS_RANDOM: u32 = 0x100;
/// `previous_ms` is given.
pub const RETRIAGE_HAS_PREVIOUS_MS: u32 = 0x200;
/// `cost` is given.
pub const RETRIAGE_HAS_COST: u32 = 0x400;
/// Fresh credentials have been tried.
pub const RETRIAGE_REAUTHENTICATED: u32 = 0x800;
/// `thousandths` is given.
pub const RETRIAGE_HAS_THOUSANDTHS: u32 = 0x1000;
/// The server said something about time: `hint` and `hint_from` are given.
pub const RETRIAGE_HAS_HINT: u32 = 0x2000;
/// `hint_delay_ms` is given.
pub const RETRIAGE_HAS_HINT_DELAY_MS: u32 = 0x4000;
/// `delay_ms` is given.
pub const RETRIAGE_HAS_DELAY_MS: u32 = 0x8000;
/// `not_before_ms` is given.
pub const RETRIAGE_HAS_NOT_BEFORE_MS: u32 = 0x10000;

/// One header. A name may stand more than once, in any letter case.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct Header {
    /// Its name.
    pub name: *const c_char,
    /// How many bytes the name has, or RETRIAGE_NUL_TERMINATED.
    pub name_length: usize,
    /// Its value, in UTF-8 or, as such values historically are, ISO-8859-1; NULL counts as empty.
    pub value: *const c_char,
    /// How many bytes the value has, or RETRIAGE_NUL_TERMINATED.
    pub value_length: usize,
}

/// What came back from a request, or that nothing did. Set `size`, leave everything else zero, and fill in what there
/// is. A number counts if its flag is set, a text if it isn't NULL; a number that is set without its flag is refused.
/// Nothing is kept after the call.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct Evidence {
    /// sizeof(retriage_evidence).
    pub size: usize,
    /// RETRIAGE_HAS_STATUS, _CODE_NUMBER, _MODE, _NOW_MS, _BODY_LIMIT, RETRIAGE_WITHOUT_DETAILS.
    pub flags: u32,
    /// The HTTP status, 0 to 65535.
    pub status: u32,
    /// A vendor code that is a number, where the caller has taken it out of the response already.
    pub code_number: i64,
    /// A vendor code that is a name (UTF-8), likewise; one of digits counts as the number.
    pub code: *const c_char,
    /// How many bytes it has, or RETRIAGE_NUL_TERMINATED.
    pub code_length: usize,
    /// What the client calls the failure: "ECONNRESET", "curl:28".
    pub failure: *const c_char,
    /// How many bytes it has, or RETRIAGE_NUL_TERMINATED.
    pub failure_length: usize,
    /// The headers, and trailers if there were any.
    pub headers: *const Header,
    /// How many.
    pub header_count: usize,
    /// The body's bytes: JSON, HL7 version 2 (with or without its MLLP frame), text. NULL where there was none.
    pub body: *const c_char,
    /// How many bytes it has, or RETRIAGE_NUL_TERMINATED.
    pub body_length: usize,
    /// The MSH-10 of the HL7 message that was sent (UTF-8); an acknowledgement of another one proves nothing.
    pub control_id: *const c_char,
    /// How many bytes it has, or RETRIAGE_NUL_TERMINATED.
    pub control_id_length: usize,
    /// The time of receipt, in milliseconds since 1970-01-01T00:00:00Z; needed for hints that are dates.
    pub now_ms: i64,
    /// The longest body that is read, in bytes; a longer one counts as unreadable. 1 MiB unless given.
    pub body_limit: u64,
    /// How the request was sent: RETRIAGE_MODE_*.
    pub mode: u32,
    /// Unused; leave it zero.
    pub reserved: u32,
}

/// What a response means. Set `size` before the call.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct Classification {
    /// sizeof(retriage_classification).
    pub size: usize,
    /// RETRIAGE_HAS_HINT, RETRIAGE_HAS_HINT_DELAY_MS.
    pub flags: u32,
    /// The entry that was found, in the registry of the catalog; 0 for none.
    pub entry: EntryNumber,
    /// How long the server asks to wait from the time of receipt, in milliseconds.
    pub hint_delay_ms: u64,
    /// RETRIAGE_CATEGORY_*.
    pub category: u8,
    /// RETRIAGE_CANONICAL_*, a google.rpc.Code.
    pub canonical: u8,
    /// RETRIAGE_FAULT_*.
    pub fault: u8,
    /// RETRIAGE_RETRY_*.
    pub retry: u8,
    /// RETRIAGE_PROCESSED_*: whether the request took effect.
    pub processed: u8,
    /// RETRIAGE_FINALITY_*.
    pub finality: u8,
    /// RETRIAGE_SEVERITY_*.
    pub severity: u8,
    /// RETRIAGE_SCOPE_*: what a delay holds back.
    pub scope: u8,
    /// RETRIAGE_MATCH_*: how the entry was found.
    pub matched: u8,
    /// RETRIAGE_HINT_*: what the server's hint is worth.
    pub hint: u8,
    /// RETRIAGE_HINT_FROM_*: where it came from.
    pub hint_from: u8,
    /// Unused.
    pub reserved: [u8; 5],
}

/// What one request remembers between its attempts. Set `size`, leave the rest zero before the first, and keep it; each
/// decision changes it. It holds numbers alone and can be stored.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct State {
    /// sizeof(retriage_state).
    pub size: usize,
    /// RETRIAGE_REAUTHENTICATED, RETRIAGE_HAS_PREVIOUS_MS, RETRIAGE_HAS_COST.
    pub flags: u32,
    /// The attempt after which the backoff started over; 0 if it hasn't.
    pub restarted: u32,
    /// The last wait, in milliseconds.
    pub previous_ms: u64,
    /// What the last retry cost the budget, in thousandths of a token.
    pub cost: u64,
}

/// What is left for a destination, shared by everybody who calls it; for profiles with a budget. Set `size` and leave
/// the rest zero for a full one. It holds numbers alone and can be stored. Two threads that share one take turns.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct Budget {
    /// sizeof(retriage_budget).
    pub size: usize,
    /// Thousandths of a token, with RETRIAGE_HAS_THOUSANDTHS.
    pub thousandths: u64,
    /// RETRIAGE_HAS_THOUSANDTHS.
    pub flags: u32,
    /// Unused; leave it zero.
    pub reserved: u32,
}

/// The request, and the attempt that has just ended. Set `size` and `number`; what is left zero counts as not said.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct Attempt {
    /// sizeof(retriage_attempt).
    pub size: usize,
    /// RETRIAGE_HAS_IDEMPOTENT, RETRIAGE_HAS_VERIFIED, RETRIAGE_HAS_RANDOM.
    pub flags: u32,
    /// Which attempt it was: 1 for the first.
    pub number: u32,
    /// Milliseconds since the first attempt began.
    pub elapsed_ms: u64,
    /// A number from 0 up to, but not including, 1, new for each decision; for the jitter of the profile.
    pub random: f64,
    /// The method, such as "GET"; NULL counts as one that isn't known to be safe to repeat.
    pub method: *const c_char,
    /// How many bytes it has, or RETRIAGE_NUL_TERMINATED.
    pub method_length: usize,
    /// What this request remembers: read, and changed where the decision is made. NULL for none.
    pub state: *mut State,
    /// What is left for this destination, likewise. NULL for a full one.
    pub budget: *mut Budget,
    /// Whether repeating is safe, by an idempotency key or otherwise: 1 or 0; without its flag the method says.
    pub idempotent: u32,
    /// What a check after RETRIAGE_ACTION_VERIFY found: RETRIAGE_VERIFIED_*.
    pub verified: u32,
    /// Where it runs: RETRIAGE_ENVIRONMENT_*; 0 is production.
    pub environment: u32,
    /// Unused; leave it zero.
    pub reserved: u32,
}

/// What to do next. Set `size` before the call.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct Decision {
    /// sizeof(retriage_decision).
    pub size: usize,
    /// RETRIAGE_HAS_DELAY_MS, RETRIAGE_HAS_NOT_BEFORE_MS.
    pub flags: u32,
    /// RETRIAGE_ACTION_*: what to do.
    pub action: u8,
    /// RETRIAGE_SCOPE_*: what the delay holds back.
    pub scope: u8,
    /// RETRIAGE_CAUSE_*: what decided.
    pub cause: u8,
    /// Unused.
    pub reserved: u8,
    /// For RETRIAGE_ACTION_RETRY: after how many milliseconds from the time of receipt.
    pub delay_ms: u64,
    /// For RETRIAGE_ACTION_STOP: after how many milliseconds it could have been tried again.
    pub not_before_ms: u64,
}

growing! {
    "evidence" Evidence up to reserved: u32;
    "classification" Classification up to reserved: [u8; 5];
    "state" State up to cost: u64;
    "budget" Budget up to reserved: u32;
    "attempt" Attempt up to reserved: u32;
    "decision" Decision up to not_before_ms: u64;
}

/// Evidence, read and checked.
pub(crate) struct Given<'a> {
    status: Option<u16>,
    code: Option<Code<'a>>,
    failure: Option<&'a str>,
    headers: Vec<(&'a str, Cow<'a, str>)>,
    body: Option<&'a [u8]>,
    control_id: Option<&'a str>,
    mode: Option<Mode>,
    now_ms: Option<i64>,
    body_limit: usize,
    details: bool,
}

impl<'a> Given<'a> {
    /// Reads evidence.
    ///
    /// # Safety
    /// `at` and what it points to are as the header says, and stay so for `'a`.
    pub(crate) unsafe fn read(at: *const Evidence) -> Outcome<Self> {
        // SAFETY: the caller's promise.
        let it = unsafe { take(at) }?;
        let known = RETRIAGE_HAS_STATUS
            | RETRIAGE_HAS_CODE_NUMBER
            | RETRIAGE_HAS_MODE
            | RETRIAGE_HAS_NOW_MS
            | RETRIAGE_HAS_BODY_LIMIT
            | RETRIAGE_WITHOUT_DETAILS;
        let flags = Flags::of(it.flags, known, "evidence")?;
        let status = flags.value(RETRIAGE_HAS_STATUS, it.status, "status")?.map(|status| {
            u16::try_from(status).map_err(|_| {
                Failure::new(RETRIAGE_OUT_OF_RANGE, format!("status is {status}; it must be from 0 to 65535"))
            })
        });
        let number = flags.value(RETRIAGE_HAS_CODE_NUMBER, it.code_number, "code_number")?.map(Code::Number);
        // SAFETY: the caller's promise.
        let (name, failure, body, control_id) = unsafe {
            (
                text(it.code, it.code_length, "code")?.map(Code::Name),
                text(it.failure, it.failure_length, "failure")?,
                bytes(it.body, it.body_length, "body")?,
                text(it.control_id, it.control_id_length, "control_id")?,
            )
        };
        if number.is_some() && name.is_some() {
            let what = "code stands beside code_number: give one of them";
            return Err(Failure::new(RETRIAGE_BAD_FLAG, what));
        }
        let limit = flags.value(RETRIAGE_HAS_BODY_LIMIT, it.body_limit, "body_limit")?;
        Ok(Self {
            status: status.transpose()?,
            code: number.or(name),
            failure,
            // SAFETY: the caller's promise.
            headers: unsafe { headers(it.headers, it.header_count) }?,
            body,
            control_id,
            mode: flags.word(RETRIAGE_HAS_MODE, it.mode, "mode", Mode::from_number)?,
            now_ms: flags.value(RETRIAGE_HAS_NOW_MS, it.now_ms, "now_ms")?,
            body_limit: limit.map_or(BODY_LIMIT, |limit| usize::try_from(limit).unwrap_or(usize::MAX)),
            details: !flags.has(RETRIAGE_WITHOUT_DETAILS),
        })
    }

    /// Its headers, as evidence borrows them.
    pub(crate) fn headers(&self) -> Vec<(&str, &str)> {
        self.headers.iter().map(|(name, value)| (*name, &**value)).collect()
    }

    /// It as evidence of the core.
    pub(crate) fn evidence<'e>(&'e self, headers: &'e [(&'e str, &'e str)]) -> retriage::Evidence<'e> {
        retriage::Evidence {
            status: self.status,
            code: self.code,
            failure: self.failure,
            headers,
            body: self.body,
            control_id: self.control_id,
            mode: self.mode,
            now_ms: self.now_ms,
            body_limit: self.body_limit,
            details: self.details,
        }
    }
}

/// Reads headers.
///
/// # Safety
/// As [`Given::read`].
unsafe fn headers<'a>(at: *const Header, count: usize) -> Outcome<Vec<(&'a str, Cow<'a, str>)>> {
    // SAFETY: the caller's promise.
    let list = unsafe { elements(at, count, "headers") }?.unwrap_or_default();
    list.iter()
        .map(|header| {
            // SAFETY: the caller's promise.
            unsafe {
                let name = required(header.name, header.name_length, "a header's name")?;
                Ok((name, header_value(header.value, header.value_length)?))
            }
        })
        .collect()
}

/// An attempt, read and checked.
struct Tried<'a> {
    attempt: retriage::Attempt<'a>,
    state: *mut State,
    budget: *mut Budget,
}

impl Tried<'_> {
    /// Reads an attempt.
    ///
    /// # Safety
    /// As [`Given::read`].
    unsafe fn read(at: *const Attempt) -> Outcome<Self> {
        // SAFETY: the caller's promise.
        let it = unsafe { take(at) }?;
        let known = RETRIAGE_HAS_IDEMPOTENT | RETRIAGE_HAS_VERIFIED | RETRIAGE_HAS_RANDOM;
        let flags = Flags::of(it.flags, known, "attempt")?;
        // SAFETY: the caller's promise.
        let (method, state, budget) =
            unsafe { (text(it.method, it.method_length, "method")?, read_state(it.state)?, read_budget(it.budget)?) };
        let attempt = retriage::Attempt {
            method,
            idempotent: flags.word(RETRIAGE_HAS_IDEMPOTENT, it.idempotent, "idempotent", truth)?,
            verified: flags.word(RETRIAGE_HAS_VERIFIED, it.verified, "verified", Verified::from_number)?,
            environment: word(it.environment, "environment", Environment::from_number)?,
            number: it.number,
            elapsed_ms: it.elapsed_ms,
            random: flags.value(RETRIAGE_HAS_RANDOM, it.random, "random")?,
            state,
            budget,
        };
        Ok(Self { attempt, state: it.state, budget: it.budget })
    }

    /// Gives the caller what the decision made of its state and budget.
    ///
    /// # Safety
    /// As [`Given::read`].
    unsafe fn keep(&self, decision: &retriage::Decision<'_>) -> Outcome {
        if !self.state.is_null() {
            let (previous_ms, has_previous) = put(decision.state.previous_ms, RETRIAGE_HAS_PREVIOUS_MS);
            let (cost, has_cost) = put(decision.state.cost, RETRIAGE_HAS_COST);
            let reauthenticated = if decision.state.reauthenticated { RETRIAGE_REAUTHENTICATED } else { 0 };
            let flags = has_previous | has_cost | reauthenticated;
            let state = State { size: 0, flags, restarted: decision.state.restarted, previous_ms, cost };
            // SAFETY: the caller's promise.
            unsafe { give(self.state, state) }?;
        }
        if !self.budget.is_null() {
            let budget = decision.budget.map(|budget| budget.thousandths);
            let (thousandths, flags) = put(budget, RETRIAGE_HAS_THOUSANDTHS);
            // SAFETY: the caller's promise.
            unsafe { give(self.budget, Budget { size: 0, thousandths, flags, reserved: 0 }) }?;
        }
        Ok(())
    }
}

const fn truth(number: u8) -> Option<bool> {
    match number {
        0 => Some(false),
        1 => Some(true),
        _ => None,
    }
}

/// # Safety
/// As [`Given::read`].
unsafe fn read_state(at: *const State) -> Outcome<retriage::State> {
    // SAFETY: the caller's promise.
    let it = unsafe { take_or_zero(at) }?;
    let known = RETRIAGE_REAUTHENTICATED | RETRIAGE_HAS_PREVIOUS_MS | RETRIAGE_HAS_COST;
    let flags = Flags::of(it.flags, known, "state")?;
    Ok(retriage::State {
        reauthenticated: flags.has(RETRIAGE_REAUTHENTICATED),
        previous_ms: flags.value(RETRIAGE_HAS_PREVIOUS_MS, it.previous_ms, "previous_ms")?,
        restarted: it.restarted,
        cost: flags.value(RETRIAGE_HAS_COST, it.cost, "cost")?,
    })
}

/// # Safety
/// As [`Given::read`].
unsafe fn read_budget(at: *const Budget) -> Outcome<Option<retriage::Budget>> {
    // SAFETY: the caller's promise.
    let it = unsafe { take_or_zero(at) }?;
    let flags = Flags::of(it.flags, RETRIAGE_HAS_THOUSANDTHS, "budget")?;
    let thousandths = flags.value(RETRIAGE_HAS_THOUSANDTHS, it.thousandths, "thousandths")?;
    Ok(thousandths.map(|thousandths| retriage::Budget { thousandths }))
}

fn classification(found: &retriage::Classification<'_>) -> Classification {
    let words = &found.words;
    let hint = found.hint();
    let (hint_delay_ms, has_delay) = put(hint.and_then(|hint| hint.delay_ms), RETRIAGE_HAS_HINT_DELAY_MS);
    let (hint, has_hint) = put(hint.map(|hint| (hint.state as u8, hint.from as u8)), RETRIAGE_HAS_HINT);
    Classification {
        size: 0,
        flags: has_hint | has_delay,
        entry: entry_number(found.entry),
        hint_delay_ms,
        category: words.category as u8,
        canonical: words.canonical as u8,
        fault: words.fault as u8,
        retry: words.retry as u8,
        processed: words.processed as u8,
        finality: words.finality as u8,
        severity: words.severity as u8,
        scope: words.scope as u8,
        matched: found.found as u8,
        hint: hint.0,
        hint_from: hint.1,
        reserved: [0; 5],
    }
}

fn decision(made: &retriage::Decision<'_>) -> Decision {
    let (delay_ms, has_delay) = put(made.delay_ms, RETRIAGE_HAS_DELAY_MS);
    let (not_before_ms, has_not_before) = put(made.not_before_ms, RETRIAGE_HAS_NOT_BEFORE_MS);
    Decision {
        size: 0,
        flags: has_delay | has_not_before,
        action: made.action as u8,
        scope: made.scope as u8,
        cause: made.cause as u8,
        reserved: 0,
        delay_ms,
        not_before_ms,
    }
}

/// Says what a response, or a failure without one, means: by its status, code, failure name, headers and body, and of
/// HL7 the bytes of the acknowledgement.
///
/// @param catalog        the catalog of whoever answered
/// @param evidence       what came back
/// @param classification is filled; set its `size` first
/// @return RETRIAGE_OK; RETRIAGE_NULL_POINTER, RETRIAGE_BAD_SIZE, RETRIAGE_BAD_UTF8, RETRIAGE_EMPTY_TEXT,
///         RETRIAGE_BAD_FLAG, RETRIAGE_BAD_WORD, RETRIAGE_OUT_OF_RANGE, RETRIAGE_BAD_HANDLE, RETRIAGE_FREED_HANDLE.
///         No response is an error: what can't be understood is RETRIAGE_CATEGORY_UNKNOWN
///
/// Any thread may call it.
///
/// Example:
/// @code
/// retriage_evidence evidence = RETRIAGE_INIT(retriage_evidence);
/// evidence.flags = RETRIAGE_HAS_STATUS;
/// evidence.status = 503;
/// retriage_classification meaning = RETRIAGE_INIT(retriage_classification);
/// if (retriage_classify(http, &evidence, &meaning) == RETRIAGE_OK)
///   puts(retriage_word(RETRIAGE_KIND_CATEGORY, meaning.category));
/// @endcode
#[unsafe(no_mangle)]
pub unsafe extern "C" fn retriage_classify(
    catalog: CatalogHandle,
    evidence: *const Evidence,
    classification: *mut Classification,
) -> i32 {
    guard(|| {
        // SAFETY: the caller keeps the contract.
        let given = unsafe {
            check(classification)?;
            Given::read(evidence)?
        };
        with_catalog(catalog, |catalog, _, _| {
            let headers = given.headers();
            // The struct holds no text of the response.
            let found = catalog.classify(&retriage::Evidence { details: false, ..given.evidence(&headers) });
            // SAFETY: the caller keeps the contract.
            unsafe { give(classification, self::classification(&found)) }
        })
    })
}

/// Says what a response means, and what to do about it: try again and when, fetch fresh credentials, check first
/// whether it took effect, stop.
///
/// @param catalog        the catalog of whoever answered
/// @param evidence       what came back
/// @param attempt        the request and the attempt that has just ended; its state and budget, if it has them, are
///                       changed
/// @param profile        how to retry: 0 for the profile "standard", or what retriage_profile_find or
///                       retriage_profile_parse gave
/// @param classification is filled, if it isn't NULL; set its `size` first
/// @param decision       is filled; set its `size` first
/// @return as of retriage_classify, and RETRIAGE_ERROR_NEEDS_RANDOM (the profile is jittered: give `random`),
///         RETRIAGE_ERROR_NEEDS_NOW (the server named a date: give `now_ms`), RETRIAGE_ERROR_BAD_VALUE (`number` is 0,
///         or `random` isn't in [0, 1)). After an error nothing is changed
///
/// Any thread may call it; two that share a state or a budget take turns.
///
/// Example:
/// @code
/// retriage_attempt attempt = RETRIAGE_INIT(retriage_attempt);
/// attempt.number = 1;
/// attempt.method = "GET";
/// attempt.method_length = RETRIAGE_NUL_TERMINATED;
/// attempt.flags = RETRIAGE_HAS_RANDOM;
/// attempt.random = drand48();
/// retriage_decision next = RETRIAGE_INIT(retriage_decision);
/// if (retriage_decide(http, &evidence, &attempt, 0, NULL, &next) == RETRIAGE_OK
///     && next.action == RETRIAGE_ACTION_RETRY)
///   sleep_ms(next.delay_ms);
/// @endcode
#[unsafe(no_mangle)]
pub unsafe extern "C" fn retriage_decide(
    catalog: CatalogHandle,
    evidence: *const Evidence,
    attempt: *const Attempt,
    profile: u64,
    classification: *mut Classification,
    decision: *mut Decision,
) -> i32 {
    guard(|| {
        // SAFETY: the caller keeps the contract.
        let (given, tried) = unsafe {
            check(decision)?;
            if !classification.is_null() {
                check(classification)?;
            }
            (Given::read(evidence)?, Tried::read(attempt)?)
        };
        let profile = self::profile(profile)?;
        with_catalog(catalog, |catalog, _, _| {
            let headers = given.headers();
            let evidence = retriage::Evidence { details: false, ..given.evidence(&headers) };
            let found = catalog.classify(&evidence);
            let made = found.decide(&evidence, &tried.attempt, &profile)?;
            // SAFETY: the caller keeps the contract.
            unsafe {
                if !classification.is_null() {
                    give(classification, self::classification(&found))?;
                }
                give(decision, self::decision(&made))?;
                tried.keep(&made)
            }
        })
    })
}

/// Says in JSON what a response means and, with an attempt, what to do: the answer of the wire form
/// (codes/answer.schema.json), with the texts for a person, what the response says in its own words (`details`), and
/// what led to it (`because`); or one value of it.
///
/// @param catalog  the catalog of whoever answered
/// @param evidence what came back
/// @param attempt  the attempt that has just ended, for a decision; NULL for none. Its state and budget stay as they
///                 are
/// @param profile  as of retriage_decide; counts only with an attempt
/// @param locales  as of retriage_message; NULL for English
/// @param pointer  a JSON pointer (RFC 6901) to one value, such as "/classification/details/message" or
///                 "/decision/look_at"; a text comes without quotation marks. NULL or "" for the whole
/// @param buffer   where the text (UTF-8) and a NUL go; may be NULL if `capacity` is 0
/// @param capacity how many bytes there are
/// @param needed   gets how many bytes it takes, the NUL included; may be NULL
/// @return as of retriage_decide, and RETRIAGE_ABSENT (there is no such value, or it is null),
///         RETRIAGE_BUFFER_TOO_SMALL
///
/// Texts of the response stand in `details` alone, which may hold personal data; RETRIAGE_WITHOUT_DETAILS leaves them
/// out.
///
/// Any thread may call it.
///
/// Example:
/// @code
/// char url[2048];
/// if (next.action == RETRIAGE_ACTION_FOLLOW)
///   retriage_explain(http, &evidence, NULL, 0, NULL, "/classification/details/location", url, sizeof url, NULL);
/// @endcode
#[unsafe(no_mangle)]
pub unsafe extern "C" fn retriage_explain(
    catalog: CatalogHandle,
    evidence: *const Evidence,
    attempt: *const Attempt,
    profile: u64,
    locales: *const c_char,
    pointer: *const c_char,
    buffer: *mut c_char,
    capacity: usize,
    needed: *mut usize,
) -> i32 {
    guard(|| {
        // SAFETY: the caller keeps the contract.
        let (given, tried, pointer) = unsafe {
            (
                Given::read(evidence)?,
                if attempt.is_null() { None } else { Some(Tried::read(attempt)?) },
                json_pointer(pointer)?,
            )
        };
        with_catalog(catalog, |catalog, registry, _| {
            let headers = given.headers();
            let evidence = given.evidence(&headers);
            let mut found = catalog.classify(&evidence);
            // SAFETY: the caller keeps the contract.
            found.locale = unsafe { wished(registry, locales) }?;
            let json = match &tried {
                None => found.to_json(),
                Some(tried) => {
                    let profile = self::profile(profile)?;
                    found.decide(&evidence, &tried.attempt, &profile)?.to_json(&found)
                }
            };
            // SAFETY: the caller keeps the contract.
            unsafe { write_value(json, pointer, buffer, capacity, needed) }
        })
    })
}

/// A JSON pointer of the caller's; NULL is that to the whole.
///
/// # Safety
/// `pointer` is NULL or ends with a NUL.
pub(crate) unsafe fn json_pointer<'a>(pointer: *const c_char) -> Outcome<&'a str> {
    // SAFETY: the caller's promise; one byte can be read of what isn't NULL.
    if pointer.is_null() || unsafe { slice::from_raw_parts(pointer, 1) } == [0] {
        return Ok("");
    }
    // SAFETY: the caller's promise.
    unsafe { required(pointer, NUL_TERMINATED, "pointer") }
}

/// Writes one value of a JSON text, or the whole of it.
///
/// # Safety
/// As [`write`].
pub(crate) unsafe fn write_value(
    json: String,
    pointer: &str,
    buffer: *mut c_char,
    capacity: usize,
    needed: *mut usize,
) -> Outcome {
    let value = if pointer.is_empty() { json } else { value(&json, pointer)? };
    // SAFETY: the caller's promise.
    unsafe { write(&value, buffer, capacity, needed) }
}

fn value(json: &str, pointer: &str) -> Outcome<String> {
    let absent = || Failure::new(RETRIAGE_ABSENT, format!("the answer has no value at {pointer}"));
    let whole: serde_json::Value = serde_json::from_str(json).map_err(|_| absent())?;
    match whole.pointer(pointer) {
        None | Some(serde_json::Value::Null) => Err(absent()),
        Some(serde_json::Value::String(text)) => Ok(text.clone()),
        Some(other) => Ok(other.to_string()),
    }
}

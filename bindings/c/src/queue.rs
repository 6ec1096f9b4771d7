//! The delivery queue: events in, actions out.

use std::ffi::c_char;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use retriage::vocabulary::{Environment, ErrorKind, EventKind, Mode};
use retriage::{Act, CAPACITY, LONGEST_ID, Queue};

use crate::evidence::{Evidence, Given, RETRIAGE_HAS_MODE, RETRIAGE_HAS_RANDOM};
use crate::given::{Flags, put as flagged, word};
use crate::handles::{Handle, Kind, Table};
use crate::profile::profile;
use crate::registry::{CatalogHandle, with_catalog};
use crate::sized::{give, growing, take};
use crate::status::{Failure, Outcome, RETRIAGE_BUG, RETRIAGE_FIRST_ERROR, RETRIAGE_OUT_OF_RANGE, guard};
use crate::text::{NUL_TERMINATED, null, put, required, text, write};

/// A queue.
pub type QueueHandle = u64;

/// `attempt` is given.
pub const RETRIAGE_HAS_ATTEMPT: u32 = 0x20000;
/// `offset_minutes` is given.
pub const RETRIAGE_HAS_OFFSET_MINUTES: u32 = 0x40000;
/// `until_ms` is given.
pub const RETRIAGE_HAS_UNTIL_MS: u32 = 0x80000;
/// `reason` is given.
pub const RETRIAGE_HAS_REASON: u32 = 0x100000;
/// `cause` is given.
pub const RETRIAGE_HAS_CAUSE: u32 = 0x200000;
/// `alert_until_ms` is given.
pub const RETRIAGE_HAS_ALERT_UNTIL_MS: u32 = 0x400000;
/// The queue is paused.
pub const RETRIAGE_QUEUE_IS_PAUSED: u32 = 0x800000;

/// The room for the id of a message: 200 bytes, a NUL, and what makes a whole of it.
pub const RETRIAGE_ID_CAPACITY: usize = 208;
const _: () = assert!(LONGEST_ID < RETRIAGE_ID_CAPACITY);

/// By which rules a queue goes. Set `size`, `catalog` and `profile`; what is left zero is the default.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct Setting {
    /// sizeof(retriage_setting).
    pub size: usize,
    /// What the destination's answers mean.
    pub catalog: CatalogHandle,
    /// What is done about them; 0 is "standard".
    pub profile: u64,
    /// How many messages the queue may hold; 0 is 10,000.
    pub capacity: u64,
    /// RETRIAGE_HAS_MODE.
    pub flags: u32,
    /// How the messages are sent: RETRIAGE_MODE_*.
    pub mode: u32,
    /// Where it runs: RETRIAGE_ENVIRONMENT_*; 0 is production.
    pub environment: u32,
    /// Unused; leave it zero.
    pub reserved: u32,
}

/// What happened, and when. Set `size`, `kind` and `now_ms`, and what the kind needs.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct Event {
    /// sizeof(retriage_event).
    pub size: usize,
    /// RETRIAGE_HAS_ATTEMPT, RETRIAGE_HAS_OFFSET_MINUTES, RETRIAGE_HAS_RANDOM.
    pub flags: u32,
    /// RETRIAGE_EVENT_*: what happened.
    pub kind: u32,
    /// The time, in milliseconds since 1970-01-01T00:00:00Z.
    pub now_ms: i64,
    /// A number from 0 up to, but not including, 1, new for each event; for a jittered profile.
    pub random: f64,
    /// The id of the message it happened to (UTF-8, at most 200 bytes), ending with a NUL: for RETRIAGE_EVENT_ENQUEUED,
    /// _ANSWERED, _UNANSWERED, _SKIP and _RETRY_NOW.
    pub id: *const c_char,
    /// For RETRIAGE_EVENT_ANSWERED: what came back. Its time and mode are the queue's own.
    pub evidence: *const Evidence,
    /// For RETRIAGE_EVENT_UNANSWERED: why, if the client says so, such as "ETIMEDOUT"; NULL if it doesn't.
    pub failure: *const c_char,
    /// How many bytes it has, or RETRIAGE_NUL_TERMINATED.
    pub failure_length: usize,
    /// For RETRIAGE_EVENT_ANSWERED and _UNANSWERED: which attempt, as the act numbered it. Give it wherever an answer
    /// can come late: without it, a late one is taken for that of the attempt under way.
    pub attempt: u32,
    /// How far the time zone of the profile's alert is ahead of UTC at that time, in minutes. It must be given for a
    /// profile that has one.
    pub offset_minutes: i32,
}

/// Something to do. Set `size` before the call.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct ActToDo {
    /// sizeof(retriage_act).
    pub size: usize,
    /// RETRIAGE_HAS_ATTEMPT, _UNTIL_MS, _REASON, _CAUSE.
    pub flags: u32,
    /// RETRIAGE_DELIVERY_*: what to do.
    pub action: u32,
    /// For RETRIAGE_DELIVERY_WAIT and _HOLD_ALERT: until when, in milliseconds since 1970. For _DROP: from when it could
    /// have been tried again, where something says so.
    pub until_ms: i64,
    /// For RETRIAGE_DELIVERY_SEND: which attempt it is, from 1.
    pub attempt: u32,
    /// RETRIAGE_REASON_*: why a message is dropped, refused or ignored.
    pub reason: u32,
    /// For a drop with RETRIAGE_REASON_FAILED, what decided: RETRIAGE_CAUSE_*.
    pub cause: u32,
    /// How many bytes the id has; 0 where the act is about none.
    pub id_length: u32,
    /// The id of the message, ending with a NUL.
    pub id: [c_char; RETRIAGE_ID_CAPACITY],
}

/// Where a queue stands. Set `size` before the call.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct QueueInfo {
    /// sizeof(retriage_queue_info).
    pub size: usize,
    /// RETRIAGE_HAS_UNTIL_MS, RETRIAGE_HAS_ALERT_UNTIL_MS, RETRIAGE_QUEUE_IS_PAUSED.
    pub flags: u32,
    /// How often the first message has been sent.
    pub attempt: u32,
    /// How many messages are left.
    pub waiting: u64,
    /// When the first message is to be sent again, in milliseconds since 1970.
    pub until_ms: i64,
    /// Until when the alert is held, in milliseconds since 1970.
    pub alert_until_ms: i64,
    /// RETRIAGE_PHASE_*: where the first message is.
    pub phase: u32,
    /// RETRIAGE_ALARM_*: where the alert is.
    pub alarm: u32,
}

growing! {
    "setting" Setting up to reserved: u32;
    "event" Event up to offset_minutes: i32;
    "act" ActToDo up to id: [c_char; RETRIAGE_ID_CAPACITY];
    "queue_info" QueueInfo up to alarm: u32;
}

/// A queue, and what its last event gave to do.
struct Held {
    queue: Queue,
    acts: Vec<Act>,
}

static QUEUES: Table<Arc<Mutex<Held>>> = Table::new(Kind::Queue);

fn held(queue: QueueHandle) -> Outcome<Arc<Mutex<Held>>> {
    QUEUES.get(Handle::parse(queue, Kind::Queue)?)
}

fn lock(held: &Mutex<Held>) -> MutexGuard<'_, Held> {
    // A queue is as it was after a step that fails.
    held.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Makes a queue: empty, or as retriage_queue_save kept it.
///
/// A queue delivers the messages of one subscription in their order, at least once, under their ids. It holds ids and
/// never a payload, reads no clock and sends nothing: its owner tells it what happened (retriage_queue_step) and does
/// what it says. The first message blocks the others while it is tried again.
///
/// @param json        what retriage_queue_save gave; NULL for an empty queue
/// @param json_length how many bytes it has, or RETRIAGE_NUL_TERMINATED; 0 with NULL
/// @param queue       gets the handle; free it with retriage_queue_free
/// @return RETRIAGE_OK; RETRIAGE_ERROR_BAD_JSON, RETRIAGE_ERROR_UNKNOWN_FIELD, RETRIAGE_ERROR_BAD_VALUE,
///         RETRIAGE_ERROR_MISSING_FIELD or RETRIAGE_ERROR_CONFLICT, with the place in retriage_last_error;
///         RETRIAGE_NULL_POINTER, RETRIAGE_BAD_UTF8, RETRIAGE_EMPTY_TEXT, RETRIAGE_TOO_MANY_HANDLES (65,536)
///
/// Any thread may call it.
///
/// Example:
/// @code
/// retriage_queue queue;
/// retriage_queue_new(NULL, 0, &queue);
/// @endcode
#[unsafe(no_mangle)]
pub unsafe extern "C" fn retriage_queue_new(json: *const c_char, json_length: usize, queue: *mut QueueHandle) -> i32 {
    guard(|| {
        if queue.is_null() {
            return Err(null("queue"));
        }
        // SAFETY: the caller keeps the contract.
        let json = unsafe { text(json, json_length, "json") }?;
        let made = json.map(Queue::parse).transpose()?.unwrap_or_default();
        let handle = QUEUES.add(Arc::new(Mutex::new(Held { queue: made, acts: Vec::new() })))?;
        // SAFETY: the caller keeps the contract.
        unsafe { put(queue, handle, "queue") }
    })
}

/// Frees a queue. What it holds is gone; retriage_queue_save keeps it.
///
/// @param queue what retriage_queue_new gave
/// @return RETRIAGE_OK, RETRIAGE_BAD_HANDLE, RETRIAGE_FREED_HANDLE
///
/// Any thread may call it.
///
/// Example:
/// @code
/// retriage_queue_free(queue);
/// @endcode
#[unsafe(no_mangle)]
pub extern "C" fn retriage_queue_free(queue: QueueHandle) -> i32 {
    guard(|| QUEUES.remove(Handle::parse(queue, Kind::Queue)?))
}

/// Tells a queue what happened; it says what to do. After an error the queue is as it was.
///
/// @param queue   a queue
/// @param setting by which rules
/// @param event   what happened
/// @param acts    gets how many things are to be done, in their order; retriage_queue_act gives each, until the next
///                step
/// @return RETRIAGE_OK; RETRIAGE_ERROR_BAD_VALUE (an id or a time out of range), RETRIAGE_ERROR_NEEDS_RANDOM,
///         RETRIAGE_ERROR_MISSING_FIELD (`offset_minutes`); RETRIAGE_NULL_POINTER (also `id` or `evidence`, where the
///         kind needs it), RETRIAGE_BAD_SIZE, RETRIAGE_BAD_UTF8, RETRIAGE_EMPTY_TEXT, RETRIAGE_BAD_FLAG,
///         RETRIAGE_BAD_WORD, RETRIAGE_OUT_OF_RANGE, RETRIAGE_BAD_HANDLE, RETRIAGE_FREED_HANDLE
///
/// Any thread may call it, and calls for one queue take turns; but the acts are those of the last step, so that a step
/// and the reading of its acts belong to one thread at a time.
///
/// Example:
/// @code
/// retriage_event event = RETRIAGE_INIT(retriage_event);
/// event.kind = RETRIAGE_EVENT_ENQUEUED;
/// event.id = "MSG00001";
/// event.now_ms = now();
/// size_t acts;
/// retriage_act act = RETRIAGE_INIT(retriage_act);
/// if (retriage_queue_step(queue, &setting, &event, &acts) == RETRIAGE_OK)
///   for (size_t i = 0; i < acts; i++)
///     if (retriage_queue_act(queue, i, &act) == RETRIAGE_OK && act.action == RETRIAGE_DELIVERY_SEND)
///       send_message(act.id, act.attempt);
/// @endcode
#[unsafe(no_mangle)]
pub unsafe extern "C" fn retriage_queue_step(
    queue: QueueHandle,
    setting: *const Setting,
    event: *const Event,
    acts: *mut usize,
) -> i32 {
    guard(|| {
        let held = held(queue)?;
        if acts.is_null() {
            return Err(null("acts"));
        }
        // SAFETY: the caller keeps the contract.
        let (setting, event) = unsafe { (take(setting)?, take(event)?) };
        let kind = word(event.kind, "kind", EventKind::from_number)?;
        let needs_evidence = kind == EventKind::Answered;
        // SAFETY: the caller keeps the contract.
        let (id, given, failure) = unsafe {
            (
                if has_id(kind) { required(event.id, NUL_TERMINATED, "id")? } else { "" },
                if needs_evidence { Some(Given::read(event.evidence)?) } else { None },
                text(event.failure, event.failure_length, "failure")?,
            )
        };
        let headers = given.as_ref().map(Given::headers).unwrap_or_default();
        let evidence = given.as_ref().map(|given| given.evidence(&headers)).unwrap_or_default();
        let known = RETRIAGE_HAS_ATTEMPT | RETRIAGE_HAS_OFFSET_MINUTES | RETRIAGE_HAS_RANDOM;
        let flags = Flags::of(event.flags, known, "event")?;
        let attempt = flags.value(RETRIAGE_HAS_ATTEMPT, event.attempt, "attempt")?;
        let happened = match kind {
            EventKind::Enqueued => retriage::Event::Enqueued(id),
            EventKind::Answered => retriage::Event::Answered { id, attempt, evidence },
            EventKind::Unanswered => retriage::Event::Unanswered { id, attempt, failure },
            EventKind::Tick => retriage::Event::Tick,
            EventKind::Pause => retriage::Event::Pause,
            EventKind::Resume => retriage::Event::Resume,
            EventKind::Skip => retriage::Event::Skip(id),
            EventKind::RetryNow => retriage::Event::RetryNow(id),
            EventKind::Restarted => retriage::Event::Restarted,
        };
        let profile = profile(setting.profile)?;
        let offset = flags.value(RETRIAGE_HAS_OFFSET_MINUTES, event.offset_minutes, "offset_minutes")?;
        if let (Some(alert), None) = (&profile.alert, offset) {
            // Taken for UTC, the hours of the alert would be wrong and nobody would notice.
            let status = RETRIAGE_FIRST_ERROR + ErrorKind::MissingField as i32;
            let what = format!(
                "offset_minutes is missing: how many minutes {} is ahead of UTC at that time, with \
                 RETRIAGE_HAS_OFFSET_MINUTES",
                alert.zone
            );
            return Err(Failure::new(status, what));
        }
        let setting_flags = Flags::of(setting.flags, RETRIAGE_HAS_MODE, "setting")?;
        with_catalog(setting.catalog, |catalog, _, _| {
            let rules = retriage::Setting {
                catalog,
                profile: &profile,
                environment: word(setting.environment, "environment", Environment::from_number)?,
                mode: setting_flags.word(RETRIAGE_HAS_MODE, setting.mode, "mode", Mode::from_number)?,
                now_ms: event.now_ms,
                offset_minutes: offset.unwrap_or_default(),
                random: flags.value(RETRIAGE_HAS_RANDOM, event.random, "random")?,
                capacity: match setting.capacity {
                    0 => CAPACITY,
                    capacity => usize::try_from(capacity).unwrap_or(usize::MAX),
                },
            };
            let mut held = lock(&held);
            held.acts = held.queue.step(happened, &rules)?;
            // SAFETY: the caller keeps the contract.
            unsafe { put(acts, held.acts.len(), "acts") }
        })
    })
}

const fn has_id(kind: EventKind) -> bool {
    match kind {
        EventKind::Enqueued | EventKind::Answered | EventKind::Unanswered | EventKind::Skip | EventKind::RetryNow => {
            true
        }
        EventKind::Tick | EventKind::Pause | EventKind::Resume | EventKind::Restarted => false,
    }
}

/// Gives one of the things that the last step of a queue said to do.
///
/// @param queue a queue
/// @param index from 0
/// @param act   is filled; set its `size` first
/// @return RETRIAGE_OK, RETRIAGE_OUT_OF_RANGE past the last, RETRIAGE_NULL_POINTER, RETRIAGE_BAD_SIZE,
///         RETRIAGE_BAD_HANDLE, RETRIAGE_FREED_HANDLE
///
/// Any thread may call it; see retriage_queue_step.
///
/// Example: see retriage_queue_step.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn retriage_queue_act(queue: QueueHandle, index: usize, act: *mut ActToDo) -> i32 {
    guard(|| {
        let held = held(queue)?;
        let held = lock(&held);
        let Some(found) = held.acts.get(index) else {
            let what = format!("the last step gave {} acts, counted from 0; there is no {index}", held.acts.len());
            return Err(Failure::new(RETRIAGE_OUT_OF_RANGE, what));
        };
        let (until_ms, has_until) = flagged(found.until_ms, RETRIAGE_HAS_UNTIL_MS);
        let (attempt, has_attempt) = flagged(found.attempt, RETRIAGE_HAS_ATTEMPT);
        let (reason, has_reason) = flagged(found.reason.map(|reason| reason as u32), RETRIAGE_HAS_REASON);
        let (cause, has_cause) = flagged(found.cause.map(|cause| cause as u32), RETRIAGE_HAS_CAUSE);
        let text = found.id.as_deref().unwrap_or_default();
        let mut id = [0; RETRIAGE_ID_CAPACITY];
        for (place, byte) in id.iter_mut().zip(text.bytes().take(LONGEST_ID)) {
            *place = byte as c_char;
        }
        let told = ActToDo {
            size: 0,
            flags: has_until | has_attempt | has_reason | has_cause,
            action: found.action as u32,
            until_ms,
            attempt,
            reason,
            cause,
            id_length: u32::try_from(text.len()).unwrap_or(u32::MAX),
            id,
        };
        // SAFETY: the caller keeps the contract.
        unsafe { give(act, told) }
    })
}

/// Says where a queue stands.
///
/// @param queue a queue
/// @param info  is filled; set its `size` first
/// @return RETRIAGE_OK, RETRIAGE_NULL_POINTER, RETRIAGE_BAD_SIZE, RETRIAGE_BAD_HANDLE, RETRIAGE_FREED_HANDLE
///
/// Any thread may call it.
///
/// Example:
/// @code
/// retriage_queue_info info = RETRIAGE_INIT(retriage_queue_info);
/// retriage_queue_describe(queue, &info);
/// printf("%llu left\n", (unsigned long long)info.waiting);
/// @endcode
#[unsafe(no_mangle)]
pub unsafe extern "C" fn retriage_queue_describe(queue: QueueHandle, info: *mut QueueInfo) -> i32 {
    guard(|| {
        let held = held(queue)?;
        let queue = &lock(&held).queue;
        let (until_ms, has_until) = flagged(queue.until_ms(), RETRIAGE_HAS_UNTIL_MS);
        let (alert_until_ms, has_alert) = flagged(queue.alert_until_ms(), RETRIAGE_HAS_ALERT_UNTIL_MS);
        let paused = if queue.is_paused() { RETRIAGE_QUEUE_IS_PAUSED } else { 0 };
        let told = QueueInfo {
            size: 0,
            flags: has_until | has_alert | paused,
            attempt: queue.attempt(),
            waiting: queue.waiting().len() as u64,
            until_ms,
            alert_until_ms,
            phase: queue.phase() as u32,
            alarm: queue.alarm() as u32,
        };
        // SAFETY: the caller keeps the contract.
        unsafe { give(info, told) }
    })
}

/// Lists the ids of the messages that are left, the first one in front.
///
/// @param queue    a queue
/// @param index    from 0
/// @param buffer   where the id and a NUL go; may be NULL if `capacity` is 0
/// @param capacity how many bytes there are; RETRIAGE_ID_CAPACITY is enough
/// @param needed   gets how many bytes it takes, the NUL included; may be NULL
/// @return RETRIAGE_OK; RETRIAGE_OUT_OF_RANGE past the last; RETRIAGE_BUFFER_TOO_SMALL, RETRIAGE_NULL_POINTER,
///         RETRIAGE_BAD_HANDLE, RETRIAGE_FREED_HANDLE
///
/// Any thread may call it.
///
/// Example:
/// @code
/// char id[RETRIAGE_ID_CAPACITY];
/// for (size_t i = 0; retriage_queue_waiting(queue, i, id, sizeof id, NULL) == RETRIAGE_OK; i++) puts(id);
/// @endcode
#[unsafe(no_mangle)]
pub unsafe extern "C" fn retriage_queue_waiting(
    queue: QueueHandle,
    index: usize,
    buffer: *mut c_char,
    capacity: usize,
    needed: *mut usize,
) -> i32 {
    guard(|| {
        let held = held(queue)?;
        let queue = &lock(&held).queue;
        let Some(id) = queue.waiting().nth(index) else {
            let what = format!("{} messages are left, counted from 0; there is no {index}", queue.waiting().len());
            return Err(Failure::new(RETRIAGE_OUT_OF_RANGE, what));
        };
        // SAFETY: the caller keeps the contract.
        unsafe { write(id, buffer, capacity, needed) }
    })
}

/// Writes everything that a queue is as JSON, for its owner to keep. retriage_queue_new makes the same queue of it; tell
/// that one RETRIAGE_EVENT_RESTARTED first.
///
/// @param queue    a queue
/// @param buffer   where the text (UTF-8) and a NUL go; may be NULL if `capacity` is 0
/// @param capacity how many bytes there are
/// @param needed   gets how many bytes it takes, the NUL included; may be NULL
/// @return RETRIAGE_OK, RETRIAGE_BUFFER_TOO_SMALL, RETRIAGE_NULL_POINTER, RETRIAGE_BAD_HANDLE, RETRIAGE_FREED_HANDLE
///
/// Any thread may call it.
///
/// Example:
/// @code
/// size_t needed = 0;
/// retriage_queue_save(queue, NULL, 0, &needed);
/// char *json = malloc(needed);
/// if (json && retriage_queue_save(queue, json, needed, NULL) == RETRIAGE_OK) store(json);
/// @endcode
#[unsafe(no_mangle)]
pub unsafe extern "C" fn retriage_queue_save(
    queue: QueueHandle,
    buffer: *mut c_char,
    capacity: usize,
    needed: *mut usize,
) -> i32 {
    guard(|| {
        let held = held(queue)?;
        // The keys of a queue are texts, so that writing them can't fail.
        let json = serde_json::to_string(&lock(&held).queue)
            .map_err(|_| Failure::new(RETRIAGE_BUG, "the queue can't be written"))?;
        // SAFETY: the caller keeps the contract.
        unsafe { write(&json, buffer, capacity, needed) }
    })
}

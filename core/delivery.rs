//! The queue of one subscription as a state machine: events in, actions out.
//!
//! Messages are delivered in the order in which they came, at least once, under their own ids; the queue holds ids
//! and never a payload. The first one blocks the others while it is tried again. What becomes of a failed one is
//! the profile's decision, for which repeating it is safe, as it may come twice in any case.
//!
//! Nothing is sent, and no clock is read, in here: the owner does what the actions say, in their order, and comes
//! back with what happened. It may keep the whole state as JSON between any two events.

use alloc::collections::{BTreeSet, VecDeque};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::classify::Classification;
use crate::decide::{Attempt, Budget, State};
use crate::evidence::Evidence;
use crate::profile::{AlertPolicy, Profile};
use crate::source::MAX_SAFE;
use crate::tables::Catalog;
use crate::vocabulary::{
    Action, Alarm, Cause, DeliveryAction, DeliveryReason, Environment, ErrorKind, Match, Mode, Phase, Trouble,
};
use crate::wire::{Error, check_time};

/// How many messages a queue holds unless its owner says otherwise.
pub const CAPACITY: usize = 10_000;
/// The longest id, in bytes.
pub const LONGEST_ID: usize = 200;

/// How far a time zone can be from UTC, in minutes.
pub(crate) const FARTHEST_OFFSET: i32 = 1_440;

const DAY_MINUTES: i64 = 1_440;

/// How far a time may lie before the last one, in milliseconds, and still be one of several that come a little out of
/// order. Further back, somebody has set the clock.
const CLOCK_SLACK_MS: i64 = 60_000;

/// What happened.
#[derive(Clone, Copy, Debug)]
pub enum Event<'a> {
    /// A message is to be delivered.
    Enqueued(&'a str),
    /// The destination answered.
    Answered {
        /// Which message.
        id: &'a str,
        /// Which attempt, as `send` numbered it; `None` for the one on its way. An answer to an earlier one comes
        /// late, which only this number shows.
        attempt: Option<u32>,
        /// What. An answer in which there is nothing counts as none, and so does one that broke off, unless it had
        /// refused the message by then. Its time and mode are the queue's own.
        evidence: Evidence<'a>,
    },
    /// The destination did not answer.
    Unanswered {
        /// Which message.
        id: &'a str,
        /// Which attempt, likewise.
        attempt: Option<u32>,
        /// Why, if the client says so.
        failure: Option<&'a str>,
    },
    /// Time has passed.
    Tick,
    /// Somebody pauses the queue: nothing more is sent, but for `RetryNow`.
    Pause,
    /// Somebody lets it go on. What is still waited for is told again.
    Resume,
    /// Somebody gives a message up. What still comes back of one on its way is ignored.
    Skip(&'a str),
    /// Somebody wants a message sent: the first one now, whatever it waits for; one that is gone again, after those
    /// that wait.
    RetryNow(&'a str),
    /// The program began again: what was in flight counts as not answered, and what is waited for is told again.
    Restarted,
}

impl<'a> Event<'a> {
    /// The message it happens to; `None` where it happens to the queue.
    #[must_use]
    pub fn id(&self) -> Option<&'a str> {
        match *self {
            Self::Enqueued(id)
            | Self::Answered { id, .. }
            | Self::Unanswered { id, .. }
            | Self::Skip(id)
            | Self::RetryNow(id) => Some(id),
            Self::Tick | Self::Pause | Self::Resume | Self::Restarted => None,
        }
    }
}

/// Where and when it happened, and by which rules.
#[derive(Clone, Copy, Debug)]
pub struct Setting<'a> {
    /// What the destination's answers mean.
    pub catalog: Catalog<'a>,
    /// What is done about them.
    pub profile: &'a Profile,
    /// Where it runs.
    pub environment: Environment,
    /// How the messages are sent.
    pub mode: Option<Mode>,
    /// The time, in milliseconds since 1970-01-01T00:00:00Z. A time up to a minute before the last one counts as the
    /// last one; one before that means that the clock was set back, and what is waited for moves with it.
    pub now_ms: i64,
    /// How far the profile's time zone is ahead of UTC at that time, in minutes.
    pub offset_minutes: i32,
    /// A number in [0, 1) for a jittered profile.
    pub random: Option<f64>,
    /// How many messages the queue may hold.
    pub capacity: usize,
}

/// What to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Act {
    /// What.
    pub action: DeliveryAction,
    /// With which message.
    pub id: Option<String>,
    /// For `send`: which attempt it is, from 1.
    pub attempt: Option<u32>,
    /// For `wait` and `hold_alert`: until when, in milliseconds since 1970. For `drop`: from when it could have been
    /// tried again, where something says so.
    pub until_ms: Option<i64>,
    /// For `drop`, `refuse` and `ignore`: why.
    pub reason: Option<DeliveryReason>,
    /// For `drop` with `failed`: what decided.
    pub cause: Option<Cause>,
}

impl Act {
    const fn new(action: DeliveryAction) -> Self {
        Self { action, id: None, attempt: None, until_ms: None, reason: None, cause: None }
    }

    fn with(action: DeliveryAction, id: &str, reason: DeliveryReason) -> Self {
        Self { id: Some(id.into()), reason: Some(reason), ..Self::new(action) }
    }
}

/// The queue of one subscription: what is left to deliver, and how far the first of it is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Queue {
    /// The messages, the first one in front.
    pub(crate) waiting: VecDeque<String>,
    /// Where the first one is.
    pub(crate) phase: Option<Phase>,
    /// How often the first one has been sent.
    pub(crate) attempt: u32,
    /// When it was sent first.
    pub(crate) first_sent_ms: Option<i64>,
    /// When it is to be sent again.
    pub(crate) until_ms: Option<i64>,
    /// What holds it up.
    pub(crate) trouble: Option<Trouble>,
    /// What its decisions remember.
    pub(crate) state: State,
    /// What is left for the destination.
    pub(crate) budget: Option<Budget>,
    /// Whether somebody paused the queue.
    pub(crate) paused: bool,
    /// The alert.
    pub(crate) alarm: Option<Alarm>,
    /// Until when it is held.
    pub(crate) alert_until_ms: Option<i64>,
    /// The time of the last event.
    pub(crate) now_ms: Option<i64>,
}

impl Queue {
    /// The messages that are left, the first one in front.
    pub fn waiting(&self) -> impl ExactSizeIterator<Item = &str> {
        self.waiting.iter().map(String::as_str)
    }

    /// Where the first message is.
    #[must_use]
    pub fn phase(&self) -> Phase {
        self.phase.unwrap_or(Phase::Idle)
    }

    /// Where the alert is.
    #[must_use]
    pub fn alarm(&self) -> Alarm {
        self.alarm.unwrap_or(Alarm::None)
    }

    /// Whether somebody paused it.
    #[must_use]
    pub fn is_paused(&self) -> bool {
        self.paused
    }

    /// How often the first message has been sent.
    #[must_use]
    pub fn attempt(&self) -> u32 {
        self.attempt
    }

    /// When the first message is to be sent again, in milliseconds since 1970.
    #[must_use]
    pub fn until_ms(&self) -> Option<i64> {
        self.until_ms
    }

    /// Until when the alert is held, in milliseconds since 1970.
    #[must_use]
    pub fn alert_until_ms(&self) -> Option<i64> {
        self.alert_until_ms
    }

    /// Takes an event; says what to do.
    ///
    /// # Errors
    /// An id is empty or too long, a time or an offset out of range, or the decision about an answer is an error. The
    /// queue is then as it was.
    pub fn step(&mut self, event: Event<'_>, setting: &Setting<'_>) -> Result<Vec<Act>, Error> {
        if let Some(id) = event.id() {
            check_id(id, "/id")?;
        }
        check_time(setting.now_ms, "/now")?;
        if setting.offset_minutes.unsigned_abs() > FARTHEST_OFFSET.unsigned_abs() {
            let message = format!("must be a whole number from -{FARTHEST_OFFSET} to {FARTHEST_OFFSET}");
            return Err(Error::new(ErrorKind::BadValue, "/offset_minutes", message));
        }
        let last = self.now_ms.unwrap_or(setting.now_ms);
        let back = last.saturating_sub(setting.now_ms);
        let is_set_back = back > CLOCK_SLACK_MS;
        let now = if is_set_back { setting.now_ms } else { last.max(setting.now_ms) };
        let times = (self.first_sent_ms, self.until_ms);
        if is_set_back {
            for time in [&mut self.first_sent_ms, &mut self.until_ms] {
                *time = time.map(|time| time.saturating_sub(back));
            }
        }
        let mut machine = Machine { queue: self, setting, now, acts: Vec::new() };
        // What can still fail is the decision, and it comes before any other change.
        if let Err(error) = machine.take(event, is_set_back) {
            (self.first_sent_ms, self.until_ms) = times;
            return Err(error);
        }
        let acts = machine.acts;
        self.now_ms = Some(now);
        Ok(acts)
    }

    /// Whether all that it says can be true of one queue; `at` is where it stands.
    pub(crate) fn check(&self, at: &str) -> Result<(), Error> {
        let conflict =
            |field: &str, message: &str| Err(Error::new(ErrorKind::Conflict, &format!("{at}/{field}"), message));
        let mut seen = BTreeSet::new();
        if let Some(twice) = self.waiting.iter().position(|id| !seen.insert(id)) {
            return conflict(&format!("waiting/{twice}"), "stands twice: a queue holds an id once");
        }
        let phase = self.phase();
        if self.waiting.is_empty() && phase != Phase::Idle {
            return conflict("phase", "is of a message, and none waits");
        }
        if self.waiting.is_empty() && self.alarm() != Alarm::None {
            return conflict("alert", "is of a message, and none waits");
        }
        if self.alert_until_ms.is_some() && self.alarm() != Alarm::Held {
            return conflict("alert_until_ms", "is of an alert that is held");
        }
        // What a phase has, and what it hasn't.
        let is_sent = phase != Phase::Idle;
        for (field, is_there, belongs) in [
            ("attempt", self.attempt > 0, is_sent),
            ("first_sent_ms", self.first_sent_ms.is_some(), is_sent),
            ("until_ms", self.until_ms.is_some(), phase == Phase::Waiting),
        ] {
            if belongs && !is_there {
                let message = format!("is missing: the phase is {phase}");
                return Err(Error::new(ErrorKind::MissingField, &format!("{at}/{field}"), message));
            }
            if is_there && !belongs {
                return conflict(field, &format!("goes ill with the phase {phase}"));
            }
        }
        if !is_sent && self.trouble.is_some() {
            return conflict("trouble", "goes ill with the phase idle");
        }
        if !is_sent && self.state != State::default() {
            return conflict("state", "goes ill with the phase idle");
        }
        Ok(())
    }
}

/// Whether a text can be the id of a message.
pub(crate) fn check_id(id: &str, at: &str) -> Result<(), Error> {
    if (1..=LONGEST_ID).contains(&id.len()) {
        return Ok(());
    }
    Err(Error::new(ErrorKind::BadValue, at, format!("must be a text of 1 to {LONGEST_ID} bytes")))
}

struct Machine<'m> {
    queue: &'m mut Queue,
    setting: &'m Setting<'m>,
    now: i64,
    acts: Vec<Act>,
}

impl Machine<'_> {
    /// Takes an event; `again` is whether to tell what was waited for before it and still is.
    fn take(&mut self, event: Event<'_>, mut again: bool) -> Result<(), Error> {
        match event {
            Event::Enqueued(id) => self.enqueue(id),
            Event::Answered { id, attempt, evidence } => {
                if self.is_in_flight(id, attempt) {
                    self.failed_or_done(&evidence)?;
                }
            }
            Event::Unanswered { id, attempt, failure } => {
                if self.is_in_flight(id, attempt) {
                    self.failed_or_done(&Evidence { failure, ..Evidence::default() })?;
                }
            }
            Event::Tick => {}
            Event::Pause => self.queue.paused = true,
            Event::Resume => again |= core::mem::take(&mut self.queue.paused),
            Event::Skip(id) => self.skip(id),
            Event::RetryNow(id) => self.retry_now(id),
            Event::Restarted => {
                if self.queue.phase() == Phase::InFlight {
                    self.failed_or_done(&Evidence::default())?;
                }
                again = true;
                self.queue.alert_until_ms = None;
            }
        }
        if again && !self.acts.iter().any(|act| act.action == DeliveryAction::Wait) {
            self.remind();
        }
        self.watch();
        self.go_on();
        Ok(())
    }

    fn enqueue(&mut self, id: &str) {
        let reason = if self.queue.waiting.iter().any(|known| known == id) {
            DeliveryReason::Duplicate
        } else if self.queue.waiting.len() >= self.setting.capacity {
            DeliveryReason::Full
        } else {
            self.queue.waiting.push_back(id.into());
            return;
        };
        self.acts.push(Act::with(DeliveryAction::Refuse, id, reason));
    }

    /// Whether it is the message, and the attempt, that is on its way. An answer that comes late, or twice, changes
    /// nothing.
    fn is_in_flight(&mut self, id: &str, attempt: Option<u32>) -> bool {
        let is_first = self.queue.waiting.front().is_some_and(|first| first == id);
        let is_current = attempt.is_none_or(|attempt| attempt == self.queue.attempt);
        if is_first && is_current && self.queue.phase() == Phase::InFlight {
            return true;
        }
        self.acts.push(Act::with(DeliveryAction::Ignore, id, DeliveryReason::NotInFlight));
        false
    }

    fn failed_or_done(&mut self, evidence: &Evidence<'_>) -> Result<(), Error> {
        let setting = self.setting;
        let evidence = Evidence { mode: setting.mode, now_ms: Some(self.now), details: false, ..whole(evidence) };
        let classification = setting.catalog.classify(&evidence);
        let since = self.now.saturating_sub(self.queue.first_sent_ms.unwrap_or(self.now));
        let attempt = Attempt {
            // Delivery is at least once, under the same id: whoever takes the message is ready for it to come again.
            idempotent: Some(true),
            environment: setting.environment,
            number: self.queue.attempt.max(1),
            elapsed_ms: u64::try_from(since).unwrap_or_default(),
            random: setting.random,
            state: self.queue.state,
            budget: self.queue.budget,
            ..Attempt::default()
        };
        let decision = classification.decide(&evidence, &attempt, setting.profile)?;
        self.queue.state = decision.state;
        self.queue.budget = decision.budget;
        match (decision.action, decision.delay_ms) {
            (Action::Done, _) => {
                let id = self.pop();
                self.acts.push(Act { id, ..Act::new(DeliveryAction::Delivered) });
                self.recover();
            }
            (Action::Retry, delay) => {
                let until = self.after(delay.unwrap_or_default());
                self.queue.phase = Some(Phase::Waiting);
                self.queue.until_ms = Some(until);
                self.queue.trouble = Some(trouble_of(&evidence, &classification));
                self.acts.push(Act { until_ms: Some(until), ..Act::new(DeliveryAction::Wait) });
            }
            // The message is as good as before: it goes again, once its owner has what it needs.
            (Action::Reauthenticate, _) => {
                self.queue.phase = Some(Phase::Waiting);
                self.queue.until_ms = Some(self.now);
                self.acts.push(Act::new(DeliveryAction::Reauthenticate));
            }
            // A machine that delivers can't change a message: it hands it back.
            _ => {
                let id = self.pop();
                let reason = Some(DeliveryReason::Failed);
                let cause = Some(decision.cause);
                let until_ms = decision.not_before_ms.map(|delay| self.after(delay));
                self.acts.push(Act { id, until_ms, reason, cause, ..Act::new(DeliveryAction::Drop) });
                self.recover_if_empty();
            }
        }
        Ok(())
    }

    /// The time after so many milliseconds, as far as a stored queue can hold it.
    fn after(&self, delay_ms: u64) -> i64 {
        self.now.saturating_add_unsigned(delay_ms).min(MAX_SAFE)
    }

    /// Takes the first message out.
    fn pop(&mut self) -> Option<String> {
        let id = self.queue.waiting.pop_front();
        self.queue.phase = None;
        self.queue.attempt = 0;
        self.queue.first_sent_ms = None;
        self.queue.until_ms = None;
        self.queue.trouble = None;
        self.queue.state = State::default();
        id
    }

    fn skip(&mut self, id: &str) {
        let Some(at) = self.queue.waiting.iter().position(|known| known == id) else {
            self.acts.push(Act::with(DeliveryAction::Ignore, id, DeliveryReason::UnknownMessage));
            return;
        };
        if at == 0 {
            self.pop();
        } else {
            self.queue.waiting.remove(at);
        }
        self.acts.push(Act::with(DeliveryAction::Drop, id, DeliveryReason::Skipped));
        self.recover_if_empty();
    }

    fn retry_now(&mut self, id: &str) {
        match self.queue.waiting.iter().position(|known| known == id) {
            // One that was delivered or given up: a person wants it again.
            None => self.enqueue(id),
            Some(0) if self.queue.phase() == Phase::InFlight => {
                self.acts.push(Act::with(DeliveryAction::Ignore, id, DeliveryReason::InFlight));
            }
            Some(0) => self.send(),
            Some(_) => self.acts.push(Act::with(DeliveryAction::Ignore, id, DeliveryReason::InOrder)),
        }
    }

    /// Says what is waited for to an owner that may not know it any more.
    fn remind(&mut self) {
        if let (Phase::Waiting, false, Some(until)) = (self.queue.phase(), self.queue.paused, self.queue.until_ms)
            && until > self.now
        {
            self.acts.push(Act { until_ms: Some(until), ..Act::new(DeliveryAction::Wait) });
        }
    }

    /// Sends the first message, if it is its time.
    fn go_on(&mut self) {
        if self.queue.paused || self.queue.waiting.is_empty() {
            return;
        }
        let due = match self.queue.phase() {
            Phase::Idle => true,
            Phase::InFlight => false,
            Phase::Waiting => self.queue.until_ms.is_none_or(|until| until <= self.now),
        };
        if due {
            self.send();
        }
    }

    fn send(&mut self) {
        let Some(id) = self.queue.waiting.front().cloned() else { return };
        self.queue.phase = Some(Phase::InFlight);
        self.queue.attempt = self.queue.attempt.saturating_add(1);
        self.queue.first_sent_ms.get_or_insert(self.now);
        self.queue.until_ms = None;
        let attempt = Some(self.queue.attempt);
        self.acts.push(Act { id: Some(id), attempt, ..Act::new(DeliveryAction::Send) });
    }

    /// Opens the alert when it is due, and lets one out that was held.
    fn watch(&mut self) {
        let Some(policy) = &self.setting.profile.alert else { return };
        let counts = match self.queue.trouble {
            Some(Trouble::Refused) => policy.refused,
            Some(Trouble::Unanswered) => policy.unanswered,
            None => false,
        };
        let deep = u32::try_from(self.queue.waiting.len()).unwrap_or(u32::MAX) >= policy.depth;
        let alarm = self.queue.alarm();
        if alarm == Alarm::Open || (alarm == Alarm::None && !(counts && deep)) {
            return;
        }
        match self.next_opening(policy) {
            None => {
                self.queue.alarm = Some(Alarm::Open);
                self.queue.alert_until_ms = None;
                self.acts.push(Act::new(DeliveryAction::RaiseAlert));
            }
            // A change of the offset moves the opening of an alert that is held.
            until if until != self.queue.alert_until_ms => {
                self.queue.alarm = Some(Alarm::Held);
                self.queue.alert_until_ms = until;
                self.acts.push(Act { until_ms: until, ..Act::new(DeliveryAction::HoldAlert) });
            }
            Some(_) => {}
        }
    }

    /// When alerts go out again; `None` where they do now. The hours may go past midnight.
    fn next_opening(&self, policy: &AlertPolicy) -> Option<i64> {
        let offset = i64::from(self.setting.offset_minutes);
        let minutes = self.now.div_euclid(60_000).saturating_add(offset);
        let minute = minutes.rem_euclid(DAY_MINUTES);
        let (opens, closes) = (i64::from(policy.opens), i64::from(policy.closes));
        let open = if opens <= closes { (opens..closes).contains(&minute) } else { minute >= opens || minute < closes };
        if open {
            return None;
        }
        let wait = (opens - minute).rem_euclid(DAY_MINUTES);
        let until = minutes.saturating_add(wait).saturating_sub(offset);
        Some(until.saturating_mul(60_000))
    }

    /// The queue flows again.
    fn recover(&mut self) {
        let action = match self.queue.alarm() {
            Alarm::None => return,
            Alarm::Held => DeliveryAction::DropAlert,
            Alarm::Open => DeliveryAction::CloseAlert,
        };
        self.queue.alarm = None;
        self.queue.alert_until_ms = None;
        self.acts.push(Act::new(action));
    }

    fn recover_if_empty(&mut self) {
        if self.queue.waiting.is_empty() {
            self.recover();
        }
    }
}

/// The answer, if it came to its end or refused the message before that; otherwise what ended it.
fn whole<'a>(evidence: &Evidence<'a>) -> Evidence<'a> {
    let is_refusal = evidence.status.is_some_and(|status| status >= 400);
    match evidence.failure {
        Some(failure) if !is_refusal => Evidence { failure: Some(failure), ..Evidence::default() },
        _ => *evidence,
    }
}

/// Whether the destination refused the message, or said nothing that could be understood.
fn trouble_of(evidence: &Evidence<'_>, classification: &Classification<'_>) -> Trouble {
    let is_error = evidence.status.is_some_and(|status| status >= 400);
    let has_body = evidence.body.is_some_and(|body| !body.is_empty());
    let is_understood = (evidence.status.is_some() || has_body) && classification.found != Match::Unknown;
    if is_error || evidence.code.is_some() || is_understood { Trouble::Refused } else { Trouble::Unanswered }
}

impl Serialize for Act {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("action", &self.action)?;
        if let Some(id) = &self.id {
            map.serialize_entry("id", id)?;
        }
        if let Some(attempt) = self.attempt {
            map.serialize_entry("attempt", &attempt)?;
        }
        if let Some(until) = self.until_ms {
            map.serialize_entry("until_ms", &until)?;
        }
        if let Some(reason) = self.reason {
            map.serialize_entry("reason", &reason)?;
        }
        if let Some(cause) = self.cause {
            map.serialize_entry("cause", &cause)?;
        }
        map.end()
    }
}

/// Everything that a queue is, for its owner to keep; only what isn't as in an empty queue.
impl Serialize for Queue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("waiting", &self.waiting)?;
        map.serialize_entry("phase", &self.phase())?;
        if self.attempt > 0 {
            map.serialize_entry("attempt", &self.attempt)?;
        }
        for (name, time) in
            [("first_sent_ms", self.first_sent_ms), ("until_ms", self.until_ms), ("now_ms", self.now_ms)]
        {
            if let Some(time) = time {
                map.serialize_entry(name, &time)?;
            }
        }
        if let Some(trouble) = self.trouble {
            map.serialize_entry("trouble", &trouble)?;
        }
        if self.state != State::default() {
            map.serialize_entry("state", &self.state)?;
        }
        if let Some(budget) = &self.budget {
            map.serialize_entry("budget", budget)?;
        }
        if self.paused {
            map.serialize_entry("paused", &true)?;
        }
        map.serialize_entry("alert", &self.alarm())?;
        if let Some(until) = self.alert_until_ms {
            map.serialize_entry("alert_until_ms", &until)?;
        }
        map.end()
    }
}

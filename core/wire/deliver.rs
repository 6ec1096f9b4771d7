//! `ask: deliver`: a queue and what happened to it, in; what to do, and the queue as it then is, out.

use alloc::borrow::Cow;
use alloc::collections::VecDeque;
use alloc::format;
use alloc::vec::Vec;

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::Error;
use super::question::standard;
use super::read::{
    A_TIME, GIVEN, Given, bad, integer, members, one_of, read_budget, read_now, read_profile, read_random, read_state,
    text, word,
};
use crate::delivery::{Act, CAPACITY, Event, FARTHEST_OFFSET, Queue, Setting, check_id};
use crate::profile::{AlertPolicy, Profile};
use crate::source::{MAX_SAFE, Node, Str};
use crate::tables::Catalog;
use crate::vocabulary::{Alarm, Environment, ErrorKind, EventKind, Mode, Phase};

/// How many messages a queue may hold at the most.
const MOST_CAPACITY: i64 = 1_000_000;

/// The part of a question that is about a queue.
#[derive(Clone, Debug)]
pub(super) struct Delivery<'a> {
    profile: Cow<'static, Profile>,
    capacity: usize,
    queue: Queue,
    events: Vec<EventQuestion<'a>>,
}

#[derive(Clone, Debug)]
struct EventQuestion<'a> {
    kind: EventKind,
    id: Str<'a>,
    attempt: Option<u32>,
    given: Given<'a>,
    now_ms: i64,
    offset_minutes: i32,
    random: Option<f64>,
}

/// The answer: what to do after each event, and the queue as it then is.
#[derive(Clone, Debug)]
pub(super) struct Delivered {
    steps: Vec<Vec<Act>>,
    queue: Queue,
}

impl Serialize for Delivered {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(2))?;
        map.serialize_entry("steps", &self.steps)?;
        map.serialize_entry("queue", &self.queue)?;
        map.end()
    }
}

/// The fields that every event takes.
const EVERY_EVENT: &[&str] = &["event", "now", "offset_minutes", "random"];

/// The fields of an event of one message.
const OF_MESSAGE: &[&str] = &["id"];
/// The fields of an event that says what became of an attempt.
const OF_ATTEMPT: &[&str] = &["id", "attempt"];

/// The fields of an event of any kind.
pub(super) fn event_fields() -> Vec<&'static str> {
    [EVERY_EVENT, OF_ATTEMPT, GIVEN].concat()
}

/// The fields that an event of this kind takes besides.
fn own_fields(kind: EventKind) -> &'static [&'static [&'static str]] {
    match kind {
        EventKind::Enqueued | EventKind::Skip | EventKind::RetryNow => &[OF_MESSAGE],
        EventKind::Answered => &[OF_ATTEMPT, GIVEN],
        EventKind::Unanswered => &[OF_ATTEMPT, &["failure"]],
        EventKind::Tick | EventKind::Pause | EventKind::Resume | EventKind::Restarted => &[],
    }
}

/// The fields of a queue.
pub(super) const QUEUE: &[&str] = &[
    "waiting",
    "phase",
    "attempt",
    "first_sent_ms",
    "until_ms",
    "now_ms",
    "trouble",
    "state",
    "budget",
    "paused",
    "alert",
    "alert_until_ms",
];

impl<'a> Delivery<'a> {
    /// What the members say of a queue; `None` where nothing happens to it, which is where there are no events.
    pub(super) fn parse(get: impl Fn(&str) -> Option<Node<'a>>) -> Result<Option<Self>, Error> {
        let capacity = get("capacity").map(|node| integer(node, "/capacity", 1, MOST_CAPACITY)).transpose()?;
        let queue = get("queue").map(|node| read_queue(node, "/queue")).transpose()?.unwrap_or_default();
        let Some(events) = get("events") else { return Ok(None) };
        let Some(events) = events.items() else {
            return Err(bad("/events", format!("must be a list, not {}", events.kind())));
        };
        let profile = get("profile")
            .map(|node| read_profile(node, "/profile"))
            .transpose()?
            .unwrap_or_else(|| Cow::Borrowed(standard()));
        let events = events
            .into_iter()
            .enumerate()
            .map(|(at, event)| EventQuestion::parse(event, profile.alert.as_ref(), &format!("/events/{at}")))
            .collect::<Result<_, _>>()?;
        Ok(Some(Self {
            profile,
            capacity: capacity.and_then(|capacity| usize::try_from(capacity).ok()).unwrap_or(CAPACITY),
            queue,
            events,
        }))
    }

    /// Takes every event. An error leaves the queue of the question as it was: the answer is the error alone.
    pub(super) fn answer(
        &self,
        catalog: Catalog<'_>,
        environment: Environment,
        mode: Option<Mode>,
    ) -> Result<Delivered, Error> {
        let mut queue = self.queue.clone();
        let mut steps = Vec::with_capacity(self.events.len());
        for (at, event) in self.events.iter().enumerate() {
            let setting = Setting {
                catalog,
                profile: &self.profile,
                environment,
                mode,
                now_ms: event.now_ms,
                offset_minutes: event.offset_minutes,
                random: event.random,
                capacity: self.capacity,
            };
            let headers = event.given.headers();
            let step = queue.step(event.event(&headers), &setting);
            steps.push(step.map_err(|error| Error { at: format!("/events/{at}{}", error.at), ..error })?);
        }
        Ok(Delivered { steps, queue })
    }
}

impl<'a> EventQuestion<'a> {
    /// Reads an event; `alert` is the profile's.
    fn parse(node: Node<'a>, alert: Option<&AlertPolicy>, at: &str) -> Result<Self, Error> {
        let found = members(node, at, &event_fields())?;
        let get = |name: &str| found.iter().find(|(member, _)| member == name).map(|(_, node)| *node);
        let place = |name: &str| format!("{at}/{name}");
        let missing =
            |name: &str, what: &str| Error::new(ErrorKind::MissingField, &place(name), format!("is missing: {what}"));
        let kind =
            get("event").ok_or_else(|| missing("event", &format!("what happened, {}", one_of::<EventKind>())))?;
        let kind: EventKind = word(kind, &place("event"))?;
        let own = own_fields(kind);
        let takes = || EVERY_EVENT.iter().chain(own.iter().flat_map(|part| part.iter())).copied();
        // What says nothing of such an event is refused, not passed over: it was meant to say something.
        if let Some((name, _)) = found.iter().find(|(name, _)| !takes().any(|known| known == name)) {
            let message = format!("goes ill with {kind}, which takes {}", takes().collect::<Vec<_>>().join(", "));
            return Err(Error::new(ErrorKind::Conflict, &place(name), message));
        }
        let id = match get("id") {
            Some(node) => read_id(node, &place("id"))?,
            None if takes().any(|known| known == "id") => return Err(missing("id", "which message it happened to")),
            None => Cow::Borrowed(""),
        };
        let has_answer = ["status", "code", "body", "body_base64"].iter().any(|name| get(name).is_some());
        if kind == EventKind::Answered && !has_answer {
            let message = "is missing, and so are code and body; where nothing came back the event is unanswered";
            return Err(Error::new(ErrorKind::MissingField, &place("status"), message));
        }
        let attempt = get("attempt").map(|node| integer(node, &place("attempt"), 1, u32::MAX.into())).transpose()?;
        let now = get("now").ok_or_else(|| missing("now", &format!("when it happened, {A_TIME}")))?;
        let farthest = i64::from(FARTHEST_OFFSET);
        let offset = get("offset_minutes")
            .map(|node| integer(node, &place("offset_minutes"), -farthest, farthest))
            .transpose()?;
        // Taken for UTC, the hours of the alert would be wrong and nobody would notice.
        if let (Some(alert), None) = (alert, offset) {
            let what = format!("how many minutes {} is ahead of UTC at that time", alert.zone);
            return Err(missing("offset_minutes", &what));
        }
        Ok(Self {
            kind,
            id,
            attempt: attempt.and_then(|attempt| u32::try_from(attempt).ok()),
            given: Given::parse(get, at)?,
            now_ms: read_now(now, &place("now"))?,
            offset_minutes: offset.and_then(|offset| i32::try_from(offset).ok()).unwrap_or_default(),
            random: get("random").map(|node| read_random(node, &place("random"))).transpose()?,
        })
    }

    fn event<'e>(&'e self, headers: &'e [(&'e str, &'e str)]) -> Event<'e> {
        match self.kind {
            EventKind::Enqueued => Event::Enqueued(&self.id),
            EventKind::Answered => {
                Event::Answered { id: &self.id, attempt: self.attempt, evidence: self.given.evidence(headers) }
            }
            EventKind::Unanswered => {
                Event::Unanswered { id: &self.id, attempt: self.attempt, failure: self.given.failure.as_deref() }
            }
            EventKind::Tick => Event::Tick,
            EventKind::Pause => Event::Pause,
            EventKind::Resume => Event::Resume,
            EventKind::Skip => Event::Skip(&self.id),
            EventKind::RetryNow => Event::RetryNow(&self.id),
            EventKind::Restarted => Event::Restarted,
        }
    }
}

fn read_id<'a>(node: Node<'a>, at: &str) -> Result<Str<'a>, Error> {
    let id = text(node, at)?;
    check_id(&id, at)?;
    Ok(id)
}

impl Queue {
    /// Reads a queue that was kept as JSON.
    ///
    /// # Errors
    /// The text isn't JSON, or not that of a queue: a field is unknown or of the wrong type, or two of them can't be
    /// true of one queue.
    ///
    /// ```
    /// use retriage::Queue;
    ///
    /// let queue = Queue::parse(r#"{"waiting":["a","b"],"paused":true}"#).expect("it is a queue");
    /// assert_eq!(queue.waiting().collect::<Vec<_>>(), ["a", "b"]);
    /// ```
    pub fn parse(json: &str) -> Result<Self, Error> {
        let node =
            Node::parse(json).map_err(|error| Error::new(ErrorKind::BadJson, "", format!("not JSON: {error}")))?;
        read_queue(node, "")
    }
}

/// The queue that an answer gave back.
fn read_queue(node: Node<'_>, at: &str) -> Result<Queue, Error> {
    let mut queue = Queue::default();
    for (name, node) in members(node, at, QUEUE)? {
        let at = &format!("{at}/{name}");
        let time = |node| integer(node, at, -MAX_SAFE, MAX_SAFE).map(Some);
        match name.as_ref() {
            "waiting" => {
                let items = node.items().ok_or_else(|| bad(at, "must be a list of ids"))?;
                let ids: Result<VecDeque<_>, Error> = items
                    .into_iter()
                    .enumerate()
                    .map(|(place, item)| read_id(item, &format!("{at}/{place}")).map(Cow::into_owned))
                    .collect();
                queue.waiting = ids?;
            }
            "phase" => queue.phase = Some(word(node, at)?).filter(|phase| *phase != Phase::Idle),
            "attempt" => {
                queue.attempt = u32::try_from(integer(node, at, 0, u32::MAX.into())?).unwrap_or_default();
            }
            "first_sent_ms" => queue.first_sent_ms = time(node)?,
            "until_ms" => queue.until_ms = time(node)?,
            "now_ms" => queue.now_ms = time(node)?,
            "alert_until_ms" => queue.alert_until_ms = time(node)?,
            "trouble" => queue.trouble = Some(word(node, at)?),
            "state" => queue.state = read_state(node, at)?,
            "budget" => queue.budget = Some(read_budget(node, at)?),
            "paused" => queue.paused = node.bool().ok_or_else(|| bad(at, "must be true or false"))?,
            _ => queue.alarm = Some(word(node, at)?).filter(|alarm| *alarm != Alarm::None),
        }
    }
    queue.check(at)?;
    Ok(queue)
}

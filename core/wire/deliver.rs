//! `ask: deliver`: a queue and what happened to it, in; what to do, and the queue as it then is, out.

use alloc::borrow::Cow;
use alloc::collections::BTreeSet;
use alloc::format;
use alloc::vec::Vec;

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::Error;
use super::question::standard;
use super::read::{
    GIVEN, Given, bad, integer, members, read_budget, read_now, read_profile, read_random, read_state, text, word,
};
use crate::delivery::{Act, CAPACITY, Event, LONGEST_ID, Queue, Setting};
use crate::evidence::Evidence;
use crate::profile::Profile;
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

/// The fields of an event, besides those that say what came back.
pub(crate) const EVENT: &[&str] = &["event", "id", "now", "offset_minutes", "random"];

/// The fields of a queue.
pub(crate) const QUEUE: &[&str] = &[
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
];

impl<'a> Delivery<'a> {
    /// What the members say of a queue; `None` where nothing happens to it, which is where there are no events.
    pub(super) fn parse(get: impl Fn(&str) -> Option<Node<'a>>) -> Result<Option<Self>, Error> {
        let capacity = get("capacity").map(|node| integer(node, "/capacity", 1, MOST_CAPACITY)).transpose()?;
        let queue = get("queue").map(read_queue).transpose()?.unwrap_or_default();
        let Some(events) = get("events") else { return Ok(None) };
        let Some(events) = events.items() else {
            return Err(bad("/events", format!("must be a list, not {}", events.kind())));
        };
        Ok(Some(Self {
            profile: get("profile")
                .map(|node| read_profile(node, "/profile"))
                .transpose()?
                .unwrap_or_else(|| Cow::Borrowed(standard())),
            capacity: capacity.and_then(|capacity| usize::try_from(capacity).ok()).unwrap_or(CAPACITY),
            queue,
            events: events
                .into_iter()
                .enumerate()
                .map(|(at, event)| EventQuestion::parse(event, &format!("/events/{at}")))
                .collect::<Result<_, _>>()?,
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
    fn parse(node: Node<'a>, at: &str) -> Result<Self, Error> {
        let known: Vec<&str> = EVENT.iter().chain(GIVEN).copied().collect();
        let found = members(node, at, &known)?;
        let get = |name: &str| found.iter().find(|(member, _)| member == name).map(|(_, node)| *node);
        let missing = |name: &str| Error::new(ErrorKind::MissingField, &format!("{at}/{name}"), "is missing");
        let kind: EventKind = word(get("event").ok_or_else(|| missing("event"))?, &format!("{at}/event"))?;
        let named = !matches!(kind, EventKind::Tick | EventKind::Pause | EventKind::Resume | EventKind::Restarted);
        let id = match get("id") {
            Some(node) if named => read_id(node, &format!("{at}/id"))?,
            Some(_) => return Err(bad(&format!("{at}/id"), format!("{kind} is of the queue, not of a message"))),
            None if named => return Err(missing("id")),
            None => Cow::Borrowed(""),
        };
        let now = get("now").ok_or_else(|| missing("now"))?;
        let offset = get("offset_minutes")
            .map(|node| integer(node, &format!("{at}/offset_minutes"), -1_440, 1_440))
            .transpose()?;
        Ok(Self {
            kind,
            id,
            given: Given::parse(get, at)?,
            now_ms: read_now(now, &format!("{at}/now"))?,
            offset_minutes: offset.and_then(|offset| i32::try_from(offset).ok()).unwrap_or_default(),
            random: get("random").map(|node| read_random(node, &format!("{at}/random"))).transpose()?,
        })
    }

    fn event<'e>(&'e self, headers: &'e [(&'e str, &'e str)]) -> Event<'e> {
        match self.kind {
            EventKind::Enqueued => Event::Enqueued(&self.id),
            EventKind::Answered => {
                let evidence: Evidence<'e> = self.given.evidence(headers);
                Event::Answered(&self.id, evidence)
            }
            EventKind::Unanswered => Event::Unanswered(&self.id, self.given.failure.as_deref()),
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
    if id.is_empty() || id.len() > LONGEST_ID {
        return Err(bad(at, format!("must be a text of 1 to {LONGEST_ID} bytes")));
    }
    Ok(id)
}

/// The queue that an answer gave back.
fn read_queue(node: Node<'_>) -> Result<Queue, Error> {
    let mut queue = Queue::default();
    for (name, node) in members(node, "/queue", QUEUE)? {
        let at = &format!("/queue/{name}");
        let time = |node| integer(node, at, -MAX_SAFE, MAX_SAFE).map(Some);
        match name.as_ref() {
            "waiting" => {
                let items = node.items().ok_or_else(|| bad(at, "must be a list of ids"))?;
                let ids = items.into_iter().enumerate().map(|(place, item)| read_id(item, &format!("{at}/{place}")));
                let ids = ids.collect::<Result<Vec<_>, _>>()?;
                let mut seen = BTreeSet::new();
                if let Some(place) = ids.iter().position(|id| !seen.insert(&**id)) {
                    let message = "stands twice: a queue holds an id once";
                    return Err(Error::new(ErrorKind::Conflict, &format!("{at}/{place}"), message));
                }
                queue.waiting = ids.into_iter().map(Cow::into_owned).collect();
            }
            "phase" => queue.phase = Some(word(node, at)?).filter(|phase| *phase != Phase::Idle),
            "attempt" => {
                queue.attempt = u32::try_from(integer(node, at, 0, u32::MAX.into())?).unwrap_or_default();
            }
            "first_sent_ms" => queue.first_sent_ms = time(node)?,
            "until_ms" => queue.until_ms = time(node)?,
            "now_ms" => queue.now_ms = time(node)?,
            "trouble" => queue.trouble = Some(word(node, at)?),
            "state" => queue.state = read_state(node, at)?,
            "budget" => queue.budget = Some(read_budget(node, at)?),
            "paused" => queue.paused = node.bool().ok_or_else(|| bad(at, "must be true or false"))?,
            _ => queue.alarm = Some(word(node, at)?).filter(|alarm| *alarm != Alarm::None),
        }
    }
    if queue.waiting.is_empty() && queue.phase.is_some() {
        return Err(Error::new(ErrorKind::Conflict, "/queue/phase", "is of a message, and none waits"));
    }
    Ok(queue)
}

//! The queue of a subscription, in random sequences of events, sensible and senseless ones: against a model that
//! keeps everything in plain lists, against the rules one by one, and against itself after a stop at every event.
//!
//! `cargo test --release --test delivery -- --ignored` takes a million events, which is a quarter of a minute on one
//! core; `PROPTEST_RNG_SEED` takes others.

mod common;

use std::cell::Cell;
use std::fmt::Debug;

use common::tries;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use retriage::profile::{AlertPolicy, Backoff, Jitter};
use retriage::vocabulary::{Environment, Growth, JitterKind, Mode};
use retriage::{Act, Error, Event, Evidence, Profile, Queue, Setting};
use serde_json::{Value, json};

/// The longest sequence.
const EVENTS: usize = 2_000;
/// How many messages the queue of a run may hold: few, so that it is full at times.
const CAPACITY: usize = 6;
/// How many different ids there are: few, so that they come again.
const IDS: u8 = 12;
/// 2026-10-30T12:00:00Z, two days before the clocks go back in New York.
const START_MS: i64 = 1_793_361_600_000;
const MINUTE_MS: i64 = 60_000;

// Where a run takes place.

/// A profile and where it is used, with what the documents and the words say of it put down once more.
#[derive(Debug)]
struct Place {
    /// The profile as the wire form has it, over the one that it extends.
    json: Value,
    profile: Profile,
    environment: Environment,
    mode: Mode,
    /// Whether it retries at all.
    retries: bool,
    /// What rules.
    by_words: bool,
    /// The waits after each attempt in milliseconds; the last stays.
    waits: Vec<i64>,
    /// Whether the wait is multiplied by the random number.
    jittered: bool,
    attempts: Option<usize>,
    deadline_ms: Option<i64>,
    alert: Option<Alert>,
}

/// The alert of a place: after how many messages, after which troubles, and its hours in minutes of the day.
#[derive(Clone, Copy, Debug)]
struct Alert {
    depth: usize,
    after: &'static [&'static str],
    opens: i64,
    closes: i64,
}

const REDOX_WAITS: [i64; 7] = [10_000, 10_000, 20_000, 30_000, 50_000, 80_000, 120_000];
const REDOX_ALERT: Alert = Alert { depth: 1, after: &["refused"], opens: 600, closes: 1_320 };

impl Place {
    fn of(id: &str, environment: Environment, mode: Mode, alert: Option<Alert>) -> Self {
        let mut profile = retriage::profile(id).expect("a built-in profile").clone();
        profile.alert = alert.map(|alert| AlertPolicy {
            depth: u32::try_from(alert.depth).expect("a small number"),
            refused: alert.after.contains(&"refused"),
            unanswered: alert.after.contains(&"unanswered"),
            opens: u16::try_from(alert.opens).expect("a minute of the day"),
            closes: u16::try_from(alert.closes).expect("a minute of the day"),
            zone: "America/New_York".into(),
        });
        let clock = |minute: i64| format!("{:02}:{:02}", minute / 60, minute % 60);
        let json = json!({
            "extends": id,
            "alert": alert.map(|alert| json!({
                "depth": alert.depth, "after": alert.after, "zone": "America/New_York",
                "opens": clock(alert.opens), "closes": clock(alert.closes),
            })),
        });
        Self {
            json,
            profile,
            environment,
            mode,
            retries: true,
            by_words: false,
            waits: REDOX_WAITS.to_vec(),
            jittered: false,
            attempts: None,
            deadline_ms: None,
            alert,
        }
    }

    /// With another wait, always the same.
    fn constant(mut self, wait_ms: u64) -> Self {
        self.profile.backoff =
            Backoff { growth: Growth::Constant, base_ms: wait_ms, cap_ms: None, ..self.profile.backoff };
        self.json["backoff"] = json!({ "growth": "constant", "base_ms": wait_ms, "cap_ms": null });
        self.waits = vec![i64::try_from(wait_ms).expect("a small number")];
        self
    }

    fn ends_after(mut self, attempts: Option<u32>, deadline_ms: Option<u64>) -> Self {
        (self.profile.attempts, self.profile.deadline_ms) = (attempts, deadline_ms);
        self.json["attempts"] = json!(attempts);
        self.json["deadline_ms"] = json!(deadline_ms);
        self.attempts = attempts.map(|attempts| usize::try_from(attempts).expect("a small number"));
        self.deadline_ms = deadline_ms.map(|ms| i64::try_from(ms).expect("a small number"));
        self
    }

    fn all() -> [Self; 8] {
        use Environment::{Development, Production, Staging};
        let by_night = Alert { depth: 3, after: &["refused", "unanswered"], opens: 1_320, closes: 360 };
        let always = Alert { depth: 2, after: &["refused", "unanswered"], opens: 0, closes: 1_440 };
        let redox = |alert| Self::of("redox-delivery", Production, Mode::Async, alert);
        let mut jittered = redox(Some(REDOX_ALERT));
        jittered.profile.jitter = Jitter { kind: JitterKind::Full, ..Jitter::NONE };
        jittered.json["jitter"] = json!({ "kind": "full" });
        jittered.jittered = true;
        let mut words = Self::of("standard", Production, Mode::Async, Some(always));
        words.profile.jitter = Jitter::NONE;
        words.profile.hints.jitter = Some(Jitter::NONE);
        words.json["jitter"] = json!({ "kind": "none" });
        words.json["hints"] = json!({ "jitter": { "kind": "none" } });
        words.by_words = true;
        [
            redox(Some(REDOX_ALERT)),
            redox(Some(by_night)).constant(10_000),
            redox(Some(Alert { after: &["unanswered"], ..always })).constant(0).ends_after(Some(4), None),
            Self { retries: false, ..Self::of("redox-delivery", Development, Mode::Async, Some(REDOX_ALERT)) },
            Self { retries: false, ..Self::of("redox-delivery", Production, Mode::Sync, None) },
            Self::of("redox-2017-delivery", Staging, Mode::Sync, None).ends_after(None, Some(45_000)),
            jittered,
            words.constant(2_000).ends_after(Some(3), None),
        ]
    }

    fn setting(&self, moment: Moment) -> Setting<'_> {
        Setting {
            catalog: retriage::catalog("http").expect("a built-in catalog"),
            profile: &self.profile,
            environment: self.environment,
            mode: Some(self.mode),
            now_ms: moment.now_ms,
            offset_minutes: moment.offset_minutes,
            random: moment.quarter.map(|quarter| f64::from(quarter) / 4.0),
            capacity: CAPACITY,
        }
    }

    /// A question of the wire form about a queue of this place.
    fn question(&self, queue: &str, events: &[Value]) -> String {
        let queue: Value = serde_json::from_str(queue).expect("a queue is JSON");
        json!({
            "ask": "deliver", "profile": self.json, "environment": self.environment, "mode": self.mode,
            "capacity": CAPACITY, "queue": queue, "events": events,
        })
        .to_string()
    }
}

// What happens.

/// When it is.
#[derive(Clone, Copy, Debug)]
struct Moment {
    now_ms: i64,
    offset_minutes: i32,
    /// The random number, in quarters.
    quarter: Option<u8>,
}

/// What came back of an attempt.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Came {
    /// A status.
    Status(u16),
    /// An answer in which there is nothing.
    Empty,
    /// No answer.
    Silence,
}

/// An event of a run.
#[derive(Clone, Debug)]
enum What {
    Enqueued(String),
    Came { id: String, attempt: Option<u32>, came: Came },
    Tick,
    Pause,
    Resume,
    Skip(String),
    RetryNow(String),
    Restarted,
}

impl What {
    fn event(&self) -> Event<'_> {
        match self {
            Self::Enqueued(id) => Event::Enqueued(id),
            Self::Came { id, attempt, came: Came::Silence } => {
                Event::Unanswered { id, attempt: *attempt, failure: Some("ETIMEDOUT") }
            }
            Self::Came { id, attempt, came } => {
                let evidence = match came {
                    Came::Status(status) => Evidence { status: Some(*status), ..Evidence::default() },
                    _ => Evidence { body: Some(b""), ..Evidence::default() },
                };
                Event::Answered { id, attempt: *attempt, evidence }
            }
            Self::Tick => Event::Tick,
            Self::Pause => Event::Pause,
            Self::Resume => Event::Resume,
            Self::Skip(id) => Event::Skip(id),
            Self::RetryNow(id) => Event::RetryNow(id),
            Self::Restarted => Event::Restarted,
        }
    }

    fn json(&self, moment: Moment) -> Value {
        let mut event = match self {
            Self::Enqueued(id) => json!({ "event": "enqueued", "id": id }),
            Self::Came { id, attempt, came } => {
                let mut event = match came {
                    Came::Status(status) => json!({ "event": "answered", "status": status }),
                    Came::Empty => json!({ "event": "answered", "body": "" }),
                    Came::Silence => json!({ "event": "unanswered", "failure": "ETIMEDOUT" }),
                };
                event["id"] = json!(id);
                event["attempt"] = json!(attempt);
                event
            }
            Self::Tick => json!({ "event": "tick" }),
            Self::Pause => json!({ "event": "pause" }),
            Self::Resume => json!({ "event": "resume" }),
            Self::Skip(id) => json!({ "event": "skip", "id": id }),
            Self::RetryNow(id) => json!({ "event": "retry_now", "id": id }),
            Self::Restarted => json!({ "event": "restarted" }),
        };
        event["now"] = json!(moment.now_ms);
        event["offset_minutes"] = json!(moment.offset_minutes);
        event["random"] = json!(moment.quarter.map(|quarter| f64::from(quarter) / 4.0));
        event
    }
}

/// What chance says of an event, before it is known what the queue looks like then.
#[derive(Clone, Debug)]
struct Roll {
    what: Kind,
    who: Who,
    came: Came,
    /// Whether the answer names its attempt, and how far off.
    attempt: Option<i64>,
    when: When,
    offset_minutes: i32,
    quarter: Option<u8>,
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    Enqueued,
    Came,
    Tick,
    Pause,
    Resume,
    Skip,
    RetryNow,
    Restarted,
}

#[derive(Clone, Copy, Debug)]
enum Who {
    First,
    Any(u8),
    /// An id that nothing can have.
    Nobody,
}

#[derive(Clone, Copy, Debug)]
enum When {
    /// So many milliseconds after the last event, or before it.
    After(i64),
    /// So many after the wait ends.
    AfterWait(i64),
    /// So many after the held alert may go out.
    AfterOpening(i64),
    /// So many after the clock next shows this hour of the day.
    AfterHour(i64, i64),
    /// A time that no clock shows.
    Never,
}

/// Events, of which more or fewer bring messages.
fn rolls(enqueued: u32) -> impl Strategy<Value = Roll> {
    let what = prop_oneof![
        enqueued => Just(Kind::Enqueued),
        40 => Just(Kind::Came),
        15 => Just(Kind::Tick),
        2 => Just(Kind::Pause),
        4 => Just(Kind::Resume),
        3 => Just(Kind::Skip),
        4 => Just(Kind::RetryNow),
        2 => Just(Kind::Restarted),
    ];
    let who = prop_oneof![50 => Just(Who::First), 40 => (0..IDS).prop_map(Who::Any), 1 => Just(Who::Nobody)];
    let came = select(vec![
        Came::Status(200),
        Came::Status(200),
        Came::Status(503),
        Came::Status(503),
        Came::Status(503),
        Came::Status(400),
        Came::Status(401),
        Came::Status(302),
        Came::Empty,
        Came::Silence,
    ]);
    let attempt = prop_oneof![4 => Just(None), 4 => Just(Some(0)), 1 => (-2_i64..=2).prop_map(Some)];
    let when = prop_oneof![
        20 => Just(When::After(0)),
        30 => (0_i64..5_000).prop_map(When::After),
        10 => (0_i64..60 * MINUTE_MS).prop_map(When::After),
        3 => (0_i64..30 * 60 * MINUTE_MS).prop_map(When::After),
        3 => (-MINUTE_MS..=0).prop_map(When::After),
        2 => (-2 * 60 * MINUTE_MS..-MINUTE_MS).prop_map(When::After),
        2 => select(vec![-MINUTE_MS - 1, -MINUTE_MS]).prop_map(When::After),
        30 => (-1_i64..=1).prop_map(When::AfterWait),
        8 => (-1_i64..=1).prop_map(When::AfterOpening),
        4 => (select(vec![0, 6, 10, 22]), -1_i64..=1).prop_map(|(hour, ms)| When::AfterHour(hour, ms)),
        1 => Just(When::Never),
    ];
    let quarter = prop_oneof![5 => (0_u8..4).prop_map(Some), 1 => Just(None)];
    let offset = select(vec![-300, -240]);
    (what, who, came, attempt, when, offset, quarter).prop_map(
        |(what, who, came, attempt, when, offset_minutes, quarter)| Roll {
            what,
            who,
            came,
            attempt,
            when,
            offset_minutes,
            quarter,
        },
    )
}

impl Roll {
    /// The event, as the queue is and the last one left the time.
    fn event(&self, queue: &Queue, last_ms: i64) -> (What, Moment) {
        let id = match self.who {
            Who::First => queue.waiting().next().unwrap_or("m0").to_owned(),
            Who::Any(id) => format!("m{id}"),
            Who::Nobody => String::new(),
        };
        let what = match self.what {
            Kind::Enqueued => What::Enqueued(id),
            Kind::Came => {
                let attempt = self.attempt.map(|off| i64::from(queue.attempt()).saturating_add(off).max(1));
                let attempt = attempt.map(|attempt| u32::try_from(attempt).expect("a small number"));
                What::Came { id, attempt, came: self.came }
            }
            Kind::Tick => What::Tick,
            Kind::Pause => What::Pause,
            Kind::Resume => What::Resume,
            Kind::Skip => What::Skip(id),
            Kind::RetryNow => What::RetryNow(id),
            Kind::Restarted => What::Restarted,
        };
        let now_ms = match self.when {
            When::After(ms) => last_ms + ms,
            When::AfterWait(ms) => queue.until_ms().unwrap_or(last_ms) + ms,
            When::AfterOpening(ms) => queue.alert_until_ms().unwrap_or(last_ms) + ms,
            When::AfterHour(hour, ms) => {
                let offset = i64::from(self.offset_minutes) * MINUTE_MS;
                last_ms + (hour * 60 * MINUTE_MS - last_ms - offset).rem_euclid(24 * 60 * MINUTE_MS) + ms
            }
            When::Never => i64::MAX,
        };
        (what, Moment { now_ms, offset_minutes: self.offset_minutes, quarter: self.quarter })
    }
}

// The model.

/// A message that was taken.
#[derive(Clone, Debug)]
struct Taken {
    id: String,
    /// When it was sent, each time.
    sent: Vec<i64>,
    /// What became of each sending, as far as it is known.
    failed: Vec<Failed>,
    /// Whether it has left the queue.
    is_gone: bool,
}

impl Taken {
    /// What it last met with.
    fn trouble(&self) -> Option<&'static str> {
        self.failed.iter().rev().find_map(|failed| failed.trouble)
    }

    /// Whether it has been sent with fresh credentials.
    fn had_fresh(&self) -> bool {
        self.failed.iter().any(|failed| failed.trouble.is_none())
    }
}

#[derive(Clone, Debug)]
struct Failed {
    /// What it says of the destination; nothing where fresh credentials were all that was missing.
    trouble: Option<&'static str>,
    /// When it may be sent again.
    due: i64,
}

/// An alert, from its beginning to its end.
#[derive(Clone, Debug)]
struct Alarm {
    /// Until when its owner was last told that it is held.
    told: Option<i64>,
    is_raised: bool,
    is_over: bool,
}

/// What becomes of an attempt.
enum Made {
    Delivered,
    Again { wait: i64, trouble: &'static str },
    Fresh,
    Dropped { cause: &'static str, wait: Option<i64> },
}

/// A queue that forgets nothing. Its own time never goes back; `skew` is what the clock shows beyond it.
#[derive(Clone, Debug)]
struct Model<'p> {
    place: &'p Place,
    taken: Vec<Taken>,
    alarms: Vec<Alarm>,
    is_paused: bool,
    time: Option<i64>,
    skew: i64,
}

impl<'p> Model<'p> {
    fn new(place: &'p Place) -> Self {
        Self { place, taken: Vec::new(), alarms: Vec::new(), is_paused: false, time: None, skew: 0 }
    }

    fn time(&self) -> i64 {
        self.time.expect("an event has come")
    }

    /// Those that wait, by their places in the list.
    fn waiting(&self) -> Vec<usize> {
        (0..self.taken.len()).filter(|at| !self.taken[*at].is_gone).collect()
    }

    fn first(&self) -> Option<&Taken> {
        self.taken.iter().find(|taken| !taken.is_gone)
    }

    fn first_mut(&mut self) -> &mut Taken {
        self.taken.iter_mut().find(|taken| !taken.is_gone).expect("somebody waits")
    }

    fn is_in_flight(&self) -> bool {
        self.first().is_some_and(|first| first.sent.len() > first.failed.len())
    }

    /// When the first is to be sent again.
    fn due(&self) -> Option<i64> {
        let first = self.first()?;
        first.failed.last().filter(|_| !self.is_in_flight()).map(|failed| failed.due)
    }

    /// The queue as it is stored.
    fn json(&self) -> Value {
        let mut queue = json!({
            "waiting": self.waiting().iter().map(|at| &self.taken[*at].id).collect::<Vec<_>>(),
            "phase": "idle",
            "now_ms": self.time() + self.skew,
            "alert": "none",
        });
        if let Some(first) = self.first().filter(|first| !first.sent.is_empty()) {
            queue["phase"] = json!(if self.is_in_flight() { "in_flight" } else { "waiting" });
            queue["attempt"] = json!(first.sent.len());
            queue["first_sent_ms"] = json!(first.sent[0] + self.skew);
            if let Some(due) = self.due() {
                queue["until_ms"] = json!(due + self.skew);
            }
            if let Some(trouble) = first.trouble() {
                queue["trouble"] = json!(trouble);
            }
            if first.had_fresh() {
                queue["state"] = json!({ "reauthenticated": true });
            }
        }
        if self.is_paused {
            queue["paused"] = json!(true);
        }
        match self.alarms.last().filter(|alarm| !alarm.is_over) {
            Some(alarm) if alarm.is_raised => queue["alert"] = json!("open"),
            Some(alarm) => {
                queue["alert"] = json!("held");
                queue["alert_until_ms"] = json!(alarm.told);
            }
            None => {}
        }
        queue
    }

    /// What is to be said after an event, or where the event is refused.
    fn take(&mut self, what: &What, moment: Moment) -> Result<Vec<Value>, &'static str> {
        if what.event().id() == Some("") {
            return Err("/id");
        }
        if moment.now_ms == i64::MAX {
            return Err("/now");
        }
        let came = match what {
            What::Came { id, attempt, came } => {
                let is_of_first = self.first().is_some_and(|first| {
                    first.id == *id && attempt.is_none_or(|attempt| u32::try_from(first.sent.len()) == Ok(attempt))
                });
                (is_of_first && self.is_in_flight()).then_some(*came)
            }
            What::Restarted => self.is_in_flight().then_some(Came::Silence),
            _ => None,
        };
        if came.is_some() && self.place.jittered && moment.quarter.is_none() {
            return Err("/random");
        }
        let is_set_back = self.pass(moment.now_ms);
        let mut said = Vec::new();
        match what {
            What::Enqueued(id) => self.enqueue(id, &mut said),
            What::Came { id, .. } => match came {
                Some(came) => self.came(came, moment, &mut said),
                None => said.push(json!({ "action": "ignore", "id": id, "reason": "not_in_flight" })),
            },
            What::Restarted => {
                if let Some(came) = came {
                    self.came(came, moment, &mut said);
                }
                for alarm in &mut self.alarms {
                    alarm.told = None;
                }
            }
            What::Skip(id) => self.skip(id, &mut said),
            What::RetryNow(id) => self.retry_now(id, &mut said),
            What::Tick | What::Pause | What::Resume => {}
        }
        let was_paused = self.is_paused;
        match what {
            What::Pause => self.is_paused = true,
            What::Resume => self.is_paused = false,
            _ => {}
        }
        let resumed = was_paused && !self.is_paused;
        let has_said_wait = said.iter().any(|said| said["action"] == "wait");
        if (is_set_back || resumed || matches!(what, What::Restarted))
            && !has_said_wait
            && !self.is_paused
            && let Some(due) = self.due().filter(|due| *due > self.time())
        {
            said.push(json!({ "action": "wait", "until_ms": due + self.skew }));
        }
        self.alert(moment.offset_minutes, &mut said);
        let is_due = self.due().is_none_or(|due| due <= self.time());
        if !self.is_paused && self.first().is_some() && !self.is_in_flight() && is_due {
            self.send(&mut said);
        }
        Ok(said)
    }

    /// Lets time pass; whether the clock was set back.
    fn pass(&mut self, now_ms: i64) -> bool {
        let Some(time) = self.time else {
            self.time = Some(now_ms);
            return false;
        };
        let passed = now_ms - (time + self.skew);
        if passed < -MINUTE_MS {
            self.skew += passed;
            return true;
        }
        self.time = Some(time + passed.max(0));
        false
    }

    fn enqueue(&mut self, id: &str, said: &mut Vec<Value>) {
        let waiting = self.waiting();
        if waiting.iter().any(|at| self.taken[*at].id == id) {
            said.push(json!({ "action": "refuse", "id": id, "reason": "duplicate" }));
        } else if waiting.len() >= CAPACITY {
            said.push(json!({ "action": "refuse", "id": id, "reason": "full" }));
        } else {
            self.taken.push(Taken { id: id.to_owned(), sent: Vec::new(), failed: Vec::new(), is_gone: false });
        }
    }

    fn came(&mut self, came: Came, moment: Moment, said: &mut Vec<Value>) {
        let (time, skew) = (self.time(), self.skew);
        let made = self.made(came, moment);
        let first = self.first_mut();
        let id = first.id.clone();
        match made {
            Made::Delivered => {
                first.is_gone = true;
                said.push(json!({ "action": "delivered", "id": id }));
                self.recover(said);
            }
            Made::Again { wait, trouble } => {
                first.failed.push(Failed { trouble: Some(trouble), due: time + wait });
                said.push(json!({ "action": "wait", "until_ms": time + wait + skew }));
            }
            Made::Fresh => {
                first.failed.push(Failed { trouble: None, due: time });
                said.push(json!({ "action": "reauthenticate" }));
            }
            Made::Dropped { cause, wait } => {
                first.is_gone = true;
                let mut drop = json!({ "action": "drop", "id": id, "reason": "failed", "cause": cause });
                if let Some(wait) = wait {
                    drop["until_ms"] = json!(time + wait + skew);
                }
                said.push(drop);
                if self.first().is_none() {
                    self.recover(said);
                }
            }
        }
    }

    /// What the place makes of what came back of the first message.
    fn made(&self, came: Came, moment: Moment) -> Made {
        let place = self.place;
        let first = self.first().expect("something is on its way");
        let drop = |cause| Made::Dropped { cause, wait: None };
        let fresh = match (place.by_words, came) {
            (_, Came::Status(200)) => return Made::Delivered,
            (true, Came::Status(302)) => return drop("redirect"),
            (true, Came::Status(400)) => return drop("fix"),
            (true, Came::Status(401)) if first.had_fresh() => return drop("credentials_refused"),
            (true, Came::Status(401)) => true,
            (false, Came::Status(302)) => return drop("not_selected"),
            _ => false,
        };
        if !place.retries {
            return drop("not_here");
        }
        let number = first.sent.len();
        if place.attempts.is_some_and(|attempts| number >= attempts) {
            return drop("attempts");
        }
        if fresh {
            return Made::Fresh;
        }
        let full = place.waits.get(number - 1).or(place.waits.last()).expect("a place has waits");
        let wait = match moment.quarter.filter(|_| place.jittered) {
            Some(quarter) => full * i64::from(quarter) / 4,
            None => *full,
        };
        let passed = self.time() - first.sent.first().expect("it was sent");
        if place.deadline_ms.is_some_and(|deadline| passed + wait >= deadline) {
            return Made::Dropped { cause: "deadline", wait: Some(wait) };
        }
        Made::Again { wait, trouble: if matches!(came, Came::Status(_)) { "refused" } else { "unanswered" } }
    }

    fn skip(&mut self, id: &str, said: &mut Vec<Value>) {
        let Some(taken) = self.taken.iter_mut().find(|taken| !taken.is_gone && taken.id == id) else {
            said.push(json!({ "action": "ignore", "id": id, "reason": "unknown_message" }));
            return;
        };
        taken.is_gone = true;
        said.push(json!({ "action": "drop", "id": id, "reason": "skipped" }));
        if self.first().is_none() {
            self.recover(said);
        }
    }

    fn retry_now(&mut self, id: &str, said: &mut Vec<Value>) {
        let place = self.waiting().into_iter().position(|at| self.taken[at].id == id);
        let reason = match place {
            None => return self.enqueue(id, said),
            Some(0) if !self.is_in_flight() => return self.send(said),
            Some(0) => "in_flight",
            Some(_) => "in_order",
        };
        said.push(json!({ "action": "ignore", "id": id, "reason": reason }));
    }

    fn send(&mut self, said: &mut Vec<Value>) {
        let time = self.time();
        let first = self.first_mut();
        first.sent.push(time);
        said.push(json!({ "action": "send", "id": first.id, "attempt": first.sent.len() }));
    }

    /// Opens an alert or lets it out.
    fn alert(&mut self, offset_minutes: i32, said: &mut Vec<Value>) {
        let Some(policy) = self.place.alert else { return };
        let trouble = self.first().and_then(Taken::trouble);
        let is_held_up = trouble.is_some_and(|trouble| policy.after.contains(&trouble));
        let is_deep = self.waiting().len() >= policy.depth;
        let now = self.time() + self.skew;
        if self.alarms.last().is_none_or(|alarm| alarm.is_over) {
            if !(is_held_up && is_deep) {
                return;
            }
            self.alarms.push(Alarm { told: None, is_raised: false, is_over: false });
        }
        let alarm = self.alarms.last_mut().expect("there is one");
        if alarm.is_raised {
            return;
        }
        if policy.goes_out(now, offset_minutes) {
            alarm.is_raised = true;
            said.push(json!({ "action": "raise_alert" }));
            return;
        }
        // The next full minute in which it may go out.
        let mut opening = now - now.rem_euclid(MINUTE_MS);
        while !policy.goes_out(opening, offset_minutes) {
            opening += MINUTE_MS;
        }
        if alarm.told != Some(opening) {
            alarm.told = Some(opening);
            said.push(json!({ "action": "hold_alert", "until_ms": opening }));
        }
    }

    fn recover(&mut self, said: &mut Vec<Value>) {
        if let Some(alarm) = self.alarms.last_mut().filter(|alarm| !alarm.is_over) {
            alarm.is_over = true;
            said.push(json!({ "action": if alarm.is_raised { "close_alert" } else { "drop_alert" } }));
        }
    }
}

impl Alert {
    /// Whether alerts go out at a time.
    fn goes_out(self, now_ms: i64, offset_minutes: i32) -> bool {
        let local = now_ms + i64::from(offset_minutes) * MINUTE_MS;
        let minute = local.rem_euclid(24 * 60 * MINUTE_MS) / MINUTE_MS;
        if self.opens < self.closes {
            self.opens <= minute && minute < self.closes
        } else {
            self.opens <= minute || minute < self.closes
        }
    }
}

// The rules.

fn ensure(holds: bool, rule: &str, seen: impl Debug) -> Result<(), TestCaseError> {
    if holds { Ok(()) } else { Err(TestCaseError::fail(format!("{rule}: {seen:?}"))) }
}

/// What must hold whatever happens, seen from outside: by what the queue says, and not by what it is.
#[derive(Debug, Default)]
struct Rules {
    /// Those that were taken and have not left, in order, and how often each was sent.
    waiting: Vec<(String, u64)>,
    /// The one on its way.
    in_flight: Option<String>,
    is_paused: bool,
    /// How long the first must still wait.
    left_ms: Option<i64>,
    /// What was last said of the alert, if it isn't over.
    alert: Option<String>,
    now_ms: Option<i64>,
}

impl Rules {
    fn check(
        &mut self,
        place: &Place,
        what: &What,
        moment: Moment,
        said: &[Value],
        queue: &Queue,
    ) -> Result<(), TestCaseError> {
        let passed = self.now_ms.map_or(0, |last| moment.now_ms - last);
        self.now_ms = Some(if passed < -MINUTE_MS { moment.now_ms } else { moment.now_ms - passed.min(0) });
        self.left_ms = self.left_ms.map(|left| left - passed.max(0));
        let now = self.now_ms.unwrap_or_default();

        let is_ignored = said.iter().any(|said| said["action"] == "ignore");
        let is_refused = said.iter().any(|said| said["action"] == "refuse");
        match what {
            What::Enqueued(id) | What::RetryNow(id) => {
                let is_known = self.waiting.iter().any(|(known, _)| known == id);
                let is_full = self.waiting.len() >= CAPACITY;
                let must_be_refused = if is_known { matches!(what, What::Enqueued(_)) } else { is_full };
                ensure(is_refused == must_be_refused, "refused where there is a reason, and there alone", what)?;
                if !is_known && !is_refused {
                    self.waiting.push((id.clone(), 0));
                }
            }
            What::Came { id, .. } if !is_ignored => {
                ensure(self.in_flight.as_ref() == Some(id), "an answer counts for what is on its way", what)?;
                self.in_flight = None;
            }
            What::Restarted => self.in_flight = None,
            What::Skip(id) if self.in_flight.as_ref() == Some(id) => self.in_flight = None,
            What::Pause => self.is_paused = true,
            What::Resume => self.is_paused = false,
            _ => {}
        }
        let mut sendings = 0;
        for act in said {
            let id = act["id"].as_str().unwrap_or_default();
            match act["action"].as_str().unwrap_or_default() {
                "send" => {
                    sendings += 1;
                    let by_hand = matches!(what, What::RetryNow(wanted) if wanted == id);
                    ensure(self.in_flight.is_none(), "one on its way at a time", said)?;
                    ensure(by_hand || !self.is_paused, "a paused queue sends by hand alone", said)?;
                    ensure(by_hand || self.left_ms.is_none_or(|left| left <= 0), "no sending before its time", said)?;
                    let Some((first, times)) = self.waiting.first_mut() else {
                        return Err(TestCaseError::fail("something is sent and nothing waits"));
                    };
                    *times += 1;
                    ensure(first == id, "first in, first out", said)?;
                    ensure(act["attempt"] == json!(*times), "attempts count up from 1", said)?;
                    self.in_flight = Some(id.to_owned());
                    self.left_ms = None;
                }
                "wait" => {
                    let until = act["until_ms"].as_i64().unwrap_or_default();
                    ensure(until >= now, "a wait ends later", said)?;
                    self.left_ms = Some(until - now);
                }
                "reauthenticate" => self.left_ms = Some(0),
                "delivered" | "drop" => {
                    let place = self.waiting.iter().position(|(known, _)| known == id);
                    let is_first = place == Some(0);
                    ensure(place.is_some(), "what leaves was there", said)?;
                    ensure(is_first || act["reason"] == "skipped", "only by hand leaves another than the first", said)?;
                    if is_first {
                        self.left_ms = None;
                    }
                    self.waiting.remove(place.unwrap_or_default());
                }
                action @ ("raise_alert" | "hold_alert" | "close_alert" | "drop_alert") => {
                    self.hear(place, moment, act, action, now)?;
                }
                _ => {}
            }
        }
        ensure(sendings <= 1, "one sending for an event", said)?;

        let waiting: Vec<&str> = self.waiting.iter().map(|(id, _)| id.as_str()).collect();
        ensure(waiting == queue.waiting().collect::<Vec<_>>(), "nothing is lost", queue)?;
        ensure(waiting.len() <= CAPACITY, "a queue is bounded", queue)?;
        ensure(!waiting.is_empty() || self.alert.is_none(), "an empty queue alerts nobody", queue)?;
        let is_busy = self.in_flight.is_some() || self.left_ms.is_some_and(|left| left > 0);
        ensure(waiting.is_empty() || self.is_paused || is_busy, "a queue that may send does", queue)?;
        ensure(self.is_paused == queue.is_paused(), "somebody paused it or nobody", queue)
    }

    /// Whether an alert goes from one state to the next as it may.
    fn hear(
        &mut self,
        place: &Place,
        moment: Moment,
        act: &Value,
        action: &str,
        now: i64,
    ) -> Result<(), TestCaseError> {
        let last = self.alert.as_deref();
        let is_held = last == Some("hold_alert");
        let fits = match action {
            "raise_alert" | "hold_alert" => last.is_none() || is_held,
            "close_alert" => last == Some("raise_alert"),
            _ => is_held,
        };
        ensure(fits, "an alert opens once and ends once", (last, action))?;
        let Some(policy) = place.alert else {
            return Err(TestCaseError::fail("who has nobody to alert alerts somebody"));
        };
        match action {
            "raise_alert" => {
                ensure(policy.goes_out(now, moment.offset_minutes), "an alert goes out in its hours", now)?;
            }
            "hold_alert" => {
                let until = act["until_ms"].as_i64().unwrap_or_default();
                let out = |time| policy.goes_out(time, moment.offset_minutes);
                ensure(!out(now) && until > now, "an alert is held outside its hours", (now, until))?;
                ensure(out(until) && !out(until - 1), "an alert is held until its hours begin", (now, until))?;
            }
            _ => {}
        }
        self.alert = matches!(action, "raise_alert" | "hold_alert").then(|| action.to_owned());
        Ok(())
    }
}

// The runs.

fn json_of(queue: &Queue) -> String {
    serde_json::to_string(queue).expect("a queue is JSON")
}

fn said_of(acts: &[Act]) -> Vec<Value> {
    let said = serde_json::to_value(acts).expect("actions are JSON");
    said.as_array().expect("a list").clone()
}

/// What a program can ask a queue is what the queue is stored as.
fn says_what_it_stores(queue: &Queue, stored: &Value) -> Result<(), TestCaseError> {
    prop_assert_eq!(json!(queue.waiting().collect::<Vec<_>>()), stored["waiting"].clone());
    prop_assert_eq!(json!(queue.phase()), stored["phase"].clone());
    prop_assert_eq!(u64::from(queue.attempt()), stored["attempt"].as_u64().unwrap_or_default());
    prop_assert_eq!(queue.until_ms(), stored["until_ms"].as_i64());
    prop_assert_eq!(queue.alert_until_ms(), stored["alert_until_ms"].as_i64());
    Ok(())
}

/// Takes every event of a run, and holds each against the model, the rules, and a queue that is stored and read
/// again before it.
fn run(place: &Place, rolls: &[Roll]) -> Result<(), TestCaseError> {
    let mut queue = Queue::default();
    let mut model = Model::new(place);
    let mut rules = Rules::default();
    let mut last_ms = START_MS;
    for roll in rolls {
        let (what, moment) = roll.event(&queue, last_ms);
        let before = json_of(&queue);
        let mut restored = Queue::parse(&before).map_err(|error| TestCaseError::fail(format!("{error}: {before}")))?;
        prop_assert_eq!(&restored, &queue, "{}", before);
        let found = queue.step(what.event(), &place.setting(moment));
        let again = restored.step(what.event(), &place.setting(moment));
        prop_assert_eq!(&found, &again, "{:?} of {}", what, before);
        prop_assert_eq!(json_of(&queue), json_of(&restored), "{:?} of {}", what, before);
        match (found, model.take(&what, moment)) {
            (Ok(acts), Ok(expected)) => {
                let said = said_of(&acts);
                prop_assert_eq!(&said, &expected, "{:?} at {:?} of {}", what, moment, before);
                let stored: Value = serde_json::from_str(&json_of(&queue)).expect("a queue is JSON");
                says_what_it_stores(&queue, &stored)?;
                prop_assert_eq!(stored, model.json(), "{:?} at {:?} of {}", what, moment, before);
                rules.check(place, &what, moment, &said, &queue)?;
                last_ms = model.time() + model.skew;
            }
            (Err(Error { at, .. }), Err(expected)) => {
                prop_assert_eq!(at, expected, "{:?} of {}", what, before);
                prop_assert_eq!(json_of(&queue), before, "an error changes nothing: {:?}", what);
            }
            (found, expected) => prop_assert!(false, "{:?}, not {:?}: {:?} of {}", found, expected, what, before),
        }
    }
    Ok(())
}

/// A place and a sequence of events: of many messages, some, or few.
fn sequences(places: usize, longest: usize) -> impl Strategy<Value = (usize, Vec<Roll>)> {
    let rolls =
        select(vec![40, 15, 5]).prop_flat_map(move |enqueued| prop::collection::vec(rolls(enqueued), 1..=longest));
    (0..places, rolls)
}

/// Runs until chance has brought as many cases as the configuration says; how many events there were.
fn runs(config: Config) -> usize {
    let places = Place::all();
    let count = Cell::new(0);
    let outcome = TestRunner::new(config).run(&sequences(places.len(), EVENTS), |(place, rolls)| {
        count.set(count.get() + rolls.len());
        run(&places[place], &rolls)
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
    count.get()
}

#[test]
fn random_events_are_taken_as_the_model_takes_them() {
    runs(tries(20));
}

#[test]
#[ignore = "takes long without --release"]
fn a_million_random_events_are_taken_as_the_model_takes_them() {
    let count = runs(tries(1_100));
    assert!(count >= 1_000_000, "only {count} events");
    println!("{count} events");
}

/// What a caller says of the time beside an answer doesn't count: the queue's own clock does.
#[test]
fn a_date_to_wait_for_is_read_by_the_clock_of_the_queue() {
    let places = Place::all();
    let place = places.iter().find(|place| place.by_words).expect("one of them heeds what the server says");
    let moment = Moment { now_ms: START_MS, offset_minutes: 0, quarter: None };
    for now_ms in [None, Some(START_MS - 30_000)] {
        let mut queue = Queue::default();
        queue.step(Event::Enqueued("m0"), &place.setting(moment)).expect("it takes messages");
        let headers = [("Retry-After", "Fri, 30 Oct 2026 12:01:00 GMT")];
        let evidence = Evidence { status: Some(503), headers: &headers, now_ms, ..Evidence::default() };
        let answered = Event::Answered { id: "m0", attempt: None, evidence };
        queue.step(answered, &place.setting(moment)).expect("it takes answers");
        assert_eq!(queue.until_ms(), Some(START_MS + 60_000), "{now_ms:?}");
    }
}

#[test]
fn an_error_changes_nothing_even_where_the_clock_was_set_back() {
    let places = Place::all();
    let place = places.iter().find(|place| place.jittered).expect("one of them is jittered");
    let moment = Moment { now_ms: START_MS, offset_minutes: -300, quarter: None };
    let mut queue = Queue::default();
    queue.step(Event::Enqueued("m0"), &place.setting(moment)).expect("it takes messages");
    let before = json_of(&queue);
    let earlier = Moment { now_ms: START_MS - 60 * MINUTE_MS, ..moment };
    let error = queue.step(Event::Restarted, &place.setting(earlier)).expect_err("it needs a random number");
    assert_eq!((error.kind.as_str(), error.at.as_str()), ("needs_random", "/random"));
    assert_eq!(error.to_string(), format!("/random: {}", error.message));
    assert_eq!(json_of(&queue), before);
}

/// The same events through the wire form: all at once, and in parts with the queue stored between them.
fn wire(place: &Place, rolls: &[Roll], parts: usize) -> Result<(), TestCaseError> {
    let mut queue = Queue::default();
    let mut last_ms = START_MS;
    let (mut events, mut steps) = (Vec::new(), Vec::new());
    for roll in rolls {
        let (what, moment) = roll.event(&queue, last_ms);
        let event = what.json(moment);
        match queue.step(what.event(), &place.setting(moment)) {
            Ok(acts) => {
                last_ms = moment.now_ms;
                events.push(event);
                steps.push(said_of(&acts));
            }
            Err(error) => {
                let found = retriage::answer(&place.question(&json_of(&queue), &[event]));
                let found: Value = serde_json::from_str(&found).expect("an answer is JSON");
                let at = format!("/events/0{}", error.at);
                prop_assert_eq!(&found["error"]["kind"], &json!(error.kind), "{:?}", what);
                prop_assert_eq!(&found["error"]["at"], &json!(at), "{:?}", what);
            }
        }
    }
    let whole = retriage::answer(&place.question("{}", &events));
    let expected = json!({ "delivery": { "steps": &steps, "queue": &queue } });
    prop_assert_eq!(serde_json::from_str::<Value>(&whole).expect("an answer is JSON"), expected);
    prop_assert!(whole.ends_with(&format!("\"queue\":{}}}}}", json_of(&queue))), "{}", whole);

    let mut stored = String::from("{}");
    let mut texts = String::new();
    for part in events.chunks(events.len().div_ceil(parts).max(1)) {
        let answer = retriage::answer(&place.question(&stored, part));
        let parts = answer.strip_prefix("{\"delivery\":{\"steps\":[").and_then(|rest| rest.split_once("],\"queue\":"));
        let Some((said, queue)) = parts else { return Err(TestCaseError::fail(answer)) };
        stored = queue.strip_suffix("}}").expect("two braces end it").to_owned();
        if !texts.is_empty() {
            texts.push(',');
        }
        texts.push_str(said);
    }
    if !events.is_empty() {
        prop_assert_eq!(whole, format!("{{\"delivery\":{{\"steps\":[{texts}],\"queue\":{stored}}}}}"));
    }
    Ok(())
}

#[test]
fn the_wire_form_takes_them_likewise_in_one_and_in_parts() {
    let places = Place::all();
    let strategy = (sequences(places.len(), EVENTS / 10), 1..20_usize);
    let outcome =
        TestRunner::new(tries(32)).run(&strategy, |((place, rolls), parts)| wire(&places[place], &rolls, parts));
    if let Err(error) = outcome {
        panic!("{error}");
    }
}

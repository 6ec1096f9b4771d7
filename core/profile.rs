//! A profile: how a client retries, as data.
//!
//! The engine in `decide` runs every profile; no profile's name appears in it. The built-in ones are printed by the
//! build script from `codes/profiles`, and an inline one is read from the same JSON at run time.

use alloc::borrow::Cow;
use core::fmt;

use crate::vocabulary::{
    Charge, FailureKind, Growth, HintForm, HintNeed, HintUse, InvalidHint, JitterKind, Match, Over, Scope, Select,
};

/// A text: static in a built-in profile, owned in one that was read at run time.
pub type Text = Cow<'static, str>;
/// A list, likewise.
pub type List<T> = Cow<'static, [T]>;

/// How a client retries.
#[derive(Clone, Debug, PartialEq)]
pub struct Profile {
    /// Its id; that of the one it extends for an inline profile.
    pub id: Text,
    /// The name a person reads.
    pub name: Text,
    /// Whose behaviour it is, and what it leaves to the caller.
    pub about: Text,
    /// The documents it was made from.
    pub sources: List<ProfileSource>,
    /// Why it is as it is, where that is a judgement.
    pub why: Option<Text>,
    /// How many attempts there are, the first included; `None` for no end.
    pub attempts: Option<u32>,
    /// An attempt that would begin this long after the first, or later, isn't made; in milliseconds.
    pub deadline_ms: Option<u64>,
    /// What rules.
    pub select: Select,
    /// The profile's own sets, where those rule: one that holds is enough.
    pub rules: List<Rule>,
    /// A header that decides by itself: `true` retries, `false` stops.
    pub decisive_header: Option<Text>,
    /// A header whose presence stops.
    pub refusing_header: Option<Text>,
    /// Whether it repeats what may have taken effect, safe or not.
    pub repeats_unsafe: bool,
    /// The environments in which it retries: bit n is the one with number n.
    pub environments: u8,
    /// The modes in which it retries, likewise; a mode that isn't said counts as retried.
    pub modes: u8,
    /// How the wait grows.
    pub backoff: Backoff,
    /// What chance does to it.
    pub jitter: Jitter,
    /// Which hints count, and how.
    pub hints: HintPolicy,
    /// What is different after some failures; the first that holds counts.
    pub exceptions: List<Exception>,
    /// The client's own budget for a destination.
    pub budget: Option<BudgetPolicy>,
    /// What a delay holds back, where it isn't what the entry says.
    pub scope: Option<Scope>,
    /// Whom a queue that is held up is told to, and when; `None` where nobody is.
    pub alert: Option<AlertPolicy>,
}

/// When a queue that is held up raises an alert.
#[derive(Clone, Debug, PartialEq)]
pub struct AlertPolicy {
    /// How many messages wait when it opens, the failed one included.
    pub depth: u32,
    /// Whether an answer that refuses the message can open it.
    pub refused: bool,
    /// Whether no answer can.
    pub unanswered: bool,
    /// The minute of the day from which alerts go out.
    pub opens: u16,
    /// The minute of the day from which they are held.
    pub closes: u16,
    /// The time zone of both, by its name in the IANA database.
    pub zone: Text,
}

/// A document a profile was made from.
#[derive(Clone, Debug, PartialEq)]
pub struct ProfileSource {
    /// Its name within the profile.
    pub key: Text,
    /// Its title.
    pub title: Text,
    /// Its publisher.
    pub publisher: Text,
    /// The date it carries; `None` where it carries none.
    pub date: Option<Text>,
    /// The day it was read, where it carries no date.
    pub read: Option<Text>,
}

/// `publisher, title (date)`.
impl fmt::Display for ProfileSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, {}", self.publisher, self.title)?;
        match (&self.date, &self.read) {
            (Some(date), _) => write!(f, " ({date})"),
            (None, Some(read)) => write!(f, " (read {read})"),
            (None, None) => Ok(()),
        }
    }
}

/// Statuses from the first to the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Statuses {
    /// The first.
    pub from: u16,
    /// The last.
    pub to: u16,
}

/// A vendor code, compared verbatim.
#[derive(Clone, Debug, PartialEq)]
pub enum ProfileCode {
    /// A number.
    Number(i64),
    /// A name.
    Name(Text),
}

/// A failure without a response.
#[derive(Clone, Debug, PartialEq)]
pub enum ProfileFailure {
    /// A kind.
    Kind(FailureKind),
    /// One of them, by any of its names.
    Name(Text),
}

/// A set of answers: all that is said must hold.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// The status is one of these; none named is any or no status.
    pub statuses: List<Statuses>,
    /// The code is one of these.
    pub codes: List<ProfileCode>,
    /// There is no status, and the failure is one of these.
    pub failures: List<ProfileFailure>,
    /// The failure is none of these.
    pub not_failures: List<ProfileFailure>,
    /// The entry that was found is one of these.
    pub entries: List<Text>,
    /// How the entry was found.
    pub found: Option<Match>,
    /// The method is one of these; `None` where it is not said counts as none of them.
    pub methods: List<Text>,
    /// The method is none of these.
    pub not_methods: List<Text>,
    /// What it needs of the hints.
    pub hint: HintNeed,
}

/// How the wait grows.
#[derive(Clone, Debug, PartialEq)]
pub struct Backoff {
    /// In which way.
    pub growth: Growth,
    /// The first wait, in milliseconds.
    pub base_ms: u64,
    /// What it is multiplied with.
    pub factor: f64,
    /// The longest wait, in milliseconds.
    pub cap_ms: Option<u64>,
    /// The waits, in milliseconds.
    pub schedule_ms: List<u64>,
    /// The first wait where it isn't what the rest says: neither multiplied nor jittered.
    pub first_ms: Option<u64>,
}

/// What chance does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Jitter {
    /// Which kind.
    pub kind: JitterKind,
    /// The share of the wait.
    pub ratio: f64,
    /// For additive jitter: milliseconds instead of a share.
    pub ms: u64,
    /// Whether the backoff's cap holds for the sum.
    pub capped: bool,
}

impl Jitter {
    /// None.
    pub const NONE: Self = Self { kind: JitterKind::None, ratio: 0.0, ms: 0, capped: false };
}

/// Which hints count, and how.
#[derive(Clone, Debug, PartialEq)]
pub struct HintPolicy {
    /// Whether the hint of the classification counts.
    pub classified: bool,
    /// The headers that count otherwise, in their order.
    pub from: List<HintHeader>,
    /// The statuses beside which they count; none named is all.
    pub statuses: List<Statuses>,
    /// Whether a hint of 0 ms is none.
    pub ignore_zero: bool,
    /// What a date in the past comes to, in milliseconds.
    pub past_ms: u64,
    /// What one that means nothing does.
    pub invalid: InvalidHint,
    /// The longest that is waited for, in milliseconds.
    pub limit_ms: Option<u64>,
    /// What happens to one over that.
    pub over: Over,
    /// What it does to the wait.
    pub using: HintUse,
    /// For `clamp`: how many milliseconds more than the wait it may be,
    pub clamp_ms: u64,
    /// or how many times the wait.
    pub clamp_times: f64,
    /// What chance does to it; `None` for what it does to a wait.
    pub jitter: Option<Jitter>,
    /// Whether the backoff starts over after it.
    pub restarts: bool,
}

/// A header that states a time.
#[derive(Clone, Debug, PartialEq)]
pub struct HintHeader {
    /// Its name, in lower case.
    pub header: Text,
    /// How it may state it; the first that fits counts.
    pub forms: List<HintForm>,
    /// For `seconds_or_epoch`: the least number of seconds that is an epoch.
    pub epoch_from: u64,
    /// Whether two of it mean nothing.
    pub single: bool,
}

/// What is different after some failures.
#[derive(Clone, Debug, PartialEq)]
pub struct Exception {
    /// After which: one that holds is enough.
    pub when: List<Rule>,
    /// Another backoff.
    pub backoff: Option<Backoff>,
    /// The least wait, in milliseconds.
    pub floor_ms: Option<u64>,
    /// Another cost.
    pub cost: Option<f64>,
    /// Another scope.
    pub scope: Option<Scope>,
}

/// The client's own budget for a destination.
#[derive(Clone, Debug, PartialEq)]
pub struct BudgetPolicy {
    /// How much it holds when full, which it is at first.
    pub capacity: f64,
    /// What a retry costs.
    pub cost: f64,
    /// When that is paid.
    pub charge: Charge,
    /// For `failure`: there is no retry at this or below.
    pub threshold: f64,
    /// What a success gives back; `None` for what the last retry of the request cost.
    pub refund: Option<f64>,
    /// What a success without a retry gives back.
    pub idle_refund: f64,
}

impl Profile {
    /// Whether a decision by it needs a random number.
    #[must_use]
    pub fn is_jittered(&self) -> bool {
        self.jitter.kind != JitterKind::None || self.hints.jitter.is_some_and(|jitter| jitter.kind != JitterKind::None)
    }
}

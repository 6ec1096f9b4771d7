//! A classification and a profile make a decision.
//!
//! One engine runs every profile. It weighs in the order in which `because` lists it: the outcome; what rules,
//! which is the classification's `retry` with what may have taken effect, or the profile's own sets; where it runs;
//! the attempts; the server's hint and its limit; the catalog's window; the backoff; the jitter; the deadline; the
//! budget. It knows no clock and no random source: both come in. Waits are whole milliseconds, cut once at the end;
//! on the way they are `f64` with nothing but IEEE additions, multiplications and comparisons, so that every
//! platform gives the same.

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};

use crate::classify::Classification;
use crate::evidence::{Code, Evidence};
use crate::hint::{MOST_MS, parse_http_date};
use crate::profile::{
    Backoff, BudgetPolicy, Exception, HintHeader, Jitter, Profile, ProfileCode, ProfileFailure, Rule, Statuses,
};
use crate::vocabulary::{
    Action, Category, Cause, Charge, Environment, ErrorKind, FailureKind, Growth, HeaderSays, HintForm, HintNeed,
    HintState, HintUse, InvalidHint, JitterKind, Mode, Over, Processed, Repeat, Retry, Scope, Select, Selection,
    Verified, Weighed,
};
use crate::wire::Error;

/// The methods that RFC 9110, section 9.2.2, has be idempotent.
const IDEMPOTENT: [&str; 6] = ["GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"];

/// The request and the attempt that has just ended.
#[derive(Clone, Copy, Debug)]
pub struct Attempt<'a> {
    /// The method; `None` counts as one that isn't known to be safe to repeat.
    pub method: Option<&'a str>,
    /// Whether repeating is safe, by an idempotency key or otherwise; `None` leaves it to the method.
    pub idempotent: Option<bool>,
    /// What a check after `verify` found.
    pub verified: Option<Verified>,
    /// Where it runs.
    pub environment: Environment,
    /// Which attempt it was, from 1.
    pub number: u32,
    /// Milliseconds since the first attempt began.
    pub elapsed_ms: u64,
    /// A number in [0, 1), for the jitter.
    pub random: Option<f64>,
    /// What the last decision on this request gave back.
    pub state: State,
    /// What the last decision on this destination gave back; `None` for a full one.
    pub budget: Option<Budget>,
}

impl Default for Attempt<'_> {
    fn default() -> Self {
        Self {
            method: None,
            idempotent: None,
            verified: None,
            environment: Environment::Production,
            number: 1,
            elapsed_ms: 0,
            random: None,
            state: State::default(),
            budget: None,
        }
    }
}

/// What one request remembers between its attempts. A small value for the caller to keep.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct State {
    /// Whether fresh credentials have been tried.
    pub reauthenticated: bool,
    /// The last wait in milliseconds, for decorrelated jitter.
    pub previous_ms: Option<u64>,
    /// The attempt after which the backoff started over; 0 if it hasn't.
    pub restarted: u32,
    /// What the last retry cost the budget, in thousandths; `None` if there was none.
    pub cost: Option<u64>,
}

/// What is left for a destination, shared by everybody who calls it. A small value for the caller to keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// Thousandths of a token.
    pub thousandths: u64,
}

impl Budget {
    /// So many tokens.
    #[must_use]
    pub fn of(tokens: f64) -> Self {
        Self { thousandths: thousandths(tokens) }
    }
}

/// A number of tokens in thousandths, to the nearest.
fn thousandths(tokens: f64) -> u64 {
    // A cast cuts and keeps within bounds; what isn't a number is 0.
    (tokens * 1_000.0 + 0.5) as u64
}

/// What to do next.
#[derive(Clone, Copy, Debug)]
pub struct Decision<'a> {
    /// What to do.
    pub action: Action,
    /// For `retry`: after how many milliseconds from the time of receipt.
    pub delay_ms: Option<u64>,
    /// What the delay holds back.
    pub scope: Scope,
    /// What decided.
    pub cause: Cause,
    /// For `stop`: after how many milliseconds from the time of receipt it could have been tried again.
    pub not_before_ms: Option<u64>,
    /// For `verify`: what to look at.
    pub look_at: Option<&'a str>,
    /// What was weighed, in order.
    pub because: Weighing,
    /// For the next decision on this request.
    pub state: State,
    /// For the next decision on this destination; `None` where neither the profile nor the caller has one.
    pub budget: Option<Budget>,
}

/// What a step of a decision found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Finding {
    /// Nothing to name.
    Nothing,
    /// A word of a closed set.
    Word(&'static str),
    /// A number: milliseconds, attempts, or thousandths of tokens by the step.
    Number(u64),
}

impl Finding {
    /// What a word means that was found at this step, in a sentence for a person; `None` for what is no word.
    #[must_use]
    pub fn meaning(self, step: Weighed) -> Option<&'static str> {
        let Self::Word(word) = self else { return None };
        match step {
            Weighed::Outcome => Category::from_word(word).map(Category::meaning),
            Weighed::Retry => Retry::from_word(word).map(Retry::meaning),
            Weighed::Select => Selection::from_word(word).map(Selection::meaning),
            Weighed::Header => HeaderSays::from_word(word).map(HeaderSays::meaning),
            Weighed::Processed => Processed::from_word(word).map(Processed::meaning),
            Weighed::Repeat => Repeat::from_word(word).map(Repeat::meaning),
            Weighed::Verified => Verified::from_word(word).map(Verified::meaning),
            Weighed::Place => {
                Environment::from_word(word).map(Environment::meaning).or(Mode::from_word(word).map(Mode::meaning))
            }
            Weighed::Hint => HintState::from_word(word).map(HintState::meaning),
            Weighed::Limit => Over::from_word(word).map(Over::meaning),
            Weighed::Attempts
            | Weighed::Window
            | Weighed::Backoff
            | Weighed::Jitter
            | Weighed::Deadline
            | Weighed::Budget
            | Weighed::Floor => None,
        }
    }
}

/// How many steps a decision can have.
const MOST_STEPS: usize = 16;

/// The steps of a decision.
#[derive(Clone, Copy, Debug)]
pub struct Weighing {
    steps: [Option<(Weighed, Finding)>; MOST_STEPS],
}

/// Steps that were kept, in order.
impl FromIterator<(Weighed, Finding)> for Weighing {
    fn from_iter<I: IntoIterator<Item = (Weighed, Finding)>>(kept: I) -> Self {
        let mut weighing = Self { steps: [None; MOST_STEPS] };
        for (slot, step) in weighing.steps.iter_mut().zip(kept) {
            *slot = Some(step);
        }
        weighing
    }
}

impl Weighing {
    fn add(&mut self, step: Weighed, found: Finding) {
        if let Some(slot) = self.steps.iter_mut().find(|slot| slot.is_none()) {
            *slot = Some((step, found));
        }
    }

    /// The steps, in order.
    pub fn iter(&self) -> impl Iterator<Item = (Weighed, Finding)> {
        self.steps.iter().map_while(|step| *step)
    }
}

impl<'a> Classification<'a> {
    /// What to do next, by a profile. `evidence` is what was classified.
    ///
    /// # Errors
    /// `random` is missing for a jittered profile, or isn't in [0, 1); the attempt is 0; or the profile counts a
    /// hint that is a date and nobody said what time it is.
    pub fn decide(
        &self,
        evidence: &Evidence<'a>,
        attempt: &Attempt<'_>,
        profile: &Profile,
    ) -> Result<Decision<'a>, Error> {
        check(attempt, profile)?;
        let mut because = Weighing { steps: [None; MOST_STEPS] };
        because.add(Weighed::Outcome, Finding::Word(self.words.category.as_str()));
        let seen = Seen { classification: self, evidence, attempt, profile };
        let told = seen.told();
        let holds = |exception: &&Exception| exception.when.iter().any(|rule| seen.matches(rule, told));
        let exception = profile.exceptions.iter().find(holds);
        Weigh { seen, told, exception, because, state: attempt.state, budget: attempt.budget }.decide()
    }
}

fn check(attempt: &Attempt<'_>, profile: &Profile) -> Result<(), Error> {
    let bad = |at: &str, message: &str| Err(Error::new(ErrorKind::BadValue, at, message));
    match attempt.random {
        Some(random) if !(0.0..1.0).contains(&random) => {
            return bad("/random", "must be a number from 0 up to, but not including, 1");
        }
        None if profile.is_jittered() => {
            let message = "is missing: the profile is jittered; give a number in [0, 1)";
            return Err(Error::new(ErrorKind::NeedsRandom, "/random", message));
        }
        _ => {}
    }
    if attempt.number == 0 {
        return bad("/attempt", "must be 1 or more: 1 is the first attempt");
    }
    Ok(())
}

/// What a rule looks at.
#[derive(Clone, Copy)]
struct Seen<'s, 'a> {
    classification: &'s Classification<'a>,
    evidence: &'s Evidence<'a>,
    attempt: &'s Attempt<'s>,
    profile: &'s Profile,
}

/// What the server said about time, as the profile reads it.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Told {
    /// Nothing that counts.
    Nothing,
    /// Something that means nothing.
    Invalid,
    /// So many milliseconds.
    Wait(f64),
    /// Not to try again.
    Never,
    /// A date, without a clock to read it by.
    NeedsNow,
}

fn holds(statuses: &[Statuses], status: u16) -> bool {
    statuses.iter().any(|part| (part.from..=part.to).contains(&status))
}

impl<'a> Seen<'_, 'a> {
    /// Whether a rule holds. `told` is the hint that counts.
    fn matches(&self, rule: &Rule, told: Told) -> bool {
        let by_status =
            rule.statuses.is_empty() || self.evidence.status.is_some_and(|status| holds(&rule.statuses, status));
        let failed = self.evidence.status.is_none();
        let by_failure = rule.failures.is_empty() || (failed && self.fails(&rule.failures));
        let by_entry = rule.entries.is_empty()
            || self.classification.entry.is_some_and(|entry| rule.entries.iter().any(|id| *id == entry.id()));
        let is_method = |methods: &[crate::profile::Text]| {
            self.attempt.method.is_some_and(|method| methods.iter().any(|known| known.eq_ignore_ascii_case(method)))
        };
        let by_hint = match rule.hint {
            HintNeed::None => true,
            HintNeed::Present => told != Told::Nothing,
            HintNeed::Valid => matches!(told, Told::Wait(_) | Told::NeedsNow),
            HintNeed::Positive => match told {
                Told::Wait(ms) => ms > 0.0,
                told => told == Told::NeedsNow,
            },
        };
        by_status
            && by_failure
            && by_entry
            && by_hint
            && (rule.codes.is_empty() || self.has_code(&rule.codes))
            && rule.found.is_none_or(|found| found == self.classification.found)
            && (rule.methods.is_empty() || is_method(&rule.methods))
            && !is_method(&rule.not_methods)
            && !(failed && self.fails(&rule.not_failures))
    }

    /// Whether the failure is one of these; that nothing came back at all is a failure of any kind.
    fn fails(&self, failures: &[ProfileFailure]) -> bool {
        let words = self.classification.words;
        let silent = self.evidence.failure.is_none()
            && self.evidence.code.is_none()
            && self.evidence.body.is_none_or(<[u8]>::is_empty);
        failures.iter().any(|failure| match failure {
            ProfileFailure::Kind(kind) if self.evidence.failure.is_some() => match kind {
                FailureKind::Any => true,
                FailureKind::Connect => words.category == Category::Network && words.processed == Processed::No,
                FailureKind::Lost => words.category == Category::Network && words.processed != Processed::No,
                FailureKind::Timeout => words.category == Category::Timeout,
                FailureKind::Tls => words.category == Category::Tls,
                FailureKind::Cancelled => words.category == Category::Cancelled,
                FailureKind::Misuse => words.category == Category::InvalidRequest,
            },
            ProfileFailure::Kind(kind) => silent && *kind == FailureKind::Any,
            ProfileFailure::Name(name) => self.evidence.failure.is_some_and(|given| {
                // The same failure by another client's name counts too.
                *name == given.trim()
                    || self.classification.entry.is_some_and(|entry| {
                        entry.key_kind() == "failure"
                            && (entry.label() == name || entry.names().any(|known| known == name))
                    })
            }),
        })
    }

    /// Whether the code is one of these: the caller's own, verbatim, or the one that led to the entry.
    fn has_code(&self, codes: &[ProfileCode]) -> bool {
        let entry = self.classification.entry.filter(|entry| entry.key_kind() == "code" && !entry.is_range());
        codes.iter().any(|code| match code {
            ProfileCode::Number(number) => {
                let given = match self.evidence.code {
                    Some(Code::Number(given)) => given == *number,
                    Some(Code::Name(given)) => crate::source::parse_number(given.trim()) == Some(*number),
                    None => false,
                };
                let base = entry.map(|entry| entry.label().split('.').next().unwrap_or_default());
                given || base.and_then(crate::source::parse_number) == Some(*number)
            }
            ProfileCode::Name(name) => {
                let given = matches!(self.evidence.code, Some(Code::Name(given)) if given.trim() == *name);
                given
                    || entry.is_some_and(|entry| {
                        entry.label().split('.').next() == Some(name) || entry.names().any(|known| known == name)
                    })
            }
        })
    }

    fn header(&self, name: &str) -> Option<&'a str> {
        let found = self.evidence.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.trim())
    }

    /// The hint that counts by the profile, before it is weighed.
    fn told(&self) -> Told {
        let policy = &self.profile.hints;
        let here =
            policy.statuses.is_empty() || self.evidence.status.is_some_and(|status| holds(&policy.statuses, status));
        if !here {
            return Told::Nothing;
        }
        if policy.classified {
            let Some(hint) = self.classification.hint() else { return Told::Nothing };
            return match (hint.state, hint.delay_ms) {
                (HintState::Valid, Some(ms)) => Told::Wait(ms as f64),
                (HintState::Never, _) => Told::Never,
                (HintState::NeedsNow, _) => Told::NeedsNow,
                _ => Told::Invalid,
            };
        }
        let mut told = Told::Nothing;
        for from in policy.from.iter() {
            let Some(value) = self.header(&from.header) else { continue };
            let twice = from.single
                && self.evidence.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case(&from.header)).count() > 1;
            match if twice { None } else { self.read(from, value) } {
                // One that counts for nothing leaves the word to the next place.
                Some(long) if policy.over == Over::Ignore && self.over_limit(long).is_some() => told = long,
                Some(told) => return told,
                None if from.forms.contains(&HintForm::Pushback) => return Told::Never,
                None if policy.invalid == InvalidHint::Hide => return Told::Invalid,
                None => told = Told::Invalid,
            }
        }
        told
    }

    /// What was asked for, where that is more than the profile waits for.
    fn over_limit(&self, told: Told) -> Option<f64> {
        let limit = self.profile.hints.limit_ms? as f64;
        match told {
            Told::Wait(ms) if ms > limit => Some(ms),
            _ => None,
        }
    }

    /// A header's time by the first form that fits.
    fn read(&self, from: &HintHeader, value: &str) -> Option<Told> {
        from.forms.iter().find_map(|form| {
            let digits = || {
                let plain = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
                plain.then(|| value.parse::<f64>().ok()).flatten()
            };
            Some(Told::Wait(match form {
                HintForm::Seconds => digits()? * 1_000.0,
                HintForm::Milliseconds | HintForm::Pushback => digits()?,
                HintForm::DecimalSeconds | HintForm::SecondsRoundedUp | HintForm::DecimalMilliseconds => {
                    let Some(number) = decimal(value)? else { return Some(Told::Invalid) };
                    match form {
                        HintForm::DecimalMilliseconds => number,
                        HintForm::SecondsRoundedUp => rounded_up(number) * 1_000.0,
                        _ => number * 1_000.0,
                    }
                }
                HintForm::SecondsOrEpoch => {
                    let seconds = digits()?;
                    if seconds < from.epoch_from as f64 {
                        seconds * 1_000.0
                    } else {
                        return Some(self.at(seconds * 1_000.0));
                    }
                }
                HintForm::Date => {
                    let then = parse_http_date(value, self.now())?;
                    return Some(self.at(then as f64));
                }
            }))
        })
    }

    fn now(&self) -> Option<i64> {
        self.evidence.now_ms.or_else(|| parse_http_date(self.header("date")?, None))
    }

    /// The wait until a time in milliseconds since 1970.
    fn at(&self, then: f64) -> Told {
        let Some(now) = self.now() else { return Told::NeedsNow };
        let wait = then - now as f64;
        Told::Wait(if wait > 0.0 { wait } else { self.profile.hints.past_ms as f64 })
    }
}

/// A number as the clients' languages read it, perhaps with a sign, a fraction or an exponent. One below zero counts
/// as zero; `None` within for what they read as infinite or as no number, which is there and states no time.
fn decimal(text: &str) -> Option<Option<f64>> {
    let number: f64 = text.parse().ok()?;
    let states_time = text.bytes().any(|byte| byte.is_ascii_digit());
    Some(states_time.then(|| number.max(0.0)))
}

/// The next whole number, where it isn't one.
fn rounded_up(number: f64) -> f64 {
    let whole = (number as u64) as f64;
    if whole < number { whole + 1.0 } else { whole }
}

/// How a hint changed the wait.
struct Waited {
    ms: f64,
    cause: Cause,
}

struct Weigh<'s, 'a> {
    seen: Seen<'s, 'a>,
    told: Told,
    exception: Option<&'s Exception>,
    because: Weighing,
    state: State,
    budget: Option<Budget>,
}

impl<'s, 'a> Weigh<'s, 'a> {
    fn decide(&mut self) -> Result<Decision<'a>, Error> {
        let profile = self.seen.profile;
        let selected = match profile.select {
            Select::Words => self.by_words(),
            Select::Sets => self.by_sets(),
        };
        // Where failures are charged, one that would be retried counts, and one after which the server wants no more.
        let done = matches!(selected, Err((Action::Done, _)));
        let charged = selected.is_ok() || (self.told == Told::Never && !done);
        if let Some(policy) = profile.budget.as_ref().filter(|policy| charged && policy.charge == Charge::Failure) {
            let left = self.left(policy).saturating_sub(self.cost(policy));
            self.budget = Some(Budget { thousandths: left });
        }
        if let Err((action, cause)) = selected {
            if action == Action::Done {
                self.refund();
                self.state = State::default();
            }
            return Ok(self.end(action, cause));
        }
        if let Some(most) = profile.attempts {
            self.because.add(Weighed::Attempts, Finding::Number(most.into()));
            if self.seen.attempt.number >= most {
                return Ok(self.end(Action::Stop, Cause::Attempts));
            }
        }
        if selected == Ok(Action::Reauthenticate) {
            if let Some(stopped) = self.late(0) {
                return Ok(stopped);
            }
            self.state.reauthenticated = true;
            return Ok(self.end(Action::Reauthenticate, Cause::Credentials));
        }
        let waited = match self.wait()? {
            Ok(waited) => waited,
            Err(stopped) => return Ok(stopped),
        };
        let delay = whole(waited.ms);
        if let Some(stopped) = self.late(delay) {
            return Ok(stopped);
        }
        if !self.pay() {
            return Ok(self.stop(Cause::Budget, delay));
        }
        if profile.jitter.kind == JitterKind::Decorrelated {
            self.state.previous_ms = Some(delay);
        }
        let mut decision = self.end(Action::Retry, waited.cause);
        decision.delay_ms = Some(delay);
        Ok(decision)
    }

    /// The stop at the deadline, where the next attempt would begin at it or after.
    fn late(&mut self, delay: u64) -> Option<Decision<'a>> {
        let deadline = self.seen.profile.deadline_ms?;
        self.because.add(Weighed::Deadline, Finding::Number(deadline));
        let late = self.seen.attempt.elapsed_ms.saturating_add(delay) >= deadline;
        late.then(|| self.stop(Cause::Deadline, delay))
    }

    /// A stop where the wait is known after which it could have been tried again.
    fn stop(&self, cause: Cause, not_before_ms: u64) -> Decision<'a> {
        Decision { not_before_ms: Some(not_before_ms), ..self.end(Action::Stop, cause) }
    }

    fn end(&self, action: Action, cause: Cause) -> Decision<'a> {
        let classification = self.seen.classification;
        let look_at = classification.entry.map(|entry| entry.remedy()).filter(|_| action == Action::Verify);
        Decision {
            action,
            delay_ms: None,
            scope: self
                .exception
                .and_then(|exception| exception.scope)
                .or(self.seen.profile.scope)
                .unwrap_or(classification.words.scope),
            cause,
            not_before_ms: None,
            look_at,
            because: self.because,
            state: self.state,
            budget: self.budget,
        }
    }

    /// What the classification's words allow: go on to a wait or to fresh credentials, or end.
    fn by_words(&mut self) -> Result<Action, (Action, Cause)> {
        let words = self.seen.classification.words;
        let attempt = self.seen.attempt;
        // A success needs no check, whatever one found before it.
        if let Some(verified) = attempt.verified.filter(|_| words.retry != Retry::None) {
            self.because.add(Weighed::Verified, Finding::Word(verified.as_str()));
            match verified {
                Verified::Processed => return Err((Action::Done, Cause::Verified)),
                Verified::Unknown => return Err((Action::Stop, Cause::NotVerified)),
                Verified::NotProcessed => {}
            }
        }
        self.because.add(Weighed::Retry, Finding::Word(words.retry.as_str()));
        match words.retry {
            Retry::None => return Err((Action::Done, Cause::Success)),
            Retry::Never => return Err((Action::Stop, Cause::Never)),
            Retry::Fix => return Err((Action::Stop, Cause::Fix)),
            Retry::Escalate => return Err((Action::Stop, Cause::Escalate)),
            Retry::Follow => return Err((Action::Follow, Cause::Redirect)),
            Retry::Reauthenticate if self.state.reauthenticated => {
                return Err((Action::Stop, Cause::CredentialsRefused));
            }
            Retry::Reauthenticate | Retry::Wait | Retry::Backoff | Retry::Verify => {}
        }
        self.place()?;
        self.because.add(Weighed::Processed, Finding::Word(words.processed.as_str()));
        if words.processed != Processed::No {
            let by_method =
                attempt.method.is_some_and(|method| IDEMPOTENT.iter().any(|known| known.eq_ignore_ascii_case(method)));
            let why = match (attempt.verified, attempt.idempotent) {
                (Some(Verified::NotProcessed), _) => Repeat::Verified,
                (_, Some(true)) => Repeat::Idempotent,
                (_, None) if by_method => Repeat::Method,
                _ if self.seen.profile.repeats_unsafe => Repeat::Profile,
                _ => Repeat::Unknown,
            };
            self.because.add(Weighed::Repeat, Finding::Word(why.as_str()));
            if why == Repeat::Unknown {
                return Err((Action::Verify, Cause::NotSafe));
            }
        }
        let fresh = words.retry == Retry::Reauthenticate;
        Ok(if fresh { Action::Reauthenticate } else { Action::Retry })
    }

    /// What the profile's own sets allow.
    fn by_sets(&mut self) -> Result<Action, (Action, Cause)> {
        let seen = self.seen;
        let words = seen.classification.words;
        self.because.add(Weighed::Retry, Finding::Word(words.retry.as_str()));
        if seen.attempt.verified == Some(Verified::Processed) {
            self.because.add(Weighed::Verified, Finding::Word(Verified::Processed.as_str()));
            return Err((Action::Done, Cause::Verified));
        }
        // A header decides over a failure; a success stays one.
        let failed = words.retry != Retry::None;
        let refused = seen.profile.refusing_header.as_ref().is_some_and(|name| seen.header(name).is_some());
        if failed && refused {
            self.because.add(Weighed::Header, Finding::Word(HeaderSays::Refused.as_str()));
            return Err((Action::Stop, Cause::ServerRefused));
        }
        let decided = seen.profile.decisive_header.as_ref().and_then(|name| match seen.header(name)? {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        });
        // Where the server asks for more time than there is, nothing else decides.
        let too_long = seen.profile.hints.over == Over::Stop && seen.over_limit(self.told).is_some();
        let decided = decided.filter(|_| failed && !too_long);
        if let Some(decided) = decided {
            let says = if decided { HeaderSays::Retry } else { HeaderSays::Refused };
            self.because.add(Weighed::Header, Finding::Word(says.as_str()));
        }
        match decided {
            Some(true) => {}
            Some(false) => return Err((Action::Stop, Cause::ServerRefused)),
            None => {
                let selected = seen.profile.rules.iter().any(|rule| seen.matches(rule, self.told));
                let found = if selected { Selection::Selected } else { Selection::NotSelected };
                self.because.add(Weighed::Select, Finding::Word(found.as_str()));
                match (selected, words.retry) {
                    (true, _) => {}
                    (false, Retry::None) => return Err((Action::Done, Cause::Success)),
                    (false, _) => return Err((Action::Stop, Cause::NotSelected)),
                }
            }
        }
        self.place()?;
        Ok(Action::Retry)
    }

    /// Whether the profile retries here at all.
    fn place(&mut self) -> Result<(), (Action, Cause)> {
        let profile = self.seen.profile;
        let environment = self.seen.attempt.environment;
        if !profile.retries_in(environment) {
            self.because.add(Weighed::Place, Finding::Word(environment.as_str()));
            return Err((Action::Stop, Cause::NotHere));
        }
        match self.seen.evidence.mode {
            Some(mode) if !profile.retries_sent(mode) => {
                self.because.add(Weighed::Place, Finding::Word(mode.as_str()));
                Err((Action::Stop, Cause::NotHere))
            }
            _ => Ok(()),
        }
    }

    /// How long to wait, or the decision that ends it.
    fn wait(&mut self) -> Result<Result<Waited, Decision<'a>>, Error> {
        let policy = &self.seen.profile.hints;
        let mut hint = match self.told {
            Told::Never => {
                self.because.add(Weighed::Hint, Finding::Word(HintState::Never.as_str()));
                return Ok(Err(self.end(Action::Stop, Cause::ServerRefused)));
            }
            Told::NeedsNow => {
                let message = "is missing: the server named a date; say what time it is";
                return Err(Error::new(ErrorKind::NeedsNow, "/now", message));
            }
            Told::Invalid => {
                self.because.add(Weighed::Hint, Finding::Word(HintState::Invalid.as_str()));
                None
            }
            Told::Nothing => None,
            Told::Wait(ms) => {
                self.because.add(Weighed::Hint, Finding::Number(whole(ms)));
                (ms > 0.0 || !policy.ignore_zero).then_some((ms, Cause::Hint))
            }
        };
        if let Some(ms) = self.seen.over_limit(self.told) {
            self.because.add(Weighed::Limit, Finding::Word(policy.over.as_str()));
            match policy.over {
                Over::Cap => hint = policy.limit_ms.map(|limit| (limit as f64, Cause::Hint)),
                Over::Ignore => hint = None,
                Over::Stop => return Ok(Err(self.stop(Cause::OverLimit, whole(ms)))),
            }
        }
        // Where the server doesn't say, the catalog's own window stands in for it.
        let words = self.seen.classification.words;
        let by_words = self.seen.profile.select == Select::Words;
        if let (None, true, Retry::Wait) = (hint, by_words, words.retry)
            && let Some(ms) = self.seen.classification.entry.and_then(|entry| entry.wait_ms())
        {
            self.because.add(Weighed::Window, Finding::Number(ms));
            hint = Some((ms as f64, Cause::Window));
        }
        if let Some((ms, cause)) = hint
            && policy.using == HintUse::Replace
        {
            let ms = self.chance(policy.jitter.unwrap_or(self.seen.profile.jitter), ms, None);
            self.restart(cause);
            return Ok(Ok(Waited { ms, cause }));
        }
        let (plain, by_rule) = self.backoff();
        self.because.add(Weighed::Backoff, Finding::Number(whole(plain)));
        // Where a hint is clamped and then jittered like a wait, the wait it is clamped to isn't jittered yet.
        let later = hint.is_some() && policy.jitter.is_none();
        let jittered = if by_rule && !later { self.jittered(plain) } else { plain };
        let Some((ms, cause)) = hint else { return Ok(Ok(Waited { ms: jittered, cause: Cause::Backoff })) };
        let wait = match policy.using {
            HintUse::Clamp => {
                let most = jittered * policy.clamp_times + policy.clamp_ms as f64;
                ms.max(jittered).min(most.max(jittered))
            }
            HintUse::Floor | HintUse::Replace => ms.max(jittered),
        };
        // A wait that is longer than what was asked for has had its jitter.
        if ms < jittered && !later {
            return Ok(Ok(Waited { ms: wait, cause: Cause::Backoff }));
        }
        let wait = self.chance(policy.jitter.unwrap_or(self.seen.profile.jitter), wait, None);
        let cause = if ms < jittered { Cause::Backoff } else { cause };
        self.restart(cause);
        Ok(Ok(Waited { ms: wait, cause }))
    }

    fn restart(&mut self, cause: Cause) {
        if self.seen.profile.hints.restarts && cause == Cause::Hint {
            self.state.restarted = self.seen.attempt.number;
        }
    }

    /// The backoff that applies: that of the exception, if it has one.
    fn backoff_policy(&self) -> &'s Backoff {
        self.exception.and_then(|exception| exception.backoff.as_ref()).unwrap_or(&self.seen.profile.backoff)
    }

    /// The wait before chance changes it, and whether chance may.
    fn backoff(&mut self) -> (f64, bool) {
        let backoff = self.backoff_policy();
        let number = self.seen.attempt.number.saturating_sub(self.state.restarted).max(1);
        let (plain, by_rule) = match backoff.first_ms {
            Some(first) if number == 1 => (first as f64, false),
            _ => (grown(backoff, number), true),
        };
        match self.exception.and_then(|exception| exception.floor_ms) {
            Some(floor) if plain < floor as f64 => {
                self.because.add(Weighed::Floor, Finding::Number(floor));
                (floor as f64, by_rule)
            }
            _ => (plain, by_rule),
        }
    }

    /// A wait with the profile's jitter.
    fn jittered(&mut self, plain: f64) -> f64 {
        let cap = self.backoff_policy().cap_ms.map(|cap| cap as f64);
        self.chance(self.seen.profile.jitter, plain, cap)
    }

    /// What chance makes of a wait.
    fn chance(&mut self, jitter: Jitter, wait: f64, cap: Option<f64>) -> f64 {
        let random = self.seen.attempt.random.unwrap_or(0.0);
        let between = |from: f64, to: f64| from + random * (to - from);
        let base = self.backoff_policy().base_ms as f64;
        let changed = match jitter.kind {
            JitterKind::None => return wait,
            JitterKind::Full => between(0.0, wait),
            JitterKind::Equal => between(wait / 2.0, wait),
            JitterKind::Additive => {
                wait + between(0.0, if jitter.ms > 0 { jitter.ms as f64 } else { wait * jitter.ratio })
            }
            JitterKind::Subtractive => wait - between(0.0, wait * jitter.ratio),
            JitterKind::Symmetric => wait * between(1.0 - jitter.ratio, 1.0 + jitter.ratio),
            JitterKind::Decorrelated => {
                let previous = self.state.previous_ms.map_or(base, |previous| previous as f64);
                between(base, (previous * 3.0).max(base))
            }
        };
        let capped = jitter.capped || jitter.kind == JitterKind::Decorrelated;
        let changed = match cap {
            Some(cap) if capped => changed.min(cap),
            _ => changed,
        };
        self.because.add(Weighed::Jitter, Finding::Number(whole(changed)));
        changed
    }

    fn left(&self, policy: &BudgetPolicy) -> u64 {
        let full = thousandths(policy.capacity);
        self.budget.map_or(full, |budget| budget.thousandths.min(full))
    }

    fn cost(&self, policy: &BudgetPolicy) -> u64 {
        thousandths(self.exception.and_then(|exception| exception.cost).unwrap_or(policy.cost))
    }

    /// Pays for a retry; `false` where there isn't enough left.
    fn pay(&mut self) -> bool {
        let Some(policy) = &self.seen.profile.budget else { return true };
        let (left, cost) = (self.left(policy), self.cost(policy));
        self.because.add(Weighed::Budget, Finding::Number(left));
        match policy.charge {
            Charge::Failure => {
                self.state.cost = Some(cost);
                left > thousandths(policy.threshold)
            }
            Charge::Retry => {
                self.budget = Some(Budget { thousandths: left.saturating_sub(cost) });
                if left < cost {
                    self.budget = Some(Budget { thousandths: left });
                    return false;
                }
                self.state.cost = Some(cost);
                true
            }
        }
    }

    /// Gives back what a success gives back.
    fn refund(&mut self) {
        let Some(policy) = &self.seen.profile.budget else { return };
        let back = match self.state.cost {
            Some(cost) => policy.refund.map_or(cost, thousandths),
            None => thousandths(policy.idle_refund),
        };
        let left = self.left(policy).saturating_add(back).min(thousandths(policy.capacity));
        self.because.add(Weighed::Budget, Finding::Number(left));
        self.budget = Some(Budget { thousandths: left });
    }
}

/// The wait after attempt `number` as the backoff has it.
fn grown(backoff: &Backoff, number: u32) -> f64 {
    let base = backoff.base_ms as f64;
    let most = backoff.cap_ms.unwrap_or(MOST_MS).min(MOST_MS) as f64;
    let wait = match backoff.growth {
        Growth::Constant => base,
        Growth::Linear => base * f64::from(number),
        Growth::Schedule => {
            let at = usize::try_from(number - 1).unwrap_or(usize::MAX);
            backoff.schedule_ms.get(at).or(backoff.schedule_ms.last()).map_or(0.0, |ms| *ms as f64)
        }
        Growth::Exponential if base > 0.0 => base * power(backoff.factor, number - 1),
        Growth::Exponential => 0.0,
    };
    wait.min(most)
}

/// A number to a whole power, by squaring: in 32 rounds at the most, however high the attempt.
fn power(factor: f64, mut times: u32) -> f64 {
    let (mut result, mut square) = (1.0, factor);
    while times > 0 {
        if times & 1 == 1 {
            result *= square;
        }
        square *= square;
        times >>= 1;
    }
    result
}

/// Whole milliseconds: what is less than one is cut.
fn whole(ms: f64) -> u64 {
    // A cast cuts, keeps within bounds, and makes 0 of what isn't a number.
    (ms as u64).min(MOST_MS)
}

impl Serialize for Decision<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("action", &self.action)?;
        map.serialize_entry("delay_ms", &self.delay_ms)?;
        map.serialize_entry("scope", &self.scope)?;
        map.serialize_entry("reason", &self.cause)?;
        map.serialize_entry("not_before_ms", &self.not_before_ms)?;
        map.serialize_entry("look_at", &self.look_at)?;
        map.serialize_entry("because", &self.because)?;
        map.serialize_entry("state", &self.state)?;
        map.serialize_entry("budget", &self.budget)?;
        map.end()
    }
}

impl Serialize for Weighing {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(None)?;
        for (step, found) in self.iter() {
            list.serialize_element(&Weighted { step, found })?;
        }
        list.end()
    }
}

struct Weighted {
    step: Weighed,
    found: Finding,
}

impl Serialize for Weighted {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(2))?;
        map.serialize_entry("step", &self.step)?;
        match self.found {
            Finding::Nothing => map.serialize_entry("found", &())?,
            Finding::Word(word) => map.serialize_entry("found", word)?,
            Finding::Number(number) if self.step == Weighed::Budget => {
                map.serialize_entry("found", &Tokens(number))?;
            }
            Finding::Number(number) => map.serialize_entry("found", &number)?,
        }
        map.end()
    }
}

/// Thousandths as a number of tokens; whole where it is whole.
struct Tokens(u64);

impl Serialize for Tokens {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0.is_multiple_of(1_000) {
            serializer.serialize_u64(self.0 / 1_000)
        } else {
            serializer.serialize_f64(self.0 as f64 / 1_000.0)
        }
    }
}

/// Only what isn't as at the first attempt.
impl Serialize for State {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        if self.reauthenticated {
            map.serialize_entry("reauthenticated", &true)?;
        }
        if let Some(ms) = self.previous_ms {
            map.serialize_entry("previous_ms", &ms)?;
        }
        if self.restarted > 0 {
            map.serialize_entry("restarted", &self.restarted)?;
        }
        if let Some(cost) = self.cost {
            map.serialize_entry("cost", &Tokens(cost))?;
        }
        map.end()
    }
}

impl Serialize for Budget {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(1))?;
        map.serialize_entry("tokens", &Tokens(self.thousandths))?;
        map.end()
    }
}

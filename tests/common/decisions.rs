//! What holds for every decision, worked out from the profile and not by the engine.

use retriage::profile::{Backoff, Jitter};
use retriage::vocabulary::*;
use retriage::{Attempt, Budget, Decision, MOST_MS, Profile, State};

/// The attempts that are tried.
pub(crate) const ATTEMPTS: u32 = 20;

/// What holds for any decision, whatever it is about.
pub(crate) fn assert_sound(decision: &Decision<'_>, attempt: &Attempt<'_>, profile: &Profile) {
    let context = || format!("{}: {attempt:?} -> {decision:?}", profile.id);
    let causes: &[Cause] = match decision.action {
        Action::Done => &[Cause::Success, Cause::Verified],
        Action::Retry => &[Cause::Hint, Cause::Window, Cause::Backoff],
        Action::Follow => &[Cause::Redirect],
        Action::Reauthenticate => &[Cause::Credentials],
        Action::Verify => &[Cause::NotSafe],
        Action::Stop => &[
            Cause::Never,
            Cause::Fix,
            Cause::Escalate,
            Cause::NotVerified,
            Cause::CredentialsRefused,
            Cause::ServerRefused,
            Cause::Attempts,
            Cause::Deadline,
            Cause::Budget,
            Cause::OverLimit,
            Cause::NotSelected,
            Cause::NotHere,
        ],
    };
    assert!(causes.contains(&decision.cause), "the reason isn't one of the action's: {}", context());
    assert_eq!(decision.delay_ms.is_some(), decision.action == Action::Retry, "{}", context());
    assert!(decision.delay_ms.is_none_or(|ms| ms <= MOST_MS), "{}", context());
    let may_come_back = matches!(decision.cause, Cause::OverLimit | Cause::Deadline | Cause::Budget);
    assert_eq!(decision.not_before_ms.is_some(), may_come_back, "{}", context());
    assert_eq!(decision.look_at.is_some(), decision.action == Action::Verify, "{}", context());
    if decision.action == Action::Done {
        assert_eq!(decision.state, State::default(), "a request that is done is remembered: {}", context());
    }
    if profile.attempts.is_some_and(|most| attempt.number >= most) {
        let goes_on = matches!(decision.action, Action::Retry | Action::Reauthenticate);
        assert!(!goes_on, "one attempt too many: {}", context());
    }
    let full = profile.budget.as_ref().map_or(u64::MAX, |budget| Budget::of(budget.capacity).thousandths);
    let is_sound = decision.budget == attempt.budget || decision.budget.is_none_or(|left| left.thousandths <= full);
    assert!(is_sound, "a budget that is more than full: {}", context());
    assert!(decision.because.iter().count() >= 2, "nothing was weighed: {}", context());
}

/// The longest wait that a backoff and a jitter can come to within the attempts that are tried here.
fn longest(backoff: &Backoff, jitter: Jitter) -> f64 {
    let cap = backoff.cap_ms.map_or(f64::INFINITY, |cap| cap as f64);
    let base = backoff.base_ms as f64;
    let plain = match backoff.growth {
        Growth::Constant => base,
        Growth::Linear => base * f64::from(ATTEMPTS),
        Growth::Exponential => base * backoff.factor.max(1.0).powi(ATTEMPTS as i32),
        Growth::Schedule => backoff.schedule_ms.iter().copied().max().unwrap_or_default() as f64,
    };
    let first = backoff.first_ms.unwrap_or_default() as f64;
    plain.min(cap).max(first) * (1.0 + jitter.ratio) + jitter.ms as f64
}

/// The longest wait by a profile that is given no hint.
pub(crate) fn bound(profile: &Profile, window: Option<u64>) -> f64 {
    let mut most = longest(&profile.backoff, profile.jitter);
    for exception in profile.exceptions.iter() {
        let backoff = exception.backoff.as_ref().unwrap_or(&profile.backoff);
        let floor = exception.floor_ms.unwrap_or_default() as f64 * (1.0 + profile.jitter.ratio);
        most = most.max(longest(backoff, profile.jitter)).max(floor);
    }
    let jitter = profile.hints.jitter.unwrap_or(profile.jitter);
    most.max(window.unwrap_or_default() as f64 * (1.0 + jitter.ratio) + jitter.ms as f64)
}

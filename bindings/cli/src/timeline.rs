//! The same failure again and again: what the decision engine makes of it, attempt by attempt.

use retriage::vocabulary::Action;
use retriage::{Attempt, Catalog, Decision, Error, Evidence, Profile};

/// What comes back each time, and to what request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Situation<'a> {
    pub(crate) catalog: Catalog<'static>,
    /// What comes back. A time of receipt is that of the first attempt's.
    pub(crate) evidence: Evidence<'a>,
    /// The request, as its first attempt.
    pub(crate) attempt: Attempt<'a>,
    /// How long each attempt takes, in milliseconds.
    pub(crate) took_ms: u64,
}

/// An attempt and the decision after it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Step<'a> {
    /// The attempt as it was decided on, with its number, its random number and the elapsed time at its end.
    pub(crate) attempt: Attempt<'a>,
    pub(crate) decision: Decision<'a>,
}

impl Step<'_> {
    /// After how many milliseconds the next attempt begins; `None` where there is none.
    pub(crate) fn wait_ms(&self) -> Option<u64> {
        match self.decision.action {
            Action::Retry => self.decision.delay_ms,
            Action::Reauthenticate => Some(0),
            Action::Done | Action::Verify | Action::Follow | Action::Stop => None,
        }
    }
}

/// The attempts, up to the one after which there is no other, or as many as were asked for. There is at least one.
#[derive(Clone, Debug)]
pub(crate) struct Timeline<'a> {
    steps: Vec<Step<'a>>,
    took_ms: u64,
}

impl<'a> Timeline<'a> {
    pub(crate) fn steps(&self) -> &[Step<'a>] {
        &self.steps
    }

    /// The last attempt.
    pub(crate) fn last(&self) -> &Step<'a> {
        self.steps.last().expect("there is a first attempt")
    }

    /// When an attempt began, in milliseconds since the first did.
    pub(crate) fn began_ms(&self, step: &Step<'_>) -> u64 {
        step.attempt.elapsed_ms.saturating_sub(self.took_ms)
    }

    /// The waits between the attempts, in milliseconds; that after the last one counts where there would be another.
    pub(crate) fn waits(&self) -> impl Iterator<Item = u64> {
        self.steps.iter().filter_map(Step::wait_ms)
    }

    /// Whether there would be another attempt after the last one.
    pub(crate) fn goes_on(&self) -> bool {
        self.last().wait_ms().is_some()
    }
}

impl<'a> Situation<'a> {
    /// Decides on up to so many attempts, each with the next of the random numbers. State, budget and time are
    /// carried from each to the next.
    ///
    /// # Errors
    /// What the core says: a date is named and nobody said what time it is.
    pub(crate) fn run(
        &self,
        profile: &Profile,
        times: u32,
        mut chance: impl Iterator<Item = f64>,
    ) -> Result<Timeline<'a>, Error> {
        let mut steps: Vec<Step<'a>> = Vec::new();
        let mut attempt = Attempt { elapsed_ms: self.took_ms, ..self.attempt };
        loop {
            attempt.random = chance.next();
            let since_first = i64::try_from(attempt.elapsed_ms - self.took_ms).unwrap_or(i64::MAX);
            let now_ms = self.evidence.now_ms.map(|now| now.saturating_add(since_first));
            let evidence = Evidence { now_ms, ..self.evidence };
            let decision = self.catalog.classify(&evidence).decide(&evidence, &attempt, profile)?;
            let step = Step { attempt, decision };
            steps.push(step);
            let Some(wait) = step.wait_ms().filter(|_| attempt.number < times) else {
                return Ok(Timeline { steps, took_ms: self.took_ms });
            };
            attempt.number += 1;
            attempt.elapsed_ms = attempt.elapsed_ms.saturating_add(wait).saturating_add(self.took_ms);
            (attempt.state, attempt.budget) = (decision.state, decision.budget);
        }
    }
}

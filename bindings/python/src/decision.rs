//! What to do next, as a Python object.

use std::sync::OnceLock;

use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyString};
use retriage::source::MAX_SAFE;
use retriage::vocabulary::{self, Action, Cause, Environment, Scope, Verified};
use retriage::{Attempt, Budget, Finding, Profile, State, Weighing, parse_budget, parse_state};
use serde::{Deserialize, Serialize};

use crate::arguments::{Asked, checked, flag, integer, text, word};
use crate::classification::{Classification, boxed};
use crate::error::{bad, records, refused};
use crate::json;
use crate::profile::{self, Chosen};
use crate::registry::{Reduced, reduced};
use crate::spelled::Spelled;

/// What to do next.
///
/// A value, as a `Classification` is. Made by `Classification.decide` and `decide`.
#[pyclass(frozen, module = "retriage", weakref)]
pub(crate) struct Decision {
    /// What to do: done, retry (after `delay_ms`), reauthenticate, verify, follow or stop.
    #[pyo3(get)]
    action: Py<PyString>,
    /// For retry: after how many milliseconds from the time of receipt; otherwise None.
    #[pyo3(get)]
    delay_ms: Py<PyAny>,
    /// What the delay holds back: message, destination or client.
    #[pyo3(get)]
    scope: Py<PyString>,
    /// What decided, such as `hint`, `backoff`, `attempts` or `not_safe`.
    #[pyo3(get)]
    reason: Py<PyString>,
    /// For stop: after how many milliseconds from the time of receipt it could have been tried again; None where
    /// nothing says so.
    #[pyo3(get)]
    not_before_ms: Py<PyAny>,
    /// For verify: what to look at; otherwise None.
    #[pyo3(get)]
    look_at: Py<PyAny>,
    /// The classification it was decided by.
    #[pyo3(get)]
    classification: Py<Classification>,
    delay: u64,
    weighed: Weighed,
    state: State,
    budget: Option<Budget>,
}

/// What was weighed: as the core has it, or as JSON where it was pickled.
enum Weighed {
    Fresh(Box<[(vocabulary::Weighed, Finding)]>),
    Stored(Box<str>),
}

impl Weighed {
    fn json(&self) -> String {
        match self {
            Self::Fresh(steps) => json::text_of(&steps.iter().copied().collect::<Weighing>()),
            Self::Stored(text) => text.to_string(),
        }
    }
}

/// The built-in profile of who names none.
fn standard() -> Option<&'static Profile> {
    static STANDARD: OnceLock<Option<&'static Profile>> = OnceLock::new();
    *STANDARD.get_or_init(|| retriage::profile("standard"))
}

/// A number in [0, 1) of Python's own generator, which its user can seed and which a fork seeds anew: with one of our
/// own, processes that were forked would all come back at the same time.
pub(crate) fn random(py: Python<'_>) -> PyResult<f64> {
    static RANDOM: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let random = RANDOM.get_or_try_init(py, || Ok::<_, PyErr>(py.import("random")?.getattr("random")?.unbind()))?;
    random.bind(py).call0()?.extract()
}

/// Decides by what was asked.
pub(crate) fn decide<'py>(classification: &Bound<'py, Classification>, asked: &Asked<'_, 'py>) -> PyResult<Decision> {
    let py = classification.py();
    let chosen = match asked.profile {
        Some(given) => Some(profile::chosen(given)?),
        None => None,
    };
    let profile = match &chosen {
        Some(chosen) => chosen.profile(),
        None => standard().ok_or_else(|| bad(py, "/profile", "there is no profile standard"))?,
    };
    let jitter = match asked.random {
        Some(given) => Some(fraction(given)?),
        None if profile.is_jittered() => Some(random(py)?),
        None => None,
    };
    let attempt = Attempt {
        method: asked.method.map(|given| text(given, "/method")).transpose()?,
        idempotent: asked.idempotent.map(|given| flag(given, "/idempotent")).transpose()?,
        verified: asked.verified.map(|given| word::<Verified>(given, "/verified")).transpose()?,
        environment: asked.environment.map_or(Ok(Environment::Production), |given| word(given, "/environment"))?,
        number: asked.attempt.map_or(Ok(1), |given| whole(given, "/attempt", 1, u32::MAX.into()))?,
        elapsed_ms: asked.elapsed_ms.map_or(Ok(0), |given| whole(given, "/elapsed_ms", 0, MAX_SAFE))?,
        random: jitter,
        state: asked.state.map_or(Ok(State::default()), |given| kept(given, "/state", parse_state))?,
        budget: asked.budget.map(|given| kept(given, "/budget", parse_budget)).transpose()?,
    };
    let it = classification.get();
    let answer = it.core();
    let headers = it.given().headers();
    let evidence = it.given().evidence(&headers);
    let decision = answer.decide(&evidence, &attempt, profile).map_err(|error| refused(py, &error))?;
    let number = |ms: Option<u64>| match ms {
        Some(ms) => ms.into_pyobject(py).map(|ms| ms.into_any().unbind()),
        None => Ok(py.None()),
    };
    Ok(Decision {
        action: decision.action.spelled(py),
        delay_ms: number(decision.delay_ms)?,
        scope: decision.scope.spelled(py),
        reason: decision.cause.spelled(py),
        not_before_ms: number(decision.not_before_ms)?,
        look_at: decision.look_at.map_or_else(|| py.None(), |text| PyString::new(py, text).into_any().unbind()),
        classification: classification.clone().unbind(),
        delay: decision.delay_ms.unwrap_or_default(),
        weighed: Weighed::Fresh(boxed(|| decision.because.iter())),
        state: decision.state,
        budget: decision.budget,
    })
}

fn whole<T: TryFrom<i64> + Default>(given: &Bound<'_, PyAny>, at: &str, from: i64, to: i64) -> PyResult<T> {
    Ok(T::try_from(integer(given, at, from, to)?).unwrap_or_default())
}

/// A random number that a caller gives.
pub(crate) fn fraction(given: &Bound<'_, PyAny>) -> PyResult<f64> {
    let number = given.extract::<f64>().ok().filter(|number| (0.0..1.0).contains(number));
    number.ok_or_else(|| bad(given.py(), "/random", "must be a number from 0 up to, but not including, 1"))
}

/// A value that a decision gave back, perhaps through a store.
fn kept<T>(given: &Bound<'_, PyAny>, at: &str, parse: fn(&str) -> Result<T, retriage::Error>) -> PyResult<T> {
    checked(given.py(), parse(&json::to_text(given, at)?), at)
}

#[pymethods]
impl Decision {
    #[classattr]
    fn __match_args__() -> (&'static str, &'static str) {
        ("action", "delay_ms")
    }

    /// The delay in seconds, for `time.sleep`; 0.0 where there is none.
    #[getter]
    fn delay(&self) -> f64 {
        self.delay as f64 / 1_000.0
    }

    /// What was weighed, in order: a tuple of `Weighed`.
    #[getter]
    fn because<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        records(py, "Weighed", &json::from_text(py, &self.weighed.json())?)
    }

    /// What the next decision on this request needs: a dict to give back, which can be stored as JSON.
    #[getter]
    fn state<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        json::to_object(py, &self.state)
    }

    /// What the next decision on this destination needs: a dict to give back, which can be stored as JSON; None where
    /// neither the profile nor the caller has a budget.
    #[getter]
    fn budget<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        json::to_object(py, &self.budget)
    }

    /// The decision as in the wire form: a dict as `answer` gives it.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let dict = PyDict::new(py);
        dict.set_item("action", &self.action)?;
        dict.set_item("delay_ms", &self.delay_ms)?;
        dict.set_item("scope", &self.scope)?;
        dict.set_item("reason", &self.reason)?;
        dict.set_item("not_before_ms", &self.not_before_ms)?;
        dict.set_item("look_at", &self.look_at)?;
        dict.set_item("because", json::from_text(py, &self.weighed.json())?)?;
        dict.set_item("state", self.state(py)?)?;
        dict.set_item("budget", self.budget(py)?)?;
        Ok(dict)
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let after = if self.delay_ms.is_none(py) { String::new() } else { format!(" after {} ms", self.delay) };
        Ok(format!("<Decision {}{after}: {}>", self.action.to_str(py)?, self.reason.to_str(py)?))
    }

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> PyResult<bool> {
        let py = other.py();
        let Ok(other) = other.cast::<Self>() else { return Ok(false) };
        let other = other.get();
        let words = [(&self.action, &other.action), (&self.scope, &other.scope), (&self.reason, &other.reason)];
        let same = words.iter().all(|(one, other)| one.is(*other));
        Ok(same
            && self.delay_ms.bind(py).eq(&other.delay_ms)?
            && self.not_before_ms.bind(py).eq(&other.not_before_ms)?
            && self.look_at.bind(py).eq(&other.look_at)?
            && self.state == other.state
            && self.budget == other.budget
            && self.weighed.json() == other.weighed.json()
            && self.classification.bind(py).eq(&other.classification)?)
    }

    fn __hash__(&self, py: Python<'_>) -> PyResult<isize> {
        (&self.action, &self.delay_ms, &self.reason).into_pyobject(py)?.hash()
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<Reduced<'py>> {
        let py = slf.py();
        let it = slf.get();
        let spelled = |word: &Py<PyString>| word.to_str(py).map(str::to_owned);
        let stored = Stored {
            action: spelled(&it.action)?,
            delay_ms: it.delay_ms.extract(py)?,
            scope: spelled(&it.scope)?,
            reason: spelled(&it.reason)?,
            not_before_ms: it.not_before_ms.extract(py)?,
            look_at: it.look_at.extract(py)?,
            because: it.weighed.json(),
            state: json::text_of(&it.state),
            budget: it.budget.map(|budget| json::text_of(&budget)),
        };
        reduced(py, "_decision", (it.classification.clone_ref(py), json::text_of(&stored)))
    }
}

/// A decision as it is pickled, without its classification.
#[derive(Serialize, Deserialize)]
struct Stored {
    action: String,
    delay_ms: Option<u64>,
    scope: String,
    reason: String,
    not_before_ms: Option<u64>,
    look_at: Option<String>,
    because: String,
    state: String,
    budget: Option<String>,
}

/// A profile that a caller chose, or none.
pub(crate) fn chosen_or_standard<'py>(given: Option<&Bound<'py, PyAny>>, py: Python<'py>) -> PyResult<Chosen<'py>> {
    match given {
        Some(given) => profile::chosen(given),
        None => standard().map(Chosen::BuiltIn).ok_or_else(|| bad(py, "/profile", "there is no profile standard")),
    }
}

/// The decision that was pickled.
#[pyfunction]
pub(crate) fn _decision(py: Python<'_>, classification: Py<Classification>, text: &str) -> PyResult<Decision> {
    let not_ours = || bad(py, "", "is not a decision that was pickled");
    let stored: Stored = serde_json::from_str(text).map_err(|_| not_ours())?;
    let action = Action::from_word(&stored.action).ok_or_else(not_ours)?;
    let scope = Scope::from_word(&stored.scope).ok_or_else(not_ours)?;
    let reason = Cause::from_word(&stored.reason).ok_or_else(not_ours)?;
    Ok(Decision {
        action: action.spelled(py),
        delay_ms: stored.delay_ms.into_pyobject(py)?.unbind(),
        scope: scope.spelled(py),
        reason: reason.spelled(py),
        not_before_ms: stored.not_before_ms.into_pyobject(py)?.unbind(),
        look_at: stored.look_at.into_pyobject(py)?.unbind(),
        classification,
        delay: stored.delay_ms.unwrap_or_default(),
        weighed: Weighed::Stored(stored.because.into()),
        state: checked(py, parse_state(&stored.state), "")?,
        budget: stored.budget.map(|budget| checked(py, parse_budget(&budget), "")).transpose()?,
    })
}

//! The queue of one subscription, as a Python object.

use std::sync::{Mutex, MutexGuard, PoisonError};

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};
use retriage::vocabulary::{Environment, ErrorKind, Mode};
use retriage::{CAPACITY, Event, Queue, Setting};

use crate::arguments::{Given, checked, clock, integer, text, time, word};
use crate::decision::{self, chosen_or_standard};
use crate::error::{bad, raise, records, refused};
use crate::evidence::Answered;
use crate::json;
use crate::profile::PyProfile;
use crate::registry::PyRegistry;
use crate::world::{Place, World};

/// The queue of one subscription as a state machine: events in, actions out.
///
/// Messages are delivered in the order in which they came, at least once, under their own ids; the queue holds ids and
/// never a payload. Each method takes an event and returns what to do about it, in order: a tuple of `Act`. Nothing is
/// sent and nothing waits in here. Several threads may use one queue; they take turns. Every event takes `now`, when it
/// happened, as in `classify`; `random`, for a jittered profile; and `offset_minutes`, how far the profile's time zone
/// is ahead of UTC at that time. What isn't given is found out.
///
/// Args:
///     catalog: The id of the catalog that says what the destination's answers mean.
///     profile: What is done about them, as in `Classification.decide`.
///     environment: `production`, which is the default, `staging` or `development`.
///     mode: How the messages are sent: `async` or `sync`.
///     capacity: How many messages it holds; by default 10,000.
///     state: What `to_dict` gave, for a queue that was kept.
///     registry: The catalogs; by default the built-in ones.
///
/// Raises:
///     Error: An argument is of the wrong type, out of range, or names what isn't there.
#[pyclass(frozen, module = "retriage", name = "Queue", weakref)]
pub(crate) struct PyQueue {
    registry: Py<PyRegistry>,
    place: Place,
    profile: Py<PyProfile>,
    environment: Environment,
    mode: Option<Mode>,
    capacity: usize,
    queue: Mutex<Queue>,
}

/// When an event happened, as it stands in a call.
struct When<'a, 'py> {
    now: Option<&'a Bound<'py, PyAny>>,
    random: Option<&'a Bound<'py, PyAny>>,
    offset_minutes: Option<&'a Bound<'py, PyAny>>,
}

impl PyQueue {
    fn locked(&self) -> MutexGuard<'_, Queue> {
        // A step either happens as a whole or not at all, so that what a panic would leave behind is a queue.
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn step<'py>(&self, py: Python<'py>, event: Event<'_>, when: &When<'_, 'py>) -> PyResult<Bound<'py, PyAny>> {
        let world = self.registry.get().world();
        let profile = self.profile.get().profile();
        let now_ms = when.now.map_or_else(|| Ok(clock()), |given| time(given, "/now"))?;
        let offset_minutes = match (when.offset_minutes, &profile.alert) {
            (Some(given), _) => integer(given, "/offset_minutes", -1_440, 1_440)?,
            (None, Some(alert)) => offset_of(py, &alert.zone, now_ms)?,
            (None, None) => 0,
        };
        let random = match when.random {
            Some(given) => Some(decision::fraction(given)?),
            None if profile.is_jittered() => Some(decision::random(py)?),
            None => None,
        };
        let setting = Setting {
            catalog: world.catalog(self.place),
            profile,
            environment: self.environment,
            mode: self.mode,
            now_ms,
            offset_minutes: i32::try_from(offset_minutes).unwrap_or_default(),
            random,
            capacity: self.capacity,
        };
        let acts = self.locked().step(event, &setting).map_err(|error| refused(py, &error))?;
        records(py, "Act", &json::to_object(py, &acts)?)
    }
}

/// How many minutes a time zone is ahead of UTC at a time.
fn offset_of(py: Python<'_>, zone: &str, now_ms: i64) -> PyResult<i64> {
    let found = || {
        let zone = py.import("zoneinfo")?.getattr("ZoneInfo")?.call1((zone,))?;
        let datetime = py.import("datetime")?.getattr("datetime")?;
        let now = datetime.call_method1("fromtimestamp", (now_ms.div_euclid(1_000), zone))?;
        let offset: f64 = now.call_method0("utcoffset")?.call_method0("total_seconds")?.extract()?;
        Ok::<_, PyErr>((offset / 60.0) as i64)
    };
    found().map_err(|error| {
        let message =
            format!("is missing: how many minutes {zone} is ahead of UTC at that time, which can't be found out here");
        let missing = raise(py, ErrorKind::MissingField, "/offset_minutes", &message);
        missing.set_cause(py, Some(error));
        missing
    })
}

/// The number of an attempt, if it was given.
fn attempt_of(given: Option<&Bound<'_, PyAny>>) -> PyResult<Option<u32>> {
    let number = given.map(|given| integer(given, "/attempt", 1, u32::MAX.into())).transpose()?;
    Ok(number.and_then(|number| u32::try_from(number).ok()))
}

#[pymethods]
impl PyQueue {
    #[new]
    #[pyo3(signature = (
        catalog, /, *, profile = None, environment = None, mode = None, capacity = None, state = None, registry = None,
    ))]
    #[allow(clippy::too_many_arguments, reason = "each is a keyword of Python's")]
    fn new<'py>(
        py: Python<'py>,
        catalog: &Bound<'py, PyAny>,
        profile: Option<&Bound<'py, PyAny>>,
        environment: Option<&Bound<'py, PyAny>>,
        mode: Option<&Bound<'py, PyAny>>,
        capacity: Option<&Bound<'py, PyAny>>,
        state: Option<&Bound<'py, PyAny>>,
        registry: Option<Py<PyRegistry>>,
    ) -> PyResult<Self> {
        let registry = match registry {
            Some(registry) => registry,
            None => Py::new(py, PyRegistry::of(World::built_in(py)))?,
        };
        let capacity = capacity.map(|given| integer(given, "/capacity", 1, 1_000_000)).transpose()?;
        let queue = match state {
            Some(given) => checked(py, Queue::parse(&json::to_text(given, "/state")?), "/state")?,
            None => Queue::default(),
        };
        Ok(Self {
            place: registry.get().world().named(catalog)?,
            profile: Py::new(py, PyProfile::of(chosen_or_standard(profile, py)?))?,
            environment: environment.map_or(Ok(Environment::Production), |given| word(given, "/environment"))?,
            mode: mode.map(|given| word(given, "/mode")).transpose()?,
            capacity: capacity.and_then(|capacity| usize::try_from(capacity).ok()).unwrap_or(CAPACITY),
            queue: Mutex::new(queue),
            registry,
        })
    }

    /// A message is to be delivered. Its id is a text of 1 to 200 bytes.
    #[pyo3(signature = (id, /, *, now = None, random = None, offset_minutes = None))]
    fn enqueued<'py>(
        &self,
        py: Python<'py>,
        id: &Bound<'py, PyAny>,
        now: Option<&Bound<'py, PyAny>>,
        random: Option<&Bound<'py, PyAny>>,
        offset_minutes: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        self.step(py, Event::Enqueued(text(id, "/id")?), &When { now, random, offset_minutes })
    }

    /// The destination answered a message.
    ///
    /// Args:
    ///     id: Which message.
    ///     response: What came back, like what follows it as in `classify`.
    ///     attempt: Which attempt it answers, as `send` numbered it; by default the one on its way.
    ///
    /// Raises:
    ///     Error: An argument is of the wrong type or out of range.
    #[pyo3(signature = (
        id, response = None, /, *, attempt = None, status = None, code = None, failure = None, headers = None,
        body = None, control_id = None, now = None, random = None, offset_minutes = None,
    ))]
    #[allow(clippy::too_many_arguments, reason = "each is a keyword of Python's")]
    fn answered<'py>(
        &self,
        py: Python<'py>,
        id: &Bound<'py, PyAny>,
        response: Option<&Bound<'py, PyAny>>,
        attempt: Option<&Bound<'py, PyAny>>,
        status: Option<&Bound<'py, PyAny>>,
        code: Option<&Bound<'py, PyAny>>,
        failure: Option<&Bound<'py, PyAny>>,
        headers: Option<&Bound<'py, PyAny>>,
        body: Option<&Bound<'py, PyAny>>,
        control_id: Option<&Bound<'py, PyAny>>,
        now: Option<&Bound<'py, PyAny>>,
        random: Option<&Bound<'py, PyAny>>,
        offset_minutes: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let given = Given { response, status, code, failure, headers, body, control_id, ..Given::default() };
        let answered: Answered<'_> = given.read(py, self.registry.get().world(), self.place)?;
        let headers = answered.headers.pairs();
        let event = Event::Answered {
            id: text(id, "/id")?,
            attempt: attempt_of(attempt)?,
            evidence: answered.evidence(&headers)?,
        };
        self.step(py, event, &When { now, random, offset_minutes })
    }

    /// The destination did not answer a message. failure: the exception, or what the client calls the failure.
    #[pyo3(signature = (id, failure = None, /, *, attempt = None, now = None, random = None, offset_minutes = None))]
    #[allow(clippy::too_many_arguments, reason = "each is a keyword of Python's")]
    fn unanswered<'py>(
        &self,
        py: Python<'py>,
        id: &Bound<'py, PyAny>,
        failure: Option<&Bound<'py, PyAny>>,
        attempt: Option<&Bound<'py, PyAny>>,
        now: Option<&Bound<'py, PyAny>>,
        random: Option<&Bound<'py, PyAny>>,
        offset_minutes: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let is_name = failure.is_some_and(|failure| failure.is_instance_of::<pyo3::types::PyString>());
        let given = if is_name {
            Given { failure, ..Given::default() }
        } else {
            Given { response: failure, ..Given::default() }
        };
        let answered = given.read(py, self.registry.get().world(), self.place)?;
        if answered.status.is_some() {
            return Err(bad(
                py,
                "/failure",
                "must be an exception without a response, or a name; answered takes others",
            ));
        }
        let event = Event::Unanswered {
            id: text(id, "/id")?,
            attempt: attempt_of(attempt)?,
            failure: answered.failure.as_deref(),
        };
        self.step(py, event, &When { now, random, offset_minutes })
    }

    /// Time has passed.
    #[pyo3(signature = (*, now = None, random = None, offset_minutes = None))]
    fn tick<'py>(
        &self,
        py: Python<'py>,
        now: Option<&Bound<'py, PyAny>>,
        random: Option<&Bound<'py, PyAny>>,
        offset_minutes: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        self.step(py, Event::Tick, &When { now, random, offset_minutes })
    }

    /// Somebody pauses the queue: nothing more is sent, but for `retry_now`.
    #[pyo3(signature = (*, now = None, random = None, offset_minutes = None))]
    fn pause<'py>(
        &self,
        py: Python<'py>,
        now: Option<&Bound<'py, PyAny>>,
        random: Option<&Bound<'py, PyAny>>,
        offset_minutes: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        self.step(py, Event::Pause, &When { now, random, offset_minutes })
    }

    /// Somebody lets it go on. What is still waited for is told again.
    #[pyo3(signature = (*, now = None, random = None, offset_minutes = None))]
    fn resume<'py>(
        &self,
        py: Python<'py>,
        now: Option<&Bound<'py, PyAny>>,
        random: Option<&Bound<'py, PyAny>>,
        offset_minutes: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        self.step(py, Event::Resume, &When { now, random, offset_minutes })
    }

    /// Somebody gives a message up. What still comes back of one on its way is ignored.
    #[pyo3(signature = (id, /, *, now = None, random = None, offset_minutes = None))]
    fn skip<'py>(
        &self,
        py: Python<'py>,
        id: &Bound<'py, PyAny>,
        now: Option<&Bound<'py, PyAny>>,
        random: Option<&Bound<'py, PyAny>>,
        offset_minutes: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        self.step(py, Event::Skip(text(id, "/id")?), &When { now, random, offset_minutes })
    }

    /// Somebody wants a message sent: the first one now, whatever it waits for; one that is gone again, after those
    /// that wait.
    #[pyo3(signature = (id, /, *, now = None, random = None, offset_minutes = None))]
    fn retry_now<'py>(
        &self,
        py: Python<'py>,
        id: &Bound<'py, PyAny>,
        now: Option<&Bound<'py, PyAny>>,
        random: Option<&Bound<'py, PyAny>>,
        offset_minutes: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        self.step(py, Event::RetryNow(text(id, "/id")?), &When { now, random, offset_minutes })
    }

    /// The program began again: what was in flight counts as not answered, and what is waited for is told again.
    #[pyo3(signature = (*, now = None, random = None, offset_minutes = None))]
    fn restarted<'py>(
        &self,
        py: Python<'py>,
        now: Option<&Bound<'py, PyAny>>,
        random: Option<&Bound<'py, PyAny>>,
        offset_minutes: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        self.step(py, Event::Restarted, &When { now, random, offset_minutes })
    }

    /// The messages that are left, the first one in front: a tuple of ids.
    #[getter]
    fn waiting<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let queue = self.locked().clone();
        PyTuple::new(py, queue.waiting())
    }

    /// Where the first message is.
    #[getter]
    fn phase(&self) -> &'static str {
        self.locked().phase().as_str()
    }

    /// Where the alert is.
    #[getter]
    fn alert(&self) -> &'static str {
        self.locked().alarm().as_str()
    }

    /// Whether somebody paused it.
    #[getter]
    fn paused(&self) -> bool {
        self.locked().is_paused()
    }

    /// How often the first message has been sent.
    #[getter]
    fn attempt(&self) -> u32 {
        self.locked().attempt()
    }

    /// When the first message is to be sent again, in milliseconds since 1970; None where it waits for no time.
    #[getter]
    fn until_ms(&self) -> Option<i64> {
        self.locked().until_ms()
    }

    /// Until when the alert is held, in milliseconds since 1970; None where it isn't.
    #[getter]
    fn alert_until_ms(&self) -> Option<i64> {
        self.locked().alert_until_ms()
    }

    /// The whole state as a dict, to be stored as JSON and given back as `state`.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let text = json::text_of(&*self.locked());
        Ok(json::from_text(py, &text)?.cast_into()?)
    }

    fn __len__(&self) -> usize {
        self.locked().waiting().len()
    }

    fn __repr__(&self) -> String {
        let queue = self.locked();
        let id = self.registry.get().world().id(self.place);
        format!(
            "<Queue {id}, {}: {} waiting, {}>",
            self.profile.get().profile().id,
            queue.waiting().len(),
            queue.phase()
        )
    }
}

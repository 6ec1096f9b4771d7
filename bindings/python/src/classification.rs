//! What an answer means, as a Python object whose attributes are ready objects.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString};
use retriage::vocabulary::{
    Audience, Canonical, Category, Fault, Finality, HintSource, HintState, Match, Mode, Processed, Retry, Scope,
    Severity, Step, Unreadable, Words,
};
use retriage::{Because, Entry, Evidence, Found, Hint, Hints, Locale, Messages, Reason};
use serde::{Deserialize, Serialize};

use crate::arguments::{Asked, read_wishes, word};
use crate::decision::{self, Decision};
use crate::error::{bad, record, records};
use crate::evidence::Kept;
use crate::json;
use crate::registry::{PyRegistry, Reduced, reduced};
use crate::spelled::Spelled;
use crate::world::{Place, World};

/// What an API's answer means: the words, the texts for people, and the way it came to them.
///
/// A value: it never changes, equal ones are equal and hash alike, it can be pickled, and `match` statements see its
/// attributes. Made by `classify`.
#[pyclass(frozen, module = "retriage", weakref)]
pub(crate) struct Classification {
    /// The id of the catalog that was asked.
    #[pyo3(get)]
    catalog: Py<PyString>,
    /// The id of the entry that was found, with the catalog that owns it: `redox/401`; None where there is none.
    #[pyo3(get)]
    entry: Py<PyAny>,
    /// The date of the catalog that owns the entry: `2024-02-15`.
    #[pyo3(get)]
    as_of: Py<PyString>,
    /// The name of what was found; None where nothing was.
    #[pyo3(get)]
    title: Py<PyAny>,
    /// What kind of outcome it is, such as `unavailable`.
    #[pyo3(get)]
    category: Py<PyString>,
    /// The nearest google.rpc.Code, such as `UNAVAILABLE`.
    #[pyo3(get)]
    canonical: Py<PyString>,
    /// Whose fault it is: none, caller, account, provider, destination, network or unknown.
    #[pyo3(get)]
    fault: Py<PyString>,
    /// What trying again would take: none, never, fix, reauthenticate, escalate, wait, backoff, follow or verify.
    #[pyo3(get)]
    retry: Py<PyString>,
    /// Whether the request took effect: no, maybe or yes.
    #[pyo3(get)]
    processed: Py<PyString>,
    /// How final the outcome is: final, accepted or partial.
    #[pyo3(get)]
    finality: Py<PyString>,
    /// How loudly to say it: info, notice, warning, error or critical.
    #[pyo3(get)]
    severity: Py<PyString>,
    /// How the entry was found: exact, variant, range, class or unknown.
    #[pyo3(get, name = "match")]
    found_by: Py<PyString>,
    /// What a delay holds back: message, destination or client.
    #[pyo3(get)]
    scope: Py<PyString>,
    /// What to do, in one line; None where nothing was found.
    #[pyo3(get)]
    remedy: Py<PyAny>,
    kept: Answer,
}

/// What was answered, in a form that borrows nothing.
struct Answer {
    world: Arc<World>,
    place: Place,
    entry: Option<u32>,
    found: Match,
    words: Words,
    /// None where there are none, which is nearly always.
    hints: Option<Box<Hints>>,
    steps: Box<[(Step, Found, Option<u32>)]>,
    /// What the response says, as JSON.
    details: Option<String>,
    /// The tag of the language of its texts.
    locale: Option<Box<str>>,
    given: Kept,
}

impl Classification {
    /// Keeps what the core answered about this evidence, but for its headers.
    pub(crate) fn of(
        py: Python<'_>,
        world: &Arc<World>,
        place: Place,
        answer: &retriage::Classification<'_>,
        evidence: &Evidence<'_>,
    ) -> Self {
        let step = |reason: &Reason<'_>| (reason.step, reason.found, reason.entry.map(|entry| entry.number()));
        Self::put_together(
            py,
            Answer {
                world: Arc::clone(world),
                place,
                entry: answer.entry.map(|entry| entry.number()),
                found: answer.found,
                words: answer.words,
                hints: answer.hints.first().map(|_| Box::new(answer.hints)),
                steps: boxed(|| answer.because.iter().map(step)),
                details: answer.details.as_ref().map(json::text_of),
                locale: answer.locale.map(|locale| locale.tag().into()),
                given: Kept::of(evidence),
            },
        )
    }

    fn put_together(py: Python<'_>, kept: Answer) -> Self {
        let (catalog, dated) = kept.world.texts(kept.place);
        let row = kept.entry().map(|entry| kept.world.row(py, entry));
        let text = |pick: fn(&crate::world::Row) -> &Py<PyString>| match row {
            Some(row) => pick(row).clone_ref(py).into_any(),
            None => py.None(),
        };
        let words = kept.words;
        Self {
            catalog: catalog.clone_ref(py),
            entry: text(|row| &row.id),
            as_of: row.map_or(dated, |row| &row.as_of).clone_ref(py),
            title: text(|row| &row.title),
            category: words.category.spelled(py),
            canonical: words.canonical.spelled(py),
            fault: words.fault.spelled(py),
            retry: words.retry.spelled(py),
            processed: words.processed.spelled(py),
            finality: words.finality.spelled(py),
            severity: words.severity.spelled(py),
            found_by: kept.found.spelled(py),
            scope: words.scope.spelled(py),
            remedy: text(|row| &row.remedy),
            kept,
        }
    }

    /// Its parts as JSON, without the texts that the entry and the language give.
    fn stored(&self) -> Stored {
        let kept = &self.kept;
        let id = |number: Option<u32>| kept.world.registry().entry(number?).map(|entry| entry.id().to_owned());
        let words = kept.words;
        Stored {
            catalog: kept.world.id(kept.place).to_owned(),
            entry: id(kept.entry),
            found: kept.found as u8,
            words: [
                words.category as u8,
                words.canonical as u8,
                words.fault as u8,
                words.retry as u8,
                words.processed as u8,
                words.finality as u8,
                words.severity as u8,
                words.scope as u8,
            ],
            hints: kept.hints().iter().map(|hint| (hint.from as u8, hint.state as u8, hint.delay_ms)).collect(),
            steps: kept.steps.iter().map(|(step, found, at)| (*step as u8, StoredFound::of(*found), id(*at))).collect(),
            details: kept.details.clone(),
            locale: kept.locale.as_deref().map(str::to_owned),
            given: kept.given.clone(),
        }
    }

    /// What is compared: the answer, and not when it came.
    fn compared(&self) -> Stored {
        Stored { given: Kept::default(), ..self.stored() }
    }

    /// The classification in the terms of the core, for a decision.
    pub(crate) fn core(&self) -> retriage::Classification<'_> {
        self.kept.core()
    }

    pub(crate) fn given(&self) -> &Kept {
        &self.kept.given
    }
}

impl Answer {
    fn entry(&self) -> Option<Entry<'_>> {
        self.world.registry().entry(self.entry?)
    }

    fn core(&self) -> retriage::Classification<'_> {
        retriage::Classification {
            catalog: self.world.catalog(self.place),
            entry: self.entry(),
            found: self.found,
            words: self.words,
            hints: self.hints(),
            details: None,
            because: Because::default(),
            locale: self.language(),
        }
    }

    fn hints(&self) -> Hints {
        self.hints.as_deref().copied().unwrap_or_default()
    }

    fn language(&self) -> Option<&Locale> {
        self.world.registry().locale(&[self.locale.as_deref()?])
    }

    fn messages(&self) -> Messages<'_> {
        Messages::new(self.entry(), self.words.category, self.language())
    }

    fn because(&self) -> Vec<Reason<'_>> {
        let entry = |number: Option<u32>| self.world.registry().entry(number?);
        self.steps.iter().map(|(step, found, at)| Reason { step: *step, found: *found, entry: entry(*at) }).collect()
    }

    fn details<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        match &self.details {
            Some(details) => json::from_text(py, details),
            None => Ok(py.None().into_bound(py)),
        }
    }
}

#[pymethods]
impl Classification {
    #[classattr]
    fn __match_args__() -> (&'static str, &'static str, &'static str) {
        ("category", "retry", "processed")
    }

    /// What the server said about when to try again: a `Hint`, or None where it said nothing.
    #[getter]
    fn hint<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        match self.kept.hints().first() {
            Some(hint) => record(py, "Hint", &json::to_object(py, &hint)?),
            None => Ok(py.None().into_bound(py)),
        }
    }

    /// What the response says in its own words, as a dict; None where it says nothing. The one place where text of a
    /// response stands: leave it out of logs.
    #[getter]
    fn details<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.kept.details(py)
    }

    /// How it came to this, in order: a tuple of `Reason`.
    #[getter]
    fn because<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        records(py, "Reason", &json::to_object(py, &self.kept.because())?)
    }

    /// The texts for every audience and the language they are in, as a dict with user, operator, developer, locale
    /// and, where some are English for want of others, english.
    #[getter]
    fn messages<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        json::to_object(py, &self.kept.messages())
    }

    /// The document that says so: a `Source`; None where nothing was found.
    #[getter]
    fn source<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        match self.kept.entry() {
            Some(entry) => record(py, "Source", &json::to_object(py, &entry.source())?),
            None => Ok(py.None().into_bound(py)),
        }
    }

    /// Whether it counts as a failure: everything but a success, an interim answer, a redirect and a copy that is still
    /// good. What isn't known to have worked counts as one.
    #[getter]
    fn is_failure(&self) -> bool {
        self.kept.words.category.is_failure()
    }

    /// The text for an audience.
    ///
    /// Args:
    ///     audience: `user`, somebody who uses an application, which is the default; `operator`, who runs the
    ///         integration; `developer`, who writes the client.
    ///     locale: A language tag such as `es-MX`, or a list of them, the first wish first; by default that of the
    ///         question. Operator and developer texts are English everywhere.
    ///
    /// Raises:
    ///     BadValueError: There is no such audience.
    #[pyo3(signature = (audience = None, locale = None))]
    fn message(
        &self,
        py: Python<'_>,
        audience: Option<&Bound<'_, PyAny>>,
        locale: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<String> {
        let audience = audience.map(|given| word::<Audience>(given, "/audience")).transpose()?;
        let audience = audience.unwrap_or(Audience::User);
        let Some(locale) = locale else { return Ok(self.kept.messages().get(audience).to_owned()) };
        let wishes = read_wishes(py, locale)?;
        let language = self.kept.world.registry().locale(&wishes.iter().map(String::as_str).collect::<Vec<_>>());
        Ok(Messages::new(self.kept.entry(), self.kept.words.category, language).get(audience).to_owned())
    }

    /// What to do next: a `Decision`.
    ///
    /// Args:
    ///     attempt: Which attempt it was that has just ended, from 1; by default 1.
    ///     method: The method of the request; one that isn't given isn't known to be safe to repeat.
    ///     profile: The id of a built-in profile, a `Profile`, or a dict in the form of profile.schema.json; by default
    ///         `standard`.
    ///     idempotent: Whether repeating is safe, by an idempotency key or otherwise; None leaves it to the method.
    ///     verified: What a check after `verify` found: `processed`, `not_processed` or `unknown`.
    ///     environment: `production`, which is the default, `staging` or `development`.
    ///     elapsed_ms: Milliseconds since the first attempt began; by default 0.
    ///     random: A number in [0, 1) for the jitter; by default one of Python's `random.random`.
    ///     state: What the last decision on this request gave back.
    ///     budget: What the last decision on this destination gave back.
    ///
    /// Raises:
    ///     Error: An argument is of the wrong type or out of range.
    ///     NeedsNowError: The profile counts a date, and neither `classify` nor the response said what time it is.
    #[pyo3(signature = (
        *, attempt = None, method = None, profile = None, idempotent = None, verified = None, environment = None,
        elapsed_ms = None, random = None, state = None, budget = None,
    ))]
    #[allow(clippy::too_many_arguments, reason = "each is a keyword of Python's")]
    fn decide<'py>(
        slf: &Bound<'py, Self>,
        attempt: Option<&Bound<'py, PyAny>>,
        method: Option<&Bound<'py, PyAny>>,
        profile: Option<&Bound<'py, PyAny>>,
        idempotent: Option<&Bound<'py, PyAny>>,
        verified: Option<&Bound<'py, PyAny>>,
        environment: Option<&Bound<'py, PyAny>>,
        elapsed_ms: Option<&Bound<'py, PyAny>>,
        random: Option<&Bound<'py, PyAny>>,
        state: Option<&Bound<'py, PyAny>>,
        budget: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Decision> {
        let asked =
            Asked { attempt, method, profile, idempotent, verified, environment, elapsed_ms, random, state, budget };
        decision::decide(slf, &asked)
    }

    /// The classification as in the wire form: a dict as `answer` gives it.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let whole = json::to_object(py, &self.kept.core())?.cast_into::<PyDict>()?;
        whole.set_item("details", self.kept.details(py)?)?;
        whole.set_item("because", json::to_object(py, &self.kept.because())?)?;
        Ok(whole)
    }

    fn __repr__(&self) -> String {
        let kept = &self.kept;
        let words = kept.words;
        format!(
            "<Classification {}: {}, fault {}, retry {}, processed {}>",
            kept.entry().map_or_else(|| format!("{}: no entry", kept.world.id(kept.place)), |it| it.id().to_owned()),
            words.category,
            words.fault,
            words.retry,
            words.processed,
        )
    }

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> bool {
        let Ok(other) = other.cast::<Self>() else { return false };
        std::ptr::eq(self, other.get()) || self.compared() == other.get().compared()
    }

    fn __hash__(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.kept.entry().map(|entry| entry.id()).hash(&mut hasher);
        self.kept.words.hash(&mut hasher);
        hasher.finish()
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<Reduced<'py>> {
        let py = slf.py();
        let it = slf.get();
        let registry = PyRegistry::of(&it.kept.world);
        reduced(py, "_classification", (registry, json::text_of(&it.stored())))
    }
}

/// A classification as it is pickled: words by their numbers and entries by their ids, neither of which a later build
/// changes.
#[derive(PartialEq, Serialize, Deserialize)]
struct Stored {
    catalog: String,
    entry: Option<String>,
    found: u8,
    words: [u8; 8],
    hints: Vec<(u8, u8, Option<u64>)>,
    steps: Vec<(u8, StoredFound, Option<String>)>,
    details: Option<String>,
    locale: Option<String>,
    given: Kept,
}

/// What a step found, likewise.
#[derive(PartialEq, Serialize, Deserialize)]
enum StoredFound {
    Nothing,
    Status(u16),
    Listed,
    Unlisted,
    Contradiction,
    Body(u8),
    Mode(u8),
    Hint(u8),
}

impl StoredFound {
    fn of(found: Found) -> Self {
        match found {
            Found::Nothing => Self::Nothing,
            Found::Status(status) => Self::Status(status),
            Found::Listed => Self::Listed,
            Found::Unlisted => Self::Unlisted,
            Found::Contradiction => Self::Contradiction,
            Found::Body(why) => Self::Body(why as u8),
            Found::Mode(mode) => Self::Mode(mode as u8),
            Found::Hint(from) => Self::Hint(from as u8),
        }
    }

    fn restored(&self) -> Option<Found> {
        Some(match *self {
            Self::Nothing => Found::Nothing,
            Self::Status(status) => Found::Status(status),
            Self::Listed => Found::Listed,
            Self::Unlisted => Found::Unlisted,
            Self::Contradiction => Found::Contradiction,
            Self::Body(why) => Found::Body(Unreadable::from_number(why)?),
            Self::Mode(mode) => Found::Mode(Mode::from_number(mode)?),
            Self::Hint(from) => Found::Hint(HintSource::from_number(from)?),
        })
    }
}

/// The classification that was pickled as this text.
pub(crate) fn restore(py: Python<'_>, world: &Arc<World>, text: &str) -> PyResult<Classification> {
    let not_ours = |why: &str| bad(py, "", &format!("is not a classification that was pickled: {why}"));
    let stored: Stored = serde_json::from_str(text).map_err(|error| not_ours(&error.to_string()))?;
    let numbers_of = |id: &Option<String>| match id {
        Some(id) => world.number(id).map(Some).ok_or_else(|| not_ours(&format!("there is no entry {id}"))),
        None => Ok(None),
    };
    let entry = numbers_of(&stored.entry)?;
    let mut steps = Vec::with_capacity(stored.steps.len());
    for (step, found, id) in &stored.steps {
        let known = Step::from_number(*step).zip(found.restored());
        let (step, found) = known.ok_or_else(|| not_ours("a step of it is unknown"))?;
        steps.push((step, found, numbers_of(id)?));
    }
    let words = words_of(stored.words).zip(Match::from_number(stored.found));
    let (words, found) = words.ok_or_else(|| not_ours("a word of it is unknown"))?;
    let hint = |(from, state, delay_ms): &(u8, u8, Option<u64>)| {
        Some(Hint {
            from: HintSource::from_number(*from)?,
            state: HintState::from_number(*state)?,
            delay_ms: *delay_ms,
        })
    };
    let hints: Option<Hints> = stored.hints.iter().map(hint).collect();
    let hints = hints.ok_or_else(|| not_ours("a hint of it is unknown"))?;
    let kept = Answer {
        place: world.find(py, &stored.catalog)?,
        world: Arc::clone(world),
        entry,
        found,
        words,
        hints: hints.first().map(|_| Box::new(hints)),
        steps: steps.into(),
        details: stored.details,
        locale: stored.locale.map(String::into_boxed_str),
        given: stored.given,
    };
    Ok(Classification::put_together(py, kept))
}

fn words_of(numbers: [u8; 8]) -> Option<Words> {
    let [category, canonical, fault, retry, processed, finality, severity, scope] = numbers;
    Some(Words {
        category: Category::from_number(category)?,
        canonical: Canonical::from_number(canonical)?,
        fault: Fault::from_number(fault)?,
        retry: Retry::from_number(retry)?,
        processed: Processed::from_number(processed)?,
        finality: Finality::from_number(finality)?,
        severity: Severity::from_number(severity)?,
        scope: Scope::from_number(scope)?,
    })
}

/// Classifies by what was given, and keeps it.
pub(crate) fn classify(
    py: Python<'_>,
    world: &Arc<World>,
    place: Place,
    given: &crate::arguments::Given<'_, '_>,
) -> PyResult<Py<Classification>> {
    let answered = given.read(py, world, place)?;
    let headers = answered.headers.pairs();
    let evidence = answered.evidence(&headers)?;
    let catalog = world.catalog(place);
    let mut answer = if evidence.body.is_some_and(|body| body.len() > LONG_BODY) {
        py.detach(|| catalog.classify(&evidence))
    } else {
        catalog.classify(&evidence)
    };
    let wishes: Vec<&str> = answered.wishes.iter().map(String::as_str).collect();
    answer.locale = world.registry().locale(&wishes);
    let mut made = Classification::of(py, world, place, &answer, &evidence);
    drop(answer);
    drop(headers);
    made.kept.given.keep(answered.headers);
    Py::new(py, made)
}

/// Items in memory of exactly their size. How many there are is counted first, which costs less than growing.
pub(crate) fn boxed<T, I: Iterator<Item = T>>(items: impl Fn() -> I) -> Box<[T]> {
    let mut found = Vec::with_capacity(items().count());
    found.extend(items());
    found.into_boxed_slice()
}

/// From how many bytes of a body on other threads run while it is read.
const LONG_BODY: usize = 65_536;

//! The functions of the module, and the same as methods of a registry.

use std::sync::Arc;

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString, PyTuple};
use retriage::vocabulary::ErrorKind;

use crate::arguments::{Asked, Given, file, text};
use crate::batch::{self, Batch};
use crate::classification::{self, Classification};
use crate::decision::{self, Decision};
use crate::error::{raise, record, records};
use crate::json;
use crate::world::World;

/// The built-in catalogs and any that are loaded: vendors of your own, and overlays that add to, replace or silence
/// entries of built-in ones.
///
/// `Registry()` holds the built-in catalogs alone, which is what the functions of the module see; `Registry.load` makes
/// others. A registry never changes, and any thread may use it.
#[pyclass(frozen, module = "retriage", name = "Registry", weakref)]
pub(crate) struct PyRegistry {
    world: Arc<World>,
}

impl PyRegistry {
    pub(crate) fn of(world: &Arc<World>) -> Self {
        Self { world: Arc::clone(world) }
    }

    pub(crate) fn world(&self) -> &Arc<World> {
        &self.world
    }
}

/// Classifies, the quick way where there is only a status.
#[inline]
fn classified<'py>(
    py: Python<'py>,
    world: &Arc<World>,
    catalog: &Bound<'py, PyAny>,
    given: &Given<'_, 'py>,
) -> PyResult<Py<Classification>> {
    let place = world.named(catalog)?;
    if let Some(status) = given.status_alone()
        && let Some(made) = world.of_status(py, place, status)?
    {
        return Ok(made);
    }
    classification::classify(py, world, place, given)
}

/// Asks a question of the wire form about the members of a dict that aren't None; the answer's member of this name.
fn ask<'py>(world: &World, question: &Bound<'py, PyDict>, member: &str) -> PyResult<Bound<'py, PyAny>> {
    let py = question.py();
    let answer = json::from_text(py, &world.registry().answer(&json::to_text(question, "")?))?;
    let answer = answer.cast_into::<PyDict>()?;
    if let Some(error) = answer.get_item("error")? {
        let part = |name: &str| error.get_item(name)?.extract::<String>();
        let kind = ErrorKind::from_word(&part("kind")?).unwrap_or(ErrorKind::BadValue);
        return Err(raise(py, kind, &part("at")?, &part("message")?));
    }
    Ok(answer.get_item(member)?.unwrap_or_else(|| py.None().into_bound(py)))
}

/// A question of the wire form, from names and what a caller gave for them.
fn question<'py>(
    py: Python<'py>,
    asked: &str,
    members: &[(&str, Option<&Bound<'py, PyAny>>)],
) -> PyResult<Bound<'py, PyDict>> {
    let question = PyDict::new(py);
    question.set_item("ask", asked)?;
    for (name, value) in members {
        if let Some(value) = value {
            question.set_item(name, value)?;
        }
    }
    Ok(question)
}

fn answered<'py>(world: &World, question: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    let py = question.py();
    let text = match question.cast::<PyString>() {
        Ok(text) => json::str_of(text, "")?.to_owned(),
        Err(_) => json::to_text(question, "")?,
    };
    let answer = if text.len() > LONG_QUESTION {
        py.detach(|| world.registry().answer(&text))
    } else {
        world.registry().answer(&text)
    };
    json::from_text(py, &answer)
}

/// From how many bytes of a question on other threads run while it is answered.
const LONG_QUESTION: usize = 65_536;

fn advised<'py>(
    py: Python<'py>,
    world: &World,
    catalog: &Bound<'py, PyAny>,
    members: [Option<&Bound<'py, PyAny>>; 4],
) -> PyResult<Bound<'py, PyAny>> {
    let [intent, status, code, environment] = members;
    let members = [
        ("catalog", Some(catalog)),
        ("intent", intent),
        ("status", status),
        ("code", code),
        ("environment", environment),
    ];
    let advice = ask(world, &question(py, "advise", &members)?, "advice")?;
    record(py, "Advice", &advice)
}

fn entry_of<'py>(
    py: Python<'py>,
    world: &World,
    id: &Bound<'py, PyAny>,
    members: [Option<&Bound<'py, PyAny>>; 4],
) -> PyResult<Bound<'py, PyAny>> {
    let [status, code, failure, locale] = members;
    let named = if text(id, "/entry")?.contains('/') { "entry" } else { "catalog" };
    let members = [(named, Some(id)), ("status", status), ("code", code), ("failure", failure), ("locale", locale)];
    record(py, "Entry", &ask(world, &question(py, "entry", &members)?, "entry")?)
}

fn limits_of<'py>(py: Python<'py>, world: &World, catalog: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    records(py, "Limit", &ask(world, &question(py, "limits", &[("catalog", Some(catalog))])?, "limits")?)
}

fn catalogs_of<'py>(py: Python<'py>, world: &World) -> PyResult<Bound<'py, PyAny>> {
    let catalogs: Vec<_> = world.registry().catalogs().collect();
    records(py, "Catalog", &json::to_object(py, &catalogs)?)
}

fn entries_of<'py>(py: Python<'py>, world: &World, catalog: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    let place = world.named(catalog)?;
    let entries: Vec<_> = world.catalog(place).entries().collect();
    records(py, "Entry", &json::to_object(py, &entries)?)
}

fn locales_of<'py>(py: Python<'py>, world: &World) -> PyResult<Bound<'py, PyDict>> {
    let locales = PyDict::new(py);
    for locale in world.registry().locales() {
        locales.set_item(locale.tag(), locale.name())?;
    }
    Ok(locales)
}

/// What came back, by a catalog: a `Classification`.
///
/// What is said by name goes before what the response says. What a response says never raises.
///
/// Args:
///     catalog: Its id, such as `http` or `redox`; `catalogs` lists them.
///     response: What the client gave: a response of requests, httpx, urllib3, aiohttp or the like, the exception it
///         raised, or a status alone. Nothing is imported for it. A body that the client hasn't read stays unread and
///         doesn't count.
///     status: The HTTP status.
///     code: A vendor code, a number or a name, where you have taken it out of the response already.
///     failure: What a client calls the failure, such as `ECONNRESET` or `curl:28`.
///     headers: A mapping of texts or lists of texts, or pairs.
///     body: Bytes, a text, or a dict that stands for its JSON.
///     control_id: The MSH-10 of the HL7 message that was sent; an acknowledgement of another one proves nothing.
///     mode: `async` where a success is an acknowledgement and the outcome comes later, `sync` where it is the outcome.
///     now: The time of receipt: a datetime with a time zone, a text of RFC 3339, or milliseconds since 1970; by
///         default what the response's `Date` says, or else the clock.
///     body_limit: The longest body that is read, in bytes; by default 1 MiB.
///     details: Whether to keep what the response says in its own words; by default True.
///     locale: The language of the texts: a tag such as `es-MX`, or a list of them, the first wish first.
///
/// Raises:
///     UnknownCatalogError: There is no such catalog.
///     BadValueError: An argument is of the wrong type or out of range.
#[pyfunction]
#[pyo3(signature = (catalog, response = None, /, *, status = None, code = None, failure = None, headers = None, body = None,
    control_id = None, mode = None, now = None, body_limit = None, details = None, locale = None,))]
#[allow(clippy::too_many_arguments, reason = "each is a keyword of Python's")]
pub(crate) fn classify<'py>(
    py: Python<'py>,
    catalog: &Bound<'py, PyAny>,
    response: Option<&Bound<'py, PyAny>>,
    status: Option<&Bound<'py, PyAny>>,
    code: Option<&Bound<'py, PyAny>>,
    failure: Option<&Bound<'py, PyAny>>,
    headers: Option<&Bound<'py, PyAny>>,
    body: Option<&Bound<'py, PyAny>>,
    control_id: Option<&Bound<'py, PyAny>>,
    mode: Option<&Bound<'py, PyAny>>,
    now: Option<&Bound<'py, PyAny>>,
    body_limit: Option<&Bound<'py, PyAny>>,
    details: Option<&Bound<'py, PyAny>>,
    locale: Option<&Bound<'py, PyAny>>,
) -> PyResult<Py<Classification>> {
    let world = World::built_in(py);
    let given =
        Given { response, status, code, failure, headers, body, control_id, mode, now, body_limit, details, locale };
    classified(py, world, catalog, &given)
}

/// What to do next: a `Decision`, with what came back as its `classification`.
///
/// Raises:
///     Error: As `classify` and `Classification.decide`, whose arguments these are.
#[pyfunction]
#[pyo3(signature = (catalog, response = None, /, *, status = None, code = None, failure = None, headers = None, body = None,
    control_id = None, mode = None, now = None, body_limit = None, details = None, locale = None, attempt = None, method = None,
    profile = None, idempotent = None, verified = None, environment = None, elapsed_ms = None, random = None,
    state = None, budget = None,))]
#[allow(clippy::too_many_arguments, reason = "each is a keyword of Python's")]
pub(crate) fn decide<'py>(
    py: Python<'py>,
    catalog: &Bound<'py, PyAny>,
    response: Option<&Bound<'py, PyAny>>,
    status: Option<&Bound<'py, PyAny>>,
    code: Option<&Bound<'py, PyAny>>,
    failure: Option<&Bound<'py, PyAny>>,
    headers: Option<&Bound<'py, PyAny>>,
    body: Option<&Bound<'py, PyAny>>,
    control_id: Option<&Bound<'py, PyAny>>,
    mode: Option<&Bound<'py, PyAny>>,
    now: Option<&Bound<'py, PyAny>>,
    body_limit: Option<&Bound<'py, PyAny>>,
    details: Option<&Bound<'py, PyAny>>,
    locale: Option<&Bound<'py, PyAny>>,
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
    let world = World::built_in(py);
    let given =
        Given { response, status, code, failure, headers, body, control_id, mode, now, body_limit, details, locale };
    let asked =
        Asked { attempt, method, profile, idempotent, verified, environment, elapsed_ms, random, state, budget };
    decision::decide(classified(py, world, catalog, &given)?.bind(py), &asked)
}

/// What a catalog says of many answers at once: a `Batch` of columns.
///
/// A column is anything with the Arrow PyCapsule interface (pyarrow, polars, pandas, DuckDB), an array of numpy, or a
/// sequence such as a list; the first two are read where they are, so don't write to them meanwhile. Each row is
/// answered as `classify` answers it, and one with nothing in it as an answer with nothing in it. Other threads run
/// while it works.
///
/// Args:
///     catalog: Its id.
///     data: A column of statuses; or a table or record batch with columns of the names status, code, failure and body,
///         of which others are ignored.
///     status: A column of statuses. What is no status counts as none.
///     code: A column of vendor codes, numbers or names.
///     failure: A column of failures' names.
///     body: A column of bodies, texts or bytes.
///     columns: Which columns to give, of entry, category, canonical, fault, retry, processed, finality, severity,
///         match and scope; by default entry, category, fault, retry and processed.
///
/// Raises:
///     BadValueError: A column is of a type that can't be read, or no column.
///     ConflictError: Columns are of different lengths, or given twice.
///     MissingFieldError: There is no column.
///     UnknownCatalogError: There is no such catalog.
#[pyfunction]
#[pyo3(signature = (catalog, data = None, /, *, status = None, code = None, failure = None, body = None, columns = None))]
#[allow(clippy::too_many_arguments, reason = "each is a keyword of Python's")]
pub(crate) fn classify_batch<'py>(
    py: Python<'py>,
    catalog: &Bound<'py, PyAny>,
    data: Option<&Bound<'py, PyAny>>,
    status: Option<&Bound<'py, PyAny>>,
    code: Option<&Bound<'py, PyAny>>,
    failure: Option<&Bound<'py, PyAny>>,
    body: Option<&Bound<'py, PyAny>>,
    columns: Option<&Bound<'py, PyAny>>,
) -> PyResult<Batch> {
    let world = World::built_in(py);
    batch::classify(py, world, catalog, &batch::Given { data, status, code, failure, body, columns })
}

/// Answers a question of the wire form: a dict in, a dict out.
///
/// What can't be answered is answered with an `error`, not raised, so that there is always one dict.
///
/// Args:
///     question: A dict as question.schema.json has it, or its JSON text.
///
/// Raises:
///     BadValueError: The dict holds what JSON hasn't.
#[pyfunction]
#[pyo3(signature = (question, /))]
pub(crate) fn answer<'py>(py: Python<'py>, question: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    let world = World::built_in(py);
    answered(world, question)
}

/// What to answer a sender, and what it makes of an answer: an `Advice`.
///
/// Args:
///     catalog: That of the sender, such as `redox`.
///     intent: What the destination wants, such as `done`, `down` or `malformed`.
///     status: The status that you mean to answer, to learn what the sender makes of it.
///     code: Instead of it, the acknowledgement code.
///     environment: `production`, which is the default, `staging` or `development`.
///
/// Raises:
///     MissingFieldError: Neither an intent nor a reply is given.
///     UnknownEntryError: No document advises.
///     BadValueError: An argument is of the wrong type or out of range.
#[pyfunction]
#[pyo3(signature = (catalog, intent = None, *, status = None, code = None, environment = None))]
pub(crate) fn advise<'py>(
    py: Python<'py>,
    catalog: &Bound<'py, PyAny>,
    intent: Option<&Bound<'py, PyAny>>,
    status: Option<&Bound<'py, PyAny>>,
    code: Option<&Bound<'py, PyAny>>,
    environment: Option<&Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyAny>> {
    let world = World::built_in(py);
    advised(py, world, catalog, [intent, status, code, environment])
}

/// The catalogs, parents before children: a tuple of `Catalog`.
#[pyfunction]
#[pyo3(signature = ())]
pub(crate) fn catalogs<'py>(py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
    let world = World::built_in(py);
    catalogs_of(py, world)
}

/// What a catalog says of one code: an `Entry`.
///
/// Args:
///     id: That of an entry, such as `redox/401`; or that of a catalog, with one of the others.
///     status: A status.
///     code: A vendor code.
///     failure: A failure's name.
///     locale: The language of its texts.
///
/// Raises:
///     UnknownEntryError: The catalog has no such entry.
///     UnknownCatalogError: There is no such catalog.
#[pyfunction]
#[pyo3(signature = (id, /, *, status = None, code = None, failure = None, locale = None))]
pub(crate) fn entry<'py>(
    py: Python<'py>,
    id: &Bound<'py, PyAny>,
    status: Option<&Bound<'py, PyAny>>,
    code: Option<&Bound<'py, PyAny>>,
    failure: Option<&Bound<'py, PyAny>>,
    locale: Option<&Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyAny>> {
    let world = World::built_in(py);
    entry_of(py, world, id, [status, code, failure, locale])
}

/// The entries of a catalog, each followed by its variants: a tuple of `Entry`. Those of the catalogs that it
/// extends are not among them.
///
/// Raises UnknownCatalogError.
#[pyfunction]
#[pyo3(signature = (catalog, /))]
pub(crate) fn entries<'py>(py: Python<'py>, catalog: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    let world = World::built_in(py);
    entries_of(py, world, catalog)
}

/// The numbers that the documents of a catalog state: a tuple of `Limit`. They only warn: vendors move them.
///
/// Raises UnknownCatalogError.
#[pyfunction]
#[pyo3(signature = (catalog, /))]
pub(crate) fn limits<'py>(py: Python<'py>, catalog: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    let world = World::built_in(py);
    limits_of(py, world, catalog)
}

/// The languages there are besides English: a dict of their tags and names.
#[pyfunction]
#[pyo3(signature = ())]
pub(crate) fn locales<'py>(py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
    let world = World::built_in(py);
    locales_of(py, world)
}

/// What `__reduce__` gives: what makes the value again, and of what.
pub(crate) type Reduced<'py> = (Bound<'py, PyAny>, Bound<'py, PyTuple>);

/// A value as it is pickled: one of the functions of the module, and its arguments.
pub(crate) fn reduced<'py, A>(py: Python<'py>, function: &str, arguments: A) -> PyResult<Reduced<'py>>
where
    A: IntoPyObject<'py, Target = PyTuple, Output = Bound<'py, PyTuple>, Error = PyErr>,
{
    Ok((py.import("retriage._retriage")?.getattr(function)?, arguments.into_pyobject(py)?))
}

/// The registry that was pickled.
#[pyfunction]
pub(crate) fn _registry(py: Python<'_>, files: Vec<(String, String)>) -> PyResult<PyRegistry> {
    if files.is_empty() { Ok(PyRegistry::new(py)) } else { Ok(PyRegistry { world: Arc::new(World::load(py, files)?) }) }
}

/// The classification that was pickled.
#[pyfunction]
pub(crate) fn _classification(
    py: Python<'_>,
    registry: &Bound<'_, PyRegistry>,
    text: &str,
) -> PyResult<Classification> {
    classification::restore(py, &registry.get().world, text)
}

#[pymethods]
impl PyRegistry {
    #[new]
    fn new(py: Python<'_>) -> Self {
        Self::of(World::built_in(py))
    }

    /// The built-in catalogs and those of these files, which may extend and overlay each other and the built-in ones.
    ///
    /// files: each a dict, a JSON text, or the path of a file, in the form of catalog.schema.json.
    ///
    /// Raises LoadError with every problem of every file in its `problems`; it is all or nothing. Raises OSError where
    /// a file can't be read.
    #[staticmethod]
    #[pyo3(signature = (*files))]
    fn load(py: Python<'_>, files: &Bound<'_, PyTuple>) -> PyResult<Self> {
        let named = |(place, given): (usize, Bound<'_, PyAny>)| file(&given, &format!("/files/{place}"));
        let files = files.iter().enumerate().map(named).collect::<PyResult<Vec<_>>>()?;
        Ok(Self { world: Arc::new(World::load(py, files)?) })
    }

    fn __repr__(&self) -> String {
        let files: Vec<&str> = self.world.files().iter().map(|(name, _)| name.as_str()).collect();
        if files.is_empty() {
            "<Registry: built-in>".to_owned()
        } else {
            format!("<Registry: built-in, {}>", files.join(", "))
        }
    }

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> bool {
        other.cast::<Self>().is_ok_and(|other| {
            Arc::ptr_eq(&self.world, &other.get().world) || self.world.files() == other.get().world.files()
        })
    }

    fn __hash__(&self) -> usize {
        self.world.files().iter().map(|(_, text)| text.len()).sum()
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<Reduced<'py>> {
        reduced(slf.py(), "_registry", (slf.get().world.files().to_vec(),))
    }

    /// As `retriage.classify`, by these catalogs.
    #[pyo3(signature = (catalog, response = None, /, *, status = None, code = None, failure = None, headers = None, body = None,
        control_id = None, mode = None, now = None, body_limit = None, details = None, locale = None,))]
    #[allow(clippy::too_many_arguments, reason = "each is a keyword of Python's")]
    fn classify<'py>(
        &self,
        py: Python<'py>,
        catalog: &Bound<'py, PyAny>,
        response: Option<&Bound<'py, PyAny>>,
        status: Option<&Bound<'py, PyAny>>,
        code: Option<&Bound<'py, PyAny>>,
        failure: Option<&Bound<'py, PyAny>>,
        headers: Option<&Bound<'py, PyAny>>,
        body: Option<&Bound<'py, PyAny>>,
        control_id: Option<&Bound<'py, PyAny>>,
        mode: Option<&Bound<'py, PyAny>>,
        now: Option<&Bound<'py, PyAny>>,
        body_limit: Option<&Bound<'py, PyAny>>,
        details: Option<&Bound<'py, PyAny>>,
        locale: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Py<Classification>> {
        let world = &self.world;
        let given = Given {
            response,
            status,
            code,
            failure,
            headers,
            body,
            control_id,
            mode,
            now,
            body_limit,
            details,
            locale,
        };
        classified(py, world, catalog, &given)
    }

    /// As `retriage.decide`, by these catalogs.
    #[pyo3(signature = (catalog, response = None, /, *, status = None, code = None, failure = None, headers = None, body = None,
        control_id = None, mode = None, now = None, body_limit = None, details = None, locale = None, attempt = None, method = None,
        profile = None, idempotent = None, verified = None, environment = None, elapsed_ms = None, random = None,
        state = None, budget = None,))]
    #[allow(clippy::too_many_arguments, reason = "each is a keyword of Python's")]
    fn decide<'py>(
        &self,
        py: Python<'py>,
        catalog: &Bound<'py, PyAny>,
        response: Option<&Bound<'py, PyAny>>,
        status: Option<&Bound<'py, PyAny>>,
        code: Option<&Bound<'py, PyAny>>,
        failure: Option<&Bound<'py, PyAny>>,
        headers: Option<&Bound<'py, PyAny>>,
        body: Option<&Bound<'py, PyAny>>,
        control_id: Option<&Bound<'py, PyAny>>,
        mode: Option<&Bound<'py, PyAny>>,
        now: Option<&Bound<'py, PyAny>>,
        body_limit: Option<&Bound<'py, PyAny>>,
        details: Option<&Bound<'py, PyAny>>,
        locale: Option<&Bound<'py, PyAny>>,
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
        let world = &self.world;
        let given = Given {
            response,
            status,
            code,
            failure,
            headers,
            body,
            control_id,
            mode,
            now,
            body_limit,
            details,
            locale,
        };
        let asked =
            Asked { attempt, method, profile, idempotent, verified, environment, elapsed_ms, random, state, budget };
        decision::decide(classified(py, world, catalog, &given)?.bind(py), &asked)
    }

    /// As `retriage.classify_batch`, by these catalogs.
    #[pyo3(signature = (catalog, data = None, /, *, status = None, code = None, failure = None, body = None, columns = None))]
    #[allow(clippy::too_many_arguments, reason = "each is a keyword of Python's")]
    fn classify_batch<'py>(
        &self,
        py: Python<'py>,
        catalog: &Bound<'py, PyAny>,
        data: Option<&Bound<'py, PyAny>>,
        status: Option<&Bound<'py, PyAny>>,
        code: Option<&Bound<'py, PyAny>>,
        failure: Option<&Bound<'py, PyAny>>,
        body: Option<&Bound<'py, PyAny>>,
        columns: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Batch> {
        let world = &self.world;
        batch::classify(py, world, catalog, &batch::Given { data, status, code, failure, body, columns })
    }

    /// As `retriage.answer`, by these catalogs.
    #[pyo3(signature = (question, /))]
    fn answer<'py>(&self, question: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        answered(&self.world, question)
    }

    /// As `retriage.advise`, by these catalogs.
    #[pyo3(signature = (catalog, intent = None, *, status = None, code = None, environment = None))]
    fn advise<'py>(
        &self,
        py: Python<'py>,
        catalog: &Bound<'py, PyAny>,
        intent: Option<&Bound<'py, PyAny>>,
        status: Option<&Bound<'py, PyAny>>,
        code: Option<&Bound<'py, PyAny>>,
        environment: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let world = &self.world;
        advised(py, world, catalog, [intent, status, code, environment])
    }

    /// As `retriage.catalogs`, by these catalogs.
    fn catalogs<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let world = &self.world;
        catalogs_of(py, world)
    }

    /// As `retriage.entry`, by these catalogs.
    #[pyo3(signature = (id, /, *, status = None, code = None, failure = None, locale = None))]
    fn entry<'py>(
        &self,
        py: Python<'py>,
        id: &Bound<'py, PyAny>,
        status: Option<&Bound<'py, PyAny>>,
        code: Option<&Bound<'py, PyAny>>,
        failure: Option<&Bound<'py, PyAny>>,
        locale: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let world = &self.world;
        entry_of(py, world, id, [status, code, failure, locale])
    }

    /// As `retriage.entries`, by these catalogs.
    #[pyo3(signature = (catalog, /))]
    fn entries<'py>(&self, py: Python<'py>, catalog: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let world = &self.world;
        entries_of(py, world, catalog)
    }

    /// As `retriage.limits`, by these catalogs.
    #[pyo3(signature = (catalog, /))]
    fn limits<'py>(&self, py: Python<'py>, catalog: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let world = &self.world;
        limits_of(py, world, catalog)
    }

    /// As `retriage.locales`, by these catalogs.
    fn locales<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let world = &self.world;
        locales_of(py, world)
    }
}

//! Arguments of Python, checked as the fields of a question are.

use std::borrow::Cow;
use std::time::{SystemTime, UNIX_EPOCH};

use pyo3::exceptions::PyUnicodeDecodeError;
use pyo3::prelude::*;
use pyo3::types::{
    IntoPyDict, PyBool, PyByteArray, PyBytes, PyDict, PyInt, PyList, PyMapping, PyMemoryView, PyString, PyTuple,
};
use retriage::source::MAX_SAFE;
use retriage::vocabulary::{Audience, Environment, Intent, Mode, Verified};
use retriage::{BODY_LIMIT, parse_time};

use crate::error::{bad, refused};
use crate::evidence::{Answered, Body, CodeGiven, Headers};
use crate::json::{self, str_of};
use crate::response;
use crate::world::{Place, World};

/// A word of a closed set that an argument may be.
pub(crate) trait Word: Copy + 'static {
    /// Every word of the set.
    const WORDS: &'static [Self];

    /// How it is spelled.
    fn spelling(self) -> &'static str;
}

macro_rules! words {
    ($($name:ident)*) => {
        $(impl Word for $name {
            const WORDS: &'static [Self] = Self::ALL;

            fn spelling(self) -> &'static str {
                self.as_str()
            }
        })*
    };
}

words! { Audience Environment Intent Mode Verified }

/// A word of a closed set.
pub(crate) fn word<T: Word>(given: &Bound<'_, PyAny>, at: &str) -> PyResult<T> {
    let text = given.cast::<PyString>().ok().and_then(|text| text.to_str().ok());
    let found = text.and_then(|text| T::WORDS.iter().copied().find(|word| word.spelling() == text));
    found.ok_or_else(|| {
        let words: Vec<&str> = T::WORDS.iter().map(|word| word.spelling()).collect();
        bad(given.py(), at, &format!("must be one of {}", words.join(", ")))
    })
}

/// A whole number within bounds. Whatever counts as one to Python does: an `IntEnum`, a number of numpy; True doesn't.
pub(crate) fn integer(given: &Bound<'_, PyAny>, at: &str, from: i64, to: i64) -> PyResult<i64> {
    let number = if given.is_instance_of::<PyBool>() { None } else { given.extract::<i64>().ok() };
    let found = number.filter(|number| (from..=to).contains(number));
    found.ok_or_else(|| bad(given.py(), at, &format!("must be a whole number from {from} to {to}")))
}

pub(crate) fn text<'t>(given: &'t Bound<'_, PyAny>, at: &str) -> PyResult<&'t str> {
    let Ok(text) = given.cast::<PyString>() else {
        return Err(bad(given.py(), at, &format!("must be a text, not {}", given.get_type().name()?)));
    };
    str_of(text, at)
}

pub(crate) fn flag(given: &Bound<'_, PyAny>, at: &str) -> PyResult<bool> {
    let truth = given.cast::<PyBool>().map(|truth| truth.is_true());
    truth.map_err(|_| bad(given.py(), at, "must be True or False"))
}

/// A time: milliseconds since 1970, a text of RFC 3339, or a datetime that knows its time zone.
pub(crate) fn time(given: &Bound<'_, PyAny>, at: &str) -> PyResult<i64> {
    let py = given.py();
    let right = "must be a datetime with a time zone, a text such as 2026-11-21T20:40:00Z, or milliseconds since 1970";
    if given.is_instance_of::<PyInt>() && !given.is_instance_of::<PyBool>() {
        // A number that is no i64 is no time either.
        let number = given.extract::<i64>().unwrap_or(i64::MAX);
        return parse_time(&number.to_string()).map_err(|error| bad(py, at, &error.message));
    }
    let parsed = if given.is_instance_of::<PyString>() {
        parse_time(text(given, at)?)
    } else if given.hasattr("utcoffset")? && !given.call_method0("utcoffset")?.is_none() {
        // Through the text, which is exact where `timestamp` is a float.
        let arguments = [("timespec", "milliseconds")].into_py_dict(py)?;
        parse_time(text(&given.call_method("isoformat", (), Some(&arguments))?, at)?)
    } else {
        return Err(bad(py, at, right));
    };
    parsed.map_err(|error| bad(py, at, &error.message))
}

/// The time of the platform's clock, in milliseconds since 1970.
pub(crate) fn clock() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

/// Languages that are wished for: a tag, or a list of them.
pub(crate) fn read_wishes(py: Python<'_>, given: &Bound<'_, PyAny>) -> PyResult<Vec<String>> {
    if let Ok(tag) = given.cast::<PyString>() {
        return Ok(vec![str_of(tag, "/locale")?.to_owned()]);
    }
    if !given.is_instance_of::<PyList>() && !given.is_instance_of::<PyTuple>() {
        return Err(bad(py, "/locale", "must be a language tag such as es-MX, or a list of them"));
    }
    let tag = |(at, tag): (usize, PyResult<Bound<'_, PyAny>>)| Ok(text(&tag?, &format!("/locale/{at}"))?.to_owned());
    given.try_iter()?.enumerate().map(tag).collect()
}

/// What came back, as it stands in a call.
#[derive(Default)]
pub(crate) struct Given<'a, 'py> {
    pub(crate) response: Option<&'a Bound<'py, PyAny>>,
    pub(crate) status: Option<&'a Bound<'py, PyAny>>,
    pub(crate) code: Option<&'a Bound<'py, PyAny>>,
    pub(crate) failure: Option<&'a Bound<'py, PyAny>>,
    pub(crate) headers: Option<&'a Bound<'py, PyAny>>,
    pub(crate) body: Option<&'a Bound<'py, PyAny>>,
    pub(crate) control_id: Option<&'a Bound<'py, PyAny>>,
    pub(crate) mode: Option<&'a Bound<'py, PyAny>>,
    pub(crate) now: Option<&'a Bound<'py, PyAny>>,
    pub(crate) body_limit: Option<&'a Bound<'py, PyAny>>,
    pub(crate) details: Option<&'a Bound<'py, PyAny>>,
    pub(crate) locale: Option<&'a Bound<'py, PyAny>>,
}

impl<'py> Given<'_, 'py> {
    /// The status, where that is all there is.
    #[inline]
    pub(crate) fn status_alone(&self) -> Option<u16> {
        let others = [
            self.code,
            self.failure,
            self.headers,
            self.body,
            self.control_id,
            self.mode,
            self.now,
            self.body_limit,
            self.details,
            self.locale,
        ];
        let given = match (self.response, self.status) {
            (Some(given), None) | (None, Some(given)) => given,
            _ => return None,
        };
        let is_alone = others.iter().all(Option::is_none) && given.is_exact_instance_of::<PyInt>();
        if is_alone { given.extract().ok() } else { None }
    }

    /// Reads all of it. What is said by name goes before what the response says.
    pub(crate) fn read(&self, py: Python<'py>, world: &World, place: Place) -> PyResult<Answered<'py>> {
        let mut answered = Answered {
            status: None,
            code: None,
            failure: None,
            headers: Headers::default(),
            body: None,
            control_id: self.control_id.map(|given| text(given, "/control_id").map(str::to_owned)).transpose()?,
            mode: self.mode.map(|given| word(given, "/mode")).transpose()?,
            now_ms: self.now.map(|given| time(given, "/now")).transpose()?,
            body_limit: self.body_limit.map_or(Ok(BODY_LIMIT), |given| {
                integer(given, "/body_limit", 0, MAX_SAFE).map(|limit| usize::try_from(limit).unwrap_or(usize::MAX))
            })?,
            details: self.details.map_or(Ok(true), |given| flag(given, "/details"))?,
            wishes: self.locale.map_or(Ok(Vec::new()), |given| read_wishes(py, given))?,
        };
        if let Some(given) = self.response {
            response::read(given, &mut answered, world.catalog(place))?;
        }
        if let Some(given) = self.status {
            answered.status = Some(status(given)?);
        }
        if let Some(given) = self.code {
            answered.code = Some(code(given, "/code")?);
        }
        if let Some(given) = self.failure {
            answered.failure = Some(text(given, "/failure")?.to_owned());
        }
        if let Some(given) = self.headers {
            answered.headers = headers(given)?;
        }
        if let Some(given) = self.body {
            answered.body = Some(body(given)?);
        }
        // Only a header can say a date. Where the response says by its own clock what time it is, that one counts: the
        // difference between two of its times is right even if our clock isn't.
        if answered.now_ms.is_none() && !answered.headers.is_empty() && !answered.headers.has("date") {
            answered.now_ms = Some(clock());
        }
        Ok(answered)
    }
}

pub(crate) fn status(given: &Bound<'_, PyAny>) -> PyResult<u16> {
    let status = integer(given, "/status", 0, u16::MAX.into())?;
    Ok(u16::try_from(status).unwrap_or(u16::MAX))
}

pub(crate) fn code(given: &Bound<'_, PyAny>, at: &str) -> PyResult<CodeGiven> {
    if given.is_instance_of::<PyString>() {
        return Ok(CodeGiven::Name(text(given, at)?.into()));
    }
    integer(given, at, -MAX_SAFE, MAX_SAFE)
        .map(CodeGiven::Number)
        .map_err(|_| bad(given.py(), at, &format!("must be a text or a whole number from -{MAX_SAFE} to {MAX_SAFE}")))
}

/// A body: bytes, a text, or a dict that stands for its compact JSON.
pub(crate) fn body<'py>(given: &Bound<'py, PyAny>) -> PyResult<Body<'py>> {
    let py = given.py();
    if let Ok(bytes) = given.cast::<PyBytes>() {
        return Ok(Body::Bytes(bytes.clone()));
    }
    if let Ok(text) = given.cast::<PyString>() {
        str_of(text, "/body")?;
        return Ok(Body::Text(text.clone()));
    }
    if given.is_instance_of::<PyByteArray>() || given.is_instance_of::<PyMemoryView>() {
        let copy = py.get_type::<PyBytes>().call1((given,))?;
        return Ok(Body::Bytes(copy.cast_into()?));
    }
    if given.is_instance_of::<PyDict>() {
        return Ok(Body::Json(json::to_text(given, "/body")?));
    }
    let what = given.get_type().name()?;
    Err(bad(py, "/body", &format!("must be bytes, a text, or a dict that stands for its JSON, not {what}")))
}

/// Headers: a mapping of texts or lists of texts, or pairs. Bytes are what goes over the wire, one character each.
pub(crate) fn headers(given: &Bound<'_, PyAny>) -> PyResult<Headers> {
    let py = given.py();
    let right = "must be a mapping of texts, or a list of pairs such as (\"retry-after\", \"120\")";
    let mut headers = Headers::default();
    if let Ok(dict) = given.cast::<PyDict>() {
        for (name, value) in dict.iter() {
            add_named(&mut headers, &name, &value)?;
        }
        return Ok(headers);
    }
    let is_list = given.is_instance_of::<PyList>() || given.is_instance_of::<PyTuple>();
    let items = if is_list {
        given.clone()
    } else if given.hasattr("multi_items")? {
        // httpx joins the values of a name that stands twice, except here.
        given.call_method0("multi_items")?
    } else if given.hasattr("items")? {
        given.call_method0("items")?
    } else {
        return Err(bad(py, "/headers", right));
    };
    for (place, item) in items.try_iter()?.enumerate() {
        let Some((name, value)) = pair_of(&item?) else {
            let at = format!("/headers/{place}");
            return Err(bad(py, &at, "must be a pair such as (\"retry-after\", \"120\")"));
        };
        if is_list {
            let at = || format!("/headers/{place}");
            headers.add(&header_text(&name, at)?, &header_text(&value, at)?);
        } else {
            add_named(&mut headers, &name, &value)?;
        }
    }
    Ok(headers)
}

/// The two items of a tuple or list of two.
fn pair_of<'py>(item: &Bound<'py, PyAny>) -> Option<(Bound<'py, PyAny>, Bound<'py, PyAny>)> {
    if let Ok(pair) = item.cast::<PyTuple>() {
        return if pair.len() == 2 { pair.get_item(0).ok().zip(pair.get_item(1).ok()) } else { None };
    }
    let pair = item.cast::<PyList>().ok().filter(|pair| pair.len() == 2)?;
    pair.get_item(0).ok().zip(pair.get_item(1).ok())
}

/// Adds a header of a mapping, whose value may be a list.
fn add_named(headers: &mut Headers, name: &Bound<'_, PyAny>, value: &Bound<'_, PyAny>) -> PyResult<()> {
    let name = header_text(name, || "/headers".to_owned())?;
    let at = || format!("/headers/{}", name.replace('~', "~0").replace('/', "~1"));
    if value.is_instance_of::<PyList>() || value.is_instance_of::<PyTuple>() {
        for value in value.try_iter()? {
            headers.add(&name, &header_text(&value?, at)?);
        }
        return Ok(());
    }
    headers.add(&name, &header_text(value, at)?);
    Ok(())
}

/// A name or a value; `at` is where it stands.
fn header_text<'t>(given: &'t Bound<'_, PyAny>, at: impl Fn() -> String) -> PyResult<Cow<'t, str>> {
    if let Ok(bytes) = given.cast::<PyBytes>() {
        return Ok(bytes.as_bytes().iter().copied().map(char::from).collect());
    }
    let Ok(text) = given.cast::<PyString>() else {
        let what = given.get_type().name()?;
        return Err(bad(given.py(), &at(), &format!("must be a text or a list of texts, not {what}")));
    };
    // The standard library keeps bytes that are no ASCII as lone surrogates; such a value means nothing to a rule.
    Ok(text.to_string_lossy())
}

/// The request and the attempt, as they stand in a call.
#[derive(Default)]
pub(crate) struct Asked<'a, 'py> {
    pub(crate) attempt: Option<&'a Bound<'py, PyAny>>,
    pub(crate) method: Option<&'a Bound<'py, PyAny>>,
    pub(crate) profile: Option<&'a Bound<'py, PyAny>>,
    pub(crate) idempotent: Option<&'a Bound<'py, PyAny>>,
    pub(crate) verified: Option<&'a Bound<'py, PyAny>>,
    pub(crate) environment: Option<&'a Bound<'py, PyAny>>,
    pub(crate) elapsed_ms: Option<&'a Bound<'py, PyAny>>,
    pub(crate) random: Option<&'a Bound<'py, PyAny>>,
    pub(crate) state: Option<&'a Bound<'py, PyAny>>,
    pub(crate) budget: Option<&'a Bound<'py, PyAny>>,
}

/// Registry loading takes a dict, a text or a path: a name for errors, and a text.
pub(crate) fn file(given: &Bound<'_, PyAny>, at: &str) -> PyResult<(String, String)> {
    let py = given.py();
    if given.is_instance_of::<PyDict>() || given.is_instance_of::<PyMapping>() {
        let id = given.get_item("id").ok().and_then(|id| id.extract::<String>().ok());
        return Ok((id.unwrap_or_else(|| "dict".to_owned()), json::to_text(given, at)?));
    }
    if let Ok(text) = given.cast::<PyString>() {
        let text = str_of(text, at)?;
        if text.trim_start().starts_with('{') {
            return Ok(("text".to_owned(), text.to_owned()));
        }
    }
    if !given.is_instance_of::<PyString>() && !given.hasattr("__fspath__")? {
        let what = given.get_type().name()?;
        return Err(bad(py, at, &format!("must be a dict, a JSON text or a path, not {what}")));
    }
    // By Python's own reader, so that an error is the one that every path gives, with its name.
    let path = py.import("pathlib")?.getattr("Path")?.call1((given,))?;
    let text = path.call_method1("read_text", ("utf-8",)).map_err(|error| {
        let is_encoded = error.is_instance_of::<PyUnicodeDecodeError>(py);
        if is_encoded { bad(py, at, "must be a file in UTF-8") } else { error }
    })?;
    Ok((path.str()?.to_str()?.to_owned(), text.extract()?))
}

/// What the core refused about an argument, as an exception.
pub(crate) fn checked<T>(py: Python<'_>, outcome: Result<T, retriage::Error>, at: &str) -> PyResult<T> {
    outcome.map_err(|error| refused(py, &retriage::Error { at: format!("{at}{}", error.at), ..error }))
}

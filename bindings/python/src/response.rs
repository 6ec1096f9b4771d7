//! Responses and exceptions of the HTTP clients, told by what they have and without importing any of them.

use pyo3::exceptions::{PyAttributeError, PyBaseException, PyException, PyOSError};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyBytes, PyInt, PyString, PyTuple, PyType};
use retriage::Catalog;
use retriage::vocabulary::Processed;

use crate::arguments;
use crate::error::bad;
use crate::evidence::{Answered, Body};

/// Reads a status, a response or an exception.
pub(crate) fn read<'py>(given: &Bound<'py, PyAny>, answered: &mut Answered<'py>, catalog: Catalog<'_>) -> PyResult<()> {
    let py = given.py();
    if given.is_none() {
        return Ok(());
    }
    if given.is_instance_of::<PyInt>() {
        answered.status = Some(arguments::status(given)?);
        return Ok(());
    }
    let is_exception = given.is_instance_of::<PyBaseException>();
    // An exception about a response has it: requests.HTTPError, httpx.HTTPStatusError.
    let response = match is_exception {
        true => attribute(given, "response")?.filter(|response| status_of(response).is_ok_and(|it| it.is_some())),
        false => None,
    };
    let response = response.as_ref().unwrap_or(given);
    if let Some(status) = status_of(response)? {
        answered.status = Some(arguments::status(&status)?);
        if let Some(headers) = attribute(response, "headers")? {
            answered.headers = arguments::headers(&headers)?;
        }
        answered.body = body_of(response)?;
        return Ok(());
    }
    if is_exception {
        answered.failure = Some(failure_of(given, catalog)?);
        return Ok(());
    }
    // A status of numpy or another library's number.
    if given.hasattr("__index__")? && !given.is_instance_of::<PyBool>() {
        answered.status = Some(arguments::status(given)?);
        return Ok(());
    }
    let what = given.get_type().name()?;
    let right = "a response of requests, httpx, urllib3 or the like, an exception, or a status";
    Err(bad(py, "/response", &format!("must be {right}, not {what}")))
}

/// An attribute; none where reading it raises, as a property of a client may.
fn attribute<'py>(of: &Bound<'py, PyAny>, name: &str) -> PyResult<Option<Bound<'py, PyAny>>> {
    match of.getattr(name) {
        Ok(value) => Ok(Some(value).filter(|value| !value.is_none())),
        // Being interrupted is not the attribute's doing.
        Err(error) if !error.is_instance_of::<PyException>(of.py()) => Err(error),
        Err(_) => Ok(None),
    }
}

/// `status_code` of requests and httpx, `status` of urllib3, aiohttp and the standard library.
fn status_of<'py>(response: &Bound<'py, PyAny>) -> PyResult<Option<Bound<'py, PyAny>>> {
    for name in ["status_code", "status"] {
        if let Some(status) = attribute(response, name)?
            && status.is_instance_of::<PyInt>()
            && !status.is_instance_of::<PyBool>()
        {
            return Ok(Some(status));
        }
    }
    Ok(None)
}

/// The body, where the client has read it. `content` and `data` would read a stream that the caller wants to read, and
/// could block; what the clients keep a body in that was read doesn't: `_content` of requests and httpx, `_body` of
/// urllib3 and aiohttp.
fn body_of<'py>(response: &Bound<'py, PyAny>) -> PyResult<Option<Body<'py>>> {
    for name in ["_content", "_body"] {
        match response.getattr(name) {
            Ok(body) => return Ok(as_body(&body)),
            Err(error) if error.is_instance_of::<PyAttributeError>(response.py()) => {}
            Err(error) if error.is_instance_of::<PyException>(response.py()) => return Ok(None),
            Err(error) => return Err(error),
        }
    }
    for name in ["content", "data", "body"] {
        if let Some(body) = attribute(response, name)?.and_then(|body| as_body(&body)) {
            return Ok(Some(body));
        }
    }
    Ok(None)
}

fn as_body<'py>(body: &Bound<'py, PyAny>) -> Option<Body<'py>> {
    if let Ok(bytes) = body.cast::<PyBytes>() {
        return Some(Body::Bytes(bytes.clone()));
    }
    body.cast::<PyString>().ok().map(|text| Body::Text(text.clone()))
}

/// How far the causes of an exception are followed.
const MOST_CAUSES: usize = 16;

/// The name that says most of an exception, of its own and those of its causes. Whoever knows that the request was
/// never sent knows more than whoever saw it fail; otherwise, the nearer to the cause the more is said.
fn failure_of(exception: &Bound<'_, PyAny>, catalog: Catalog<'_>) -> PyResult<String> {
    let mut best: Option<(bool, String)> = None;
    for (depth, exception) in causes(exception)?.iter().enumerate() {
        for name in names_of(exception, depth == 0)? {
            let Some(entry) = catalog.find_failure(&name) else { continue };
            let unsent = entry.words().processed == Processed::No;
            if best.as_ref().is_none_or(|(known, _)| unsent || !known) {
                best = Some((unsent, name));
            }
            break;
        }
    }
    match best {
        Some((_, name)) => Ok(name),
        // Nobody lists it; its name is noted and found nowhere.
        None => {
            let class = exception.get_type();
            Ok(format!("{}.{}", module_of(&class)?, class.qualname()?))
        }
    }
}

/// An exception and what it says it was caused by: by `raise from`, as its reason, or among its arguments. Not by its
/// context: that is whatever was being handled at the time, an earlier failure of another request perhaps.
fn causes<'py>(exception: &Bound<'py, PyAny>) -> PyResult<Vec<Bound<'py, PyAny>>> {
    let mut found = vec![exception.clone()];
    let mut at = 0;
    while let Some(exception) = found.get(at).cloned() {
        let mut next = Vec::new();
        for name in ["__cause__", "reason", "os_error"] {
            next.extend(attribute(&exception, name)?);
        }
        if let Some(arguments) = attribute(&exception, "args")?.and_then(|args| args.cast_into::<PyTuple>().ok()) {
            next.extend(arguments.iter());
        }
        for cause in next {
            let is_new = !found.iter().any(|known| known.is(&cause));
            if is_new && cause.is_instance_of::<PyBaseException>() && found.len() < MOST_CAUSES {
                found.push(cause);
            }
        }
        at += 1;
    }
    Ok(found)
}

/// The names by which a catalog may list an exception, the most exact first: that of its errno, then its class and
/// those it is derived from.
fn names_of(exception: &Bound<'_, PyAny>, is_outermost: bool) -> PyResult<Vec<String>> {
    let class = exception.get_type();
    let is_builtin = module_of(&class)? == "builtins";
    let mut names = Vec::new();
    if let Some(number) = attribute(exception, "errno")?
        && number.is_instance_of::<PyInt>()
    {
        names.extend(errno_name(exception, is_builtin, &number)?);
    }
    // A plain TimeoutError inside of a client's exception says no more than that one.
    let is_plain =
        is_builtin && names.is_empty() && ["TimeoutError", "ConnectionError"].contains(&&*class.name()?.to_cow()?);
    if is_plain && !is_outermost {
        return Ok(names);
    }
    for class in class.mro().iter() {
        let class = class.cast_into::<PyType>()?;
        if module_of(&class)? != "builtins" {
            names.push(qualified(&class)?);
            names.push(public(&class)?);
        } else if class.is_subclass_of::<PyOSError>()? {
            // Other builtins are a program's own mistakes; `TypeError` is what a browser calls a failed connection.
            names.push(class.name()?.to_string());
        }
    }
    Ok(names)
}

/// The symbol of an error number. A number is that of the operating system only in exceptions that it makes itself;
/// those of name look-ups have their own, and those of TLS mean something else again.
fn errno_name(exception: &Bound<'_, PyAny>, is_builtin: bool, number: &Bound<'_, PyAny>) -> PyResult<Option<String>> {
    let py = exception.py();
    if is_builtin {
        let symbols = py.import("errno")?.getattr("errorcode")?;
        let symbol = symbols.call_method1("get", (number,))?;
        return if symbol.is_none() { Ok(None) } else { symbol.extract().map(Some) };
    }
    if qualified(&exception.get_type())? != "socket.gaierror" {
        return Ok(None);
    }
    let socket = py.import("socket")?;
    for name in ["EAI_AGAIN", "EAI_FAIL", "EAI_NONAME"] {
        if attribute(socket.as_any(), name)?.is_some_and(|known| known.eq(number).unwrap_or(false)) {
            return Ok(Some(name.to_owned()));
        }
    }
    Ok(None)
}

fn module_of(class: &Bound<'_, PyType>) -> PyResult<String> {
    Ok(class.module()?.to_string())
}

/// `requests.exceptions.ConnectTimeout`.
fn qualified(class: &Bound<'_, PyType>) -> PyResult<String> {
    let module = module_of(class)?;
    let name = class.qualname()?.to_string();
    Ok(if module == "builtins" { name } else { format!("{module}.{name}") })
}

/// By the name of the package alone, where the class is defined in a part of it: `aiohttp.ClientOSError`.
fn public(class: &Bound<'_, PyType>) -> PyResult<String> {
    let module = module_of(class)?;
    let package = module.split('.').next().unwrap_or_default();
    Ok(format!("{package}.{}", class.qualname()?))
}

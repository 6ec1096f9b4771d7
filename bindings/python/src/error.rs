//! Errors as exceptions. Their classes stand in `retriage/_errors.py`, one for each kind.

use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyList};
use retriage::source::Problem;
use retriage::vocabulary::ErrorKind;

/// An attribute of a Python module, looked up once.
fn imported<'py>(
    py: Python<'py>,
    cell: &'static PyOnceLock<Py<PyAny>>,
    module: &str,
    name: &str,
) -> PyResult<Bound<'py, PyAny>> {
    let found = cell.get_or_try_init(py, || Ok::<_, PyErr>(py.import(module)?.getattr(name)?.unbind()))?;
    Ok(found.bind(py).clone())
}

/// An exception of a kind; `at` is where the mistake is, as a JSON pointer.
pub(crate) fn raise(py: Python<'_>, kind: ErrorKind, at: &str, message: &str) -> PyErr {
    static KINDS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let made = imported(py, &KINDS, "retriage._errors", "KINDS")
        .and_then(|kinds| kinds.get_item(kind.as_str())?.call1((message, at)));
    made.map_or_else(|error| error, PyErr::from_value)
}

/// An argument of the wrong type or out of range.
pub(crate) fn bad(py: Python<'_>, at: &str, message: &str) -> PyErr {
    raise(py, ErrorKind::BadValue, at, message)
}

/// What the core refused.
pub(crate) fn refused(py: Python<'_>, error: &retriage::Error) -> PyErr {
    raise(py, error.kind, &error.at, &error.message)
}

/// Files that could not be loaded, with every problem of every file.
pub(crate) fn not_loaded(py: Python<'_>, problems: &[Problem]) -> PyErr {
    static CLASS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let texts: Vec<String> = problems.iter().map(ToString::to_string).collect();
    let made = imported(py, &CLASS, "retriage._errors", "LoadError").and_then(|class| class.call1((texts,)));
    made.map_or_else(|error| error, PyErr::from_value)
}

/// A value of one of the classes of `retriage/_records.py`, made of a dict of its fields.
pub(crate) fn record<'py>(py: Python<'py>, class: &str, fields: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    static RECORDS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let make = imported(py, &RECORDS, "retriage._records", "make")?;
    make.call1((class, fields.cast::<PyDict>()?))
}

/// A tuple of such values, made of a list of dicts.
pub(crate) fn records<'py>(py: Python<'py>, class: &str, list: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    let made = list.cast::<PyList>()?.iter().map(|fields| record(py, class, &fields)).collect::<PyResult<Vec<_>>>()?;
    Ok(pyo3::types::PyTuple::new(py, made)?.into_any())
}

//! Python values as JSON text and back, for what crosses in the wire form.

use std::fmt::{self, Write as _};

use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyFloat, PyInt, PyList, PyMapping, PyString, PyTuple};
use serde::Serialize;
use serde::de::{DeserializeSeed, Error as _, MapAccess, SeqAccess, Visitor};

use crate::error::bad;

/// How deep values may be nested: as deep as the reader of the core goes.
const DEEPEST: usize = 128;

/// A Python value as JSON text. `at` is where it stands, for errors.
pub(crate) fn to_text(value: &Bound<'_, PyAny>, at: &str) -> PyResult<String> {
    let mut text = String::new();
    write(&mut text, value, at, 0)?;
    Ok(text)
}

fn write(out: &mut String, value: &Bound<'_, PyAny>, at: &str, depth: usize) -> PyResult<()> {
    let py = value.py();
    if depth > DEEPEST {
        return Err(bad(py, at, "is nested too deeply"));
    }
    if value.is_none() {
        out.push_str("null");
    } else if let Ok(text) = value.cast::<PyString>() {
        quote(out, str_of(text, at)?);
    } else if let Ok(truth) = value.cast::<PyBool>() {
        out.push_str(if truth.is_true() { "true" } else { "false" });
    } else if value.is_instance_of::<PyInt>() {
        // Through `int`, because a subclass such as http.HTTPStatus may write itself otherwise.
        let number = py.get_type::<PyInt>().call1((value,))?;
        out.push_str(number.str()?.to_str()?);
    } else if let Ok(number) = value.cast::<PyFloat>() {
        let number = number.value();
        if !number.is_finite() {
            return Err(bad(py, at, "must be a number that JSON has: neither infinite nor NaN"));
        }
        let _ = write!(out, "{number:?}");
    } else if let Ok(dict) = value.cast::<PyDict>() {
        write_object(out, dict, at, depth)?;
    } else if value.is_instance_of::<PyList>() || value.is_instance_of::<PyTuple>() {
        out.push('[');
        for (place, item) in value.try_iter()?.enumerate() {
            if place > 0 {
                out.push(',');
            }
            write(out, &item?, &format!("{at}/{place}"), depth + 1)?;
        }
        out.push(']');
    } else if value.is_instance_of::<PyMapping>() {
        let dict = py.get_type::<PyDict>().call1((value,))?.cast_into::<PyDict>()?;
        write_object(out, &dict, at, depth)?;
    } else {
        let what = value.get_type().name()?;
        let right = "JSON has texts, numbers, True and False, None, lists and dicts";
        return Err(bad(py, at, &format!("must be a value that JSON has, not {what}; {right}")));
    }
    Ok(())
}

fn write_object(out: &mut String, dict: &Bound<'_, PyDict>, at: &str, depth: usize) -> PyResult<()> {
    out.push('{');
    for (place, (key, value)) in dict.iter().enumerate() {
        if place > 0 {
            out.push(',');
        }
        let Ok(key) = key.cast::<PyString>() else {
            return Err(bad(dict.py(), at, "must have texts as its keys"));
        };
        let key = str_of(key, at)?;
        quote(out, key);
        out.push(':');
        write(out, &value, &format!("{at}/{}", key.replace('~', "~0").replace('/', "~1")), depth + 1)?;
    }
    out.push('}');
    Ok(())
}

/// A text of Python, which may hold halves of surrogate pairs and is then no text elsewhere.
pub(crate) fn str_of<'t>(text: &'t Bound<'_, PyString>, at: &str) -> PyResult<&'t str> {
    text.to_str().map_err(|_| bad(text.py(), at, "must be a text without lone surrogates"))
}

fn quote(out: &mut String, text: &str) {
    // Writing to a string can't fail.
    out.push_str(&serde_json::to_string(text).unwrap_or_default());
}

/// JSON text as Python values.
pub(crate) fn from_text<'py>(py: Python<'py>, json: &str) -> PyResult<Bound<'py, PyAny>> {
    let mut reader = serde_json::Deserializer::from_str(json);
    Value(py).deserialize(&mut reader).map_err(|error| bad(py, "", &format!("not JSON: {error}")))
}

/// What the core writes as JSON, as Python values.
pub(crate) fn to_object<'py>(py: Python<'py>, value: &impl Serialize) -> PyResult<Bound<'py, PyAny>> {
    from_text(py, &text_of(value))
}

/// What the core writes as JSON, as text.
pub(crate) fn text_of(value: &impl Serialize) -> String {
    // The values are the core's own, whose keys are texts, so that writing them can't fail.
    serde_json::to_string(value).unwrap_or_default()
}

/// Reads one value into Python.
#[derive(Clone, Copy)]
struct Value<'py>(Python<'py>);

impl<'de, 'py> DeserializeSeed<'de> for Value<'py> {
    type Value = Bound<'py, PyAny>;

    fn deserialize<D: serde::Deserializer<'de>>(self, reader: D) -> Result<Self::Value, D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'de, 'py> Visitor<'de> for Value<'py> {
    type Value = Bound<'py, PyAny>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(self.0.None().into_bound(self.0))
    }

    fn visit_bool<E>(self, truth: bool) -> Result<Self::Value, E> {
        Ok(PyBool::new(self.0, truth).to_owned().into_any())
    }

    fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<Self::Value, E> {
        number.into_pyobject(self.0).map(Bound::into_any).map_err(E::custom)
    }

    fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<Self::Value, E> {
        number.into_pyobject(self.0).map(Bound::into_any).map_err(E::custom)
    }

    fn visit_f64<E>(self, number: f64) -> Result<Self::Value, E> {
        Ok(PyFloat::new(self.0, number).into_any())
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(PyString::new(self.0, text).into_any())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
        let list = PyList::empty(self.0);
        while let Some(item) = items.next_element_seed(self)? {
            list.append(item).map_err(A::Error::custom)?;
        }
        Ok(list.into_any())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self::Value, A::Error> {
        let dict = PyDict::new(self.0);
        while let Some(key) = members.next_key_seed(self)? {
            let value = members.next_value_seed(self)?;
            dict.set_item(key, value).map_err(A::Error::custom)?;
        }
        Ok(dict.into_any())
    }
}

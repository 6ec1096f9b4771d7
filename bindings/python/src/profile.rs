//! How a client retries, as a Python object.

use std::borrow::Cow;

use pyo3::prelude::*;
use pyo3::types::PyString;
use retriage::{Profile, parse_profile};

use crate::arguments::checked;
use crate::json;

/// How a client retries, as data.
///
/// Made by `profile` from the id of a built-in one, or from a dict in the form of profile.schema.json, which may name
/// in `extends` the one it changes. Read once, it is cheap to decide by.
#[pyclass(frozen, module = "retriage", name = "Profile", weakref)]
pub(crate) struct PyProfile {
    profile: Cow<'static, Profile>,
}

/// A profile that a caller chose.
pub(crate) enum Chosen<'py> {
    BuiltIn(&'static Profile),
    Object(Bound<'py, PyProfile>),
    Inline(Box<Profile>),
}

impl Chosen<'_> {
    pub(crate) fn profile(&self) -> &Profile {
        match self {
            Self::BuiltIn(profile) => profile,
            Self::Object(object) => &object.get().profile,
            Self::Inline(profile) => profile,
        }
    }
}

/// What a caller gives for a profile: an id, a `Profile`, or a dict.
pub(crate) fn chosen<'py>(given: &Bound<'py, PyAny>) -> PyResult<Chosen<'py>> {
    if let Ok(object) = given.cast::<PyProfile>() {
        return Ok(Chosen::Object(object.clone()));
    }
    if let Ok(id) = given.cast::<PyString>()
        && let Some(profile) = id.to_str().ok().and_then(retriage::profile)
    {
        return Ok(Chosen::BuiltIn(profile));
    }
    let read = checked(given.py(), parse_profile(&json::to_text(given, "/profile")?), "/profile")?;
    Ok(match read {
        Cow::Borrowed(profile) => Chosen::BuiltIn(profile),
        Cow::Owned(profile) => Chosen::Inline(Box::new(profile)),
    })
}

impl PyProfile {
    pub(crate) fn profile(&self) -> &Profile {
        &self.profile
    }

    pub(crate) fn of(chosen: Chosen<'_>) -> Self {
        Self {
            profile: match chosen {
                Chosen::BuiltIn(profile) => Cow::Borrowed(profile),
                Chosen::Object(object) => object.get().profile.clone(),
                Chosen::Inline(profile) => Cow::Owned(*profile),
            },
        }
    }
}

#[pymethods]
impl PyProfile {
    /// Its id; that of the one it extends for a profile of one's own.
    #[getter]
    fn id(&self) -> &str {
        &self.profile.id
    }

    /// The name a person reads.
    #[getter]
    fn name(&self) -> &str {
        &self.profile.name
    }

    /// Whose behaviour it is, and what it leaves to the caller.
    #[getter]
    fn about(&self) -> &str {
        &self.profile.about
    }

    /// How many attempts there are, the first included; None for no end.
    #[getter]
    fn attempts(&self) -> Option<u32> {
        self.profile.attempts
    }

    /// An attempt that would begin so many milliseconds after the first, or later, isn't made; None for no end.
    #[getter]
    fn deadline_ms(&self) -> Option<u64> {
        self.profile.deadline_ms
    }

    /// The profile as a dict, which read as one gives the same profile again.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        json::to_object(py, &*self.profile)
    }

    fn __repr__(&self) -> String {
        format!("<Profile {}>", self.profile.id)
    }

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> bool {
        other.cast::<Self>().is_ok_and(|other| self.profile == other.get().profile)
    }

    fn __hash__(&self, py: Python<'_>) -> PyResult<isize> {
        PyString::new(py, &self.profile.id).hash()
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<(Bound<'py, PyAny>, (Bound<'py, PyAny>,))> {
        let py = slf.py();
        let it = slf.get();
        let given = match &it.profile {
            Cow::Borrowed(profile) => PyString::new(py, &profile.id).into_any(),
            Cow::Owned(profile) => json::to_object(py, profile)?,
        };
        Ok((py.import("retriage")?.getattr("profile")?, (given,)))
    }
}

/// A profile: the built-in one of an id, or one of your own.
///
/// Args:
///     given: The id of a built-in profile, or a dict in the form of profile.schema.json, which may name in `extends`
///         the one it changes.
///
/// Raises:
///     UnknownProfileError: There is no such profile.
///     Error: A field is unknown, of the wrong type or out of range.
#[pyfunction]
#[pyo3(signature = (given, /))]
pub(crate) fn profile(given: &Bound<'_, PyAny>) -> PyResult<PyProfile> {
    chosen(given).map(PyProfile::of)
}

/// The built-in profiles, in the order of their ids: a list of `Profile`.
#[pyfunction]
pub(crate) fn profiles() -> Vec<PyProfile> {
    retriage::profiles().iter().map(|profile| PyProfile { profile: Cow::Borrowed(profile) }).collect()
}

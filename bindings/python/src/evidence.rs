//! What came back, as it is read from Python and as a classification keeps it.

use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyString};
use retriage::vocabulary::Mode;
use retriage::{Code, Evidence};
use serde::{Deserialize, Serialize};

use crate::json::str_of;

/// A code as the caller has it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum CodeGiven {
    Number(i64),
    Name(Box<str>),
}

impl CodeGiven {
    pub(crate) fn code(&self) -> Code<'_> {
        match self {
            Self::Number(number) => Code::Number(*number),
            Self::Name(name) => Code::Name(name),
        }
    }
}

/// Headers in one piece of memory.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Headers {
    text: String,
    /// Where each name ends, and each value.
    ends: Vec<(usize, usize)>,
}

impl Headers {
    pub(crate) fn add(&mut self, name: &str, value: &str) {
        self.text.push_str(name);
        let end = self.text.len();
        self.text.push_str(value);
        self.ends.push((end, self.text.len()));
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.pairs().iter().any(|(known, _)| known.eq_ignore_ascii_case(name))
    }

    /// Names and values, as evidence borrows them.
    pub(crate) fn pairs(&self) -> Vec<(&str, &str)> {
        let mut start = 0;
        let mut pair = |(name, value): &(usize, usize)| {
            let pair = (&self.text[start..*name], &self.text[*name..*value]);
            start = *value;
            pair
        };
        self.ends.iter().map(&mut pair).collect()
    }
}

/// A body, borrowed from Python.
pub(crate) enum Body<'py> {
    Bytes(Bound<'py, PyBytes>),
    Text(Bound<'py, PyString>),
    /// An object that stands for its JSON.
    Json(String),
}

impl Body<'_> {
    fn bytes(&self) -> PyResult<&[u8]> {
        match self {
            Self::Bytes(bytes) => Ok(bytes.as_bytes()),
            Self::Text(text) => Ok(str_of(text, "/body")?.as_bytes()),
            Self::Json(text) => Ok(text.as_bytes()),
        }
    }
}

/// What came back, read from Python.
pub(crate) struct Answered<'py> {
    pub(crate) status: Option<u16>,
    pub(crate) code: Option<CodeGiven>,
    pub(crate) failure: Option<String>,
    pub(crate) headers: Headers,
    pub(crate) body: Option<Body<'py>>,
    pub(crate) control_id: Option<String>,
    pub(crate) mode: Option<Mode>,
    pub(crate) now_ms: Option<i64>,
    pub(crate) body_limit: usize,
    pub(crate) details: bool,
    /// The languages that are wished for, the first wish first.
    pub(crate) wishes: Vec<String>,
}

impl Answered<'_> {
    /// It as evidence, with its own headers as pairs.
    pub(crate) fn evidence<'e>(&'e self, headers: &'e [(&'e str, &'e str)]) -> PyResult<Evidence<'e>> {
        Ok(Evidence {
            status: self.status,
            code: self.code.as_ref().map(CodeGiven::code),
            failure: self.failure.as_deref(),
            headers,
            body: self.body.as_ref().map(Body::bytes).transpose()?,
            control_id: self.control_id.as_deref(),
            mode: self.mode,
            now_ms: self.now_ms,
            body_limit: self.body_limit,
            details: self.details,
        })
    }
}

/// What a decision looks at of what came back. Of the body that is whether there was anything in it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Kept {
    status: Option<u16>,
    code: Option<CodeGiven>,
    failure: Option<Box<str>>,
    headers: Option<Box<Headers>>,
    has_body: bool,
    mode: Option<u8>,
    now_ms: Option<i64>,
}

impl Kept {
    /// All of it but the headers.
    pub(crate) fn of(evidence: &Evidence<'_>) -> Self {
        Self {
            status: evidence.status,
            code: evidence.code.map(|code| match code {
                Code::Number(number) => CodeGiven::Number(number),
                Code::Name(name) => CodeGiven::Name(name.into()),
            }),
            failure: evidence.failure.map(Into::into),
            headers: None,
            has_body: evidence.body.is_some_and(|body| !body.is_empty()),
            mode: evidence.mode.map(|mode| mode as u8),
            now_ms: evidence.now_ms,
        }
    }

    /// Its headers.
    pub(crate) fn keep(&mut self, headers: Headers) {
        self.headers = (!headers.is_empty()).then(|| Box::new(headers));
    }

    pub(crate) fn headers(&self) -> Vec<(&str, &str)> {
        self.headers.as_deref().map(Headers::pairs).unwrap_or_default()
    }

    /// It as evidence for a decision, with its own headers as pairs.
    pub(crate) fn evidence<'e>(&'e self, headers: &'e [(&'e str, &'e str)]) -> Evidence<'e> {
        Evidence {
            status: self.status,
            code: self.code.as_ref().map(CodeGiven::code),
            failure: self.failure.as_deref(),
            headers,
            body: self.has_body.then_some(b"."),
            mode: self.mode.and_then(Mode::from_number),
            now_ms: self.now_ms,
            ..Evidence::default()
        }
    }
}

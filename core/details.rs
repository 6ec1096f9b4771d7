//! What a response says in its own words: the one place where its text may appear.

use alloc::borrow::Cow;
use alloc::vec::Vec;

use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::vocabulary::Field;

/// How many errors of a response are kept; a longer list says in `omitted` how many are not.
pub const MOST_ERRORS: usize = 100;
/// How much of a plain text body is kept, in bytes.
pub const LONGEST_REASON: usize = 1_000;

/// A value as the response gives it.
#[derive(Clone, Debug, PartialEq)]
pub enum Value<'a> {
    /// A text.
    Text(Cow<'a, str>),
    /// A whole number.
    Integer(i64),
    /// A whole number past that.
    Unsigned(u64),
    /// A number with a fraction.
    Float(f64),
    /// True or false.
    Bool(bool),
}

impl Serialize for Value<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => serializer.serialize_str(text),
            Self::Integer(number) => serializer.serialize_i64(*number),
            Self::Unsigned(number) => serializer.serialize_u64(*number),
            Self::Float(number) => serializer.serialize_f64(*number),
            Self::Bool(truth) => serializer.serialize_bool(*truth),
        }
    }
}

/// The fields of the body, or of one error in it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Fields<'a> {
    values: [Option<(u16, Value<'a>)>; Field::ALL.len()],
}

impl<'a> Fields<'a> {
    /// The value of a field.
    #[must_use]
    pub fn get(&self, field: Field) -> Option<&Value<'a>> {
        self.values.get(field as usize)?.as_ref().map(|(_, value)| value)
    }

    /// Sets a field, unless a place that is asked earlier has set it.
    pub(crate) fn set(&mut self, field: Field, order: u16, value: Value<'a>) {
        if let Some(slot) = self.values.get_mut(field as usize)
            && slot.as_ref().is_none_or(|(earlier, _)| order < *earlier)
        {
            *slot = Some((order, value));
        }
    }

    /// Whether no field is set.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.values.iter().all(Option::is_none)
    }

    fn each<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        for field in Field::ALL {
            if let Some(value) = self.get(*field) {
                map.serialize_entry(field.as_str(), value)?;
            }
        }
        Ok(())
    }
}

impl Serialize for Fields<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        self.each(&mut map)?;
        map.end()
    }
}

/// What a response says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Details<'a> {
    /// The form in which it says so: a standard body's name, `json` or `text`.
    pub format: Option<&'static str>,
    /// The fields of the body as a whole.
    pub fields: Fields<'a>,
    /// A plain text body, at most [`LONGEST_REASON`] bytes of it.
    pub reason: Option<Cow<'a, str>>,
    /// Where a redirect leads, or where a new thing is: the `Location` header as it stands.
    pub location: Option<&'a str>,
    /// The errors it lists.
    pub errors: Vec<Fields<'a>>,
    /// How many more there were.
    pub omitted: usize,
}

impl Details<'_> {
    /// Whether the response says nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty() && self.reason.is_none() && self.location.is_none() && self.errors.is_empty()
    }
}

impl Serialize for Details<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        if let Some(format) = self.format {
            map.serialize_entry("format", format)?;
        }
        self.fields.each(&mut map)?;
        if let Some(reason) = &self.reason {
            map.serialize_entry("reason", reason)?;
        }
        if let Some(location) = self.location {
            map.serialize_entry("location", location)?;
        }
        if !self.errors.is_empty() {
            map.serialize_entry("errors", &self.errors)?;
        }
        if self.omitted > 0 {
            map.serialize_entry("omitted", &self.omitted)?;
        }
        map.end()
    }
}

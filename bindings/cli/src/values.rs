//! How the values of arguments are read: catalogs, words, headers, times.

use std::ffi::OsStr;

use clap::builder::{PossibleValue, PossibleValuesParser, StyledStr, TypedValueParser};
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, Command, Error};
use retriage::Catalog;

use crate::loaded;

/// Reads the id of a catalog. A wrong one is answered with the nearest and with all of them.
#[derive(Clone, Debug)]
pub(crate) struct CatalogParser;

impl CatalogParser {
    fn ids() -> impl Iterator<Item = PossibleValue> {
        loaded::registry().catalogs().map(|catalog| PossibleValue::new(catalog.id()).help(catalog.name()))
    }
}

impl TypedValueParser for CatalogParser {
    type Value = Catalog<'static>;

    fn parse_ref(&self, command: &Command, argument: Option<&Arg>, value: &OsStr) -> Result<Self::Value, Error> {
        if let Some(catalog) = value.to_str().and_then(|id| loaded::registry().catalog(id)) {
            return Ok(catalog);
        }
        let mut error = match PossibleValuesParser::new(Self::ids()).parse_ref(command, argument, value) {
            Err(error) => error,
            Ok(_) => Error::new(ErrorKind::InvalidValue).with_cmd(command),
        };
        if let Some(status) = value.to_str().filter(|text| text.parse::<u16>().is_ok()) {
            let advice = StyledStr::from(format!("a status comes after a catalog: http {status}"));
            error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![advice]));
        }
        Err(error)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(Self::ids()))
    }
}

/// Reads a word of one of the closed sets of `retriage::vocabulary`. The help has each word with its meaning.
macro_rules! word {
    ($set:ident) => {{
        use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
        use retriage::vocabulary::$set;
        let words = $set::ALL.iter().map(|word| PossibleValue::new(word.as_str()).help(word.meaning()));
        PossibleValuesParser::new(words).try_map(|word| $set::from_word(&word).ok_or("no such word"))
    }};
}
pub(crate) use word;

/// A header as `Name: value`.
///
/// # Errors
/// There is no colon, or nothing before it.
pub(crate) fn header(text: &str) -> Result<(String, String), String> {
    match text.split_once(':') {
        Some((name, value)) if !name.trim().is_empty() => Ok((name.trim().to_owned(), value.trim().to_owned())),
        _ => Err("must be a name, a colon and a value, such as 'Retry-After: 120'".to_owned()),
    }
}

/// A time of receipt, in milliseconds since 1970: what the core reads, or `now` for the clock of this machine.
///
/// # Errors
/// The text is neither.
pub(crate) fn time(text: &str) -> Result<i64, String> {
    if text == "now" {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        return since
            .ok()
            .and_then(|since| i64::try_from(since.as_millis()).ok())
            .ok_or_else(|| "the clock of this machine stands before 1970; give the time itself".to_owned());
    }
    retriage::parse_time(text).map_err(|error| format!("{}, or now", error.message))
}

#[cfg(test)]
mod tests {
    use super::{header, time};

    #[test]
    fn a_header_has_a_name() {
        assert_eq!(header("Retry-After: 120"), Ok(("Retry-After".to_owned(), "120".to_owned())));
        assert_eq!(header("x:"), Ok(("x".to_owned(), String::new())));
        assert!(header(": 120").is_err());
        assert!(header("Retry-After 120").is_err());
    }

    #[test]
    fn a_time_is_a_date_or_a_number() {
        assert_eq!(time("1970-01-01T00:00:01Z"), Ok(1_000));
        assert_eq!(time("1732221000000"), Ok(1_732_221_000_000));
        assert!(time("now").is_ok());
        assert!(time("yesterday").is_err_and(|message| message.contains("2026-11-21T20:40:00Z")));
    }
}

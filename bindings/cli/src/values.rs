//! How the values of arguments are read: catalogs, profiles, words, headers, times.

use std::borrow::Cow;
use std::ffi::OsStr;
use std::fmt::{self, Display};
use std::fs::File;
use std::io::{self, Read};

use clap::builder::{PossibleValue, PossibleValuesParser, StyledStr, TypedValueParser};
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, Command, Error};
use retriage::{Catalog, MOST_MS, Profile};

use crate::input::STDIN;
use crate::print;

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

/// Reads a word of one of the closed sets of `retriage::vocabulary`, with underscores or hyphens. The help has each
/// word with its meaning.
macro_rules! word {
    ($set:ident) => {{
        use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
        use retriage::vocabulary::$set;
        let words = $set::ALL.iter().map(|word| {
            let with_hyphens = word.as_str().replace('_', "-");
            PossibleValue::new(word.as_str()).alias(with_hyphens).help(word.meaning())
        });
        PossibleValuesParser::new(words).try_map(|word| $set::from_word(&word.replace('-', "_")).ok_or("no such word"))
    }};
}
pub(crate) use word;

/// A profile, and what it is called on a page.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Chosen {
    label: String,
    profile: Cow<'static, Profile>,
}

impl Chosen {
    /// A built-in one.
    fn built_in(profile: &'static Profile) -> Self {
        Self { label: profile.id.to_string(), profile: Cow::Borrowed(profile) }
    }

    /// The one that decides where none is named.
    pub(crate) fn standard() -> Self {
        Self::built_in(retriage::profile("standard").expect("it is built in"))
    }

    pub(crate) fn profile(&self) -> &Profile {
        &self.profile
    }
}

impl Display for Chosen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.label)
    }
}

/// Reads a profile: the id of a built-in one, `@FILE`, or JSON. A wrong id is answered with the nearest and with all
/// of them.
#[derive(Clone, Debug)]
pub(crate) struct ProfileParser;

impl ProfileParser {
    fn ids() -> impl Iterator<Item = PossibleValue> {
        retriage::profiles().iter().map(|profile| PossibleValue::new(&*profile.id).help(&*profile.name))
    }

    /// One that isn't built in, called by its own id, or else by the one it changes and where it stands.
    fn own(argument: &str) -> Result<Chosen, String> {
        let text = contents(argument, LONGEST_PROFILE)
            .and_then(|bytes| String::from_utf8(bytes).map_err(|error| format!("not UTF-8: {}", error.utf8_error())))?;
        let profile = retriage::parse_profile(&text).map_err(|error| error.to_string())?;
        let label = match (retriage::profile(&profile.id), argument.strip_prefix('@')) {
            (None, _) => profile.id.to_string(),
            (Some(base), _) if *base == *profile => profile.id.to_string(),
            (Some(_), Some(file)) => format!("{} ({})", profile.id, print::harmless(file)),
            (Some(_), None) => format!("{} (changed)", profile.id),
        };
        Ok(Chosen { label, profile })
    }
}

impl TypedValueParser for ProfileParser {
    type Value = Chosen;

    fn parse_ref(&self, command: &Command, argument: Option<&Arg>, value: &OsStr) -> Result<Self::Value, Error> {
        if let Some(profile) = value.to_str().and_then(retriage::profile) {
            return Ok(Chosen::built_in(profile));
        }
        if let Some(text) = value.to_str().filter(|text| text.starts_with('@') || text.trim_start().starts_with('{')) {
            return Self::own(text).map_err(|message| {
                let name = argument.map(ToString::to_string).unwrap_or_default();
                let message = format!("invalid value for '{name}': {message}");
                command.clone().error(ErrorKind::ValueValidation, message)
            });
        }
        match PossibleValuesParser::new(Self::ids()).parse_ref(command, argument, value) {
            Err(error) => Err(error),
            Ok(_) => Err(Error::new(ErrorKind::InvalidValue).with_cmd(command)),
        }
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(Self::ids()))
    }
}

/// The longest profile that is read from a file, in bytes.
const LONGEST_PROFILE: u64 = 1 << 20;

/// The bytes that an argument stands for: those of `@FILE`, of standard input for `-`, or its own. Of more than
/// `most` just enough to show that there are more.
///
/// # Errors
/// They can't be read.
pub(crate) fn contents(argument: &str, most: u64) -> Result<Vec<u8>, String> {
    let read = |input: &mut dyn Read| {
        let mut bytes = Vec::new();
        input.take(most + 1).read_to_end(&mut bytes).map(|_| bytes)
    };
    if argument == STDIN {
        return read(&mut io::stdin().lock()).map_err(|error| format!("standard input: {error}"));
    }
    match argument.strip_prefix('@') {
        Some("") => Err("a file's name must follow the @; a text that begins with it can be read from -".to_owned()),
        Some(name) => File::open(name).and_then(|mut file| read(&mut file)).map_err(|error| format!("{name}: {error}")),
        None => Ok(argument.as_bytes().to_vec()),
    }
}

/// A time span in milliseconds: that number itself, or with units, such as `90s` or `2m 30s`.
///
/// # Errors
/// The text is neither, or more than the core counts.
pub(crate) fn span(text: &str) -> Result<u64, String> {
    let ms = match text.parse::<u64>() {
        Ok(ms) => Some(ms),
        Err(_) => humantime::parse_duration(text).ok().and_then(|span| u64::try_from(span.as_millis()).ok()),
    };
    ms.filter(|ms| *ms <= MOST_MS).ok_or_else(|| {
        format!("must be a time span such as 90s or 2m 30s, or a number of milliseconds, at most {MOST_MS} ms")
    })
}

/// What the core has against an argument, which is called as the wire form calls its field.
pub(crate) fn refusal(error: &retriage::Error) -> String {
    let name = error.at.trim_start_matches('/').trim_end_matches("_ms").replace('_', "-");
    format!("'--{name}' {}", error.message)
}

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
    use super::{header, span, time};

    #[test]
    fn a_header_has_a_name() {
        assert_eq!(header("Retry-After: 120"), Ok(("Retry-After".to_owned(), "120".to_owned())));
        assert_eq!(header("x:"), Ok(("x".to_owned(), String::new())));
        assert!(header(": 120").is_err());
        assert!(header("Retry-After 120").is_err());
    }

    #[test]
    fn a_span_has_units_or_is_in_milliseconds() {
        assert_eq!(span("1500"), Ok(1_500));
        assert_eq!(span("2m 30s"), Ok(150_000));
        assert_eq!(span("9007199254740991"), Ok(retriage::MOST_MS));
        assert!(span("9007199254740992").is_err());
        assert!(span("-1").is_err_and(|message| message.contains("2m 30s")));
        assert!(span("99999999999y").is_err());
    }

    #[test]
    fn a_time_is_a_date_or_a_number() {
        assert_eq!(time("1970-01-01T00:00:01Z"), Ok(1_000));
        assert_eq!(time("1732221000000"), Ok(1_732_221_000_000));
        assert!(time("now").is_ok());
        assert!(time("yesterday").is_err_and(|message| message.contains("2026-11-21T20:40:00Z")));
    }
}

//! A JSON log whose fields the caller names: one pass over a line, which holds on to the named members alone.

use std::borrow::Cow;
use std::fmt;

use retriage::vocabulary::ErrorKind;
use retriage::{Catalog, Code, Error, Evidence};
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::loaded;

/// Where a line has what, each as names joined by dots.
#[derive(Clone, Copy, Debug)]
pub(super) struct Paths<'p> {
    pub(super) status: &'p str,
    pub(super) code: &'p str,
    pub(super) failure: &'p str,
    pub(super) catalog: &'p str,
    pub(super) body: &'p str,
    pub(super) method: &'p str,
    pub(super) time: &'p str,
}

/// How many paths there are.
const PATHS: usize = 7;

impl<'p> Paths<'p> {
    fn list(&self) -> [&'p str; PATHS] {
        [self.status, self.code, self.failure, self.catalog, self.body, self.method, self.time]
    }
}

/// What a line says.
#[derive(Debug)]
pub(super) struct Record<'a> {
    pub(super) catalog: Option<Catalog<'static>>,
    status: Option<u16>,
    code: Option<CodeText<'a>>,
    failure: Option<Cow<'a, str>>,
    body: Option<Cow<'a, str>>,
    pub(super) method: Option<Cow<'a, str>>,
    pub(super) time: Option<Cow<'a, str>>,
}

#[derive(Debug)]
enum CodeText<'a> {
    Number(i64),
    Name(Cow<'a, str>),
}

impl<'a> Record<'a> {
    /// Reads a line.
    ///
    /// # Errors
    /// It is no JSON object, it says nothing of an answer, or a field has a value that can't be one.
    pub(super) fn parse(paths: &Paths<'_>, line: &'a str) -> Result<Self, Error> {
        let paths = paths.list();
        if !line.trim_start().starts_with('{') {
            return Err(Error {
                kind: ErrorKind::BadJson,
                message: "must be a JSON object".to_owned(),
                at: String::new(),
            });
        }
        let mut found = [None; PATHS];
        collect(line, paths.map(Some), &mut found).map_err(|error| Error {
            kind: ErrorKind::BadJson,
            message: format!("not JSON: {error}"),
            at: String::new(),
        })?;
        let [status, code, failure, catalog, body, method, time] = found;
        // Logs write an empty text where there is nothing to say; an empty body says that nothing came.
        let said = |value: Option<&'a RawValue>| value.filter(|value| value.get() != "\"\"");
        let (status, code, failure, catalog) = (said(status), said(code), said(failure), said(catalog));
        let (method, time) = (said(method), said(time));
        let [status_path, code_path, failure_path, catalog_path, body_path, method_path, time_path] = paths;
        if [status, code, failure, body].iter().all(Option::is_none) {
            return Err(Error {
                kind: ErrorKind::MissingField,
                message: format!("has none of {status_path}, {code_path}, {failure_path} and {body_path}"),
                at: String::new(),
            });
        }
        Ok(Self {
            catalog: catalog.map(|value| read_catalog(value, catalog_path)).transpose()?,
            status: status.map(|value| read_status(value, status_path)).transpose()?,
            code: code.map(|value| read_code(value, code_path)).transpose()?,
            failure: failure.map(|value| read_text(value, failure_path)).transpose()?,
            body: body.map(|value| read_body(value, body_path)).transpose()?,
            method: method.map(|value| read_text(value, method_path)).transpose()?,
            time: time.map(|value| read_any(value, time_path)).transpose()?,
        })
    }

    pub(super) fn evidence(&self) -> Evidence<'_> {
        Evidence {
            status: self.status,
            code: self.code.as_ref().map(|code| match code {
                CodeText::Number(number) => Code::Number(*number),
                CodeText::Name(name) => Code::Name(name),
            }),
            failure: self.failure.as_deref(),
            body: self.body.as_deref().map(str::as_bytes),
            details: false,
            ..Evidence::default()
        }
    }
}

/// What is left of each path below a value.
type Wanted<'p> = [Option<&'p str>; PATHS];
type Found<'a> = [Option<&'a RawValue>; PATHS];

/// Finds the values of the paths in an object. A value that is null counts as absent; of several the last counts.
fn collect<'a>(object: &'a str, wanted: Wanted<'_>, found: &mut Found<'a>) -> serde_json::Result<()> {
    let mut json = serde_json::Deserializer::from_str(object);
    json.deserialize_map(Members { wanted, found })?;
    json.end()
}

struct Members<'p, 'f, 'a> {
    wanted: Wanted<'p>,
    found: &'f mut Found<'a>,
}

impl<'a> Visitor<'a> for Members<'_, '_, 'a> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'a>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(below) = map.next_key_seed(Name(&self.wanted))? {
            if below.iter().all(Option::is_none) {
                map.next_value::<IgnoredAny>()?;
                continue;
            }
            let value = map.next_value::<&RawValue>()?;
            let mut deeper = false;
            for (slot, rest) in self.found.iter_mut().zip(&below) {
                match rest {
                    Some("") => *slot = Some(value).filter(|value| value.get() != "null"),
                    Some(_) => deeper = true,
                    None => {}
                }
            }
            if deeper && value.get().starts_with('{') {
                let deeper = below.map(|rest| rest.filter(|rest| !rest.is_empty()));
                collect(value.get(), deeper, self.found).map_err(serde::de::Error::custom)?;
            }
        }
        Ok(())
    }
}

/// A member's name, compared with what is wanted: what each path has left below it, and nothing where it doesn't lead
/// there. A name may hold several names of a path, dots and all.
struct Name<'w, 'p>(&'w Wanted<'p>);

impl<'p> Name<'_, 'p> {
    fn below(&self, name: &str) -> Wanted<'p> {
        self.0.map(|path| {
            let rest = path?.strip_prefix(name)?;
            if rest.is_empty() { Some(rest) } else { rest.strip_prefix('.') }
        })
    }
}

impl<'a, 'p> DeserializeSeed<'a> for Name<'_, 'p> {
    type Value = Wanted<'p>;

    fn deserialize<D: Deserializer<'a>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'p> Visitor<'_> for Name<'_, 'p> {
    type Value = Wanted<'p>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
        Ok(self.below(name))
    }
}

fn bad(path: &str, message: impl Into<String>) -> Error {
    Error { kind: ErrorKind::BadValue, message: message.into(), at: path.to_owned() }
}

/// The text of a value that is one, without a copy where it has no escapes.
fn text(value: &RawValue) -> Option<Cow<'_, str>> {
    let raw = value.get();
    let inner = raw.strip_prefix('"')?.strip_suffix('"')?;
    if inner.contains('\\') { serde_json::from_str(raw).ok().map(Cow::Owned) } else { Some(Cow::Borrowed(inner)) }
}

fn read_text<'a>(value: &'a RawValue, path: &str) -> Result<Cow<'a, str>, Error> {
    text(value).ok_or_else(|| bad(path, "must be a text"))
}

fn read_status(value: &RawValue, path: &str) -> Result<u16, Error> {
    let digits = text(value).unwrap_or(Cow::Borrowed(value.get()));
    digits.trim().parse().map_err(|_| bad(path, "must be a whole number from 0 to 65535"))
}

fn read_code<'a>(value: &'a RawValue, path: &str) -> Result<CodeText<'a>, Error> {
    match text(value) {
        Some(name) => Ok(CodeText::Name(name)),
        None => value.get().parse().map(CodeText::Number).map_err(|_| bad(path, "must be a text or a whole number")),
    }
}

fn read_catalog(value: &RawValue, path: &str) -> Result<Catalog<'static>, Error> {
    loaded::registry().named(&read_text(value, path)?, path)
}

/// A body: a text, or JSON that stands for itself.
fn read_body<'a>(value: &'a RawValue, path: &str) -> Result<Cow<'a, str>, Error> {
    match value.get().as_bytes().first() {
        Some(b'{' | b'[') => Ok(Cow::Borrowed(value.get())),
        _ => text(value).ok_or_else(|| bad(path, "must be a text, an object or a list")),
    }
}

/// A text, or a number as it stands.
fn read_any<'a>(value: &'a RawValue, path: &str) -> Result<Cow<'a, str>, Error> {
    match value.get().as_bytes().first() {
        Some(b'{' | b'[' | b't' | b'f') => Err(bad(path, "must be a text or a number")),
        _ => Ok(text(value).unwrap_or(Cow::Borrowed(value.get()))),
    }
}

#[cfg(test)]
mod tests {
    use retriage::Code;
    use retriage::vocabulary::ErrorKind;

    use super::{Paths, Record};

    const PATHS: Paths<'_> = Paths {
        status: "http.response.status",
        code: "payload.code",
        failure: "error",
        catalog: "vendor",
        body: "payload",
        method: "http.method",
        time: "ts",
    };

    fn refused(line: &str) -> (ErrorKind, String) {
        let error = Record::parse(&PATHS, line).expect_err("the line is bad");
        (error.kind, error.at)
    }

    #[test]
    fn a_path_leads_through_members_and_dotted_names() {
        let lines = [
            r#"{"ts":1,"http":{"method":"PUT","response":{"status":503}},"more":[{"ts":2}]}"#,
            r#"{"ts":1,"http.method":"PUT","http.response.status":"503"}"#,
            r#"{"ts":1,"http.response":{"status":503},"http":{"method":"PUT"},"status":200}"#,
            r#"{"ts":1,"http":{"method":"PUT","response.status":503},"http.response":7}"#,
        ];
        for line in lines {
            let record = Record::parse(&PATHS, line).expect("the line is good");
            assert_eq!(record.status, Some(503), "{line}");
            assert_eq!(record.method.as_deref(), Some("PUT"), "{line}");
            assert_eq!(record.time.as_deref(), Some("1"), "{line}");
        }
        // A name that merely begins alike is another.
        assert_eq!(refused(r#"{"http.response.statuses":503,"errors":"x"}"#).0, ErrorKind::MissingField);
    }

    #[test]
    fn a_value_may_hold_another() {
        let line = r#"{"payload":{"code":"E1","text":"caf\u00e9"}}"#;
        let record = Record::parse(&PATHS, line).expect("the line is good");
        assert_eq!(record.body.as_deref(), Some(r#"{"code":"E1","text":"caf\u00e9"}"#));
        assert_eq!(record.evidence().code, Some(Code::Name("E1")));
        let record = Record::parse(&PATHS, r#"{"payload":"a \"b\"","error":null}"#).expect("the line is good");
        assert_eq!(record.evidence().body, Some(br#"a "b""#.as_slice()));
    }

    #[test]
    fn nothing_said_is_nothing() {
        let line = r#"{"http.response.status":200,"error":"","vendor":"","payload":""}"#;
        let record = Record::parse(&PATHS, line).expect("the line is good");
        assert!(record.failure.is_none() && record.catalog.is_none());
        assert_eq!(record.evidence().body, Some(b"".as_slice()));
    }

    #[test]
    fn what_cannot_be_right_is_refused_with_its_place() {
        assert_eq!(refused("7").0, ErrorKind::BadJson);
        assert_eq!(refused(r#"{"error":"x""#).0, ErrorKind::BadJson);
        assert_eq!(refused(r#"{"ts":1}"#).0, ErrorKind::MissingField);
        let value = |path: &str| (ErrorKind::BadValue, path.to_owned());
        assert_eq!(refused(r#"{"http":{"response":{"status":65536}}}"#), value("http.response.status"));
        assert_eq!(refused(r#"{"http":{"response":{"status":true}}}"#), value("http.response.status"));
        assert_eq!(refused(r#"{"payload":{"code":1.5}}"#), value("payload.code"));
        assert_eq!(refused(r#"{"payload":7}"#), value("payload"));
        assert_eq!(refused(r#"{"error":"x","ts":{}}"#), value("ts"));
        assert_eq!(refused(r#"{"error":"x","vendor":"Redox"}"#), (ErrorKind::UnknownCatalog, "vendor".to_owned()));
    }

    #[test]
    fn a_refusal_repeats_nothing_of_the_line() {
        for line in [r#""secret""#, r#"{"error":"secret"x}"#, r#"{"error":"x","vendor":"secret"}"#] {
            let error = Record::parse(&PATHS, line).expect_err("the line is bad");
            assert!(!error.to_string().contains("secret"), "{error}");
        }
    }
}

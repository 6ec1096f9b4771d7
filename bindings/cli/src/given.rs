//! What the commands that explain, simulate and compare are told alike: what came back, and what is known of the
//! request.

use clap::Args;
use retriage::vocabulary::{Environment, Mode, Verified};
use retriage::{Attempt, BODY_LIMIT, Code, Evidence};

use crate::print;
use crate::values::{self, word};
use crate::{Failure, usage};

/// What came back besides a status or a failure.
#[derive(Debug, Args)]
pub(crate) struct Response {
    /// The vendor's code, a number or a name, if it isn't in the body or a header
    #[arg(long, value_name = "CODE", allow_hyphen_values = true)]
    pub(crate) code: Option<String>,
    /// A header of the answer; may be given more than once
    #[arg(long = "header", short = 'H', value_name = "NAME: VALUE", value_parser = values::header)]
    pub(crate) headers: Vec<(String, String)>,
    /// The body of the answer: the text itself, @FILE, or - for standard input
    ///
    /// The bytes of a file and of standard input are taken as they are; they need not be UTF-8. A text that begins
    /// with @, or is nothing but -, goes through standard input.
    #[arg(long, value_name = "TEXT|@FILE|-", allow_hyphen_values = true)]
    pub(crate) body: Option<String>,
    /// The control id (MSH-10) of the HL7 message that was sent; an acknowledgement of another one proves nothing
    #[arg(long, value_name = "ID")]
    control_id: Option<String>,
    /// How the request was sent
    #[arg(long, value_parser = word!(Mode))]
    mode: Option<Mode>,
    /// When the answer came, for hints that are dates: 2026-11-21T20:40:00Z, milliseconds since 1970, or now
    #[arg(long, value_name = "TIME", value_parser = values::time, allow_hyphen_values = true)]
    now: Option<i64>,
}

/// A [`Response`] whose body has been read.
#[derive(Debug)]
pub(crate) struct Came<'r> {
    response: &'r Response,
    headers: Vec<(&'r str, &'r str)>,
    body: Option<Vec<u8>>,
}

impl Response {
    /// Whether it holds anything that can be looked at.
    pub(crate) fn is_empty(&self) -> bool {
        self.code.is_none() && self.body.is_none() && self.headers.is_empty()
    }

    /// Reads the body.
    ///
    /// # Errors
    /// It can't be read.
    pub(crate) fn read(&self, command: &str) -> Result<Came<'_>, Failure> {
        let body = self.body.as_deref().map(|body| values::contents(body, BODY_LIMIT as u64)).transpose();
        let body = body.map_err(|message| usage(command, format_args!("invalid value for '--body': {message}")))?;
        let headers = self.headers.iter().map(|(name, value)| (&**name, &**value)).collect();
        Ok(Came { response: self, headers, body })
    }
}

impl Came<'_> {
    /// It in a few words, with a status or a failure: `503, Retry-After: 2`.
    pub(crate) fn label(&self, status: Option<u16>, failure: Option<&str>) -> String {
        self.label_with(status, failure, &self.headers)
    }

    /// It in a few words, with other headers.
    pub(crate) fn label_with(&self, status: Option<u16>, failure: Option<&str>, headers: &[(&str, &str)]) -> String {
        let status = status.map(|status| status.to_string());
        let code = self.response.code.as_ref().map(|code| format!("code {code}"));
        let headers = headers.iter().map(|(name, value)| format!("{name}: {value}"));
        let body = self.body.as_ref().map(|_| "with a body".to_owned());
        let failure = failure.map(str::to_owned);
        let parts: Vec<String> = status.into_iter().chain(failure).chain(code).chain(headers).chain(body).collect();
        print::harmless(&parts.join(", ")).into_owned()
    }

    /// Its headers.
    pub(crate) fn headers(&self) -> &[(&str, &str)] {
        &self.headers
    }

    /// The evidence that it makes with a status or a failure.
    pub(crate) fn evidence<'e>(&'e self, status: Option<u16>, failure: Option<&'e str>) -> Evidence<'e> {
        Evidence {
            status,
            code: self.response.code.as_deref().map(Code::Name),
            failure,
            headers: &self.headers,
            body: self.body.as_deref(),
            control_id: self.response.control_id.as_deref(),
            mode: self.response.mode,
            now_ms: self.response.now,
            ..Evidence::default()
        }
    }
}

/// What is known of the request, besides its method.
#[derive(Debug, Args)]
#[command(next_help_heading = "For the decision")]
pub(crate) struct Request {
    /// Repeating is safe, by an idempotency key or otherwise; =false: it isn't, whatever the method
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    pub(crate) idempotent: Option<bool>,
    /// What a check found, after the decision was to verify
    #[arg(long, value_parser = word!(Verified))]
    pub(crate) verified: Option<Verified>,
    /// Where it runs [default: production]
    #[arg(long, value_parser = word!(Environment))]
    pub(crate) environment: Option<Environment>,
}

impl Request {
    /// The first attempt of such a request.
    pub(crate) fn attempt<'a>(&self, method: Option<&'a str>) -> Attempt<'a> {
        Attempt {
            method,
            idempotent: self.idempotent,
            verified: self.verified,
            environment: self.environment.unwrap_or(Environment::Production),
            ..Attempt::default()
        }
    }
}

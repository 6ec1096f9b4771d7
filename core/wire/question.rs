//! Reading a question: every field checked, unknown ones refused, and a mistake told with its place.

use alloc::borrow::Cow;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::deliver::{Delivery, QUEUE, event_fields};
use super::read::{
    BUDGET, CodeText, Given, STATE, bad, integer, members_of, read_budget, read_locale, read_now, read_profile,
    read_random, read_state, text, word,
};
use super::{Error, Named, Told, to_json};
use crate::advise::{Advice, Reply};
use crate::classify::Classification;
use crate::decide::{Attempt, Budget, State};
use crate::evidence::{BODY_LIMIT, Evidence};
use crate::locale::Locale;
use crate::profile::Profile;
use crate::registry::Registry;
use crate::source::{BARE, DEFAULT_PROFILE, MAX_SAFE, Node, Str};
use crate::tables::{Catalog, Entry, Tables};
use crate::vocabulary::{Ask, Environment, ErrorKind, Intent, Mode, Verified};

/// A question of the wire form, checked.
#[derive(Clone, Debug)]
pub struct Question<'a, 'r> {
    ask: Ask,
    catalog: Catalog<'r>,
    entry: Option<Str<'a>>,
    given: Given<'a>,
    mode: Option<Mode>,
    now_ms: Option<i64>,
    body_limit: usize,
    details: bool,
    locale: Option<&'r Locale>,
    /// The languages that are wished for, the first before the second.
    wishes: Vec<Str<'a>>,
    environment: Environment,
    intent: Option<Intent>,
    decision: Option<DecisionQuestion<'a>>,
    delivery: Option<Delivery<'a>>,
}

/// The part of a question that asks for a decision.
#[derive(Clone, Debug)]
struct DecisionQuestion<'a> {
    profile: Cow<'static, Profile>,
    method: Option<Str<'a>>,
    idempotent: Option<bool>,
    verified: Option<Verified>,
    attempt: u32,
    elapsed_ms: u64,
    random: Option<f64>,
    state: State,
    budget: Option<Budget>,
}

impl<'a, 'r> Question<'a, 'r> {
    /// The fields a question may have: those of `question.schema.json`.
    pub const FIELDS: &'static [&'static str] = &[
        "ask",
        "catalog",
        "entry",
        "status",
        "code",
        "failure",
        "headers",
        "body",
        "body_base64",
        "control_id",
        "mode",
        "now",
        "body_limit",
        "details",
        "profile",
        "method",
        "idempotent",
        "verified",
        "environment",
        "attempt",
        "elapsed_ms",
        "random",
        "state",
        "budget",
        "intent",
        "queue",
        "capacity",
        "events",
        "locale",
    ];

    /// The fields that each object within a question may have, by its definition in `question.schema.json`.
    #[must_use]
    pub fn objects() -> [(&'static str, Vec<&'static str>); 4] {
        [("event", event_fields()), ("queue", QUEUE.to_vec()), ("state", STATE.to_vec()), ("budget", BUDGET.to_vec())]
    }

    /// Reads a question; one that names no catalog is asked of `http`.
    ///
    /// # Errors
    /// The text isn't JSON or isn't an object, or a field is unknown, of the wrong type, out of range, or goes ill
    /// with another.
    pub fn parse(question: &'a str) -> Result<Question<'a, 'static>, Error> {
        Question::parse_in(crate::built_in(), question)
    }

    /// Reads a question for the catalogs of a registry.
    ///
    /// # Errors
    /// As [`parse`](Self::parse).
    pub fn parse_in(registry: &'r Registry, question: &'a str) -> Result<Self, Error> {
        let tables = registry.tables();
        let mut parsed = Self::parse_for(find_catalog(tables, "http", "/catalog")?, question)?;
        parsed.locale = registry.locale(&parsed.wishes.iter().map(|wish| &**wish).collect::<Vec<_>>());
        Ok(parsed)
    }

    /// Reads a question; one that names no catalog is asked of this one.
    ///
    /// # Errors
    /// As [`parse`](Self::parse).
    pub fn parse_for(catalog: Catalog<'r>, question: &'a str) -> Result<Self, Error> {
        let tables = catalog.world;
        let members = members_of(question, Self::FIELDS)?;
        let get = |name: &str| members.iter().find(|(member, _)| member == name).map(|(_, node)| *node);
        let ask = get("ask").map(|node| word(node, "/ask")).transpose()?.unwrap_or(Ask::Classify);
        let entry = get("entry").map(|node| text(node, "/entry")).transpose()?;
        let catalog = match get("catalog") {
            Some(node) => find_catalog(tables, &text(node, "/catalog")?, "/catalog")?,
            None => match entry.as_deref().and_then(|entry| entry.split_once('/')) {
                Some((id, _)) => find_catalog(tables, id, "/entry")?,
                None => catalog,
            },
        };
        let environment = get("environment").map(|node| word(node, "/environment")).transpose()?;
        let intent = get("intent").map(|node| word(node, "/intent")).transpose()?;
        let limit = get("body_limit").map(|node| integer(node, "/body_limit", 0, MAX_SAFE)).transpose()?;
        let details = get("details")
            .map(|node| node.bool().ok_or_else(|| bad("/details", "must be true or false")))
            .transpose()?;
        Ok(Self {
            ask,
            catalog,
            entry,
            given: Given::parse(get, "")?,
            mode: get("mode").map(|node| word(node, "/mode")).transpose()?,
            now_ms: get("now").map(|node| read_now(node, "/now")).transpose()?,
            body_limit: limit.map_or(BODY_LIMIT, |limit| usize::try_from(limit).unwrap_or(usize::MAX)),
            details: details.unwrap_or(true),
            locale: None,
            wishes: get("locale").map(read_locale).transpose()?.unwrap_or_default(),
            environment: environment.unwrap_or(Environment::Production),
            intent,
            decision: DecisionQuestion::parse(get)?,
            delivery: Delivery::parse(get)?,
        })
    }

    /// What is asked.
    #[must_use]
    pub fn ask(&self) -> Ask {
        self.ask
    }

    /// The catalog that is asked.
    #[must_use]
    pub fn catalog(&self) -> Catalog<'r> {
        self.catalog
    }

    /// The headers as pairs, for [`evidence`](Self::evidence). Allocates nothing where there are none.
    #[must_use]
    pub fn headers(&self) -> Vec<(&str, &str)> {
        self.given.headers()
    }

    /// What came back, with the question's own headers or others.
    #[must_use]
    pub fn evidence<'q>(&'q self, headers: &'q [(&'q str, &'q str)]) -> Evidence<'q> {
        Evidence {
            mode: self.mode,
            now_ms: self.now_ms,
            body_limit: self.body_limit,
            details: self.details,
            ..self.given.evidence(headers)
        }
    }

    /// The answer, as JSON.
    ///
    /// # Errors
    /// The question asks for an entry or for advice that isn't there, or lacks what its `ask` or its profile needs.
    pub fn answer(&self) -> Result<String, Error> {
        match self.ask {
            Ask::Classify => {
                let headers = self.given.headers();
                let evidence = self.evidence(&headers);
                let mut classification = self.catalog.classify(&evidence);
                classification.locale = self.locale;
                let Some(asked) = &self.decision else {
                    return Ok(classification.to_json());
                };
                let attempt = Attempt {
                    method: asked.method.as_deref(),
                    idempotent: asked.idempotent,
                    verified: asked.verified,
                    environment: self.environment,
                    number: asked.attempt,
                    elapsed_ms: asked.elapsed_ms,
                    random: asked.random,
                    state: asked.state,
                    budget: asked.budget,
                };
                let decision = classification.decide(&evidence, &attempt, &asked.profile)?;
                Ok(decision.to_json(&classification))
            }
            Ask::Entry => Ok(to_json(&Named("entry", Told { entry: self.find_entry()?, locale: self.locale }))),
            Ask::Advise => Ok(to_json(&Named("advice", self.advise()?))),
            Ask::Deliver => {
                let Some(delivery) = &self.delivery else {
                    let message = "is missing: what happened to the queue, a list of events";
                    return Err(Error::new(ErrorKind::MissingField, "/events", message));
                };
                Ok(to_json(&Named("delivery", delivery.answer(self.catalog, self.environment, self.mode)?)))
            }
            Ask::Limits => Ok(to_json(&Named("limits", self.catalog.limits().collect::<Vec<_>>()))),
        }
    }

    /// What to answer a sender: by what is wanted, by what is about to be answered, or both.
    fn advise(&self) -> Result<Advice<'r>, Error> {
        let number;
        let reply = match (&self.given.code, self.given.status) {
            (Some(_), Some(_)) => {
                let message = "goes ill with code: ask about one reply at a time";
                return Err(Error::new(ErrorKind::Conflict, "/status", message));
            }
            (Some(CodeText::Name(code)), None) => Some(Reply::Code(code)),
            (Some(CodeText::Number(code)), None) => {
                number = code.to_string();
                Some(Reply::Code(&number))
            }
            (None, Some(status)) => Some(Reply::Status(status)),
            (None, None) => None,
        };
        if self.intent.is_none() && reply.is_none() {
            let message = "ask advise needs an intent, or the status or code you mean to answer";
            return Err(Error::new(ErrorKind::MissingField, "/intent", message));
        }
        let advises = |catalog: Catalog<'_>| {
            catalog.chain().any(|link| link.intents().next().is_some() || link.received().next().is_some())
        };
        if !advises(self.catalog) {
            let known: Vec<&str> =
                self.catalog.world.catalogs().filter(|catalog| advises(*catalog)).map(|catalog| catalog.id()).collect();
            let message = format!("the catalog {} gives no advice; ask one of {}", self.catalog.id(), known.join(", "));
            return Err(Error::new(ErrorKind::UnknownEntry, "/catalog", message));
        }
        self.catalog.advise(self.intent, reply, self.environment).ok_or_else(|| {
            let mut known: Vec<&str> = Vec::new();
            for intent in self.catalog.chain().flat_map(Catalog::intents).filter_map(|answer| answer.intent()) {
                if !known.contains(&intent.as_str()) {
                    known.push(intent.as_str());
                }
            }
            let message =
                format!("the catalog {} has no advice for it; it has {}", self.catalog.id(), known.join(", "));
            Error::new(ErrorKind::UnknownEntry, "/intent", message)
        })
    }

    /// The entry that is asked for: by its id, or by its key in the catalog.
    fn find_entry(&self) -> Result<Entry<'r>, Error> {
        let missing = |at: &str| {
            let message = format!("the catalog {} has no such entry", self.catalog.id());
            Error::new(ErrorKind::UnknownEntry, at, message)
        };
        if let Some(id) = self.entry.as_deref() {
            return self
                .catalog
                .chain()
                .flat_map(Catalog::entries)
                .find(|entry| entry.id() == id)
                .ok_or_else(|| missing("/entry"));
        }
        if let Some(code) = &self.given.code {
            let found = match code {
                CodeText::Number(number) => self.catalog.find_number(*number).map(|(entry, _)| entry),
                CodeText::Name(name) => self.catalog.find_name(name),
            };
            return found.ok_or_else(|| missing("/code"));
        }
        if let Some(failure) = self.given.failure.as_deref() {
            return self.catalog.find_failure(failure).ok_or_else(|| missing("/failure"));
        }
        if let Some(status) = self.given.status {
            return self.catalog.find_status(status).map(|(entry, _)| entry).ok_or_else(|| missing("/status"));
        }
        let message = "ask entry needs one of entry, code, failure, status";
        Err(Error::new(ErrorKind::MissingField, "/entry", message))
    }
}

impl<'a> DecisionQuestion<'a> {
    /// What the members ask of a decision; `None` where they ask for none, which is where there is neither a profile
    /// nor an attempt.
    fn parse(get: impl Fn(&str) -> Option<Node<'a>>) -> Result<Option<Self>, Error> {
        let flag = |name: &str| {
            let read = |node: Node<'a>| node.bool().ok_or_else(|| bad(&format!("/{name}"), "must be true or false"));
            get(name).map(read).transpose()
        };
        let verified = get("verified").map(|node| word(node, "/verified")).transpose()?;
        let attempt = get("attempt").map(|node| integer(node, "/attempt", 1, u32::MAX.into())).transpose()?;
        let elapsed = get("elapsed_ms").map(|node| integer(node, "/elapsed_ms", 0, MAX_SAFE)).transpose()?;
        let random = get("random").map(|node| read_random(node, "/random")).transpose()?;
        let asked = Self {
            profile: get("profile")
                .map(|node| read_profile(node, "/profile"))
                .transpose()?
                .unwrap_or_else(|| Cow::Borrowed(standard())),
            method: get("method").map(|node| text(node, "/method")).transpose()?,
            idempotent: flag("idempotent")?,
            verified,
            attempt: attempt.and_then(|attempt| u32::try_from(attempt).ok()).unwrap_or(1),
            elapsed_ms: elapsed.and_then(|elapsed| u64::try_from(elapsed).ok()).unwrap_or(0),
            random,
            state: get("state").map(|node| read_state(node, "/state")).transpose()?.unwrap_or_default(),
            budget: get("budget").map(|node| read_budget(node, "/budget")).transpose()?,
        };
        let wanted = get("profile").is_some() || get("attempt").is_some();
        Ok(wanted.then_some(asked))
    }
}

/// The profile of a question that names none.
pub(super) fn standard() -> &'static Profile {
    crate::profile(DEFAULT_PROFILE).unwrap_or(&BARE)
}

fn find_catalog<'a>(tables: &'a Tables, id: &str, at: &str) -> Result<Catalog<'a>, Error> {
    tables.catalog(id).ok_or_else(|| Error::unknown_catalog(tables, at))
}

impl Classification<'_> {
    /// The classification as the answer of the wire form.
    #[must_use]
    pub fn to_json(&self) -> String {
        to_json(&Named("classification", self))
    }
}

impl Error {
    /// The error as the answer of the wire form.
    #[must_use]
    pub fn to_json(&self) -> String {
        to_json(&Named("error", self))
    }
}

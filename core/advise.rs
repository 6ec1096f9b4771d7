//! The other side: which status or acknowledgement to return to a sender, given what you want it to do.

use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::tables::{Answer, Catalog, Source};
use crate::vocabulary::{Environment, Intent, Sender, Warning};

/// What a destination is about to answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reply<'a> {
    /// An HTTP status.
    Status(u16),
    /// An acknowledgement code, such as `AE`.
    Code(&'a str),
}

/// What to answer, and what the sender will make of it.
#[derive(Clone, Copy, Debug)]
pub struct Advice<'a> {
    /// The catalog that was asked.
    pub catalog: Catalog<'a>,
    /// Where it holds.
    pub environment: Environment,
    /// What to answer; `None` where only a reply was asked about.
    pub advised: Option<Answer<'a>>,
    /// What the sender makes of the reply that was asked about; `None` where there was none, or where no document
    /// speaks of it.
    pub received: Option<Answer<'a>>,
    /// Whether a reply was asked about.
    asked: bool,
    /// Whether that reply is the advised one, or does the same.
    agrees: bool,
}

impl<'a> Catalog<'a> {
    /// What to answer a sender of this kind, for what a destination wants, and what such a sender makes of a reply.
    /// `None` where the catalog has no advice for the intent.
    #[must_use]
    pub fn advise(
        self,
        intent: Option<Intent>,
        reply: Option<Reply<'_>>,
        environment: Environment,
    ) -> Option<Advice<'a>> {
        let here = |answer: &Answer<'a>| answer.holds_in(environment);
        let advised = match intent {
            Some(intent) => Some(
                self.chain()
                    .find_map(|link| link.intents().filter(here).find(|answer| answer.intent() == Some(intent)))?,
            ),
            None => None,
        };
        let received = reply.and_then(|reply| {
            self.chain().find_map(|link| link.received().filter(here).find(|answer| answer.is_for(reply)))
        });
        // Another reply of which the sender makes the same serves as well.
        let agrees = match (advised, reply) {
            (Some(advised), Some(reply)) => {
                advised.is_for(reply) || received.is_some_and(|received| received.sender() == advised.sender())
            }
            _ => true,
        };
        Some(Advice { catalog: self, environment, advised, received, asked: reply.is_some(), agrees })
    }
}

impl<'a> Advice<'a> {
    /// What should give pause.
    pub fn warnings(&self) -> impl Iterator<Item = Warning> {
        // What the sender does about the reply that was asked about, or else about the advised one.
        let answer = if self.asked { self.received } else { self.advised };
        let sender = answer.map_or(Sender::Undefined, |answer| answer.sender());
        let gives_up = matches!(sender, Sender::FailsAndProceeds | Sender::Stops);
        let takes_as_done = matches!(sender, Sender::Proceeds | Sender::WaitsForApplication);
        // Whether the destination will want the message again.
        let is_to_come_again = self.advised.is_some_and(|answer| {
            matches!(answer.intent(), Some(Intent::Critical | Intent::Down | Intent::Locked | Intent::InternalError))
        });
        [
            (self.asked && !self.agrees, Warning::DiffersFromAdvice),
            (sender == Sender::Undefined, Warning::Undefined),
            (
                (gives_up && (self.asked || is_to_come_again)) || (takes_as_done && is_to_come_again),
                Warning::NoRedelivery,
            ),
        ]
        .into_iter()
        .filter_map(|(holds, warning)| holds.then_some(warning))
    }
}

/// The wire form: `advice` of `answer.schema.json`.
impl Serialize for Advice<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("catalog", self.catalog.id())?;
        map.serialize_entry("as_of", self.catalog.as_of())?;
        map.serialize_entry("environment", &self.environment)?;
        map.serialize_entry("advised", &self.advised)?;
        map.serialize_entry("received", &self.received)?;
        map.serialize_entry("warnings", &self.warnings().collect::<alloc::vec::Vec<_>>())?;
        map.end()
    }
}

impl Serialize for Answer<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        match self.intent() {
            Some(intent) => {
                map.serialize_entry("intent", &intent)?;
                map.serialize_entry("status", &self.statuses().map(|(from, _)| from))?;
            }
            None => map.serialize_entry("statuses", &self.statuses().map(|(from, to)| [from, to]))?,
        }
        map.serialize_entry("code", &self.code())?;
        if self.intent().is_some() {
            map.serialize_entry("error_code", &self.error_code())?;
        }
        map.serialize_entry("sender", &self.sender())?;
        map.serialize_entry("title", self.title())?;
        if self.intent().is_some() {
            map.serialize_entry("remedy", &self.remedy())?;
        }
        let source: Source<'_> = self.source();
        map.serialize_entry("source", &source)?;
        map.serialize_entry("why", &self.why())?;
        map.end()
    }
}

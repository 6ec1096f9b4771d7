//! Evidence and a catalog make a classification, with the reasons.
//!
//! The order in which an entry is looked for is the one of ARCHITECTURE.md, "How an entry is found". Everything but
//! the details is made without allocating.

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};

use crate::details::Details;
use crate::evidence::{Code, Evidence, Findings, FoundCode, Layers};
use crate::hint::{self, Hint, Hints};
use crate::locale::{Locale, Messages};
use crate::tables::{Catalog, Content, Entry, Source};
use crate::vocabulary::{
    Audience, Category, Finality, HintSource, HintState, Match, Mode, Processed, Retry, Scope, Severity, Step,
    Unreadable, Words,
};

/// What an answer means.
#[derive(Clone, Debug)]
pub struct Classification<'a> {
    /// The catalog that was asked.
    pub catalog: Catalog<'a>,
    /// The entry that was found, with the catalog that owns it; `None` where there is none.
    pub entry: Option<Entry<'a>>,
    /// How it was found.
    pub found: Match,
    /// Its words, as the evidence leaves them.
    pub words: Words,
    /// What the server said about when to try again.
    pub hints: Hints,
    /// What the response says in its own words.
    pub details: Option<Details<'a>>,
    /// How it came to this, in order.
    pub because: Because<'a>,
    /// The language of its texts; `None` is English. See [`Registry::locale`](crate::Registry::locale).
    pub locale: Option<&'a Locale>,
}

/// What was found in one step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Found {
    /// Nothing to name.
    Nothing,
    /// A status.
    Status(u16),
    /// A code or failure that the entry of the step is keyed by, or one of its names.
    Listed,
    /// A code or failure that the catalog doesn't list; its text is not repeated.
    Unlisted,
    /// A success beside a status that says otherwise, which is not believed.
    Contradiction,
    /// Why the body could not be read.
    Body(Unreadable),
    /// How the request was sent.
    Mode(Mode),
    /// Where the server said how long to wait.
    Hint(HintSource),
}

/// One step of the way to a classification.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reason<'a> {
    /// What was looked at.
    pub step: Step,
    /// What was found there.
    pub found: Found,
    /// The entry it led to.
    pub entry: Option<Entry<'a>>,
}

/// How many steps a classification can have.
const MOST_STEPS: usize = 12;

/// The steps of the way to a classification: a small array, put into words when asked for.
#[derive(Clone, Copy, Debug)]
pub struct Because<'a> {
    steps: [Option<Reason<'a>>; MOST_STEPS],
}

/// No step, for a classification that is put together from what was kept of it.
impl Default for Because<'_> {
    fn default() -> Self {
        Self::NONE
    }
}

impl<'a> Because<'a> {
    const NONE: Self = Self { steps: [None; MOST_STEPS] };

    fn add(&mut self, step: Step, found: Found, entry: Option<Entry<'a>>) {
        if let Some(slot) = self.steps.iter_mut().find(|slot| slot.is_none()) {
            *slot = Some(Reason { step, found, entry });
        }
    }

    /// The steps, in order.
    pub fn iter(&self) -> impl Iterator<Item = &Reason<'a>> {
        self.steps.iter().map_while(Option::as_ref)
    }
}

impl<'a> Catalog<'a> {
    /// What came back, by this catalog.
    ///
    /// ```
    /// use retriage::{Evidence, catalog};
    /// use retriage::vocabulary::{Category, Retry};
    ///
    /// let redox = catalog("redox").expect("built in");
    /// let body = br#"Invalid source secret"#;
    /// let verdict = redox.classify(&Evidence { status: Some(401), body: Some(body), ..Evidence::default() });
    /// assert_eq!(verdict.words.category, Category::Unauthenticated);
    /// assert_eq!(verdict.words.retry, Retry::Escalate);
    /// ```
    #[must_use]
    pub fn classify(self, evidence: &Evidence<'a>) -> Classification<'a> {
        if evidence.is_silent(self) {
            let hints = Hints::default();
            let mut search = Search { catalog: self, evidence, findings: None, hints: &hints, because: Because::NONE };
            let Outcome { entry, found, words } = search.outcome();
            let because = search.because;
            return Classification { catalog: self, entry, found, words, hints, details: None, because, locale: None };
        }
        let mut layers = Layers::none(self);
        layers.lay(self, evidence);
        let mut findings = Findings::none(&layers, evidence);
        findings.read(self, evidence);
        let hints = hint::read(&findings.time, findings.retry_delay.as_deref(), evidence.status, evidence.now_ms);
        let mut search =
            Search { catalog: self, evidence, findings: Some(&findings), hints: &hints, because: Because::NONE };
        if let Some(unreadable) = findings.unreadable {
            let matters = unreadable != Unreadable::Empty || self.requires_evidence();
            if matters {
                search.because.add(Step::BodyUnreadable, Found::Body(unreadable), None);
            }
        }
        let Outcome { entry, found, words } = search.outcome();
        if let Some(hint) = hints.first() {
            let step = if hint.state == HintState::Invalid { Step::HintInvalid } else { Step::Hint };
            search.because.add(step, Found::Hint(hint.from), None);
        }
        let because = search.because;
        let details = (evidence.details && !findings.details.is_empty()).then_some(findings.details);
        Classification { catalog: self, entry, found, words, hints, details, because, locale: None }
    }
}

struct Outcome<'a> {
    entry: Option<Entry<'a>>,
    found: Match,
    words: Words,
}

impl<'a> Outcome<'a> {
    const UNKNOWN: Self = Self { entry: None, found: Match::Unknown, words: Words::UNKNOWN };

    fn of(entry: Entry<'a>, found: Match) -> Self {
        Self { entry: Some(entry), found, words: entry.words() }
    }
}

struct Search<'s, 'a> {
    catalog: Catalog<'a>,
    evidence: &'s Evidence<'a>,
    /// `None` where there is nothing to read.
    findings: Option<&'s Findings<'s, 'a>>,
    hints: &'s Hints,
    because: Because<'a>,
}

impl<'a> Search<'_, 'a> {
    fn outcome(&mut self) -> Outcome<'a> {
        let mut outcome = self.find();
        self.settle_mode(&mut outcome);
        outcome
    }

    fn find(&mut self) -> Outcome<'a> {
        if let Some(failure) = self.evidence.failure
            && let Some(outcome) = self.failure(failure)
        {
            return outcome;
        }
        if let Some(outcome) = self.codes() {
            return outcome;
        }
        if let Some(outcome) = self.conditions() {
            return outcome;
        }
        if self.catalog.requires_evidence() && self.evidence.status.is_some_and(|status| (200..300).contains(&status)) {
            self.because.add(Step::RequiredEvidence, Found::Nothing, None);
            return Outcome::UNKNOWN;
        }
        match self.evidence.status {
            Some(status) => self.status(status),
            None => self.unknown(Found::Nothing),
        }
    }

    fn unknown(&mut self, found: Found) -> Outcome<'a> {
        self.because.add(Step::Unknown, found, None);
        Outcome::UNKNOWN
    }

    /// A failure decides alone where no status came, or only an interim one. After a status of 300 or more the
    /// status is known and stays; after a 2xx the rest of the answer is what failed, so the request may have taken
    /// effect whatever the failure would mean by itself.
    fn failure(&mut self, failure: &str) -> Option<Outcome<'a>> {
        let entry = self.catalog.find_failure(failure.trim());
        let found = if entry.is_some() { Found::Listed } else { Found::Unlisted };
        match self.evidence.status {
            None => {
                self.because.add(Step::Failure, found, entry);
                Some(entry.map_or(Outcome::UNKNOWN, |entry| Outcome::of(entry, Match::Exact)))
            }
            Some(status) if status < 300 => {
                self.because.add(Step::FailureAfterStatus, found, entry);
                let mut outcome = entry.map_or(Outcome::UNKNOWN, |entry| Outcome::of(entry, Match::Exact));
                outcome.words.retry = Retry::Verify;
                outcome.words.processed = Processed::Maybe;
                Some(outcome)
            }
            Some(_) => {
                self.because.add(Step::FailureAfterStatus, found, entry);
                None
            }
        }
    }

    /// The caller's own code, then those of the response: the first that the catalog lists, or else the first that
    /// a range of it holds.
    fn codes(&mut self) -> Option<Outcome<'a>> {
        let own = self.evidence.code.map(|code| match code {
            Code::Number(number) => FoundCode::Number(number),
            Code::Name(name) => FoundCode::from_text(self.catalog, name),
        });
        let findings = self.findings;
        if own.is_none() && findings.is_none_or(|findings| findings.codes.is_empty()) {
            return None;
        }
        let found = || {
            let own = own.map(|code| (Step::Code, code));
            let read = findings.into_iter().flat_map(|findings| findings.codes.iter());
            own.into_iter().chain(read.map(|candidate| (candidate.step, candidate.code)))
        };
        let listed = |code| match code {
            FoundCode::Number(number) => self.catalog.find_number(number),
            FoundCode::Name(entry) => entry.map(|entry| (entry, Match::Exact)),
            FoundCode::Other => None,
        };
        // The caller's code alone is asked where it is given.
        let asked = if own.is_some() { 1 } else { usize::MAX };
        let best = |wanted: Match| {
            found().take(asked).find_map(|(step, code)| {
                listed(code).filter(|(_, found)| *found == wanted).map(|(entry, found)| (step, entry, found))
            })
        };
        let chosen = best(Match::Exact).or_else(|| best(Match::Range));
        let Some((step, entry, found)) = chosen else {
            if let Some((step, _)) = found().next() {
                self.because.add(step, Found::Unlisted, None);
            }
            return None;
        };
        // A body that says success under a status that says failure proves neither.
        let denied = self.evidence.status.is_some_and(|status| status >= 400);
        if step != Step::Code && denied && entry.words().category == Category::Success {
            self.because.add(step, Found::Contradiction, Some(entry));
            return None;
        }
        self.because.add(step, Found::Listed, Some(entry));
        if found == Match::Range {
            self.because.add(Step::Range, Found::Listed, Some(entry));
        }
        Some(self.variant(entry, found))
    }

    fn conditions(&mut self) -> Option<Outcome<'a>> {
        self.findings?;
        let entry = self
            .catalog
            .contents()
            .flat_map(Content::conditions)
            .find(|entry| self.is_under(*entry) && self.holds(entry.row.condition))?;
        self.because.add(Step::Condition, Found::Listed, Some(entry));
        Some(self.variant(entry, Match::Exact))
    }

    /// Whether the status is one under which a condition selects its entry.
    fn is_under(&self, entry: Entry<'a>) -> bool {
        let Some(status) = self.evidence.status else { return entry.row.under & 1 != 0 };
        let class = status / 100;
        (1..=5).contains(&class) && entry.row.under & 1 << class != 0
            || entry.tables.numbers(entry.row.statuses).contains(&u32::from(status))
    }

    fn holds(&self, condition: u32) -> bool {
        let Some(findings) = self.findings else { return false };
        self.catalog.world.condition(condition).is_some_and(|row| findings.holds(row))
    }

    fn status(&mut self, status: u16) -> Outcome<'a> {
        let Some((entry, found)) = self.catalog.find_status(status) else {
            return self.unknown(Found::Status(status));
        };
        let step = match found {
            Match::Range => Step::Range,
            Match::Class => Step::Class,
            _ => Step::Status,
        };
        self.because.add(step, Found::Status(status), Some(entry));
        self.variant(entry, found)
    }

    /// The first variant of an entry that holds, or the entry itself.
    fn variant(&mut self, entry: Entry<'a>, found: Match) -> Outcome<'a> {
        // A variant holds of something in the response.
        let Some(findings) = self.findings else { return Outcome::of(entry, found) };
        let holds = |variant: &Entry<'a>| {
            let Some(when) = variant.when() else { return false };
            let tables = variant.tables;
            (when.reasons.len == 0 || findings.has_reason(tables.numbers(when.reasons)))
                && (when.condition == 0 || self.holds(when.condition - 1))
                && (when.header.len == 0 || findings.has_header(tables.text(when.header)))
                && (!when.hint || self.hints.first().is_some_and(|hint| hint.state == HintState::Valid))
        };
        match entry.variants().find(holds) {
            Some(variant) => {
                self.because.add(Step::Variant, Found::Listed, Some(variant));
                Outcome::of(variant, Match::Variant)
            }
            None => Outcome::of(entry, found),
        }
    }

    /// How the request was sent settles how final a success is.
    fn settle_mode(&mut self, outcome: &mut Outcome<'a>) {
        let Some(mode) = self.evidence.mode else { return };
        if outcome.words.category == Category::Success {
            outcome.words.finality = match mode {
                Mode::Async => Finality::Accepted,
                Mode::Sync => Finality::Final,
            };
            self.because.add(Step::Mode, Found::Mode(mode), None);
        }
    }
}

impl<'a> Classification<'a> {
    /// The hint that counts by default.
    #[must_use]
    pub fn hint(&self) -> Option<Hint> {
        self.hints.first()
    }

    /// The name of what was found.
    #[must_use]
    pub fn title(&self) -> Option<&'a str> {
        self.entry.map(|entry| entry.title())
    }

    /// What to do, in one line.
    #[must_use]
    pub fn remedy(&self) -> Option<&'a str> {
        self.entry.map(|entry| entry.remedy())
    }

    /// The text for an audience in English: the entry's own, or that of the category.
    #[must_use]
    pub fn message(&self, audience: Audience) -> &'a str {
        Messages::new(self.entry, self.words.category, None).get(audience)
    }

    /// The texts for every audience, in the language of [`locale`](Self::locale).
    #[must_use]
    pub fn messages(&self) -> Messages<'a> {
        Messages::new(self.entry, self.words.category, self.locale)
    }

    /// The date of the catalog that owns the entry, or of the one that was asked.
    #[must_use]
    pub fn as_of(&self) -> &'a str {
        self.entry.map_or(self.catalog, |entry| entry.catalog()).as_of()
    }

    /// The document that says so.
    #[must_use]
    pub fn source(&self) -> Option<Source<'a>> {
        self.entry.map(|entry| entry.source())
    }

    /// How loudly to say it.
    #[must_use]
    pub fn severity(&self) -> Severity {
        self.words.severity
    }

    /// What a delay holds back.
    #[must_use]
    pub fn scope(&self) -> Scope {
        self.words.scope
    }
}

/// The wire form: `classification` of `answer.schema.json`.
impl Serialize for Classification<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let words = &self.words;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("catalog", self.catalog.asked())?;
        map.serialize_entry("entry", &self.entry.map(|entry| entry.id()))?;
        map.serialize_entry("as_of", self.as_of())?;
        map.serialize_entry("title", &self.title())?;
        map.serialize_entry("category", &words.category)?;
        map.serialize_entry("canonical", &words.canonical)?;
        map.serialize_entry("fault", &words.fault)?;
        map.serialize_entry("retry", &words.retry)?;
        map.serialize_entry("processed", &words.processed)?;
        map.serialize_entry("finality", &words.finality)?;
        map.serialize_entry("severity", &words.severity)?;
        map.serialize_entry("match", &self.found)?;
        map.serialize_entry("scope", &words.scope)?;
        map.serialize_entry("remedy", &self.remedy())?;
        map.serialize_entry("messages", &self.messages())?;
        map.serialize_entry("hint", &self.hint())?;
        map.serialize_entry("details", &self.details)?;
        map.serialize_entry("because", &self.because)?;
        map.end()
    }
}

impl Serialize for Hint {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(3))?;
        map.serialize_entry("state", &self.state)?;
        map.serialize_entry("delay_ms", &self.delay_ms)?;
        map.serialize_entry("from", &self.from)?;
        map.end()
    }
}

impl Serialize for Because<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(None)?;
        for reason in self.iter() {
            list.serialize_element(reason)?;
        }
        list.end()
    }
}

/// A text of its own closed set, or one that a catalog holds: never a text of the response.
impl Serialize for Reason<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(4))?;
        map.serialize_entry("step", &self.step)?;
        match self.found {
            Found::Nothing => map.serialize_entry("found", &())?,
            Found::Status(status) => map.serialize_entry("found", &status)?,
            Found::Listed => map.serialize_entry("found", &self.entry.map(|entry| entry.label()))?,
            Found::Unlisted => map.serialize_entry("found", "unlisted")?,
            Found::Contradiction => map.serialize_entry("found", "contradicts the status")?,
            Found::Body(unreadable) => map.serialize_entry("found", &unreadable)?,
            Found::Mode(mode) => map.serialize_entry("found", &mode)?,
            Found::Hint(from) => map.serialize_entry("found", &from)?,
        }
        map.serialize_entry("entry", &self.entry.map(|entry| entry.id()))?;
        map.serialize_entry("source", &self.entry.map(|entry| Shown(entry.source())))?;
        map.end()
    }
}

/// A value as its `Display` text.
pub(crate) struct Shown<T>(pub(crate) T);

impl<T: core::fmt::Display> Serialize for Shown<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

//! The built-in catalogs, and those that are loaded at run time.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::lint;
use crate::locale::{Locale, negotiate};
use crate::source::{File, Problem, read_catalogs, read_translations};
use crate::tables::{Catalog, Entry, Tables, built_in, skeletons};
use crate::vocabulary::Audience;
use crate::wire::{Error, Question};

/// The built-in catalogs and any that are loaded: vendors of your own, and overlays that add to, replace or silence
/// entries of built-in ones.
///
/// A registry never changes once it is made, is cheap to clone and free to share between threads; to load something
/// else, make another and let it take the place of the first. The functions of the crate itself see the built-in
/// catalogs only.
///
/// ```
/// use retriage::Registry;
/// use retriage::source::File;
///
/// let text = r#"{
///   "id": "acme", "name": "Acme", "as_of": "2026-11-21", "extends": "http",
///   "sources": { "doc": { "title": "Errors", "publisher": "Acme", "date": "2026-11-21" } },
///   "entries": [{
///     "status": 599, "title": "Warehouse closed", "category": "unavailable", "fault": "destination",
///     "retry": "backoff", "processed": "no", "remedy": "Wait for the next shift.", "source": "doc#Errors"
///   }]
/// }"#;
/// let registry = Registry::load(&[File { name: "acme.json", text }]).expect("no problems");
/// let answer = registry.answer(r#"{"catalog":"acme","status":599}"#);
/// assert!(answer.contains(r#""entry":"acme/599""#));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Registry {
    loaded: Option<Arc<Tables>>,
    locales: Option<Arc<[Locale]>>,
}

impl Registry {
    /// The built-in catalogs alone.
    pub const BUILT_IN: Self = Self { loaded: None, locales: None };

    /// The built-in catalogs and those of these files, which may extend and overlay each other and the built-in ones.
    /// The checks are those of the build.
    ///
    /// # Errors
    /// Every problem of every file, with its place. It is all or nothing: where there is a problem there is no
    /// registry.
    pub fn load(files: &[File<'_>]) -> Result<Self, Vec<Problem>> {
        Ok(Self::of(&read_catalogs(files, skeletons())?))
    }

    /// As [`load`](Self::load), with warnings of what is legal in these files but poor: texts that are missing,
    /// documents without a date, words that no source or reason explains. Each names the place it is about.
    ///
    /// # Errors
    /// As [`load`](Self::load).
    pub fn lint(files: &[File<'_>]) -> Result<(Self, Vec<Problem>), Vec<Problem>> {
        let sources = read_catalogs(files, skeletons())?;
        let registry = Self::of(&sources);
        let warnings = |source: &_, id: &str| registry.catalog(id).map(|catalog| lint::warnings(source, catalog));
        let warnings = sources.iter().filter_map(|source| warnings(source, &source.id)).flatten().collect();
        Ok((registry, warnings))
    }

    fn of(catalogs: &[crate::source::Catalog<'_>]) -> Self {
        Self { loaded: Some(Arc::new(Tables::load(catalogs))), locales: None }
    }

    /// These catalogs, with the languages of these files besides the built-in ones; one of the same tag as a
    /// built-in one stands in for it. A file has a text for every category; of an entry that has none there, the
    /// English text serves.
    ///
    /// # Errors
    /// Every problem of every file. It is all or nothing.
    pub fn with_locales(&self, files: &[File<'_>]) -> Result<Self, Vec<Problem>> {
        let entries = self.catalogs().flat_map(Catalog::entries);
        let own = entries
            .map(|entry| (String::from(entry.id()), entry.own_message(Audience::User).is_some()))
            .collect::<BTreeMap<_, _>>();
        let translations = read_translations(files, &own, false)?;
        let locales = translations.iter().map(|translation| Locale::load(translation, self.tables())).collect();
        Ok(Self { loaded: self.loaded.clone(), locales: Some(locales) })
    }

    /// The languages there are besides English.
    pub fn locales(&self) -> impl Iterator<Item = &Locale> + Clone {
        self.locales.iter().flat_map(|locales| locales.iter()).chain(crate::built_in_locales())
    }

    /// The language that serves a list of wishes best, the first wish first, by RFC 4647, section 3.4: `es-MX` finds
    /// `es`. `None` is English.
    #[must_use]
    pub fn locale(&self, wishes: &[&str]) -> Option<&Locale> {
        negotiate(self.locales(), wishes)
    }

    pub(crate) fn tables(&self) -> &Tables {
        self.loaded.as_deref().unwrap_or(built_in())
    }

    /// The catalog that answers to this id: an overlay before what it overlays.
    #[must_use]
    pub fn catalog(&self, id: &str) -> Option<Catalog<'_>> {
        self.tables().catalog(id)
    }

    /// The catalog at a [`place`](Catalog::place).
    #[must_use]
    pub fn catalog_at(&self, place: usize) -> Option<Catalog<'_>> {
        self.tables().catalog_at(place)
    }

    /// The catalog that answers to this id, for a question that has it at this place.
    ///
    /// # Errors
    /// There is no such catalog; the message names those there are.
    pub fn named(&self, id: &str, at: &str) -> Result<Catalog<'_>, Error> {
        self.catalog(id).ok_or_else(|| Error::unknown_catalog(self.tables(), at))
    }

    /// The entry of this number; see [`Entry::number`]. The numbers begin at 0, and there are no others past the first
    /// that has no entry.
    #[must_use]
    pub fn entry(&self, number: u32) -> Option<Entry<'_>> {
        self.tables().entry(number)
    }

    /// The catalogs, parents before children; one that is overlaid is left out for its overlay.
    pub fn catalogs(&self) -> impl Iterator<Item = Catalog<'_>> {
        self.tables().catalogs()
    }

    /// Answers a question of the wire form by these catalogs; see [`answer`](crate::answer).
    #[must_use]
    pub fn answer(&self, question: &str) -> String {
        let outcome = Question::parse_in(self, question).and_then(|question| question.answer());
        outcome.unwrap_or_else(|error| error.to_json())
    }
}

//! The built-in catalogs, and those that are loaded at run time.

use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::source::{File, Problem, read_catalogs};
use crate::tables::{Catalog, Tables, built_in, skeletons};
use crate::wire::Question;

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
}

impl Registry {
    /// The built-in catalogs alone.
    pub const BUILT_IN: Self = Self { loaded: None };

    /// The built-in catalogs and those of these files, which may extend and overlay each other and the built-in ones.
    /// The checks are those of the build.
    ///
    /// # Errors
    /// Every problem of every file, with its place. It is all or nothing: where there is a problem there is no
    /// registry.
    pub fn load(files: &[File<'_>]) -> Result<Self, Vec<Problem>> {
        let catalogs = read_catalogs(files, skeletons())?;
        Ok(Self { loaded: Some(Arc::new(Tables::load(&catalogs))) })
    }

    pub(crate) fn tables(&self) -> &Tables {
        self.loaded.as_deref().unwrap_or(built_in())
    }

    /// The catalog that answers to this id: an overlay before what it overlays.
    #[must_use]
    pub fn catalog(&self, id: &str) -> Option<Catalog<'_>> {
        self.tables().catalog(id)
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

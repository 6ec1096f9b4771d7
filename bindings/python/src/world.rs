//! A registry with what Python keeps beside it: texts as ready objects, and classifications that are made once.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use arrow_array::{ArrayRef, StringArray};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyString;
use retriage::source::File;
use retriage::{Catalog, Entry, Evidence, Registry};

use crate::batch::ByStatus;
use crate::classification::Classification;
use crate::error::{bad, not_loaded, refused};
use crate::json::str_of;

/// Statuses up to this one have a place for a classification that was made before.
const STATUSES: usize = 1_000;

/// A registry and what is kept beside it.
pub(crate) struct World {
    registry: Registry,
    /// The files it was loaded from, each a name and a text; none for the built-in catalogs.
    files: Vec<(String, String)>,
    /// The catalogs by the ids they are asked by.
    asked: Vec<Asked>,
    /// The texts of each entry, by its number.
    rows: Box<[PyOnceLock<Row>]>,
    /// The numbers of the entries by their ids.
    numbers: OnceLock<HashMap<String, u32>>,
    /// What each catalog says of a status alone, for the built-in catalogs. A loaded registry keeps none: they would
    /// hold it, and it them, for good.
    statuses: Box<[PyOnceLock<Py<Classification>>]>,
    /// What each catalog says of every status alone, for many at once.
    by_status: Box<[OnceLock<Box<ByStatus>>]>,
    /// The ids of the entries by their numbers, as a column.
    ids: OnceLock<ArrayRef>,
}

/// A catalog by the id it is asked by.
struct Asked {
    id: String,
    text: Py<PyString>,
    as_of: Py<PyString>,
}

/// The texts of an entry, as ready objects.
pub(crate) struct Row {
    pub(crate) id: Py<PyString>,
    pub(crate) as_of: Py<PyString>,
    pub(crate) title: Py<PyString>,
    pub(crate) remedy: Py<PyString>,
}

/// The place of a catalog among those of a world.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place(usize);

impl World {
    /// The built-in catalogs.
    pub(crate) fn built_in(py: Python<'_>) -> &'static Arc<Self> {
        static BUILT_IN: PyOnceLock<Arc<World>> = PyOnceLock::new();
        BUILT_IN.get_or_init(py, || {
            let mut world = Self::of(py, Registry::BUILT_IN, Vec::new());
            world.statuses = empty(world.asked.len() * STATUSES);
            Arc::new(world)
        })
    }

    /// The built-in catalogs and those of these files, each a name and a text.
    pub(crate) fn load(py: Python<'_>, files: Vec<(String, String)>) -> PyResult<Self> {
        let given: Vec<File<'_>> = files.iter().map(|(name, text)| File { name, text }).collect();
        let registry = py.detach(|| Registry::load(&given)).map_err(|problems| not_loaded(py, &problems))?;
        drop(given);
        Ok(Self::of(py, registry, files))
    }

    fn of(py: Python<'_>, registry: Registry, files: Vec<(String, String)>) -> Self {
        let ready = |text: &str| PyString::new(py, text).unbind();
        let asked = registry.catalogs().map(|catalog| Asked {
            id: catalog.asked().to_owned(),
            text: PyString::intern(py, catalog.asked()).unbind(),
            as_of: ready(catalog.as_of()),
        });
        let asked: Vec<Asked> = asked.collect();
        let entries = (0..).take_while(|number| registry.entry(*number).is_some()).count();
        Self {
            registry,
            files,
            by_status: asked.iter().map(|_| OnceLock::new()).collect(),
            asked,
            rows: empty(entries),
            numbers: OnceLock::new(),
            statuses: empty(0),
            ids: OnceLock::new(),
        }
    }

    pub(crate) fn registry(&self) -> &Registry {
        &self.registry
    }

    pub(crate) fn files(&self) -> &[(String, String)] {
        &self.files
    }

    /// Whether it is the one of the built-in catalogs.
    pub(crate) fn is_built_in(&self) -> bool {
        !self.statuses.is_empty()
    }

    /// The catalog that a caller names.
    pub(crate) fn named(&self, catalog: &Bound<'_, PyAny>) -> PyResult<Place> {
        let Ok(id) = catalog.cast::<PyString>() else {
            return Err(bad(catalog.py(), "/catalog", "must be the id of a catalog, such as \"http\""));
        };
        self.find(catalog.py(), str_of(id, "/catalog")?)
    }

    /// The catalog of this id.
    pub(crate) fn find(&self, py: Python<'_>, id: &str) -> PyResult<Place> {
        if let Some(place) = self.asked.iter().position(|asked| asked.id == id) {
            return Ok(Place(place));
        }
        // An overlay answers to its own id as well.
        let catalog = self.registry.named(id, "/catalog").map_err(|error| refused(py, &error))?;
        let place = self.asked.iter().position(|asked| asked.id == catalog.asked());
        Ok(Place(place.unwrap_or_default()))
    }

    /// The id by which a catalog is asked, and its date.
    pub(crate) fn texts(&self, place: Place) -> (&Py<PyString>, &Py<PyString>) {
        let asked = &self.asked[place.0];
        (&asked.text, &asked.as_of)
    }

    pub(crate) fn id(&self, place: Place) -> &str {
        &self.asked[place.0].id
    }

    pub(crate) fn catalog(&self, place: Place) -> Catalog<'_> {
        static BUILT_IN: OnceLock<Vec<Catalog<'static>>> = OnceLock::new();
        if self.is_built_in() {
            return BUILT_IN.get_or_init(|| retriage::catalogs().collect())[place.0];
        }
        let catalog = self.registry.catalog(self.id(place));
        // The id is one that the registry gave.
        catalog.or_else(|| retriage::catalog("http")).expect("http is always built in")
    }

    /// The entry of a number, and its texts.
    pub(crate) fn row<'w>(&'w self, py: Python<'_>, entry: Entry<'_>) -> &'w Row {
        self.rows[entry.number() as usize].get_or_init(py, || {
            let ready = |text: &str| PyString::new(py, text).unbind();
            Row {
                id: PyString::intern(py, entry.id()).unbind(),
                as_of: ready(entry.catalog().as_of()),
                title: ready(entry.title()),
                remedy: ready(entry.remedy()),
            }
        })
    }

    /// What a catalog says of every status alone.
    pub(crate) fn by_status(&self, place: Place) -> &ByStatus {
        self.by_status[place.0].get_or_init(|| ByStatus::of(self.catalog(place)))
    }

    /// The ids of the entries by their numbers, as a column.
    pub(crate) fn ids(&self) -> &ArrayRef {
        self.ids.get_or_init(|| {
            let entries = (0..).map_while(|number| self.registry.entry(number));
            Arc::new(entries.map(|entry| Some(entry.id())).collect::<StringArray>())
        })
    }

    /// The number of the entry of this id.
    pub(crate) fn number(&self, id: &str) -> Option<u32> {
        let numbers = self.numbers.get_or_init(|| {
            let numbered = (0..).map_while(|number| Some((self.registry.entry(number)?.id().to_owned(), number)));
            numbered.collect()
        });
        numbers.get(id).copied()
    }

    /// What a catalog says of a status alone.
    #[inline]
    pub(crate) fn of_status(
        self: &Arc<Self>,
        py: Python<'_>,
        place: Place,
        status: u16,
    ) -> PyResult<Option<Py<Classification>>> {
        let at = usize::from(status);
        let Some(slot) = self.statuses.get(place.0 * STATUSES + at).filter(|_| at < STATUSES) else {
            return Ok(None);
        };
        let made = slot.get_or_try_init(py, || {
            let evidence = Evidence { status: Some(status), ..Evidence::default() };
            let catalog = self.catalog(place);
            Py::new(py, Classification::of(py, self, place, &catalog.classify(&evidence), &evidence))
        });
        made.map(|made| Some(made.clone_ref(py)))
    }
}

fn empty<T>(length: usize) -> Box<[PyOnceLock<T>]> {
    (0..length).map(|_| PyOnceLock::new()).collect()
}

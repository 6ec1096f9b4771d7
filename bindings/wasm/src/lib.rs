//! What js/ calls: texts in, texts out, all of them JSON of the wire form.
//!
//! Nothing but a registry stays behind between two calls. Without `std` there is no machinery that words and prints
//! panics, which is a third of a small module; the core has none to word.
#![cfg_attr(target_arch = "wasm32", no_std)]

extern crate alloc;

use alloc::string::String;
use alloc::vec::Vec;

use retriage::source::{File, Problem};
use retriage::{Catalog, Entry, Error, Registry};
use serde::Serialize;
use wasm_bindgen::prelude::wasm_bindgen;

#[cfg(target_arch = "wasm32")]
mod bare {
    #[global_allocator]
    static ALLOCATOR: dlmalloc::GlobalDlmalloc = dlmalloc::GlobalDlmalloc;

    #[panic_handler]
    fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
        core::arch::wasm32::unreachable()
    }
}

/// A set of catalogs and languages.
#[wasm_bindgen]
#[derive(Default)]
pub struct Core {
    registry: Registry,
}

#[wasm_bindgen]
impl Core {
    /// The built-in catalogs, in English.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Puts the built-in catalogs and those of these files, a list of `[name, text]`, in the place of what there is.
    /// Gives `{problems, warnings}`; where there are problems, everything stays as it was.
    pub fn load(&mut self, files: &str) -> String {
        let outcome = with_files(files, Registry::lint);
        let (registry, warnings) = match outcome {
            Ok((registry, warnings)) => (Some(registry), Report { problems: &[], warnings: &warnings }.to_json()),
            Err(problems) => (None, Report { problems: &problems, warnings: &[] }.to_json()),
        };
        if let Some(registry) = registry {
            self.registry = registry;
        }
        warnings
    }

    /// Puts the languages of these files in the place of those there are, likewise.
    pub fn speak(&mut self, files: &str) -> String {
        match with_files(files, |files| self.registry.with_locales(files)) {
            Ok(registry) => {
                self.registry = registry;
                Report { problems: &[], warnings: &[] }.to_json()
            }
            Err(problems) => Report { problems: &problems, warnings: &[] }.to_json(),
        }
    }

    /// Answers a question of the wire form.
    #[must_use]
    pub fn answer(&self, question: &str) -> String {
        self.registry.answer(question)
    }

    /// The catalogs, parents before children.
    #[must_use]
    pub fn catalogs(&self) -> String {
        json(&self.registry.catalogs().collect::<Vec<_>>())
    }

    /// The entries of a catalog, as `ask: entry` gives each; an `error` where there is no such catalog.
    #[must_use]
    pub fn entries(&self, catalog: &str) -> String {
        self.of(catalog, |catalog| json(&catalog.entries().collect::<Vec<Entry<'_>>>()))
    }

    /// Where a catalog, and what it extends, looks for codes and reason texts.
    #[must_use]
    pub fn places(&self, catalog: &str) -> String {
        self.of(catalog, |catalog| {
            let all = |places: fn(Catalog<'_>) -> Vec<String>| catalog.chain().flat_map(places).collect();
            json(&Places { codes: all(|link| link.code_places()), reasons: all(|link| link.reason_places()) })
        })
    }

    /// The languages besides English.
    #[must_use]
    pub fn languages(&self) -> String {
        let language = |locale: &retriage::Locale| Language {
            tag: String::from(locale.tag()),
            name: String::from(locale.name()),
            direction: if locale.is_right_to_left() { "rtl" } else { "ltr" },
        };
        json(&self.registry.locales().map(language).collect::<Vec<_>>())
    }

    fn of(&self, catalog: &str, tell: impl FnOnce(Catalog<'_>) -> String) -> String {
        self.registry.named(catalog, "/catalog").map_or_else(|error| Error::to_json(&error), tell)
    }
}

/// The built-in profiles, as `profile.schema.json` writes them.
#[wasm_bindgen]
#[must_use]
pub fn profiles() -> String {
    json(&retriage::profiles())
}

/// What loading files came to.
#[derive(Serialize)]
struct Report<'a> {
    #[serde(serialize_with = "told")]
    problems: &'a [Problem],
    #[serde(serialize_with = "told")]
    warnings: &'a [Problem],
}

impl Report<'_> {
    fn to_json(&self) -> String {
        json(self)
    }
}

/// One thing that is wrong with a file, or poor in it.
#[derive(Serialize)]
struct Told<'a> {
    file: &'a str,
    line: Option<u32>,
    column: Option<u32>,
    entry: &'a str,
    field: &'a str,
    what: &'a str,
}

fn told<S: serde::Serializer>(problems: &&[Problem], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(problems.iter().map(|problem| Told {
        file: &problem.file,
        line: problem.place.map(|place| place.line),
        column: problem.place.map(|place| place.column),
        entry: &problem.entry,
        field: &problem.field,
        what: &problem.what,
    }))
}

#[derive(Serialize)]
struct Places {
    codes: Vec<String>,
    reasons: Vec<String>,
}

#[derive(Serialize)]
struct Language {
    tag: String,
    name: String,
    direction: &'static str,
}

/// Calls with files that came as a list of `[name, text]`.
fn with_files<T>(files: &str, call: impl FnOnce(&[File<'_>]) -> Result<T, Vec<Problem>>) -> Result<T, Vec<Problem>> {
    let named: Vec<(String, String)> = serde_json::from_str(files).map_err(|error| {
        let what = alloc::format!("not a list of [name, text]: {error}");
        Vec::from([Problem { file: String::new(), place: None, entry: String::new(), field: String::new(), what }])
    })?;
    let files: Vec<File<'_>> = named.iter().map(|(name, text)| File { name, text }).collect();
    call(&files)
}

/// A value as JSON. The values are the core's and this file's own, whose keys are texts, so that it can't fail.
fn json<T: Serialize + ?Sized>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

//! The JSON format of catalogs, formats and message files, and every check on them.
//!
//! The build script compiles this module too, so that what is built in and what is loaded at run time pass the
//! same checks with the same error texts. It reads; it looks nothing up.

mod bounds;
mod catalog;
mod check;
mod formats;
mod messages;
mod node;
mod profile;

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::profile::Profile;

pub use bounds::{MOST_BYTES, MOST_ENTRIES, MOST_LEVELS};
pub use catalog::*;
pub use formats::*;
pub use messages::*;
pub use node::Place;
pub(crate) use node::{Node, Reader};
pub use node::{Problem, Str};
pub use profile::PROFILE_FIELDS;
pub(crate) use profile::{BARE, DEFAULT_PROFILE};

/// The longest text, in characters.
pub const LONGEST_TEXT: usize = 2_000;
/// The longest name of a code or failure, in characters.
pub const LONGEST_NAME: usize = 200;
/// The longest chain of catalogs that extend each other.
pub const LONGEST_CHAIN: usize = 8;
/// How many tests the conditions along one chain may have together.
pub const MOST_TESTS: usize = 64;
/// How many places of codes one catalog or format may name.
pub const MOST_CODES: usize = 8;
/// How many places the fields of a body, or of the errors of one list, may be looked for at.
pub const MOST_PLACES: usize = 64;
/// The largest whole number that every JSON reader carries exactly.
pub const MAX_SAFE: i64 = 9_007_199_254_740_991;

/// One file: its name for errors, and its text.
#[derive(Clone, Copy, Debug)]
pub struct File<'a> {
    /// The name that errors carry.
    pub name: &'a str,
    /// What is in it.
    pub text: &'a str,
}

/// Everything that is compiled into tables, checked.
#[derive(Clone, Debug)]
pub struct Sources<'a> {
    /// The catalogs, parents before children.
    pub catalogs: Vec<Catalog<'a>>,
    /// The standard bodies, in the order of their words.
    pub formats: Vec<FormatDefinition<'a>>,
    /// The English texts.
    pub messages: Messages<'a>,
}

impl<'a> Sources<'a> {
    /// Reads and checks all files.
    ///
    /// # Errors
    /// Every problem of every file; nothing is kept where there is one.
    pub fn read(catalogs: &[File<'a>], formats: File<'a>, messages: File<'a>) -> Result<Self, Vec<Problem>> {
        let mut problems = Vec::new();
        let mut read = Vec::new();
        for file in catalogs {
            read.extend(self::read(*file, &mut problems, |reader| Catalog::read(reader, file.name)));
        }
        let formats = self::read(formats, &mut problems, FormatDefinition::read_all);
        let messages = self::read(messages, &mut problems, Messages::read);
        // A problem in one file would show up again as others between files.
        let (Some(formats), Some(messages), true) = (formats, messages, problems.is_empty()) else {
            return Err(problems);
        };
        let catalogs = check::check(read, 0)?;
        Ok(Self { catalogs, formats, messages })
    }
}

/// Reads and checks catalogs that stand on others, which are good already; parents come back before children.
///
/// # Errors
/// Every problem of every file; nothing is kept where there is one.
pub(crate) fn read_catalogs<'a>(
    files: &[File<'a>],
    ground: Vec<Catalog<'a>>,
) -> Result<Vec<Catalog<'a>>, Vec<Problem>> {
    let mut problems = Vec::new();
    let known = ground.len();
    let mut catalogs = ground;
    for file in files {
        if let Some(problem) = bounds::exceeded(*file) {
            problems.push(problem);
            continue;
        }
        let read = self::read(*file, &mut problems, |reader| Catalog::read(reader, file.name));
        let each = read.iter().flat_map(|catalog| &catalog.entries);
        let entries: usize = each.map(|entry| 1 + entry.variants.len()).sum();
        if entries > MOST_ENTRIES {
            let what = format!("has {entries} entries, variants included; at most {MOST_ENTRIES}");
            let (file, field) = (file.name.to_string(), "entries".to_string());
            problems.push(Problem { file, place: None, entry: String::new(), field, what });
        }
        catalogs.extend(read);
    }
    if problems.is_empty() { check::check(catalogs, known) } else { Err(problems) }
}

/// Reads and checks locales. `own` says of each entry's id whether it has a user text of its own in English; a
/// complete locale has a text for each that does.
///
/// # Errors
/// Every problem of every file; nothing is kept where there is one.
pub fn read_translations<'a>(
    files: &[File<'a>],
    own: &BTreeMap<String, bool>,
    is_complete: bool,
) -> Result<Vec<Translation<'a>>, Vec<Problem>> {
    let mut problems = Vec::new();
    let mut translations = Vec::new();
    for file in files {
        if let Some(problem) = bounds::exceeded(*file) {
            problems.push(problem);
            continue;
        }
        let Some(translation) = read(*file, &mut problems, Translation::read) else { continue };
        translation.check(file.name, own, is_complete, &mut problems);
        translations.push(translation);
    }
    if problems.is_empty() { Ok(translations) } else { Err(problems) }
}

/// Reads and checks profiles; they come back in the order of their ids.
///
/// # Errors
/// Every problem of every file; nothing is kept where there is one.
pub fn read_profiles(files: &[File<'_>]) -> Result<Vec<Profile>, Vec<Problem>> {
    let mut problems = Vec::new();
    let mut profiles: Vec<Profile> = Vec::new();
    for file in files {
        let Some(profile) = read(*file, &mut problems, Profile::read_file) else { continue };
        if profiles.iter().any(|other| other.id == profile.id) {
            let what = format!("\"{}\" is the id of another file too", profile.id);
            let (file, field) = (file.name.to_string(), "id".to_string());
            problems.push(Problem { file, place: None, entry: String::new(), field, what });
        }
        profiles.push(profile);
    }
    profiles.sort_by(|one, other| one.id.cmp(&other.id));
    if problems.is_empty() { Ok(profiles) } else { Err(problems) }
}

fn read<'a, T>(
    file: File<'a>,
    problems: &mut Vec<Problem>,
    read: impl FnOnce(&mut node::Reader<'a>) -> Option<T>,
) -> Option<T> {
    let mut reader = node::Reader::new(file.name, file.text);
    let value = read(&mut reader);
    problems.append(&mut reader.problems);
    value
}

/// A reason text as it is compared: trimmed, letter case and one final full stop ignored.
#[must_use]
pub fn normal_reason(text: &str) -> String {
    let text = text.trim();
    text.strip_suffix('.').unwrap_or(text).chars().flat_map(char::to_lowercase).collect()
}

//! Reads `codes/`, checks all of it, and prints it as tables.
//!
//! It uses no network, no clock and no random source: the same files give the same text. A mistake in a file ends
//! the build with `file:line:column: entry: field: what is wrong`, one line a mistake.

#![allow(unreachable_pub, dead_code, unused_imports, reason = "modules of the core, of which the build uses a part")]

extern crate alloc;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{Debug, Write as _};
use std::path::{Path, PathBuf};
use std::{env, fs, process};

#[path = "core/calendar.rs"]
mod calendar;
#[path = "core/profile.rs"]
mod profile;
#[path = "core/source/mod.rs"]
mod source;
#[path = "core/vocabulary.rs"]
mod vocabulary;

#[path = "core/tables"]
mod tables {
    pub(crate) mod compile;
    pub(crate) mod hash;
    pub(crate) mod rows;
}

use phf_generator::HashState;
use phf_shared::Hashes;
use profile::Profile;
use source::{File, Problem, Sources, Translation};
use tables::compile::Built;
use tables::hash;
use tables::rows::TRANSPORT;

fn main() {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets CARGO_MANIFEST_DIR"));
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    // A folder is watched for files that appear, each file for its text.
    for watched in
        ["build.rs", "core/source", "core/tables", "core/vocabulary.rs", "core/calendar.rs", "core/profile.rs", "codes"]
    {
        println!("cargo::rerun-if-changed={watched}");
    }
    let catalogs = folder(&root, "codes/catalogs");
    let profiles = folder(&root, "codes/profiles");
    let formats = file(&root, "codes/formats.json");
    let messages = file(&root, "codes/messages/en.json");

    let locales: Vec<(String, String)> =
        folder(&root, "codes/messages").into_iter().filter(|(name, _)| *name != messages.0).collect();
    let locale_files: Vec<File<'_>> = locales.iter().map(|(name, text)| File { name, text }).collect();
    let files: Vec<File<'_>> = catalogs.iter().map(|(name, text)| File { name, text }).collect();
    let profile_files: Vec<File<'_>> = profiles.iter().map(|(name, text)| File { name, text }).collect();
    let mut sources = Sources::read(
        &files,
        File { name: &formats.0, text: &formats.1 },
        File { name: &messages.0, text: &messages.1 },
    )
    .unwrap_or_else(|problems| mistaken(&problems));
    let profiles = source::read_profiles(&profile_files).unwrap_or_else(|problems| mistaken(&problems));
    let mut translations = source::read_translations(&locale_files, &own_texts(&sources), true)
        .unwrap_or_else(|problems| mistaken(&problems));
    // Everything is checked; what is left out is left out of the tables.
    sources.catalogs.retain(|catalog| ALWAYS.contains(&&*catalog.id) || is_wanted("CATALOG", &catalog.id));
    translations.retain(|translation| is_wanted("LOCALE", &translation.locale));
    let built = Built::compile(&sources);
    for (name, text) in [
        ("tables.rs", print(&built)),
        ("profiles.rs", print_profiles(&profiles)),
        ("locales.rs", print_locales(&translations, &built)),
    ] {
        let target = out.join(name);
        fs::write(&target, text).unwrap_or_else(|error| fail(&format!("{}: {error}", target.display())));
    }
}

/// The catalogs that the others stand on.
const ALWAYS: [&str; 2] = ["http", TRANSPORT];

/// Whether the feature of all, `catalogs`, or that of one, such as `catalog-redox`, is on.
fn is_wanted(kind: &str, id: &str) -> bool {
    let name = id.to_ascii_uppercase().replace('-', "_");
    let is_on = |feature: String| env::var_os(format!("CARGO_FEATURE_{feature}")).is_some();
    is_on(format!("{kind}S")) || is_on(format!("{kind}_{name}"))
}

fn mistaken(problems: &[Problem]) -> ! {
    for problem in problems {
        eprintln!("{problem}");
    }
    fail(&format!("codes/ has {} mistakes; each is named above", problems.len()))
}

fn fail(what: &str) -> ! {
    eprintln!("{what}");
    process::exit(1)
}

/// Every JSON file of a folder, by name, with its path from the package's root.
fn folder(root: &Path, name: &str) -> Vec<(String, String)> {
    let entries = fs::read_dir(root.join(name)).unwrap_or_else(|error| fail(&format!("{name}: {error}")));
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap_or_else(|error| fail(&format!("{name}: {error}"))))
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|file| file.ends_with(".json"))
        .collect();
    names.sort();
    names.iter().map(|file_name| file(root, &format!("{name}/{file_name}"))).collect()
}

fn file(root: &Path, name: &str) -> (String, String) {
    let bytes = fs::read(root.join(name)).unwrap_or_else(|error| fail(&format!("{name}: {error}")));
    let text = String::from_utf8(bytes).unwrap_or_else(|error| {
        let read = error.utf8_error().valid_up_to();
        let before = String::from_utf8_lossy(&error.as_bytes()[..read]);
        let line = before.matches('\n').count() + 1;
        let column = before.chars().rev().take_while(|found| *found != '\n').count() + 1;
        fail(&format!("{name}:{line}:{column}: not UTF-8: no character begins with this byte"))
    });
    (name.to_owned(), text)
}

fn print(built: &Built<'_>) -> String {
    let mut out = String::from("// Printed by build.rs from codes/.\n");
    let list = |out: &mut String, name: &str, of: &str, rows: &dyn Fn() -> (usize, String)| {
        let (count, text) = rows();
        let _ = writeln!(out, "static {name}: [{of}; {count}] = {text};");
    };
    fn rows<T: Debug>(rows: &[T]) -> (usize, String) {
        (rows.len(), format!("{rows:?}"))
    }
    list(&mut out, "TEXTS", "Span", &|| rows(&built.texts));
    list(&mut out, "NUMBERS", "u32", &|| rows(&built.numbers));
    list(&mut out, "PAGES", "u32", &|| rows(&built.pages));
    list(&mut out, "CELLS", "Cell", &|| rows(&built.cells));
    list(&mut out, "SPARSE", "SparseRow", &|| rows(&built.sparse));
    list(&mut out, "WIDE", "WideRow", &|| rows(&built.wide));
    list(&mut out, "CATALOGS", "CatalogRow", &|| rows(&built.catalogs));
    list(&mut out, "ENTRIES", "EntryRow", &|| rows(&built.entries));
    list(&mut out, "WHENS", "WhenRow", &|| rows(&built.whens));
    list(&mut out, "CONDITIONS", "ConditionRow", &|| rows(&built.conditions));
    list(&mut out, "TESTS", "TestRow", &|| rows(&built.tests));
    list(&mut out, "LITERALS", "LiteralRow", &|| rows(&built.literals));
    list(&mut out, "NODES", "NodeRow", &|| rows(&built.nodes));
    list(&mut out, "ACTIONS", "ActionRow", &|| rows(&built.actions));
    list(&mut out, "DOCUMENTS", "DocumentRow", &|| rows(&built.documents));
    list(&mut out, "LIMITS", "LimitRow", &|| rows(&built.limits));
    list(&mut out, "ANSWERS", "AnswerRow", &|| rows(&built.answers));
    list(&mut out, "FORMATS", "LayerRow", &|| rows(&built.formats));
    list(&mut out, "MEDIA_TYPES", "(Span, u8)", &|| rows(&built.media_types));
    list(&mut out, "CATEGORIES", "[Span; 3]", &|| rows(&built.categories));
    let names: Vec<String> =
        built.names.iter().map(|spaces| format!("[{}]", spaces.each_ref().map(print_names).join(", "))).collect();
    let _ = writeln!(out, "static NAMES: [[Names; 2]; {}] = [{}];", names.len(), names.join(",\n"));
    let _ = writeln!(
        out,
        "static TABLES: Tables = Tables {{ before: Before {{ catalogs: 0, entries: 0, conditions: 0 }}, \
         strings: Cow::Borrowed({:?}), texts: Cow::Borrowed(&TEXTS), numbers: Cow::Borrowed(&NUMBERS), \
         pages: Cow::Borrowed(&PAGES), cells: Cow::Borrowed(&CELLS), sparse: Cow::Borrowed(&SPARSE), \
         wide: Cow::Borrowed(&WIDE), catalogs: Cow::Borrowed(&CATALOGS), entries: Cow::Borrowed(&ENTRIES), \
         whens: Cow::Borrowed(&WHENS), conditions: Cow::Borrowed(&CONDITIONS), tests: Cow::Borrowed(&TESTS), \
         literals: Cow::Borrowed(&LITERALS), nodes: Cow::Borrowed(&NODES), actions: Cow::Borrowed(&ACTIONS), \
         documents: Cow::Borrowed(&DOCUMENTS), limits: Cow::Borrowed(&LIMITS), answers: Cow::Borrowed(&ANSWERS), \
         names: NamesOfCatalogs::Printed(&NAMES), reasons: {}, longest_reason: {}, transport: {} }};",
        built.strings,
        print_names(&built.reasons),
        built.longest_reason(),
        built.catalogs.iter().position(|row| built.strings[row.id.range()] == *TRANSPORT).unwrap_or(usize::MAX),
    );
    out.push_str(
        "static COMMON: Common = \
         Common { formats: &FORMATS, media_types: &MEDIA_TYPES, categories: &CATEGORIES };\n",
    );
    out
}

/// Of each entry's id, whether it has a user text of its own. A variant that has its entry's text has none.
fn own_texts(sources: &Sources<'_>) -> BTreeMap<String, bool> {
    let mut own = BTreeMap::new();
    for catalog in &sources.catalogs {
        for entry in &catalog.entries {
            let [user, ..] = &entry.texts;
            own.insert(format!("{}/{}", catalog.id, entry.label()), user.is_some());
            for variant in &entry.variants {
                let [text, ..] = &variant.texts;
                own.insert(format!("{}/{}", catalog.id, variant.label()), text.is_some() && text != user);
            }
        }
    }
    own
}

fn print_locales(translations: &[Translation<'_>], built: &Built<'_>) -> String {
    let mut out = String::from("// Printed by build.rs from codes/messages.\n");
    let ids: BTreeMap<&str, usize> = built
        .entries
        .iter()
        .enumerate()
        .map(|(at, row)| (&built.strings[row.id.at as usize..][..row.id.len as usize], at))
        .collect();
    let mut printed = Vec::new();
    for translation in translations {
        let mut strings = String::new();
        let mut keep = |text: &str| {
            let span = format!("Span {{ at: {}, len: {} }}", strings.len(), text.len());
            strings.push_str(text);
            span
        };
        let categories: Vec<String> = translation.categories.iter().map(|text| keep(text)).collect();
        let mut entries: Vec<(usize, String)> =
            translation.entries.iter().filter_map(|(id, text, _)| ids.get(&**id).map(|at| (*at, keep(text)))).collect();
        entries.sort();
        let entries: Vec<String> = entries.into_iter().map(|(at, span)| format!("({at}, {span})")).collect();
        printed.push(format!(
            "Locale {{ tag: Cow::Borrowed({:?}), name: Cow::Borrowed({:?}), right_to_left: {}, \
             strings: Cow::Borrowed({strings:?}), categories: Cow::Borrowed(&[{}]), entries: Cow::Borrowed(&[{}]) }}",
            translation.locale,
            translation.name,
            translation.right_to_left,
            categories.join(", "),
            entries.join(", "),
        ));
    }
    let _ = writeln!(out, "static LOCALES: [Locale; {}] = [{}];", printed.len(), printed.join(",\n"));
    out
}

/// How a part of a profile stands in Rust.
trait Print {
    fn print(&self) -> String;
}

macro_rules! print_as_debug {
    ($($type:ty),*) => { $(impl Print for $type { fn print(&self) -> String { format!("{self:?}") } })* };
}
print_as_debug!(bool, u8, u16, u32, u64, i64, f64);

macro_rules! print_word {
    ($($type:ident),*) => {
        $(impl Print for vocabulary::$type { fn print(&self) -> String { format!("vocabulary::{}", self.path()) } })*
    };
}
print_word!(
    Charge,
    FailureKind,
    Growth,
    HintForm,
    HintNeed,
    HintUse,
    InvalidHint,
    JitterKind,
    Match,
    Over,
    Scope,
    Select
);

macro_rules! print_struct {
    ($($type:ident { $($field:ident),* })*) => {
        $(impl Print for profile::$type {
            fn print(&self) -> String {
                let fields = [$(format!("{}: {}", stringify!($field), self.$field.print())),*];
                format!("profile::{} {{ {} }}", stringify!($type), fields.join(", "))
            }
        })*
    };
}
print_struct! {
    Profile {
        id, name, about, sources, why, attempts, deadline_ms, select, rules, decisive_header, refusing_header,
        repeats_unsafe, environments, modes, backoff, jitter, hints, exceptions, budget, scope, alert
    }
    AlertPolicy { depth, refused, unanswered, opens, closes, zone }
    ProfileSource { key, title, publisher, date, read }
    Statuses { from, to }
    Rule { statuses, codes, failures, not_failures, entries, found, methods, not_methods, hint }
    Backoff { growth, base_ms, factor, cap_ms, schedule_ms, first_ms }
    Jitter { kind, ratio, ms, capped }
    HintPolicy {
        classified, from, statuses, ignore_zero, past_ms, invalid, limit_ms, over, using, clamp_ms, clamp_times,
        jitter, restarts
    }
    HintHeader { header, forms, epoch_from, single }
    Exception { when, backoff, floor_ms, cost, scope }
    BudgetPolicy { capacity, cost, charge, threshold, refund, idle_refund }
}

impl Print for profile::Text {
    fn print(&self) -> String {
        format!("Cow::Borrowed({:?})", &**self)
    }
}

impl<T: Print + Clone> Print for profile::List<T> {
    fn print(&self) -> String {
        let items: Vec<String> = self.iter().map(Print::print).collect();
        format!("Cow::Borrowed(&[{}])", items.join(", "))
    }
}

impl<T: Print> Print for Option<T> {
    fn print(&self) -> String {
        self.as_ref().map_or_else(|| "None".to_owned(), |value| format!("Some({})", value.print()))
    }
}

impl Print for profile::ProfileCode {
    fn print(&self) -> String {
        match self {
            Self::Number(number) => format!("profile::ProfileCode::Number({number})"),
            Self::Name(name) => format!("profile::ProfileCode::Name({})", name.print()),
        }
    }
}

impl Print for profile::ProfileFailure {
    fn print(&self) -> String {
        match self {
            Self::Kind(kind) => format!("profile::ProfileFailure::Kind({})", kind.print()),
            Self::Name(name) => format!("profile::ProfileFailure::Name({})", name.print()),
        }
    }
}

fn print_profiles(profiles: &[Profile]) -> String {
    let printed: Vec<String> = profiles.iter().map(Print::print).collect();
    format!(
        "// Printed by build.rs from codes/profiles.\nstatic PROFILES: [profile::Profile; {}] = [{}];\n",
        printed.len(),
        printed.join(",\n")
    )
}

/// A perfect hash of names. Every name is looked up in what is printed, as it will be.
fn print_names(names: &BTreeMap<String, u32>) -> String {
    let listed: Vec<(&String, &u32)> = names.iter().collect();
    // phf tries one key after the other for ever where two names have the same hash by each.
    let mut told_apart = BTreeSet::new();
    for (name, _) in &listed {
        assert!(told_apart.insert([0, 1].map(|key| hash::hash(name, key))), "{name} has the hash of another name");
    }
    let hashes = |(name, _): &(&String, &u32), key: &u64| {
        // Only phf can make one.
        let mut hashes: Hashes = phf_shared::hash("", key);
        [hashes.g, hashes.f1, hashes.f2] = hash::hash(name, *key);
        hashes
    };
    let HashState { key, disps, map } = phf_generator::generate_hash_with_hash_fn(&listed, hashes);
    let (buckets, places) = (hash::Divisor::new(disps.len()), hash::Divisor::new(listed.len()));
    for (number, (name, _)) in listed.iter().enumerate() {
        let [bucket, first, second] = hash::hash(name, key);
        let place = places.remainder(hash::displaced(first, second, disps[buckets.remainder(bucket)]));
        assert_eq!(map[place], number, "{name} is not where its hash says");
    }
    let placed: Vec<(&String, &u32)> = map.iter().map(|number| listed[*number]).collect();
    format!("Names::Perfect(Hashed::new({key}, &{disps:?}, &{placed:?}))")
}

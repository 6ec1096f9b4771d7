//! `retriage/codes`: the catalogs as tables in plain JavaScript, one module each.
//!
//! What a number or name means is asked of the core here, for every key there is, and written down. So the tables
//! need no rule but "the catalog's own line, or else its parent's", and can't disagree with the core.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use retriage::vocabulary::{
    Audience, Canonical, Category, Fault, Finality, Match, Processed, Retry, Scope, Severity, Words,
};
use retriage::{Catalog, Classification, Code, Entry, Evidence};

use crate::words::{quoted, sets};

/// How far statuses reach in the core's tables, and how far codes do.
const STATUSES: i64 = 999;
const CODES: i64 = 65_535;

/// The modules, by their names.
pub(crate) fn modules() -> Result<Vec<(String, String)>, String> {
    let mut modules = Vec::new();
    let mut index = String::from(
        "// Generated from codes/ by `cargo xtask pack-npm`.\nimport { find, type Code, type Table } from \"./table.js\";\n",
    );
    let mut ids = Vec::new();
    for catalog in retriage::catalogs() {
        let name = constant(catalog.id());
        let _ = writeln!(index, "import {{ {name} }} from \"./{}.js\";", catalog.id());
        modules.push((format!("codes/{}.ts", catalog.id()), module(catalog)?));
        ids.push((catalog.id(), name));
    }
    let names: Vec<&str> = ids.iter().map(|(_, name)| name.as_str()).collect();
    let _ = writeln!(index, "\nexport {{ {} }};\nexport type {{ Code, Table }};\n", names.join(", "));
    let known: Vec<String> = ids.iter().map(|(id, name)| format!("  {}: {name},", quoted(id))).collect();
    let _ = writeln!(
        index,
        "const CATALOGS = {{\n{}\n}};\n\n\
         /** The ids of the catalogs. */\nexport type CatalogId = keyof typeof CATALOGS;\n\n\
         /**\n * What a code means. A number is a code where the catalog knows it as one, and a status otherwise; a text is a\n \
         * code's name, or a failure's. What nobody lists is `unknown`; nothing is thrown for it.\n *\n \
         * This function brings every catalog along. A page that needs one imports it by its name: `updox.code(4651)`.\n */\n\
         export function lookup(catalog: CatalogId, key: number | string): Code {{\n  \
         return find(CATALOGS[catalog], transport, key);\n}}",
        known.join("\n")
    );
    modules.push(("codes/index.ts".to_owned(), index));
    modules.push(("codes/texts.ts".to_owned(), texts()));
    Ok(modules)
}

/// The name of a catalog's constant: `redox-2017` is `redox2017`.
fn constant(id: &str) -> String {
    let mut name = String::new();
    let mut upper = false;
    for letter in id.chars() {
        match letter {
            '-' => upper = true,
            _ if upper => {
                name.extend(letter.to_uppercase());
                upper = false;
            }
            _ => name.push(letter),
        }
    }
    name
}

/// The user texts of the categories that have one somewhere, and the words, both by number.
fn texts() -> String {
    let mut text = String::from("// Generated from core/ and codes/ by `cargo xtask pack-npm`.\n");
    let entries: Vec<Entry<'_>> = retriage::catalogs().flat_map(Catalog::entries).collect();
    let user = |category: &Category| {
        let of =
            |entry: &&Entry<'_>| entry.words().category == *category && entry.own_message(Audience::User).is_none();
        quoted(entries.iter().find(of).map_or("", |entry| entry.message(Audience::User)))
    };
    let users: Vec<String> = Category::ALL.iter().map(user).collect();
    let _ = writeln!(text, "export const USER: readonly string[] = [\n  {},\n];", users.join(",\n  "));
    let unknown = line("", &Found::unknown());
    let _ = writeln!(text, "export const UNKNOWN = {}.split(\"\\t\");", quoted(unknown.trim_start_matches('\t')));
    for set in sets() {
        if FIELDS.contains(&set.name) || set.name == "Match" {
            let words: Vec<&str> = set.words.iter().map(|(word, _)| *word).collect();
            let name = set.name.to_uppercase();
            let _ = writeln!(text, "export const {name} = {}.split(\" \");", quoted(&words.join(" ")));
        }
    }
    text
}

/// The sets that a line has a word of, in the order in which it has them.
const FIELDS: [&str; 8] = ["Category", "Canonical", "Fault", "Retry", "Processed", "Finality", "Severity", "Scope"];

/// Words as one letter or digit each: where they stand in their sets, to the base of 36.
fn packed(words: Words) -> String {
    let places = [
        place(Category::ALL, words.category),
        place(Canonical::ALL, words.canonical),
        place(Fault::ALL, words.fault),
        place(Retry::ALL, words.retry),
        place(Processed::ALL, words.processed),
        place(Finality::ALL, words.finality),
        place(Severity::ALL, words.severity),
        place(Scope::ALL, words.scope),
    ];
    places.iter().filter_map(|place| char::from_digit(*place, 36)).collect()
}

/// Where a word stands in its set.
fn place<T: PartialEq>(set: &[T], word: T) -> u32 {
    let found = set.iter().position(|other| *other == word).unwrap_or_default();
    u32::try_from(found).unwrap_or_default()
}

/// What a key leads to: an entry or none, and how it was found.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Found {
    entry: Option<String>,
    found: Match,
    /// The rest of its line.
    line: String,
}

impl Found {
    fn unknown() -> Self {
        Self { entry: None, found: Match::Unknown, line: format!("{}\t\t", packed(Words::UNKNOWN)) }
    }

    fn of(classification: &Classification<'_>) -> Self {
        let title = classification.title().unwrap_or_default();
        let own = classification.entry.and_then(|entry| entry.own_message(Audience::User)).unwrap_or_default();
        let line = format!("{}\t{title}\t{own}", packed(classification.words));
        Self { entry: classification.entry.map(|entry| entry.id().to_owned()), found: classification.found, line }
    }
}

/// The module of one catalog.
fn module(catalog: Catalog<'static>) -> Result<String, String> {
    let by_status = |of: Catalog<'static>, status: i64| {
        let evidence = Evidence { status: u16::try_from(status).ok(), ..Evidence::default() };
        Found::of(&of.classify(&evidence))
    };
    let by_code = |of: Catalog<'static>, code: i64| {
        let evidence = Evidence { code: Some(Code::Number(code)), ..Evidence::default() };
        Found::of(&of.classify(&evidence))
    };
    let statuses = lines(catalog, STATUSES, i64::from(u16::MAX), by_status);
    let mut codes = lines(catalog, CODES, -1, by_code);
    codes.extend(named(catalog, "code")?);
    let failures = named(catalog, "failure")?;
    let parent = catalog.parent().map(|parent| constant(parent.id()));
    let import = match (&parent, catalog.parent()) {
        (Some(name), Some(parent)) => format!("import {{ {name} }} from \"./{}.js\";\n", parent.id()),
        _ => String::new(),
    };
    let about = format!("{}, as of {}.", catalog.name(), catalog.as_of());
    let arguments: Vec<String> = [statuses, codes, failures].iter().map(|lines| quoted(&lines.join("\n"))).collect();
    Ok(format!(
        "// Generated from codes/catalogs/{id}.json by `cargo xtask pack-npm`.\n\
         import {{ Table }} from \"./table.js\";\n{import}\n\
         /** {about} */\n\
         export const {name} = new Table({quoted}, {parent}, {arguments});\n",
        id = catalog.id(),
        name = constant(catalog.id()),
        quoted = quoted(catalog.id()),
        parent = parent.as_deref().unwrap_or("undefined"),
        arguments = arguments.join(", "),
    ))
}

/// How often a meaning may come for its numbers to be written one by one.
const FEW: usize = 4;

/// The key of what no line lists.
const OTHERS: &str = "*";

/// The lines of the numbers from 0 on that mean something else here than in the parent. `beyond` is a number that
/// nobody lists.
fn lines(
    catalog: Catalog<'static>,
    last: i64,
    beyond: i64,
    find: impl Fn(Catalog<'static>, i64) -> Found,
) -> Vec<String> {
    let in_parent = |number: i64| catalog.parent().map_or_else(Found::unknown, |parent| find(parent, number));
    let others = find(catalog, beyond);
    let has_others = others != in_parent(beyond);
    let mut keys: BTreeMap<i64, Found> = BTreeMap::new();
    for number in 0..=last {
        let found = find(catalog, number);
        if found != if has_others { others.clone() } else { in_parent(number) } {
            keys.insert(number, found);
        }
    }
    let mut counts: BTreeMap<&Found, usize> = BTreeMap::new();
    for found in keys.values() {
        *counts.entry(found).or_default() += 1;
    }
    // A single number is looked at first, so that a span may pass over it.
    let is_single = |number: i64| keys.get(&number).is_some_and(|found| counts[found] <= FEW);
    let mut order: Vec<(&Found, Vec<String>)> = Vec::new();
    let mut add = |found, key: String| match order.iter_mut().find(|(known, _)| *known == found) {
        Some((_, keys)) => keys.push(key),
        None => order.push((found, vec![key])),
    };
    let mut passed: BTreeMap<&Found, i64> = BTreeMap::new();
    for (number, found) in &keys {
        if is_single(*number) {
            add(found, number.to_string());
            continue;
        }
        if passed.get(found).is_some_and(|passed| number <= passed) {
            continue;
        }
        let mut end = *number;
        let mut next = end + 1;
        while is_single(next) || keys.get(&next) == Some(found) {
            if !is_single(next) {
                end = next;
            }
            next += 1;
        }
        passed.insert(found, end);
        add(found, format!("{number}-{end}"));
    }
    let mut lines: Vec<String> = order.into_iter().map(|(found, keys)| line(&keys.join(" "), found)).collect();
    if has_others {
        lines.push(line(OTHERS, &others));
    }
    lines
}

/// The lines of the keys that are names.
fn named(catalog: Catalog<'static>, kind: &str) -> Result<Vec<String>, String> {
    let entries =
        catalog.entries().filter(|entry| entry.key_kind() == kind && !entry.is_variant() && !entry.is_range());
    let mut lines = Vec::new();
    for entry in entries {
        let names: Vec<&str> = std::iter::once(entry.label())
            .chain(entry.names())
            .filter(|name| kind == "failure" || name.parse::<i64>().is_err())
            .collect();
        let Some(first) = names.first() else { continue };
        if let Some(name) = names.iter().find(|name| name.contains([' ', '\t', '\n'])) {
            return Err(format!(
                "{}: the name \"{name}\" has a blank, which the lines of codes.rs can't have",
                entry.id()
            ));
        }
        let evidence = match kind {
            "failure" => Evidence { failure: Some(first), ..Evidence::default() },
            _ => Evidence { code: Some(Code::Name(first)), ..Evidence::default() },
        };
        lines.push(line(&names.join(" "), &Found::of(&catalog.classify(&evidence))));
    }
    Ok(lines)
}

/// A line: the keys, how they are found, the entry, its words, title and own user text.
fn line(keys: &str, found: &Found) -> String {
    let entry = found.entry.as_deref().unwrap_or_default();
    format!("{keys}\t{}\t{entry}\t{}", place(Match::ALL, found.found), found.line)
}

//! The header of the C library: what cbindgen makes of its Rust sources, with a constant for every word.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use cbindgen::{Builder, Config, DocumentationLength, DocumentationStyle, Language, Style};

#[allow(dead_code, reason = "the library looks words up, and the header has them all")]
#[path = "../../../bindings/c/src/words.rs"]
pub(super) mod words;

#[allow(dead_code, reason = "the library puts answers together")]
#[path = "../../../bindings/c/src/packed.rs"]
pub(super) mod packed;

/// The structs and handles, by their names in Rust and in C.
const TYPES: &[(&str, &str)] = &[
    ("RegistryHandle", "retriage_registry"),
    ("CatalogHandle", "retriage_catalog"),
    ("ProfileHandle", "retriage_profile"),
    ("QueueHandle", "retriage_queue"),
    ("EntryNumber", "retriage_entry"),
    ("PackedAnswer", "retriage_answer"),
    ("SourceFile", "retriage_file"),
    ("CatalogInfo", "retriage_catalog_info"),
    ("EntryInfo", "retriage_entry_info"),
    ("MessageInfo", "retriage_message_info"),
    ("Header", "retriage_header"),
    ("Evidence", "retriage_evidence"),
    ("Classification", "retriage_classification"),
    ("State", "retriage_state"),
    ("Budget", "retriage_budget"),
    ("Attempt", "retriage_attempt"),
    ("Decision", "retriage_decision"),
    ("Setting", "retriage_setting"),
    ("Event", "retriage_event"),
    ("ActToDo", "retriage_act"),
    ("QueueInfo", "retriage_queue_info"),
    ("Wish", "retriage_wish"),
    ("AdviceGiven", "retriage_advice"),
];

/// The sources, in the order of the manual.
const SOURCES: &[&str] = &["version", "status", "word", "registry", "evidence", "profile", "queue", "advise", "json"];

/// Where the header stands.
pub(crate) fn path(root: &Path) -> PathBuf {
    root.join("bindings/c/include/retriage.h")
}

/// The header as the code has it.
pub(crate) fn generate(root: &Path, version: &str) -> Result<String, String> {
    let rename = TYPES.iter().map(|(rust, c)| ((*rust).to_owned(), (*c).to_owned())).collect::<HashMap<_, _>>();
    let mut config = Config {
        language: Language::C,
        cpp_compat: true,
        header: Some(include_str!("preamble.h").trim_end().to_owned()),
        include_guard: Some("RETRIAGE_H".to_owned()),
        no_includes: true,
        sys_includes: vec!["stddef.h".to_owned(), "stdint.h".to_owned()],
        after_includes: Some(constants(version)?),
        style: Style::Both,
        usize_is_size_t: true,
        documentation_style: DocumentationStyle::Doxy,
        documentation_length: DocumentationLength::Full,
        line_length: 110,
        tab_width: 2,
        ..Config::default()
    };
    config.export.rename = rename;
    let builder = SOURCES.iter().fold(Builder::new().with_config(config), |builder, source| {
        builder.with_src(root.join("bindings/c/src").join(format!("{source}.rs")))
    });
    let bindings = builder.generate().map_err(|error| format!("cbindgen: {error}"))?;
    let mut text = Vec::new();
    bindings.write(&mut text);
    let text = String::from_utf8(text).map_err(|error| format!("cbindgen: {error}"))?;
    // A blank at the end of a line is nothing to keep.
    Ok(text.lines().map(|line| format!("{}\n", line.trim_end())).collect())
}

/// Compares the header that is committed with the code, or writes it.
pub(crate) fn update(root: &Path, version: &str, write: bool) -> Result<(), String> {
    let path = path(root);
    let generated = generate(root, version)?;
    if write {
        return fs::write(&path, generated).map_err(|error| format!("{}: {error}", path.display()));
    }
    let committed = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    match committed.lines().zip(generated.lines()).position(|(one, other)| one != other) {
        None if committed == generated => Ok(()),
        at => Err(format!(
            "include/retriage.h is not what the code gives, from line {} on; run `cargo xtask header`",
            at.unwrap_or_else(|| committed.lines().count().min(generated.lines().count())) + 1
        )),
    }
}

/// The constants that come from the core, and the macros that take an answer apart.
fn constants(version: &str) -> Result<String, String> {
    let parts: Vec<u32> = version.split('.').filter_map(|part| part.parse().ok()).collect();
    let [major, minor, patch] = parts[..] else { return Err(format!("{version} is not a version of three numbers")) };
    let mut text = String::new();
    let mut line = |line: std::fmt::Arguments<'_>| {
        let _ = writeln!(text, "{line}");
    };
    line(format_args!("\n/** The version of this header. */"));
    line(format_args!("#define RETRIAGE_VERSION \"{version}\""));
    line(format_args!("#define RETRIAGE_VERSION_MAJOR {major}"));
    line(format_args!("#define RETRIAGE_VERSION_MINOR {minor}"));
    line(format_args!("#define RETRIAGE_VERSION_PATCH {patch}"));
    line(format_args!("/** The same as a number to compare; see retriage_version_number. */"));
    line(format_args!("#define RETRIAGE_VERSION_NUMBER {}", major * 1_000_000 + minor * 1_000 + patch));
    line(format_args!("\n/** The length of a text that ends with a NUL. */"));
    line(format_args!("#define RETRIAGE_NUL_TERMINATED ((size_t)-1)"));
    line(format_args!("{INIT}"));
    line(format_args!("\n/** The closed sets, for retriage_word. */"));
    for set in words::SETS.iter().filter(|set| set.kind > 0) {
        line(format_args!("#define RETRIAGE_KIND_{} {}", set.name, set.kind));
    }
    for set in words::SETS {
        line(format_args!(""));
        for word in set.words {
            let spelling = word.spelling().to_string_lossy();
            let name = constant(&spelling);
            let number = if set.kind > 0 { i32::from(word.number) } else { FIRST_ERROR + i32::from(word.number) };
            line(format_args!("/** \"{spelling}\": {} */", word.meaning));
            line(format_args!("#define RETRIAGE_{}_{name} {number}", set.name));
        }
    }
    line(format_args!("\n/** The parts of an answer of retriage_find. */"));
    for (name, (shift, bits)) in packed::PARTS {
        let mask = u64::MAX >> (64 - bits);
        line(format_args!("#define RETRIAGE_{name}_OF(answer) ((uint8_t)(((uint64_t)(answer) >> {shift}) & {mask}u))"));
    }
    line(format_args!("/** The entry of an answer; 0 for none. */"));
    line(format_args!("#define RETRIAGE_ENTRY_OF(answer) ((uint32_t)((uint64_t)(answer) >> {}))", packed::ENTRY.0));
    line(format_args!("/** Whether the question was wrong; retriage_last_error says how. */"));
    line(format_args!("#define RETRIAGE_IS_ERROR(answer) (RETRIAGE_MATCH_OF(answer) == 0)"));
    Ok(text)
}

/// How a struct is begun: C++ has no compound literals, and partial initializers are warned of.
const INIT: &str = r"
/** A struct in which `size` is its size and everything else is zero: RETRIAGE_INIT(retriage_evidence). */
#ifdef __cplusplus
#define RETRIAGE_INIT(type) (retriage_init<type>())
template <typename Struct>
inline Struct retriage_init() {
  Struct made = Struct();
  made.size = sizeof(Struct);
  return made;
}
#else
#define RETRIAGE_INIT(type) ((type){ .size = sizeof(type) })
#endif";

/// What RETRIAGE_FIRST_ERROR is: statuses from there on are errors of the core.
const FIRST_ERROR: i32 = 100;

/// A spelling as a part of the name of a constant.
fn constant(spelling: &str) -> String {
    let mut name = String::new();
    for character in spelling.chars().skip_while(|character| !character.is_ascii_alphanumeric()) {
        name.push(if character.is_ascii_alphanumeric() { character.to_ascii_uppercase() } else { '_' });
    }
    name
}

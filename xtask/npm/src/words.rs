//! The closed sets of words in TypeScript: their types, and what each word means.

use std::fmt::Write as _;

use retriage::vocabulary;

/// A set: its name, and its words with what they mean.
pub(crate) struct Set {
    /// As in `core/vocabulary.rs`.
    pub(crate) name: &'static str,
    /// In the order of their numbers.
    pub(crate) words: Vec<(&'static str, &'static str)>,
}

macro_rules! sets {
    ($($name:ident),* $(,)?) => {
        /// Every set that an interface of the package speaks of.
        pub(crate) fn sets() -> Vec<Set> {
            vec![$(Set {
                name: stringify!($name),
                words: vocabulary::$name::ALL.iter().map(|word| (word.as_str(), word.meaning())).collect(),
            }),*]
        }
    };
}

sets!(
    Category,
    Canonical,
    Fault,
    Retry,
    Processed,
    Finality,
    Severity,
    Scope,
    Match,
    Audience,
    Mode,
    Environment,
    Format,
    Step,
    HintState,
    HintSource,
    Intent,
    Sender,
    Warning,
    Action,
    Cause,
    Weighed,
    Verified,
    Trouble,
    Phase,
    Alarm,
    EventKind,
    DeliveryAction,
    DeliveryReason,
    Ask,
    ErrorKind,
);

/// `words.ts`: for each set a table of what its words mean, and the type of its words.
pub(crate) fn module() -> String {
    let mut text = String::from("// Generated from core/vocabulary.rs by `cargo xtask pack-npm`.\n");
    for Set { name, words } in sets() {
        let _ = writeln!(text, "\n/** What each word of the set means, in the order of their numbers. */");
        let _ = writeln!(text, "export const {} = {{", table(name));
        for (word, meaning) in &words {
            let _ = writeln!(text, "  {}: {},", quoted(word), quoted(meaning));
        }
        let union: Vec<String> = words.iter().map(|(word, _)| quoted(word)).collect();
        let _ = writeln!(text, "}} as const;\nexport type {name} = {};", union.join(" | "));
    }
    text
}

/// The name of a set's table: that of the set with a small letter first.
fn table(name: &str) -> String {
    name.split_at(1).0.to_lowercase() + name.split_at(1).1
}

/// A text as JavaScript writes it.
pub(crate) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

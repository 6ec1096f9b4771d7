//! The Python files that are printed from the core's vocabulary: the words as types, and a class for each kind of
//! error.

use std::fmt::Write as _;

use retriage::vocabulary::*;

/// A set of words: the name of its type, and each word with its meaning.
struct Set {
    name: &'static str,
    words: Vec<(&'static str, &'static str)>,
}

macro_rules! sets {
    ($($name:ident)*) => {
        [$(Set {
            name: stringify!($name),
            words: $name::ALL.iter().map(|word| (word.as_str(), word.meaning())).collect(),
        }),*]
    };
}

/// The files, by their paths within `bindings/python/python/retriage`.
pub(super) fn files() -> [(&'static str, String); 2] {
    [("words.py", words()), ("_errors.py", errors())]
}

const PRINTED: &str = "# Printed by `cargo xtask python words` from core/vocabulary.rs; don't edit.\n";

fn words() -> String {
    let sets = sets! {
        Category Canonical Fault Retry Processed Finality Severity Scope Match Audience Mode Environment Step HintState
        HintSource Intent Sender Warning Action Cause Weighed Verified Phase Alarm DeliveryAction DeliveryReason
        ErrorKind
    };
    let mut text = format!(
        "\"\"\"The closed sets of words, as types for a checker.\n\nAt run time `retriage.vocabulary()` has them with their \
         meanings.\n\"\"\"\n\n{PRINTED}\nfrom typing import Literal, TypeAlias\n\n__all__ = [\n"
    );
    let mut names: Vec<&str> = sets.iter().map(|set| set.name).collect();
    names.sort_unstable();
    for name in names {
        let _ = writeln!(text, "    \"{name}\",");
    }
    text.push_str("]\n");
    for Set { name, words } in sets {
        let _ = write!(text, "\n{name}: TypeAlias = Literal[\n");
        for (word, meaning) in words {
            let _ = writeln!(text, "    \"{word}\",  # {meaning}");
        }
        text.push_str("]\n");
    }
    text
}

/// What of Python's own a kind of error is as well.
fn base(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::UnknownCatalog | ErrorKind::UnknownEntry | ErrorKind::UnknownProfile => "LookupError",
        _ => "ValueError",
    }
}

fn errors() -> String {
    let class = |kind: ErrorKind| {
        let mut name = String::new();
        for part in kind.as_str().split('_') {
            let (first, rest) = part.split_at(1);
            name.push_str(&first.to_ascii_uppercase());
            name.push_str(rest);
        }
        name + "Error"
    };
    let mut text = format!(
        "\"\"\"The errors: what was bad, where, and what would be right.\"\"\"\n\n{PRINTED}{}",
        include_str!("errors.py.in")
    );
    for kind in ErrorKind::ALL {
        let _ = write!(
            text,
            "\n\nclass {}(Error, {}):\n    \"\"\"{}\"\"\"\n\n    kind: \"ErrorKind\" = \"{kind}\"\n",
            class(*kind),
            base(*kind),
            kind.meaning(),
        );
    }
    text.push_str("\n\nKINDS: dict[str, type[Error]] = {\n");
    for kind in ErrorKind::ALL {
        let _ = writeln!(text, "    \"{kind}\": {},", class(*kind));
    }
    text.push_str("}\n");
    text
}

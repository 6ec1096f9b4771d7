//! What a source file can say.

use std::collections::BTreeSet;

/// The texts in quotes of a source file, as far as they are sentences: those with a blank and a word.
pub(crate) fn sentences(source: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut rest = source;
    while let Some(at) = rest.find(['"', '\'', '/']) {
        let (_, from) = rest.split_at(at);
        rest = if from.starts_with("//") {
            from.split_once('\n').map_or("", |(_, after)| after)
        } else if let Some(inner) = from.strip_prefix('"') {
            let mut escaped = false;
            let end = inner.find(|found: char| {
                let is_end = found == '"' && !escaped;
                escaped = found == '\\' && !escaped;
                is_end
            });
            let (inner, after) = inner.split_at(end.expect("a text ends"));
            found.insert(inner.replace("\\\"", "\""));
            &after[1..]
        } else {
            from.strip_prefix("'\"'").unwrap_or(&from[1..])
        };
    }
    found.retain(|sentence| {
        let plain: String = pieces(sentence).concat();
        plain.contains(' ') && plain.split(' ').any(|word| word.len() > 1 && word.chars().all(char::is_alphabetic))
    });
    found
}

/// A format string without what is filled in.
fn pieces(sentence: &str) -> Vec<&str> {
    sentence
        .split('{')
        .enumerate()
        .map(|(at, part)| if at == 0 { part } else { part.split_once('}').map_or("", |(_, after)| after) })
        .collect()
}

/// Whether the line says the sentence, whatever is filled in.
pub(crate) fn is_said(sentence: &str, line: &str) -> bool {
    let mut rest = line;
    pieces(sentence).into_iter().all(|piece| match rest.split_once(piece) {
        Some((_, after)) => {
            rest = after;
            true
        }
        None => false,
    })
}

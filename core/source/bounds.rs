//! How much a file may hold that comes from somebody else.

use alloc::format;
use alloc::string::{String, ToString};

use super::File;
use super::node::{Place, Problem};

/// The most bytes a loaded file may have: 64 MiB.
pub const MOST_BYTES: usize = 67_108_864;
/// The most entries a loaded catalog may have, ranges and variants included.
pub const MOST_ENTRIES: usize = 100_000;
/// How deep its lists and objects may stand within each other; a catalog needs 8.
pub const MOST_LEVELS: usize = 32;

/// What a file has too much of, before any of it is kept.
pub(super) fn exceeded(file: File<'_>) -> Option<Problem> {
    let problem = |place, what: String| Problem {
        file: file.name.to_string(),
        place,
        entry: String::new(),
        field: String::new(),
        what,
    };
    let size = file.text.len();
    if size > MOST_BYTES {
        return Some(problem(None, format!("is too large: {size} bytes; at most {MOST_BYTES}")));
    }
    let (mut level, mut in_text, mut escaped) = (0_usize, false, false);
    let (mut line, mut line_start) = (1_u32, 0);
    for (at, byte) in file.text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            b'\n' => (line, line_start) = (line.saturating_add(1), at + 1),
            b'{' | b'[' if !in_text => {
                level += 1;
                if level > MOST_LEVELS {
                    let characters = file.text.get(line_start..at).map_or(0, |before| before.chars().count());
                    let column = u32::try_from(characters + 1).unwrap_or(u32::MAX);
                    let what = format!("is nested too deeply: more than {MOST_LEVELS} levels");
                    return Some(problem(Some(Place { line, column }), what));
                }
            }
            b'}' | b']' if !in_text => level = level.saturating_sub(1),
            _ => {}
        }
    }
    None
}

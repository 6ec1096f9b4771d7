//! Codes and names as one would write them by hand in C: a `switch`, and the input of gperf. The build script of the
//! measurements prints their peers by this, and `cargo xtask bench c` those of the C library.

use std::fmt::Write as _;

/// How gperf is called to have what it makes look names up as fast as it can: the length is compared before the text,
/// and then `memcmp` does (`--compare-lengths`); tables are constants outside the function (`--readonly-tables`,
/// `--global-table`); and of so many tables it takes the smallest (`--multiple-iterations`).
pub(crate) const GPERF: &[&str] =
    &["--struct-type", "--compare-lengths", "--readonly-tables", "--global-table", "--multiple-iterations=20"];

/// The input of gperf for a function of this name, which gives the answer of a text, or `otherwise`.
pub(crate) fn gperf<'r>(function: &str, rows: impl Iterator<Item = (&'r str, u64)>, otherwise: u64) -> String {
    let mut text = format!(
        "%define lookup-function-name {function}_row\n%define hash-function-name {function}_hash\n\
         %define word-array-name {function}_words\n%define length-table-name {function}_lengths\n\
         %define constants-prefix {function}_\n%{{\n#include <stdint.h>\n#include <string.h>\n%}}\n\
         struct {function}_row {{ const char *name; uint64_t answer; }};\n%%\n"
    );
    for (name, answer) in rows {
        let _ = writeln!(text, "{name},{answer}u");
    }
    let _ = write!(
        text,
        "%%\nuint64_t {function}(const char *name, size_t length) {{\n  \
         const struct {function}_row *row = {function}_row(name, length);\n  \
         return row ? row->answer : UINT64_C({otherwise});\n}}\n"
    );
    text
}

/// A function in C with these parameters, of which `number` is one: the answer of a number by a `switch`.
pub(crate) fn switch(function: &str, parameters: &str, rows: &[(i64, u64)], otherwise: &str) -> String {
    let mut text = format!("uint64_t {function}({parameters}) {{\n  switch (number) {{\n");
    for (number, answer) in rows {
        let _ = writeln!(text, "    case {number}: return UINT64_C({answer});");
    }
    let _ = writeln!(text, "    default: return {otherwise};\n  }}\n}}\n");
    text
}

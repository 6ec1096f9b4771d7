//! Prints the peers that are made from the catalogs, in Rust and in C, and has gperf and the C compiler make the latter.

#[cfg(feature = "printed-peers")]
mod printed;

#[cfg(not(feature = "printed-peers"))]
fn main() {
    println!("cargo::rerun-if-changed=src/build.rs");
}

#[cfg(feature = "printed-peers")]
fn main() {
    peers::print();
}

#[cfg(feature = "printed-peers")]
mod peers {
    use std::collections::{BTreeMap, BTreeSet};
    use std::fmt::Write as _;
    use std::path::{Path, PathBuf};
    use std::process::Command;
    use std::{env, fs, iter};

    use retriage::vocabulary::Match;
    use retriage::{Catalog, Entry, catalog};

    use super::printed;

    /// What stands for no answer.
    const NONE: u64 = 255;

    pub(crate) fn print() {
        println!("cargo::rerun-if-changed=src/build.rs");
        println!("cargo::rerun-if-changed=src/printed.rs");
        let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
        let http = Numbers::of(1_000, |number| built_in("http").find_status(u16::try_from(number).ok()?));
        let updox = Numbers::of(10_000, |number| built_in("updox").find_number(number));
        let names = names();
        let mut rust = format!("const NONE: u64 = {NONE};\n");
        http.rust(&mut rust, "status");
        updox.rust(&mut rust, "code");
        let rows = names.iter().map(|(name, answer)| format!("{name:?} => {answer}"));
        let rows = rows.collect::<Vec<String>>().join(", ");
        let _ = writeln!(rust, "pub(super) static NAMES: phf::Map<&'static str, u64> = phf::phf_map! {{ {rows} }};");
        let _ = writeln!(rust, "pub(super) fn name(name: &str) -> u64 {{ match name {{ {rows}, _ => NONE }} }}");
        write(&out.join("peers.rs"), &rust);
        let mut c = String::from("#include <stddef.h>\n#include <stdint.h>\n#include <string.h>\n\n");
        c += &printed::switch("switch_status", "int64_t number", &http.exact, &http.otherwise());
        c += &printed::switch("switch_code", "int64_t number", &updox.exact, &updox.otherwise());
        c += &switch_name(&names);
        write(&out.join("switches.c"), &c);
        let codes: Vec<(String, u64)> = updox.exact.iter().map(|(code, answer)| (code.to_string(), *answer)).collect();
        let mut build = cc::Build::new();
        build.opt_level(2).warnings(false).file(out.join("switches.c"));
        let names = names.iter().map(|(name, answer)| (&**name, *answer));
        build.file(gperf(&out, "gperf_name", &printed::gperf("gperf_name", names, NONE)));
        let codes = codes.iter().map(|(code, answer)| (&**code, *answer));
        build.file(gperf(&out, "gperf_code", &printed::gperf("gperf_code", codes, NONE)));
        build.compile("peers");
    }

    fn built_in(id: &str) -> Catalog<'static> {
        catalog(id).expect("it is built in")
    }

    fn category(entry: Entry<'_>) -> u64 {
        u64::from(entry.words().category as u8)
    }

    /// The answers of a catalog to numbers.
    struct Numbers {
        /// To those it lists.
        exact: Vec<(i64, u64)>,
        /// To all others, from one to another. They hold listed ones as well.
        ranges: Vec<(i64, i64, u64)>,
    }

    impl Numbers {
        fn of(end: i64, find: impl Fn(i64) -> Option<(Entry<'static>, Match)>) -> Self {
            let (mut exact, mut ranges) = (Vec::new(), Vec::<(i64, i64, u64)>::new());
            for number in 0..end {
                match find(number) {
                    Some((entry, Match::Exact)) => exact.push((number, category(entry))),
                    found => {
                        let answer = found.map_or(NONE, |(entry, _)| category(entry));
                        match ranges.last_mut() {
                            Some((_, to, last)) if *last == answer => *to = number,
                            _ => ranges.push((number, number, answer)),
                        }
                    }
                }
            }
            ranges.retain(|(_, _, answer)| *answer != NONE);
            Self { exact, ranges }
        }

        /// A `match` of this name, and a map of phf with what the ranges say.
        fn rust(&self, out: &mut String, name: &str) {
            let row = |(number, answer): &(i64, u64)| format!("{number}i64 => {answer}");
            let exact = self.exact.iter().map(row).collect::<Vec<String>>().join(", ");
            let row = |(from, to, answer): &(i64, i64, u64)| format!("{from}i64..={to} => {answer}");
            let ranges = self.ranges.iter().map(row).collect::<Vec<String>>().join(", ");
            let upper = name.to_uppercase();
            let _ = writeln!(
                out,
                "static {upper}: phf::Map<i64, u64> = phf::phf_map! {{ {exact} }};\n\
                 fn {name}_range(number: i64) -> u64 {{ match number {{ {ranges}, _ => NONE }} }}\n\
                 pub(super) fn {name}(number: i64) -> u64 {{ \
                     match number {{ {exact}, _ => {name}_range(number) }} }}\n\
                 pub(super) fn {name}_by_phf(number: i64) -> u64 {{ \
                     {upper}.get(&number).copied().unwrap_or_else(|| {name}_range(number)) }}"
            );
        }

        /// What C says of a number that isn't listed.
        fn otherwise(&self) -> String {
            let first = String::new();
            let ranges = self.ranges.iter().fold(first, |mut text, (from, to, answer)| {
                let _ = write!(text, "number >= {from} && number <= {to} ? UINT64_C({answer}) : ");
                text
            });
            format!("{ranges}UINT64_C({NONE})")
        }
    }

    /// The names of failures.
    fn names() -> BTreeMap<String, u64> {
        let failures = built_in("transport").entries().filter(|entry| entry.key_kind() == "failure");
        failures
            .flat_map(|entry| iter::once(entry.label()).chain(entry.names()).map(move |name| (name, entry)))
            .map(|(name, entry)| (name.to_owned(), category(entry)))
            .collect()
    }

    /// Names by a `switch` over their length, their first character and their last, and then one by one: C has none over
    /// texts.
    fn switch_name(names: &BTreeMap<String, u64>) -> String {
        let mut text = String::from("uint64_t switch_name(const char *name, size_t length) {\n");
        text += "  if (length == 0) return 255;\n  switch (length) {\n";
        let lengths: BTreeSet<usize> = names.keys().map(String::len).collect();
        for length in lengths {
            let _ = writeln!(text, "    case {length}: switch ((name[0] << 8) | name[{}]) {{", length - 1);
            let mut by_ends: BTreeMap<u32, Vec<(&String, &u64)>> = BTreeMap::new();
            for (name, answer) in names.iter().filter(|(name, _)| name.len() == length) {
                let (first, last) = (name.as_bytes()[0], name.as_bytes()[length - 1]);
                by_ends.entry(u32::from(first) << 8 | u32::from(last)).or_default().push((name, answer));
            }
            for (ends, names) in by_ends {
                let _ = writeln!(text, "      case {ends}:");
                for (name, answer) in names {
                    let _ = writeln!(text, "        if (memcmp(name, {name:?}, {length}) == 0) return {answer};");
                }
                text += "        break;\n";
            }
            text += "    }\n    break;\n";
        }
        let _ = writeln!(text, "  }}\n  return {NONE};\n}}");
        text
    }

    fn gperf(out: &Path, function: &str, table: &str) -> PathBuf {
        let (input, output) = (out.join(format!("{function}.gperf")), out.join(format!("{function}.c")));
        write(&input, table);
        let mut command = Command::new("gperf");
        command.args(printed::GPERF).arg("--output-file").arg(&output).arg(&input);
        let made = command.status().expect("gperf can be run; install it with `apt-get install gperf`");
        assert!(made.success(), "gperf: {made}");
        output
    }

    fn write(path: &Path, text: &str) {
        fs::write(path, text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }
}

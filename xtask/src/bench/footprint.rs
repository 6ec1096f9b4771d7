//! What the command line takes to start and to hold: time to the first answer, the tables byte by byte, and memory on
//! input that doesn't end.

use std::fmt::Write as _;
use std::fs;
use std::io::{self, Read, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Instant;

use super::growth::Program;
use crate::project::{Project, failed, read};

/// How often the first answer is timed.
const RUNS: usize = 101;

pub(crate) fn measure(project: &mut Project) -> Result<String, String> {
    project.cargo(&["build", "--quiet", "--release", "--package", "retriage-cli"])?;
    let program = project.target().join("release/retriage");
    Ok([whole(project, &program)?, catalogs(project)?, endless(&program)?].join("\n"))
}

/// The program and its tables.
fn whole(project: &Project, program: &Path) -> Result<String, String> {
    let mut times = Vec::with_capacity(RUNS);
    for _ in 0..RUNS {
        let began = Instant::now();
        read(Command::new(program).args(["explain", "http", "503", "--json"]))?;
        times.push(began.elapsed().as_secs_f64() * 1e3);
    }
    times.sort_by(f64::total_cmp);
    let size = fs::metadata(program).map_err(|error| format!("{}: {error}", program.display()))?.len();
    let rows = rows(&read(Command::new("nm").args(["--print-size", "--demangle", "--radix=d"]).arg(program))?);
    let texts = texts(&fs::read_to_string(project.printed()?.join("tables.rs")).map_err(|error| error.to_string())?);
    Ok(format!(
        "| | |\n|---|---:|\n\
         | time to the first answer, the whole program, median of {RUNS} | {:.1} ms |\n\
         | the program, with its symbols | {:.2} MB |\n\
         | rows of the tables | {:.1} kB |\n\
         | texts of the tables | {:.1} kB |\n",
        times[RUNS / 2],
        size as f64 / 1e6,
        rows as f64 / 1e3,
        texts as f64 / 1e3
    ))
}

/// What each catalog adds to a program that has none but `http` and `transport`, all that is printed for it included:
/// rows, texts, names, and what the loader has to know of them.
fn catalogs(project: &mut Project) -> Result<String, String> {
    let program = Program::add(project)?;
    program.grow(0, 0)?;
    let built = |features: &str| {
        eprintln!("built in: http, transport, {features}");
        data(&program.build(project, "dev", &["--bin", "grown", "--no-default-features", "--features", features])?)
    };
    let bare = built("")?;
    let mut table = "| catalog | entries, variants and ranges | bytes | an entry |\n|---|---:|---:|---:|\n".to_owned();
    let (mut all, mut features) = (0, Vec::new());
    for catalog in retriage::catalogs().filter(|catalog| !["http", "transport"].contains(&catalog.id())) {
        let feature = format!("catalog-{}", catalog.id());
        let (entries, more) = (catalog.entries().count(), built(&feature)?.saturating_sub(bare));
        let _ = writeln!(table, "| `{}` | {entries} | {more} | {} |", catalog.id(), more / entries.max(1));
        all += entries;
        features.push(feature);
    }
    let more = built(&features.join(","))?.saturating_sub(bare);
    let _ = writeln!(table, "| all of these | {all} | {more} | {} |", more / all.max(1));
    Ok(table)
}

/// The bytes of a program that are neither code nor anything that isn't loaded: constants, and what has to be set right
/// before it runs.
pub(super) fn data(program: &Path) -> Result<usize, String> {
    Ok(sections(&read(Command::new("size").arg("-A").arg(program))?))
}

fn sections(listed: &str) -> usize {
    let of_data = [".rodata", ".data.rel.ro", ".data", ".rela.dyn"];
    let size = |line: &str| {
        let mut words = line.split_whitespace();
        of_data.contains(&words.next()?).then(|| words.next()?.parse::<usize>().ok())?
    };
    listed.lines().filter_map(size).sum()
}

/// How much of each input there is.
const MUCH: u64 = 1 << 30;

/// The most that `retriage answer` holds while it reads what doesn't end, or what is too long.
fn endless(program: &Path) -> Result<String, String> {
    let question =
        r#"{"catalog":"redox","status":200,"body":"{\"Meta\":{\"Errors\":[{\"ID\":531829}]}}"}"#.to_owned() + "\n";
    let lines: Vec<u8> = question.bytes().cycle().take(question.len() << 12).collect();
    let body = |bytes: u64| {
        let begin: &[u8] = br#"{"catalog":"redox","status":200,"body":""#;
        begin.chain(io::repeat(b'x').take(bytes)).chain(&b"\"}\n"[..])
    };
    let (answers, lines) = peak(program, Cycle { bytes: lines, at: 0 }.take(MUCH / 4))?;
    let (too_long, line) = peak(program, io::repeat(b'x').take(MUCH))?;
    let (too_large, long) = peak(program, body(12 << 20))?;
    for (what, answer, expected) in [
        ("questions", answers, "redox/errors"),
        ("an endless line", too_long, "too_large"),
        ("a body over the limit", too_large, "body_unreadable"),
    ] {
        if !answer.contains(expected) {
            return Err(format!("{what} are not answered by `{expected}` but by {answer}"));
        }
    }
    let (lines, line, long) = (lines as f64 / 1e3, line as f64 / 1e3, long as f64 / 1e3);
    Ok(format!(
        "| input of `retriage answer` | peak of memory |\n|---|---:|\n\
         | {} MiB of questions, a line each | {lines:.1} MB |\n\
         | one line of {} MiB, without an end | {line:.1} MB |\n\
         | one question with a body of 12 MiB, where {} MiB are read | {long:.1} MB |\n",
        MUCH >> 22,
        MUCH >> 20,
        retriage::BODY_LIMIT >> 20
    ))
}

/// The same bytes over and over.
struct Cycle {
    bytes: Vec<u8>,
    at: usize,
}

impl Read for Cycle {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        let read = self.bytes.get(self.at..).unwrap_or_default().read(room)?;
        self.at = (self.at + read) % self.bytes.len().max(1);
        Ok(read)
    }
}

/// Feeds the program; the beginning of what it answers, and the kilobytes that it held at most.
fn peak(program: &Path, mut input: impl Read + Send + 'static) -> Result<(String, u64), String> {
    let mut command = Command::new("/usr/bin/time");
    command.args(["--quiet", "-f", "%M"]).arg(program).arg("answer");
    let piped = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let mut child = piped.map_err(|error| failed(&command, &error.to_string()))?;
    let (Some(mut into), Some(mut answers)) = (child.stdin.take(), child.stdout.take()) else {
        return Err(failed(&command, "it has no input or no output"));
    };
    let feeding = thread::spawn(move || io::copy(&mut input, &mut into).and_then(|_| into.flush()));
    let mut first = Vec::new();
    let answered =
        answers.by_ref().take(4_096).read_to_end(&mut first).and_then(|_| io::copy(&mut answers, &mut io::sink()));
    answered.map_err(|error| failed(&command, &error.to_string()))?;
    feeding
        .join()
        .map_err(|_| "a thread panicked".to_owned())?
        .map_err(|error| failed(&command, &error.to_string()))?;
    let output = child.wait_with_output().map_err(|error| failed(&command, &error.to_string()))?;
    let told = String::from_utf8_lossy(&output.stderr);
    let kilobytes = told.lines().last().and_then(|line| line.trim().parse().ok());
    let kilobytes = kilobytes.ok_or_else(|| failed(&command, &told))?;
    Ok((String::from_utf8_lossy(&first).into_owned(), kilobytes))
}

/// The bytes of the static tables, by the program's symbols: those whose names are in capitals.
fn rows(symbols: &str) -> usize {
    let is_table = |name: &str| {
        name.strip_prefix("retriage::tables::")
            .is_some_and(|name| name.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_'))
    };
    let size = |line: &str| {
        let mut fields = line.split_whitespace();
        let size = fields.nth(1)?.parse::<usize>().ok()?;
        is_table(fields.nth(1)?).then_some(size)
    };
    symbols.lines().filter_map(size).sum()
}

/// The bytes of the one text that all texts are in, as the build script printed it.
fn texts(printed: &str) -> usize {
    let Some((_, text)) = printed.split_once("strings: Cow::Borrowed(\"") else { return 0 };
    let Some((text, _)) = text.split_once("\"), texts:") else { return 0 };
    text.len() - text.matches("\\\"").count()
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::{Cycle, rows, sections, texts};

    #[test]
    fn the_sections_that_hold_data_are_summed() {
        let listed = "program  :\nsection  size  addr\n.text  900  1\n.rodata  40  2\n.data.rel.ro  2  3\n.bss  7  4\n";
        assert_eq!(sections(listed), 42);
    }

    #[test]
    fn a_cycle_repeats_what_it_has() {
        let mut text = String::new();
        Cycle { bytes: b"abc".to_vec(), at: 0 }.take(8).read_to_string(&mut text).expect("it never fails");
        assert_eq!(text, "abcabcab");
    }

    #[test]
    fn tables_are_told_from_code() {
        let symbols = "0001 0100 R retriage::tables::ENTRIES\n0002 0200 T retriage::tables::load\n0003 0010 R retriage::tables::CELLS\n";
        assert_eq!(rows(symbols), 110);
    }

    #[test]
    fn the_texts_are_counted_without_their_escapes() {
        assert_eq!(texts(r#"Tables { strings: Cow::Borrowed("a \"b\" c"), texts: Cow::"#), 7);
    }
}

//! All changes to a file in one text: each function with what it is and what it would be, of which a number chooses one
//! when the program runs. So thousands of changes are compiled once.

use std::collections::BTreeMap;
use std::ops::Range;

/// A change that cargo-mutants would make.
pub(crate) struct Mutant {
    /// The file, from the root of the workspace.
    pub(crate) file: String,
    /// What is changed and where, without line and column: `core/lint.rs: replace == with != in lint`.
    pub(crate) name: String,
    /// The same with line and column, as cargo-mutants tells mutants apart: `core/lint.rs:12:5: replace ...`.
    pub(crate) placed: String,
    /// The function it is in, as bytes of the file's text; none where it is in a constant.
    pub(crate) function: Option<Range<usize>>,
    /// That function's name, such as `Entry::label`.
    pub(crate) within: String,
    /// Whether that function returns a type without a name, which no other way to return it has.
    pub(crate) gives_unnamed: bool,
    /// What is replaced.
    pub(crate) span: Range<usize>,
    /// By what.
    pub(crate) replacement: String,
}

/// What the woven library has besides: the number that was chosen, 0 for none.
pub(crate) const CHOICE: &str = r#"
#[allow(missing_docs)]
pub mod chosen_mutant {
    extern crate std;
    use core::sync::atomic::{AtomicUsize, Ordering::Relaxed};
    static CHOSEN: AtomicUsize = AtomicUsize::new(usize::MAX);
    #[inline(always)]
    pub fn number() -> usize {
        let number = CHOSEN.load(Relaxed);
        if number == usize::MAX { read() } else { number }
    }
    #[cold]
    fn read() -> usize {
        let number = std::env::var("MUTANT").ok().and_then(|number| number.parse().ok()).unwrap_or(0);
        CHOSEN.store(number, Relaxed);
        number
    }
}
"#;

/// A file with its changes woven in.
#[derive(Default)]
pub(crate) struct Woven {
    pub(crate) text: String,
    /// The lines of each change, and its number.
    lines: Vec<(Range<usize>, usize)>,
    /// The lines of each function that has changes, and their numbers.
    functions: Vec<(Range<usize>, Vec<usize>)>,
    /// The changes that no program can choose: in a constant, or in a function that can't be taken apart.
    pub(crate) left_out: Vec<usize>,
}

/// A function's body, from brace to brace, and the changes to it.
struct Body {
    span: Range<usize>,
    /// The word `const`, which goes: a choice is made when the program runs.
    constant: Option<Range<usize>>,
    changes: Vec<usize>,
}

impl Woven {
    /// Weaves the changes that have these numbers into the text of their file. `is_whole` tells which of them are in
    /// functions that stay as they are.
    pub(crate) fn new(
        text: &str,
        changes: impl Iterator<Item = usize>,
        mutants: &[Mutant],
        is_whole: impl Fn(usize) -> bool,
    ) -> Self {
        let mut woven = Self::default();
        let mut bodies: BTreeMap<usize, Body> = BTreeMap::new();
        for number in changes {
            let mutant = &mutants[number];
            let body = mutant.function.clone().and_then(|function| Body::find(text, function));
            let is_apart = !mutant.gives_unnamed && !is_whole(number);
            match body {
                Some(body) if is_apart && body.span.contains(&mutant.span.start) => {
                    bodies.entry(body.span.start).or_insert(body).changes.push(number);
                }
                _ => woven.left_out.push(number),
            }
        }
        let bodies: Vec<Body> = bodies.into_values().collect();
        woven.weave(text, 0..text.len(), &bodies, mutants);
        woven
    }

    /// The text of a span, with the bodies in it, which stand in their order and may hold each other.
    fn weave(&mut self, text: &str, span: Range<usize>, bodies: &[Body], mutants: &[Mutant]) {
        let mut from = span.start;
        let mut rest = bodies;
        while let [body, others @ ..] = rest {
            let within = others.iter().take_while(|other| other.span.start < body.span.end).count();
            match &body.constant {
                Some(word) => {
                    self.text += &text[from..word.start];
                    self.text += &text[word.end..body.span.start];
                }
                None => self.text += &text[from..body.span.start],
            }
            let first = self.line();
            self.text += "{ match crate::chosen_mutant::number() {\n";
            for number in &body.changes {
                let (span, start) = (&mutants[*number].span, self.line());
                self.text += &format!("{} => ", number + 1);
                self.text += &text[body.span.start..span.start];
                self.text += &mutants[*number].replacement;
                self.text += &text[span.end..body.span.end];
                self.lines.push((start..self.line() + 1, *number));
                self.text.push('\n');
            }
            self.text += "_ => ";
            self.weave(text, body.span.clone(), &others[..within], mutants);
            self.text += "}}";
            self.functions.push((first..self.line() + 1, body.changes.clone()));
            from = body.span.end;
            rest = &others[within..];
        }
        self.text += &text[from..span.end];
    }

    /// The number of the last line so far.
    fn line(&self) -> usize {
        self.text.matches('\n').count() + 1
    }

    /// The change that stands in a line.
    pub(crate) fn change_in(&self, line: usize) -> Option<usize> {
        self.lines.iter().find(|(lines, _)| lines.contains(&line)).map(|(_, number)| *number)
    }

    /// All changes of the innermost function that a line belongs to.
    pub(crate) fn function_in(&self, line: usize) -> Option<&[usize]> {
        let around = self.functions.iter().filter(|(lines, _)| lines.contains(&line));
        around.min_by_key(|(lines, _)| lines.len()).map(|(_, numbers)| numbers.as_slice())
    }
}

impl Body {
    fn find(text: &str, function: Range<usize>) -> Option<Self> {
        let whole = &text[function.clone()];
        let open = brace(whole)?;
        let constant = whole[..open].find("const fn ").map(|at| function.start + at);
        whole.ends_with('}').then(|| Self {
            span: function.start + open..function.end,
            constant: constant.map(|at| at..at + "const ".len()),
            changes: Vec::new(),
        })
    }
}

/// Where the body of a function begins: at the first brace outside parentheses, comments and texts.
fn brace(function: &str) -> Option<usize> {
    let bytes = function.as_bytes();
    let (mut at, mut depth) = (0, 0);
    while at < bytes.len() {
        match bytes[at] {
            b'/' if bytes[at..].starts_with(b"//") => at += function[at..].find('\n')?,
            b'"' => {
                at += 1;
                while *bytes.get(at)? != b'"' {
                    at += if bytes[at] == b'\\' { 2 } else { 1 };
                }
            }
            b'(' | b'[' => depth += 1,
            b')' | b']' => depth -= 1,
            b'{' if depth == 0 => return Some(at),
            _ => {}
        }
        at += 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "/// One.\nconst fn one(list: [u8; { 2 }]) -> bool {\n    fn two() {}\n    1 < 2\n}\n";

    fn mutant(function: Option<Range<usize>>, what: &str, replacement: &str) -> Mutant {
        let at = TEXT.find(what).expect("it is there");
        let span = at..at + what.len();
        Mutant {
            file: String::new(),
            name: String::new(),
            placed: String::new(),
            within: String::new(),
            gives_unnamed: false,
            function,
            span,
            replacement: replacement.to_owned(),
        }
    }

    #[test]
    fn a_function_is_what_it_was_unless_a_change_is_chosen() {
        let function = TEXT.find("const").expect("it is there")..TEXT.len() - 1;
        let mutants = [mutant(Some(function), "<", "=="), mutant(None, "2", "3")];
        let woven = Woven::new(TEXT, 0..2, &mutants, |_| false);
        assert_eq!(
            woven.text,
            "/// One.\nfn one(list: [u8; { 2 }]) -> bool { match crate::chosen_mutant::number() {\n\
             1 => {\n    fn two() {}\n    1 == 2\n}\n\
             _ => {\n    fn two() {}\n    1 < 2\n}}}\n"
        );
        assert_eq!(woven.left_out, [1]);
        assert_eq!((woven.change_in(2), woven.change_in(5), woven.change_in(7)), (None, Some(0), None));
        assert_eq!(woven.function_in(9), Some(&[0][..]));
        assert_eq!(Woven::new(TEXT, 0..2, &mutants, |number| number == 0).text, TEXT);
        let mutants = mutants.map(|mutant| Mutant { gives_unnamed: true, ..mutant });
        assert_eq!(Woven::new(TEXT, 0..2, &mutants, |_| false).text, TEXT);
    }
}

//! The picture in a terminal.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};

use super::picture::{Picture, Row};
use crate::print::{self, QUIET, WORD, styled};

/// What ends it.
const END: Style = AnsiColor::Red.on_default();

/// What it is drawn with.
struct Glyphs {
    begins: char,
    runs: char,
    waits: char,
    ends: char,
    goes_on: char,
    line: char,
    tick: char,
}

const UTF8: Glyphs =
    Glyphs { begins: '●', runs: '━', waits: '─', ends: '×', goes_on: '▶', line: '─', tick: '┴' };
const ASCII: Glyphs = Glyphs { begins: 'o', runs: '=', waits: '-', ends: 'x', goes_on: '>', line: '-', tick: '+' };

/// The narrowest that time is drawn.
const NARROWEST: usize = 16;
/// How far apart ticks stand at least.
const TICKS: usize = 12;

/// Writes it, no wider than so many columns, unless that is too few to draw in.
pub(super) fn write(out: &mut impl Write, picture: &Picture, columns: usize, is_utf8: bool) -> io::Result<()> {
    let glyphs = if is_utf8 { UTF8 } else { ASCII };
    let rows = picture.rows();
    let numbers = rows.last().map_or(1, |row| row.number.to_string().len());
    let labels = rows.iter().map(|row| row.label.len()).max().unwrap_or_default();
    let left = 2 + numbers + 1;
    // Labels are in the table too, and give way first.
    let labelled = columns.saturating_sub(left + 2 + labels) >= NARROWEST;
    let right = if labelled { 2 + labels } else { 0 };
    let width = columns.saturating_sub(left + right).max(NARROWEST);
    let column = |ms: u64| (picture.axis().place(ms) * (width - 1) as f64).round() as usize;
    for (place, row) in rows.iter().enumerate() {
        let time = bar(row, place + 1 == rows.len(), &glyphs, width, column);
        let style = if row.next_ms.is_some() { WORD } else { END };
        let number = row.number;
        write!(out, "  {number:numbers$} {}", styled(style, time.trim_end()))?;
        if labelled {
            let gap = width - time.trim_end().chars().count() + 2;
            write!(out, "{:gap$}{:>labels$}", "", row.label)?;
        }
        writeln!(out)?;
    }
    let (line, names) = axis(picture, &glyphs, width, column);
    for text in [&line, &names, picture.axis().caption()] {
        writeln!(out, "{:left$}{}", "", styled(QUIET, text))?;
    }
    Ok(())
}

/// The line of the axis with its ticks, and their names below it.
fn axis(picture: &Picture, glyphs: &Glyphs, width: usize, column: impl Fn(u64) -> usize) -> (String, String) {
    let mut line = vec![glyphs.line; width];
    let mut names = vec![' '; width];
    let mut free = 0;
    for tick in picture.axis().ticks(width / TICKS) {
        let at = column(tick);
        let name: Vec<char> = print::span(tick).to_string().chars().collect();
        let from = at.saturating_sub(name.len() / 2).min(width.saturating_sub(name.len()));
        if from < free {
            continue;
        }
        free = from + name.len() + 1;
        set(&mut line, at, glyphs.tick);
        for (place, letter) in name.into_iter().enumerate() {
            set(&mut names, from + place, letter);
        }
    }
    let names: String = names.into_iter().collect();
    (line.into_iter().collect(), names.trim_end().to_owned())
}

fn set(line: &mut [char], at: usize, letter: char) {
    if let Some(slot) = line.get_mut(at) {
        *slot = letter;
    }
}

/// A row's stretch of time.
fn bar(row: &Row, is_last: bool, glyphs: &Glyphs, width: usize, column: impl Fn(u64) -> usize) -> String {
    let mut line = vec![' '; width];
    let (began, ended) = (column(row.began_ms), column(row.ended_ms));
    let next = row.next_ms.map(&column);
    for at in began..next.unwrap_or(ended) {
        set(&mut line, at, if at < ended { glyphs.runs } else { glyphs.waits });
    }
    set(&mut line, began, glyphs.begins);
    match next {
        // Where the next attempt begins stands in its row, if it has one.
        Some(next) if is_last => set(&mut line, next, glyphs.goes_on),
        Some(_) => {}
        None => set(&mut line, ended, glyphs.ends),
    }
    line.into_iter().collect()
}

//! Pages for a person: styles, paragraphs, tables, and texts that can't do anything to a terminal.

use std::borrow::Cow;
use std::fmt::{self, Display};
use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use retriage::vocabulary::Severity;

/// Headings and titles.
pub(crate) const STRONG: Style = Style::new().bold();
/// What explains something else.
pub(crate) const QUIET: Style = Style::new().dimmed();
/// Ids and words that can be typed back.
pub(crate) const WORD: Style = AnsiColor::Cyan.on_default();
/// No style.
pub(crate) const PLAIN: Style = Style::new();

/// The style of what is told this loudly.
pub(crate) fn severity(severity: Severity) -> Style {
    let colour = match severity {
        Severity::Info => AnsiColor::Green,
        Severity::Notice => AnsiColor::Cyan,
        Severity::Warning => AnsiColor::Yellow,
        Severity::Error | Severity::Critical => AnsiColor::Red,
    };
    colour.on_default().bold()
}

/// Where a page goes: coloured where standard output is a terminal that wants it.
pub(crate) fn page() -> io::BufWriter<impl Write> {
    io::BufWriter::new(anstream::stdout().lock())
}

/// Says on standard error what went wrong, as clap does.
pub(crate) fn complain(what: impl Display) {
    let style = AnsiColor::Red.on_default().bold();
    anstream::eprintln!("{style}error:{style:#} {what}");
}

/// The columns of the terminal; `None` where standard output is none.
pub(crate) fn terminal_width() -> Option<usize> {
    terminal_size::terminal_size_of(io::stdout()).map(|(width, _)| usize::from(width.0))
}

/// How wide a paragraph is: as the terminal, but no wider than reads well.
pub(crate) fn text_width() -> usize {
    terminal_width().unwrap_or(80).clamp(40, 100)
}

/// A text with a style.
pub(crate) fn styled(style: Style, text: impl Display) -> impl Display {
    struct Styled<T>(Style, T);
    impl<T: Display> Display for Styled<T> {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(f, "{}{}{:#}", self.0, self.1, self.0)
        }
    }
    Styled(style, text)
}

/// A text that is not retriage's own, such that a terminal can only show it: control characters, escape sequences and
/// what changes the direction of writing stand there as `\u{1b}`.
pub(crate) fn harmless(text: &str) -> Cow<'_, str> {
    let acts = |letter: char| {
        letter.is_control()
            || matches!(letter,
                '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}'
                | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}')
    };
    if !text.contains(acts) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for letter in text.chars() {
        if acts(letter) {
            shown.extend(letter.escape_default());
        } else {
            shown.push(letter);
        }
    }
    Cow::Owned(shown)
}

/// A paragraph, each line behind an indent.
pub(crate) fn paragraph(out: &mut impl Write, indent: &str, style: Style, text: &str) -> io::Result<()> {
    hanging(out, indent, indent, style, text)
}

/// A paragraph whose first line has its own indent, which may hold a label.
pub(crate) fn hanging(out: &mut impl Write, first: &str, other: &str, style: Style, text: &str) -> io::Result<()> {
    let width = text_width().saturating_sub(textwrap::core::display_width(other)).max(20);
    for (place, line) in textwrap::wrap(text, width).iter().enumerate() {
        let indent = if place == 0 { first } else { other };
        writeln!(out, "{indent}{}", styled(style, line))?;
    }
    Ok(())
}

/// A heading with an empty line before it.
pub(crate) fn heading(out: &mut impl Write, text: impl Display) -> io::Result<()> {
    writeln!(out, "\n{}", styled(STRONG, text))
}

/// A number with a comma at every third digit.
pub(crate) fn count(number: u64) -> String {
    indicatif::HumanCount(number).to_string()
}

/// What part of a whole, in per cent with one decimal, rounded half up.
pub(crate) fn share(part: u64, whole: u64) -> String {
    if whole == 0 {
        return "-".to_owned();
    }
    let tenths = (u128::from(part) * 2_000 + u128::from(whole)) / (2 * u128::from(whole));
    format!("{}.{} %", tenths / 10, tenths % 10)
}

/// A time span such as `2m` or `1h 30m`.
pub(crate) fn span(ms: u64) -> impl Display {
    humantime::format_duration(std::time::Duration::from_millis(ms))
}

/// A column of a table.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Column {
    head: &'static str,
    style: Style,
    right: bool,
}

impl Column {
    pub(crate) const fn new(head: &'static str, style: Style) -> Self {
        Self { head, style, right: false }
    }

    /// A column of numbers.
    pub(crate) const fn right(head: &'static str) -> Self {
        Self { head, style: PLAIN, right: true }
    }
}

/// Rows of cells. Where a terminal is too narrow, the last column wraps; where even that leaves too little, each row
/// stands as a short list instead.
#[derive(Debug)]
pub(crate) struct Table<const N: usize> {
    columns: [Column; N],
    rows: Vec<[String; N]>,
}

const GAP: &str = "  ";
/// The least that is left for a column that wraps.
const NARROWEST: usize = 24;

impl<const N: usize> Table<N> {
    pub(crate) fn new(columns: [Column; N]) -> Self {
        Self { columns, rows: Vec::new() }
    }

    pub(crate) fn row(&mut self, cells: [String; N]) {
        self.rows.push(cells);
    }

    /// Writes the table, fitted to a terminal so wide; `None` is no terminal, where nothing wraps.
    pub(crate) fn write(&self, out: &mut impl Write, indent: &str, terminal: Option<usize>) -> io::Result<()> {
        let mut widths = self.columns.map(|column| textwrap::core::display_width(column.head));
        for row in &self.rows {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = (*width).max(textwrap::core::display_width(cell));
            }
        }
        if let Some(terminal) = terminal {
            let (last, others) = widths.split_last_mut().map_or((0, 0), |(last, others)| {
                let others = others.iter().sum::<usize>() + others.len() * GAP.len() + indent.len();
                let room = terminal.saturating_sub(others);
                *last = (*last).min(room.max(NARROWEST));
                (*last, others)
            });
            if others + last > terminal {
                return self.write_stacked(out, indent, terminal);
            }
        }
        let heads = self.columns.map(|column| column.head.to_owned());
        if heads.iter().any(|head| !head.is_empty()) {
            self.write_row(out, indent, &widths, &heads, Some(QUIET))?;
        }
        self.rows.iter().try_for_each(|row| self.write_row(out, indent, &widths, row, None))
    }

    fn write_row(
        &self,
        out: &mut impl Write,
        indent: &str,
        widths: &[usize; N],
        cells: &[String; N],
        style: Option<Style>,
    ) -> io::Result<()> {
        let wrapped: Vec<Vec<Cow<'_, str>>> =
            cells.iter().zip(widths).map(|(cell, width)| textwrap::wrap(cell, *width)).collect();
        let height = wrapped.iter().map(Vec::len).max().unwrap_or_default();
        for line in 0..height {
            let mut text = String::from(indent);
            // Blanks are written only before something, so that no line ends in them.
            let mut blanks = 0;
            for ((column, width), cell) in self.columns.iter().zip(widths).zip(&wrapped) {
                let cell = cell.get(line).map_or("", |cell| cell);
                let rest = width.saturating_sub(textwrap::core::display_width(cell));
                if cell.is_empty() {
                    blanks += width + GAP.len();
                    continue;
                }
                let before = if column.right { rest } else { 0 };
                text.extend(std::iter::repeat_n(' ', blanks + before));
                text += &styled(style.unwrap_or(column.style), cell).to_string();
                blanks = rest - before + GAP.len();
            }
            writeln!(out, "{text}")?;
        }
        Ok(())
    }

    /// The first and the last cell in one line, which are what it is; the others below, with their heads.
    fn write_stacked(&self, out: &mut impl Write, indent: &str, terminal: usize) -> io::Result<()> {
        let inner = format!("{indent}    ");
        let wrap = |text: &str, indent: &str| -> Vec<String> {
            let room = terminal.saturating_sub(indent.len()).max(1);
            textwrap::wrap(text, room).into_iter().map(Cow::into_owned).collect()
        };
        for row in &self.rows {
            let mut cells: Vec<(&Column, &String)> =
                self.columns.iter().zip(row).filter(|(_, cell)| !cell.is_empty()).collect();
            if cells.is_empty() {
                continue;
            }
            let (first, name) = cells.remove(0);
            let title = cells.pop().map(|(_, cell)| cell.as_str()).unwrap_or_default();
            let inline = indent.len() + textwrap::core::display_width(&format!("{name}{GAP}{title}")) <= terminal;
            if inline && !title.is_empty() {
                writeln!(out, "{indent}{}{GAP}{title}", styled(first.style, name))?;
            } else {
                writeln!(out, "{indent}{}", styled(first.style, name))?;
                for line in wrap(title, &inner) {
                    writeln!(out, "{inner}{line}")?;
                }
            }
            let rest: Vec<String> =
                cells.iter().map(|(column, cell)| format!("{} {cell}", column.head.to_lowercase())).collect();
            for line in wrap(&rest.join(" · "), &inner) {
                writeln!(out, "{inner}{}", styled(QUIET, line))?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Column, PLAIN, Table, harmless, share, span};

    fn written(terminal: Option<usize>) -> String {
        let mut table = Table::new([Column::right("COUNT"), Column::new("ENTRY", PLAIN), Column::new("TITLE", PLAIN)]);
        table.row(["1,000".to_owned(), "http/503".to_owned(), "Service Unavailable for the time being".to_owned()]);
        table.row(["7".to_owned(), "redox/401".to_owned(), String::new()]);
        let mut out = Vec::new();
        table.write(&mut anstream::StripStream::new(&mut out), "  ", terminal).expect("a vector can be written");
        String::from_utf8(out).expect("a table is UTF-8")
    }

    #[test]
    fn a_table_fits_the_terminal() {
        assert_eq!(
            written(None),
            "  COUNT  ENTRY      TITLE\n  1,000  http/503   Service Unavailable for the time being\n      7  redox/401\n"
        );
        assert_eq!(written(Some(200)), written(None));
        assert_eq!(
            written(Some(45)),
            "  COUNT  ENTRY      TITLE\n  1,000  http/503   Service Unavailable for\n                    the time being\n      \
             7  redox/401\n"
        );
        let narrow = written(Some(30));
        assert!(narrow.lines().all(|line| line.chars().count() <= 30), "{narrow}");
        assert!(narrow.starts_with("  1,000\n      Service Unavailable for\n"), "{narrow}");
        assert!(narrow.contains("\n  7  redox/401\n"), "{narrow}");
    }

    #[test]
    fn what_could_act_on_a_terminal_is_shown() {
        assert_eq!(harmless("fax não enviado, 送信"), "fax não enviado, 送信");
        assert_eq!(harmless("\u{1b}[2Jgone\u{7}"), "\\u{1b}[2Jgone\\u{7}");
        assert_eq!(harmless("a\nb\tc\u{9b}31m\u{7f}"), "a\\nb\\tc\\u{9b}31m\\u{7f}");
        assert_eq!(harmless("left\u{202e}right\u{2066}"), "left\\u{202e}right\\u{2066}");
    }

    #[test]
    fn shares_are_rounded_half_up() {
        assert_eq!(share(1, 3), "33.3 %");
        assert_eq!(share(1, 2_000), "0.1 %");
        assert_eq!(share(1, 2_001), "0.0 %");
        assert_eq!(share(5, 5), "100.0 %");
        assert_eq!(share(0, 0), "-");
        assert_eq!(share(u64::MAX, u64::MAX), "100.0 %");
    }

    #[test]
    fn spans_are_exact() {
        assert_eq!(span(90_000).to_string(), "1m 30s");
        assert_eq!(span(500).to_string(), "500ms");
        assert_eq!(span(0).to_string(), "0s");
    }
}

//! The picture as SVG, for a document: one file that needs no other, with a title and a description for those who
//! don't see it, and the colours of the reader's scheme.

use std::io::{self, Write};

use quick_xml::Writer;
use quick_xml::events::BytesText;

use super::picture::{Picture, Row};
use crate::print;

const WIDTH: f64 = 720.0;
const MARGIN: f64 = 16.0;
/// Where the axis begins.
const LEFT: f64 = 48.0;
/// What a character takes at most, and what is free before the labels.
const LETTER: f64 = 8.0;
const GAP: f64 = 20.0;
/// Where the rows begin.
const TOP: f64 = 76.0;
const ROW: f64 = 22.0;
/// Below the rows: the axis, its numbers and its caption.
const BOTTOM: f64 = 56.0;
/// How many ticks there is room for.
const TICKS: usize = 7;

/// Fixed colours first, for readers that know no media queries. Of either scheme the text has at least the contrast
/// 4.5 to 1 (WCAG 2.2, 1.4.3), and the shapes 3 to 1 (1.4.11).
const STYLE: &str = "\
.retriage-paper{fill:#ffffff}\
.retriage-text{fill:#1f2328;font:13px system-ui,sans-serif}\
.retriage-title{font-size:16px;font-weight:600}\
.retriage-quiet{fill:#59636e}\
.retriage-line{stroke:#d1d9e0}\
.retriage-wait{stroke:#0969da;stroke-width:3}\
.retriage-run{stroke:#1f2328;stroke-width:7}\
.retriage-begin{fill:#0969da}\
.retriage-end{stroke:#cf222e;stroke-width:2.5}\
@media(prefers-color-scheme:dark){\
.retriage-paper{fill:#0d1117}\
.retriage-text{fill:#f0f6fc}\
.retriage-quiet{fill:#9198a1}\
.retriage-line{stroke:#3d444d}\
.retriage-wait{stroke:#4493f8}\
.retriage-run{stroke:#f0f6fc}\
.retriage-begin{fill:#4493f8}\
.retriage-end{stroke:#f85149}\
}";

/// An element that takes no other: its attributes and its text.
type Attributes<'a> = &'a [(&'a str, &'a str)];

struct Canvas(Writer<Vec<u8>>);

impl Canvas {
    fn empty(&mut self, name: &str, attributes: Attributes<'_>) -> io::Result<()> {
        self.0.create_element(name).with_attributes(attributes.iter().copied()).write_empty().map(drop)
    }

    fn text(&mut self, name: &str, attributes: Attributes<'_>, text: &str) -> io::Result<()> {
        let element = self.0.create_element(name).with_attributes(attributes.iter().copied());
        element.write_text_content(BytesText::new(text)).map(drop)
    }

    fn line(&mut self, class: &str, from: (f64, f64), to: (f64, f64)) -> io::Result<()> {
        let [x1, y1, x2, y2] = [from.0, from.1, to.0, to.1].map(number);
        self.empty("line", &[("class", class), ("x1", &x1), ("y1", &y1), ("x2", &x2), ("y2", &y2)])
    }
}

/// A length, to a tenth.
fn number(length: f64) -> String {
    let text = format!("{length:.1}");
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}

/// As much of a text as there is room for.
fn cut(text: &str) -> String {
    let room = ((WIDTH - 2.0 * MARGIN) / LETTER) as usize;
    if text.chars().count() <= room {
        return text.to_owned();
    }
    text.chars().take(room - 1).chain(['…']).collect()
}

/// The file.
///
/// # Errors
/// None that a vector can give.
pub(super) fn draw(picture: &Picture) -> io::Result<Vec<u8>> {
    let bottom = TOP + ROW * picture.rows().len() as f64;
    let height = number(bottom + BOTTOM);
    let description = description(picture);
    // Several may stand in one document, where no name may be twice.
    let mut check = flate2::Crc::new();
    check.update(picture.title().as_bytes());
    check.update(description.as_bytes());
    let [title_id, description_id] =
        ["title", "description"].map(|part| format!("retriage-{part}-{:08x}", check.sum()));
    let size = number(WIDTH);
    let mut canvas = Canvas(Writer::new_with_indent(Vec::new(), b' ', 1));
    let whole = [
        ("xmlns", "http://www.w3.org/2000/svg"),
        ("width", &*size),
        ("height", &*height),
        ("viewBox", &*format!("0 0 {size} {height}")),
        ("role", "img"),
        ("aria-labelledby", &*title_id),
        ("aria-describedby", &*description_id),
    ];
    let mut inner = Canvas(Writer::new_with_indent(Vec::new(), b' ', 1));
    inner.text("title", &[("id", &title_id)], &format!("{}: {}", picture.title(), picture.subject()))?;
    inner.text("desc", &[("id", &description_id)], &description)?;
    inner.text("style", &[], STYLE)?;
    inner.empty("rect", &[("class", "retriage-paper"), ("width", &size), ("height", &height), ("rx", "6")])?;
    let margin = number(MARGIN);
    for (class, y, text) in [
        ("retriage-text retriage-title", "28", picture.title()),
        ("retriage-text retriage-quiet", "48", picture.subject()),
    ] {
        inner.text("text", &[("class", class), ("x", &margin), ("y", y)], &cut(text))?;
    }
    draw_axis(&mut inner, picture, bottom)?;
    for (place, row) in picture.rows().iter().enumerate() {
        let is_last = place + 1 == picture.rows().len();
        draw_row(&mut inner, picture, row, TOP + ROW * (place as f64 + 0.5), is_last)?;
    }
    let inner = inner.0.into_inner();
    canvas
        .0
        .create_element("svg")
        .with_attributes(whole)
        .write_inner_content(|writer| writer.get_mut().write_all(&inner))?;
    let mut file = canvas.0.into_inner();
    file.push(b'\n');
    Ok(file)
}

fn across(picture: &Picture, ms: u64) -> f64 {
    let labels = picture.rows().iter().map(|row| row.label.len()).max().unwrap_or_default();
    let right = WIDTH - MARGIN - labels as f64 * LETTER - GAP;
    LEFT + picture.axis().place(ms) * (right - LEFT)
}

fn draw_axis(canvas: &mut Canvas, picture: &Picture, bottom: f64) -> io::Result<()> {
    for tick in picture.axis().ticks(TICKS) {
        let x = across(picture, tick);
        canvas.line("retriage-line", (x, TOP), (x, bottom + 5.0))?;
        let (x, y) = (number(x), number(bottom + 20.0));
        let attributes = [("class", "retriage-text retriage-quiet"), ("x", &*x), ("y", &*y), ("text-anchor", "middle")];
        canvas.text("text", &attributes, &print::span(tick).to_string())?;
    }
    let (x, y) = (number(LEFT), number(bottom + 42.0));
    canvas.text("text", &[("class", "retriage-text retriage-quiet"), ("x", &x), ("y", &y)], picture.axis().caption())
}

fn draw_row(canvas: &mut Canvas, picture: &Picture, row: &Row, y: f64, is_last: bool) -> io::Result<()> {
    let (began, ended) = (across(picture, row.began_ms), across(picture, row.ended_ms));
    let (baseline, middle) = (number(y + 4.5), number(y));
    for (x, text) in [(LEFT - 14.0, &row.number.to_string()), (WIDTH - MARGIN, &row.label)] {
        let x = number(x);
        canvas.text(
            "text",
            &[("class", "retriage-text"), ("x", &x), ("y", &baseline), ("text-anchor", "end")],
            text,
        )?;
    }
    let runs = ended > began;
    if runs {
        canvas.line("retriage-run", (began, y), (ended, y))?;
    }
    let next = row.next_ms.map(|next| across(picture, next));
    if let Some(next) = next {
        canvas.line("retriage-wait", (ended, y), (next, y))?;
    }
    // Of an attempt that took no time and was the last, the cross is all there is to see.
    if runs || next.is_some() {
        let x = number(began);
        canvas.empty("circle", &[("class", "retriage-begin"), ("cx", &x), ("cy", &middle), ("r", "4.5")])?;
    }
    let Some(next) = next else {
        canvas.line("retriage-end", (ended - 5.0, y - 5.0), (ended + 5.0, y + 5.0))?;
        return canvas.line("retriage-end", (ended - 5.0, y + 5.0), (ended + 5.0, y - 5.0));
    };
    if is_last {
        let points = [(next, y - 5.0), (next + 9.0, y), (next, y + 5.0)];
        let points = points.map(|(x, y)| format!("{},{}", number(x), number(y))).join(" ");
        canvas.empty("polygon", &[("class", "retriage-begin"), ("points", &points)])?;
    }
    Ok(())
}

/// The picture in words.
fn description(picture: &Picture) -> String {
    let rows = picture.rows().iter().map(|row| {
        let began = print::span(row.began_ms);
        let then = match row.next_ms {
            Some(next) => format!("a wait of {}", print::span(next.saturating_sub(row.ended_ms))),
            None => row.label.clone(),
        };
        format!("Attempt {} at {began}, then {then}.", row.number)
    });
    rows.chain([picture.summary().to_owned()]).collect::<Vec<_>>().join(" ")
}

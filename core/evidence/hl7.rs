//! HL7 version 2 acknowledgements: segments, fields and the few of them that say what became of a message.
//!
//! Bytes, not text: names in Latin-1 must not stop the reading of codes. Separators are the message's own, from
//! MSH-1 and MSH-2. What is tolerated beyond the standard is what engines send: LF and CRLF between segments, and a
//! message with or without its MLLP frame.

use alloc::borrow::Cow;
use alloc::string::String;

use super::{Candidate, Evidence, Findings, FoundCode, set_text};
use crate::details::{Fields, MOST_ERRORS};
use crate::source::parse_number;
use crate::tables::Catalog;
use crate::vocabulary::{Field, Format, Signal, Step, Unreadable};

const START: u8 = 0x0B;
const END: u8 = 0x1C;

/// Whether the bytes begin as a message does, framed or not.
pub(super) fn begins(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(&[START]).unwrap_or(bytes);
    bytes.trim_ascii_start().starts_with(b"MSH")
}

/// ERR-4, by weight.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Weight {
    Information,
    Warning,
    Error,
    Fatal,
}

#[derive(Clone, Copy)]
struct Separators {
    field: u8,
    component: u8,
    repetition: u8,
    subcomponent: u8,
}

/// Whether there is something in it: two quotes are HL7's way of saying that there is nothing.
fn is_filled(part: &[u8]) -> bool {
    !part.is_empty() && part != b"\"\""
}

/// A field of a segment, by its number in the standard.
fn field(separators: Separators, segment: &[u8], number: usize) -> Option<&[u8]> {
    segment.split(|byte| *byte == separators.field).nth(number).filter(|field| is_filled(field))
}

/// A component of a field's first repetition, from 1; its first subcomponent where it has several.
fn component(separators: Separators, field: &[u8], number: usize) -> Option<&[u8]> {
    let first = field.split(|byte| *byte == separators.repetition).next()?;
    let component = first.split(|byte| *byte == separators.component).nth(number - 1)?;
    let part = component.split(|byte| *byte == separators.subcomponent).next()?.trim_ascii();
    Some(part).filter(|part| is_filled(part))
}

/// Bytes as a text: UTF-8, or else Latin-1, in which every byte is the character of its number.
fn text(bytes: &[u8]) -> Cow<'_, str> {
    match core::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(bytes.iter().map(|byte| char::from(*byte)).collect::<String>()),
    }
}

/// One ERR segment, or what stood in its place before version 2.5, as far as it counts.
struct Error<'a> {
    code: Option<&'a [u8]>,
    weight: Weight,
}

impl<'a> Error<'a> {
    /// An error without a severity counts as one; the code 0 is "message accepted", which is none.
    fn new(code: Option<&'a [u8]>, weight: Option<Weight>) -> Self {
        let unsaid = if code.is_some_and(is_zero) { Weight::Information } else { Weight::Error };
        Self { code, weight: weight.unwrap_or(unsaid) }
    }
}

fn is_zero(code: &[u8]) -> bool {
    core::str::from_utf8(code).ok().and_then(parse_number) == Some(0)
}

/// Reads an acknowledgement that [`begins`] as one.
pub(super) fn read<'a>(
    findings: &mut Findings<'_, 'a>,
    catalog: Catalog<'a>,
    evidence: &Evidence<'a>,
    bytes: &'a [u8],
) {
    let framed = bytes.strip_prefix(&[START]);
    let message = framed.unwrap_or(bytes);
    let message = match message.iter().position(|byte| *byte == END) {
        Some(end) => message.get(..end).unwrap_or_default(),
        // A frame that doesn't end has been cut: what is missing may be the segment that matters.
        None if framed.is_some() => return findings.unreadable = Some(Unreadable::Truncated),
        None => message,
    };
    let mut segments =
        message.split(|byte| *byte == b'\r' || *byte == b'\n').map(<[u8]>::trim_ascii).filter(|line| !line.is_empty());
    let header = segments.next().unwrap_or_default();
    let [_, _, _, field_separator, component, repetition, _, subcomponent, ..] = header else {
        return findings.unreadable = Some(Unreadable::Truncated);
    };
    // MSH-2 may leave out what the message doesn't use.
    let encoding = header.get(4..).unwrap_or_default().split(|byte| byte == field_separator).next().unwrap_or_default();
    let or_standard = |at: usize, found: u8, standard: u8| if encoding.len() > at { found } else { standard };
    let separators = Separators {
        field: *field_separator,
        component: or_standard(0, *component, b'^'),
        repetition: or_standard(1, *repetition, b'~'),
        subcomponent: or_standard(3, *subcomponent, b'&'),
    };
    let (mut acknowledgement, mut counts): (Option<&[u8]>, Option<Error<'_>>) = (None, None);
    // A second header begins another message.
    for segment in segments.take_while(|segment| !segment.starts_with(b"MSH")) {
        let name = segment.split(|byte| *byte == separators.field).next().unwrap_or_default();
        match name {
            b"MSA" if acknowledgement.is_none() => acknowledgement = Some(segment),
            b"ERR" => {
                let Some(error) = read_error(separators, segment) else { continue };
                if evidence.details {
                    keep_error(findings, separators, segment, &error);
                }
                // The heaviest counts, the first of equals.
                if counts.as_ref().is_none_or(|held| error.weight > held.weight) {
                    counts = Some(error);
                }
            }
            _ => {}
        }
    }
    let Some(acknowledgement) = acknowledgement else {
        return findings.unreadable = Some(Unreadable::MalformedHl7);
    };
    let code = field(separators, acknowledgement, 1).map(<[u8]>::trim_ascii);
    let control_id = field(separators, acknowledgement, 2);
    if evidence.details {
        findings.details.format = Some(Format::Hl7v2.as_str());
        let details = &mut findings.details.fields;
        set_text(details, Field::Code, code.map(text));
        set_text(details, Field::Id, control_id.map(text));
        set_text(details, Field::Message, field(separators, acknowledgement, 3).map(text));
    }
    let Some(code) = code else { return findings.unreadable = Some(Unreadable::MalformedHl7) };
    let sent = evidence.control_id.map(str::as_bytes);
    if sent.is_some_and(|sent| sent.trim_ascii() != control_id.unwrap_or_default().trim_ascii()) {
        return findings.signal(Signal::ControlIdMismatch);
    }
    // Before version 2.5 there was MSA-6.
    let counts = counts.or_else(|| {
        let old = field(separators, acknowledgement, 6)?;
        Some(Error::new(self::component(separators, old, 1), None))
    });
    let accepted = matches!(code, b"AA" | b"CA");
    if accepted && counts.as_ref().is_some_and(|error| error.weight >= Weight::Error) {
        return findings.signal(Signal::AcceptedWithErrors);
    }
    let mut add = |order: u16, bytes: &'a [u8]| {
        let code = FoundCode::from_text(catalog, &text(bytes));
        findings.codes.add(Candidate { order, code, step: Step::CodeInBody });
    };
    // The error's own code says more than a refusal's, except that 0 says nothing.
    let refused = matches!(code, b"AE" | b"AR" | b"CE" | b"CR");
    if let (true, Some(code)) = (refused, counts.and_then(|error| error.code).filter(|code| !is_zero(code))) {
        add(0, code);
    }
    add(1, code);
}

/// An ERR segment; `None` where it has nothing in it, as some engines send beside every AA.
fn read_error(separators: Separators, segment: &[u8]) -> Option<Error<'_>> {
    segment.split(|byte| *byte == separators.field).skip(1).find(|field| is_filled(field))?;
    // ERR-3 since version 2.5; ERR-1, fourth component, before.
    let part = |number: usize, part: usize| component(separators, field(separators, segment, number)?, part);
    let weight = match part(4, 1) {
        Some(b"I") => Some(Weight::Information),
        Some(b"W") => Some(Weight::Warning),
        Some(b"F") => Some(Weight::Fatal),
        Some(_) => Some(Weight::Error),
        None => None,
    };
    Some(Error::new(part(3, 1).or_else(|| part(1, 4)), weight))
}

fn keep_error<'a>(findings: &mut Findings<'_, 'a>, separators: Separators, segment: &'a [u8], error: &Error<'a>) {
    if findings.details.errors.len() >= MOST_ERRORS {
        findings.details.omitted += 1;
        return;
    }
    let mut fields = Fields::default();
    set_text(&mut fields, Field::Code, error.code.map(text));
    // What was written for people: ERR-8, else ERR-7, else the text beside the code.
    let message = field(separators, segment, 8)
        .or_else(|| field(separators, segment, 7))
        .or_else(|| field(separators, segment, 3).and_then(|field| component(separators, field, 2)));
    set_text(&mut fields, Field::Message, message.map(text));
    set_text(&mut fields, Field::Severity, field(separators, segment, 4).map(text));
    set_text(&mut fields, Field::Pointer, field(separators, segment, 2).map(text));
    findings.details.errors.push(fields);
}

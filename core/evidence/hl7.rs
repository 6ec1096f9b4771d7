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

/// A field of a segment, by its number in the standard.
fn field(separators: Separators, segment: &[u8], number: usize) -> Option<&[u8]> {
    segment.split(|byte| *byte == separators.field).nth(number).filter(|field| !field.is_empty())
}

/// A component of a field's first repetition, from 1; its first subcomponent where it has several.
fn component(separators: Separators, field: &[u8], number: usize) -> Option<&[u8]> {
    let first = field.split(|byte| *byte == separators.repetition).next()?;
    let component = first.split(|byte| *byte == separators.component).nth(number - 1)?;
    let part = component.split(|byte| *byte == separators.subcomponent).next()?.trim_ascii();
    Some(part).filter(|part| !part.is_empty())
}

/// Bytes as a text: UTF-8, or else Latin-1, in which every byte is the character of its number.
fn text(bytes: &[u8]) -> Cow<'_, str> {
    match core::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(bytes.iter().map(|byte| char::from(*byte)).collect::<String>()),
    }
}

/// One ERR segment, as far as it counts.
struct Error<'a> {
    code: Option<&'a [u8]>,
    weight: Weight,
}

/// Reads an acknowledgement that [`begins`] as one.
pub(super) fn read<'a>(findings: &mut Findings<'a>, catalog: Catalog<'a>, evidence: &Evidence<'a>, bytes: &'a [u8]) {
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
    for segment in segments {
        let name = segment.split(|byte| *byte == separators.field).next().unwrap_or_default();
        match name {
            b"MSA" if acknowledgement.is_none() => acknowledgement = Some(segment),
            b"ERR" => {
                let error = read_error(separators, segment);
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
    if counts.is_none() {
        counts = field(separators, acknowledgement, 6)
            .map(|old| Error { code: self::component(separators, old, 1), weight: Weight::Error });
    }
    let accepted = matches!(code, b"AA" | b"CA");
    let error = counts.as_ref().map(|error| (error.code, error.weight)).unwrap_or((None, Weight::Information));
    if accepted && error.1 >= Weight::Error {
        return findings.signal(Signal::AcceptedWithErrors);
    }
    let mut add = |order: u16, bytes: &'a [u8]| {
        let code = FoundCode::from_text(catalog, &text(bytes));
        findings.codes.add(Candidate { order, code, step: Step::CodeInBody });
    };
    // The error's own code says more than the acknowledgement's, except that 0 says nothing.
    let says_something = |code: &&[u8]| core::str::from_utf8(code).ok().and_then(parse_number) != Some(0);
    if let (false, Some(code)) = (accepted, counts.and_then(|error| error.code).filter(says_something)) {
        add(0, code);
    }
    add(1, code);
}

fn read_error(separators: Separators, segment: &[u8]) -> Error<'_> {
    // ERR-3 since version 2.5; ERR-1, fourth component, before.
    let new = field(separators, segment, 3).and_then(|field| component(separators, field, 1));
    let old = || {
        let field = field(separators, segment, 1)?;
        let first = field.split(|byte| *byte == separators.repetition).next()?;
        let fourth = first.split(|byte| *byte == separators.component).nth(3)?;
        let part = fourth.split(|byte| *byte == separators.subcomponent).next()?.trim_ascii();
        Some(part).filter(|part| !part.is_empty())
    };
    let code = new.or_else(old);
    let weight = match field(separators, segment, 4).map(<[u8]>::trim_ascii) {
        Some(b"I") => Weight::Information,
        Some(b"W") => Weight::Warning,
        Some(b"F") => Weight::Fatal,
        // The code 0 is "message accepted", with severity I by the standard.
        None if code == Some(b"0") => Weight::Information,
        _ => Weight::Error,
    };
    Error { code, weight }
}

fn keep_error<'a>(findings: &mut Findings<'a>, separators: Separators, segment: &'a [u8], error: &Error<'a>) {
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

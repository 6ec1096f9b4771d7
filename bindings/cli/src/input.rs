//! Input by blocks of whole lines: from a file or standard input, packed or not, in bounded memory.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;

use flate2::bufread::MultiGzDecoder;
use retriage::Error;
use retriage::vocabulary::ErrorKind;

/// The longest line that is read, in bytes. A longer one counts as one bad line and is skipped without being held.
pub(crate) const LONGEST_LINE: usize = 16 << 20;

/// The name that stands for standard input.
pub(crate) const STDIN: &str = "-";

/// Opens a file, or standard input for `-`.
///
/// # Errors
/// The file can't be opened.
pub(crate) fn open(name: &Path) -> io::Result<Box<dyn Read>> {
    if name.as_os_str() == STDIN {
        return Ok(Box::new(io::stdin().lock()));
    }
    File::open(name).map(|file| Box::new(file) as Box<dyn Read>)
}

/// The bytes of a reader, unpacked where they begin with the mark of gzip. A file of several members is one.
///
/// # Errors
/// The first two bytes can't be read.
pub(crate) fn unpacked<'r>(mut input: impl Read + 'r) -> io::Result<Box<dyn Read + 'r>> {
    let mut mark = Vec::with_capacity(2);
    input.by_ref().take(2).read_to_end(&mut mark)?;
    let packed = mark == [0x1F, 0x8B];
    let whole = io::Cursor::new(mark).chain(input);
    if packed {
        return Ok(Box::new(MultiGzDecoder::new(BufReader::with_capacity(1 << 17, whole))));
    }
    Ok(Box::new(whole))
}

/// Whole lines, one after the other. Made to be filled again and again.
#[derive(Debug, Default)]
pub(crate) struct Block {
    /// Longer than what is in it, so that it is cleared once and not for every reading.
    buffer: Vec<u8>,
    end: usize,
    first_line: u64,
}

/// A line, or that there was one that is too long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Line<'a> {
    /// Its bytes without the line feed, or carriage return and line feed, at its end.
    Bytes(&'a [u8]),
    /// It is longer than [`LONGEST_LINE`].
    TooLong,
}

impl<'a> Line<'a> {
    /// Its text.
    ///
    /// # Errors
    /// It is too long, or not UTF-8: what the wire form says to a question that is.
    pub(crate) fn text(self) -> Result<&'a str, Error> {
        let whole = |kind, message| Error { kind, message, at: String::new() };
        match self {
            Self::Bytes(bytes) => std::str::from_utf8(bytes).map_err(|error| {
                let message = format!("not UTF-8: the byte at {} begins no character", error.valid_up_to());
                whole(ErrorKind::BadJson, message)
            }),
            Self::TooLong => {
                let message = format!("the line is longer than {LONGEST_LINE} bytes, which is the most that is read");
                Err(whole(ErrorKind::TooLarge, message))
            }
        }
    }
}

impl Block {
    fn bytes(&self) -> &[u8] {
        self.buffer.get(..self.end).unwrap_or_default()
    }

    /// The lines with their numbers, from 1, without those that are blank.
    pub(crate) fn lines(&self) -> impl Iterator<Item = (u64, Line<'_>)> {
        let bytes = self.bytes();
        // A byte order mark is no part of the first line.
        let mark = b"\xEF\xBB\xBF".as_slice();
        let bytes = bytes.strip_prefix(mark).filter(|_| self.first_line == 1).unwrap_or(bytes);
        let bytes = bytes.strip_suffix(b"\n").unwrap_or(bytes);
        let mut ends = memchr::memchr_iter(b'\n', bytes).chain([bytes.len()]);
        let mut from = 0;
        let lines = std::iter::from_fn(move || {
            let end = ends.next()?;
            let line = bytes.get(from..end)?;
            from = end + 1;
            Some(line)
        });
        (self.first_line..).zip(lines).filter_map(|(number, line)| {
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            if line.iter().all(u8::is_ascii_whitespace) {
                return None;
            }
            Some((number, if line.len() > LONGEST_LINE { Line::TooLong } else { Line::Bytes(line) }))
        })
    }

    fn push(&mut self, bytes: &[u8]) {
        if let Some(room) = self.room(bytes.len()).get_mut(..bytes.len()) {
            room.copy_from_slice(bytes);
            self.end += bytes.len();
        }
    }

    /// Room for so many bytes after those that are there.
    fn room(&mut self, size: usize) -> &mut [u8] {
        let end = self.end + size;
        if self.buffer.len() < end {
            self.buffer.resize(end, 0);
        }
        self.buffer.get_mut(self.end..end).unwrap_or_default()
    }
}

/// Cuts a reader into blocks.
pub(crate) struct Blocks<R> {
    input: R,
    /// How much is read at once.
    size: usize,
    /// The beginning of a line whose end is still to come.
    held: Vec<u8>,
    next_line: u64,
    /// Whether a line that is too long is being passed over.
    skipping: bool,
    ended: bool,
}

impl<R: Read> Blocks<R> {
    pub(crate) fn new(input: R, size: usize) -> Self {
        Self { input, size, held: Vec::new(), next_line: 1, skipping: false, ended: false }
    }

    /// Fills a block with what one reading brings, or as many as the end of a line takes, so that nothing that is
    /// there waits for more. `false` at the end of the input, when the block is empty.
    ///
    /// # Errors
    /// The input can't be read on. What it gave before has been handed out, but for a line without its end.
    pub(crate) fn fill(&mut self, block: &mut Block) -> io::Result<bool> {
        block.end = 0;
        block.first_line = self.next_line;
        block.push(&self.held);
        self.held.clear();
        loop {
            let seen = block.end;
            self.read(block)?;
            let new = block.bytes().get(seen..).unwrap_or_default();
            if let Some(last) = memchr::memrchr(b'\n', new) {
                self.held.extend_from_slice(new.get(last + 1..).unwrap_or_default());
                block.end = seen + last + 1;
                break;
            }
            if self.ended {
                break;
            }
            if block.end > LONGEST_LINE + 1 {
                // Too long even if it ends in a carriage return: handed out as it is, and the rest is passed over.
                self.skipping = true;
                break;
            }
        }
        let bytes = block.bytes();
        let open = bytes.last().is_some_and(|last| *last != b'\n');
        self.next_line += memchr::memchr_iter(b'\n', bytes).count() as u64 + u64::from(open);
        Ok(block.end > 0)
    }

    /// Reads once, or until a line that is passed over has ended. Nothing new means that the input has.
    fn read(&mut self, block: &mut Block) -> io::Result<()> {
        while !self.ended {
            let room = block.room(self.size);
            let read = match self.input.read(room) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                other => other?,
            };
            self.ended = read == 0;
            let mut rest = 0..read;
            if self.skipping {
                let feed = memchr::memchr(b'\n', room.get(..read).unwrap_or_default());
                rest.start = feed.map_or(read, |at| at + 1);
                self.skipping = feed.is_none();
                room.copy_within(rest.clone(), 0);
            }
            block.end += rest.len();
            if !rest.is_empty() {
                break;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::io::{self, Cursor, Read, Write};

    use super::{Block, Blocks, LONGEST_LINE, Line, unpacked};

    /// Gives one byte at a time.
    struct Drip<R>(R);

    impl<R: Read> Read for Drip<R> {
        fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
            self.0.read(&mut room[..1])
        }
    }

    fn lines(input: impl Read, size: usize) -> Vec<(u64, Option<Vec<u8>>)> {
        let mut blocks = Blocks::new(input, size);
        let mut block = Block::default();
        let mut lines = Vec::new();
        while blocks.fill(&mut block).expect("a slice can be read") {
            lines.extend(block.lines().map(|(number, line)| match line {
                Line::Bytes(bytes) => (number, Some(bytes.to_vec())),
                Line::TooLong => (number, None),
            }));
        }
        lines
    }

    fn some(number: u64, text: &str) -> (u64, Option<Vec<u8>>) {
        (number, Some(text.as_bytes().to_vec()))
    }

    #[test]
    fn lines_are_whole_and_numbered_however_they_are_read() {
        let text = b"\xEF\xBB\xBFone\r\n\n  \ntwo and more\nthree";
        let expected = vec![some(1, "one"), some(4, "two and more"), some(5, "three")];
        for size in [1, 2, 3, 4, 7, 64] {
            assert_eq!(lines(text.as_slice(), size), expected, "{size} bytes at a time");
        }
        assert_eq!(lines(Drip(text.as_slice()), 64), expected);
    }

    #[test]
    fn a_line_feed_at_the_end_makes_no_line() {
        assert_eq!(lines(b"one\n".as_slice(), 64), [some(1, "one")]);
        assert_eq!(lines(b"".as_slice(), 64), []);
        assert_eq!(lines(b"\n\n".as_slice(), 64), []);
    }

    #[test]
    fn a_line_is_there_before_the_next_is_read() {
        let mut blocks = Blocks::new(Drip(b"one\ntwo\n".as_slice()), 64);
        let mut block = Block::default();
        assert!(blocks.fill(&mut block).expect("a slice can be read"));
        assert_eq!(block.lines().collect::<Vec<_>>(), [(1, Line::Bytes(b"one"))]);
    }

    #[test]
    fn a_line_that_is_too_long_is_passed_over_without_being_held() {
        let longest = io::repeat(b'x').take(LONGEST_LINE as u64);
        let endless = io::repeat(b'y').take(20 * LONGEST_LINE as u64);
        let text = Cursor::new("one\n").chain(longest).chain(Cursor::new("\n")).chain(endless);
        let mut blocks = Blocks::new(text.chain(Cursor::new("\nfour\n")), 1 << 16);
        let mut block = Block::default();
        let mut seen = Vec::new();
        while blocks.fill(&mut block).expect("a slice can be read") {
            seen.extend(block.lines().map(|(number, line)| match line {
                Line::Bytes(bytes) => (number, Some(bytes.len())),
                Line::TooLong => (number, None),
            }));
        }
        assert_eq!(seen, [(1, Some(3)), (2, Some(LONGEST_LINE)), (3, None), (4, Some(4))]);
        assert!(block.buffer.capacity() <= 2 * (LONGEST_LINE + (1 << 16)), "{}", block.buffer.capacity());
    }

    #[test]
    fn what_is_packed_is_unpacked_in_all_its_members() {
        let mut packed = Vec::new();
        for part in ["one\ntw", "o\n"] {
            let mut encoder = flate2::write::GzEncoder::new(&mut packed, flate2::Compression::fast());
            encoder.write_all(part.as_bytes()).expect("a vector can be written");
            encoder.finish().expect("a vector can be written");
        }
        for bytes in [packed.as_slice(), b"one\ntwo\n"] {
            let mut text = String::new();
            unpacked(bytes).expect("a slice can be read").read_to_string(&mut text).expect("it unpacks");
            assert_eq!(text, "one\ntwo\n");
        }
        let mut short = Vec::new();
        unpacked(b"x".as_slice()).expect("a slice can be read").read_to_end(&mut short).expect("a slice can be read");
        assert_eq!(short, b"x");
    }
}

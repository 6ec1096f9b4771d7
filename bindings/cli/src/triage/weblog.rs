//! The common and combined log formats: `host ident user [time] "request" status bytes`, and in the combined one
//! `"referrer" "user agent"` after it. Servers add fields of their own before and after; those are passed over.

use memchr::{memchr, memchr2};

/// What counts of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Record<'a> {
    pub(super) status: u16,
    /// The first word of the request; something else where the request was no HTTP.
    pub(super) method: &'a [u8],
    pub(super) time: &'a [u8],
    /// What follows the status.
    rest: &'a [u8],
}

impl Record<'_> {
    /// Whether a referrer stands after the number of bytes.
    pub(super) fn is_combined(&self) -> bool {
        let rest = self.rest.trim_ascii_start();
        memchr(b' ', rest).and_then(|at| rest.get(at + 1)) == Some(&b'"')
    }
}

/// Reads a line; `None` for what is not of these formats.
pub(super) fn parse(line: &[u8]) -> Option<Record<'_>> {
    let (time, after) = time(line)?;
    let end = closing_quote(after)?;
    let request = after.get(..end)?;
    let after = after.get(end + 1..)?.strip_prefix(b" ")?;
    let (status, rest) = after.split_at_checked(3)?;
    if !matches!(rest.first(), None | Some(b' ')) {
        return None;
    }
    let status = status
        .iter()
        .try_fold(0_u16, |number, digit| digit.is_ascii_digit().then(|| number * 10 + u16::from(digit - b'0')))?;
    let method = memchr(b' ', request).and_then(|end| request.get(..end)).unwrap_or_default();
    Some(Record { status, method, time, rest })
}

/// What stands in the brackets before the request, and what follows the request's first quote. An address may stand
/// in brackets too.
fn time(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut rest = line;
    loop {
        rest = rest.get(memchr(b'[', rest)? + 1..)?;
        let close = memchr(b']', rest)?;
        if let Some(after) = rest.get(close + 1..)?.strip_prefix(b" \"") {
            return Some((rest.get(..close)?, after));
        }
    }
}

/// Where the quote stands that no backslash stands before.
fn closing_quote(text: &[u8]) -> Option<usize> {
    let mut from = 0;
    loop {
        let at = from + memchr2(b'"', b'\\', text.get(from..)?)?;
        if text.get(at) == Some(&b'"') {
            return Some(at);
        }
        from = at + 2;
    }
}

#[cfg(test)]
mod tests {
    use super::parse;

    fn read(line: &str) -> Option<(u16, &str, &str, bool)> {
        let record = parse(line.as_bytes())?;
        let text = |bytes| std::str::from_utf8(bytes).expect("the line is UTF-8");
        Some((record.status, text(record.method), text(record.time), record.is_combined()))
    }

    #[test]
    fn both_formats_are_read() {
        let common = r#"127.0.0.1 - frank [10/Oct/2000:13:55:36 -0700] "GET /apache_pb.gif HTTP/1.0" 200 2326"#;
        assert_eq!(read(common), Some((200, "GET", "10/Oct/2000:13:55:36 -0700", false)));
        let combined = r#"::1 - - [21/Nov/2026:20:40:00 +0000] "POST /v1/notes HTTP/1.1" 503 - "-" "curl/8.5.0" 0.120"#;
        assert_eq!(read(combined), Some((503, "POST", "21/Nov/2026:20:40:00 +0000", true)));
        assert_eq!(read(r#"h - - [t] "GET / HTTP/1.1" 204"#), Some((204, "GET", "t", false)));
    }

    #[test]
    fn what_clients_send_does_not_confuse_it() {
        let quotes = r#"h - - [t] "GET /?q=\"200 1 HTTP/1.1\" HTTP/1.1" 404 9 "-" "\" 500 -""#;
        assert_eq!(read(quotes), Some((404, "GET", "t", true)));
        assert_eq!(read(r#"[::1]:443 h - - [t] "-" 408 0"#), Some((408, "", "t", false)));
        assert_eq!(read(r#"h - - [t] "\x16\x03\x01" 400 226"#), Some((400, "", "t", false)));
        assert_eq!(read(r#"h - - [t] "GET /\\" 400 226"#), Some((400, "GET", "t", false)));
    }

    #[test]
    fn other_lines_are_refused() {
        let lines = [
            "",
            "hello",
            r#"{"status":200}"#,
            r#"h - - [t] "GET / HTTP/1.1" - 12"#,
            r#"h - - [t] "GET / HTTP/1.1" 2000 12"#,
            r#"h - - [t] "GET / HTTP/1.1" 20"#,
            r#"h - - [t] "GET / HTTP/1.1"#,
            r#"h - - [t] "GET / HTTP/1.1\"#,
            r#"h - - [t "GET / HTTP/1.1" 200 1"#,
        ];
        for line in lines {
            assert_eq!(read(line), None, "{line}");
        }
    }
}

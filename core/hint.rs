//! Everything the server says about time, from headers and body, as a list.
//!
//! Nothing, zero and nonsense are three different things: no hint, a hint of 0 ms, and a hint that is `invalid`.

use crate::calendar::{days_from_epoch, is_date, weekday, year_of_days};
use crate::vocabulary::{HintSource, HintState};

/// The longest delay, in milliseconds: the largest whole number that every JSON reader carries exactly.
pub const MOST_MS: u64 = crate::source::MAX_SAFE.unsigned_abs();

/// Something the server said about when to try again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hint {
    /// What it is worth.
    pub state: HintState,
    /// How long to wait from the time of receipt, in milliseconds.
    pub delay_ms: Option<u64>,
    /// Where it came from.
    pub from: HintSource,
}

impl Hint {
    fn valid(from: HintSource, delay_ms: u64) -> Self {
        Self { state: HintState::Valid, delay_ms: Some(delay_ms.min(MOST_MS)), from }
    }

    const fn of(from: HintSource, state: HintState) -> Self {
        Self { state, delay_ms: None, from }
    }
}

/// The headers that say something about time, as they stand.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct TimeHeaders<'a> {
    values: [Option<&'a str>; HintSource::ALL.len()],
    date: Option<&'a str>,
    /// Whether there is any but the date.
    any: bool,
    /// Whether `grpc-retry-pushback-ms` stands twice, which the protocol counts as unparsable.
    doubled_pushback: bool,
}

impl<'a> TimeHeaders<'a> {
    /// Looks at one header. The first of a name counts.
    pub(crate) fn see(&mut self, name: &str, value: &'a str) {
        // Every name of interest has one of these lengths; most headers are told apart by that alone.
        if !matches!(name.len(), 4 | 9 | 11 | 14 | 15 | 17 | 19 | 22) {
            return;
        }
        if name.eq_ignore_ascii_case("date") {
            self.date = self.date.or(Some(value.trim()));
            return;
        }
        for source in HintSource::ALL {
            if *source != HintSource::RetryInfo && name.eq_ignore_ascii_case(source.as_str()) {
                if let Some(slot) = self.values.get_mut(*source as usize) {
                    self.any = true;
                    self.doubled_pushback |= slot.is_some() && *source == HintSource::GrpcRetryPushbackMs;
                    *slot = slot.or(Some(value.trim()));
                }
                return;
            }
        }
    }

    fn get(&self, source: HintSource) -> Option<&'a str> {
        self.values.get(source as usize).copied().flatten()
    }
}

/// Every hint of a response, the one that counts by default in front.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Hints {
    list: [Option<Hint>; HintSource::ALL.len()],
}

impl Hints {
    /// The hint that counts by default: the millisecond forms before `Retry-After`, and that before all others. One
    /// that means nothing counts only where no other means anything.
    #[must_use]
    pub fn first(&self) -> Option<Hint> {
        self.iter().find(|hint| hint.state != HintState::Invalid).or_else(|| self.iter().next())
    }

    /// Every hint, in the order in which they count.
    pub fn iter(&self) -> impl Iterator<Item = Hint> {
        self.list.iter().flatten().copied()
    }
}

/// Hints that were kept, in the order in which they count; at most one from each source.
impl FromIterator<Hint> for Hints {
    fn from_iter<I: IntoIterator<Item = Hint>>(kept: I) -> Self {
        let mut hints = Self::default();
        for (slot, hint) in hints.list.iter_mut().zip(kept) {
            *slot = Some(hint);
        }
        hints
    }
}

/// Reads every hint. `now_ms` is the time of receipt; where it isn't given, the response's own `Date` serves.
pub(crate) fn read(
    headers: &TimeHeaders<'_>,
    retry_delay: Option<&str>,
    status: Option<u16>,
    now_ms: Option<i64>,
) -> Hints {
    if !headers.any && retry_delay.is_none() {
        return Hints::default();
    }
    let now = now_ms.or_else(|| headers.date.and_then(|date| parse_http_date(date, None)));
    let found = HintSource::ALL.iter().filter_map(|from| {
        if *from == HintSource::RetryInfo {
            return retry_delay
                .map(|text| seconds(text).map_or(Hint::of(*from, HintState::Invalid), |ms| Hint::valid(*from, ms)));
        }
        let text = headers.get(*from)?;
        match from {
            HintSource::RetryAfterMs | HintSource::XMsRetryAfterMs => {
                Some(digits(text).map_or(Hint::of(*from, HintState::Invalid), |ms| Hint::valid(*from, ms)))
            }
            HintSource::GrpcRetryPushbackMs if headers.doubled_pushback => Some(Hint::of(*from, HintState::Never)),
            HintSource::GrpcRetryPushbackMs => {
                Some(digits(text).map_or(Hint::of(*from, HintState::Never), |ms| Hint::valid(*from, ms)))
            }
            HintSource::RetryAfter => Some(retry_after(text, now)),
            HintSource::RateLimit => rate_limit(text).map(|seconds| Hint::valid(*from, seconds.saturating_mul(1_000))),
            _ => {
                // Such a header stands on every answer; only beside these statuses does it say when to come back.
                matches!(status, Some(429 | 503 | 413)).then_some(())?;
                Some(reset(text, *from, now))
            }
        }
    });
    found.collect()
}

/// A number of digits alone; too many of them are the largest number.
fn digits(text: &str) -> Option<u64> {
    let plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| text.parse().unwrap_or(u64::MAX))
}

/// `Retry-After`: digits, or a date in one of the three forms of RFC 9110, section 5.6.7.
fn retry_after(text: &str, now: Option<i64>) -> Hint {
    let from = HintSource::RetryAfter;
    if let Some(seconds) = digits(text) {
        return Hint::valid(from, seconds.saturating_mul(1_000));
    }
    match (parse_http_date(text, now), now) {
        (Some(date), Some(now)) => Hint::valid(from, until(date, now)),
        (Some(_), None) => Hint::of(from, HintState::NeedsNow),
        (None, _) => Hint::of(from, HintState::Invalid),
    }
}

/// From a time to another, in milliseconds; nothing if it is past.
fn until(then: i64, now: i64) -> u64 {
    u64::try_from(then.saturating_sub(now)).unwrap_or(0)
}

/// A reset header: seconds from now, or, from 10^9 up, seconds since 1970.
fn reset(text: &str, from: HintSource, now: Option<i64>) -> Hint {
    match (digits(text), now) {
        (None, _) => Hint::of(from, HintState::Invalid),
        (Some(seconds), _) if seconds < 1_000_000_000 => Hint::valid(from, seconds * 1_000),
        (Some(_), None) => Hint::of(from, HintState::NeedsNow),
        (Some(seconds), Some(now)) => {
            let then = i64::try_from(seconds.saturating_mul(1_000)).unwrap_or(i64::MAX);
            Hint::valid(from, until(then, now))
        }
    }
}

/// The `RateLimit` field: a list of policies, each with what remains (`r`) and, in seconds, until when (`t`). The
/// longest wait of those with nothing left counts; anything malformed makes the whole field count for nothing.
fn rate_limit(text: &str) -> Option<u64> {
    let mut wait = None;
    let mut rest = text;
    loop {
        rest = policy_name(rest.trim_start())?;
        let (mut remaining, mut time) = (None, None);
        loop {
            rest = rest.trim_start_matches([' ', '\t']);
            let Some(after) = rest.strip_prefix(';') else { break };
            let after = after.trim_start_matches(' ');
            let name = after.split(['=', ';', ',', ' ']).next()?;
            if name.is_empty() {
                return None;
            }
            rest = after.get(name.len()..)?;
            let Some(after) = rest.strip_prefix('=') else { continue };
            let (value, after) = parameter(after)?;
            rest = after;
            match name {
                "r" => remaining = Some(digits(value)?),
                "t" => time = Some(digits(value)?),
                _ => {}
            }
        }
        if let (Some(0), Some(seconds)) = (remaining, time) {
            wait = wait.max(Some(seconds));
        }
        if rest.is_empty() {
            return wait;
        }
        rest = rest.strip_prefix(',')?;
    }
}

/// What follows a policy's name: a text in quotes, or a token.
fn policy_name(text: &str) -> Option<&str> {
    if text.starts_with('"') {
        return quoted(text).map(|(_, rest)| rest);
    }
    let end = text.find([';', ',', ' ', '\t']).unwrap_or(text.len());
    let name = text.get(..end)?;
    let starts = name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '*');
    starts.then(|| text.get(end..)).flatten()
}

/// A parameter's value, with its quotes where it has them, and what follows it.
fn parameter(text: &str) -> Option<(&str, &str)> {
    if text.starts_with('"') {
        let (_, rest) = quoted(text)?;
        return text.split_at_checked(text.len() - rest.len());
    }
    let end = text.find([';', ',', ' ', '\t']).unwrap_or(text.len());
    let value = text.get(..end).filter(|value| !value.is_empty())?;
    Some((value, text.get(end..)?))
}

/// A text in quotes, in which a backslash stands before a quote or another, and what follows it.
fn quoted(text: &str) -> Option<(&str, &str)> {
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return Some((text.get(1..at)?, text.get(at + 1..)?)),
            _ => {}
        }
    }
    None
}

/// A protobuf duration as JSON writes it: seconds with at most nine decimals and a final `s`. Rounded up to whole
/// milliseconds, so that nothing is tried too early.
fn seconds(text: &str) -> Option<u64> {
    let text = text.trim().strip_suffix('s')?;
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let whole = digits(whole)?.saturating_mul(1_000);
    if fraction.len() > 9 {
        return None;
    }
    let nanos = digits(fraction)?.saturating_mul(10_u64.pow(9 - u32::try_from(fraction.len()).ok()?));
    Some(whole.saturating_add(nanos.div_ceil(1_000_000)))
}

/// An HTTP date (RFC 9110, section 5.6.7) in milliseconds since 1970: IMF-fixdate, or the older forms of RFC 850 and
/// asctime. The day of the week must be the right one; a leap second is the second after the one before it.
///
/// A year of two digits is read as the RFC asks, which needs the time it is now: one that seems more than 50 years
/// ahead is past. Without it, such a year is one from 1970 to 2069.
///
/// ```
/// assert_eq!(retriage::parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT", None), Some(784_111_777_000));
/// assert_eq!(retriage::parse_http_date("Mon, 06 Nov 1994 08:49:37 GMT", None), None);
/// ```
#[must_use]
pub fn parse_http_date(text: &str, now_ms: Option<i64>) -> Option<i64> {
    let bytes = text.as_bytes();
    let (names, name, year, month_name, day, time): (&[&str; 7], _, _, _, _, _) = if let Some((name, rest)) =
        bytes.split_last_chunk()
        && is_like(rest, b", 00 Xxx 0000 00:00:00 GMT")
    {
        (&SHORT_DAYS, name, figures(rest.get(9..13)?), rest.get(5..8)?, rest.get(2..4)?, rest.get(14..22)?)
    } else if let Some((name, rest)) = bytes.split_last_chunk()
        && is_like(rest, b", 00-Xxx-00 00:00:00 GMT")
    {
        let year = full_year(figures(rest.get(9..11)?), now_ms);
        (&LONG_DAYS, name, year, rest.get(5..8)?, rest.get(2..4)?, rest.get(12..20)?)
    } else if let Some((name, rest)) = bytes.split_last_chunk()
        && is_like(rest, b" Xxx _0 00:00:00 0000")
    {
        (&SHORT_DAYS, name, figures(rest.get(17..21)?), rest.get(1..4)?, rest.get(5..7)?, rest.get(8..16)?)
    } else {
        return None;
    };
    let (month, day) = (month(month_name)?, figures(day));
    let days = is_date(year, month, day).then(|| days_from_epoch(year, month, day))?;
    let named = usize::try_from(weekday(days)).ok().and_then(|day| names.get(day))?;
    (named.as_bytes() == name).then_some(())?;
    let (hour, minute, second) = (figures(time.get(..2)?), figures(time.get(3..5)?), figures(time.get(6..)?));
    let fits = hour < 24 && minute < 60 && second <= 60;
    fits.then(|| days * DAY_MS + (hour * 3_600 + minute * 60 + second) * 1_000)
}

/// Whether a text is laid out like another: a digit for each 0, a digit or a blank for `_`, anything for the letters of
/// `Xxx`, and everything else as it stands.
#[inline]
fn is_like<const N: usize>(text: &[u8; N], form: &[u8; N]) -> bool {
    // Without a way out before the end, so that several bytes are compared at once.
    text.iter().zip(form).fold(true, |same, (byte, like)| {
        same & match like {
            b'0' => byte.is_ascii_digit(),
            b'_' => byte.is_ascii_digit() || *byte == b' ',
            b'X' | b'x' => true,
            like => byte == like,
        }
    })
}

/// The number that figures stand for; a blank is none.
#[inline]
fn figures(text: &[u8]) -> i64 {
    text.iter().fold(0, |number, figure| number * 10 + i64::from(figure & 15))
}

/// The year that two digits mean: RFC 9110 has one that seems more than 50 years ahead be past. Without a clock, the
/// customary window from 1970 to 2069.
fn full_year(short: i64, now: Option<i64>) -> i64 {
    let Some(now) = now else { return if short < 70 { 2_000 + short } else { 1_900 + short } };
    let this_year = year_of_days(now.div_euclid(DAY_MS));
    let same_century = this_year - this_year.rem_euclid(100) + short;
    if same_century > this_year + 50 {
        same_century - 100
    } else if same_century + 50 <= this_year {
        same_century + 100
    } else {
        same_century
    }
}

const DAY_MS: i64 = 86_400_000;
const SHORT_DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const LONG_DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

fn month(text: &[u8]) -> Option<i64> {
    Some(match text {
        b"Jan" => 1,
        b"Feb" => 2,
        b"Mar" => 3,
        b"Apr" => 4,
        b"May" => 5,
        b"Jun" => 6,
        b"Jul" => 7,
        b"Aug" => 8,
        b"Sep" => 9,
        b"Oct" => 10,
        b"Nov" => 11,
        b"Dec" => 12,
        _ => return None,
    })
}

/// One to four digits.
fn number(text: &str) -> Option<i64> {
    let fits = (1..=4).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    fits.then(|| text.bytes().fold(0, |number, byte| number * 10 + i64::from(byte - b'0')))
}

fn separators(text: &str, expected: &[(usize, u8)]) -> Option<()> {
    expected.iter().all(|(at, byte)| text.as_bytes().get(*at) == Some(byte)).then_some(())
}

/// A time as RFC 3339 writes it, in milliseconds since 1970; smaller fractions are cut.
pub(crate) fn rfc3339(text: &str) -> Option<i64> {
    separators(text, &[(4, b'-'), (7, b'-'), (13, b':'), (16, b':')])?;
    matches!(text.as_bytes().get(10), Some(b'T' | b't' | b' ')).then_some(())?;
    let part = |from: usize, to: usize| number(text.get(from..to)?);
    let (year, month, day) = (part(0, 4)?, part(5, 7)?, part(8, 10)?);
    let (hour, minute, second) = (part(11, 13)?, part(14, 16)?, part(17, 19)?);
    is_date(year, month, day).then_some(())?;
    (hour < 24 && minute < 60 && second <= 60).then_some(())?;
    let mut rest = text.get(19..)?;
    let mut ms = 0;
    if let Some(fraction) = rest.strip_prefix('.') {
        let length = fraction.find(|found: char| !found.is_ascii_digit()).unwrap_or(fraction.len());
        let digits = fraction.get(..length).filter(|digits| !digits.is_empty())?;
        let three: alloc::string::String = digits.chars().chain("00".chars()).take(3).collect();
        ms = number(&three)?;
        rest = fraction.get(length..)?;
    }
    let offset = match rest.as_bytes() {
        b"Z" | b"z" => 0,
        [sign @ (b'+' | b'-'), _, _, b':', _, _] => {
            let (hours, minutes) = (number(rest.get(1..3)?)?, number(rest.get(4..6)?)?);
            (hours < 24 && minutes < 60).then_some(())?;
            let offset = (hours * 60 + minutes) * 60_000;
            if *sign == b'-' { -offset } else { offset }
        }
        _ => return None,
    };
    Some(days_from_epoch(year, month, day) * DAY_MS + (hour * 3_600 + minute * 60 + second) * 1_000 + ms - offset)
}

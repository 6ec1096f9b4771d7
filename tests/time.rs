//! What the server says about time, against other readings of it: HTTP dates against the crate `httpdate`, the
//! rest against sums that anyone can follow.

mod common;

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use common::{answer, tries};
use proptest::prelude::*;
use retriage::vocabulary::{HintSource, HintState};
use retriage::{Evidence, Hint, MOST_MS};
use serde_json::json;

/// A time in a year from which two digits mean what `httpdate` takes them for: 1970 to 2069.
const NOW_S: i64 = 1_558_000_000;

fn hint(headers: &[(&str, &str)], now_ms: Option<i64>) -> Option<Hint> {
    let http = retriage::catalog("http").expect("it is built in");
    http.classify(&Evidence { status: Some(503), headers, now_ms, ..Evidence::default() }).hint()
}

fn valid(from: HintSource, delay_ms: u64) -> Option<Hint> {
    Some(Hint { state: HintState::Valid, delay_ms: Some(delay_ms), from })
}

/// The seconds since 1970 that `httpdate` reads. It takes any byte for the blank after the year of RFC 850; here one
/// that isn't there makes the date none.
fn other_reading(text: &str) -> Option<i64> {
    let time = httpdate::parse_http_date(text).ok()?;
    let after_the_year = text.split_once(", ").filter(|(day, _)| day.len() > 3).map(|(_, rest)| rest.as_bytes()[9]);
    if after_the_year.is_some_and(|byte| byte != b' ') {
        return None;
    }
    i64::try_from(time.duration_since(UNIX_EPOCH).ok()?.as_secs()).ok()
}

/// What is read here and not by `httpdate`: a leap second, and the years before 1970.
fn is_only_read_here(text: &str) -> bool {
    let is_old = |part: &str| part.len() == 4 && part.parse::<u32>().is_ok_and(|year| year < 1970);
    text.contains(":60") || text.split(' ').any(is_old)
}

fn imf_fixdate(seconds: u64) -> String {
    httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_secs(seconds))
}

/// The months, and two that are none.
const MONTHS: &[&str] =
    &["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec", "jan", "Foo"];
const DAYS: &[&str] = &["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// The same time in the two older forms.
fn older_forms(imf_fixdate: &str) -> [String; 2] {
    let part = |from: usize, to: usize| &imf_fixdate[from..to];
    let (name, day, month, year, time) = (part(0, 3), part(5, 7), part(8, 11), part(12, 16), part(17, 25));
    let long = DAYS.iter().find(|day| day.starts_with(name)).expect("a day of the week");
    let padded = day.strip_prefix('0').map_or(day.to_owned(), |digit| format!(" {digit}"));
    [format!("{long}, {day}-{month}-{} {time} GMT", &year[2..]), format!("{name} {month} {padded} {time} {year}")]
}

fn expected(seconds: i64) -> Option<Hint> {
    valid(HintSource::RetryAfter, u64::try_from((seconds - NOW_S) * 1_000).unwrap_or(0))
}

/// Dates that are right or nearly so.
fn dates() -> impl Strategy<Value = String> {
    let right = (0..253_402_300_800_u64, 0..3_usize).prop_map(|(seconds, form)| {
        let date = imf_fixdate(seconds);
        if form == 0 { date } else { older_forms(&date)[form - 1].clone() }
    });
    let name = prop_oneof![9 => prop::sample::select(DAYS), 1 => Just("Someday")];
    let parts =
        (name, 0..34_u32, prop::sample::select(MONTHS), 0..10_000_u32, 0..26_u32, 0..62_u32, 0..63_u32, 0..4_u32);
    let made = parts.prop_map(|(name, day, month, year, hour, minute, second, form)| {
        let (short, time) = (&name[..3], format!("{hour:02}:{minute:02}:{second:02}"));
        match form {
            0 => format!("{short}, {day:02} {month} {year:04} {time} GMT"),
            1 => format!("{name}, {day:02}-{month}-{:02} {time} GMT", year % 100),
            2 => format!("{short} {month} {day:2} {time} {year:04}"),
            _ => format!("{short}, {day:02}-{month}-{:02} {time} GMT", year % 100),
        }
    });
    let edit = (any::<prop::sample::Index>(), "[ -~]", 0..3_u32);
    let edited = (right.clone(), edit).prop_map(|(mut date, (at, new, how))| {
        let at = at.index(date.len());
        match how {
            0 => date.replace_range(at..=at, &new),
            1 => date.insert_str(at, &new),
            _ => date.replace_range(at..=at, ""),
        }
        date
    });
    prop_oneof![2 => right, 3 => made, 3 => edited]
}

proptest! {
    #![proptest_config(tries(10_000))]

    #[test]
    fn a_date_is_read_as_httpdate_reads_it(date in dates()) {
        let found = hint(&[("Retry-After", &date)], Some(NOW_S * 1_000));
        match other_reading(date.trim()) {
            Some(seconds) => prop_assert_eq!(found, expected(seconds), "{}", date),
            None => {
                let state = found.map(|hint| hint.state);
                prop_assert!(state == Some(HintState::Invalid) || is_only_read_here(&date), "{} is taken for {:?}", date, found);
            }
        }
    }
}

proptest! {
    #![proptest_config(tries(2_000))]

    #[test]
    fn the_three_forms_of_a_date_are_one_time(seconds in 0..3_124_224_000_u64) {
        let date = imf_fixdate(seconds);
        for form in older_forms(&date).iter().chain([&date]) {
            let seconds = i64::try_from(seconds).expect("it is in this age");
            prop_assert_eq!(hint(&[("retry-after", form)], Some(NOW_S * 1_000)), expected(seconds), "{}", form);
            // Without a clock, the response's own date is one.
            let dated = [("Date", imf_fixdate(NOW_S as u64)), ("Retry-After", form.clone())];
            let dated = dated.each_ref().map(|(name, value)| (*name, value.as_str()));
            prop_assert_eq!(hint(&dated, None), expected(seconds), "{}", form);
        }
    }

    /// A time of receipt as RFC 3339 writes it, at any offset, is the moment it says.
    #[test]
    fn a_time_of_receipt_is_that_moment(seconds in 0..4_000_000_000_u64, wait in 0..100_000_u64, offset in -1_439..1_440_i64, ms in 0..1_000_u64) {
        let local = SystemTime::UNIX_EPOCH + Duration::from_secs(seconds + 100_000);
        let shifted = if offset < 0 { local - Duration::from_secs(offset.unsigned_abs() * 60) } else { local + Duration::from_secs(offset.unsigned_abs() * 60) };
        let date = httpdate::fmt_http_date(shifted);
        let months = "JanFebMarAprMayJunJulAugSepOctNovDec";
        let month = months.find(&date[8..11]).expect("a month") / 3 + 1;
        let sign = if offset < 0 { '-' } else { '+' };
        let (hours, minutes) = (offset.abs() / 60, offset.abs() % 60);
        let now = format!("{}-{month:02}-{}T{}.{ms:03}{sign}{hours:02}:{minutes:02}", &date[12..16], &date[5..7], &date[17..25]);
        let retry = httpdate::fmt_http_date(local + Duration::from_secs(wait));
        let answer = answer(&json!({ "status": 503, "now": now, "headers": { "retry-after": retry } }));
        let delay = &answer["classification"]["hint"]["delay_ms"];
        prop_assert_eq!(delay, &json!((wait * 1_000).saturating_sub(ms)), "{} to {}", now, retry);
    }

    #[test]
    fn seconds_are_digits_alone(text in prop_oneof!["[0-9]{1,25}", "[-+ 0-9.ex]{0,6}"]) {
        let found = hint(&[("Retry-After", &text)], Some(0));
        let trimmed = text.trim();
        let digits = !trimmed.is_empty() && trimmed.bytes().all(|byte| byte.is_ascii_digit());
        if digits {
            let ms = trimmed.parse::<u128>().expect("it has 25 digits at most") * 1_000;
            prop_assert_eq!(found, valid(HintSource::RetryAfter, u64::try_from(ms.min(MOST_MS.into())).unwrap_or(MOST_MS)));
        } else {
            prop_assert_eq!(found.map(|hint| hint.state), Some(HintState::Invalid), "{:?}", text);
        }
    }

    /// A reset is a number of seconds, or from 10^9 up a time.
    #[test]
    fn a_reset_is_told_apart_by_its_size(reset in prop_oneof![0..3_000_000_000_u64, any::<u64>()], old in any::<bool>()) {
        let (name, from) =
            if old { ("X-RateLimit-Reset", HintSource::XRateLimitReset) } else { ("RateLimit-Reset", HintSource::RateLimitReset) };
        let now = u128::try_from(NOW_S).expect("it is after 1970");
        let seconds = if reset < 1_000_000_000 { u128::from(reset) } else { u128::from(reset).saturating_sub(now) };
        let ms = u64::try_from((seconds * 1_000).min(MOST_MS.into())).unwrap_or(MOST_MS);
        prop_assert_eq!(hint(&[(name, &reset.to_string())], Some(NOW_S * 1_000)), valid(from, ms));
    }

    /// Of the policies with nothing left, the longest wait counts.
    #[test]
    fn a_ratelimit_is_the_longest_wait_of_what_is_used_up(
        policies in prop::collection::vec(("[a-z]{1,6}", 0..3_u64, prop::option::of(0..1_000_000_u64), any::<bool>(), "( |  |\t)?"), 1..5),
    ) {
        let text: Vec<String> = policies
            .iter()
            .map(|(name, left, time, quoted, blank)| {
                let name = if *quoted { format!("\"{name}, \\\"{name}\\\";r=9\"") } else { name.clone() };
                let time = time.map(|time| format!(";t={time}")).unwrap_or_default();
                format!("{blank}{name};r={left};q;pk=:YWJj:;w=\"a;t=1,\"{time}{blank}")
            })
            .collect();
        let used_up = policies.iter().filter(|(_, left, ..)| *left == 0).filter_map(|(_, _, time, ..)| *time);
        let expected = used_up.max().and_then(|seconds| valid(HintSource::RateLimit, seconds * 1_000));
        prop_assert_eq!(hint(&[("RateLimit", &text.join(","))], None), expected, "{:?}", text);
    }

    /// A duration in a body, rounded up to whole milliseconds.
    #[test]
    fn a_duration_is_rounded_up(whole in prop_oneof![0..100_000_u64, any::<u64>()], fraction in "(\\.[0-9]{1,9})?") {
        let text = format!("{whole}{fraction}s");
        let digits = fraction.trim_start_matches('.');
        let nanos: u128 = format!("{digits:0<9}").parse().expect("nine digits");
        let ms = u128::from(whole) * 1_000 + nanos.div_ceil(1_000_000);
        let ms = u64::try_from(ms.min(MOST_MS.into())).unwrap_or(MOST_MS);
        let body = json!({ "error": { "status": "UNAVAILABLE", "details": [{ "@type": "x/google.rpc.RetryInfo", "retryDelay": text }] } });
        let answer = answer(&json!({ "catalog": "grpc", "status": 503, "body": body }));
        prop_assert_eq!(&answer["classification"]["hint"], &json!({ "state": "valid", "delay_ms": ms, "from": "retry_info" }), "{}", text);
    }
}

#[test]
fn a_person_writes_a_time_as_rfc_3339_or_in_milliseconds() {
    assert_eq!(retriage::parse_time("2026-11-21T20:40:00Z"), Ok(1_795_293_600_000));
    assert_eq!(retriage::parse_time("1795293600000"), Ok(1_795_293_600_000));
    assert_eq!(retriage::parse_time("-86400000"), Ok(-86_400_000));
    for text in ["", "tomorrow", "2026-11-31T20:40:00Z", "253402300800000"] {
        let error = retriage::parse_time(text).expect_err(text);
        assert_eq!(error.to_string(), error.message, "no place is named: the text is all there is");
    }
}

/// The days from 1970-01-01 to the first of a year.
fn first_day(year: i64) -> i64 {
    let is_leap = |year: i64| year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    (1970..year).map(|year| if is_leap(year) { 366 } else { 365 }).sum()
}

/// RFC 9110, section 5.6.7: two digits mean the past where they seem more than 50 years ahead. The year that counts
/// from is that of the clock, on its last day as on its first.
#[test]
fn two_digits_are_a_year_at_most_50_ahead() {
    for year in 1970..2500 {
        let (first, next) = (first_day(year), first_day(year + 1));
        for today in [first, first + 58, first + 59, first + 60, next - 1] {
            let wait = |day: i64| {
                let date = imf_fixdate(u64::try_from(day * 86_400).expect("it is after 1970"));
                let ms = u64::try_from((day - today) * 86_400_000).expect("it is ahead");
                (
                    hint(&[("Retry-After", &older_forms(&date)[0])], Some(today * 86_400_000)),
                    valid(HintSource::RetryAfter, ms),
                )
            };
            let (found, ahead) = wait(first_day(year + 51) - 1);
            assert_eq!(found, ahead, "the last day of {}, read on day {today}", year + 50);
            let (found, ahead) = wait(first_day(year + 51));
            assert_ne!(found, ahead, "the first day of {}, read on day {today}", year + 51);
        }
    }
}

/// Without a clock there is nothing that a year could be ahead of; then two digits are a year from 1970 to 2069.
#[test]
fn two_digits_without_a_clock_are_a_year_from_1970_to_2069() {
    for year in 1970..2070 {
        let date = imf_fixdate(u64::try_from(first_day(year) * 86_400).expect("it is after 1970"));
        let [rfc_850, _] = older_forms(&date);
        assert_eq!(retriage::parse_http_date(&rfc_850, None), Some(first_day(year) * 86_400_000), "{rfc_850}");
    }
}

"""HTTP dates against the reading of Python's own `email.utils`.

What retriage takes for a date is the same moment to `email.utils`; what only the latter takes is no HTTP date. They
differ, and it is known, in this:

- `email.utils` doesn't look at the day of the week, and takes many forms more: other zones, blanks anywhere, letters in
  any case, no seconds, times that no day has.
- A year of two digits is within 1969 to 2068 to it, and within 50 years of `now` to retriage (RFC 9110, 5.6.7); in 2018
  that is the same. Four digits that begin with two zeros are two digits to it.
- asctime names no zone: it is local time to `email.utils`, and UTC to HTTP.
"""

import calendar
import random
import re
from datetime import datetime, timezone
from email.utils import format_datetime, parsedate_tz

import retriage

MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
# Two digits of a year mean the same to both.
IN_2018 = int(datetime(2018, 6, 1, tzinfo=timezone.utc).timestamp())
FORMS = [
    re.compile(r"(\w+), (?P<day>\d\d) (?P<month>\w{3}) (?P<year>\d{4}) (\d\d):(\d\d):(\d\d) GMT"),
    re.compile(r"(\w+), (?P<day>\d\d)-(?P<month>\w{3})-(?P<year>\d\d) (\d\d):(\d\d):(\d\d) GMT"),
    re.compile(r"(\w+) (?P<month>\w{3}) (?P<day>[ \d]\d) (\d\d):(\d\d):(\d\d) (?P<year>\d{4})"),
]


def ours(text: str, now: int) -> float | None:
    """The seconds from `now` until then, as retriage has them; the past is 0."""
    hint = retriage.answer({"status": 503, "headers": {"Retry-After": text}, "now": now * 1000})["classification"]["hint"]
    return hint["delay_ms"] / 1000 if hint and hint["state"] == "valid" else None


def theirs(text: str) -> int | None:
    """The seconds since 1970, as `email.utils` has them."""
    parsed = parsedate_tz(text)
    # The sum, because a `datetime` has no leap seconds and `mktime_tz` takes what has no zone for local time.
    try:
        return calendar.timegm(parsed[:6] + (0, 0, 0)) - (parsed[9] or 0) if parsed else None
    except ValueError:  # a month or a year that there isn't
        return None


def is_http(text: str) -> bool:
    """Whether it is one of the forms of RFC 9110, and a day that there is, under its own name."""
    for number, form in enumerate(FORMS):
        found = form.fullmatch(text)
        if not found or found["month"] not in MONTHS:
            continue
        year = int(found["year"])
        if number == 1:
            year += 1900 if year > 68 else 2000
        hour, minute, second = map(int, re.findall(r"\d\d(?=:)|(?<=:)\d\d", text))
        try:
            day = datetime(year, MONTHS.index(found["month"]) + 1, int(found["day"]), hour, minute, min(second, 59))
        except ValueError:
            return False
        name = DAYS[day.weekday()]
        return second <= 60 and found[1] == (name if number == 1 else name[:3])
    return False


def written(form: int, name: str, day: int, month: str, year: int, time: str) -> str:
    return [
        f"{name[:3]}, {day:02} {month} {year:04} {time} GMT",
        f"{name}, {day:02}-{month}-{year % 100:02} {time} GMT",
        f"{name[:3]} {month} {day:2} {time} {year:04}",
    ][form]


def dates() -> list[str]:
    """Right ones, ones of parts that need not fit, and right ones with a character too much, too few or another."""
    chance = random.Random(2026)
    right, made, spoiled = [], [], []
    for _ in range(3000):
        moment = datetime.fromtimestamp(chance.randrange(-(2**34), 2**35), tz=timezone.utc)
        form = chance.randrange(3)
        if form == 1:
            moment = moment.replace(year=chance.randrange(1969, 2069), day=min(moment.day, 28))
        name, month = DAYS[moment.weekday()], MONTHS[moment.month - 1]
        right.append(written(form, name, moment.day, month, moment.year, moment.strftime("%H:%M:%S")))
        if form == 0:
            assert right[-1] == format_datetime(moment, usegmt=True)
        time = f"{chance.randrange(26):02}:{chance.randrange(62):02}:{chance.randrange(63):02}"
        parts = (chance.choice(DAYS), chance.randrange(34), chance.choice([*MONTHS, "jan", "Foo"]))
        made.append(written(form, *parts, chance.randrange(100, 10_000), time))
        at, new = chance.randrange(len(right[-1])), chr(chance.randrange(0x20, 0x7F))
        end = at + chance.randrange(2)
        spoiled.append(right[-1][:at] + new * chance.randrange(2) + right[-1][end:])
    return right + made + spoiled


def test_what_is_a_date_is_the_same_moment_to_email_utils() -> None:
    read, only_theirs = 0, 0
    for text in dates():
        # From 1970 on, unless two digits have to be read.
        now = IN_2018 if "-" in text[6:14] else 0
        delay, moment = ours(text, now), theirs(text)
        if delay is None:
            # Digits alone are seconds, and blanks around a value are not part of it.
            assert moment is None or not is_http(text.strip()), text
            only_theirs += moment is not None
        elif not text.strip().isdigit():
            assert moment is not None and delay == max(0, moment - now), f"{text}: {delay} and {moment}"
            assert is_http(text.strip()), text
            read += 1
    assert read > 3000 and only_theirs > 1000, (read, only_theirs)


def test_the_known_differences_are_what_they_are() -> None:
    wrong_day = "Mon, 06 Nov 2033 08:49:37 GMT"
    assert theirs(wrong_day) == theirs("Sun, 06 Nov 2033 08:49:37 GMT") and ours(wrong_day, 0) is None
    for lenient in ["Sun, 6 Nov 2033 08:49:37 GMT", "sun, 06 nov 2033 08:49:37 gmt", "Sun, 06 Nov 2033 09:49:37 +0100"]:
        assert theirs(lenient) == theirs("Sun, 06 Nov 2033 08:49:37 GMT") and ours(lenient, 0) is None
    # 2075 is within 50 years of 2026.
    in_2026 = int(datetime(2026, 6, 1, tzinfo=timezone.utc).timestamp())
    in_2075 = int(datetime(2075, 1, 1, tzinfo=timezone.utc).timestamp())
    assert ours("Tuesday, 01-Jan-75 00:00:00 GMT", in_2026) == in_2075 - in_2026
    assert theirs("Tuesday, 01-Jan-75 00:00:00 GMT") == int(datetime(1975, 1, 1, tzinfo=timezone.utc).timestamp())
    # A year before the year 100 is one, and to `email.utils` two digits.
    assert ours("Sat, 01 Jan 0050 00:00:00 GMT", 0) == 0 and theirs("Sat, 01 Jan 0050 00:00:00 GMT") == 2_524_608_000

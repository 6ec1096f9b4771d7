"""The module beside what else one would use for the same, in one run.

    cargo xtask bench python

Each group is measured in turns: every member runs for a moment, then every member again, so that what else the machine
does hits all of them alike. A line gives the median of the turns, in time of the processor: where others want it too,
a clock on the wall would measure how long this program waits for it.
"""

from __future__ import annotations

import email.utils
import http
import json
import statistics
import time
import timeit
from collections.abc import Callable
from typing import Any

import botocore.awsrequest
import botocore.retries.standard
import numpy as np
import orjson
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import urllib3.util

import retriage

TURNS = 101
SECONDS = 0.004
ROWS = 1_000_000

Call = Callable[[], object]


def measure(members: dict[str, str], names: dict[str, Any]) -> dict[str, float]:
    """The median time of each statement, in nanoseconds."""
    timers = {name: timeit.Timer(statement, timer=time.process_time, globals=names) for name, statement in members.items()}
    counts: dict[str, int] = {}
    for name, timer in timers.items():
        took = max(timer.timeit(3) / 3, 1e-8)
        counts[name] = max(1, int(SECONDS / took))
    found: dict[str, list[float]] = {name: [] for name in members}
    for _ in range(TURNS):
        for name, timer in timers.items():
            found[name].append(timer.timeit(counts[name]) / counts[name] * 1e9)
    return {name: statistics.median(times) for name, times in found.items()}


KNOWN = {("http", status): ("unavailable" if status >= 500 else "success") for status in range(100, 600)}


def by_dict(catalog: str, status: int) -> str | None:
    """What one would write by hand."""
    return KNOWN.get((catalog, status))


def unknown_status() -> http.HTTPStatus | None:
    """What the standard library says of a status that it doesn't know."""
    try:
        return http.HTTPStatus(799)
    except ValueError:
        return None


def botocore_check() -> Call:
    """The check of botocore's standard mode whether a 503 is to be retried."""
    conditions = botocore.retries.standard.StandardRetryConditions(max_attempts=5)
    response = botocore.awsrequest.AWSResponse("http://localhost", 503, {}, None)

    def check() -> object:
        context = botocore.retries.standard.RetryContext(
            attempt_number=1, operation_model=None, http_response=response, parsed_response={"Error": {"Code": "x"}}
        )
        return conditions.is_retryable(context)

    assert check() is True
    return check


def urllib3_increment() -> Call:
    """What urllib3 does after a 503."""
    retry = urllib3.util.Retry(total=5, status_forcelist=[503])
    response = urllib3.HTTPResponse(status=503)

    def increment() -> object:
        return retry.is_retry("GET", 503) and retry.increment("GET", "/", response=response)

    return increment


def names() -> dict[str, Any]:
    """What the statements use."""
    error = {"successful": False, "responseCode": 4651, "responseMessage": "The message could not be delivered."}
    items = [{"id": at, "name": f"item {at}", "tags": ["a", "b"]} for at in range(12)]
    chance = np.random.default_rng(2_026)
    statuses = chance.choice(np.array([200, 201, 400, 401, 404, 429, 500, 503], dtype=np.int64), ROWS)
    words = np.array([retriage.classify("http", status).category for status in range(600)], dtype=object)
    return {
        "HTTPStatus": http.HTTPStatus,
        "body": json.dumps({**error, "items": items}).encode(),
        "by_dict": by_dict,
        "by_botocore": botocore_check(),
        "by_urllib3": urllib3_increment(),
        "classify": retriage.classify,
        "classify_batch": retriage.classify_batch,
        "column": pa.array(statuses),
        "date": "Wed, 21 Oct 2026 07:28:00 GMT",
        "headers": {"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT"},
        "json": json,
        "listed": statuses.tolist(),
        "now": 1_792_567_600_000,
        "orjson": orjson,
        "parsedate_to_datetime": email.utils.parsedate_to_datetime,
        "plain": {"Retry-After": "120"},
        "series": pd.Series(statuses),
        "statuses": statuses,
        "take": pc.take,
        "unknown_status": unknown_status,
        "verdict": retriage.classify("http", 503),
        "words": words,
        "words_arrow": pa.array(words.tolist()),
        "words_dict": dict(enumerate(words.tolist())),
    }


# What is measured, by what it is about; the first of each group is ours.
GROUPS: dict[str, dict[str, str]] = {
    "a status": {
        'classify("http", 503)': "classify('http', 503)",
        "a function that looks a dict up": "by_dict('http', 503)",
        "http.HTTPStatus(503)": "HTTPStatus(503)",
    },
    "a status that nobody knows": {
        'classify("http", 799)': "classify('http', 799)",
        "http.HTTPStatus(799), and except": "unknown_status()",
    },
    "what to do next": {
        'classify("http", 503).decide(method="GET").action': "classify('http', 503).decide(method='GET').action",
        'verdict.decide(method="GET")': "verdict.decide(method='GET')",
        "botocore, standard mode, is_retryable": "by_botocore()",
        "urllib3, Retry.is_retry and increment": "by_urllib3()",
    },
    "an error in a body of JSON": {
        'classify("updox", 200, body=body)': "classify('updox', 200, body=body)",
        "the same without details": "classify('updox', 200, body=body, details=False)",
        "json.loads": "json.loads(body)['responseCode']",
        "orjson.loads": "orjson.loads(body)['responseCode']",
    },
    "Retry-After": {
        "classify with a date": "classify('http', 503, headers=headers, now=now)",
        "classify with seconds": "classify('http', 503, headers=plain, now=now)",
        "email.utils.parsedate_to_datetime": "parsedate_to_datetime(date)",
    },
    f"{ROWS:,} statuses": {
        "classify_batch of Arrow, category": "classify_batch('http', column, columns=['category'])",
        "classify_batch of Arrow, five columns": "classify_batch('http', column)",
        "classify_batch of numpy, category": "classify_batch('http', statuses, columns=['category'])",
        "classify_batch of a list, category": "classify_batch('http', listed, columns=['category'])",
        "pyarrow.compute.take": "take(words_arrow, column)",
        "numpy indexing": "words[statuses]",
        "pandas Series.map": "series.map(words_dict)",
        "a list of classify(...).category": "[classify('http', status).category for status in listed]",
    },
}


def shown(nanoseconds: float) -> str:
    """A time for a person."""
    return f"{nanoseconds / 1e6:.2f} ms" if nanoseconds >= 1e6 else f"{nanoseconds:.0f} ns"


def main() -> None:
    """Measures, and prints a table."""
    print("| about | by | a call | times the first |")
    print("|---|---|---:|---:|")
    known = names()
    for about, members in GROUPS.items():
        found = measure(members, known)
        first = next(iter(found.values()))
        for name, took in found.items():
            print(f"| {about} | `{name}` | {shown(took)} | {took / first:.2f} |")
            about = ""


if __name__ == "__main__":
    main()

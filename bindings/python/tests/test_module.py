"""What a user of the module relies on beyond the vectors; needs nothing but the module and pytest."""

from __future__ import annotations

import datetime
import errno
import http.client
import inspect
import json
import pickle
import random
import socket
import ssl
import subprocess
import sys
import threading
import urllib.error
import weakref
from email.message import Message
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest

import retriage

ACME: dict[str, Any] = {
    "id": "acme",
    "name": "Acme",
    "as_of": "2026-11-21",
    "extends": "http",
    "sources": {"doc": {"title": "Errors", "publisher": "Acme", "date": "2026-11-21"}},
    "entries": [
        {
            "status": 599,
            "title": "Warehouse closed",
            "category": "unavailable",
            "fault": "destination",
            "retry": "backoff",
            "processed": "no",
            "remedy": "Wait for the next shift.",
            "source": "doc#Errors",
        }
    ],
}


class Response:
    """A response as requests has it, and as httpx: the body is kept once it was read."""

    def __init__(self, status: int, content: bytes | bool = False, headers: Any = None) -> None:
        self.status_code = status
        self.headers = {} if headers is None else headers
        self._content = content

    @property
    def content(self) -> bytes:
        raise AssertionError("a body that wasn't read must stay so")

    def __bool__(self) -> bool:
        return self.status_code < 400


# Values


def test_a_status_alone_is_always_the_same_object() -> None:
    verdict = retriage.classify("http", 503)
    assert retriage.classify("http", HTTPStatus.SERVICE_UNAVAILABLE) == verdict
    assert retriage.classify("http", 503) is verdict
    assert weakref.ref(verdict)() is verdict


def test_equal_answers_are_equal_and_hash_alike() -> None:
    one = retriage.classify("redox", 401, body="Invalid source secret", now=0)
    two = retriage.classify("redox", status=401, body=b"Invalid source secret", now=1)
    assert one == two and hash(one) == hash(two) and len({one, two}) == 1
    assert one != retriage.classify("redox", 401) and one != object()
    assert one.decide(method="GET") == two.decide(method="GET")
    assert one.decide(method="GET") != retriage.classify("redox", 503).decide(method="GET")


def test_values_do_not_change() -> None:
    verdict = retriage.classify("http", 503)
    for value, name in [(verdict, "category"), (verdict.decide(), "action"), (retriage.Registry(), "catalogs")]:
        with pytest.raises(AttributeError):
            setattr(value, name, "other")


def test_match_statements_see_the_attributes() -> None:
    match retriage.classify("http", 429, headers={"Retry-After": "3"}):
        case retriage.Classification(category="rate_limited", hint=retriage.Hint(delay_ms=delay)):
            assert delay == 3_000
        case _:
            pytest.fail("it is rate_limited")
    match retriage.classify("http", 503):
        case retriage.Classification("unavailable", "backoff", processed):
            assert processed == "no"
        case _:
            pytest.fail("it is unavailable")
    match retriage.classify("http", 503).decide(method="GET", random=0.5):
        case retriage.Decision("retry", delay):
            assert delay == 500
        case _:
            pytest.fail("it is to be tried again")


def test_representations_read_well() -> None:
    verdict = retriage.classify("redox", 401, body="Invalid source secret of John Doe")
    assert repr(verdict) == "<Classification redox/401: unauthenticated, fault caller, retry reauthenticate, processed no>"
    assert repr(retriage.classify("updox", 200)) == (
        "<Classification updox: no entry: unknown, fault unknown, retry verify, processed maybe>"
    )
    decision = retriage.classify("http", 503).decide(method="GET", random=0.5)
    assert repr(decision) == "<Decision retry after 500 ms: backoff>"
    assert repr(retriage.profile("standard")) == "<Profile standard>"
    assert repr(retriage.Registry()) == "<Registry: built-in>"
    assert repr(retriage.Registry.load(ACME)) == "<Registry: built-in, acme>"
    assert repr(retriage.Queue("redox")) == "<Queue redox, standard: 0 waiting, idle>"
    assert repr(retriage.classify_batch("http", [1])) == "<Batch of 1: entry, category, fault, retry, processed>"


def test_what_the_response_says_is_in_the_details_alone() -> None:
    verdict = retriage.classify("http", 400, body={"message": "John Doe"}, headers={"X-Name": "John Doe"})
    whole = verdict.to_dict()
    details = whole.pop("details")
    assert "John Doe" in str(details) and "John Doe" not in str(whole) + repr(verdict) + str(verdict.because)
    quiet = retriage.classify("http", 400, body={"message": "John Doe"}, details=False)
    assert quiet.details is None and b"John Doe" not in pickle.dumps(quiet)


def test_messages_in_other_languages() -> None:
    verdict = retriage.classify("http", 503)
    assert verdict.message() == verdict.message("user") == verdict.messages["user"]
    spanish = retriage.classify("http", 503, locale=["xx", "es-MX"])
    assert spanish.messages["locale"] == "es" and spanish.message() == verdict.message("user", "es") != verdict.message()
    assert verdict.message("operator", "es") == verdict.message("operator")
    assert pickle.loads(pickle.dumps(spanish)).message() == spanish.message()
    assert retriage.locales()["es"] == "Español"


def test_records_have_names() -> None:
    entry = retriage.entry("redox/401")
    assert entry == retriage.entry("redox", status=401) and entry in retriage.entries("redox")
    assert entry.source.publisher == "Redox" and entry.source == retriage.classify("redox", 401).source
    assert {"http", "redox", "transport"} <= {catalog.id for catalog in retriage.catalogs()}
    limit = retriage.limits("redox")[0]
    assert limit.key and limit.source.title
    advice = retriage.advise("redox", "down")
    assert advice.advised is not None and advice.advised.intent == "down"
    assert retriage.vocabulary()["category"]["unavailable"].endswith(".")
    assert "standard" in {profile.id for profile in retriage.profiles()}


def test_everything_public_is_explained() -> None:
    for name in retriage.__all__:
        value = getattr(retriage, name)
        if name == "__version__":
            continue
        assert inspect.getdoc(value), name
        if inspect.isclass(value) and not issubclass(value, (Exception, tuple)):
            for member in vars(value):
                if not member.startswith("_"):
                    assert inspect.getdoc(getattr(value, member)), f"{name}.{member}"
    assert "Raises" in (retriage.classify.__doc__ or "")
    assert dir(retriage) == sorted(retriage.__all__)
    with pytest.raises(AttributeError):
        getattr(retriage, "clasify")


# Decisions


def test_chance_is_that_of_python() -> None:
    verdict = retriage.classify("http", 503)
    random.seed(7)
    first = [verdict.decide(method="GET").delay_ms for _ in range(5)]
    random.seed(7)
    assert [verdict.decide(method="GET").delay_ms for _ in range(5)] == first
    assert len(set(first)) > 1


def test_state_and_budget_can_be_stored() -> None:
    profile = retriage.profile({"extends": "standard", "budget": {"capacity": 2, "cost": 1, "charge": "retry"}})
    verdict = retriage.classify("http", 503)
    state = budget = None
    actions = []
    for attempt in (1, 2, 3):
        decision = verdict.decide(attempt=attempt, method="GET", profile=profile, state=state, budget=budget)
        state, budget = json.loads(json.dumps([decision.state, decision.budget]))
        actions.append((decision.action, decision.reason))
    assert actions == [("retry", "backoff"), ("retry", "backoff"), ("stop", "budget")] and budget == {"tokens": 0}


def test_profiles_are_values() -> None:
    own = retriage.profile({"extends": "standard", "attempts": 2})
    assert own.attempts == 2 and own.deadline_ms == 600_000 and own != retriage.profile("standard")
    for profile in [own, *retriage.profiles()]:
        again = pickle.loads(pickle.dumps(profile))
        assert again == profile == retriage.profile(profile.to_dict()) and hash(again) == hash(profile)
    assert retriage.classify("http", 503).decide(attempt=2, method="GET", profile=own).reason == "attempts"


def test_the_clock_counts_where_the_response_has_none() -> None:
    soon = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=90)
    date = soon.strftime("%a, %d %b %Y %H:%M:%S GMT")
    hint = retriage.classify("http", 503, headers={"Retry-After": date}).hint
    assert hint is not None and hint.delay_ms is not None and 0 < hint.delay_ms <= 90_000
    dated = {"Retry-After": "Sat, 21 Nov 2026 20:41:00 GMT", "Date": "Sat, 21 Nov 2026 20:40:00 GMT"}
    hint = retriage.classify("http", 503, headers=dated).hint
    assert hint == ("valid", 60_000, "retry-after")


def test_times_of_every_form() -> None:
    headers = {"Retry-After": "Sat, 21 Nov 2026 20:41:00 GMT"}
    zone = datetime.timezone(datetime.timedelta(hours=-5))
    for now in (
        1_795_293_600_000,
        "2026-11-21T20:40:00Z",
        datetime.datetime(2026, 11, 21, 20, 40, tzinfo=datetime.timezone.utc),
        datetime.datetime(2026, 11, 21, 15, 40, tzinfo=zone),
    ):
        hint = retriage.classify("http", 503, headers=headers, now=now).hint
        assert hint is not None and hint.delay_ms == 60_000, now
    wrong: list[Any] = [datetime.datetime(2026, 11, 21), "tomorrow", 1.5, True, 10**30, [0]]
    for now in wrong:
        with pytest.raises(retriage.BadValueError) as raised:
            retriage.classify("http", 503, headers=headers, now=now)
        assert raised.value.at == "/now"


def test_a_queue_finds_out_how_far_its_zone_is() -> None:
    # Redox alerts between 10:00 and 22:00 in New York. In November that is 5 hours behind UTC, in July 4.
    for now, expected in (("2026-11-21T14:59:00Z", "held"), ("2026-11-21T15:01:00Z", "open")):
        queue = retriage.Queue("redox", profile="redox-delivery", mode="async")
        queue.enqueued("a", now=now)
        queue.answered("a", 500, now=now)
        assert queue.alert == expected, now
    summer = retriage.Queue("redox", profile="redox-delivery", mode="async")
    summer.enqueued("a", now="2026-07-21T14:01:00Z")
    summer.answered("a", 500, now="2026-07-21T14:01:00Z")
    assert summer.alert == "open"


def test_a_queue_says_what_to_do() -> None:
    queue = retriage.Queue("http", mode="async")
    assert queue.enqueued("a", now=0) == (retriage.Act("send", "a", 1),)
    (act,) = queue.unanswered("a", ConnectionResetError(errno.ECONNRESET, "reset"), now=1_000, random=0.5)
    assert act.action == "wait" and act.until_ms == queue.until_ms == 1_500
    assert queue.to_dict()["phase"] == queue.phase == "waiting" and len(queue) == 1 and queue.waiting == ("a",)
    again = retriage.Queue("http", mode="async", state=queue.to_dict())
    assert again.to_dict() == queue.to_dict()
    with pytest.raises(retriage.BadValueError):
        queue.unanswered("a", Response(503))  # type: ignore[arg-type]


# Responses


def test_responses_are_told_by_what_they_have() -> None:
    headers = {"Content-Type": "text/plain", "Retry-After": "5"}
    verdict = retriage.classify("redox", Response(401, b"Invalid source secret", headers))
    assert verdict.entry == "redox/401.invalid_source_secret"
    assert verdict.hint == ("valid", 5_000, "retry-after")
    # What is said by name goes first.
    assert retriage.classify("redox", Response(401, b"Invalid source secret"), status=503).entry == "http/503"
    assert retriage.classify("redox", Response(401, b"Invalid source secret"), body="").entry == "redox/401"


def test_a_body_that_was_not_read_stays_so() -> None:
    assert retriage.classify("redox", Response(401)).entry == "redox/401"


def test_headers_of_every_form() -> None:
    message = Message()
    message["Retry-After"] = "7"
    forms: list[Any] = [
        {"retry-after": "7"},
        {"Retry-After": ["7", "9"]},
        [("Retry-After", "7")],
        [["Retry-After", "7"]],
        [(b"Retry-After", b"7")],
        ((b"Retry-After", "7"),),
        message,
        {"X-Name": "\udcff", "Retry-After": "7"},
    ]
    for headers in forms:
        assert retriage.classify("http", 503, headers=headers).hint == ("valid", 7_000, "retry-after"), headers
        assert retriage.classify("http", Response(503, headers=headers)).hint is not None


def test_bodies_of_every_form() -> None:
    text = '{"responseCode": 4651}'
    bodies: list[Any] = [text, text.encode(), bytearray(text.encode()), memoryview(text.encode()), json.loads(text)]
    for body in bodies:
        assert retriage.classify("updox", 200, body=body).entry == "updox/4651", body


def test_a_long_body_is_read_while_others_run() -> None:
    body = json.dumps({"padding": "x" * 500_000, "responseCode": 4651})
    found: list[str | None] = []
    work = [threading.Thread(target=lambda: found.append(retriage.classify("updox", 200, body=body).entry)) for _ in "1234"]
    for thread in work:
        thread.start()
    for thread in work:
        thread.join()
    assert found == ["updox/4651"] * 4
    assert retriage.classify("updox", 200, body=body, body_limit=1_000).category == "unknown"


# Exceptions


class AppTimeout(TimeoutError):
    """A program's own."""


def chained(outer: BaseException, cause: BaseException) -> BaseException:
    outer.__cause__ = cause
    return outer


def in_context(outer: BaseException, context: BaseException) -> BaseException:
    outer.__context__ = context
    return outer


EXCEPTIONS: list[tuple[BaseException, str | None]] = [
    (ConnectionRefusedError(errno.ECONNREFUSED, "refused"), "ECONNREFUSED"),
    (ConnectionRefusedError(), "ECONNREFUSED"),
    (ConnectionResetError("lost"), "ECONNRESET"),
    (BrokenPipeError(), "EPIPE"),
    (OSError(errno.EHOSTUNREACH, "no route"), "EHOSTUNREACH"),
    (TimeoutError("timed out"), "TimeoutError"),
    (TimeoutError(errno.ETIMEDOUT, "timed out"), "ETIMEDOUT"),
    (socket.timeout(), "TimeoutError"),
    (AppTimeout(), "TimeoutError"),
    (socket.gaierror(socket.EAI_NONAME, "unknown"), "ENOTFOUND"),
    (socket.gaierror(socket.EAI_AGAIN, "later"), "EAI_AGAIN"),
    # The number of an error of TLS is none of the operating system's: 1 would be EPERM.
    (ssl.SSLError(1, "bad record"), "SSLError"),
    (ssl.SSLCertVerificationError(1, "expired"), "CURLE_PEER_FAILED_VERIFICATION"),
    (http.client.RemoteDisconnected("closed"), "CURLE_GOT_NOTHING"),
    (http.client.IncompleteRead(b"half"), "CURLE_PARTIAL_FILE"),
    (urllib.error.URLError(ConnectionRefusedError(errno.ECONNREFUSED, "refused")), "ECONNREFUSED"),
    (chained(RuntimeError("wrapped"), ConnectionRefusedError(errno.ECONNREFUSED, "refused")), "ECONNREFUSED"),
    (OSError("wrapped", ConnectionResetError(errno.ECONNRESET, "reset")), "ECONNRESET"),
    # Whoever wraps it says no more, and the cause is nearer.
    (chained(ConnectionError("wrapped"), ConnectionResetError(errno.ECONNRESET, "reset")), "ECONNRESET"),
    # What was being handled at the time may be another request's failure.
    (in_context(TimeoutError("read"), ConnectionRefusedError(errno.ECONNREFUSED, "the one before")), "TimeoutError"),
    # A program's own mistakes are no failures of a connection; a browser calls those TypeError.
    (TypeError("wrong argument"), None),
    (KeyError("status"), None),
]


@pytest.mark.parametrize(("exception", "entry"), EXCEPTIONS, ids=lambda value: repr(value)[:60])
def test_exceptions_are_told_by_their_names(exception: BaseException, entry: str | None) -> None:
    verdict = retriage.classify("redox", exception)
    assert verdict.entry == (None if entry is None else f"transport/{entry}")


def test_an_exception_about_a_response_is_that_response() -> None:
    headers = Message()
    headers["Retry-After"] = "5"
    error = urllib.error.HTTPError("http://localhost", 503, "Service Unavailable", headers, None)
    assert retriage.classify("http", error).hint == ("valid", 5_000, "retry-after")
    error.close()

    class HTTPError(OSError):
        response = Response(429, b"")

    assert retriage.classify("http", HTTPError()).entry == "http/429"


def test_an_endless_chain_of_causes_ends() -> None:
    one, two = RuntimeError("one"), RuntimeError("two")
    chained(one, two)
    chained(two, one)
    assert retriage.classify("http", one).match == "unknown"


def test_a_failure_after_a_status() -> None:
    verdict = retriage.classify("http", ConnectionResetError(errno.ECONNRESET, "reset"), status=200)
    assert (verdict.retry, verdict.processed) == ("verify", "maybe")


# Errors


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"status": "503"}, "/status"),
    ({"status": 5.5}, "/status"),
    ({"status": True}, "/status"),
    ({"status": -1}, "/status"),
    ({"status": 10**40}, "/status"),
    ({"response": object()}, "/response"),
    ({"response": "503"}, "/response"),
    ({"response": True}, "/status"),
    ({"code": 1.5}, "/code"),
    ({"code": 2**60}, "/code"),
    ({"failure": 7}, "/failure"),
    ({"headers": 7}, "/headers"),
    ({"headers": "retry-after: 7"}, "/headers"),
    ({"headers": {"a/b": 7}}, "/headers/a~1b"),
    ({"headers": [("a",)]}, "/headers/0"),
    ({"body": 7}, "/body"),
    ({"body": {1: 2}}, "/body"),
    ({"body": {"a": {"b": {1, 2}}}}, "/body/a/b"),
    ({"body": {"a": float("nan")}}, "/body/a"),
    ({"body": "\ud800"}, "/body"),
    ({"mode": "asynchronous"}, "/mode"),
    ({"mode": 1}, "/mode"),
    ({"body_limit": -1}, "/body_limit"),
    ({"details": 1}, "/details"),
    ({"locale": 1}, "/locale"),
    ({"locale": ["en", 1]}, "/locale/1"),
    ({"control_id": 1}, "/control_id"),
]


@pytest.mark.parametrize(("arguments", "at"), WRONG, ids=str)
def test_a_wrong_argument_is_named(arguments: dict[str, Any], at: str) -> None:
    response = arguments.get("response")
    others = {name: value for name, value in arguments.items() if name != "response"}
    with pytest.raises(retriage.BadValueError) as raised:
        retriage.classify("http", response, **others)
    assert raised.value.at == at and raised.value.kind == "bad_value" and "must" in raised.value.message
    assert str(raised.value) == f"{at}: {raised.value.message}"


def test_errors_are_what_they_say() -> None:
    with pytest.raises(LookupError) as raised:
        retriage.classify("htp", 503)
    error = raised.value
    assert isinstance(error, retriage.UnknownCatalogError) and "redox, revio" in error.message
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), again.at, again.message) == (type(error), error.at, error.message)
    with pytest.raises(retriage.BadValueError):
        retriage.classify(7, 503)  # type: ignore[arg-type]
    with pytest.raises(retriage.UnknownProfileError):
        retriage.profile("standart")
    with pytest.raises(retriage.UnknownEntryError):
        retriage.entry("redox/9999")
    with pytest.raises(retriage.MissingFieldError):
        retriage.advise("redox")
    with pytest.raises(TypeError):
        retriage.classify("http", 503, reason="x")  # type: ignore[call-arg]
    for arguments, at in [
        ({"attempt": 0}, "/attempt"),
        ({"elapsed_ms": -1}, "/elapsed_ms"),
        ({"random": 1.0}, "/random"),
        ({"state": {"cost": -1}}, "/state/cost"),
        ({"budget": {}}, "/budget/tokens"),
        ({"profile": {"extends": "standard", "attempts": -1}}, "/profile/attempts"),
        ({"verified": "yes"}, "/verified"),
        ({"environment": "test"}, "/environment"),
        ({"idempotent": 1}, "/idempotent"),
        ({"method": 1}, "/method"),
    ]:
        with pytest.raises(retriage.Error) as refused:
            retriage.classify("http", 503).decide(**arguments)  # type: ignore[arg-type]
        assert refused.value.at == at


def test_nothing_makes_it_panic() -> None:
    class Hostile:
        status_code = 503

        @property
        def headers(self) -> Any:
            raise RuntimeError("no headers today")

        @property
        def _content(self) -> Any:
            raise RuntimeError("no body today")

    assert retriage.classify("http", Hostile()).entry == "http/503"

    class Interrupted(Hostile):
        @property
        def headers(self) -> Any:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        retriage.classify("http", Interrupted())
    deep: Any = {}
    for _ in range(10_000):
        deep = {"a": deep}
    with pytest.raises(retriage.BadValueError):
        retriage.answer(deep)
    looped: Any = {}
    looped["a"] = looped
    with pytest.raises(retriage.BadValueError):
        retriage.answer(looped)
    with pytest.raises(retriage.Error):
        pickled: Any = retriage.classify("http", 503).__reduce__()
        pickled[0](pickled[1][0], "{}")


# Catalogs of one's own


def test_catalogs_are_loaded_from_a_dict_a_text_or_a_path(tmp_path: Path) -> None:
    path = tmp_path / "acme.json"
    path.write_text(json.dumps(ACME), "utf-8")
    for source in (ACME, json.dumps(ACME), path, str(path)):
        registry = retriage.Registry.load(source)
        verdict = registry.classify("acme", 599)
        assert verdict.entry == "acme/599" and verdict.message("user")
        assert registry.classify("acme", 404).entry == "http/404"
        assert registry.answer({"catalog": "acme", "status": 599})["classification"] == verdict.to_dict()
        assert registry.decide("acme", 599, method="GET", random=0.0).action == "retry"
        again = pickle.loads(pickle.dumps(verdict))
        assert again == verdict and again.decide(method="GET", random=0.1) == verdict.decide(method="GET", random=0.1)
        assert pickle.loads(pickle.dumps(registry)) == registry != retriage.Registry()
        assert "acme" in {catalog.id for catalog in registry.catalogs()}
        queue = retriage.Queue("acme", registry=registry)
        assert queue.enqueued("a") == (retriage.Act("send", "a", 1),)
    with pytest.raises(retriage.UnknownCatalogError):
        retriage.classify("acme", 599)


def test_every_mistake_of_every_file_is_told(tmp_path: Path) -> None:
    broken = {**ACME, "id": "other", "entries": [{**ACME["entries"][0], "retry": "sometimes", "fault": "yours"}]}
    with pytest.raises(retriage.LoadError) as raised:
        retriage.Registry.load(ACME, broken)
    assert len(raised.value.problems) == 2 and "other" in str(raised.value) and "retry" in str(raised.value)
    assert pickle.loads(pickle.dumps(raised.value)).problems == raised.value.problems
    with pytest.raises(FileNotFoundError):
        retriage.Registry.load(tmp_path / "none.json")
    (tmp_path / "latin.json").write_bytes(b"\xff")
    with pytest.raises(retriage.BadValueError):
        retriage.Registry.load(tmp_path / "latin.json")
    with pytest.raises(retriage.BadValueError):
        retriage.Registry.load(7)  # type: ignore[arg-type]


def test_a_registry_goes_when_nobody_has_it() -> None:
    registry = retriage.Registry.load(ACME)
    gone = weakref.ref(registry)
    for status in range(1_000):
        registry.classify("acme", status)
    del registry
    assert gone() is None


# The whole


def test_importing_it_imports_next_to_nothing() -> None:
    program = "import sys; before = set(sys.modules); import retriage; print(*sorted(set(sys.modules) - before))"
    found = subprocess.run([sys.executable, "-I", "-c", program], capture_output=True, text=True, check=True)
    assert found.stdout.split() == ["retriage", "retriage._retriage"]


def test_the_first_calls_of_many_threads_agree() -> None:
    program = """
import threading, retriage
start = threading.Barrier(16)
found = []
def work():
    start.wait()
    found.append([retriage.classify("redox", status) for status in range(600)])
threads = [threading.Thread(target=work) for _ in range(16)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
assert len(found) == 16 and all(one is two for other in found for one, two in zip(other, found[0]))
"""
    subprocess.run([sys.executable, "-c", program], check=True)


def run(*arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-X", "utf8", "-m", "retriage", *arguments]
    return subprocess.run(command, input=given, capture_output=True, text=True, encoding="utf-8")


def test_the_command_line_explains() -> None:
    found = run("explain", "redox", "401", "--body", "Invalid source secret", "--method", "GET")
    assert found.returncode == 0 and not found.stderr
    for text in (
        "Invalid source secret\nredox/401.invalid_source_secret, as of 2024-02-15\n",
        "unauthenticated  The credentials are missing, wrong or expired.",
        "What to do\n  Replace the secret",
        "reason: Invalid source secret",
        "stop: A person must act first.",
    ):
        assert text in found.stdout, found.stdout
    found = run("explain", "http", "503", "--header", "Retry-After: 7", "--method", "GET", "--json")
    answer = json.loads(found.stdout)
    assert answer["classification"]["hint"]["delay_ms"] == 7_000 and answer["decision"]["action"] == "retry"
    assert run("explain", "http", "--failure", "ECONNRESET").stdout.startswith("Connection reset")
    assert run("explain", "updox", "200").stdout.startswith("Nothing is known of this\nupdox, as of")


def test_the_command_line_answers(tmp_path: Path) -> None:
    questions = '{"catalog":"http","status":503}\n\n{"catalog":"htp"}\n'
    found = run("answer", given=questions)
    one, two = map(json.loads, found.stdout.splitlines())
    assert one["classification"]["entry"] == "http/503" and two["error"]["kind"] == "unknown_catalog"
    assert found.returncode == 1
    (tmp_path / "questions.ndjson").write_text('{"catalog":"acme","status":599}\n', "utf-8")
    (tmp_path / "acme.json").write_text(json.dumps(ACME), "utf-8")
    found = run("answer", str(tmp_path / "questions.ndjson"), "--catalog-file", str(tmp_path / "acme.json"))
    assert found.returncode == 0 and json.loads(found.stdout)["classification"]["entry"] == "acme/599"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["explain", "htp", "503"], "no such catalog"),
        (["explain", "http", "503", "--header", "Retry-After"], "must be NAME:VALUE"),
        (["explain", "http", "503", "--profile", "standart"], "no such profile"),
        (["explain", "http", "503", "--attempt", "0"], "/attempt"),
        (["answer", "no such file"], "no such file"),
        (["explain", "http", "503", "--catalog-file", "no such file"], "no such file"),
        ([], "usage:"),
    ],
)
def test_the_command_line_says_what_is_wrong(arguments: list[str], said: str) -> None:
    found = run(*arguments)
    assert found.returncode == 2 and said in found.stderr and "Traceback" not in found.stderr

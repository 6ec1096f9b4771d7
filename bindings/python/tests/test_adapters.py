"""The adapters, each with the real library against a server that fails on purpose."""

from __future__ import annotations

import asyncio
import io
import logging
import socket
import threading
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
import requests
import requests.adapters
import tenacity
import urllib3
import urllib3.exceptions
from conftest import CUT, RESET, STALL, Answer, Server

import retriage
import retriage.httpx
import retriage.requests
import retriage.tenacity
import retriage.urllib3
from retriage.policy import Budgets, Policy

OK = Answer(200, {"ok": True}, {"Content-Type": "application/json"})
# Long enough for an answer on this machine, short enough to wait for.
PATIENCE = 0.3


class Clock:
    """A clock that only sleeping moves, and what was slept."""

    def __init__(self) -> None:
        self.now = 1_000.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    async def asleep(self, seconds: float) -> None:
        self.sleep(seconds)


def policy(catalog: str, clock: Clock, **options: Any) -> Policy:
    return Policy(catalog, clock=clock, random=lambda: 0.5, **options)


Send = Callable[..., int]


def by_requests(rules: Policy, clock: Clock, method: str, url: str, **options: Any) -> int:
    with retriage.requests.session(rules, sleep=clock.sleep) as session:
        return session.request(method, url, timeout=PATIENCE, **options).status_code


def by_requests_with_retry(rules: Policy, clock: Clock, method: str, url: str, **options: Any) -> int:
    with requests.Session() as session:
        retry = retriage.urllib3.Retry(rules, sleep=clock.sleep)
        session.mount("http://", requests.adapters.HTTPAdapter(max_retries=retry))
        return session.request(method, url, timeout=PATIENCE, **options).status_code


def by_urllib3(rules: Policy, clock: Clock, method: str, url: str, data: Any = None, **options: Any) -> int:
    retry = retriage.urllib3.Retry(rules, sleep=clock.sleep)
    with urllib3.PoolManager(retries=retry) as pool:
        return pool.request(method, url, timeout=PATIENCE, body=data, **options).status


def by_httpx(rules: Policy, clock: Clock, method: str, url: str, data: Any = None, **options: Any) -> int:
    with httpx.Client(transport=retriage.httpx.Transport(rules, sleep=clock.sleep)) as client:
        return client.request(method, url, timeout=PATIENCE, content=data, **options).status_code


def by_httpx_async(rules: Policy, clock: Clock, method: str, url: str, data: Any = None, **options: Any) -> int:
    async def send() -> int:
        transport = retriage.httpx.AsyncTransport(rules, sleep=clock.asleep)
        async with httpx.AsyncClient(transport=transport) as client:
            return (await client.request(method, url, timeout=PATIENCE, content=data, **options)).status_code

    return asyncio.run(send())


def by_tenacity(rules: Policy, clock: Clock, method: str, url: str, **options: Any) -> int:
    strategies: Any = retriage.tenacity.strategies(rules, method=method)

    def send() -> requests.Response:
        return requests.request(method, url, timeout=PATIENCE, **options)

    response: requests.Response = tenacity.Retrying(**strategies, sleep=clock.sleep)(send)
    return response.status_code


EVERY: list[Send] = [by_requests, by_requests_with_retry, by_urllib3, by_httpx, by_httpx_async, by_tenacity]
# Those that see the request, and so its headers and its body; a function that tenacity calls can be anything.
SEEING: list[Send] = [by_requests, by_httpx, by_httpx_async]


@pytest.fixture(params=EVERY, ids=lambda send: send.__name__)
def send(request: pytest.FixtureRequest) -> Send:
    found: Send = request.param
    return found


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_a_failure_that_passes_is_tried_again(send: Send, server: Server, clock: Clock) -> None:
    server.answers(Answer(503), Answer(503), OK)
    assert send(policy("http", clock), clock, "GET", server.url) == 200
    assert len(server.seen) == 3
    # Full jitter at 0.5 of one and of two seconds.
    assert clock.slept == [0.5, 1.0]


def test_a_server_is_given_the_time_it_asks_for(send: Send, server: Server, clock: Clock) -> None:
    server.answers(Answer(429, headers={"Retry-After": "7"}), OK)
    assert send(policy("http", clock), clock, "GET", server.url) == 200
    assert len(clock.slept) == 1 and 7 <= clock.slept[0] <= 7 * 4 / 3


def test_a_connection_that_breaks_is_tried_again_where_that_is_safe(send: Send, server: Server, clock: Clock) -> None:
    server.answers(RESET, OK)
    assert send(policy("http", clock), clock, "GET", server.url) == 200
    assert len(server.seen) == 2


def test_a_connection_that_breaks_is_not_tried_again_where_it_may_do_it_twice(
    send: Send, server: Server, clock: Clock
) -> None:
    server.answers(RESET, OK)
    with pytest.raises((requests.ConnectionError, urllib3.exceptions.ProtocolError, httpx.NetworkError)):
        send(policy("http", clock), clock, "POST", server.url, data=b"{}")
    assert len(server.seen) == 1 and clock.slept == []
    server.answers(RESET, OK)
    assert send(policy("http", clock, idempotent=True), clock, "POST", server.url, data=b"{}") == 200
    assert [seen.body for seen in server.seen] == [b"{}", b"{}"]


def test_a_server_that_stalls_is_given_up_and_asked_again(send: Send, server: Server, clock: Clock) -> None:
    server.answers(STALL, OK)
    assert send(policy("http", clock), clock, "GET", server.url) == 200
    assert len(server.seen) == 2
    server.answers(STALL)
    with pytest.raises((requests.ReadTimeout, urllib3.exceptions.ReadTimeoutError, httpx.ReadTimeout)):
        send(policy("http", clock), clock, "POST", server.url)
    assert len(server.seen) == 1


def test_nobody_listens(send: Send, clock: Clock) -> None:
    errors = (requests.ConnectionError, urllib3.exceptions.MaxRetryError, httpx.ConnectError)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/"
        with pytest.raises(errors):
            # It was never sent, so that even a POST can be tried again.
            send(policy("http", clock), clock, "POST", url)
    assert len(clock.slept) == 4


def test_what_does_not_help_is_not_done(send: Send, server: Server, clock: Clock) -> None:
    for status in (400, 403, 404, 501):
        server.answers(Answer(status))
        assert send(policy("http", clock), clock, "GET", server.url) == status
        assert len(server.seen) == 1
    assert clock.slept == []


def test_the_last_answer_comes_back_when_the_attempts_are_used_up(send: Send, server: Server, clock: Clock) -> None:
    server.answers(Answer(503))
    assert send(policy("http", clock), clock, "GET", server.url) == 503
    assert len(server.seen) == 5


def test_no_attempt_begins_at_the_deadline_or_later(send: Send, server: Server, clock: Clock) -> None:
    server.answers(Answer(503, headers={"Retry-After": "2"}))
    assert send(policy("http", clock, deadline=6), clock, "GET", server.url) == 503
    assert sum(clock.slept) < 6 and len(clock.slept) == 2
    server.answers(Answer(503, headers={"Retry-After": "60"}))
    before = len(clock.slept)
    assert send(policy("http", clock, deadline=6), clock, "GET", server.url) == 503
    assert len(clock.slept) == before


def test_callers_share_a_budget(send: Send, server: Server, clock: Clock) -> None:
    server.answers(Answer(503))
    budgets = Budgets()
    profile = {"extends": "standard", "budget": {"capacity": 6, "cost": 1, "charge": "retry"}}
    for _ in range(4):
        rules = policy("http", clock, profile=profile, budgets=budgets)
        assert send(rules, clock, "GET", server.url) == 503
    # Each would have tried four more times; together they had six.
    assert len(server.seen) == 4 + 6


def test_an_error_inside_of_a_200_is_found(server: Server, clock: Clock) -> None:
    busy = Answer(200, {"successful": False, "responseCode": 5000}, {"Content-Type": "application/json"})
    done = Answer(200, {"successful": True, "responseCode": 2000}, {"Content-Type": "application/json"})
    verdict = retriage.classify("updox", 200, body=busy.body)
    assert (verdict.retry, verdict.category) != ("none", "success")
    for send in [by_requests, by_urllib3, by_httpx, by_httpx_async, by_tenacity]:
        server.answers(busy, done)
        assert send(policy("updox", clock, idempotent=True), clock, "POST", server.url) == 200
        expected = 2 if verdict.decide(method="POST", idempotent=True).action == "retry" else 1
        assert len(server.seen) == expected, send.__name__
        server.answers(done)
        assert send(policy("updox", clock), clock, "GET", server.url) == 200
        assert len(server.seen) == 1, send.__name__


def test_a_success_that_cannot_be_told_without_its_body_is_not_repeated(server: Server, clock: Clock) -> None:
    # requests hands urllib3's Retry a response without its body.
    server.answers(Answer(200, {"successful": True, "responseCode": 2000}))
    assert by_requests_with_retry(policy("updox", clock), clock, "GET", server.url) == 200
    assert len(server.seen) == 1


def test_a_body_that_breaks_off_is_a_failure(server: Server, clock: Clock) -> None:
    for send in SEEING:
        server.answers(CUT, OK)
        assert send(policy("http", clock), clock, "GET", server.url) == 200
        assert len(server.seen) == 2, send.__name__
        server.answers(CUT, OK)
        with pytest.raises((requests.exceptions.ChunkedEncodingError, requests.ConnectionError, httpx.RemoteProtocolError)):
            # A 200 had come: it may have taken effect, and nothing more is sent.
            send(policy("http", clock), clock, "POST", server.url)
        assert len(server.seen) == 1, send.__name__


def test_an_idempotency_key_makes_repeating_safe(server: Server, clock: Clock) -> None:
    for send in SEEING:
        server.answers(RESET, OK)
        headers = {"Idempotency-Key": "8e03978e"}
        assert send(policy("http", clock), clock, "POST", server.url, data=b"x", headers=headers) == 200
        assert len(server.seen) == 2, send.__name__


def test_a_file_is_rewound_and_a_generator_is_not_sent_again(server: Server, clock: Clock) -> None:
    def parts() -> Iterator[bytes]:
        yield b"ab"
        yield b"cd"

    rules = policy("http", clock, idempotent=True)
    server.answers(Answer(503), OK)
    assert by_requests(rules, clock, "POST", server.url, data=io.BytesIO(b"abcd")) == 200
    assert [seen.body for seen in server.seen] == [b"abcd", b"abcd"]
    for send in SEEING:
        server.answers(Answer(503), OK)
        if send is by_httpx_async:
            continue
        assert send(rules, clock, "POST", server.url, data=parts()) == 503
        assert [seen.body for seen in server.seen] == [b"abcd"], send.__name__


def test_fresh_credentials_are_tried_once(server: Server, clock: Clock) -> None:
    server.answers(Answer(401))
    with retriage.requests.session(policy("http", clock), sleep=clock.sleep) as session:
        assert session.get(server.url).status_code == 401
    assert len(server.seen) == 1

    def renew(request: requests.PreparedRequest) -> None:
        request.headers["Authorization"] = "Bearer new"

    for script, status, count in (((Answer(401), OK), 200, 2), ((Answer(401),), 401, 2)):
        server.answers(*script)
        with retriage.requests.session(policy("http", clock), sleep=clock.sleep, reauthenticate=renew) as session:
            assert session.get(server.url).status_code == status
        assert len(server.seen) == count
        assert server.seen[-1].headers["authorization"] == "Bearer new"

    def renew_httpx(request: httpx.Request) -> None:
        request.headers["Authorization"] = "Bearer new"

    async def renew_async(request: httpx.Request) -> None:
        renew_httpx(request)

    server.answers(Answer(401), OK)
    transport = retriage.httpx.Transport(policy("http", clock), sleep=clock.sleep, reauthenticate=renew_httpx)
    with httpx.Client(transport=transport) as client:
        assert client.get(server.url).status_code == 200

    async def get() -> int:
        transport = retriage.httpx.AsyncTransport(policy("http", clock), sleep=clock.asleep, reauthenticate=renew_async)
        async with httpx.AsyncClient(transport=transport) as client:
            return (await client.get(server.url)).status_code

    server.answers(Answer(401), OK)
    assert asyncio.run(get()) == 200
    assert len(server.seen) == 2


@pytest.mark.parametrize(
    ("found", "status", "count"), [("not_processed", 200, 2), ("processed", 504, 1), ("unknown", 504, 1)]
)
def test_what_may_have_taken_effect_is_found_out_first(
    server: Server, clock: Clock, found: Any, status: int, count: int
) -> None:
    asked: list[str | None] = []

    def verify(request: object, verdict: retriage.Classification) -> Any:
        asked.append(verdict.entry)
        return found

    async def verify_async(request: object, verdict: retriage.Classification) -> Any:
        return verify(request, verdict)

    rules = policy("http", clock)
    server.answers(Answer(504), OK)
    with retriage.requests.session(rules, sleep=clock.sleep, verify=verify) as session:
        assert session.post(server.url).status_code == status
    assert len(server.seen) == count
    server.answers(Answer(504), OK)
    with httpx.Client(transport=retriage.httpx.Transport(rules, sleep=clock.sleep, verify=verify)) as client:
        assert client.post(server.url).status_code == status
    assert len(server.seen) == count

    async def post() -> int:
        transport = retriage.httpx.AsyncTransport(rules, sleep=clock.asleep, verify=verify_async)
        async with httpx.AsyncClient(transport=transport) as client:
            return (await client.post(server.url)).status_code

    server.answers(Answer(504), OK)
    assert asyncio.run(post()) == status
    assert asked == ["http/504"] * 3


def test_a_wait_can_be_interrupted(server: Server) -> None:
    stop = threading.Event()
    stop.set()
    server.answers(Answer(503))
    # An event that is set: there is no further attempt.
    with retriage.requests.session("http", sleep=stop.wait) as session:
        assert session.get(server.url).status_code == 503
    with httpx.Client(transport=retriage.httpx.Transport("http", sleep=stop.wait)) as client:
        assert client.get(server.url).status_code == 503
    assert len(server.seen) == 2

    def interrupted(seconds: float) -> None:
        raise KeyboardInterrupt

    with retriage.requests.session("http", sleep=interrupted) as session, pytest.raises(KeyboardInterrupt):
        session.get(server.url)


def test_a_wait_ends_where_its_task_is_cancelled(server: Server) -> None:
    server.answers(Answer(503, headers={"Retry-After": "300"}))

    async def get() -> None:
        async with httpx.AsyncClient(transport=retriage.httpx.AsyncTransport("http")) as client:
            task = asyncio.create_task(client.get(server.url))
            while not server.seen:
                await asyncio.sleep(0.01)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

    asyncio.run(get())
    assert len(server.seen) == 1


def test_the_log_says_what_was_decided_and_nothing_of_the_response(
    send: Send, server: Server, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "retriage")
    secret = {"error": {"message": "no bed for John Doe"}}
    server.answers(Answer(503, secret, {"X-Patient": "John Doe"}), OK)
    send(policy("http", clock), clock, "GET", server.url)
    said = [record.getMessage() for record in caplog.records if record.name == "retriage"]
    assert len(said) == 2, said
    assert "http/503" in said[0] and "retry in 0.5 s" in said[0] and "backoff" in said[0]
    assert "http/200" in said[1] and "done" in said[1]
    assert not any("Doe" in text or "Patient" in text or "4711" in text for text in said)


def test_a_mistake_of_the_program_is_raised_on(clock: Clock) -> None:
    calls = 0

    strategies: Any = retriage.tenacity.strategies(policy("http", clock), method="GET")

    def send() -> None:
        nonlocal calls
        calls += 1
        raise KeyError("typing mistake")

    with pytest.raises(KeyError):
        tenacity.Retrying(**strategies, sleep=clock.sleep)(send)
    assert calls == 1 and clock.slept == []


def test_a_redirect_is_followed_by_urllib3_itself(server: Server, clock: Clock) -> None:
    server.answers(Answer(302, headers={"Location": "/other"}), Answer(503), OK)
    assert by_urllib3(policy("http", clock), clock, "GET", server.url) == 200
    assert [seen.path for seen in server.seen][1:] == ["/other", "/other"]


def test_a_stream_stays_one(server: Server, clock: Clock) -> None:
    server.answers(Answer(503), Answer(200, b"x" * 10_000))
    transport = retriage.httpx.Transport(policy("http", clock), sleep=clock.sleep, read=False)
    with httpx.Client(transport=transport) as client, client.stream("GET", server.url) as response:
        assert not response.is_stream_consumed
        assert sum(map(len, response.iter_bytes())) == 10_000
    server.answers(Answer(503), Answer(200, b"x" * 10_000))
    with retriage.requests.session(policy("http", clock), sleep=clock.sleep) as session:
        with session.get(server.url, stream=True) as response:
            assert not getattr(response, "_content_consumed")
            assert sum(map(len, response.iter_content(100))) == 10_000


def test_what_is_wrong_with_a_policy_is_said_at_once() -> None:
    with pytest.raises(retriage.UnknownCatalogError):
        Policy("htp")
    with pytest.raises(retriage.UnknownProfileError):
        Policy("http", profile="standart")
    with pytest.raises(retriage.UnknownCatalogError):
        retriage.requests.session("htp")



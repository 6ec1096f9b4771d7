"""What a checker of types sees; never run. mypy and pyright read it, and neither may find anything to say."""

from __future__ import annotations

from typing import assert_type

import requests

import retriage
from retriage.policy import Budgets, Policy
from retriage.requests import session
from retriage.words import Action, Audience, Category, Retry


def a_script(url: str, note: dict[str, str]) -> int | None:
    response = requests.post(url, json=note)
    verdict = retriage.classify("redox", response)
    assert_type(verdict, retriage.Classification)
    assert_type(verdict.category, Category)
    assert_type(verdict.retry, Retry)
    assert_type(verdict.entry, str | None)
    audience: Audience = "operator"
    print(verdict.message(audience), verdict.because[0].step)
    decision = verdict.decide(attempt=1, method="POST")
    assert_type(decision.action, Action)
    assert_type(decision.delay_ms, int | None)
    return decision.delay_ms


def words_are_literal(verdict: retriage.Classification) -> str:
    match verdict.retry:
        case "none":
            return "done"
        case "never" | "fix" | "escalate":
            return "stop"
        case "reauthenticate" | "wait" | "backoff" | "follow" | "verify":
            return "later"
    # No word is left: what follows is never reached, which a checker knows.


def mistakes_are_found(verdict: retriage.Classification) -> None:
    if verdict.category == "unavailible":  # type: ignore[comparison-overlap]  # pyright: ignore[reportUnnecessaryComparison]
        print("never")
    verdict.message("everybody")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    verdict.category = "unavailable"  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue]


def a_client(urls: list[str]) -> list[int]:
    policy = Policy("redox", profile={"extends": "standard", "attempts": 3}, deadline=30, budgets=Budgets())
    with session(policy) as http:
        return [http.get(url).status_code for url in urls]


def a_queue() -> None:
    queue = retriage.Queue("redox", profile="redox-delivery", mode="async")
    for act in queue.enqueued("a"):
        if act.action == "send":
            assert_type(act.id, str | None)


def errors() -> None:
    try:
        retriage.Registry.load("acme.json")
    except retriage.LoadError as error:
        assert_type(error.problems, tuple[str, ...])
    except retriage.Error as error:
        print(error.kind, error.at, error.message)

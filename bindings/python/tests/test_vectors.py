"""Every case of the vectors: by the wire form, and by the module's own functions, which must say the same."""

from __future__ import annotations

import base64
import copy
import pickle
from typing import Any

import pytest
from conftest import Case, cases, difference

import retriage

CASES = cases()

# What `classify` takes by name, and `decide` after it.
EVIDENCE = ["status", "code", "failure", "headers", "body", "control_id", "mode", "now", "body_limit", "details"]
ATTEMPT = ["attempt", "method", "profile", "idempotent", "verified", "environment", "elapsed_ms", "random", "state"]
ATTEMPT += ["budget"]


def test_the_cases_are_all_there() -> None:
    assert len(CASES) >= 2_300
    assert len({case.name for case in CASES}) == len(CASES)


def test_answers_are_those_of_the_vectors() -> None:
    wrong: list[str] = []
    for case in CASES:
        answer = retriage.answer(case.given)
        if problem := difference("", case.answer, answer):
            wrong.append(f"{case.name}: {problem}")
    assert not wrong, f"{len(wrong)} of {len(CASES)}:\n" + "\n".join(wrong)


def asked(case: Case) -> dict[str, Any] | None:
    """The question of a case as arguments; None where Python has another word for what is wrong with it."""
    question = case.question
    if not isinstance(question, dict):
        return None
    known = {"ask", "catalog", "entry", "locale", "body_base64", "intent", "queue", "capacity", "events"}
    if not known.issuperset(set(question) - set(EVIDENCE) - set(ATTEMPT)):
        return None
    arguments = {name: value for name, value in question.items() if value is not None}
    if "body_base64" in arguments and "body" in arguments:
        return None
    if "body_base64" in arguments:
        try:
            arguments["body"] = base64.b64decode(arguments.pop("body_base64"), validate=True)
        except (ValueError, TypeError):
            return None
    return arguments


def pick(arguments: dict[str, Any], names: list[str]) -> dict[str, Any]:
    return {name: value for name, value in arguments.items() if name in names}


def of_ask(ask: str) -> list[tuple[Case, dict[str, Any], dict[str, Any]]]:
    """The cases of an ask with their arguments and their whole answers."""
    found: list[tuple[Case, dict[str, Any], dict[str, Any]]] = []
    for case in CASES:
        arguments = asked(case)
        if arguments is None or arguments.get("ask", "classify") != ask:
            continue
        found.append((case, arguments, retriage.answer(case.given)))
    return found


def test_classify_and_decide_say_what_answer_says() -> None:
    wrong: list[str] = []
    compared = refused = decided = 0
    for case, arguments, answer in of_ask("classify"):
        if not {"entry", "events", "queue", "capacity", "intent"}.isdisjoint(arguments):
            continue
        catalog = arguments.get("catalog", "http")
        evidence = pick(arguments, [*EVIDENCE, "locale"])
        attempt = pick(arguments, ATTEMPT)
        wants_decision = "profile" in arguments or "attempt" in arguments
        if "now" not in evidence and "needs_now" in str(answer):
            # `classify` asks the clock; `answer` doesn't.
            continue
        try:
            verdict = retriage.classify(catalog, **evidence)
            decision = verdict.decide(**attempt) if wants_decision or attempt else None
        except retriage.Error as error:
            refused += 1
            expected = answer.get("error", {})
            if (error.kind, error.at) != (expected.get("kind"), expected.get("at")):
                wrong.append(f"{case.name}: {error.kind} {error}, not {expected}")
            continue
        if "error" in answer:
            if answer["error"]["kind"] != "needs_random":
                wrong.append(f"{case.name}: nothing was raised, and {answer['error']} was expected")
            continue
        compared += 1
        if verdict.to_dict() != answer["classification"]:
            wrong.append(f"{case.name}: {verdict.to_dict()} is not {answer['classification']}")
        for name in ("catalog", "entry", "category", "retry", "processed", "match", "title", "remedy", "as_of"):
            assert getattr(verdict, name) == answer["classification"][name]
        restored = pickle.loads(pickle.dumps(verdict))
        assert restored == verdict and hash(restored) == hash(verdict)
        assert restored.to_dict() == verdict.to_dict()
        assert copy.deepcopy(verdict) == verdict
        if decision is not None and "decision" in answer:
            decided += 1
            if decision.to_dict() != answer["decision"]:
                wrong.append(f"{case.name}: {decision.to_dict()} is not {answer['decision']}")
            assert restored.decide(**attempt) == decision
            again = pickle.loads(pickle.dumps(decision))
            assert again == decision and hash(again) == hash(decision) and again.to_dict() == decision.to_dict()
            assert decision.classification is verdict
            assert retriage.decide(catalog, **evidence, **attempt) == decision
    assert not wrong, f"{len(wrong)}:\n" + "\n".join(wrong)
    assert compared > 1_500 and refused > 40 and decided > 500, (compared, refused, decided)


def test_queues_say_what_answer_says() -> None:
    compared = 0
    for case, arguments, answer in of_ask("deliver"):
        if "error" in answer or any("body_base64" in event for event in arguments["events"]):
            continue
        options = pick(arguments, ["profile", "environment", "mode", "capacity"])
        queue = retriage.Queue(arguments.get("catalog", "http"), state=arguments.get("queue"), **options)
        for event, expected in zip(arguments["events"], answer["delivery"]["steps"]):
            event = {name: value for name, value in event.items() if value is not None}
            method = getattr(queue, event.pop("event"))
            positional = [event.pop("id")] if "id" in event else []
            if method.__name__ == "unanswered" and "failure" in event:
                positional.append(event.pop("failure"))
            acts = method(*positional, **event)
            said = [{name: value for name, value in act._asdict().items() if value is not None} for act in acts]
            assert said == expected, case.name
        assert queue.to_dict() == answer["delivery"]["queue"], case.name
        assert list(queue.waiting) == answer["delivery"]["queue"]["waiting"] and len(queue) == len(queue.waiting)
        compared += 1
    assert compared > 60, compared


def test_advice_entries_and_limits_say_what_answer_says() -> None:
    compared = 0
    for case, arguments, answer in of_ask("advise"):
        if "error" in answer:
            continue
        options = pick(arguments, ["intent", "status", "code", "environment"])
        advice = retriage.advise(arguments.get("catalog", "http"), **options)
        expected = answer["advice"]
        for name in ("advised", "received"):
            reply = getattr(advice, name)
            assert (reply is None) == (expected[name] is None), case.name
            if reply is not None:
                assert reply.sender == expected[name]["sender"] and reply.title == expected[name]["title"]
        assert list(advice.warnings) == expected["warnings"], case.name
        compared += 1
    for case, arguments, answer in of_ask("entry"):
        if "error" in answer or "catalog" not in arguments:
            continue
        entry = retriage.entry(arguments["catalog"], **pick(arguments, ["status", "code", "failure", "locale"]))
        assert entry.id == answer["entry"]["id"], case.name
        assert retriage.entry(entry.id) == retriage.entry(entry.id)
        compared += 1
    for case, arguments, answer in of_ask("limits"):
        if "error" in answer:
            continue
        limits = retriage.limits(arguments["catalog"])
        assert [limit.key for limit in limits] == [limit["key"] for limit in answer["limits"]], case.name
        compared += 1
    assert compared > 60, compared


@pytest.mark.parametrize("catalog", [catalog.id for catalog in retriage.catalogs()])
def test_every_status_alone_is_answered_as_by_the_wire_form(catalog: str) -> None:
    for status in [*range(0, 1_000), 1_000, 65_535]:
        expected = retriage.answer({"catalog": catalog, "status": status})["classification"]
        verdict = retriage.classify(catalog, status)
        assert verdict.to_dict() == expected
        assert verdict == retriage.classify(catalog, status=status)

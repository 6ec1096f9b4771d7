"""The command line: `python -m retriage`.

explain tells what an answer means, whose fault it is, what to do and why. answer answers questions of the wire form,
one JSON object a line. Codes of leaving: 0 done, 1 a question couldn't be answered, 2 wrong arguments.
"""

from __future__ import annotations

import argparse
import json
import sys
import textwrap
from collections.abc import Iterable, Sequence
from typing import Any, TextIO

from . import Classification, Decision, Error, Registry, __version__, vocabulary

WIDTH = 88


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command line; the code to leave with."""
    parser = argparse.ArgumentParser(prog="python -m retriage", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--version", action="version", version=f"retriage {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    explain = commands.add_parser("explain", help="one answer, as a page for a person, and what to do next")
    explain.set_defaults(run=run_explain)
    explain.add_argument("catalog", help="the id of a catalog, such as http or redox")
    explain.add_argument("status", nargs="?", type=int, help="the HTTP status")
    explain.add_argument("--code", help="a vendor code")
    explain.add_argument("--failure", help="what a client calls the failure, such as ECONNRESET or curl:28")
    explain.add_argument("--header", action="append", default=[], metavar="NAME:VALUE", help="a header; may be repeated")
    explain.add_argument("--body", help="the body")
    explain.add_argument("--now", help="the time of receipt, such as 2026-11-21T20:40:00Z")
    explain.add_argument("--locale", help="the language of the text for users, such as es-MX")
    explain.add_argument("--method", help="the method of the request")
    explain.add_argument("--idempotent", action="store_true", default=None, help="repeating is safe")
    explain.add_argument("--attempt", type=int, default=1, help="which attempt it was, from 1")
    explain.add_argument("--profile", default="standard", help="by which profile to decide")
    explain.add_argument("--json", action="store_true", help="the answer of the wire form")
    explain.add_argument("--catalog-file", action="append", default=[], metavar="FILE", help="loads a catalog")

    answer = commands.add_parser("answer", help="questions in, answers out, one JSON object a line")
    answer.set_defaults(run=run_answer)
    answer.add_argument("file", nargs="?", help="the questions; standard input by default")
    answer.add_argument("--catalog-file", action="append", default=[], metavar="FILE", help="loads a catalog")

    given = parser.parse_args(arguments)
    try:
        code: int = given.run(given)
    except (Error, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    return code


def registry(given: argparse.Namespace) -> Registry:
    """The built-in catalogs, and those of the files that were named."""
    return Registry.load(*given.catalog_file) if given.catalog_file else Registry()


def run_explain(given: argparse.Namespace) -> int:
    """Explains one answer."""
    headers: list[tuple[str, str]] = []
    for header in given.header:
        name, colon, value = header.partition(":")
        if not colon:
            print(f"--header {header}: must be NAME:VALUE", file=sys.stderr)
            return 2
        headers.append((name.strip(), value.strip()))
    evidence: dict[str, Any] = {
        "status": given.status,
        "code": given.code,
        "failure": given.failure,
        "headers": headers or None,
        "body": given.body,
        "now": given.now,
        "locale": given.locale,
    }
    verdict = registry(given).classify(given.catalog, **evidence)
    decision = verdict.decide(
        attempt=given.attempt, method=given.method, idempotent=given.idempotent, profile=given.profile
    )
    if given.json:
        print(json.dumps({"classification": verdict.to_dict(), "decision": decision.to_dict()}, ensure_ascii=False))
    else:
        print("\n".join(page(verdict, decision, given.profile)))
    return 0


def page(verdict: Classification, decision: Decision, profile: str) -> Iterable[str]:
    """A page for a person, line by line."""
    words = vocabulary()

    def told(label: str, word: str, of: str) -> str:
        return f"  {label:15}{word:17}{words[of][word]}"

    yield verdict.title or "Nothing is known of this"
    yield f"{verdict.entry or verdict.catalog}, as of {verdict.as_of}"
    yield ""
    yield told("What it is", verdict.category, "category")
    yield told("Whose fault", verdict.fault, "fault")
    yield told("Took effect", verdict.processed, "processed")
    yield told("Trying again", verdict.retry, "retry")
    yield told("How final", verdict.finality, "finality")
    yield told("Severity", verdict.severity, "severity")
    yield told("Found by", verdict.match, "match")
    if verdict.hint is not None:
        delay = "" if verdict.hint.delay_ms is None else f"{verdict.hint.delay_ms} ms, "
        yield f"  {'Server says':15}{delay}{verdict.hint.state}, by {verdict.hint.from_}"
    if verdict.remedy:
        yield "\nWhat to do"
        yield from wrapped(verdict.remedy)
    yield "\nWhat to tell"
    for audience in ("user", "operator", "developer"):
        yield f"  {audience}"
        yield from wrapped(verdict.messages[audience], "    ")
    if verdict.details:
        yield "\nWhat the response says, in its own words"
        for name, value in verdict.details.items():
            yield from wrapped(f"{name}: {value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)}")
    yield "\nBecause"
    for number, reason in enumerate(verdict.because, 1):
        found = "" if reason.found is None else f": {reason.found}"
        entry = "" if reason.entry is None else f" -> {reason.entry}"
        yield from wrapped(f"{number}. {words['step'][reason.step]}{found}{entry}")
        if reason.source is not None:
            yield from wrapped(reason.source, "     ")
    yield f"\nWhat to do next, by {profile}"
    after = "" if decision.delay_ms is None else f" after {decision.delay:g} s"
    yield f"  {decision.action}{after}: {words['reason'][decision.reason]}"
    if decision.look_at:
        yield from wrapped(decision.look_at)


def wrapped(text: str, indent: str = "  ") -> list[str]:
    """A text in lines that aren't too long."""
    return textwrap.wrap(text, WIDTH, initial_indent=indent, subsequent_indent=indent)


def run_answer(given: argparse.Namespace) -> int:
    """Answers questions, one a line."""
    catalogs = registry(given)
    if given.file is None:
        return answer_lines(catalogs, sys.stdin)
    with open(given.file, encoding="utf-8") as lines:
        return answer_lines(catalogs, lines)


def answer_lines(catalogs: Registry, lines: TextIO) -> int:
    """Answers line by line, so that each can be read before the next comes; 1 where one was an error."""
    code = 0
    for line in lines:
        if not line.strip():
            continue
        answer = catalogs.answer(line)
        if "error" in answer:
            code = 1
        print(json.dumps(answer, ensure_ascii=False), flush=True)
    return code


if __name__ == "__main__":
    sys.exit(main())

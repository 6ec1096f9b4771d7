"""What the tests share: the vectors, and servers that fail on purpose."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

# The installed module may be tested far from the repository's folder of it, which would otherwise be looked for here.
ROOT = Path(os.environ.get("RETRIAGE_ROOT", Path(__file__).resolve().parents[3]))


class Case:
    """One case of the vectors: a question, and the members its answer must have."""

    def __init__(self, file: str, case: dict[str, Any]) -> None:
        self.name = f"{file}: {case['name']}"
        self.question: dict[str, Any] | None = case.get("question")
        self.text: str | None = case.get("text")
        self.answer: dict[str, Any] = case["answer"]


def cases() -> list[Case]:
    """Every case of every file."""
    files = sorted((ROOT / "tests/vectors").glob("*.json"))
    return [Case(file.name, case) for file in files for case in json.loads(file.read_text("utf-8"))["cases"]]


def difference(at: str, expected: Any, found: Any) -> str | None:
    """Where an answer isn't what a case asks for. Members that the case doesn't name don't count."""
    if isinstance(expected, dict) and isinstance(found, dict):
        for name, value in expected.items():
            if name not in found:
                return f"{at}/{name} is missing"
            if wrong := difference(f"{at}/{name}", value, found[name]):
                return wrong
        return None
    if isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        pairs = enumerate(zip(expected, found))
        return next((wrong for at_, (one, two) in pairs if (wrong := difference(f"{at}/{at_}", one, two))), None)
    same = type(expected) is type(found) and expected == found
    return None if same else f"{at} is {found!r}, not {expected!r}"

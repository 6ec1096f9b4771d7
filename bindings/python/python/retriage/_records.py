"""Small values that come in answers. Each is a tuple with names, so that it compares, hashes and unpacks as one."""

from __future__ import annotations

from typing import Any, NamedTuple, cast

from .words import (
    Canonical,
    Category,
    Cause,
    DeliveryAction,
    DeliveryReason,
    Environment,
    Fault,
    Finality,
    HintSource,
    HintState,
    Intent,
    Processed,
    Retry,
    Scope,
    Sender,
    Severity,
    Step,
    Warning,
)
from .words import Weighed as WeighedStep

__all__ = [
    "Act",
    "Advice",
    "Catalog",
    "Entry",
    "Hint",
    "Limit",
    "Reason",
    "Reply",
    "Source",
    "Weighed",
]


class Hint(NamedTuple):
    """What a server said about when to try again."""

    state: HintState
    """What it is worth."""
    delay_ms: int | None
    """How long to wait from the time of receipt, in milliseconds; None where it gives no time."""
    from_: HintSource
    """Where it came from; ``from`` in the wire form."""


class Reason(NamedTuple):
    """One step of the way to a classification."""

    step: Step
    """What was looked at."""
    found: int | str | None
    """What was found there; never text of the response."""
    entry: str | None
    """The id of the entry it led to."""
    source: str | None
    """The document that says so."""


class Weighed(NamedTuple):
    """One step of the way to a decision."""

    step: WeighedStep
    """What was weighed."""
    found: int | float | str | None
    """What was found there: a word, or a number of milliseconds, attempts or tokens."""


class Source(NamedTuple):
    """A document and the section of it that says so."""

    title: str
    publisher: str
    date: str | None
    """The date it carries, such as ``2024-02-15``; None where it carries none."""
    read: str | None
    """The day it was read, where it carries no date."""
    section: str


class Limit(NamedTuple):
    """A number that a document states. It only warns: vendors move their limits."""

    key: str
    """Its name, such as ``payload_size``."""
    title: str
    value: int | float | None
    min: int | float | None
    max: int | float | None
    unit: str
    per: str | None
    """What it counts by."""
    window_ms: int | None
    """The time over which it counts, in milliseconds."""
    rolling: bool | None
    """Whether that time rolls; None where the document doesn't say."""
    approximate: bool
    """Whether the document gives no exact number."""
    date: str
    text: str | None
    source: Source
    why: str | None
    """Why, where it is a judgement."""


class Entry(NamedTuple):
    """What a catalog says of one code."""

    id: str
    """``catalog/key`` or ``catalog/key.variant``: never renamed."""
    catalog: str
    as_of: str
    kind: str
    """What it is keyed by: status, code, failure or condition."""
    title: str
    vendor_text: str | None
    """The vendor's own short text."""
    names: tuple[str, ...]
    """Other names of the same code or failure."""
    category: Category
    canonical: Canonical
    fault: Fault
    retry: Retry
    processed: Processed
    finality: Finality
    severity: Severity
    scope: Scope
    wait_ms: int | None
    """How long to wait where the server doesn't say, in milliseconds."""
    remedy: str
    messages: dict[str, Any]
    source: Source
    why: str | None
    """Why its words are what they are, where that is a judgement."""
    variants: tuple[str, ...]
    """The ids of its variants."""
    usually: bool | None = None
    """For a range: whether its document says so; None for what is no range."""


class Catalog(NamedTuple):
    """A catalog: the codes of one vendor or protocol."""

    id: str
    name: str
    about: str | None
    as_of: str
    extends: str | None
    """The id of the catalog that is asked next."""
    entries: int
    """How many entries it has of its own, variants left out."""


class Reply(NamedTuple):
    """What a destination should answer, or what a sender makes of an answer."""

    sender: Sender
    """What the sender does."""
    title: str
    code: str | None
    """The acknowledgement code."""
    source: Source
    why: str | None
    status: int | None = None
    """What to answer; None in what a sender makes of an answer."""
    statuses: tuple[int, int] | None = None
    """What a sender makes something of, from the first to the last; None in what to answer."""
    intent: Intent | None = None
    error_code: int | None = None
    remedy: str | None = None


class Advice(NamedTuple):
    """What to answer, and what the sender will make of it."""

    catalog: str
    as_of: str
    environment: Environment
    advised: Reply | None
    received: Reply | None
    warnings: tuple[Warning, ...]


class Act(NamedTuple):
    """What the owner of a queue is to do."""

    action: DeliveryAction
    id: str | None = None
    """With which message."""
    attempt: int | None = None
    """For send: which attempt it is, from 1."""
    until_ms: int | None = None
    """For wait and hold_alert: until when, in milliseconds since 1970. For drop: from when it could have been tried
    again, where something says so."""
    reason: DeliveryReason | None = None
    """For drop, refuse and ignore: why."""
    cause: Cause | None = None
    """For drop with failed: what decided."""


# The members of each that are values of another.
_NESTED: dict[str, dict[str, str]] = {
    "Advice": {"advised": "Reply", "received": "Reply"},
    "Entry": {"source": "Source"},
    "Limit": {"source": "Source"},
    "Reply": {"source": "Source"},
}


def make(name: str, fields: dict[str, Any]) -> Any:
    """A value of the class of this name, from a dict of the wire form."""
    if "from" in fields:
        fields["from_"] = fields.pop("from")
    nested = _NESTED.get(name, {})
    for field, value in fields.items():
        if value is None:
            continue
        if field in nested:
            fields[field] = make(nested[field], value)
        elif isinstance(value, list):
            fields[field] = tuple(cast("list[object]", value))
    return globals()[name](**fields)

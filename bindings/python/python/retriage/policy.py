"""How a client tries again: what the adapters have in common.

A `Policy` says by which catalog and profile, until when, and on whose budget. It sends nothing and sleeps for nothing
itself; `retriage.requests`, `retriage.urllib3`, `retriage.httpx` and `retriage.tenacity` do, by what it says.
"""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

from . import Classification, Decision, Profile, Registry, profile
from .words import Environment, Mode, Verified

__all__ = ["Attempts", "Budgets", "Policy"]

logger = logging.getLogger("retriage")


class Budgets:
    """What is left for each destination, shared by everybody who is given it. Any thread may use it.

    A profile with a budget lets so many retries happen and no more, however many callers there are; the standard
    profile has none.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._left: dict[str, dict[str, Any]] = {}

    def decide(self, destination: str, decide: Callable[[dict[str, Any] | None], Decision]) -> Decision:
        """Decides with what is left for a destination, and keeps what is left after."""
        with self._lock:
            decision = decide(self._left.get(destination))
            if decision.budget is not None:
                self._left[destination] = decision.budget
        return decision

    def left(self, destination: str) -> float | None:
        """How many tokens are left for a destination, `host` or `host:port`; None where nothing was decided yet."""
        with self._lock:
            budget = self._left.get(destination)
        return None if budget is None else budget["tokens"]


class Policy:
    """By what an adapter tries again.

    catalog: the id of the catalog that says what answers mean. profile: as in `Classification.decide`. deadline: in
    seconds, from the start of a request: no attempt begins then or later; the profile's own deadline holds as well.
    budgets: shared with others; by default the policy has its own. idempotent: whether repeating is safe; by default
    that is so for the methods that HTTP has be idempotent, and for a request with an `Idempotency-Key`. environment,
    mode: as in `decide` and `classify`. registry: the catalogs; by default the built-in ones. clock: seconds that never
    go back. random: a number in [0, 1).
    """

    def __init__(
        self,
        catalog: str,
        *,
        profile: str | Profile | Mapping[str, Any] = "standard",
        deadline: float | None = None,
        budgets: Budgets | None = None,
        idempotent: bool | None = None,
        environment: Environment = "production",
        mode: Mode | None = None,
        registry: Registry | None = None,
        clock: Callable[[], float] = time.monotonic,
        random: Callable[[], float] = random.random,
    ) -> None:
        """Checks the catalog and the profile; raises an Error for what isn't there or is out of range."""
        self.registry = Registry() if registry is None else registry
        self.catalog = catalog
        self.needs_body = self.registry.classify(catalog, 200).category != "success"
        """Whether a success can't be told without its body."""
        self.profile = _with_deadline(profile, deadline)
        self.budgets = Budgets() if budgets is None else budgets
        self.idempotent = idempotent
        self.environment: Environment = environment
        self.mode: Mode | None = mode
        self.clock = clock
        self.random = random

    @classmethod
    def of(cls, given: str | Policy) -> Policy:
        """The policy itself, or that of a catalog's id with everything by default."""
        return given if isinstance(given, Policy) else cls(given)

    def begin(
        self,
        method: str | None = None,
        destination: str = "",
        *,
        headers: Mapping[Any, Any] | None = None,
    ) -> Attempts:
        """A request begins. destination: whose budget it is on, and what the log says. headers: those of the request,
        of which only the presence of an idempotency key is looked at."""
        idempotent = self.idempotent
        if idempotent is None and headers is not None and any(_is_key(name) for name in headers):
            idempotent = True
        return Attempts(self, method, destination, idempotent)


def _is_key(name: object) -> bool:
    text = name.decode("latin-1") if isinstance(name, bytes) else str(name)
    return text.lower() == "idempotency-key"


def _with_deadline(given: str | Profile | Mapping[str, Any], deadline: float | None) -> Profile:
    chosen = profile(given)
    if deadline is None:
        return chosen
    milliseconds = round(deadline * 1_000)
    if chosen.deadline_ms is not None:
        milliseconds = min(milliseconds, chosen.deadline_ms)
    return profile({**chosen.to_dict(), "deadline_ms": milliseconds})


class Attempts:
    """The attempts of one request."""

    def __init__(self, policy: Policy, method: str | None, destination: str, idempotent: bool | None) -> None:
        self.policy = policy
        self.method = method
        self.destination = destination
        self.idempotent = idempotent
        self.number = 0
        """How many attempts have ended."""
        self._began = policy.clock()
        self._state: dict[str, Any] | None = None

    def began_before(self, seconds: float) -> None:
        """The request had begun so many seconds before this was made."""
        self._began -= seconds

    def classify(self, outcome: object, *, status: int | None = None) -> Classification:
        """What came of an attempt. status: the one that had come before the exception did."""
        policy = self.policy
        return policy.registry.classify(policy.catalog, outcome, status=status, mode=policy.mode)

    def ended(self, verdict: Classification) -> Decision:
        """An attempt ended: what to do next."""
        self.number += 1
        return self._decide(verdict, None)

    def verified(self, verdict: Classification, found: Verified) -> Decision:
        """What to do next, now that it is known whether the request took effect."""
        return self._decide(verdict, found)

    def goes_on(self, decision: Decision, *, can_repeat: bool = True) -> bool:
        """Whether the request is to be sent again, which is logged. can_repeat: whether it can be: a body that was read
        from a stream can't, and somebody must have fresh credentials."""
        wants = decision.action in ("retry", "reauthenticate")
        self._log(decision, wants, can_repeat)
        return wants and can_repeat

    def _decide(self, verdict: Classification, verified: Verified | None) -> Decision:
        policy = self.policy
        elapsed = max(0, int((policy.clock() - self._began) * 1_000))
        decision = policy.budgets.decide(
            self.destination,
            lambda budget: verdict.decide(
                attempt=self.number,
                method=self.method,
                profile=policy.profile,
                idempotent=self.idempotent,
                verified=verified,
                environment=policy.environment,
                elapsed_ms=elapsed,
                random=policy.random(),
                state=self._state,
                budget=budget,
            ),
        )
        self._state = decision.state
        return decision

    def _log(self, decision: Decision, wants: bool, can_repeat: bool) -> None:
        """Says what was decided and why. Never text of a response, nor a path or query: either may be about a person."""
        verdict = decision.classification
        if not verdict.is_failure:
            level = logging.DEBUG
        else:
            level = logging.INFO if wants and can_repeat else logging.WARNING
        if not logger.isEnabledFor(level):
            return
        what: str = decision.action
        if wants and not can_repeat:
            what = f"stop, because it can't be sent again, instead of {what}"
        elif decision.action == "retry":
            what = f"retry in {decision.delay:g} s"
        logger.log(
            level,
            "%s %s: attempt %d: %s (%s): %s (%s)",
            self.method or "request",
            self.destination,
            self.number,
            verdict.entry or verdict.catalog,
            verdict.category,
            what,
            decision.reason,
        )

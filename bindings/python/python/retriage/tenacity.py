"""Strategies for tenacity.

    import tenacity
    from retriage.tenacity import strategies

    @tenacity.retry(**strategies("redox", method="GET"))
    def patient(id):
        return requests.get(f"{base}/Patient/{id}")

An attempt is judged by what the function returns, a response or a status, and by what it raises. What is raised that no
catalog knows is no failed request but a mistake of the program, and is raised on.
"""

from __future__ import annotations

import tenacity
from tenacity.retry import retry_base
from tenacity.wait import wait_base

from . import Decision
from .policy import Attempts, Policy

__all__ = ["retry_decided", "strategies", "wait_decided"]

# tenacity hands one state of the call to every strategy; what was decided is kept there for the one that waits.
_ATTEMPTS = "_retriage_attempts"
_DECISION = "_retriage_decision"


class retry_decided(retry_base):
    """Whether to try again, by a policy.

    policy: a `Policy`, or the id of a catalog. method: the method of the request that the function makes; one that
    isn't given isn't known to be safe to repeat. destination: whose budget it is on, and what the log says.
    """

    def __init__(self, policy: Policy | str, *, method: str | None = None, destination: str = "") -> None:
        self.policy = Policy.of(policy)
        self.method = method
        self.destination = destination

    def __call__(self, retry_state: tenacity.RetryCallState) -> bool:
        """Judges the attempt that has just ended."""
        outcome = retry_state.outcome
        if outcome is None:
            return False
        attempts: Attempts | None = getattr(retry_state, _ATTEMPTS, None)
        if attempts is None:
            attempts = self.policy.begin(self.method, self.destination)
            # The call began before anybody asked.
            attempts.began_before(retry_state.seconds_since_start or 0.0)
            setattr(retry_state, _ATTEMPTS, attempts)
        failure = outcome.exception()
        verdict = attempts.classify(failure if failure is not None else outcome.result())
        if failure is not None and verdict.match == "unknown":
            return False
        decision = attempts.ended(verdict)
        setattr(retry_state, _DECISION, decision)
        # Credentials are the function's business: nobody here could put fresh ones in.
        return attempts.goes_on(decision, can_repeat=decision.action == "retry")


class wait_decided(wait_base):
    """How long to wait, as `retry_decided` decided."""

    def __call__(self, retry_state: tenacity.RetryCallState) -> float:
        """The wait in seconds."""
        decision: Decision | None = getattr(retry_state, _DECISION, None)
        return 0.0 if decision is None else decision.delay


def strategies(
    policy: Policy | str, *, method: str | None = None, destination: str = ""
) -> dict[str, retry_decided | wait_decided]:
    """The arguments of `tenacity.retry`: when to try again, and how long to wait. The arguments are those of
    `retry_decided`. Where it ends, the last response is returned and the last exception raised as they are."""
    return {
        "retry": retry_decided(policy, method=method, destination=destination),
        "wait": wait_decided(),
    }

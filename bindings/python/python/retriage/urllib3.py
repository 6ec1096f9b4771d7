"""A `Retry` for urllib3, and for the `HTTPAdapter` of requests.

    import urllib3
    from retriage.urllib3 import Retry

    http = urllib3.PoolManager(retries=Retry("redox"))

`requests` hands over a response without its body; where errors can stand inside of a 200, use `retriage.requests`.
"""

from __future__ import annotations

import copy
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any

import urllib3
import urllib3.exceptions
import urllib3.util
from urllib3.util.retry import RequestHistory

from .policy import Attempts, Policy

__all__ = ["Retry"]


class Retry(urllib3.util.Retry):
    """Tries again by a catalog and a profile instead of by counts and lists of statuses.

    policy: a `Policy`, or the id of a catalog. sleep: waits so many seconds. redirect: how many redirects are followed,
    which requests does by itself; None is no limit.

    The deadline counts from the end of the first attempt, which is when urllib3 first asks. An answer that can't be
    helped comes back as it is. urllib3 rewinds a file before it sends it again; it doesn't notice a generator that is
    used up, so don't send one where repeating is safe.
    """

    def __init__(
        self,
        policy: Policy | str,
        *,
        sleep: Callable[[float], object] = time.sleep,
        redirect: int | None = 10,
    ) -> None:
        # No count of urllib3's own, and the last response instead of an error about it.
        super().__init__(total=None, redirect=redirect, raise_on_status=False)
        self.policy = Policy.of(policy)
        self._sleep = sleep
        self._attempts: Attempts | None = None
        self._delay = 0.0

    def new(self, **changes: Any) -> Retry:
        """A copy with some of the attributes changed."""
        made = copy.copy(self)
        for name, value in changes.items():
            setattr(made, name, value)
        return made

    def is_retry(self, method: str, status_code: int, has_retry_after: bool = False) -> bool:
        """Whether `increment` is to be asked. It is but for redirects, which are followed, not tried again: it alone
        sees the whole response."""
        return status_code not in urllib3.BaseHTTPResponse.REDIRECT_STATUSES

    def _can_judge(self, response: urllib3.BaseHTTPResponse) -> bool:
        """Whether what is needed of a response is there: without preloading, a body isn't."""
        return not (self.policy.needs_body and response.status < 300 and getattr(response, "_body", None) is None)

    def increment(
        self,
        method: str | None = None,
        url: str | None = None,
        response: urllib3.BaseHTTPResponse | None = None,
        error: Exception | None = None,
        _pool: urllib3.connectionpool.ConnectionPool | None = None,
        _stacktrace: TracebackType | None = None,
    ) -> Retry:
        """An attempt has ended: what the next one is to know. Raises where there is to be none."""
        if response is not None and response.get_redirect_location():
            return super().increment(method, url, response, error, _pool, _stacktrace)
        if response is not None and not self._can_judge(response):
            raise urllib3.exceptions.MaxRetryError(_pool, url)  # type: ignore[arg-type]
        destination = "" if _pool is None else f"{_pool.host}:{_pool.port}"
        # This object serves every request; what one of them remembers is in the copies that are made for it.
        attempts = copy.copy(self._attempts) or self.policy.begin(method, destination)
        decision = attempts.ended(attempts.classify(error if error is not None else response))
        # Credentials are the caller's business: nobody here could put fresh ones in.
        if not attempts.goes_on(decision, can_repeat=decision.action == "retry"):
            if error is not None and self._is_read_error(error):
                raise error.with_traceback(_stacktrace)
            reason = error or urllib3.exceptions.ResponseError("not to be tried again")
            raise urllib3.exceptions.MaxRetryError(_pool, url, reason) from reason  # type: ignore[arg-type]
        status = None if response is None else response.status
        made = self.new(history=(*self.history, RequestHistory(method, url, error, status, None)))
        made._attempts = attempts
        made._delay = decision.delay
        return made

    def sleep(self, response: urllib3.BaseHTTPResponse | None = None) -> None:
        """Waits before the next attempt."""
        self._sleep(self._delay)

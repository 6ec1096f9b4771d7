"""Tries again by itself, for requests.

    from retriage.requests import session

    with session("redox") as http:
        response = http.post(url, json=note)

An answer that can't be helped comes back as it is, and an exception is raised as it was.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

import requests
import requests.adapters
import requests.utils

from . import Classification, Decision
from .policy import Policy
from .words import Verified

__all__ = ["Adapter", "session"]


class Adapter(requests.adapters.HTTPAdapter):
    """A transport adapter that sends a request until it is done, or until trying again doesn't help.

    policy: a `Policy`, or the id of a catalog. sleep: waits so many seconds; where it returns something true, as
    `threading.Event().wait` does once the event is set, there is no further attempt. reauthenticate: puts fresh
    credentials into a request. verify: finds out whether a request took effect: processed, not_processed or unknown.
    The others are those of `requests.adapters.HTTPAdapter`, but for `max_retries`.

    Unless it is streamed, a response is read before it is judged, so that errors inside of a 200 are found and a body
    that breaks off counts as an attempt that failed. Where a catalog can't tell a success without its body, one that is
    streamed is read as well.
    """

    def __init__(
        self,
        policy: Policy | str,
        *,
        sleep: Callable[[float], object] = time.sleep,
        reauthenticate: Callable[[requests.PreparedRequest], object] | None = None,
        verify: Callable[[requests.PreparedRequest, Classification], Verified] | None = None,
        pool_connections: int = requests.adapters.DEFAULT_POOLSIZE,
        pool_maxsize: int = requests.adapters.DEFAULT_POOLSIZE,
        pool_block: bool = requests.adapters.DEFAULT_POOLBLOCK,
    ) -> None:
        super().__init__(pool_connections, pool_maxsize, max_retries=0, pool_block=pool_block)
        self.policy = Policy.of(policy)
        self._sleep = sleep
        self._reauthenticate = reauthenticate
        self._verify = verify

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: Any = None,
        verify: bool | str = True,
        cert: Any = None,
        proxies: Mapping[str, str] | None = None,
    ) -> requests.Response:
        """Sends a request, perhaps more than once; the last response."""
        attempts = self.policy.begin(request.method, urlsplit(request.url or "").netloc, headers=request.headers)
        while True:
            response: requests.Response | None = None
            failure: requests.RequestException | None = None
            try:
                response = super().send(request, stream, timeout, verify, cert, proxies)
                if not stream or self.policy.needs_body:
                    response.content  # reads it
                verdict = attempts.classify(response)
            except requests.RequestException as error:
                failure = error
                verdict = attempts.classify(error, status=None if response is None else response.status_code)
            decision = attempts.ended(verdict)
            if decision.action == "verify" and self._verify is not None:
                decision = attempts.verified(verdict, self._verify(request, verdict))
            goes_on = attempts.goes_on(decision, can_repeat=self._can_repeat(request, decision))
            if not goes_on or self._wait(request, decision):
                if failure is not None:
                    raise failure
                assert response is not None
                return response
            if response is not None:
                response.close()
            if isinstance(_position(request), int):
                requests.utils.rewind_body(request)

    def _can_repeat(self, request: requests.PreparedRequest, decision: Decision) -> bool:
        if decision.action == "reauthenticate" and self._reauthenticate is None:
            return False
        # A text or bytes can be sent again, a file can if it can be rewound, a generator can't. The type of `body` is
        # said to be narrower than it is.
        body: Any = request.body
        return body is None or isinstance(body, (str, bytes)) or isinstance(_position(request), int)

    def _wait(self, request: requests.PreparedRequest, decision: Decision) -> bool:
        """Waits before the next attempt; whether there is to be none after all."""
        if decision.action == "reauthenticate" and self._reauthenticate is not None:
            self._reauthenticate(request)
            return False
        return bool(self._sleep(decision.delay))


def _position(request: requests.PreparedRequest) -> object:
    """Where the body began in its file; None for a text or bytes, something else where it can't be rewound."""
    return getattr(request, "_body_position", None)


def session(policy: Policy | str, **options: Any) -> requests.Session:
    """A session whose requests try again by themselves. options: those of `Adapter`."""
    made = requests.Session()
    adapter = Adapter(policy, **options)
    made.mount("https://", adapter)
    made.mount("http://", adapter)
    return made

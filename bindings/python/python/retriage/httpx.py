"""Tries again by itself, for httpx.

    import httpx
    from retriage.httpx import Transport

    with httpx.Client(transport=Transport("redox")) as client:
        response = client.post(url, json=note)

`AsyncTransport` is the same for `httpx.AsyncClient`. An answer that can't be helped comes back as it is, and an
exception is raised as it was.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable

import anyio
import httpx

from . import Classification, Decision
from .policy import Attempts, Policy
from .words import Verified

__all__ = ["AsyncTransport", "Transport"]


class _Reading:
    """What both transports have in common."""

    def __init__(self, policy: Policy | str, read: bool) -> None:
        self.policy = Policy.of(policy)
        self._read = read
        self._has_credentials = False

    def _begin(self, request: httpx.Request) -> Attempts:
        return self.policy.begin(request.method, request.url.netloc.decode("ascii"), headers=request.headers)

    def _reads(self, response: httpx.Response) -> bool:
        return self._read or self.policy.needs_body or response.is_error

    def _can_repeat(self, request: httpx.Request, decision: Decision) -> bool:
        if decision.action == "reauthenticate" and not self._has_credentials:
            return False
        # Bytes can be sent again; what is read from a file or a generator may be used up.
        return isinstance(request.stream, httpx.ByteStream)


class Transport(_Reading, httpx.BaseTransport):
    """A transport that sends a request until it is done, or until trying again doesn't help.

    policy: a `Policy`, or the id of a catalog. transport: what sends; by default `httpx.HTTPTransport()`. read: whether
    a response is read before it is judged, which finds errors inside of a 200 and bodies that break off; False leaves
    those below 400 to be streamed, unless the catalog can't tell a success without its body. sleep: waits so many
    seconds; where it returns something true, there is no further attempt. reauthenticate: puts fresh credentials into a
    request. verify: finds out whether a request took effect: processed, not_processed or unknown.
    """

    def __init__(
        self,
        policy: Policy | str,
        transport: httpx.BaseTransport | None = None,
        *,
        read: bool = True,
        sleep: Callable[[float], object] = time.sleep,
        reauthenticate: Callable[[httpx.Request], object] | None = None,
        verify: Callable[[httpx.Request, Classification], Verified] | None = None,
    ) -> None:
        super().__init__(policy, read)
        self._transport = httpx.HTTPTransport() if transport is None else transport
        self._sleep = sleep
        self._reauthenticate = reauthenticate
        self._has_credentials = reauthenticate is not None
        self._verify = verify

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Sends a request, perhaps more than once; the last response."""
        attempts = self._begin(request)
        while True:
            response: httpx.Response | None = None
            failure: httpx.RequestError | None = None
            try:
                response = self._transport.handle_request(request)
                if self._reads(response):
                    # httpx sets it on what a transport returns, and reading needs it for its errors.
                    response.request = request
                    response.read()
                verdict = attempts.classify(response)
            except httpx.RequestError as error:
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

    def _wait(self, request: httpx.Request, decision: Decision) -> bool:
        if decision.action == "reauthenticate" and self._reauthenticate is not None:
            self._reauthenticate(request)
            return False
        return bool(self._sleep(decision.delay))

    def close(self) -> None:
        """Closes what sends."""
        self._transport.close()


class AsyncTransport(_Reading, httpx.AsyncBaseTransport):
    """The same as `Transport` for `httpx.AsyncClient`, under asyncio and trio.

    A wait ends at once where the task is cancelled. sleep, reauthenticate and verify are awaited.
    """

    def __init__(
        self,
        policy: Policy | str,
        transport: httpx.AsyncBaseTransport | None = None,
        *,
        read: bool = True,
        sleep: Callable[[float], Awaitable[object]] = anyio.sleep,
        reauthenticate: Callable[[httpx.Request], Awaitable[object]] | None = None,
        verify: Callable[[httpx.Request, Classification], Awaitable[Verified]] | None = None,
    ) -> None:
        super().__init__(policy, read)
        self._transport = httpx.AsyncHTTPTransport() if transport is None else transport
        self._sleep = sleep
        self._reauthenticate = reauthenticate
        self._has_credentials = reauthenticate is not None
        self._verify = verify

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Sends a request, perhaps more than once; the last response."""
        attempts = self._begin(request)
        while True:
            response: httpx.Response | None = None
            failure: httpx.RequestError | None = None
            try:
                response = await self._transport.handle_async_request(request)
                if self._reads(response):
                    response.request = request
                    await response.aread()
                verdict = attempts.classify(response)
            except httpx.RequestError as error:
                failure = error
                verdict = attempts.classify(error, status=None if response is None else response.status_code)
            decision = attempts.ended(verdict)
            if decision.action == "verify" and self._verify is not None:
                decision = attempts.verified(verdict, await self._verify(request, verdict))
            goes_on = attempts.goes_on(decision, can_repeat=self._can_repeat(request, decision))
            if not goes_on or await self._wait(request, decision):
                if failure is not None:
                    raise failure
                assert response is not None
                return response
            if response is not None:
                await response.aclose()

    async def _wait(self, request: httpx.Request, decision: Decision) -> bool:
        if decision.action == "reauthenticate" and self._reauthenticate is not None:
            await self._reauthenticate(request)
            return False
        return bool(await self._sleep(decision.delay))

    async def aclose(self) -> None:
        """Closes what sends."""
        await self._transport.aclose()

"""The HTTP exchange of one model call, kept so that we can read the answer's body ourselves and close it at once.

LiteLLM builds and sends the request through the transport that we give it. `RecordingTransport` stands around that
transport and notes each call's response in the `Exchange` of the task that made the call: a context variable tells which
one, so concurrent calls share one connection pool and nothing else.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import httpx

_FORGOTTEN = httpx.Request("POST", "http://forgotten.invalid")

_current: ContextVar[Exchange | None] = ContextVar("exchange", default=None)


class Exchange:
    """One call's response, or the transport failure in place of one. Both None: the call went another way."""

    def __init__(self) -> None:
        self.response: httpx.Response | None = None
        self.failure: httpx.TransportError | None = None

    @contextmanager
    def recording(self) -> Iterator[None]:
        """Within it, a request that this task makes through a `RecordingTransport` is this exchange's."""
        token = _current.set(self)
        try:
            yield
        finally:
            _current.reset(token)

    @property
    def path(self) -> str:
        """The path of the address that was asked; empty when nothing was."""
        return "" if self.response is None else self.response.request.url.path

    @property
    def content_type(self) -> str:
        return "" if self.response is None else self.response.headers.get("content-type", "")

    def forget_request(self) -> None:
        """Lets go of what was sent, which reading the answer does not need. Afterwards `path` tells nothing."""
        if self.response is not None:
            self.response.request = _FORGOTTEN

    def pieces(self) -> AsyncIterator[bytes]:
        """The body as it comes: each piece is all that has arrived since the last one, up to 16 KiB."""
        assert self.response is not None
        return self.response.aiter_bytes()

    async def aclose(self) -> None:
        """Closes the connection, unless the body was read to its end: then it is back in the pool already."""
        if self.response is not None:
            await self.response.aclose()


class RecordingTransport(httpx.AsyncBaseTransport):
    """Passes requests on, once, and notes what came of them."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self._inner = inner

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        exchange = _current.get() or Exchange()
        try:
            exchange.response = await self._inner.handle_async_request(request)
        except httpx.TransportError as error:
            exchange.failure = error
            # LiteLLM repeats a call by itself after these two, on a new client that it closes before the answer has been
            # read, and our transport with it. Their common parent it lets pass: who retries is decided in one place.
            if isinstance(error, httpx.ConnectError | httpx.RemoteProtocolError):
                raise httpx.TransportError(str(error)) from error
            raise
        return exchange.response

    async def aclose(self) -> None:
        await self._inner.aclose()

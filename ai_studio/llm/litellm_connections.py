"""The connection pools that model calls share: one per event loop, for every provider and team."""

from __future__ import annotations

import asyncio
import socket
import ssl
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from dataclasses import dataclass, field
from types import SimpleNamespace

import aiohttp
import httpx
from aiohttp.abc import AbstractResolver, ResolveResult
from litellm.llms.custom_httpx.http_handler import AsyncHTTPHandler, get_ssl_configuration

from ai_studio.llm.addresses import PrivateAddress, Reachable
from ai_studio.llm.exchange import RecordingTransport

KEEPALIVE_TIMEOUT = 60.0
DNS_CACHE_TIMEOUT = 300


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds. `read` is the longest silence: before the first byte of an answer, and between any two."""

    connect: float = 10.0
    read: float = 60.0


@dataclass(frozen=True, slots=True)
class Network:
    """The way out. `reachable` None: to everywhere. `traces` hear of connections that are opened."""

    reachable: Reachable | None = None
    traces: Sequence[aiohttp.TraceConfig] = field(default=())


def connection_trace(on_connected: Callable[[float], None]) -> aiohttp.TraceConfig:
    """Hears of each connection that was opened, certificate and all: the seconds that it took."""
    trace = aiohttp.TraceConfig()

    async def started(_session: object, context: SimpleNamespace, _params: object) -> None:
        context.started_at = time.monotonic()

    async def ended(_session: object, context: SimpleNamespace, _params: object) -> None:
        on_connected(time.monotonic() - context.started_at)

    trace.on_connection_create_start.append(started)
    trace.on_connection_create_end.append(ended)
    return trace


class GuardedResolver(AbstractResolver):
    """Gives the addresses of a name that may be reached. It is asked for each new connection, so a name that leads
    elsewhere after it was entered leads nowhere. A host that is an address is not asked for: `Reachable.allows_name`."""

    def __init__(self, reachable: Reachable) -> None:
        self._reachable = reachable
        self._inner = aiohttp.ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = await self._inner.resolve(host, port, family)
        allowed = [each for each in found if self._reachable.allows_address(host, each["host"])]
        if found and not allowed:
            raise PrivateAddress(f"{host} is at {found[0]['host']}, a private address that is not allowed")
        return allowed

    async def close(self) -> None:
        await self._inner.close()


class Connections:
    """Gives the running event loop's pool, opening it at the first call.

    The number of connections is not limited here: each is a stream that somebody reads, and limits belong to the door.
    """

    def __init__(self, timeouts: Timeouts, network: Network | httpx.AsyncBaseTransport | None = None) -> None:
        """`network`: the way out, or a transport that stands in for it. None: to everywhere."""
        self._network = network or Network()
        self.timeout = httpx.Timeout(timeouts.read, connect=timeouts.connect)
        self._handlers: dict[asyncio.AbstractEventLoop, AsyncHTTPHandler] = {}
        self._pools: dict[asyncio.AbstractEventLoop, AsyncGenerator[AsyncHTTPHandler, None]] = {}

    async def handler(self) -> AsyncHTTPHandler:
        """LiteLLM's HTTP client on the running loop's pool. Its transport records each call's `Exchange`."""
        loop = asyncio.get_running_loop()
        # Opening waits for nothing, so no other call comes between the question and the answer.
        if loop not in self._handlers:
            self._forget_closed_loops()
            network = self._network
            way_out = _open_network(network) if isinstance(network, Network) else nullcontext(network)
            pool = self._pools[loop] = _open_pool(self.timeout, way_out)
            self._handlers[loop] = await anext(pool)
        return self._handlers[loop]

    async def aclose(self) -> None:
        """Closes the running loop's pool, and with it the streams that are still being read from it."""
        loop = asyncio.get_running_loop()
        self._handlers.pop(loop, None)
        pool = self._pools.pop(loop, None)
        if pool is not None:
            await pool.aclose()

    def _forget_closed_loops(self) -> None:
        for loop in [loop for loop in self._pools if loop.is_closed()]:
            del self._pools[loop], self._handlers[loop]


async def _open_pool(
    timeout: httpx.Timeout, network: AbstractAsyncContextManager[httpx.AsyncBaseTransport]
) -> AsyncGenerator[AsyncHTTPHandler, None]:
    """Yields once. It is a generator so that a loop which ends, as those of tests and commands do, closes it by itself."""
    async with network as transport:
        # Redirects are not followed: httpx would carry a provider's key header along to wherever one points.
        yield AsyncHTTPHandler(timeout=timeout, transport=RecordingTransport(transport), follow_redirects=False)


@asynccontextmanager
async def _open_network(network: Network) -> AsyncIterator[httpx.AsyncBaseTransport]:
    # The operator's certificates and exceptions, from the environment variables that LiteLLM knows.
    verified = get_ssl_configuration()
    if isinstance(verified, str):
        verified = ssl.create_default_context(cafile=verified)
    connector = aiohttp.TCPConnector(
        limit=0,
        keepalive_timeout=KEEPALIVE_TIMEOUT,
        ttl_dns_cache=DNS_CACHE_TIMEOUT,
        ssl=verified,
        resolver=None if network.reachable is None else GuardedResolver(network.reachable),
    )
    async with aiohttp.ClientSession(
        connector=connector, cookie_jar=aiohttp.DummyCookieJar(), trace_configs=[*network.traces]
    ) as session:
        yield AsyncHTTPHandler.create_aiohttp_transport(
            ssl_context=verified if isinstance(verified, ssl.SSLContext) else None,
            ssl_verify=verified if isinstance(verified, bool) else None,
            shared_session=session,
        )

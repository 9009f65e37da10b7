"""Whose response is whose, and what a failed request leaves behind."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from ai_studio.llm.exchange import Exchange, RecordingTransport


class Network(httpx.AsyncBaseTransport):
    """Answers with the request's path, after the request's turn has come; or fails."""

    def __init__(self, failure: Exception | None = None) -> None:
        self.failure = failure
        self.requests = 0
        self.is_closed = False

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.requests += 1
        await asyncio.sleep(0)
        if self.failure is not None:
            raise self.failure
        return httpx.Response(200, headers={"Content-Type": "text/plain"}, text=request.url.path, request=request)

    async def aclose(self) -> None:
        self.is_closed = True


async def test_concurrent_calls_each_find_their_own_response() -> None:
    async with httpx.AsyncClient(transport=RecordingTransport(Network())) as http:

        async def call(number: int) -> str:
            exchange = Exchange()
            with exchange.recording():
                await http.get(f"http://provider/{number}")
            return exchange.path

        assert await asyncio.gather(*map(call, range(20))) == [f"/{number}" for number in range(20)]


async def test_what_a_response_tells() -> None:
    exchange = Exchange()
    assert (exchange.path, exchange.content_type) == ("", "")
    async with httpx.AsyncClient(transport=RecordingTransport(Network())) as http:
        with exchange.recording():
            await http.send(http.build_request("GET", "http://provider/x"), stream=True)
        assert (exchange.path, exchange.content_type) == ("/x", "text/plain")
        assert b"".join([piece async for piece in exchange.pieces()]) == b"/x"
        await exchange.aclose()
        assert exchange.response is not None
        assert exchange.response.is_closed
        await http.get("http://provider/later")
    assert exchange.path == "/x"


async def test_an_exchange_without_a_response_has_nothing_to_close() -> None:
    await Exchange().aclose()


@pytest.mark.parametrize(
    ("failure", "raised"),
    [
        (httpx.ConnectError("refused"), httpx.TransportError),
        (httpx.RemoteProtocolError("garbage"), httpx.TransportError),
        (httpx.ConnectTimeout("slow"), httpx.ConnectTimeout),
        (httpx.ReadError("reset"), httpx.ReadError),
    ],
)
async def test_a_failure_is_noted_and_no_kind_that_litellm_repeats_is_raised(
    failure: httpx.TransportError, raised: type[Exception]
) -> None:
    exchange = Exchange()
    async with httpx.AsyncClient(transport=RecordingTransport(Network(failure))) as http:
        with exchange.recording(), pytest.raises(httpx.TransportError) as caught:
            await http.get("http://provider/")
    assert type(caught.value) is raised
    assert exchange.failure is failure
    assert exchange.response is None


async def test_closing_passes_through() -> None:
    network = Network()
    await RecordingTransport(network).aclose()
    assert network.is_closed

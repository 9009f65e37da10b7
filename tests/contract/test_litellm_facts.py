"""What we rely on in LiteLLM beyond its interface. When an upgrade breaks one of these, this says which."""

from __future__ import annotations

import asyncio
import contextvars
import gc
import os
import socket
import ssl
import subprocess
import sys
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web

from ai_studio.llm import CompletionRequest, Finished, LLMError, Message, ModelTarget, Role, Secret
from ai_studio.llm.providers import HTTP_HANDLER_PROVIDERS, OPENAI_SDK_PROVIDERS, SERVICE_ACCOUNT_PROVIDERS
from ai_studio.llm.types import WIRE_FORMATS
from tests.contract.corpus import STREAMS
from tests.contract.serving import serving

HI = (Message(Role.USER, "hi"),)


@pytest.fixture
async def server() -> AsyncIterator[str]:
    """Answers every request with one of OpenAI's streams."""

    async def answer(request: web.Request) -> web.StreamResponse:
        return web.Response(body=STREAMS["openai/text"].body, content_type="text/event-stream")

    async with serving(answer) as url:
        yield url


@pytest.mark.parametrize(
    "provider", sorted((OPENAI_SDK_PROVIDERS | HTTP_HANDLER_PROVIDERS) - SERVICE_ACCOUNT_PROVIDERS)
)
async def test_litellm_calls_through_our_client(provider: str, server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from ai_studio.llm import litellm_client
    from ai_studio.llm.exchange import Exchange

    made: list[Exchange] = []

    class Noted(Exchange):
        def __init__(self) -> None:
            super().__init__()
            made.append(self)

    monkeypatch.setattr(litellm_client, "Exchange", Noted)
    client = litellm_client.LiteLLMClient()
    try:
        async for _ in client.stream(CompletionRequest(ModelTarget(provider, "m", Secret("sk"), server), "", HI)):
            pass
    except LLMError:
        assert provider not in WIRE_FORMATS or WIRE_FORMATS[provider] != "openai"
    finally:
        await client.aclose()
    assert made[0].response is not None, "LiteLLM used a client of its own, which keeps the key"


def test_every_format_that_we_decode_comes_through_our_client() -> None:
    assert set(WIRE_FORMATS) <= OPENAI_SDK_PROVIDERS | HTTP_HANDLER_PROVIDERS
    assert not OPENAI_SDK_PROVIDERS & HTTP_HANDLER_PROVIDERS


def test_litellm_knows_every_provider_that_we_name() -> None:
    import litellm

    assert {
        str(getattr(each, "value", each)) for each in litellm.provider_list
    } >= OPENAI_SDK_PROVIDERS | HTTP_HANDLER_PROVIDERS


def test_the_catalogue_is_litellms_and_does_not_import_it() -> None:
    program = """
import sys
from ai_studio.llm import catalogue
entries = catalogue._entries()
assert not any(name.split(".")[0] == "litellm" for name in sys.modules)
from ai_studio.llm import litellm_client
import litellm
assert set(litellm.model_cost) - set(entries) == set()
assert litellm.model_cost["gpt-4o"]["input_cost_per_token"] == float(entries["gpt-4o"]["input_cost_per_token"])
"""
    subprocess.run(
        [sys.executable, "-c", program], check=True, timeout=90, env={**os.environ, "PYTHONPATH": os.getcwd()}
    )


async def test_a_loop_has_one_pool_and_a_closed_one_is_forgotten(server: str) -> None:
    from ai_studio.llm.litellm_connections import Connections, Timeouts

    connections = Connections(Timeouts(connect=3, read=4))
    assert (connections.timeout.connect, connections.timeout.read) == (3, 4)
    handler = await connections.handler()
    assert await connections.handler() is handler

    async def handler_elsewhere() -> Any:
        handler = await connections.handler()
        response = await handler.client.get(server)
        assert response.status_code == 200
        return handler

    def run_elsewhere() -> Any:
        with asyncio.Runner() as runner:
            return runner.run(handler_elsewhere())

    one, other = await asyncio.to_thread(run_elsewhere), await asyncio.to_thread(run_elsewhere)
    assert len({id(one), id(other), id(handler)}) == 3
    await connections.aclose()
    await connections.aclose()


async def test_a_connection_whose_end_comes_late_serves_the_next_call() -> None:
    from ai_studio.llm.litellm_client import LiteLLMClient

    may_end = asyncio.Event()
    peers: list[Any] = []

    async def answer(request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        peers.append(request.transport.get_extra_info("peername"))
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        await response.write(STREAMS["openai/text"].body)
        await may_end.wait()
        await response.write(b": and that was all\n\n")
        return response

    async with serving(answer) as url:
        client = LiteLLMClient()
        for _ in range(2):
            may_end.clear()
            request = CompletionRequest(ModelTarget("openai", "m", Secret("sk"), url), "", HI)
            async for batch in client.stream(request):
                if isinstance(batch[-1], Finished):
                    may_end.set()
        await client.aclose()
    assert len(peers) == 2
    assert peers[0] == peers[1]


async def test_an_end_that_does_not_come_is_not_waited_for() -> None:
    from ai_studio.llm.litellm_client import LiteLLMClient

    async def answer(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        await response.write(STREAMS["openai/text"].body)
        await asyncio.Event().wait()
        return response

    async with serving(answer) as url:
        client = LiteLLMClient()
        async with asyncio.timeout(5):
            request = CompletionRequest(ModelTarget("openai", "m", Secret("sk"), url), "", HI)
            events = [event async for batch in client.stream(request) for event in batch]
        assert isinstance(events[-1], Finished)
        await client.aclose()


def test_warming_up_reaches_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    from ai_studio.llm import litellm_client

    def refuse(*_: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    litellm_client.warm_up()


async def test_a_redirect_does_not_take_the_key_along() -> None:
    from ai_studio.llm.litellm_connections import Connections, Timeouts

    connections = Connections(Timeouts())
    assert (await connections.handler()).client.follow_redirects is False
    await connections.aclose()


@pytest.mark.parametrize("configuration", [False, ssl.create_default_context(), ""])
async def test_the_operators_certificates(configuration: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    import certifi
    from litellm.llms.custom_httpx.http_handler import AsyncHTTPHandler

    from ai_studio.llm import litellm_connections

    verified = certifi.where() if configuration == "" else configuration
    monkeypatch.setattr(litellm_connections, "get_ssl_configuration", lambda: verified)
    connections = litellm_connections.Connections(litellm_connections.Timeouts())
    assert isinstance(await connections.handler(), AsyncHTTPHandler)
    await connections.aclose()


def test_the_garbage_of_a_stream_sets_no_context_variable() -> None:
    """It would be collected within a `ContextVar.set` of somebody else's, which dies of it before Python 3.12."""
    import litellm
    from litellm.litellm_core_utils.litellm_logging import session_id_var, trace_id_var

    from ai_studio.llm import litellm_client  # noqa: F401 - what it changes in LiteLLM is what is tested
    from ai_studio.llm.litellm_record import unpriced

    def collect() -> contextvars.Context:
        record = unpriced("openai/m", [], {})
        stream = litellm.CustomStreamWrapper(None, "m", record, "openai")
        record.streams = stream  # a cycle, as each call leaves one
        del record, stream
        gc.collect()
        return contextvars.copy_context()

    left = contextvars.Context().run(collect)
    assert trace_id_var not in left
    assert session_id_var not in left

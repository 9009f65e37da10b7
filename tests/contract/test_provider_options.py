"""What a provider is told besides an address and a token, and tokens that are more than a word: LiteLLM really passes them on."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest
from aiohttp import web

from ai_studio.llm import CompletionRequest, Finished, Message, ModelTarget, Role, Secret
from ai_studio.llm.errors import Misconfigured, Unsupported
from tests.contract.corpus import STREAMS
from tests.contract.serving import serving
from tests.factories import service_account_file

HI = (Message(Role.USER, "hi"),)


@pytest.fixture
async def server() -> AsyncIterator[str]:
    async def answer(request: web.Request) -> web.StreamResponse:
        raise AssertionError("asked")

    async with serving(answer) as url:
        yield url


async def asked(target: ModelTarget, answer: Callable[[web.Request], Awaitable[web.StreamResponse]]) -> list[Any]:
    """The events of a call to the server that `answer` makes; `target.base_url` is put in its place."""
    from ai_studio.llm.litellm_client import LiteLLMClient

    async with serving(answer) as url:
        client = LiteLLMClient()
        there = replace(target, base_url=url.removesuffix("/v1"))
        try:
            request = CompletionRequest(there, "", HI)
            return [event async for batch in client.stream(request) for event in batch]
        finally:
            await client.aclose()


@pytest.mark.parametrize(
    ("target", "told"),
    [
        (ModelTarget("azure", "m", options={"api_version": "2026-05-01"}), "api-version=2026-05-01"),
        (ModelTarget("openai", "m", options={"organization": "org-9"}), "openai-organization: org-9"),
    ],
    ids=lambda value: value.provider if isinstance(value, ModelTarget) else "",
)
async def test_the_provider_hears_its_options(target: ModelTarget, told: str) -> None:
    heard: list[str] = []

    async def answer(request: web.Request) -> web.StreamResponse:
        heard.append(f"{request.rel_url}\n" + "\n".join(f"{name}: {text}" for name, text in request.headers.items()))
        return web.Response(body=STREAMS["openai/text"].body, content_type="text/event-stream")

    events = await asked(target, answer)
    assert isinstance(events[-1], Finished)
    assert told in heard[0]


async def test_an_option_that_is_none_of_ours_is_not_passed_on(server: str) -> None:
    from ai_studio.llm.litellm_client import LiteLLMClient

    client = LiteLLMClient()
    target = ModelTarget("openai", "m", Secret("sk"), server, {"api_base": "http://elsewhere.example.com"})
    with pytest.raises(Misconfigured, match="api_base"):
        await anext(client.stream(CompletionRequest(target, "", HI)))
    await client.aclose()


async def test_a_service_account_asks_for_a_key_and_reads_geminis_stream() -> None:
    """Vertex AI: the file signs a request for a key, and the key opens the model at project and location."""
    from ai_studio.llm.litellm_client import LiteLLMClient

    heard: list[tuple[str, str | None]] = []

    async def answer(request: web.Request) -> web.StreamResponse:
        heard.append((request.path, request.headers.get("Authorization")))
        if request.path == "/token":
            return web.json_response({"access_token": "short-lived", "expires_in": 3600, "token_type": "Bearer"})
        return web.Response(body=STREAMS["gemini/text"].body, content_type="text/event-stream")

    async with serving(answer) as url:
        address = url.removesuffix("/v1")
        options = {"vertex_project": "p", "vertex_location": "europe-west4"}
        token = Secret(service_account_file(f"{address}/token"))
        client = LiteLLMClient()
        request = CompletionRequest(ModelTarget("vertex_ai", "gemini-2.5-flash", token, address, options), "", HI)
        events = [event async for batch in client.stream(request) for event in batch]
        await client.aclose()
    assert isinstance(events[-1], Finished)
    (asked_for_key, _), (path, authorization) = heard
    assert asked_for_key == "/token"
    assert path.endswith(
        "/projects/p/locations/europe-west4/publishers/google/models/gemini-2.5-flash:streamGenerateContent"
    )
    assert authorization == "Bearer short-lived"


@pytest.mark.parametrize(
    "token",
    [
        "",
        "sk-word",
        "/etc/hostname",
        '{"type": "external_account"}',
        service_account_file("http://169.254.169.254/token"),
    ],
    ids=["none", "a word", "a path", "another kind", "another address"],
)
async def test_no_other_google_credentials_are_used(token: str, server: str) -> None:
    from ai_studio.llm.litellm_client import LiteLLMClient

    client = LiteLLMClient()
    target = ModelTarget("vertex_ai", "gemini-2.5-flash", Secret(token), server, {"vertex_project": "p"})
    with pytest.raises(Misconfigured):
        await anext(client.stream(CompletionRequest(target, "", HI)))
    with pytest.raises(Unsupported):
        await client.list_models(target)
    await client.aclose()

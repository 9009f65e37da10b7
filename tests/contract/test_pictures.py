"""A picture in a message, as each provider wants it: LiteLLM really calls, and what the emulator received is looked at."""

from __future__ import annotations

import asyncio
import base64
import gc
import json
from contextlib import aclosing
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import httpx
import litellm
import pytest

from ai_studio.emulator.testing import received_requests
from ai_studio.llm import CompletionRequest, Image, Message, Role
from ai_studio.llm.litellm_preview import requests_of
from ai_studio.llm.retry import RetryingClient
from tests.contract.llm_asking import ask, listen, text
from tests.integration.uploads import picture

if TYPE_CHECKING:
    from ai_studio.llm.litellm_client import LiteLLMClient

PNG, JPEG = (base64.b64encode(picture(kind)).decode() for kind in ("PNG", "JPEG"))
PNG_URL, JPEG_URL = f"data:image/png;base64,{PNG}", f"data:image/jpeg;base64,{JPEG}"

OPENAI = [
    {"type": "image_url", "image_url": {"url": PNG_URL}},
    {"type": "image_url", "image_url": {"url": JPEG_URL}},
    {"type": "text", "text": "Compare them"},
]
ANTHROPIC = [
    {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": PNG}},
    {"type": "image", "source": {"type": "base64", "media_type": "image/jpeg", "data": JPEG}},
    {"type": "text", "text": "Compare them"},
]
GEMINI = [
    {"inline_data": {"mime_type": "image/png", "data": PNG}},
    {"inline_data": {"mime_type": "image/jpeg", "data": JPEG}},
    {"text": "Compare them"},
]

KEPT = (CompletionRequest, httpx.Request, litellm.CustomStreamWrapper)


def question(emulator: str, provider: str, words: str = "Compare them") -> CompletionRequest:
    asked = Message(Role.USER, words, (Image(PNG_URL), Image(JPEG_URL)))
    return replace(ask(emulator, provider, "echo-rate-0"), messages=(asked,))


def held() -> list[Any]:
    """What of a call is in memory. By its type: `isinstance` asks a lazy object for its class, which wakes it."""
    return [found for found in gc.get_objects() if issubclass(type(found), KEPT)]


def said(provider: str, body: dict[str, Any]) -> Any:
    """The parts of the last message, in the provider's own form, without marks for its cache."""
    if provider == "gemini":
        return body["contents"][-1]["parts"]
    return body["messages"][-1]["content"]


@pytest.mark.parametrize(
    ("provider", "expected"),
    [("openai", OPENAI), ("hosted_vllm", OPENAI), ("mistral", OPENAI), ("anthropic", ANTHROPIC), ("gemini", GEMINI)],
)
async def test_each_provider_gets_the_pictures_in_its_own_form(
    emulator: str, client: LiteLLMClient, provider: str, expected: list[dict[str, Any]]
) -> None:
    events = await listen(client, question(emulator, provider))
    assert "Compare them" in text(events)
    (request,) = await asyncio.to_thread(received_requests, emulator)
    parts = said(provider, request["body"])
    # Gemini's system message may stand before, as a part of its own.
    assert parts[-len(expected) :] == expected


@pytest.mark.parametrize("provider", ["openai", "anthropic", "gemini"])
async def test_a_picture_alone_comes_without_an_empty_text(emulator: str, client: LiteLLMClient, provider: str) -> None:
    await listen(client, question(emulator, provider, ""))
    (request,) = await asyncio.to_thread(received_requests, emulator)
    parts = said(provider, request["body"])
    assert PNG in json.dumps(parts)
    assert "" not in [part.get("text") for part in parts]


async def test_the_inspector_shows_what_is_sent(emulator: str, client: LiteLLMClient) -> None:
    (sent,) = await requests_of([question(emulator, "anthropic")])
    assert sent is not None
    assert json.loads(sent.body)["messages"][-1]["content"] == ANTHROPIC


def test_a_picture_is_not_printed() -> None:
    assert PNG not in repr(Message(Role.USER, "", (Image(PNG_URL),)))


@pytest.mark.parametrize("provider", ["openai", "anthropic", "gemini"])
async def test_what_was_sent_is_let_go_while_the_answer_streams(
    emulator: str, client: LiteLLMClient, provider: str
) -> None:
    others = {id(found) for found in held()}
    batches = RetryingClient(client).stream(question(emulator, provider, "Compare them /emulate rate-20"))
    async with asyncio.timeout(20), aclosing(batches):
        await anext(batches)
        gc.collect()
        kept = [found for found in held() if id(found) not in others]
        assert [found for found in kept if not isinstance(found, httpx.Request) or PNG in str(found.read())] == []

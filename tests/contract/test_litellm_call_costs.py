"""What LiteLLM and OpenAI's SDK would do for each call although nobody needs it, and do not: see decision 7."""

from __future__ import annotations

from typing import NoReturn

import httpx
import litellm
import openai
import pytest

from ai_studio.llm import Finished
from ai_studio.llm.litellm_client import LiteLLMClient
from ai_studio.llm.types import CompletionRequest, Message, ModelTarget, Role, Secret
from tests.contract.corpus import STREAMS

ASKED = (Message(Role.USER, "Hello"),)


def refuse(*_: object, **__: object) -> NoReturn:
    raise AssertionError("not for a call of ours")


@pytest.mark.parametrize("provider", ["openai", "mistral", "anthropic", "gemini"])
async def test_a_call_is_neither_priced_nor_counted(provider: str, monkeypatch: pytest.MonkeyPatch):
    asked: list[str] = []  # LiteLLM survives it when its pricing fails, so a refusal would not be heard
    monkeypatch.setattr(litellm, "response_cost_calculator", lambda **_: asked.append("price"))
    monkeypatch.setattr(litellm.cost_calculator, "token_counter", lambda **_: asked.append("tokens"))
    assert await finishes(provider)
    assert asked == []


async def test_no_thread_is_asked_what_machine_this_is(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(openai._base_client, "get_platform", refuse)
    assert await finishes("openai")


async def finishes(provider: str) -> bool:
    body = STREAMS[f"{provider if provider in ('anthropic', 'gemini') else 'openai'}/text"].body
    told = httpx.Response(200, headers={"content-type": "text/event-stream"}, content=body)
    client = LiteLLMClient(network=httpx.MockTransport(lambda _: told))
    target = ModelTarget(provider, "model", Secret("sk-secret"), "http://provider.invalid/v1")
    events = [event async for batch in client.stream(CompletionRequest(target, "Be brief.", ASKED)) for event in batch]
    await client.aclose()
    return isinstance(events[-1], Finished)

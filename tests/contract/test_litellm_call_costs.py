"""What LiteLLM and OpenAI's SDK would do for each call although nobody needs it, and do not: see decision 7."""

from __future__ import annotations

from typing import Any, NoReturn

import httpx
import litellm
import openai
import orjson
import pytest
from openai._utils import async_maybe_transform
from openai.resources.chat.completions import completions

from ai_studio.llm import Finished, Image, ToolCall
from ai_studio.llm.litellm_client import LiteLLMClient
from ai_studio.llm.types import CompletionRequest, Message, ModelTarget, Role, Secret
from ai_studio.tools.current_time import CURRENT_TIME
from tests.contract.corpus import STREAMS

ASKED = (Message(Role.USER, "Hello"),)
OPENAI = ModelTarget("openai", "gpt-5", Secret("sk-secret"), "http://provider.invalid/v1")
CALL = ToolCall("call00001", "current_time", "{}", '{"time":"now"}')
PICTURE = Image("data:image/png;base64,iVBORw0KGgo=")
ASKED_WITH = {
    "text": CompletionRequest(OPENAI, "Be brief.", ASKED),
    "parameters": CompletionRequest(OPENAI, "", ASKED, {"temperature": 1, "max_tokens": 5, "reasoning_effort": "low"}),
    "pictures": CompletionRequest(OPENAI, "", (Message(Role.USER, "Look", images=(PICTURE,)),)),
    "tools": CompletionRequest(OPENAI, "", (*ASKED, Message(Role.ASSISTANT, "", calls=(CALL,))), tools=(CURRENT_TIME.declared,)),
}  # fmt: skip


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


async def test_a_request_is_not_held_against_the_types_of_the_sdk(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(openai._utils._transform, "_async_transform_recursive", refuse)
    assert await finishes("openai")


@pytest.mark.parametrize("kind", sorted(ASKED_WITH))
async def test_what_is_sent_is_what_the_sdk_would_have_sent(kind: str, monkeypatch: pytest.MonkeyPatch):
    ours = await sent(ASKED_WITH[kind])
    monkeypatch.setattr(completions, "async_maybe_transform", async_maybe_transform)
    assert await sent(ASKED_WITH[kind]) == ours


async def sent(request: CompletionRequest) -> Any:
    """The body of the request."""
    bodies: list[bytes] = []

    def told(asked: httpx.Request) -> httpx.Response:
        bodies.append(asked.content)
        return httpx.Response(200, headers={"content-type": "text/event-stream"}, content=STREAMS["openai/text"].body)

    client = LiteLLMClient(network=httpx.MockTransport(told))
    async for _ in client.stream(request):
        pass
    await client.aclose()
    (body,) = bodies
    return orjson.loads(body)


async def finishes(provider: str) -> bool:
    body = STREAMS[f"{provider if provider in ('anthropic', 'gemini') else 'openai'}/text"].body
    told = httpx.Response(200, headers={"content-type": "text/event-stream"}, content=body)
    client = LiteLLMClient(network=httpx.MockTransport(lambda _: told))
    target = ModelTarget(provider, "model", Secret("sk-secret"), "http://provider.invalid/v1")
    events = [event async for batch in client.stream(CompletionRequest(target, "Be brief.", ASKED)) for event in batch]
    await client.aclose()
    return isinstance(events[-1], Finished)

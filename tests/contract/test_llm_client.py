"""`LLMClient`s against what they promise: LiteLLM over real HTTP to the emulator, in every format, and the double for tests."""

from __future__ import annotations

import asyncio
import sys
from contextlib import aclosing
from typing import TYPE_CHECKING

import pytest

from ai_studio.emulator.scripts import expected_reasoning, expected_text
from ai_studio.emulator.testing import received_requests, streams, wait_for_streams
from ai_studio.llm import (
    EventBatch,
    Finished,
    FinishReason,
    LLMClient,
    ReasoningDelta,
    Started,
    TextDelta,
    Thought,
    ToolCallDelta,
    WireFormat,
)
from ai_studio.llm.scripted import ScriptedClient, say
from ai_studio.llm.types import WIRE_FORMATS
from tests.contract.llm_asking import KEY, PROVIDERS, TOOL, ask, listen, text

if TYPE_CHECKING:
    from ai_studio.llm.litellm_client import LiteLLMClient


def test_each_way_through_litellm_is_asked() -> None:
    formats = {provider: WIRE_FORMATS.get(provider, WireFormat.OTHER) for provider in PROVIDERS}
    assert set(formats.values()) == set(WireFormat)


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_an_answer(emulator: str, client: LiteLLMClient, provider: str) -> None:
    events = await listen(client, ask(emulator, provider, "story-rate-0", "Tell me about boats"))

    started, said, finished = events
    assert isinstance(started, Started)
    assert started.model.endswith("story-rate-0")
    assert said == TextDelta(expected_text("story-rate-0", "Tell me about boats", system="Be brief."))
    assert isinstance(finished, Finished)
    assert finished.reason is FinishReason.STOP
    if provider != "mistral":  # Mistral counts unasked, so LiteLLM does not ask; the emulator wants to be asked
        assert finished.usage.input_tokens
        assert finished.usage.output_tokens


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_what_is_asked_of_the_provider(emulator: str, client: LiteLLMClient, provider: str) -> None:
    await listen(client, ask(emulator, provider, "echo-rate-0", temperature=0.5, max_tokens=77))

    (received,) = received_requests(emulator)
    body = str(received["body"])
    assert "Be brief." in body
    assert "Tell me about boats" in body
    assert "0.5" in body
    assert "77" in body
    assert "_skip_mcp_handler" not in body
    assert f"…{KEY[-4:]}" in str(received["headers"])


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_unicode_written_in_awkward_pieces(emulator: str, client: LiteLLMClient, provider: str) -> None:
    events = await listen(client, ask(emulator, provider, "unicode-rate-0-split-bytes", "speak"))
    assert text(events) == expected_text("unicode-rate-0-split-bytes", "speak", system="Be brief.")


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_reasoning_comes_before_text(emulator: str, client: LiteLLMClient, provider: str) -> None:
    model = "tokens-10-reasoning-10-rate-0"
    events = await listen(client, ask(emulator, provider, model))
    said = [event for event in events if not isinstance(event, Thought)]
    assert [type(event) for event in said] == [Started, ReasoningDelta, TextDelta, Finished]
    assert events[1] == ReasoningDelta(expected_reasoning(model, "Tell me about boats"))


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_tool_calls(emulator: str, client: LiteLLMClient, provider: str) -> None:
    events = await listen(client, ask(emulator, provider, "tool-call-2-rate-0", tools=(TOOL,)))
    calls = [event for event in events if isinstance(event, ToolCallDelta)]
    assert [(call.index, call.name) for call in calls] == [(0, "get_weather"), (1, "get_weather")]
    assert len({call.call_id for call in calls}) == 2
    assert isinstance(events[-1], Finished)
    assert events[-1].reason is FinishReason.TOOL_CALLS
    assert "litellm.responses.mcp.chat_completions_handler" not in sys.modules, "its door to its proxy"


@pytest.mark.parametrize("provider", ["openai", "anthropic", "gemini"])
async def test_a_pause_between_pulls_gathers_all_that_came(emulator: str, client: LiteLLMClient, provider: str) -> None:
    batches: list[EventBatch] = []
    async with aclosing(client.stream(ask(emulator, provider, "tokens-30-rate-300"))) as pulled:
        async for batch in pulled:
            batches.append(batch)
            await asyncio.to_thread(wait_for_streams, emulator, "finished")
    assert len(batches) <= 3
    assert sum(isinstance(event, TextDelta) for batch in batches for event in batch) <= 2


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_a_finished_answer_leaves_its_connection_to_the_next(
    emulator: str, client: LiteLLMClient, provider: str
) -> None:
    for _ in range(3):
        await listen(client, ask(emulator, provider, "tokens-3-rate-0"))
    assert [stream["closed_by_client"] for stream in streams(emulator)] == [None] * 3


async def test_concurrent_answers_do_not_mix(emulator: str, client: LiteLLMClient) -> None:
    async def one(number: int) -> tuple[str, str]:
        provider = PROVIDERS[number % len(PROVIDERS)]
        prompt = f"Say number {number}"
        events = await listen(client, ask(emulator, provider, "echo-rate-200", prompt, key=f"sk-{number}"))
        return text(events), prompt

    for said, prompt in await asyncio.gather(*(one(number) for number in range(50))):
        assert said == prompt
    keys = {next(v for v in each["headers"].values() if "…" in v) for each in received_requests(emulator)}
    assert len(keys) == 50


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_no_key_is_taken_from_the_environment(
    emulator: str, client: LiteLLMClient, provider: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("OPENAI", "ANTHROPIC", "GEMINI", "HOSTED_VLLM", "MISTRAL", "GROQ", "DATABRICKS"):
        monkeypatch.setenv(f"{name}_API_KEY", "sk-from-the-environment-zzzz")
    await listen(client, ask(emulator, provider, "tokens-3-rate-0", key=""))
    assert "zzzz" not in str(received_requests(emulator))


async def test_the_double_keeps_the_same_promises() -> None:
    client: LLMClient = ScriptedClient(say("Hello", " there"))
    events = await listen(client, ask("http://nowhere", "openai", "m"))
    assert [type(event) for event in events] == [Started, TextDelta, Finished]
    assert text(events) == "Hello there"

"""A call and its result, there and back: LiteLLM over real HTTP to the emulator, in every format."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import orjson
import pytest

from ai_studio.emulator.testing import received_requests, reset
from ai_studio.llm import CompletionRequest, Finished, FinishReason, Message, Role, Tool, ToolCall, ToolCallDelta
from ai_studio.tools.current_time import CURRENT_TIME
from tests.contract.llm_asking import PROVIDERS, ask, listen, text

if TYPE_CHECKING:
    from ai_studio.llm.litellm_client import LiteLLMClient

RESULT = '{"time":"2026-03-29T00:59:59+00:00"}'
NOTE = Tool("note", "Notes something.", {"type": "object", "properties": {"text": {"type": "string"}}})


async def called(client: LiteLLMClient, request: CompletionRequest) -> tuple[ToolCall, ...]:
    """The calls that the emulator makes, with the same result for each."""
    calls: dict[int, ToolCall] = {}
    for event in await listen(client, request):
        if isinstance(event, ToolCallDelta):
            known = calls.get(event.index, ToolCall(event.call_id, event.name, "", RESULT))
            calls[event.index] = replace(known, arguments=known.arguments + event.arguments)
    return tuple(calls.values())


@pytest.mark.parametrize("provider", sorted(set(PROVIDERS) - {"synthetic"}))  # LiteLLM declares no tools to that one
async def test_a_call_goes_back_with_its_result(emulator: str, client: LiteLLMClient, provider: str) -> None:
    request = ask(emulator, provider, "tool-call-2-rate-0", tools=(CURRENT_TIME.declared, NOTE))
    calls = await called(client, request)
    assert [call.name for call in calls] == ["current_time", "note"]
    assert orjson.loads(calls[0].arguments) == {"time_zone": "Europe/Lisbon"}
    said = Message(Role.ASSISTANT, "Let me look.", calls=calls)
    events = await listen(client, replace(request, messages=(*request.messages, said)))
    assert text(events).count(RESULT) == 2, "both results reached the model"
    assert isinstance(events[-1], Finished)
    assert events[-1].reason is FinishReason.STOP


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_calls_of_earlier_answers_are_history(emulator: str, client: LiteLLMClient, provider: str) -> None:
    reset(emulator)
    request = ask(emulator, provider, "echo-rate-0", "And now?", tools=(CURRENT_TIME.declared,))
    call = ToolCall("call00001", "current_time", "{}", RESULT)
    history = (
        Message(Role.USER, "What time is it?"),
        Message(Role.ASSISTANT, "", calls=(call,)),
        Message(Role.ASSISTANT, "It is one."),
    )
    assert text(await listen(client, replace(request, messages=(*history, *request.messages)))) == "And now?"
    (sent,) = received_requests(emulator)
    assert all(word in str(sent["body"]) for word in ("2026-03-29", "It is one.", "What time is it?"))


@pytest.mark.parametrize(
    ("provider", "said"),
    [
        ("openai", {"tool_choice": "none"}),
        ("anthropic", {"tool_choice": {"type": "none"}}),
        ("gemini", {"toolConfig": {"functionCallingConfig": {"mode": "NONE"}}}),
    ],
)
async def test_in_the_last_round_no_tool_is_to_be_called(
    emulator: str, client: LiteLLMClient, provider: str, said: dict
) -> None:
    reset(emulator)
    request = ask(emulator, provider, "echo-rate-0", tools=(CURRENT_TIME.declared,))
    await listen(client, replace(request, is_last_round=True))
    (sent,) = received_requests(emulator)
    assert said.items() <= sent["body"].items()


async def test_claude_goes_on_without_thinking_since_its_thoughts_are_not_kept(
    emulator: str, client: LiteLLMClient
) -> None:
    reset(emulator)
    tools = (CURRENT_TIME.declared,)
    asked = ask(emulator, "anthropic", "claude-sonnet-4-5-tool-call-rate-0", tools=tools, reasoning_effort="low")
    calls = await called(client, asked)
    await listen(client, replace(asked, messages=(*asked.messages, Message(Role.ASSISTANT, "", calls=calls))))
    first, second = (sent["body"] for sent in received_requests(emulator))
    assert first["thinking"]["type"] == "enabled"
    assert "thinking" not in second

"""A call and its result, there and back: LiteLLM over real HTTP to the emulator, in every format."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import orjson
import pytest

from ai_studio.emulator.testing import received_requests, reset
from ai_studio.llm import (
    EFFORTS,
    CompletionRequest,
    Finished,
    FinishReason,
    Message,
    Role,
    Thought,
    Tool,
    ToolCall,
    ToolCallDelta,
)
from ai_studio.llm.errors import InvalidRequest
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
            known = calls.get(event.index, ToolCall(event.call_id, event.name, "", RESULT, event.signature))
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


CLAUDE = "claude-sonnet-4-5-reasoning-8-tool-call-rate-0"


async def first_round(client: LiteLLMClient, request: CompletionRequest) -> Message:
    """What the model has thought and called, with the results."""
    events = await listen(client, request)
    thoughts = tuple(event for event in events if isinstance(event, Thought))
    return Message(Role.ASSISTANT, "", calls=await called(client, request), thoughts=thoughts)


def after(request: CompletionRequest, *rounds: Message) -> CompletionRequest:
    return replace(request, messages=(*request.messages, *rounds))


async def test_claude_goes_on_with_its_thoughts(emulator: str, client: LiteLLMClient) -> None:
    asked = ask(emulator, "anthropic", CLAUDE, tools=(CURRENT_TIME.declared,), reasoning_effort="low")
    said = await first_round(client, asked)
    (thought,) = said.thoughts
    assert thought.text.startswith("The question is about")
    reset(emulator)
    assert RESULT in text(await listen(client, after(asked, said)))
    (sent,) = received_requests(emulator)
    assert sent["body"]["thinking"]["type"] == "enabled"
    begun = sent["body"]["messages"][1]["content"]
    assert begun[0] == {"type": "thinking", "thinking": thought.text, "signature": thought.signature}
    assert begun[1]["type"] == "tool_use"


@pytest.mark.parametrize("effort", EFFORTS)
@pytest.mark.parametrize("limit", [500, 1025, 2048, 3000, 9000])
async def test_claude_answers_within_any_limit_however_hard_it_is_to_think(
    emulator: str, client: LiteLLMClient, effort: str, limit: int
) -> None:
    asked = ask(emulator, "anthropic", "claude-sonnet-4-5-rate-0", reasoning_effort=effort, max_tokens=limit)
    assert text(await listen(client, asked))


async def test_only_the_first_round_of_an_answer_must_have_thoughts(emulator: str, client: LiteLLMClient) -> None:
    asked = ask(emulator, "anthropic", CLAUDE, tools=(CURRENT_TIME.declared,), reasoning_effort="low")
    said = await first_round(client, asked)
    later = Message(Role.ASSISTANT, "Again.", calls=(ToolCall("toolu_again", "current_time", "{}", RESULT),))
    assert RESULT in text(await listen(client, after(asked, said, later)))


async def test_claude_goes_on_without_thinking_where_its_thoughts_are_gone(
    emulator: str, client: LiteLLMClient
) -> None:
    asked = ask(emulator, "anthropic", CLAUDE, tools=(CURRENT_TIME.declared,), reasoning_effort="low")
    said = replace(await first_round(client, asked), thoughts=())
    reset(emulator)
    assert RESULT in text(await listen(client, after(asked, said)))
    (sent,) = received_requests(emulator)
    assert "thinking" not in sent["body"]


async def test_thoughts_that_were_changed_are_refused(emulator: str, client: LiteLLMClient) -> None:
    asked = ask(emulator, "anthropic", CLAUDE, tools=(CURRENT_TIME.declared,), reasoning_effort="low")
    said = await first_round(client, asked)
    forged = replace(said, thoughts=(replace(said.thoughts[0], text="Something else."),))
    with pytest.raises(InvalidRequest, match="Invalid `signature` in `thinking` block"):
        await listen(client, after(asked, forged))


async def test_thoughts_that_nobody_can_read_go_back_too(emulator: str, client: LiteLLMClient) -> None:
    asked = ask(emulator, "anthropic", CLAUDE, tools=(CURRENT_TIME.declared,), reasoning_effort="low")
    hidden = replace(await first_round(client, asked), thoughts=(Thought("", "", "EmwKAhgBEgy3va3pzix"),))
    reset(emulator)
    await listen(client, after(asked, hidden))
    (sent,) = received_requests(emulator)
    assert sent["body"]["messages"][1]["content"][0] == {"type": "redacted_thinking", "data": "EmwKAhgBEgy3va3pzix"}


async def test_gemini_gets_its_signatures_back(emulator: str, client: LiteLLMClient) -> None:
    asked = ask(emulator, "gemini", "gemini-3-pro-tool-call-2-rate-0", tools=(CURRENT_TIME.declared, NOTE))
    said = await first_round(client, asked)
    assert "__thought__" not in said.calls[0].id
    reset(emulator)
    assert text(await listen(client, after(asked, said))).count(RESULT) == 2
    (sent,) = received_requests(emulator)
    signed = [bool(part.get("thoughtSignature")) for part in sent["body"]["contents"][1]["parts"]]
    assert signed == [True, False]
    forged = replace(said, calls=(replace(said.calls[0], arguments='{"time_zone": "UTC"}'), *said.calls[1:]))
    with pytest.raises(InvalidRequest, match="Corrupted thought signature"):
        await listen(client, after(asked, forged))

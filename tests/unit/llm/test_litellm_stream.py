"""LiteLLM's pieces as our events, and the task that fetches them while nobody asks."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from types import SimpleNamespace
from typing import Any

import pytest

from ai_studio.llm import (
    CompletionEvent,
    EventBatch,
    Finished,
    FinishReason,
    ReasoningDelta,
    Started,
    TextDelta,
    Thought,
    ToolCallDelta,
    Usage,
    litellm_stream,
)
from ai_studio.llm.litellm_stream import read_through_iterator, translated


def piece(finish_reason: str | None = None, usage: Any = None, **delta: Any) -> SimpleNamespace:
    choice = SimpleNamespace(delta=SimpleNamespace(**delta), finish_reason=finish_reason)
    return SimpleNamespace(model="m", id="c", choices=[choice], usage=usage)


def call(index: int, call_id: str | None, name: str | None, arguments: str | None) -> SimpleNamespace:
    return SimpleNamespace(index=index, id=call_id, function=SimpleNamespace(name=name, arguments=arguments))


class Answer:
    """LiteLLM's stream: gives pieces when it is let, and notes how far it was read."""

    def __init__(self, *pieces: SimpleNamespace | Exception) -> None:
        self.given = 0
        self.is_left = False
        self._pieces = pieces

    async def __aiter__(self) -> AsyncIterator[SimpleNamespace]:
        try:
            for each in self._pieces:
                self.given += 1
                if isinstance(each, Exception):
                    raise each
                yield each
                await asyncio.sleep(0)
        finally:
            self.is_left = True


async def translate(answer: Answer) -> list[CompletionEvent]:
    return [event async for event in translated(answer)]


async def test_a_whole_answer() -> None:
    details = SimpleNamespace(cached_tokens=3)
    reasoning = SimpleNamespace(reasoning_tokens=2)
    usage = SimpleNamespace(
        prompt_tokens=9, completion_tokens=5, prompt_tokens_details=details, completion_tokens_details=reasoning
    )
    answer = Answer(
        piece(reasoning_content="Hm", content=None),
        piece(content="Hello", tool_calls=None),
        piece(refusal="No"),
        piece(tool_calls=[call(0, "id", "f", None)]),
        piece(tool_calls=[call(0, None, None, "{}"), call(0, None, None, "")]),
        piece("tool_calls"),
        SimpleNamespace(model="m", id="c", choices=[], usage=usage),
    )
    assert await translate(answer) == [
        Started("m", "c"),
        ReasoningDelta("Hm"),
        TextDelta("Hello"),
        TextDelta("No"),
        ToolCallDelta(0, "id", "f", ""),
        ToolCallDelta(0, "", "", "{}"),
        Finished(FinishReason.TOOL_CALLS, Usage(9, 5, 3, 2)),
    ]


async def test_a_thought_comes_with_its_signature() -> None:
    def thinking(**block: str) -> SimpleNamespace:
        return piece(thinking_blocks=[block])

    answer = Answer(
        thinking(type="thinking", thinking="Hm, "),
        thinking(type="thinking", thinking="well."),
        thinking(type="thinking", thinking="", signature="signed"),
        thinking(type="redacted_thinking", data="hidden"),
        thinking(type="thinking", thinking="unsigned"),
    )
    thoughts = [event for event in await translate(answer) if isinstance(event, Thought)]
    assert thoughts == [Thought("Hm, well.", "signed"), Thought("", "", "hidden")]


@pytest.mark.parametrize(
    ("said", "reason"),
    [("stop", FinishReason.STOP), ("function_call", FinishReason.TOOL_CALLS), ("odd", FinishReason.OTHER)],
)
async def test_finish_reasons(said: str, reason: FinishReason) -> None:
    assert (await translate(Answer(piece(said))))[-1] == Finished(reason, Usage())


async def test_usage_without_details() -> None:
    usage = SimpleNamespace(prompt_tokens=9, completion_tokens=5)
    assert (await translate(Answer(piece("stop", usage))))[-1] == Finished(FinishReason.STOP, Usage(9, 5))


async def test_a_pause_gathers_what_came() -> None:
    batches: list[EventBatch] = []
    answer = Answer(*(piece(content=f"{number} ") for number in range(20)), piece("stop"))
    async for batch in read_through_iterator(answer):
        batches.append(batch)
        while not answer.is_left:
            await asyncio.sleep(0)
    assert len(batches) == 2
    assert batches[1][0] == TextDelta("".join(f"{number} " for number in range(1, 20)))


async def test_reading_ahead_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(litellm_stream, "MAX_WAITING_EVENTS", 5)
    answer = Answer(*(piece(content=f"{number} ") for number in range(50)))
    events: list[CompletionEvent] = []
    async with aclosing(read_through_iterator(answer)) as batches:
        async for batch in batches:
            events += batch
            given = answer.given
            for _ in range(100):
                await asyncio.sleep(0)
            assert answer.given - given <= 6
    text = "".join(event.text for event in events if isinstance(event, TextDelta))
    assert text == "".join(f"{number} " for number in range(50))


async def test_an_error_comes_after_what_came_before_it() -> None:
    answer = Answer(piece(content="half"), ConnectionResetError("gone"))
    events: list[CompletionEvent] = []

    async def read() -> None:
        async for batch in read_through_iterator(answer):
            events.extend(batch)
            while not answer.is_left:
                await asyncio.sleep(0)

    with pytest.raises(ConnectionResetError):
        await read()
    assert events == [Started("m", "c"), TextDelta("half")]


async def test_leaving_early_ends_the_reading() -> None:
    answer = Answer(*(piece(content="x") for _ in range(50)))
    batches = read_through_iterator(answer)
    await anext(batches)
    await batches.aclose()
    assert answer.given < 50
    assert len(asyncio.all_tasks()) == 1

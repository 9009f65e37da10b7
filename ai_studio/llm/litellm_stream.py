"""Reads a stream through LiteLLM's own iterator: the way for every provider whose bytes we don't decode ourselves."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Mapping
from typing import Any

from ai_studio.llm import sources
from ai_studio.llm.client import EventBatch
from ai_studio.llm.events import (
    CompletionEvent,
    Finished,
    FinishReason,
    ReasoningDelta,
    Started,
    TextDelta,
    ToolCallDelta,
    merged,
)
from ai_studio.llm.types import SIGNATURE_MARK, Thought, Usage

MAX_WAITING_EVENTS = 1024

# LiteLLM maps each provider's words to OpenAI's.
FINISH_REASONS: Mapping[str, FinishReason] = {
    "stop": FinishReason.STOP,
    "length": FinishReason.LENGTH,
    "content_filter": FinishReason.CONTENT_FILTER,
    "tool_calls": FinishReason.TOOL_CALLS,
    "function_call": FinishReason.TOOL_CALLS,
}


async def read_through_iterator(answer: AsyncIterator[Any]) -> AsyncGenerator[EventBatch, None]:
    """Batches of all that LiteLLM's iterator has brought since the last pull, deltas merged.

    The iterator gives one piece at a time, so a task of its own drains it while the caller is elsewhere, up to 1,024
    events ahead. What the iterator raises comes after the events before it.
    """
    buffer = _Buffer()
    filling = asyncio.create_task(buffer.fill_from(answer))
    filling.add_done_callback(lambda _: buffer.changed.set())
    try:
        while not (filling.done() and not buffer.events):
            await buffer.changed.wait()
            if events := buffer.take():
                yield merged(events)
        filling.result()
    finally:
        filling.cancel()
        await asyncio.wait([filling])


class _Buffer:
    """Events between the task that fills and the caller that takes. `changed` is set when there is something to look at."""

    def __init__(self) -> None:
        self.events: list[CompletionEvent] = []
        self.changed = asyncio.Event()
        self._has_room = asyncio.Event()

    async def fill_from(self, answer: AsyncIterator[Any]) -> None:
        async for event in translated(answer):
            self.events.append(event)
            self.changed.set()
            if len(self.events) >= MAX_WAITING_EVENTS:
                self._has_room.clear()
                await self._has_room.wait()

    def take(self) -> list[CompletionEvent]:
        events, self.events = self.events, []
        self.changed.clear()
        self._has_room.set()
        return events


async def translated(answer: AsyncIterator[Any]) -> AsyncIterator[CompletionEvent]:
    """LiteLLM's pieces as our events. The finish comes last: LiteLLM gives the usage after the finish reason.

    LiteLLM ends every stream with a finish, its own where the provider sent none: a stream that was cut is not told from a
    whole one here, unless its connection broke.
    """
    is_started = False
    reason = FinishReason.OTHER
    usage = Usage()
    calls: set[int] = set()
    known = sources.Sources()
    thinking: list[str] = []
    async for piece in answer:
        if not is_started:
            is_started = True
            yield Started(piece.model or "", piece.id or "")
        if (counted := getattr(piece, "usage", None)) is not None:
            usage = _usage(counted)
        for choice in piece.choices[:1]:
            for event in _deltas(choice.delta, calls, known):
                yield event
            for thought in _thoughts(choice.delta, thinking):
                yield thought
            if choice.finish_reason:
                reason = FINISH_REASONS.get(choice.finish_reason, FinishReason.OTHER)
    yield Finished(reason, usage)


def _deltas(delta: Any, calls: set[int], known: sources.Sources) -> Iterator[CompletionEvent]:
    if reasoning := getattr(delta, "reasoning_content", None):
        yield ReasoningDelta(reasoning)
    if text := getattr(delta, "content", None):
        yield TextDelta(text)
    if refusal := getattr(delta, "refusal", None):
        yield TextDelta(refusal)
    for call in getattr(delta, "tool_calls", None) or ():
        arguments = call.function.arguments or ""
        if call.index not in calls:
            calls.add(call.index)
            call_id, _, signature = (call.id or "").partition(SIGNATURE_MARK)
            yield ToolCallDelta(call.index, call_id, call.function.name or "", arguments, signature)
        elif arguments:
            yield ToolCallDelta(call.index, "", "", arguments)
    for annotation in getattr(delta, "annotations", None) or ():
        if new := known.new(sources.of_openai(annotation)):
            yield new
    fields = getattr(delta, "provider_specific_fields", None)
    if fields and (citation := fields.get("citation")) and (new := known.new(sources.of_anthropic(citation))):
        yield new


def _thoughts(delta: Any, words: list[str]) -> Iterator[Thought]:
    """`words`: of the thought that is still without its signature."""
    for block in getattr(delta, "thinking_blocks", None) or ():
        if data := block.get("data"):
            yield Thought("", "", data)
        words.append(block.get("thinking") or "")
        if signature := block.get("signature"):
            yield Thought("".join(words), signature)
            words.clear()


def _usage(usage: Any) -> Usage:
    prompt = getattr(usage, "prompt_tokens_details", None)
    completion = getattr(usage, "completion_tokens_details", None)
    return Usage(
        input_tokens=usage.prompt_tokens,
        output_tokens=usage.completion_tokens,
        cached_tokens=getattr(prompt, "cached_tokens", None),
        reasoning_tokens=getattr(completion, "reasoning_tokens", None),
    )

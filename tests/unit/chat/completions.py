"""Completions of any shape, as a provider may stream them: for the properties that hold for all of them."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from ai_studio.llm import (
    CompletionEvent,
    EventBatch,
    Finished,
    FinishReason,
    ReasoningDelta,
    SourceCited,
    Started,
    TextDelta,
    ToolCallDelta,
    Usage,
)
from chat.generation.accumulator import Accumulator
from chat.parts import Part

texts = st.text(max_size=8)
SOURCES = [SourceCited("https://a.example/", "A"), SourceCited("https://b.example/", ""), SourceCited("", "Handbook")]
call_ids = st.sampled_from(["", "call_1", "call_2", "call2", "t1"])


@st.composite
def tool_calls(draw: st.DrawFn) -> list[ToolCallDelta]:
    """The pieces of one tool call, of an index below 3; its arguments may be anything."""
    index = draw(st.integers(0, 2))
    arguments = draw(st.one_of(texts, st.sampled_from(["", "{}", '{"city": "Oslo"}', "[1, 2]", "null", '{"a'])))
    cut = draw(st.integers(0, len(arguments)))
    first = ToolCallDelta(index, draw(call_ids), draw(st.sampled_from(["search", "weather"])), arguments[:cut])
    return [first, ToolCallDelta(index, "", "", arguments[cut:])]


@st.composite
def completions(draw: st.DrawFn) -> list[EventBatch]:
    """A whole completion in batches: what was said in any order, tool calls interleaved, perhaps without its finish."""
    said: list[list[Any]] = draw(
        st.lists(
            st.one_of(
                texts.map(lambda t: [TextDelta(t)]),
                texts.map(lambda t: [ReasoningDelta(t)]),
                st.sampled_from(SOURCES).map(lambda source: [source]),
                tool_calls(),
            ),
            max_size=12,
        )
    )
    events: list[CompletionEvent] = [Started("story", "completion-1"), *(event for group in said for event in group)]
    if draw(st.booleans()):
        events.append(Finished(draw(st.sampled_from(FinishReason)), Usage(3, 5)))
    batches, rest = [], events
    while rest:
        size = draw(st.integers(1, len(rest)))
        batches.append(rest[:size])
        rest = rest[size:]
    return batches


def flushes(batches: list[EventBatch]) -> list[list[Part]]:
    """The parts that a generation gives out for these batches, flush by flush, to its end."""
    accumulator = Accumulator()
    given_out = [accumulator.apply(batch) for batch in batches]
    return [news for news in [*given_out, accumulator.close()] if news]

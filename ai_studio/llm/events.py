"""What a provider's stream says, in one vocabulary for every provider.

A decoder turns bytes into lists of these; order is the provider's. A complete stream ends with exactly one
`Finished`; anything less is an interrupted stream. Exhaustive matches end in `assert_never`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum

from ai_studio.llm.types import Thought, Usage


class FinishReason(StrEnum):
    """Why the model stopped, in the words of the AI SDK."""

    STOP = "stop"
    LENGTH = "length"
    CONTENT_FILTER = "content-filter"
    TOOL_CALLS = "tool-calls"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Started:
    """The provider has answered: the model that it says it is, and its own id of the completion (either may be empty)."""

    model: str
    completion_id: str


@dataclass(frozen=True, slots=True)
class TextDelta:
    text: str


@dataclass(frozen=True, slots=True)
class ReasoningDelta:
    text: str


@dataclass(frozen=True, slots=True)
class ToolCallDelta:
    """A piece of a tool call. The first piece of each `index` carries `call_id` and `name`; later ones leave them empty.

    `arguments` is a fragment of JSON text; the fragments of one index joined are the call's arguments. `signature`: what the
    provider wants back with the call, in its first piece.
    """

    index: int
    call_id: str
    name: str
    arguments: str
    signature: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class SourceCited:
    """The answer rests on this: a page of the web, or a document that the model was given, whose `url` is empty.

    `url` is http or https. The `title` of a page may be empty.
    """

    url: str
    title: str


@dataclass(frozen=True, slots=True)
class Finished:
    """The provider's word that the answer is complete. `usage` is what it counted."""

    reason: FinishReason
    usage: Usage


CompletionEvent = Started | TextDelta | ReasoningDelta | Thought | ToolCallDelta | SourceCited | Finished
"""A `Thought` ends the reasoning whose words have come as deltas."""


def merged(events: Iterable[CompletionEvent]) -> list[CompletionEvent]:
    """The same events with consecutive deltas of one kind (of one tool call) joined: however a stream was cut into pieces,
    its merged events are the same."""
    result: list[CompletionEvent] = []
    for event in events:
        joined = _joined(result[-1], event) if result else None
        if joined is None:
            result.append(event)
        else:
            result[-1] = joined
    return result


def _joined(last: CompletionEvent, event: CompletionEvent) -> CompletionEvent | None:
    match last, event:
        case TextDelta(), TextDelta():
            return TextDelta(last.text + event.text)
        case ReasoningDelta(), ReasoningDelta():
            return ReasoningDelta(last.text + event.text)
        case ToolCallDelta(), ToolCallDelta() if last.index == event.index:
            return replace(last, arguments=last.arguments + event.arguments)
        case _:
            return None

"""What is asked and what is answered, free of any wire format."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ToolSpec:
    """A tool that the client offers. `parameters` is its JSON schema."""

    name: str
    parameters: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class CompletionRequest:
    """One completion request as the three formats have it in common.

    `prompt` is the text of the last user message, `earlier_answers` the number of assistant messages before it,
    `tool_results` what the client's tools answered after it. `input_tokens` counts the words of all messages.
    """

    model: str
    prompt: str
    system: str = ""
    earlier_answers: int = 0
    tool_results: tuple[str, ...] = ()
    tools: tuple[ToolSpec, ...] = ()
    max_tokens: int | None = None
    is_streamed: bool = True
    wants_usage: bool = True
    input_tokens: int = 0
    api_key: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """A page that an answer cites."""

    url: str
    title: str


class FinishReason(enum.Enum):
    """Why an answer ends; each wire format has its own word for it."""

    STOP = enum.auto()
    LENGTH = enum.auto()
    TOOL_CALLS = enum.auto()
    REFUSAL = enum.auto()
    CONTENT_FILTER = enum.auto()


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A call of one of the client's tools. `fragments` concatenate to the arguments' JSON object."""

    id: str
    name: str
    fragments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the model says, token by token: first the reasoning, then the text, then the tool calls. `sources` are no tokens."""

    text: tuple[str, ...] = ()
    reasoning: tuple[str, ...] = ()
    tool_calls: tuple[ToolCall, ...] = ()
    sources: tuple[Source, ...] = ()
    finish_reason: FinishReason = FinishReason.STOP

    @property
    def token_count(self) -> int:
        """All tokens, in the order in which they are sent; each is one paced event."""
        return len(self.reasoning) + len(self.text) + sum(len(call.fragments) for call in self.tool_calls)


class ErrorKind(enum.Enum):
    """What a provider refuses a request for. One kind may have different statuses at different providers."""

    BAD_REQUEST = enum.auto()
    MISSING_KEY = enum.auto()
    INVALID_KEY = enum.auto()
    PERMISSION = enum.auto()
    NOT_FOUND = enum.auto()
    TIMEOUT = enum.auto()
    RATE_LIMIT = enum.auto()
    QUOTA = enum.auto()
    CONTEXT_LENGTH = enum.auto()
    POLICY = enum.auto()
    SERVER = enum.auto()
    OVERLOADED = enum.auto()


@dataclass(frozen=True, slots=True)
class ProviderError:
    """An error answer. `status` None means the one that this provider really uses; `retry_after` is in seconds.

    `times` None means on every request; otherwise the first `times` requests of each (key, model, prompt) fail.
    """

    kind: ErrorKind
    status: int | None = None
    retry_after: float | None = None
    times: int | None = None
    detail: str = ""

"""The script of one answer: what is said, how fast, and how it goes wrong."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass, replace
from random import Random

from ai_studio.emulator import speech
from ai_studio.emulator.completions import Answer, CompletionRequest, FinishReason, ProviderError


@dataclass(frozen=True, slots=True)
class Pace:
    """When tokens are due. `rate` is in tokens per second (0: as fast as possible), the rest in seconds.

    After `stall_after` tokens the stream is silent for `stall` seconds, then goes on at its rate.
    """

    rate: float = 60.0
    first_token: float = 0.0
    stall_after: int = 0
    stall: float = 0.0

    def deadlines(self) -> Iterator[float]:
        """The time at which each token is due, in seconds after the start; without end."""
        interval = 1 / self.rate if self.rate else 0.0
        index = 0
        while True:
            stalled = self.stall if index >= self.stall_after else 0.0
            yield self.first_token + stalled + index * interval
            index += 1

    def duration(self, token_count: int) -> float:
        """Seconds until the last of `token_count` tokens is due."""
        interval = 1 / self.rate if self.rate else 0.0
        stalled = self.stall if token_count > self.stall_after else 0.0
        return self.first_token + stalled + max(token_count - 1, 0) * interval


class BreakKind(enum.Enum):
    """How a stream that began well goes wrong."""

    CUT = enum.auto()
    """The connection is closed without the end that HTTP asks for."""
    TRUNCATED = enum.auto()
    """HTTP ends well, but the events that end an answer never came."""
    MALFORMED = enum.auto()
    """One event is not JSON; the others are."""
    ERROR_EVENT = enum.auto()
    """The provider tells of an error, then ends the stream."""


@dataclass(frozen=True, slots=True)
class Break:
    """What goes wrong after `after` tokens; at the end where the answer has fewer."""

    kind: BreakKind
    after: int


@dataclass(frozen=True, slots=True)
class Refusal:
    """What comes in place of an answer: an error, a web page, or, when both are None, the end of the connection."""

    error: ProviderError | None = None
    html_status: int | None = None


@dataclass(frozen=True, slots=True)
class Script:
    """Everything about one answer except its wire format.

    `reasoning` is the number of reasoning tokens before the text; `limit` cuts the text, as `max_tokens` does unless
    `obeys_max_tokens` is False. `sources` is the number of pages that are cited.
    """

    speech: speech.Speech = speech.story
    reasoning: int = 0
    sources: int = 0
    limit: int | None = None
    obeys_max_tokens: bool = True
    pace: Pace = Pace()
    refusal: Refusal | None = None
    broken: Break | None = None
    splits_bytes: bool = False

    def answer(self, request: CompletionRequest) -> Answer:
        """What is said to `request`: the same for the same model and prompt."""
        random = Random(f"{request.model}\0{request.prompt}")
        answer = self.speech(request, random)
        if self.reasoning:
            answer = replace(answer, reasoning=speech.thoughts(self.reasoning, request, random))
        if self.sources and answer.text:
            answer = replace(answer, sources=speech.sources(self.sources, request))
        limits = [self.limit, request.max_tokens if self.obeys_max_tokens else None]
        limit = min((limit for limit in limits if limit is not None), default=len(answer.text))
        if limit < len(answer.text):
            return replace(answer, text=answer.text[:limit], finish_reason=FinishReason.LENGTH)
        return answer

    def sent_tokens(self, answer: Answer) -> int:
        """How many tokens of `answer` arrive whole and in order."""
        if self.refusal is not None:
            return 0
        return answer.token_count if self.broken is None else min(self.broken.after, answer.token_count)

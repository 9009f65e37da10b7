"""A model that says what a test wants, when the test wants it: for everything whose timing must be exact."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator

from ai_studio.llm import CompletionRequest, EventBatch, Finished, FinishReason, LLMError, Started, TextDelta, Usage
from chat.generation.summaries import PROMPT as SUMMARY_PROMPT
from chat.generation.titles import PROMPT as TITLE_PROMPT

Step = EventBatch | LLMError | Exception | asyncio.Event
"""A batch is said, an error raised, an event waited for."""

STARTED = Started("story-1", "completion-1")
FINISHED = Finished(FinishReason.STOP, Usage(input_tokens=12, output_tokens=34))


def text(*deltas: str) -> list[Step]:
    """A whole answer: a batch for each delta."""
    said: list[Step] = [[TextDelta(delta)] for delta in deltas]
    return [[STARTED], *said, [FINISHED]]


class PacedModel:
    """An `LLMClient`. Plays one script for each call; without one it says "Hello." Titles and summaries are asked apart.

    `requests`, `title_requests` and `summary_requests` hold what was asked, `closed` counts the calls that were left before their end.
    """

    def __init__(self) -> None:
        self.requests: list[CompletionRequest] = []
        self.title_requests: list[CompletionRequest] = []
        self.summary_requests: list[CompletionRequest] = []
        self.closed = 0
        self.summary: list[Step] = text("They spoke of boats.")
        self.title: list[Step] = text("A title")
        self._scripts: deque[list[Step]] = deque()

    def will_say(self, *steps: Step) -> None:
        """The script of the next call; `FINISHED` comes by itself where the last step is a batch without it."""
        self._scripts.append(list(steps))

    def will_wait(self, before: str = "") -> asyncio.Event:
        """The next call says `before`, then waits for the event, then finishes with " Done."."""
        gate = asyncio.Event()
        said: list[Step] = [[TextDelta(before)]] if before else []
        self.will_say([STARTED], *said, gate, [TextDelta(" Done.")], [FINISHED])
        return gate

    async def aclose(self) -> None:
        """There is no connection to close."""

    async def stream(self, request: CompletionRequest) -> AsyncGenerator[EventBatch, None]:
        """See `LLMClient`."""
        if request.instructions == TITLE_PROMPT:
            self.title_requests.append(request)
            script = self.title
        elif request.instructions == SUMMARY_PROMPT:
            self.summary_requests.append(request)
            script = self.summary
        else:
            self.requests.append(request)
            script = self._scripts.popleft() if self._scripts else text("Hello.")
        try:
            for step in script:
                if isinstance(step, asyncio.Event):
                    await step.wait()
                elif isinstance(step, Exception):
                    raise step
                else:
                    yield list(step)
        except (GeneratorExit, asyncio.CancelledError):
            self.closed += 1
            raise

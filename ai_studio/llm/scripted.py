"""An in-process `LLMClient` for tests: it says what it was told to say, and remembers what it was asked."""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncGenerator, Sequence

from ai_studio.llm.client import EventBatch
from ai_studio.llm.errors import LLMError
from ai_studio.llm.events import Finished, FinishReason, Started, TextDelta
from ai_studio.llm.types import CompletionRequest, Usage

ScriptStep = EventBatch | LLMError
"""A batch is yielded, an error is raised."""


def say(*texts: str, usage: Usage | None = None) -> list[ScriptStep]:
    """The script of a plain answer: one batch for each text, then the finish."""
    deltas: list[ScriptStep] = [[TextDelta(text)] for text in texts]
    finished = Finished(FinishReason.STOP, usage or Usage(input_tokens=1, output_tokens=len(texts)))
    return [[Started(model="scripted", completion_id="completion-1")], *deltas, [finished]]


class ScriptedClient:
    """Plays one script for each call, in the order in which they were enqueued.

    `requests` holds what was asked; `closed_early` counts the streams that were left before their script's end.
    """

    def __init__(self, *scripts: Sequence[ScriptStep]) -> None:
        self.requests: list[CompletionRequest] = []
        self.closed_early = 0
        self._scripts = deque(scripts)

    def enqueue(self, script: Sequence[ScriptStep]) -> None:
        self._scripts.append(script)

    async def stream(self, request: CompletionRequest) -> AsyncGenerator[EventBatch, None]:
        """See `LLMClient`. Raises `AssertionError` when no script is left."""
        self.requests.append(request)
        if not self._scripts:
            raise AssertionError("a call for which no script was enqueued")
        try:
            for step in self._scripts.popleft():
                if isinstance(step, LLMError):
                    raise step
                yield list(step)
        except GeneratorExit:
            self.closed_early += 1
            raise

"""The one interface between the product and model providers."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Protocol

from ai_studio.llm.events import CompletionEvent
from ai_studio.llm.types import CompletionRequest

EventBatch = list[CompletionEvent]
"""The events that one read of the network brought: never empty, in the provider's order."""


class LLMClient(Protocol):
    """Streams one completion.

    Batches are *pulled*: while the caller does something else, the provider's bytes wait in the socket's buffer, and the
    next batch holds all that came meanwhile. That is the whole of coalescing, and of back-pressure.

    The generator ends after the batch that holds `Finished`. It raises an `LLMError` for anything else, and whoever
    leaves it early must `aclose()` it, which closes the provider's connection at once.
    """

    def stream(self, request: CompletionRequest) -> AsyncGenerator[EventBatch, None]: ...

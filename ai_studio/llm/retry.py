"""Tries a model call again while nothing of the answer has been seen: the one place in the product that retries."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass

from ai_studio.llm.client import EventBatch, LLMClient
from ai_studio.llm.errors import LLMError, ProviderUnavailable, StreamInterrupted
from ai_studio.llm.events import Started
from ai_studio.llm.types import CompletionRequest

OnRetry = Callable[[LLMError, int, float], None]
"""Hears of each retry before its wait: the error, the number of the attempt that failed (from 1), the wait in seconds."""


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often and how patiently. Times are in seconds.

    The wait before attempt n + 1 is drawn from 0 to `base_delay` × 2^(n - 1), at most `max_delay`; what the provider asks
    for in its place is granted up to `longest_wait_asked`: who asks for more is given up at once.
    """

    attempts: int = 3
    base_delay: float = 1.0
    max_delay: float = 30.0
    longest_wait_asked: float = 30.0

    def delay_after(self, attempt: int, error: LLMError, random_unit: Callable[[], float]) -> float | None:
        """Seconds to wait after attempt number `attempt` (from 1) failed; None to give up."""
        if not error.retryable or attempt >= self.attempts:
            return None
        asked = error.retry_after if isinstance(error, ProviderUnavailable) else None
        if asked is not None:
            return asked if asked <= self.longest_wait_asked else None
        return random_unit() * min(self.max_delay, self.base_delay * 2.0 ** (attempt - 1))


class RetryingClient:
    """An `LLMClient` that repeats a call of `inner` until the first content, and never after it.

    `Started` is not content: it waits for the first batch that holds more, so that a caller sees it once. An error after
    content becomes `StreamInterrupted`, raised from it.
    """

    def __init__(
        self,
        inner: LLMClient,
        policy: RetryPolicy | None = None,
        *,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        random_unit: Callable[[], float] = random.random,
        on_retry: OnRetry | None = None,
    ) -> None:
        self._inner = inner
        self._policy = policy or RetryPolicy()
        self._sleep = sleep
        self._random_unit = random_unit
        self._on_retry = on_retry

    async def stream(self, request: CompletionRequest) -> AsyncGenerator[EventBatch, None]:
        """See `LLMClient`."""
        attempt = 1
        while True:
            held: EventBatch = []
            has_content = False
            try:
                async with aclosing(self._inner.stream(request)) as batches:
                    async for batch in batches:
                        if has_content:
                            yield batch
                        elif all(isinstance(event, Started) for event in batch):
                            held += batch
                        else:
                            has_content = True
                            del request  # pictures are megabytes, and there is no next attempt
                            yield held + batch
                return
            except LLMError as error:
                if has_content:
                    raise StreamInterrupted(error.detail, provider=error.provider, model=error.model) from error
                delay = self._policy.delay_after(attempt, error, self._random_unit)
                if delay is None:
                    raise
                if self._on_retry is not None:
                    self._on_retry(error, attempt, delay)
            await self._sleep(delay)
            attempt += 1

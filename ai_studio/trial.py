"""A trial of an agent: a real answer under the real plan, of which nothing stays but its cost in the ledger."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from decimal import Decimal

from channels.db import database_sync_to_async

from ai_studio import gateway
from ai_studio.gateway import Outcome, Plan, Route
from ai_studio.llm import Finished, LLMError, Message, ReasoningDelta, Started, TextDelta, Usage

MAX_MESSAGES = 60
MAX_CHARACTERS = 60_000
"""Of all messages of a trial together."""


@dataclass(slots=True)
class Trial:
    """What came of one answer; filled while `answer` runs. Times are milliseconds."""

    plan: Plan
    usage: Usage = field(default_factory=Usage)
    actual_model: str = ""
    finish_reason: str = ""
    first_token_ms: int | None = None
    duration_ms: int = 0
    cost: Decimal | None = None
    error: LLMError | None = None

    @property
    def route(self) -> Route:
        """The first, and no other: a trial shows what the agent's own model says, failures as well. Tools are for chats."""
        return replace(self.plan.routes[0], tools=())


async def answer(trial: Trial, messages: Sequence[Message]) -> AsyncGenerator[TextDelta | ReasoningDelta, None]:
    """The answer's text as it comes. It ends where the model fails, too; then `trial.error` says why."""
    begun = time.monotonic()
    try:
        client = gateway.client(routes_left=0)
        async with aclosing(client.stream(trial.route.request(messages))) as batches:
            async for batch in batches:
                for event in batch:
                    if isinstance(event, TextDelta | ReasoningDelta):
                        trial.first_token_ms = trial.first_token_ms or _since(begun)
                        yield event
                    elif isinstance(event, Started):
                        trial.actual_model = event.model
                    elif isinstance(event, Finished):
                        trial.usage, trial.finish_reason = event.usage, event.reason
    except LLMError as error:
        trial.error = error
    finally:
        trial.duration_ms = _since(begun)
        trial.cost = await database_sync_to_async(_record)(trial)


def _record(trial: Trial) -> Decimal | None:
    outcome = Outcome(
        purpose="trial",
        generation_id="",
        actual_model=trial.actual_model,
        usage=trial.usage,
        first_token_ms=trial.first_token_ms,
        duration_ms=trial.duration_ms,
        finish_reason=trial.finish_reason,
        error_code=trial.error.code if trial.error else "",
        error_detail=trial.error.detail if trial.error else "",
    )
    return gateway.record(trial.plan, trial.route, outcome, trial.error)


def _since(begun: float) -> int:
    return round((time.monotonic() - begun) * 1000)

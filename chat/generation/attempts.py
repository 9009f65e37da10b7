"""Tries the routes of a plan in order, until one gives content. After that nothing is tried any more: what came is kept."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing

from channels.db import database_sync_to_async

from ai_studio import gateway
from ai_studio.gateway import Outcome, Route
from ai_studio.llm import EventBatch, LLMError
from ai_studio.llm.errors import (
    Misconfigured,
    ModelNotFound,
    ProviderUnavailable,
    QuotaExhausted,
    RateLimited,
    TokenUnreadable,
    Unsupported,
)
from chat.failures import failure
from chat.generation.live import LiveGeneration, Tried
from chat.generation.pictures import shown

Announce = Callable[[dict[str, object]], None]
"""Hears of each attempt that failed, as `data-attempt` carries it."""


async def answer(live: LiveGeneration, announce: Announce) -> AsyncGenerator[EventBatch, None]:
    """The batches of the first route that answers; `live.route` is the one that is being asked.

    Raises the last route's LLMError. A request that the provider rejects is not tried elsewhere: it is at fault itself.
    """
    routes = list(live.job.plan.routes)
    while True:
        route = live.route = routes.pop(0)
        begun = time.monotonic()
        try:
            async with aclosing(_ask(live, route, len(routes), announce)) as batches:
                async for batch in batches:
                    yield batch
            return
        except (Misconfigured, ProviderUnavailable) as error:
            routes = [other for other in routes if _may_do_better(other, route, error)]
            if not routes:
                raise
            await _note(live, route, error, begun)
            announce({"attempt": live.attempts + 1, "delay": 0.0, **_told(error), "model": routes[0].model_name})
        live.attempts += 1


async def go_on(live: LiveGeneration, announce: Announce) -> AsyncGenerator[EventBatch, None]:
    """The batches of the next round: of the route that has answered so far, and no other. Raises its LLMError."""
    async with aclosing(_ask(live, live.route, 0, announce)) as batches:
        async for batch in batches:
            yield batch


async def _ask(
    live: LiveGeneration, route: Route, routes_left: int, announce: Announce
) -> AsyncGenerator[EventBatch, None]:
    def retrying(error: LLMError, _attempt: int, delay: float) -> None:
        live.attempts += 1
        announce({"attempt": live.attempts, "delay": delay, **_told(error), "model": route.model_name})

    client = gateway.client(routes_left=routes_left, on_retry=retrying)
    pictures = await shown(live.job.images_for(route))
    is_last = bool(route.tools) and live.round >= gateway.tool_rounds()
    request = route.request(live.messages_for(route, pictures), is_last_round=is_last)
    async with aclosing(client.stream(request)) as batches:
        del pictures, request  # megabytes, which nobody needs once the model has them
        async for batch in batches:
            yield batch


def _may_do_better(other: Route, failed: Route, error: LLMError) -> bool:
    match error:
        case ModelNotFound() | Unsupported():
            return other.model_id != failed.model_id
        case RateLimited() | QuotaExhausted() | TokenUnreadable():
            return other.token.pk != failed.token.pk
        case ProviderUnavailable():
            return other.provider_id != failed.provider_id or other.model_id != failed.model_id
        case _:
            return other.token.pk != failed.token.pk


async def _note(live: LiveGeneration, route: Route, error: LLMError, begun: float) -> None:
    live.tried.append(Tried(route.model_name, route.provider_name, error.code))
    outcome = Outcome(
        purpose="answer",
        generation_id=live.job.generation_id,
        duration_ms=round((time.monotonic() - begun) * 1000),
        error_code=error.code,
        error_detail=error.detail,
    )
    await database_sync_to_async(gateway.record)(live.job.plan, route, outcome, error)


def _told(error: LLMError) -> dict[str, str]:
    told = failure(error)
    return {"code": told["code"], "text": told["text"]}

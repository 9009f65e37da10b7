"""A call of the model that answered, for something that is no answer: a title, a summary. In the background: nobody waits for it."""

from __future__ import annotations

import logging
import time

from channels.db import database_sync_to_async

from ai_studio import gateway
from ai_studio.llm import Finished, LLMError, Message, Role, Started, TextDelta, Usage
from chat.generation.live import LiveGeneration

logger = logging.getLogger(__name__)


async def ask(live: LiveGeneration, purpose: str, instructions: str, shown: str) -> str:
    """What the model says of `shown`; empty where it failed, whatever came before it did. The ledger has it either way."""
    plan = gateway.aside(live.job.plan, instructions)
    route = plan.routes[live.job.plan.routes.index(live.route)]
    begun = time.monotonic()
    text, started, finished, error_code = "", None, None, ""
    stream = gateway.client(routes_left=0).stream(route.request([Message(Role.USER, shown)]))
    try:
        async for batch in stream:
            for event in batch:
                match event:
                    case TextDelta(delta):
                        text += delta
                    case Started():
                        started = event
                    case Finished():
                        finished = event
                    case _:
                        pass
    except LLMError as error:
        error_code = error.code
        context = {"session": live.job.session_id, "purpose": purpose, "code": error.code}
        logger.info("Nothing came of a call beside the answers", extra=context)
    finally:
        await stream.aclose()
    outcome = gateway.Outcome(
        purpose=purpose,
        generation_id=live.job.generation_id,
        actual_model=started.model if started else "",
        usage=finished.usage if finished else Usage(),
        duration_ms=round((time.monotonic() - begun) * 1000),
        finish_reason=str(finished.reason) if finished else "",
        error_code=error_code,
    )
    await database_sync_to_async(gateway.record)(plan, route, outcome)
    return "" if error_code else text

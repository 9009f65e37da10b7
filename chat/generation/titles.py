"""Names a session after its first answer, with the model that gave it. In the background: nobody waits for it."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from typing import Any

from channels.db import database_sync_to_async

from ai_studio import gateway
from ai_studio.llm import Finished, LLMError, Message, Role, Started, TextDelta, Usage
from chat import doorbell, frames
from chat.generation import store
from chat.generation.live import Job
from chat.models import Session
from chat.parts import Part, plain_text
from chat.selectors import running_in

logger = logging.getLogger(__name__)

MAX_CHARACTERS = 80
EXCERPT_CHARACTERS = 1_500
PROMPT = (
    "Write a title for the conversation that the user shows you: at most six words, in the language of the conversation,"
    " without quotation marks and without a full stop. Answer with the title alone."
)


async def name_session(job: Job, answer: Sequence[Part], answered_by: str) -> None:
    """Gives the session its title, unless its owner has named it meanwhile. A failure leaves the provisional one."""
    plan = gateway.for_title(job.plan, PROMPT)
    route = next((route for route in plan.routes if route.model_id == answered_by), plan.routes[0])
    asked = job.turns[-1]
    question = asked.text or ", ".join(file.name for file in asked.files)
    shown = f"User: {question[:EXCERPT_CHARACTERS]}\n\nAssistant: {plain_text(answer)[:EXCERPT_CHARACTERS]}"
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
        logger.info("No title", extra={"session": job.session_id, "code": error.code})
    finally:
        await stream.aclose()
    outcome = gateway.Outcome(
        purpose="title",
        generation_id=job.generation_id,
        actual_model=started.model if started else "",
        usage=finished.usage if finished else Usage(),
        duration_ms=round((time.monotonic() - begun) * 1000),
        finish_reason=str(finished.reason) if finished else "",
        error_code=error_code,
    )
    await database_sync_to_async(gateway.record)(plan, route, outcome)
    if title := clean(text):
        await _rename(job, title)


def clean(text: str) -> str:
    """The first line that says something, without the marks that models like to put around a title."""
    line = next((line for line in text.splitlines() if line.strip()), "")
    return line.strip().strip("#*\"'“”„«»` ").removesuffix(".")[:MAX_CHARACTERS].strip()


async def _rename(job: Job, title: str) -> None:
    if await database_sync_to_async(_store)(job.session_id, title):
        session = await database_sync_to_async(_data)(job.session_id)
        if session is not None:
            await doorbell.ring_frame(job.user_id, frames.session(session))


def _store(session_id: str, title: str) -> int:
    # Conditional: the owner may have named the session while the model was thinking.
    return Session.objects.filter(pk=session_id, is_title_chosen=False).update(title=title)


def _data(session_id: str) -> dict[str, Any] | None:
    # The owner may have sent the next message already.
    return store.session_data(session_id, running=running_in([session_id]).get(session_id))

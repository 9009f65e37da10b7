"""What readers think of answers."""

from __future__ import annotations

from typing import Any

from channels.db import database_sync_to_async
from django.utils import timezone

from chat import audience, frames, selectors
from chat.errors import InvalidCommand
from chat.presentation import message_json, session_json


async def rate(
    *,
    user_id: str,
    session_id: str,
    message_id: str,
    rating: str | None,
    reason: str | None,
    skip: str | None = None,
) -> dict[str, Any]:
    """Stores the rating ("up", "down", None takes it back) of a model's answer that has ended: the message's JSON.

    Raises SessionNotFound, MessageNotFound, InvalidCommand. `skip`: the name of the tab that needs no news of it.
    """
    session, message = await database_sync_to_async(_rate)(user_id, session_id, message_id, rating or "", reason or "")
    await audience.ring_followers(session, frames.message(session_id, message), skip=skip)
    return message


def _rate(
    user_id: str, session_id: str, message_id: str, rating: str, reason: str
) -> tuple[dict[str, Any], dict[str, Any]]:
    session = selectors.get_session(user_id, session_id)
    message = selectors.get_message(session, message_id)
    generation = selectors.generation_of(message)
    if generation is None or generation.is_active:
        raise InvalidCommand("Only a model's answer that is complete can be rated.")
    generation.rating, generation.rating_reason = rating, reason
    generation.rated_at = timezone.now() if rating else None
    generation.save(update_fields=["rating", "rating_reason", "rated_at"])
    return session_json(session, running=None), message_json(message, generation, selectors.summary_of(message))

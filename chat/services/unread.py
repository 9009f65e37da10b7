"""What somebody has not read yet, the same on all of their devices."""

from __future__ import annotations

from typing import Any

from channels.db import database_sync_to_async

from chat import doorbell, frames, selectors, shelves
from chat.models import Participant, Session


async def mark_read(*, user_id: str, session_id: str, leaf_id: str) -> dict[str, Any]:
    """The session's JSON. `leaf_id`: the end of the branch that was on the screen; where another one has come since, that
    is unread still. Raises SessionNotFound."""
    data, was_unread = await database_sync_to_async(_mark)(user_id, session_id, leaf_id)
    if was_unread:
        await doorbell.ring_frame(user_id, frames.session(data))
    return data


def _mark(user_id: str, session_id: str, leaf_id: str) -> tuple[dict[str, Any], bool]:
    session = selectors.get_session(user_id, session_id)
    if session.user_id == user_id:
        unread = Session.objects.filter(pk=session_id, leaf_id=leaf_id, is_unread=True)
        was_unread = bool(unread.update(is_unread=False))
    else:
        guest = Participant.objects.filter(
            session=session_id, session__leaf_id=leaf_id, user_id=user_id, is_unread=True
        )
        was_unread = bool(guest.update(is_unread=False))
    return shelves.shown_to(user_id, [selectors.get_session(user_id, session_id)])[0], was_unread

"""Tells the tabs of a session's people how it stands now, from the background."""

from __future__ import annotations

from typing import Any

from channels.db import database_sync_to_async

from chat import audience
from chat.generation import store


async def tell_session(session_id: str, known: dict[str, Any] | None = None) -> None:
    """A `session` frame for every tab; none where it has been deleted meanwhile. `known`: its JSON as it was read just now.

    Of two answers that end at the same moment each may have read that the other one is written still, and the one that read
    so earlier may ring later. So whoever says that something runs looks once more whether it does.
    """
    session = known or await _read(session_id)
    while session is not None:
        await audience.ring_session(session)
        told = session["generation"]
        if told is None:
            return
        session = await _read(session_id)
        if session is None or session["generation"] == told:
            return


async def tell_ended(session_id: str, generation_id: str, *, is_beside: bool) -> None:
    """An answer has ended that its process could not say the end of (`audience.ring_ended`)."""
    session = await _read(session_id)
    if session is not None:
        await audience.ring_ended(session, generation_id, is_beside=is_beside)
        await tell_session(session_id, session)


async def tell_followers(session_id: str, frame: str) -> None:
    """A frame for the tabs that follow the session."""
    session = await _read(session_id)
    if session is not None:
        await audience.ring_followers(session, frame)


async def _read(session_id: str) -> dict[str, Any] | None:
    return await database_sync_to_async(store.session_data)(session_id)

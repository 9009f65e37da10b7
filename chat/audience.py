"""Who hears of a session: its owner, and the guests who write in it. Each hears of it as they see it.

Where there are no guests, which its row says, nobody is looked up: a bell stands before the first token.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Iterable, Mapping, Sequence
from typing import Any

from channels.db import database_sync_to_async

from chat import access, doorbell, frames
from chat.presentation import as_guest

Shown = Mapping[str, Any]
"""The JSON of a session as its owner sees it."""


async def ring_session(session: Shown, *, skip: str | None = None) -> None:
    """How it stands, for every tab but the one of the name `skip`."""
    await _to_each(
        doorbell.ring_frame(person, frames.session(seen), skip=skip) for person, seen in await _views(session)
    )


async def ring_followers(session: Shown, frame: str, *, skip: str | None = None) -> None:
    """For the tabs that follow it."""
    await _to_each(
        doorbell.ring_frame(person, frame, session=session["id"], skip=skip) for person, _ in await _views(session)
    )


async def ring_begun(
    session: Shown,
    *,
    messages: list[str],
    generation: str | None,
    beside: list[tuple[str, str]],
    skip: str | None,
) -> None:
    """As `doorbell.ring_begun`."""
    await _to_each(
        doorbell.ring_begun(
            person,
            session=session["id"],
            frame=frames.session(seen),
            messages=messages,
            generation=generation,
            beside=beside,
            skip=skip,
        )
        for person, seen in await _views(session)
    )


async def ring_ended(session: Shown, generation: str, *, is_beside: bool) -> None:
    """As `doorbell.ring_ended`."""
    await _to_each(
        doorbell.ring_ended(person, session["id"], generation, is_beside=is_beside)
        for person, _ in await _views(session)
    )


async def ring_gone(people: Sequence[str], session_id: str) -> None:
    """These can't open it any more."""
    frame = frames.session_deleted(session_id)
    await _to_each(doorbell.ring_gone(person, session_id, frame) for person in people)


async def _to_each(bells: Iterable[Awaitable[None]]) -> None:
    """Not one after another: with Redis each bell is a way there and back. The only one of most chats needs no task of its own."""
    waiting = list(bells)
    await (waiting[0] if len(waiting) == 1 else asyncio.gather(*waiting))


async def _views(session: Shown) -> list[tuple[str, Shown]]:
    return await database_sync_to_async(_views_of_joint)(session) if session["joint"] else [(session["owner"], session)]


def _views_of_joint(session: Shown) -> list[tuple[str, Shown]]:
    """Without an owner who has left the team: what the guests write is not theirs to read any more."""
    owner = access.sessions_of(session["owner"]).filter(pk=session["id"], user__is_active=True)
    views = [(session["owner"], session)] if owner.exists() else []
    guests = access.guests_of(session["id"])
    return views + [(guest.user_id, as_guest(session, is_unread=guest.is_unread)) for guest in guests]

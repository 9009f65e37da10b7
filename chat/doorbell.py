"""Tells a user's open tabs, on any node, that something has changed.

The channel layer may lose a message: so a bell carries nothing that can't be had again by subscribing or reading.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from typing import Any

from channels.layers import get_channel_layer
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

LISTEN_AGAIN_SECONDS = 1.0


def group(user_id: str) -> str:
    return f"user.{user_id}"


async def ring_frame(user_id: str, frame: str, *, session: str | None = None, skip: str | None = None) -> None:
    """A frame for every tab, or for those that follow `session`; not for the tab of the name `skip`, which has it already."""
    await _ring(user_id, {"type": "bell.frame", "frame": frame, "session": session, "skip": skip})


async def ring_begun(
    user_id: str,
    *,
    session: str,
    frame: str,
    messages: list[str],
    generation: str | None,
    beside: list[tuple[str, str]],
    skip: str | None,
) -> None:
    """Answers begin: the session's `frame` for every tab; for those that follow it `messages` and the answer at the end of the branch
    (None: that is left as it was), and the generations `beside` it, each with its message, where they know of such.

    One bell, since it stands between a sent message and its first token. Not for the tab of the name `skip`, which has it already.
    """
    bell = {"frame": frame, "messages": messages, "session": session, "generation": generation, "beside": beside}
    await _ring(user_id, {"type": "bell.begun", "skip": skip, **bell})


async def ring_ended(user_id: str, session: str, generation: str, *, is_beside: bool) -> None:
    """Tabs that follow the session but do not watch the generation show what is stored of it.

    `is_beside`: it stands at the side of the answer on the screen, so this is for those that know of such.
    """
    await _ring(user_id, {"type": "bell.ended", "session": session, "generation": generation, "is_beside": is_beside})


async def ring_gone(user_id: str, session: str, frame: str) -> None:
    """The user can't open the session any more: no tab of theirs goes on watching it. `frame` says so to the page."""
    # For nodes of the version before it is a frame as any other, which `gone` adds to.
    bell = {"frame": frame, "session": None, "skip": None, "gone": session}
    await _ring(user_id, {"type": "bell.frame", **bell})


async def ring_recheck(user_id: str) -> None:
    """Each of the user's tabs looks now whether it is still signed in. A lost bell: they look within half a minute."""
    await _ring(user_id, {"type": "bell.recheck"})


async def ring_stop(owner: str, generation: str) -> None:
    """The process that produces the generation looks at its durable stop flag now, instead of within a second."""
    await _send(f"node.{owner}", {"type": "stop", "generation": generation})


async def stops_asked(owner: str) -> AsyncIterator[str]:
    """The generations whose stop other processes ask of this one. Without end: while no bell can be heard, it waits."""
    layer = get_channel_layer()
    assert layer is not None
    while True:
        try:
            channel = await layer.new_channel()
            await layer.group_add(f"node.{owner}", channel)
            while True:
                yield (await layer.receive(channel))["generation"]
        except RedisError:
            logger.warning("The bells of this process can't be heard", exc_info=True)
            await asyncio.sleep(LISTEN_AGAIN_SECONDS)


async def _ring(user_id: str, message: dict[str, Any]) -> None:
    await _send(group(user_id), {**message, "user": user_id})


async def _send(group_name: str, message: dict[str, Any]) -> None:
    layer = get_channel_layer()
    assert layer is not None
    try:
        await layer.group_send(group_name, message)
    except RedisError:
        # A bell is only ever a hurry: what it says can be had from the database and the log.
        logger.warning("A bell could not be rung", exc_info=True)

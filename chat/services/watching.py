"""Watching a session: the same news for a socket (frames) and for server-sent events (parts)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

from channels.db import database_sync_to_async
from django.db.models.functions import Now

from chat import frames, parts, selectors
from chat.errors import GenerationNotFound, InternalError
from chat.generation.registry import registry
from chat.models import Generation, Session
from chat.parts import Part
from chat.presentation import generation_json, message_json, seen_by, session_json
from chat.streams.base import Entry, StreamGap, join_deltas, merged_frames

LOOK_AGAIN_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Running:
    """What runs in a session, shown as its JSON: the generation of the answer that is on the screen, and those beside it."""

    session: dict[str, Any]
    generation: str | None
    beside: list[str]


async def subscribe(*, user_id: str, session_id: str) -> Running:
    """Raises SessionNotFound."""
    found = await database_sync_to_async(_subscribe)(user_id, session_id)
    running = [found.generation, *found.beside] if found.generation else found.beside
    if any(registry().get(generation_id) is None for generation_id in running):
        await end_silent(session_id)  # looked up again in any case: the reaper may have ended it in this very moment
        found = await database_sync_to_async(_subscribe)(user_id, session_id)
    return found


async def end_silent(session_id: str) -> bool:
    """Ends a generation of the session whose process is gone. Whether there was one."""
    registry().watch_for_silence()
    return bool(await registry().reaper.end_silent(session_id))


async def reap_generations() -> int:
    """Ends every generation whose process is gone, once, for a process that does nothing else. How many there were."""
    reaped = await registry().reaper.end_silent()
    await registry().log.aclose()
    return reaped


async def watch(
    *, user_id: str, session_id: str, generation_id: str, after: int | None
) -> AsyncGenerator[tuple[int, str], None]:
    """Frames of a generation after `after` (None: nothing is known yet), until it has ended, each with its `seq`.

    A `snapshot` comes where `after` is None or not held (any more), and at the end of one that was stopped or interrupted,
    since less may be kept of it than was said. Raises GenerationNotFound.
    """
    await _authorize(user_id, session_id, generation_id)
    stored_seq = -1
    while True:
        if after is not None:
            try:
                async with aclosing(_frames(generation_id, after)) as news:
                    async for after, frame in news:
                        yield after, frame
                return
            except StreamGap:
                pass
        live = registry().get(generation_id)
        if live is not None and not live.ended.is_set():
            after = live.seq
            yield after, frames.snapshot(session_id, generation_id, after, live.message_json())
            continue
        seq, frame, is_active = await database_sync_to_async(_stored_snapshot)(user_id, session_id, generation_id)
        if not is_active or seq != stored_seq:
            yield seq, frame
        if not is_active:
            return
        if seq == stored_seq:
            # Another process produces it, or did until it died, and its log can't be had: what it stores once a second can.
            await asyncio.sleep(LOOK_AGAIN_SECONDS)
        after = stored_seq = seq


async def _authorize(user_id: str, session_id: str, generation_id: str) -> None:
    """Asks the database only about what this process does not produce itself. Raises GenerationNotFound."""
    live = registry().get(generation_id)
    if live is None or (live.job.user_id, live.job.session_id) != (user_id, session_id):
        session_of = database_sync_to_async(selectors.session_of_generation)
        if await session_of(user_id, generation_id) != session_id:
            raise GenerationNotFound


async def _frames(generation_id: str, after: int) -> AsyncGenerator[tuple[int, str], None]:
    """What the log has after `after`, to its end. Raises StreamGap, also at an end that the stored message says better."""
    last: Entry | None = None
    async with aclosing(registry().log.follow(generation_id, after)) as news:
        async for entries in news:
            last = entries[-1]
            for frame in merged_frames(entries):
                yield frame
    if last is None or last.parts[-1]["type"] == "abort":
        raise StreamGap


async def watch_parts(*, user_id: str, generation_id: str) -> AsyncGenerator[list[Part], None]:
    """All parts of a generation from its `start`: what is there already in its shortest form, then live.

    One that has ended comes whole, as it is stored. Raises GenerationNotFound, and InternalError when the log is lost
    in the middle: what was said can't be taken back on this transport, so the client resumes with a new request.
    """
    generation = await database_sync_to_async(selectors.get_generation)(user_id, generation_id)
    live = registry().get(generation_id)
    after = 0
    if live is not None and live.seq > 1:
        after = live.seq
        yield [*_opening(generation), *live.accumulator.replay()]
    try:
        async with aclosing(registry().log.follow(generation_id, after)) as news:
            async for entries in news:
                after = entries[-1].seq
                yield join_deltas([part for entry in entries for part in entry.parts])
    except StreamGap as error:
        generation = await database_sync_to_async(selectors.get_generation)(user_id, generation_id)
        if after or generation.is_active:
            raise InternalError from error
        yield [*_opening(generation), *parts.unfold(generation.message.parts), parts.finish_step(), *_end(generation)]


def _opening(generation: Generation) -> list[Part]:
    data = generation_json(generation)
    metadata = {"generation": generation.pk, "model": data["model"], "agent": data["agent"]}
    return [parts.start(generation.message_id, metadata), parts.start_step()]


def _end(generation: Generation) -> list[Part]:
    if generation.status == Generation.Status.FAILED:
        return parts.error(generation.error or InternalError().as_json())
    if generation.status == Generation.Status.COMPLETED:
        return [parts.finish(generation.finish_reason or "other", generation.metadata)]
    return [parts.abort(str(generation.status))]


def _subscribe(user_id: str, session_id: str) -> Running:
    session = selectors.get_session(user_id, session_id)
    if session.is_temporary:
        # Whoever looks at it keeps it: a reload is activity.
        Session.objects.filter(pk=session_id).update(updated_at=Now())
    active = selectors.active_of(session_id)
    shown = session_json(session, running=active[0].pk if active else None)
    # A transition may have come after the answer: then it is the one that leads.
    on_screen = [one for one in active if one.message_id == session.leaf_id] or [one for one in active if not one.place]
    generation = on_screen[0].pk if on_screen else None
    return Running(seen_by(user_id, shown), generation, [one.pk for one in active if one.pk != generation])


def _stored_snapshot(user_id: str, session_id: str, generation_id: str) -> tuple[int, str, bool]:
    """Its `seq`, the frame, and whether the generation is still active."""
    generation = selectors.get_generation(user_id, generation_id)
    data = message_json(generation.message, generation, selectors.summary_of(generation.message))
    frame = frames.snapshot(session_id, generation_id, generation.seq, data)
    return generation.seq, frame, generation.is_active

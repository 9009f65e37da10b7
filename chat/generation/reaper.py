"""Ends generations whose process is gone, with all of their text that can be had."""

from __future__ import annotations

import asyncio
import logging
import math
import time
from collections.abc import Collection

from channels.db import database_sync_to_async
from django.db import Error as DatabaseFailure

from chat import parts
from chat.generation import recovery
from chat.generation.content import Content, content_at
from chat.generation.telling import tell_ended
from chat.models import Generation
from chat.streams.base import StreamLog, StreamLogUnavailable

logger = logging.getLogger(__name__)

LOOK_SECONDS = 5.0
LONGEST_PAUSE = 8.0
"""Seconds between two looks. After a longer pause, whatever was the reason, nobody is taken for dead for a while."""


class Reaper:
    """One per process. Whoever is silent is dead, unless it was this process that could not hear.

    While the database is away nobody can show a sign of life; the first to reach it again must not end what all others
    produce. So a judgement needs looks that went well, one after the other, for as long as a silence takes.
    """

    def __init__(self, live: Collection[str], log: StreamLog) -> None:
        """`live`: the generations that this process produces itself."""
        self._live = live
        self._log = log
        self._looked_at: float | None = None
        self._steady_since = -math.inf

    async def watch(self) -> None:
        """Looks every few seconds, without end."""
        while True:
            try:
                await self._end(await self._silent(session_id=None))
            except DatabaseFailure:
                self._steady_since = time.monotonic()
                logger.exception("Looking for interrupted generations failed; the next round tries again")
            await asyncio.sleep(LOOK_SECONDS)

    async def end_silent(self, session_id: str | None = None) -> int:
        """Ends the generations whose process is gone, of the session or of all. How many have ended."""
        return await self._end(await self._silent(session_id=session_id))

    async def _silent(self, *, session_id: str | None) -> list[Generation]:
        found = await database_sync_to_async(recovery.silent)(alive=list(self._live), session_id=session_id)
        now = time.monotonic()
        if self._looked_at is not None and now - self._looked_at > LONGEST_PAUSE:
            self._steady_since = now
        self._looked_at = now
        return found if now - self._steady_since >= recovery.SILENCE.total_seconds() else []

    async def _end(self, generations: list[Generation]) -> int:
        return [await self._interrupt(generation) for generation in generations].count(True)

    async def _interrupt(self, generation: Generation) -> bool:
        """False: not now, since what it said last can't be read at this moment."""
        try:
            recovered = await self._from_log(generation)
        except StreamLogUnavailable as failure:
            if await database_sync_to_async(recovery.may_wait)(generation):
                return False
            logger.warning("Ended with its last snapshot: %s", failure, extra={"generation": generation.pk})
            recovered = None
        status = await database_sync_to_async(recovery.interrupt)(generation, recovered)
        if status is None:
            return True
        logger.warning("Generation ended: its process is gone", extra={"generation": generation.pk, "status": status})
        try:
            await self._log.end_foreign(generation.pk, [parts.abort(status)])
        except StreamLogUnavailable:
            logger.warning("The log of a dead generation could not be ended", extra={"generation": generation.pk})
        is_beside = generation.place > 0 and generation.message_id != generation.session.leaf_id
        await tell_ended(generation.session_id, generation.pk, is_beside=is_beside)
        return True

    async def _from_log(self, generation: Generation) -> Content | None:
        """The answer up to the last flush, or up to what was seen when somebody asked to stop.

        None: the log did not outlive the process, or has no more than the snapshot. Raises StreamLogUnavailable.
        """
        entries = await self._log.read_all(generation.pk)
        wanted = entries[-1].seq if entries else 0
        if generation.status == Generation.Status.STOPPING and generation.stop_seen is not None:
            wanted = min(wanted, generation.stop_seen)
        return content_at(wanted, Content(generation.seq, generation.message.parts), entries)

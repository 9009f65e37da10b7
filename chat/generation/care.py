"""What goes on beside the generations of a process: snapshots and heartbeats, and stops from elsewhere."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence

from channels.db import database_sync_to_async
from django.db import Error as DatabaseFailure

from ai_studio.gateway import Composed
from chat import doorbell
from chat.generation import store
from chat.generation.live import LiveGeneration
from chat.owner import OWNER
from chat.parts import Part

logger = logging.getLogger(__name__)

SNAPSHOT_SECONDS = 1.0

Live = Mapping[str, LiveGeneration]


async def write_snapshots(live: Live) -> None:
    """Once a second, all that has changed in one transaction, for as long as something is being produced."""
    while live:
        await asyncio.sleep(SNAPSHOT_SECONDS)
        changed = [one for one in live.values() if one.seq > one.saved_seq]
        # Text and seq are read here, with no await between them: they belong together.
        rows = [(one.job.generation_id, one.job.message_id, one.seq, one.accumulator.stored()) for one in changed]
        unkept = [(one, one.route.prompt) for one in live.values() if one.kept_prompt is not one.route.prompt]
        elsewhere = await _save(rows, list(live), [prompt for _, prompt in unkept])
        if elsewhere is None:
            continue
        for one, prompt in unkept:
            one.kept_prompt = prompt
        for one, row in zip(changed, rows, strict=True):
            one.saved_seq = row[2]
        _heed(live, elsewhere)


async def heed_stops(live: Live) -> None:
    """Stops, asked for in another process. The flag is in the row; the bell says that it is there now."""
    async for generation_id in doorbell.stops_asked(OWNER):
        if generation_id in live and (elsewhere := await _save([], [generation_id])) is not None:
            _heed(live, elsewhere)


async def _save(
    rows: Sequence[tuple[str, str, int, list[Part]]], alive: Sequence[str], prompts: Sequence[Composed] = ()
) -> store.Elsewhere | None:
    """None: the database is away, and the next round tries again."""
    try:
        return await database_sync_to_async(store.save_snapshots)(rows, alive, prompts)
    except DatabaseFailure:
        logger.exception("Saving snapshots failed; the next round tries again")
        return None


def _heed(live: Live, elsewhere: store.Elsewhere) -> None:
    for generation_id, seen in elsewhere.stops.items():
        if (one := live.get(generation_id)) is not None:
            one.request_stop(seen)
    for generation_id in elsewhere.ended:
        if (one := live.get(generation_id)) is not None:
            one.interrupt()

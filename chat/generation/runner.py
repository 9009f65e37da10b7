"""Produces one answer: pulls from the model, appends to the stream log, stores the end.

The token path: provider bytes → decoder → `_produce` → stream log → each viewer. Nothing else is on it: the database
and the channel layer are touched before the first and after the last token only.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Any

from channels.db import database_sync_to_async
from django.db import InterfaceError, OperationalError

from ai_studio.llm import EventBatch, LLMError
from chat import parts
from chat.errors import FilesUnavailable, GenerationInterrupted, InternalError
from chat.failures import failure
from chat.generation import attempts, rounds, store
from chat.generation.beat import Beat
from chat.generation.content import Content, content_at
from chat.generation.live import LiveGeneration
from chat.generation.telling import tell_session
from chat.models import Generation
from chat.parts import Part
from chat.streams.base import StreamLog

logger = logging.getLogger(__name__)
Status = Generation.Status

STORE_PATIENCE_SECONDS = 60.0
FIRST_STORE_PAUSE_SECONDS, LONGEST_STORE_PAUSE_SECONDS = 0.1, 2.0


@dataclass(frozen=True, slots=True)
class Ending:
    """How a generation ended. `error`: as `data-error` carries it; `cause`: the failed model call behind it."""

    status: str
    error: dict[str, Any] | None = None
    cause: LLMError | None = None


async def run(live: LiveGeneration, log: StreamLog, beat: Beat) -> None:
    """Runs a generation to its end, whatever that is: afterwards the row is final and the log closed.

    `beat`: what comes from the model between two beats goes to the log as one entry.
    """
    job = live.job
    generation = job.message["generation"]
    metadata = {"generation": job.generation_id, "model": generation["model"], "agent": generation["agent"]}
    opening = [parts.start(job.message_id, metadata), parts.start_step(), *live.accumulator.replay()]
    live.seq = log.append(job.generation_id, opening)
    if live.is_stop_requested:
        ending = Ending(Status.STOPPED)  # stopped before it had begun
    else:
        live.producer = asyncio.create_task(_produce(live, log, beat))
        ending = await _ending(live, live.producer)
    await _store_and_tell(live, log, ending)


async def _produce(live: LiveGeneration, log: StreamLog, beat: Beat) -> None:
    def tell(news: list[Part]) -> None:
        live.seq = log.append(live.job.generation_id, news)

    def announce(data: dict[str, object]) -> None:
        tell([parts.attempt(data)])

    await _listen(live, log, beat, attempts.answer(live, announce))
    while rounds.are_due(live):
        await rounds.run(live, tell)
        if not rounds.begin_next(live, tell):
            return
        await _listen(live, log, beat, attempts.go_on(live, announce))


async def _listen(live: LiveGeneration, log: StreamLog, beat: Beat, stream: AsyncGenerator[EventBatch, None]) -> None:
    accumulator, generation_id = live.accumulator, live.job.generation_id
    try:
        async for batch in stream:
            news = accumulator.apply(batch)
            if not news:
                continue
            live.seq = log.append(generation_id, news)
            if live.first_token_at is None:
                live.first_token_at = time.monotonic()
            if live.first_word_at is None and accumulator.is_speaking:
                live.first_word_at = time.monotonic()
            if accumulator.finished is None:
                # The next pull brings all that arrives meanwhile: this pause is what makes deltas coalesce.
                await beat.wait()
    finally:
        # Shielded: a stop that comes while this runs must not leave the provider's connection open.
        await asyncio.shield(stream.aclose())


async def _ending(live: LiveGeneration, producer: asyncio.Task[None]) -> Ending:
    """Waits for the producer, which a stop cancels; this task itself is cancelled only when the process goes."""
    try:
        await producer
    except asyncio.CancelledError:
        if live.is_stop_requested:
            return Ending(Status.STOPPED)
        producer.cancel()
        return Ending(Status.INTERRUPTED, GenerationInterrupted().as_json())
    except LLMError as error:
        logger.warning("Model call failed", extra=_context(live, error.code, error.detail))
        return Ending(Status.FAILED, failure(error), error)
    except FilesUnavailable as problem:
        logger.exception("A picture of the question can't be read", extra=_context(live, problem.code, ""))
        return Ending(Status.FAILED, problem.as_json())
    except Exception:
        logger.exception("Generation failed", extra=_context(live, InternalError.code, ""))
        return Ending(Status.FAILED, InternalError().as_json())
    return Ending(Status.COMPLETED)


async def _store_and_tell(live: LiveGeneration, log: StreamLog, ending: Ending) -> None:
    job = live.job
    cut = await _seen_parts(live, log) if ending.status == Status.STOPPED else None
    live.seq = log.append(job.generation_id, [*live.accumulator.close(), parts.finish_step()])
    kept = live.accumulator.stored() if cut is None else cut
    try:
        stored = await _store(live, kept, ending)
    except Exception:
        logger.exception("Storing an answer failed", extra=_context(live, InternalError.code, ""))
        stored = store.Stored(Status.FAILED, {}, None)
    live.status = stored.status
    error = ending.error if stored.status == ending.status else None
    live.seq = log.append(job.generation_id, _terminal(live, stored, error))
    log.close(job.generation_id)
    live.ended.set()
    if stored.session is not None:
        await tell_session(job.session_id, stored.session)


async def _store(live: LiveGeneration, kept: list[Part], ending: Ending) -> store.Stored:
    """Waits for a database that is away for a moment: nothing but this write stands between an answer and its loss."""
    finish = database_sync_to_async(store.finish)
    deadline, pause = time.monotonic() + STORE_PATIENCE_SECONDS, FIRST_STORE_PAUSE_SECONDS
    while True:
        try:
            return await finish(live, kept, ending.status, ending.error, ending.cause)
        except (OperationalError, InterfaceError) as failure:
            if time.monotonic() > deadline:
                raise
            logger.warning("Storing an answer failed; trying again: %s", failure, extra=_context(live, "", ""))
        await asyncio.sleep(pause)
        pause = min(2 * pause, LONGEST_STORE_PAUSE_SECONDS)


async def _seen_parts(live: LiveGeneration, log: StreamLog) -> list[Part] | None:
    """The message as the one who stopped it saw it; None when that is all of it, or can't be told any more."""
    if live.seen is None or live.seen >= live.seq:
        return None
    entries = await log.read_all(live.job.generation_id)
    seen = content_at(live.seen, Content(live.seq, live.accumulator.stored()), entries)
    return None if seen is None else list(seen.parts)


def _terminal(live: LiveGeneration, stored: store.Stored, error: dict[str, Any] | None) -> list[Part]:
    if stored.status == Status.COMPLETED:
        return [parts.finish(store.finish_reason(live), stored.metadata)]
    if stored.status in (Status.STOPPED, Status.INTERRUPTED):
        return [parts.abort(stored.status)]
    return parts.error(error or InternalError().as_json())


def _context(live: LiveGeneration, code: str, detail: str) -> dict[str, str]:
    return {
        "generation": live.job.generation_id,
        "provider": live.route.provider_name,
        "model": live.route.provider_model,
        "code": code,
        "detail": detail[:2000],
    }

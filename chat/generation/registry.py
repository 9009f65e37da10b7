"""The generations that this process produces: strong references, so that no socket or request owns one.

One registry per event loop (a server has one; tests have many).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from contextvars import Context
from typing import Any
from weakref import WeakKeyDictionary

from django.conf import settings

from chat.draining import drain
from chat.generation import care, runner, summaries, titles
from chat.generation.beat import Beat
from chat.generation.live import Job, LiveGeneration
from chat.generation.reaper import Reaper
from chat.streams.base import StreamLog
from chat.streams.factory import stream_log

logger = logging.getLogger(__name__)

FLUSH_SECONDS = 0.04


class Registry:
    def __init__(self) -> None:
        self.log: StreamLog = stream_log()
        self.beat = Beat(FLUSH_SECONDS)
        self.live: dict[str, LiveGeneration] = {}
        self.reaper = Reaper(self.live, self.log)
        self._tasks: set[asyncio.Task[None]] = set()
        self._caring: dict[str, asyncio.Task[None]] = {}
        drain.finish_work = self.finish
        drain.install()

    def get(self, generation_id: str) -> LiveGeneration | None:
        return self.live.get(generation_id)

    def start(self, job: Job) -> LiveGeneration:
        """Starts producing. The rows are committed; `job` was never started before."""
        live = LiveGeneration(job)
        self.live[job.generation_id] = live
        self.log.open(job.generation_id)
        self._keep(self._run(live))
        self.care("snapshots", care.write_snapshots(self.live))
        self.care("stops", care.heed_stops(self.live))
        return live

    async def finish(self) -> None:
        """Lets what is being produced end within DRAIN_SECONDS; what does not is kept and marked as interrupted."""
        producing = list(self.live.values())
        waits = [asyncio.ensure_future(live.ended.wait()) for live in producing]
        if waits:
            await asyncio.wait(waits, timeout=settings.DRAIN_SECONDS)
        for live in self.live.values():
            live.interrupt()
        await asyncio.gather(*waits)
        await self.log.aclose()

    def watch_for_silence(self) -> None:
        """Starts the reaper, once: it ends the generations of processes that are gone."""
        self.care("silence", self.reaper.watch())

    def care(self, name: str, coroutine: Coroutine[Any, Any, None]) -> None:
        """Keeps what goes on without end, once for each name."""
        running = self._caring.get(name)
        if running is None or running.done():
            self._caring[name] = self._keep(coroutine)
        else:
            coroutine.close()

    def _keep(self, coroutine: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        # In a context of its own: a request's context holds the thread that asgiref runs its database calls on, and that
        # thread goes with the request, in the middle of the answer.
        task = asyncio.create_task(coroutine, context=Context())
        # The event loop itself holds tasks weakly: without this set one could vanish in the middle of an answer.
        self._tasks.add(task)
        task.add_done_callback(self._let_go)
        return task

    def _let_go(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (fault := task.exception()) is not None:
            # Nobody waits for these tasks: without this line a fault in one would never be heard of.
            logger.error("A task of the generations ended with a fault", exc_info=fault)

    async def _run(self, live: LiveGeneration) -> None:
        try:
            await runner.run(live, self.log, self.beat)
        finally:
            self.live.pop(live.job.generation_id, None)
            live.ended.set()
        if live.status != "completed":
            return
        if settings.TITLES and live.job.wants_title:
            await titles.name_session(live)
        if settings.SUMMARIES:
            await summaries.keep_up(live)


_registries: WeakKeyDictionary[asyncio.AbstractEventLoop, Registry] = WeakKeyDictionary()


def registry() -> Registry:
    """The running event loop's registry."""
    loop = asyncio.get_running_loop()
    if loop not in _registries:
        _registries[loop] = Registry()
    return _registries[loop]

"""Leaving in good order. On SIGTERM a process takes on nothing new, finishes what it produces, and only then goes.

The server's own handler for SIGTERM (Daphne's, uvicorn's) is called when all is done. A second SIGTERM calls it at once.
"""

from __future__ import annotations

import asyncio
import logging
import signal
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

logger = logging.getLogger(__name__)

BEGIN_SECONDS = 5.0

Step = Callable[[], Awaitable[None]]


class Drain:
    """`is_draining` is looked at by every door that starts something. First work is finished, then doors are closed."""

    def __init__(self) -> None:
        self.is_draining = False
        self.finish_work: Step | None = None
        self.close_doors: Step | None = None
        self._task: asyncio.Task[None] | None = None
        self._beginning = 0
        self._nothing_begins = asyncio.Event()
        self._nothing_begins.set()

    @contextmanager
    def beginning(self) -> Iterator[None]:
        """Around what has passed the door and is not yet work that `finish_work` knows of: a drain waits for it first."""
        self._beginning += 1
        self._nothing_begins.clear()
        try:
            yield
        finally:
            self._beginning -= 1
            if not self._beginning:
                self._nothing_begins.set()

    def install(self) -> None:
        """Takes over SIGTERM in the running loop. Elsewhere than in the main thread (tests) there are no signals to take."""
        if threading.current_thread() is not threading.main_thread():
            return
        previous = signal.getsignal(signal.SIGTERM)
        if callable(previous):
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, self._begin, previous)

    def _begin(self, leave: Callable[..., Any]) -> None:
        if self._task is not None:
            leave(signal.SIGTERM, None)
            return
        logger.info("Draining: nothing new is taken on")
        self.is_draining = True
        self._task = asyncio.create_task(self._run())
        self._task.add_done_callback(lambda _: leave(signal.SIGTERM, None))

    async def _run(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(BEGIN_SECONDS):
                await self._nothing_begins.wait()
        for step in (self.finish_work, self.close_doors):
            if step is not None:
                await step()
        logger.info("Drained")


drain = Drain()
"""This process's."""

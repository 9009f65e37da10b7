"""One timer for all generations of a process: a timer for each costs more than the tokens that it makes coalesce."""

from __future__ import annotations

import asyncio


class Beat:
    """Whoever waits goes on at the next beat, with all others. Nobody waits longer than `seconds`. For one event loop."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._waiting: list[asyncio.Future[None]] = []

    async def wait(self) -> None:
        loop = asyncio.get_running_loop()
        if not self._waiting:
            loop.call_later(self._seconds, self._go_on)
        waiter = loop.create_future()
        self._waiting.append(waiter)
        await waiter

    def _go_on(self) -> None:
        waiting, self._waiting = self._waiting, []
        for waiter in waiting:
            if not waiter.done():  # cancelled by a stop
                waiter.set_result(None)

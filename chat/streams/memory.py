"""The stream log of one process (specified in `base`)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator

from chat import frames
from chat.parts import Part
from chat.streams.base import Entry, StreamGap

KEPT_SECONDS = 60.0
MAX_ENTRIES = 4096


class GenerationLog:
    """One generation's newest entries, without a hole, and those who wait for more. Belongs to one event loop."""

    __slots__ = ("closed", "dropped", "encoded", "generation", "max_entries", "waiters")

    def __init__(self, generation: str, *, max_entries: int, dropped: int = 0) -> None:
        self.generation = generation
        self.max_entries = max_entries
        # Of each entry its parts as JSON, which is the least that can be held of it: `seq` is its place. Strings, since
        # orjson's bytes leave a hole of a kilobyte behind them in the heap for as long as they are kept.
        self.encoded: list[str] = []
        self.dropped = dropped  # how many of the oldest entries are not held: encoded[0] is the one of dropped + 1
        self.closed = False
        self.waiters: list[asyncio.Future[None]] = []

    @property
    def head(self) -> int:
        """The `seq` of the newest entry."""
        return self.dropped + len(self.encoded)

    def append(self, encoded: str) -> None:
        """The parts of the entry `head + 1`, as JSON."""
        self.encoded.append(encoded)
        if len(self.encoded) > self.max_entries:
            # Half at a time: dropping one per append would move the whole list each time.
            gone = self.max_entries // 2
            del self.encoded[:gone]
            self.dropped += gone
        if self.waiters:
            self.wake()

    def close(self) -> None:
        self.closed = True
        self.wake()

    def wake(self) -> None:
        waiters, self.waiters = self.waiters, []
        for waiter in waiters:
            if not waiter.done():
                waiter.set_result(None)

    async def change(self) -> None:
        """Until `wake`."""
        waiter = asyncio.get_running_loop().create_future()
        self.waiters.append(waiter)
        await waiter

    def after(self, seq: int) -> list[Entry]:
        """Raises StreamGap."""
        if not self.dropped <= seq <= self.head:
            raise StreamGap
        news = self.encoded[seq - self.dropped :]
        return [Entry(self.generation, number, encoded) for number, encoded in enumerate(news, start=seq + 1)]

    def held(self) -> list[Entry]:
        """All of them, oldest first."""
        return self.after(self.dropped)

    async def follow(self, after: int) -> AsyncGenerator[list[Entry], None]:
        while True:
            entries = self.after(after)
            if entries:
                after = entries[-1].seq
                yield entries
            elif self.closed:
                return
            else:
                await self.change()


class MemoryStreamLog:
    """All calls belong to one event loop; `append` and `close` therefore need no lock."""

    def __init__(self, *, kept_seconds: float = KEPT_SECONDS, max_entries: int = MAX_ENTRIES) -> None:
        self._logs: dict[str, GenerationLog] = {}
        self._kept_seconds = kept_seconds
        self._max_entries = max_entries

    def open(self, generation: str) -> None:
        self._logs[generation] = GenerationLog(generation, max_entries=self._max_entries)

    def append(self, generation: str, parts: list[Part]) -> int:
        log = self._logs[generation]
        log.append(frames.encode_parts(parts))
        return log.head

    def close(self, generation: str) -> None:
        self._logs[generation].close()
        asyncio.get_running_loop().call_later(self._kept_seconds, self._logs.pop, generation, None)

    def last_seq(self, generation: str) -> int:
        log = self._logs.get(generation)
        return log.head if log else 0

    def get(self, generation: str) -> GenerationLog | None:
        """The log of a generation that this process produces, or did a moment ago."""
        return self._logs.get(generation)

    def follow(self, generation: str, after: int) -> AsyncGenerator[list[Entry], None]:
        log = self._logs.get(generation)
        if log is None:
            raise StreamGap
        return log.follow(after)

    async def read_all(self, generation: str) -> list[Entry]:
        log = self._logs.get(generation)
        return log.held() if log else []

    async def end_foreign(self, generation: str, parts: list[Part]) -> bool:
        """There is nothing to end: the log of a process that is gone went with it."""
        return False

    async def aclose(self) -> None:
        """Nothing is held outside this process."""

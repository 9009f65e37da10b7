"""The stream log of one process (specified in `base`)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from typing import NamedTuple

from chat import frames
from chat.parts import Part
from chat.streams.base import Entry, StreamGap

KEPT_SECONDS = 60.0
MAX_ENTRIES = 4096
SEALED_ENTRIES = 32
SHORTER = (('[{"type":"text-delta","id":"', "\x01"), ('","delta":"', "\x02"), ('"}]', "\x03"))
"""What nearly all entries of an answer are made of but for their text, and a character that JSON never holds as it is."""


class Block(NamedTuple):
    """Consecutive entries, made small."""

    last: int
    """The `seq` of the newest of them."""
    packed: bytes

    @classmethod
    def of(cls, encoded: list[str], *, last: int) -> Block:
        text = "\n".join(encoded)  # JSON on one line has no line breaks of its own
        for words, sign in SHORTER:
            text = text.replace(words, sign)
        return cls(last, text.encode())

    def entries(self) -> list[str]:
        """The parts of each entry, as JSON."""
        text = self.packed.decode()
        for words, sign in SHORTER:
            text = text.replace(sign, words)
        return text.split("\n")


class GenerationLog:
    """One generation's newest entries, without a hole, and those who wait for more. Belongs to one event loop.

    The newest are held as viewers are sent them: of each its parts as JSON. Strings, since orjson's bytes leave a hole of
    a kilobyte behind them in the heap for as long as they are kept. Older ones, which only a viewer that comes back asks
    for, are sealed: a block of them is one piece of memory, a third as large.
    """

    __slots__ = ("closed", "dropped", "generation", "max_entries", "recent", "sealed", "settled", "waiters")

    def __init__(self, generation: str, *, max_entries: int, dropped: int = 0) -> None:
        self.generation = generation
        self.max_entries = max_entries
        self.dropped = dropped  # how many of the oldest entries are not held
        self.settled = dropped  # the `seq` of the newest entry that is sealed or gone: recent[0] is the next one
        self.sealed: list[Block] = []
        self.recent: list[str] = []
        self.closed = False
        self.waiters: list[asyncio.Future[None]] = []

    @property
    def head(self) -> int:
        """The `seq` of the newest entry."""
        return self.settled + len(self.recent)

    def append(self, encoded: str) -> None:
        """The parts of the entry `head + 1`, as JSON."""
        self.recent.append(encoded)
        if len(self.recent) > 2 * SEALED_ENTRIES:
            self.seal(self.recent[:SEALED_ENTRIES])
        if self.head - self.dropped > self.max_entries:
            # Half at a time: letting one go per append would move the whole list each time.
            self.drop(self.max_entries // 2)
        if self.waiters:
            self.wake()

    def seal(self, oldest: list[str]) -> None:
        """`oldest`: the first of `recent`."""
        self.settled += len(oldest)
        self.sealed.append(Block.of(oldest, last=self.settled))
        del self.recent[: len(oldest)]

    def drop(self, count: int) -> None:
        """Lets go of the oldest; what is left of a block goes with its last entry."""
        self.dropped += count
        self.sealed = [block for block in self.sealed if block.last > self.dropped]
        if self.dropped > self.settled:
            del self.recent[: self.dropped - self.settled]
            self.settled = self.dropped

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
        return [
            Entry(self.generation, number, text) for number, text in enumerate(self.encoded_after(seq), start=seq + 1)
        ]

    def encoded_after(self, seq: int) -> list[str]:
        """The parts of each entry after `seq`, as JSON. Raises StreamGap."""
        if not self.dropped <= seq <= self.head:
            raise StreamGap
        if seq >= self.settled:
            return self.recent[seq - self.settled :]
        older = [text for block in self.sealed if block.last > seq for text in block.entries()]
        return older[seq - self.settled :] + self.recent

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

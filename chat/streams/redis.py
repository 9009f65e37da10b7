"""The stream log of many processes (specified in `base`): memory for the own generations, Redis Streams for all others.

A viewer of a generation that this process produces reads memory and never waits for Redis. The mirror copies to Redis
beside the path; the reader follows what other processes have copied.

In Redis a log is a stream `chat-studio:log:GENERATION`. Its entry `SEQ-0` has the field `parts` (JSON). An entry above
all others closes it. docs/streams.md says what follows from that.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import suppress
from typing import Any

import orjson

from chat.parts import Part
from chat.streams.base import Entry, StreamLogUnavailable
from chat.streams.memory import MemoryStreamLog
from chat.streams.redis_connection import END, FAILURES, Link, RedisLogOptions, key_of, pool_for, read_items
from chat.streams.redis_mirror import Mirror
from chat.streams.redis_reader import Reader

DRAIN_SECONDS = 2.0

# One command, so that of two processes that end a log only one does. Arguments: END, milliseconds to live, parts.
_END_FOREIGN = """
local newest = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)[1]
local owned = newest and tonumber(string.match(newest[1], '^%d+')) or 0
if owned == tonumber(ARGV[1]) then
    return 0
end
local last = owned + 1
redis.call('XADD', KEYS[1], string.format('%d-0', last), 'parts', ARGV[3])
redis.call('XADD', KEYS[1], ARGV[1] .. '-0', 'last', last, 'owned', owned)
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return 1
"""


class RedisStreamLog:
    """All calls belong to one event loop. Raises ValueError for an address that is none."""

    def __init__(self, url: str, options: RedisLogOptions | None = None) -> None:
        self._options = options = options or RedisLogOptions()
        self._memory = MemoryStreamLog(kept_seconds=options.kept_in_memory_seconds, max_entries=options.max_entries)
        self._pool = pool_for(url, options)
        self._control = Link(self._pool)
        self._mirror = Mirror(self._memory, Link(self._pool), options)
        self._reader = Reader(Link(self._pool), self._control, options)

    def open(self, generation: str) -> None:
        self._memory.open(generation)
        self._mirror.open(generation)

    def append(self, generation: str, parts: list[Part]) -> int:
        seq = self._memory.append(generation, parts)
        self._mirror.note(generation)
        return seq

    def close(self, generation: str) -> None:
        self._memory.close(generation)
        self._mirror.close(generation, self._memory.last_seq(generation))

    def last_seq(self, generation: str) -> int:
        return self._memory.last_seq(generation)

    def follow(self, generation: str, after: int) -> AsyncGenerator[list[Entry], None]:
        own = self._memory.get(generation)
        return self._reader.follow(generation, after) if own is None else own.follow(after)

    async def read_all(self, generation: str) -> list[Entry]:
        own = self._memory.get(generation)
        if own is not None:
            return own.held()
        items = await self._ask("XRANGE", key_of(generation), "-", "+")
        try:
            entries, _ = read_items(generation, items)
        except ValueError as error:
            raise StreamLogUnavailable(f"The stream log of {generation} can't be read: {error}") from error
        return _without_hole(entries)

    async def end_foreign(self, generation: str, parts: list[Part]) -> bool:
        if self._memory.get(generation) is not None:
            return False
        kept = round(self._options.kept_seconds * 1000)
        return bool(await self._ask("EVAL", _END_FOREIGN, 1, key_of(generation), END, kept, orjson.dumps(parts)))

    async def aclose(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(DRAIN_SECONDS):
                await self._mirror.drain()
        await self._mirror.aclose()
        await self._reader.aclose()
        with suppress(*FAILURES):
            await self._pool.aclose()

    async def _ask(self, *command: str | bytes | int) -> Any:
        try:
            return await self._control.call(*command)
        except FAILURES as error:
            raise StreamLogUnavailable(str(error)) from error


def _without_hole(entries: list[Entry]) -> list[Entry]:
    """The newest of them that follow each other."""
    start = len(entries) - 1
    while start > 0 and entries[start - 1].seq == entries[start].seq - 1:
        start -= 1
    return entries[max(start, 0) :]

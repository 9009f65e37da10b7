"""Copies the generations of this process to Redis, where the other processes read them.

The producer never waits for it: entries are in memory first, and this task takes along what is new, for all
generations in one command. It keeps no entries of its own, only how far it is with each generation. So an outage costs
no memory, and whatever Redis has lost is copied again as far as memory still holds it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from dataclasses import dataclass

from chat.streams.memory import MemoryStreamLog
from chat.streams.redis_connection import END, FAILURES, Link, Outage, RedisLogOptions, key_of

logger = logging.getLogger(__name__)

ROUND_ENTRIES = 1000
ROUND_BYTES = 1024 * 1024
RENEWALS_PER_LIFE = 6

# Arguments: max length, milliseconds to live running, and closed, END; then per key: the first seq, the oldest seq
# that memory holds, how many entries follow, the last seq when the log is closed (else -1), the entries.
# The newest id decides what is written, so saying the same twice changes nothing. Returns index and newest seq of
# each log that could not be continued: END when it is closed, else what Redis has lost must be sent again.
_APPEND = """
local limit, running, kept, closing = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local at, refused = 5, {}
for index, key in ipairs(KEYS) do
    local first, oldest = tonumber(ARGV[at]), tonumber(ARGV[at + 1])
    local count, last = tonumber(ARGV[at + 2]), tonumber(ARGV[at + 3])
    at = at + 4
    local newest = redis.call('XREVRANGE', key, '+', '-', 'COUNT', 1)[1]
    local top = newest and tonumber(string.match(newest[1], '^%d+')) or 0
    if top == tonumber(closing) or (top + 1 < first and oldest < first) then
        refused[#refused + 1] = index
        refused[#refused + 1] = top
    else
        for offset = 0, count - 1 do
            if first + offset > top then
                local id = string.format('%d-0', first + offset)
                redis.call('XADD', key, 'MAXLEN', '~', limit, id, 'parts', ARGV[at + offset])
            end
        end
        if last >= 0 then
            redis.call('XADD', key, closing .. '-0', 'last', last, 'owned', last)
            redis.call('PEXPIRE', key, kept)
        else
            redis.call('PEXPIRE', key, running)
        end
    end
    at = at + count
end
return refused
"""


@dataclass(slots=True)
class _Cursor:
    """How far the copy of one generation is."""

    seq: int = 0
    last: int | None = None
    """The last `seq`, once the log is closed."""


@dataclass(frozen=True, slots=True)
class _Share:
    """What one round says of one generation."""

    generation: str
    first: int
    oldest: int
    payloads: list[bytes]
    last: int
    """-1: the log stays open."""

    @property
    def end(self) -> int:
        return self.first + len(self.payloads) - 1


class Mirror:
    def __init__(self, memory: MemoryStreamLog, link: Link, options: RedisLogOptions) -> None:
        self._memory = memory
        self._link = link
        self._options = options
        self._cursors: dict[str, _Cursor] = {}
        self._changed: dict[str, None] = {}  # a set that keeps its order: nobody waits longer than the others
        self._news = asyncio.Event()
        self._idle = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._outage = Outage("Copying the stream log to Redis", options)
        self._renew_at = 0.0

    def open(self, generation: str) -> None:
        self._cursors[generation] = _Cursor()

    def note(self, generation: str) -> None:
        """Something was appended. On the token path."""
        if generation in self._cursors:
            self._changed[generation] = None
            if not self._news.is_set():
                self._begin()

    def close(self, generation: str, last: int) -> None:
        """`last`: the `seq` of the last entry."""
        if generation in self._cursors:
            self._cursors[generation].last = last
            self.note(generation)

    async def drain(self) -> None:
        """Until all that was appended is in Redis."""
        while self._changed and self._task is not None and not self._task.done():
            self._idle.clear()
            await self._idle.wait()

    async def aclose(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def _begin(self) -> None:
        self._news.set()
        if self._task is None or self._task.done():
            self._renew_at = asyncio.get_running_loop().time() + self._renewal_seconds
            self._task = asyncio.create_task(self._copy())
            # Should it ever die of a bug, the next entry starts it anew.
            self._task.add_done_callback(lambda _: self._news.clear())

    @property
    def _renewal_seconds(self) -> float:
        return self._options.running_seconds / RENEWALS_PER_LIFE

    async def _copy(self) -> None:
        while True:
            await self._wait_for_news()
            try:
                await self._copy_round()
            except FAILURES as error:
                await asyncio.sleep(self._outage.failed(error))
            else:
                self._outage.is_over()
                await asyncio.sleep(self._options.round_seconds)

    async def _wait_for_news(self) -> None:
        loop = asyncio.get_running_loop()
        if not self._changed:
            self._news.clear()
            try:
                async with asyncio.timeout_at(self._renew_at):
                    await self._news.wait()
            except TimeoutError:
                pass  # it is time to renew
        if loop.time() >= self._renew_at:
            # A generation that says nothing for long, perhaps because a tool works, must not expire meanwhile.
            self._changed |= dict.fromkeys(self._cursors)
            self._renew_at = loop.time() + self._renewal_seconds

    async def _copy_round(self) -> None:
        shares = list(self._shares())
        if not shares:
            return
        options = self._options
        lives = (round(options.running_seconds * 1000), round(options.kept_seconds * 1000))
        arguments: list[str | bytes | int] = [options.max_entries, *lives, END]
        for share in shares:
            arguments += (share.first, share.oldest, len(share.payloads), share.last)
            arguments += share.payloads
        keys = [key_of(share.generation) for share in shares]
        refused = await self._link.call("EVAL", _APPEND, len(keys), *keys, *arguments)
        tops = dict(zip(refused[::2], refused[1::2], strict=True))
        for index, share in enumerate(shares, start=1):
            if index in tops:
                self._continue_from(share, tops[index])
            else:
                self._advance(share)
        if not self._changed:
            self._idle.set()

    def _shares(self) -> Iterator[_Share]:
        entries_left, bytes_left = ROUND_ENTRIES, ROUND_BYTES
        for generation in self._changed:
            if entries_left <= 0 or bytes_left <= 0:
                return
            share = self._share(generation, entries_left, bytes_left)
            entries_left -= len(share.payloads)
            bytes_left -= sum(map(len, share.payloads))
            yield share

    def _share(self, generation: str, entries_left: int, bytes_left: int) -> _Share:
        cursor, log = self._cursors[generation], self._memory.get(generation)
        if log is None:
            # Closed so long ago that memory has let it go, while Redis was away: only the end is left to be said.
            last = cursor.last or 0
            return _Share(generation, last + 1, last + 1, [], last)
        start = max(cursor.seq, log.dropped)
        payloads: list[bytes] = []
        for encoded in log.encoded_after(start)[:entries_left]:
            payloads.append(encoded.encode())
            bytes_left -= len(payloads[-1])
            if bytes_left <= 0:
                break
        first = start + 1
        last = -1 if cursor.last is None or cursor.last >= first + len(payloads) else cursor.last
        return _Share(generation, first, log.dropped + 1, payloads, last)

    def _advance(self, share: _Share) -> None:
        cursor = self._cursors[share.generation]
        cursor.seq = share.end
        if share.last >= 0:
            self._forget(share.generation)
        elif cursor.last is None and cursor.seq == self._memory.last_seq(share.generation):
            del self._changed[share.generation]

    def _continue_from(self, share: _Share, top: int) -> None:
        if top != END:
            self._cursors[share.generation].seq = top
            return
        if share.last < 0:
            logger.warning("A stream log was ended by another process", extra={"generation": share.generation})
        self._forget(share.generation)

    def _forget(self, generation: str) -> None:
        del self._cursors[generation]
        del self._changed[generation]

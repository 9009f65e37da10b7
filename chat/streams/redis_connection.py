"""How the stream log speaks with Redis: one connection per task, what an entry looks like, outages told once."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from redis.asyncio import Connection, ConnectionPool
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from chat.streams.base import Entry
from chat.streams.memory import KEPT_SECONDS, MAX_ENTRIES

logger = logging.getLogger(__name__)

Command = Sequence[str | bytes | int]

KEY_PREFIX = "chat-studio:log:"
CLIENT_NAME = "chat-studio-log"

END = 2**53 - 1
"""The id of the entry that closes a log. It is above every `seq`, so Redis itself refuses what would come after it;
and it is the largest number that a script can compare exactly."""

FAILURES = (RedisError, OSError)
"""What Redis not being there, or not being willing, looks like."""


@dataclass(frozen=True, slots=True)
class RedisLogOptions:
    """Times in seconds. What is held in memory is bounded by `max_entries` too, per generation."""

    max_entries: int = MAX_ENTRIES
    kept_seconds: float = 600
    """How long a closed log stays in Redis."""
    kept_in_memory_seconds: float = KEPT_SECONDS
    running_seconds: float = 3600
    """How long an open log stays in Redis after its owner's last sign of life."""
    round_seconds: float = 0.04
    """The pause after each copying to Redis."""
    pause_seconds: float = 0.02
    """The pause after each reading from Redis: what comes meanwhile is read at once."""
    block_seconds: float = 2.0
    """How long one read waits for news. Below the time-out of a silent connection."""
    patience_seconds: float = 0.25
    """How long a viewer waits for entries that the owner may be about to copy."""
    verify_seconds: float = 30.0
    """How often the reader looks whether the logs that it follows still exist."""
    response_seconds: float = 5.0
    """After this long a silent connection is given up."""
    first_backoff_seconds: float = 0.1
    longest_backoff_seconds: float = 2.0


@dataclass(frozen=True, slots=True)
class End:
    """How a log was closed."""

    last: int
    """The `seq` of its last entry."""
    owned: int
    """The `seq` of the last entry that its owner wrote. Below `last` where another process ended it."""


def key_of(generation: str) -> bytes:
    return f"{KEY_PREFIX}{generation}".encode()


def pool_for(url: str, options: RedisLogOptions) -> ConnectionPool:
    """Raises ValueError for an address that is none."""
    return ConnectionPool.from_url(
        url,
        protocol=2,
        client_name=CLIENT_NAME,
        socket_timeout=options.response_seconds,
        socket_connect_timeout=options.response_seconds,
        retry=Retry(NoBackoff(), 0),  # the tasks themselves try again: one place, one back-off
    )


class Link:
    """One connection: commands go one after the other. It connects when it is used, and again after a failure."""

    def __init__(self, pool: ConnectionPool) -> None:
        self._pool = pool
        self._connection: Connection | None = None
        self._lock = asyncio.Lock()

    async def call(self, *command: str | bytes | int) -> Any:
        """The reply, as bytes, ints and lists. Raises one of FAILURES."""
        [reply] = await self.call_all([command])
        return reply

    async def call_all(self, commands: Sequence[Command]) -> list[Any]:
        """One round trip for all of them. Raises one of FAILURES, whichever command failed."""
        async with self._lock:
            connection = await self._usable()
            try:
                await connection.send_packed_command(connection.pack_commands(commands))
                return [await connection.read_response() for _ in commands]
            except BaseException:
                # A failure, or a caller who was cancelled. Replies may still be under way: nobody must take them for
                # replies of his own.
                await connection.disconnect(nowait=True)
                raise

    async def _usable(self) -> Connection:
        if self._connection is None:
            self._connection = await self._pool.get_connection()  # type: ignore[no-untyped-call]
        elif self._connection.is_connected and await self._connection.can_read():
            # The other side closed it while it was idle, as a restart does. Told from a failure, because who asks for
            # the log of a dead owner takes a failure for a Redis that is away.
            await self._connection.disconnect(nowait=True)
        return self._connection


class Outage:
    """Says once that Redis is away, and once that it is back; and how long to wait before the next attempt."""

    def __init__(self, work: str, options: RedisLogOptions, random_unit: Callable[[], float] = random.random) -> None:
        """`work`: what fails, as the subject of a sentence."""
        self._work = work
        self._options = options
        self._random_unit = random_unit
        self._failures = 0

    def failed(self, error: Exception) -> float:
        """Seconds to wait."""
        self._failures += 1
        if self._failures == 1:
            return 0.0  # servers and proxies drop idle connections: a new one is tried before anybody is told
        if self._failures == 2:
            logger.warning("%s fails; trying again until it works: %s", self._work, error)
        doubled = self._options.first_backoff_seconds * 2.0 ** min(self._failures - 2, 16)
        return min(self._options.longest_backoff_seconds, doubled) * (0.5 + self._random_unit() / 2)

    def is_over(self) -> None:
        if self._failures > 1:
            logger.warning("%s works again", self._work)
        self._failures = 0


def seq_of(entry_id: bytes) -> int:
    return int(entry_id[: entry_id.index(b"-")])


def read_items(generation: str, items: Sequence[Any]) -> tuple[list[Entry], End | None]:
    """What a part of a stream says, as XREAD and XRANGE give it. Raises ValueError for what this version can't read."""
    entries: list[Entry] = []
    for entry_id, fields in items:
        seq = seq_of(entry_id)
        if seq == END:
            return entries, End(last=int(fields[1]), owned=int(fields[3]))
        orjson.loads(fields[1])  # it goes into frames as it is, so it must be JSON
        entries.append(Entry(generation, seq, fields[1].decode()))
    return entries, None

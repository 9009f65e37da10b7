"""Several stream logs on one Redis, as several nodes have them: what the tests of the Redis stream log share."""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import replace

import redis.asyncio

from chat import parts
from chat.parts import Part
from chat.streams.base import Entry, StreamLog
from chat.streams.redis import RedisStreamLog
from chat.streams.redis_connection import CLIENT_NAME, RedisLogOptions, key_of

QUICK = RedisLogOptions(
    round_seconds=0.005,
    pause_seconds=0.005,
    patience_seconds=0.25,
    first_backoff_seconds=0.01,
    longest_backoff_seconds=0.05,
)
"""The real times made short. Reads still wait two seconds for news: whatever is quicker was woken."""


def new_generation() -> str:
    return f"g-{secrets.token_urlsafe(12)}"


def say(text: str) -> list[Part]:
    return [parts.text_delta("t1", text)]


class Nodes:
    """Stream logs and a client of one Redis, all closed at the end."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.client = redis.asyncio.Redis.from_url(url)
        self._logs: list[RedisStreamLog] = []

    def node(self, **changed: float) -> RedisStreamLog:
        """One more; `changed` are options that differ from QUICK."""
        log = RedisStreamLog(self.url, replace(QUICK, **changed))
        self._logs.append(log)
        return log

    async def aclose(self) -> None:
        for log in self._logs:
            await log.aclose()
        await self.client.aclose()

    async def connections(self) -> int:
        """How many connections all nodes have together."""
        return sum(client["name"] == CLIENT_NAME for client in await self.client.client_list())

    async def copied(self, log: RedisStreamLog, generation: str) -> None:
        """Until Redis has all that was appended so far."""
        await log._mirror.drain()
        assert await self.client.exists(key_of(generation))

    async def waiting_for_news(self, log: RedisStreamLog) -> None:
        """Until the reader of `log` waits for news of the generations that it follows."""
        while not log._reader._needs_wake:
            await asyncio.sleep(0.001)

    async def reads(self) -> int:
        """How often anybody read streams."""
        statistics: dict[str, dict[str, int]] = await self.client.info("commandstats")
        return statistics["cmdstat_xread"]["calls"]


def append(log: StreamLog, generation: str, count: int) -> None:
    """Entries whose text is their `seq`."""
    for _ in range(count):
        log.append(generation, say(str(log.last_seq(generation) + 1)))


async def heard(log: StreamLog, generation: str, after: int = 0) -> list[Entry]:
    """All that a viewer gets until the log is closed. Checks what always holds."""
    got: list[Entry] = []
    async for entries in log.follow(generation, after):
        assert entries
        for entry in entries:
            after += 1
            assert (entry.generation, entry.seq) == (generation, after)
        got += entries
    return got


def texts(entries: list[Entry]) -> list[str]:
    return [part["delta"] for entry in entries for part in entry.parts if "delta" in part]


def numbers(first: int, last: int) -> list[str]:
    """The texts of entries `first` to `last`."""
    return [str(number) for number in range(first, last + 1)]

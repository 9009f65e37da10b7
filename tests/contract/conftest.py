"""An emulator that remembers nothing; LiteLLM's client; the implementations of the stream log; and nodes that share a Redis, for the tests of the one on it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING

import pytest
from redis import Redis

from ai_studio.emulator.testing import reset
from chat.streams.base import StreamLog
from chat.streams.memory import MAX_ENTRIES, MemoryStreamLog
from chat.streams.redis import RedisStreamLog
from chat.streams.redis_connection import RedisLogOptions
from tests.contract.redis_nodes import Nodes, new_generation

if TYPE_CHECKING:
    from ai_studio.llm.litellm_client import LiteLLMClient

MakeLog = Callable[..., StreamLog]


@pytest.fixture
def emulator(emulator: str) -> str:
    """The one of all tests, without what others have asked it."""
    reset(emulator)
    return emulator


@pytest.fixture
async def client() -> AsyncIterator[LiteLLMClient]:
    from ai_studio.llm.litellm_client import LiteLLMClient

    client = LiteLLMClient()
    yield client
    await client.aclose()


@pytest.fixture(scope="session", params=["memory", pytest.param("redis", marks=pytest.mark.redis)])
def implementation(request: pytest.FixtureRequest) -> MakeLog:
    """Makes logs; `kept_seconds` and `max_entries` bound what is held."""
    if request.param == "memory":
        return MemoryStreamLog
    url = f"{request.getfixturevalue('redis_url').removesuffix('/0')}/6"  # a database of its own

    def redis_log(kept_seconds: float = 60, max_entries: int = MAX_ENTRIES) -> RedisStreamLog:
        with Redis.from_url(url) as client:
            client.flushdb()
        kept = {"kept_seconds": kept_seconds, "kept_in_memory_seconds": kept_seconds}
        return RedisStreamLog(url, RedisLogOptions(max_entries=max_entries, **kept))

    return redis_log


@pytest.fixture
async def make_log(implementation: MakeLog) -> AsyncIterator[MakeLog]:
    """As `implementation`; what it makes is closed after the test."""
    made: list[StreamLog] = []

    def make(**bounds: float) -> StreamLog:
        made.append(implementation(**bounds))
        return made[-1]

    yield make
    for log in made:
        await log.aclose()


@pytest.fixture
async def nodes(redis_url: str) -> AsyncIterator[Nodes]:
    several = Nodes(f"{redis_url.removesuffix('/0')}/7")  # a database of its own, so that it may be emptied
    await several.client.flushdb()
    yield several
    await several.aclose()


@pytest.fixture
def generation() -> str:
    return new_generation()

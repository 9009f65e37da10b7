"""Redis killed, frozen, started again, connections cut: no viewer loses or doubles anything, and no producer waits."""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import AsyncIterator, Iterator

import pytest

from chat.streams.base import StreamGap
from chat.streams.redis import RedisStreamLog
from chat.streams.redis_connection import CLIENT_NAME, Outage, RedisLogOptions, key_of
from tests.contract.redis_nodes import Nodes, append, heard, new_generation, numbers, texts
from tests.contract.restartable_redis import RestartableRedis, restartable_redis
from tests.servers import Missing

pytestmark = [pytest.mark.redis, pytest.mark.timeout(60)]


@pytest.fixture(scope="module")
def server() -> Iterator[RestartableRedis]:
    try:
        with restartable_redis() as running:
            yield running
    except Missing as missing:
        pytest.skip(str(missing))


@pytest.fixture
async def nodes(server: RestartableRedis) -> AsyncIterator[Nodes]:
    several = Nodes(server.url)
    yield several
    await several.aclose()


async def told(caplog: pytest.LogCaptureFixture, text: str) -> None:
    """Until the log says so."""
    async with asyncio.timeout(10):
        while text not in caplog.text:
            await asyncio.sleep(0.005)


async def test_a_killed_redis_comes_back_empty_and_nothing_is_lost(nodes, server, generation, caplog):
    owner, other = nodes.node(), nodes.node()
    owner.open(generation)
    append(owner, generation, 20)
    viewers = [asyncio.create_task(heard(other, generation, after)) for after in (0, 10)]
    local = asyncio.create_task(heard(owner, generation))
    following = other.follow(generation, 0)
    assert texts(await anext(following)) == numbers(1, 20)
    server.kill()
    for _ in range(20):
        append(owner, generation, 1)
        await asyncio.sleep(0.005)
    await told(caplog, "Copying the stream log to Redis fails")
    await told(caplog, "Reading stream logs from Redis fails")
    server.start()
    assert texts(await anext(following))[0] == "21"
    append(owner, generation, 10)
    owner.close(generation)
    assert [texts(await viewer) for viewer in viewers] == [numbers(1, 50), numbers(11, 50)]
    assert texts(await local) == numbers(1, 50)
    assert texts(await heard(other, generation)) == numbers(1, 50), "Redis holds all of it again"
    assert texts(await other.read_all(generation)) == numbers(1, 50)
    messages = [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]
    assert sorted(message.split(";")[0] for message in messages) == [
        "Copying the stream log to Redis fails",
        "Copying the stream log to Redis works again",
        "Reading stream logs from Redis fails",
        "Reading stream logs from Redis works again",
    ], "once per outage, not per round"


async def test_the_producer_never_waits_for_a_frozen_redis(nodes, server, generation):
    """Commands that were sent before time ran out are carried out at the thaw, after which they are sent again."""
    owner, other = nodes.node(response_seconds=0.2), nodes.node(response_seconds=3)
    owner.open(generation)
    append(owner, generation, 5)
    viewer = asyncio.create_task(heard(other, generation))
    await nodes.copied(owner, generation)
    server.freeze()
    try:
        longest = 0.0
        for _ in range(60):
            before = time.perf_counter()
            append(owner, generation, 1)
            longest = max(longest, time.perf_counter() - before)
            await asyncio.sleep(0.01)
    finally:
        server.thaw()
    assert longest < 0.05
    append(owner, generation, 5)
    owner.close(generation)
    assert texts(await viewer) == numbers(1, 70)
    assert texts(await heard(other, generation)) == numbers(1, 70)


async def test_a_viewer_who_comes_while_redis_is_away_is_served_when_it_is_back(nodes, server, generation, caplog):
    owner, other = nodes.node(), nodes.node()
    owner.open(generation)
    server.kill()
    append(owner, generation, 5)
    viewer = asyncio.create_task(heard(other, generation))
    await told(caplog, "Reading stream logs from Redis fails")
    assert not viewer.done()
    server.start()
    await nodes.copied(owner, generation)
    owner.close(generation)
    assert texts(await viewer) == numbers(1, 5)


async def test_what_is_older_than_the_replica_is_a_gap_while_redis_is_away(nodes, server, generation):
    owner, other = nodes.node(), nodes.node()
    owner.open(generation)
    append(owner, generation, 5)
    await nodes.copied(owner, generation)
    following = other.follow(generation, 3)
    assert texts(await anext(following)) == ["4", "5"]
    server.kill()
    with pytest.raises(StreamGap):
        await heard(other, generation, 1)
    server.start()
    append(owner, generation, 1)
    assert texts(await anext(following)) == ["6"]
    await following.aclose()


async def test_an_outage_longer_than_memory_leaves_a_gap_that_viewers_notice(nodes, server, generation):
    owner, other = nodes.node(max_entries=10), nodes.node()
    owner.open(generation)
    append(owner, generation, 5)
    following = other.follow(generation, 0)
    assert texts(await anext(following)) == numbers(1, 5)
    server.kill()
    append(owner, generation, 60)
    server.start()
    with pytest.raises(StreamGap):
        await anext(following)
    append(owner, generation, 2)
    owner.close(generation)
    assert texts(await heard(other, generation, 60)) == numbers(61, 67)


async def test_what_ended_during_a_long_outage_costs_no_memory_and_ends_its_viewers(nodes, server, generation):
    owner, other = nodes.node(kept_in_memory_seconds=0), nodes.node()
    owner.open(generation)
    append(owner, generation, 5)
    following = other.follow(generation, 0)
    assert texts(await anext(following)) == numbers(1, 5)
    server.kill()
    append(owner, generation, 5)
    owner.close(generation)
    while owner.last_seq(generation):
        await asyncio.sleep(0)
    server.start()
    with pytest.raises(StreamGap):
        await anext(following)
    with pytest.raises(StreamGap):
        await heard(other, generation)
    await owner._mirror.drain()


async def test_an_idle_connection_that_was_dropped_is_no_outage(nodes, generation, caplog):
    owner, other = nodes.node(), nodes.node()
    for _ in range(3):
        each = new_generation()
        owner.open(each)
        append(owner, each, 3)
        owner.close(each)
        assert texts(await heard(other, each)) == numbers(1, 3)
        await _cut_all(nodes)
    assert not caplog.records


async def test_closing_a_log_without_redis_is_quick(nodes, server, generation):
    owner, other = nodes.node(), nodes.node()
    owner.open(generation)
    append(owner, generation, 3)
    following = other.follow(generation, 0)
    await anext(following)
    server.kill()
    append(owner, generation, 3)
    begun = time.monotonic()
    await owner.aclose()
    await other.aclose()
    assert time.monotonic() - begun < 5
    with pytest.raises(StreamGap):
        await anext(following)
    server.start()


@pytest.mark.parametrize("seed", range(6))
async def test_whatever_happens_on_the_way_all_viewers_end_with_the_same(nodes, server, seed):
    """Viewers come and go on three nodes, connections are cut, keys vanish; who is told of a gap begins anew."""
    chance = random.Random(seed)
    owners, watching = [nodes.node(), nodes.node()], [nodes.node(), nodes.node(), nodes.node()]
    generations = {new_generation(): chance.choice(owners) for _ in range(6)}
    for each, owner in generations.items():
        owner.open(each)
    viewers: list[asyncio.Task[list[str]]] = []
    wanted: list[tuple[str, int]] = []
    for _ in range(120):
        each, owner = chance.choice(list(generations.items()))
        append(owner, each, chance.randint(1, 4))
        if chance.random() < 0.3:
            after = chance.randint(0, owner.last_seq(each))
            viewers.append(asyncio.create_task(_stubborn(chance.choice(watching), each, after)))
            wanted.append((each, after))
        if chance.random() < 0.05:
            await _cut_all(nodes)
        if chance.random() < 0.03:
            await nodes.client.delete(key_of(each))
        await asyncio.sleep(chance.choice([0, 0, 0.001, 0.01]))
    lasts = {each: owner.last_seq(each) for each, owner in generations.items()}
    for each, owner in generations.items():
        owner.close(each)
    for viewer, (each, seen) in zip(viewers, wanted, strict=True):
        assert await viewer == numbers(seen + 1, lasts[each])


async def _stubborn(log: RedisStreamLog, generation: str, after: int) -> list[str]:
    """What a viewer has in the end who begins anew whenever it is told of a gap."""
    while True:
        try:
            return texts(await heard(log, generation, after))
        except StreamGap:
            await asyncio.sleep(0.01)


async def _cut_all(nodes: Nodes) -> None:
    for client in await nodes.client.client_list():
        if client["name"] == CLIENT_NAME:
            await nodes.client.client_kill_filter(_id=client["id"])


def test_attempts_become_rarer_but_never_stop():
    options = RedisLogOptions(first_backoff_seconds=0.1, longest_backoff_seconds=2.0)
    outage = Outage("It", options, random_unit=lambda: 1.0)
    delays = [outage.failed(OSError()) for _ in range(2000)]
    assert delays[:7] == [0.0, 0.1, 0.2, 0.4, 0.8, 1.6, 2.0]
    assert set(delays[7:]) == {2.0}
    outage.is_over()
    assert outage.failed(OSError()) == 0.0

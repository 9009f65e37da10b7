"""The stream log on Redis when its owner is gone; its connections, and the setting that chooses it."""

from __future__ import annotations

import asyncio

import pytest
from django.test import override_settings
from redis.exceptions import ResponseError

from chat.streams.base import StreamGap, StreamLogUnavailable
from chat.streams.factory import stream_log
from chat.streams.memory import MemoryStreamLog
from chat.streams.redis import RedisStreamLog
from chat.streams.redis_connection import Link, key_of, pool_for
from tests.contract.redis_nodes import QUICK, append, heard, new_generation, numbers, say, texts
from tests.servers import free_port

pytestmark = [pytest.mark.redis, pytest.mark.timeout(30)]


async def test_many_generations_and_viewers_share_one_connection(nodes):
    owner, other = nodes.node(), nodes.node()
    before = await nodes.connections()
    generations = [new_generation() for _ in range(40)]
    for each in generations:
        owner.open(each)
        append(owner, each, 2)
    viewers = [asyncio.create_task(heard(other, each, after)) for each in generations for after in (0, 0, 1, 2)]
    for each in generations:
        await nodes.copied(owner, each)
        append(owner, each, 1)
    # The owner's mirror, the other's reader, and the one that wakes it and fetches what is older.
    assert await nodes.connections() - before <= 3
    for each in generations:
        owner.close(each)
    got = [texts(await viewer) for viewer in viewers]
    assert got == [numbers(after + 1, 3) for _ in generations for after in (0, 0, 1, 2)]


async def test_nothing_is_read_for_nobody(nodes, generation):
    owner, other = nodes.node(), nodes.node()
    owner.open(generation)
    append(owner, generation, 1)
    viewers = [other.follow(generation, 0) for _ in range(3)]
    for viewer in viewers:
        await anext(viewer)
        await viewer.aclose()
    owner.close(generation)
    await nodes.copied(owner, generation)
    assert not other._reader._replicas


async def test_a_node_that_follows_nothing_has_no_connection(nodes, generation):
    before = await nodes.connections()
    log = nodes.node()
    log.open(generation)
    with pytest.raises(StreamGap):
        await heard(log, generation, 1)
    assert await nodes.connections() == before


async def test_a_command_that_fails_does_not_mix_up_the_replies_of_others(nodes, generation):
    await nodes.client.set(key_of(generation), "no stream")
    pool = pool_for(nodes.url, QUICK)
    link = Link(pool)
    with pytest.raises(ResponseError, match="WRONGTYPE"):
        await link.call_all([("XLEN", key_of(generation)), ("ECHO", "a"), ("ECHO", "b")])
    assert await link.call("ECHO", "c") == b"c"
    await pool.aclose()


async def test_a_command_that_is_given_up_does_not_mix_up_the_replies_of_others(nodes):
    pool = pool_for(nodes.url, QUICK)
    link = Link(pool)
    assert await link.call("ECHO", "a") == b"a"
    given_up = asyncio.create_task(link.call("BLPOP", "nothing-is-here", "0.05"))
    await asyncio.sleep(0.01)
    given_up.cancel()
    assert await link.call("ECHO", "b") == b"b"
    await pool.aclose()


async def test_a_connection_that_was_closed_while_idle_is_no_failure(nodes, generation):
    owner, other = nodes.node(), nodes.node()
    owner.open(generation)
    append(owner, generation, 3)
    await nodes.copied(owner, generation)
    assert texts(await other.read_all(generation)) == numbers(1, 3)
    await nodes.client.client_kill_filter(_type="normal", skipme=True)
    await asyncio.sleep(0.05)
    assert texts(await other.read_all(generation)) == numbers(1, 3)


async def test_all_that_was_copied_can_be_read(nodes, generation):
    owner, other = nodes.node(), nodes.node()
    assert await other.read_all(generation) == []
    owner.open(generation)
    append(owner, generation, 30)
    await nodes.copied(owner, generation)
    assert texts(await other.read_all(generation)) == numbers(1, 30)
    assert texts(await owner.read_all(generation)) == numbers(1, 30)
    assert await other.end_foreign(generation, say("end"))
    assert texts(await other.read_all(generation)) == [*numbers(1, 30), "end"]


async def test_what_is_read_has_no_hole(nodes, generation):
    for seq in (1, 2, 5, 6):
        await nodes.client.xadd(key_of(generation), {"parts": b"[]"}, id=f"{seq}-0")
    assert [entry.seq for entry in await nodes.node().read_all(generation)] == [5, 6]


async def test_a_log_that_cannot_be_read_is_not_taken_for_an_empty_one(nodes, generation):
    await nodes.client.xadd(key_of(generation), {"parts": b"{"}, id="1-0")
    with pytest.raises(StreamLogUnavailable):
        await nodes.node().read_all(generation)


async def test_another_process_ends_the_log_of_a_dead_owner(nodes, generation):
    owner, reaper, other = nodes.node(), nodes.node(), nodes.node()
    owner.open(generation)
    append(owner, generation, 3)
    await nodes.copied(owner, generation)
    viewer = asyncio.create_task(heard(other, generation, 1))
    assert await reaper.end_foreign(generation, say("interrupted"))
    assert texts(await viewer) == ["2", "3", "interrupted"]
    assert not await other.end_foreign(generation, say("interrupted again")), "only one process ends it"
    assert texts(await heard(reaper, generation)) == [*numbers(1, 3), "interrupted"]
    assert await nodes.client.pttl(key_of(generation)) <= 600_000


async def test_an_owner_that_lives_after_all_adds_nothing(nodes, generation, caplog):
    owner, reaper = nodes.node(), nodes.node()
    owner.open(generation)
    append(owner, generation, 2)
    await nodes.copied(owner, generation)
    await reaper.end_foreign(generation, say("interrupted"))
    append(owner, generation, 5)
    await owner._mirror.drain()
    owner.close(generation)
    assert "ended by another process" in caplog.text
    assert texts(await heard(reaper, generation)) == ["1", "2", "interrupted"]


async def test_who_saw_more_than_was_copied_before_the_owner_died_takes_a_snapshot(nodes, generation):
    """Entry 3 of the dead owner was seen on its node only; entry 3 of the log is the end, and says something else."""
    owner, reaper = nodes.node(), nodes.node()
    owner.open(generation)
    append(owner, generation, 2)
    await nodes.copied(owner, generation)
    waiting = asyncio.create_task(heard(reaper, generation, 3))
    await asyncio.sleep(0)
    await nodes.node().end_foreign(generation, say("interrupted"))
    for after in (3, 4):
        with pytest.raises(StreamGap):
            await heard(reaper, generation, after)
    with pytest.raises(StreamGap):
        await waiting
    assert texts(await heard(reaper, generation, 2)) == ["interrupted"]


async def test_a_log_that_is_lost_can_still_be_ended(nodes, generation):
    other = nodes.node()
    for seq in (1, 2):
        await nodes.client.xadd(key_of(generation), {"parts": b"[]"}, id=f"{seq}-0")
    following = other.follow(generation, 0)
    await anext(following)
    await nodes.client.delete(key_of(generation))
    assert await nodes.node().end_foreign(generation, say("interrupted"))
    with pytest.raises(StreamGap):
        await anext(following)


async def test_without_redis_recovery_says_so():
    log = RedisStreamLog(f"redis://127.0.0.1:{free_port()}/0")
    with pytest.raises(StreamLogUnavailable):
        await log.read_all("g-unknown-000000000")
    with pytest.raises(StreamLogUnavailable):
        await log.end_foreign("g-unknown-000000000", say("interrupted"))
    await log.aclose()


async def test_the_setting_chooses_the_log(redis_url):
    assert isinstance(stream_log(), MemoryStreamLog)
    with override_settings(REDIS_URL=redis_url):
        log = stream_log()
    assert isinstance(log, RedisStreamLog)
    await log.aclose()
    with override_settings(REDIS_URL="http://127.0.0.1"), pytest.raises(ValueError, match="scheme"):
        stream_log()

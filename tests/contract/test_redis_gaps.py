"""What the stream log on Redis can't show is a gap, never a hole; and how long it keeps what it can."""

from __future__ import annotations

import asyncio

import pytest

from chat.streams.base import StreamGap
from chat.streams.redis_connection import KEY_PREFIX, key_of
from tests.contract.redis_nodes import append, heard, new_generation, numbers, texts

pytestmark = [pytest.mark.redis, pytest.mark.timeout(30)]


async def test_an_unknown_generation_is_a_gap(nodes, generation):
    with pytest.raises(StreamGap):
        await heard(nodes.node(), generation)


@pytest.mark.parametrize("after", [4, 10**9])
async def test_what_never_comes_is_a_gap_and_leaves_others_alone(nodes, generation, after):
    owner, other = nodes.node(), nodes.node()
    owner.open(generation)
    append(owner, generation, 3)
    await nodes.copied(owner, generation)
    bold = asyncio.create_task(heard(other, generation, after))
    await asyncio.sleep(0)
    modest = asyncio.create_task(heard(other, generation, 1))
    with pytest.raises(StreamGap):
        await bold
    owner.close(generation)
    assert texts(await modest) == numbers(2, 3)


async def test_old_entries_go_but_never_leave_a_hole(nodes, generation):
    owner, other = nodes.node(max_entries=100), nodes.node(max_entries=100)
    owner.open(generation)
    for _ in range(50):
        append(owner, generation, 10)
        await nodes.copied(owner, generation)
    owner.close(generation)
    await nodes.copied(owner, generation)
    assert await nodes.client.xlen(key_of(generation)) < 300
    with pytest.raises(StreamGap):
        await heard(other, generation, 0)
    assert texts(await heard(other, generation, 450)) == numbers(451, 500)


async def test_older_entries_that_are_gone_are_a_gap_for_who_wants_them_alone(nodes, generation):
    other = nodes.node()
    for seq in (5, 6):
        await nodes.client.xadd(key_of(generation), {"parts": b"[]"}, id=f"{seq}-0")
    following = other.follow(generation, 5)
    assert [entry.seq for entry in await anext(following)] == [6]
    with pytest.raises(StreamGap):
        await heard(other, generation, 1)
    await nodes.client.xadd(key_of(generation), {"parts": b"[]"}, id="7-0")
    assert [entry.seq for entry in await anext(following)] == [7]
    await following.aclose()


async def test_a_replica_holds_no_more_than_is_allowed(nodes, generation):
    """One who falls behind what its node holds reads Redis again or is told; it never gets a hole."""
    owner, other = nodes.node(), nodes.node(max_entries=10)
    owner.open(generation)
    append(owner, generation, 1)
    slow = other.follow(generation, 0)
    assert texts(await anext(slow)) == ["1"]
    quick = asyncio.create_task(heard(other, generation, 1))
    append(owner, generation, 40)
    owner.close(generation)
    await nodes.copied(owner, generation)
    with pytest.raises(StreamGap):
        await quick
    with pytest.raises(StreamGap):
        await anext(slow)
    assert texts(await heard(nodes.node(), generation)) == numbers(1, 41)


async def test_an_entry_that_cannot_be_read_is_a_gap(nodes, generation):
    other = nodes.node()
    await nodes.client.xadd(key_of(generation), {"parts": b'[{"type":"start"}]'}, id="1-0")
    following = other.follow(generation, 0)
    assert len(await anext(following)) == 1
    await nodes.client.xadd(key_of(generation), {"parts": b"{"}, id="2-0")
    with pytest.raises(StreamGap):
        await anext(following)
    for after in (0, 1):
        with pytest.raises(StreamGap):
            await heard(other, generation, after)


async def test_a_log_expires_some_time_after_it_was_closed(nodes, generation):
    owner, other = nodes.node(kept_in_memory_seconds=0, kept_seconds=0.05), nodes.node()
    owner.open(generation)
    append(owner, generation, 1)
    await nodes.copied(owner, generation)
    assert 3_500_000 < await nodes.client.pttl(key_of(generation)) <= 3_600_000
    owner.close(generation)
    while await nodes.client.exists(key_of(generation)):
        await asyncio.sleep(0.01)
    with pytest.raises(StreamGap):
        await heard(other, generation)


async def test_an_open_log_lives_on_while_its_owner_lives(nodes, generation):
    owner = nodes.node(running_seconds=0.6)
    owner.open(generation)
    append(owner, generation, 1)
    await nodes.copied(owner, generation)
    before = await nodes.client.pttl(key_of(generation))
    renewals = 0
    while renewals < 12:  # two lives long
        now = await nodes.client.pttl(key_of(generation))
        assert now > 0, "it expired"
        renewals += now > before
        before = now
        await asyncio.sleep(0.005)


async def test_every_key_expires(nodes, generation):
    owner, other = nodes.node(), nodes.node()
    quiet = new_generation()
    for each in (generation, quiet):
        owner.open(each)
        append(owner, each, 1)
    following = [other.follow(each, 0) for each in (quiet, generation)]
    await anext(following[0])
    await nodes.waiting_for_news(other)
    await anext(following[1])
    keys = [key async for key in nodes.client.scan_iter(match=f"{KEY_PREFIX}*")]
    assert {key_of(generation), key_of(quiet)} < set(keys), "and that of the reader"
    assert all([await nodes.client.pttl(key) > 0 for key in keys])
    for viewer in following:
        await viewer.aclose()


async def test_a_log_that_vanishes_is_written_again_from_memory(nodes, generation):
    """An eviction, or somebody's FLUSHDB."""
    owner, other = nodes.node(), nodes.node()
    owner.open(generation)
    append(owner, generation, 5)
    following = other.follow(generation, 0)
    assert texts(await anext(following)) == numbers(1, 5)
    await nodes.client.delete(key_of(generation))
    append(owner, generation, 1)
    assert texts(await anext(following)) == ["6"]
    assert texts(await other.read_all(generation)) == numbers(1, 6)
    await nodes.client.delete(key_of(generation))
    owner.close(generation)
    with pytest.raises(StopAsyncIteration):
        await anext(following)
    assert texts(await heard(other, generation)) == numbers(1, 6)


async def test_followers_of_a_log_that_vanished_for_good_are_told(nodes, generation):
    other = nodes.node(verify_seconds=0.05, block_seconds=0.05)
    await nodes.client.xadd(key_of(generation), {"parts": b"[]"}, id="1-0")
    following = other.follow(generation, 0)
    await anext(following)
    await nodes.client.delete(key_of(generation))
    with pytest.raises(StreamGap):
        await anext(following)

"""The stream log between nodes (docs/streams.md): what one produces, the others show."""

from __future__ import annotations

import asyncio

import pytest

from chat.streams.base import StreamGap
from tests.contract.redis_nodes import append, heard, new_generation, numbers, say, texts

pytestmark = [pytest.mark.redis, pytest.mark.timeout(30)]


@pytest.mark.parametrize("after", range(4))
async def test_another_node_shows_everything_once_and_in_order(nodes, generation, after):
    owner, other = nodes.node(), nodes.node()
    owner.open(generation)
    append(owner, generation, 3)
    viewer = asyncio.create_task(heard(other, generation, after))
    await nodes.copied(owner, generation)
    append(owner, generation, 3)
    await nodes.copied(owner, generation)
    append(owner, generation, 3)
    owner.close(generation)
    assert texts(await viewer) == numbers(after + 1, 9)


async def test_viewers_may_come_at_any_moment(nodes, generation):
    owner, other = nodes.node(), nodes.node()
    owner.open(generation)
    append(owner, generation, 1)
    viewers = []
    for seq in range(1, 31):
        await nodes.copied(owner, generation)
        viewers += [asyncio.create_task(heard(other, generation, after)) for after in (0, seq // 2, seq)]
        append(owner, generation, 1)
    owner.close(generation)
    got = [texts(await viewer) for viewer in viewers]
    assert got == [numbers(after + 1, 31) for seq in range(1, 31) for after in (0, seq // 2, seq)]


async def test_the_owner_itself_and_two_other_nodes_see_the_same(nodes, generation):
    owner, others = nodes.node(), [nodes.node(), nodes.node()]
    owner.open(generation)
    append(owner, generation, 1)
    viewers = [asyncio.create_task(heard(log, generation)) for log in (owner, *others)]
    append(owner, generation, 20)
    owner.close(generation)
    assert [texts(await viewer) for viewer in viewers] == [numbers(1, 21)] * 3


async def test_a_viewer_may_come_before_the_first_entry_is_copied(nodes, generation):
    """A bell that says "generation started" can be quicker than the copy."""
    owner, other = nodes.node(), nodes.node()
    viewer = asyncio.create_task(heard(other, generation))
    await asyncio.sleep(0)
    owner.open(generation)
    append(owner, generation, 2)
    owner.close(generation)
    assert texts(await viewer) == numbers(1, 2)


async def test_a_viewer_may_have_more_than_is_copied_yet(nodes, generation):
    """It comes from the owner's node, where it read memory."""
    owner, other = nodes.node(round_seconds=0.1), nodes.node()
    owner.open(generation)
    append(owner, generation, 1)
    await nodes.copied(owner, generation)
    append(owner, generation, 3)  # the owner's mirror pauses for 0.1 s now
    viewer = asyncio.create_task(heard(other, generation, 4))
    behind = asyncio.create_task(heard(other, generation, 1))
    await nodes.copied(owner, generation)
    append(owner, generation, 1)
    owner.close(generation)
    assert texts(await viewer) == ["5"]
    assert texts(await behind) == numbers(2, 5)


async def test_viewers_of_one_node_share_what_was_read(nodes, generation):
    """An entry is decoded once for all of them."""
    owner, other = nodes.node(), nodes.node()
    owner.open(generation)
    append(owner, generation, 3)
    await nodes.copied(owner, generation)
    late, early = (asyncio.create_task(heard(other, generation, after)) for after in (2, 0))
    append(owner, generation, 2)
    owner.close(generation)
    first, second = await late, await early
    assert texts(second) == numbers(1, 5)
    assert [entry.seq for entry in first] == [3, 4, 5]
    assert all(one.encoded is two.encoded for one, two in zip(first, second[2:], strict=True))


async def test_a_slow_viewer_gets_what_gathered_as_one_list(nodes, generation):
    owner, other = nodes.node(), nodes.node()
    owner.open(generation)
    append(owner, generation, 1)
    slow = other.follow(generation, 0)
    assert texts(await anext(slow)) == ["1"]
    quick = other.follow(generation, 0)
    append(owner, generation, 5)
    owner.close(generation)
    while texts([entry for entries in [await anext(quick)] for entry in entries])[-1] != "6":
        pass
    assert [texts(entries) async for entries in slow] == [numbers(2, 6)]
    await quick.aclose()


async def test_a_viewer_who_joins_a_waiting_read_is_served_at_once(nodes):
    """The read would wait a minute for the logs it knows; the new one makes it look again, once."""
    owner, other = nodes.node(), nodes.node(block_seconds=60, response_seconds=120)
    quiet, lively = new_generation(), new_generation()
    for generation in (quiet, lively):
        owner.open(generation)
        append(owner, generation, 1)
    following = other.follow(quiet, 0)
    await anext(following)
    waiting = asyncio.ensure_future(anext(following))
    async with asyncio.timeout(10):
        for _ in range(10):
            await nodes.waiting_for_news(other)
            another = other.follow(lively, 0)
            assert texts(await anext(another)) == ["1"]
            await another.aclose()
        await nodes.waiting_for_news(other)
        before = await nodes.reads()
        await asyncio.sleep(0.1)
        assert await nodes.reads() - before <= 1, "afterwards it waits again"
        owner.close(quiet)
        with pytest.raises(StopAsyncIteration):
            await waiting


async def test_viewers_who_want_older_entries_at_the_same_time_get_each_once(nodes, generation):
    owner, other = nodes.node(), nodes.node()
    owner.open(generation)
    append(owner, generation, 9)
    await nodes.copied(owner, generation)
    following = other.follow(generation, 8)
    assert texts(await anext(following)) == ["9"]
    viewers = [asyncio.create_task(heard(other, generation, after)) for after in (4, 2, 3, 0, 0, 5)]
    await nodes.waiting_for_news(other)
    owner.close(generation)
    assert [texts(await viewer) for viewer in viewers] == [numbers(after + 1, 9) for after in (4, 2, 3, 0, 0, 5)]
    await following.aclose()


async def test_a_closed_log_outlives_its_owner(nodes, generation):
    owner, other = nodes.node(), nodes.node()
    owner.open(generation)
    append(owner, generation, 4)
    owner.close(generation)
    await owner.aclose()  # hands over what was not copied yet
    for after in range(5):
        assert texts(await heard(other, generation, after)) == numbers(after + 1, 4)
    with pytest.raises(StreamGap):
        await heard(other, generation, 5)


async def test_an_empty_log_that_is_closed_ends_its_viewers(nodes, generation):
    owner, other = nodes.node(), nodes.node()
    viewer = asyncio.create_task(heard(other, generation))
    owner.open(generation)
    owner.close(generation)
    assert await viewer == []


async def test_much_at_once_is_copied_in_several_rounds(nodes, generation):
    """Neither many entries nor large ones become one command that holds up everybody else in Redis."""
    owner, other, large = nodes.node(), nodes.node(), new_generation()
    owner.open(generation)
    owner.open(large)
    append(owner, generation, 2500)
    for letter in "abc":
        owner.append(large, say(letter * 700_000))
    owner.close(generation)
    owner.close(large)
    assert texts(await heard(other, generation)) == numbers(1, 2500)
    assert [text[0] for text in texts(await heard(other, large))] == ["a", "b", "c"]


async def test_an_entry_of_any_text_comes_unchanged(nodes, generation):
    owner, other = nodes.node(), nodes.node()
    owner.open(generation)
    said = say('nul \x00 quote " back \\ line \n crlf \r\n emoji 🙂 rtl שלום ' + "x" * 100_000)
    owner.append(generation, said)
    owner.close(generation)
    assert [entry.parts for entry in await heard(other, generation)] == [said]

"""What every stream log keeps (`chat.streams.base` says it in words): one suite, each implementation."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import aclosing
from functools import partial

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai_studio.llm import EventBatch
from chat import parts
from chat.parts import Part
from chat.streams.base import Entry, StreamGap, StreamLog, merged_frame
from tests.contract.conftest import MakeLog
from tests.unit.chat.completions import completions, flushes

GENERATION = "g-Rt5yUi8oPl3kJhGf"


@pytest.fixture
async def log(make_log: MakeLog) -> StreamLog:
    stream_log = make_log()
    stream_log.open(GENERATION)
    return stream_log


def say(text: str) -> list[Part]:
    return [parts.text_delta("t1", text)]


async def read(log: StreamLog, after: int = 0) -> list[list[Entry]]:
    """All that a viewer gets until the log is closed: a list for each wake."""
    return [entries async for entries in log.follow(GENERATION, after)]


def flat(lists: list[list[Entry]]) -> list[Entry]:
    return [entry for entries in lists for entry in entries]


async def let_others_run() -> None:
    """Until everybody who waits for the log does wait."""
    for _ in range(5):
        await asyncio.sleep(0)


async def test_seq_counts_from_one_without_a_gap(log):
    assert log.last_seq(GENERATION) == 0
    assert [log.append(GENERATION, say(str(number))) for number in range(5)] == [1, 2, 3, 4, 5]
    assert log.last_seq(GENERATION) == 5


async def test_entries_come_in_order_with_their_content(log):
    for text in "abc":
        log.append(GENERATION, say(text))
    log.close(GENERATION)
    assert [(entry.seq, entry.parts) for entry in flat(await read(log))] == [
        (1, say("a")),
        (2, say("b")),
        (3, say("c")),
    ]


@pytest.mark.parametrize("after", range(6))
async def test_following_from_any_seq_gives_exactly_what_is_after_it(log, after):
    for text in "abc":
        log.append(GENERATION, say(text))
    viewer = asyncio.create_task(read(log, min(after, 3)))
    await let_others_run()
    for text in "de":
        log.append(GENERATION, say(text))
    log.close(GENERATION)
    assert [entry.seq for entry in flat(await viewer)] == list(range(min(after, 3) + 1, 6))


async def test_what_is_there_already_comes_as_one_list(log):
    for text in "abc":
        log.append(GENERATION, say(text))
    log.close(GENERATION)
    assert [[entry.seq for entry in entries] for entries in await read(log)] == [[1, 2, 3]]


async def test_a_waiting_viewer_is_woken_by_each_append(log):
    async with aclosing(log.follow(GENERATION, 0)) as following:
        for text in "abc":
            waiting = asyncio.ensure_future(anext(following))
            await let_others_run()
            assert not waiting.done()
            seq = log.append(GENERATION, say(text))
            assert [entry.seq for entry in await waiting] == [seq]


async def test_a_slow_viewer_gets_what_gathered_as_one_list_and_slows_nobody(log):
    slow = log.follow(GENERATION, 0)
    log.append(GENERATION, say("a"))
    assert [entry.seq for entry in await anext(slow)] == [1]
    quick = asyncio.create_task(read(log))
    for text in "bcd":  # the slow viewer is busy with the first meanwhile
        log.append(GENERATION, say(text))
        await let_others_run()
    log.close(GENERATION)
    assert [[entry.seq for entry in entries] for entries in await quick] == [[1, 2], [3], [4]]
    assert [[entry.seq for entry in entries] async for entries in slow] == [[2, 3, 4]]


async def test_many_viewers_get_the_same_entries(log):
    viewers = [asyncio.create_task(read(log)) for _ in range(2)]
    log.append(GENERATION, say("a"))
    await let_others_run()
    viewers += [asyncio.create_task(read(log)) for _ in range(50)]
    log.append(GENERATION, say("b"))
    await let_others_run()
    log.close(GENERATION)
    got = [flat(lists) for lists in await asyncio.gather(*viewers)]
    assert len(got) == 52
    assert all([entry.seq for entry in entries] == [1, 2] for entries in got)


async def test_a_viewer_that_leaves_leaves_the_others_alone(log):
    leaving, staying = asyncio.create_task(read(log)), asyncio.create_task(read(log))
    await let_others_run()
    leaving.cancel()
    log.append(GENERATION, say("a"))
    log.close(GENERATION)
    assert [entry.seq for entry in flat(await staying)] == [1]


async def test_closing_ends_those_who_wait(log):
    log.append(GENERATION, say("a"))
    viewers = [asyncio.create_task(read(log, after)) for after in (0, 1)]
    await let_others_run()
    log.close(GENERATION)
    async with asyncio.timeout(5):
        assert [[entry.seq for entry in flat(await viewer)] for viewer in viewers] == [[1], []]


async def test_closing_an_empty_log_ends_those_who_wait(log):
    viewer = asyncio.create_task(read(log))
    await let_others_run()
    log.close(GENERATION)
    async with asyncio.timeout(5):
        assert await viewer == []


async def test_a_closed_log_is_kept_for_who_was_away_for_a_moment(log):
    log.append(GENERATION, say("a"))
    log.append(GENERATION, say("b"))
    log.close(GENERATION)
    assert [entry.seq for entry in flat(await read(log, 1))] == [2]
    assert await read(log, 2) == []
    assert log.last_seq(GENERATION) == 2


async def test_an_unknown_generation_is_a_gap(log):
    assert log.last_seq("g-unknown-000000000") == 0
    with pytest.raises(StreamGap):
        await anext(log.follow("g-unknown-000000000", 0))


@pytest.mark.parametrize("after", [3, 4, 10**9])
async def test_what_is_not_yet_there_is_a_gap(log, after):
    log.append(GENERATION, say("a"))
    log.append(GENERATION, say("b"))
    with pytest.raises(StreamGap):
        await anext(log.follow(GENERATION, after))


async def test_a_dropped_log_is_a_gap(make_log):
    log = make_log(kept_seconds=0)
    log.open(GENERATION)
    log.append(GENERATION, say("a"))
    log.close(GENERATION)
    while log.last_seq(GENERATION):
        await asyncio.sleep(0)
    with pytest.raises(StreamGap):
        await anext(log.follow(GENERATION, 0))


async def test_old_entries_go_but_never_leave_a_hole(make_log):
    log = make_log(max_entries=10)
    log.open(GENERATION)
    for number in range(1, 101):
        assert log.append(GENERATION, say(str(number))) == number
    log.close(GENERATION)
    held: list[int] = []
    for after in range(101):
        try:
            seqs = [entry.seq for entry in flat(await read(log, after))]
        except StreamGap:
            assert not held, "what is newer than something held is held as well"
        else:
            held.append(after)
            assert seqs == list(range(after + 1, 101))
    assert 5 <= len(held) - 1 <= 10


@pytest.mark.parametrize("after", [0, 1, 31, 32, 33, 64, 90, 150, 199, 200])
async def test_a_long_log_is_read_from_anywhere(log, after):
    """What is held of older entries is written shorter than of those that viewers follow."""
    for number in range(200):
        log.append(GENERATION, say(f"{number}\n"))
        await asyncio.sleep(0)
    log.close(GENERATION)
    assert [(entry.seq, entry.parts) for entry in flat(await read(log, after))] == [
        (number + 1, say(f"{number}\n")) for number in range(after, 200)
    ]


async def test_a_viewer_that_falls_behind_what_is_held_is_told(make_log):
    log = make_log(max_entries=10)
    log.open(GENERATION)
    log.append(GENERATION, say("a"))
    async with aclosing(log.follow(GENERATION, 0)) as following:
        assert [entry.seq for entry in await anext(following)] == [1]
        for _ in range(20):
            log.append(GENERATION, say("b"))
        with pytest.raises(StreamGap):
            await anext(following)


async def test_all_that_is_held_can_be_read_at_once(make_log):
    log = make_log(max_entries=10)
    assert await log.read_all(GENERATION) == []
    log.open(GENERATION)
    for number in range(1, 31):
        log.append(GENERATION, say(str(number)))
        held = [entry.seq for entry in await log.read_all(GENERATION)]
        assert held == list(range(held[0], number + 1))
        assert held[0] == 1 or len(held) >= 5


async def test_ones_own_log_is_not_foreign(log):
    log.append(GENERATION, say("a"))
    assert not await log.end_foreign(GENERATION, say("b"))
    log.close(GENERATION)
    assert not await log.end_foreign(GENERATION, say("b"))
    assert [entry.parts for entry in flat(await read(log))] == [say("a")]


async def test_logs_of_two_generations_are_apart(log):
    log.open("g-another-000000000")
    log.append("g-another-000000000", say("x"))
    log.close("g-another-000000000")
    assert log.append(GENERATION, say("a")) == 1
    log.close(GENERATION)
    assert [entry.parts for entry in flat(await read(log))] == [say("a")]


@given(batches=completions(), data=st.data())
def test_resuming_from_every_seq_gives_the_same_end(implementation, batches, data):
    """A viewer has the fold up to some seq, leaves, comes back with that seq, and ends with the stored message."""
    turns_between_appends = partial(data.draw, st.integers(0, 3))
    asyncio.run(_resume_from_every_seq(implementation(), batches, turns_between_appends))


async def _resume_from_every_seq(stream_log: StreamLog, batches: list[EventBatch], turns: Callable[[], int]) -> None:
    async with aclosing(stream_log) as log:
        log.open(GENERATION)
        news = flushes(batches)
        viewers = {0: asyncio.create_task(_heard(log, 0))}
        for flush in news:
            seq = log.append(GENERATION, flush)
            viewers[seq] = asyncio.create_task(_heard(log, seq))
            for _ in range(turns()):
                await asyncio.sleep(0)
        log.close(GENERATION)
        whole = parts.fold(part for flush in news for part in flush)
        for after, viewer in viewers.items():
            before = [part for flush in news[:after] for part in flush]
            assert parts.fold(before + await viewer) == whole


async def _heard(log: StreamLog, after: int) -> list[Part]:
    heard: list[Part] = []
    async for entries in log.follow(GENERATION, after):
        frame = orjson.loads(merged_frame(entries))
        assert frame["after"] == after
        after = frame["seq"]
        heard += frame["parts"]
    return heard

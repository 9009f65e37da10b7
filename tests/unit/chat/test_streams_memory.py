"""What is particular to the log of one process: how long and how much it holds. `tests/contract` has the rest."""

from __future__ import annotations

import asyncio
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat import frames, parts
from chat.streams.base import StreamGap
from chat.streams.memory import GenerationLog, MemoryStreamLog

GENERATION = "g-Rt5yUi8oPl3kJhGf"


def log_with(entries: int, **bounds) -> MemoryStreamLog:
    log = MemoryStreamLog(**bounds)
    log.open(GENERATION)
    for _ in range(entries):
        log.append(GENERATION, [parts.text_delta("t1", "a")])
    return log


async def seqs_after(log: MemoryStreamLog, after: int) -> list[int]:
    return [entry.seq async for entries in log.follow(GENERATION, after) for entry in entries]


async def test_a_closed_log_is_given_back_to_memory():
    log = log_with(3, kept_seconds=0.01)
    log.close(GENERATION)
    assert await seqs_after(log, 1) == [2, 3]
    async with asyncio.timeout(5):
        while log.last_seq(GENERATION):
            await asyncio.sleep(0.005)
    with pytest.raises(StreamGap):
        await seqs_after(log, 1)


async def test_an_open_log_stays_however_long_it_is_silent():
    log = log_with(3, kept_seconds=0)
    await asyncio.sleep(0)
    assert log.last_seq(GENERATION) == 3


async def test_only_the_newest_entries_are_held():
    log = log_with(100, max_entries=10)
    log.close(GENERATION)
    assert log.last_seq(GENERATION) == 100
    assert await seqs_after(log, 95) == [96, 97, 98, 99, 100]
    for after in (0, 50, 101):
        with pytest.raises(StreamGap):
            await seqs_after(log, after)


async def test_a_viewer_that_is_gone_is_not_woken():
    log = log_with(1)
    waiting = [asyncio.create_task(seqs_after(log, 1)) for _ in range(2)]
    while not all(task.get_stack() for task in waiting):
        await asyncio.sleep(0)
    await asyncio.sleep(0)
    waiting[0].cancel()
    log.append(GENERATION, [])
    log.close(GENERATION)
    assert await waiting[1] == [2]
    assert waiting[0].cancelled()


async def test_all_that_is_held_can_be_read_at_once():
    log = log_with(100, max_entries=10)
    held = [entry.seq for entry in await log.read_all(GENERATION)]
    assert 5 <= len(held) <= 10
    assert held == list(range(101 - len(held), 101))
    assert await log.read_all("g-unknown-000000000") == []


async def test_a_viewer_can_not_change_what_is_held():
    log = log_with(2)
    (await log.read_all(GENERATION)).clear()
    assert [entry.seq for entry in await log.read_all(GENERATION)] == [1, 2]


async def test_the_log_of_a_process_that_is_gone_went_with_it():
    log = log_with(1)
    assert log.get("g-unknown-000000000") is None
    assert await log.end_foreign("g-unknown-000000000", [parts.abort("interrupted")]) is False
    await log.aclose()
    assert log.last_seq(GENERATION) == 1


AWKWARD = (
    "line\nbreak",
    "\x01\x02\x03",
    '"}]',
    '","delta":"',
    '[{"type":"text-delta","id":"',
    "\\",
    "\u2028",
    "é😀",
    "\ud83d",
    "",
)


@given(st.data())
def test_sealing_changes_nothing_that_a_viewer_sees(data):
    """Whatever is said, however much of it is held, and from wherever it is read."""
    log = GenerationLog(GENERATION, max_entries=data.draw(st.sampled_from([2, 7, 32, 100, 4096])))
    said = data.draw(st.lists(st.one_of(st.sampled_from(AWKWARD), st.text(max_size=6)), min_size=1, max_size=20))
    written = [
        frames.encode_parts([parts.text_delta("t1", said[number % len(said)])] * (number % 3))
        for number in range(data.draw(st.integers(0, 300)))
    ]
    for encoded in written:
        log.append(encoded)
    assert log.head == len(written)
    for after in range(log.dropped, log.head + 1):
        entries = log.after(after)
        assert [entry.encoded for entry in entries] == written[after:]
        assert [entry.seq for entry in entries] == list(range(after + 1, len(written) + 1))
    for after in (log.dropped - 1, log.head + 1):
        with pytest.raises(StreamGap):
            log.after(after)
    assert min(log.max_entries // 2, len(written)) <= log.head - log.dropped <= log.max_entries


def test_sealed_entries_are_a_fraction_of_the_size():
    """Of 300 tokens in flushes of three, as they come at 77 a second."""
    log = GenerationLog(GENERATION, max_entries=4096)
    written = [frames.encode_parts([parts.text_delta("t1", "three more words ")]) for _ in range(100)]
    for encoded in written:
        log.append(encoded)
    held = sum(map(sys.getsizeof, log.recent)) + sum(sys.getsizeof(block.packed) for block in log.sealed)
    assert held < sum(map(sys.getsizeof, written)) * 0.6

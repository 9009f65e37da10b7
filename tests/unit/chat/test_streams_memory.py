"""What is particular to the log of one process: how long and how much it holds. `tests/contract` has the rest."""

from __future__ import annotations

import asyncio

import pytest

from chat import parts
from chat.streams.base import StreamGap
from chat.streams.memory import MemoryStreamLog

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

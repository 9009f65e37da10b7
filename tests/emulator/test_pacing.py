"""Tokens come at their time. Measured by counts and by the emulator's own clock, with room for a busy machine."""

from __future__ import annotations

import asyncio
import time
from itertools import pairwise

import aiohttp
import pytest

from ai_studio.emulator.testing import reset, streams, wait_for_streams
from tests.emulator.asking import FORMATS, hear, hear_stream, raw_request, read_stream


def seconds(stream, start, end):
    return stream[end]["monotonic"] - stream[start]["monotonic"]


@pytest.fixture(autouse=True)
def _forget(emulator):
    reset(emulator)


@pytest.mark.parametrize("wire", FORMATS)
async def test_the_last_token_comes_when_the_rate_says(emulator, wire):
    await read_stream(emulator, wire, "tokens-101-rate-100")

    (stream,) = streams(emulator)
    assert stream["tokens_sent"] == 101
    # Not early by more than the event loop's clock is coarse, and late by a hiccup: delays per token would add up.
    assert 0.99 <= seconds(stream, "started", "finished") < 1.25
    assert seconds(stream, "started", "first_token") < 0.2


async def test_many_streams_keep_their_rate(emulator):
    await asyncio.gather(
        *(read_stream(emulator, "openai", "tokens-78-rate-77", f"Number {number}") for number in range(50))
    )

    finished = streams(emulator)
    assert [stream["tokens_sent"] for stream in finished] == [78] * 50
    assert all(0.99 <= seconds(stream, "started", "finished") < 1.7 for stream in finished)


async def test_the_first_token_can_be_late(emulator):
    await read_stream(emulator, "openai", "tokens-3-rate-0-first-token-300")

    (stream,) = streams(emulator)
    assert 0.29 <= seconds(stream, "started", "first_token") < 0.6
    assert seconds(stream, "first_token", "finished") < 0.2


async def test_a_stall_is_a_silence_in_the_middle(emulator):
    async with (
        aiohttp.ClientSession() as session,
        session.post(**raw_request(emulator, "openai", "tokens-20-stall-10-400-rate-0")) as response,
    ):
        times = [time.monotonic() async for line in response.content if line.startswith(b'data: {"id"')]

    # The role comes before the tokens, the finish reason after them.
    assert len(times) == 22
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert max(gaps) == gaps[10] >= 0.35


async def test_as_fast_as_possible_is_fast(emulator):
    await read_stream(emulator, "anthropic", "tokens-5000-rate-0")

    (stream,) = streams(emulator)
    assert stream["tokens_sent"] == 5000
    assert seconds(stream, "started", "finished") < 2.0


async def test_a_whole_answer_takes_the_time_of_its_tokens(emulator):
    begun = time.monotonic()
    await hear(emulator, "openai", "tokens-31-rate-100")

    assert time.monotonic() - begun >= 0.3


@pytest.mark.parametrize("wire", FORMATS)
async def test_a_client_that_leaves_is_noticed_within_a_stall(emulator, wire):
    async with aiohttp.ClientSession() as session:
        response = await session.post(**raw_request(emulator, wire, "tokens-20-stall-5-60000-rate-0"))
        await asyncio.to_thread(wait_for_streams, emulator, "first_token")
        await response.content.readany()
        closed = time.monotonic()
        response.close()

    (stream,) = await asyncio.to_thread(wait_for_streams, emulator, "closed_by_client")
    assert stream["tokens_sent"] == 5
    assert stream["finished"] is None
    # Both processes read the same clock. 20 ms on a quiet machine; the rest is for a busy one.
    assert stream["closed_by_client"]["monotonic"] - closed < 0.2


async def test_a_client_that_leaves_before_the_first_token_is_noticed(emulator):
    async with aiohttp.ClientSession() as session:
        response = await session.post(**raw_request(emulator, "openai", "story-first-token-60000"))
        response.close()

    (stream,) = await asyncio.to_thread(wait_for_streams, emulator, "closed_by_client")
    assert stream["tokens_sent"] == 0
    assert stream["first_token"] is None


async def test_a_client_that_leaves_a_fast_stream_is_noticed(emulator):
    async with aiohttp.ClientSession() as session:
        response = await session.post(**raw_request(emulator, "openai", "tokens-200000-rate-0"))
        await response.content.readany()
        response.close()

    (stream,) = await asyncio.to_thread(wait_for_streams, emulator, "closed_by_client")
    assert stream["tokens_sent"] < 200_000


async def test_a_stream_that_ends_is_not_closed_by_the_client(emulator):
    await hear_stream(emulator, "openai", "tokens-3-rate-0")
    await hear_stream(emulator, "openai", "tokens-3-rate-0-truncated-2")

    assert [stream["closed_by_client"] for stream in streams(emulator)] == [None, None]
    assert all(stream["finished"] for stream in streams(emulator))

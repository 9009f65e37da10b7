"""Stop stops: from another node, at any moment, at the provider too; and what was seen is kept, no more and no less."""

from __future__ import annotations

import asyncio
import statistics
import time

import aiohttp
import pytest

from tests.faults import emulator
from tests.faults.checks import assert_same, sent_text, stored_answer
from tests.faults.client import Tab
from tests.faults.conftest import Cluster, OpenTab

pytestmark = [pytest.mark.postgresql, pytest.mark.redis, pytest.mark.usefixtures("reset_emulator")]

LONG = "/emulate tokens 2000 rate 77"
STOPS = 5
STOP_SECONDS = 2.0
"""The promise is 300 ms on a machine that has nothing else to do. This tells a stop from an answer that goes on to its end."""


async def two_tabs(cluster: Cluster, open_tab: OpenTab, prompt: str, seat: int = 1) -> tuple[Tab, Tab, str, str]:
    """One on each node, both following an answer that the first node produces. With session and generation."""
    here, there = [await open_tab(cluster.seats[seat], node.url) for node in cluster.nodes]
    session = await here.new_session()
    await there.follow(session)
    generation = (await here.send(session, prompt))["generation"]
    return here, there, session, generation


async def until_same(tab: Tab, generation: str, text: str) -> None:
    await tab.until(lambda: tab.has_ended(generation) and tab.answers[generation].text == text)


async def test_stop_from_another_node_keeps_what_the_stopper_had_seen(
    cluster: Cluster, open_tab: OpenTab, http: aiohttp.ClientSession
):
    took = []
    for number in range(STOPS):
        prompt = f"Stop {number}: {LONG}"
        here, there, session, generation = await two_tabs(cluster, open_tab, prompt)
        await there.until_text(generation, 100)
        seen, shown = there.answers[generation].seq, there.answers[generation].text
        begun = time.monotonic()
        status = await there.stop(generation, seen)
        closed = (await emulator.streams(http, cluster.emulator, "closed_by_client", number + 1))[-1]
        took.append(closed["closed_by_client"]["monotonic"] - begun)
        assert status == "stopped"
        for tab in (here, there):
            await until_same(tab, generation, shown)
        status, stored = await stored_answer(http, cluster.nodes[0], cluster.seats[1], session, generation)
        assert stored == shown
        assert_same([here, there], generation, status, stored, sent_text(prompt))
    print(f"stop from another node to closed at the provider, ms: {[round(one * 1000) for one in sorted(took)]}")
    assert statistics.median(took) < STOP_SECONDS


async def test_who_comes_back_after_a_stop_gets_what_was_kept(
    cluster: Cluster, open_tab: OpenTab, http: aiohttp.ClientSession
):
    prompt = f"Back after stop: {LONG}"
    here, there, session, generation = await two_tabs(cluster, open_tab, prompt)
    await there.until_text(generation, 100)
    seen = there.answers[generation].seq
    await here.until(lambda: here.answers[generation].seq > seen + 3)
    here.sleep()
    await here.cut()
    await there.stop(generation, seen)
    here.wake()
    status, stored = await stored_answer(http, cluster.nodes[1], cluster.seats[1], session, generation)
    for tab in (here, there):
        await until_same(tab, generation, stored)
    assert_same([here, there], generation, status, stored, sent_text(prompt))


async def test_stop_before_the_first_token(cluster: Cluster, open_tab: OpenTab, http: aiohttp.ClientSession):
    prompt = "Too slow: /emulate tokens 50 first token 60000"
    here, there, session, generation = await two_tabs(cluster, open_tab, prompt)
    await emulator.streams(http, cluster.emulator, "started")
    begun = time.monotonic()
    assert await there.stop(generation) == "stopped"
    [stream] = await emulator.streams(http, cluster.emulator, "closed_by_client")
    print(f"stop before the first token: {(stream['closed_by_client']['monotonic'] - begun) * 1000:.0f} ms")
    for tab in (here, there):
        await tab.until_end(generation)
    status, stored = await stored_answer(http, cluster.nodes[0], cluster.seats[1], session, generation)
    assert (status, stored, stream["tokens_sent"]) == ("stopped", "", 0)
    assert_same([here, there], generation, status, stored, "")


async def test_stop_during_a_retry(cluster: Cluster, open_tab: OpenTab, http: aiohttp.ClientSession):
    prompt = "Never works: /emulate error 503 retry after 20"
    here, there, session, generation = await two_tabs(cluster, open_tab, prompt)
    await here.until(lambda: generation in here.answers and bool(here.answers[generation].attempts))
    begun = time.monotonic()
    assert await there.stop(generation) == "stopped"
    print(f"stop during a retry, until the answer: {(time.monotonic() - begun) * 1000:.0f} ms")
    for tab in (here, there):
        await tab.until_end(generation)
    status, stored = await stored_answer(http, cluster.nodes[0], cluster.seats[1], session, generation)
    assert_same([here, there], generation, status, stored, "")
    assert len(await emulator.requests(http, cluster.emulator)) == 1


async def test_stop_twice_from_two_nodes(cluster: Cluster, open_tab: OpenTab, http: aiohttp.ClientSession):
    prompt = f"Twice: {LONG}"
    here, there, session, generation = await two_tabs(cluster, open_tab, prompt)
    await there.until_text(generation, 50)
    await here.until_text(generation, 50)
    statuses = await asyncio.gather(
        there.stop(generation, there.answers[generation].seq), here.stop(generation, here.answers[generation].seq)
    )
    assert set(statuses) == {"stopped"}
    assert await there.stop(generation) == "stopped"
    status, stored = await stored_answer(http, cluster.nodes[0], cluster.seats[1], session, generation)
    for tab in (here, there):
        await until_same(tab, generation, stored)
    assert_same([here, there], generation, status, stored, sent_text(prompt))


async def test_stop_when_the_owner_is_dead(cluster: Cluster, open_tab: OpenTab, http: aiohttp.ClientSession):
    prompt = f"Dead owner: {LONG}"
    _, there, session, generation = await two_tabs(cluster, open_tab, prompt)
    await there.until_text(generation, 100)
    seen, shown = there.answers[generation].seq, there.answers[generation].text
    await there.until(lambda: there.answers[generation].seq > seen + 3)
    cluster.nodes[0].server.kill()
    begun = time.monotonic()
    status = await there.stop(generation, seen)
    print(f"stop of an answer whose owner is dead: {time.monotonic() - begun:.1f} s, {status}")
    assert status == "stopped"
    assert time.monotonic() - begun < 30
    await until_same(there, generation, shown)
    status, stored = await stored_answer(http, cluster.nodes[1], cluster.seats[1], session, generation)
    assert stored == shown
    assert_same([there], generation, status, stored, sent_text(prompt))

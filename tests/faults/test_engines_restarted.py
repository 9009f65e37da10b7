"""Redis and PostgreSQL go away in the middle of an answer and come back: it ends, whole, for everybody."""

from __future__ import annotations

import asyncio
import time

import aiohttp
import pytest

from tests.faults import emulator
from tests.faults.checks import assert_same, sent_text, stored_answer
from tests.faults.client import Tab
from tests.faults.conftest import Cluster, OpenTab
from tests.faults.nodes import start

pytestmark = [pytest.mark.postgresql, pytest.mark.redis, pytest.mark.usefixtures("reset_emulator")]


async def begin(cluster: Cluster, open_tab: OpenTab, prompt: str) -> tuple[Tab, Tab, str, str]:
    """A tab on each node, both following an answer that the first produces. With session and generation."""
    here, there = [await open_tab(cluster.seats[3], node.url) for node in cluster.nodes]
    session = await here.new_session()
    await there.follow(session)
    generation = (await here.send(session, prompt))["generation"]
    await there.until_text(generation)
    return here, there, session, generation


async def assert_whole(
    cluster: Cluster, http: aiohttp.ClientSession, tabs: list[Tab], session: str, generation: str, prompt: str
) -> None:
    for tab in tabs:
        await tab.until_end(generation)
    status, stored = await stored_answer(http, cluster.nodes[1], cluster.seats[3], session, generation)
    assert status == "completed"
    assert_same(tabs, generation, status, stored, sent_text(prompt))


async def test_redis_restarted_in_mid_stream(cluster: Cluster, open_tab: OpenTab, http: aiohttp.ClientSession):
    prompt = "Redis: /emulate tokens 500 rate 77"
    here, there, session, generation = await begin(cluster, open_tab, prompt)
    cluster.redis.kill()
    lost, shown = time.monotonic(), len(here.answers[generation].text)
    await here.until_text(generation, shown + 300)  # a viewer of the owner notices nothing
    await start(cluster.redis)
    back, shown = time.monotonic(), len(there.answers[generation].text)
    await there.until_text(generation, shown + 1)
    print(f"Redis away for {back - lost:.1f} s; the other node's viewer goes on {time.monotonic() - back:.1f} s later")
    await assert_whole(cluster, http, [here, there], session, generation, prompt)


async def test_redis_away_when_the_answer_ends_and_when_the_next_is_asked_for(
    cluster: Cluster, open_tab: OpenTab, http: aiohttp.ClientSession
):
    prompt, next_prompt = "Redis at the end: /emulate tokens 150 rate 77", "Meanwhile: /emulate tokens 100 rate 77"
    here, there, session, generation = await begin(cluster, open_tab, prompt)
    cluster.redis.kill()
    ended = await here.until_end(generation)
    assert ended.status == "completed"
    leaf = here.sessions[session]["leaf"]
    next_generation = (await here.send(session, next_prompt, parent=leaf))["generation"]
    await here.until_end(next_generation)
    await start(cluster.redis)
    await assert_whole(cluster, http, [here, there], session, generation, prompt)
    await there.follow(session)  # the bell of the second answer was never heard; whoever looks, sees
    await assert_whole(cluster, http, [here], session, next_generation, next_prompt)


async def test_redis_frozen_does_not_freeze_the_owner(cluster: Cluster, open_tab: OpenTab, http: aiohttp.ClientSession):
    prompt = "Frozen: /emulate tokens 300 rate 77"
    here, there, session, generation = await begin(cluster, open_tab, prompt)
    cluster.redis.freeze()
    try:
        assert (await here.until_end(generation)).status == "completed"
    finally:
        cluster.redis.thaw()
    await assert_whole(cluster, http, [here, there], session, generation, prompt)


async def test_postgresql_restarted_in_mid_stream(cluster: Cluster, open_tab: OpenTab, http: aiohttp.ClientSession):
    prompt = "PostgreSQL: /emulate tokens 400 rate 77"
    here, there, session, generation = await begin(cluster, open_tab, prompt)
    await asyncio.to_thread(cluster.postgres.stop)
    shown = len(there.answers[generation].text)
    await there.until_text(generation, shown + 300)
    await start(cluster.postgres)
    await assert_whole(cluster, http, [here, there], session, generation, prompt)


async def test_answer_that_ends_while_postgresql_is_away_is_stored_when_it_is_back(
    cluster: Cluster, open_tab: OpenTab, http: aiohttp.ClientSession
):
    """Longer than an owner may be silent: nobody is taken for dead who could not be heard."""
    prompt = "PostgreSQL at the end: /emulate tokens 150 rate 77"
    here, there, session, generation = await begin(cluster, open_tab, prompt)
    await asyncio.to_thread(cluster.postgres.stop)
    await emulator.streams(http, cluster.emulator, "finished")
    await there.until_text(generation, len(sent_text(prompt)))
    await asyncio.sleep(12)
    assert not here.has_ended(generation)
    await start(cluster.postgres)
    back = time.monotonic()
    await assert_whole(cluster, http, [here, there], session, generation, prompt)
    print(f"stored {time.monotonic() - back:.1f} s after PostgreSQL came back")

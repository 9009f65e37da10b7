"""Two nodes that share PostgreSQL and Redis: whatever is promised of an answer holds wherever it is asked for and watched."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest

from tests.faults import emulator, programs
from tests.faults.checks import assert_same, sent_text, stored_answer, stored_messages
from tests.faults.client import Refused, Tab, new_id
from tests.faults.conftest import Cluster, OpenTab

pytestmark = [pytest.mark.postgresql, pytest.mark.redis]

SEAT = 5


async def on_both(cluster: Cluster, open_tab: OpenTab) -> list[Tab]:
    """A tab on each node."""
    return [await open_tab(cluster.seats[SEAT], node.url) for node in cluster.nodes]


async def test_answer_is_the_same_on_both_nodes(cluster: Cluster, open_tab: OpenTab, http: aiohttp.ClientSession):
    prompt = "Both nodes: /emulate tokens 150 rate 77"
    here, there = await on_both(cluster, open_tab)
    session = await here.new_session()
    await there.follow(session)
    generation = (await here.send(session, prompt))["generation"]
    for tab in (here, there):
        await tab.until_end(generation)
    status, stored = await stored_answer(http, cluster.nodes[1], cluster.seats[SEAT], session, generation)
    assert status == "completed"
    assert_same([here, there], generation, status, stored, sent_text(prompt))
    assert here.gaps == there.gaps == []


async def test_resuming_on_the_other_node_from_any_seq_ends_with_the_same(
    cluster: Cluster, open_tab: OpenTab, http: aiohttp.ClientSession
):
    """Tabs come to the node that does not produce: knowing nothing, with what another one has, or ahead of the copy."""
    prompt = "From any seq: /emulate reasoning 20 tokens 250 rate 77"
    here, first = await on_both(cluster, open_tab)
    session = await here.new_session()
    await first.follow(session)
    generation = (await here.send(session, prompt))["generation"]
    late: list[Tab] = []
    for seen in range(0, 1200, 120):
        await here.until_text(generation, seen)
        tab = await open_tab(cluster.seats[SEAT], cluster.nodes[1].url)
        if seen % 240:
            tab.take_over(session, here.answers[generation])
        await tab.follow(session)
        late.append(tab)
    tabs = [here, first, *late]
    for tab in tabs:
        await tab.until_end(generation)
    status, stored = await stored_answer(http, cluster.nodes[1], cluster.seats[SEAT], session, generation)
    assert status == "completed"
    assert_same(tabs, generation, status, stored, sent_text(prompt))
    assert all(tab.answers[generation].parts == here.answers[generation].parts for tab in tabs)


async def test_what_a_viewer_is_told_is_committed(cluster: Cluster, open_tab: OpenTab, http: aiohttp.ClientSession):
    """The row is final before `finish` is sent, and before a stop is answered: asked of either node."""
    seat = cluster.seats[SEAT]
    here, there = await on_both(cluster, open_tab)
    for number in range(5):
        session = await here.new_session()
        await there.follow(session)
        generation = (await here.send(session, f"Committed {number}: /emulate tokens 12 rate 0"))["generation"]
        await there.until_end(generation)
        assert (await stored_answer(http, cluster.nodes[0], seat, session, generation))[0] == "completed"
        session, generation = await here.ask(f"Stopped {number}: /emulate tokens 2000 rate 77")
        await here.until_text(generation)
        assert await there.stop(generation) == "stopped"
        assert (await stored_answer(http, cluster.nodes[0], seat, session, generation))[0] == "stopped"


async def test_leaving_does_not_stop_and_a_second_send_is_refused_on_the_other_node(
    cluster: Cluster, open_tab: OpenTab, http: aiohttp.ClientSession
):
    prompt = "Left alone: /emulate tokens 150 rate 77"
    there = await open_tab(cluster.seats[SEAT], cluster.nodes[1].url)
    async with Tab(http, cluster.seats[SEAT], cluster.nodes[0].url) as here:
        session, generation = await here.ask(prompt)
    with pytest.raises(Refused) as refused:
        await there.send(session, "Me too")
    assert refused.value.code == "generation_in_progress"
    assert (await there.follow(session))["generation"] == generation
    await there.until_end(generation)
    status, stored = await stored_answer(http, cluster.nodes[1], cluster.seats[SEAT], session, generation)
    assert status == "completed"
    assert_same([there], generation, status, stored, sent_text(prompt))


async def test_command_that_is_sent_again_to_the_other_node_is_done_once(
    cluster: Cluster, open_tab: OpenTab, http: aiohttp.ClientSession
):
    prompt = "Once: /emulate tokens 100 rate 77"
    here, there = await on_both(cluster, open_tab)
    session, command = await here.new_session(), new_id()
    fields = {"id": command, "session": session, "parent": None, "text": prompt}
    first, second = await asyncio.gather(here.command("send", **fields), there.command("send", **fields))
    assert first["generation"] == second["generation"]
    for tab in (here, there):
        await tab.until_end(first["generation"])
    status, stored = await stored_answer(http, cluster.nodes[0], cluster.seats[SEAT], session, first["generation"])
    assert_same([here, there], first["generation"], status, stored, sent_text(prompt))
    assert len(await stored_messages(http, cluster.nodes[0], cluster.seats[SEAT], session)) == 2


async def test_answer_that_replaces_another_shows_on_the_other_node(
    cluster: Cluster, open_tab: OpenTab, http: aiohttp.ClientSession
):
    prompt = "Again: /emulate tokens 60 rate 77"
    here, there = await on_both(cluster, open_tab)
    session = await here.new_session()
    await there.follow(session)
    sent = await here.send(session, prompt)
    await here.until_end(sent["generation"])
    again = await there.command("regenerate", session=session, message=sent["answer"]["id"])
    for tab in (here, there):
        await tab.until_end(again["generation"])
    status, stored = await stored_answer(http, cluster.nodes[0], cluster.seats[SEAT], session, again["generation"])
    assert status == "completed"
    assert_same([here, there], again["generation"], status, stored, sent_text(prompt))
    assert here.sessions[session]["generation"] is None


async def test_unknown_generation_clears_the_running_mark(cluster: Cluster, open_tab: OpenTab):
    here, there = await on_both(cluster, open_tab)
    session = await here.new_session()
    asked = await there.command("subscribe", session=session, generation=new_id(), after=7)
    assert asked["generation"] is None


@pytest.mark.usefixtures("reset_emulator")
async def test_server_sent_events_resume_and_stop_on_the_other_node(cluster: Cluster, http: aiohttp.ClientSession):
    seat, (here, there) = cluster.seats[SEAT], [node.url for node in cluster.nodes]
    prompt, session = "Program: /emulate tokens 200 rate 77", new_id()
    first: list[dict] = []
    async with await programs.ask(http, here, seat, session, prompt) as stream:
        async for part in programs.parts_of(stream):
            first.append(part)
            if len(programs.text_of(first)) > 200:
                break
    async with await programs.resume(http, there, seat, session) as stream:
        resumed = [part async for part in programs.parts_of(stream)]
    assert resumed[0]["messageId"] == first[0]["messageId"]
    assert resumed[-1]["type"] == "finish"
    assert programs.text_of(resumed) == sent_text(prompt)
    async with await programs.resume(http, there, seat, session) as nothing:
        assert nothing.status == 204
    long_prompt, other_session = "Program: /emulate tokens 2000 rate 77", new_id()
    async with await programs.ask(http, here, seat, other_session, long_prompt) as stream:
        stopped = asyncio.create_task(programs.stop(http, there, seat, other_session))
        heard = [part async for part in programs.parts_of(stream)]
    assert await stopped == "stopped"
    assert heard[-1] == {"type": "abort", "reason": "stopped"}
    await emulator.streams(http, cluster.emulator, "closed_by_client")

"""`kill -9` of the node that produces an answer: what a viewer saw stays, every tab hears of it, and it can be continued."""

from __future__ import annotations

import time

import aiohttp
import pytest

from chat.prompt import CONTINUE
from tests.faults.checks import assert_same, sent_text, stored_answer
from tests.faults.client import Tab
from tests.faults.conftest import Cluster, OpenTab
from tests.faults.nodes import Node, Seat, installation, start

PROMPT = "{}: /emulate tokens 3000 rate 77"
INTERRUPTED_WITHIN = 30.0


@pytest.mark.postgresql
@pytest.mark.redis
async def test_on_redis_nothing_that_another_node_showed_is_lost(
    cluster: Cluster, open_tab: OpenTab, http: aiohttp.ClientSession
):
    prompt, seat = PROMPT.format("Killed"), cluster.seats[2]
    owner, other = cluster.nodes
    here, there = await open_tab(seat, owner.url, other.url), await open_tab(seat, other.url)
    session, generation = await begin(here, there, prompt)
    await there.until_text(generation, 500)
    owner.server.kill()
    killed = time.monotonic()
    seen_there, seen_here = there.answers[generation].text, here.answers[generation].text
    for tab in (here, there):
        await tab.until_end(generation, INTERRUPTED_WITHIN)
    took = time.monotonic() - killed
    status, stored = await stored_answer(http, other, seat, session, generation)
    print(f"killed: interrupted on all tabs after {took:.1f} s; the dead node's tab had {len(seen_here)} characters,")
    print(f"the other's {len(seen_there)}, kept {len(stored)}")
    assert status == "interrupted"
    assert stored.startswith(seen_there)
    assert_same([here, there], generation, status, stored, sent_text(prompt))
    await continues(there, http, other, session, generation, stored)


@pytest.mark.postgresql
@pytest.mark.redis
async def test_of_two_answers_side_by_side_both_keep_all_that_was_seen(
    cluster: Cluster, open_tab: OpenTab, http: aiohttp.ClientSession
):
    prompt, seat = PROMPT.format("Both"), cluster.seats[1]
    owner, other = cluster.nodes
    here, there = await open_tab(seat, owner.url, other.url), await open_tab(seat, other.url)
    session = await here.new_session()
    await there.follow(session)
    model = await own_model(http, owner, seat)
    sent = await here.command("send", session=session, parent=None, text=prompt, beside=[model])
    generations = [sent["generation"], sent["beside"][0]["generation"]["id"]]
    for generation in generations:
        await there.until_text(generation, 300)
    owner.server.kill()
    seen = [there.answers[generation].text for generation in generations]
    for generation, text in zip(generations, seen, strict=True):
        for tab in (here, there):
            await tab.until_end(generation, INTERRUPTED_WITHIN)
        status, stored = await stored_answer(http, other, seat, session, generation)
        assert status == "interrupted"
        assert stored.startswith(text)
        assert len(stored) >= 300
        assert [tab.answers[generation].text for tab in (here, there)] == [stored, stored]
    await there.until(lambda: there.sessions[session]["generation"] is None)
    # Nothing is in the way of the next message.
    assert (await there.send(session, "Hello", parent=sent["answer"]["id"]))["generation"]


async def own_model(http: aiohttp.ClientSession, node: Node, seat: Seat) -> str:
    """The only one that there is; asked twice, it answers twice."""
    async with http.get(f"{node.url}/api/studio", headers={"Cookie": seat.cookie}) as response:
        [model] = (await response.json())["models"]
    return str(model["id"])


async def test_alone_at_most_a_second_is_lost(emulator: str, http: aiohttp.ClientSession):
    """One node on SQLite, killed and started again."""
    prompt = PROMPT.format("Alone")
    with installation(emulator, seats=1) as made:
        [node], seat = made.add_nodes(1), made.seats[0]
        async with Tab(http, seat, node.url) as here, Tab(http, seat, node.url) as there:
            session, generation = await begin(here, there, prompt)
            await there.until_text(generation, 1500)
            node.server.kill()
            killed = time.monotonic()
            seen = max((tab.answers[generation].text for tab in (here, there)), key=len)
            await start(node.server)
            for tab in (here, there):
                await tab.until_end(generation, INTERRUPTED_WITHIN)
            took = time.monotonic() - killed
            status, stored = await stored_answer(http, node, seat, session, generation)
            print(f"killed alone: interrupted after {took:.1f} s, seen {len(seen)} characters, kept {len(stored)}")
            assert status == "interrupted"
            assert_same([here, there], generation, status, stored, sent_text(prompt))
            # A second, and what a busy machine adds to it, at 77 tokens of about 5.6 characters.
            assert len(seen) - len(stored) < 77 * 5.6 * 2
            await continues(there, http, node, session, generation, stored)


async def begin(here: Tab, there: Tab, prompt: str) -> tuple[str, str]:
    session = await here.new_session()
    await there.follow(session)
    return session, (await here.send(session, prompt))["generation"]


async def continues(
    tab: Tab, http: aiohttp.ClientSession, node: Node, session: str, generation: str, partial: str
) -> None:
    """Continue gives all that was there, and then what the model says."""
    message = next(one["id"] for one in tab.messages if (one["generation"] or {}).get("id") == generation)
    began = await tab.command("continue", session=session, message=message)
    await tab.until_end(began["generation"])
    status, stored = await stored_answer(http, node, tab.seat, session, began["generation"])
    assert_same([tab], began["generation"], status, stored, partial + sent_text(CONTINUE))

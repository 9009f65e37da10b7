"""A viewer that does not keep up: it slows nobody, fills no memory, and ends with the whole answer all the same."""

from __future__ import annotations

import asyncio

import orjson
import pytest

from chat.generation.beat import Beat
from chat.generation.registry import registry
from chat.limits import WINDOW_BYTES
from chat.models import Generation
from tests.integration.models import text
from tests.integration.tabs import Tab

pytestmark = pytest.mark.django_db(transaction=True)

PIECE = "x" * 99 + "\n"
PIECES = [PIECE * 500] * 20
"""20 × 50 KB: four times what a viewer may owe."""
WHOLE = "".join(PIECES)


async def acknowledge(tab: Tab, generation: str) -> None:
    seq = tab.generations[generation].seq
    await tab.send_raw(orjson.dumps({"type": "acknowledge", "generation": generation, "seq": seq}).decode())


def received(tab: Tab) -> int:
    return sum(len(orjson.dumps(frame)) for frame in tab.frames if frame["type"] == "parts")


async def until_ended(generation: str) -> None:
    live = registry().get(generation)
    if live is not None:
        async with asyncio.timeout(20):
            await live.ended.wait()


async def test_who_does_not_acknowledge_is_held_back_until_it_does(open_tab, alice, model):
    model.will_say(*text(*PIECES))
    slow = await open_tab(alice)
    sent = await slow.say(await slow.new_session())
    await until_ended(sent["generation"])
    await slow.pending()
    assert WINDOW_BYTES <= received(slow) < WINDOW_BYTES * 2
    assert not slow.has_ended(sent["generation"])
    while not slow.has_ended(sent["generation"]):
        await acknowledge(slow, sent["generation"])
        await slow.receive()
    assert slow.generations[sent["generation"]].text == WHOLE


async def test_what_was_held_back_comes_as_few_frames(open_tab, alice, model, monkeypatch):
    monkeypatch.setattr(registry(), "beat", Beat(0.0))
    model.will_say(*text(*[PIECE * 20] * 500))
    slow = await open_tab(alice)
    sent = await slow.say(await slow.new_session())
    await until_ended(sent["generation"])
    await slow.pending()
    known, held_at = len(slow.frames), slow.generations[sent["generation"]].seq
    while not slow.has_ended(sent["generation"]):
        await acknowledge(slow, sent["generation"])
        await slow.receive()
    rest = [frame for frame in slow.frames[known:] if frame["type"] == "parts"]
    assert rest[-1]["seq"] - held_at > len(rest) * 2


async def test_the_answer_and_other_viewers_do_not_wait_for_a_slow_one(open_tab, alice, model):
    model.will_say(*text(*PIECES))
    slow, quick = await open_tab(alice), await open_tab(alice)
    session = await slow.new_session()
    await quick.command("subscribe", session=session, generation=None, after=None)
    sent = await slow.say(session)
    while not quick.has_ended(sent["generation"]):
        await quick.receive()
        if sent["generation"] in quick.generations:
            await acknowledge(quick, sent["generation"])
    assert quick.generations[sent["generation"]].text == WHOLE
    assert not slow.has_ended(sent["generation"])
    assert (await Generation.objects.aget(pk=sent["generation"])).status == "completed"


@pytest.mark.parametrize("seq", [0, 1, 2**31 - 1])
async def test_an_acknowledgement_that_goes_back_or_ahead_does_no_harm(open_tab, alice, model, seq):
    gate = model.will_wait("Once upon")
    tab = await open_tab(alice)
    sent = await tab.say(await tab.new_session())
    await tab.until_text(sent["generation"], "Once upon")
    await acknowledge(tab, sent["generation"])
    frame = {"type": "acknowledge", "generation": sent["generation"], "seq": seq}
    await tab.send_raw(orjson.dumps(frame).decode())
    gate.set()
    assert (await tab.until_end(sent["generation"])).text == "Once upon Done."


async def test_a_held_back_tab_that_subscribes_again_gets_a_snapshot_or_the_rest(open_tab, alice, model):
    model.will_say(*text(*PIECES))
    slow = await open_tab(alice)
    session = await slow.new_session()
    sent = await slow.say(session)
    await until_ended(sent["generation"])
    await slow.pending()
    known = slow.generations[sent["generation"]].seq
    await slow.command("subscribe", session=session, generation=sent["generation"], after=known)
    while not slow.has_ended(sent["generation"]):
        await slow.receive()
        await acknowledge(slow, sent["generation"])
    assert slow.generations[sent["generation"]].text == WHOLE

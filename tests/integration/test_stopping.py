"""Stops: before the first token, in the middle, twice, after the end, from another tab; and what the provider sees of it."""

from __future__ import annotations

import asyncio

import pytest
from asgiref.sync import sync_to_async

from ai_studio.emulator import testing as emulated
from ai_studio.llm.errors import ServerError
from chat.ids import new_id
from chat.models import Generation, Message
from tests.integration.conftest import usable_model
from tests.integration.models import STARTED, text
from tests.integration.tabs import Refused

pytestmark = pytest.mark.django_db(transaction=True)

PROVIDER_LEARNS_WITHIN = 2.0
"""Seconds from the stop to the closed connection, as the emulator sees it. It takes some ten milliseconds; this tells it
from reading on to the end, on a machine that may be busy with other things."""


async def stored(generation: str) -> Generation:
    return await Generation.objects.select_related("message").aget(pk=generation)


async def test_a_stop_before_the_first_token_keeps_an_empty_answer(open_tab, alice, model):
    model.will_wait()
    tab = await open_tab(alice)
    sent = await tab.say(await tab.new_session())
    while not model.requests:
        await asyncio.sleep(0)
    assert (await tab.command("stop", generation=sent["generation"]))["status"] == "stopped"
    heard = await tab.until_end(sent["generation"])
    assert [part["type"] for part in heard.said] == ["start", "start-step", "finish-step", "abort"]
    assert heard.last_part == {"type": "abort", "reason": "stopped"}
    assert ((await stored(sent["generation"])).status, model.closed) == ("stopped", 1)


async def test_a_stop_in_the_same_breath_as_the_message(open_tab, alice, model):
    """The second frame is there before the server has begun with the first."""
    model.will_wait()
    tab, other = await open_tab(alice), await open_tab(alice)
    session = await tab.new_session()
    await other.command("subscribe", session=session, generation=None, after=None)
    send = await tab.send_command("send", session=session, parent=None, text="Hello")
    started = await other.until(lambda f: f["type"] == "session" and f["session"]["generation"] is not None)
    generation = started["session"]["generation"]
    assert (await other.command("stop", generation=generation))["status"] == "stopped"
    await tab.answer(send)
    assert (await tab.until_end(generation)).last_part == {"type": "abort", "reason": "stopped"}


async def test_a_stop_in_the_middle_keeps_what_was_said(open_tab, alice, model):
    model.will_wait("Once upon")
    tab, other = await open_tab(alice), await open_tab(alice)
    session = await tab.new_session()
    await other.command("subscribe", session=session, generation=None, after=None)
    sent = await tab.say(session)
    await tab.until_text(sent["generation"], "Once upon")
    result = await other.command("stop", generation=sent["generation"])
    assert result == {"generation": sent["generation"], "status": "stopped"}
    row = await stored(sent["generation"])
    assert (row.status, row.message.text, row.error) == ("stopped", "Once upon", None)
    for each in (tab, other):
        heard = await each.until_end(sent["generation"])
        assert heard.message == row.message.parts == [{"type": "text", "text": "Once upon"}]
    assert model.closed == 1


async def test_what_came_after_the_click_is_not_kept(open_tab, alice, model):
    gate = asyncio.Event()
    model.will_say(*text("Seen. ")[:-1], gate, *text("Not seen.")[1:-1], asyncio.Event())
    tab, other = await open_tab(alice), await open_tab(alice)
    session = await tab.new_session()
    await other.command("subscribe", session=session, generation=None, after=None)
    sent = await tab.say(session)
    seen = (await tab.until_text(sent["generation"], "Seen. ")).seq
    gate.set()
    await other.until_text(sent["generation"], "Not seen.")
    await tab.command("stop", generation=sent["generation"], seen=seen)
    row = await stored(sent["generation"])
    assert row.message.text.strip() == "Seen."
    for each in (tab, other):
        heard = each.generations[sent["generation"]]
        while not heard.snapshots:
            await each.receive()
        snapshot = heard.snapshots[-1]
        assert snapshot["message"]["parts"] == row.message.parts
        assert snapshot["message"]["generation"]["status"] == "stopped"


@pytest.mark.parametrize("seen", [0, 2**31 - 1], ids=["nothing", "more than there is"])
async def test_a_seen_that_was_never_sent_does_no_harm(open_tab, alice, model, seen):
    model.will_wait("Once upon")
    tab = await open_tab(alice)
    sent = await tab.say(await tab.new_session())
    await tab.until_text(sent["generation"], "Once upon")
    assert (await tab.command("stop", generation=sent["generation"], seen=seen))["status"] == "stopped"
    assert (await stored(sent["generation"])).message.text == ("Once upon" if seen else "")


async def test_stopping_twice_is_stopping_once(open_tab, alice, model):
    model.will_wait("Once upon")
    tab, other = await open_tab(alice), await open_tab(alice)
    sent = await tab.say(await tab.new_session())
    await tab.until_text(sent["generation"], "Once upon")
    commands = [await each.send_command("stop", generation=sent["generation"]) for each in (tab, other, tab)]
    results = [await tab.answer(commands[0]), await other.answer(commands[1]), await tab.answer(commands[2])]
    assert {result["status"] for result in results} == {"stopped"}
    again = await tab.command("stop", generation=sent["generation"])
    assert again == {"generation": sent["generation"], "status": "stopped"}
    assert [part["type"] for part in tab.generations[sent["generation"]].said].count("abort") == 1


@pytest.mark.parametrize(
    ("script", "status"),
    [(text("Hi."), "completed"), ([[STARTED], ServerError("x"), []], "failed")],
    ids=["done", "failed"],
)
async def test_stopping_what_has_ended_changes_nothing(open_tab, alice, model, script, status):
    for _ in range(3):  # as often as it is tried again
        model.will_say(*script)
    tab = await open_tab(alice)
    sent = await tab.ask(await tab.new_session())
    before = await stored(sent["generation"])
    assert before.status == status
    assert (await tab.command("stop", generation=sent["generation"]))["status"] == status
    after = await stored(sent["generation"])
    assert (after.status, after.finished_at, after.message.parts) == (status, before.finished_at, before.message.parts)


async def test_a_stop_while_an_attempt_is_repeated(open_tab, alice, model, monkeypatch):
    from tests.integration.conftest import patiently

    patiently(monkeypatch, base_delay=1000.0)
    model.will_say(ServerError("one moment"))
    tab = await open_tab(alice)
    sent = await tab.say(await tab.new_session())
    await tab.until(lambda frame: frame["type"] == "parts" and frame["parts"][-1]["type"] == "data-attempt")
    assert (await tab.command("stop", generation=sent["generation"]))["status"] == "stopped"
    assert len(model.requests) == 1


async def test_after_a_stop_the_session_takes_the_next_message(open_tab, alice, model):
    model.will_wait("Once upon")
    tab = await open_tab(alice)
    session = await tab.new_session()
    sent = await tab.say(session, "A story!")
    await tab.until_text(sent["generation"], "Once upon")
    await tab.command("stop", generation=sent["generation"])
    await tab.ask(session, "Go on.", parent=sent["answer"]["id"])
    assert [message.text for message in model.requests[-1].messages] == ["A story!", "Once upon", "Go on."]


async def test_nobody_else_can_stop_it(open_tab, people, model):
    gate = model.will_wait("Once upon")
    tab, mate = await open_tab(people.alice), await open_tab(people.bob)
    sent = await tab.say(await tab.new_session())
    for generation in (sent["generation"], new_id()):
        with pytest.raises(Refused) as refused:
            await mate.command("stop", generation=generation)
        assert refused.value.code == "generation_not_found"
    gate.set()
    assert (await tab.until_end(sent["generation"])).text == "Once upon Done."


@pytest.mark.parametrize(
    ("provider_key", "path"),
    [("openai", "/v1"), ("anthropic", ""), ("gemini", "/v1beta")],
    ids=["openai", "anthropic", "gemini"],
)
@pytest.mark.parametrize("behaviour", ["story-rate-20", "first-token-20000", "stall-3-20000"])
async def test_the_provider_s_connection_is_closed_at_once(open_tab, people, emulator, provider_key, path, behaviour):
    name = f"{provider_key}-{new_id()[:6].lower()}-{behaviour}"
    make = sync_to_async(usable_model)
    await make(people.team, provider_key=provider_key, base_url=f"{emulator}{path}", model_id=name, is_default=True)
    tab = await open_tab(people.alice)
    sent = await tab.say(await tab.new_session(), "Tell me a story.")
    moment = "started" if behaviour.startswith("first") else "first_token"
    await asyncio.to_thread(emulated.wait_for_streams, emulator, moment, model=name, timeout=20)
    if moment == "first_token":
        await tab.until(lambda frame: frame["type"] == "parts" and "delta" in frame["parts"][-1])
    loop = asyncio.get_running_loop()
    stopped_at = loop.time()
    await tab.command("stop", generation=sent["generation"])
    streams = await asyncio.to_thread(emulated.wait_for_streams, emulator, "closed_by_client", model=name, timeout=5)
    [stream] = [stream for stream in streams if stream["model"] == name]
    assert stream["closed_by_client"]["monotonic"] - stopped_at < PROVIDER_LEARNS_WITHIN
    heard = await tab.until_end(sent["generation"])
    message = await Message.objects.aget(generation=sent["generation"])
    assert heard.message == message.parts

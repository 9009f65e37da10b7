"""Answers of several models to one message, side by side: begun at once, each heard, stopped and ended by itself."""

from __future__ import annotations

import asyncio

import pytest
from asgiref.sync import sync_to_async

from chat.models import Generation, Message, Session
from tests.integration.conftest import usable_model
from tests.integration.models import text
from tests.integration.side_by_side import generations, send
from tests.integration.tabs import Refused

pytestmark = pytest.mark.django_db(transaction=True)


async def test_several_models_answer_the_same_message(open_tab, alice, model, others):
    model.will_say(*text("One."))
    model.will_say(*text("Two."))
    model.will_say(*text("Three."))
    tab = await open_tab(alice)
    session = await tab.new_session()
    sent = await send(tab, session, *others[:2])
    heard = [await tab.until_end(generation) for generation in generations(sent)]
    assert [one.text for one in heard] == ["One.", "Two.", "Three."]
    answers = [sent["answer"], *sent["beside"]]
    assert {answer["parent"] for answer in answers} == {sent["message"]["id"]}
    assert [answer["generation"]["model"]["name"] for answer in answers] == ["Story", "Second", "Third"]
    assert [answer["generation"]["place"] for answer in answers] == [0, 1, 2]
    assert [answer["generation"]["beside"] for answer in answers] == [None, sent["generation"], sent["generation"]]
    assert (await Session.objects.aget(pk=session)).leaf_id == sent["answer"]["id"]
    assert sent["session"]["generation"] == sent["generation"]
    # All are asked the same, and the next message follows the one that leads.
    assert len({request.messages for request in model.requests}) == 1
    await tab.ask(session, "And then?", parent=sent["answer"]["id"])
    assert [message.text for message in model.requests[-1].messages] == ["Hello", "One.", "And then?"]


async def test_they_are_read_again_with_the_last_answer(open_tab, alice, api, model, others):
    tab = await open_tab(alice)
    session = await tab.new_session()
    sent = await send(tab, session, *others)
    for generation in generations(sent):
        await tab.until_end(generation)
    page = (await sync_to_async(api.get)(f"/api/sessions/{session}/messages")).json()
    assert [one["id"] for one in page["messages"]] == [sent["message"]["id"], sent["answer"]["id"]]
    assert [one["id"] for one in page["beside"]] == [answer["id"] for answer in sent["beside"]]
    assert all(one["generation"]["status"] == "completed" for one in page["beside"])
    assert page["siblings"][sent["answer"]["id"]] == [sent["answer"]["id"], *(one["id"] for one in page["beside"])]
    await tab.ask(session, "More", parent=sent["answer"]["id"])
    later = (await sync_to_async(api.get)(f"/api/sessions/{session}/messages")).json()
    assert later["beside"] == []
    assert sent["answer"]["id"] in later["siblings"]


@pytest.mark.parametrize(
    ("beside", "code"),
    [
        (["m-that-is-not-there"], "model_unavailable"),
        ("nonsense", "invalid_command"),
        ([7], "invalid_command"),
        (["short"], "invalid_command"),
        ([["m-Lk3jHg5fDs7aPo9i"]], "invalid_command"),
        ([{"id": "m-Lk3jHg5fDs7aPo9i"}], "invalid_command"),
    ],
)
async def test_what_is_no_model_refuses_all_of_it(open_tab, alice, model, others, beside, code):
    tab = await open_tab(alice)
    session = await tab.new_session()
    with pytest.raises(Refused) as refused:
        await tab.command("send", session=session, parent=None, text="Hello", beside=beside)
    assert refused.value.code == code
    assert not await Message.objects.aexists()
    assert not model.requests


async def test_models_are_named_once_and_there_are_three_at_most(open_tab, people, alice, model, others):
    fifth = await sync_to_async(usable_model)(people.team, display_name="Fifth")
    tab = await open_tab(alice)
    session = await tab.new_session()
    for wanted in ([others[0], others[0]], [*others, fifth]):
        with pytest.raises(Refused) as refused:
            await send(tab, session, *wanted)
        assert refused.value.code == "invalid_command"
    assert not await Message.objects.aexists()


async def test_a_model_of_another_team_refuses_all_of_it(open_tab, people, alice, model, others):
    foreign = await sync_to_async(usable_model)(people.other_team, display_name="Foreign")
    tab = await open_tab(alice)
    session = await tab.new_session()
    with pytest.raises(Refused) as refused:
        await send(tab, session, others[0], foreign)
    assert refused.value.code == "model_unavailable"
    assert not await Message.objects.aexists()
    sent = await tab.ask(session)
    with pytest.raises(Refused) as refused:
        await tab.command("regenerate", session=session, message=sent["answer"]["id"], beside=[foreign.pk])
    assert refused.value.code == "model_unavailable"


async def test_each_counts_against_the_minute(open_tab, alice, model, others, settings):
    settings.SENDS_PER_MINUTE = 3
    tab = await open_tab(alice)
    session = await tab.new_session()
    with pytest.raises(Refused) as refused:
        await send(tab, session, *others)
    assert refused.value.code == "rate_limit_reached"
    assert not await Message.objects.aexists()


async def test_sending_again_begins_nothing(open_tab, alice, model, others):
    gates = [model.will_wait("Hm"), model.will_wait("Hm")]
    tab = await open_tab(alice)
    session = await tab.new_session()
    fields = {"session": session, "parent": None, "text": "Hello", "beside": [others[0].pk]}
    command = await tab.send_command("send", **fields)
    first = await tab.answer(command)
    again = await tab.answer(await tab.send_command("send", id=command, **fields))
    assert generations(again) == generations(first)
    assert await Generation.objects.acount() == len(model.requests) == 2
    for gate in gates:
        gate.set()
    assert [(await tab.until_end(one)).text for one in generations(first)] == ["Hm Done.", "Hm Done."]


async def test_one_is_stopped_and_the_other_goes_on(open_tab, alice, model, others):
    gates = [model.will_wait("One"), model.will_wait("Two")]
    tab = await open_tab(alice)
    session = await tab.new_session()
    sent = await send(tab, session, others[0])
    leading, beside = generations(sent)
    await tab.until_text(leading, "One")
    await tab.until_text(beside, "Two")
    assert (await tab.command("stop", generation=leading))["status"] == "stopped"
    with pytest.raises(Refused) as refused:
        await tab.say(session, "More", parent=sent["answer"]["id"])
    assert refused.value.code == "generation_in_progress"
    assert (await tab.command("subscribe", session=session, generation=None, after=None))["generation"] is None
    gates[1].set()
    assert (await tab.until_end(beside)).text == "Two Done."
    assert (await Message.objects.aget(pk=sent["answer"]["id"])).text == "One"


async def test_the_end_of_the_last_one_takes_the_running_mark_away(open_tab, alice, model, others):
    gates = [model.will_wait("One"), model.will_wait("Two")]
    tab, elsewhere = await open_tab(alice), await open_tab(alice)
    session = await tab.new_session()
    leading, beside = generations(await send(tab, session, others[0]))
    gates[0].set()
    told = await elsewhere.until(
        lambda frame: (
            frame["type"] == "session" and frame["session"]["generation"] == beside and frame["session"]["unread"]
        )
    )
    assert told["session"]["id"] == session
    gates[1].set()
    await elsewhere.until(lambda frame: frame["type"] == "session" and frame["session"]["generation"] is None)
    assert leading not in elsewhere.generations, "it follows nothing"


async def test_both_at_the_same_moment_leave_no_running_mark(open_tab, alice, model, others):
    for _ in range(5):
        gates = [model.will_wait("One"), model.will_wait("Two"), model.will_wait("Three")]
        tab = await open_tab(alice)
        session = await tab.new_session()
        sent = await send(tab, session, *others[:2])
        for gate in gates:
            gate.set()
        for generation in generations(sent):
            await tab.until_end(generation)
        await asyncio.sleep(0.2)
        await tab.settle()
        frames = [frame["session"] for frame in tab.frames if frame["type"] == "session"]
        assert frames[-1]["generation"] is None
        await tab.close()


async def test_a_tab_that_comes_back_goes_on_with_each(open_tab, alice, model, others):
    gates = [model.will_wait("One"), model.will_wait("Two")]
    tab = await open_tab(alice)
    session = await tab.new_session()
    leading, beside = generations(await send(tab, session, others[0]))
    await tab.until_text(leading, "One")
    await tab.until_text(beside, "Two")
    heard = tab.generations
    await tab.close()
    back = await open_tab(alice)
    back.generations = heard
    positions = {"generation": leading, "after": heard[leading].seq}
    result = await back.command(
        "subscribe", session=session, **positions, beside=[{"generation": beside, "after": heard[beside].seq}]
    )
    assert (result["generation"], result["beside"]) == (leading, [beside])
    for gate in gates:
        gate.set()
    assert (await back.until_end(leading)).text == "One Done."
    assert (await back.until_end(beside)).text == "Two Done."
    assert not back.generations[beside].snapshots, "nothing was lost, so nothing is sent anew"


async def test_one_that_has_ended_meanwhile_is_told_of(open_tab, alice, model, others):
    gates = [model.will_wait("One"), model.will_wait("Two")]
    tab = await open_tab(alice)
    session = await tab.new_session()
    leading, beside = generations(await send(tab, session, others[0]))
    await tab.until_text(beside, "Two")
    heard = tab.generations
    await tab.close()
    gates[1].set()
    while (await Generation.objects.aget(pk=beside)).is_active:
        await asyncio.sleep(0.01)
    back = await open_tab(alice)
    back.generations = heard
    result = await back.command(
        "subscribe",
        session=session,
        generation=leading,
        after=heard[leading].seq,
        beside=[{"generation": beside, "after": heard[beside].seq}],
    )
    assert (result["generation"], result["beside"]) == (leading, [])
    assert (await back.until_end(beside)).text == "Two Done."
    gates[0].set()
    await back.until_end(leading)


async def test_another_tab_hears_each_and_an_older_page_the_leading_one_alone(open_tab, alice, model, others):
    tab, newer, older = await open_tab(alice), await open_tab(alice), await open_tab(alice)
    session = await tab.new_session()
    await newer.command("subscribe", session=session, generation=None, after=None, beside=[])
    await older.command("subscribe", session=session, generation=None, after=None)
    model.will_say(*text("One."))
    model.will_say(*text("Two."))
    sent = await send(tab, session, others[0])
    leading, beside = generations(sent)
    assert (await newer.until_end(leading)).text == "One."
    assert (await newer.until_end(beside)).text == "Two."
    assert (await older.until_end(leading)).text == "One."
    await older.settle()
    assert beside not in older.generations
    shown = [frame["message"]["id"] for frame in older.frames if frame["type"] == "message"]
    assert shown == [sent["message"]["id"], sent["answer"]["id"]]
    later = await open_tab(alice)
    await later.command("subscribe", session=session, generation=None, after=None)
    assert not later.generations

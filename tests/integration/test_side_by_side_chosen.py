"""Answers side by side: asked beside one that is there, again in its place, and chosen to go on with."""

from __future__ import annotations

import pytest
from asgiref.sync import sync_to_async
from django.db import IntegrityError

from chat import services
from chat.models import Generation, Message, Session
from tests.integration.models import text
from tests.integration.side_by_side import generations, send
from tests.integration.tabs import Refused

pytestmark = pytest.mark.django_db(transaction=True)


async def test_another_model_is_asked_beside_an_answer(open_tab, alice, api, model, others):
    tab, other = await open_tab(alice), await open_tab(alice)
    session = await tab.new_session()
    first = await tab.ask(session)
    await other.command("subscribe", session=session, generation=None, after=None, beside=[])
    model.will_say(*text("Mine."))
    fields = {"session": session, "message": first["answer"]["id"], "beside": [others[1].pk]}
    command = await tab.send_command("regenerate", **fields)
    asked = await tab.answer(command)
    assert (await tab.until_end(asked["generation"])).text == "Mine."
    assert (await other.until_end(asked["generation"])).text == "Mine."
    assert asked["answer"]["generation"]["beside"] == first["generation"]
    assert (await Session.objects.aget(pk=session)).leaf_id == first["answer"]["id"]
    page = (await sync_to_async(api.get)(f"/api/sessions/{session}/messages")).json()
    assert [one["id"] for one in page["beside"]] == [asked["answer"]["id"]]
    again = await tab.answer(await tab.send_command("regenerate", id=command, **fields))
    assert again["generation"] == asked["generation"]
    assert len(model.requests) == 2


async def test_four_stand_side_by_side_and_no_fifth(open_tab, alice, model, others):
    tab = await open_tab(alice)
    session = await tab.new_session()
    sent = await send(tab, session, *others[:2])
    for generation in generations(sent):
        await tab.until_end(generation)
    fields = {"session": session, "message": sent["beside"][0]["id"]}
    with pytest.raises(Refused) as refused:
        await tab.command("regenerate", **fields, beside=[others[1].pk, others[2].pk])
    assert refused.value.code == "invalid_command"
    asked = await tab.command("regenerate", **fields, beside=[others[2].pk])
    assert asked["answer"]["generation"]["place"] == 3
    await tab.until_end(asked["generation"])


async def test_nothing_is_asked_beside_what_was_written_by_hand(open_tab, alice, model, others):
    tab = await open_tab(alice)
    session = await tab.new_session()
    sent = await tab.ask(session)
    revised = await tab.command("revise", session=session, message=sent["answer"]["id"], text="Mine.")
    with pytest.raises(Refused) as refused:
        await tab.command("regenerate", session=session, message=revised["message"]["id"], beside=[others[0].pk])
    assert refused.value.code == "invalid_command"


async def test_one_that_failed_is_asked_again_in_its_place_while_the_other_is_written(open_tab, alice, model, others):
    gate = model.will_wait("One")
    model.will_say(RuntimeError("gone"))
    tab = await open_tab(alice)
    session = await tab.new_session()
    sent = await send(tab, session, others[0])
    leading, beside = generations(sent)
    await tab.until_end(beside)
    model.will_say(*text("Two."))
    again = await tab.command("regenerate", session=session, message=sent["beside"][0]["id"], model=None)
    assert again["answer"]["generation"]["model"]["name"] == "Second"
    assert (again["answer"]["generation"]["beside"], again["answer"]["generation"]["place"]) == (leading, 1)
    assert (await tab.until_end(again["generation"])).text == "Two."
    assert (await Session.objects.aget(pk=session)).leaf_id == sent["answer"]["id"]
    with pytest.raises(Refused) as refused:
        await tab.command("regenerate", session=session, message=sent["answer"]["id"], model=None)
    assert refused.value.code == "generation_in_progress", "in its own place one is written"
    gate.set()
    await tab.until_end(leading)
    better = await tab.command("regenerate", session=session, message=sent["answer"]["id"], model=None)
    await tab.until_end(better["generation"])
    assert (better["answer"]["generation"]["beside"], better["answer"]["generation"]["place"]) == (leading, 0)
    assert (await Session.objects.aget(pk=session)).leaf_id == better["answer"]["id"]


async def test_one_that_was_stopped_goes_on_in_its_place(open_tab, alice, model, others):
    model.will_say(*text("One."))
    model.will_wait("Two and ")
    tab = await open_tab(alice)
    session = await tab.new_session()
    sent = await send(tab, session, others[0])
    leading, beside = generations(sent)
    await tab.until_end(leading)
    await tab.until_text(beside, "Two and ")
    await tab.command("stop", generation=beside)
    model.will_say(*text("a half."))
    gone_on = await tab.command("continue", session=session, message=sent["beside"][0]["id"])
    assert (await tab.until_end(gone_on["generation"])).text == "Two and a half."
    assert gone_on["answer"]["generation"]["place"] == 1
    assert gone_on["answer"]["generation"]["model"]["name"] == "Second"
    assert (await Session.objects.aget(pk=session)).leaf_id == sent["answer"]["id"]


async def test_one_is_chosen_before_all_have_ended_and_the_chat_goes_on_with_it(open_tab, alice, model, others):
    gates = [model.will_wait("One"), model.will_wait("Two")]
    tab = await open_tab(alice)
    session = await tab.new_session()
    sent = await send(tab, session, others[0])
    leading, beside = generations(sent)
    chosen = sent["beside"][0]["id"]
    shown = await tab.command("show", session=session, message=chosen)
    assert shown["session"]["leaf"] == chosen
    # A page that shows one answer hears of the chosen one from now on.
    older = await open_tab(alice)
    assert (await older.command("subscribe", session=session, generation=None, after=None))["generation"] == beside
    for gate in gates:
        gate.set()
    for generation in (leading, beside):
        await tab.until_end(generation)
    await tab.ask(session, "And then?", parent=chosen)
    assert [message.text for message in model.requests[-1].messages] == ["Hello", "Two Done.", "And then?"]


async def test_what_does_not_stand_there_is_not_shown_while_they_are_written(open_tab, alice, model, others):
    tab = await open_tab(alice)
    session = await tab.new_session()
    first = await tab.ask(session)
    better = await tab.command("regenerate", session=session, message=first["answer"]["id"], model=None)
    await tab.until_end(better["generation"])
    gate = model.will_wait("Two")
    asked = await tab.command("regenerate", session=session, message=better["answer"]["id"], beside=[others[0].pk])
    with pytest.raises(Refused) as refused:
        await tab.command("show", session=session, message=first["answer"]["id"])
    assert refused.value.code == "generation_in_progress"
    gate.set()
    await tab.until_end(asked["generation"])


async def test_the_first_answer_that_leads_gives_the_title(open_tab, alice, model, others, settings):
    settings.TITLES = True
    tab = await open_tab(alice)
    session = await tab.new_session()
    sent = await send(tab, session, *others)
    for generation in generations(sent):
        await tab.until_end(generation)
    await tab.until(lambda frame: frame["type"] == "session" and frame["session"]["title"] == "A title")
    assert len(model.title_requests) == 1


async def test_deleting_the_chat_stops_all(open_tab, alice, model, others):
    model.will_wait("One")
    model.will_wait("Two")
    tab = await open_tab(alice)
    session = await tab.new_session()
    sent = await send(tab, session, others[0])
    for generation in generations(sent):
        await tab.until(lambda frame, wanted=generation: frame.get("generation") == wanted)
    await services.delete_sessions(user_id=alice.pk, session_ids=[session])
    assert model.closed == 2
    assert not await Generation.objects.active().aexists()


async def test_a_fork_takes_one_of_them_along(open_tab, alice, model, others):
    tab = await open_tab(alice)
    session = await tab.new_session()
    sent = await send(tab, session, *others)
    for generation in generations(sent):
        await tab.until_end(generation)
    target = "s-Jn6bHv5gCf4dXs3z"
    await tab.command("fork", session=session, message=sent["beside"][1]["id"], target=target)
    copy = await Generation.objects.aget(session_id=target)
    assert (copy.model_name, copy.beside, copy.place) == ("Third", "", 0)


async def test_the_database_keeps_one_active_answer_for_each_place(open_tab, alice, model, others):
    model.will_wait("One")
    tab = await open_tab(alice)
    session = await tab.new_session()
    sent = await tab.say(session)
    running = await Generation.objects.aget(pk=sent["generation"])
    message = await Message.objects.acreate(id="msg-of-a-second-one", session_id=session, role="assistant")
    with pytest.raises(IntegrityError):
        await Generation.objects.acreate(
            id="g-of-a-second-one", session_id=session, message=message, place=running.place
        )
    await tab.command("stop", generation=sent["generation"])

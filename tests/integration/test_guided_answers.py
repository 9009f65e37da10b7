"""Answered again, and differently: what the model is told, what is kept, and what nobody else gets to see."""

from __future__ import annotations

import pytest
from asgiref.sync import sync_to_async
from django.db import connection
from django.urls import reverse

from ai_studio.emulator import testing as emulated
from ai_studio.llm.errors import ServerError
from ai_studio.models import User
from chat import exporting
from chat.guidance import Guidance, guided
from chat.models import Generation, Message, Session
from chat.parts import fold
from tests.integration.conftest import usable_model
from tests.integration.models import text
from tests.integration.rest import signed_in
from tests.integration.side_by_side import generations, send
from tests.integration.sse_client import SSEClient
from tests.integration.tabs import Refused, Tab

pytestmark = pytest.mark.django_db(transaction=True)

WANTED = "Make it shorter."


async def answered(tab: Tab, model, words: str = "What is it?") -> tuple[str, str]:
    """A session, and the id of the finished answer in it."""
    model.will_say(*text("It is one, at length."))
    session = await tab.new_session()
    return session, (await tab.ask(session, words))["answer"]["id"]


async def again(tab: Tab, session: str, message: str, **fields):
    begun = await tab.command("regenerate", session=session, message=message, **{"model": None, **fields})
    await tab.until_end(begun["generation"])
    return begun


def told(generation: str, earlier: str = "It is one, at length.", wanted: str = WANTED) -> str:
    return f"What is it?\n\n{guided(Guidance(wanted, earlier), generation)}"


async def test_the_model_sees_its_earlier_answer_and_what_is_wanted(tab, model, api):
    session, first = await answered(tab, model)
    model.will_say(*text("One."))
    begun = await again(tab, session, first, guidance=f"  {WANTED}\n")
    (asked,) = model.requests[-1].messages
    assert asked.text == told(begun["generation"])
    assert begun["answer"]["generation"]["guidance"] == WANTED
    row = await Generation.objects.aget(pk=begun["generation"])
    assert (row.status, row.guidance, row.guided_from) == ("completed", WANTED, first)
    page = (await sync_to_async(api.get)(f"/api/sessions/{session}/messages")).json()
    assert page["messages"][-1]["generation"]["guidance"] == WANTED
    assert page["siblings"][row.message_id] == [first, row.message_id]
    exported = await sync_to_async(exporting.as_json)(
        await Session.objects.select_related("model", "agent").aget(pk=session)
    )
    assert [one["guidance"] for one in exported["messages"]] == [None, None, WANTED]


async def test_the_next_message_and_the_next_answer_know_nothing_of_it(tab, model):
    session, first = await answered(tab, model)
    model.will_say(*text("One."))
    begun = await again(tab, session, first, guidance=WANTED)
    await tab.ask(session, "Sure?", parent=begun["answer"]["id"])
    assert [one.text for one in model.requests[-1].messages] == ["What is it?", "One.", "Sure?"]
    ordinary = await again(tab, session, begun["answer"]["id"])
    assert [one.text for one in model.requests[-1].messages] == ["What is it?"]
    assert ordinary["answer"]["generation"]["guidance"] is None


async def test_it_is_about_the_answer_that_is_named(tab, model):
    session, first = await answered(tab, model)
    model.will_say(*text("One."))
    second = await again(tab, session, first, guidance=WANTED)
    await again(tab, session, second["answer"]["id"], guidance="Longer, but not as long as that.")
    (asked,) = model.requests[-1].messages
    assert "One." in asked.text
    assert "at length" not in asked.text
    assert WANTED not in asked.text


async def test_one_that_was_stopped_goes_on_with_the_same_words(tab, model):
    session, first = await answered(tab, model)
    model.will_wait("On")
    begun = await tab.command("regenerate", session=session, message=first, model=None, guidance=WANTED)
    await tab.until_text(begun["generation"], "On")
    await tab.command("stop", generation=begun["generation"])
    model.will_say(*text("e."))
    gone_on = await tab.command("continue", session=session, message=begun["answer"]["id"])
    assert (await tab.until_end(gone_on["generation"])).text == "One."
    asked, half, *_ = model.requests[-1].messages
    assert asked.text == told(gone_on["generation"])
    assert half.text == "On"
    row = await Generation.objects.aget(pk=gone_on["generation"])
    assert (row.guidance, row.guided_from) == (WANTED, first)


async def test_in_a_fork_the_words_stay_and_point_nowhere(tab, model):
    session, first = await answered(tab, model)
    model.will_wait("On")
    begun = await tab.command("regenerate", session=session, message=first, model=None, guidance=WANTED)
    await tab.until_text(begun["generation"], "On")
    await tab.command("stop", generation=begun["generation"])
    target = "s-Jn6bHv5gCf4dXs3z"
    await tab.command("fork", session=session, message=begun["answer"]["id"], target=target)
    copy = await Generation.objects.aget(session_id=target)
    assert (copy.guidance, copy.guided_from) == (WANTED, "")
    gone_on = await tab.command("continue", session=target, message=copy.message_id)
    await tab.until_end(gone_on["generation"])
    asked, *_ = model.requests[-1].messages
    assert asked.text == told(gone_on["generation"], earlier="")


async def test_what_failed_is_tried_again_about_the_answer_before_it(tab, model):
    session, first = await answered(tab, model)
    model.will_say(RuntimeError("gone"))
    failed = await again(tab, session, first, guidance=WANTED)
    model.will_say(*text("One."))
    begun = await again(tab, session, failed["answer"]["id"], guidance=WANTED)
    assert model.requests[-1].messages[0].text == told(begun["generation"])
    assert (await Generation.objects.aget(pk=begun["generation"])).guided_from == first


async def test_of_an_answer_that_failed_no_model_sees_anything(tab, model):
    model.will_say(*text("Half of"), RuntimeError("gone"))
    session = await tab.new_session()
    failed = await tab.say(session, "What is it?")
    await tab.until_end(failed["generation"])
    begun = await again(tab, session, failed["answer"]["id"], guidance=WANTED)
    assert model.requests[-1].messages[0].text == told(begun["generation"], earlier="")


async def test_another_model_is_asked_and_takes_over_with_the_same_words(tab, model, others):
    session, first = await answered(tab, model)
    begun = await again(tab, session, first, guidance=WANTED, model=others[0].pk)
    assert begun["answer"]["generation"]["model"]["name"] == "Second"
    assert model.requests[-1].messages[0].text == told(begun["generation"])
    model.will_say(ServerError("gone"))
    model.will_say(*text("One."))
    await again(tab, session, first, guidance=WANTED)
    *_, failed, taken_over = model.requests
    assert failed.messages == taken_over.messages


async def test_one_of_those_side_by_side_is_asked_again_in_its_place(tab, model, others):
    model.will_say(*text("It is one."))
    model.will_say(*text("It is two."))
    session = await tab.new_session()
    sent = await send(tab, session, others[0], words="What is it?")
    for generation in generations(sent):
        await tab.until_end(generation)
    (second,) = sent["beside"]
    begun = await again(tab, session, second["id"], guidance=WANTED)
    earlier = (await Message.objects.aget(pk=second["id"])).text
    assert model.requests[-1].messages[0].text == told(begun["generation"], earlier=earlier)
    shown = begun["answer"]["generation"]
    assert (shown["model"]["name"], shown["place"], shown["guidance"]) == ("Second", 1, WANTED)


async def test_sent_again_it_is_done_once(tab, model):
    session, first = await answered(tab, model)
    fields = {"session": session, "message": first, "model": None, "guidance": WANTED}
    command = await tab.send_command("regenerate", **fields)
    begun = await tab.answer(command)
    await tab.until_end(begun["generation"])
    repeated = await tab.answer(await tab.send_command("regenerate", id=command, **fields))
    assert repeated["generation"] == begun["generation"]
    assert len(model.requests) == 2


async def test_the_admin_shows_that_it_was_answered_and_not_what_was_wanted(tab, model, people):
    session, first = await answered(tab, model)
    begun = await again(tab, session, first, guidance="As my letter to Zoe.")
    await User.objects.filter(pk=people.bob.pk).aupdate(is_superuser=True, is_staff=True)
    root = await sync_to_async(signed_in)(people.bob)
    page = await sync_to_async(root.get)(reverse("admin:chat_generation_change", args=[begun["generation"]]))
    assert page.status_code == 200
    assert begun["generation"] in page.content.decode()
    assert "Zoe" not in page.content.decode()


async def test_too_many_words_are_refused_and_nothing_begins(tab, model):
    session, first = await answered(tab, model)
    with pytest.raises(Refused) as refusal:
        await tab.command("regenerate", session=session, message=first, model=None, guidance="x" * 2_001)
    assert refusal.value.code == "message_too_long"
    assert await Generation.objects.acount() == 1


async def test_programs_say_it_over_server_sent_events(tab, model, alice):
    session, first = await answered(tab, model)
    model.will_say(*text("One."))
    client = await SSEClient.signed_in(alice)
    body = {"id": session, "trigger": "regenerate-message", "messageId": first}
    assert fold(await client.stream({**body, "guidance": WANTED})) == [{"type": "text", "text": "One."}]
    row = await Generation.objects.alatest("created_at")
    assert (row.guidance, model.requests[-1].messages[0].text) == (WANTED, told(row.pk))
    refusal = await client.post({**body, "guidance": "x" * 2_001})
    assert (refusal.status_code, refusal.json()["error"]["code"]) == (400, "message_too_long")


async def test_what_a_provider_is_really_sent(tab, people, emulator):
    story = await sync_to_async(usable_model)(
        people.team, model_id="story-rate-0", display_name="Story", base_url=f"{emulator}/v1", is_default=True
    )
    session = await tab.new_session(model=story.pk)
    first = (await tab.ask(session, "What is it?"))["answer"]["id"]
    earlier = (await Message.objects.aget(pk=first)).text
    emulated.reset(emulator)
    begun = await again(tab, session, first, guidance=WANTED)
    (received,) = [one["body"] for one in emulated.received_requests(emulator) if WANTED in str(one["body"])]
    *_, asked = received["messages"]
    expected = told(begun["generation"], earlier=earlier)
    assert asked["role"] == "user"
    assert asked["content"] in (expected, [{"type": "text", "text": expected}])


async def test_a_node_that_does_not_know_the_columns_begins_answers_too(tab, model):
    """While a deployment rolls: what a column is when nobody says it is the database's to know."""
    _, first = await answered(tab, model)
    row = await Generation.objects.aget(message_id=first)
    fields = {
        field.column: field.get_db_prep_save(getattr(row, field.attname), connection) for field in row._meta.fields
    }
    fields |= {"id": "g-of-an-older-node", "message_id": (await Message.objects.aget(role="user")).pk}
    known = [column for column in fields if column not in ("guidance", "guided_from")]

    def insert() -> None:
        names, places = ", ".join(f'"{column}"' for column in known), ", ".join(["%s"] * len(known))
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO chat_generation ({names}) VALUES ({places})", [fields[column] for column in known]
            )

    await sync_to_async(insert)()
    older = await Generation.objects.aget(pk="g-of-an-older-node")
    assert (older.guidance, older.guided_from) == ("", "")

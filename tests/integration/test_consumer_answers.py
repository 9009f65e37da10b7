"""The socket: regenerate and continue, and what reaches every tab."""

from __future__ import annotations

import pytest
from asgiref.sync import sync_to_async

from ai_studio.models import Configuration, LanguageModel
from chat.ids import new_id
from chat.models import Generation, Message
from tests.integration.conftest import api_client, usable_model
from tests.integration.models import text
from tests.integration.tabs import Refused

pytestmark = pytest.mark.django_db(transaction=True)


# --- regenerate -------------------------------------------------------------------------------------------------------


async def test_regenerate_answers_the_same_message_once_more(open_tab, alice, model):
    tab, other = await open_tab(alice), await open_tab(alice)
    session = await tab.new_session()
    first = await tab.ask(session, "First")
    second = await tab.ask(session, "Second", parent=first["answer"]["id"])
    await other.command("subscribe", session=session, generation=None, after=None)
    model.will_say(*text("Better."))
    command = await tab.send_command("regenerate", session=session, message=second["answer"]["id"])
    result = await tab.answer(command)
    assert result["message"]["id"] == second["message"]["id"]
    assert result["answer"]["id"] != second["answer"]["id"]
    assert result["answer"]["parent"] == second["message"]["id"]
    assert (await tab.until_end(result["generation"])).text == "Better."
    assert (await other.until_end(result["generation"])).text == "Better."
    assert [message.text for message in model.requests[-1].messages] == ["First", "Hello.", "Second"]
    await tab.send_command("regenerate", id=command, session=session, message=second["answer"]["id"])
    again = await tab.answer(command)
    assert (again["generation"], again["message"]["id"]) == (result["generation"], second["message"]["id"])
    assert len(model.requests) == 3


async def test_only_an_answer_can_be_produced_again(open_tab, alice, model):
    tab = await open_tab(alice)
    session = await tab.new_session()
    sent = await tab.ask(session)
    with pytest.raises(Refused) as refused:
        await tab.command("regenerate", session=session, message=sent["message"]["id"])
    assert refused.value.code == "invalid_command"


async def test_nothing_is_regenerated_while_an_answer_is_written(open_tab, alice, model):
    tab = await open_tab(alice)
    session = await tab.new_session()
    first = await tab.ask(session)
    model.will_wait("Hm")
    await tab.say(session, "More", parent=first["answer"]["id"])
    with pytest.raises(Refused) as refused:
        await tab.command("regenerate", session=session, message=first["answer"]["id"])
    assert refused.value.code == "generation_in_progress"


# --- continue ---------------------------------------------------------------------------------------------------------


async def test_continue_goes_on_where_an_answer_broke_off(open_tab, people, alice, model):
    model.will_wait("Once upon a ")
    tab = await open_tab(alice)
    session = await tab.new_session()
    broken = await tab.say(session, "Tell me a story.")
    await tab.until_text(broken["generation"], "Once upon a ")
    await tab.command("stop", generation=broken["generation"])
    model.will_say(*text("time."))
    result = await tab.command("continue", session=session, message=broken["answer"]["id"])
    assert result["answer"]["parent"] == broken["message"]["id"]
    heard = await tab.until_end(result["generation"])
    assert heard.message == [{"type": "text", "text": "Once upon a time."}]
    assert (await Message.objects.aget(pk=result["answer"]["id"])).text == "Once upon a time."
    asked = [message.text for message in model.requests[-1].messages]
    assert asked[:2] == ["Tell me a story.", "Once upon a"]
    assert len(asked) == 3


async def test_only_an_answer_that_broke_off_can_be_continued(open_tab, alice, model):
    tab = await open_tab(alice)
    session = await tab.new_session()
    sent = await tab.ask(session)
    for message in (sent["answer"]["id"], sent["message"]["id"]):
        with pytest.raises(Refused) as refused:
            await tab.command("continue", session=session, message=message)
        assert refused.value.code == "invalid_command"


# --- Deleting and renaming reach every tab ----------------------------------------------------------------------------


async def test_deleting_a_session_stops_its_answer_and_every_tab_hears_of_it(open_tab, alice, model):
    model.will_wait("Hm")
    tab, other = await open_tab(alice), await open_tab(alice)
    session = await tab.new_session()
    sent = await tab.say(session)
    await tab.until_text(sent["generation"], "Hm")
    async with api_client(alice) as api:
        assert (await api.delete(f"/api/sessions/{session}")).status_code == 204
    for each in (tab, other):
        assert (await each.until_type("session-deleted"))["session"] == session
    assert model.closed == 1
    with pytest.raises(Refused) as refused:
        await tab.command("subscribe", session=session, generation=None, after=None)
    assert refused.value.code == "session_not_found"


async def test_a_new_name_reaches_every_tab(open_tab, alice):
    tab = await open_tab(alice)
    session = await tab.new_session()
    async with api_client(alice) as api:
        await api.patch(f"/api/sessions/{session}", json={"title": "Monads"})
    assert (await tab.until_type("session"))["session"]["title"] == "Monads"


async def test_what_a_team_may_not_use_can_not_be_chosen(open_tab, people, story):
    foreign = await sync_to_async(usable_model)(people.other_team)
    tab = await open_tab(people.alice)
    session = await tab.new_session()
    for command in ("create", "switch"):
        fields = {"session": new_id() if command == "create" else session, "agent": None}
        with pytest.raises(Refused) as refused:
            await tab.command(command, model=foreign.pk, **fields)
        assert refused.value.code == "model_unavailable"


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"status": "archived", "is_enabled": False}, "is archived"),
        ({"is_enabled": False}, "is disabled in the catalogue"),
    ],
    ids=["archived", "disabled"],
)
async def test_a_chat_does_not_go_on_with_another_model_than_was_chosen(open_tab, people, story, change, why):
    chosen = await sync_to_async(usable_model)(people.team)
    tab = await open_tab(people.alice)
    session = await tab.new_session()
    await tab.command("switch", session=session, model=chosen.pk, agent=None)
    await LanguageModel.objects.filter(pk=chosen.pk).aupdate(**change)
    await sync_to_async(Configuration.raise_version)()
    with pytest.raises(Refused) as refused:
        await tab.ask(session, "Hello")
    assert refused.value.code == "model_unavailable"
    assert refused.value.args[0]["text"] == f"{chosen.display_name} {why}. Choose another model for this chat."
    assert not await Generation.objects.filter(session_id=session).aexists()

"""The tree of a session: edits, other answers, answers written anew, forks; nothing is ever lost of it."""

from __future__ import annotations

import pytest
from asgiref.sync import sync_to_async

from ai_studio.llm import Role, TextDelta
from ai_studio.models import Completion
from chat.ids import new_id
from chat.models import Generation, Message, Session
from tests import factories
from tests.integration.conftest import api_client, usable_model
from tests.integration.models import FINISHED, STARTED, text
from tests.integration.tabs import Refused

pytestmark = pytest.mark.django_db(transaction=True)


async def shown(user, session: str) -> tuple[list[str], dict[str, list[str]]]:
    """The ids of the branch on the screen, and the siblings on it."""
    async with api_client(user) as api:
        page = (await api.get(f"/api/sessions/{session}/messages")).json()
    return [message["id"] for message in page["messages"]], page["siblings"]


async def two_branches(tab) -> tuple[str, dict, dict]:
    """A session whose first message was edited: the results of the two commands."""
    session = await tab.new_session()
    first = await tab.ask(session, "First")
    second = await tab.ask(session, "Edited", parent=None)
    return session, first, second


# --- Edit -------------------------------------------------------------------------------------------------------------


async def test_an_edited_message_is_a_sibling_and_nothing_is_lost(open_tab, alice, model):
    tab = await open_tab(alice)
    session, first, second = await two_branches(tab)
    ids, siblings = await shown(alice, session)
    assert ids == [second["message"]["id"], second["answer"]["id"]]
    assert siblings == {second["message"]["id"]: [first["message"]["id"], second["message"]["id"]]}
    assert await Message.objects.filter(session=session).acount() == 4
    assert [message.text for message in model.requests[-1].messages] == ["Edited"]


async def test_siblings_are_said_for_the_page_alone(open_tab, alice, model):
    tab = await open_tab(alice)
    session, _, second = await two_branches(tab)
    await tab.ask(session, "More", parent=second["answer"]["id"])
    async with api_client(alice) as api:
        page = (await api.get(f"/api/sessions/{session}/messages?limit=2")).json()
    assert page["siblings"] == {}


# --- Show -------------------------------------------------------------------------------------------------------------


async def test_another_branch_is_shown_and_stays(open_tab, alice, model):
    tab, other = await open_tab(alice), await open_tab(alice)
    session, first, second = await two_branches(tab)
    await other.command("subscribe", session=session, generation=None, after=None)
    result = await tab.command("show", session=session, message=first["message"]["id"])
    assert result["session"]["leaf"] == first["answer"]["id"]
    ids, _ = await shown(alice, session)
    assert ids == [first["message"]["id"], first["answer"]["id"]]
    news = await other.until_type("branch")
    assert news == {"type": "branch", "session": session, "leaf": first["answer"]["id"]}
    assert "branch" not in {frame["type"] for frame in await tab.settle()}

    model.will_say(*text("More."))
    await tab.ask(session, "Go on", parent=first["answer"]["id"])
    assert [message.text for message in model.requests[-1].messages] == ["First", "Hello.", "Go on"]
    result = await tab.command("show", session=session, message=second["message"]["id"])
    assert result["session"]["leaf"] == second["answer"]["id"]


async def test_of_several_ends_the_newest_is_shown(open_tab, alice, model):
    tab = await open_tab(alice)
    session = await tab.new_session()
    first = await tab.ask(session)
    for _ in range(2):
        again = await tab.command("regenerate", session=session, message=first["answer"]["id"])
        await tab.until_end(again["generation"])
    await tab.ask(session, "Edited", parent=None)
    result = await tab.command("show", session=session, message=first["message"]["id"])
    assert result["session"]["leaf"] == again["answer"]["id"]


async def test_to_show_what_is_shown_changes_nothing_and_tells_nobody(open_tab, alice, model, settings):
    settings.TITLES = False  # its news comes at any time
    tab, other = await open_tab(alice), await open_tab(alice)
    session = await tab.new_session()
    sent = await tab.ask(session)
    await other.command("subscribe", session=session, generation=None, after=None)
    await other.settle()
    before = await Session.objects.aget(pk=session)
    await tab.command("show", session=session, message=sent["answer"]["id"])
    assert await other.settle() == []
    assert (await Session.objects.aget(pk=session)).updated_at == before.updated_at


async def test_while_an_answer_is_written_no_other_branch_is_shown_nor_written(open_tab, alice, model):
    tab = await open_tab(alice)
    session, first, second = await two_branches(tab)
    gate = model.will_wait("Hm")
    running = await tab.say(session, "More", parent=second["answer"]["id"])
    await tab.until_text(running["generation"], "Hm")
    for kind, fields in (
        ("show", {"message": first["message"]["id"]}),
        ("revise", {"message": first["answer"]["id"], "text": "Otherwise"}),
        ("fork", {"message": running["answer"]["id"], "target": new_id()}),
    ):
        with pytest.raises(Refused) as refused:
            await tab.command(kind, session=session, **fields)
        assert refused.value.code == "generation_in_progress"
    gate.set()
    await tab.until_end(running["generation"])
    ids, _ = await shown(alice, session)
    assert ids[-1] == running["answer"]["id"]


# --- Another model ----------------------------------------------------------------------------------------------------


async def test_another_model_answers_once(open_tab, people, model):
    second = await sync_to_async(usable_model)(people.team, display_name="Second", model_id="second")
    tab = await open_tab(people.alice)
    session = await tab.new_session()
    first = await tab.ask(session)
    again = await tab.command("regenerate", session=session, message=first["answer"]["id"], model=second.pk)
    await tab.until_end(again["generation"])
    assert again["answer"]["generation"]["model"]["name"] == "Second"
    assert model.requests[-1].target.model == "second"
    assert again["session"]["model"] is None
    ids, siblings = await shown(people.alice, session)
    assert siblings == {ids[1]: [first["answer"]["id"], again["answer"]["id"]]}
    await tab.ask(session, "And now?", parent=ids[1])
    assert model.requests[-1].target.model == "story"


async def test_a_model_that_the_team_may_not_use_is_refused(open_tab, people, model):
    foreign = await sync_to_async(usable_model)(people.other_team)
    tab = await open_tab(people.alice)
    session = await tab.new_session()
    sent = await tab.ask(session)
    for unusable in (foreign.pk, new_id()):
        with pytest.raises(Refused) as refused:
            await tab.command("regenerate", session=session, message=sent["answer"]["id"], model=unusable)
        assert refused.value.code == "model_unavailable"
    assert await Generation.objects.acount() == 1


# --- Revise -----------------------------------------------------------------------------------------------------------


async def test_an_answer_written_anew_is_what_models_read(open_tab, alice, model):
    tab, other = await open_tab(alice), await open_tab(alice)
    session = await tab.new_session()
    sent = await tab.ask(session)
    await other.command("subscribe", session=session, generation=None, after=None)
    revised = await tab.command("revise", session=session, message=sent["answer"]["id"], text="Otherwise.")
    message = revised["message"]
    assert message["generation"] is None
    assert message["parts"] == [
        {"type": "data-edited", "data": {"message": sent["answer"]["id"], "model": "Story"}},
        {"type": "text", "text": "Otherwise."},
    ]
    assert (await other.until_type("message"))["message"] == message
    ids, siblings = await shown(alice, session)
    assert ids == [sent["message"]["id"], message["id"]]
    assert siblings == {message["id"]: [sent["answer"]["id"], message["id"]]}
    await tab.ask(session, "Why?", parent=message["id"])
    assert [(said.role, said.text) for said in model.requests[-1].messages] == [
        (Role.USER, "Hello"),
        (Role.ASSISTANT, "Otherwise."),
        (Role.USER, "Why?"),
    ]


async def test_what_is_written_anew_twice_keeps_its_first_author(open_tab, alice, model):
    tab = await open_tab(alice)
    session = await tab.new_session()
    sent = await tab.ask(session)
    once = await tab.command("revise", session=session, message=sent["answer"]["id"], text="Once.")
    twice = await tab.command("revise", session=session, message=once["message"]["id"], text="Twice.")
    assert twice["message"]["parts"][0]["data"] == {"message": once["message"]["id"], "model": "Story"}


async def test_the_same_command_writes_once(open_tab, alice, model):
    tab = await open_tab(alice)
    session = await tab.new_session()
    sent = await tab.ask(session)
    fields = {"id": new_id(), "session": session, "message": sent["answer"]["id"], "text": "Otherwise."}
    first, again = await tab.command("revise", **fields), await tab.command("revise", **fields)
    assert first["message"] == again["message"]
    assert await Message.objects.filter(session=session).acount() == 3


async def test_only_answers_are_written_anew_and_within_the_limit(open_tab, alice, model, settings):
    tab = await open_tab(alice)
    session = await tab.new_session()
    sent = await tab.ask(session)
    settings.MESSAGE_MAX_CHARACTERS = 10
    for message, words, code in (
        (sent["message"]["id"], "x", "invalid_command"),
        (sent["answer"]["id"], "x" * 11, "message_too_long"),
        (sent["answer"]["id"], " ", "empty_message"),
        (new_id(), "x", "message_not_found"),
    ):
        with pytest.raises(Refused) as refused:
            await tab.command("revise", session=session, message=message, text=words)
        assert refused.value.code == code
    assert await Message.objects.filter(session=session).acount() == 2


# --- Fork -------------------------------------------------------------------------------------------------------------


async def test_a_fork_has_the_branch_up_to_the_message_and_goes_its_own_way(open_tab, alice, model):
    tab, other = await open_tab(alice), await open_tab(alice)
    session = await tab.new_session()
    model.will_say([STARTED], [TextDelta("One.")], [FINISHED])
    first = await tab.ask(session, "First")
    await tab.ask(session, "Second", parent=first["answer"]["id"])
    completions = await Completion.objects.acount()
    target = new_id()
    fork = {"session": session, "message": first["answer"]["id"], "target": target}
    made = await tab.command("fork", **fork)
    assert (made["session"]["id"], made["session"]["title"]) == (target, "A title")
    assert (await other.until(lambda frame: frame.get("session", {}).get("id") == target))["type"] == "session"
    assert await tab.command("fork", **fork) == made

    async with api_client(alice) as api:
        page = (await api.get(f"/api/sessions/{target}/messages")).json()
    question, answer = page["messages"]
    assert (question["parts"][0]["text"], answer["parts"][0]["text"]) == ("First", "One.")
    assert answer["id"] == made["session"]["leaf"] != first["answer"]["id"]
    generation = answer["generation"]
    assert (generation["status"], generation["model"]["name"]) == ("completed", "Story")
    assert generation["metadata"]["output_tokens"] == 34
    assert (await Generation.objects.aget(pk=generation["id"])).copy_of == first["generation"]
    assert await Completion.objects.acount() == completions, "nothing is paid twice"

    await tab.ask(target, "Otherwise", parent=answer["id"])
    assert [message.text for message in model.requests[-1].messages] == ["First", "One.", "Otherwise"]
    ids, _ = await shown(alice, session)
    assert len(ids) == 4, "the first one is as it was"


async def test_a_fork_takes_no_id_of_another(open_tab, people, model):
    foreign = await sync_to_async(factories.make_session)(people.charlie)
    tab = await open_tab(people.alice)
    session = await tab.new_session()
    sent = await tab.ask(session)
    with pytest.raises(Refused) as refused:
        await tab.command("fork", session=session, message=sent["answer"]["id"], target=foreign.pk)
    assert refused.value.code == "id_taken"
    with pytest.raises(Refused) as refused:
        await tab.command("fork", session=session, message=new_id(), target=new_id())
    assert refused.value.code == "message_not_found"


# --- Rate -------------------------------------------------------------------------------------------------------------


async def test_a_rating_is_stored_seen_elsewhere_and_taken_back(open_tab, alice, model):
    tab, other = await open_tab(alice), await open_tab(alice)
    session = await tab.new_session()
    sent = await tab.ask(session)
    await other.command("subscribe", session=session, generation=None, after=None)
    fields = {"session": session, "message": sent["answer"]["id"]}
    rated = await tab.command("rate", **fields, rating="down", reason="incomplete")
    feedback = rated["message"]["generation"]["feedback"]
    assert feedback == {"rating": "down", "reason": "incomplete"}
    assert (await other.until_type("message"))["message"]["generation"]["feedback"] == feedback
    generation = await Generation.objects.aget(pk=sent["generation"])
    assert (generation.rating, generation.rating_reason) == ("down", "incomplete")
    assert generation.rated_at is not None

    back = await tab.command("rate", **fields, rating=None, reason=None)
    assert back["message"]["generation"]["feedback"] is None
    assert (await Generation.objects.aget(pk=sent["generation"])).rated_at is None


async def test_only_a_model_s_answer_is_rated(open_tab, alice, model):
    tab = await open_tab(alice)
    session = await tab.new_session()
    sent = await tab.ask(session)
    revised = await tab.command("revise", session=session, message=sent["answer"]["id"], text="Mine.")
    for message in (sent["message"]["id"], revised["message"]["id"]):
        with pytest.raises(Refused) as refused:
            await tab.command("rate", session=session, message=message, rating="up", reason=None)
        assert refused.value.code == "invalid_command"

"""Every command of the socket, and what other tabs hear of it."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from asgiref.sync import sync_to_async

from chat import doorbell, frames
from chat.ids import new_id
from chat.models import Message, Session
from tests import factories
from tests.integration.tabs import Closed, Refused, Tab

pytestmark = pytest.mark.django_db(transaction=True)


def types(heard) -> list[str]:
    return [frame["type"] for frame in heard]


# --- The door ---------------------------------------------------------------------------------------------------------


async def test_the_first_frame_is_a_welcome_with_limits_and_what_runs(open_tab, alice, model, settings):
    settings.MESSAGE_MAX_CHARACTERS = 123
    model.will_wait("Hm")
    tab = await open_tab(alice)
    assert tab.frames[0] == {
        "type": "welcome",
        "protocol": 1,
        "limits": {"message_characters": 123, "frame_bytes": 1024 * 1024, "file_bytes": 20 * 1024 * 1024, "files": 10},
        "running": [],
    }
    session = await tab.new_session()
    sent = await tab.say(session)
    other = await open_tab(alice)
    assert other.frames[0]["running"] == [{"session": session, "generation": sent["generation"]}]


async def test_nobody_gets_in_without_signing_in(db):
    with pytest.raises(Closed) as closed:
        await Tab().open()
    assert closed.value.args == (4401,)


@pytest.mark.parametrize("origin", ["http://evil.example", "https://localhost.evil.example", "null", ""])
async def test_another_page_s_origin_is_refused(alice, origin):
    with pytest.raises(Closed):
        await Tab(origin=origin).open()


async def test_a_user_has_so_many_sockets_and_no_more(open_tab, people, settings):
    settings.SOCKETS_PER_USER = 2
    first = await open_tab(people.alice)
    await open_tab(people.alice)
    with pytest.raises(Closed) as closed:
        await open_tab(people.alice)
    assert closed.value.args == (4429,)
    await open_tab(people.bob)
    await first.close()
    await open_tab(people.alice)


async def test_a_socket_that_breaks_while_it_opens_counts_no_more(open_tab, alice, settings, monkeypatch):
    settings.SOCKETS_PER_USER = 1
    with monkeypatch.context() as broken:
        broken.setattr("chat.services.devices.seen", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            await open_tab(alice)
    await open_tab(alice)


async def test_a_bell_waits_for_the_command_before_it(open_tab, alice, monkeypatch):
    tab, session = await open_tab(alice), new_id()
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def slowly(**_: Any) -> str:
        begun.set()
        await go_on.wait()
        return "completed"

    monkeypatch.setattr("chat.services.stop_generation", slowly)
    command = await tab.send_command("stop", generation=session, seen=None)
    await begun.wait()
    await doorbell.ring_frame(alice.pk, frames.session_deleted(session))
    await asyncio.sleep(0.05)
    go_on.set()
    await tab.answer(command)
    assert types(tab.frames) == ["welcome", "ack"]
    assert (await tab.until_type("session-deleted"))["session"] == session


async def test_ping(open_tab, alice):
    tab = await open_tab(alice)
    assert await tab.command("ping") == {}


# --- create -----------------------------------------------------------------------------------------------------------


async def test_create_makes_a_session_that_every_tab_hears_of_once(open_tab, people, story):
    agent = await sync_to_async(factories.make_agent)(people.team, name="Coder")
    tab, other, foreign = await open_tab(people.alice), await open_tab(people.alice), await open_tab(people.bob)
    result = await tab.command("create", session="s-Wk3vP9dZq7LmXc2A", model=story.pk, agent=agent.pk)
    session = result["session"]
    assert (session["id"], session["model"], session["agent"]) == (
        "s-Wk3vP9dZq7LmXc2A",
        {"id": story.pk, "name": "Story"},
        {"id": agent.pk, "name": "Coder"},
    )
    assert await other.until_type("session") == {"type": "session", "session": session}
    assert await tab.settle() == []
    assert await foreign.settle() == []


async def test_creating_again_changes_nothing(open_tab, alice, story):
    tab = await open_tab(alice)
    first = await tab.command("create", session="s-Wk3vP9dZq7LmXc2A", model=None, agent=None)
    again = await tab.command("create", session="s-Wk3vP9dZq7LmXc2A", model=story.pk, agent=None)
    assert again == first
    assert await Session.objects.acount() == 1


# --- send -------------------------------------------------------------------------------------------------------------


async def test_send_answers(open_tab, alice, model):
    tab = await open_tab(alice)
    session = await tab.new_session()
    command = await tab.send_command("send", session=session, parent=None, text=" What is\na monad? ")
    result = await tab.answer(command)
    assert result["message"]["parts"] == [{"type": "text", "text": " What is\na monad? "}]
    assert (result["message"]["client_id"], result["message"]["parent"]) == (command, None)
    assert result["answer"]["parent"] == result["message"]["id"]
    assert result["answer"]["generation"]["id"] == result["generation"] == result["session"]["generation"]
    assert result["session"]["leaf"] == result["answer"]["id"]
    heard = await tab.until_end(result["generation"])
    assert heard.text == "Hello."
    assert heard.news[0]["messageId"] == result["answer"]["id"]
    assert heard.last_part["finishReason"] == "stop"
    assert heard.last_part["messageMetadata"]["output_tokens"] == 34
    assert model.requests[0].messages[-1].text == " What is\na monad? "


async def test_another_tab_that_follows_sees_the_same(open_tab, alice, model):
    tab, other, elsewhere = [await open_tab(alice) for _ in range(3)]
    session = await tab.new_session()
    await other.command("subscribe", session=session, generation=None, after=None)
    sent = await tab.ask(session)
    heard = await other.until_end(sent["generation"])
    assert heard.news == tab.generations[sent["generation"]].news or heard.message == [
        {"type": "text", "text": "Hello."}
    ]
    messages = [frame["message"] for frame in other.frames if frame["type"] == "message"]
    assert messages == [sent["message"], sent["answer"]]
    assert "message" not in types(tab.frames)
    await elsewhere.settle()
    assert set(types(elsewhere.frames)) == {"welcome", "session", "ack"}
    assert elsewhere.generations == {}


async def test_the_running_mark_goes_from_every_tab_when_the_answer_has_ended(open_tab, alice, model):
    tab, elsewhere = await open_tab(alice), await open_tab(alice)
    session = await tab.new_session()
    sent = await tab.say(session)
    await elsewhere.until(lambda f: f["type"] == "session" and f["session"]["generation"] == sent["generation"])
    await elsewhere.until(lambda f: f["type"] == "session" and f["session"]["generation"] is None)


async def test_a_tab_that_unsubscribed_hears_no_more_messages(open_tab, alice, model):
    tab, other = await open_tab(alice), await open_tab(alice)
    session = await tab.new_session()
    await other.command("subscribe", session=session, generation=None, after=None)
    await other.command("unsubscribe", session=session)
    await tab.ask(session)
    await other.settle()
    assert "message" not in types(other.frames)
    assert "parts" not in types(other.frames)


async def test_sending_again_with_the_same_id_is_done_once(open_tab, alice, model):
    gate = model.will_wait("Once")
    tab = await open_tab(alice)
    session = await tab.new_session()
    command = await tab.send_command("send", session=session, parent=None, text="Hello")
    first = await tab.answer(command)
    await tab.send_command("send", id=command, session=session, parent=None, text="Hello")
    again = await tab.answer(command)
    assert again["generation"] == first["generation"]
    gate.set()
    await tab.until_end(first["generation"])
    other = await open_tab(alice)
    await other.send_command("send", id=command, session=session, parent=None, text="Hello")
    late = await other.answer(command)
    assert (late["message"]["id"], late["answer"]["id"]) == (first["message"]["id"], first["answer"]["id"])
    assert late["answer"]["parts"] == [{"type": "text", "text": "Once Done."}]
    assert late["session"]["generation"] is None
    assert len(model.requests) == 1
    assert await Message.objects.filter(role="user").acount() == 1


async def test_a_second_send_while_one_streams_is_refused_and_loses_nothing(open_tab, alice, model):
    gate = model.will_wait("Once")
    tab, other = await open_tab(alice), await open_tab(alice)
    session = await tab.new_session()
    sent = await tab.say(session)
    for sender in (tab, other):
        with pytest.raises(Refused) as refused:
            await sender.say(session, "And now?", parent=sent["answer"]["id"])
        assert refused.value.code == "generation_in_progress"
        assert refused.value.args[0]["retryable"]
    gate.set()
    heard = await tab.until_end(sent["generation"])
    assert heard.text == "Once Done."
    assert await Message.objects.acount() == 2
    await tab.ask(session, "And now?", parent=sent["answer"]["id"])


async def test_two_sessions_answer_at_the_same_time(open_tab, alice, model):
    gates = [model.will_wait("One"), model.will_wait("Two")]
    tab = await open_tab(alice)
    sent = [await tab.say(await tab.new_session()) for _ in gates]
    for gate in reversed(gates):
        gate.set()
    texts = [(await tab.until_end(each["generation"])).text for each in sent]
    assert texts == ["One Done.", "Two Done."]


async def test_a_message_that_follows_another_than_the_leaf_starts_a_branch(open_tab, alice, model):
    tab = await open_tab(alice)
    session = await tab.new_session()
    first = await tab.ask(session, "First")
    await tab.ask(session, "Second", parent=first["answer"]["id"])
    await tab.ask(session, "Instead of the second", parent=first["answer"]["id"])
    assert [message.text for message in model.requests[-1].messages] == ["First", "Hello.", "Instead of the second"]
    await tab.ask(session, "Instead of the first", parent=None)
    assert [message.text for message in model.requests[-1].messages] == ["Instead of the first"]

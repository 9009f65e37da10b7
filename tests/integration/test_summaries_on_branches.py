"""The summary of a long chat belongs to a message: who uses it, who takes it along, and what it costs to read it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ai_studio.models import User
from chat.generation.covering import MOST_TURNS
from chat.ids import new_id
from chat.models import Message, Session, Summary
from chat.services import beginning
from tests import factories
from tests.integration.long_chats import asked, talk, words
from tests.integration.rest import post, signed_in

pytestmark = pytest.mark.django_db(transaction=True)


# --- Branches ---------------------------------------------------------------------------------------------------------


@pytest.fixture
async def long(tab, small, model) -> str:
    """The id of a session with nine questions, of which the first four are summarised."""
    session = await tab.new_session()
    await talk(tab, session, range(1, 10))
    return session


async def branch_of(session: str) -> list[Message]:
    return [message async for message in Message.objects.filter(session=session).order_by("created_at", "id")]


async def test_a_branch_before_it_does_not_use_it_and_one_after_it_does(tab, long, model):
    messages = await branch_of(long)
    long_text = "Another ".ljust(2_700, "x")
    before, after = messages[5], messages[13]
    await tab.ask(long, long_text, parent=before.pk)
    assert "They spoke of boats." not in words(model.requests[-1])
    assert "Question1 " in words(model.requests[-1])
    await tab.ask(long, long_text, parent=after.pk)
    assert "They spoke of boats." in words(model.requests[-1])
    assert "Question5 " in words(model.requests[-1])
    assert "Question1 " not in words(model.requests[-1])


async def test_a_fork_takes_it_along(tab, long, model):
    messages, target = await branch_of(long), new_id()
    await tab.command("fork", session=long, message=messages[-1].pk, target=target)
    assert await Summary.objects.acount() == 2
    leaf = (await Session.objects.aget(pk=target)).leaf_id
    await tab.ask(target, asked(10), parent=leaf)
    assert "They spoke of boats." in words(model.requests[-1])
    earlier = new_id()
    await tab.command("fork", session=long, message=messages[5].pk, target=earlier)
    assert await Summary.objects.acount() == 2


async def test_what_is_not_read_of_a_very_long_branch_is_in_its_summary(tab, long, model, monkeypatch):
    monkeypatch.setattr(beginning, "HISTORY_MESSAGES", 14)
    leaf = (await Session.objects.aget(pk=long)).leaf_id
    await tab.ask(long, "Short", parent=leaf)
    assert "They spoke of boats." in model.requests[-1].messages[0].text
    assert "Question5 " in model.requests[-1].messages[0].text


def _exported(user: User, session: str) -> dict[str, Any]:
    asked = {"sessions": [session], "format": "json"}
    return json.loads(b"".join(post(signed_in(user), "/api/sessions/exported", asked).streaming_content))


def test_a_summary_is_made_before_there_are_more_messages_than_are_read():
    assert MOST_TURNS + 2 < beginning.HISTORY_MESSAGES


async def test_an_admin_sees_that_it_is_there_and_not_what_it_says(long, root):
    page = (await root.get(f"/admin/chat/session/{long}/change/")).content.decode()
    assert "tokens, by Story" in page
    assert "They spoke of boats." not in page


async def test_it_stays_with_the_message_where_that_is_told_anew(tab, long, alice):
    summary = await Summary.objects.aget()
    rated = await tab.command("rate", session=long, message=summary.message_id, rating="up", reason=None)
    assert rated["message"]["summary"]["text"] == "They spoke of boats."
    generation = (await Message.objects.select_related("generation").aget(pk=summary.message_id)).generation
    await tab.command("subscribe", session=long, generation=generation.pk, after=None)
    snapshot = await tab.until_type("snapshot")
    assert snapshot["message"]["summary"] == rated["message"]["summary"]
    exported = await sync_to_async(_exported)(alice, long)
    (chat,) = exported["chats"]
    assert [m["summary"]["text"] for m in chat["messages"] if m["summary"]] == ["They spoke of boats."]


# --- What it costs ----------------------------------------------------------------------------------------------------


def test_no_query_more_stands_before_an_answer(alice, small, model):
    def queries(session: Session) -> list[str]:
        sent = beginning.Sent(session.leaf_id, "And?")
        with CaptureQueriesContext(connection) as captured:
            beginning.begin_send(alice.pk, session.pk, sent, new_id(), lambda *_: None)
        return [query["sql"] for query in captured.captured_queries]

    def chat() -> Session:
        session = factories.make_session(alice)
        for number in range(10):
            factories.make_message(session, asked(number), role=("user", "assistant")[number % 2])
        return session

    plain, summarised = chat(), chat()
    message = summarised.messages.filter(role="assistant").earliest("created_at")
    Summary.objects.create(id=new_id(), message=message, text="They spoke.", tokens=4, model_name="Story")
    queries(chat())
    with_none, with_one = queries(plain), queries(summarised)
    assert len(with_one) == len(with_none)
    assert sum("chat_summary" in query for query in with_one) == 1

"""Threads: what steps aside from a message keeps where it came from, and is found there; deleted, foreign and gone ones are absent."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from chat.ids import new_id
from chat.models import Message, Session
from tests import factories
from tests.integration.background import background_done
from tests.integration.conftest import api_client
from tests.integration.keeping import aged, deleted, in_thread, keep_for, left, purge
from tests.integration.rest import post
from tests.integration.test_protocol_examples import EXAMPLES, assert_like

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def origin(alice) -> Session:
    session = factories.make_session(alice, title="Monads", is_title_chosen=True)
    factories.make_message(session, "What is a monad?")
    factories.make_message(session, "A monoid.", role="assistant")
    return session


def forked(origin: Session, message: Message | None = None, **fields: Any) -> Session:
    """A thread from a message of a session, its last one where none is named."""
    thread = factories.make_session(origin.user, forked_from=message or origin.leaf, **{"title": "Aside"} | fields)
    factories.make_message(thread, "What is a monad?")
    return thread


def threads_of(api: Any, session: Session) -> list[str]:
    return [thread["id"] for thread in api.get(f"/api/sessions/{session.pk}/messages").json()["threads"]]


def origin_of(api: Any, thread: Session) -> Any:
    answer = api.get(f"/api/sessions/{thread.pk}/origin")
    assert answer.status_code == 200
    return answer.json()["origin"]


# --- There and back ---------------------------------------------------------------------------------------------------


async def test_a_fork_is_found_at_its_message_in_every_tab_and_leads_back(open_tab, alice, model):
    tab, other = await open_tab(alice), await open_tab(alice)
    session = await tab.new_session()
    first = await tab.ask(session, "First")
    second = await tab.ask(session, "Second", parent=first["answer"]["id"])
    target, message = new_id(), first["answer"]["id"]
    made = await tab.command("fork", session=session, message=message, target=target)
    assert made["session"]["forked_from"] == message
    told = await other.until(lambda frame: frame.get("session", {}).get("id") == target)
    assert told["session"]["forked_from"] == message
    async with api_client(alice) as api:
        page = (await api.get(f"/api/sessions/{session}/messages")).json()
        [thread] = page["threads"]
        assert (thread["id"], thread["forked_from"], thread["title"]) == (target, message, "A title")
        newest = (await api.get(f"/api/sessions/{session}/messages?limit=1")).json()
        assert newest["messages"][0]["id"] == second["answer"]["id"]
        assert newest["threads"] == [], "each page has those of its own messages"
        older = await api.get(f"/api/sessions/{session}/messages?before={second['message']['id']}&limit=1")
        assert [one["id"] for one in older.json()["threads"]] == [target]
        came = (await api.get(f"/api/sessions/{target}/origin")).json()
        assert_like(EXAMPLES["rest", "origin"], came)
        assert (came["origin"]["session"]["id"], came["origin"]["message"]) == (session, message)
        assert (await api.get(f"/api/sessions/{target}/messages")).json()["threads"] == []
        assert (await api.get(f"/api/sessions/{session}/origin")).json() == {"origin": None}


async def test_a_thread_is_named_after_what_is_first_asked_in_it(open_tab, alice, model):
    tab = await open_tab(alice)
    session = await tab.new_session()
    first = await tab.ask(session, "First")
    await background_done()
    target = new_id()
    made = await tab.command("fork", session=session, message=first["answer"]["id"], target=target)
    asked = len(model.title_requests)
    aside = await tab.ask(target, "An aside", parent=made["session"]["leaf"])
    await background_done()
    assert len(model.title_requests) == asked + 1
    assert "User: An aside" in model.title_requests[-1].messages[0].text
    await tab.ask(target, "And more", parent=aside["answer"]["id"])
    await tab.ask(session, "Second", parent=first["answer"]["id"])
    await background_done()
    assert len(model.title_requests) == asked + 1


async def test_what_goes_on_from_a_temporary_chat_keeps_nothing_of_it(open_tab, alice, model):
    tab, session, target = await open_tab(alice), new_id(), new_id()
    await tab.command("create", session=session, model=None, agent=None, folder=None, temporary=True)
    sent = await tab.ask(session)
    made = await tab.command("fork", session=session, message=sent["answer"]["id"], target=target)
    assert made["session"]["forked_from"] is None
    async with api_client(alice) as api:
        assert (await api.get(f"/api/sessions/{session}/messages")).json()["threads"] == []
        assert (await api.get(f"/api/sessions/{target}/origin")).json() == {"origin": None}


def test_several_come_newest_first_the_archived_too(api, origin):
    threads = [forked(origin), forked(origin, origin.messages.order_by("created_at").first()), forked(origin)]
    assert threads_of(api, origin) == [thread.pk for thread in reversed(threads)]
    api.patch(f"/api/sessions/{threads[0].pk}", {"archived": True}, content_type="application/json")
    assert threads[0].pk in threads_of(api, origin)


def test_a_thread_of_a_thread_leads_to_the_thread(api, origin):
    thread = forked(origin)
    further = forked(thread)
    assert origin_of(api, further)["session"]["id"] == thread.pk
    assert threads_of(api, thread) == [further.pk]
    assert threads_of(api, origin) == [thread.pk]


# --- Absent -----------------------------------------------------------------------------------------------------------


def test_a_deleted_origin_looks_absent_until_it_is_brought_back(api, origin):
    thread = forked(origin)
    assert origin_of(api, thread)["session"]["title"] == "Monads"
    api.delete(f"/api/sessions/{origin.pk}")
    assert origin_of(api, thread) is None
    assert exported(api, thread)["forked_from"] is None
    post(api, "/api/sessions/restored", {"sessions": [origin.pk]})
    assert origin_of(api, thread)["message"] == thread.forked_from_id


def test_a_deleted_thread_looks_absent_until_it_is_brought_back(api, origin):
    thread = forked(origin)
    api.delete(f"/api/sessions/{thread.pk}")
    assert threads_of(api, origin) == []
    post(api, "/api/sessions/restored", {"sessions": [thread.pk]})
    assert threads_of(api, origin) == [thread.pk]


def test_temporary_ones_look_absent_whatever_their_rows_say(api, origin):
    """No door makes such rows."""
    thread = forked(origin, is_temporary=True)
    assert threads_of(api, origin) == []
    Session.objects.filter(pk=origin.pk).update(is_temporary=True)
    assert origin_of(api, thread) is None


def test_those_of_others_look_absent_whatever_their_rows_say(api, people, origin):
    """No door makes such rows."""
    foreign = factories.make_session(people.bob, forked_from=origin.leaf)
    assert threads_of(api, origin) == []
    factories.make_message(foreign, "Bob's")
    own = factories.make_session(people.alice, forked_from=foreign.leaf)
    assert origin_of(api, own) is None
    assert exported(api, own)["forked_from"] is None


def test_of_a_team_that_one_has_left_nothing_is_shown(api, people, origin):
    thread = forked(origin)
    factories.join(people.alice, people.other_team)
    people.team.memberships.filter(user=people.alice).delete()
    assert api.get(f"/api/sessions/{thread.pk}/origin").status_code == 404


# --- Gone -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("goes", ["origin", "thread"])
def test_the_purge_of_either_leaves_the_other_whole(api, origin, goes):
    thread = forked(origin)
    gone, stays = (origin, thread) if goes == "origin" else (thread, origin)
    before = api.get(f"/api/sessions/{stays.pk}/messages").json()
    deleted(gone, days=8)
    assert purge() == {"deleted": 1}
    assert left() == {stays.pk}
    assert api.get(f"/api/sessions/{stays.pk}/messages").json() == before | {"threads": []}
    stays.refresh_from_db()
    assert stays.forked_from_id is None


def test_both_go_together(people, origin):
    keep_for(people.team, 30)
    for session in (origin, forked(origin), forked(origin)):
        aged(session, days=31)
    assert purge() == {"retention": 3}
    assert not Message.objects.exists()


def test_one_whose_thread_another_process_holds_goes_in_a_later_round(origin):
    thread = forked(origin)
    deleted(origin, days=8)
    results: list[Any] = []
    with transaction.atomic():
        Session.objects.filter(pk=thread.pk).update(title="Locked by whoever removes it")
        purging_thread = in_thread(purge, results)
        if connection.features.has_select_for_update_skip_locked:
            purging_thread.join()  # it does not wait; on SQLite it waits for the end of this transaction
            assert results == [{}]
    purging_thread.join()
    purge()
    assert left() == {thread.pk}


def test_the_database_knows_of_no_thread_from_nowhere(origin):
    with pytest.raises(IntegrityError), transaction.atomic():  # at its end
        factories.make_session(origin.user, forked_from_id=new_id())


# --- What it costs, and what is taken along ---------------------------------------------------------------------------


def test_opening_a_chat_asks_for_its_threads_once_and_by_their_index(api, origin):
    with CaptureQueriesContext(connection) as queries:
        assert threads_of(api, origin) == []
    [statement] = [one["sql"] for one in queries if "forked_from_id IN" in one["sql"]]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET enable_seqscan = off")  # a table of few rows is read as a whole
        cursor.execute(("EXPLAIN " if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN ") + statement)
        plan = str(cursor.fetchall())
        if connection.vendor == "postgresql":
            cursor.execute("SET enable_seqscan = on")
    assert "threads_of_messages" in plan


def exported(api: Any, session: Session) -> Any:
    answer = post(api, "/api/sessions/exported", {"sessions": [session.pk], "format": "json"})
    [chat] = json.loads(b"".join(answer.streaming_content))["chats"]
    return chat


def test_what_is_taken_along_says_where_it_came_from(api, origin):
    thread = forked(origin)
    assert exported(api, thread)["forked_from"] == {"session": origin.pk, "message": origin.leaf_id}
    assert exported(api, origin)["forked_from"] is None
    answer = api.post("/settings/export/", {"format": "json"})
    chats = {chat["id"]: chat for chat in json.loads(b"".join(answer.streaming_content))["chats"]}
    assert chats[thread.pk]["forked_from"]["session"] == origin.pk

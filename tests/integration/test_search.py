"""Search, on whichever database the suite runs: the same words find the same messages."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from ai_studio.ids import new_id
from chat import parts, search
from chat.models import Attachment, Generation, Message, Session
from tests import factories
from tests.integration.conftest import usable_model
from tests.integration.rest import assert_refused, signed_in

pytestmark = pytest.mark.django_db(transaction=True)


def ask(api: Client, q: str, **parameters: Any) -> Any:
    response = api.get("/api/search", {"q": q, **parameters})
    assert response.status_code == 200, response.content
    return response.json()


def found(api: Client, q: str, **parameters: Any) -> set[str]:
    return {one["id"] for one in ask(api, q, **parameters)["messages"]}


def test_a_message_is_found_with_the_place_and_its_chat(api, alice):
    session = factories.make_session(alice, title="Functions")
    message = factories.make_message(session, "Tell me what a Monad is.")
    answer = ask(api, "monad")
    assert answer["sessions"] == []
    (hit,) = answer["messages"]
    assert (hit["id"], hit["role"], hit["session"]["id"]) == (message.pk, "user", session.pk)
    assert hit["session"] == api.get(f"/api/sessions/{session.pk}").json()
    assert hit["snippet"] == [
        {"text": "Tell me what a ", "hit": False},
        {"text": "Monad", "hit": True},
        {"text": " is.", "hit": False},
    ]


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("Ein Bäcker in Zürich", "zurich"),
        ("Ein Backer in Zurich", "Zürich bäck"),
        ("straße", "straß"),
        ("Αθήνα и Чайковский, Москва", "ΑΘΉΝΑ чайковский МОСК"),
        ("see config.settings", "settings"),
        ("foo-bar/baz_qux", "baz qux bar"),
        ("https://example.com/a-path?b=c", "path"),
        ("«guillemets»", "guillemets"),
        ("version 3.14 of v2beta", "3 v2"),
        ("हिन्दी में", "हिन्दी"),
        ("机器学习很有趣", "学习"),
        ("a type class here", '"type class"'),
        ("cafe\u0301", "café"),
        ("she said “hello”—twice", "hello twice"),
    ],
)
def test_words_are_found(api, alice, text, query):
    message = factories.make_message(factories.make_session(alice), text)
    assert found(api, query) == {message.pk}


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("a class type", '"type class"'),
        ("typed classes", '"typed class"'),
        ("a monad", "monad functor"),
        ("submarine", "marine"),
        ("anything", ""),
        ("anything", "!?"),
    ],
)
def test_what_is_not_there_is_not_found(api, alice, text, query):
    factories.make_message(factories.make_session(alice), text)
    assert found(api, query) == set()


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example("' OR 1=1 --")
@example('" * NEAR(a, 5) AND col:x ^y')
@example("'':* & | ! <-> \\")
@example("{a b}: x + y")
@given(st.text(st.characters(exclude_categories=("Cs",)), max_size=60))
def test_whatever_is_typed_is_no_syntax(people, typed):
    session = factories.make_session(people.alice)
    factories.make_message(session, typed.replace("\x00", ""))
    search.find(people.alice.pk, search.parse(typed), search.Filters(), before=None, limit=5)
    session.delete()


def test_only_what_one_may_read_is_found(api, people):
    for user in (people.bob, people.charlie):
        factories.make_message(factories.make_session(user, title="A secret title"), "A secret message")
    assert ask(api, "secret") == {"sessions": [], "files": [], "messages": [], "next": None}
    own = factories.make_session(people.alice, title="A secret title")
    factories.make_message(own, "A secret message")
    assert len(ask(api, "secret")["messages"]) == 1
    people.alice.memberships.all().delete()
    assert ask(api, "secret") == {"sessions": [], "files": [], "messages": [], "next": None}


def test_titles_are_found(api, alice):
    session = factories.make_session(alice, title="Crème brûlée")
    (hit,) = ask(api, "brulee")["sessions"]
    assert hit["session"]["id"] == session.pk
    assert hit["title"][1] == {"text": "brûlée", "hit": True}
    Session.objects.filter(pk=session.pk).update(title="Pancakes")
    assert ask(api, "brulee")["sessions"] == []
    assert len(ask(api, "pancake")["sessions"]) == 1


def make_file(session: Session, name: str, text: str = "", **fields: Any) -> tuple[Attachment, Message]:
    """A file that was sent, and its message."""
    state = Attachment.State.SENT
    file = factories.make_attachment(session.user, session=session, name=name, text=text, state=state, **fields)
    part = parts.file(file.pk, name=name, media_type=file.media_type, size=file.size)
    return file, Message.objects.create(id=new_id(), session=session, role="user", text="Look", parts=[part])


def found_files(api: Client, q: str, **parameters: Any) -> set[str]:
    return {one["id"] for one in ask(api, q, **parameters)["files"]}


def test_a_file_is_found_by_what_can_be_read_in_it(api, alice):
    session = factories.make_session(alice, title="Seas")
    file, message = make_file(session, "Report_2024.pdf", "Of the walrus, by 海象研究.")
    picture, _ = make_file(session, "walrus.png")
    later = Message.objects.create(id=new_id(), session=session, role="user", text="Again", parts=message.parts)
    (found_first, found_second) = ask(api, "walrus")["files"]
    assert (found_first["id"], found_second["id"]) == (picture.pk, file.pk)
    assert (found_second["message"], found_second["session"]["title"]) == (later.pk, "Seas")
    assert {"text": "walrus", "hit": True} in found_second["snippet"]
    assert found_first["name"] == [{"text": "walrus", "hit": True}, {"text": ".png", "hit": False}]
    assert found_first["snippet"] == []
    for query in ("report", "2024 pdf", "report walrus", "象研"):
        assert found_files(api, query) == {file.pk}
    assert found_files(api, "seal") == found(api, "walrus") == set()


def test_of_files_only_ones_own_in_chats_that_are_there_are_found(api, people, alice):
    mine, _ = make_file(factories.make_session(alice), "walrus.txt", "walrus")
    make_file(factories.make_session(people.bob), "walrus.txt", "walrus")
    make_file(factories.make_session(alice, is_temporary=True), "walrus.txt", "walrus")
    deleted, _ = make_file(factories.make_session(alice), "walrus.txt", "walrus")
    Session.objects.filter(pk=deleted.session_id).update(deleted_at=timezone.now())
    factories.make_attachment(alice, name="walrus.txt", text="walrus", state=Attachment.State.READY)  # not sent
    assert found_files(api, "walrus") == {mine.pk}
    assert found_files(api, "walrus", until=mine.created_at.isoformat()) == set()


def test_the_index_of_files_follows_every_change(api, alice):
    file, _ = make_file(factories.make_session(alice), "walrus.txt")
    rows = Attachment.objects.filter(pk=file.pk)
    rows.update(text="a seal")
    assert found_files(api, "seal") == found_files(api, "walrus") == {file.pk}
    rows.update(name="whale.txt")
    assert found_files(api, "walrus") == set()
    rows.update(session=None)
    assert found_files(api, "whale") == set()
    rows.update(session=factories.make_session(alice))
    assert found_files(api, "whale") == set()  # no message of that chat has it
    rows.delete()
    assert found_files(api, "whale") == set()


def test_the_index_follows_every_change(api, alice):
    session = factories.make_session(alice)
    message = factories.make_message(session, "")
    assert found(api, "walrus") == set()
    for text, is_there in [
        ("a walrus", True),
        ("a seal", False),
        ("walrus again", True),
        ("", False),
        ("walrus", True),
    ]:
        Message.objects.filter(pk=message.pk).update(text=text)
        assert found(api, "walrus") == ({message.pk} if is_there else set())
    message.text = "a walrus once more"
    message.save()
    assert found(api, "walrus once") == {message.pk}
    session.delete()
    another = factories.make_message(factories.make_session(alice), "nothing of the kind")
    assert found(api, "walrus") == set()
    assert found(api, "kind") == {another.pk}


def test_a_snapshot_of_an_unfinished_answer_touches_no_index(alice):
    message = factories.make_message(factories.make_session(alice), "")
    with CaptureQueriesContext(connection) as queries:
        Message.objects.filter(pk=message.pk).update(parts=[{"type": "text", "text": "walrus"}])
    assert len(queries) == 1
    assert search.find(alice.pk, search.parse("walrus"), search.Filters(), before=None, limit=5).messages == []


def test_filters_narrow_it_down(api, people, alice):
    model, agent = usable_model(people.team), factories.make_agent(people.team)
    answered = factories.make_session(alice)
    message = factories.make_message(answered, "a walrus", role="assistant")
    Generation.objects.create(
        id=new_id(), session=answered, message=message, status="completed", model=model, agent=agent
    )
    chosen = factories.make_session(alice, model=model, agent=agent)
    question = factories.make_message(chosen, "which walrus?")
    old = factories.make_message(
        factories.make_session(alice), "an old walrus", created_at=timezone.now() - timedelta(days=40)
    )
    assert found(api, "walrus") == {message.pk, question.pk, old.pk}
    assert found(api, "walrus", model=model.pk) == {message.pk, question.pk}
    assert found(api, "walrus", agent=agent.pk) == {message.pk, question.pk}
    month_ago = (timezone.now() - timedelta(days=30)).isoformat()
    assert found(api, "walrus", since=month_ago) == {message.pk, question.pk}
    assert found(api, "walrus", until=month_ago) == {old.pk}


def test_pages_hold_everything_once_newest_first(api, alice):
    session = factories.make_session(alice, title="walrus")
    written = [factories.make_message(session, f"walrus {number}").pk for number in range(7)]
    got: list[str] = []
    before: dict[str, str] = {}
    while True:
        page = ask(api, "walrus", limit=3, **before)
        assert len(page["sessions"]) == (0 if before else 1)
        got += [one["id"] for one in page["messages"]]
        if page["next"] is None:
            break
        before = {"before": page["next"]}
    assert got == written[::-1]


@pytest.mark.parametrize(
    "parameters",
    [
        {},
        {"q": "x" * 201},
        {"q": "a", "since": "yesterday"},
        {"q": "a", "agent": "'"},
        {"q": "a", "limit": 51},
        {"q": "a\x00b"},
    ],
)
def test_what_can_not_be_asked_is_said(api, parameters):
    assert_refused(api.get("/api/search", parameters), 400, "invalid_command")


def test_the_longest_messages_are_stored_all_the_same(alice):
    """A vector has a limit of 1 MB on PostgreSQL: past it, storing an answer would fail."""
    session = factories.make_session(alice)
    for text in (
        "\ufdfa" * 120_000,
        " ".join(f"{number:x}" for number in range(400_000)),
        "が" * 300_000,
        "🙂 " * 200_000,
    ):
        factories.make_message(session, text)
    assert session.messages.count() == 4


def test_nobody_searches_without_signing_in(db):
    assert_refused(Client().get("/api/search", {"q": "a"}), 401, "not_signed_in")
    assert ask(signed_in(factories.make_user("Dora")), "a")["messages"] == []

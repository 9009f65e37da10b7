"""The JSON of sessions and messages, from rows that are in no database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from chat.models import Generation, Message, Session
from chat.presentation import as_guest, generation_json, message_json, moment, named, seen_by, session_json

AT = datetime(2026, 11, 23, 9, 30, 0, 123456, tzinfo=UTC)
SHOWN_AT = "2026-11-23T09:30:00.123456Z"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        pytest.param(AT, SHOWN_AT, id="utc"),
        pytest.param(AT.astimezone(timezone(timedelta(hours=5, minutes=30))), SHOWN_AT, id="another zone"),
        pytest.param(AT.replace(microsecond=0), "2026-11-23T09:30:00.000000Z", id="a whole second"),
    ],
)
def test_a_moment_has_one_form_that_sorts_as_text(value, shown):
    assert moment(value) == shown


@pytest.mark.parametrize(
    ("reference", "shown"),
    [((None, None), None), (("m-1", None), {"id": "m-1", "name": ""}), (("", "Story"), {"id": "", "name": "Story"})],
)
def test_a_reference_is_id_and_name(reference, shown):
    assert named(*reference) == shown


def test_a_session():
    session = Session(
        id="s-1",
        team_id="t-1",
        user_id="u-1",
        title="Monads",
        model_id="m-1",
        agent_id="a-1",
        forked_from_id="msg-9",
        tags=["maths"],
        pinned_at=AT,
        leaf_id="msg-2",
        created_at=AT,
        updated_at=AT,
    )
    session.model_name, session.agent_name = "Story", "Coder"
    assert session_json(session, running="g-1") == {
        "id": "s-1",
        "team": "t-1",
        "owner": "u-1",
        "guest": False,
        "joint": False,
        "title": "Monads",
        "model": {"id": "m-1", "name": "Story"},
        "agent": {"id": "a-1", "name": "Coder"},
        "effort": None,
        "forked_from": "msg-9",
        "folder": None,
        "tags": ["maths"],
        "pinned": True,
        "archived": False,
        "temporary": False,
        "unread": False,
        "leaf": "msg-2",
        "generation": "g-1",
        "created_at": SHOWN_AT,
        "updated_at": SHOWN_AT,
    }


def test_a_session_in_which_nothing_is_chosen():
    session = Session(id="s-1", created_at=AT, updated_at=AT)
    session.model_name = session.agent_name = None
    shown = session_json(session, running=None)
    assert (shown["model"], shown["agent"], shown["leaf"], shown["generation"]) == (None, None, None, None)


def test_a_guest_sees_nothing_of_how_the_owner_keeps_it_in_order():
    session = Session(
        id="s-1", user_id="u-1", is_joint=True, forked_from_id="msg-9", folder_id="f-1", tags=["maths"], is_unread=True,
        pinned_at=AT, archived_at=AT, created_at=AT, updated_at=AT,
    )  # fmt: skip
    session.model_name = session.agent_name = None
    whole = session_json(session, running=None)
    assert seen_by("u-1", whole) == whole
    order: dict[str, object] = {"forked_from": None, "folder": None, "tags": [], "pinned": False, "archived": False}
    assert seen_by("u-2", whole) == whole | order | {"guest": True, "unread": False}
    assert as_guest(whole, is_unread=True)["unread"] is True


def test_a_message_of_a_guest_says_so():
    message = Message(id="msg-1", role="user", author_id="u-2", author_name="Bob", created_at=AT)
    assert message_json(message, None)["author"] == {"id": "u-2", "name": "Bob"}
    message.author_id = None  # the account is gone
    assert message_json(message, None)["author"] == {"id": "", "name": "Bob"}


def test_a_message_of_the_user():
    message = Message(id="msg-1", client_id="c-1", role="user", parts=[{"type": "text", "text": "Hi"}], created_at=AT)
    assert message_json(message, None) == {
        "id": "msg-1",
        "client_id": "c-1",
        "parent": None,
        "role": "user",
        "author": None,
        "parts": [{"type": "text", "text": "Hi"}],
        "created_at": SHOWN_AT,
        "generation": None,
        "summary": None,
    }


def test_an_answer_tells_how_it_came_about():
    error = {"code": "stream_interrupted", "text": "It broke.", "retryable": True, "retry_after": None}
    generation = Generation(
        id="g-1", status="failed", model_id="m-1", model_name="Story", agent_id="a-1", agent_name="Coder", error=error
    )
    message = Message(id="msg-2", parent_id="msg-1", role="assistant", created_at=AT)
    assert message_json(message, generation)["generation"] == {
        "id": "g-1",
        "status": "failed",
        "model": {"id": "m-1", "name": "Story"},
        "agent": {"id": "a-1", "name": "Coder"},
        "error": error,
        "finish_reason": None,
        "metadata": {},
        "beside": None,
        "place": 0,
        "merged_from": [],
        "guidance": None,
        "feedback": None,
    }


def test_what_was_wanted_of_it_is_shown_in_the_words_of_its_reader():
    assert generation_json(Generation(id="g-1", guidance="Shorter.", guided_from="msg-1"))["guidance"] == "Shorter."


def test_what_the_reader_thinks_is_shown_with_the_answer():
    rated = Generation(id="g-1", rating="down", rating_reason="too_long")
    assert generation_json(rated)["feedback"] == {"rating": "down", "reason": "too_long"}
    assert generation_json(Generation(id="g-1", rating="up"))["feedback"] == {"rating": "up", "reason": None}


def test_a_model_and_an_agent_that_are_gone_keep_their_names():
    shown = generation_json(Generation(id="g-1", model_name="Story", agent_name="Coder", finish_reason="stop"))
    assert shown["model"] == {"id": "", "name": "Story"}
    assert shown["agent"] == {"id": "", "name": "Coder"}
    assert shown["finish_reason"] == "stop"


def test_an_answer_without_an_agent_has_none():
    assert generation_json(Generation(id="g-1", model_name="Story"))["agent"] is None

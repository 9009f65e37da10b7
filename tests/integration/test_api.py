"""REST: sessions and messages, and what comes of every wrong request."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ai_studio.ids import new_id
from chat.models import Message, Session
from chat.services import purging
from tests import factories
from tests.integration.conftest import usable_model
from tests.integration.rest import assert_refused, patch, post, signed_in

pytestmark = pytest.mark.django_db(transaction=True)


# --- Sessions ---------------------------------------------------------------------------------------------------------


def test_a_session_is_created_read_renamed_and_deleted(api, people, story):
    agent = factories.make_agent(people.team, name="Coder")
    created = post(api, "/api/sessions", {"id": "s-Wk3vP9dZq7LmXc2A", "model": story.pk, "agent": agent.pk})
    assert created.status_code == 201
    assert created.json()["model"] == {"id": story.pk, "name": "Story"}
    assert created.json()["agent"] == {"id": agent.pk, "name": "Coder"}
    assert api.get("/api/sessions/s-Wk3vP9dZq7LmXc2A").json() == created.json()
    renamed = patch(api, "/api/sessions/s-Wk3vP9dZq7LmXc2A", {"title": "  Monads \n and more "})
    assert renamed.json()["title"] == "Monads and more"
    assert api.delete("/api/sessions/s-Wk3vP9dZq7LmXc2A").status_code == 204
    assert_refused(api.get("/api/sessions/s-Wk3vP9dZq7LmXc2A"), 404, "session_not_found")


def test_a_session_without_wishes_gets_an_id_and_nothing_chosen(api):
    created = post(api, "/api/sessions", {}).json()
    assert len(created["id"]) >= 16
    assert (created["model"], created["agent"], created["leaf"], created["generation"]) == (None, None, None, None)


def test_creating_one_s_own_session_again_changes_nothing(api, story):
    first = post(api, "/api/sessions", {"id": "s-Wk3vP9dZq7LmXc2A"}).json()
    assert post(api, "/api/sessions", {"id": "s-Wk3vP9dZq7LmXc2A", "model": story.pk}).json() == first


def test_somebody_else_s_id_is_taken(api, people):
    foreign = factories.make_session(people.charlie)
    assert_refused(post(api, "/api/sessions", {"id": foreign.pk}), 409, "id_taken")


def test_deleting_a_session_takes_its_messages_along(api, alice):
    session = factories.make_session(alice)
    factories.make_message(session)
    factories.make_message(session, role=Message.Role.ASSISTANT)
    assert api.delete(f"/api/sessions/{session.pk}").status_code == 204
    purging.remove(Session.objects.all())
    assert not Message.objects.exists()


@pytest.mark.parametrize(
    ("what", "code"), [("model", "model_unavailable"), ("agent", "agent_unavailable")]
)  # fmt: skip
def test_a_session_can_not_be_created_with_what_the_team_may_not_use(api, people, what, code):
    foreign = {
        "model": usable_model(people.other_team).pk,
        "agent": factories.make_agent(people.other_team).pk,
    }[what]
    assert_refused(post(api, "/api/sessions", {what: foreign}), 400, code)
    assert_refused(post(api, "/api/sessions", {what: new_id()}), 400, code)
    assert not Session.objects.exists()


def test_somebody_without_a_team_can_not_begin(db):
    api = signed_in(factories.make_user("Dora"))
    assert_refused(post(api, "/api/sessions", {}), 503, "no_team")


@pytest.mark.parametrize(
    "body",
    [{"id": "short"}, {"id": 5}, {"id": "a\x00" * 10}, {"id": None}, {"model": "x" * 65}, {"agent": ["a"]}, {"model": {}},
     [], "text", 5, None],
    ids=lambda body: json.dumps(body)[:30],
)  # fmt: skip
def test_a_session_of_the_wrong_form_is_refused(api, body):
    response = post(api, "/api/sessions", json.dumps(body))
    assert_refused(response, 400, "invalid_command")


@pytest.mark.parametrize(
    ("title", "status"),
    [
        pytest.param("x" * 200, 200, id="as long as it may be"),
        pytest.param("x" * 201, 400, id="too long"),
        pytest.param("", 400, id="empty"),
        pytest.param(" \n ", 400, id="blank"),
        pytest.param("a\x00b", 400, id="nul"),
        pytest.param("\u200b🧐 é", 200, id="all of Unicode"),
        pytest.param(None, 400, id="null"),
        pytest.param(["a"], 400, id="list"),
        pytest.param({"a": 1}, 400, id="object"),
    ],
)
def test_a_title_has_1_to_200_characters(api, alice, title, status):
    session = factories.make_session(alice)
    response = patch(api, f"/api/sessions/{session.pk}", json.dumps({"title": title}))
    if status == 400:
        assert_refused(response, 400, "invalid_command")
    assert response.status_code == status


def test_a_name_that_was_chosen_is_no_model_s_to_change(api, alice):
    session = factories.make_session(alice)
    patch(api, f"/api/sessions/{session.pk}", {"title": "Mine"})
    session.refresh_from_db()
    assert session.is_title_chosen


# --- Pages ------------------------------------------------------------------------------------------------------------


def test_sessions_come_newest_first_in_pages_that_meet(api, alice, people):
    made = [factories.make_session(alice).pk for _ in range(7)]
    factories.make_session(people.bob)
    got, before, pages = [], "", 0
    while before is not None:
        page = api.get("/api/sessions", {"limit": 3} | ({"before": before} if before else {})).json()
        got += [session["id"] for session in page["sessions"]]
        before, pages = page["next"], pages + 1
    assert got == made[::-1]
    assert pages == 3


def test_sessions_of_the_same_moment_are_neither_lost_nor_doubled(api, alice):
    first = factories.make_session(alice)
    made = {first.pk} | {factories.make_session(alice, updated_at=first.updated_at).pk for _ in range(4)}
    page = api.get("/api/sessions", {"limit": 2}).json()
    rest = api.get("/api/sessions", {"before": page["next"]}).json()
    got = [session["id"] for session in page["sessions"] + rest["sessions"]]
    assert sorted(got) == sorted(made)


@pytest.mark.parametrize("before", ["x", "x|y", "|", "2026-11-23|y", "2026-13-45T00:00:00Z|y", "9" * 100])
def test_a_cursor_that_is_none_starts_from_the_top(api, alice, before):
    session = factories.make_session(alice)
    page = api.get("/api/sessions", {"before": before}).json()
    assert [each["id"] for each in page["sessions"]] == [session.pk]


@pytest.mark.parametrize(
    "query",
    [{"limit": 0}, {"limit": 201}, {"limit": -1}, {"limit": "many"}, {"before": "x" * 121}, {"before": "a\x00|b"}],
    ids=str,
)
@pytest.mark.parametrize("path", ["/api/sessions", "/api/sessions/{session}/messages"])
def test_a_page_of_the_wrong_form_is_refused(api, alice, path, query):
    session = factories.make_session(alice)
    assert_refused(api.get(path.format(session=session.pk), query), 400, "invalid_command")


def test_messages_come_in_pages_upwards_along_the_branch(api, alice):
    session = factories.make_session(alice)
    made = [factories.make_message(session, f"{number}").pk for number in range(7)]
    side = Message.objects.create(id=new_id(), session=session, parent_id=made[2], role="user", text="another branch")
    got: list[str] = []
    query = {"limit": 3}
    while True:
        page = api.get(f"/api/sessions/{session.pk}/messages", query).json()
        got = [message["id"] for message in page["messages"]] + got
        if page["previous"] is None:
            break
        query = {"limit": 3, "before": page["previous"]}
    assert got == made
    assert side.pk not in got


def test_a_session_that_nobody_wrote_in_has_no_messages(api, alice):
    session = factories.make_session(alice)
    nothing: dict[str, Any] = {"messages": [], "previous": None, "siblings": {}, "beside": [], "threads": []}
    assert api.get(f"/api/sessions/{session.pk}/messages").json() == nothing


def test_a_page_before_an_unknown_message_is_refused(api, alice, people):
    session = factories.make_session(alice)
    other = factories.make_message(factories.make_session(alice))
    for before in (new_id(), other.pk, "x"):
        response = api.get(f"/api/sessions/{session.pk}/messages", {"before": before})
        assert_refused(response, 404, "message_not_found")

"""REST: what may be used, own instructions, and the door itself."""

from __future__ import annotations

import json

import pytest
from django.test import Client
from knox.models import AuthToken

from ai_studio.ids import new_id
from ai_studio.models import Agent, Membership, User
from tests import factories
from tests.factories import PASSWORD, People
from tests.integration.conftest import usable_model
from tests.integration.rest import ERROR_KEYS, assert_refused, post, put, signed_in

pytestmark = pytest.mark.django_db(transaction=True)


# --- What may be used, and own instructions ---------------------------------------------------------------------------


def test_the_studio_shows_what_can_be_used_now_in_the_team_s_order(api, people, story):
    second = usable_model(people.team, display_name="Second", priority=2, input_price="3", output_price="15.5")
    first = usable_model(people.team, display_name="First", priority=1, capabilities=["vision"], context_window=8192)
    usable_model(people.team, display_name="No token", token="")
    usable_model(people.team, display_name="Disabled", is_enabled=False)
    usable_model(people.other_team, display_name="Foreign")
    agent = factories.make_agent(people.team, name="Coder", starters=["Review this"], icon="🧐", model=second)
    factories.make_agent(people.team, name="Retired", is_enabled=False)
    factories.make_agent(people.other_team, name="Foreign")
    shown = api.get("/api/studio").json()
    assert [model["id"] for model in shown["models"]] == [story.pk, first.pk, second.pk]
    assert [model["is_default"] for model in shown["models"]] == [True, False, False]
    assert shown["models"][1]["context_window"] == 8192
    assert (shown["models"][2]["input_price"], shown["models"][2]["output_price"]) == ("3.00", "15.50")
    assert [(each["id"], each["model"]) for each in shown["agents"]] == [(agent.pk, second.pk)]
    assert shown["user"] == {"name": "Alice", "email": "alice@example.com", "is_admin": True}
    assert shown["team"] == {"id": people.team.pk, "name": "Research"}
    assert shown["unavailable"] is None
    assert shown["starters"]


def test_the_studio_says_why_nothing_can_be_used(api, people):
    assert api.get("/api/studio").json()["unavailable"]["code"] == "no_model_available"
    Membership.objects.all().delete()
    shown = api.get("/api/studio").json()
    assert (shown["team"], shown["teams"], shown["unavailable"]["code"]) == (None, [], "no_team")


def test_another_team_of_one_s_own_shows_what_it_offers(api, people, story):
    Membership.objects.create(user=people.alice, team=people.other_team)
    theirs = usable_model(people.other_team, display_name="Theirs")
    agent = factories.make_agent(people.other_team, name="Open")
    factories.make_agent(people.other_team, name="Draft", visibility=Agent.Visibility.ADMINS)
    shown = api.get("/api/studio", {"team": people.other_team.pk}).json()
    assert shown["team"] == {"id": people.other_team.pk, "name": "Elsewhere"}
    assert [model["id"] for model in shown["models"]] == [theirs.pk]
    assert [each["id"] for each in shown["agents"]] == [agent.pk]
    assert [model["id"] for model in api.get("/api/studio").json()["models"]] == [story.pk]


def test_a_team_that_one_is_no_member_of_looks_like_none(api, people, alice):
    usable_model(people.other_team, display_name="Theirs")
    foreign = api.get("/api/studio", {"team": people.other_team.pk})
    unknown = api.get("/api/studio", {"team": new_id()})
    assert foreign.content == unknown.content
    assert_refused(foreign, 404, "team_not_found")
    User.objects.filter(pk=alice.pk).update(is_superuser=True, is_staff=True)
    assert_refused(api.get("/api/studio", {"team": people.other_team.pk}), 404, "team_not_found")
    assert_refused(api.get("/api/studio", {"team": "a b"}), 400, "invalid_command")


def test_the_studio_never_shows_a_token(api, story):
    assert "sk-a-token" not in api.get("/api/studio").content.decode()


def test_own_instructions_are_kept(api, people):
    assert api.get("/api/instructions").json() == {"text": "", "enabled": True}
    assert put(api, "/api/instructions", {"text": " Call me Al. ", "enabled": False}).json()["text"] == " Call me Al. "
    assert api.get("/api/instructions").json() == {"text": " Call me Al. ", "enabled": False}
    assert put(api, "/api/instructions", {"text": ""}).json() == {"text": "", "enabled": True}
    assert signed_in(people.bob).get("/api/instructions").json()["text"] == ""


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"text": None},
        {"text": ["a"]},
        {"text": "x" * 20_001},
        {"text": "a\x00"},
        {"text": "", "enabled": "maybe"},
        [],
    ],
    ids=lambda body: str(body)[:30],
)
def test_instructions_of_the_wrong_form_are_refused(api, body):
    assert_refused(put(api, "/api/instructions", json.dumps(body)), 400, "invalid_command")


# --- The door itself --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("token", [None, "", "Token ", "Token wrong", "Bearer x", "Token a b", "Token " + "x" * 300])
def test_nobody_gets_in_without_signing_in(db, token):
    client = Client(headers={"Authorization": token} if token is not None else {})
    for path in ("/api/studio", "/api/sessions", f"/api/sessions/{new_id()}", "/api/instructions"):
        assert_refused(client.get(path), 401, "not_signed_in")


def test_an_api_token_signs_in(alice):
    _, token = AuthToken.objects.create(alice)
    client = Client(headers={"Authorization": f"Token {token}"}, enforce_csrf_checks=True)
    assert client.get("/api/studio").json()["user"]["name"] == "Alice"
    assert post(client, "/api/sessions", {}).status_code == 201


def test_the_token_of_a_closed_account_is_worth_nothing(alice):
    _, token = AuthToken.objects.create(alice)
    User.objects.filter(pk=alice.pk).update(is_active=False)
    assert_refused(Client(headers={"Authorization": f"Token {token}"}).get("/api/studio"), 401, "not_signed_in")


def test_a_cookie_alone_changes_nothing(alice):
    client = Client(enforce_csrf_checks=True)
    assert client.login(email=alice.email, password=PASSWORD)
    assert_refused(post(client, "/api/sessions", {}), 403, "not_allowed")
    assert client.get("/api/sessions").status_code == 200


@pytest.mark.parametrize(
    "body",
    [b" ", b"{", b"\xff", b"[" * 100_000, b'{"title": NaN}', b'{"title": "\\ud800"}'],
    ids=["blank", "open", "not-utf-8", "deep", "nan", "surrogate"],
)
def test_a_body_that_is_not_json_is_malformed(api, alice, body):
    session = factories.make_session(alice)
    response = api.patch(f"/api/sessions/{session.pk}", body, content_type="application/json")
    assert_refused(response, 400, "malformed_frame")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("put", "/api/sessions", 405), ("delete", "/api/instructions", 405), ("get", "/api/chat/stream", 405)],
)
def test_a_method_that_is_not_there(api, method, path, status):
    assert getattr(api, method)(path).status_code == status


def test_a_body_that_is_too_large_is_refused(api, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    assert_refused(put(api, "/api/instructions", {"text": "x" * 2000}), 400, "malformed_frame")


def test_a_body_of_another_kind_is_refused(api):
    response = api.post("/api/sessions", "id=x", content_type="application/x-www-form-urlencoded")
    assert response.status_code == 415
    assert response.json()["error"].keys() == ERROR_KEYS


@pytest.mark.parametrize("session_id", ["a", "a%00b", "%F0%9F%A7%90", "x" * 65, "%ED%A0%80" * 8])
def test_an_id_that_no_id_can_be_is_an_unknown_one(api, people: People, session_id):
    for path in (f"/api/sessions/{session_id}", f"/api/sessions/{session_id}/messages"):
        assert api.get(path).status_code == 404


def test_the_schema_is_there_for_staff(api, alice):
    assert api.get("/api/schema/").status_code == 403
    User.objects.filter(pk=alice.pk).update(is_staff=True)
    schema = api.get("/api/schema/")
    assert schema.status_code == 200
    assert b"/api/sessions/{session_id}/messages" in schema.content

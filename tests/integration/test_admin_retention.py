"""The page that says how long a team's chats are kept: who may open it, and that nothing happens unseen."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from ai_studio import transfer
from ai_studio.models import Team
from chat.models import Session
from tests import factories
from tests.integration.admin_world import World, client_of, make_world, outcome
from tests.integration.keeping import aged, answer, hold, keep_for, left, purge

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def owner(world: World) -> Client:
    return client_of(world.people["owner"])


def page_of(team: Team) -> str:
    return reverse("chat:retention", args=[team.pk])


def days_of(team: Team) -> int | None:
    return Team.objects.get(pk=team.pk).retention_days


@pytest.mark.parametrize(
    ("person", "found"),
    [
        ("platform admin", "open"),
        ("owner", "open"),
        ("team admin", "open"),
        ("member", "refused"),
        ("anonymous", "sign in"),
    ],
)
def test_it_is_for_who_administers_the_team(world: World, person: str, found: str):
    client = client_of(world.people[person])
    assert outcome(client, page_of(world.team)) == found
    client.post(page_of(world.team), {"days": "1", "confirmed": "99"})
    assert days_of(world.team) == (1 if found == "open" else None)


def test_who_administers_another_team_finds_nothing(world: World):
    client = client_of(world.people["stranger"])
    assert client.get(page_of(world.team)).status_code == 404
    assert client.post(page_of(world.team), {"days": "1", "confirmed": "99"}).status_code == 404
    assert days_of(world.team) is None


def test_a_team_that_is_not_there_looks_like_somebody_else_s(world: World, owner: Client):
    foreign, unknown = owner.get(page_of(world.other_team)), owner.get(reverse("chat:retention", args=["none"]))
    assert (foreign.status_code, foreign.content) == (unknown.status_code, unknown.content)


def test_it_says_what_it_would_delete_before_it_does(world: World, owner: Client):
    alice = world.people["owner"]
    old = [aged(factories.make_session(alice), days=31) for _ in range(2)]
    aged(factories.make_session(world.people["stranger"], team=world.other_team), days=31)
    answer(aged(factories.make_session(alice), days=31), status="streaming")
    before = left()
    asked = owner.post(page_of(world.team), {"days": "30"})
    assert "2 chats would be deleted now" in asked.content.decode()
    assert days_of(world.team) is None
    purge()
    assert left() == before
    done = owner.post(page_of(world.team), {"days": "30", "confirmed": "2"}, follow=True)
    assert "Chats are kept for 30 days after their last activity." in done.content.decode()
    assert days_of(world.team) == 30
    assert purge() == {"retention": 2}
    assert before - left() == {session.pk for session in old}


def test_more_than_was_seen_is_asked_about_again(world: World, owner: Client):
    for _ in range(3):
        aged(factories.make_session(world.people["owner"]), days=31)
    asked = owner.post(page_of(world.team), {"days": "30", "confirmed": "2"}).content.decode()
    assert "3 chats would be deleted now" in asked
    assert "It has become more since you looked." in asked
    assert days_of(world.team) is None


def test_what_a_hold_keeps_is_not_counted(world: World, owner: Client):
    aged(factories.make_session(world.people["member"]), days=31)
    hold(world.people["member"])
    assert "Nothing would be deleted now" in owner.post(page_of(world.team), {"days": "30"}).content.decode()


def test_for_ever_again(world: World, owner: Client):
    keep_for(world.team, 30)
    assert "Keep chats for ever" in owner.post(page_of(world.team), {"days": ""}).content.decode()
    owner.post(page_of(world.team), {"days": "", "confirmed": "0"})
    assert days_of(world.team) is None


@pytest.mark.parametrize(
    ("days", "said"),
    [("0", "at least one day"), ("-3", "at least one day"), ("36501", "a hundred years"), ("x", "whole number")],
)
def test_what_is_no_time_is_refused_with_the_reason(world: World, owner: Client, days: str, said: str):
    response = owner.post(page_of(world.team), {"days": days, "confirmed": "0"})
    assert response.status_code == 400
    assert said in response.content.decode()
    assert days_of(world.team) is None


def test_the_team_s_page_shows_it_and_the_history_who_set_it(world: World, owner: Client):
    owner.post(page_of(world.team), {"days": "30", "confirmed": "0"})
    page = owner.get(reverse("admin:ai_studio_team_change", args=[world.team.pk])).content.decode()
    assert "30 days after their last activity" in page
    assert page_of(world.team) in page
    history = owner.get(reverse("admin:ai_studio_team_history", args=[world.team.pk])).content.decode()
    assert "chats are kept" in history
    assert world.people["owner"].email in history


def test_a_form_or_a_file_can_not_set_it(world: World):
    keep_for(world.team, 30)
    assert "retention" not in transfer.export_text()
    root = client_of(world.people["platform admin"])
    page = reverse("admin:ai_studio_team_change", args=[world.team.pk])
    root.post(page, {"name": "Research", "retention_days": "1", "chats_are_kept": "1"})
    assert days_of(world.team) == 30
    assert Session.objects.exists()

"""Teams and users in the admin."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth import authenticate

from ai_studio.models import Membership, Team, TeamModel, User
from chat.models import Session
from tests.factories import enable, make_model, make_user
from tests.integration.admin_team_form import faults, formset, membership, roles, save, team_form
from tests.integration.admin_world import World, address, client_of, make_world

pytestmark = pytest.mark.django_db

PASSWORD = "correct-horse-battery-staple"


@pytest.fixture
def world() -> World:
    return make_world()


def test_somebody_is_added_by_address_and_starts_in_the_team(world: World):
    eve = make_user("Eve")
    assert save(world, "team admin", members={"new": {"email": "EVE@example.com", "role": "member"}}).status_code == 302
    assert roles(world)["eve"] == "member"
    eve.refresh_from_db()
    assert eve.active_team == world.team


def test_a_role_changes(world: World):
    assert save(world, "owner", members={membership(world, "member").pk: {"role": "owner"}}).status_code == 302
    assert roles(world) == {"alice": "owner", "adam": "admin", "bob": "owner"}


def test_somebody_is_removed_and_lands_in_the_next_team(world: World):
    bob = world.people["member"]
    Membership.objects.create(user=bob, team=world.other_team)
    assert save(world, "team admin", members={membership(world, "member").pk: {"DELETE": "on"}}).status_code == 302
    assert "bob" not in roles(world)
    bob.refresh_from_db()
    assert bob.active_team == world.other_team


@pytest.mark.parametrize(
    ("person", "new", "says"),
    [
        pytest.param("owner", {"email": "nobody@example.com", "role": "member"}, "Nobody has an account", id="unknown"),
        pytest.param(
            "owner", {"email": "gone@example.com", "role": "member"}, "Nobody has an account", id="not active"
        ),
        pytest.param("owner", {"email": "bob@example.com", "role": "member"}, "twice", id="in it already"),
        pytest.param("owner", {"email": "no address", "role": "member"}, "valid email", id="no address"),
        pytest.param(
            "team admin", {"email": "eve@example.com", "role": "owner"}, "not one of the available", id="owner"
        ),
    ],
)
def test_a_new_member_is_refused_with_a_reason(world: World, person: str, new: dict[str, Any], says: str):
    make_user("Eve")
    make_user("Gone", is_active=False)
    assert says in faults(save(world, person, members={"new": new}))
    assert roles(world) == {"alice": "owner", "adam": "admin", "bob": "member"}


@pytest.mark.parametrize("change", [{"role": "member"}, {"role": "admin"}, {"DELETE": "on"}])
def test_a_team_admin_does_not_unmake_an_owner(world: World, change: dict[str, Any]):
    save(world, "team admin", members={membership(world, "owner").pk: change})
    assert roles(world)["alice"] == "owner"


@pytest.mark.parametrize("change", [{"role": "member"}, {"DELETE": "on"}])
@pytest.mark.parametrize("person", ["owner", "platform admin"])
def test_a_team_keeps_an_owner(world: World, person: str, change: dict[str, Any]):
    assert "at least one owner" in faults(save(world, person, members={membership(world, "owner").pk: change}))
    assert roles(world)["alice"] == "owner"


def test_rows_of_another_team_can_not_be_smuggled_in(world: World):
    theirs = world.foreign[Membership]
    form = team_form(world, members={membership(world, "member").pk: {"id": theirs.pk, "role": "admin"}})
    response = client_of(world.people["owner"]).post(address("change", world.team), form)
    assert response.status_code == 200
    theirs.refresh_from_db()
    assert (theirs.role, theirs.team) == ("owner", world.other_team)


def default_of(team: Team) -> list[str]:
    return list(TeamModel.objects.filter(team=team, is_default=True).values_list("model__display_name", flat=True))


def test_the_default_model_moves_in_one_save(world: World):
    first = TeamModel.objects.get(team=world.team)
    second = enable(make_model(world.provider, model_id="second", display_name="Second"), world.team, priority=1)
    moved = {first.pk: {"is_default": None}, second.pk: {"is_default": "on"}}
    assert save(world, "team admin", models=moved).status_code == 302
    assert default_of(world.team) == ["Second"]
    assert default_of(world.other_team) == ["Visible model"]


def test_a_new_row_can_be_the_default_at_once(world: World):
    first = TeamModel.objects.get(team=world.team)
    second = make_model(world.provider, model_id="second", display_name="Second")
    new = {"model": second.pk, "is_enabled": "on", "is_default": "on", "priority": 1}
    assert save(world, "owner", models={first.pk: {"is_default": None}, "new": new}).status_code == 302
    assert default_of(world.team) == ["Second"]


@pytest.mark.parametrize(
    ("new", "says"),
    [
        pytest.param({"is_enabled": "on", "is_default": "on"}, "one default model", id="two defaults"),
        pytest.param({"is_default": "on"}, "must be enabled", id="a default that is off"),
        pytest.param({"is_enabled": "on", "model": "own"}, "already", id="the same model twice"),
        pytest.param({"is_enabled": "on", "model": "unseen"}, "valid choice", id="a model that is off"),
    ],
)
def test_a_model_of_the_team_is_refused_with_a_reason(world: World, new: dict[str, Any], says: str):
    second = make_model(world.provider, model_id="second")
    unseen = make_model(world.provider, model_id="unseen", is_enabled=False)
    new["model"] = {"own": world.model.pk, "unseen": unseen.pk}.get(new.get("model"), second.pk)
    response = save(world, "owner", models={"new": {"priority": 1} | new})
    assert says in faults(response).replace("duplicate data", "already").replace("duplicate values", "already")
    assert TeamModel.objects.filter(team=world.team).count() == 1


def test_a_platform_admin_makes_a_team_with_its_people(world: World):
    form = {"name": "New", **formset("memberships", [{"email": "bob@example.com", "role": "owner"}], 0)}
    form |= formset(
        "team_models", [{"model": world.model.pk, "is_enabled": "on", "is_default": "on", "priority": 0}], 0
    )
    assert client_of(world.people["platform admin"]).post(address("add", Team), form).status_code == 302
    team = Team.objects.get(name="New")
    assert list(team.memberships.values_list("user__email", "role")) == [("bob@example.com", "owner")]
    assert default_of(team) == ["Visible model"]


def test_deleting_a_team_says_how_much_falls_with_it(world: World):
    client = client_of(world.people["platform admin"])
    page = client.get(address("delete", world.team)).content.decode()
    assert "Sessions: 1" in page
    assert client.post(address("delete", world.team), {"post": "yes"}).status_code == 302
    assert not Team.objects.filter(pk=world.team.pk).exists()
    assert not Session.objects.filter(team=world.team.pk).exists()
    assert User.objects.filter(email="alice@example.com").exists()


# --- Users ------------------------------------------------------------------------------------------------------------


def user_form(**fields: object) -> dict[str, object]:
    passwords = {"usable_password": "true", "password1": PASSWORD, "password2": PASSWORD}
    return {"email": "eve@example.com", "name": "Eve", "language": "en", **passwords} | fields


def test_a_person_is_made_by_address_and_can_sign_in(world: World):
    client = client_of(world.people["platform admin"])
    assert client.post(address("add", User), user_form()).status_code == 302
    eve = authenticate(None, username="eve@example.com", password=PASSWORD)
    assert eve is not None
    assert (eve.is_staff, eve.is_superuser, eve.name) == (False, False, "Eve")


def test_a_person_can_be_made_without_a_password(world: World):
    fields = user_form(usable_password="false", password1="", password2="")
    assert client_of(world.people["platform admin"]).post(address("add", User), fields).status_code == 302
    assert not User.objects.get(email="eve@example.com").has_usable_password()


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        pytest.param({"email": "ALICE@example.com"}, "email", id="an address that is taken, in capitals"),
        pytest.param({"email": "eve"}, "email", id="no address"),
        pytest.param({"password2": "another"}, "password2", id="passwords that differ"),
        pytest.param({"password1": "short", "password2": "short"}, "password2", id="a weak password"),
    ],
)
def test_a_person_is_refused_beside_the_field(world: World, fields, field: str):
    response = client_of(world.people["platform admin"]).post(address("add", User), user_form(**fields))
    assert set(response.context["adminform"].form.errors) == {field}


def test_a_platform_admin_is_made_and_unmade(world: World):
    client, alice = client_of(world.people["platform admin"]), world.people["owner"]
    fields = {"email": alice.email, "name": "Alice", "language": "en", "is_active": "on"}
    teams = formset("memberships", [], 0)
    assert client.post(address("change", alice), fields | teams | {"is_superuser": "on"}).status_code == 302
    alice.refresh_from_db()
    assert (alice.is_superuser, alice.is_staff) == (True, True)
    assert client.post(address("change", alice), fields | teams).status_code == 302
    alice.refresh_from_db()
    assert (alice.is_superuser, alice.is_staff) == (False, False)


def test_nobody_locks_the_door_behind_themselves(world: World):
    client, root = client_of(world.people["platform admin"]), world.people["platform admin"]
    fields = {"email": root.email, "name": "Root", "language": "en"} | formset("memberships", [], 0)
    assert client.post(address("change", root), fields).status_code == 302
    root.refresh_from_db()
    assert root.is_superuser
    assert root.is_active
    assert client.post(address("delete", root), {"post": "yes"}).status_code == 403


def test_deleting_a_person_takes_their_sessions_and_leaves_the_team(world: World):
    alice = world.people["owner"]
    client = client_of(world.people["platform admin"])
    assert "Sessions: 1" in client.get(address("delete", alice)).content.decode()
    assert client.post(address("delete", alice), {"post": "yes"}).status_code == 302
    assert not User.objects.filter(pk=alice.pk).exists()
    assert Team.objects.filter(pk=world.team.pk).exists()


def test_a_password_is_set_and_never_shown(world: World):
    client, alice = client_of(world.people["platform admin"]), world.people["owner"]
    page = client.get(address("change", alice)).content.decode()
    assert alice.password not in page
    path = f"/admin/ai_studio/user/{alice.pk}/password/"
    assert path in page
    assert client.post(path, {"password1": PASSWORD + "2", "password2": PASSWORD + "2"}).status_code == 302
    assert authenticate(None, username=alice.email, password=PASSWORD + "2") == alice
    assert client_of(world.people["team admin"]).get(path).status_code in {302, 403, 404}

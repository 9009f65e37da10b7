"""A team's prompts in the admin: written with revisions, and never lost to a second editor."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from ai_studio import revisions
from ai_studio.models import SavedPrompt
from ai_studio.models.saved_prompt import MOST_PER_OWNER
from tests.factories import make_prompt
from tests.integration.admin_world import World, address, client_of, make_world

pytestmark = pytest.mark.django_db

FIELDS = {"name": "summary", "title": "Sum up", "text": "Sum up {topic}."}


@pytest.fixture
def world() -> World:
    return make_world()


def errors(response: Any) -> Any:
    return response.context["adminform"].form.errors


def add(world: World, person: str = "owner", **fields: object) -> Any:
    return client_of(world.people[person]).post(address("add", SavedPrompt), FIELDS | {"team": world.team.pk} | fields)


def change(world: World, row: SavedPrompt, person: str = "owner", **fields: object) -> Any:
    return client_of(world.people[person]).post(address("change", row), FIELDS | fields)


@pytest.mark.parametrize("person", ["platform admin", "owner", "team admin"])
def test_an_admin_of_the_team_writes_one(world: World, person: str):
    assert add(world, person).status_code == 302
    row = SavedPrompt.objects.get(name="summary")
    assert (row.team, row.user, row.text) == (world.team, None, FIELDS["text"])
    assert (row.revision, row.updated_by) == (1, world.people[person])
    listed = client_of(world.people[person]).get(address("changelist", SavedPrompt)).content.decode()
    assert "/summary" in listed
    assert "topic" in listed


@pytest.mark.parametrize("person", ["member", "stranger", "anonymous"])
def test_nobody_else_writes_for_the_team(world: World, person: str):
    assert add(world, person).status_code in {200, 302, 403}
    change(world, world.rows[SavedPrompt], person)
    assert not SavedPrompt.objects.filter(name="summary").exists()


def test_every_saved_state_is_kept_compared_and_restored(world: World):
    row = world.rows[SavedPrompt]
    before = row.name
    assert change(world, row, reason="Shorter").status_code == 302
    kept = [(each.number, each.content["name"], str(each.author), each.reason) for each in revisions.of(row)]
    assert kept == [(2, "summary", "alice@example.com", "Shorter"), (1, before, "None", "")]
    client = client_of(world.people["owner"])
    shown = client.get(address("history", row)).context["differences"]
    assert [each.name for each in shown] == ["Name", "Title", "Text"]
    restore = reverse("admin:ai_studio_savedprompt_restore", args=[row.pk, 1])
    assert client.post(restore).status_code == 302
    row.refresh_from_db()
    assert (row.name, row.revision) == (before, 3)
    assert SavedPrompt.history.filter(id=row.pk).count() == 3  # type: ignore[attr-defined]


def test_a_name_that_was_given_away_since_does_not_come_back(world: World):
    row = world.rows[SavedPrompt]
    before = row.name
    change(world, row)
    make_prompt(world.team, name=before)
    restore = reverse("admin:ai_studio_savedprompt_restore", args=[row.pk, 1])
    answer = client_of(world.people["owner"]).post(restore, follow=True)
    assert "has a saved prompt of this name already" in answer.content.decode()
    row.refresh_from_db()
    assert (row.name, row.revision) == ("summary", 2)


def test_the_second_of_two_editors_is_told(world: World):
    row = world.rows[SavedPrompt]
    change(world, row, person="team admin", opened=1)
    found = errors(change(world, row, text="Mine", opened=1))
    assert "adam@example.com saved revision 2 while you were editing revision 1" in found["text"][0]
    row.refresh_from_db()
    assert row.text == FIELDS["text"]


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"name": "Sum Up"}, "name", "small letters"),
        ({"name": ""}, "name", "required"),
        ({"text": " ".join(f"{{v{number}}}" for number in range(21))}, "text", "asks for 21 values"),
        ({"team": ""}, "team", "required"),
    ],
)
@pytest.mark.parametrize("person", ["platform admin", "owner"])
def test_what_is_wrong_is_said_beside_its_field(
    world: World, person: str, fields: dict[str, str], field: str, words: str
):
    assert words in str(errors(add(world, person, **fields))[field])


def test_a_name_is_the_teams_once(world: World):
    add(world)
    assert "of this name already" in str(errors(add(world))["name"])
    assert add(world, "stranger", team=world.other_team.pk).status_code == 302


def test_a_team_has_a_most(world: World):
    rows = [SavedPrompt(team=world.team, name=f"p-{n}", title="P", text="P") for n in range(MOST_PER_OWNER)]
    SavedPrompt.objects.bulk_create(rows)
    assert "which is the most" in str(errors(add(world)))

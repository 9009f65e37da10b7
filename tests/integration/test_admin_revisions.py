"""Revisions of instructions and agents: kept with who and why, compared, restored, and never lost to a second editor."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from ai_studio import revisions
from ai_studio.instructions import MAX_CHARACTERS, VARIABLES
from ai_studio.models import Agent, Instructions, LanguageModel, Revision
from tests.integration.admin_world import FOREIGN, World, address, client_of, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


def errors(response: Any) -> Any:
    return response.context["adminform"].form.errors


def change(world: World, text: str, *, person: str = "owner", **fields: object) -> Any:
    form = {"text": text, "is_enabled": "on"} | fields
    return client_of(world.people[person]).post(address("change", world.rows[Instructions]), form)


def history(world: World, row: Agent | Instructions, person: str = "owner", **query: object) -> Any:
    return client_of(world.people[person]).get(address("history", row), query)


def test_every_saved_state_is_kept_with_who_and_why(world: World):
    row = world.rows[Instructions]
    assert change(world, "Second.", reason="Shorter").status_code == 302
    assert change(world, "Third.", person="team admin").status_code == 302
    kept = [(each.number, each.content["text"], str(each.author), each.reason) for each in revisions.of(row)]
    assert kept == [
        (3, "Third.", "adam@example.com", ""),
        (2, "Second.", "alice@example.com", "Shorter"),
        (1, "Own text", "None", ""),
    ]
    row.refresh_from_db()
    assert (row.revision, row.updated_by) == (3, world.people["team admin"])


def test_saving_without_a_change_makes_no_revision(world: World):
    assert change(world, "Own text", reason="Nothing").status_code == 302
    assert not Revision.objects.exists()


def test_two_states_are_shown_side_by_side(world: World):
    change(world, "Own words")
    shown = history(world, world.rows[Instructions]).content.decode()
    assert "<del>text</del>" in shown
    assert "<ins>words</ins>" in shown
    change(world, "Other words")
    (difference,) = history(world, world.rows[Instructions], before=1, after=3).context["differences"]
    assert difference.name == "Text"


@pytest.mark.parametrize("query", [{"before": "x"}, {"after": "9" * 40}, {"after": "-1"}, {"p": "x"}, {"before": "99"}])
def test_an_address_that_names_no_revision_gets_a_page(world: World, query: dict[str, str]):
    change(world, "Second.")
    assert history(world, world.rows[Instructions], **query).status_code == 200


def test_a_revision_comes_back_as_the_newest_one(world: World):
    row = world.rows[Instructions]
    change(world, "Second.")
    client = client_of(world.people["owner"])
    path = reverse("admin:ai_studio_instructions_restore", args=[row.pk, 1])
    assert client.get(path).status_code == 405
    assert client.post(path).status_code == 302
    row.refresh_from_db()
    assert (row.text, row.revision) == ("Own text", 3)
    assert revisions.of(row).first().reason == "Restored revision 1"
    unknown = reverse("admin:ai_studio_instructions_restore", args=[row.pk, 77])
    assert client.post(unknown).status_code == 404


@pytest.mark.parametrize(("person", "status"), [("stranger", 404), ("member", 302), ("anonymous", 302)])
def test_nobody_else_restores(world: World, person: str, status: int):
    change(world, "Second.")
    path = reverse("admin:ai_studio_instructions_restore", args=[world.rows[Instructions].pk, 1])
    assert client_of(world.people[person]).post(path).status_code in {status, 403}
    assert Instructions.objects.get(pk=world.rows[Instructions].pk).text == "Second."


def test_an_agent_comes_back_whole_and_without_a_model_that_is_gone(world: World):
    agent = world.rows[Agent]
    agent.model, agent.starters = world.model, ["Hello"]
    agent.save()
    agent.name, agent.starters = "Renamed", []
    revisions.save(agent, by=world.people["owner"])
    Agent.objects.filter(pk=agent.pk).update(model=None)
    LanguageModel.objects.filter(pk=world.model.pk).delete()
    agent.refresh_from_db()
    restored = revisions.restore(agent, 1, by=None)
    assert (restored.name, restored.starters, restored.model_id) == ("Own agent", ["Hello"], None)
    shown = history(world, agent).content.decode()
    assert "Renamed" in shown


def test_a_second_editor_overwrites_nothing(world: World):
    assert change(world, "By Adam.", person="team admin", opened=1).status_code == 302
    response = change(world, "By Alice.", opened=1)
    assert "adam@example.com saved revision 2 while you were editing revision 1" in errors(response)["text"][0]
    assert "By Alice." in response.content.decode()
    assert Instructions.objects.get(pk=world.rows[Instructions].pk).text == "By Adam."
    assert change(world, "By both.", opened=2).status_code == 302


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Hello {user_nam}", "{user_nam} is not a variable. Did you mean {user_name}?"),
        ("Hello {customer}", "{customer} is not a variable. There are {user_name}"),
        ("x" * (MAX_CHARACTERS + 1), f"This has {MAX_CHARACTERS + 1:,} characters; at most {MAX_CHARACTERS:,} fit."),
        ("{user_nam}" * 100_000, "at most"),
    ],
    ids=["a slip of the pen", "unknown", "too long", "a megabyte"],
)
def test_what_is_wrong_is_said_where_it_was_typed(world: World, text: str, said: str):
    response = change(world, text)
    assert said in " ".join(errors(response)["text"])
    assert Instructions.objects.get(pk=world.rows[Instructions].pk).text == "Own text"


@pytest.mark.parametrize(
    "text", ["{{ name }}", "${name}", '{"a": 1}', "{ customer }", "{}", "{{name}}", "f(x) {return}"[:5]]
)
def test_braces_that_are_no_variables_may_be_written(world: World, text: str):
    assert change(world, text).status_code == 302


def test_the_field_knows_its_limit_and_its_variables(world: World):
    for model, field in ((Instructions, "text"), (Agent, "instructions")):
        form = client_of(world.people["owner"]).get(address("change", world.rows[model])).context["adminform"].form
        attributes = form.fields[field].widget.attrs
        assert all(f'"{name}"' in attributes["data-variables"] for name in VARIABLES)
        assert attributes["data-most"] == str(MAX_CHARACTERS)
        assert "ai_studio/instructions.js" in str(form.media)


def test_revisions_of_others_are_not_there(world: World):
    foreign = world.foreign[Instructions]
    revisions.save(foreign, by=world.people["stranger"])
    assert history(world, foreign).status_code == 302
    assert FOREIGN not in history(world, world.rows[Instructions]).content.decode()

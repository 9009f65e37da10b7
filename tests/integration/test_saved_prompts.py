"""Saved prompts over REST: the team's to read, one's own to write."""

from __future__ import annotations

import json
import zipfile
from io import BytesIO
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from ai_studio import saved_prompts
from ai_studio.models import Membership, Revision, SavedPrompt
from ai_studio.models.saved_prompt import MOST_PER_OWNER
from chat.services.prompts import create_prompt
from tests import factories
from tests.integration.rest import assert_refused, post, put, signed_in

pytestmark = pytest.mark.django_db(transaction=True)

PROMPT = {"name": "summary", "title": "Sum up", "text": "Sum up {topic}\nfor {audience}."}


def named(api: Any) -> list[tuple[str, str]]:
    return [(each["owner"], each["name"]) for each in api.get("/api/prompts").json()["prompts"]]


def test_one_is_written_read_changed_and_deleted(api, alice):
    made = post(api, "/api/prompts", PROMPT | {"title": "  Sum \n up "})
    assert made.status_code == 201
    prompt = made.json()
    assert {name: prompt[name] for name in PROMPT} == PROMPT
    assert (prompt["owner"], prompt["variables"]) == ("user", ["topic", "audience"])
    assert api.get("/api/prompts").json() == {"prompts": [prompt]}
    path = f"/api/prompts/{prompt['id']}"
    changed = put(api, path, PROMPT | {"name": "tl-dr", "text": "Shorter."}).json()
    assert (changed["id"], changed["name"], changed["variables"]) == (prompt["id"], "tl-dr", [])
    assert api.delete(path).status_code == 204
    assert api.get("/api/prompts").json() == {"prompts": []}
    assert_refused(api.delete(path), 404, "prompt_not_found")


@pytest.mark.parametrize(
    "change",
    [{"name": "Summary"}, {"name": "sum up"}, {"name": "sümmary"}, {"name": ""}, {"name": "x" * 41}, {"name": "a/b"}, {"title": " "},
     {"title": "x" * 101}, {"text": ""}, {"text": " \n"}, {"text": "x" * 20_001}, {"text": "\x00"}, {"text": None}, {"text": ["a"]},
     {"text": " ".join(f"{{v{number}}}" for number in range(21))}],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_and_changes_nothing(api, alice, change):
    own = factories.make_prompt(alice, **PROMPT)
    before = list(SavedPrompt.objects.values())
    assert_refused(post(api, "/api/prompts", PROMPT | {"name": "other"} | change), 400, "invalid_command")
    assert_refused(put(api, f"/api/prompts/{own.pk}", PROMPT | change), 400, "invalid_command")
    assert list(SavedPrompt.objects.values()) == before


def test_a_name_is_one_s_own_once_and_the_team_s_beside_it(api, people):
    factories.make_prompt(people.team, **PROMPT)
    factories.make_prompt(people.bob, **PROMPT)
    assert post(api, "/api/prompts", PROMPT).status_code == 201
    assert named(api) == [("user", "summary"), ("team", "summary")]
    assert_refused(post(api, "/api/prompts", PROMPT), 409, "prompt_name_taken")
    other = post(api, "/api/prompts", PROMPT | {"name": "other"}).json()
    assert_refused(put(api, f"/api/prompts/{other['id']}", PROMPT), 409, "prompt_name_taken")
    assert put(api, f"/api/prompts/{other['id']}", PROMPT | {"name": "other"}).status_code == 200


def test_two_tabs_that_take_a_name_at_once_make_one_prompt(api, alice, monkeypatch):
    factories.make_prompt(alice, **PROMPT)
    monkeypatch.setattr(SavedPrompt, "full_clean", lambda self: None)
    assert_refused(post(api, "/api/prompts", PROMPT), 409, "prompt_name_taken")
    assert SavedPrompt.objects.count() == 1


def test_there_is_a_most(api, alice):
    rows = [SavedPrompt(user=alice, name=f"p-{n}", title="P", text="P") for n in range(MOST_PER_OWNER)]
    SavedPrompt.objects.bulk_create(rows)
    assert_refused(post(api, "/api/prompts", PROMPT), 409, "too_many_prompts")
    assert put(api, f"/api/prompts/{rows[0].pk}", PROMPT).status_code == 200


def test_a_prompt_of_the_team_is_read_and_not_changed(api, people):
    Membership.objects.filter(user=people.alice).update(role="member")
    prompt = factories.make_prompt(people.team, **PROMPT)
    assert named(api) == [("team", "summary")]
    path = f"/api/prompts/{prompt.pk}"
    for answer in (put(api, path, PROMPT | {"text": "Mine"}), api.delete(path)):
        assert "its admins" in assert_refused(answer, 403, "not_allowed")["text"]
    assert SavedPrompt.objects.get().text == PROMPT["text"]


def test_the_prompts_of_a_team_are_its_members_while_it_is_the_active_one(people):
    factories.make_prompt(people.team, name="ours")
    theirs = factories.make_prompt(people.other_team, name="theirs")
    bob, charlie = signed_in(people.bob), signed_in(people.charlie)
    assert (named(bob), named(charlie)) == ([("team", "ours")], [("team", "theirs")])
    assert_refused(bob.delete(f"/api/prompts/{theirs.pk}"), 404, "prompt_not_found")
    factories.join(people.bob, people.other_team)
    assert named(bob) == [("team", "theirs")]
    Membership.objects.filter(user=people.bob).delete()
    assert named(bob) == []
    assert post(bob, "/api/prompts", PROMPT).status_code == 201, "one's own need no team"
    # A team that somebody is not in gives nothing, whoever asks for it.
    assert [each.name for each in saved_prompts.readable(people.bob.pk, people.team.pk)] == ["summary"]


def test_the_list_costs_the_same_however_long_it_is(api, people):
    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            api.get("/api/prompts")
        return len(captured)

    before = cost()
    for number in range(20):
        factories.make_prompt(people.alice if number % 2 else people.team)
    assert cost() == before


@pytest.mark.parametrize("owners", [{}, {"user": True, "team": True}])
def test_the_database_keeps_that_each_has_one_owner(people, owners):
    of = {"user": people.alice, "team": people.team}
    with pytest.raises(IntegrityError), transaction.atomic():
        SavedPrompt.objects.create(name="x", title="X", text="X", **{key: of[key] for key in owners})


def test_what_is_one_s_own_leaves_no_trace_when_it_is_deleted(api, people):
    for name in ("one", "two"):
        post(api, "/api/prompts", PROMPT | {"name": name})
    post(signed_in(people.bob), "/api/prompts", PROMPT)
    factories.make_prompt(people.team, **PROMPT)
    history = SavedPrompt.history  # type: ignore[attr-defined]  # set when it was registered
    assert [record.team for record in history.all()] == [people.team]
    api.post("/settings/delete/", {"sure": "on"})
    assert not SavedPrompt.objects.filter(user=people.alice).exists()
    assert SavedPrompt.objects.count() == 2
    people.bob.delete()
    assert history.count() == 1
    assert not Revision.objects.filter(saved_prompt__user__isnull=False).exists()


def test_one_takes_one_s_own_along(api, people):
    prompt = post(api, "/api/prompts", PROMPT).json()
    factories.make_prompt(people.team, name="ours")
    factories.make_prompt(people.bob, name="bobs")
    session = factories.make_session(people.alice, title="Saved prompts")
    factories.make_message(session, "Hello")
    answer = api.post("/settings/export/", {"format": "json"})
    document = json.loads(b"".join(answer.streaming_content))
    assert document["prompts"] == [prompt]
    assert len(document["chats"]) == 1
    zipped = b"".join(api.post("/settings/export/", {"format": "markdown"}).streaming_content)
    with zipfile.ZipFile(BytesIO(zipped)) as archive:
        assert len([name for name in archive.namelist() if name.endswith(".md")]) == 2
        assert "## /summary: Sum up\n\nSum up {topic}\nfor {audience}." in archive.read("Saved prompts.md").decode()
    one = post(api, "/api/sessions/exported", {"sessions": [session.pk], "format": "json"})
    assert "prompts" not in json.loads(b"".join(one.streaming_content))


def test_services_take_values_that_are_none_of_rest_s(alice):
    with pytest.raises(saved_prompts.PromptRefused, match="name: Use small letters"):
        saved_prompts.create(alice.pk, saved_prompts.PromptContent("Big Name", "T", "T"))
    assert create_prompt(alice.pk, saved_prompts.PromptContent("small", "T", "T")).name == "small"

"""Preferences: a closed set of keys and words, the same on every device; and what new chats begin with in each team."""

from __future__ import annotations

import pytest
from django.test import Client

from ai_studio.models import Agent, Membership
from chat.models import Preferences
from tests import factories
from tests.integration.conftest import OpenTab, api_client, usable_model
from tests.integration.rest import assert_refused, patch, signed_in

pytestmark = pytest.mark.django_db(transaction=True)

DEFAULTS = {
    "theme": "system",
    "density": "comfortable",
    "send_key": "enter",
    "notifications": "off",
    "language": "automatic",
}


def test_what_is_chosen_is_kept_and_the_rest_is_as_it_was(api, people):
    team = {"team": {"id": people.team.pk, "name": "Research"}, "model": None, "agent": None}
    assert api.get("/api/preferences").json() == {**DEFAULTS, "teams": [team]}
    assert patch(api, "/api/preferences", {"theme": "dark"}).json()["theme"] == "dark"
    changed = patch(api, "/api/preferences", {"send_key": "ctrl-enter", "density": "compact"}).json()
    assert changed == {**DEFAULTS, "theme": "dark", "send_key": "ctrl-enter", "density": "compact", "teams": [team]}
    assert api.get("/api/preferences").json() == changed
    assert signed_in(people.bob).get("/api/preferences").json()["theme"] == "system"


@pytest.mark.parametrize(
    "body",
    [{}, [], {"theme": "pink"}, {"theme": None}, {"theme": ["dark"]}, {"density": ""}, {"send_key": "Enter"},
     {"notifications": True}, {"colour": "red"}, {"theme": "dark", "values": {}}, {"model": "short"}, {"agent": 7},
     {"team": "no team of anybody"}],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_and_changes_nothing(api, body):
    assert_refused(patch(api, "/api/preferences", body), 400, "invalid_command")
    assert not Preferences.objects.exists()


def test_a_body_that_is_no_json_is_refused(api):
    assert_refused(api.patch("/api/preferences", "{", content_type="application/json"), 400, "malformed_frame")


def test_nobody_has_preferences_without_signing_in(people):
    assert_refused(Client().get("/api/preferences"), 401, "not_signed_in")
    assert_refused(patch(Client(), "/api/preferences", {"theme": "dark"}), 401, "not_signed_in")


def test_a_word_of_another_version_of_the_program_counts_for_none(api, alice):
    Preferences.objects.create(user=alice, values={"theme": "sepia", "density": "compact", "gone": "x"})
    shown = api.get("/api/preferences").json()
    assert (shown["theme"], shown["density"]) == ("system", "compact")
    assert "gone" not in shown


def test_new_chats_begin_with_the_chosen_model_and_agent(api, people, story):
    other = usable_model(people.team, display_name="Other")
    agent = factories.make_agent(people.team, name="Coder")
    shown = patch(api, "/api/preferences", {"model": other.pk, "agent": agent.pk}).json()["teams"]
    assert shown == [
        {
            "team": {"id": people.team.pk, "name": "Research"},
            "model": {"id": other.pk, "name": "Other"},
            "agent": {"id": agent.pk, "name": "Coder"},
        }
    ]
    studio = api.get("/api/studio").json()
    assert [one["name"] for one in studio["models"] if one["is_default"]] == ["Other"]
    assert [one["name"] for one in studio["agents"] if one["is_default"]] == ["Coder"]
    assert [one["is_default"] for one in signed_in(people.bob).get("/api/studio").json()["agents"]] == [False]
    # One of the two alone; what is gone is chosen by nobody.
    assert patch(api, "/api/preferences", {"model": None}).json()["teams"][0]["agent"]["id"] == agent.pk
    agent.delete()
    assert api.get("/api/preferences").json()["teams"][0]["agent"] is None


def test_each_team_has_its_own(api, people, story):
    factories.join(people.alice, people.other_team)
    agent = factories.make_agent(people.other_team)
    body = {"team": people.other_team.pk, "agent": agent.pk}
    by_team = {one["team"]["id"]: one["agent"] for one in patch(api, "/api/preferences", body).json()["teams"]}
    assert by_team[people.other_team.pk]["id"] == agent.pk
    assert by_team[people.team.pk] is None


def test_nothing_of_another_team_and_nothing_unusable_can_be_chosen(api, people, story):
    foreign_agent = factories.make_agent(people.other_team)
    foreign_model = usable_model(people.other_team)
    draft = factories.make_agent(people.team, is_enabled=False)
    for chosen, code in (
        ({"agent": foreign_agent.pk}, "agent_unavailable"),
        ({"agent": draft.pk}, "agent_unavailable"),
        ({"model": foreign_model.pk}, "model_unavailable"),
        ({"model": "m-of-nobody-0123456789"}, "model_unavailable"),
    ):
        assert_refused(patch(api, "/api/preferences", {**chosen, "theme": "dark"}), 400, code)
    for team in (people.other_team.pk, "t-of-nobody-0123456789"):
        body = {"team": team, "agent": foreign_agent.pk}
        refused = assert_refused(patch(api, "/api/preferences", body), 404, "team_not_found")
        assert "Elsewhere" not in refused["text"]
    assert not Preferences.objects.exists()
    assert not Membership.objects.exclude(preferred_agent=None, preferred_model=None).exists()


def test_what_was_chosen_and_is_lost_stays_until_something_else_is_chosen(api, people, story):
    agent = factories.make_agent(people.team)
    patch(api, "/api/preferences", {"agent": agent.pk})
    Agent.objects.filter(pk=agent.pk).update(is_enabled=False)
    body = {"agent": agent.pk, "model": story.pk}
    assert patch(api, "/api/preferences", body).json()["teams"][0]["agent"]["id"] == agent.pk
    assert api.get("/api/studio").json()["agents"] == []


async def test_a_change_reaches_every_open_tab_of_the_person_and_nobody_else(people, open_tab: OpenTab):
    tabs = [await open_tab(people.alice), await open_tab(people.alice)]
    bobs = await open_tab(people.bob)
    async with api_client(people.alice) as api:
        await api.patch("/api/preferences", json={"theme": "dark"})
    for tab in tabs:
        assert (await tab.until_type("preferences"))["preferences"]["theme"] == "dark"
    await bobs.settle()
    assert {frame["type"] for frame in bobs.frames} <= {"welcome", "ack"}


# --- Pages ------------------------------------------------------------------------------------------------------------


def root_of(page: str) -> str:
    return page[page.index("<html") : page.index(">", page.index("<html"))]


def test_every_page_of_somebody_who_is_signed_in_says_how_it_is_to_look(api, alice):
    patch(api, "/api/preferences", {"theme": "dark", "density": "compact"})
    for path in ("/", "/settings/", "/accounts/password/change/", "/nothing/here"):
        root = root_of(api.get(path).content.decode())
        assert (
            'data-theme="dark" data-density="compact" data-send-key="enter" data-notifications="off" data-language="automatic"'
            in root
        ), path
    assert "data-" not in root_of(Client().get("/accounts/login/").content.decode())


def form(**values: str) -> dict[str, str]:
    return {"form": "preferences", **{f"preferences-{key}": value for key, value in {**DEFAULTS, **values}.items()}}


def test_the_settings_page_saves_them_without_a_script(api, people, story):
    agent = factories.make_agent(people.team, name="Coder")
    team = people.team.pk
    chosen = form(theme="dark", notifications="hidden", **{f"model:{team}": story.pk, f"agent:{team}": agent.pk})
    page = api.post("/settings/", chosen, follow=True).content.decode()
    assert "Your preferences are saved." in page
    shown = api.get("/api/preferences").json()
    assert (shown["theme"], shown["notifications"]) == ("dark", "hidden")
    assert (shown["teams"][0]["model"]["id"], shown["teams"][0]["agent"]["id"]) == (story.pk, agent.pk)
    assert f'<option value="{agent.pk}" selected>Coder</option>' in api.get("/settings/").content.decode()


def test_the_settings_page_refuses_what_the_api_refuses(api, people):
    foreign = factories.make_agent(people.other_team, name="A secret agent")
    page = api.post("/settings/", form(theme="pink")).content.decode()
    assert 'role="alert"' in page
    page = api.post("/settings/", form(**{f"agent:{people.team.pk}": foreign.pk})).content.decode()
    assert 'role="alert"' in page
    assert "secret" not in page
    assert not Preferences.objects.exists()


def test_somebody_without_a_team_has_preferences_too():
    api = signed_in(factories.make_user("Nobody"))
    assert api.post("/settings/", form(theme="light"), follow=True).status_code == 200
    assert api.get("/api/preferences").json() == {**DEFAULTS, "theme": "light", "teams": []}
    assert_refused(patch(api, "/api/preferences", {"agent": None}), 404, "team_not_found")


def test_the_language_of_answers_is_chosen_by_the_name_that_it_gives_itself(people):
    api = signed_in(people.alice)
    assert '<option value="en" selected>English</option>' in api.get("/settings/").content.decode()
    profile = {"form": "profile", "profile-name": "Alice", "profile-active_team": people.team.pk}
    page = api.post("/settings/", profile | {"profile-language": "pt-br"}, follow=True).content.decode()
    assert '<option value="pt-br" selected>Português Brasileiro</option>' in page
    people.alice.refresh_from_db()
    assert people.alice.language == "pt-br"


def test_a_language_that_has_no_name_here_stays_its_reader_s(people):
    people.alice.language = "tlh"
    people.alice.save()
    assert '<option value="tlh" selected>tlh</option>' in signed_in(people.alice).get("/settings/").content.decode()


def test_a_language_that_is_not_in_the_list_is_refused(people):
    profile = {"form": "profile", "profile-name": "Alice", "profile-active_team": people.team.pk}
    page = signed_in(people.alice).post("/settings/", profile | {"profile-language": "any words"}).content.decode()
    assert "Select a valid choice" in page
    people.alice.refresh_from_db()
    assert people.alice.language == "en"

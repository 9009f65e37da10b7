"""Agents in the admin: fallbacks, drafts, copies and tools."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from ai_studio import gateway, planning, revisions
from ai_studio.gateway import AgentUnavailable, Wanted
from ai_studio.models import Agent, User
from tests.factories import enable, make_agent, make_model
from tests.integration.admin_world import World, address, client_of, make_world


@pytest.fixture
def world(transactional_db: None) -> World:
    return make_world()


def agent_form(world: World, **fields: object) -> dict[str, object]:
    defaults = {"team": world.team.pk, "name": "Editor", "instructions": "Edit.", "parameters": "{}"}
    return defaults | {"visibility": "team", "is_enabled": "on"} | fields


def errors(response: Any) -> Any:
    return response.context["adminform"].form.errors


def wanted(world: World, person: str, agent: Agent) -> Wanted:
    return Wanted(world.people[person].pk, world.team.pk, agent_id=agent.pk)


# --- Fallbacks --------------------------------------------------------------------------------------------------------


def test_an_agent_s_fallbacks_come_before_the_team_s_order(world: World):
    first, second, third = (make_model(world.provider, model_id=f"m{n}", display_name=f"M{n}") for n in range(3))
    for number, each in enumerate((first, second, third)):
        enable(each, world.team, priority=number)
    fields = agent_form(world, model=second.pk, fallbacks_0=third.pk, fallbacks_1="", fallbacks_2=first.pk)
    assert client_of(world.people["owner"]).post(address("add", Agent), fields).status_code == 302
    agent = Agent.objects.get(name="Editor")
    assert agent.fallbacks == [third.pk, first.pk]
    plan = planning.plan(wanted(world, "member", agent))
    names = list(dict.fromkeys(route.model_name for route in plan.routes))
    assert names == ["M1", "M2", "M0"]  # with two tokens each, there is room for three models


def test_a_fallback_that_is_gone_is_passed_over(world: World):
    agent = make_agent(world.team, fallbacks=["no-such-model"])
    plan = planning.plan(wanted(world, "member", agent))
    assert {route.model_name for route in plan.routes} == {"Visible model"}


def test_fallbacks_are_refused_beside_their_field(world: World):
    client = client_of(world.people["owner"])
    elsewhere = make_model(world.provider, model_id="elsewhere", display_name="Elsewhere")
    enable(elsewhere, world.other_team)
    for given, said in (
        ({"fallbacks_0": elsewhere.pk}, "is not enabled for Research"),
        ({"fallbacks_0": world.model.pk, "fallbacks_1": world.model.pk}, "Each model is tried once"),
        ({"fallbacks_0": "no-such-model"}, "Choose from the list"),
    ):
        response = client.post(address("add", Agent), agent_form(world, **given))
        assert said in str(errors(response)["fallbacks"])


# --- Visibility and copies --------------------------------------------------------------------------------------------


def test_a_draft_is_the_admins_alone(world: World):
    agent = make_agent(world.team, name="Draft", visibility="admins")
    for person, sees in (("owner", True), ("team admin", True), ("member", False)):
        user: User = world.people[person]
        assert (agent in gateway.offer(user.pk).agents) is sees
        assert (gateway.named_agent(user.pk, world.team.pk, agent.pk) is not None) is sees
        if sees:
            assert planning.plan(wanted(world, person, agent)).agent_name == "Draft"
        else:
            with pytest.raises(AgentUnavailable):
                planning.plan(wanted(world, person, agent))


def test_a_copy_is_a_draft_with_a_name_of_its_own(world: World):
    agent = world.rows[Agent]
    Agent.objects.filter(pk=agent.pk).update(starters=["Hi"], parameters={"seed": 7})
    client = client_of(world.people["team admin"])
    for _ in range(2):
        assert client.post(reverse("admin:ai_studio_agent_clone", args=[agent.pk])).status_code == 302
    assert client.get(reverse("admin:ai_studio_agent_clone", args=[agent.pk])).status_code == 405
    copies = Agent.objects.filter(name__startswith="Own agent (copy").order_by("name")
    assert [copy.name for copy in copies] == ["Own agent (copy 2)", "Own agent (copy)"]
    for copy in copies:
        assert (copy.starters, copy.parameters, copy.visibility) == (["Hi"], {"seed": 7}, "admins")
        assert copy.created_by == world.people["team admin"]
        assert copy.revisions.get().reason == "Copied from Own agent, revision 1"


@pytest.mark.parametrize("page", ["clone", "trial"])
@pytest.mark.parametrize("person", ["stranger", "member", "anonymous"])
def test_nobody_else_copies_or_tries(world: World, page: str, person: str):
    path = reverse(f"admin:ai_studio_agent_{page}", args=[world.rows[Agent].pk])
    response = client_of(world.people[person]).post(path)
    assert response.status_code in {302, 403, 404}
    assert Agent.objects.filter(team=world.team).count() == 1


# --- Tools ------------------------------------------------------------------------------------------------------------


def test_tools_are_chosen_kept_in_revisions_and_copied(world: World):
    owner, agent = client_of(world.people["owner"]), make_agent(world.team, name="Planner")
    page = reverse("admin:ai_studio_agent_change", args=[agent.pk])
    form = agent_form(world, name="Planner", tools=["current_time"])
    assert owner.post(page, {**form, "opened": agent.revision}).status_code == 302
    agent.refresh_from_db()
    assert agent.tools == ["current_time"]
    assert revisions.clone(agent, by=None).tools == ["current_time"]
    revisions.restore(agent, agent.revision - 1, by=None)
    assert agent.tools == []


def test_a_tool_that_is_none_is_refused_and_a_stored_one_is_kept(world: World):
    owner, agent = client_of(world.people["owner"]), make_agent(world.team, tools=["gone"])
    response = owner.post(reverse("admin:ai_studio_agent_add"), agent_form(world, tools=["rm_rf"]))
    assert "tools" in errors(response)
    page = reverse("admin:ai_studio_agent_change", args=[agent.pk])
    assert "gone: unknown here" in owner.get(page).content.decode()
    assert planning.plan(wanted(world, "member", agent)).tools == (), "it is not told of it"

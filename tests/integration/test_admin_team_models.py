"""A team's models: their order, their limits, and why somebody can or can't use one."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ai_studio import cooldown, planning
from ai_studio.llm.errors import RateLimited
from ai_studio.models import LanguageModel, ProviderToken, Team, TeamModel
from ai_studio.planning import Wanted
from tests.factories import enable, make_agent, make_model, make_provider
from tests.integration.admin_world import FOREIGN, World, address, client_of, make_world, outcome

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    cache.clear()
    return make_world()


def usable(world: World, viewer: str = "owner", **query: str) -> Any:
    path = reverse("admin:ai_studio_team_usable", args=[world.team.pk])
    return client_of(world.people[viewer]).get(path, query)


# --- Order and limits -------------------------------------------------------------------------------------------------


def test_the_order_in_which_they_are_dragged_is_the_order_of_fallback(world: World):
    second = enable(make_model(world.provider, model_id="b", display_name="B"), world.team, priority=1)
    third = enable(make_model(world.provider, model_id="c", display_name="C"), world.team, priority=2)
    first = TeamModel.objects.get(team=world.team, is_default=True)
    client = client_of(world.people["owner"])
    assert 'data-ordering-field="priority"' in client.get(address("change", world.team)).content.decode()
    form: dict[str, object] = {"name": world.team.name}
    for prefix in ("memberships", "provider_tokens"):
        form |= {f"{prefix}-TOTAL_FORMS": 0, f"{prefix}-INITIAL_FORMS": 0}
    form |= {"team_models-TOTAL_FORMS": 3, "team_models-INITIAL_FORMS": 3}
    for number, (row, priority) in enumerate(((first, 0), (second, 2), (third, 1))):
        values = {"id": row.pk, "team": world.team.pk, "model": row.model_id, "is_enabled": "on", "priority": priority}
        values |= {"is_default": "on"} if row == first else {}
        values |= {"max_output_tokens": 50} if row == third else {}
        form |= {f"team_models-{number}-{name}": value for name, value in values.items()}
    assert client.post(address("change", world.team), form).status_code == 302
    plan = planning.plan(Wanted(world.people["member"].pk, world.team.pk))
    routes = {route.model_name: route for route in plan.routes}
    assert list(routes) == ["Visible model", "C", "B"]
    assert routes["C"].parameters == {"max_tokens": 50}
    assert routes["B"].parameters == {}


def test_a_model_that_is_added_comes_last(world: World):
    second = enable(make_model(world.provider, model_id="b", display_name="B"), world.team, priority=4)
    first = TeamModel.objects.get(team=world.team, is_default=True)
    added = make_model(world.provider, model_id="a", display_name="A")
    form: dict[str, object] = {"name": world.team.name}
    for prefix in ("memberships", "provider_tokens"):
        form |= {f"{prefix}-TOTAL_FORMS": 0, f"{prefix}-INITIAL_FORMS": 0}
    form |= {"team_models-TOTAL_FORMS": 3, "team_models-INITIAL_FORMS": 2}
    for number, row in enumerate((first, second, TeamModel(model=added))):
        values = {"id": row.pk or "", "team": world.team.pk, "model": row.model_id, "priority": row.priority}
        values |= {"is_enabled": "on"} | ({"is_default": "on"} if row == first else {})
        form |= {f"team_models-{number}-{name}": value for name, value in values.items()}
    assert client_of(world.people["owner"]).post(address("change", world.team), form).status_code == 302
    assert TeamModel.objects.get(model=added).priority == 5


@pytest.mark.parametrize(("person", "is_led_there"), [("platform admin", True), ("owner", False)])
def test_a_row_says_its_model_and_leads_whoever_may_to_it(world: World, person: str, is_led_there: bool):
    page = client_of(world.people[person]).get(address("change", world.team)).content.decode()
    (row,) = re.findall(r'class="[^"]*field-model [^"]*p-3.*?</td>', page, re.DOTALL)
    assert f"{world.model} · {world.provider}" in row
    assert (f'href="{address("change", world.model)}"' in row) is is_led_there
    assert "<select" not in row


def test_a_team_s_limits_hold_whatever_model_and_agent_ask_for(world: World):
    LanguageModel.objects.filter(pk=world.model.pk).update(context_window=200_000, max_output_tokens=64_000)
    TeamModel.objects.filter(team=world.team).update(max_context_tokens=8_000, max_output_tokens=500)
    agent = make_agent(world.team, parameters={"max_tokens": 4_000})
    route = planning.plan(Wanted(world.people["member"].pk, world.team.pk, agent_id=agent.pk)).routes[0]
    assert (route.context_window, route.max_output_tokens, route.parameters) == (8_000, 500, {"max_tokens": 500})
    other = planning.plan(Wanted(world.people["stranger"].pk, world.other_team.pk)).routes[0]
    assert (other.context_window, other.max_output_tokens, other.parameters) == (200_000, 64_000, {})


# --- What can this person use, and why --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("person", "found"),
    [("platform admin", "open"), ("owner", "open"), ("team admin", "open"), ("member", "refused"),
     ("stranger", "hidden"), ("anonymous", "sign in")],
)  # fmt: skip
def test_the_page_is_the_team_s_admins(world: World, person: str, found: str):
    path = reverse("admin:ai_studio_team_usable", args=[world.team.pk])
    assert outcome(client_of(world.people[person]), path) == found


def test_every_reason_is_given_for_each_model(world: World):
    off = make_model(world.provider, model_id="off", display_name="Off", is_enabled=False)
    old = make_model(world.provider, model_id="old", display_name="Old", is_enabled=False, status="archived")
    keyless = make_model(make_provider(name="Keyless"), display_name="Keyless model")
    for number, model in enumerate((off, old, keyless), start=1):
        enable(model, world.team, priority=number)
    make_model(world.provider, model_id="extra", display_name="Not the team's")
    context = usable(world, person="bob@example.com").context
    why = {model.name: (model.can_be_used, model.why) for model in context["models"]}
    assert why == {
        "Visible model": (True, "can be used"),
        "Off": (False, "is disabled in the catalogue"),
        "Old": (False, "is archived"),
        "Keyless model": (False, "has no token: neither the team nor the platform has an enabled one for its provider"),
    }
    assert [model.name for model in context["others"] if "team" in model.why] == ["Not the team's"]
    assert context["steps"] == ["Visible model, the team's default, answers"]
    checks = {check.text: check.holds for check in context["models"][0].checks}
    assert checks["the team's token, and 1 more"]


def test_what_rests_after_a_failure_is_said_to(world: World):
    for token in ProviderToken.objects.all():
        cooldown.note_failure(RateLimited("slow down"), token_id=token.pk, provider_id=token.provider_id)
    (model,) = usable(world).context["models"]
    assert (model.can_be_used, model.why) == (True, "resting after a failure: others are tried first")


def test_agents_say_which_model_answers_and_who_sees_them(world: World):
    make_agent(world.team, name="Draft", visibility="admins")
    make_agent(world.team, name="Off", is_enabled=False)
    agents = {agent.name: (agent.state, agent.can_be_used) for agent in usable(world, person="bob@example.com").context["agents"]}  # fmt: skip
    assert agents == {
        "Own agent": ("", True),
        "Draft": ("For the team's admins only", False),
        "Off": ("Disabled", False),
    }


@pytest.mark.parametrize("asked", ["nobody@example.com", "x" * 3000, "%", "quarantinecharlie@example.com"])
def test_who_is_not_in_the_team_is_said_not_to_be(world: World, asked: str):
    response = usable(world, person=asked)
    assert response.status_code == 200
    assert "is in Research" in response.context["problem"]


def test_nothing_of_others_is_on_the_page(world: World):
    assert FOREIGN.lower() not in usable(world).content.decode().lower()


def test_many_models_cost_no_more_queries(world: World):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert usable(world).status_code == 200
        return len(captured)

    make_model(world.provider, model_id="other", display_name="Not the team's")
    queries()
    before = queries()
    for number in range(20):
        model = make_model(world.provider, model_id=f"many-{number}", display_name=f"Many {number}")
        if number % 2:
            enable(model, world.team, priority=number)
        make_agent(world.team, model=model)
    assert queries() == before
    assert Team.objects.filter(pk=world.team.pk).exists()


# --- A team with many -------------------------------------------------------------------------------------------------

TEMPLATES_OF_A_ROW = 16
"""Unfold's for the table, and those of the list of models: none for the plain inputs."""


def test_a_row_more_costs_few_templates(world: World):
    client = client_of(world.people["owner"])
    before = len(client.get(address("change", world.team)).templates)
    for number in range(3):
        enable(make_model(world.provider, model_id=f"m{number}"), world.team, priority=number + 1)
    after = len(client.get(address("change", world.team)).templates)
    assert after - before <= 3 * TEMPLATES_OF_A_ROW

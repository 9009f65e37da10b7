"""What is remembered about a person in the prompts of their chats, and in what shows these."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ai_studio import gateway, inspection
from ai_studio.instructions import Level
from ai_studio.llm import Message, Role
from ai_studio.models import Membership, User
from ai_studio.planning import Wanted
from chat.services.planned import wanted_for
from tests import factories
from tests.integration.conftest import usable_model
from tests.integration.rest import signed_in

pytestmark = pytest.mark.django_db(transaction=True)

NURSE = "Works as a nurse."


@pytest.fixture
def remembered(alice: User) -> User:
    """Alice, with memory on, and with one fact."""
    gateway.memories.switch(alice.pk, on=True)
    gateway.memories.add(alice.pk, NURSE)
    return alice


@pytest.fixture(autouse=True)
def tools(story):
    story.capabilities = ["tools"]
    story.save()


def plan_of(session) -> gateway.Plan:
    return gateway.plan(wanted_for(session.user_id, session, []))


def levels(plan: gateway.Plan) -> list[str]:
    return [paragraph.level for paragraph in plan.routes[0].prompt.provenance]


def names(plan: gateway.Plan) -> list[str]:
    return [tool.name for tool in plan.routes[0].tools]


def test_a_chat_is_told_and_may_change_it(remembered, people):
    gateway.save_own_instructions(remembered.pk, text="Be brief.", enabled=True)
    plan = plan_of(factories.make_session(remembered))
    assert levels(plan) == [Level.USER, Level.MEMORY]
    assert f"1. {NURSE}" in plan.routes[0].prompt.text
    assert names(plan) == ["remember", "forget"]
    agent = factories.make_agent(people.team, tools=["current_time"])
    assert names(plan_of(factories.make_session(remembered, agent=agent))) == ["current_time", "remember", "forget"]


def test_a_change_counts_at_once_and_costs_one_query(remembered):
    session = factories.make_session(remembered)
    plan_of(session)
    gateway.memories.add(remembered.pk, "Lives in Porto.")
    wanted = wanted_for(session.user_id, session, [])
    with CaptureQueriesContext(
        connection,
    ) as queries:
        plan = gateway.plan(wanted)
    assert "2. Lives in Porto." in plan.routes[0].prompt.text
    assert len(queries) == 2
    gateway.memories.switch(remembered.pk, on=False)
    assert (levels(plan_of(session)), names(plan_of(session))) == ([], [])


@pytest.mark.parametrize("kept_out", ["temporary", "off", "platform", "bob"])
def test_nobody_else_and_no_temporary_chat_is_told(remembered, people, settings, kept_out):
    session = factories.make_session(people.bob if kept_out == "bob" else remembered)
    match kept_out:
        case "temporary":
            session.is_temporary = True
        case "off":
            gateway.memories.switch(remembered.pk, on=False)
        case "platform":
            settings.MEMORY = False
    plan = plan_of(session)
    assert (plan.routes[0].prompt.text, plan.tools) == ("", ())


def test_a_trial_is_told_nothing(remembered, people):
    agent = factories.make_agent(people.team)
    plan = gateway.plan(Wanted(remembered.pk, people.team.pk, agent_id=agent.pk))
    assert (levels(plan), plan.tools) == ([Level.AGENT], ())


def test_a_model_that_calls_no_tools_is_told_and_can_t_change_it(remembered, people):
    deaf = usable_model(people.team, display_name="Deaf")
    plan = plan_of(factories.make_session(remembered, model=deaf))
    assert (levels(plan), names(plan)) == ([Level.MEMORY], [])
    wanted = wanted_for(remembered.pk, factories.make_session(remembered, model=deaf), [])
    found = inspection.inspect(wanted, (Message(Role.USER, "Hi"),))
    assert found.tools.refused.endswith("it is not told of remember, forget.")


def test_the_inspector_shows_it_as_a_paragraph_of_its_own_with_its_tokens(remembered, people):
    wanted = Wanted(remembered.pk, people.team.pk, uses_memory=True)
    found = inspection.inspect(wanted, (Message(Role.USER, "Hi"),))
    (segment,) = (each for each in found.segments if each.level is Level.MEMORY)
    assert (segment.source, NURSE in segment.text) == ("memories:own", True)
    (share,) = (each for each in found.shares if each.level is Level.MEMORY)
    assert share.tokens > 10
    assert [name for name, _ in found.tools.declarations] == ["remember", "forget"]


def test_in_the_admin_others_learn_only_that_there_is_some(remembered, people):
    def page(viewer: User) -> str:
        address = f"/admin/ai_studio/prompt/inspect/?a-team={people.team.pk}&a-person={remembered.email}"
        return signed_in(viewer).get(address).content.decode()

    assert NURSE in page(remembered)
    Membership.objects.filter(user=people.bob).update(role="admin")
    others = page(people.bob)
    assert NURSE not in others
    assert "from-memory" in others


def test_the_preview_of_one_s_own_instructions_shows_it(api, remembered):
    body = {"form": "instructions", "instructions-text": "Be brief.", "instructions-enabled": "on", "preview": ""}
    page = api.post("/settings/", body).content.decode()
    assert '<span class="remembered">Facts about the person' in page
    assert f"1. {NURSE}</span>" in page
    gateway.memories.switch(remembered.pk, on=False)
    assert 'class="remembered"' not in api.post("/settings/", body).content.decode()

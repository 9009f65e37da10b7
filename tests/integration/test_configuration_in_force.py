"""Configuration costs one query a message, and none for another team; a change is in force on the next message."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ai_studio import gateway, memory
from ai_studio.models import Instructions, Membership
from ai_studio.planning import Wanted
from chat.ids import new_id
from chat.services.beginning import Sent, begin_send
from tests import factories
from tests.factories import make_session
from tests.integration.conftest import usable_model

pytestmark = pytest.mark.django_db


@pytest.fixture
def wanted(db: None, monkeypatch: pytest.MonkeyPatch) -> Wanted:
    monkeypatch.setattr(memory, "_remembered", memory.Remembered(-1))
    people = factories.make_people()
    usable_model(people.team, is_default=True)
    agent = factories.make_agent(people.team)
    Instructions.objects.create(level="team", team=people.team, text="Be brief.")
    Instructions.objects.create(level="team", team=people.other_team, text="Be long.")
    return Wanted(people.alice.pk, people.team.pk, agent_id=agent.pk)


def configuration_queries(captured: CaptureQueriesContext) -> list[str]:
    """The tables of the configuration that were read, one for each query."""
    tables = [re.search(r'FROM "(ai_studio_\w+)"', query["sql"]) for query in captured.captured_queries]
    return [found.group(1) for found in tables if found]


def test_one_query_when_it_is_remembered(wanted: Wanted) -> None:
    gateway.plan(wanted)
    with CaptureQueriesContext(connection) as captured:
        gateway.plan(wanted)
    assert configuration_queries(captured) == ["ai_studio_configuration"]
    assert len(captured) == 1


def test_one_query_in_all_that_a_message_begins_with(wanted: Wanted) -> None:
    membership = Membership.objects.select_related("user", "team").get(user_id=wanted.user_id)
    session = make_session(membership.user, team=membership.team)

    def send() -> None:
        begun = begin_send(wanted.user_id, session.pk, Sent(leaf, "Hello"), new_id(), lambda *_: None)
        assert begun.jobs

    leaf = None
    send()
    session.generations.update(status="completed")
    session.refresh_from_db()
    leaf = session.leaf_id
    with CaptureQueriesContext(connection) as captured:
        send()
    assert configuration_queries(captured) == ["ai_studio_configuration"]


def test_nothing_of_another_team_is_read(wanted: Wanted) -> None:
    with CaptureQueriesContext(connection) as captured:
        plan = gateway.plan(wanted)
    asked = [query["sql"] for query in captured.captured_queries if "team" in query["sql"]]
    assert asked
    assert all(wanted.team_id in sql for sql in asked)
    assert "Be brief." in plan.routes[0].prompt.text


def test_a_change_is_in_force_at_once(wanted: Wanted) -> None:
    gateway.plan(wanted)
    for text in ("Be kind.", "Be quick."):
        row = Instructions.objects.get(team=wanted.team_id)
        row.text = text
        row.save()
        assert text in gateway.plan(wanted).routes[0].prompt.text

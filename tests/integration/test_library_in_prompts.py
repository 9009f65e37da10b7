"""An agent's library is in its prompt, costs no query when warm, and a change is in force on the next message."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ai_studio import gateway, inspection, memory
from ai_studio.library import keeping
from ai_studio.llm import Message, Role
from ai_studio.models import Agent
from ai_studio.planning import Wanted
from tests import factories
from tests.integration.conftest import usable_model
from tests.integration.libraries import make_document, make_library

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent(db: None, monkeypatch: pytest.MonkeyPatch) -> Agent:
    monkeypatch.setattr(memory, "_remembered", memory.Remembered(-1))
    people = factories.make_people()
    usable_model(people.team, is_default=True, context_window=8_000, input_price="2")
    return factories.make_agent(people.team, library=make_library(people.team, name="Handbook"))


@pytest.fixture
def wanted(agent: Agent) -> Wanted:
    member = agent.team.memberships.get(role="member")
    return Wanted(member.user_id, agent.team_id, agent_id=agent.pk)


def prompt(wanted: Wanted) -> str:
    return gateway.plan(wanted).routes[0].prompt.text


def test_what_is_added_changed_and_removed_counts_from_the_next_message_on(agent: Agent, wanted: Wanted):
    assert "office" not in prompt(wanted)
    document = make_document(agent.library, "The office opens at nine.", "hours.txt")
    assert 'name="hours.txt"' in prompt(wanted)
    assert "opens at nine" in prompt(wanted)
    make_document(agent.library, "The office opens at ten.", "hours.txt")
    assert "opens at ten" in prompt(wanted)
    assert "opens at nine" not in prompt(wanted)
    agent.library.max_tokens = 10
    agent.library.save()
    assert "opens at ten" not in prompt(wanted)
    agent.library.max_tokens = None
    agent.library.save()
    assert "opens at ten" in prompt(wanted)
    document.delete()
    assert "opens at ten" not in prompt(wanted)
    agent.library = None
    agent.save()
    assert gateway.plan(wanted).routes[0].library is None


def test_one_query_when_it_is_remembered(agent: Agent, wanted: Wanted):
    for number in range(3):
        make_document(agent.library, f"Text {number}. " * 50)
    before = prompt(wanted)
    with CaptureQueriesContext(connection) as captured:
        assert prompt(wanted) == before
    assert [query["sql"] for query in captured.captured_queries if "ai_studio_configuration" not in query["sql"]] == []
    assert len(captured) == 1


def test_another_process_hears_of_a_change(agent: Agent, wanted: Wanted, monkeypatch: pytest.MonkeyPatch):
    """It remembers under the version of before, as another node does."""
    make_document(agent.library, "Old words.", "a.txt")
    assert "Old words." in prompt(wanted)
    there = memory._remembered
    monkeypatch.setattr(memory, "_remembered", memory.Remembered(-1))
    make_document(agent.library, "New words.", "a.txt")
    monkeypatch.setattr(memory, "_remembered", there)
    assert "New words." in prompt(wanted)


def test_what_does_not_fit_is_left_out_whole_and_said_to_be(agent: Agent, wanted: Wanted):
    make_document(agent.library, "alpha " * 300, "1-fits.txt")
    make_document(agent.library, "beta " * 3_000, "2-too-long.txt")
    make_document(agent.library, "gamma " * 100, "3-fits.txt")
    found = inspection.inspect(wanted, (Message(Role.USER, "Hi"),))
    assert found.route.library is not None
    assert [one.name for one in found.route.library.left_out] == ["2-too-long.txt"]
    assert "beta" not in found.text
    assert found.text.index("alpha") < found.text.index("gamma")
    share = next(share for share in found.shares if share.level == "library")
    assert share.tokens >= 400
    assert share.price == Decimal(share.tokens * 2) / 1000
    assert any(segment.source == f"library:{agent.library_id}" for segment in found.segments)


def test_a_document_without_text_is_in_no_prompt(agent: Agent, wanted: Wanted):
    keeping.put(agent.library, name="scan.pdf", media_type="application/pdf", text=" ", by=None, reason=keeping.EMPTY)
    assert "scan.pdf" not in prompt(wanted)
    assert gateway.plan(wanted).routes[0].library.shelf.documents == ()

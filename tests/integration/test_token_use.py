"""What the ledger notes on a token: its use now and then, a failure and what comes after it at once."""

from __future__ import annotations

from datetime import datetime

import pytest

from ai_studio import gateway, ledger
from ai_studio.gateway import Outcome, Plan, Wanted
from ai_studio.llm import LLMError
from ai_studio.llm.errors import AuthenticationFailed
from ai_studio.models import ProviderToken
from chat.ids import new_id
from tests.factories import People
from tests.integration.conftest import usable_model

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(people: People) -> Plan:
    usable_model(people.team, is_default=True)
    return gateway.plan(Wanted(people.alice.pk, people.team.pk))


def answered(plan: Plan, error: LLMError | None = None) -> ProviderToken:
    """The token after an answer, or after an attempt that failed."""
    gateway.record(plan, plan.routes[0], Outcome("answer", new_id()), error)
    return ProviderToken.objects.get()


def used_at(token: ProviderToken) -> datetime:
    assert token.last_used_at is not None
    return token.last_used_at


def test_answers_that_follow_each_other_note_one_use(plan, monkeypatch):
    first = used_at(answered(plan))
    assert used_at(answered(plan)) == first
    monkeypatch.setattr(ledger, "USE_NOTED_EVERY_SECONDS", 0.0)
    assert used_at(answered(plan)) > first


def test_a_failure_and_the_use_after_it_are_noted_at_once(plan):
    answered(plan)
    failed = answered(plan, AuthenticationFailed("refused"))
    assert failed.last_error_code == "provider_authentication_failed"
    assert failed.last_error_at == failed.last_used_at
    assert failed.last_error_at is not None
    assert used_at(answered(plan)) > failed.last_error_at

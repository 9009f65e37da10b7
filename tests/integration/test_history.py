from __future__ import annotations

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ai_studio import history, services
from ai_studio.models import Agent, LanguageModel, Provider, ProviderToken, Team, TeamModel, User
from tests.factories import enable, join, make_agent, make_model, make_provider, make_team, make_user
from tests.integration.admin_world import client_of

pytestmark = pytest.mark.django_db

CANARY = "sk-canary-0123456789"


@pytest.fixture
def root() -> User:
    return make_user("Root", is_superuser=True, is_staff=True)


def told(entries: list[history.Entry]) -> list[tuple[str, str, dict[str, tuple[str, str]]]]:
    return [
        (entry.verb, entry.name, {each.name: (each.before, each.after) for each in entry.fields}) for entry in entries
    ]


def test_a_change_in_the_admin_is_told_with_its_author(root: User):
    client = client_of(root)
    page = reverse("admin:ai_studio_provider_add")
    client.post(page, {"name": "Ours", "provider_key": "openai", "base_url": "", "is_enabled": "on"})
    provider = Provider.objects.get()
    change = reverse("admin:ai_studio_provider_change", args=[provider.pk])
    client.post(change, {"name": "Ours", "provider_key": "openai", "base_url": "http://127.0.0.1:1/v1"})
    entries = history.history_of(provider)
    assert told(entries) == [
        ("changed", "Ours", {"base URL": ("—", "http://127.0.0.1:1/v1"), "enabled": ("True", "False")}),
        ("added", "Ours", {}),
    ]
    assert {entry.who for entry in entries} == {root.email}
    shown = client.get(reverse("admin:ai_studio_provider_history", args=[provider.pk])).content.decode()
    assert "http://127.0.0.1:1/v1" in shown


def test_what_sends_no_signals_is_told_as_well():
    provider = make_provider()
    one, two = (LanguageModel(provider=provider, model_id=name, display_name=name) for name in ("one", "two"))
    LanguageModel.objects.bulk_create([one, two])
    LanguageModel.objects.filter(provider=provider).update(is_enabled=False)
    one.display_name, two.display_name = "First", "Second"
    LanguageModel.objects.bulk_update([one, two], ["display_name"])
    assert told(history.history_of(two)) == [
        ("changed", "Second", {"display name": ("two", "Second")}),
        ("changed", "two", {"enabled": ("True", "False")}),
        ("added", "two", {}),
    ]


def test_references_are_told_by_name_and_what_is_gone_as_well():
    team, model = make_team("Research"), make_model(display_name="GPT")
    agent = make_agent(team, name="Coach")
    agent.model = model
    agent.save()
    row = enable(model, team)
    assert told(history.history_of(agent))[0] == ("changed", "Coach", {"model": ("—", "GPT")})
    assert told(history.history_of(row)) == [("added", "Research, GPT", {})]
    agent_id = agent.pk
    Team.objects.get(pk=team.pk).delete()
    gone = [entry for entry in history.latest().entries if entry.row_id == agent_id]
    assert [entry.verb for entry in gone] == ["removed", "changed", "added"]


def test_secrets_are_in_no_column_of_the_history():
    token = ProviderToken(provider=make_provider())
    services.set_provider_token(token=token, value=CANARY, by=None)
    ciphertext = token.ciphertext
    make_user("Alice").set_password("x")
    alice = User.objects.get()
    for model in apps.get_app_config("ai_studio").get_models():
        if model.__name__.startswith("Historical"):
            rows = str(list(model._default_manager.values()))
            for secret in (CANARY, ciphertext, alice.password):
                assert secret not in rows
    ProviderToken.objects.update(ciphertext="another")
    assert len(history.history_of(token)) == 1


def test_signing_in_is_no_change(root: User):
    before = root.history.count()  # type: ignore[attr-defined]
    client_of(root)
    assert root.history.count() == before  # type: ignore[attr-defined]


def test_what_is_rolled_back_leaves_no_history(root: User):
    client_of(root).post(reverse("admin:ai_studio_provider_add"), {"name": "", "provider_key": "openai"})
    assert {entry.kind for entry in history.latest().entries} == {"user"}


def test_all_changes_together(root: User):
    for number in range(3):
        make_provider(name=f"P{number}")
    page = client_of(root).get(reverse("studio:changes"))
    assert [entry.name for entry in page.context["entries"]][:3] == ["P2", "P1", "P0"]
    moment = page.context["entries"][1].at.isoformat()
    older = client_of(root).get(reverse("studio:changes"), {"before": moment})
    assert [entry.name for entry in older.context["entries"]][:1] == ["P0"]
    for nonsense in ("x", "2026-99-99T00:00:00Z", "2026-01-01T00:00:00"):
        assert client_of(root).get(reverse("studio:changes"), {"before": nonsense}).status_code == 200


def test_a_kind_that_is_not_among_the_newest_costs_no_query(monkeypatch):
    monkeypatch.setattr(history, "MOST", 3)
    join(make_user("Old"), make_team("Old"))
    make_agent(make_team("Older"), model=make_model())
    for number in range(3):
        make_team(f"T{number}")
    with CaptureQueriesContext(connection) as captured:
        page = history.latest()
    assert [entry.name for entry in page.entries] == ["T2", "T1", "T0"]
    assert len(captured) == 2, [query["sql"] for query in captured]


def test_records_that_tell_nothing_do_not_end_the_list(monkeypatch):
    monkeypatch.setattr(history, "MOST", 2)
    provider = make_provider(name="First")
    make_provider(name="Second")
    provider.save()
    page = history.latest()
    assert [entry.name for entry in page.entries] == ["Second"]
    older = history.latest(page.older)
    assert ([entry.name for entry in older.entries], older.older) == (["First"], None)


def test_many_entries_cost_no_more_queries_than_few():
    team = make_team()

    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            history.latest()
        return len(captured)

    def grow() -> None:
        for _ in range(5):
            user = make_user(f"U{User.objects.count()}")
            join(user, team)
            row = enable(make_model(), team)
            TeamModel.objects.filter(pk=row.pk).update(priority=3)
            agent = make_agent(team, model=row.model)
            Agent.objects.filter(pk=agent.pk).update(description="x")

    grow()
    before = asked()
    grow()
    assert asked() == before

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ai_studio import readiness, services
from ai_studio.models import Completion, Membership, Provider, ProviderToken, Team, User
from tests.factories import enable, join, make_model, make_provider, make_team, make_user
from tests.integration.admin_world import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def root() -> User:
    return make_user("Root", is_superuser=True, is_staff=True)


def missing(person: User) -> list[str]:
    return [step.code for step in readiness.steps_for(person) if not step.is_done]


def warned() -> list[str]:
    said = StringIO()
    call_command("check", databases=["default"], stderr=said, stdout=said)
    return [code for code in ("W001", "W002", "W003", "W004", "W005") if f"ai_studio.{code}" in said.getvalue()]


def test_step_by_step_until_the_first_message(root: User):
    assert missing(root) == ["provider", "token", "model", "team", "team_model", "message"]
    assert warned() == ["W001", "W002", "W003", "W004", "W005"]
    provider = make_provider()
    assert missing(root) == ["token", "model", "team", "team_model", "message"]
    services.set_provider_token(token=ProviderToken(provider=provider), value="sk-1", by=None)
    model = make_model(provider)
    assert missing(root) == ["team", "team_model", "message"]
    team = make_team()
    assert missing(root) == ["team", "team_model", "own_place", "message"]
    join(make_user("Alice"), team)
    assert missing(root) == ["team_model", "own_place", "message"]
    enable(model, team)
    assert warned() == []
    join(root, team)
    assert missing(root) == ["message"]
    Completion.objects.create(user=root, team=team, model=model, requested_model="x")
    assert missing(root) == []


@pytest.mark.parametrize(
    "fault", ["model off", "archived", "provider off", "token off", "foreign token", "team model off"]
)
def test_what_is_there_but_can_not_be_used_does_not_count(root: User, fault: str):
    provider, team = make_provider(is_enabled=fault != "provider off"), make_team()
    join(root, team)
    token = ProviderToken(
        provider=provider,
        is_enabled=fault != "token off",
        team=make_team() if fault == "foreign token" else None,
    )
    services.set_provider_token(token=token, value="sk-1", by=None)
    model = make_model(
        provider,
        is_enabled=fault not in {"model off", "archived"},
        status="archived" if fault == "archived" else "active",
    )
    enable(model, team, is_enabled=fault != "team model off")
    assert "team_model" in missing(root)


def test_every_line_leads_somewhere_that_opens(root: User):
    team = make_team()
    client = client_of(root)
    for _ in ("outside", "inside"):
        page = client.get(reverse("admin:index"))
        content = page.content.decode()
        for step in page.context["steps"]:
            address = reverse(step.page, args=step.arguments)
            assert (f'href="{address}' in content) or step.is_done, step
            assert client.get(address).status_code == 200
        Membership.objects.get_or_create(user=root, team=team)


def test_a_team_admin_sees_the_steps_of_the_own_team():
    alice, team, model = make_user("Alice"), make_team("Research"), make_model()
    join(alice, team, Membership.Role.ADMIN)
    enable(model, make_team("Quarantine"))
    page = client_of(alice).get(reverse("admin:index"))
    assert missing(alice) == ["team_model", "message"]
    assert reverse("admin:ai_studio_team_change", args=[team.pk]) in page.content.decode()
    assert "Quarantine" not in page.content.decode()
    assert page.context["faults"] == []


def test_the_guide_goes_when_nothing_is_missing(root: User):
    team, model = make_team(), make_model()
    join(root, team)
    enable(model, team)
    services.set_provider_token(token=ProviderToken(provider=model.provider), value="sk-1", by=None)
    client = client_of(root)
    assert "Until the first message" in client.get(reverse("admin:index")).content.decode()
    Completion.objects.create(user=root, team=team, model=model, requested_model="x")
    assert "Until the first message" not in client.get(reverse("admin:index")).content.decode()


def test_what_is_set_wrong_is_said_to_the_platform_admin(root: User, settings):
    settings.SENDS_PER_MINUTE = 0
    content = client_of(root).get(reverse("admin:index")).content.decode()
    assert "SENDS_PER_MINUTE is 0" in content
    assert "studio.E002" in content


def test_the_checks_do_not_mind_a_database_without_tables(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(Provider._meta, "db_table", "not_there_yet")
    assert warned() == []


def test_the_overview_asks_as_much_of_many_teams_as_of_few(root: User):
    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            readiness.steps_for(root)
        return len(captured)

    team = make_team()
    before = asked()
    for _ in range(10):
        join(make_user(f"U{User.objects.count()}"), make_team())
        enable(make_model(), team)
    assert asked() <= before


def test_whoever_makes_a_team_owns_it_unless_others_are_named(root: User):
    alice, client = make_user("Alice"), client_of(root)
    for number, (name, members) in enumerate({"Mine": [], "Hers": [alice]}.items()):
        fields = {"name": name, "memberships-TOTAL_FORMS": len(members), "memberships-INITIAL_FORMS": 0}
        fields |= {"team_models-TOTAL_FORMS": 0, "team_models-INITIAL_FORMS": 0}
        for member in members:
            fields |= {"memberships-0-email": member.email, "memberships-0-role": "owner"}
        answer = client.post(f"{reverse('admin:ai_studio_team_add')}?then=overview", fields)
        assert answer.headers["Location"] == reverse("admin:index"), number
    owners = {team.name: [row.user for row in team.memberships.all()] for team in Team.objects.all()}
    assert owners == {"Mine": [root], "Hers": [alice]}

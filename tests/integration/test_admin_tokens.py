"""A token goes in through the admin and never comes out: not in a page, a log line, the history or the database."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.db import connection

from ai_studio import services
from ai_studio.models import ProviderToken, Team
from tests.factories import make_provider
from tests.integration.admin_world import World, address, client_of, make_world

pytestmark = pytest.mark.django_db

CANARY = "sk-canary-Wk3vP9dZq7LmXc2A"


@pytest.fixture
def world() -> World:
    return make_world()


def form(world: World, **fields: object) -> dict[str, object]:
    defaults = {"provider": world.provider.pk, "team": "", "label": "Main", "value": CANARY, "priority": 0}
    return defaults | {"is_enabled": "on"} | fields


def errors(response) -> Any:
    return response.context["adminform"].form.errors


def everything_in_the_database() -> str:
    with connection.cursor() as cursor:
        tables = [model._meta.db_table for model in apps.get_models(include_auto_created=True)]
        rows = []
        for table in tables:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            rows += cursor.fetchall()
    return str(rows)


def test_a_token_leaves_no_trace_but_its_ciphertext(world: World, caplog):
    caplog.set_level("DEBUG")
    client = client_of(world.people["platform admin"])
    added = client.post(address("add", ProviderToken), form(world), follow=True)
    token = ProviderToken.objects.get(label="Main")
    change = form(world, value=CANARY + "-second", label="Renamed")
    changed = client.post(address("change", token), change, follow=True)
    token.refresh_from_db()
    assert services.open_provider_token(token).reveal() == CANARY + "-second"

    pages = [added, changed, client.get(address("change", token)), client.get(address("history", token))]
    pages += [client.get(address("changelist", model)) for model in admin.site._registry]
    pages += [client.get(address("change", world.team)), client.get(address("delete", token))]
    for page in pages:
        assert page.status_code == 200
        assert "canary" not in page.content.decode()
    assert LogEntry.objects.count() == 2
    assert "canary" not in everything_in_the_database()
    assert "canary" not in caplog.text
    assert "canary" not in f"{token} {token!r} {vars(token)}"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        pytest.param({"label": "x" * 101}, "label", id="a fault elsewhere"),
        pytest.param({"value": f"{CANARY} {CANARY}"}, "value", id="a space inside"),
        pytest.param({"value": f"{CANARY}\x07"}, "value", id="a control character"),
        pytest.param({"value": f"{CANARY}é"}, "value", id="an accent"),
        pytest.param({"value": CANARY * 900}, "value", id="too long"),
        pytest.param({"value": ""}, "value", id="none at all"),
        pytest.param({"provider": "no-such-provider"}, "provider", id="an unknown provider"),
        pytest.param({"priority": -1}, "priority", id="a negative priority"),
    ],
)
def test_a_refused_form_names_the_field_and_does_not_give_the_token_back(world: World, fields, field: str):
    before = ProviderToken.objects.count()
    response = client_of(world.people["platform admin"]).post(address("add", ProviderToken), form(world, **fields))
    assert set(errors(response)) == {field}
    assert "canary" not in response.content.decode()
    assert ProviderToken.objects.count() == before


def test_a_fault_while_saving_does_not_log_the_token(world: World, monkeypatch, caplog):
    def fail(**_):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(services, "set_provider_token", fail)
    client = client_of(world.people["platform admin"])
    client.raise_request_exception = False
    assert client.post(address("add", ProviderToken), form(world)).status_code == 500
    assert "the disk is full" in caplog.text
    assert "canary" not in caplog.text


def test_the_field_is_kept_from_password_managers_and_is_never_filled(world: World):
    content = (
        client_of(world.people["platform admin"]).get(address("change", world.rows[ProviderToken])).content.decode()
    )
    field = content.split('name="value"')[0].rsplit("<input", 1)[1] + content.split('name="value"')[1].split(">")[0]
    assert 'type="password"' in field
    assert 'autocomplete="off"' in field
    assert "value=" not in field


def test_an_empty_field_keeps_the_stored_token(world: World):
    token = world.rows[ProviderToken]
    before = ProviderToken.objects.get(pk=token.pk)
    response = client_of(world.people["owner"]).post(
        address("change", token), {"label": "Renamed", "value": "", "priority": 3, "is_enabled": "on"}
    )
    assert response.status_code == 302
    after = ProviderToken.objects.get(pk=token.pk)
    assert (after.label, after.priority, after.ciphertext) == ("Renamed", 3, before.ciphertext)


def test_provider_and_team_of_a_stored_token_do_not_change(world: World):
    token = world.rows[ProviderToken]
    fields = form(world, provider=make_provider().pk, team=world.other_team.pk, value="")
    assert client_of(world.people["platform admin"]).post(address("change", token), fields).status_code == 302
    token.refresh_from_db()
    assert (token.provider, token.team) == (world.provider, world.team)
    assert services.open_provider_token(token)


def test_the_same_token_twice_is_said_beside_the_field(world: World):
    client = client_of(world.people["platform admin"])
    for team in ("", world.team.pk):
        assert client.post(address("add", ProviderToken), form(world, team=team)).status_code == 302
        response = client.post(address("add", ProviderToken), form(world, team=team))
        assert "already stored" in errors(response)["value"][0]


@pytest.mark.parametrize("person", ["owner", "team admin"])
def test_a_team_enters_tokens_for_itself_alone(world: World, person: str):
    client = client_of(world.people[person])
    for team in ("", world.other_team.pk, "no-such-team"):
        response = client.post(address("add", ProviderToken), form(world, team=team))
        assert set(errors(response)) == {"team"}
    assert client.post(address("add", ProviderToken), form(world, team=world.team.pk)).status_code == 302
    token = ProviderToken.objects.get(label="Main")
    assert (token.team, token.created_by) == (world.team, world.people[person])


def test_a_team_can_not_use_a_provider_that_is_off(world: World):
    world.provider.is_enabled = False
    world.provider.save()
    client = client_of(world.people["owner"])
    response = client.post(address("add", ProviderToken), form(world, team=world.team.pk))
    assert set(errors(response)) == {"provider"}


def test_the_teams_page_leads_to_a_token_for_it(world: World):
    client = client_of(world.people["owner"])
    path = f"{address('add', ProviderToken)}?team={world.team.pk}"
    assert path in client.get(address("change", world.rows[Team])).content.decode()
    assert f'value="{world.team.pk}" selected' in client.get(path).content.decode()

"""Pages of the admin cost the same few queries, however many rows they show."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from django.contrib import admin
from django.db import connection
from django.http import HttpRequest
from django.test import Client
from django.test.signals import template_rendered
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import strip_tags

from ai_studio import catalogue_sync
from ai_studio.models import Agent, Completion, Instructions, Library, Provider, ProviderToken, SavedPrompt, Team
from tests.factories import enable, join, make_agent, make_message, make_model, make_prompt, make_session, make_user
from tests.integration.admin_team_form import save, team_form
from tests.integration.admin_world import World, address, client_of, make_world
from tests.integration.libraries import make_document, make_library

pytestmark = pytest.mark.django_db

MOST = 31


@pytest.fixture
def world() -> World:
    return make_world()


def grow(world: World) -> None:
    for number in range(5):
        model = make_model(world.provider, model_id=f"model-{number}", display_name=f"Model {number}")
        enable(model, world.team, priority=number + 1)
        make_agent(world.team, model=model, library=make_library(world.team))
        make_document(world.rows[Library])
        make_prompt(world.team)
        user = make_user(f"Person{number}")
        join(user, world.team)
        make_message(make_session(user, team=world.team, model=model))
        Instructions.objects.create(level="user", user=user, text="Mine.")
        Completion.objects.create(user=user, team=world.team, model=model, requested_model="x")
        Provider.objects.create(name=f"Other {number}", provider_key="openai")
        for team in (world.team, world.other_team):
            ProviderToken.objects.create(provider=world.provider, team=team, fingerprint=f"{number}")


def queries(world: World, person: str, path: str) -> int:
    client = client_of(world.people[person])
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


def asking(world: World, person: str) -> HttpRequest:
    request = HttpRequest()
    request.user = world.people[person]
    return request


def special(world: World) -> list[str]:
    """Pages that show rows of many models."""
    agent, team = world.rows[Agent].pk, world.team.pk
    pages = [("agent_trial", agent), ("team_usable", team)]
    inspector = reverse("admin:ai_studio_inspector")
    chosen = urlencode({"a-team": team, "a-person": world.people["owner"].email, "a-agent": agent})
    return [inspector, f"{inspector}?{chosen}", *(reverse(f"admin:ai_studio_{name}", args=[pk]) for name, pk in pages)]


def of_the_platform(world: World) -> list[str]:
    provider = world.provider
    review = catalogue_sync.review(provider=provider, token=None, by=world.people["platform admin"])
    return [
        reverse("admin:ai_studio_provider_catalogue", args=[provider.pk]),
        reverse("admin:ai_studio_provider_review", args=[provider.pk, review.pk]),
        *(f"/admin/studio/{name}/" for name in ("settings", "transfer")),
    ]


@pytest.mark.parametrize("person", ["platform admin", "owner"])
def test_no_page_asks_for_each_row(world: World, person: str):
    teams_own = [Agent, Instructions, Library, ProviderToken, SavedPrompt, Team]
    models = list(admin.site._registry) if person == "platform admin" else teams_own
    rows = world.rows if person != "platform admin" else world.platform | world.rows
    paths = [address("changelist", model) for model in models]
    paths += [address(page, rows[model]) for model in models if model in rows for page in ("change", "history")]
    paths += [
        address("add", model)
        for model in models
        if admin.site._registry[model].has_add_permission(asking(world, person))
    ]
    paths += [reverse("admin:index"), *special(world)]
    paths += of_the_platform(world) if person == "platform admin" else []
    before = warm_queries(world, person, paths)
    grow(world)
    after = warm_queries(world, person, paths)
    assert after == before
    assert max(after.values()) <= MOST, after


def warm_queries(world: World, person: str, paths: list[str]) -> dict[str, int]:
    """The second time: what is remembered, such as content types and the configuration, is remembered by then."""
    for path in paths:
        queries(world, person, path)
    return {path: queries(world, person, path) for path in paths}


def test_a_row_of_a_team_s_models_is_one_template(world: World):
    """A table of a hundred models took most of a second, when each cell was made of several."""
    page, client = address("change", world.team), client_of(world.people["platform admin"])
    before = templates_of(client, page)
    rows = 5
    for number in range(rows):
        model = make_model(world.provider, model_id=f"model-{number}", display_name=f"Model {number}")
        enable(model, world.team, priority=number + 1)
    assert templates_of(client, page) - before == rows


def test_a_row_that_nobody_has_changed_costs_its_save_one_query(world: World):
    """Django's own, which looks for the row by its id."""
    before = queries_of_saving(world)
    for number in range(5):
        model = make_model(world.provider, model_id=f"model-{number}", display_name=f"Model {number}")
        enable(model, world.team, priority=number + 1)
    assert queries_of_saving(world) - before == 5


def queries_of_saving(world: World) -> int:
    form = team_form(world)
    client_of(world.people["owner"]).post(address("change", world.team), form)  # remembers what it can
    with CaptureQueriesContext(connection) as captured:
        assert save(world, "owner").status_code == 302
    return len(captured)


def test_what_would_fall_with_a_team_is_counted_without_reading_it(world: World):
    path = address("delete", world.team)
    client = client_of(world.people["platform admin"])
    with CaptureQueriesContext(connection) as captured:
        page = client.get(path).content.decode()
    assert "Messages: 1" in " ".join(strip_tags(page).split())
    assert not [query["sql"] for query in captured if '"chat_message"."parts"' in query["sql"]]


def templates_of(client: Client, path: str) -> int:
    """How many templates, included ones counted, are rendered for a page."""
    rendered: list[object] = []

    def note(template: object, **_: object) -> None:
        rendered.append(template)

    template_rendered.connect(note)
    try:
        assert client.get(path).status_code == 200
    finally:
        template_rendered.disconnect(note)
    return len(rendered)

"""Pages of the admin that show no rows of one model: who may open them, and with which method."""

from __future__ import annotations

import os

import pytest
from django.urls import reverse

from ai_studio import urls
from config import known_settings
from tests.integration.admin_world import World, client_of, make_world

pytestmark = pytest.mark.django_db

PEOPLE = ("platform admin", "owner", "team admin", "member", "stranger", "anonymous")
METHODS = {"studio:changes": {"get"}, "studio:transfer": {"get", "post"}, "studio:export": {"post"}}
SETTINGS = "admin:settings"


@pytest.fixture
def world() -> World:
    return make_world()


def test_the_table_names_every_page():
    assert {f"studio:{pattern.name}" for pattern in urls.urlpatterns} == set(METHODS)


@pytest.mark.parametrize("person", PEOPLE)
@pytest.mark.parametrize("page", METHODS)
def test_they_are_the_platform_admins_alone(world: World, person: str, page: str):
    client = client_of(world.people[person])
    for method in ("get", "post"):
        response = getattr(client, method)(reverse(page))
        if person in {"member", "anonymous"}:
            # The site's own door: those who administer nothing are asked to sign in, or refused there.
            assert response.status_code in {302, 403}
        elif person != "platform admin":
            assert response.status_code == (403 if method in METHODS[page] else 405)
        else:
            assert response.status_code == (200 if method in METHODS[page] else 405)


@pytest.mark.parametrize("person", ["platform admin", "owner"])
def test_the_sidebar_offers_them_to_those_who_may(world: World, person: str):
    content = client_of(world.people[person]).get(reverse("admin:index")).content.decode()
    for page in ("studio:changes", "studio:transfer", SETTINGS):
        assert (f'href="{reverse(page)}"' in content) == (person == "platform admin")


@pytest.mark.parametrize("person", PEOPLE)
def test_settings_are_the_platform_admins_alone(world: World, person: str):
    status = client_of(world.people[person]).get(reverse(SETTINGS)).status_code
    assert status == {"platform admin": 200, "member": 302, "anonymous": 302}.get(person, 403)


def test_settings_show_values_and_their_origin_and_no_secret(world: World, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("REDIS_URL", "redis://somebody:canary-of-redis@127.0.0.1:6379/0")
    monkeypatch.setenv("SENDS_PER_MINUTE", "77")
    content = client_of(world.people["platform admin"]).get(reverse(SETTINGS)).content.decode()
    for setting in known_settings.SETTINGS:
        assert setting.name in content
    assert "77" in content
    assert "redis://…@127.0.0.1:6379/0" in content
    for secret in ("canary-of-redis", os.environ["SECRET_KEY"], os.environ["TOKEN_KEYS"]):
        assert secret not in content

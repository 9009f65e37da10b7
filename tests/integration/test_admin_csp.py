from __future__ import annotations

import pytest
from django.test import Client

from ai_studio.models import Agent
from tests.integration.admin_world import address, client_of, make_world

pytestmark = pytest.mark.django_db


def policy(response) -> dict[str, set[str]]:
    directives = (directive.split() for directive in response.headers["Content-Security-Policy"].split(";"))
    return {name: set(sources) for name, *sources in directives}


@pytest.mark.parametrize("path", ["/accounts/login/", "/healthz", "/administration", "/admin", "/nowhere"])
def test_everything_but_the_admin_is_strict(path: str):
    found = policy(Client().get(path))
    assert found["default-src"] == {"'none'"}
    assert found["script-src"] == found["style-src"] == {"'self'"}
    assert found["frame-ancestors"] == {"'none'"}
    assert "'script'" in found["require-trusted-types-for"]
    assert not any("unsafe" in source for sources in found.values() for source in sources)


def test_the_page_is_strict_for_an_admin_too():
    world = make_world()
    found = policy(client_of(world.people["platform admin"]).get("/"))
    assert not any("unsafe" in source for sources in found.values() for source in sources)


@pytest.mark.parametrize("person", ["platform admin", "owner", "member", "anonymous"])
def test_the_admin_relaxes_what_its_theme_needs_and_nothing_else(person: str):
    world = make_world()
    found = policy(client_of(world.people[person]).get(address("changelist", Agent)))
    assert found["script-src"] == {"'self'", "'unsafe-eval'"}
    assert found["style-src"] == {"'self'", "'unsafe-inline'"}
    assert found["default-src"] == found["base-uri"] == found["frame-ancestors"] == {"'none'"}
    assert found["form-action"] == found["connect-src"] == found["font-src"] == {"'self'"}

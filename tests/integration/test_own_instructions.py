"""Own instructions on the settings page: what a model would be told, as much as the person may read of it."""

from __future__ import annotations

import pytest
from django.test import Client

from ai_studio.models import Instructions
from tests import factories
from tests.integration.rest import signed_in

pytestmark = pytest.mark.django_db(transaction=True)


def preview(client: Client, text: str, **others: str) -> str:
    body = {"form": "instructions", "instructions-text": text, "instructions-enabled": "on", "preview": "", **others}
    return client.post("/settings/", body).content.decode()


def test_one_s_own_instructions_are_shown_where_they_will_stand_and_not_saved(api, people, story):
    factories.make_agent(people.team)
    Instructions.objects.create(level="platform", text="The platform's secret.", safety="A secret rule.")
    Instructions.objects.create(level="team", text="The team's own.", team=people.team)
    page = preview(api, "Call me {user_name}. <b>")
    assert '<span class="own">Call me Alice. &lt;b&gt;</span>' in page
    assert "The team&#x27;s own." in page
    assert "[22 characters that are not yours to read]" in page
    assert "[14 characters that are not yours to read]" in page
    assert "secret" not in page
    assert api.get("/api/instructions").json() == {"text": "", "enabled": True}
    assert "Call me {user_name}. &lt;b&gt;</textarea>" in page


def test_a_preview_of_what_is_switched_off_or_of_nothing(api, people):
    assert "There are no" not in preview(api, "Verse.")
    off = api.post(
        "/settings/", {"form": "instructions", "instructions-text": "Verse.", "preview": ""}
    ).content.decode()
    assert 'class="own"' not in off
    alone = signed_in(factories.make_user("Nobody"))
    assert "you belong to no team yet" in preview(alone, "Verse.")

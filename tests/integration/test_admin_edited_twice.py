"""Two admins who edit the same row at the same time: nothing of either is overwritten unseen."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from ai_studio.models import LanguageModel, Provider, ProviderToken, SwitchRule, User
from tests.integration.admin_world import World, address, client_of, make_world

pytestmark = pytest.mark.django_db

EDITED = [
    (Provider, "name"),
    (LanguageModel, "display_name"),
    (ProviderToken, "label"),
    (SwitchRule, "model_pattern"),
    (User, "name"),
]


@pytest.fixture
def world() -> World:
    return make_world()


def form_of(response: Any) -> Any:
    return response.context["adminform"].form


def fields_of(response: Any) -> dict[str, Any]:
    """What the page would send, and of its tables nothing."""
    form = form_of(response)
    values = {name: form[name].value() for name in form.fields}
    tables = [table.formset.prefix for table in response.context["inline_admin_formsets"]]
    counts = {f"{prefix}-{name}": 0 for prefix in tables for name in ("TOTAL_FORMS", "INITIAL_FORMS")}
    return counts | {name: value for name, value in values.items() if value is not None and value is not False}


def row_of(world: World, model: Any) -> Any:
    return world.rows[User] if model is User else world.platform[model]


@pytest.mark.parametrize(("model", "name"), EDITED, ids=lambda value: getattr(value, "__name__", value))
def test_the_second_is_told_what_the_first_has_changed_and_then_decides(world: World, model: Any, name: str):
    row, client = row_of(world, model), client_of(world.people["platform admin"])
    page = address("change", row)
    mine = fields_of(client.get(page)) | {name: "mine"}
    setattr(row, name, "theirs")
    row.save()
    refused = client.post(page, mine)
    assert refused.status_code == 200
    assert "“theirs” meanwhile" in str(form_of(refused).errors[name])
    assert form_of(refused)[name].value() == "mine"
    row.refresh_from_db()
    assert getattr(row, name) == "theirs"
    assert client.post(page, fields_of(refused)).status_code == 302
    row.refresh_from_db()
    assert getattr(row, name) == "mine"


def test_what_only_the_first_has_changed_stays(world: World):
    row, client = row_of(world, LanguageModel), client_of(world.people["platform admin"])
    page = address("change", row)
    mine = fields_of(client.get(page)) | {"display_name": "mine"}
    row.input_price, row.parameters = Decimal("2.5"), {"temperature": 0.3}
    row.save()
    assert client.post(page, mine).status_code == 302
    row.refresh_from_db()
    assert (row.display_name, row.input_price, row.parameters) == ("mine", Decimal("2.5"), {"temperature": 0.3})


@pytest.mark.parametrize("opened", ["", "{", "[]"], ids=["nothing", "no JSON", "a list"])
def test_a_page_that_says_nothing_useful_of_what_it_showed(world: World, opened: str):
    client, row = client_of(world.people["platform admin"]), world.platform[Provider]
    page = address("change", row)
    fields = fields_of(client.get(page)) | {"opened": opened, "name": "mine"}
    row.base_url = "https://theirs.example.com/v1"
    row.save()
    assert client.post(page, fields).status_code == 302  # as a program posts that has seen no page
    row.refresh_from_db()
    assert row.name == "mine"


def test_a_change_of_one_alone_is_stored_at_once(world: World):
    client, row = client_of(world.people["platform admin"]), world.platform[Provider]
    page = address("change", row)
    fields = fields_of(client.get(page)) | {"name": "mine"}
    assert client.post(page, fields).status_code == 302

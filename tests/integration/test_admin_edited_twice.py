"""Two admins who edit the same row at the same time: nothing of either is overwritten unseen."""

from __future__ import annotations

import html
from decimal import Decimal
from typing import Any

import pytest

from ai_studio.models import LanguageModel, Membership, Provider, ProviderToken, SwitchRule, Team, TeamModel, User
from ai_studio.services import set_default_model
from tests.factories import enable, make_model
from tests.integration.admin_world import World, address, client_of, make_world

pytestmark = pytest.mark.django_db

EDITED = [
    (Provider, "name"),
    (LanguageModel, "display_name"),
    (ProviderToken, "label"),
    (SwitchRule, "model_pattern"),
    (User, "name"),
    (Team, "name"),
]


@pytest.fixture
def world() -> World:
    return make_world()


def form_of(response: Any) -> Any:
    return response.context["adminform"].form


def fields_of(response: Any) -> dict[str, Any]:
    """What the page would send, and of its tables nothing."""
    tables = [table.formset.prefix for table in response.context["inline_admin_formsets"]]
    counts = {f"{prefix}-{name}": 0 for prefix in tables for name in ("TOTAL_FORMS", "INITIAL_FORMS")}
    return counts | fields_of_form(form_of(response))


def fields_of_form(form: Any) -> dict[str, Any]:
    values = {form[name].html_name: form[name].value() for name in form.fields}
    return {name: value for name, value in values.items() if value is not None and value is not False}


def row_of(world: World, model: Any) -> Any:
    return {User: world.rows[User], Team: world.team}.get(model) or world.platform[model]


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


def test_what_only_the_first_has_changed_stays_also_where_both_changed_something_else(world: World):
    row, client = row_of(world, LanguageModel), client_of(world.people["platform admin"])
    page = address("change", row)
    mine = fields_of(client.get(page)) | {"display_name": "mine"}
    row.display_name, row.input_price = "theirs", Decimal("2.5")
    row.save()
    refused = client.post(page, mine)
    assert "“theirs” meanwhile" in str(form_of(refused).errors["display_name"])
    assert client.post(page, fields_of(refused)).status_code == 302
    row.refresh_from_db()
    assert (row.display_name, row.input_price) == ("mine", Decimal("2.5"))


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


class TestTables:
    """The rows of a team's page: each is looked at by itself."""

    def page_of(self, world: World) -> str:
        return address("change", world.team)

    def fields(self, response: Any) -> dict[str, Any]:
        formsets = [table.formset for table in response.context["inline_admin_formsets"]]
        forms = [form_of(response), *(formset.management_form for formset in formsets)]
        forms += [form for formset in formsets for form in formset.initial_forms]
        return {key: value for form in forms for key, value in fields_of_form(form).items()}

    def member(self, world: World) -> Membership:
        return world.team.memberships.get(user=world.people["member"])

    def role_field(self, response: Any, member: Membership) -> Any:
        (table,) = (t.formset for t in response.context["inline_admin_formsets"] if t.formset.model is Membership)
        (form,) = (form for form in table.initial_forms if form.instance.pk == member.pk)
        return form["role"]

    def test_a_role_that_both_change(self, world: World):
        client, member = client_of(world.people["platform admin"]), self.member(world)
        opened = client.get(self.page_of(world))
        mine = self.fields(opened) | {self.role_field(opened, member).html_name: "owner"}
        Membership.objects.filter(pk=member.pk).update(role="admin")
        refused = client.post(self.page_of(world), mine)
        assert "“admin” meanwhile" in str(self.role_field(refused, member).errors)
        assert "“admin” meanwhile" in html.unescape(refused.content.decode())
        assert self.member(world).role == "admin"
        assert client.post(self.page_of(world), self.fields(refused)).status_code == 302
        assert self.member(world).role == "owner"

    def test_a_role_that_the_other_alone_changed_stays(self, world: World):
        client, member = client_of(world.people["platform admin"]), self.member(world)
        mine = self.fields(client.get(self.page_of(world))) | {"name": "mine"}
        Membership.objects.filter(pk=member.pk).update(role="admin")
        assert client.post(self.page_of(world), mine).status_code == 302
        assert self.member(world).role == "admin"
        assert Team.objects.get(pk=world.team.pk).name == "mine"

    def test_the_limit_of_a_model_and_its_place(self, world: World):
        client, row = client_of(world.people["platform admin"]), world.team.team_models.get()
        mine = self.fields(client.get(self.page_of(world)))
        prefix = next(key.removesuffix("-priority") for key in mine if key.endswith("0-priority"))
        TeamModel.objects.filter(pk=row.pk).update(max_output_tokens=300, priority=4)
        refused = client.post(self.page_of(world), mine | {f"{prefix}-max_output_tokens": 200, f"{prefix}-priority": 7})
        shown = html.unescape(refused.content.decode())
        assert "“300” meanwhile" in shown
        assert "“4” meanwhile" in shown
        assert client.post(self.page_of(world), self.fields(refused)).status_code == 302
        row.refresh_from_db()
        assert (row.max_output_tokens, row.priority) == (200, 7)

    def test_two_defaults_that_two_people_chose_are_both_seen(self, world: World):
        client, before = client_of(world.people["platform admin"]), world.team.team_models.get(is_default=True)
        theirs, mine = (enable(make_model(world.provider, model_id=name), world.team) for name in ("theirs", "mine"))
        fields = self.fields(opened := client.get(self.page_of(world)))
        fields[self.default_field(opened, mine).html_name] = "on"
        del fields[self.default_field(opened, before).html_name]
        set_default_model(team=world.team, model=theirs.model)
        refused = client.post(self.page_of(world), fields)
        assert "A team has one default model" in html.unescape(refused.content.decode())
        assert [self.default_field(refused, row).value() for row in (before, theirs, mine)] == [False, True, True]
        fields = self.fields(refused)
        del fields[self.default_field(refused, theirs).html_name]
        assert client.post(self.page_of(world), fields).status_code == 302
        assert world.team.team_models.get(is_default=True) == mine

    def default_field(self, response: Any, row: TeamModel) -> Any:
        (table,) = (t.formset for t in response.context["inline_admin_formsets"] if t.formset.model is TeamModel)
        (form,) = (form for form in table.initial_forms if form.instance.pk == row.pk)
        return form["is_default"]

"""The members of a large team come in pages, each saved by itself; the rules hold across them."""

from __future__ import annotations

from typing import Any

import pytest

from ai_studio.admin.memberships import MembershipInline
from ai_studio.models import Membership
from tests.integration.admin_team_form import changed, faults, formset, membership, roles, team_form
from tests.integration.admin_world import World, address, client_of, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


def page_of_members(world: World, page: int, changes: dict[Any, Any], *, size: int) -> dict[str, object]:
    """The second page and later ones of a long table hold their own rows alone."""
    rows = [{"id": row.pk, "role": row.role} for row in world.team.memberships.order_by("created_at", "pk")]
    rows = rows[size * (page - 1) : size * page]
    form = team_form(world) | formset("memberships", changed(rows, changes), len(rows))
    return form | {"memberships-page": page}


class TestLongTable:
    """Adam and Alice on the first page, Bob on the second."""

    SIZE = 2

    @pytest.fixture(autouse=True)
    def _short_pages(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(MembershipInline, "per_page", self.SIZE)

    def post(self, world: World, page: int, changes: dict[Any, Any]) -> Any:
        form = page_of_members(world, page, changes, size=self.SIZE)
        return client_of(world.people["platform admin"]).post(address("change", world.team), form)

    def test_a_page_is_saved_by_itself(self, world: World):
        assert self.post(world, 2, {membership(world, "member").pk: {"role": "admin"}}).status_code == 302
        assert roles(world) == {"alice": "owner", "adam": "admin", "bob": "admin"}

    def test_an_owner_on_another_page_counts(self, world: World):
        Membership.objects.filter(pk=membership(world, "member").pk).update(role="owner")
        assert self.post(world, 2, {membership(world, "member").pk: {"DELETE": "on"}}).status_code == 302
        last = membership(world, "owner").pk
        assert "at least one owner" in faults(self.post(world, 1, {last: {"role": "member"}}))
        assert roles(world) == {"alice": "owner", "adam": "admin"}

    @pytest.mark.parametrize(("page", "email"), [(1, "bob@example.com"), (2, "ALICE@example.com")])
    def test_somebody_of_another_page_is_not_added_twice(self, world: World, page: int, email: str):
        assert "twice" in faults(self.post(world, page, {"new": {"email": email, "role": "member"}}))

    def test_the_page_leads_to_the_others(self, world: World):
        shown = client_of(world.people["owner"]).get(address("change", world.team), {"memberships-page": "2"})
        assert "bob@example.com" in shown.content.decode()
        assert "adam@example.com" not in shown.content.decode()
        assert "?memberships-page=1" in shown.content.decode()

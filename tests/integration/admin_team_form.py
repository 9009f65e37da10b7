"""A team's page, as the browser sends it, and what came of it."""

from __future__ import annotations

from typing import Any

from ai_studio.models import Membership
from tests.integration.admin_world import World, address, client_of


def team_form(
    world: World, *, members: dict[Any, Any] | None = None, models: dict[Any, Any] | None = None, **fields
) -> dict[str, object]:
    """The team's page as the browser sends it. `members` and `models`: changes by the row's id; `new`: a further row."""
    form: dict[str, object] = {"name": world.team.name, **formset("provider_tokens", [], 0)}
    rows = [{"id": row.pk, "role": row.role} for row in world.team.memberships.order_by("created_at")]
    form |= formset("memberships", changed(rows, members), len(rows))
    rows = [
        {"id": row.pk, "model": row.model_id, "priority": row.priority}
        | {name: "on" for name in ("is_enabled", "is_default") if getattr(row, name)}
        for row in world.team.team_models.order_by("priority", "model__display_name")
    ]
    return form | formset("team_models", changed(rows, models), len(rows)) | fields


def changed(rows: list[dict[str, Any]], changes: dict[Any, Any] | None) -> list[dict[str, Any]]:
    new = (changes or {}).pop("new", None)
    rows = [row | (changes or {}).get(row["id"], {}) for row in rows]
    return [
        {name: value for name, value in row.items() if value is not None} for row in [*rows, *([new] if new else [])]
    ]


def formset(prefix: str, rows: list[dict[str, Any]], initial: int) -> dict[str, object]:
    management = {f"{prefix}-TOTAL_FORMS": len(rows), f"{prefix}-INITIAL_FORMS": initial}
    return management | {f"{prefix}-{number}-{name}": row[name] for number, row in enumerate(rows) for name in row}


def save(world: World, person: str, **changes):
    return client_of(world.people[person]).post(address("change", world.team), team_form(world, **changes))


def faults(response) -> str:
    formsets = [each.formset for each in response.context["inline_admin_formsets"]]
    return str([formset.errors + formset.non_form_errors() for formset in formsets])


def membership(world: World, person: str) -> Membership:
    return Membership.objects.get(team=world.team, user=world.people[person])


def roles(world: World) -> dict[str, str]:
    return {row.user.email.partition("@")[0]: row.role for row in world.team.memberships.select_related("user")}

"""A person's preferences: read, and changed for all of their tabs and devices."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from channels.db import database_sync_to_async
from django.db import transaction

from ai_studio import gateway
from chat import doorbell, frames
from chat.errors import InvalidCommand, TeamNotFound
from chat.models import Preferences
from chat.presentation import named
from chat.services.sessions import require_usable

AUTOMATIC = Preferences.AUTOMATIC
DEFAULTS = {key: words[0] for key, words in Preferences.CHOICES.items()}


def appearance(user_id: str) -> dict[str, str]:
    """What does not depend on a team: a word for each key of `Preferences.CHOICES`. One query."""
    stored = Preferences.objects.filter(pk=user_id).values_list("values", flat=True).first() or {}
    # A word of another version of the program holds no more than none.
    return {key: stored[key] if stored.get(key) in words else words[0] for key, words in Preferences.CHOICES.items()}


def preferences_of(user_id: str) -> dict[str, Any]:
    """As clients see them. Two queries."""
    return {**appearance(user_id), "teams": [_team_json(one) for one in gateway.team_preferences(user_id)]}


async def change_preferences(*, user_id: str, changes: Mapping[str, str | None]) -> dict[str, Any]:
    """All preferences as they are then. `changes`: words by the keys of `Preferences.CHOICES`; `model` and `agent` (ids, or
    None) for new chats in `team`, the active one where it is not named.

    Raises InvalidCommand, TeamNotFound, ModelUnavailable, AgentUnavailable: then nothing is changed.
    """
    data = await database_sync_to_async(_change)(user_id, dict(changes))
    await doorbell.ring_frame(user_id, frames.preferences(data))
    return data


def _change(user_id: str, changes: dict[str, str | None]) -> dict[str, Any]:
    team_id = changes.pop("team", None) or gateway.active_team(user_id)
    preferred: dict[str, str | None] = {kind: changes.pop(kind) for kind in ("model", "agent") if kind in changes}
    if not changes and not preferred:
        raise InvalidCommand(detail=f"Say what is to change: {', '.join(DEFAULTS)}, model or agent.")
    for key, word in changes.items():
        if word not in Preferences.CHOICES.get(key, ()):
            raise InvalidCommand(detail=f"There is no preference `{key}` with this value.")
    with transaction.atomic():
        if preferred:
            _prefer(user_id, team_id, preferred)
        if changes:
            Preferences.objects.get_or_create(pk=user_id)
            row = Preferences.objects.select_for_update().get(pk=user_id)
            row.values = {**row.values, **changes}
            row.save(update_fields=["values"])
    return preferences_of(user_id)


def _prefer(user_id: str, team_id: str | None, preferred: dict[str, str | None]) -> None:
    found = (one for one in gateway.team_preferences(user_id) if one.team.pk == team_id)
    current = next(found, None)
    if current is None:
        raise TeamNotFound
    held = (current.model.pk if current.model else None, current.agent.pk if current.agent else None)
    require_usable(user_id, current.team.pk, preferred.get("model"), preferred.get("agent"), held=held)
    gateway.prefer(user_id, current.team.pk, **preferred)


def _team_json(one: gateway.TeamPreference) -> dict[str, Any]:
    return {
        "team": named(one.team.pk, one.team.name),
        "model": named(one.model.pk, one.model.display_name) if one.model else None,
        "agent": named(one.agent.pk, one.agent.name) if one.agent else None,
    }

"""What a legal hold keeps, as a condition on rows with a `team` and a `user`; and the foreign keys that respect it."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db.models import CASCADE, ForeignKey, ProtectedError, Q, QuerySet

HELD = Q(team__legal_holds__isnull=False) | Q(user__legal_holds__isnull=False)
NOT_HELD = Q(team__legal_holds=None, user__legal_holds=None)
"""Not `~HELD`, which would ask twice for each row."""


def cascade_unless_held(collector: Any, field: ForeignKey[Any, Any], rows: QuerySet[Any], using: str) -> None:
    """`on_delete` of a row that falls with its team or person: as CASCADE, unless a legal hold keeps it.

    Then the holds stand in the way of what the row hangs on, whoever deletes that: a held person's chat keeps the team that it
    was written in, and a held team's chat its author.
    """
    held = rows.filter(HELD)
    if held:
        LegalHold = apps.get_model("ai_studio", "LegalHold")
        named = Q(team__in=[row.team_id for row in held]) | Q(user__in=[row.user_id for row in held])
        raise ProtectedError("A legal hold keeps what hangs on this.", set(LegalHold._default_manager.filter(named)))
    CASCADE(collector, field, rows, using)

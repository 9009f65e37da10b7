"""What a legal hold keeps, as a condition on rows with a `team` and a `user`; and the foreign keys that respect it."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db.models import CASCADE, Exists, ForeignKey, Model, OuterRef, ProtectedError, Q, QuerySet


def held() -> Q:
    """Rows that a hold keeps. By subqueries: a join would lead through all teams and people to a handful of holds."""
    on_team, on_person = _on_team_and_person()
    return Q(on_team) | Q(on_person)


def not_held() -> Q:
    """All others. Not `~held()`: of two conditions PostgreSQL makes joins, of the negation of one it asks for each row."""
    on_team, on_person = _on_team_and_person()
    return Q(~on_team) & Q(~on_person)


def held_sessions() -> Q:
    """As `held`, of sessions: also those in which somebody wrote, as a guest, whom a hold keeps."""
    return held() | Q(pk__in=_of_held_guests())


def not_held_sessions() -> Q:
    return not_held() & ~Q(pk__in=_of_held_guests())


def cascade_unless_held(collector: Any, field: ForeignKey[Any, Any], rows: QuerySet[Any], using: str) -> None:
    """`on_delete` of a row that falls with its team or person: as CASCADE, unless a legal hold keeps it.

    Then the holds stand in the way of what the row hangs on, whoever deletes that: a held person's chat keeps the team that it
    was written in, and a held team's chat its author.
    """
    is_session = rows.model is apps.get_model("chat", "Session")
    kept = rows.filter(held_sessions() if is_session else held())
    if kept:
        guests = _messages().filter(session__in=kept).exclude(author=None).values("author") if is_session else []
        named = (
            Q(team__in=[row.team_id for row in kept]) | Q(user__in=[row.user_id for row in kept]) | Q(user__in=guests)
        )
        raise ProtectedError("A legal hold keeps what hangs on this.", set(_holds().filter(named)))
    CASCADE(collector, field, rows, using)


def _on_team_and_person() -> tuple[Exists, Exists]:
    return Exists(_holds().filter(team=OuterRef("team_id"))), Exists(_holds().filter(user=OuterRef("user_id")))


def _of_held_guests() -> QuerySet[Model, Any]:
    return _messages().filter(author__in=_holds().exclude(user=None).values("user")).values("session")


def _messages() -> QuerySet[Model]:
    return apps.get_model("chat", "Message")._default_manager.all()


def _holds() -> QuerySet[Model]:
    return apps.get_model("ai_studio", "LegalHold")._default_manager.all()

"""Purges, and rows that are as old as a test wants them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from asgiref.sync import async_to_sync
from django.db import connection
from django.utils import timezone

from ai_studio.ids import new_id
from ai_studio.models import LegalHold, Team, User
from chat import services
from chat.models import Generation, Session
from tests import factories


def purge() -> Mapping[str, int]:
    return async_to_sync(services.purge_now)()


def aged(session: Session, **age: float) -> Session:
    """Nothing has happened in it for so long (`days`, `hours`)."""
    Session.objects.filter(pk=session.pk).update(updated_at=timezone.now() - timedelta(**age))
    return session


def deleted(session: Session, **age: float) -> Session:
    """Its owner has deleted it so long ago."""
    Session.objects.filter(pk=session.pk).update(deleted_at=timezone.now() - timedelta(**age))
    return session


def keep_for(team: Team, days: int | None) -> None:
    team.retention_days = days
    team.save(update_fields=["retention_days"])


def hold(subject: Team | User, reason: str = "Case 12") -> LegalHold:
    on = {"team": subject} if isinstance(subject, Team) else {"user": subject}
    return LegalHold.objects.create(**on, reason=reason, placed_by="root@example.com")


def answer(session: Session, **fields: Any) -> Generation:
    """At the end of the session; completed, unless `status` says otherwise."""
    message = factories.make_message(session, "An answer", role="assistant")
    fields = {"status": "completed", "user": session.user} | fields
    return Generation.objects.create(id=new_id(), session=session, message=message, **fields)


def left() -> set[str]:
    """The ids of all sessions in the database."""
    return set(Session.objects.values_list("pk", flat=True))


def in_thread(work: Callable[[], Any], results: list[Any]) -> threading.Thread:
    """Started, on a connection of its own; what `work` gives or raises is added to `results`."""

    def run() -> None:
        try:
            results.append(work())
        except Exception as error:
            results.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread

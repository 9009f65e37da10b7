"""Whose time is over: the rules of how long chats are kept. Reads only; `chat.services.purging` deletes.

The last activity of a session is `updated_at`, or the end of an answer that came after it. All times are the database's.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from django.conf import settings
from django.db.models import DurationField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet
from django.db.models.expressions import Combinable
from django.db.models.functions import Now

from chat.models import Folder, Generation, Session, held, held_sessions, not_held, not_held_sessions


def due() -> Mapping[str, QuerySet[Session]]:
    """Sessions whose time is over, by the rule that says so, also those that can't go yet (`removable`)."""
    temporary = Session.objects.filter(is_temporary=True)
    retained = Session.objects.filter(team__retention_days__isnull=False)
    return {
        "erased": Session.objects.filter(erased_at__isnull=False),
        "deleted": Session.objects.filter(deleted_at__lt=Now() - timedelta(days=settings.DELETED_KEPT_DAYS)),
        "temporary": _idle(temporary, longer_than=timedelta(hours=settings.TEMPORARY_KEPT_HOURS)),
        "retention": _idle(retained, longer_than=_as_its_team_keeps()),
    }


def older_than(team_id: str, days: int) -> QuerySet[Session]:
    """What a retention of so many days would delete of a team now."""
    return removable(_idle(Session.objects.filter(team_id=team_id), longer_than=timedelta(days=days)))


def removable(sessions: QuerySet[Session]) -> QuerySet[Session]:
    """Without those that a legal hold keeps, and those in which an answer is being written."""
    running = Generation.objects.active().filter(session=OuterRef("pk"))
    return sessions.filter(not_held_sessions(), ~Exists(running))


def removable_folders() -> QuerySet[Folder]:
    return Folder.objects.filter(not_held(), erased_at__isnull=False)


def keeps_something_of(user_id: str) -> bool:
    """Whether a legal hold keeps any chat or folder of a person."""
    own = Session.objects.filter(held_sessions(), user_id=user_id)
    return own.exists() or Folder.objects.filter(held(), user_id=user_id).exists()


def own_and_held(user_id: str) -> QuerySet[Session]:
    """One's own sessions that are still there, and those of others that a hold keeps."""
    return Session.objects.filter(Q(user_id=user_id) | held_sessions())


def _idle(sessions: QuerySet[Session], *, longer_than: timedelta | Combinable) -> QuerySet[Session]:
    """Those in which nothing has happened for that long; of a `Combinable`, from a session's point of view."""
    until = Now() - longer_than
    ended_later = Exists(Generation.objects.filter(session=OuterRef("pk"), finished_at__gte=OuterRef("until_")))
    return sessions.annotate(until_=until).filter(~ended_later, updated_at__lt=until)


def _as_its_team_keeps() -> Combinable:
    return ExpressionWrapper(F("team__retention_days") * timedelta(days=1), output_field=DurationField())

"""Who may see a session. Every door asks here, most of them through `chat.selectors`: what somebody may not see is absent.

A session belongs to its owner, who keeps it in order, shares and deletes it. Guests (`Participant`) write in it as its owner does.
Either is a member of its team, or sees nothing of it.
"""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from chat.models import Participant, Session


def sessions_of(user_id: str) -> QuerySet[Session]:
    """What belongs to somebody: its owner's, while a member of its team, until it is deleted."""
    return Session.objects.filter(user_id=user_id, team__memberships__user_id=user_id, deleted_at=None)


def listed_sessions_of(user_id: str) -> QuerySet[Session]:
    """What folders, tags and exports know: all of one's own but temporary ones."""
    return sessions_of(user_id).filter(is_temporary=False)


def joined_sessions_of(user_id: str) -> QuerySet[Session]:
    """Those of others in which somebody is a guest."""
    return Session.objects.filter(
        participants__user_id=user_id, team__memberships__user_id=user_id, deleted_at=None, is_temporary=False
    )


def open_sessions_of(user_id: str) -> QuerySet[Session]:
    """In which somebody reads and writes: their own, and those in which they are a guest."""
    guest = Exists(Participant.objects.filter(session=OuterRef("pk"), user_id=user_id))
    mine = Q(user_id=user_id) | (Q(is_joint=True) & guest)
    return Session.objects.filter(mine, team__memberships__user_id=user_id, deleted_at=None)


def searched_sessions_of(user_id: str) -> QuerySet[Session]:
    """All that lists show. With the guest's few named by their ids: most are guests nowhere, and have one condition less."""
    joined = list(joined_sessions_of(user_id).values_list("pk", flat=True))
    if not joined:
        return listed_sessions_of(user_id)
    mine = Q(user_id=user_id) | Q(pk__in=joined)
    return Session.objects.filter(mine, team__memberships__user_id=user_id, deleted_at=None, is_temporary=False)


def guests_by_session(sessions: Collection[str] | QuerySet[Session]) -> dict[str, list[str]]:
    """The ids of their guests, those in a moment without access too; none of a session that has none."""
    guests: dict[str, list[str]] = {}
    rows = Participant.objects.filter(session__in=sessions, session__is_joint=True)
    for session_id, user_id in rows.values_list("session_id", "user_id"):
        guests.setdefault(session_id, []).append(user_id)
    return guests


def guests_of(session_id: str) -> list[Participant]:
    """Those who may open it now: of its team, and not disabled."""
    guests = Participant.objects.filter(session_id=session_id, user__is_active=True)
    return list(guests.filter(session__team__memberships__user_id=F("user_id")).order_by("added_at", "pk"))

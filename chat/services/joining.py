"""Who writes in a session beside its owner: shown, added, taken out."""

from __future__ import annotations

from typing import Any

from channels.db import database_sync_to_async
from django.db import transaction

from ai_studio import gateway
from chat import audience, selectors
from chat.errors import SessionNotFound, TemporarySession
from chat.models import Draft, Participant, Session
from chat.people_errors import PersonNotFound, TooManyPeople
from chat.presentation import session_json

MOST_PEOPLE = 50


def people(user_id: str, session_id: str) -> dict[str, Any]:
    """`{"people", "colleagues"}`: its owner and the guests, as they were added, also such as have left the team; and for its owner, who could be one.

    Raises SessionNotFound.
    """
    session = selectors.get_session(user_id, session_id)
    guests = session.participants.select_related("user").order_by("added_at", "pk")
    inside = [session.user, *(guest.user for guest in guests)]
    shown = [{**_json(gateway.colleagues.of(one)), "owner": one.pk == session.user_id} for one in inside]
    if session.user_id != user_id:
        return {"people": shown, "colleagues": []}
    known = {one.pk for one in inside}
    outside = [one for one in gateway.colleagues.of_team(session.team_id) if one.id not in known]
    return {"people": shown, "colleagues": list(map(_json, outside))}


async def add_person(*, user_id: str, session_id: str, person_id: str) -> dict[str, Any]:
    """From now on they read all of it, and write in it. Adding somebody again changes nothing. What `people` gives.

    Raises SessionNotFound, TemporarySession, PersonNotFound, TooManyPeople.
    """
    data = await database_sync_to_async(_add)(user_id, session_id, person_id)
    await audience.ring_session(data)
    return await database_sync_to_async(people)(user_id, session_id)


async def remove_person(*, user_id: str, session_id: str, person_id: str) -> None:
    """Its owner takes out whom they want; a guest leaves. What they wrote stays. Raises SessionNotFound, PersonNotFound."""
    data = await database_sync_to_async(_remove)(user_id, session_id, person_id)
    await audience.ring_gone([person_id], session_id)
    await audience.ring_session(data)


async def leave_everything(user_id: str) -> None:
    """Takes a guest out wherever they are one, in deleted sessions and those of former teams too."""
    for session_id, data in await database_sync_to_async(_leave)(user_id):
        await audience.ring_gone([user_id], session_id)
        if data is not None:
            await audience.ring_session(data)


def _leave(user_id: str) -> list[tuple[str, dict[str, Any] | None]]:
    """The ids of the sessions, with the JSON of those that are not deleted."""
    with transaction.atomic():
        own = Participant.objects.filter(user_id=user_id)
        left = list(own.values_list("session_id", flat=True))
        own.delete()
        Draft.objects.filter(session__in=left, user_id=user_id).delete()
    found = [(session_id, selectors.session_of_answer(session_id)) for session_id in left]
    return [(session_id, session_json(session, running=None) if session else None) for session_id, session in found]


def _add(user_id: str, session_id: str, person_id: str) -> dict[str, Any]:
    session = selectors.get_own_session(user_id, session_id)
    if session.is_temporary:
        raise TemporarySession
    if person_id == user_id or gateway.colleagues.in_team(session.team_id, person_id) is None:
        raise PersonNotFound
    with transaction.atomic():
        _hold(session_id)
        if session.participants.exclude(user_id=person_id).count() >= MOST_PEOPLE:
            raise TooManyPeople
        Participant.objects.get_or_create(session=session, user_id=person_id)
        Session.objects.filter(pk=session_id).update(is_joint=True)
    return _shown(session_id)


def _remove(user_id: str, session_id: str, person_id: str) -> dict[str, Any]:
    session = selectors.get_session(user_id, session_id)
    if user_id not in (session.user_id, person_id):
        raise PersonNotFound
    with transaction.atomic():
        _hold(session_id)
        removed, _ = session.participants.filter(user_id=person_id).delete()
        if not removed:
            raise PersonNotFound
        Draft.objects.filter(session=session, user_id=person_id).delete()
    return _shown(session_id)


def _hold(session_id: str) -> None:
    """Until the end of the transaction: of two that add and take out at one moment each says truly whether anybody is left.

    Raises SessionNotFound: it was deleted since it was looked up.
    """
    if not Session.objects.select_for_update().only("pk").filter(pk=session_id, deleted_at=None):
        raise SessionNotFound


def _shown(session_id: str) -> dict[str, Any]:
    session = selectors.session_of_answer(session_id)
    if session is None:
        raise SessionNotFound
    return session_json(session, running=selectors.running_in([session_id]).get(session_id))


def _json(colleague: gateway.colleagues.Colleague) -> dict[str, str]:
    return {"id": colleague.id, "name": colleague.name, "email": colleague.email}

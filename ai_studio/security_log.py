"""The one way into the security log."""

from __future__ import annotations

from django.db.models import Model
from django.http import HttpRequest

from ai_studio.acting import acting_user, client_address, current_request
from ai_studio.models import SecurityEvent, Team, User

Event = SecurityEvent.Event


def record(
    event: Event,
    *,
    subject: Model | str = "",
    team: Team | None = None,
    by: User | None = None,
    request: HttpRequest | None = None,
    **details: str | float | bool | list[str] | None,
) -> SecurityEvent:
    """Adds a line: in the transaction that is open, so that what is undone was not done.

    `by` and `request` are those of the request that is being answered unless others are given. `subject`: what was acted
    on; of a row its name and id are kept. `details` never hold a secret: names, codes and numbers.
    """
    request = request or current_request()
    actor = by or acting_user()
    named, subject_id = (str(subject), str(subject.pk)) if isinstance(subject, Model) else (subject, "")
    return SecurityEvent.objects.create(
        event=event,
        actor_id=actor.pk if actor else "",
        actor=actor.email if actor else "",
        team_id=team.pk if team else "",
        team=team.name if team else "",
        subject_id=subject_id[:64],
        subject=named[:300],
        details=details,
        address=client_address(request),
    )

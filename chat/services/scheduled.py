"""Runs scheduled prompts. Every process does; each run is one process's.

A run has one id, made of the schedule and the time that it was due: it is that of the chat and of its first message. So a run
that another process began, and did not live to write down, is found as it is, and nothing is asked twice.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from datetime import datetime, timedelta
from typing import Any

from channels.db import database_sync_to_async
from django.conf import settings
from django.db import Error as DatabaseFailure
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from chat.draining import drain
from chat.errors import ChatError, IdTaken, InternalError
from chat.models import Schedule, Session
from chat.services.answers import send_message
from chat.services.schedules import recurrence_of
from chat.services.sessions import NewSession, add_session

logger = logging.getLogger(__name__)

LOOK_SECONDS = 5.0
AT_ONCE = 5
"""Claimed by one process at a time: what is due at nine o'clock is shared by all."""
CLAIMED_SECONDS = 60.0
"""After that, who claimed it is taken for gone."""


async def keep_schedules() -> None:
    """Without end."""
    while True:
        try:
            while await run_due() == AT_ONCE:
                pass
        except DatabaseFailure:
            logger.exception("Scheduled prompts could not be looked for; the next round tries again")
        await asyncio.sleep(LOOK_SECONDS)


async def run_due() -> int:
    """Runs what is due and no other process's by now, some of it. How much that was.

    What was due while nothing ran is done once, however often it was due.
    """
    if drain.is_draining:
        return 0
    due = await database_sync_to_async(_claim)()
    for schedule in due:
        await _run(schedule)
    return len(due)


def _claim() -> list[Schedule]:
    if not settings.SCHEDULES_PER_PERSON:
        return []
    now = timezone.now()
    free = Q(claimed_at=None) | Q(claimed_at__lt=now - timedelta(seconds=CLAIMED_SECONDS))
    # As `selectors.schedules_of` has it, for everybody.
    members = Schedule.objects.filter(team__memberships__user_id=F("user_id"), user__is_active=True)
    due = members.filter(free, next_at__lte=now).order_by("next_at")
    if not due.exists():  # nearly always: it takes no lock
        return []
    with transaction.atomic():
        found = list(due.select_for_update(skip_locked=True, of=("self",))[:AT_ONCE])
        Schedule.objects.filter(pk__in=[schedule.pk for schedule in found]).update(claimed_at=now)
    return found


async def _run(schedule: Schedule) -> None:
    assert schedule.next_at is not None
    user_id, run_id = str(schedule.user_id), _run_id(schedule.pk, schedule.next_at)
    error: ChatError | None = None
    try:
        await database_sync_to_async(_add_session)(user_id, run_id, schedule)
        await send_message(user_id=user_id, session_id=run_id, parent_id=None, text=schedule.prompt, client_id=run_id)
    except IdTaken:
        pass  # it ran, and its owner has deleted the chat since
    except ChatError as refused:
        if refused.retryable:  # too much at once, or this process leaves: it stays claimed, and is tried again
            return
        error = refused
    except DatabaseFailure:
        raise
    except Exception:
        logger.exception("A scheduled prompt ended with a fault", extra={"schedule": schedule.pk})
        error = InternalError()
    await database_sync_to_async(_write_down)(schedule, run_id, error)


def _run_id(schedule_id: str, due_at: datetime) -> str:
    return "run-" + hashlib.sha256(f"{schedule_id} {due_at.timestamp()}".encode()).hexdigest()[:32]


def _add_session(user_id: str, run_id: str, schedule: Schedule) -> None:
    """No tab is told before its first message is there: it may be refused."""
    wanted = NewSession(
        run_id,
        schedule.model_id,
        schedule.agent_id,
        folder_id=schedule.folder_id,
        team_id=str(schedule.team_id),
        title=schedule.name,
    )
    add_session(user_id, wanted)


def _write_down(schedule: Schedule, run_id: str, error: ChatError | None) -> None:
    """Unless it was changed or run meanwhile. A chat in which nothing could be asked goes."""
    now = timezone.now()
    next_at = recurrence_of(schedule).next_after(now) if schedule.is_on else None
    if error is not None:
        Session.objects.filter(pk=run_id, user_id=schedule.user_id, leaf=None).delete()
    session = Session.objects.filter(pk=run_id, user_id=schedule.user_id).first()
    written: dict[str, Any] = {"ran_at": now, "session": session, "error": error.as_json() if error else None}
    with transaction.atomic():
        found = Schedule.objects.select_for_update().filter(pk=schedule.pk)
        found.filter(next_at=schedule.next_at).update(next_at=next_at, claimed_at=None, is_on=next_at is not None)
        found.update(**written)

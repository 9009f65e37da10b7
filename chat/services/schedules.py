"""Scheduled prompts, as a person reads, writes and deletes their own. Who runs them: `chat.services.scheduled`. Synchronous."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import available_timezones

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from ai_studio import gateway
from chat import selectors
from chat.errors import FolderNotFound, InvalidCommand, MessageTooLong, NoTeam
from chat.ids import is_well_formed
from chat.models import Schedule
from chat.presentation import schedule_json
from chat.recurrence import Recurrence
from chat.schedule_errors import ScheduleIsPast, ScheduleNotFound, TooManySchedules
from chat.services.sessions import require_usable

NAME_CHARACTERS = 100
LAST_MONTH_DAY = 31

WRITTEN = ("name", "prompt", "model", "agent", "folder", "at", "zone", "weekdays", "month_day", "day")
AIMED = ("is_on", "next_at", "claimed_at")
"""When it comes next, and whether."""


Named = tuple[tuple[str, str], ...]
"""Ids with names, as a form takes them."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What the person may use in a team."""

    models: Named
    agents: Named
    folders: Named


@dataclass(frozen=True, slots=True)
class Content:
    """What a person says of one. `folder_id` is of the same team; the chats that it begins lie there."""

    name: str
    prompt: str
    recurrence: Recurrence
    model_id: str | None = None
    agent_id: str | None = None
    folder_id: str | None = None
    is_on: bool = True


def schedules_of(user_id: str) -> QuerySet[Schedule]:
    """All of them, the next to run first, and those that are off last. With the chat of the last run, if it is still shown."""
    found = selectors.schedules_of(user_id).select_related("team", "model", "agent", "folder", "session")
    return found.order_by(F("next_at").asc(nulls_last=True), "created_at", "pk")


def get_schedule(user_id: str, schedule_id: str) -> Schedule:
    """Raises ScheduleNotFound."""
    found = schedules_of(user_id).filter(pk=schedule_id).first() if is_well_formed(schedule_id) else None
    if found is None:
        raise ScheduleNotFound
    return found


def schedules_json(user_id: str) -> list[dict[str, Any]]:
    return [schedule_json(schedule) for schedule in schedules_of(user_id)]


def add_schedule(user_id: str, content: Content) -> Schedule:
    """In the team that the person works in now. Raises NoTeam, TooManySchedules, and what `change_schedule` raises."""
    team_id = gateway.active_team(user_id)
    if team_id is None:
        raise NoTeam
    schedule = Schedule(user_id=user_id, team_id=team_id)
    _fill(schedule, content)
    with transaction.atomic():
        # Whoever adds another one at this moment waits here, and counts after that: there are never more.
        list(get_user_model().objects.select_for_update(no_key=True).filter(pk=user_id).values_list("pk"))
        if Schedule.objects.filter(user_id=user_id).count() >= settings.SCHEDULES_PER_PERSON:
            raise TooManySchedules
        schedule.save(force_insert=True)
    return get_schedule(user_id, schedule.pk)


def change_schedule(user_id: str, schedule_id: str, content: Content) -> Schedule:
    """Raises ScheduleNotFound, InvalidCommand, ScheduleIsPast, MessageTooLong, ModelUnavailable, AgentUnavailable, FolderNotFound."""
    schedule = get_schedule(user_id, schedule_id)
    _fill(schedule, content)
    schedule.save(update_fields=[*WRITTEN, *AIMED])  # a run may be writing down how it went
    return get_schedule(user_id, schedule.pk)


def switch_schedule(user_id: str, schedule_id: str, *, on: bool) -> Schedule:
    """What would have come while it was off does not come later. Raises ScheduleNotFound, ScheduleIsPast."""
    schedule = get_schedule(user_id, schedule_id)
    schedule.is_on = on
    _aim(schedule)
    schedule.save(update_fields=AIMED)
    return schedule


def switch_off(schedule_ids: Sequence[str]) -> int:
    """For who has authorized it: whosever they are. How many were on."""
    on = Schedule.objects.filter(pk__in=schedule_ids, is_on=True)
    return on.update(is_on=False, next_at=None, claimed_at=None)


def run_schedule(user_id: str, schedule_id: str) -> Schedule:
    """Lets it run as soon as a process looks (`scheduled.LOOK_SECONDS`), also one that is off. Raises ScheduleNotFound."""
    schedule = get_schedule(user_id, schedule_id)
    schedule.next_at, schedule.claimed_at = timezone.now(), None
    schedule.save(update_fields=["next_at", "claimed_at"])
    return schedule


def delete_schedule(user_id: str, schedule_id: str) -> None:
    """The chats that it has begun stay. Raises ScheduleNotFound."""
    get_schedule(user_id, schedule_id).delete()


def choices(user_id: str, team_id: str | None) -> Choices:
    """`team_id`: None for the one that the person works in now. Nothing for somebody without a team."""
    wanted = team_id or gateway.active_team(user_id)
    team = next((one for one in gateway.team_choices(user_id) if str(one.preference.team.pk) == wanted), None)
    if team is None:
        return Choices((), (), ())
    folders = selectors.folders_of(user_id).filter(team_id=wanted).values_list("pk", "name")
    return Choices(team.models, team.agents, tuple(folders))


def recurrence_of(schedule: Schedule) -> Recurrence:
    return Recurrence(
        schedule.at, schedule.zone, frozenset(schedule.weekdays), month_day=schedule.month_day, day=schedule.day
    )


def _fill(schedule: Schedule, content: Content) -> None:
    _require_sound(content)
    held = (schedule.model_id, schedule.agent_id)
    require_usable(str(schedule.user_id), str(schedule.team_id), content.model_id, content.agent_id, held=held)
    if content.folder_id is not None and content.folder_id != schedule.folder_id:
        folder = selectors.get_folder(str(schedule.user_id), content.folder_id)
        if folder.team_id != schedule.team_id:
            raise FolderNotFound("This folder belongs to another team than the chat.")
    schedule.name, schedule.prompt = content.name.strip(), content.prompt
    schedule.model_id, schedule.agent_id, schedule.folder_id = content.model_id, content.agent_id, content.folder_id
    recurrence = content.recurrence
    schedule.at, schedule.zone = recurrence.at, recurrence.zone
    schedule.weekdays, schedule.month_day, schedule.day = (
        sorted(recurrence.weekdays),
        recurrence.month_day,
        recurrence.day,
    )
    schedule.is_on = content.is_on
    _aim(schedule)


def _aim(schedule: Schedule) -> None:
    """Raises ScheduleIsPast."""
    schedule.next_at = recurrence_of(schedule).next_after(timezone.now()) if schedule.is_on else None
    schedule.claimed_at = None
    if schedule.is_on and schedule.next_at is None:
        raise ScheduleIsPast


def _require_sound(content: Content) -> None:
    """Raises InvalidCommand, MessageTooLong."""
    if not 1 <= len(content.name.strip()) <= NAME_CHARACTERS:
        raise InvalidCommand("A name has 1 to {limit} characters.", {"limit": NAME_CHARACTERS})
    if not content.prompt.strip():
        raise InvalidCommand("Write what is to be asked.")
    if len(content.prompt) > settings.MESSAGE_MAX_CHARACTERS:
        values = {"length": len(content.prompt), "limit": settings.MESSAGE_MAX_CHARACTERS}
        raise MessageTooLong(
            "The message has {length} characters; {limit} are allowed. Shorten it, or split it.", values
        )
    _require_recurring(content.recurrence)


def _require_recurring(recurrence: Recurrence) -> None:
    if recurrence.zone not in available_timezones():
        raise InvalidCommand("This time zone is not known.", detail="`zone` must be a name of the IANA.")
    given: Sequence[object] = [recurrence.weekdays or None, recurrence.month_day, recurrence.day]
    if sum(one is not None for one in given) != 1:
        raise InvalidCommand(
            "Choose on which days.", detail="Exactly one of `weekdays`, `month_day` and `day` must be given."
        )
    if not recurrence.weekdays <= frozenset(range(1, 8)):
        raise InvalidCommand("Choose on which days.", detail="`weekdays` are numbers from 1, Monday, to 7.")
    if recurrence.month_day is not None and not 1 <= recurrence.month_day <= LAST_MONTH_DAY:
        raise InvalidCommand("A day of the month is from 1 to 31.")

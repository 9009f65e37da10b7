"""One's own scheduled prompts: pages to list and write them, which need no script."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from chat import errors
from chat.errors import ChatError
from chat.models import Schedule
from chat.schedule_errors import ScheduleIsPast, ScheduleNotFound, TooManySchedules
from chat.schedule_form import ScheduleForm, days_in_words
from chat.services import schedules

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise

REFUSED: Mapping[str, StrPromise] = {
    errors.ModelUnavailable.code: gettext_lazy("Its model can't be used now. Choose another one."),
    errors.AgentUnavailable.code: gettext_lazy("Its agent can't be used any more. Choose another one, or none."),
    errors.NoModelAvailable.code: gettext_lazy("No model of the team can answer now."),
    errors.NoTeam.code: gettext_lazy("You are in no team yet."),
    errors.MessageTooLong.code: gettext_lazy("What is asked is too long. Shorten it."),
    ScheduleIsPast.code: gettext_lazy("This time is past. Choose a later one."),
    TooManySchedules.code: gettext_lazy("You have as many as there can be. Delete one first."),
}
FAILED = gettext_lazy("It could not be asked, for a reason on our side. It is asked again when it comes next.")


@require_safe
@login_required
@cache_control(private=True, no_store=True)
def listed(request: HttpRequest) -> HttpResponse:
    rows = []
    for schedule in schedules.schedules_of(str(request.user.pk)):
        session = schedule.session if schedule.session and schedule.session.deleted_at is None else None
        shown = {"days": days_in_words(schedule), "zone": schedule.zone.replace("_", " ")}
        rows.append({"schedule": schedule, "session": session, "why": _why(schedule), **shown})
    is_full = len(rows) >= settings.SCHEDULES_PER_PERSON
    return render(request, "chat/schedules.html", {"rows": rows, "is_full": is_full})


@require_http_methods(["GET", "POST"])
@login_required
@cache_control(private=True, no_store=True)
def write(request: HttpRequest, schedule_id: str | None = None) -> HttpResponseBase:
    """A new one, or the one of this id anew. Somebody else's is answered like one that does not exist."""
    user_id = str(request.user.pk)
    schedule = None if schedule_id is None else _schedule(user_id, schedule_id)
    choices = schedules.choices(user_id, str(schedule.team_id) if schedule else None)
    form = ScheduleForm(request.POST or None, choices=choices, schedule=schedule)
    if form.is_valid():
        try:
            if schedule is None:
                schedules.add_schedule(user_id, form.content(is_on=True))
            else:
                schedules.change_schedule(user_id, schedule.pk, form.content(is_on=schedule.is_on))
        except ScheduleNotFound as error:
            raise Http404 from error
        except ChatError as error:
            form.add_error("day" if isinstance(error, ScheduleIsPast) else None, REFUSED.get(error.code, FAILED))
        else:
            return _back(request, _("It is saved."))
    return render(request, "chat/schedule.html", {"form": form, "schedule": schedule})


@require_POST
@login_required
def switch(request: HttpRequest, schedule_id: str) -> HttpResponseBase:
    on = request.POST.get("on") == "true"
    try:
        schedule = schedules.switch_schedule(str(request.user.pk), schedule_id, on=on)
    except ScheduleNotFound as error:
        raise Http404 from error
    except ScheduleIsPast as error:
        return _back(request, str(REFUSED[error.code]), messages.ERROR)
    told = _('"%(name)s" is on.') if on else _('"%(name)s" is off. It asks nothing until you switch it on again.')
    return _back(request, told % {"name": schedule.name})


@require_POST
@login_required
def run(request: HttpRequest, schedule_id: str) -> HttpResponseBase:
    try:
        schedule = schedules.run_schedule(str(request.user.pk), schedule_id)
    except ScheduleNotFound as error:
        raise Http404 from error
    return _back(request, _('"%(name)s" is asked within a few seconds, in a new chat.') % {"name": schedule.name})


@require_POST
@login_required
def delete(request: HttpRequest, schedule_id: str) -> HttpResponseBase:
    try:
        schedules.delete_schedule(str(request.user.pk), schedule_id)
    except ScheduleNotFound as error:
        raise Http404 from error
    return _back(request, _("It is deleted. Its chats stay."))


def _schedule(user_id: str, schedule_id: str) -> Schedule:
    try:
        return schedules.get_schedule(user_id, schedule_id)
    except ScheduleNotFound as error:
        raise Http404 from error


def _why(schedule: Schedule) -> str:
    """Why the last run was none."""
    return str(REFUSED.get(schedule.error["code"], FAILED)) if schedule.error else ""


def _back(request: HttpRequest, text: str, level: int = messages.SUCCESS) -> HttpResponseBase:
    messages.add_message(request, level, text)
    return redirect("chat:schedules")

"""The form of a scheduled prompt."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from typing import TYPE_CHECKING, Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from chat.models import Schedule
from chat.recurrence import Recurrence
from chat.services.schedules import LAST_MONTH_DAY, NAME_CHARACTERS, Choices, Content, Named

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise

WEEKLY, MONTHLY, ONCE = "weekly", "monthly", "once"
WORKDAYS = frozenset(range(1, 6))
ALL_DAYS = frozenset(range(1, 8))


class ScheduleForm(forms.Form):
    """Which of `weekdays`, `month_day` and `day` counts is said by `repeats`."""

    name = forms.CharField(label=_("Name"), max_length=NAME_CHARACTERS, help_text=_("Its chats are called that."))
    prompt = forms.CharField(
        label=_("What is asked"),
        strip=False,
        widget=forms.Textarea(attrs={"rows": 5, "placeholder": _("What changed since yesterday in …?"), "dir": "auto"}),
    )
    repeats = forms.ChoiceField(
        label=_("When"),
        choices=[(WEEKLY, _("On days of the week")), (MONTHLY, _("Once a month")), (ONCE, _("Once"))],
        initial=WEEKLY,
        widget=forms.RadioSelect,
    )
    weekdays = forms.TypedMultipleChoiceField(
        label=_("Days of the week"),
        choices=[(number, WEEKDAYS[number - 1]) for number in range(1, 8)],
        coerce=int,
        required=False,
        initial=sorted(WORKDAYS),
        widget=forms.CheckboxSelectMultiple,
    )
    month_day = forms.IntegerField(
        label=_("Day of the month"),
        min_value=1,
        max_value=LAST_MONTH_DAY,
        initial=1,
        required=False,
        help_text=_("In a month that is shorter, its last day."),
    )
    day = forms.DateField(
        label=_("Day"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    at = forms.TimeField(
        label=_("Time"), initial=time(9), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    zone = forms.ChoiceField(label=_("Time zone"))
    model = forms.ChoiceField(label=_("Model"), required=False)
    agent = forms.ChoiceField(label=_("Agent"), required=False)
    folder = forms.ChoiceField(label=_("Folder"), required=False)

    def __init__(self, sent: Mapping[str, Any] | None, *, choices: Choices, schedule: Schedule | None) -> None:
        """`sent`: what the browser sends back; None shows what there is."""
        super().__init__(sent, initial=_initial(schedule) if schedule else None)
        zone = self.fields["zone"]
        assert isinstance(zone, forms.ChoiceField)
        zone.choices = [(name, name.replace("_", " ")) for name in sorted(available_timezones())]
        zone.initial = settings.TIME_ZONE
        if schedule is None and sent is None:
            zone.widget.attrs["data-new"] = ""  # static/src/schedule.ts
        model, agent = (schedule.model, schedule.agent) if schedule else (None, None)
        self._offer("model", _("As new chats have it"), choices.models, (model.pk, str(model)) if model else None)
        self._offer("agent", _("None"), choices.agents, (agent.pk, str(agent)) if agent else None)
        self._offer("folder", _("None"), choices.folders, None)

    def _offer(self, name: str, none: StrPromise, offered: Named, own: tuple[str, str] | None) -> None:
        """`own`: what is chosen now, which may be none of those `offered` any more."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        lost = own is not None and own[0] not in dict(offered)
        kept = [(own[0], gettext("%(name)s (can't be used now)") % {"name": own[1]})] if own and lost else []
        field.choices = [("", none), *offered, *kept]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        needed = {WEEKLY: "weekdays", MONTHLY: "month_day", ONCE: "day"}.get(given.get("repeats", ""))
        if needed is not None and not given.get(needed) and needed not in self.errors:
            self.add_error(needed, gettext("Choose on which days."))
        return given

    def content(self, *, is_on: bool) -> Content:
        """Of a form that is valid."""
        given = self.cleaned_data
        repeats = given["repeats"]
        recurrence = Recurrence(
            given["at"],
            given["zone"],
            frozenset(given["weekdays"]) if repeats == WEEKLY else frozenset(),
            month_day=given["month_day"] if repeats == MONTHLY else None,
            day=given["day"] if repeats == ONCE else None,
        )
        return Content(
            given["name"],
            given["prompt"],
            recurrence,
            model_id=given["model"] or None,
            agent_id=given["agent"] or None,
            folder_id=given["folder"] or None,
            is_on=is_on,
        )


def _initial(schedule: Schedule) -> dict[str, Any]:
    return {
        "name": schedule.name,
        "prompt": schedule.prompt,
        "repeats": ONCE if schedule.day else MONTHLY if schedule.month_day else WEEKLY,
        "weekdays": schedule.weekdays or sorted(WORKDAYS),
        "month_day": schedule.month_day or 1,
        "day": schedule.day,
        "at": schedule.at,
        "zone": schedule.zone,
        "model": schedule.model_id,
        "agent": schedule.agent_id,
        "folder": schedule.folder_id,
    }


def days_in_words(schedule: Schedule) -> str:
    """On which days it comes, in the reader's language; of a day alone nothing, since the next run says it."""
    if schedule.day is not None:
        return gettext("Once")
    if schedule.month_day is not None:
        return gettext("On day %(day)s of each month") % {"day": schedule.month_day}
    days = frozenset(schedule.weekdays)
    if days == ALL_DAYS:
        return gettext("Every day")
    if days == WORKDAYS:
        return gettext("Monday to Friday")
    return ", ".join(str(WEEKDAYS[number - 1]) for number in schedule.weekdays)

"""The security log, to read."""

from __future__ import annotations

import json

from django.contrib import admin
from django.http import HttpRequest
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RangeDateTimeFilter
from unfold.decorators import display

from ai_studio.admin.base import StudioModelAdmin
from ai_studio.models import SecurityEvent

Event = SecurityEvent.Event

_COLOURS = {
    Event.SIGN_IN_FAILED: "warning",
    Event.ROLE_CHANGED: "info",
    Event.PROMPT_READ: "info",
    Event.TOKEN_REMOVED: "danger",
    Event.ACCOUNT_REMOVED: "danger",
    Event.HOLD_PLACED: "warning",
    Event.HOLD_LIFTED: "warning",
}


@admin.register(SecurityEvent)
class SecurityEventAdmin(StudioModelAdmin):
    list_display = ("at", "what_happened", "who", "subject", "team", "more", "address")
    list_filter = (("at", RangeDateTimeFilter), ("event", ChoicesDropdownFilter))
    list_filter_submit = True
    search_fields = ("actor", "subject", "team", "address")
    search_help_text = "A person, what was acted on, a team, or an address."
    ordering = ("-at", "-id")
    show_full_result_count = False
    fields = ("at", "what_happened", "who", "actor_id", "subject", "subject_id", "team", "team_id", "more", "address")

    def get_readonly_fields(self, request: HttpRequest, obj: SecurityEvent | None = None) -> tuple[str, ...]:
        return self.fields

    @display(description="event", ordering="event", label=_COLOURS)
    def what_happened(self, event: SecurityEvent) -> tuple[str, str]:
        return event.event, event.get_event_display()

    @display(description="who", ordering="actor")
    def who(self, event: SecurityEvent) -> str:
        return event.actor or "Nobody signed in"

    @display(description="details")
    def more(self, event: SecurityEvent) -> str:
        told = {name.replace("_", " "): value for name, value in event.details.items()}
        written = (f"{name}: {value if isinstance(value, str) else json.dumps(value)}" for name, value in told.items())
        return ", ".join(written) or "—"

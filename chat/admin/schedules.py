"""Scheduled prompts in the admin: whose, when and how they went, never what is asked. To read and to switch off, by platform admins."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.admin import ModelAdmin
from unfold.decorators import display

from chat.admin.reading import ToRead
from chat.models import Schedule
from chat.services import schedules


@admin.register(Schedule)
class ScheduleAdmin(ToRead, ModelAdmin):
    list_display = ("id", "user", "team", "is_on", "next_at", "ran_at", "error_code")
    list_filter = ("is_on",)
    list_select_related = ("user", "team")
    search_fields = ("id", "user__email", "team__name")
    ordering = ("-created_at", "-id")
    fields = readonly_fields = (
        "id", "user", "team", "model", "agent", "at", "zone", "weekdays", "month_day", "day", "is_on", "next_at", "ran_at",
        "session", "error_code", "created_at",
    )  # fmt: skip
    actions = ("switch_off",)
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Schedule]:
        return super().get_queryset(request).defer("name", "prompt")

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """A query string must not be able to guess its way through prompts."""
        return lookup.startswith("is_on")

    @admin.action(description="Switch off", permissions=["view"])
    def switch_off(self, request: HttpRequest, chosen: QuerySet[Schedule]) -> None:
        count = schedules.switch_off(list(chosen.values_list("pk", flat=True)))
        self.message_user(request, f"{count} switched off. Their owners can switch them on again.")

    @display(description="error")
    def error_code(self, schedule: Schedule) -> str:
        return str((schedule.error or {}).get("code", "")) or "—"

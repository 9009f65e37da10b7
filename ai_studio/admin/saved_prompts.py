"""Saved prompts of teams. A person's own are on no page of the admin: they are written on the chat page."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from unfold.decorators import display

from ai_studio import placeholders
from ai_studio.admin.base import StudioModelAdmin
from ai_studio.admin.filters import LimitedRelatedFilter
from ai_studio.admin.forms import StudioForm
from ai_studio.admin.revisions import RevisedAdmin, RevisedForm
from ai_studio.models import SavedPrompt


class SavedPromptForm(RevisedForm, StudioForm):
    blamed = {"saved_prompt_name_once_per_team": "name"}
    blamed_when_stale = "text"

    class Meta:
        model = SavedPrompt
        fields = ("team", "name", "title", "text")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "team" in self.fields:
            self.fields["team"].required = True


@admin.register(SavedPrompt)
class SavedPromptAdmin(RevisedAdmin, StudioModelAdmin):
    form = SavedPromptForm
    list_display = ("called", "team", "asks_for", "updated_at")
    list_filter = (("team", LimitedRelatedFilter),)
    list_filter_submit = True
    list_select_related = ("team",)
    search_fields = ("name", "title", "text", "team__name")
    ordering = ("team__name", "name")
    fieldsets = ((None, {"fields": ("team", "name", "title", "text", "reason", "opened")}),)

    def get_readonly_fields(self, request: HttpRequest, obj: SavedPrompt | None = None) -> tuple[str, ...]:
        # As with agents: what a team has come to rely on does not go to another one.
        return ("team",) if obj else ()

    @display(description="prompt", ordering="name", header=True)
    def called(self, prompt: SavedPrompt) -> tuple[str, str]:
        return str(prompt), prompt.title

    @display(description="asks for")
    def asks_for(self, prompt: SavedPrompt) -> str:
        return ", ".join(placeholders.names(prompt.text)) or "—"

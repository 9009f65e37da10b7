"""Instructions of the platform, of teams and of users: one text for each."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from unfold.contrib.filters.admin import BooleanRadioFilter, ChoicesDropdownFilter
from unfold.decorators import display

from ai_studio.admin.base import StudioModelAdmin, authority
from ai_studio.admin.filters import LimitedRelatedFilter
from ai_studio.admin.forms import StudioForm
from ai_studio.admin.revisions import RevisedAdmin, RevisedForm
from ai_studio.admin.writing import WritingAdmin
from ai_studio.models import Instructions

Level = Instructions.Level


class InstructionsForm(RevisedForm, StudioForm):
    blamed = {"one_platform_instructions": "level"}
    blamed_when_stale = "text"

    class Meta:
        model = Instructions
        fields = ("level", "team", "user", "text", "safety", "is_enabled")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].help_text = "Type { to put in a variable: it is replaced when an answer is asked for."
        for name in ("team", "user"):
            if name in self.fields:
                one_each = f"This {name} has instructions already: edit those."
                self.fields[name].error_messages["unique"] = one_each

    def clean(self) -> dict[str, Any]:
        """The owner's field of another level is not seen on the page, so what is in it does not count."""
        cleaned = super().clean() or self.cleaned_data
        level = cleaned.get("level") or self.instance.level or Level.TEAM
        self.instance.level = level
        for name, owner in (("team", Level.TEAM), ("user", Level.USER)):
            if name not in self.fields:
                continue
            if level != owner:
                cleaned[name] = None
            elif cleaned.get(name) is None and name not in self.errors:
                self.add_error(name, f"Choose the {name} that these instructions belong to.")
        if level != Level.PLATFORM:
            cleaned["safety"] = ""
        return cleaned


@admin.register(Instructions)
class InstructionsAdmin(RevisedAdmin, WritingAdmin, StudioModelAdmin):
    form = InstructionsForm
    written = ("text", "safety")
    list_display = ("owner", "level_label", "beginning", "revision", "is_enabled", "updated_at")
    list_filter = (
        ("level", ChoicesDropdownFilter),
        ("team", LimitedRelatedFilter),
        ("is_enabled", BooleanRadioFilter),
    )
    list_filter_submit = True
    list_select_related = ("team", "user")
    search_fields = ("text", "team__name", "user__email", "user__name")
    ordering = ("level", "team__name", "user__email")
    autocomplete_fields = ("user",)
    # Where the level can't be chosen any more, the fields that do not belong to it are not on the page at all.
    conditional_fields = {
        name: f"typeof level === 'undefined' || level === '{level}'"
        for name, level in (("team", Level.TEAM), ("user", Level.USER), ("safety", Level.PLATFORM))
    }

    def get_fieldsets(self, request: HttpRequest, obj: Instructions | None = None) -> Any:
        text = ("text", "is_enabled", "reason", "opened")
        if not authority(request).is_platform:
            return ((None, {"fields": ("team", *text)}),)
        if obj is None:
            return ((None, {"fields": ("level", "team", "user", "text", "safety", "is_enabled", "reason", "opened")}),)
        by_level = {Level.TEAM: ("team",), Level.USER: ("user",)}
        safety = ("safety",) if obj.level == Level.PLATFORM else ()
        written = ("Written", {"fields": ("revision", "updated_by", "updated_at")})
        return (
            (None, {"fields": ("level", *by_level.get(Level(obj.level), ()), "text", *safety, *text[1:])}),
            written,
        )

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        # The platform's own are seeded; what is added is nearly always a team's.
        return {"level": Level.TEAM, **super().get_changeform_initial_data(request)}

    def get_list_filter(self, request: HttpRequest) -> Any:
        # A team's administrator sees one level, and often one row.
        return self.list_filter if authority(request).is_platform else ()

    def get_readonly_fields(self, request: HttpRequest, obj: Instructions | None = None) -> tuple[str, ...]:
        # Whose instructions these are does not change; another owner has another row.
        return ("level", "team", "user", "revision", "updated_by", "updated_at") if obj else ()

    @display(description="whose", ordering="team__name")
    def owner(self, instructions: Instructions) -> str:
        return str(instructions.team or instructions.user or "Platform")

    @display(description="level", ordering="level", label={"Platform": "primary", "Team": "info", "User": "default"})
    def level_label(self, instructions: Instructions) -> str:
        return instructions.get_level_display()

    @display(description="text")
    def beginning(self, instructions: Instructions) -> str:
        line = " ".join(instructions.text.split())
        return f"{line[:80]}…" if len(line) > 80 else line

"""Sessions and generations in the admin: when, whose and how they went, never what was said. To read, by platform admins."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, Length
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from unfold.admin import ModelAdmin, TabularInline
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RangeDateTimeFilter
from unfold.decorators import display

from ai_studio import gateway
from chat import branches, selectors
from chat.admin.reading import ToRead
from chat.models import Generation, Message, Session
from chat.services.beginning import HISTORY_MESSAGES
from chat.services.planned import wanted_for

_STATUS_COLOURS = {
    Generation.Status.COMPLETED: "success",
    Generation.Status.STREAMING: "info",
    Generation.Status.STOPPED: "warning",
    Generation.Status.FAILED: "danger",
    Generation.Status.INTERRUPTED: "danger",
}


def _as_choice(previous: tuple[str | None, str | None] | None) -> str:
    """The agent before as the inspector's address names it."""
    if previous is None:
        return ""
    agent_id, name = previous
    return agent_id or (f"gone:{name}" if name else "none")


class MessageInline(ToRead, TabularInline):
    model = Message
    fields = readonly_fields = ("role", "characters", "summarised", "created_at")
    ordering = ("created_at",)
    extra = 0
    per_page = 50
    tab = True
    hide_title = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Message]:
        counted = super().get_queryset(request).annotate(characters_=Length("text"))
        return counted.select_related("summary").defer("text", "parts", "summary__text")

    @display(description="characters")
    def characters(self, message: Any) -> int:
        return message.characters_

    @display(description="summarised up to here")
    def summarised(self, message: Message) -> str:
        summary = selectors.summary_of(message)
        return f"{summary.tokens:,} tokens, by {summary.model_name}" if summary else "—"


@admin.register(Session)
class SessionAdmin(ToRead, ModelAdmin):
    list_display = ("id", "user", "team", "model", "agent", "message_count", "is_temporary", "updated_at")
    list_filter = (("updated_at", RangeDateTimeFilter),)
    list_filter_submit = True
    list_select_related = ("user", "team", "model", "agent")
    list_fullwidth = True
    search_fields = ("id", "user__email", "team__name")
    ordering = ("-updated_at", "-id")
    fields = readonly_fields = (
        "id", "user", "team", "model", "agent", "next_prompt", "is_temporary", "created_at", "updated_at", "deleted_at"
    )  # fmt: skip
    inlines = (MessageInline,)
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Session]:
        # Not a join: it would group all chats to show fifty.
        counts = Message.objects.filter(session=OuterRef("pk")).order_by().values("session").values(n=Count("pk"))
        return super().get_queryset(request).annotate(messages_=Coalesce(Subquery(counts), 0)).defer("title")

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """A query string must not be able to guess its way through titles."""
        return lookup.startswith("updated_at")

    @display(description="next prompt")
    def next_prompt(self, session: Session) -> str:
        """A link to the inspector with all that the session's next answer would be planned with."""
        branch = branches.history(session.pk, session.leaf_id, limit=HISTORY_MESSAGES)
        wanted = wanted_for(session.user_id, session, branch)
        chosen = {
            "a-team": wanted.team_id,
            "a-person": session.user.email,
            "a-agent": wanted.agent_id or "",
            "a-model": wanted.session_model_id or "",
            "a-effort": wanted.effort or "",
            "a-previous": _as_choice(wanted.previous_agent),
        }
        address = f"{reverse('admin:ai_studio_inspector')}?{urlencode(chosen)}"
        return format_html(
            '<a href="{}" class="text-link">{}</a>', address, "Inspect what the next answer would be told"
        )

    @display(description="messages", ordering="messages_")
    def message_count(self, session: Any) -> int:
        return session.messages_


@admin.register(Generation)
class GenerationAdmin(ToRead, ModelAdmin):
    list_display = ("created_at", "state", "user", "model_name", "agent_name", "finish_reason", "error_code", "thumb")
    list_filter = (
        ("status", ChoicesDropdownFilter),
        ("rating", ChoicesDropdownFilter),
        ("rating_reason", ChoicesDropdownFilter),
        ("created_at", RangeDateTimeFilter),
    )
    list_filter_submit = True
    list_select_related = ("user",)
    list_fullwidth = True
    search_fields = ("id", "session__id", "user__email", "model_name", "agent_name")
    ordering = ("-created_at", "-id")
    show_full_result_count = False
    fieldsets = (
        (None, {"fields": ("id", "session", "user", "status", "created_at", "finished_at")}),
        (
            "What was asked",
            {"fields": ("model_name", "agent_name", "resolution", "prompt", "provenance", "merged_from")},
        ),
        ("What its reader thinks", {"fields": ("rating", "rating_reason", "rated_at")}),
        (
            "How it went",
            {"fields": ("finish_reason", "error_code", "metadata", "seq", "owner", "heartbeat_at", "copy_of")},
        ),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Generation | None = None) -> list[str]:
        return [name for _, section in self.fieldsets for name in section["fields"]]

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        return lookup.startswith(("status", "created_at", "rating"))

    @display(description="status", ordering="status", label=_STATUS_COLOURS)
    def state(self, generation: Generation) -> tuple[str, str]:
        return generation.status, generation.get_status_display()

    @display(description="rating", ordering="rating", label={"Good": "success", "Bad": "danger"})
    def thumb(self, generation: Generation) -> str | None:
        return generation.get_rating_display() or None

    @display(description="instructions")
    def prompt(self, generation: Generation) -> str:
        """A link to the exact text, with the revisions that were in force."""
        prompt_hash = generation.prompt_hash
        if not prompt_hash:
            return "No instructions were sent."
        if not gateway.prompt_is_kept(prompt_hash):
            return f"{prompt_hash[:12]} (not kept)"
        address = reverse("admin:ai_studio_prompt_change", args=[prompt_hash])
        return format_html('<a href="{}" class="text-link">Read the exact prompt ({})</a>', address, prompt_hash[:12])

    @display(description="error")
    def error_code(self, generation: Generation) -> str:
        return str((generation.error or {}).get("code", "")) or "—"

"""The ledger, to read: what each provider call took."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RangeDateTimeFilter
from unfold.decorators import display

from ai_studio.admin import display as written
from ai_studio.admin.base import StudioModelAdmin
from ai_studio.admin.filters import LimitedRelatedFilter
from ai_studio.admin.prompts import link_to_prompt
from ai_studio.models import Completion


@admin.register(Completion)
class CompletionAdmin(StudioModelAdmin):
    list_display = ("created_at", "model_name", "team", "user", "result", "usage", "paid", "first_token", "took")
    list_filter = (
        ("created_at", RangeDateTimeFilter),
        ("team", LimitedRelatedFilter),
        ("model", LimitedRelatedFilter),
        ("purpose", ChoicesDropdownFilter),
    )
    list_filter_submit = True
    list_select_related = ("user", "team", "model")
    search_fields = ("requested_model", "actual_model", "error_code", "generation_id", "user__email")
    ordering = ("-created_at", "-id")
    show_full_result_count = False
    fieldsets = (
        (None, {"fields": ("created_at", "purpose", "generation_id", "user", "team", "agent")}),
        ("Call", {"fields": ("model", "requested_model", "actual_model", "token", "attempts", "prompt")}),
        ("Usage", {"fields": ("input_tokens", "cached_tokens", "output_tokens", "reasoning_tokens", "paid")}),
        ("Result", {"fields": ("finish_reason", "first_token", "took", "error_code", "error_detail")}),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Completion | None = None) -> list[str]:
        return [name for _, section in self.fieldsets for name in section["fields"]]

    @display(description="model", ordering="requested_model")
    def model_name(self, completion: Completion) -> str:
        return str(completion.model) if completion.model else completion.requested_model

    @display(description="result", ordering="error_code", label={"ok": "success", "failed": "danger"})
    def result(self, completion: Completion) -> tuple[str, str]:
        if completion.error_code:
            return "failed", completion.error_code.replace("_", " ")
        return "ok", (completion.finish_reason or "done").replace("_", " ")

    @display(description="tokens in / out", ordering="output_tokens")
    def usage(self, completion: Completion) -> str:
        return f"{written.tokens(completion.input_tokens)} / {written.tokens(completion.output_tokens)}"

    @display(description="instructions")
    def prompt(self, completion: Completion) -> str:
        return link_to_prompt(completion.prompt_hash)

    @display(description="cost", ordering="cost")
    def paid(self, completion: Completion) -> str:
        return written.cost(completion.cost)

    @display(description="first token", ordering="first_token_ms")
    def first_token(self, completion: Completion) -> str:
        return written.duration(completion.first_token_ms)

    @display(description="took", ordering="duration_ms")
    def took(self, completion: Completion) -> str:
        return written.duration(completion.duration_ms)

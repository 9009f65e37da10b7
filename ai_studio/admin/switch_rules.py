"""How a model is told of another agent: the platform's rules, the built-in ones, and what each strategy says."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from unfold.decorators import display

from ai_studio.admin.base import StudioModelAdmin
from ai_studio.admin.forms import StudioForm
from ai_studio.admin.opened import OpenedForm
from ai_studio.models import SwitchRule
from ai_studio.switching import STRATEGIES, AgentSwitch, Strategy, render

SAMPLE = AgentSwitch("Code reviewer", "Writing coach")
SAMPLE_INSTRUCTIONS = "You are an editor. Keep the author's voice."


class SwitchRuleForm(OpenedForm, StudioForm):
    blamed = {"switch_rule_once_per_family": "model_pattern"}

    class Meta:
        model = SwitchRule
        fields = ("provider_key", "model_pattern", "strategy", "position")

    def clean_provider_key(self) -> str:
        return str(self.cleaned_data["provider_key"]).strip().lower()

    def clean_model_pattern(self) -> str:
        return str(self.cleaned_data["model_pattern"]).strip().lower()


@admin.register(SwitchRule)
class SwitchRuleAdmin(StudioModelAdmin):
    form = SwitchRuleForm
    list_display = ("family", "strategy", "position")
    ordering_field = "position"
    hide_ordering_field = True
    ordering = ("position", "pk")
    list_after_template = "admin/ai_studio/switch_strategies.html"
    change_form_after_template = "admin/ai_studio/switch_strategies.html"

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, {**(extra_context or {}), **_strategies()})

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        return super().changeform_view(request, object_id, form_url, {**(extra_context or {}), **_strategies()})

    @display(description="models", ordering="provider_key", header=True)
    def family(self, rule: SwitchRule) -> tuple[str, str]:
        return rule.model_pattern, rule.provider_key


def _strategies() -> dict[str, Any]:
    return {
        "previews": [(each.value, render(SAMPLE, SAMPLE_INSTRUCTIONS, each)) for each in Strategy],
        "built_in": [(provider, pattern, strategy.value) for provider, pattern, strategy in STRATEGIES],
        "sample": SAMPLE,
    }

"""Prompts that were sent, to read; and the inspector, which shows those that would be."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.db.models.functions import Length
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from unfold.decorators import display

from ai_studio import security_log
from ai_studio.admin import inspector
from ai_studio.admin.base import StudioModelAdmin, authority
from ai_studio.inspection import segments
from ai_studio.instructions import ORDER, Composed, Level, Paragraph
from ai_studio.models import Completion, Prompt


@admin.register(Prompt)
class PromptAdmin(StudioModelAdmin):
    list_display = ("short_hash", "characters", "created_at")
    ordering = ("-created_at",)
    change_form_template = "admin/ai_studio/prompt.html"
    fields = readonly_fields = ("hash", "created_at")
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Prompt]:
        return super().get_queryset(request).annotate(characters_=Length("text"))

    def get_urls(self) -> list[URLPattern]:
        inspect = path("inspect/", self.admin_site.admin_view(self.inspect), name="ai_studio_inspector")
        return [inspect, *super().get_urls()]

    def inspect(self, request: HttpRequest) -> HttpResponse:
        """For whoever administers something; it offers and shows that alone."""
        if not authority(request).is_any:
            raise PermissionDenied
        return inspector.view(request, self.admin_site)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        prompt = self.get_object(request, object_id)
        kept = {} if prompt is None else _kept(prompt, request)
        if prompt is not None and any(each["level"] in inspector.OWN_WORDS for each in prompt.provenance):
            security_log.record(security_log.Event.PROMPT_READ, subject=prompt, kept=True)
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **kept})

    @display(description="prompt")
    def short_hash(self, prompt: Prompt) -> str:
        return prompt.hash[:12]

    @display(description="characters", ordering="characters_")
    def characters(self, prompt: Any) -> int:
        return prompt.characters_


def link_to_prompt(prompt_hash: str) -> str:
    """To the exact text, for the pages of what was answered under it."""
    if not prompt_hash:
        return "No instructions were sent."
    if not Prompt.objects.filter(pk=prompt_hash).exists():
        return f"{prompt_hash[:12]} (not kept)"
    address = reverse("admin:ai_studio_prompt_change", args=[prompt_hash])
    return format_html('<a href="{}" class="text-link">{}</a>', address, f"Read the exact prompt ({prompt_hash[:12]})")


def _kept(prompt: Prompt, request: HttpRequest) -> dict[str, Any]:
    paragraphs = [Paragraph(**{**each, "level": Level(each["level"])}) for each in prompt.provenance]
    parts = tuple(segments(Composed(prompt.text, tuple(paragraphs))))
    return {
        "kept_segments": inspector.shown_segments(parts, request),
        "kept_sends": Completion.objects.filter(prompt_hash=prompt.pk).count(),
        "legend": [(inspector.css_of(level), inspector.LABELS[level]) for level in (*ORDER, None)],
        "title": "A prompt as it was sent",
        "subtitle": None,
    }

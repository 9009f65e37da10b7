"""Providers: where models are reached. The platform admin's alone, since a base URL decides where tokens are sent."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from unfold.contrib.filters.admin import BooleanRadioFilter
from unfold.decorators import display
from unfold.widgets import UnfoldAdminTextInputWidget

from ai_studio.admin.base import StudioModelAdmin
from ai_studio.admin.catalogue import CatalogueSynced
from ai_studio.admin.connection import ConnectionTested
from ai_studio.admin.deletion import RefusedDeletion, in_words
from ai_studio.admin.opened import OpenedForm
from ai_studio.admin.provider_options import NAMES, ProviderOptionsForm, seen_where
from ai_studio.llm.presets import presets
from ai_studio.llm.providers import HTTP_HANDLER_PROVIDERS, OPENAI_SDK_PROVIDERS
from ai_studio.models import Agent, Provider, Team

CLOSE_ENOUGH = 0.6


class ProviderKeyWidget(UnfoldAdminTextInputWidget):
    """A text field that suggests while one types: the list is long, and it is not closed."""

    template_name = "ai_studio/widgets/provider_key.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, {**(attrs or {}), "list": f"{name}_suggestions"})
        usable = (preset for preset in presets().values() if not preset.missing)
        return context | {"suggestions": {preset.key: preset.name for preset in usable}}


class ProviderForm(OpenedForm, ProviderOptionsForm):
    class Meta:
        model = Provider
        fields = ("name", "provider_key", "base_url", "options", "is_enabled")
        widgets = {"provider_key": ProviderKeyWidget(attrs={"autocomplete": "off", "spellcheck": "false"})}

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"].strip()
        if Provider.objects.filter(name__iexact=name).exclude(pk=self.instance.pk).exists():
            raise ValidationError(f"There is a provider called “{name}” already. Choose another name.")
        return name

    def clean_provider_key(self) -> str:
        key: str = self.cleaned_data["provider_key"].strip().lower()
        preset = presets().get(key)
        if preset is None and key not in OPENAI_SDK_PROVIDERS | HTTP_HANDLER_PROVIDERS:
            close = get_close_matches(key, presets(), n=3, cutoff=CLOSE_ENOUGH)
            meant = (
                f" Did you mean {' or '.join(close)}?" if close else " For any OpenAI-compatible server it is openai."
            )
            raise ValidationError(f"LiteLLM knows no provider “{key}”.{meant}")
        if preset is not None and preset.missing:
            wanted = ", ".join(preset.missing)
            raise ValidationError(
                f"{preset.name} wants more than a base URL and a token, which can't be entered: {wanted}."
            )
        return key

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        preset = presets().get(cleaned.get("provider_key", ""))
        if (
            preset is not None
            and preset.needs_base_url
            and not cleaned.get("base_url")
            and "base_url" not in self.errors
        ):
            example = f", such as {preset.example_base_url}" if preset.example_base_url else ""
            self.add_error("base_url", f"{preset.name} has no address of its own: write yours{example}.")
        return cleaned


@admin.register(Provider)
class ProviderAdmin(ConnectionTested, CatalogueSynced, RefusedDeletion, StudioModelAdmin):
    in_the_way = {"ai_studio.LanguageModel": "models", "ai_studio.ProviderToken": "tokens"}
    instead = "Delete or move these first, or disable the provider: then nobody uses it, and it can come back."
    form = ProviderForm
    list_display = ("title", "address", "model_count", "token_count", "is_enabled")
    list_filter = (("is_enabled", BooleanRadioFilter),)
    list_filter_submit = True
    search_fields = ("name", "provider_key", "base_url")
    ordering = ("name",)
    fieldsets = ((None, {"fields": ("name", "provider_key", "base_url", *NAMES, "options", "is_enabled")}),)
    conditional_fields = seen_where()
    readonly_fields = ("catalogue", "used_by")
    actions = ("enable", "disable")

    def get_fieldsets(self, request: HttpRequest, obj: Provider | None = None) -> Any:
        return (*self.fieldsets, ("Models", {"fields": ("catalogue", "used_by")})) if obj else self.fieldsets

    def get_queryset(self, request: HttpRequest) -> QuerySet[Provider]:
        counts = {"models_": Count("models", distinct=True), "tokens_": Count("tokens", distinct=True)}
        return super().get_queryset(request).annotate(**counts)

    @display(description="provider", ordering="name", header=True)
    def title(self, provider: Provider) -> tuple[str, str]:
        return provider.name, provider.provider_key

    @display(description="address", ordering="base_url")
    def address(self, provider: Provider) -> str:
        return provider.base_url or "The provider's own"

    @display(description="models", ordering="models_")
    def model_count(self, provider: Any) -> int:
        return provider.models_

    @display(description="tokens", ordering="tokens_")
    def token_count(self, provider: Any) -> int:
        return provider.tokens_

    @display(description="catalogue")
    def catalogue(self, provider: Provider) -> str:
        address = reverse("admin:ai_studio_provider_catalogue", args=[provider.pk])
        return format_html('<a class="text-primary-600" href="{}">Get models, limits and prices</a>', address)

    @display(description="used by")
    def used_by(self, provider: Provider) -> str:
        counts = self.dependants(provider)
        users: dict[str, QuerySet[Any]] = {
            "teams that use its models": Team.objects.filter(
                team_models__model__provider=provider, team_models__is_enabled=True
            ),
            "agents that prefer one": Agent.objects.filter(model__provider=provider),
        }
        counts |= {name: count for name, rows in users.items() if (count := rows.distinct().count())}
        return in_words(counts) or "Nothing yet"

    @admin.action(description="Enable", permissions=["change"])
    def enable(self, request: HttpRequest, queryset: QuerySet[Provider]) -> None:
        self.message_user(request, f"Providers enabled: {_switched(queryset, to=True)}.")

    @admin.action(description="Disable", permissions=["change"])
    def disable(self, request: HttpRequest, queryset: QuerySet[Provider]) -> None:
        disabled = _switched(queryset, to=False)
        self.message_user(request, f"Providers disabled: {disabled}. Answers that are being written go on.")


def _switched(providers: QuerySet[Provider], *, to: bool) -> int:
    """How many were not so before. By id, since what a page counts beside its rows can't be updated."""
    ids = list(providers.values_list("pk", flat=True))
    return Provider.objects.filter(pk__in=ids, is_enabled=not to).update(is_enabled=to)

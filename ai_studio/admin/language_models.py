"""The catalogue of language models: the platform admin's alone."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from unfold.contrib.filters.admin import BooleanRadioFilter, ChoicesDropdownFilter, DropdownFilter
from unfold.decorators import display
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from ai_studio import catalogue_sync, services
from ai_studio.admin import display as written
from ai_studio.admin.base import StudioModelAdmin
from ai_studio.admin.connection import ConnectionTested
from ai_studio.admin.deletion import RefusedDeletion
from ai_studio.admin.filters import LimitedRelatedFilter
from ai_studio.admin.forms import ParametersForm
from ai_studio.admin.opened import OpenedForm
from ai_studio.llm import EFFORTS
from ai_studio.models import LanguageModel

# The catalogue's words (`ai_studio.llm.catalogue`), in words for people.
CAPABILITIES = {
    "vision": "Sees images",
    "pdf": "Reads PDF files",
    "audio": "Hears audio",
    "tools": "Calls tools",
    "json": "Keeps to a JSON schema",
    "reasoning": "Reasons before it answers",
    "search": "Searches the web",
    "caching": "Charges less for repeated input",
}
_ARCHIVED_STAYS_OFF = "An archived model can't be enabled. Set its status to active first."


class LanguageModelForm(OpenedForm, ParametersForm):
    capabilities = forms.MultipleChoiceField(
        required=False, widget=UnfoldAdminCheckboxSelectMultipleWidget, choices=list(CAPABILITIES.items())
    )
    efforts = forms.MultipleChoiceField(
        required=False,
        label="Thinking efforts",
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        choices=[(effort, effort.capitalize()) for effort in EFFORTS],
        help_text="What a person may choose in a chat, beside the model. None: nothing is offered.",
    )
    blamed = {"model_once_per_provider": "model_id", "archived_model_not_enabled": "is_enabled"}

    class Meta:
        model = LanguageModel
        fields = (
            "provider",
            "model_id",
            "display_name",
            "status",
            "is_enabled",
            "context_window",
            "max_output_tokens",
            "input_price",
            "output_price",
            "cached_input_price",
            "capabilities",
            "efforts",
            "parameters",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # What the catalogue knows beyond this list is kept, not lost on the first save.
        others = [name for name in self.instance.capabilities if name not in CAPABILITIES]
        capabilities = cast("forms.MultipleChoiceField", self.fields["capabilities"])
        capabilities.choices = [*CAPABILITIES.items(), *((name, name) for name in others)]
        for name in ("input_price", "output_price", "cached_input_price"):
            self.fields[name].widget.attrs["step"] = "any"
            if (stored := getattr(self.instance, name)) is not None:
                self.initial[name] = f"{stored.normalize():f}"  # 2.5 and not 2.500000


class CapabilityFilter(DropdownFilter):
    title = "capability"
    parameter_name = "capability"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, str]]:
        return CAPABILITIES.items()

    def queryset(self, request: HttpRequest, queryset: QuerySet[LanguageModel]) -> QuerySet[LanguageModel]:
        if self.value() not in CAPABILITIES:
            return queryset
        # Names are a closed list without quotes, so a quoted one can't be part of another. SQLite knows no `contains`.
        return queryset.filter(capabilities__icontains=f'"{self.value()}"')


@admin.register(LanguageModel)
class LanguageModelAdmin(ConnectionTested, RefusedDeletion, StudioModelAdmin):
    in_the_way = {"ai_studio.TeamModel": "teams", "ai_studio.Agent": "agents", "chat.Session": "chats"}
    instead = "Archive it: what it wrote keeps its name, and nobody can choose it any more."
    form = LanguageModelForm
    list_display = ("name", "provider", "state", "context", "prices", "can")
    list_filter = (
        ("provider", LimitedRelatedFilter),
        ("status", ChoicesDropdownFilter),
        ("is_enabled", BooleanRadioFilter),
        CapabilityFilter,
    )
    list_filter_submit = True
    list_select_related = ("provider",)
    search_fields = ("display_name", "model_id", "provider__name")
    ordering = ("provider__name", "display_name")
    actions = ("enable", "disable", "archive")
    readonly_fields = ("by_hand", "synced_at")
    fieldsets = (
        (None, {"fields": ("provider", "model_id", "display_name", "status", "is_enabled")}),
        ("Limits", {"fields": ("context_window", "max_output_tokens")}),
        ("Prices per million tokens, in US dollars", {"fields": ("input_price", "output_price", "cached_input_price")}),
        ("Abilities", {"fields": ("capabilities", "efforts")}),
        ("Catalogue", {"fields": ("by_hand", "synced_at")}),
        ("Parameters", {"fields": ("temperature", "max_tokens", "reasoning_effort", "parameters")}),
    )

    def save_model(self, request: HttpRequest, obj: LanguageModel, form: ModelForm[Any], change: bool) -> None:
        if not change and services.fill_from_catalogue(model=obj):
            self.message_user(
                request, "What was left empty has been filled in from LiteLLM's catalogue.", messages.INFO
            )
        catalogue_sync.note_overrides(obj, form.changed_data)
        obj.save()

    @display(description="model", ordering="display_name", header=True)
    def name(self, model: LanguageModel) -> tuple[str, str]:
        return model.display_name, model.model_id

    @display(description="by hand")
    def by_hand(self, model: LanguageModel) -> str:
        """What a sync leaves in force, each with what the catalogue says instead."""
        if not model.overridden:
            return "Nothing: all is as the catalogue has it."
        said = [
            f"{name.replace('_', ' ')} (catalogue: {model.synced.get(name, 'unknown')})" for name in model.overridden
        ]
        return f"{', '.join(said)}. Empty a field to follow the catalogue again."

    @display(
        description="state",
        ordering="status",
        label={"Enabled": "success", "Disabled": "warning", "Archived": "danger"},
    )
    def state(self, model: LanguageModel) -> str:
        if model.status == LanguageModel.Status.ARCHIVED:
            return "Archived"
        return "Enabled" if model.is_enabled else "Disabled"

    @display(description="context", ordering="context_window")
    def context(self, model: LanguageModel) -> str:
        return written.tokens(model.context_window)

    @display(description="$ per million, in / out", ordering="input_price")
    def prices(self, model: LanguageModel) -> str:
        return f"{written.price(model.input_price)} / {written.price(model.output_price)}"

    @display(description="capabilities", label=True)
    def can(self, model: LanguageModel) -> list[str]:
        return [str(name).replace("_", " ") for name in model.capabilities]

    @admin.action(description="Enable", permissions=["change"])
    def enable(self, request: HttpRequest, queryset: QuerySet[LanguageModel]) -> None:
        archived = queryset.filter(status=LanguageModel.Status.ARCHIVED).count()
        enabled = queryset.filter(status=LanguageModel.Status.ACTIVE, is_enabled=False).update(is_enabled=True)
        self.message_user(request, f"Models enabled: {enabled}.")
        if archived:
            self.message_user(request, f"Left out: {archived}. {_ARCHIVED_STAYS_OFF}", messages.WARNING)

    @admin.action(description="Disable", permissions=["change"])
    def disable(self, request: HttpRequest, queryset: QuerySet[LanguageModel]) -> None:
        disabled = queryset.filter(is_enabled=True).update(is_enabled=False)
        self.message_user(request, f"Models disabled: {disabled}. Answers that are being written go on.")

    @admin.action(description="Archive", permissions=["change"])
    def archive(self, request: HttpRequest, queryset: QuerySet[LanguageModel]) -> None:
        archived = queryset.update(is_enabled=False, status=LanguageModel.Status.ARCHIVED)
        self.message_user(request, f"Models archived: {archived}. What they wrote keeps their name.")

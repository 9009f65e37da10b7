"""What a provider wants to be told besides an address and a token: a field for each, seen where the provider has it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from unfold.widgets import UnfoldAdminTextInputWidget

from ai_studio.admin.forms import StudioForm
from ai_studio.llm.presets import Option, presets
from ai_studio.validators import validate_options

NAMES = (
    "organization",
    "api_version",
    "aws_region_name",
    "vertex_project",
    "vertex_location",
    "project_id",
    "space_id",
)
"""All of `OPTIONS`, in the order of the page."""


def seen_where() -> dict[str, str]:
    """For Unfold: when the field of each option is to be seen."""
    having = {name: [key for key, preset in presets().items() if name in _by_key(preset.options)] for name in NAMES}
    return {name: f"{keys}.includes(provider_key.trim().toLowerCase())" for name, keys in having.items()}


def _by_key(options: tuple[Option, ...]) -> dict[str, Option]:
    return {option.key: option for option in options}


def _field(label: str) -> forms.CharField:
    widget = UnfoldAdminTextInputWidget(attrs={"autocomplete": "off", "spellcheck": "false"})
    return forms.CharField(label=label, required=False, max_length=100, widget=widget)


class ProviderOptionsForm(StudioForm):
    """Takes the options out of the row into fields of their own, and puts those of the chosen provider back."""

    options = forms.JSONField(required=False, widget=forms.HiddenInput)
    organization = _field("Organization")
    api_version = _field("API version")
    aws_region_name = _field("AWS region")
    vertex_project = _field("Project")
    vertex_location = _field("Location")
    project_id = _field("Project")
    space_id = _field("Deployment space")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.update({name: self.instance.options.get(name, "") for name in NAMES})

    def add_error(self, field: str | None, error: Any) -> None:
        super().add_error(None if field == "options" else field, error)  # nobody sees a hidden field's

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        preset = presets().get(cleaned.get("provider_key", ""))
        known = _by_key(preset.options) if preset else {}
        told = {name: text for name in known if (text := cleaned.get(name, ""))}
        for name, option in known.items():
            if option.is_required and name not in told and name not in self.errors:
                self.add_error(name, "This provider requires it.")
            elif name in told:
                self._check(name, told[name])
        cleaned["options"] = told
        return cleaned

    def _check(self, name: str, text: str) -> None:
        try:
            validate_options({name: text})
        except ValidationError as error:
            self.add_error(name, error)

"""The models that an agent turns to when its own fails: up to three, in order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from unfold.widgets import UnfoldAdminSelectWidget

from ai_studio.models import LanguageModel

MOST = 3


class FallbacksWidget(forms.MultiWidget):
    """A select for each place."""

    template_name = "ai_studio/widgets/fallbacks.html"

    def __init__(self) -> None:
        super().__init__([UnfoldAdminSelectWidget({"aria-label": f"Fallback {place + 1}"}) for place in range(MOST)])

    def decompress(self, value: Any) -> list[str]:
        ids = list(value or [])[:MOST]
        return [*ids, *[""] * (MOST - len(ids))]


class FallbacksField(forms.Field):
    """Cleans to models in order; blanks are left out. Its value is the list of their ids."""

    widget = FallbacksWidget

    def __init__(self) -> None:
        text = (
            "Tried in this order when the agent's model fails before its first token, before the team's other models."
        )
        super().__init__(required=False, label="If it fails", help_text=text)
        self.models: dict[str, LanguageModel] = {}

    def offer(self, models: Sequence[LanguageModel]) -> None:
        self.models = {model.pk: model for model in models}
        choices = [("", "—"), *((model.pk, f"{model} · {model.provider}") for model in models)]
        selects: Sequence[Any] = self.widget.widgets
        for each in selects:
            each.choices = choices

    def clean(self, value: Any) -> list[LanguageModel]:
        ids = [each for each in value or [] if each]
        if unknown := [each for each in ids if each not in self.models]:
            raise ValidationError(f"Choose from the list: {unknown[0][:40]} can't be used.")
        if len(set(ids)) < len(ids):
            raise ValidationError("Each model is tried once: choose different ones.")
        return [self.models[each] for each in ids]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return list(initial or []) != [each for each in data or [] if each]

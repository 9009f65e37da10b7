"""Forms and fields that several pages share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from unfold.widgets import (
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
)

from ai_studio.llm import EFFORTS


class StudioForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable when it runs
    """A constraint that is broken is shown beside the field that `blamed` names for it, not above the form."""

    blamed: ClassVar[Mapping[str, str]] = {}
    """Constraint's name → field."""

    def add_error(self, field: str | None, error: Any) -> None:
        if field is None and hasattr(error, "error_dict"):
            error = self._attributed(error.error_dict)
        super().add_error(field, error)

    def _attributed(self, faults: Mapping[str, list[ValidationError]]) -> ValidationError:
        constraints = self._meta.model._meta.constraints
        blamed = {each.get_violation_error_message(): self.blamed.get(each.name) for each in constraints}
        attributed: dict[str, list[ValidationError]] = {}
        for field, reasons in faults.items():
            for reason in reasons:
                named = blamed.get(reason.message) if field == NON_FIELD_ERRORS else None
                attributed.setdefault(named if named in self.fields else field, []).append(reason)
        return ValidationError(attributed)


class RowForm(StudioForm):
    """A row of a table. One that nobody has changed is not saved, so what is stored of it need not be validated again:
    that took a handful of queries for each."""

    def _post_clean(self) -> None:
        if self.instance._state.adding or self.has_changed():
            super()._post_clean()  # type: ignore[misc]  # Django's own hook, which its types leave out


class LinesField(forms.CharField):
    """A list of texts, one a line; empty lines do not count."""

    def __init__(self, *, rows: int = 5, **options: Any) -> None:
        super().__init__(widget=UnfoldAdminTextareaWidget(attrs={"rows": rows}), required=False, **options)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        lines = str(value or "").splitlines()
        return [line.strip() for line in lines if line.strip()]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(self.to_python(data) != (initial or []))


class ParametersForm(StudioForm):
    """Takes the usual parameters out of the JSON into fields of their own, and puts them back."""

    temperature = forms.FloatField(
        required=False,
        min_value=0,
        max_value=2,
        widget=UnfoldAdminDecimalFieldWidget(attrs={"step": "0.1"}),
        help_text="0 is the most predictable, 2 the most varied. Empty: as the model has it.",
    )
    max_tokens = forms.IntegerField(
        required=False,
        min_value=1,
        label="Longest answer",
        widget=UnfoldAdminIntegerFieldWidget(),
        help_text="Tokens. Empty: as the model has it.",
    )
    reasoning_effort = forms.ChoiceField(
        required=False,
        choices=[("", "As the model has it"), *((effort, effort.capitalize()) for effort in EFFORTS)],
        widget=UnfoldAdminSelectWidget(),
        help_text="For models that reason before they answer. What a person chooses in a chat wins over it.",
    )
    own_fields: ClassVar = ("temperature", "max_tokens", "reasoning_effort")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stored = dict(self.instance.parameters)
        for name in self.own_fields:
            self.initial[name] = stored.pop(name, None)
        self.initial["parameters"] = stored
        self.fields["parameters"].label = "Further parameters"
        self.fields["parameters"].help_text = 'JSON, such as {"top_p": 0.9, "seed": 7}.'

    def clean_parameters(self) -> Any:
        further = self.cleaned_data["parameters"]
        if further is None:
            return {}
        if not isinstance(further, dict):
            raise ValidationError('Parameters are a JSON object, such as {"top_p": 0.9}.')
        if twice := further.keys() & set(self.own_fields):
            raise ValidationError(f"Set {' and '.join(sorted(twice))} in the fields above.")
        return further

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        own = {name: cleaned.get(name) for name in self.own_fields}
        if "parameters" in cleaned:
            cleaned["parameters"] |= {name: value for name, value in own.items() if value not in (None, "")}
        return cleaned

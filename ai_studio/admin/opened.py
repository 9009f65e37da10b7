"""Two people who edit the same row: the second is told what the first has changed, and nothing is overwritten unseen.

For rows that keep no revisions; those that do know more (`admin.revisions`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from hashlib import sha256
from typing import Any

from django import forms
from django.forms.models import model_to_dict
from django.http import QueryDict


class _OpenedField(forms.CharField):
    widget = forms.HiddenInput

    def has_changed(self, initial: Any, data: Any) -> bool:
        return False


class OpenedForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable when it runs
    """Mixed into a form, whose page then carries a digest of each value that it shows.

    What somebody else has changed meanwhile stays, unless this person changed the same field: that is refused once. Saving
    again is meant: the page then carries what is stored now.
    """

    opened = _OpenedField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._names = list(self.fields)
        self.initial["opened"] = json.dumps(_digests(model_to_dict(self.instance, self._names)))

    def clean(self) -> Any:
        cleaned = super().clean()
        if self.instance._state.adding or not self.has_changed():
            return cleaned
        # Locked until the save, so that of two who save at the same moment one is the second.
        row = type(self.instance)._default_manager.select_for_update().get(pk=self.instance.pk)
        stored = _digests(model_to_dict(row, self._names))
        opened = _read(self.cleaned_data.get("opened", ""))
        posted = _digests({name: self.cleaned_data[name] for name in stored if name in self.cleaned_data})
        conflicts, taken = [], []
        for name, mine in posted.items():
            shown = opened.get(name, stored[name])
            if shown == stored[name] or mine == stored[name]:
                continue
            if mine == shown:
                self.cleaned_data[name] = getattr(row, name)
                taken.append(name)
            else:
                said = _said(getattr(row, name))
                conflicts.append(name)
                self.add_error(
                    name, f"Somebody has changed this to {said} meanwhile. Save again to keep what stands here."
                )
        switches = [name for name in taken if isinstance(self.fields[name].widget, forms.CheckboxInput)]
        if conflicts or switches:
            self._show({name: getattr(row, name) for name in switches}, opened | _of(stored, [*conflicts, *switches]))
        return cleaned

    def _show(self, switches: Mapping[str, bool], opened: Mapping[str, str]) -> None:
        """What the page says if it comes back, whatever for. What another has switched is seen, since what is wrong may be
        that. `opened` has what stands there now; what else was taken over is not shown, and so is taken over again."""
        assert isinstance(self.data, QueryDict)
        data = self.data.copy()
        for name, is_on in switches.items():
            data.pop(self.add_prefix(name), None)
            if is_on:
                data[self.add_prefix(name)] = "on"
        data[self.add_prefix("opened")] = json.dumps(opened)
        self.data = data


def _of(digests: Mapping[str, str], names: Iterable[str]) -> dict[str, str]:
    return {name: digests[name] for name in names}


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return "“on”" if value else "“off”"
    if isinstance(value, dict):
        value = ", ".join(f"{name}: {each}" for name, each in value.items())
    return "nothing" if value in (None, "") else f"“{value}”"


def _digests(values: Mapping[str, Any]) -> dict[str, str]:
    return {name: sha256(_plain(value).encode()).hexdigest()[:12] for name, value in values.items()}


def _plain(value: Any) -> str:
    """The same for a value of a form and for what is stored of it."""
    if isinstance(value, Decimal):
        return str(value.normalize())
    return json.dumps(getattr(value, "pk", value), sort_keys=True, default=str)


def _read(text: str) -> dict[str, str]:
    try:
        value = json.loads(text or "{}")
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}

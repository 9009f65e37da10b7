"""Forms of the settings page."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import get_user_model

INSTRUCTIONS_CHARACTERS = 20_000


class ProfileForm(forms.ModelForm):  # type: ignore[type-arg]
    """Who somebody is to the assistant, and the team that they work in."""

    class Meta:
        model = get_user_model()
        fields = ["name", "language", "active_team"]
        labels = {"name": "Name", "language": "Language", "active_team": "Team"}
        help_texts = {
            "name": "As the assistant may address you.",
            "language": "A code such as en or pt-br. The assistant is told to answer in it.",
            "active_team": "Decides which models and agents you can use in new chats.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        teams = self.fields["active_team"]
        assert isinstance(teams, forms.ModelChoiceField)
        assert teams.queryset is not None
        teams.queryset = teams.queryset.filter(memberships__user=self.instance).order_by("name")
        teams.empty_label = None


class ImportForm(forms.Form):
    """A file that another chat product has given out."""

    file = forms.FileField(label="File", help_text="The .zip or .json file that you were given there.")


class DeletionForm(forms.Form):
    """Deletes for good, so it is asked twice."""

    sure = forms.BooleanField(
        label="Delete all of my chats, folders and saved prompts now. They can't be brought back."
    )


class InstructionsForm(forms.Form):
    """A person's own instructions; they go to the model with every message."""

    text = forms.CharField(
        label="Instructions",
        required=False,
        max_length=INSTRUCTIONS_CHARACTERS,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "placeholder": "Answer briefly. I know Python well."}),
    )
    enabled = forms.BooleanField(label="Use them", required=False)

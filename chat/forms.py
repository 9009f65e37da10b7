"""Forms of the settings page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib.auth import get_user_model

from ai_studio.gateway import TeamChoices

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


class PreferencesForm(forms.Form):
    """How pages look and behave, and what new chats begin with in each team: fields `model:TEAM` and `agent:TEAM`."""

    theme = forms.ChoiceField(
        label="Colours", choices=[("system", "As the device has it"), ("light", "Light"), ("dark", "Dark")]
    )
    density = forms.ChoiceField(label="Spacing", choices=[("comfortable", "Comfortable"), ("compact", "Compact")])
    send_key = forms.ChoiceField(
        label="Send a message with",
        choices=[("enter", "Enter"), ("ctrl-enter", "Ctrl+Enter, ⌘+Enter")],
    )
    notifications = forms.ChoiceField(
        label="Notifications",
        choices=[("off", "Off"), ("hidden", "While the page is hidden")],
        help_text="When an answer ends: the title of the chat, and nothing of what is said in it. Each browser asks you once.",
    )

    def __init__(self, *args: Any, teams: Sequence[TeamChoices], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.teams = teams
        for team in teams:
            own, where = team.preference, f" in {team.preference.team.name}" if len(teams) > 1 else ""
            for kind, label, none, held, offered in (
                ("model", "Model", "As the team has it", own.model and (own.model.pk, str(own.model)), team.models),
                ("agent", "Agent", "None", own.agent and (own.agent.pk, str(own.agent)), team.agents),
            ):
                kept = [(held[0], f"{held[1]} (can't be used now)")] if held and held[0] not in dict(offered) else []
                self.fields[f"{kind}:{own.team.pk}"] = forms.ChoiceField(
                    label=f"{label} of new chats{where}",
                    required=False,
                    choices=[("", none), *offered, *kept],
                    initial=held[0] if held else "",
                )

    def changes(self) -> list[dict[str, str | None]]:
        """As `services.change_preferences` takes them, one after the other."""
        chosen = self.cleaned_data
        general = {key: chosen[key] for key in ("theme", "density", "send_key", "notifications")}
        ids = [team.preference.team.pk for team in self.teams]
        return [
            general,
            *(
                {"team": pk, "model": chosen[f"model:{pk}"] or None, "agent": chosen[f"agent:{pk}"] or None}
                for pk in ids
            ),
        ]


class ImportForm(forms.Form):
    """A file that another chat product has given out."""

    file = forms.FileField(label="File", help_text="The .zip or .json file that you were given there.")


class DeletionForm(forms.Form):
    """Deletes for good, so it is asked twice."""

    sure = forms.BooleanField(
        label="Delete all of my chats, folders, saved prompts, drafts and preferences now, and sign out my other browsers. Nothing of it can be brought back."
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

"""Forms of the settings page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.conf.locale import LANG_INFO
from django.contrib.auth import get_user_model
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ai_studio.gateway import TeamChoices
from chat.models import Preferences

INSTRUCTIONS_CHARACTERS = 20_000


class ProfileForm(forms.ModelForm):  # type: ignore[type-arg]
    """Who somebody is to the assistant, and the team that they work in."""

    class Meta:
        model = get_user_model()
        fields = ["name", "language", "active_team"]
        labels = {"name": _("Name"), "language": _("Language"), "active_team": _("Team")}
        help_texts = {
            "name": _("As the assistant may address you."),
            "language": _("The assistant is told to answer in it."),
            "active_team": _("Decides which models and agents you can use in new chats."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = self.fields["language"]
        self.fields["language"] = forms.ChoiceField(
            label=language.label, help_text=language.help_text, choices=_languages(self.instance.language)
        )
        teams = self.fields["active_team"]
        assert isinstance(teams, forms.ModelChoiceField)
        assert teams.queryset is not None
        teams.queryset = teams.queryset.filter(memberships__user=self.instance).order_by("name")
        teams.empty_label = None


def _languages(current: str) -> list[tuple[str, str]]:
    """Those that Django has a name for, as they call themselves. Any other that somebody has stays theirs to keep."""
    named = {code: about["name_local"] for code, about in LANG_INFO.items() if "name_local" in about}
    return sorted(({current: current} | named).items(), key=lambda language: language[1].casefold())


class PreferencesForm(forms.Form):
    """How pages look and behave, and what new chats begin with in each team: fields `model:TEAM` and `agent:TEAM`."""

    theme = forms.ChoiceField(
        label=_("Colours"), choices=[("system", _("As the device has it")), ("light", _("Light")), ("dark", _("Dark"))]
    )
    density = forms.ChoiceField(
        label=_("Spacing"), choices=[("comfortable", _("Comfortable")), ("compact", _("Compact"))]
    )
    send_key = forms.ChoiceField(
        label=_("Send a message with"),
        choices=[("enter", _("Enter")), ("ctrl-enter", _("Ctrl+Enter, ⌘+Enter"))],
    )
    notifications = forms.ChoiceField(
        label=_("Notifications"),
        choices=[("off", _("Off")), ("hidden", _("While the page is hidden"))],
        help_text=_(
            "When an answer ends: the title of the chat, and nothing of what is said in it. Each browser asks you once."
        ),
    )
    language = forms.ChoiceField(
        label=_("Language of the pages"),
        choices=[(Preferences.AUTOMATIC, _("As the browser has it")), *settings.LANGUAGES],
    )

    def __init__(self, *args: Any, teams: Sequence[TeamChoices], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.teams = teams
        for team in teams:
            own, name = team.preference, team.preference.team.name
            for kind, label, none, held, offered in (
                (
                    "model",
                    _model_label(name, len(teams)),
                    _("As the team has it"),
                    own.model and (own.model.pk, str(own.model)),
                    team.models,
                ),
                (
                    "agent",
                    _agent_label(name, len(teams)),
                    _("None"),
                    own.agent and (own.agent.pk, str(own.agent)),
                    team.agents,
                ),
            ):
                kept = (
                    [(held[0], gettext("%(name)s (can't be used now)") % {"name": held[1]})]
                    if held and held[0] not in dict(offered)
                    else []
                )
                self.fields[f"{kind}:{own.team.pk}"] = forms.ChoiceField(
                    label=label,
                    required=False,
                    choices=[("", none), *offered, *kept],
                    initial=held[0] if held else "",
                )

    def changes(self) -> list[dict[str, str | None]]:
        """As `services.change_preferences` takes them, one after the other."""
        chosen = self.cleaned_data
        general = {key: chosen[key] for key in Preferences.CHOICES}
        ids = [team.preference.team.pk for team in self.teams]
        return [
            general,
            *(
                {"team": pk, "model": chosen[f"model:{pk}"] or None, "agent": chosen[f"agent:{pk}"] or None}
                for pk in ids
            ),
        ]


def _model_label(team: str, teams: int) -> str:
    return gettext("Model of new chats") if teams == 1 else gettext("Model of new chats in %(team)s") % {"team": team}


def _agent_label(team: str, teams: int) -> str:
    return gettext("Agent of new chats") if teams == 1 else gettext("Agent of new chats in %(team)s") % {"team": team}


class ImportForm(forms.Form):
    """A file that another chat product has given out."""

    file = forms.FileField(label=_("File"), help_text=_("The .zip or .json file that you were given there."))


class DeletionForm(forms.Form):
    """Deletes for good, so it is asked twice."""

    sure = forms.BooleanField(
        label=_(
            "Delete all of my chats, folders, saved and scheduled prompts, own instructions, memories, drafts and preferences now, and sign out my other browsers. "
            "Nothing of it can be brought back."
        )
    )


class InstructionsForm(forms.Form):
    """A person's own instructions; they go to the model with every message."""

    text = forms.CharField(
        label=_("Instructions"),
        required=False,
        max_length=INSTRUCTIONS_CHARACTERS,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "placeholder": _("Answer briefly. I know Python well.")}),
    )
    enabled = forms.BooleanField(label=_("Use them"), required=False)

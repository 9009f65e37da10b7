"""What REST takes in. What it gives out is spelled in `chat.presentation`, the same as on the socket."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from ai_studio import gateway
from ai_studio.llm import EFFORTS
from chat.fields import MAX_SEQ
from chat.models import Preferences
from chat.search import MAX_CHARACTERS
from chat.services.folders import INSTRUCTIONS_CHARACTERS, NAME_CHARACTERS
from chat.services.organising import MOST_AT_ONCE, MOST_TAGS, NO_FOLDER, TAG_CHARACTERS, TITLE_CHARACTERS, Change
from chat.services.schedules import NAME_CHARACTERS as SCHEDULE_NAME_CHARACTERS

ID = r"^[A-Za-z0-9_-]{16,64}$"


class StudioInput(serializers.Serializer[None]):
    team = serializers.RegexField(ID, required=False, help_text="one's own; without it the active one")


class SessionInput(serializers.Serializer[None]):
    id = serializers.RegexField(ID, required=False)
    model = serializers.RegexField(ID, required=False, allow_null=True)
    agent = serializers.RegexField(ID, required=False, allow_null=True)
    effort = serializers.ChoiceField(EFFORTS, required=False, allow_null=True)
    folder = serializers.RegexField(ID, required=False, allow_null=True)
    temporary = serializers.BooleanField(required=False, default=False)


class PersonInput(serializers.Serializer[None]):
    user = serializers.RegexField(ID, help_text="of the chat's team")


class _OrderInput(serializers.Serializer[None]):
    folder = serializers.RegexField(ID, required=False, allow_null=True, help_text="null: out of its folder")
    tags = serializers.ListField(
        child=serializers.CharField(max_length=TAG_CHARACTERS), max_length=MOST_TAGS, required=False
    )
    pinned = serializers.BooleanField(required=False)
    archived = serializers.BooleanField(required=False)

    def change(self) -> Change:
        given: dict[str, Any] = {**self.validated_data}
        if "folder" in given:
            given["folder"] = given["folder"] or NO_FOLDER
        given.pop("sessions", None)
        return Change(**given)


class ChangeInput(_OrderInput):
    title = serializers.CharField(max_length=TITLE_CHARACTERS, required=False)


class ChosenInput(serializers.Serializer[None]):
    sessions = serializers.ListField(child=serializers.RegexField(ID), min_length=1, max_length=MOST_AT_ONCE)


class ChosenChangeInput(ChosenInput, _OrderInput):
    """Without a title: many chats don't get one name."""


class ExportInput(ChosenInput):
    format = serializers.ChoiceField(["markdown", "json"])


class ShareInput(serializers.Serializer[None]):
    audience = serializers.ChoiceField(["team", "anyone"])
    live = serializers.BooleanField()
    expires_at = serializers.DateTimeField(required=False, allow_null=True)


class FolderInput(serializers.Serializer[None]):
    name = serializers.CharField(max_length=NAME_CHARACTERS)
    # What is declared leaves the class: the attribute of the same name stays what it is.
    parent = serializers.RegexField(ID, required=False, allow_null=True, help_text="null: none")  # type: ignore[assignment]
    model = serializers.RegexField(ID, required=False, allow_null=True)
    agent = serializers.RegexField(ID, required=False, allow_null=True)
    instructions = serializers.CharField(
        required=False, allow_blank=True, max_length=INSTRUCTIONS_CHARACTERS, trim_whitespace=False
    )


class PromptInput(serializers.Serializer[None]):
    name = serializers.RegexField(r"^[a-z0-9-]+$", max_length=gateway.PROMPT_NAME_CHARACTERS)
    title = serializers.CharField(max_length=gateway.PROMPT_TITLE_CHARACTERS)
    text = serializers.CharField(max_length=gateway.PROMPT_CHARACTERS, trim_whitespace=False)


class MemoryInput(serializers.Serializer[None]):
    """How long the text may be is the same for whoever writes it: `ai_studio.remembered_facts`."""

    text = serializers.CharField(allow_blank=True, trim_whitespace=False)


class MemorySwitchInput(serializers.Serializer[None]):
    enabled = serializers.BooleanField()


class PageInput(serializers.Serializer[None]):
    before = serializers.CharField(required=False, max_length=120)
    limit = serializers.IntegerField(required=False, default=50, min_value=1, max_value=200)


class ListInput(PageInput):
    scope = serializers.ChoiceField(["active", "archived", "deleted"], required=False, default="active")
    folder = serializers.RegexField(ID, required=False)
    tag = serializers.CharField(required=False, max_length=TAG_CHARACTERS)


class SearchInput(serializers.Serializer[None]):
    q = serializers.CharField(max_length=MAX_CHARACTERS, allow_blank=True)
    agent = serializers.RegexField(ID, required=False)
    model = serializers.RegexField(ID, required=False)
    since = serializers.DateTimeField(required=False)
    until = serializers.DateTimeField(required=False)
    archived = serializers.BooleanField(required=False, allow_null=True, default=None)
    before = serializers.CharField(required=False, max_length=120)
    limit = serializers.IntegerField(required=False, default=20, min_value=1, max_value=50)


class PreferencesInput(serializers.Serializer[None]):
    theme = serializers.ChoiceField(Preferences.CHOICES["theme"], required=False)
    density = serializers.ChoiceField(Preferences.CHOICES["density"], required=False)
    send_key = serializers.ChoiceField(Preferences.CHOICES["send_key"], required=False)
    notifications = serializers.ChoiceField(Preferences.CHOICES["notifications"], required=False)
    language = serializers.ChoiceField(Preferences.CHOICES["language"], required=False)
    team = serializers.RegexField(ID, required=False, help_text="whose `model` and `agent` are meant")
    model = serializers.RegexField(ID, required=False, allow_null=True)
    agent = serializers.RegexField(ID, required=False, allow_null=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if unknown := sorted(set(self.initial_data) - set(self.fields)):
            raise serializers.ValidationError(f"There is no preference of the name {unknown[0][:40]!r}.")
        return attrs


class ScheduleInput(serializers.Serializer[None]):
    """One of `weekdays`, `month_day` and `day` says when."""

    name = serializers.CharField(max_length=SCHEDULE_NAME_CHARACTERS)
    prompt = serializers.CharField(trim_whitespace=False)
    model = serializers.RegexField(ID, allow_null=True, default=None)
    agent = serializers.RegexField(ID, allow_null=True, default=None)
    folder = serializers.RegexField(ID, allow_null=True, default=None)
    at = serializers.TimeField(help_text="on the clock of `zone`")
    zone = serializers.CharField(max_length=64, help_text="a name of the IANA, such as Europe/Lisbon")
    weekdays = serializers.ListField(
        child=serializers.IntegerField(), default=list, max_length=7, help_text="1 is Monday"
    )
    month_day = serializers.IntegerField(allow_null=True, default=None)
    day = serializers.DateField(allow_null=True, default=None)
    enabled = serializers.BooleanField(default=True)


class DraftInput(serializers.Serializer[None]):
    text = serializers.CharField(allow_blank=True, trim_whitespace=False)
    version = serializers.IntegerField(min_value=0, max_value=MAX_SEQ)


class ReadInput(serializers.Serializer[None]):
    leaf = serializers.RegexField(ID)


class InstructionsInput(serializers.Serializer[None]):
    text = serializers.CharField(allow_blank=True, max_length=INSTRUCTIONS_CHARACTERS, trim_whitespace=False)
    enabled = serializers.BooleanField(default=True)

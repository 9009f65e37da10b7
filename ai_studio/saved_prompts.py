"""Saved prompts as people use them: those of the team to read, one's own to write.

A team's are written in the admin (`admin.saved_prompts`), by whom `authorization` lets.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from ai_studio import placeholders
from ai_studio.authorization import readable_prompts
from ai_studio.models import SavedPrompt
from ai_studio.models.saved_prompt import NAME_TAKEN, TOO_MANY


class PromptRefused(Exception):
    """It can't be saved like this; the text says why."""


class PromptNameTaken(PromptRefused):
    pass


class TooManyPrompts(PromptRefused):
    pass


class PromptNotFound(Exception):
    """There is none of this id among those that the person may read."""


class PromptOfTheTeam(Exception):
    """The person may read it, and change it nowhere but in the admin, if at all."""


@dataclass(frozen=True, slots=True)
class PromptContent:
    """A prompt as its owner wants it."""

    name: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class SavedText:
    """`variables`: what `text` asks for, in its order. `is_own`: the person's, otherwise the team's."""

    id: str
    name: str
    title: str
    text: str
    variables: tuple[str, ...]
    is_own: bool
    created_at: datetime
    updated_at: datetime


def readable(user_id: str, team_id: str | None) -> list[SavedText]:
    """The team's and one's own, by name; one's own comes before the team's of the same name. One query."""
    rows = readable_prompts(user_id, team_id)
    return [_saved(row) for row in sorted(rows, key=lambda row: (row.name, not row.is_personal))]


def own(user_id: str) -> list[SavedText]:
    return [_saved(row) for row in _own(user_id).order_by("name")]


def create(user_id: str, content: PromptContent) -> SavedText:
    """Raises PromptRefused."""
    return _stored(SavedPrompt(user_id=user_id), content)


def change(user_id: str, team_id: str | None, prompt_id: str, content: PromptContent) -> SavedText:
    """Raises PromptNotFound, PromptOfTheTeam, PromptRefused."""
    return _stored(_own_one(user_id, team_id, prompt_id), content)


def delete(user_id: str, team_id: str | None, prompt_id: str) -> None:
    """Raises PromptNotFound, PromptOfTheTeam."""
    _own_one(user_id, team_id, prompt_id).delete()


def delete_own(user_id: str) -> None:
    """All of a person's own, at once and for good."""
    _own(user_id).delete()


def _own(user_id: str) -> QuerySet[SavedPrompt]:
    return SavedPrompt.objects.filter(user_id=user_id)


def _own_one(user_id: str, team_id: str | None, prompt_id: str) -> SavedPrompt:
    row = readable_prompts(user_id, team_id).filter(pk=prompt_id).first()
    if row is None:
        raise PromptNotFound
    if not row.is_personal:
        raise PromptOfTheTeam
    return row


def _stored(row: SavedPrompt, content: PromptContent) -> SavedText:
    row.name, row.title = content.name, " ".join(content.title.split())
    row.text = content.text
    try:
        row.full_clean()
        with transaction.atomic():
            row.save()
    except ValidationError as error:
        raise _refusal(error) from error
    except IntegrityError as error:  # another tab has taken the name since it was looked at
        raise PromptNameTaken("You have a saved prompt of this name already.") from error
    return _saved(row)


def _refusal(error: ValidationError) -> PromptRefused:
    kinds = {NAME_TAKEN: PromptNameTaken, TOO_MANY: TooManyPrompts}
    field, (first, *_) = next(iter(error.error_dict.items()))
    text = " ".join(first.messages)
    kind = kinds.get(first.code or "", PromptRefused)
    return kind(text if kind is not PromptRefused else f"{field}: {text}")


def _saved(row: SavedPrompt) -> SavedText:
    asked = tuple(placeholders.names(row.text))
    return SavedText(row.pk, row.name, row.title, row.text, asked, row.is_personal, row.created_at, row.updated_at)

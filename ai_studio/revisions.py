"""Saves instructions, agents and the saved prompts of teams so that nothing that was said is lost: every saved state stays, and can come back."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain, count
from typing import Any, TypeVar

from django.db import transaction
from django.utils import timezone

from ai_studio.models import Agent, Instructions, LanguageModel, Library, Revision, SavedPrompt, User

Revised = Agent | Instructions | SavedPrompt
Row = TypeVar("Row", Agent, Instructions, SavedPrompt)

KEPT: Mapping[type[Revised], tuple[str, ...]] = {
    Agent: (
        "name",
        "icon",
        "description",
        "instructions",
        "library_id",
        "model_id",
        "fallbacks",
        "parameters",
        "starters",
        "tools",
        "visibility",
        "is_enabled",
    ),
    Instructions: ("text", "safety", "is_enabled"),
    SavedPrompt: ("name", "title", "text"),
}
"""The fields that a revision holds, in the order in which a difference shows them."""
_OWNERS: Mapping[type[Revised], str] = {Agent: "agent", Instructions: "instructions", SavedPrompt: "saved_prompt"}


class ChangedMeanwhile(Exception):
    """Somebody else saved the row after it was opened. `row` is as it is stored now."""

    def __init__(self, row: Revised) -> None:
        super().__init__(f"{row} is at revision {row.revision}")
        self.row = row


def save(row: Row, *, by: User | None, reason: str = "") -> Row:
    """Saves under the next revision, and keeps the state that it replaces where that was not kept before."""
    with transaction.atomic():
        if row._state.adding:
            row.revision = 1
        else:
            # Two who save at once must not share a number: the second waits here, and comes after.
            stored = type(row)._default_manager.select_for_update().get(pk=row.pk)
            if not of(stored).filter(number=stored.revision).exists():
                _keep(stored, author=stored.updated_by, reason="", at=stored.updated_at)
            row.revision = stored.revision + 1
        row.updated_by = by
        row.save()
        _keep(row, author=by, reason=reason, at=timezone.now())
    return row


def refuse_stale(row: Revised, opened: int) -> None:
    """Raises ChangedMeanwhile when `opened`, the revision that somebody began to edit, is not the stored one."""
    stored = type(row)._default_manager.select_related("updated_by").get(pk=row.pk)
    if stored.revision != opened:
        raise ChangedMeanwhile(stored)


def restore(row: Row, number: int, *, by: User | None) -> Row:
    """Makes the state of a revision the newest one. Raises Revision.DoesNotExist, and ValidationError
    where another row has taken its name since.

    A model that is gone since is left out: then the agent answers with what the team's order gives; and so is a library.
    """
    content = dict(of(row).get(number=number).content)
    if content.get("model_id") and not _model_exists(content["model_id"]):
        content["model_id"] = None
    if content.get("library_id") and not Library.objects.filter(pk=content["library_id"]).exists():
        content["library_id"] = None
    for name, value in content.items():
        setattr(row, name, value)
    row.validate_constraints()
    return save(row, by=by, reason=f"Restored revision {number}")


def clone(agent: Agent, *, by: User | None) -> Agent:
    """A copy of the agent under a free name; a draft, so that it can be changed before the team sees it."""
    content = {name: getattr(agent, name) for name in KEPT[Agent]}
    content |= {"name": _free_name(agent), "visibility": Agent.Visibility.ADMINS}
    copy = Agent(team_id=agent.team_id, created_by=by, **content)
    return save(copy, by=by, reason=f"Copied from {agent.name}, revision {agent.revision}")


def _free_name(agent: Agent) -> str:
    taken = set(Agent.objects.filter(team_id=agent.team_id).values_list("name", flat=True))
    longest = Agent._meta.get_field("name").max_length or 100
    endings = chain([" (copy)"], (f" (copy {number})" for number in count(2)))
    return next(name for ending in endings if (name := agent.name[: longest - len(ending)] + ending) not in taken)


def of(row: Revised) -> Any:
    """The kept revisions of a row, newest first, as a queryset."""
    return Revision.objects.filter(**_owner(row)).select_related("author")


def _owner(row: Revised) -> dict[str, Any]:
    return {_OWNERS[type(row)]: row}


def _keep(row: Revised, *, author: User | None, reason: str, at: Any) -> None:
    content = {name: getattr(row, name) for name in KEPT[type(row)]}
    Revision.objects.create(
        **_owner(row), number=row.revision, content=content, author=author, reason=reason, created_at=at
    )


def _model_exists(model_id: str) -> bool:
    return LanguageModel.objects.filter(pk=model_id).exists()

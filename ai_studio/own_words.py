"""What models are told of one person alone: their instructions, those of their folders and what is remembered of them, wherever it is kept."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any

from django.db.models.signals import post_delete, pre_delete

from ai_studio import personal_memories
from ai_studio.instructions import Level
from ai_studio.models import Completion, Instructions, Prompt, User

LEVELS = {Level.USER, Level.MEMORY, Level.FOLDER}

NamedElsewhere = Callable[[Sequence[str]], Collection[str]]
"""Of these hashes of prompts, those that somebody else than the ledger names, and may still want to read."""


def forget(user_id: str, named_elsewhere: NamedElsewhere) -> None:
    """Deletes a person's instructions, with all that they said before, what is remembered of them, and the kept prompts that hold it.

    Nothing is remembered from then on, until they switch it on again.
    """
    Instructions.objects.filter(user_id=user_id).delete()
    _forget_history(user_id)
    personal_memories.switch(user_id, on=False)
    personal_memories.forget_all(user_id)
    told = _told(user_id)
    forget_prompts(set(told) - set(named_elsewhere(told)))


def forget_prompts(hashes: Collection[str]) -> None:
    """Deletes those of these kept prompts that hold somebody's own words. The ledger goes on naming them, and says "not kept"."""
    kept = Prompt.objects.filter(pk__in=hashes).values_list("pk", "provenance")
    own = [pk for pk, provenance in kept if any(paragraph["level"] in LEVELS for paragraph in provenance)]
    Prompt.objects.filter(pk__in=own).delete()


def connect() -> None:
    """From now on an account that goes takes its own words along."""
    pre_delete.connect(_account_goes, sender=User, dispatch_uid="own-words-told")
    post_delete.connect(_account_gone, sender=User, dispatch_uid="own-words-history")


def _told(user_id: str) -> list[str]:
    calls = Completion.objects.filter(user_id=user_id).exclude(prompt_hash="")
    return list(calls.values_list("prompt_hash", flat=True).distinct())


def _forget_history(user_id: str) -> None:
    Instructions.history.filter(user_id=user_id).delete()  # type: ignore[attr-defined]  # set by simple_history


def _account_goes(instance: User, **_: Any) -> None:
    forget_prompts(_told(instance.pk))  # now: afterwards the ledger does not know any more whose calls they were


def _account_gone(instance: User, **_: Any) -> None:
    # Last of all: deleting the instructions, which go first, was written down too.
    _forget_history(instance.pk)

"""What the assistant remembers about a person: read, written and forgotten, by the person or in their name.

Nothing to do with `memory`, the cache of the configuration, and not kept there: models change it between two messages, which
must not make every node read everything anew. It is read for each plan of somebody who has memory on, so every node knows of
a change with the next message. Its text is never logged.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Max, QuerySet

from ai_studio import remembered_facts
from ai_studio.instructions import Layer, Level
from ai_studio.models import PersonalMemory, User
from ai_studio.remembered_facts import Unfit

BY_PERSON, BY_ASSISTANT = PersonalMemory.By.PERSON.value, PersonalMemory.By.ASSISTANT.value


class MemoryRefused(Exception):
    """It can't be kept like this; the text says why."""


class TooManyMemories(Exception):
    pass


class MemoryNotFound(Exception):
    """The person has none of this id or number."""


class MemoryUnavailable(Exception):
    """The platform does not let people have a memory."""


@dataclass(frozen=True, slots=True)
class Memory:
    """`by`: who wrote it as it is now, `person` or `assistant`. `session_id`: the chat that it comes from, or comes from none."""

    id: str
    number: int
    text: str
    by: str
    session_id: str
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Author:
    by: str = BY_PERSON
    session_id: str = ""


THE_PERSON = Author()


def is_offered() -> bool:
    """Whether people may have a memory at all."""
    return bool(settings.MEMORY)


def is_in_force(user: User) -> bool:
    """Whether the person's chats read and write it now."""
    return is_offered() and user.has_memory


def is_on(user_id: str) -> bool:
    """`is_in_force` of somebody by their id, as it is at this moment. One query."""
    return is_offered() and User.objects.filter(pk=user_id, has_memory=True).exists()


def switch(user_id: str, *, on: bool) -> None:
    """Raises MemoryUnavailable."""
    if on and not is_offered():
        raise MemoryUnavailable
    # Saved, not updated: by that the configuration has another version, and every node forgets whom it took this person for.
    user = User.objects.get(pk=user_id)
    user.has_memory = on
    user.save(update_fields=["has_memory"])


def memories_of(user_id: str) -> list[Memory]:
    """By their numbers, which is by their age. One query."""
    return [_memory(row) for row in _own(user_id).order_by("number")]


def layer(user_id: str) -> Layer:
    """How a model is told of all of it; blank where there is nothing. One query."""
    text = remembered_facts.written(_own(user_id).order_by("number").values_list("number", "text"))
    return Layer(Level.MEMORY, text, "memories:own")


def add(user_id: str, text: str, author: Author = THE_PERSON) -> Memory:
    """What is known already, word for word, is not kept twice. Raises MemoryRefused, TooManyMemories, MemoryUnavailable."""
    line = _cleaned(text)
    with transaction.atomic():
        _hold(user_id)
        known = _own(user_id).filter(text__iexact=line).first()
        if known is not None:
            return _memory(known)
        if _own(user_id).count() >= remembered_facts.MOST:
            raise TooManyMemories
        number = _next_number(user_id)
        row = PersonalMemory(user_id=user_id, number=number, text=line, by=author.by, session_id=author.session_id)
        row.save()
    return _memory(row)


def change(user_id: str, key: str | int, text: str, author: Author = THE_PERSON) -> tuple[Memory, str]:
    """`key`: an id or a number. It and the text that it had before.

    Raises MemoryNotFound, MemoryRefused, MemoryUnavailable.
    """
    line = _cleaned(text)
    with transaction.atomic():
        _hold(user_id)
        row = _find(user_id, key)
        before = row.text
        if line != before:
            row.text, row.by, row.session_id = line, author.by, author.session_id
            row.save(update_fields=["text", "by", "session_id", "updated_at"])
    return _memory(row), before


def forget(user_id: str, key: str | int) -> Memory:
    """`key`: an id or a number. What it was. Raises MemoryNotFound."""
    with transaction.atomic():
        _hold(user_id)
        row = _find(user_id, key)
        forgotten = _memory(row)
        row.delete()
    return forgotten


def forget_all(user_id: str) -> None:
    """At once and for good. Whether it is on stays as it is."""
    _own(user_id).delete()


def _own(user_id: str) -> QuerySet[PersonalMemory]:
    return PersonalMemory.objects.filter(user_id=user_id)


def _next_number(user_id: str) -> int:
    """One that no memory of this person has ever had, while they are held.

    A chat that was told of a fact may name it after it was forgotten elsewhere: that must not meet another one.
    """
    person = User.objects.filter(pk=user_id)
    # Whoever saves a whole person, as the admin does, may put the counter back to what it was a moment before.
    counted = person.annotate(last=Max("personal_memories__number")).values_list("last_memory_number", "last").get()
    number = max(each or 0 for each in counted) + 1
    person.update(last_memory_number=number)
    return number


def _find(user_id: str, key: str | int) -> PersonalMemory:
    found = _own(user_id).filter(number=key) if isinstance(key, int) else _own(user_id).filter(pk=key)
    row = found.first()
    if row is None:
        raise MemoryNotFound
    return row


def _hold(user_id: str) -> None:
    """Until the transaction ends, nobody else writes this person's: the answers of several chats may want to at one moment."""
    # Without its key, which every new row that belongs to the person looks at.
    list(User.objects.select_for_update(no_key=True).filter(pk=user_id).values_list("pk"))


def _cleaned(text: str) -> str:
    if not is_offered():
        raise MemoryUnavailable
    try:
        return remembered_facts.cleaned(text)
    except Unfit as error:
        raise MemoryRefused(str(error)) from error


def _memory(row: PersonalMemory) -> Memory:
    return Memory(row.pk, row.number, row.text, row.by, row.session_id, row.created_at, row.updated_at)

"""What is remembered about a person, as they read, write and delete it themselves. What a model may do with it is a tool's."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from ai_studio import gateway
from ai_studio.gateway import Memory, memories
from chat import access, presentation
from chat.errors import InvalidCommand
from chat.ids import is_well_formed
from chat.memory_errors import MemoryNotFound, MemoryUnavailable, TooManyMemories


@dataclass(frozen=True, slots=True)
class Origin:
    """`title` of the chat that a memory comes from, `id` of it. Only of a chat that its owner can still open."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class OwnMemory:
    memory: Memory
    origin: Origin | None


@dataclass(frozen=True, slots=True)
class OwnMemories:
    """`is_on`: whether chats read and write them now."""

    is_on: bool
    memories: tuple[OwnMemory, ...]


def memory_of(user_id: str) -> OwnMemories:
    """All of it, also while it is switched off. Three queries."""
    found = memories.memories_of(user_id)
    return OwnMemories(memories.is_on(user_id), tuple(_with_origins(user_id, found)))


def switch_memory(user_id: str, *, on: bool) -> OwnMemories:
    """Raises MemoryUnavailable."""
    with _refusals():
        memories.switch(user_id, on=on)
    return memory_of(user_id)


def add_memory(user_id: str, text: str) -> OwnMemory:
    """Raises InvalidCommand, TooManyMemories, MemoryUnavailable."""
    with _refusals():
        added = memories.add(user_id, text)
    return next(_with_origins(user_id, [added]))


def change_memory(user_id: str, memory_id: str, text: str) -> OwnMemory:
    """Raises MemoryNotFound, InvalidCommand, MemoryUnavailable."""
    with _refusals():
        changed, _ = memories.change(user_id, _id(memory_id), text)
    return next(_with_origins(user_id, [changed]))


def delete_memory(user_id: str, memory_id: str) -> None:
    """Raises MemoryNotFound."""
    with _refusals():
        memories.forget(user_id, _id(memory_id))


def delete_memories(user_id: str) -> None:
    memories.forget_all(user_id)


def memories_json(own: OwnMemories) -> dict[str, Any]:
    return {"enabled": own.is_on, "memories": [memory_json(each) for each in own.memories]}


def memory_json(own: OwnMemory) -> dict[str, Any]:
    origin = own.origin
    return presentation.memory_json(own.memory, (origin.id, origin.title) if origin else None)


def _with_origins(user_id: str, found: list[Memory]) -> Iterator[OwnMemory]:
    ids = {memory.session_id for memory in found if memory.session_id}
    titles = dict(access.listed_sessions_of(user_id).filter(pk__in=ids).values_list("pk", "title"))
    for memory in found:
        title = titles.get(memory.session_id)
        yield OwnMemory(memory, None if title is None else Origin(memory.session_id, title))


def _id(memory_id: str) -> str:
    if not is_well_formed(memory_id):  # nothing that no id can be goes into a query
        raise MemoryNotFound
    return memory_id


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except memories.MemoryNotFound as error:
        raise MemoryNotFound from error
    except memories.TooManyMemories as error:
        raise TooManyMemories from error
    except memories.MemoryUnavailable as error:
        raise MemoryUnavailable from error
    except memories.MemoryRefused as error:
        values = {"limit": gateway.MEMORY_CHARACTERS}
        raise InvalidCommand("A memory has 1 to {limit} characters.", values, detail=str(error)) from error

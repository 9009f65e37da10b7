"""Folders in folders: what is around one, and what is within it. However deep rows lie, nobody goes further than MOST_LEVELS."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import connection

MOST_LEVELS = 5
"""A folder in a folder makes two."""

_AROUND = """
WITH RECURSIVE around (id, parent_id, model_id, agent_id, instructions, depth) AS (
    SELECT id, parent_id, model_id, agent_id, instructions, 1 FROM chat_folder WHERE id = %s AND erased_at IS NULL
    UNION ALL
    SELECT f.id, f.parent_id, f.model_id, f.agent_id, f.instructions, around.depth + 1
    FROM chat_folder f JOIN around ON f.id = around.parent_id
    WHERE around.depth < %s AND f.erased_at IS NULL
)
SELECT id, model_id, agent_id, instructions FROM around ORDER BY depth DESC
"""


@dataclass(frozen=True, slots=True)
class Told:
    """What a folder says by itself: None and empty where it leaves it to the folder around it."""

    id: str
    model_id: str | None
    agent_id: str | None
    instructions: str


def around(folder_id: str | None) -> list[Told]:
    """The folder of a session that was found, and those around it: the outermost first, the folder itself last. One query."""
    if folder_id is None:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_AROUND, [folder_id, MOST_LEVELS])
        return [Told(*row) for row in cursor.fetchall()]


def begins_with(folders: Iterable[Told]) -> tuple[str | None, str | None]:
    """Model and agent of a new session, each as the innermost of these folders that has one says."""
    model_id = agent_id = None
    for folder in folders:
        model_id, agent_id = folder.model_id or model_id, folder.agent_id or agent_id
    return model_id, agent_id


def levels_above(parents: Mapping[str, str | None], folder_id: str | None) -> list[str]:
    """A folder and those that it lies in, the innermost first. `parents`: of all of one's folders, each by its id."""
    line: list[str] = []
    while folder_id is not None and folder_id in parents and folder_id not in line:
        line.append(folder_id)
        folder_id = parents[folder_id]
    return line


def within(parents: Mapping[str, str | None], folder_id: str) -> set[str]:
    """A folder and all that lie in it, at any depth."""
    return {one for one in parents if folder_id in levels_above(parents, one)}


def levels_of(parents: Mapping[str, str | None], folder_id: str) -> int:
    """How many levels a folder is with what lies in it: 1 for one in which no other lies."""
    lines = (levels_above(parents, one) for one in within(parents, folder_id))
    return max((line.index(folder_id) + 1 for line in lines), default=1)

"""The tree of a session: the branch that ends at a message, and what else there is beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import orjson
from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.functions import Left

from chat.models import Generation, Message
from chat.parts import Part

_UP = """
WITH RECURSIVE branch (id, parent_id, depth) AS (
    SELECT id, parent_id, 1 FROM chat_message WHERE id = %s AND session_id = %s
    UNION ALL
    SELECT m.id, m.parent_id, branch.depth + 1 FROM chat_message m JOIN branch ON m.id = branch.parent_id
    WHERE branch.depth < %s
)
"""
_BRANCH = f"{_UP} SELECT id FROM branch ORDER BY depth DESC"  # noqa: S608 - of constants, as below
_HISTORY = f"""{_UP}
SELECT m.id, m.parent_id, m.role, m.text, m.parts, g.status, g.agent_id, g.agent_name, s.id, s.text
FROM branch JOIN chat_message m ON m.id = branch.id
LEFT JOIN chat_generation g ON g.message_id = m.id LEFT JOIN chat_summary s ON s.message_id = m.id
ORDER BY branch.depth DESC
"""  # noqa: S608
_NEWEST_END = """
WITH RECURSIVE below (id) AS (
    SELECT id FROM chat_message WHERE id = %s AND session_id = %s
    UNION ALL
    SELECT m.id FROM chat_message m JOIN below ON m.parent_id = below.id
)
SELECT m.id FROM below JOIN chat_message m ON m.id = below.id
WHERE NOT EXISTS (SELECT 1 FROM chat_message child WHERE child.parent_id = m.id)
ORDER BY m.created_at DESC, m.id DESC LIMIT 1
"""
FIRST_WORDS = 80
"""Characters of each message in an outline."""


@dataclass(frozen=True, slots=True)
class Said:
    """A message of a branch, with no more than what the next answer is planned from.

    `status`, `agent_id` and `agent_name` are those of its generation, where it has one; `summary` is the id and the text of what
    was summarised up to it.
    """

    id: str
    parent_id: str | None
    role: str
    text: str
    parts: list[Part]
    status: str = ""
    agent_id: str | None = None
    agent_name: str = ""
    summary: tuple[str, str] | None = None


def branch(session_id: str, leaf_id: str | None, *, limit: int) -> list[Message]:
    """The messages from at most `limit` before the leaf to the leaf itself, oldest first, with their generations and summaries."""
    return _in_order(Message.objects.select_related("generation", "summary"), _branch_ids(session_id, leaf_id, limit))


def history(session_id: str, leaf_id: str | None, *, limit: int) -> list[Said]:
    """As `branch`, for the next answer. It is read before each: objects of Django's would take four times as long."""
    if leaf_id is None:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_HISTORY, [leaf_id, session_id, limit])
        return [_said(*row) for row in cursor.fetchall()]


def _said(
    message_id: str,
    parent_id: str | None,
    role: str,
    text: str,
    parts: str,
    status: str | None,
    agent_id: str | None,
    agent_name: str | None,
    summary_id: str | None,
    summary: str | None,
) -> Said:
    summarised = (summary_id, summary or "") if summary_id is not None else None
    stored: list[Part] = orjson.loads(parts)  # Django has both databases give JSON as text
    return Said(message_id, parent_id, role, text, stored, status or "", agent_id, agent_name or "", summarised)


def _branch_ids(session_id: str, leaf_id: str | None, limit: int) -> list[str]:
    if leaf_id is None:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_BRANCH, [leaf_id, session_id, limit])
        return [row[0] for row in cursor.fetchall()]


def _in_order(messages: QuerySet[Message], ids: list[str]) -> list[Message]:
    found = messages.in_bulk(ids)
    return [found[message_id] for message_id in ids]


def newest_end(session_id: str, message_id: str) -> str | None:
    """The newest end of the branches that go through a message; None when the session has no such message."""
    with connection.cursor() as cursor:
        cursor.execute(_NEWEST_END, [message_id, session_id])
        row = cursor.fetchone()
    return row[0] if row else None


def siblings(session_id: str, messages: list[Message]) -> dict[str, list[str]]:
    """For each of `messages` that is not the only one after its parent: all of them, in the order of their writing."""
    parents = {message.parent_id for message in messages}
    wanted = Q(parent_id__in=parents - {None})
    if None in parents:
        wanted |= Q(parent__isnull=True)
    after: dict[str | None, list[str]] = {}
    rows = Message.objects.filter(wanted, session_id=session_id).order_by("created_at", "id")
    for parent_id, message_id in rows.values_list("parent_id", "pk"):
        after.setdefault(parent_id, []).append(message_id)
    return {message.pk: after[message.parent_id] for message in messages if len(after[message.parent_id]) > 1}


def beside(messages: list[Message]) -> list[Message]:
    """The other answers that stand at the side of the last of a branch, oldest first, with their generations and summaries."""
    last = next((message for message in reversed(messages) if message.role != Message.Role.TRANSITION), None)
    generation = getattr(last, "generation", None) if last and last.role == Message.Role.ASSISTANT else None
    if last is None or generation is None:
        return []
    together = Generation.objects.together(generation.group).exclude(pk=generation.pk)
    others = Message.objects.filter(generation__in=together, parent_id=last.parent_id)
    return list(others.select_related("generation", "summary").order_by("created_at", "id"))


def forked_from(message_ids: list[str]) -> list[str]:
    """The ids of all sessions that were forked from these messages, whoever's; for most chats there are none.

    By hand, as each chat is asked for them when it is opened, and Django's way to this statement costs more than all of it.
    """
    if not message_ids:
        return []
    places = ", ".join(["%s"] * len(message_ids))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM chat_session WHERE forked_from_id IN ({places})", message_ids)  # noqa: S608 - places alone
        return [row[0] for row in cursor.fetchall()]


def outline(session_id: str) -> list[dict[str, Any]]:
    """Every message of every branch in the order of their writing: `{"id", "parent", "role", "words"}`, nothing else of them is read."""
    rows = Message.objects.filter(session_id=session_id).order_by("created_at", "id")
    shown = rows.values_list("pk", "parent_id", "role", Left("text", FIRST_WORDS))
    return [
        {"id": message_id, "parent": parent_id, "role": role, "words": " ".join(words.split())}
        for message_id, parent_id, role, words in shown
    ]

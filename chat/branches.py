"""The tree of a session: the branch that ends at a message, and what else there is beside it."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.functions import Left

from chat.models import Generation, Message

_BRANCH = """
WITH RECURSIVE branch (id, parent_id, depth) AS (
    SELECT id, parent_id, 1 FROM chat_message WHERE id = %s AND session_id = %s
    UNION ALL
    SELECT m.id, m.parent_id, branch.depth + 1 FROM chat_message m JOIN branch ON m.id = branch.parent_id
    WHERE branch.depth < %s
)
SELECT id FROM branch ORDER BY depth DESC
"""
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
_HISTORY = ("parent_id", "session_id", "client_id", "role", "parts", "text", "created_at")
"""Of messages."""
FIRST_WORDS = 80
"""Characters of each message in an outline."""


def branch(session_id: str, leaf_id: str | None, *, limit: int) -> list[Message]:
    """The messages from at most `limit` before the leaf to the leaf itself, oldest first, with their generations and summaries."""
    return _in_order(Message.objects.select_related("generation", "summary"), _branch_ids(session_id, leaf_id, limit))


def history(session_id: str, leaf_id: str | None, *, limit: int) -> list[Message]:
    """As `branch`, with no more of the generations than what the next answer is planned from: this is read before each."""
    told = ("status", "agent_id", "agent_name", "message_id")
    known = (*(f"generation__{name}" for name in told), "summary__text", "summary__message_id")
    rows = Message.objects.select_related("generation", "summary").only(*_HISTORY, *known)
    return _in_order(rows, _branch_ids(session_id, leaf_id, limit))


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


def outline(session_id: str) -> list[dict[str, Any]]:
    """Every message of every branch in the order of their writing: `{"id", "parent", "role", "words"}`, nothing else of them is read."""
    rows = Message.objects.filter(session_id=session_id).order_by("created_at", "id")
    shown = rows.values_list("pk", "parent_id", "role", Left("text", FIRST_WORDS))
    return [
        {"id": message_id, "parent": parent_id, "role": role, "words": " ".join(words.split())}
        for message_id, parent_id, role, words in shown
    ]

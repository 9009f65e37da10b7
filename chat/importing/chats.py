"""A chat as any product's export tells it, brought into one form. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

MOST_MESSAGES = 20_000
MOST_CHARACTERS = 1_000_000
AUTHOR_CHARACTERS = 150
TITLE_CHARACTERS = 200


@dataclass(frozen=True, slots=True)
class ImportedMessage:
    """`id` and `parent` are the export's own; a parent comes before its children."""

    id: str
    parent: str | None
    role: Literal["user", "assistant"]
    text: str
    created_at: datetime | None
    author: str = ""
    """Of what somebody else than the exporter wrote."""


@dataclass(frozen=True, slots=True)
class ImportedChat:
    """`source` and `id` tell it from all others; `leaf` is the message that its branch on the screen ends with."""

    source: str
    id: str
    title: str
    created_at: datetime | None
    updated_at: datetime | None
    messages: tuple[ImportedMessage, ...]
    leaf: str | None


@dataclass(frozen=True, slots=True)
class Node:
    """A message as it was found. One without a role that can be shown only joins others: its children move up to its parent."""

    parent: str | None
    role: str
    text: str
    created_at: datetime | None
    author: str = ""


def chat(
    source: str, chat_id: Any, title: Any, times: tuple[Any, Any], nodes: Mapping[str, Node], leaf: Any
) -> ImportedChat:
    """Brings the nodes in order. What hangs in the air, or in a circle, is left out."""
    messages = _in_order(nodes)
    known = {message.id for message in messages}
    end = leaf if isinstance(leaf, str) else None
    seen: set[str] = set()
    while end is not None and end not in known and end not in seen:
        seen.add(end)
        end = nodes[end].parent if end in nodes else None
    if end not in known:
        end = messages[-1].id if messages else None
    shown = " ".join(clean(title).split())[:TITLE_CHARACTERS]
    return ImportedChat(source, str(chat_id), shown, moment(times[0]), moment(times[1]), tuple(messages), end)


def _in_order(nodes: Mapping[str, Node]) -> list[ImportedMessage]:
    children: dict[str | None, list[str]] = {}
    for node_id, node in nodes.items():
        children.setdefault(node.parent if node.parent in nodes else None, []).append(node_id)
    ordered: list[ImportedMessage] = []
    # Each with the last message above it that is shown. A circle is never reached from a root.
    waiting: list[tuple[str, str | None]] = [(node_id, None) for node_id in reversed(children.get(None, []))]
    while waiting and len(ordered) < MOST_MESSAGES:
        node_id, above = waiting.pop()
        node = nodes[node_id]
        if node.role in ("user", "assistant") and node.text.strip():
            role: Literal["user", "assistant"] = "user" if node.role == "user" else "assistant"
            text, author = node.text[:MOST_CHARACTERS], node.author[:AUTHOR_CHARACTERS]
            ordered.append(ImportedMessage(node_id, above, role, text, node.created_at, author))
            above = node_id
        waiting += [(child, above) for child in reversed(children.get(node_id, []))]
    return ordered


def clean(value: Any) -> str:
    """Text that every database can store: without NUL and without halves of characters. Anything but text is empty."""
    return value.replace("\x00", "").encode("utf-8", "ignore").decode() if isinstance(value, str) else ""


def moment(value: Any) -> datetime | None:
    """Seconds or milliseconds since 1970, or ISO text; None when it is neither."""
    try:
        if isinstance(value, str):
            read = datetime.fromisoformat(value)
            return read if read.tzinfo else read.replace(tzinfo=UTC)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return datetime.fromtimestamp(value / 1000 if value > 100_000_000_000 else value, UTC)
    except (ValueError, OverflowError, OSError):
        pass
    return None

"""The formats: ChatGPT, LibreChat, Open WebUI, and our own. Each is known by its shape. Pure."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Any

import orjson

from chat.importing.chats import ImportedChat, Node, chat, clean, moment

IN_A_ZIP = "conversations.json"
"""ChatGPT's export is a zip file with this in it."""


class Unreadable(Exception):
    """It is none of the exports that are known. The text says what was expected."""


def read(data: bytes, *, limit: int) -> list[ImportedChat]:
    """`limit`: bytes, also of what is unpacked. Raises Unreadable."""
    if data.startswith(b"PK"):
        data = _unpacked(data, limit)
    try:
        document = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise Unreadable("This file is no JSON and no zip file with chats in it.") from error
    return [one for one in _chats(document) if one.messages]


def _unpacked(data: bytes, limit: int) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            name = next(name for name in archive.namelist() if name.rpartition("/")[2] == IN_A_ZIP)
            with archive.open(name) as file:
                unpacked = file.read(limit + 1)  # what the archive says of its sizes may be a lie
    except StopIteration as error:
        raise Unreadable("There is no conversations.json in this zip file.") from error
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, ValueError, EOFError) as error:
        raise Unreadable("This zip file is damaged or encrypted.") from error
    if len(unpacked) > limit:
        raise Unreadable("What is packed in this file is too large.")
    return unpacked


def _chats(document: Any) -> Iterator[ImportedChat]:
    if isinstance(document, dict) and document.get("format") == "chat-studio":
        yield from map(_own, _objects(document.get("chats")))
        return
    items = _objects(document if isinstance(document, list) else [document])
    readers = {"mapping": _chatgpt, "chat": _open_webui, "messages": _librechat, "messagesTree": _librechat}
    found = [(readers[key], item) for item in items for key in readers if key in item]
    if not found:
        raise Unreadable("This is no export of ChatGPT, LibreChat, Open WebUI or Chat Studio.")
    for reader, item in found:
        yield reader(item)


def _chatgpt(item: dict[str, Any]) -> ImportedChat:
    nodes = {}
    for node_id, node in _mapping(item.get("mapping")).items():
        message = _object(node.get("message"))
        content = _object(message.get("content"))
        parts = content.get("parts")
        said = "\n\n".join(clean(part) for part in parts if isinstance(part, str)) if isinstance(parts, list) else ""
        hidden = _object(message.get("metadata")).get("is_visually_hidden_from_conversation") is True
        role = "" if hidden else str(_object(message.get("author")).get("role"))
        nodes[node_id] = Node(_id(node.get("parent")), role, said, moment(message.get("create_time")))
    times = (item.get("create_time"), item.get("update_time"))
    return chat(
        "chatgpt",
        item.get("conversation_id") or item.get("id"),
        item.get("title"),
        times,
        nodes,
        item.get("current_node"),
    )


def _open_webui(item: dict[str, Any]) -> ImportedChat:
    inner = _object(item.get("chat"))
    history = _object(inner.get("history"))
    nodes = {
        node_id: Node(
            _id(node.get("parentId")), str(node.get("role")), clean(node.get("content")), moment(node.get("timestamp"))
        )
        for node_id, node in _mapping(history.get("messages")).items()
    }
    times = (item.get("created_at") or inner.get("timestamp"), item.get("updated_at"))
    title = item.get("title") or inner.get("title")
    return chat("open-webui", item.get("id") or inner.get("id"), title, times, nodes, history.get("currentId"))


def _librechat(item: dict[str, Any]) -> ImportedChat:
    nodes: dict[str, Node] = {}
    above: str | None = None
    waiting = [(message, above) for message in _objects(item.get("messages") or item.get("messagesTree"))][::-1]
    while waiting:
        message, above = waiting.pop()
        message_id = _id(message.get("messageId"))
        if message_id is None or message_id in nodes:
            continue
        role = "user" if message.get("isCreatedByUser") is True else "assistant"
        parent = _id(message.get("parentMessageId")) or above
        nodes[message_id] = Node(parent, role, _librechat_text(message), moment(message.get("createdAt")))
        waiting += [(child, message_id) for child in _objects(message.get("children"))]
    # A flat list is in no order that one may rely on.
    by_time = dict(
        sorted(nodes.items(), key=lambda pair: pair[1].created_at.timestamp() if pair[1].created_at else 0.0)
    )
    times = (item.get("createdAt") or item.get("exportAt"), item.get("updatedAt"))
    return chat("librechat", item.get("conversationId"), item.get("title"), times, by_time, None)


def _librechat_text(message: dict[str, Any]) -> str:
    if clean(message.get("text")):
        return clean(message.get("text"))
    texts = (part.get("text") for part in _objects(message.get("content")) if part.get("type") == "text")
    return "\n\n".join(clean(_object(text).get("value") if isinstance(text, dict) else text) for text in texts)


def _own(item: dict[str, Any]) -> ImportedChat:
    nodes = {
        message_id: Node(
            _id(one.get("parent")),
            str(one.get("role")),
            clean(one.get("text")),
            moment(one.get("created_at")),
            clean(one.get("author")),
        )
        for one in _objects(item.get("messages"))
        if (message_id := _id(one.get("id"))) is not None
    }
    times = (item.get("created_at"), item.get("updated_at"))
    return chat("chat-studio", item.get("id"), item.get("title"), times, nodes, item.get("leaf"))


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _objects(value: Any) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _mapping(value: Any) -> dict[str, dict[str, Any]]:
    return {key: one for key, one in _object(value).items() if isinstance(one, dict)}


def _id(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None

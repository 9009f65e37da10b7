"""The body of `POST /api/chat/stream`: what `useChat` sends, or the short form. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from ai_studio.llm import EFFORTS
from chat.commands import messages_to_merge
from chat.errors import EmptyMessage, FileNotUploaded, InvalidCommand, MalformedFrame
from chat.fields import message_text, optional_guidance, optional_word
from chat.ids import is_well_formed, new_id

_FILE = re.compile(r"(?:https?://[^/]+)?/api/attachments/([A-Za-z0-9_-]{16,64})")


@dataclass(frozen=True, slots=True)
class Submission:
    """A new user message. `edited`: the id of the user message that it replaces, as a new branch."""

    session: str
    creates: bool
    text: str
    client_id: str
    edited: str | None
    model: str | None
    agent: str | None
    effort: str | None = None
    attachments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Regeneration:
    """Another answer. `message`: the assistant message to redo, None for the last one. `guidance`: what should be different."""

    session: str
    message: str | None
    guidance: str | None = None


@dataclass(frozen=True, slots=True)
class Merging:
    """One answer out of several to the same message, written by `model`; None: as the session says."""

    session: str
    messages: tuple[str, ...]
    model: str | None


def parse(body: bytes) -> Submission | Regeneration | Merging:
    """Raises MalformedFrame, InvalidCommand, EmptyMessage, MessageTooLong, FileNotUploaded."""
    try:
        data = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise MalformedFrame(detail="The body must be one JSON object in UTF-8.") from error
    if not isinstance(data, dict):
        raise MalformedFrame(detail="The body must be one JSON object in UTF-8.")
    session, creates = _session(data)
    trigger = data.get("trigger", "submit-message")
    message_id = _optional_id(data, "messageId")
    if trigger == "regenerate-message":
        return Regeneration(session, message_id, optional_guidance(data))
    if trigger == "merge-messages":
        return Merging(session, messages_to_merge(data, "messageIds"), _optional_id(data, "model"))
    if trigger != "submit-message":
        raise InvalidCommand(detail="`trigger` must be submit-message, regenerate-message or merge-messages.")
    message = _last_user_message(data.get("messages"))
    client_id, files = message.get("id"), _files(message)
    # An edited message keeps its id in the browser; here it is a new one.
    usable = isinstance(client_id, str) and is_well_formed(client_id) and message_id is None
    return Submission(
        session=session,
        creates=creates,
        text=message_text(_text(message), files=files),
        client_id=str(client_id) if usable else new_id(),
        edited=message_id,
        model=_optional_id(data, "model"),
        agent=_optional_id(data, "agent"),
        effort=optional_word(data, "effort", EFFORTS),
        attachments=files,
    )


def _session(data: Mapping[str, Any]) -> tuple[str, bool]:
    """The session's id, and whether it may be created: `id` may, `chatSessionId` must exist."""
    for key, creates in (("id", True), ("chatSessionId", False)):
        value = _optional_id(data, key)
        if value is not None:
            return value, creates
    raise InvalidCommand(detail="`id` or `chatSessionId` must name a session.")


def _optional_id(data: Mapping[str, Any], key: str) -> str | None:
    value = data.get(key)
    if value is None or (isinstance(value, str) and is_well_formed(value)):
        return value
    raise InvalidCommand(detail=f"`{key}` must be an id: 16 to 64 characters out of A-Z a-z 0-9 _ -.")


def _last_user_message(messages: Any) -> Mapping[str, Any]:
    if isinstance(messages, list):
        for message in reversed(messages):
            if isinstance(message, dict) and message.get("role") == "user":
                return message
    raise EmptyMessage(detail="`messages` must hold a message of the role user.")


def _text(message: Mapping[str, Any]) -> Any:
    if isinstance(message.get("parts"), list):
        texts = [part.get("text") for part in message["parts"] if isinstance(part, dict) and part.get("type") == "text"]
        return "\n\n".join(text for text in texts if isinstance(text, str))
    return message.get("content")


def _files(message: Mapping[str, Any]) -> tuple[str, ...]:
    """The ids of the files in a message, which its parts name by their address. Raises FileNotUploaded."""
    parts = message.get("parts")
    files = (
        [one for one in parts if isinstance(one, dict) and one.get("type") == "file"] if isinstance(parts, list) else []
    )
    found = [_FILE.fullmatch(str(file.get("url"))) for file in files]
    if not all(found):
        raise FileNotUploaded
    return tuple(dict.fromkeys(match[1] for match in found if match))

"""Server frames, encoded (docs/protocol.md). One function per frame; each returns the text that goes on the wire."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from chat.errors import ChatError
from chat.parts import Part

PROTOCOL = 1


def encode(frame: Mapping[str, Any]) -> str:
    return orjson.dumps(frame).decode()


def welcome(*, limits: Mapping[str, int], running: Sequence[Mapping[str, str]]) -> str:
    return encode({"type": "welcome", "protocol": PROTOCOL, "limits": limits, "running": running})


def ack(command_id: str, result: Mapping[str, Any]) -> str:
    return encode({"type": "ack", "id": command_id, "result": result})


def error(command_id: str | None, problem: ChatError) -> str:
    return encode({"type": "error", "id": command_id, **problem.as_json()})


def encode_parts(news: Sequence[Part]) -> str:
    """The JSON list. What is no text, as half a surrogate pair is none, becomes U+FFFD."""
    try:
        return orjson.dumps(news).decode()
    except orjson.JSONEncodeError:
        return json.dumps(news, ensure_ascii=False).encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def parts(generation: str, after: int, seq: int, encoded: str) -> str:
    """`encoded`: as `encode_parts` gives it. An id needs no quoting."""
    return f'{{"type":"parts","generation":"{generation}","after":{after},"seq":{seq},"parts":{encoded}}}'


def snapshot(session: str, generation: str, seq: int, message: Mapping[str, Any]) -> str:
    return encode({"type": "snapshot", "session": session, "generation": generation, "seq": seq, "message": message})


def session(data: Mapping[str, Any]) -> str:
    return encode({"type": "session", "session": data})


def session_deleted(session_id: str) -> str:
    return encode({"type": "session-deleted", "session": session_id})


def folders(data: Sequence[Mapping[str, Any]]) -> str:
    return encode({"type": "folders", "folders": data})


def preferences(data: Mapping[str, Any]) -> str:
    return encode({"type": "preferences", "preferences": data})


def draft(data: Mapping[str, Any]) -> str:
    return encode({"type": "draft", **data})


def message(session_id: str, data: Mapping[str, Any]) -> str:
    return encode({"type": "message", "session": session_id, "message": data})


def summary(session_id: str, message_id: str, data: Mapping[str, Any]) -> str:
    return encode({"type": "summary", "session": session_id, "message": message_id, "summary": data})


def branch(session_id: str, leaf: str) -> str:
    return encode({"type": "branch", "session": session_id, "leaf": leaf})

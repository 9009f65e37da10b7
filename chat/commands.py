"""Client frames, parsed and validated (docs/protocol.md). Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from ai_studio.llm import EFFORTS
from chat.errors import InvalidCommand, MalformedFrame, UnknownCommand
from chat.fields import (
    list_of_ids,
    message_text,
    optional_flag,
    optional_guidance,
    optional_id,
    optional_ids,
    optional_positions,
    optional_seq,
    optional_word,
    required_id,
)

MOST_BESIDE = 3
"""Models that are asked beside another one."""
MOST_FOLLOWED = 16
MOST_MERGED = 8
RATINGS = ("up", "down")
REASONS = ("incorrect", "incomplete", "ignored_instructions", "too_long", "bad_style", "refused", "unsafe", "other")


@dataclass(frozen=True, slots=True)
class Create:
    id: str
    session: str
    model: str | None
    agent: str | None
    effort: str | None = None
    folder: str | None = None
    temporary: bool = False


@dataclass(frozen=True, slots=True)
class Subscribe:
    id: str
    session: str
    generation: str | None
    after: int | None
    beside: tuple[tuple[str, int | None], ...] | None = None


@dataclass(frozen=True, slots=True)
class Unsubscribe:
    id: str
    session: str


@dataclass(frozen=True, slots=True)
class Send:
    id: str
    session: str
    parent: str | None
    text: str
    attachments: tuple[str, ...] = ()
    beside: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Regenerate:
    id: str
    session: str
    message: str
    model: str | None
    beside: tuple[str, ...] | None = None
    guidance: str | None = None


@dataclass(frozen=True, slots=True)
class Continue:
    id: str
    session: str
    message: str


@dataclass(frozen=True, slots=True)
class Merge:
    id: str
    session: str
    messages: tuple[str, ...]
    model: str | None


@dataclass(frozen=True, slots=True)
class Revise:
    id: str
    session: str
    message: str
    text: str


@dataclass(frozen=True, slots=True)
class Show:
    id: str
    session: str
    message: str


@dataclass(frozen=True, slots=True)
class Fork:
    id: str
    session: str
    message: str
    target: str


@dataclass(frozen=True, slots=True)
class Rate:
    id: str
    session: str
    message: str
    rating: str | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class Stop:
    id: str
    generation: str
    seen: int | None


@dataclass(frozen=True, slots=True)
class Switch:
    id: str
    session: str
    model: str | None
    agent: str | None
    effort: str | None = None


@dataclass(frozen=True, slots=True)
class Ping:
    id: str


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """Not a command: it has no id, and no answer."""

    generation: str
    seq: int


Answering = Send | Regenerate | Continue | Merge
"""Commands that begin an answer."""

Changing = Create | Switch | Show | Fork | Revise | Rate
"""Commands that change a session or a message, and are done at once."""

Command = Answering | Changing | Subscribe | Unsubscribe | Stop | Ping


def decode(data: str) -> dict[str, Any]:
    """The JSON object in a frame. Raises MalformedFrame."""
    try:
        frame = orjson.loads(data)
    except (orjson.JSONDecodeError, UnicodeEncodeError) as error:
        raise MalformedFrame from error
    if not isinstance(frame, dict):
        raise MalformedFrame
    return frame


def parse(frame: Mapping[str, Any]) -> Command:
    """Raises UnknownCommand, InvalidCommand, EmptyMessage. Fields that the protocol does not name are ignored."""
    kind = frame.get("type")
    build = _BUILDERS.get(kind) if isinstance(kind, str) else None
    if build is None:
        raise UnknownCommand
    return build(frame)


def parse_acknowledgement(frame: Mapping[str, Any]) -> Acknowledgement:
    """Raises InvalidCommand."""
    seq = optional_seq(frame, "seq")
    if seq is None:
        raise InvalidCommand(detail="`seq` must be a whole number from 0.")
    return Acknowledgement(required_id(frame, "generation"), seq)


def _create(frame: Mapping[str, Any]) -> Create:
    model, agent, folder = (optional_id(frame, key) for key in ("model", "agent", "folder"))
    effort, temporary = optional_word(frame, "effort", EFFORTS), optional_flag(frame, "temporary")
    return Create(required_id(frame, "id"), required_id(frame, "session"), model, agent, effort, folder, temporary)


def _subscribe(frame: Mapping[str, Any]) -> Subscribe:
    generation, after = optional_id(frame, "generation"), optional_seq(frame, "after")
    beside = optional_positions(frame, "beside", most=MOST_FOLLOWED)
    return Subscribe(required_id(frame, "id"), required_id(frame, "session"), generation, after, beside)


def _unsubscribe(frame: Mapping[str, Any]) -> Unsubscribe:
    return Unsubscribe(required_id(frame, "id"), required_id(frame, "session"))


def _send(frame: Mapping[str, Any]) -> Send:
    files = list_of_ids(frame, "attachments")
    text = message_text(frame.get("text"), files=files)
    ids = required_id(frame, "id"), required_id(frame, "session"), optional_id(frame, "parent")
    return Send(*ids, text, files, optional_ids(frame, "beside", most=MOST_BESIDE))


def _regenerate(frame: Mapping[str, Any]) -> Regenerate:
    model, beside = optional_id(frame, "model"), optional_ids(frame, "beside", most=MOST_BESIDE)
    guidance = optional_guidance(frame)
    if beside and not (model is guidance is None):
        raise InvalidCommand(detail="`model` and `guidance` ask again, `beside` asks others: one of them.")
    ids = required_id(frame, "id"), required_id(frame, "session"), required_id(frame, "message")
    return Regenerate(*ids, model, beside, guidance)


def _continue(frame: Mapping[str, Any]) -> Continue:
    return Continue(required_id(frame, "id"), required_id(frame, "session"), required_id(frame, "message"))


def _merge(frame: Mapping[str, Any]) -> Merge:
    ids, messages = (required_id(frame, "id"), required_id(frame, "session")), messages_to_merge(frame, "messages")
    return Merge(*ids, messages, optional_id(frame, "model"))


def messages_to_merge(frame: Mapping[str, Any], key: str) -> tuple[str, ...]:
    """Whether they are enough, and of one message, is not known here. Raises InvalidCommand."""
    return optional_ids(frame, key, most=MOST_MERGED) or ()


def _revise(frame: Mapping[str, Any]) -> Revise:
    text = message_text(frame.get("text"))
    return Revise(required_id(frame, "id"), required_id(frame, "session"), required_id(frame, "message"), text)


def _show(frame: Mapping[str, Any]) -> Show:
    return Show(required_id(frame, "id"), required_id(frame, "session"), required_id(frame, "message"))


def _fork(frame: Mapping[str, Any]) -> Fork:
    ids = required_id(frame, "id"), required_id(frame, "session"), required_id(frame, "message")
    return Fork(*ids, required_id(frame, "target"))


def _rate(frame: Mapping[str, Any]) -> Rate:
    rating, reason = optional_word(frame, "rating", RATINGS), optional_word(frame, "reason", REASONS)
    if reason is not None and rating != "down":
        raise InvalidCommand(detail="A `reason` goes with the rating down.")
    return Rate(required_id(frame, "id"), required_id(frame, "session"), required_id(frame, "message"), rating, reason)


def _stop(frame: Mapping[str, Any]) -> Stop:
    return Stop(required_id(frame, "id"), required_id(frame, "generation"), optional_seq(frame, "seen"))


def _switch(frame: Mapping[str, Any]) -> Switch:
    model, agent = optional_id(frame, "model"), optional_id(frame, "agent")
    effort = optional_word(frame, "effort", EFFORTS)
    return Switch(required_id(frame, "id"), required_id(frame, "session"), model, agent, effort)


def _ping(frame: Mapping[str, Any]) -> Ping:
    return Ping(required_id(frame, "id"))


_BUILDERS: dict[str, Callable[[Mapping[str, Any]], Command]] = {
    "create": _create,
    "subscribe": _subscribe,
    "unsubscribe": _unsubscribe,
    "send": _send,
    "regenerate": _regenerate,
    "continue": _continue,
    "merge": _merge,
    "revise": _revise,
    "show": _show,
    "fork": _fork,
    "rate": _rate,
    "stop": _stop,
    "switch": _switch,
    "ping": _ping,
}

"""The fields of a client's frame, read one by one. Each raises InvalidCommand where the field is of the wrong kind. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from chat.errors import EmptyMessage, InvalidCommand, MessageTooLong
from chat.ids import is_well_formed

MAX_SEQ = 2**31 - 1  # what the database's integer holds
MOST_IDS = 1_000
MOST_GUIDANCE = 2_000
"""Characters in which somebody says what should be different in another answer."""


def required_id(frame: Mapping[str, Any], key: str) -> str:
    value = frame.get(key)
    if not isinstance(value, str) or not is_well_formed(value):
        raise InvalidCommand(detail=f"`{key}` must be an id: 16 to 64 characters out of A-Z a-z 0-9 _ -.")
    return value


def optional_id(frame: Mapping[str, Any], key: str) -> str | None:
    return None if frame.get(key) is None else required_id(frame, key)


def list_of_ids(frame: Mapping[str, Any], key: str) -> tuple[str, ...]:
    """Each once, in their order; none where the field is not there."""
    value = frame.get(key)
    if value is None:
        return ()
    if not isinstance(value, list) or len(value) > MOST_IDS or not all(_is_id(one) for one in value):
        raise InvalidCommand(detail=f"`{key}` must be a list of ids, of {MOST_IDS} at most.")
    return tuple(dict.fromkeys(value))


def optional_ids(frame: Mapping[str, Any], key: str, *, most: int) -> tuple[str, ...] | None:
    """At most so many, each named once; None where the field is not there."""
    value = frame.get(key)
    if value is None:
        return None
    if not isinstance(value, list) or not all(_is_id(one) for one in value) or len(set(value)) != len(value):
        raise InvalidCommand(detail=f"`{key}` must be a list of ids, each of which is there once.")
    if len(value) > most:
        raise InvalidCommand(detail=f"`{key}` holds {most} ids at most.")
    return tuple(value)


def optional_positions(frame: Mapping[str, Any], key: str, *, most: int) -> tuple[tuple[str, int | None], ...] | None:
    """Objects of a `generation` and what was heard of it last, `after`; None where the field is not there."""
    value = frame.get(key)
    if value is None:
        return None
    if not isinstance(value, list) or len(value) > most or not all(isinstance(one, dict) for one in value):
        raise InvalidCommand(detail=f"`{key}` must be a list of objects, {most} at most.")
    return tuple((required_id(one, "generation"), optional_seq(one, "after")) for one in value)


def _is_id(value: Any) -> bool:
    return isinstance(value, str) and is_well_formed(value)


def optional_word(frame: Mapping[str, Any], key: str, words: tuple[str, ...]) -> str | None:
    value = frame.get(key)
    if value is None or (isinstance(value, str) and value in words):
        return value
    raise InvalidCommand(detail=f"`{key}` must be one of {', '.join(words)}, or null.")


def optional_flag(frame: Mapping[str, Any], key: str) -> bool:
    value = frame.get(key)
    if value is None or isinstance(value, bool):
        return bool(value)
    raise InvalidCommand(detail=f"`{key}` must be true, false, or null.")


def optional_seq(frame: Mapping[str, Any], key: str) -> int | None:
    value = frame.get(key)
    if value is None or (type(value) is int and 0 <= value <= MAX_SEQ):
        return value
    raise InvalidCommand(detail=f"`{key}` must be a whole number from 0, or null.")


def message_text(value: Any, *, files: Sequence[str] = ()) -> str:
    """A message's text as it is stored; a message with files may have none. Raises EmptyMessage too."""
    if not isinstance(value, str):
        raise InvalidCommand(detail="The text of a message must be a string.")
    text = _storable(value)
    if not text.strip():
        if files:
            return ""
        raise EmptyMessage
    return text


def optional_guidance(frame: Mapping[str, Any]) -> str | None:
    """What should be different in another answer, without white space around it; None where nothing is said. Raises MessageTooLong too."""
    value = frame.get("guidance")
    if value is None:
        return None
    if not isinstance(value, str):
        raise InvalidCommand(detail="`guidance` must be text, or null.")
    text = _storable(value).strip()
    if len(text) > MOST_GUIDANCE:
        raise MessageTooLong(
            "What should be different has {length} characters; {limit} are allowed. Shorten it.",
            {"length": len(text), "limit": MOST_GUIDANCE},
        )
    return text or None


def _storable(text: str) -> str:
    """PostgreSQL can't store NUL, and a lone surrogate is no UTF-8: neither is anything a person wrote."""
    return text.replace("\x00", "").encode("utf-8", "ignore").decode()

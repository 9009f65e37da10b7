"""A strict reader of the AI SDK UI message stream v1: it refuses what the strictest clients refuse.

Before 7.0.32 the AI SDK rejects every key that it does not list, every unknown type, and null for an optional field.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterable, Iterable
from typing import Any

Part = dict[str, Any]

TEXT, ANY, FLAG = (str,), (object,), (bool,)
FINISH_REASONS = {"stop", "length", "content-filter", "tool-calls", "error", "other"}

# By type: the required and the optional fields. `providerMetadata` and the like are never sent by us, and so not listed.
PARTS: dict[str, tuple[dict[str, tuple[type, ...]], dict[str, tuple[type, ...]]]] = {
    "start": ({}, {"messageId": TEXT, "messageMetadata": ANY}),
    "start-step": ({}, {}),
    "finish-step": ({}, {}),
    "finish": ({}, {"finishReason": TEXT, "messageMetadata": ANY}),
    "abort": ({}, {"reason": TEXT}),
    "error": ({"errorText": TEXT}, {}),
    "text-start": ({"id": TEXT}, {}),
    "text-delta": ({"id": TEXT, "delta": TEXT}, {}),
    "text-end": ({"id": TEXT}, {}),
    "reasoning-start": ({"id": TEXT}, {}),
    "reasoning-delta": ({"id": TEXT, "delta": TEXT}, {}),
    "reasoning-end": ({"id": TEXT}, {}),
    "tool-input-start": ({"toolCallId": TEXT, "toolName": TEXT}, {"dynamic": FLAG, "title": TEXT}),
    "tool-input-delta": ({"toolCallId": TEXT, "inputTextDelta": TEXT}, {}),
    "tool-input-available": ({"toolCallId": TEXT, "toolName": TEXT, "input": ANY}, {"dynamic": FLAG, "title": TEXT}),
    "tool-input-error": (
        {"toolCallId": TEXT, "toolName": TEXT, "input": ANY, "errorText": TEXT},
        {"dynamic": FLAG, "title": TEXT},
    ),
}
DATA = ({"data": ANY}, {"id": TEXT, "transient": FLAG})


class NotTheStream(AssertionError):
    """A client would have failed here."""


def check_part(part: Any) -> Part:
    """Raises NotTheStream."""
    if not isinstance(part, dict) or not isinstance(part.get("type"), str):
        raise NotTheStream(f"not a part: {part!r}")
    known = DATA if part["type"].startswith("data-") else PARTS.get(part["type"])
    if known is None:
        raise NotTheStream(f"unknown type: {part}")
    required, optional = known
    fields = {key: value for key, value in part.items() if key != "type"}
    if missing := required.keys() - fields.keys():
        raise NotTheStream(f"{missing} missing: {part}")
    for key, value in fields.items():
        wanted = required.get(key) or optional.get(key)
        if wanted is None or not isinstance(value, wanted):
            raise NotTheStream(f"{key} is not of this part, or of another kind: {part}")
    if part["type"] == "finish" and part.get("finishReason") not in FINISH_REASONS:
        raise NotTheStream(f"no such finish reason: {part}")
    return part


def check_order(parts: Iterable[Part]) -> None:
    """What the AI SDK's reader of parts insists on. Raises NotTheStream."""
    open_blocks: set[str] = set()
    tools: set[str] = set()
    ended = False
    for part in parts:
        kind, _, step = part["type"].rpartition("-")
        if ended:
            raise NotTheStream(f"after the end: {part}")
        ended = part["type"] in ("finish", "abort", "error")
        if kind in ("text", "reasoning"):
            block = f"{kind} {part['id']}"
            if step != "start" and block not in open_blocks:
                raise NotTheStream(f"never started: {part}")
            (open_blocks.discard if step == "end" else open_blocks.add)(block)
        elif part["type"] == "tool-input-start":
            tools.add(part["toolCallId"])
        elif part["type"] == "tool-input-delta" and part["toolCallId"] not in tools:
            raise NotTheStream(f"never started: {part}")
    if open_blocks:
        raise NotTheStream(f"never ended: {open_blocks}")


def parse(body: bytes) -> list[Part]:
    """The parts of a whole body. Raises NotTheStream."""
    parts = [part for event in body.split(b"\n\n") if (part := _parse_event(event)) is not None]
    if not body.endswith(b"data: [DONE]\n\n"):
        raise NotTheStream(f"no end: {body[-100:]!r}")
    check_order(parts)
    return parts


def _parse_event(event: bytes) -> Part | None:
    """None for a comment, for the end, and for nothing."""
    if not event or event.startswith(b":") or event == b"data: [DONE]":
        return None
    if not event.startswith(b"data: ") or b"\n" in event:
        raise NotTheStream(f"not one line of data: {event!r}")
    return check_part(json.loads(event.removeprefix(b"data: ").decode()))


async def parts_of(pieces: AsyncIterable[bytes]) -> Any:
    """Each part as it comes; ends with the stream. Raises NotTheStream."""
    rest = b""
    async for piece in pieces:
        *events, rest = (rest + piece).split(b"\n\n")
        for event in events:
            if (part := _parse_event(event)) is not None:
                yield part
    if rest:
        raise NotTheStream(f"cut: {rest!r}")

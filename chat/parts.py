"""The vocabulary of a generation: AI SDK UI message stream v1 parts, on every transport (docs/protocol.md). Pure.

A part on the wire is a dict; these functions are the only place that spells one. `fold` says what a message is after
some parts: the stored message, a snapshot and the browser's copy all equal it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import orjson

from ai_studio.llm import Question, question_in

Part = dict[str, Any]

TERMINAL = frozenset({"finish", "abort", "error"})
SOURCES = frozenset({"source-url", "source-document"})


def start(message_id: str, metadata: Mapping[str, Any]) -> Part:
    return {"type": "start", "messageId": message_id, "messageMetadata": dict(metadata)}


def start_step() -> Part:
    return {"type": "start-step"}


def finish_step() -> Part:
    return {"type": "finish-step"}


def block_id(kind: str, index: int) -> str:
    """The id of the message's `index`-th block, counted from 1: so the stored message tells the ids of its blocks."""
    return f"{kind[0]}{index}"


def block_start(kind: str, name: str) -> Part:
    """`kind`: "text" or "reasoning"; `name`: the block's id."""
    return {"type": f"{kind}-start", "id": name}


def block_end(kind: str, name: str) -> Part:
    return {"type": f"{kind}-end", "id": name}


def text_delta(name: str, delta: str) -> Part:
    return {"type": "text-delta", "id": name, "delta": delta}


def reasoning_delta(name: str, delta: str) -> Part:
    return {"type": "reasoning-delta", "id": name, "delta": delta}


def tool_input_start(call_id: str, name: str) -> Part:
    return {"type": "tool-input-start", "toolCallId": call_id, "toolName": name, "dynamic": True}


def tool_input_delta(call_id: str, delta: str) -> Part:
    return {"type": "tool-input-delta", "toolCallId": call_id, "inputTextDelta": delta}


def tool_input_end(call_id: str, name: str, raw: str) -> Part:
    """`tool-input-available` with the parsed arguments, or `tool-input-error` when they are not JSON."""
    base = {"toolCallId": call_id, "toolName": name, "dynamic": True}
    try:
        arguments = orjson.loads(raw or "{}")
        # What can be read may still nest too deep to be written, and a frame nests it a few levels deeper.
        orjson.dumps([[[[[[[[arguments]]]]]]]])
    except (orjson.JSONDecodeError, orjson.JSONEncodeError):
        text = "The model wrote arguments that are not JSON."
        return {"type": "tool-input-error", **base, "input": raw, "errorText": text}
    return {"type": "tool-input-available", **base, "input": arguments}


def tool_output(call_id: str, output: Any) -> Part:
    return {"type": "tool-output-available", "toolCallId": call_id, "output": output, "dynamic": True}


def tool_failure(call_id: str, text: str) -> Part:
    return {"type": "tool-output-error", "toolCallId": call_id, "errorText": text, "dynamic": True}


def source(number: int, *, url: str, title: str) -> Part:
    """What the answer rests on, the `number`-th of it: a page, or, without a `url`, a document. Stored as it is streamed."""
    if url:
        return {"type": "source-url", "sourceId": f"source{number}", "url": url, "title": title}
    # The AI SDK wants a media type, and no provider names one.
    return {"type": "source-document", "sourceId": f"source{number}", "mediaType": "text/plain", "title": title}


def attempt(data: Mapping[str, Any]) -> Part:
    return {"type": "data-attempt", "data": dict(data), "transient": True}


def finish(reason: str, metadata: Mapping[str, Any]) -> Part:
    return {"type": "finish", "finishReason": reason, "messageMetadata": dict(metadata)}


def abort(reason: str) -> Part:
    return {"type": "abort", "reason": reason}


def error(data: Mapping[str, Any]) -> list[Part]:
    """The stable code goes in a `data-error`: strict clients accept no other key beside `errorText`."""
    return [
        {"type": "data-error", "data": dict(data), "transient": True},
        {"type": "error", "errorText": data["text"]},
    ]


def transition(kind: str, *, source: str | None, target: str | None) -> Part:
    """The stored part of a transition message. `kind`: "model" or "agent"."""
    return {"type": "data-transition", "data": {"kind": kind, "from": source, "to": target}}


def edited(message_id: str, *, model: str | None) -> Part:
    """The stored part that marks an answer as written anew by hand. `model`: the name of the one that wrote what was edited."""
    return {"type": "data-edited", "data": {"message": message_id, "model": model}}


def file(attachment_id: str, *, name: str, media_type: str, size: int) -> Part:
    """The stored part that names a file of a user's message, never what is in it. `size`: bytes."""
    described = {"filename": name, "mediaType": media_type, "size": size}
    return {"type": "file", "attachment": attachment_id, "url": f"/api/attachments/{attachment_id}", **described}


def files_of(stored: Iterable[Part]) -> list[Part]:
    """The file parts of a message, in their order."""
    return [part for part in stored if part["type"] == "file"]


def sources_of(stored: Iterable[Part]) -> list[Part]:
    """The sources of an answer, in the order in which they were cited."""
    return [part for part in stored if part["type"] in SOURCES]


def with_files(stored: Iterable[Part], copies: Mapping[str, str]) -> list[Part]:
    """The same parts, naming the copies of their files: `copies` has their ids by those of the files."""
    return [
        file(copies[part["attachment"]], name=part["filename"], media_type=part["mediaType"], size=part["size"])
        if part["type"] == "file" and part["attachment"] in copies
        else part
        for part in stored
    ]


def fold(parts: Iterable[Part], before: Iterable[Part] = ()) -> list[Part]:
    """The stored parts after these parts of a stream. `before`: the stored parts where they begin; none at its start."""
    stored = [dict(part) for part in before]
    blocks = {_block_key(part, index): part for index, part in enumerate(stored, start=1)}
    for part in parts:
        _apply(part, stored, blocks)
    return stored


def unsay(parts: Iterable[Part], after: Sequence[Part]) -> list[Part]:
    """The stored parts before these parts of a stream. `after`: the stored parts where they end.

    The inverse of `fold`, but for a tool call whose arguments or result were complete only in `parts`: it stays complete.
    """
    begun: set[tuple[str, str]] = set()
    said: Counter[tuple[str, str]] = Counter()
    for part in parts:
        kind, _, event = part["type"].partition("-")
        key = (kind, part.get("toolCallId") or part.get("id", ""))
        if event in ("start", "input-start"):
            begun.add(key)
        elif part["type"] in SOURCES:
            begun.add((part["type"], part["sourceId"]))
        elif event in ("delta", "input-delta"):
            said[key] += len(part["delta"] if event == "delta" else part["inputTextDelta"])
    return [
        _shortened(part, said[key])
        for index, part in enumerate(after, start=1)
        if (key := _block_key(part, index)) not in begun
    ]


def _block_key(stored: Part, index: int) -> tuple[str, str]:
    """How the parts of a stream name this stored part: tools by their call, sources by their id, others by `index`, which counts from 1."""
    if stored["type"] == "dynamic-tool":
        return "tool", stored["toolCallId"]
    if stored["type"] in SOURCES:
        return stored["type"], stored["sourceId"]
    return stored["type"], block_id(stored["type"], index)


def _shortened(stored: Part, characters: int) -> Part:
    field = "text" if "text" in stored else "rawInput"
    if not characters or field not in stored:
        return stored
    return {**stored, field: stored[field][:-characters]}


def _apply(part: Part, stored: list[Part], blocks: dict[tuple[str, str], Part]) -> None:
    match part["type"]:
        case "text-start" | "reasoning-start":
            kind = part["type"].removesuffix("-start")
            blocks[kind, part["id"]] = block = {"type": kind, "text": ""}
            stored.append(block)
        case "text-delta" | "reasoning-delta":
            blocks[part["type"].removesuffix("-delta"), part["id"]]["text"] += part["delta"]
        case "tool-input-start":
            blocks["tool", part["toolCallId"]] = tool = open_tool(part["toolCallId"], part["toolName"], "")
            stored.append(tool)
        case "tool-input-delta":
            blocks["tool", part["toolCallId"]]["rawInput"] += part["inputTextDelta"]
        case "tool-input-available" | "tool-input-error":
            end_tool(blocks["tool", part["toolCallId"]], part)
        case "tool-output-available" | "tool-output-error":
            answer_tool(blocks["tool", part["toolCallId"]], part)
        case "source-url" | "source-document":
            stored.append(dict(part))
        case _:
            pass  # lifecycle and transient parts leave nothing in the message


def open_tool(call_id: str, name: str, raw: str) -> Part:
    """The stored part of a tool call whose arguments are still coming."""
    return {
        "type": "dynamic-tool",
        "toolCallId": call_id,
        "toolName": name,
        "state": "input-streaming",
        "rawInput": raw,
    }


def end_tool(tool: Part, end: Part) -> None:
    """Completes a stored tool call with its `tool-input-available` or `tool-input-error`."""
    if end["type"] == "tool-input-available":
        del tool["rawInput"]
        tool |= {"state": "input-available", "input": end["input"]}
    else:
        tool |= {"state": "output-error", "rawInput": end["input"], "errorText": end["errorText"]}


def answer_tool(tool: Part, result: Part) -> None:
    """Adds its result to a stored tool call: a `tool-output-available` or `tool-output-error`."""
    if result["type"] == "tool-output-available":
        tool |= {"state": "output-available", "output": result["output"]}
    else:
        tool |= {"state": "output-error", "errorText": result["errorText"]}


def has_result(stored: Part) -> bool:
    """Whether a stored part is a tool call of which it is known what came of it."""
    return stored["type"] == "dynamic-tool" and stored["state"] in ("output-available", "output-error")


def question_of(stored: Part) -> Question | None:
    """What a stored part has put to the person; None for all that is no call of that tool, and for one that failed."""
    if stored["type"] != "dynamic-tool" or stored["state"] != "output-available":
        return None
    return question_in(stored["toolName"], stored.get("input"))


def plain_text(stored: Iterable[Part]) -> str:
    """What models and searches read of a message: its texts and what it asks the person, without reasoning and other tools."""
    return "\n\n".join(text for part in stored if (text := _words(part)))


def _words(stored: Part) -> str:
    if stored["type"] == "text":
        return str(stored["text"])
    question = question_of(stored)
    return question.words if question else ""


def unfold(stored: Iterable[Part]) -> list[Part]:
    """The shortest parts of a stream whose fold is `stored`: for who comes when all is said."""
    news: list[Part] = []
    for index, part in enumerate(stored, start=1):
        if part["type"] == "dynamic-tool":
            call_id, name = part["toolCallId"], part["toolName"]
            raw = part["rawInput"] if "rawInput" in part else orjson.dumps(part["input"]).decode()
            news += [tool_input_start(call_id, name), tool_input_end(call_id, name, raw)]
            if part["state"] == "output-available":
                news.append(tool_output(call_id, part["output"]))
            elif part["state"] == "output-error" and "input" in part:
                news.append(tool_failure(call_id, part["errorText"]))
        elif part["type"] in ("text", "reasoning"):
            kind, name = part["type"], block_id(part["type"], index)
            delta = {"type": f"{kind}-delta", "id": name, "delta": part["text"]}
            news += [block_start(kind, name), delta, block_end(kind, name)]
        elif part["type"] in SOURCES:
            news.append(dict(part))
    return news

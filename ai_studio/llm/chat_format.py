"""A request in OpenAI's chat format, which LiteLLM takes for every provider and translates. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ai_studio.llm.types import CompletionRequest, Message, Tool, WireFormat

JSONObject = dict[str, Any]

THINKING = frozenset({"thinking", "reasoning_effort"})


def messages_of(request: CompletionRequest) -> list[JSONObject]:
    """The instructions first, where there are any; the results of calls right after the message that made them."""
    said: list[JSONObject] = [{"role": "system", "content": request.instructions}] if request.instructions else []
    return said + [each for message in request.messages for each in _messages(message)]


def tools_of(request: CompletionRequest) -> JSONObject:
    """The arguments of a call that say which tools there are; empty where there are none."""
    if not request.tools:
        return {}
    declared: JSONObject = {"tools": [declaration(tool) for tool in request.tools]}
    return declared | {"tool_choice": "none"} if request.is_last_round else declared


def declaration(tool: Tool) -> JSONObject:
    function = {"name": tool.name, "description": tool.description, "parameters": dict(tool.parameters)}
    return {"type": "function", "function": function}


def parameters_of(request: CompletionRequest) -> Mapping[str, Any]:
    """Without those that this request can't take.

    Anthropic wants thoughts back, signed, when a model that thinks goes on after its calls. They are not kept: it goes on
    without thinking.
    """
    goes_on = bool(request.messages and request.messages[-1].calls)
    if not goes_on or request.target.wire_format is not WireFormat.ANTHROPIC:
        return request.parameters
    return {name: value for name, value in request.parameters.items() if name not in THINKING}


def _messages(message: Message) -> Iterator[JSONObject]:
    if not message.calls:
        yield {"role": message.role.value, "content": _content(message)}
        return
    calls = [
        {"id": call.id, "type": "function", "function": {"name": call.name, "arguments": call.arguments}}
        for call in message.calls
    ]
    yield {"role": message.role.value, "content": message.text or None, "tool_calls": calls}
    for call in message.calls:
        yield {"role": "tool", "tool_call_id": call.id, "name": call.name, "content": call.result}


def _content(message: Message) -> str | list[JSONObject]:
    """Text alone, or parts, the pictures before what is asked about them."""
    if not message.images:
        return message.text
    parts: list[JSONObject] = [{"type": "image_url", "image_url": {"url": image.url}} for image in message.images]
    return [*parts, {"type": "text", "text": message.text}] if message.text else parts

"""A request in OpenAI's chat format, which LiteLLM takes for every provider and translates. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import takewhile
from typing import Any

from ai_studio.llm.claude_thinking import THINKING, fitting
from ai_studio.llm.types import (
    SIGNATURE_MARK,
    CompletionRequest,
    Message,
    ModelTarget,
    Role,
    Thought,
    Tool,
    ToolCall,
    WireFormat,
)

JSONObject = dict[str, Any]

TAKES_THOUGHTS = frozenset({"anthropic", "azure_ai", "bedrock", "vertex_ai"})
"""LiteLLM's providers of Claude to whom it hands thoughts on as they were."""


def messages_of(request: CompletionRequest) -> list[JSONObject]:
    """The instructions first, where there are any; the results of calls right after the message that made them."""
    said: list[JSONObject] = [{"role": "system", "content": request.instructions}] if request.instructions else []
    return said + [each for message in request.messages for each in _messages(message, request.target)]


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

    Claude wants the thoughts of an answer back, signed, when it goes on with it while it thinks. Those of an answer that was
    cut off and is continued are gone, and some gateways hand on none: then it goes on without thinking.
    """
    if not _is_claude(request.target):
        return request.parameters
    if _has_lost_thoughts(request):
        return {name: value for name, value in request.parameters.items() if name not in THINKING}
    return fitting(request.parameters)


def _is_claude(target: ModelTarget) -> bool:
    return target.wire_format is WireFormat.ANTHROPIC or "claude" in target.model


def _has_lost_thoughts(request: CompletionRequest) -> bool:
    """Whether an answer is going on that does not begin with thoughts."""
    begun = list(takewhile(lambda message: message.role is Role.ASSISTANT, reversed(request.messages)))
    return bool(begun) and not (begun[-1].thoughts and request.target.provider in TAKES_THOUGHTS)


def _messages(message: Message, target: ModelTarget) -> Iterator[JSONObject]:
    if not message.calls:
        yield {"role": message.role.value, "content": _content(message)}
        return
    calls = [_call(call, target) for call in message.calls]
    said: JSONObject = {"role": message.role.value, "content": message.text or None, "tool_calls": calls}
    if message.thoughts and target.provider in TAKES_THOUGHTS:
        said["thinking_blocks"] = [_thought(each) for each in message.thoughts]
    yield said
    for call in message.calls:
        yield {"role": "tool", "tool_call_id": _id(call, target), "name": call.name, "content": call.result}


def _call(call: ToolCall, target: ModelTarget) -> JSONObject:
    made = {"id": _id(call, target), "type": "function", "function": {"name": call.name, "arguments": call.arguments}}
    if call.signature and target.wire_format is WireFormat.GEMINI:
        return {**made, "provider_specific_fields": {"thought_signature": call.signature}}
    return made


def _id(call: ToolCall, target: ModelTarget) -> str:
    """A signature that came in an id goes back in it: it is known to the same route alone."""
    if call.signature and target.wire_format is not WireFormat.GEMINI:
        return f"{call.id}{SIGNATURE_MARK}{call.signature}"
    return call.id


def _thought(thought: Thought) -> JSONObject:
    if thought.data:
        return {"type": "redacted_thinking", "data": thought.data}
    return {"type": "thinking", "thinking": thought.text, "signature": thought.signature}


def _content(message: Message) -> str | list[JSONObject]:
    """Text alone, or parts, the pictures before what is asked about them."""
    if not message.images:
        return message.text
    parts: list[JSONObject] = [{"type": "image_url", "image_url": {"url": image.url}} for image in message.images]
    return [*parts, {"type": "text", "text": message.text}] if message.text else parts

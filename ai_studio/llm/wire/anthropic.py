"""Anthropic's messages stream: typed events around numbered content blocks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from ai_studio.llm import sources
from ai_studio.llm.events import FinishReason
from ai_studio.llm.types import Thought, Usage
from ai_studio.llm.wire.decoder import StreamDecoder, token_count
from ai_studio.llm.wire.failures import stream_error

FINISH_REASONS: Mapping[str, FinishReason] = {
    "end_turn": FinishReason.STOP,
    "stop_sequence": FinishReason.STOP,
    "max_tokens": FinishReason.LENGTH,
    "model_context_window_exceeded": FinishReason.LENGTH,
    "compaction": FinishReason.LENGTH,
    "tool_use": FinishReason.TOOL_CALLS,
    "refusal": FinishReason.CONTENT_FILTER,
}

# Anthropic counts the input in three parts; cached tokens are not in the first.
INPUT_COUNTS = ("input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens")


@dataclass(slots=True)
class _ToolBlock:
    index: int
    input: dict[str, Any]
    has_arguments: bool = False


@dataclass(slots=True)
class _ThinkingBlock:
    """Its words are shown as they come, and kept: they go back together with the signature, which comes last."""

    words: list[str] = field(default_factory=list)
    signature: str = ""


class AnthropicDecoder(StreamDecoder):
    """Blocks of tools that Anthropic runs itself (`server_tool_use`) are not calls to us and are passed over."""

    def __init__(self) -> None:
        super().__init__()
        self._counts: dict[str, Any] = {}
        self._tool_count = 0
        self._tool_blocks: dict[int, _ToolBlock] = {}
        self._thinking_blocks: dict[int, _ThinkingBlock] = {}

    def _decode(self, event: dict[str, Any]) -> None:
        match event["type"]:
            case "content_block_delta":
                self._block_delta(event)
            case "content_block_start":
                self._block_start(event)
            case "content_block_stop":
                self._block_stop(event)
            case "message_start":
                self._message_start(event)
            case "message_delta":
                self._message_delta(event)
            case "message_stop":
                self._finish()
            case "error":
                raise stream_error(event)

    def _block_delta(self, event: dict[str, Any]) -> None:
        delta = event["delta"]
        if text := delta.get("text"):
            self._text(text)
        elif thinking := delta.get("thinking"):
            self._reasoning(thinking)
            if (thought := self._thinking_blocks.get(event["index"])) is not None:
                thought.words.append(thinking)
        elif signature := delta.get("signature"):
            if (thought := self._thinking_blocks.get(event["index"])) is not None:
                thought.signature += signature
        elif fragment := delta.get("partial_json"):
            block = self._tool_blocks.get(event["index"])
            if block is not None:
                block.has_arguments = True
                self._tool_call(block.index, "", "", fragment)
        elif citation := delta.get("citation"):
            self._cite(sources.of_anthropic(citation))

    def _block_start(self, event: dict[str, Any]) -> None:
        block = event["content_block"]
        if block["type"] == "tool_use":
            self._tool_blocks[event["index"]] = _ToolBlock(self._tool_count, block.get("input") or {})
            self._tool_call(self._tool_count, block["id"], block["name"], "")
            self._tool_count += 1
        elif block["type"] == "thinking":
            self._thinking_blocks[event["index"]] = _ThinkingBlock()
        elif block["type"] == "redacted_thinking":
            self._thought(Thought("", "", block["data"]))
        elif text := block.get("text"):
            self._text(text)

    def _block_stop(self, event: dict[str, Any]) -> None:
        thinking = self._thinking_blocks.pop(event["index"], None)
        if thinking is not None and thinking.signature:
            self._thought(Thought("".join(thinking.words), thinking.signature))
        block = self._tool_blocks.pop(event["index"], None)
        if block is not None and not block.has_arguments:
            self._tool_call(block.index, "", "", orjson.dumps(block.input).decode())

    def _message_start(self, event: dict[str, Any]) -> None:
        message = event["message"]
        self._start(str(message.get("model") or ""), str(message.get("id") or ""))
        self._count(message.get("usage"))

    def _message_delta(self, event: dict[str, Any]) -> None:
        if reason := event["delta"].get("stop_reason"):
            self._reason = FINISH_REASONS.get(reason, FinishReason.OTHER)
        self._count(event.get("usage"))

    def _count(self, usage: dict[str, Any] | None) -> None:
        # The counts are cumulative, and the later event may leave out what the first one said.
        if not usage:
            return
        self._counts.update({name: count for name, count in usage.items() if count is not None})
        inputs = [token_count(self._counts.get(name)) for name in INPUT_COUNTS]
        details = self._counts.get("output_tokens_details") or {}
        self._usage = Usage(
            input_tokens=sum(count or 0 for count in inputs) if any(count is not None for count in inputs) else None,
            output_tokens=token_count(self._counts.get("output_tokens")),
            cached_tokens=token_count(self._counts.get("cache_read_input_tokens")),
            reasoning_tokens=token_count(details.get("thinking_tokens")),
        )

"""OpenAI's chat completions stream, as OpenAI and the servers that imitate it send it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ai_studio.llm import sources
from ai_studio.llm.events import FinishReason
from ai_studio.llm.types import SIGNATURE_MARK, Usage
from ai_studio.llm.wire.decoder import StreamDecoder, token_count
from ai_studio.llm.wire.failures import stream_error

FINISH_REASONS: Mapping[str, FinishReason] = {
    "stop": FinishReason.STOP,
    "length": FinishReason.LENGTH,
    "content_filter": FinishReason.CONTENT_FILTER,
    "tool_calls": FinishReason.TOOL_CALLS,
    "function_call": FinishReason.TOOL_CALLS,
}


class OpenAIDecoder(StreamDecoder):
    """The usage comes in an event of its own after the finish reason, or never: the end is `[DONE]` or the stream's end."""

    def __init__(self) -> None:
        super().__init__()
        self._calls: set[int] = set()

    def _take_in(self, payload: bytes) -> None:
        if payload == b"[DONE]":
            self._finish()
        else:
            super()._take_in(payload)

    def _decode(self, event: dict[str, Any]) -> None:
        if event.get("error"):
            raise stream_error(event)
        if usage := event.get("usage"):
            self._usage = _usage(usage)
        if choices := event.get("choices"):
            self._decode_choice(event, choices[0])
        if usage or self._reason is not None:
            self._decode_search(event)

    def _decode_choice(self, event: dict[str, Any], choice: dict[str, Any]) -> None:
        if not self._is_started:
            self._start(str(event.get("model") or ""), str(event.get("id") or ""))
        if delta := choice.get("delta"):
            self._decode_delta(delta)
        if reason := choice.get("finish_reason"):
            self._reason = FINISH_REASONS.get(reason, FinishReason.OTHER)

    def _decode_delta(self, delta: dict[str, Any]) -> None:
        if reasoning := delta.get("reasoning_content") or delta.get("reasoning"):
            self._reasoning(reasoning)
        if content := delta.get("content"):
            if isinstance(content, str):
                self._text(content)
            else:
                self._decode_blocks(content)
        if refusal := delta.get("refusal"):
            self._text(refusal)
        for call in delta.get("tool_calls") or ():
            self._decode_call(call)
        if annotations := delta.get("annotations"):
            for annotation in annotations:
                self._cite(sources.of_openai(annotation))

    def _decode_search(self, event: dict[str, Any]) -> None:
        """Perplexity and xAI name their sources beside the choices, at the latest where they count tokens or finish."""
        for result in event.get("search_results") or ():
            self._cite(sources.page(result.get("url"), result.get("title")))
        for url in event.get("citations") or ():
            self._cite(sources.page(url))

    def _decode_blocks(self, blocks: list[dict[str, Any]]) -> None:
        """Mistral's reasoning models send blocks of text and of thinking in place of a string."""
        for block in blocks:
            if block["type"] == "text":
                self._text(block["text"])
            elif block["type"] == "thinking":
                for thought in block["thinking"]:
                    self._reasoning(thought.get("text") or "")

    def _decode_call(self, call: dict[str, Any]) -> None:
        function = call.get("function") or {}
        index = int(call.get("index") or 0)
        arguments = function.get("arguments") or ""
        if index not in self._calls:
            self._calls.add(index)
            call_id, _, signature = (call.get("id") or "").partition(SIGNATURE_MARK)
            self._tool_call(index, call_id, function.get("name") or "", arguments, signature)
        elif arguments:
            self._tool_call(index, "", "", arguments)


def _usage(usage: dict[str, Any]) -> Usage:
    prompt = usage.get("prompt_tokens_details") or {}
    completion = usage.get("completion_tokens_details") or {}
    input_tokens, output_tokens = token_count(usage.get("prompt_tokens")), token_count(usage.get("completion_tokens"))
    reasoning_tokens = token_count(completion.get("reasoning_tokens"))
    # xAI counts the reasoning beside the completion, OpenAI within it: only the total tells which.
    if reasoning_tokens and (input_tokens or 0) + (output_tokens or 0) + reasoning_tokens == usage.get("total_tokens"):
        output_tokens = (output_tokens or 0) + reasoning_tokens
    return Usage(input_tokens, output_tokens, token_count(prompt.get("cached_tokens")), reasoning_tokens)

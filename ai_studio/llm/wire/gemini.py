"""Gemini's `streamGenerateContent?alt=sse`: each event is a piece of the whole answer, and no event says that it is the last."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from ai_studio.llm import sources
from ai_studio.llm.events import FinishReason
from ai_studio.llm.types import Usage
from ai_studio.llm.wire.decoder import StreamDecoder, token_count
from ai_studio.llm.wire.failures import stream_error

FINISH_REASONS: Mapping[str, FinishReason] = {
    "STOP": FinishReason.STOP,
    "MAX_TOKENS": FinishReason.LENGTH,
    "SAFETY": FinishReason.CONTENT_FILTER,
    "RECITATION": FinishReason.CONTENT_FILTER,
    "LANGUAGE": FinishReason.CONTENT_FILTER,
    "BLOCKLIST": FinishReason.CONTENT_FILTER,
    "PROHIBITED_CONTENT": FinishReason.CONTENT_FILTER,
    "SPII": FinishReason.CONTENT_FILTER,
    "IMAGE_SAFETY": FinishReason.CONTENT_FILTER,
    "IMAGE_PROHIBITED_CONTENT": FinishReason.CONTENT_FILTER,
    "IMAGE_RECITATION": FinishReason.CONTENT_FILTER,
}


class GeminiDecoder(StreamDecoder):
    """The end is the end of the stream: usage and metadata may follow the finish reason."""

    def __init__(self) -> None:
        super().__init__()
        self._completion_id = ""
        self._call_count = 0

    def _decode(self, event: dict[str, Any]) -> None:
        if event.get("error"):
            raise stream_error(event)
        if not self._is_started:
            self._completion_id = str(event.get("responseId") or "")
            self._start(str(event.get("modelVersion") or ""), self._completion_id)
        if usage := event.get("usageMetadata"):
            self._usage = _usage(usage)
        if (event.get("promptFeedback") or {}).get("blockReason"):
            self._reason = FinishReason.CONTENT_FILTER
        for candidate in (event.get("candidates") or ())[:1]:
            self._decode_candidate(candidate)

    def _decode_candidate(self, candidate: dict[str, Any]) -> None:
        for part in (candidate.get("content") or {}).get("parts") or ():
            if text := part.get("text"):
                if part.get("thought"):
                    self._reasoning(text)
                else:
                    self._text(text)
            elif call := part.get("functionCall"):
                self._decode_call(call, part.get("thoughtSignature"))
        if grounding := candidate.get("groundingMetadata"):
            for chunk in grounding.get("groundingChunks") or ():
                if web := chunk.get("web"):
                    self._cite(sources.page(web.get("uri"), web.get("title")))
        if reason := candidate.get("finishReason"):
            self._reason = FINISH_REASONS.get(reason, FinishReason.OTHER)
        if self._call_count and self._reason is FinishReason.STOP:
            self._reason = FinishReason.TOOL_CALLS

    def _decode_call(self, call: dict[str, Any], signature: str | None) -> None:
        # Older models give their calls no id; the completion's id makes ours unique beyond this completion.
        call_id = call.get("id") or f"call_{self._completion_id}_{self._call_count}"
        arguments = orjson.dumps(call.get("args") or {}).decode()
        self._tool_call(self._call_count, call_id, call["name"], arguments, signature or "")
        self._call_count += 1


def _usage(usage: dict[str, Any]) -> Usage:
    prompt = token_count(usage.get("promptTokenCount")) or 0
    tool_use = token_count(usage.get("toolUsePromptTokenCount")) or 0
    candidates = token_count(usage.get("candidatesTokenCount")) or 0
    thoughts = token_count(usage.get("thoughtsTokenCount"))
    # Some models count the thoughts among the candidates' tokens, others beside them: only the total tells which.
    is_inclusive = prompt + tool_use + candidates == usage.get("totalTokenCount")
    return Usage(
        input_tokens=prompt + tool_use,
        output_tokens=candidates if is_inclusive else candidates + (thoughts or 0),
        cached_tokens=token_count(usage.get("cachedContentTokenCount")),
        reasoning_tokens=thoughts,
    )

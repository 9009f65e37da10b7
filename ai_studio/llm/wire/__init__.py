"""Pure decoders of the streaming formats that we read ourselves: bytes in, completion events out."""

from __future__ import annotations

from collections.abc import Mapping

from ai_studio.llm.types import WireFormat
from ai_studio.llm.wire.anthropic import AnthropicDecoder
from ai_studio.llm.wire.decoder import StreamDecoder
from ai_studio.llm.wire.gemini import GeminiDecoder
from ai_studio.llm.wire.openai import OpenAIDecoder

DECODERS: Mapping[WireFormat, type[StreamDecoder]] = {
    WireFormat.OPENAI: OpenAIDecoder,
    WireFormat.ANTHROPIC: AnthropicDecoder,
    WireFormat.GEMINI: GeminiDecoder,
}

__all__ = ["DECODERS", "AnthropicDecoder", "GeminiDecoder", "OpenAIDecoder", "StreamDecoder"]

"""The corpus as values: every stream with its format, and the provider that is asked for it. See README.md here."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ai_studio.llm.events import CompletionEvent
from ai_studio.llm.types import WireFormat
from ai_studio.llm.wire import DECODERS

# What each format's base URL ends with, as LiteLLM wants it.
BASE_PATHS = {"openai": "/v1", "anthropic": "", "gemini": "/v1beta"}

_OTHER_PROVIDERS = ("deepseek", "groq", "hosted_vllm", "mistral", "openrouter", "xai")


@dataclass(frozen=True)
class Stream:
    """One answer's body. `name` is "format/file"."""

    name: str
    format: str
    provider: str
    body: bytes

    def decoded(self) -> list[CompletionEvent]:
        """Our decoder's events, from the whole body at once."""
        decoder = DECODERS[WireFormat(self.format)]()
        return [*decoder.feed(self.body), *decoder.close()]


def _stream(path: Path) -> Stream:
    wire_format = path.parent.name
    beginning = path.stem.split("-", 1)[0]
    provider = beginning if beginning in _OTHER_PROVIDERS else wire_format
    return Stream(f"{wire_format}/{path.stem}", wire_format, provider, path.read_bytes())


STREAMS = {stream.name: stream for stream in map(_stream, sorted(Path(__file__).parent.glob("*/*.sse")))}

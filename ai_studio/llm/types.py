"""The nouns of a model call: pure values, no Django, no LiteLLM, no identity in a database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import orjson


class Role(StrEnum):
    """Who speaks in a message that is sent to a model. Instructions travel apart, in `CompletionRequest.instructions`."""

    USER = "user"
    ASSISTANT = "assistant"


class WireFormat(StrEnum):
    """The streaming format of a provider's answer. `OTHER` is read through LiteLLM's own iterator."""

    OPENAI = "openai"
    ANTHROPIC = "anthropic"
    GEMINI = "gemini"
    OTHER = "other"


class Secret:
    """A provider token that does not print: only `reveal()` gives it, and only the call itself reveals it."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        return self._value

    def __bool__(self) -> bool:
        return bool(self._value)

    def __repr__(self) -> str:
        return "Secret('**********')"

    __str__ = __repr__


@dataclass(frozen=True, slots=True)
class Image:
    """A picture for a model that sees: a PNG or JPEG as a `data:` URL."""

    url: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool that a model may call. `parameters`: the JSON schema of its arguments, an object's."""

    name: str
    description: str
    parameters: Mapping[str, Any]


SIGNATURE_MARK = "__thought__"
"""LiteLLM, and a proxy of its kind, put it between a call's id and its signature, and look for it there."""


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A call that was made, with its result: one without the other is refused by every provider, so they travel as one.

    `arguments`: a JSON object as text. `result`: what the model is told. `signature`: of a call of the answer that is going
    on, which Gemini wants back with it.
    """

    id: str
    name: str
    arguments: str
    result: str
    signature: str = field(default="", repr=False)

    @classmethod
    def answered(
        cls, call_id: str, name: str, arguments: Any, written: str, result: Any, signature: str = ""
    ) -> ToolCall:
        """`arguments` as they were read, `written` as the model wrote them, `result` a text or a JSON value.

        What was written in place of a JSON object goes back in the result: providers want an object.
        """
        text = result if isinstance(result, str) else orjson.dumps(result).decode()
        if not isinstance(arguments, Mapping):
            arguments, text = {}, f"{text} It wrote: {written}"
        return cls(call_id, name, orjson.dumps(arguments).decode(), text, signature)


@dataclass(frozen=True, slots=True)
class Thought:
    """What a model thought before it called tools, as its provider wants it back with the results: to the letter, and signed.

    `data` stands in place of `text` and `signature` where nobody but the provider can read it.
    """

    text: str = field(repr=False)
    signature: str = field(repr=False)
    data: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of the history as a model sees it: text, already cleaned of everything else, and what goes with it.

    A user's message with pictures may have no text, nor may an assistant's with calls, which follow its text. `thoughts`: of a
    round of the answer that is going on, before its text; those of earlier answers are nobody's any more.
    """

    role: Role
    text: str
    images: tuple[Image, ...] = ()
    calls: tuple[ToolCall, ...] = ()
    thoughts: tuple[Thought, ...] = ()


# LiteLLM's names of what a provider may be told with each call besides an address and a token. None of it is a secret,
# and none can lead a call elsewhere than to the same vendor.
OPTIONS = frozenset(
    {
        "api_version",
        "aws_region_name",
        "organization",
        "project_id",
        "space_id",
        "vertex_location",
        "vertex_project",
    }
)


@dataclass(frozen=True, slots=True)
class ModelTarget:
    """Where one completion goes: LiteLLM's provider key and model id, the address, and the key to it.

    `provider` is LiteLLM's provider key ("openai", "anthropic", "gemini", "mistral", ...); `model` is the id within that
    provider, without the provider's prefix. `base_url` is None for the provider's own address. `options`: see OPTIONS.
    """

    provider: str
    model: str
    token: Secret = field(default_factory=lambda: Secret(""))
    base_url: str | None = None
    options: Mapping[str, str] = field(default_factory=dict)

    @property
    def wire_format(self) -> WireFormat:
        return WIRE_FORMATS.get(self.provider, WireFormat.OTHER)


# LiteLLM provider keys whose streams we decode ourselves; every other provider goes through LiteLLM's iterator. Those that
# send OpenAI's format are here where LiteLLM reads them with its common reader, or one whose difference our decoder knows.
WIRE_FORMATS: Mapping[str, WireFormat] = {
    "anthropic": WireFormat.ANTHROPIC,
    "gemini": WireFormat.GEMINI,
    "vertex_ai": WireFormat.GEMINI,  # its models by Google; others answer at another path, which LiteLLM reads
    **dict.fromkeys(
        (
            *(
                "ai21_chat",
                "aiml",
                "baseten",
                "cerebras",
                "codestral",
                "custom_openai",
                "dashscope",
                "deepinfra",
                "deepseek",
            ),
            *(
                "featherless_ai",
                "friendliai",
                "github",
                "groq",
                "hosted_vllm",
                "hyperbolic",
                "lambda_ai",
                "litellm_proxy",
            ),
            *(
                "llamafile",
                "lm_studio",
                "meta_llama",
                "mistral",
                "moonshot",
                "nebius",
                "novita",
                "nvidia_nim",
                "openai",
            ),
            *(
                "openrouter",
                "perplexity",
                "sambanova",
                "together_ai",
                "v0",
                "vercel_ai_gateway",
                "volcengine",
                "xai",
                "zai",
            ),
        ),
        WireFormat.OPENAI,
    ),
}


@dataclass(frozen=True, slots=True)
class CompletionRequest:
    """All that one provider call needs. `parameters` are LiteLLM's OpenAI-style names (temperature, max_tokens, ...).

    `is_last_round`: the tools are declared, since the messages hold calls of them, and the model is told to call none.
    """

    target: ModelTarget
    instructions: str
    messages: tuple[Message, ...]
    parameters: Mapping[str, Any] = field(default_factory=dict)
    tools: tuple[Tool, ...] = ()
    is_last_round: bool = False


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens that the provider counted for one completion. None means that it did not say.

    `input_tokens` includes the cached ones; `output_tokens` includes the reasoning ones.
    """

    input_tokens: int | None = None
    output_tokens: int | None = None
    cached_tokens: int | None = None
    reasoning_tokens: int | None = None

    def __add__(self, other: Usage) -> Usage:
        """Of both completions together. What one of them did not say counts as nothing."""
        return Usage(
            _sum(self.input_tokens, other.input_tokens),
            _sum(self.output_tokens, other.output_tokens),
            _sum(self.cached_tokens, other.cached_tokens),
            _sum(self.reasoning_tokens, other.reasoning_tokens),
        )


def _sum(one: int | None, other: int | None) -> int | None:
    return other if one is None else one if other is None else one + other

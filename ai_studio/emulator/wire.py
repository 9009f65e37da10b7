"""What the three wire formats have in common: the interface that the server plays a script through."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple, Protocol

import orjson

from ai_studio.emulator.completions import Answer, CompletionRequest, ProviderError

JSONObject = Mapping[str, object]


class Event(NamedTuple):
    """One event as it goes over the wire. Tokens wait for their turn; the events that close an answer say why it ends."""

    data: bytes
    is_token: bool = False
    closes: bool = False


class InvalidBody(ValueError):
    """The body of a request is not what the format asks for; the text says what is wrong."""


class Wire(Protocol):
    """A provider's streaming format."""

    def api_key(self, headers: Mapping[str, str], query: Mapping[str, str]) -> str:
        """The key that came with a request, empty when there was none."""
        ...

    def parse(self, body: object, api_key: str, route: Mapping[str, str]) -> CompletionRequest:
        """The request in `body`; raises `InvalidBody`."""
        ...

    def events(self, request: CompletionRequest, answer: Answer) -> Iterator[Event]:
        """The whole stream of `answer`."""
        ...

    def body(self, request: CompletionRequest, answer: Answer) -> JSONObject:
        """The answer to a request that is not streamed."""
        ...

    def error(self, error: ProviderError, request: CompletionRequest) -> tuple[int, JSONObject]:
        """Status and body of an error answer."""
        ...

    def error_event(self, request: CompletionRequest) -> bytes:
        """The event that tells of an overload in mid-stream."""
        ...

    def models(self, names: tuple[str, ...]) -> JSONObject:
        """The list of models."""
        ...


def sse(data: JSONObject, event: str = "") -> bytes:
    """One server-sent event."""
    name = f"event: {event}\n".encode() if event else b""
    return name + b"data: " + orjson.dumps(data) + b"\n\n"


def token_encoder(make: Callable[[str], JSONObject], event: str = "") -> Callable[[str], bytes]:
    """A fast form of `sse(make(token), event)`: all that does not depend on the token is encoded once."""
    mark = "\N{WHITE SQUARE}mark\N{WHITE SQUARE}"
    before, _, after = sse(make(mark), event).partition(orjson.dumps(mark))
    dumps = orjson.dumps
    return lambda token: before + dumps(token) + after


def json_object(value: object) -> JSONObject:
    """`value` when it is a JSON object; raises `InvalidBody`."""
    if not isinstance(value, dict):
        raise InvalidBody("The body must be a JSON object.")
    return value


def text_of(content: object) -> str:
    """The text of a message's content: a string, or a list of parts of which only some have text."""
    if isinstance(content, str):
        return content
    if not isinstance(content, list):
        return ""
    texts = [part if isinstance(part, str) else part.get("text") for part in content if isinstance(part, str | dict)]
    return "\n".join(text for text in texts if isinstance(text, str))


def objects(value: object) -> list[dict[str, object]]:
    """The JSON objects in `value`, which should be a list of them."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def count_words(text: str) -> int:
    """The number of tokens of `text`, as the emulator counts."""
    return len(text.split())

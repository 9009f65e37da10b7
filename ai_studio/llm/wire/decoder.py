"""What the three decoders share: from bytes to events, deltas merged, one end, no error without what came before it."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from typing import Any

import orjson

from ai_studio.llm.errors import ConnectionFailed, LLMError, MalformedResponse
from ai_studio.llm.events import (
    CompletionEvent,
    Finished,
    FinishReason,
    ReasoningDelta,
    SourceCited,
    Started,
    TextDelta,
    ToolCallDelta,
)
from ai_studio.llm.sources import Sources
from ai_studio.llm.types import Thought, Usage
from ai_studio.llm.wire.sse import SSEReader


class StreamDecoder(ABC):
    """One provider's stream, from its bytes to our events.

    `feed` each piece of the body, `close` at its end; after either, look at `error` and `finished`. An error never costs
    the events before it: it is kept in `error`, not raised, so that the caller can deliver those first. Once one of the
    two is set, nothing more comes. Consecutive text deltas (or reasoning deltas) of one piece come as one event.
    """

    def __init__(self) -> None:
        self.error: LLMError | None = None
        self.finished = False
        self._reader = SSEReader()
        self._events: list[CompletionEvent] = []
        # Not yet known to be text: a provider may send anything in its place.
        self._texts: list[Any] = []
        self._texts_are_reasoning = False
        self._sources = Sources()
        self._is_started = False
        self._reason: FinishReason | None = None
        self._usage = Usage()

    def feed(self, data: bytes) -> list[CompletionEvent]:
        """The events that `data` completes, in the provider's order; empty when it completes none."""
        if self.finished or self.error is not None:
            return []
        try:
            self._decode_all(self._reader.feed(data))
        except LLMError as error:
            self.error = error
        return self._take()

    def close(self) -> list[CompletionEvent]:
        """The events that only the end of the stream completes.

        A stream that ends before its finish sets `error`: `ConnectionFailed` when it was a stream of this format at all,
        `MalformedResponse` when nothing of it was.
        """
        if self.finished or self.error is not None:
            return []
        try:
            self._decode_last(self._reader.flush())
        except LLMError as error:
            self.error = error
        return self._take()

    def _take_in(self, payload: bytes) -> None:
        self._decode(parse_object(payload))

    @abstractmethod
    def _decode(self, event: dict[str, Any]) -> None:
        """Take in one event of the stream."""

    def _decode_all(self, payloads: list[bytes]) -> None:
        try:
            for payload in payloads:
                self._take_in(payload)
                if self.finished:
                    return
            self._merge_texts()
        except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
            self._texts = [text for text in self._texts if isinstance(text, str)]
            raise MalformedResponse("an event of the stream is not in the provider's format") from error

    def _decode_last(self, payloads: list[bytes]) -> None:
        try:
            self._decode_all(payloads)
        except MalformedResponse:
            # The last event was cut in its middle: that the stream ended early says more than that its JSON is broken.
            if not self._is_started:
                raise
        if self.finished:
            return
        if self._reason is not None:
            self._finish()
        elif self._is_started:
            raise ConnectionFailed("the stream ended before its finish")
        else:
            raise MalformedResponse("the answer is not a stream of the provider's format")

    def _start(self, model: str, completion_id: str) -> None:
        self._is_started = True
        self._events.append(Started(model, completion_id))

    def _text(self, text: str) -> None:
        if self._texts_are_reasoning:
            self._merge_texts()
            self._texts_are_reasoning = False
        self._texts.append(text)

    def _reasoning(self, text: str) -> None:
        if not self._texts_are_reasoning:
            self._merge_texts()
            self._texts_are_reasoning = True
        self._texts.append(text)

    def _thought(self, thought: Thought) -> None:
        self._merge_texts()
        "".join((thought.text, thought.signature, thought.data))
        self._events.append(thought)

    def _tool_call(self, index: int, call_id: str, name: str, arguments: str, signature: str = "") -> None:
        self._merge_texts()
        # Joining them refuses what is not text, before anything downstream has to.
        "".join((call_id, name, arguments, signature))
        self._events.append(ToolCallDelta(index, call_id, name, arguments, signature))

    def _cite(self, source: SourceCited | None) -> None:
        if new := self._sources.new(source):
            self._merge_texts()
            self._events.append(new)

    def _finish(self) -> None:
        self._merge_texts()
        self.finished = True
        # A provider that says that it is done, but not why, has stopped by itself.
        self._events.append(Finished(self._reason or FinishReason.STOP, self._usage))

    def _merge_texts(self) -> None:
        if self._texts:
            text = "".join(self._texts)
            self._events.append(ReasoningDelta(text) if self._texts_are_reasoning else TextDelta(text))
            self._texts = []

    def _take(self) -> list[CompletionEvent]:
        self._merge_texts()
        events, self._events = self._events, []
        return events


def token_count(value: Any) -> int | None:
    """A count of a usage object; None where the provider gave none, or something else."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if isinstance(value, int) else None


def parse_object(payload: bytes) -> dict[str, Any]:
    """The JSON object in `payload`. Raises `MalformedResponse`."""
    try:
        event = orjson.loads(payload)
    except orjson.JSONDecodeError:
        event = _parse_leniently(payload)
    if not isinstance(event, dict):
        raise MalformedResponse("an event of the stream is not a JSON object")
    return event


def _parse_leniently(payload: bytes) -> Any:
    """JSON that only the standard library takes: NaN, half a surrogate pair, bytes that are not UTF-8.

    What can't be text becomes U+FFFD, so that no event carries a string that can't be encoded.
    """
    try:
        event = json.loads(payload.decode("utf-8", "replace"), strict=False)
        text = json.dumps(event, ensure_ascii=False).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise MalformedResponse("an event of the stream is not JSON") from error

"""How each row is talked to: the frame that asks for an answer, and what a frame of the answer says."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from typing import Any, NamedTuple, Protocol

import orjson

from benchmarks.figures import Seat


class Heard(NamedTuple):
    """What one frame said. `problem`: the server's own words, where it refused or failed."""

    text: str = ""
    is_end: bool = False
    problem: str = ""
    reply: str = ""
    """A frame that the server wants to have back."""
    is_following: bool = False
    """The server knows now that this tab follows the next answer."""


class Conversation(Protocol):
    """One seat's side of the protocol."""

    def follow(self) -> str:
        """The frame with which a second tab asks to hear the next answer, too."""

    def ask(self, prompt: str) -> str:
        """The frame that asks for an answer."""

    def hear(self, frame: str) -> Heard:
        """Reads a frame."""


class StudioConversation:
    """docs/protocol.md: each prompt opens an empty session of its own, so that no answer has a longer history.

    A second tab has a conversation of its own, in which it follows the sessions that the first one opens.
    """

    def __init__(self, seat: Seat) -> None:
        self._sessions = iter(seat.sessions)
        self._session = ""
        self._command = ""
        self._generation = ""
        self._seq = 0
        self._unacknowledged, self._acknowledged_at = 0, 0.0

    def follow(self) -> str:
        self._begin()
        return self._frame("subscribe", generation=None, after=None)

    def ask(self, prompt: str) -> str:
        self._begin()
        return self._frame("send", parent=None, text=prompt)

    def _begin(self) -> None:
        self._session, self._command = next(self._sessions), secrets.token_urlsafe(16)
        self._generation, self._seq, self._unacknowledged = "", 0, 0
        self._acknowledged_at = time.monotonic()

    def _frame(self, kind: str, **fields: Any) -> str:
        return orjson.dumps({"type": kind, "id": self._command, "session": self._session, **fields}).decode()

    def hear(self, frame: str) -> Heard:
        news = orjson.loads(frame)
        match news["type"]:
            case "parts" if news["generation"] == self._generation and news["seq"] > self._seq:
                return self._hear_parts(news, len(frame))
            case "ack" if news["id"] == self._command:
                self._generation = news["result"]["generation"] or ""
                return Heard(is_following=not self._generation)
            case "session" if news["session"]["id"] == self._session and not self._generation:
                self._generation = news["session"]["generation"] or ""
            case "error" if news["id"] in (self._command, None):
                return Heard(is_end=True, problem=frame)
        return Heard()

    def _hear_parts(self, news: dict[str, Any], size: int) -> Heard:
        if news["after"] != self._seq:
            return Heard(is_end=True, problem=f"a gap: after {self._seq} came {news['after']}")
        self._seq = news["seq"]
        parts = news["parts"]
        text = "".join([part["delta"] for part in parts if part["type"] == "text-delta"])
        failed = any(part["type"] in ("error", "abort", "data-error", "data-attempt") for part in parts)
        problem = orjson.dumps(parts).decode() if failed else ""
        return Heard(text, parts[-1]["type"] in LAST_PARTS, problem, self._acknowledge(size))

    def _acknowledge(self, size: int) -> str:
        """As the page does it: every 64 KiB, and every two seconds while something comes."""
        self._unacknowledged += size
        now = time.monotonic()
        if self._unacknowledged < ACKNOWLEDGE_BYTES and now - self._acknowledged_at < ACKNOWLEDGE_SECONDS:
            return ""
        self._unacknowledged, self._acknowledged_at = 0, now
        return orjson.dumps({"type": "acknowledge", "generation": self._generation, "seq": self._seq}).decode()


ACKNOWLEDGE_BYTES, ACKNOWLEDGE_SECONDS = 64 * 1024, 2.0
LAST_PARTS = frozenset({"finish", "abort", "error"})


class RelayConversation:
    """A frame is a token; the empty one is the end."""

    def __init__(self, seat: Seat) -> None:
        pass

    def follow(self) -> str:
        raise NotImplementedError("nobody else hears a relay's answer")

    def ask(self, prompt: str) -> str:
        return prompt

    def hear(self, frame: str) -> Heard:
        return Heard(frame, not frame)


class NaiveConversation:
    """A JSON object for each token, and one for the end."""

    def __init__(self, seat: Seat) -> None:
        pass

    def follow(self) -> str:
        raise NotImplementedError("no row has a second tab of this one")

    def ask(self, prompt: str) -> str:
        return orjson.dumps({"prompt": prompt}).decode()

    def hear(self, frame: str) -> Heard:
        news = orjson.loads(frame)
        return Heard(news.get("token", ""), news["type"] == "done")


CONVERSATIONS: dict[str, Callable[[Seat], Conversation]] = {
    "studio": StudioConversation,
    "naive": NaiveConversation,
    "relay": RelayConversation,
}

"""An answer as a page shows it: folded from frames by the rules of docs/protocol.md. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Frame = dict[str, Any]
Part = dict[str, Any]

FINAL = frozenset({"completed", "stopped", "failed", "interrupted"})


class Gap(Exception):
    """Frames are missing before this one: it must not be applied."""


@dataclass
class Answer:
    """What one tab has of one generation."""

    generation: str
    session: str
    message: str = ""
    """The id of its message, once it is known."""
    seq: int = 0
    parts: list[Part] = field(default_factory=list)
    status: str = "pending"
    reason: str = ""
    """The code of the error that ended it."""
    attempts: list[Part] = field(default_factory=list)
    """What was tried before the first token, as `data-attempt` told it."""
    snapshots: int = 0
    _open: dict[str, int] = field(default_factory=dict)

    @property
    def has_ended(self) -> bool:
        return self.status in FINAL

    @property
    def text(self) -> str:
        return "".join(part["text"] for part in self.parts if part["type"] == "text")

    def apply_parts(self, frame: Frame) -> bool:
        """False for one that is known already. Raises Gap."""
        if frame["seq"] <= self.seq:
            return False
        if frame["after"] != self.seq:
            raise Gap(f"{self.generation} is at {self.seq}, and {frame['after']} came")
        assert not self.has_ended, f"nothing may follow the end: {frame}"
        for part in frame["parts"]:
            self._apply(part)
        self.seq = frame["seq"]
        return True

    def apply_snapshot(self, frame: Frame) -> None:
        message = frame["message"]
        self.seq, self.parts, self._open = frame["seq"], message["parts"], {}
        self.message = message["id"]
        self.status = message["generation"]["status"]
        self.reason = (message["generation"]["error"] or {}).get("code", "")
        self.snapshots += 1

    def _apply(self, part: Part) -> None:
        kind = part["type"]
        match kind:
            case "text-start" | "reasoning-start":
                self._begin(kind.removesuffix("-start"), part["id"])
            case "text-delta" | "reasoning-delta":
                self._grow(kind.removesuffix("-delta"), part["id"], part["delta"])
            case "data-attempt":
                self.attempts.append(part["data"])
            case "data-error":
                self.reason = part["data"]["code"]
            case "finish":
                self.status = "completed"
            case "abort":
                self.status = part["reason"]
            case "error":
                self.status = "failed"
            case "start":
                self.message = part["messageId"]
            case "start-step" | "finish-step" | "text-end" | "reasoning-end":
                pass
            case _:
                raise AssertionError(f"a part that no test asked for: {part}")

    def _begin(self, kind: str, block: str) -> None:
        assert self.status != "completed"
        self.status = "streaming"
        self._open[f"{kind}:{block}"] = len(self.parts)
        self.parts = [*self.parts, {"type": kind, "text": ""}]

    def _grow(self, kind: str, block: str, delta: str) -> None:
        """After a snapshot the ids of open blocks are not known: the last part, if of this kind, is the open one."""
        key = f"{kind}:{block}"
        index = self._open.get(key, len(self.parts) - 1)
        if index < 0 or self.parts[index]["type"] != kind:
            self._begin(kind, block)
            index = self._open[key]
        part = self.parts[index]
        self.parts = [*self.parts[:index], {**part, "text": part["text"] + delta}, *self.parts[index + 1 :]]

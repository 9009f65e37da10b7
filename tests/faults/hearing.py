"""What a tab makes of the server's frames, by the rules of docs/protocol.md."""

from __future__ import annotations

import asyncio
import secrets
from typing import Any

from tests.faults.answer import Answer, Frame, Gap

ACKNOWLEDGE_BYTES, ACKNOWLEDGE_SECONDS = 64 * 1024, 2.0


class Refused(Exception):
    """The answer to a command is an error frame, which is `args[0]`."""

    @property
    def code(self) -> str:
        return str(self.args[0]["code"])


def new_id() -> str:
    return f"x-{secrets.token_urlsafe(12)}"


class Hearing:
    """The state that frames change. Whoever has a connection says how a frame is sent back (`_tell`), and how the messages of
    a session are read (`_read`, which gives them to `_take`)."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}
        self.sessions: dict[str, Frame] = {}
        self.messages: list[Frame] = []
        self.welcomes: list[Frame] = []
        self.gaps: list[str] = []
        self.refusals: list[str] = []
        """Codes of errors after which a command was kept and sent again."""
        self.problems: list[str] = []
        """Errors that answer no command."""
        self._followed: dict[str, None] = {}
        self._outbox: dict[str, Frame] = {}
        self._replies: dict[str, asyncio.Future[Any]] = {}
        self._unacknowledged: dict[str, int] = {}
        self._acknowledging: set[str] = set()

    def _tell(self, frame: Frame) -> None:
        raise NotImplementedError

    def _read(self, session: str) -> None:
        raise NotImplementedError

    def _take(self, session: str, messages: list[Frame]) -> None:
        """What began and ended while this tab was away: no frame tells of it any more."""
        for message in messages:
            generation = (message["generation"] or {}).get("id")
            if generation is not None and generation not in self.answers:
                self._answer(generation, session).apply_snapshot({"seq": 0, "message": message})

    def _receive(self, frame: Frame, size: int) -> None:
        match frame["type"]:
            case "welcome":
                self._welcome(frame)
            case "ack":
                self._acknowledged(frame)
            case "error":
                self._refused(frame)
            case "parts":
                self._parts(frame, size)
            case "snapshot":
                self._answer(frame["generation"], frame["session"]).apply_snapshot(frame)
                self._count(frame["generation"], size)
            case "session":
                self._learn(frame["session"])
            case "message":
                self.messages.append(frame["message"])
            case _:
                raise AssertionError(f"a frame that no test asked for: {frame}")

    def _welcome(self, frame: Frame) -> None:
        self.welcomes.append(frame)
        for command in list(self._outbox.values()):
            self._tell(command)
        for session in self._followed:
            self._subscribe(session)

    def _subscribe(self, session: str) -> None:
        self._tell({"type": "subscribe", "id": new_id(), "session": session, **self._position(session)})

    def _position(self, session: str) -> Frame:
        """What is known of the answer that is being written there, and of those that stand beside it."""
        live = [one for one in self.answers.values() if one.session == session and not one.has_ended]
        known: list[Frame] = [{"generation": one.generation, "after": one.seq} for one in reversed(live)]
        return {**(known[0] if known else {"generation": None, "after": None}), "beside": known[1:]}

    def _acknowledged(self, frame: Frame) -> None:
        result = frame["result"]
        command = self._outbox.pop(frame["id"], None)
        if "session" in result:
            self._learn(result["session"])
        if command is not None and command["type"] in ("send", "regenerate", "continue"):
            self._followed[command["session"]] = None
            for generation in (result["generation"], *(one["generation"]["id"] for one in result["beside"])):
                self._answer(generation, command["session"])
        if command is None and "generation" in result and result["generation"] is None:
            leaf = result["session"]["leaf"]
            if leaf is not None and all(answer.message != leaf for answer in self.answers.values()):
                self._read(result["session"]["id"])
        if (reply := self._replies.pop(frame["id"], None)) is not None and not reply.done():
            reply.set_result(result)

    def _refused(self, frame: Frame) -> None:
        if frame["id"] in self._outbox and frame["code"] == "server_draining":
            self.refusals.append(frame["code"])  # it stays in the outbox: the server is about to close this socket
            return
        self._outbox.pop(frame["id"], None)
        reply = self._replies.pop(frame["id"], None)
        if reply is None:
            self.problems.append(frame["code"])
        elif not reply.done():
            reply.set_exception(Refused(frame))

    def _learn(self, session: Frame) -> None:
        self.sessions[session["id"]] = session
        if session["id"] in self._followed and session["generation"] is not None:
            self._answer(session["generation"], session["id"])

    def _answer(self, generation: str, session: str) -> Answer:
        return self.answers.setdefault(generation, Answer(generation, session))

    def _parts(self, frame: Frame, size: int) -> None:
        answer = self.answers.get(frame["generation"])
        if answer is None:  # begun by another tab, and the session that tells of it comes later
            [session] = self._followed
            answer = self._answer(frame["generation"], session)
        if answer.has_ended:
            return  # frames that overtook the snapshot of the end
        try:
            answer.apply_parts(frame)
        except Gap as gap:
            self.gaps.append(str(gap))
            self._subscribe(answer.session)
        self._count(frame["generation"], size)

    def _count(self, generation: str, size: int) -> None:
        """Acknowledges every 64 KiB, and two seconds after something came."""
        self._unacknowledged[generation] = self._unacknowledged.get(generation, 0) + size
        if self._unacknowledged[generation] >= ACKNOWLEDGE_BYTES:
            self._acknowledge(generation)
        elif generation not in self._acknowledging:
            self._acknowledging.add(generation)
            asyncio.get_running_loop().call_later(ACKNOWLEDGE_SECONDS, self._acknowledge_late, generation)

    def _acknowledge_late(self, generation: str) -> None:
        self._acknowledging.discard(generation)
        if self._unacknowledged[generation]:
            self._acknowledge(generation)

    def _acknowledge(self, generation: str) -> None:
        self._unacknowledged[generation] = 0
        self._tell({"type": "acknowledge", "generation": generation, "seq": self.answers[generation].seq})

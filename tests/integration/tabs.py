"""A tab of the page: a websocket in this process, and a client that follows docs/protocol.md to the letter."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import orjson
from channels.testing import WebsocketCommunicator
from django.conf import settings
from django.test import Client

from ai_studio.models import User
from chat.ids import new_id
from chat.parts import TERMINAL, Part, fold
from config.asgi import application

TIMEOUT = 20.0
Frame = dict[str, Any]


class Refused(Exception):
    """The answer to a command is an error frame, which is `args[0]`."""

    @property
    def code(self) -> str:
        return str(self.args[0]["code"])


class Closed(Exception):
    """The server closed the socket; `args[0]` is the code."""


@dataclass
class Heard:
    """What a client has of one generation, applied by the rules of the protocol."""

    seq: int | None = None
    snapshots: list[Frame] = field(default_factory=list)
    news: list[Part] = field(default_factory=list)
    """All parts since the start, or since the last snapshot."""
    said: list[Part] = field(default_factory=list)
    """All parts that ever came: the snapshot of a stored end may overtake whoever asks for the last one."""

    def apply_parts(self, frame: Frame) -> None:
        assert frame["after"] == (self.seq or 0), f"frames are missing: {frame} after {self.seq}"
        assert frame["seq"] > frame["after"]
        assert frame["parts"]
        assert not self.last_part, "nothing comes after the last part"
        self.seq = frame["seq"]
        self.news += frame["parts"]
        self.said += frame["parts"]

    def apply_snapshot(self, frame: Frame) -> None:
        self.seq = frame["seq"]
        self.snapshots.append(frame)
        self.news = []

    @property
    def last_part(self) -> Part | None:
        """`finish`, `abort` or `error`, once it came."""
        return next((part for part in self.said if part["type"] in TERMINAL), None)

    @property
    def message(self) -> list[Part]:
        """The stored parts as this client shows them: exact where no delta follows a snapshot."""
        if not self.snapshots:
            return fold(self.news)
        return grown(self.snapshots[-1]["message"]["parts"], self.news)

    @property
    def text(self) -> str:
        return "".join(part["text"] for part in self.message if part["type"] == "text")


def grown(shown: list[Part], news: list[Part]) -> list[Part]:
    """A snapshot and what came after it: a delta of a block that was never started goes on with the last part."""
    started = {part["id"] for part in news if part["type"].endswith("-start") and "id" in part}
    continued = [part for part in news if part.get("id") in started or "id" not in part]
    rest = "".join(part["delta"] for part in news if "delta" in part and part["id"] not in started)
    if rest:
        shown = [*shown[:-1], {**shown[-1], "text": shown[-1]["text"] + rest}]
    return fold(continued, shown)


class Tab:
    """`frames` holds all that came, in order."""

    def __init__(self, session_key: str = "", *, origin: str = "http://localhost", query: str = "") -> None:
        headers = [(b"host", b"localhost"), (b"cookie", f"{settings.SESSION_COOKIE_NAME}={session_key}".encode())]
        if origin:
            headers.append((b"origin", origin.encode()))
        self.communicator = WebsocketCommunicator(application, f"/ws/chat{query}", headers=headers)
        self.frames: list[Frame] = []
        self.generations: dict[str, Heard] = {}

    async def open(self) -> Tab:
        """Raises Closed when the server does not want it."""
        accepted, code = await self.communicator.connect(TIMEOUT)
        if not accepted:
            raise Closed(code)
        await self.until(lambda frame: frame["type"] == "welcome")
        return self

    async def close(self) -> None:
        """As when the browser goes away. Twice is once."""
        if not self.communicator.future.done():
            await self.communicator.disconnect(timeout=TIMEOUT)

    async def send_raw(self, text: str | None = None, data: bytes | None = None) -> None:
        await self.communicator.send_input(
            {"type": "websocket.receive", "text": text}
            if data is None
            else {"type": "websocket.receive", "bytes": data}
        )

    async def send_command(self, kind: str, **fields: Any) -> str:
        """Returns the command's id, which may be given; its answer is for `answer`."""
        command = {"type": kind, "id": new_id(), **fields}
        await self.send_raw(orjson.dumps(command).decode())
        return str(command["id"])

    async def answer(self, command_id: str) -> Any:
        """The result in the command's ack. Raises Refused."""
        frame = await self.until(lambda frame: frame["type"] in ("ack", "error") and frame["id"] == command_id)
        if frame["type"] == "error":
            raise Refused(frame)
        return frame["result"]

    async def command(self, kind: str, **fields: Any) -> Any:
        """Sends a command and waits for its result. Raises Refused."""
        return await self.answer(await self.send_command(kind, **fields))

    async def new_session(
        self, *, model: str | None = None, agent: str | None = None, effort: str | None = None
    ) -> str:
        """Creates a session and returns its id."""
        created = await self.command("create", session=new_id(), model=model, agent=agent, effort=effort)
        return str(created["session"]["id"])

    async def say(self, session: str, text: str = "Hello", *, parent: str | None = None) -> Any:
        """Sends a message and returns the result of the command; the answer has begun."""
        return await self.command("send", session=session, parent=parent, text=text)

    async def ask(self, session: str, text: str = "Hello", *, parent: str | None = None) -> Any:
        """Sends a message and waits for the end of the answer. Returns the result of the command."""
        sent = await self.say(session, text, parent=parent)
        await self.until_end(sent["generation"])
        return sent

    async def until(self, wanted: Callable[[Frame], bool]) -> Frame:
        """The next frame that is `wanted`; those before it are taken in on the way."""
        while True:
            frame = await self.receive()
            if wanted(frame):
                return frame

    async def until_type(self, kind: str) -> Frame:
        return await self.until(lambda frame: frame["type"] == kind)

    async def until_end(self, generation: str) -> Heard:
        """What this tab has of a generation when its last part, or a snapshot of how it ended, has come."""
        while not self.has_ended(generation):
            await self.receive()
        return self.generations[generation]

    async def until_text(self, generation: str, text: str) -> Heard:
        """What this tab has of a generation once it shows `text`."""
        while generation not in self.generations or text not in self.generations[generation].text:
            assert not self.has_ended(generation), f"{text!r} never came"
            await self.receive()
        return self.generations[generation]

    async def settle(self) -> list[Frame]:
        """The frames that came up to now: those before the ack of a ping, and those of bells that rang before it."""
        known = len(self.frames)
        await self.command("ping")
        await self.pending()
        return [frame for frame in self.frames[known:] if frame["type"] != "ack"]

    async def pending(self) -> list[Frame]:
        """The frames that came but were not received yet, once everything that is ready to run has run."""
        for _ in range(50):
            await asyncio.sleep(0)
        known = len(self.frames)
        while not self.communicator.output_queue.empty():
            await self.receive()
        return self.frames[known:]

    def has_ended(self, generation: str) -> bool:
        heard = self.generations.get(generation)
        if heard is None:
            return False
        final = ("completed", "stopped", "failed", "interrupted")
        snapshot = heard.snapshots[-1]["message"]["generation"]["status"] if heard.snapshots else ""
        return heard.last_part is not None or snapshot in final

    async def receive(self) -> Frame:
        """The next frame, applied. Raises Closed."""
        try:
            async with asyncio.timeout(TIMEOUT):
                output = await self.communicator.output_queue.get()
        except TimeoutError:
            if self.communicator.future.done():
                self.communicator.future.result()
            raise
        if output["type"] == "websocket.close":
            raise Closed(output.get("code"))
        frame: Frame = orjson.loads(output["text"])
        self.frames.append(frame)
        if frame["type"] == "parts":
            self.generations.setdefault(frame["generation"], Heard()).apply_parts(frame)
        elif frame["type"] == "snapshot":
            self.generations.setdefault(frame["generation"], Heard()).apply_snapshot(frame)
        return frame


def sign_in(user: User) -> str:
    """The key of a new signed-in session. Synchronous."""
    client = Client()
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    key = client.session.session_key
    assert key is not None
    return key

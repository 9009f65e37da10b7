"""The websocket: frame → command → one service call → frames."""

from __future__ import annotations

import asyncio
import logging
import time
from contextlib import aclosing
from itertools import count
from typing import Any, assert_never

from channels.consumer import get_handler_name
from channels.db import database_sync_to_async
from channels.exceptions import StopConsumer
from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings

from chat import calls, commands, frames, selectors, services
from chat.commands import Command
from chat.draining import drain
from chat.errors import ChatError, InternalError, MalformedFrame, RateLimitReached
from chat.limits import Allowance, Window
from chat.owner import OWNER
from chat.services import devices
from chat.sign_in import SignedInAs, is_expected, signed_in_as
from chat.tabs import tabs

logger = logging.getLogger(__name__)

CLOSE_NOT_SIGNED_IN = 4401
CLOSE_SOMEBODY_ELSE = 4409
CLOSE_TOO_MANY = 4429
# Not 1011 and 1012, which say the same: a server may not let an application send them (Daphne cuts the connection).
CLOSE_TRY_AGAIN = 4011
CLOSE_RESTARTING = 4012
CLOSE_SECONDS = 2.0
FRAME_BYTES = 1024 * 1024
RECHECK_SECONDS = 30.0

_numbers = count(1)


async def close_all() -> None:
    """The last step before the process goes: every page connects again, elsewhere or to the next process here.

    Returns when they have said that they heard it, or after CLOSE_SECONDS: what the server has not sent by its end is lost.
    """
    await asyncio.gather(*(tab.close(CLOSE_RESTARTING) for tab in tabs().all()), return_exceptions=True)
    for _ in range(100):
        if not tabs().all():
            return
        await asyncio.sleep(CLOSE_SECONDS / 100)


drain.close_doors = close_all


class ChatConsumer(AsyncWebsocketConsumer):
    """One tab. Pumps are its own tasks: a command is answered while tokens stream."""

    scope: Any
    user_id: str = ""
    """Empty before the person is known, and after the tab has gone."""
    session_key: str
    checked_at: float = 0.0
    name: str
    """As no other socket of any node; what it brings about itself rings everywhere but here."""
    followed: set[str]
    knows_beside: bool = False
    """Its page shows answers side by side, as it has said; others are told of the one on the screen alone."""
    pumps: dict[str, asyncio.Task[None]]
    """By generation; each bears the name of its session."""
    windows: dict[str, Window]
    allowance: Allowance
    closing: asyncio.Future[None] | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        # Channels' own waits in tasks of their own for the client and for a channel of this socket. Bells come through
        # `chat.tabs` here; they and what the client sends take turns, so that neither sees the other half done.
        self.scope, self.base_send, self.turn = scope, send, asyncio.Lock()
        self.name = f"{OWNER}.{next(_numbers)}"
        self.followed, self.pumps, self.windows, self.allowance = set(), {}, {}, Allowance()
        try:
            while True:
                message = await receive()
                async with self.turn:
                    await self.dispatch(message)
        except StopConsumer:
            pass
        finally:
            await self._gone()

    async def dispatch(self, message: dict[str, Any]) -> None:
        # Channels' own looks after database connections first, in another thread, for each frame. Here every database
        # call does that itself (`database_sync_to_async`), and most frames make none.
        await getattr(self, get_handler_name(message))(message)

    async def connect(self) -> None:
        person: SignedInAs | None = self.scope["signed_in_as"]
        # Accepted first: a refused handshake can't carry a code that the page could act on.
        await self.accept()
        if person is None:
            await self.close(CLOSE_NOT_SIGNED_IN)
            return
        if not is_expected(person.user_id, self.scope["query_string"]):
            await self.close(CLOSE_SOMEBODY_ELSE)
            return
        if len(tabs().of(person.user_id)) >= settings.SOCKETS_PER_USER:
            await self.close(CLOSE_TOO_MANY)
            return
        await tabs().join(person.user_id, self)
        self.user_id, self.session_key = person
        self.checked_at = time.monotonic()
        services.keep_house()
        browser = dict(self.scope["headers"]).get(b"user-agent", b"").decode("latin-1")
        # All that stands between the server and here holds the scope for as long as the tab is open.
        self.scope["headers"].clear()
        running = await database_sync_to_async(_come_in)(*person, browser)
        limits = {
            "message_characters": settings.MESSAGE_MAX_CHARACTERS,
            "frame_bytes": FRAME_BYTES,
            "file_bytes": settings.FILE_MAX_MEGABYTES * 1024 * 1024,
            "files": settings.FILES_PER_MESSAGE,
        }
        await self.send(frames.welcome(limits=limits, running=running))

    async def _gone(self) -> None:
        for pump in self.pumps.values():
            pump.cancel()
        if self.user_id:
            user_id, self.user_id = self.user_id, ""
            await tabs().leave(user_id, self)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        if not self.user_id:
            return
        command_id = None
        try:
            if text_data is None or len(text_data) > FRAME_BYTES:
                raise MalformedFrame
            frame = commands.decode(text_data)
            if frame.get("type") == "acknowledge":
                self._acknowledge(commands.parse_acknowledgement(frame))
                return
            given = frame.get("id")
            command_id = given if isinstance(given, str) and len(given) <= 64 else None
            if not self.allowance.take():
                raise RateLimitReached(retry_after=1.0)
            command = commands.parse(frame)
            self.knows_beside |= getattr(command, "beside", None) is not None
            if not await self._is_still_signed_in():
                await self.close(CLOSE_NOT_SIGNED_IN)
                return
            await self._carry_out(command)
        except ChatError as problem:
            await self.send(frames.error(command_id, problem))
        except Exception:
            logger.exception("Command failed", extra={"user": self.user_id, "command": command_id})
            await self.send(frames.error(command_id, InternalError()))

    async def _carry_out(self, command: Command) -> None:
        """Acknowledges the command once it is done; what it lets the tab watch starts after the ack."""
        caller = self.user_id, self.name
        match command:
            case commands.Send() | commands.Regenerate() | commands.Continue() | commands.Merge():
                await self._follow_answer(command.id, command.session, await calls.begin_answer(command, *caller))
            case commands.Subscribe():
                await self._subscribe(command)
            case commands.Unsubscribe():
                self.followed.discard(command.session)
                await self.send(frames.ack(command.id, {}))
            case commands.Stop():
                status = await services.stop_generation(
                    user_id=self.user_id, generation_id=command.generation, seen=command.seen
                )
                await self.send(frames.ack(command.id, {"generation": command.generation, "status": status}))
            case commands.Create() | commands.Switch() | commands.Show() | commands.Fork():
                await self.send(frames.ack(command.id, {"session": await calls.change_session(command, *caller)}))
            case commands.Revise() | commands.Rate():
                await self.send(frames.ack(command.id, await calls.change_message(command, *caller)))
            case commands.Ping():
                await self.send(frames.ack(command.id, {}))
            case _:
                assert_never(command)

    async def _follow_answer(self, command_id: str, session: str, answered: services.Answered) -> None:
        self.followed.add(session)
        await self.send(frames.ack(command_id, answered.as_json()))
        for generation in (answered.generation, *(answer["generation"]["id"] for answer in answered.beside)):
            if generation not in self.pumps:  # a command that is sent again is watched already
                self._watch(session, generation, after=0)

    async def _subscribe(self, command: commands.Subscribe) -> None:
        running = await services.subscribe(user_id=self.user_id, session_id=command.session)
        self.followed.add(command.session)
        told = {"session": running.session, "generation": running.generation, "beside": running.beside}
        await self.send(frames.ack(command.id, told))
        # What the client has of one generation is of no use for the `after` of another.
        known = dict(command.beside or ())
        if command.generation is not None:
            known[command.generation] = command.after
        wanted = [running.generation] if running.generation else []
        if self.knows_beside:
            wanted += running.beside
        # Those that have ended by now too, so that the client hears how.
        for generation in dict.fromkeys([*wanted, *known]):
            self._watch(command.session, generation, after=known.get(generation))

    def _watch(self, session: str, generation: str, *, after: int | None) -> None:
        """Starts a pump; one that runs already gives way, since the client has said anew what it holds."""
        if running := self.pumps.pop(generation, None):
            running.cancel()
        window = Window()
        pump = asyncio.create_task(self._pump(session, generation, after, window), name=session)
        self.pumps[generation] = pump
        self.windows[generation] = window
        pump.add_done_callback(lambda done: self._pump_done(generation, done))

    def _pump_done(self, generation: str, pump: asyncio.Task[None]) -> None:
        if self.pumps.get(generation) is pump:
            del self.pumps[generation], self.windows[generation]
        if not pump.cancelled() and (problem := pump.exception()) is not None:
            logger.error("Watching a generation failed", exc_info=problem, extra={"generation": generation})
            # A silent end would leave the page waiting: closed, it connects again and asks for what it lacks.
            self.closing = asyncio.ensure_future(self.close(CLOSE_TRY_AGAIN))

    async def _pump(self, session: str, generation: str, after: int | None, window: Window) -> None:
        news = services.watch(user_id=self.user_id, session_id=session, generation_id=generation, after=after)
        try:
            async with aclosing(news):
                async for seq, frame in news:
                    await window.room()
                    await self.send(frame)
                    window.sent(seq, len(frame))
        except ChatError as problem:
            await self.send(frames.error(None, problem))

    def _acknowledge(self, acknowledgement: commands.Acknowledgement) -> None:
        if (window := self.windows.get(acknowledgement.generation)) is not None:
            window.acknowledged(acknowledgement.seq)

    async def _is_still_signed_in(self) -> bool:
        """Looked up again when the last look is older than RECHECK_SECONDS: a sign-out elsewhere closes this tab too."""
        now = time.monotonic()
        if now - self.checked_at > RECHECK_SECONDS:
            person = await database_sync_to_async(signed_in_as)(self.session_key)
            if person != (self.user_id, self.session_key):
                return False
            self.checked_at = now
        return True

    # Bells (chat.doorbell): another tab, another node or the background has news.

    async def hear(self, bell: dict[str, Any]) -> None:
        async with self.turn:
            if self.user_id:
                await self.dispatch(bell)

    async def bell_frame(self, bell: dict[str, Any]) -> None:
        if gone := bell.get("gone"):
            self._forget(gone)
        if bell["skip"] != self.name and (bell["session"] is None or bell["session"] in self.followed):
            await self.send(bell["frame"])

    def _forget(self, session: str) -> None:
        """The person can't open it any more: nothing that is being written in it reaches this tab from here on."""
        self.followed.discard(session)
        for pump in (one for one in self.pumps.values() if one.get_name() == session):
            pump.cancel()

    async def bell_recheck(self, bell: dict[str, Any]) -> None:
        self.checked_at = -RECHECK_SECONDS
        if not await self._is_still_signed_in():
            await self.close(CLOSE_NOT_SIGNED_IN)

    async def bell_begun(self, bell: dict[str, Any]) -> None:
        if bell["skip"] == self.name:
            return
        await self.send(bell["frame"])
        if bell["session"] in self.followed:
            for frame in bell["messages"]:
                await self.send(frame)
            begun = [bell["generation"]] if bell["generation"] else []
            for generation, frame in bell["beside"] if self.knows_beside else ():
                await self.send(frame)
                begun.append(generation)
            for generation in begun:
                if generation not in self.pumps:
                    self._watch(bell["session"], generation, after=0)

    async def bell_ended(self, bell: dict[str, Any]) -> None:
        if bell["session"] in self.followed and (self.knows_beside or not bell["is_beside"]):
            self._watch(bell["session"], bell["generation"], after=None)


def _come_in(user_id: str, session_key: str, browser: str) -> list[dict[str, str]]:
    """What runs, for a tab that is opened. One change of threads for all that it asks: a node that starts anew is asked by thousands."""
    devices.seen(user_id, session_key, browser)
    return selectors.running(user_id)

"""A tab that behaves as the page does (docs/protocol.md), and remembers what happened to it."""

from __future__ import annotations

import asyncio
import random
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from copy import deepcopy
from typing import Any

import aiohttp
import orjson

from tests.faults.answer import Answer, Frame
from tests.faults.hearing import Hearing, Refused, new_id
from tests.faults.nodes import Seat

__all__ = ["Refused", "Tab", "new_id"]

FIRST_DELAY, LONGEST_DELAY = 0.25, 2.0
"""The page waits up to 30 s; the tests have less time, and no thousands of pages that come back together."""
PATIENCE = 60.0
CHANGING = frozenset({"create", "send", "regenerate", "continue", "stop", "switch"})
"""Commands that are sent again under the same id when the connection was lost before their answer."""


class Tab(Hearing):
    """`addresses`: where it connects, one after the other, round and round, as a load balancer would choose."""

    def __init__(
        self,
        http: aiohttp.ClientSession,
        seat: Seat,
        *addresses: str,
        quiet: float = 25.0,
        overdue: float = 8.0,
        seed: int = 0,
    ) -> None:
        """`quiet`: seconds of silence after which it asks whether anybody is there; `overdue`: how long it waits then."""
        super().__init__()
        self.seat = seat
        self._http, self._addresses = http, deque(addresses)
        self._quiet, self._overdue = quiet, overdue
        self._random = random.Random(seed)
        self.closes: list[int] = []
        """The codes with which sockets were closed; 1006 where a connection broke or could not be made."""
        self.reads = 0
        """How often it has read messages, each time over a connection of its own."""
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._sending: set[asyncio.Task[None]] = set()
        self._changed = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._paused = asyncio.Event()
        self._paused.set()

    async def __aenter__(self) -> Tab:
        self._task = asyncio.create_task(self._live())
        await self.until(lambda: bool(self.welcomes))
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._task is not None
        tasks = [self._task, *self._sending]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    # --- What a person does -------------------------------------------------------------------------------------------

    async def command(self, kind: str, **fields: Any) -> Any:
        """The result in the command's ack, however often it had to be sent. Raises Refused."""
        return await asyncio.wait_for(self.issue(kind, **fields), PATIENCE)

    def issue(self, kind: str, **fields: Any) -> asyncio.Future[Any]:
        """Sends a command now, or when there is a connection. `id` may be given."""
        frame: Frame = {"type": kind, "id": new_id(), **fields}
        reply = asyncio.get_running_loop().create_future()
        self._replies[frame["id"]] = reply
        if kind in CHANGING:
            self._outbox[frame["id"]] = frame
        self._tell(frame)
        return reply

    async def new_session(self) -> str:
        created = await self.command("create", session=new_id(), model=None, agent=None)
        return str(created["session"]["id"])

    async def send(self, session: str, text: str, *, parent: str | None = None) -> Any:
        """Asks, and returns the result when the answer has begun."""
        return await self.command("send", session=session, parent=parent, text=text)

    async def ask(self, text: str) -> tuple[str, str]:
        """Asks in a new session. Returns session and generation."""
        session = await self.new_session()
        return session, str((await self.send(session, text))["generation"])

    async def follow(self, session: str) -> Any:
        """Opens a session. Returns the result of the subscription."""
        self._followed[session] = None
        return await self.command("subscribe", session=session, **self._position(session))

    def take_over(self, session: str, answer: Answer) -> None:
        """Has of an answer what another tab has of it, as a page that was brought back from the dead."""
        self._followed[session] = None
        self.answers[answer.generation] = deepcopy(answer)

    async def stop(self, generation: str, seen: int | None = None) -> str:
        """Returns the final status."""
        return str((await self.command("stop", generation=generation, seen=seen))["status"])

    async def cut(self) -> None:
        """Loses the connection, without a farewell."""
        if self._socket is not None and (transport := self._socket._response.connection) is not None:
            transport.transport.abort()

    def sleep(self) -> None:
        """Reads nothing any more, until `wake`."""
        self._paused.clear()

    def wake(self) -> None:
        self._paused.set()

    # --- What a test waits for ----------------------------------------------------------------------------------------

    async def until(self, is_true: Callable[[], bool], within: float = PATIENCE) -> None:
        """Looks again whenever something has happened. Raises what ended the tab's own task."""
        async with asyncio.timeout(within):
            while not is_true():
                assert self._task is not None
                if self._task.done():
                    self._task.result()
                self._changed.clear()
                changed = asyncio.ensure_future(self._changed.wait())
                await asyncio.wait([changed, self._task], return_when=asyncio.FIRST_COMPLETED)
                changed.cancel()

    async def until_text(self, generation: str, characters: int = 1, within: float = PATIENCE) -> Answer:
        """The answer, once that many characters of it are shown."""
        await self.until(lambda: self._shows(generation) >= characters or self.has_ended(generation), within)
        return self.answers[generation]

    async def until_end(self, generation: str, within: float = PATIENCE) -> Answer:
        await self.until(lambda: self.has_ended(generation), within)
        return self.answers[generation]

    def has_ended(self, generation: str) -> bool:
        return generation in self.answers and self.answers[generation].has_ended

    def _shows(self, generation: str) -> int:
        return len(self.answers[generation].text) if generation in self.answers else 0

    # --- The connection -----------------------------------------------------------------------------------------------

    async def _live(self) -> None:
        attempt = 0
        while True:
            known = len(self.welcomes)
            self.closes.append(await self._connect_once())
            self._socket = None
            self._note()
            attempt = 0 if len(self.welcomes) > known else attempt + 1
            delay = min(LONGEST_DELAY, FIRST_DELAY * 2**attempt)
            await asyncio.sleep(delay * (0.5 + self._random.random() / 2))

    async def _connect_once(self) -> int:
        """The code with which the connection ended."""
        address = self._addresses[0]
        self._addresses.rotate(-1)
        headers = {"Cookie": self.seat.cookie, "Origin": address}
        socket: aiohttp.ClientWebSocketResponse | None = None
        try:
            async with asyncio.timeout(self._quiet + self._overdue):
                socket = await self._http.ws_connect(f"{address}/ws/chat", headers=headers, max_msg_size=0)
            await self._converse(socket)
        except (aiohttp.ClientError, OSError, TimeoutError):
            return 1006
        finally:
            if socket is not None:
                await self._let_go(socket)
        return socket.close_code or 1006

    async def _let_go(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        if not socket.closed and (connection := socket._response.connection) is not None:
            connection.transport.abort()
        with suppress(aiohttp.ClientError, OSError, TimeoutError):
            await socket.close()

    async def _converse(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        """Until it is closed. Raises TimeoutError when nobody answers any more."""
        while True:
            try:
                message = await socket.receive(self._quiet)
            except TimeoutError:
                await socket.send_str(orjson.dumps({"type": "ping", "id": new_id()}).decode())
                message = await socket.receive(self._overdue)
            if message.type is not aiohttp.WSMsgType.TEXT:
                return
            await self._paused.wait()
            frame: Frame = orjson.loads(message.data)
            if frame["type"] == "welcome":
                self._socket = socket
            self._receive(frame, len(message.data))
            self._note()

    def _tell(self, frame: Frame) -> None:
        if self._socket is not None and not self._socket.closed:
            task = asyncio.create_task(self._send(self._socket, frame))
            self._sending.add(task)
            task.add_done_callback(self._sending.discard)

    async def _send(self, socket: aiohttp.ClientWebSocketResponse, frame: Frame) -> None:
        with suppress(aiohttp.ClientError, OSError):
            await socket.send_str(orjson.dumps(frame).decode())

    def _read(self, session: str) -> None:
        task = asyncio.create_task(self._fetch(session))
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)

    async def _fetch(self, session: str) -> None:
        """From where it is connected, again until it comes: the network may be cut for this as well."""
        headers, found = {"Cookie": self.seat.cookie, "Connection": "close"}, None
        while found is None:
            address = f"{self._addresses[-1]}/api/sessions/{session}/messages"
            with suppress(aiohttp.ClientError, OSError, TimeoutError):
                async with self._http.get(address, headers=headers) as response:
                    found = (await response.json())["messages"] if response.status == 200 else None
            if found is None:
                await asyncio.sleep(FIRST_DELAY)
        self.reads += 1
        self._take(session, found)
        self._note()

    def _note(self) -> None:
        self._changed.set()

"""A TCP proxy that does what networks do: cut, stall, go slow."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress

PIECE = 16 * 1024


class Proxy:
    """Forwards connections to `port`. What is set on it counts for the connections that exist and those that come."""

    def __init__(self, port: int) -> None:
        self._target = port
        self._server: asyncio.Server | None = None
        self._pipes: set[asyncio.Task[None]] = set()
        self._writers: set[asyncio.StreamWriter] = set()
        self._flowing = asyncio.Event()
        self._flowing.set()
        self.connections = 0
        self.cuts: list[int] = []
        """Each in turn: a connection is cut when that many bytes have gone to its client. Not drawn up: never."""
        self.bytes_per_second: float | None = None
        """How fast it sends to clients; None: as fast as it goes."""
        self.on_bytes: Callable[[bytes], None] | None = None
        """Sees everything that goes to clients, before it goes."""

    async def __aenter__(self) -> Proxy:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        self.cut()
        for pipe in list(self._pipes):
            pipe.cancel()
        await asyncio.gather(*self._pipes, return_exceptions=True)

    @property
    def url(self) -> str:
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    def cut(self) -> None:
        """Every connection breaks, in both directions, without a farewell."""
        for writer in list(self._writers):
            writer.transport.abort()

    def stall(self) -> None:
        """Nothing passes any more, and nobody is told."""
        self._flowing.clear()

    def flow(self) -> None:
        self._flowing.set()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            # Little is held here: a slow reader is to be felt by the server, not hidden by the proxy.
            there, back = await asyncio.open_connection("127.0.0.1", self._target, limit=PIECE)
        except OSError:
            writer.transport.abort()
            return
        self._writers |= {writer, back}
        for pipe in (self._up(reader, back), self._down(there, writer, back)):
            task = asyncio.create_task(pipe)
            self._pipes.add(task)
            task.add_done_callback(self._pipes.discard)

    async def _up(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await reader.read(PIECE):
                await self._flowing.wait()
                writer.write(data)
                await writer.drain()
        self._end(writer)

    async def _down(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, back: asyncio.StreamWriter
    ) -> None:
        sent = 0
        with suppress(OSError):
            while data := await reader.read(PIECE):
                await self._flowing.wait()
                if self.on_bytes is not None:
                    self.on_bytes(data)
                if self.cuts and sent + len(data) >= self.cuts[0]:
                    # Closed and not aborted, so that what was written until here does arrive: the cut is at that very byte.
                    writer.write(data[: self.cuts.pop(0) - sent])
                    back.transport.abort()
                    break
                sent += len(data)
                await self._send(writer, data)
        self._end(writer)

    async def _send(self, writer: asyncio.StreamWriter, data: bytes) -> None:
        start = 0
        while start < len(data):
            speed = self.bytes_per_second
            step = len(data) if speed is None else max(1, round(speed / 10))
            writer.write(data[start : start + step])
            await writer.drain()
            start += step
            if speed is not None:
                await asyncio.sleep(step / speed)

    def _end(self, writer: asyncio.StreamWriter) -> None:
        self._writers.discard(writer)
        with suppress(OSError):
            writer.close()

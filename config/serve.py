"""Daphne, on an event loop that suits it: `python -m config.serve -b 0.0.0.0 -p 8000 config.asgi:application`.

Takes Daphne's own options. Five things differ from the command `daphne` for what a streamed token costs:

- The event loop is uvloop's, where there is one.
- A socket is written to at once. Twisted asks the kernel each time to say when a socket can be written to, although
  nearly all can: for a frame of a few bytes that costs as much as the frame.
- A text frame is put together here. Autobahn's way from a text to the same bytes is long, and formats for each frame
  what it would log.
- Threads share one heap.
- A socket that is open keeps nothing of its handshake.

And one for what happens while nobody is there: the process keeps house from its start, not from its first tab on.
"""

from __future__ import annotations

import asyncio
import ctypes
import sys
from typing import Any

from twisted.internet import asyncioreactor

M_ARENA_MAX = -8
"""glibc's malloc.h."""


class WritingReactor(asyncioreactor.AsyncioSelectorReactor):
    """Writes in the loop's next round, and waits for the kernel only where something is left after that."""

    def __init__(self, eventloop: asyncio.AbstractEventLoop) -> None:
        super().__init__(eventloop)
        self._unwritten: set[Any] = set()

    def addWriter(self, writer: Any) -> None:
        if writer in self._writers or writer in self._unwritten:
            return
        self._unwritten.add(writer)
        self._asyncioEventloop.call_soon(self._write, writer)

    def removeWriter(self, writer: Any) -> None:
        self._unwritten.discard(writer)
        super().removeWriter(writer)

    def _write(self, writer: Any) -> None:
        if writer not in self._unwritten:
            return  # closed meanwhile
        self._readOrWrite(writer, False)
        if writer in self._unwritten:  # not all could be written
            self._unwritten.discard(writer)
            super().addWriter(writer)


def frame_head(size: int) -> bytes:
    """What stands before `size` bytes of text in an unmasked, unfragmented frame (RFC 6455, section 5.2)."""
    if size < 126:
        return bytes((0x81, size))
    return b"\x81\x7e" + size.to_bytes(2) if size < 1 << 16 else b"\x81\x7f" + size.to_bytes(8)


HANDSHAKE = frozenset(
    {
        "application_deferred",
        "clean_headers",
        "http_headers",
        "http_request_data",
        "http_request_host",
        "http_request_params",
        "http_request_path",
        "http_request_uri",
        "http_response_data",
        "http_status_line",
        "protocol_to_accept",
        "root_path",
        "websocket_extensions",
        "websocket_extensions_in_use",
        "websocket_origin",
        "websocket_protocols",
        "_raw_query_string",
        "_wskey",
    }
)
"""What Autobahn and Daphne write down about a connection while it opens, and look at no more when it is open."""


def lean_sockets() -> None:
    """Lets Daphne's sockets write text frames themselves, where nothing stands in the queue before them, and stay small."""
    from autobahn.websocket import protocol
    from daphne.ws_protocol import WebSocketFactory, WebSocketProtocol

    # It formats all options of each connection that opens, for a line of the log that nobody asked for.
    vars(protocol)["pformat"] = lambda _: ""

    class FrameProtocol(WebSocketProtocol):  # type: ignore[misc]
        def onOpen(self) -> None:
            super().onOpen()
            # Twisted's HTTP channel, with the request, stays where it was: as who is told to read no more from a client
            # that does not read itself. The connection can do that without it.
            channel = getattr(self.transport, "producer", None)
            self.transport.unregisterProducer()
            getattr(channel, "requests", []).clear()  # they hold each other, and would wait for a garbage collection
            self.transport.registerProducer(self.transport, True)
            self.request.headers = {}
            # Made anew, since a dictionary keeps the room of what was in it.
            self.__dict__ = {name: value for name, value in self.__dict__.items() if name not in HANDSHAKE}

        def serverSend(self, content: Any, binary: bool = False) -> None:
            if self.state == self.STATE_CLOSED:
                return  # nobody is there any more, and the application is about to be told
            if binary or self.state != self.STATE_OPEN or self._perMessageCompress is not None or self.send_queue:
                super().serverSend(content, binary)
                return
            payload = content.encode()
            self.transport.write(frame_head(len(payload)) + payload)

    WebSocketFactory.protocol = FrameProtocol


def share_heap() -> None:
    """One heap for all threads, where the C library is glibc.

    It otherwise gives each thread its own, and what one thread frees no other takes: threads that look into the database
    for many people in turn left 15 KB behind for each open socket. Python's lock lets one thread allocate at a time anyway.
    """
    if (mallopt := getattr(ctypes.CDLL(None), "mallopt", None)) is not None:
        mallopt(M_ARENA_MAX, 1)


def install() -> None:
    """Must come before anything imports Twisted's reactor, and before Daphne's server, which makes one of its own."""
    try:
        import uvloop
    except ImportError:  # not on this machine: it only costs more
        loop = asyncio.new_event_loop()
    else:
        loop = uvloop.new_event_loop()
    asyncio.set_event_loop(loop)
    reactor = WritingReactor(loop)
    from twisted.internet.main import installReactor

    installReactor(reactor)


def keep_house() -> None:
    from chat import services  # Daphne has set up Django by now

    services.keep_house()


def main() -> None:
    share_heap()
    install()
    from daphne.cli import CommandLineInterface
    from twisted.internet import reactor

    lean_sockets()
    reactor.callLater(0, keep_house)  # type: ignore[arg-type]
    CommandLineInterface().run(sys.argv[1:])


if __name__ == "__main__":
    main()

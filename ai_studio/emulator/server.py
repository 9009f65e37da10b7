"""Runs the application until a signal comes."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Callable

from aiohttp import web

from ai_studio.emulator.app import create_app


async def serve(host: str, port: int) -> None:
    """Serves until SIGTERM or SIGINT. Port 0 takes any free one; the address is printed when it listens."""
    # Without handler_cancellation a closed connection would be noticed at the next write only.
    runner = web.AppRunner(create_app(), handler_cancellation=True, access_log=None, shutdown_timeout=0.2)
    # Before the address is printed: whoever reads it may send the signal at once.
    stop = stop_event()
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port, backlog=1024).start()
        bound = runner.addresses[0]
        sys.stdout.write(f"emulator: http://{host}:{bound[1]}\n")
        sys.stdout.flush()
        await stop.wait()
    finally:
        await runner.cleanup()


def stop_event() -> asyncio.Event:
    """An event that is set when the process is asked to end."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    return stop


def event_loop_factory() -> Callable[[], asyncio.AbstractEventLoop]:
    """The fastest event loop that there is."""
    try:
        import uvloop
    except ImportError:  # pragma: no cover - where uvloop cannot be installed
        return asyncio.new_event_loop
    return uvloop.new_event_loop


def main(host: str, port: int) -> None:
    """Serves until the process is asked to end. Exits with a sentence where the address can't be had."""
    with asyncio.Runner(loop_factory=event_loop_factory()) as runner:
        try:
            runner.run(serve(host, port))
        except OSError as error:
            sys.exit(f"emulator: cannot listen on {host}:{port}: {error.strerror}")

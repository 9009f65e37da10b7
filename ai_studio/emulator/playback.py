"""Plays a script into an open response: each token on its own, at its time."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from random import Random

from aiohttp import web

from ai_studio.emulator.completions import CompletionRequest
from ai_studio.emulator.record import Moment, Record, StreamRecord
from ai_studio.emulator.script import BreakKind, Script
from ai_studio.emulator.wire import Event, Wire

YIELD_EVERY = 16
"""Tokens that are sent in one go when none of them has to wait; then other streams have their turn."""


class Playback:
    """One streamed answer."""

    def __init__(self, wire: Wire, request: CompletionRequest, script: Script) -> None:
        self.wire = wire
        self.request = request
        self.script = script

    async def play(self, response: web.StreamResponse, stream: StreamRecord, record: Record) -> None:
        """Sends the stream up to its end or to the point where the script ends it, and counts what was sent."""
        loop = asyncio.get_running_loop()
        write = response.write
        deadlines = self.script.pace.deadlines()
        start = loop.time()
        for data, is_token, _ in self.events():
            if is_token:
                delay = start + next(deadlines) - loop.time()
                if delay > 0:
                    await asyncio.sleep(delay)
                elif stream.tokens_sent % YIELD_EVERY == 0:
                    await asyncio.sleep(0)
            if self.script.splits_bytes:
                await write_split(response, data)
            else:
                await write(data)
            if is_token:
                if not stream.tokens_sent:
                    stream.first_token = Moment()
                    record.notify()
                stream.tokens_sent += 1

    def events(self) -> Iterator[Event]:
        """All events of the stream, broken where the script says so."""
        answer = self.script.answer(self.request)
        events = self.wire.events(self.request, answer)
        broken = self.script.broken
        if broken is None:
            return events
        whole = self.script.sent_tokens(answer)
        match broken.kind:
            case BreakKind.CUT | BreakKind.TRUNCATED:
                return before_token(events, whole)
            case BreakKind.MALFORMED:
                return malformed_at(events, min(whole, max(answer.token_count - 1, 0)))
            case BreakKind.ERROR_EVENT:
                return with_error(before_token(events, whole), self.wire.error_event(self.request))

    def is_cut(self) -> bool:
        """Whether the connection ends without the end that HTTP asks for."""
        return self.script.broken is not None and self.script.broken.kind is BreakKind.CUT


def before_token(events: Iterator[Event], number: int) -> Iterator[Event]:
    """The events before token `number`, counted from 0, and never those that close the answer."""
    left = number
    for event in events:
        if event.closes or (event.is_token and left == 0):
            return
        left -= event.is_token
        yield event


def malformed_at(events: Iterator[Event], number: int) -> Iterator[Event]:
    """The events, with token `number` torn within its JSON."""
    seen = 0
    for event in events:
        is_torn = event.is_token and seen == number
        seen += event.is_token
        yield Event(event.data[: len(event.data) * 2 // 3] + b"\n\n", is_token=True) if is_torn else event


def with_error(events: Iterator[Event], error: bytes) -> Iterator[Event]:
    """The events, then the error."""
    yield from events
    yield Event(error)


async def write_split(response: web.StreamResponse, data: bytes) -> None:
    """Writes `data` in pieces of 1 to 7 bytes; the event loop turns after each, so that they travel apart."""
    random = Random(data)
    start = 0
    while start < len(data):
        end = start + random.randint(1, 7)
        await response.write(data[start:end])
        await asyncio.sleep(0)
        start = end

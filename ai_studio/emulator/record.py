"""What was received and what became of it, for tests to ask about."""

from __future__ import annotations

import asyncio
import time
from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from hashlib import sha256

import orjson

KEPT = 1000
KEPT_BYTES = 64 * 2**20
"""The bodies of all kept requests together. An emulator may serve a demo for weeks."""
SECRET_HEADERS = frozenset({"authorization", "x-api-key", "x-goog-api-key", "cookie"})


@dataclass(frozen=True, slots=True)
class Moment:
    """A time on both clocks: `monotonic` seconds compare within one machine, `wall` is Unix time."""

    monotonic: float = field(default_factory=time.monotonic)
    wall: float = field(default_factory=time.time)


@dataclass(slots=True)
class ReceivedRequest:
    """One request as it came in, with the key reduced to its last four characters."""

    id: int
    received: Moment
    path: str
    headers: Mapping[str, str]
    model: str = ""
    body: bytes = b""


@dataclass(slots=True)
class StreamRecord:
    """The life of one streamed answer. Exactly one of `finished` and `closed_by_client` is set when it is over."""

    id: int
    model: str
    started: Moment = field(default_factory=Moment)
    first_token: Moment | None = None
    tokens_sent: int = 0
    finished: Moment | None = None
    closed_by_client: Moment | None = None


class Record:
    """The last thousand requests and streams, and how often each request came."""

    def __init__(self) -> None:
        self.requests: deque[ReceivedRequest] = deque(maxlen=KEPT)
        self.streams: deque[StreamRecord] = deque(maxlen=KEPT)
        self.attempts: Counter[tuple[str, str, str]] = Counter()
        self._next_id = 1
        self._body_bytes = 0
        self._changed = asyncio.Event()

    def receive(self, path: str, headers: Mapping[str, str]) -> ReceivedRequest:
        """Notes a request on arrival."""
        request = ReceivedRequest(self._next_id, Moment(), path, redacted(headers))
        self._next_id += 1
        if len(self.requests) == KEPT:
            self._forget_oldest()
        self.requests.append(request)
        return request

    def keep_body(self, request: ReceivedRequest, body: bytes) -> None:
        """Keeps the body of `request`, at the cost of the oldest requests where all of them grow too large."""
        request.body = body
        self._body_bytes += len(body)
        while self._body_bytes > KEPT_BYTES and self.requests:
            self._forget_oldest()

    def start(self, request: ReceivedRequest) -> StreamRecord:
        """Notes that a streamed answer begins."""
        stream = StreamRecord(request.id, request.model)
        self.streams.append(stream)
        self.notify()
        return stream

    def attempt(self, key: tuple[str, str, str]) -> int:
        """Counts an attempt at (key, model, prompt) and returns its number, from 1."""
        self.attempts[key] += 1
        return self.attempts[key]

    def notify(self) -> None:
        """Wakes whoever waits for a stream to change."""
        self._changed.set()
        self._changed = asyncio.Event()

    async def wait(self, moment: str, count: int, model: str | None = None) -> None:
        """Returns when `count` streams (of `model`, if given) have come to `moment`, a field of `StreamRecord`."""
        while self._count(moment, model) < count:
            await self._changed.wait()

    def reset(self) -> None:
        """Forgets everything."""
        self.requests.clear()
        self.streams.clear()
        self.attempts.clear()
        self._body_bytes = 0
        self.notify()

    def requests_as_json(self) -> list[dict[str, object]]:
        """The requests as JSON objects, oldest first; `body_sha256` is of the bytes as they came."""
        return [
            {**asdict(request), "body": _decoded(request.body), "body_sha256": sha256(request.body).hexdigest()}
            for request in self.requests
        ]

    def streams_as_json(self) -> list[dict[str, object]]:
        """The streams as JSON objects, oldest first."""
        return [asdict(stream) for stream in self.streams]

    def _forget_oldest(self) -> None:
        self._body_bytes -= len(self.requests.popleft().body)

    def _count(self, moment: str, model: str | None) -> int:
        streams = (stream for stream in self.streams if model is None or stream.model == model)
        return sum(getattr(stream, moment) is not None for stream in streams)


def redacted(headers: Mapping[str, str]) -> dict[str, str]:
    """The headers, by lower-case name, with all of a secret gone but its last four characters."""
    return {
        name.lower(): f"…{value[-4:]}" if name.lower() in SECRET_HEADERS else value for name, value in headers.items()
    }


def _decoded(body: bytes) -> object:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return body.decode(errors="replace")

"""What one socket may ask and be owed: commands by time, and bytes that it has not acknowledged. Pure."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable

WINDOW_BYTES = 256 * 1024
COMMANDS_PER_SECOND = 20.0
COMMANDS_AT_ONCE = 100.0


class Window:
    """The frames of one generation that a viewer was sent and has not acknowledged.

    Past WINDOW_BYTES nothing more is sent. What is said meanwhile stays in the stream log, which every viewer shares, and
    comes as one large frame, or as a snapshot: a slow viewer fills no memory.
    """

    def __init__(self) -> None:
        self._owed: deque[tuple[int, int]] = deque()
        self._bytes = 0
        self._has_room = asyncio.Event()
        self._has_room.set()

    async def room(self) -> None:
        """Returns when there is room for another frame, of whatever size."""
        await self._has_room.wait()

    def sent(self, seq: int, size: int) -> None:
        self._owed.append((seq, size))
        self._bytes += size
        if self._bytes >= WINDOW_BYTES:
            self._has_room.clear()

    def acknowledged(self, seq: int) -> None:
        """Everything up to `seq` has arrived."""
        while self._owed and self._owed[0][0] <= seq:
            self._bytes -= self._owed.popleft()[1]
        if self._bytes < WINDOW_BYTES:
            self._has_room.set()


class Allowance:
    """A token bucket: COMMANDS_PER_SECOND in the long run, COMMANDS_AT_ONCE in a burst."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._left = COMMANDS_AT_ONCE
        self._at = now()

    def take(self) -> bool:
        """False: too many, too fast."""
        now = self._now()
        self._left = min(COMMANDS_AT_ONCE, self._left + (now - self._at) * COMMANDS_PER_SECOND)
        self._at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True

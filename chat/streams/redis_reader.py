"""Follows generations of other processes: one task and one connection, however many generations and viewers.

What it reads goes into a replica in memory per generation, which all its viewers here share.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncGenerator, Sequence
from contextlib import suppress
from math import inf
from typing import Any

from chat.streams.base import Entry, StreamGap
from chat.streams.memory import Block, GenerationLog
from chat.streams.redis_connection import (
    FAILURES,
    KEY_PREFIX,
    End,
    Link,
    Outage,
    RedisLogOptions,
    key_of,
    read_items,
    seq_of,
)

ENTRIES_PER_READ = 512
WAKE_KEY_SECONDS = 60


class Replica(GenerationLog):
    """What this process holds of a generation that another one produces, from where its first viewer was."""

    __slots__ = ("deadline", "is_lost", "key", "owned", "viewers")

    def __init__(self, generation: str, after: int, *, max_entries: int) -> None:
        super().__init__(generation, max_entries=max_entries, dropped=after)
        self.key = key_of(generation)
        self.viewers = 0
        self.deadline: float | None = inf  # until then Redis must know the log; None: it does; inf: not asked yet
        self.is_lost = False
        self.owned = 0

    def after(self, seq: int) -> list[Entry]:
        entries = super().after(seq)
        if self.is_lost and not entries:
            raise StreamGap
        return entries

    def confirm(self, top: int) -> None:
        """Redis has the log, and its newest entry is `top`."""
        if self.head == self.dropped and top < self.dropped:
            self.dropped = self.settled = top  # the first viewer is ahead of the copy: it must not take others along
        self.deadline = None
        self.wake()

    def lose(self) -> None:
        """It can't be continued: whoever has read all gets a gap."""
        self.is_lost = True
        self.wake()

    def extend(self, items: Sequence[Any]) -> None:
        """What XREAD gave, from `head` on."""
        try:
            entries, end = read_items(self.generation, items)
        except ValueError:
            self.lose()  # written by a version that says it differently
            return
        for entry in entries:
            if entry.seq != self.head + 1:
                self.lose()
                return
            self.append(entry.encoded)
        if end is not None:
            self._end(end)

    def _end(self, end: End) -> None:
        if end.last != self.head:
            self.lose()
            return
        self.owned = end.owned
        self.close()

    def prepend(self, older: list[Entry]) -> None:
        """`older` ends at `dropped`."""
        self.sealed.insert(0, Block.of([entry.encoded for entry in older], last=self.dropped))
        self.dropped -= len(older)


class Reader:
    def __init__(self, reading: Link, control: Link, options: RedisLogOptions) -> None:
        """`reading` is this object's alone: its commands wait for news. `control` may be shared."""
        self._reading = reading
        self._control = control
        self._options = options
        self._replicas: dict[str, Replica] = {}
        self._joined = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._outage = Outage("Reading stream logs from Redis", options)
        self._verify_at = 0.0
        # A read that waits for news of some logs can't be told to wait for one more. So it waits for this key too.
        self._wake_key = f"{KEY_PREFIX}wake:{secrets.token_hex(8)}".encode()
        self._wakes_sent = 0
        self._wakes_seen = 0
        self._needs_wake = False
        self._waking: set[asyncio.Task[None]] = set()

    async def follow(self, generation: str, after: int) -> AsyncGenerator[list[Entry], None]:
        """Raises StreamGap."""
        replica = self._join(generation, after)
        try:
            await self._reach(replica, after)
            while True:
                entries = replica.after(after)
                if entries:
                    after = entries[-1].seq
                    yield entries
                elif replica.closed:
                    return
                else:
                    await replica.change()
        finally:
            self._leave(replica)

    async def aclose(self) -> None:
        tasks = [*self._waking, *([self._task] if self._task is not None else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for replica in self._replicas.values():
            replica.lose()

    # --- Viewers ------------------------------------------------------------------------------------------------------

    def _join(self, generation: str, after: int) -> Replica:
        replica = self._replicas.get(generation)
        if replica is None:
            replica = self._replicas[generation] = Replica(generation, after, max_entries=self._options.max_entries)
            self._wake()
        replica.viewers += 1
        return replica

    def _leave(self, replica: Replica) -> None:
        replica.viewers -= 1
        if replica.viewers == 0 and self._replicas.get(replica.generation) is replica:
            del self._replicas[replica.generation]

    def _lose(self, replica: Replica) -> None:
        replica.lose()
        if self._replicas.get(replica.generation) is replica:
            del self._replicas[replica.generation]  # who comes now begins anew

    async def _reach(self, replica: Replica, after: int) -> None:
        """Until the replica holds what follows `after`. Raises StreamGap."""
        while replica.deadline is not None and not replica.is_lost:
            await replica.change()
        while after < replica.dropped:
            await self._fetch_older(replica, after)
        with suppress(TimeoutError):  # `after` then says that it is not held
            async with asyncio.timeout(self._options.patience_seconds):
                # Whoever comes from the node of the owner may have seen more than is copied yet.
                while replica.head < after and not (replica.closed or replica.is_lost):
                    await replica.change()
        if replica.closed and after > replica.owned:
            # What this viewer has after `owned` came from an owner that was given up, and was never copied: the entry
            # of that number here, if there is one, is another.
            raise StreamGap

    async def _fetch_older(self, replica: Replica, after: int) -> None:
        wanted = replica.dropped
        try:
            items = await self._control.call("XRANGE", replica.key, f"{after + 1}-0", f"{wanted}-0")
            entries, _ = read_items(replica.generation, items)
        except (*FAILURES, ValueError):
            raise StreamGap from None
        if [entry.seq for entry in entries] != list(range(after + 1, wanted + 1)):
            raise StreamGap
        # Meanwhile another viewer may have fetched some of them, or the replica may have let go of newer ones.
        if after < replica.dropped <= wanted:
            replica.prepend(entries[: replica.dropped - after])

    # --- The reading task ---------------------------------------------------------------------------------------------

    def _wake(self) -> None:
        """Makes the reader look at its replicas now."""
        self._joined.set()
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._read())
        elif self._needs_wake:
            self._needs_wake = False  # one wake per read is enough
            task = asyncio.create_task(self._send_wake())
            self._waking.add(task)
            task.add_done_callback(self._waking.discard)

    async def _send_wake(self) -> None:
        self._wakes_sent += 1
        entry = (f"{self._wakes_sent}-0", "wake", "")
        # Without Redis the read fails by itself; at worst it ends after `block_seconds`.
        with suppress(*FAILURES):
            await self._control.call_all(
                [
                    ("XADD", self._wake_key, "MAXLEN", 1, *entry),
                    ("PEXPIRE", self._wake_key, WAKE_KEY_SECONDS * 1000),
                ]
            )

    async def _read(self) -> None:
        while True:
            while not self._open_replicas():
                self._joined.clear()
                await self._joined.wait()
            try:
                await self._confirm()
                await self._read_round()
            except FAILURES as error:
                await asyncio.sleep(self._outage.failed(error))
            else:
                self._outage.is_over()
                await asyncio.sleep(self._options.pause_seconds)

    def _open_replicas(self) -> list[Replica]:
        return [replica for replica in self._replicas.values() if not replica.closed]

    async def _confirm(self) -> None:
        """Looks whether Redis knows the logs of new replicas; now and then, whether it still knows those of all."""
        loop = asyncio.get_running_loop()
        if loop.time() >= self._verify_at:
            self._verify_at = loop.time() + self._options.verify_seconds
            for replica in self._open_replicas():
                replica.deadline = replica.deadline or inf
        asked = [replica for replica in self._open_replicas() if replica.deadline is not None]
        if not asked:
            return
        newest = await self._reading.call_all([("XREVRANGE", r.key, "+", "-", "COUNT", 1) for r in asked])
        for replica, items in zip(asked, newest, strict=True):
            if items:
                self._confirm_one(replica, items)
            elif replica.deadline == inf:
                replica.deadline = loop.time() + self._options.patience_seconds
            elif replica.deadline is not None and loop.time() > replica.deadline:
                self._lose(replica)

    def _confirm_one(self, replica: Replica, items: Sequence[Any]) -> None:
        try:
            entries, end = read_items(replica.generation, items)
        except ValueError:
            self._lose(replica)
            return
        replica.confirm(end.owned if end is not None else entries[-1].seq)

    async def _read_round(self) -> None:
        replicas = {replica.key: replica for replica in self._open_replicas() if replica.deadline is None}
        if not replicas:
            return
        # While a log is still looked for, the next look must not wait for news of the others.
        is_complete = len(replicas) == len(self._open_replicas())
        block = self._options.block_seconds if is_complete else self._options.pause_seconds
        command = ("XREAD", "COUNT", ENTRIES_PER_READ, "BLOCK", max(round(block * 1000), 1), "STREAMS")
        ids = [f"{replica.head}-0" for replica in replicas.values()]
        self._needs_wake = True
        try:
            reply = await self._reading.call(*command, self._wake_key, *replicas, f"{self._wakes_seen}-0", *ids)
        finally:
            self._needs_wake = False
        for key, items in dict(reply or ()).items():
            if key == self._wake_key:
                self._wakes_seen = seq_of(items[-1][0])
            else:
                self._extend(replicas[key], items)

    def _extend(self, replica: Replica, items: Sequence[Any]) -> None:
        replica.extend(items)
        if replica.is_lost:
            self._lose(replica)

"""The tabs that are open on this process, by person, and the bells that ring for them (`chat.doorbell`).

They share one channel of the channel layer. A bell is heard once in each process where the person has a tab, and told to every
one of them here; a tab costs no channel, no subscription and no task that waits.
"""

from __future__ import annotations

import asyncio
import logging
from contextvars import Context
from typing import Any, Protocol
from weakref import WeakKeyDictionary

from channels.layers import get_channel_layer

from chat import doorbell

logger = logging.getLogger(__name__)


class Tab(Protocol):
    async def hear(self, bell: dict[str, Any]) -> None: ...

    async def close(self, code: int) -> None: ...


class Tabs:
    """Of one event loop (a server has one; tests have many)."""

    def __init__(self) -> None:
        self._of: dict[str, set[Tab]] = {}
        self._layer: Any = get_channel_layer()
        self._channel = ""
        self._listening: asyncio.Task[None] | None = None
        self._telling: set[asyncio.Task[None]] = set()
        # Groups are joined and left one after another, and each time by what holds then: between a person's last tab that
        # goes and a next one that comes the network may be slow.
        self._groups = asyncio.Lock()

    def of(self, user_id: str) -> frozenset[Tab]:
        return frozenset(self._of.get(user_id, ()))

    def all(self) -> list[Tab]:
        return [tab for tabs in self._of.values() for tab in tabs]

    async def join(self, user_id: str, tab: Tab) -> None:
        """From its return on no bell for the person is missed. Where it raises, the tab has not joined."""
        self._of.setdefault(user_id, set()).add(tab)
        try:
            async with self._groups:
                if self._listening is None:
                    self._channel = await self._layer.new_channel()
                    self._listening = asyncio.create_task(self._listen(self._channel), context=Context())
                await self._layer.group_add(doorbell.group(user_id), self._channel)
        except BaseException:
            self._remove(user_id, tab)
            raise

    async def leave(self, user_id: str, tab: Tab) -> None:
        self._remove(user_id, tab)
        async with self._groups:
            if self._listening is None:
                return
            if user_id not in self._of:
                await self._layer.group_discard(doorbell.group(user_id), self._channel)
            if not self._of:
                self._listening.cancel()
                self._listening = None

    def _remove(self, user_id: str, tab: Tab) -> None:
        self._of[user_id].discard(tab)
        if not self._of[user_id]:
            del self._of[user_id]

    async def _listen(self, channel: str) -> None:
        while True:
            bell = await self._layer.receive(channel)
            # Nodes of an earlier version, while a new one is rolled out, do not say for whom they ring.
            for tab in self.of(bell.get("user", "")):
                # Not waited for: a tab that reads slowly must not hold up the others.
                task = asyncio.create_task(tab.hear(bell))
                self._telling.add(task)
                task.add_done_callback(self._told)

    def _told(self, task: asyncio.Task[None]) -> None:
        self._telling.discard(task)
        if not task.cancelled() and (fault := task.exception()) is not None:
            logger.error("A tab could not be told", exc_info=fault)


_tabs: WeakKeyDictionary[asyncio.AbstractEventLoop, Tabs] = WeakKeyDictionary()


def tabs() -> Tabs:
    """The running event loop's."""
    loop = asyncio.get_running_loop()
    if loop not in _tabs:
        _tabs[loop] = Tabs()
    return _tabs[loop]

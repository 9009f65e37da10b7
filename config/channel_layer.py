"""The channel layer of a studio that is one process."""

from __future__ import annotations

import contextlib
from typing import Any

from channels.exceptions import ChannelFull
from channels.layers import InMemoryChannelLayer


class OneProcessChannelLayer(InMemoryChannelLayer):
    """Bells (`chat.doorbell`) on the way from a task to another of the same process, which listens for as long as it runs.

    Channels' own looks, for each message sent and each received, through all groups for what is too old: a group is a person
    with an open tab, so a bell would cost more the more people are there. And it starts a task for each channel of a group.
    """

    def _clean_expired(self) -> None:
        """Nothing gets old: who listens is the process itself."""

    async def group_send(self, group: str, message: dict[str, Any]) -> None:
        """A channel that is full loses the message, as in every channel layer."""
        self.require_valid_group_name(group)
        for channel in list(self.groups.get(group, ())):
            with contextlib.suppress(ChannelFull):
                await self.send(channel, message)

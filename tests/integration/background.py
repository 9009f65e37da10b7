"""What goes on in this process when the answers have ended."""

from __future__ import annotations

import asyncio

from chat.generation.registry import registry


async def background_done() -> None:
    """Until everything that was begun beside an answer has ended."""
    endless = set(registry()._caring.values())
    await asyncio.gather(*(registry()._tasks - endless))

"""What the provider saw, which is the only witness of when its connection was closed."""

from __future__ import annotations

from typing import Any

import aiohttp


async def streams(http: aiohttp.ClientSession, url: str, moment: str, count: int = 1) -> list[dict[str, Any]]:
    """The streams since the last reset, once `count` of them came to `moment` (`started`, `closed_by_client`, …)."""
    query = {"moment": moment, "count": str(count), "timeout": "30"}
    async with http.get(f"{url}/_emulator/wait", params=query) as response:
        found: list[dict[str, Any]] = await response.json()
        assert response.status == 200, f"not {count} streams came to {moment}: {found}"
    return found


async def requests(http: aiohttp.ClientSession, url: str) -> list[dict[str, Any]]:
    """The requests since the last reset."""
    async with http.get(f"{url}/_emulator/requests") as response:
        found: list[dict[str, Any]] = await response.json()
    return found

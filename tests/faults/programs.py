"""What a program does: server-sent events and REST, with an API token."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import orjson

from tests.faults.client import new_id
from tests.faults.nodes import Seat


def authorized(seat: Seat) -> dict[str, str]:
    return {"Authorization": f"Token {seat.token}"}


async def parts_of(response: aiohttp.ClientResponse) -> AsyncIterator[dict[str, Any]]:
    """The parts of a stream as they come; ends with its `[DONE]`."""
    async for line in response.content:
        if line.startswith(b"data: [DONE]"):
            return
        if line.startswith(b"data: "):
            yield orjson.loads(line[len(b"data: ") :])


async def ask(http: aiohttp.ClientSession, address: str, seat: Seat, session: str, text: str) -> aiohttp.ClientResponse:
    """The stream of the answer, which has begun. Close it."""
    message = {"id": new_id(), "role": "user", "parts": [{"type": "text", "text": text}]}
    submission = {"id": session, "trigger": "submit-message", "messages": [message]}
    response = await http.post(f"{address}/api/chat/stream", json=submission, headers=authorized(seat))
    assert response.status == 200, await response.text()
    return response


async def resume(http: aiohttp.ClientSession, address: str, seat: Seat, session: str) -> aiohttp.ClientResponse:
    """The stream of what runs in the session, from its start. Close it."""
    return await http.get(f"{address}/api/chat/{session}/stream", headers=authorized(seat))


async def stop(http: aiohttp.ClientSession, address: str, seat: Seat, session: str) -> str:
    """The final status of what ran in the session."""
    async with http.post(f"{address}/api/chat/{session}/stop", headers=authorized(seat)) as response:
        assert response.status == 200, await response.text()
        status: str = (await response.json())["status"]
    return status


def text_of(parts: list[dict[str, Any]]) -> str:
    return "".join(part["delta"] for part in parts if part["type"] == "text-delta")

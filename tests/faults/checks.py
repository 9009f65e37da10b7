"""What every test of a fault ends with: nobody lost anything, and nobody has anything twice."""

from __future__ import annotations

from typing import Any

import aiohttp

from ai_studio.emulator.scripts import expected_text
from tests.faults.client import Tab
from tests.faults.nodes import Node, Seat
from tests.faults.stage import MODEL


def sent_text(prompt: str) -> str:
    """What the provider says to `prompt`, when nobody stops it."""
    return expected_text(MODEL, prompt)


async def stored_messages(http: aiohttp.ClientSession, node: Node, seat: Seat, session: str) -> list[dict[str, Any]]:
    """The session's branch, as a program reads it, and what stands beside its last answer."""
    headers = {"Authorization": f"Token {seat.token}"}
    async with http.get(f"{node.url}/api/sessions/{session}/messages", headers=headers) as response:
        assert response.status == 200, await response.text()
        page = await response.json()
    messages: list[dict[str, Any]] = [*page["messages"], *page["beside"]]
    return messages


async def stored_answer(
    http: aiohttp.ClientSession, node: Node, seat: Seat, session: str, generation: str
) -> tuple[str, str]:
    """Status and text of an answer."""
    messages = await stored_messages(http, node, seat, session)
    [message] = [one for one in messages if (one["generation"] or {}).get("id") == generation]
    text = "".join(part["text"] for part in message["parts"] if part["type"] == "text")
    return message["generation"]["status"], text


def assert_same(tabs: list[Tab], generation: str, status: str, stored: str, sent: str) -> None:
    """Every tab shows what is stored, and that is what was sent: all of it when completed, else its exact beginning."""
    if status == "completed":
        assert stored == sent
    else:
        assert sent.startswith(stored), f"stored is not the beginning of what was sent: {_difference(stored, sent)}"
    for number, tab in enumerate(tabs):
        answer = tab.answers[generation]
        assert answer.text == stored, f"tab {number} differs from what is stored: {_difference(answer.text, stored)}"
        assert answer.status == status, f"tab {number} says {answer.status}, stored is {status}"
        assert tab.problems == []


def _difference(one: str, other: str) -> str:
    at = next(
        (index for index, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
    return (
        f"{len(one)} and {len(other)} characters, equal up to {at}: {one[at : at + 40]!r} and {other[at : at + 40]!r}"
    )

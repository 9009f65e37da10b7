"""The network is cut at every kind of place in the stream of bytes: the page comes back, and has everything once."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass

import aiohttp
import pytest

from tests.faults.checks import assert_same, sent_text, stored_answer
from tests.faults.conftest import Cluster, OpenTab
from tests.faults.proxy import Proxy

pytestmark = [pytest.mark.postgresql, pytest.mark.redis]

PROMPT = "{}: /emulate unicode rate 77"


@dataclass
class Frames:
    """Where the frames of a server are in the bytes that it sends, read as they pass."""

    head: int = 0
    """How many bytes the answer to the handshake takes; 0 while it is not complete."""
    ends: list[int] | None = None
    """The offset after each frame."""
    _bytes: bytes = b""

    def feed(self, data: bytes) -> None:
        self._bytes += data
        if not self.head and (end := self._bytes.find(b"\r\n\r\n")) >= 0:
            self.head, self.ends = end + 4, []
        while self.ends is not None and (size := self._size_at(self.ends[-1] if self.ends else self.head)):
            self.ends.append((self.ends[-1] if self.ends else self.head) + size)

    def _size_at(self, start: int) -> int | None:
        """None while the frame is not complete. Frames of servers are not masked."""
        head = self._bytes[start : start + 10]
        if len(head) < 2:
            return None
        length, extra = head[1] & 0x7F, 0
        if length >= 126:
            extra = 2 if length == 126 else 8
            if len(head) < 2 + extra:
                return None
            length = int.from_bytes(head[2 : 2 + extra])
        size = 2 + extra + length
        return size if len(self._bytes) >= start + size else None


async def one_answer_cut_at(
    cluster: Cluster, open_tab: OpenTab, http: aiohttp.ClientSession, offsets: list[int], prompt: str, seat: int = 4
) -> Frames:
    """Asks through a network that is cut after each of the `offsets`, counted for each connection anew."""
    node, frames = cluster.nodes[0], Frames()
    async with Proxy(node.port) as proxy:
        proxy.on_bytes = frames.feed
        proxy.cuts = list(offsets)
        tab = await open_tab(cluster.seats[seat], proxy.url)
        session, generation = await tab.ask(prompt)
        await tab.until_end(generation)
        status, stored = await stored_answer(http, node, tab.seat, session, generation)
        assert status == "completed"
        assert_same([tab], generation, status, stored, sent_text(prompt))
        # A cut after the answer's last frame is noticed only now.
        await tab.until(lambda: proxy.connections == 1 + len(offsets) - len(proxy.cuts) + tab.reads)
    return frames


async def test_cut_at_every_kind_of_offset(cluster: Cluster, open_tab: OpenTab, http: aiohttp.ClientSession):
    whole = await one_answer_cut_at(cluster, open_tab, http, [], PROMPT.format("Uncut"))
    ends = whole.ends or []
    middle = len(ends) // 2
    places = {
        "before the handshake's answer": [1],
        "in the handshake's answer": [whole.head // 2],
        "right after the handshake": [whole.head],
        "in the welcome": [whole.head + 10],
        "after the welcome": [ends[0]],
        "in the ack of create": [ends[0] + 5],
        "in the ack of send": [ends[1] + 50],
        "after the ack of send": [ends[2]],
        "in a frame's head": [ends[middle] + 1],
        "in a frame": [ends[middle] + 20],
        "between two frames": [ends[middle]],
        "in the last frame of all": [ends[-1] - 1],
        "again and again": [whole.head + 1, ends[0], ends[1] + 3, ends[2] + 100, ends[2] + 700, ends[2] + 1500],
    }
    print(places)
    asks = [
        one_answer_cut_at(cluster, open_tab, http, offsets, PROMPT.format(f"Cut {place}"), seat)
        for seat, (place, offsets) in enumerate(places.items())
    ]
    await asyncio.gather(*asks)


async def test_cut_at_offsets_by_lot(
    round_number: int, cluster: Cluster, open_tab: OpenTab, http: aiohttp.ClientSession
):
    lots = random.Random(round_number)
    offsets = [lots.randint(1, 4000) for _ in range(8)]
    print(f"round {round_number}: {offsets}")
    await one_answer_cut_at(cluster, open_tab, http, offsets, PROMPT.format(f"Lots {round_number}"))


async def test_network_that_stalls_is_left_for_another_connection(
    cluster: Cluster, open_tab: OpenTab, http: aiohttp.ClientSession
):
    """Nobody is told that nothing passes any more: the page asks, and gives the connection up."""
    prompt, seat, node = PROMPT.format("Stalled"), cluster.seats[4], cluster.nodes[0]
    async with Proxy(node.port) as proxy:
        tab = await open_tab(seat, proxy.url, node.url, quiet=1.0, overdue=10.0)  # a busy node is not away
        session, generation = await tab.ask(prompt)
        await tab.until_text(generation, 50)
        proxy.stall()
        await tab.until_end(generation)
        assert tab.closes == [1006]
        status, stored = await stored_answer(http, node, seat, session, generation)
        assert_same([tab], generation, status, stored, sent_text(prompt))


async def test_cut_after_the_last_part_before_it_arrives(
    cluster: Cluster, open_tab: OpenTab, http: aiohttp.ClientSession
):
    """The answer has ended when the page comes back: it gets how it ended, not silence."""
    prompt, seat, node = PROMPT.format("Ended meanwhile"), cluster.seats[4], cluster.nodes[0]
    async with Proxy(node.port) as proxy:
        tab, other = await open_tab(seat, proxy.url), await open_tab(seat, node.url)
        session = await tab.new_session()
        await other.follow(session)
        generation = (await tab.send(session, prompt))["generation"]
        await tab.until_text(generation, 50)
        proxy.stall()
        await other.until_end(generation)
        proxy.cut()
        proxy.flow()
        await tab.until_end(generation)
        status, stored = await stored_answer(http, node, seat, session, generation)
        assert_same([tab, other], generation, status, stored, sent_text(prompt))


async def test_what_began_and_ended_while_a_tab_was_away(
    cluster: Cluster, open_tab: OpenTab, http: aiohttp.ClientSession
):
    """No frame tells of it any more: the page sees that it does not know the session's leaf."""
    prompt, seat, node = "While away: /emulate tokens 20 rate 0", cluster.seats[4], cluster.nodes[0]
    async with Proxy(node.port) as proxy:
        away, here = await open_tab(seat, proxy.url), await open_tab(seat, node.url)
        session = await here.new_session()
        await away.follow(session)
        proxy.stall()
        proxy.cut()
        generation = (await here.send(session, prompt))["generation"]
        await here.until_end(generation)
        assert generation not in away.answers
        proxy.flow()
        await away.until_end(generation)
        status, stored = await stored_answer(http, node, seat, session, generation)
        assert_same([here, away], generation, status, stored, sent_text(prompt))

"""Slow readers, idle tabs, and many who come and go: nobody costs another one anything, and nothing is lost or doubled."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import Any

import aiohttp
import orjson
import pytest

from chat.limits import WINDOW_BYTES
from chat.streams.base import FRAME_CHARACTERS
from tests.faults import emulator
from tests.faults.checks import assert_same, sent_text, stored_answer
from tests.faults.client import Tab, new_id
from tests.faults.conftest import ROUNDS, Cluster, OpenTab
from tests.faults.nodes import Node, Seat
from tests.faults.proxy import Proxy

pytestmark = [pytest.mark.postgresql, pytest.mark.redis]

IDLE_SOCKETS = 1000
IDLE_KB = 60
"""Far above what one idle socket costs: this is about leaks, the benchmark is about cost."""
PING = bytes((0x89, 0x80 | 125)) + bytes(4) + b"." * 125
"""A masked frame (RFC 6455, section 5.2) of the most that a ping may hold."""
FLOOD_BYTES = 64 * 2**20
"""Far more than the buffers of both kernels hold."""
STREAMS = 60 if ROUNDS == 1 else 200
CUTS_OF_EACH = 5


@pytest.mark.usefixtures("reset_emulator")
async def test_reader_at_one_kilobyte_a_second_holds_up_nobody(
    cluster: Cluster, open_tab: OpenTab, http: aiohttp.ClientSession
):
    prompt, seat, node = "Slow reader: /emulate tokens 2500 rate 400", cluster.seats[7], cluster.nodes[0]
    async with Proxy(node.port) as proxy:
        slow, quick = await open_tab(seat, proxy.url), await open_tab(seat, node.url)
        session = await quick.new_session()
        await slow.follow(session)
        proxy.bytes_per_second = 1024
        generation = (await quick.send(session, prompt))["generation"]
        await quick.until_end(generation)
        [stream] = await emulator.streams(http, cluster.emulator, "finished")
        late = time.monotonic() - stream["finished"]["monotonic"]
        behind = len(quick.answers[generation].text) - len(slow.answers[generation].text)
        print(
            f"the quick reader's end came {late:.1f} s after the provider's; the slow one is {behind} characters behind"
        )
        assert late < 5
        assert behind > 5000
        shown = len(slow.answers[generation].text)
        await slow.until_text(generation, shown + 1000)
        proxy.bytes_per_second = None
        await slow.until_end(generation)
        status, stored = await stored_answer(http, node, seat, session, generation)
        assert status == "completed"
        assert_same([slow, quick], generation, status, stored, sent_text(prompt))
        assert slow.closes == []


async def test_who_never_acknowledges_is_owed_no_more_than_a_window(
    cluster: Cluster, open_tab: OpenTab, http: aiohttp.ClientSession
):
    """What is said past the window stays in the log, which all viewers share: the server's memory is bounded."""
    prompt, seat = "Never acknowledged: /emulate tokens 50000 rate 0", cluster.seats[8]
    quick = await open_tab(seat, cluster.nodes[0].url)
    session = await quick.new_session()
    async with raw_socket(http, cluster.nodes[0], seat) as socket:
        await tell(socket, {"type": "subscribe", "session": session, "generation": None, "after": None})
        generation = (await quick.send(session, prompt))["generation"]
        await quick.until_end(generation)
        await tell(socket, {"type": "ping"})
        received = 0
        while (frame := await heard(socket))["type"] != "ack" or "session" in frame["result"]:
            received += len(orjson.dumps(frame)) if frame["type"] == "parts" else 0
        print(f"of {len(sent_text(prompt))} characters, {received} bytes came without an acknowledgement")
        assert received <= WINDOW_BYTES + 2 * FRAME_CHARACTERS
        assert len(sent_text(prompt)) > received


async def test_who_reads_nothing_is_read_no_further(cluster: Cluster):
    """Each ping is answered: where the answers can go nowhere, they would fill the memory."""
    node = cluster.nodes[0]
    reader, writer = await asyncio.open_connection("127.0.0.1", node.port)
    try:
        writer.write(handshake(node, cluster.seats[9]))
        await reader.readuntil(b" 101 ")
        said = 0
        with suppress(TimeoutError):
            while said < FLOOD_BYTES:
                writer.write(PING * 1000)
                said += len(PING) * 1000
                await asyncio.wait_for(writer.drain(), timeout=3)
        print(f"read no further after {said / 2**20:.1f} MB")
        assert said < FLOOD_BYTES
    finally:
        writer.transport.abort()


async def test_a_thousand_idle_sockets(cluster: Cluster, http: aiohttp.ClientSession):
    node, seats = cluster.nodes[1], cluster.seats[:50]
    async with AsyncExitStack() as stack:
        warm = [await stack.enter_async_context(raw_socket(http, node, seat)) for seat in seats]
        sockets, resident = list(warm), {}
        while len(sockets) < IDLE_SOCKETS:
            opened = [raw_socket(http, node, seat) for seat in seats]
            sockets += await asyncio.gather(*(stack.enter_async_context(one) for one in opened))
            resident[len(sockets)] = node.rss_kb()
        # Of the second half: a process goes on loading for a while after it listens.
        each = (resident[IDLE_SOCKETS] - resident[IDLE_SOCKETS // 2]) / (IDLE_SOCKETS // 2)
        print(f"{len(sockets)} idle sockets: {each:.1f} KB each")
        begun = time.monotonic()
        for socket in warm:
            await tell(socket, {"type": "create", "session": new_id(), "model": None, "agent": None})
        await asyncio.gather(*(until_type(socket, "session") for socket in sockets[len(warm) :]))
        print(
            f"{len(sockets) - len(warm)} of them heard the bells of {len(warm)} people in {time.monotonic() - begun:.1f} s"
        )
    assert each <= IDLE_KB


async def test_many_streams_with_random_disconnects(
    round_number: int, cluster: Cluster, open_tab: OpenTab, http: aiohttp.ClientSession
):
    """Each on its own seat, a third with a second tab; connections break all the time, to come back to the other node."""
    lots = random.Random(round_number)
    addresses = [node.url for node in cluster.nodes]
    asked: list[tuple[str, list[Tab], str, str]] = []

    async def begin(number: int) -> None:
        seat = cluster.seats[number % len(cluster.seats)]
        prompt = f"Crowd {round_number} {number}: /emulate tokens 150 rate 77"
        tab = await open_tab(seat, *lots.sample(addresses, 2), seed=number)
        session = await tab.new_session()
        tabs = [tab]
        if number % 3 == 0:
            tabs.append(await open_tab(seat, *lots.sample(addresses, 2), seed=-number))
            await tabs[1].follow(session)
        sent = await tab.send(session, prompt)
        asked.append((prompt, tabs, session, sent["generation"]))

    breaking = asyncio.create_task(break_connections(lots, asked))
    await asyncio.gather(*(begin(number) for number in range(STREAMS)))
    for _, tabs, _, generation in asked:
        for tab in tabs:
            await tab.until_end(generation, within=110)
    breaking.cancel()
    with suppress(asyncio.CancelledError):
        await breaking
    for prompt, tabs, session, generation in asked:
        status, stored = await stored_answer(http, cluster.nodes[0], tabs[0].seat, session, generation)
        assert status == "completed"
        assert_same(tabs, generation, status, stored, sent_text(prompt))
    broken = sum(len(tab.closes) for _, tabs, _, _ in asked for tab in tabs)
    gaps = sum(len(tab.gaps) for _, tabs, _, _ in asked for tab in tabs)
    print(f"round {round_number}: {STREAMS} streams, {broken} broken connections, {gaps} gaps, nothing lost or doubled")
    assert broken > STREAMS


async def break_connections(lots: random.Random, asked: list[tuple[str, list[Tab], str, str]]) -> None:
    """Nearly one a second for each stream, whoever it hits, until there were CUTS_OF_EACH.

    Without an end, a machine on which coming back takes longer than the next cut would see nothing else.
    """
    while sum(len(tab.closes) for _, tabs, _, _ in asked for tab in tabs) < CUTS_OF_EACH * STREAMS:
        await asyncio.sleep(lots.random() * 2.4 / STREAMS)
        tabs = [tab for _, tabs, _, generation in asked for tab in tabs if not tab.has_ended(generation)]
        if tabs:
            await lots.choice(tabs).cut()


@asynccontextmanager
async def raw_socket(
    http: aiohttp.ClientSession, node: Node, seat: Seat
) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
    """A socket that was welcomed, and nothing else: cheap enough to have a thousand."""
    headers = {"Cookie": seat.cookie, "Origin": node.url}
    async with http.ws_connect(f"{node.url}/ws/chat", headers=headers, max_msg_size=0) as socket:
        await until_type(socket, "welcome")
        yield socket


def handshake(node: Node, seat: Seat) -> bytes:
    """For a connection that no library reads from."""
    lines = (
        "GET /ws/chat HTTP/1.1",
        f"Host: 127.0.0.1:{node.port}",
        f"Origin: {node.url}",
        f"Cookie: {seat.cookie}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    )
    return "\r\n".join((*lines, "", "")).encode()


async def tell(socket: aiohttp.ClientWebSocketResponse, command: dict[str, Any]) -> None:
    await socket.send_str(orjson.dumps({"id": new_id(), **command}).decode())


async def heard(socket: aiohttp.ClientWebSocketResponse) -> dict[str, Any]:
    frame: dict[str, Any] = orjson.loads(await socket.receive_str(timeout=60))
    return frame


async def until_type(socket: aiohttp.ClientWebSocketResponse, kind: str) -> None:
    while (await heard(socket))["type"] != kind:
        pass

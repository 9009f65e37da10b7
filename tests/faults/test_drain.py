"""SIGTERM under load: what can end ends, the rest is kept and marked, and nobody is left on the node that goes."""

from __future__ import annotations

import asyncio
import signal
import time

import aiohttp
import pytest

from tests.faults.checks import assert_same, sent_text, stored_answer
from tests.faults.conftest import Cluster, OpenTab
from tests.faults.nodes import DRAIN_SECONDS

pytestmark = [pytest.mark.postgresql, pytest.mark.redis]

RESTARTING = 4012
SHORT, LONG = "/emulate tokens 120 rate 77", "/emulate tokens 3000 rate 77"


async def test_sigterm_under_load(cluster: Cluster, open_tab: OpenTab, http: aiohttp.ClientSession):
    leaving, staying = cluster.nodes
    prompts = [f"Drain {number}: {LONG if number % 2 else SHORT}" for number in range(8)]
    tabs = [await open_tab(cluster.seats[10 + n], leaving.url, staying.url, seed=n) for n in range(len(prompts))]
    begun = await asyncio.gather(*(tab.ask(prompt) for tab, prompt in zip(tabs, prompts, strict=True)))
    for tab, (_, generation) in zip(tabs, begun, strict=True):
        await tab.until_text(generation)
    late = await open_tab(cluster.seats[30], leaving.url, staying.url)
    late_session = await late.new_session()
    leaving.server.process.send_signal(signal.SIGTERM)
    asked = time.monotonic()
    await until_draining(http, leaving.url)
    late_prompt = f"Late: {SHORT}"
    late_answer = await late.send(late_session, late_prompt)
    print(f"refused, kept, and accepted by the other node {time.monotonic() - asked:.1f} s after SIGTERM")
    assert late.refusals == ["server_draining"]
    assert late.closes == [RESTARTING]
    statuses = []
    for tab, prompt, (session, generation) in zip(tabs, prompts, begun, strict=True):
        await tab.until_end(generation)
        status, stored = await stored_answer(http, staying, tab.seat, session, generation)
        assert_same([tab], generation, status, stored, sent_text(prompt))
        statuses.append(status)
        assert tab.closes == [RESTARTING]
        assert stored
    assert statuses == ["completed", "interrupted"] * 4
    await asyncio.to_thread(leaving.server.process.wait, 20)
    print(f"gone {time.monotonic() - asked:.1f} s after SIGTERM, of which it may drain for {DRAIN_SECONDS}")
    await late.until_end(late_answer["generation"])
    assert late.answers[late_answer["generation"]].text == sent_text(late_prompt)


async def until_draining(http: aiohttp.ClientSession, url: str) -> None:
    """Until the node tells load balancers that it goes."""
    async with asyncio.timeout(10):
        while True:
            async with http.get(f"{url}/readyz") as response:
                if response.status == 503:
                    return

"""What is changed on one node is in force on the next message of every node, though each remembers the configuration."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.faults import emulator
from tests.faults.client import Tab
from tests.faults.conftest import Cluster, OpenTab
from tests.servers import ROOT

pytestmark = [pytest.mark.postgresql, pytest.mark.redis]

SEAT = 6


async def system_prompt(http: aiohttp.ClientSession, cluster: Cluster, tab: Tab, text: str) -> str:
    """What the provider is told before the message `text`."""
    _, generation = await tab.ask(text)
    await tab.until_end(generation)
    (request,) = [
        request["body"]
        for request in await emulator.requests(http, cluster.emulator)
        if request["body"]["messages"][-1]["content"] == text
    ]
    said = [message["content"] for message in request["messages"] if message["role"] == "system"]
    return "\n".join(said)


def import_studio(cluster: Cluster, path: Path, text: str) -> None:
    """As an operator does, in a process that is none of the nodes."""
    document = f"chat_studio: 1\ninstructions:\n  text: {text}\n...\n"
    path.write_text(document)
    command = [sys.executable, "manage.py", "import_studio", str(path)]
    done: Any = subprocess.run(
        command, cwd=ROOT, env=dict(cluster.installation.environment), capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()


async def test_on_either_node_the_next_message_knows(
    cluster: Cluster, open_tab: OpenTab, http: aiohttp.ClientSession, reset_emulator: None, tmp_path: Path
) -> None:
    seat, (here, there) = cluster.seats[SEAT], cluster.nodes
    tabs = [await open_tab(seat, node.url) for node in (here, there)]
    for number, tab in enumerate(tabs):
        assert "zebra" not in await system_prompt(http, cluster, tab, f"Before, {number}")
    for round_ in range(3):
        await asyncio.to_thread(import_studio, cluster, tmp_path / "studio.yaml", f"Platform zebra {round_}.")
        async with http.put(
            f"{here.url}/api/instructions",
            json={"text": f"Own zebra {round_}.", "enabled": True},
            headers={"Authorization": f"Token {seat.token}"},
        ) as response:
            assert response.status == 200
        for number, tab in enumerate(reversed(tabs)):
            prompt = await system_prompt(http, cluster, tab, f"Round {round_}, {number}")
            assert f"Platform zebra {round_}." in prompt
            assert f"Own zebra {round_}." in prompt

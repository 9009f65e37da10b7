"""nginx in front of two nodes, with the configuration that is deployed: no sticky sessions, and nobody notices."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import pytest

from tests import servers
from tests.faults import programs
from tests.faults.checks import assert_same, sent_text, stored_answer
from tests.faults.client import new_id
from tests.faults.conftest import Cluster, OpenTab
from tests.faults.nodes import Node
from tests.servers import ROOT, Server

pytestmark = [pytest.mark.postgresql, pytest.mark.redis]

SEAT = 6
AROUND = """
worker_processes 1;
daemon off;
pid {folder}/pid;
error_log {folder}/error.log;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
{deployed}
}}
"""


def nginx_program() -> str:
    """Debian keeps it off the PATH of ordinary users."""
    found = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if found is None:
        pytest.skip("needs nginx: apt-get install nginx-light")
    return found


@pytest.fixture
def nginx(cluster: Cluster, tmp_path: Path) -> Iterator[str]:
    """Its address."""
    program, port = nginx_program(), servers.free_port()
    deployed = (ROOT / "deploy" / "nginx.conf").read_text()
    for written, real in zip(("127.0.0.1:8001", "127.0.0.1:8002"), cluster.nodes, strict=True):
        assert written in deployed
        deployed = deployed.replace(written, f"127.0.0.1:{real.port}")
    assert "listen 80;" in deployed
    deployed = deployed.replace("listen 80;", f"listen 127.0.0.1:{port};")
    configuration = tmp_path / "nginx.conf"
    configuration.write_text(AROUND.format(folder=tmp_path, deployed=deployed))
    server = Server(
        [program, "-c", str(configuration), "-p", str(tmp_path)],
        log_path=tmp_path / "log",
        ready=lambda: servers.listens(port),
    )
    try:
        server.start()
        yield f"http://127.0.0.1:{port}"
    finally:
        server.stop()


def connections(node: Node) -> int:
    """Established ones, on the node's side."""
    lines = Path("/proc/net/tcp").read_text().splitlines()[1:]
    return sum(line.split()[1].endswith(f":{node.port:04X}") and line.split()[3] == "01" for line in lines)


async def test_tabs_and_programs_meet_across_nodes(
    nginx: str, cluster: Cluster, open_tab: OpenTab, http: aiohttp.ClientSession
):
    seat, prompt = cluster.seats[SEAT], "Behind nginx: /emulate tokens 250 rate 77"
    tabs = [await open_tab(seat, nginx) for _ in range(6)]
    assert all(connections(node) >= 2 for node in cluster.nodes)
    session = await tabs[0].new_session()
    for tab in tabs[1:]:
        await tab.follow(session)
    generation = (await tabs[0].send(session, prompt))["generation"]
    await tabs[5].until_text(generation, 100)
    streams = [await programs.resume(http, nginx, seat, session) for _ in range(4)]
    for stream in streams:
        assert stream.status == 200
        assert programs.text_of([part async for part in programs.parts_of(stream)]) == sent_text(prompt)
    for tab in tabs:
        await tab.until_end(generation)
    status, stored = await stored_answer(http, cluster.nodes[0], seat, session, generation)
    assert_same(tabs, generation, status, stored, sent_text(prompt))


async def test_stop_reaches_whichever_node(
    nginx: str, cluster: Cluster, open_tab: OpenTab, http: aiohttp.ClientSession
):
    seat = cluster.seats[SEAT]
    tabs = [await open_tab(seat, nginx) for _ in range(4)]
    for number, stopper in enumerate(tabs):
        prompt = f"Stop behind nginx {number}: /emulate tokens 2000 rate 77"
        session, generation = await tabs[0].ask(prompt)
        await stopper.follow(session)
        await stopper.until_text(generation, 50)
        assert await stopper.stop(generation, stopper.answers[generation].seq) == "stopped"
        status, stored = await stored_answer(http, cluster.nodes[1], seat, session, generation)
        for tab in {tabs[0], stopper}:
            await tab.until(lambda tab=tab, g=generation, s=stored: tab.has_ended(g) and tab.answers[g].text == s)
        assert_same([tabs[0], stopper], generation, status, stored, sent_text(prompt))
    session = new_id()
    async with await programs.ask(http, nginx, seat, session, "Program: /emulate tokens 2000 rate 77") as stream:
        assert await programs.stop(http, nginx, seat, session) == "stopped"
        assert [part async for part in programs.parts_of(stream)][-1] == {"type": "abort", "reason": "stopped"}


async def test_node_that_dies_is_passed_over(
    nginx: str, cluster: Cluster, open_tab: OpenTab, http: aiohttp.ClientSession
):
    seat, dying, left = cluster.seats[SEAT], *cluster.nodes
    tabs = [await open_tab(seat, nginx) for _ in range(6)]
    asked = [(prompt, await tab.ask(prompt)) for tab, prompt in zip(tabs, prompts(), strict=True)]
    for tab, (_, (_, generation)) in zip(tabs, asked, strict=True):
        await tab.until_text(generation)
    dying.server.kill()
    statuses = []
    for tab, (prompt, (session, generation)) in zip(tabs, asked, strict=True):
        await tab.until_end(generation)
        status, stored = await stored_answer(http, left, seat, session, generation)
        assert_same([tab], generation, status, stored, sent_text(prompt))
        statuses.append(status)
    print(f"behind nginx, one of two nodes killed: {statuses}")
    assert set(statuses) == {"completed", "interrupted"}


def prompts() -> list[str]:
    return [f"Passed over {number}: /emulate tokens 300 rate 77" for number in range(6)]

"""Two nodes on PostgreSQL and Redis, which every test finds running, whatever the one before did to them."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, ExitStack
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest

from tests import servers
from tests.faults.client import Tab
from tests.faults.nodes import Installation, Node, Seat, installation
from tests.servers import Server

ROUNDS = int(os.environ.get("FAULT_ROUNDS", "1"))
"""How often each test runs, one time after the other: once in the ordinary suite, many times in `make faults`."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Tests that draw lots ask for `round_number`, as the seed."""
    if "round_number" not in metafunc.fixturenames:
        if ROUNDS == 1:
            return
        metafunc.fixturenames.append("round_number")
    metafunc.parametrize("round_number", range(ROUNDS))


@dataclass
class Cluster:
    """Everything that a fault can be done to."""

    installation: Installation
    postgres: Server
    redis: Server
    nodes: list[Node]

    @property
    def seats(self) -> list[Seat]:
        return self.installation.seats

    @property
    def emulator(self) -> str:
        return self.installation.emulator

    def heal(self) -> None:
        """Starts what a test has ended."""
        for server in (self.postgres, self.redis):
            if not server.is_running:
                server.start()
        for node in self.nodes:
            if not servers.listens(node.port):
                node.server.stop()  # one that drains may still be there
                node.server.start()


@pytest.fixture(scope="session")
def running_cluster(emulator: str) -> Iterator[Cluster]:
    with ExitStack() as stack:
        try:
            postgres, database_url = stack.enter_context(servers.postgres_server())
            redis, redis_url = stack.enter_context(servers.redis_server())
        except servers.Missing as missing:
            pytest.skip(str(missing))
        environment = {"DATABASE_URL": database_url, "REDIS_URL": redis_url}
        made = stack.enter_context(installation(emulator, seats=64, environment=environment))
        yield Cluster(made, postgres, redis, made.add_nodes(2))


@pytest.fixture
def cluster(running_cluster: Cluster) -> Cluster:
    running_cluster.heal()
    return running_cluster


@pytest.fixture
def nodes(cluster: Cluster) -> list[Node]:
    """The two of them, running."""
    return cluster.nodes


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector, timeout=aiohttp.ClientTimeout(total=60)) as session:
        yield session


OpenTab = Callable[..., Any]


@pytest.fixture
async def open_tab(http: aiohttp.ClientSession) -> AsyncIterator[OpenTab]:
    """`await open_tab(seat, address, …)`: a tab that is connected; closed when the test ends."""
    async with AsyncExitStack() as stack:

        async def open_one(seat: Seat, *addresses: str, **options: Any) -> Tab:
            return await stack.enter_async_context(Tab(http, seat, *addresses, **options))

        yield open_one


@pytest.fixture
async def reset_emulator(cluster: Cluster, http: aiohttp.ClientSession) -> None:
    """Forgets what happened before, so that its record is of this test alone."""
    async with http.post(f"{cluster.emulator}/_emulator/reset") as response:
        assert response.status == 200


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Any:
    report = yield
    found = getattr(item, "funcargs", {}).get("running_cluster") or getattr(item, "funcargs", {}).get("cluster")
    if report.failed and isinstance(found, Cluster):
        report.sections.append(("logs of the nodes", found.installation.logs()))
    return report


async def gather(*waits: Any) -> list[Any]:
    """All of them, or the first that fails."""
    return list(await asyncio.gather(*waits))

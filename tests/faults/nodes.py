"""The product as several processes: nodes that share a database and, where there is one, Redis."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from tests import servers
from tests.servers import ROOT, Server

DRAIN_SECONDS = 3


@dataclass(frozen=True)
class Seat:
    """Somebody who is signed in: by `cookie` in a browser, by `token` in a program."""

    user: str
    cookie: str
    token: str


@dataclass
class Node:
    """One process that serves."""

    port: int
    server: Server

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        return self.server.process.pid

    def rss_kb(self) -> int:
        """Resident memory in KiB."""
        lines = Path(f"/proc/{self.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:"))


@dataclass
class Installation:
    """A database that is filled, and the nodes on it."""

    environment: Mapping[str, str]
    emulator: str
    """The emulator's URL, without a path."""
    seats: list[Seat]
    folder: Path
    nodes: list[Node] = field(default_factory=list)

    def add_nodes(self, count: int) -> list[Node]:
        """Starts as many more. Raises NotReady."""
        added = [self._launch_node() for _ in range(count)]
        for node in added:
            node.server.until_ready()
        return added

    def _launch_node(self) -> Node:
        port = servers.free_port()
        size = ("--websocket-max-message-size", str(1024 * 1024))
        command = [sys.executable, "-m", "config.serve", "-v", "0", "-b", "127.0.0.1", "-p", str(port), *size]
        server = Server(
            [*command, "config.asgi:application"],
            log_path=self.folder / f"node-{port}.log",
            ready=lambda: servers.listens(port),
            environment=self.environment,
        )
        node = Node(port, server)
        self.nodes.append(node)
        server.launch()
        return node

    def logs(self) -> str:
        """What the nodes said, for a test that failed."""
        return "\n".join(f"--- node {node.port}\n{node.server.log()[-20_000:]}" for node in self.nodes)


async def start(server: Server) -> None:
    """Starts it again, while the tabs of the test live on."""
    server.launch()  # in this thread: the process ends with the thread that made it
    await asyncio.to_thread(server.until_ready)


@contextmanager
def installation(
    emulator: str, *, seats: int = 8, environment: Mapping[str, str] | None = None
) -> Iterator[Installation]:
    """Without nodes as yet. `environment` may say DATABASE_URL and REDIS_URL; else it is SQLite and memory."""
    with tempfile.TemporaryDirectory(prefix="chat-studio-faults-") as folder:
        data_dir = Path(folder) / "data"
        full = servers.clean_environment() | {
            "DATA_DIR": str(data_dir),
            "DATABASE_URL": f"sqlite:///{data_dir}/db.sqlite3",
            "TITLES": "False",
            "SUMMARIES": "False",
            "SENDS_PER_MINUTE": "100000",
            "SOCKETS_PER_USER": "2000",
            "DRAIN_SECONDS": str(DRAIN_SECONDS),
            "PROVIDER_PRIVATE_HOSTS": "127.0.0.0/8",
            **(environment or {}),
        }
        made = Installation(full, emulator, _fill(full, emulator, seats), Path(folder))
        try:
            yield made
        finally:
            for node in made.nodes:
                node.server.kill()  # nothing is left to be kept


def _fill(environment: Mapping[str, str], emulator: str, seats: int) -> list[Seat]:
    command = [sys.executable, "-m", "tests.faults.stage", "--provider", emulator, "--seats", str(seats)]
    done = subprocess.run(command, cwd=ROOT, env=dict(environment), check=False, capture_output=True)
    assert done.returncode == 0, done.stderr.decode()
    rows: list[dict[str, Any]] = orjson.loads(done.stdout)
    return [Seat(**row) for row in rows]

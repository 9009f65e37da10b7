"""Starts what is measured, each on its core, and leaves nothing behind."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import orjson

from benchmarks.figures import Seat
from config import processes
from tests import servers as programs

ROOT = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"
READY_WITHIN = 60.0
POLL_EVERY = 0.02


class NotReady(Exception):
    """A server did not start. The text ends with what it said."""


@dataclass(frozen=True, slots=True)
class Cores:
    """Numbers of processor cores."""

    server: int
    load: int
    """Emulator and load generator, and this process."""


@dataclass(frozen=True, slots=True)
class Emulator:
    url: str
    pid: int


@dataclass(frozen=True, slots=True)
class Server:
    """A server that is ready, and the seats that may be taken."""

    address: str
    pids: tuple[int, ...]
    conversation: str
    seats: tuple[Seat, ...]
    viewer: str = ""
    """Where the second tab of each seat listens; empty: there is none."""


Start = Callable[[Cores, Emulator, int, int], AbstractContextManager[Server]]
"""(cores, emulator, seats, sessions for each seat) → a server of its own."""
Command = Callable[[int, str], list[str]]
"""(port, application) → what Python is started with."""


@contextmanager
def on_core(core: int) -> Iterator[None]:
    """Processes that are started within run on that core, with all threads that they will ever have."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


@contextmanager
def running_emulator(cores: Cores) -> Iterator[Emulator]:
    """The provider."""
    port = _free_port()
    command = ["-m", "ai_studio.emulator", "--host", HOST, "--port", str(port)]
    with _running(command, port, cores.load) as process:
        yield Emulator(f"http://{HOST}:{port}", process.pid)


def running_ours(cores: Cores, emulator: Emulator, seats: int, sessions: int) -> AbstractContextManager[Server]:
    """The product on Daphne and SQLite, in an empty data directory, with people who are signed in."""
    return _one_node(cores, emulator, seats, sessions, _served)


@contextmanager
def running_two_viewers(cores: Cores, emulator: Emulator, seats: int, sessions: int) -> Iterator[Server]:
    """The same, and each answer is watched in a second tab."""
    with running_ours(cores, emulator, seats, sessions) as node:
        yield replace(node, viewer=node.address)


def running_uvicorn(cores: Cores, emulator: Emulator, seats: int, sessions: int) -> AbstractContextManager[Server]:
    """The product on another server of ASGI."""
    return _one_node(cores, emulator, seats, sessions, _uvicorn)


@contextmanager
def running_on_postgresql(cores: Cores, emulator: Emulator, seats: int, sessions: int) -> Iterator[Server]:
    """The product on PostgreSQL, which has the load's core."""
    with (
        on_core(cores.load),
        programs.running_postgres() as database,
        _one_node(cores, emulator, seats, sessions, _served, DATABASE_URL=database) as node,
    ):
        yield node


@contextmanager
def running_two_nodes(cores: Cores, emulator: Emulator, seats: int, sessions: int) -> Iterator[Server]:
    """Two nodes on PostgreSQL and Redis, which have the load's core; each answer is watched on the other node too."""
    with (
        on_core(cores.load),
        programs.running_postgres() as database,
        programs.running_redis() as redis,
        _installation(emulator, seats, sessions, DATABASE_URL=database, REDIS_URL=redis) as installed,
        _node(installed, cores, _served) as node,
        _node(installed, cores, _served) as other,
    ):
        yield replace(node, pids=(*node.pids, *other.pids), viewer=other.address)


@dataclass(frozen=True, slots=True)
class _Installation:
    environment: Mapping[str, str]
    seats: tuple[Seat, ...]


@contextmanager
def _installation(emulator: Emulator, seats: int, sessions: int, **addresses: str) -> Iterator[_Installation]:
    """A database with people who are signed in. `addresses`: DATABASE_URL and REDIS_URL, where not SQLite and memory."""
    with tempfile.TemporaryDirectory(prefix="chat-studio-bench-") as folder:
        own = {
            "DATA_DIR": folder,
            "DATABASE_URL": f"sqlite:///{folder}/db.sqlite3",
            "SENDS_PER_MINUTE": "1000000",
            "TITLES": "False",
            "SUMMARIES": "False",
            **addresses,
        }
        words = ["--provider", emulator.url, "--users", str(seats), "--sessions", str(sessions)]
        command = [sys.executable, "-m", "benchmarks.studio", *words]
        filled = subprocess.run(command, env=_environment(own), cwd=ROOT, check=True, stdout=subprocess.PIPE)
        yield _Installation(own, tuple(Seat(**seat) for seat in orjson.loads(filled.stdout)))


def _uvicorn(port: int, application: str) -> list[str]:
    options = ["--log-level", "warning", "--no-access-log", "--lifespan", "off", "--ws-max-size", "1048576"]
    return ["-m", "uvicorn", "--host", HOST, "--port", str(port), *options, application]


def _served(port: int, application: str) -> list[str]:
    return _daphne("config.serve", port, application)


@contextmanager
def _one_node(
    cores: Cores, emulator: Emulator, seats: int, sessions: int, command: Command, **addresses: str
) -> Iterator[Server]:
    with _installation(emulator, seats, sessions, **addresses) as installed, _node(installed, cores, command) as node:
        yield node


@contextmanager
def _node(installed: _Installation, cores: Cores, command: Command) -> Iterator[Server]:
    port = _free_port()
    with _running(command(port, "config.asgi:application"), port, cores.server, installed.environment) as process:
        yield Server(f"ws://{HOST}:{port}/ws/chat", (process.pid,), "studio", installed.seats)


@contextmanager
def running_naive(cores: Cores, emulator: Emulator, seats: int, sessions: int) -> Iterator[Server]:
    """See `benchmarks.naive`."""
    port = _free_port()
    own = {"BENCHMARK_PROVIDER": emulator.url}
    with _running(_daphne("daphne", port, "benchmarks.naive:application"), port, cores.server, own) as process:
        yield Server(f"ws://{HOST}:{port}/", (process.pid,), "naive", (Seat(),) * seats)


@contextmanager
def running_relay(cores: Cores, emulator: Emulator, seats: int, sessions: int) -> Iterator[Server]:
    """See `benchmarks.relay`."""
    port = _free_port()
    command = ["-m", "benchmarks.relay", "--port", str(port), "--provider", emulator.url]
    with _running(command, port, cores.server) as process:
        yield Server(f"ws://{HOST}:{port}/", (process.pid,), "relay", (Seat(),) * seats)


ROWS: dict[str, Start] = {
    "ours": running_ours,
    "naive": running_naive,
    "relay": running_relay,
    "two-viewers": running_two_viewers,
    "uvicorn": running_uvicorn,
    "postgresql": running_on_postgresql,
    "two-nodes": running_two_nodes,
}


def choose_cores() -> Cores:
    """The first and the last core that this process may use. Raises NotReady where there is one only."""
    usable = sorted(os.sched_getaffinity(0))
    if len(usable) < 2:
        raise NotReady("The benchmark needs two processor cores: one for the server, one for provider and clients.")
    return Cores(server=usable[0], load=usable[-1])


def _daphne(module: str, port: int, application: str) -> list[str]:
    return ["-m", module, "-v", "0", "-b", HOST, "-p", str(port), application]


@contextmanager
def _running(
    arguments: Sequence[str], port: int, core: int, environment: Mapping[str, str] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    with tempfile.NamedTemporaryFile(prefix="chat-studio-bench-", suffix=".log") as log:
        with on_core(core):
            process = processes.start(
                [sys.executable, *arguments], environment=_environment(environment or {}), output=log.fileno()
            )
        try:
            deadline = time.monotonic() + READY_WITHIN
            while not _listens(port):
                if process.poll() is not None or time.monotonic() > deadline:
                    raise NotReady(f"{arguments[1]} did not start:\n{Path(log.name).read_text(errors='replace')}")
                time.sleep(POLL_EVERY)
            yield process
        finally:
            processes.stop(process, grace=10)


def _environment(own: Mapping[str, str]) -> dict[str, str]:
    """The machine's variables and those given, set outright: a developer's own `.env` must not change the figures."""
    kept = ("PATH", "HOME", "LANG", "TMPDIR")
    return {name: os.environ[name] for name in kept if name in os.environ} | {
        "PYTHONPATH": str(ROOT),
        "PROVIDER_PRIVATE_HOSTS": "127.0.0.0/8",
        "LITELLM_LOCAL_MODEL_COST_MAP": "True",
        "REDIS_URL": "",
        "SECRET_KEY": "",
        "TOKEN_KEYS": "",
        "DEBUG": "False",
        "LOG_LEVEL": "INFO",
        **own,
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
    return port


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((HOST, port)) == 0

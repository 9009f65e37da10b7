"""The real servers that tests run against, each private to one test session and gone after it."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from config import processes

ROOT = Path(__file__).resolve().parent.parent
READY_WITHIN = 100.0
POLL_EVERY = 0.02


class Missing(Exception):
    """A program that this machine does not have. The text says how to get it."""


class NotReady(Exception):
    """A server ended or was silent past its deadline. The text ends with its log."""


@dataclass(frozen=True)
class StudioServer:
    """The product as `make run` starts it."""

    base_url: str
    """`http://127.0.0.1:PORT`, without a slash at the end."""
    emulator_url: str
    admin_email: str
    admin_password: str
    data_dir: Path
    log_path: Path
    environment: Mapping[str, str]
    process: subprocess.Popen[bytes]
    """The launcher, whose children are Daphne and the emulator."""

    def manage(self, *arguments: str) -> str:
        """What `manage.py` prints, on this server's data."""
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, check=True, capture_output=True, text=True)
        return done.stdout

    def log_tail(self, lines: int = 60) -> str:
        """Empty once the server is gone with its folder: what fails after that must still be reported."""
        if not self.log_path.exists():
            return ""
        return "\n".join(self.log_path.read_text(errors="replace").splitlines()[-lines:])


def free_port() -> int:
    """A loopback port that nothing listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def chromium_path() -> str:
    """Raises Missing."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    found = next((path for name in names if (path := shutil.which(name))), None)
    if found is None:
        raise Missing("needs Chromium: apt-get install chromium")
    return found


class Server:
    """A program that can be ended, frozen, and started again in the same place. What it prints is kept, every start's."""

    def __init__(
        self,
        command: list[str],
        *,
        log_path: Path,
        ready: Callable[[], bool],
        environment: Mapping[str, str] | None = None,
        user: str | None = None,
        polite: signal.Signals = signal.SIGTERM,
    ) -> None:
        """`ready` is asked until it says yes. `polite`: the signal that asks the program to end."""
        self._command, self._environment, self._user = command, environment, user
        self._ready, self._polite = ready, polite
        self.log_path = log_path
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def process(self) -> subprocess.Popen[bytes]:
        """The one that was started last."""
        assert self._process is not None
        return self._process

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Returns when it is ready. Raises NotReady."""
        self.launch()
        self.until_ready()

    def until_ready(self) -> None:
        """Raises NotReady."""
        deadline = time.monotonic() + READY_WITHIN
        while not self._ready():
            if not self.is_running or time.monotonic() > deadline:
                raise NotReady(f"{Path(self._command[0]).name} did not start:\n{self.log()}")
            time.sleep(POLL_EVERY)

    def launch(self) -> None:
        """Starts it and returns at once. It ends with the thread that calls this."""
        with self.log_path.open("ab") as log:
            self._process = processes.start(
                self._command, environment=self._environment, output=log.fileno(), user=self._user
            )

    def stop(self) -> None:
        """Asks it to end, and waits for that."""
        if self._process is not None:
            processes.stop(self._process, grace=60, polite=self._polite)

    def kill(self) -> None:
        """As a crash does it: no farewell to anybody."""
        self.process.kill()
        self.process.wait()

    def freeze(self) -> None:
        """It stays connected and says nothing."""
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self.process.send_signal(signal.SIGCONT)

    def log(self) -> str:
        return self.log_path.read_text(errors="replace")


@contextmanager
def running_redis() -> Iterator[str]:
    """The address of a Redis that writes nothing to disk. Raises Missing."""
    with redis_server() as (_, address):
        yield address


@contextmanager
def redis_server() -> Iterator[tuple[Server, str]]:
    """A running Redis and its address. It keeps nothing: started again, it is empty. Raises Missing."""
    program = shutil.which("redis-server")
    if program is None:
        raise Missing("needs Redis: apt-get install redis-server")
    with tempfile.TemporaryDirectory(prefix="chat-studio-redis-") as folder:
        port = free_port()
        command = [program, "--bind", "127.0.0.1", "--port", str(port), "--save", "", "--appendonly", "no"]
        server = Server([*command, "--dir", folder], log_path=Path(folder) / "log", ready=lambda: listens(port))
        with running(server):
            yield server, f"redis://127.0.0.1:{port}/0"


@contextmanager
def running_postgres() -> Iterator[str]:
    """The address of an empty database in a cluster of its own. Raises Missing."""
    with postgres_server() as (_, address):
        yield address


@contextmanager
def postgres_server() -> Iterator[tuple[Server, str]]:
    """A running PostgreSQL cluster and the address of its empty database. Raises Missing."""
    initdb, postgres = _postgres_program("initdb"), _postgres_program("postgres")
    account = "postgres" if os.geteuid() == 0 else None  # PostgreSQL refuses to run as root
    with tempfile.TemporaryDirectory(prefix="chat-studio-postgres-") as folder:
        if account is not None:
            shutil.chown(folder, account)
        cluster, log_path, port = Path(folder) / "cluster", Path(folder) / "log", free_port()
        options = ["--username=studio", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"]
        subprocess.run([initdb, f"--pgdata={cluster}", *options], check=True, capture_output=True, user=account)
        quick = ["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"]
        place = ["-c", "listen_addresses=127.0.0.1", "-c", f"port={port}", "-c", "unix_socket_directories="]
        address = f"postgres://studio@127.0.0.1:{port}/postgres"
        server = Server(
            [postgres, "-D", str(cluster), *place, *quick],
            log_path=log_path,
            ready=lambda: _answers(address),
            user=account,
            polite=signal.SIGINT,  # PostgreSQL's fast shutdown; SIGTERM would wait for every client to leave
        )
        with running(server):
            yield server, address


@contextmanager
def running_studio(environment: Mapping[str, str] | None = None) -> Iterator[StudioServer]:
    """The product, seeded with the demonstration, in a data directory of its own.

    `environment` is added to it, for instance `DATABASE_URL` and `REDIS_URL`.
    """
    with tempfile.TemporaryDirectory(prefix="chat-studio-server-") as folder:
        given = dict(environment or {})
        data_dir, log_path, port = Path(given.get("DATA_DIR", f"{folder}/data")), Path(folder) / "log", free_port()
        email, password = "admin@example.com", "correct-horse-battery-staple"
        own = {"PORT": str(port), "DATA_DIR": str(data_dir), "ADMIN_EMAIL": email, "ADMIN_PASSWORD": password}
        own["DATABASE_URL"] = f"sqlite:///{data_dir}/db.sqlite3"
        env = clean_environment() | own | given

        def printed(label: str) -> str | None:
            text = log_path.read_text(errors="replace")
            return next((line.split()[1] for line in text.splitlines() if line.startswith(label)), None)

        def ready() -> bool:
            return printed("ready:") is not None

        command = [sys.executable, "-m", "config.launch"]
        with running(Server(command, log_path=log_path, ready=ready, environment=env)) as server:
            base_url, emulator_url = printed("ready:") or "", printed("emulator:") or ""
            yield StudioServer(base_url, emulator_url, email, password, data_dir, log_path, env, server.process)


@contextmanager
def running(server: Server) -> Iterator[Server]:
    """Started, and stopped at the end."""
    try:
        server.start()
        yield server
    finally:
        server.stop()


def clean_environment() -> dict[str, str]:
    """What a server inherits: the machine's variables, none of the product's.

    Those that matter are set outright, because the product reads a developer's own `.env` where one is not.
    """
    kept = ("PATH", "HOME", "LANG", "TMPDIR", "PYTHONDONTWRITEBYTECODE", "COVERAGE_PROCESS_START")
    return {name: os.environ[name] for name in kept if name in os.environ} | {
        "PYTHONUNBUFFERED": "1",
        "PYTHONPATH": str(ROOT),
        "LITELLM_LOCAL_MODEL_COST_MAP": "True",
        "REDIS_URL": "",
        "SECRET_KEY": "",
        "TOKEN_KEYS": "",
        "DRAIN_SECONDS": "1",
        "EMAIL_URL": "consolemail://",
        "DEBUG": "False",
    }


def listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _answers(address: str) -> bool:
    try:
        psycopg.connect(address, connect_timeout=5).close()
    except psycopg.OperationalError:
        return False
    return True


def _postgres_program(name: str) -> str:
    """Debian keeps the server's programs off the PATH, one folder per version: the newest wins."""
    versions = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]))
    found = shutil.which(name) or (str(versions[-1]) if versions else None)
    if found is None:
        raise Missing("needs PostgreSQL: apt-get install postgresql")
    return found

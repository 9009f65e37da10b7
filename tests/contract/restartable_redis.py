"""A Redis that can be killed, stopped for a while, and started again at the same address."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager

from config import processes
from tests.servers import Missing, NotReady, free_port

READY_WITHIN = 20.0


class RestartableRedis:
    """Keeps nothing on disk: after `kill` and `start` it is empty."""

    def __init__(self, program: str, folder: str) -> None:
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        address = ["--bind", "127.0.0.1", "--port", str(self.port), "--dir", folder]
        self._command = [program, *address, "--save", "", "--appendonly", "no"]
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Returns when it listens."""
        self._process = processes.start(self._command, output=subprocess.DEVNULL)
        deadline = time.monotonic() + READY_WITHIN
        while not self._listens():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise NotReady("redis-server did not start")
            time.sleep(0.01)

    def kill(self) -> None:
        """As a crash does it: no farewell to anybody."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def freeze(self) -> None:
        """It stays connected and says nothing."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)

    def _listens(self) -> bool:
        with socket.socket() as probe:
            probe.settimeout(1)
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


@contextmanager
def restartable_redis() -> Iterator[RestartableRedis]:
    """A running one. Raises Missing."""
    program = shutil.which("redis-server")
    if program is None:
        raise Missing("needs Redis: apt-get install redis-server")
    with tempfile.TemporaryDirectory(prefix="chat-studio-redis-") as folder:
        server = RestartableRedis(program, folder)
        server.start()
        try:
            yield server
        finally:
            server.kill()

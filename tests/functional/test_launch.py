"""`make run`, without make: what it prepares, what it says, and what it leaves behind."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests import servers


def launch(data_dir: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """For starts that must fail by themselves."""
    return subprocess.run(
        [sys.executable, "-m", "config.launch"],
        cwd=servers.ROOT,
        env=os.environ | {"DATA_DIR": str(data_dir)} | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def is_gone(address: str) -> bool:
    """Waits up to 5 s for nothing to listen there: the kernel tells nobody when it has closed a dead process's sockets."""
    place, deadline = urlsplit(address), time.monotonic() + 5
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex((place.hostname or "", place.port or 0)) != 0:
                return True
        time.sleep(servers.POLL_EVERY)
    return False


class TestAStudioThatServes:
    def test_page_and_emulator_answer(self, studio: servers.StudioServer):
        for address in (f"{studio.base_url}/readyz", f"{studio.emulator_url}/_emulator/requests"):
            with urllib.request.urlopen(address, timeout=10) as response:
                assert response.status == 200

    def test_keys_are_the_owners_alone(self, studio: servers.StudioServer):
        modes = {name: (studio.data_dir / name).stat().st_mode & 0o777 for name in ("secret_key", "token_keys")}
        assert modes == {"secret_key": 0o600, "token_keys": 0o600}

    def test_given_password_is_not_printed(self, studio: servers.StudioServer):
        assert studio.admin_password not in studio.log_path.read_text()

    def test_second_start_on_a_taken_port_says_what_to_do(self, studio: servers.StudioServer, tmp_path: Path):
        port = urlsplit(studio.base_url).port or 0
        second = launch(tmp_path, PORT=str(port))
        assert second.returncode == 1
        assert f"PORT={port + 1} make run" in second.stderr


class TestTheEnd:
    def test_terminating_the_launcher_ends_everything(self):
        with servers.running_studio() as studio:
            studio.process.send_signal(signal.SIGTERM)
            assert studio.process.wait(timeout=30) == 0
            assert is_gone(studio.base_url)
            assert is_gone(studio.emulator_url)

    @pytest.mark.skipif(
        sys.platform != "linux", reason="needs Linux: only its kernel tells a child of a parent's death"
    )
    def test_killing_the_launcher_ends_everything(self):
        with servers.running_studio() as studio:
            studio.process.kill()
            studio.process.wait(timeout=10)
            assert is_gone(studio.base_url)
            assert is_gone(studio.emulator_url)

    def test_second_start_keeps_the_data_and_the_admin(self, tmp_path: Path):
        environment = {"DATA_DIR": str(tmp_path), "ADMIN_PASSWORD": ""}
        with servers.running_studio(environment) as first:
            made = first.log_path.read_text()
        secret_key = (tmp_path / "secret_key").read_text()
        with servers.running_studio(environment) as second:
            kept = second.log_path.read_text()
        assert "(shown only now)" in made
        assert "(shown only now)" not in kept
        assert (tmp_path / "secret_key").read_text() == secret_key


@pytest.mark.parametrize("port", ["http", "0", "65536", "-1", "80.5"])
def test_port_that_is_none_is_refused(port: str, tmp_path: Path):
    refused = launch(tmp_path, PORT=port)
    assert refused.returncode == 1
    assert "must be a number from 1 to 65535" in refused.stderr


def test_data_directory_that_can_not_be_made_is_refused(tmp_path: Path):
    (tmp_path / "file").touch()
    refused = launch(tmp_path / "file" / "data", PORT=str(servers.free_port()))
    assert refused.returncode == 1
    assert "DATA_DIR=… make run" in refused.stderr


def test_database_that_does_not_answer_is_named(tmp_path: Path):
    nowhere = f"postgres://studio@127.0.0.1:{servers.free_port()}/postgres?connect_timeout=2"
    refused = launch(tmp_path, PORT=str(servers.free_port()), DATABASE_URL=nowhere)
    assert refused.returncode == 1
    assert "the database does not answer" in refused.stderr
    assert "Traceback" not in refused.stderr

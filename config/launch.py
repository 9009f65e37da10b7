"""`make run`: from a data directory that may be empty to a served page. Minds two processes, and ends with them."""

from __future__ import annotations

import io
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from contextlib import ExitStack
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from types import FrameType

import environ

from config import keys, processes

BASE_DIR = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"
LOOPBACK = "127.0.0.0/8,::1"
STEPS = 5
READY_WITHIN = 120.0
POLL_EVERY = 0.05
GRACE = 10.0
"""Seconds for a process to end before it is killed; the server has as long as its answers may take, besides."""


class CannotStart(Exception):
    """The text says what is in the way and what to do."""


class Stopped(BaseException):
    """Somebody asked the launcher to end. Not an error, so that nothing on the way handles it as one."""


@dataclass(frozen=True)
class Options:
    port: int
    data_dir: Path
    admin_email: str
    admin_password: str
    """Empty: make one."""


def main() -> int:
    """Serves until a child ends or somebody says stop. Returns the exit status."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    try:
        with ExitStack() as children:
            return _serve(read_options(), children)
    except CannotStart as reason:
        print(f"Can't start: {reason}", file=sys.stderr)
        return 1
    except Stopped:
        print("Stopped.")
        return 0


def read_options() -> Options:
    """From the environment, else from `.env`. Raises CannotStart."""
    environ.Env.read_env(BASE_DIR / ".env")
    port = os.environ.get("PORT") or "8000"
    if not port.isdecimal() or not 0 < int(port) < 65536:
        raise CannotStart(f"PORT is {port!r}; it must be a number from 1 to 65535.")
    return Options(
        port=int(port),
        data_dir=Path(os.environ.get("DATA_DIR") or BASE_DIR / "data").expanduser().resolve(),
        admin_email=os.environ.get("ADMIN_EMAIL") or "admin@example.com",
        admin_password=os.environ.get("ADMIN_PASSWORD", ""),
    )


def _serve(options: Options, children: ExitStack) -> int:
    _require_free(options.port)
    _say(1, f"Keys in {options.data_dir}")
    _make_keys(options.data_dir)
    _say(2, "Database")
    _migrate()
    # At once, whatever comes after: a password that was made here can't be shown again.
    line, password = _ensure_admin(options)
    print(line, flush=True)
    _say(3, "Provider emulator")
    # The emulator is on this machine, and so is the Ollama of whoever tries this out. Nobody else shares the machine's
    # loopback with this start; a server's own start (README) opens none.
    os.environ.setdefault("PROVIDER_PRIVATE_HOSTS", LOOPBACK)
    emulator_port = _free_port()
    emulator = _child(children, GRACE, "ai_studio.emulator", "--host", HOST, "--port", str(emulator_port))
    _wait_until_answers(emulator, "The provider emulator", emulator_port, "/_emulator/requests")
    _say(4, "Demonstration data")
    _seed(f"http://{HOST}:{emulator_port}", password)
    _say(5, "Server")
    serve = ("config.serve", "-v", "0", "-b", HOST, "-p", str(options.port), "config.asgi:application")
    server = _child(children, _drain_seconds() + GRACE, *serve)
    children.callback(print, "Stopping; answers that are being written may end. Ctrl+C again: at once.", flush=True)
    _wait_until_answers(server, "The server", options.port, "/readyz")
    print(f"ready: http://{HOST}:{options.port}", flush=True)
    return _mind({"The server": server, "The provider emulator": emulator})


def _say(step: int, what: str) -> None:
    print(f"[{step}/{STEPS}] {what}", flush=True)


def _require_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise CannotStart(
                f"port {port} can't be used ({error.strerror}). Stop what uses it, or choose another: PORT={port + 1} make run"
            ) from error


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
    return port


def _make_keys(data_dir: Path) -> None:
    os.environ["DATA_DIR"] = str(data_dir)
    try:
        keys.ensure(data_dir)
    except OSError as error:
        raise CannotStart(
            f"{data_dir} can't be written to ({error.strerror}). Choose another folder: DATA_DIR=… make run"
        ) from error


def _migrate() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import call_command
    from django.core.management.base import SystemCheckError
    from django.db import OperationalError

    try:
        django.setup()
        call_command("check", stdout=io.StringIO())
        call_command("migrate", verbosity=0, interactive=False)
    except OperationalError as error:
        raise CannotStart(f"the database does not answer. Look at DATABASE_URL. {error}") from error
    except (ImproperlyConfigured, SystemCheckError) as error:
        raise CannotStart(str(error)) from error


def _ensure_admin(options: Options) -> tuple[str, str]:
    """The line to print, with a password that was made here in it, this once; and the password of a new admin, else ""."""
    from django.contrib.auth import get_user_model

    user_model = get_user_model()
    admin = user_model.objects.filter(is_superuser=True).order_by("date_joined").first()
    if admin is not None:
        forgotten = f".venv/bin/python manage.py changepassword {admin.email}"
        return f"admin: {admin.email} (forgotten the password? {forgotten})", ""
    if user_model.objects.filter(email__iexact=options.admin_email).exists():
        raise CannotStart(f"there is no admin, and {options.admin_email} is somebody else: set another ADMIN_EMAIL.")
    password = options.admin_password or secrets.token_urlsafe(12)
    user_model.objects.create_superuser(options.admin_email, password, name="Admin")
    shown = "the password of ADMIN_PASSWORD" if options.admin_password else f"password {password} (shown only now)"
    return f"admin: {options.admin_email}, {shown}", password


def _seed(emulator_url: str, password: str) -> None:
    """`password`: for the people of the demonstration, so that one can look at it through their eyes."""
    from django.core.management import call_command
    from django.db import connections

    os.environ["EMULATOR_URL"] = emulator_url
    call_command("seed_studio", demo=True, demo_password=password, verbosity=0)
    connections.close_all()  # the server has its own from here on


def _drain_seconds() -> float:
    from django.conf import settings

    return float(settings.DRAIN_SECONDS)


def _child(children: ExitStack, grace: float, module: str, *arguments: str) -> subprocess.Popen[bytes]:
    process = processes.start([sys.executable, "-m", module, *arguments])
    children.callback(processes.stop, process, grace=grace)
    return process


def _wait_until_answers(process: subprocess.Popen[bytes], name: str, port: int, path: str) -> None:
    deadline = time.monotonic() + READY_WITHIN
    while not _answers(port, path):
        if process.poll() is not None:
            raise CannotStart(f"{name} ended with status {process.returncode}; its own words are above.")
        if time.monotonic() > deadline:
            raise CannotStart(f"{name} did not answer within {READY_WITHIN:.0f} s.")
        time.sleep(POLL_EVERY)


def _answers(port: int, path: str) -> bool:
    connection = HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def _mind(watched: dict[str, subprocess.Popen[bytes]]) -> int:
    """Returns when one of them ends: half a product is worse than none, and a supervisor can start it again."""
    while True:
        for name, process in watched.items():
            if process.poll() is not None:
                print(f"{name} ended with status {process.returncode}.", file=sys.stderr)
                return 1
        time.sleep(POLL_EVERY)


def _stop(_number: int, _frame: FrameType | None) -> None:
    # `make` passes SIGTERM on to what it runs, so one request may come twice; only Ctrl+C means "at once" the second time.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    raise Stopped


if __name__ == "__main__":
    sys.exit(main())

"""Fixtures that any test may ask for, and two rules: no test leaves this machine, and no skip is silent."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, contextmanager
from importlib import import_module
from typing import Any

import hypothesis
import pytest
from asgiref.sync import SyncToAsync
from django.conf import settings
from django.db import connection

from tests import servers

_LOOPBACK = {"127.0.0.1", "::1", "localhost"}


# A deadline for one example would measure how busy the machine is.
hypothesis.settings.register_profile("studio", deadline=None)
hypothesis.settings.load_profile("studio")


def pytest_configure() -> None:
    settings.DATA_DIR.mkdir(mode=0o700)


def pytest_unconfigure() -> None:
    shutil.rmtree(settings.DATA_DIR)


@pytest.fixture(scope="session")
def emulator() -> Iterator[str]:
    """The base URL of a provider emulator, without a path."""
    from ai_studio.emulator.testing import running_emulator

    with running_emulator() as base_url:
        yield base_url


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The address of an empty PostgreSQL database."""
    with _or_skip(servers.running_postgres()) as url:
        yield url


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """The address of an empty Redis."""
    with _or_skip(servers.running_redis()) as url:
        yield url


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium on this machine."""
    try:
        return servers.chromium_path()
    except servers.Missing as missing:
        pytest.skip(str(missing))


@pytest.fixture(scope="session")
def studio() -> Iterator[servers.StudioServer]:
    """The product in processes of its own: Daphne, seeded with the demonstration, and the emulator behind it."""
    with servers.running_studio() as server:
        yield server


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> Iterator[None]:
    """Tests with real transactions empty every table at their end, which the security log refuses: it is opened for that.

    A database call whose task was cancelled (a tab that closed, a round of the housekeeping) goes on in asgiref's thread, and
    PostgreSQL would end one of the two as a deadlock: what that thread has still to do comes first.
    """
    rules = import_module("ai_studio.migrations.0003_security_log_append_only")
    vendor = connection.vendor
    flush = connection.ops.sql_flush

    def opened(style: Any, tables: Any, **options: Any) -> list[str]:
        SyncToAsync.single_thread_executor.submit(lambda: None).result()
        statements: list[str] = flush(style, tables, **options)
        return [*rules.REMOVE[vendor], *statements, *rules.INSTALL[vendor]] if rules.TABLE in tables else statements

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(connection.ops), "sql_flush", staticmethod(opened))
        yield


@contextmanager
def _or_skip(server: AbstractContextManager[str]) -> Iterator[str]:
    try:
        with server as url:
            yield url
    except servers.Missing as missing:
        pytest.skip(str(missing))


@pytest.fixture(scope="session", autouse=True)
def _stay_on_this_machine() -> Iterator[None]:
    """A forgotten address fails at once, instead of costing money or depending on the network."""
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex

    def guarded(original: Callable[..., Any]) -> Callable[..., Any]:
        def call(self: socket.socket, address: Any) -> Any:
            if self.family != socket.AF_UNIX and address[0] not in _LOOPBACK:
                self.close()
                raise AssertionError(f"a test tried to reach {address[0]}: only loopback is allowed")
            return original(self, address)

        return call

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded(connect))
        patch.setattr(socket.socket, "connect_ex", guarded(connect_ex))
        yield


def _refuse_skip(report: pytest.TestReport | pytest.CollectReport) -> None:
    if report.skipped and not hasattr(report, "wasxfail") and os.environ.get("REQUIRE_ALL") == "1":
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"REQUIRE_ALL=1, so a skip is a failure. {reason}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    _refuse_skip(report)
    server = getattr(item, "funcargs", {}).get("studio")
    if report.failed and isinstance(server, servers.StudioServer):
        report.sections.append(("studio log, the last lines", server.log_tail()))
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    _refuse_skip(report)
    return report

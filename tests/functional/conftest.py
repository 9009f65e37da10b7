"""The integration tests on PostgreSQL run beside all others, which leave a core idle most of the time."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from typing import IO

import pytest

from tests import servers

MEASURES = "tests/integration/test_bench_*"
"""They start servers of their own, on the embedded engines."""


@dataclass(frozen=True)
class Suite:
    """A pytest of its own, and what it says."""

    process: subprocess.Popen[bytes]
    said: IO[bytes]


SUITE = pytest.StashKey[Suite]()


@contextmanager
def running_suite(database_url: str) -> Iterator[Suite]:
    # Those beside it come first: some drive a browser, as fast as people would.
    command = ["nice", "-n", "10", sys.executable, "-m", "pytest", "tests/integration", f"--ignore-glob={MEASURES}"]
    environment = os.environ | {"TEST_DATABASE_URL": database_url}
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            [*command, "-q", "-p", "no:cacheprovider"],
            cwd=servers.ROOT,
            env=environment,
            stdout=said,
            stderr=subprocess.STDOUT,
        )
        try:
            yield Suite(process, said)
        finally:
            process.kill()
            process.wait()


def _wants_suite(item: pytest.Item) -> bool:
    return "suite_on_postgresql" in getattr(item, "fixturenames", ())


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=_wants_suite)  # to the end: waiting for it would hold up the others


@pytest.hookimpl(wrapper=True)
def pytest_runtestloop(session: pytest.Session) -> Iterator[None]:
    with ExitStack() as stack:
        if any(map(_wants_suite, session.items)) and not session.config.option.collectonly:
            with suppress(servers.Missing):
                database_url = stack.enter_context(servers.running_postgres())
                session.config.stash[SUITE] = stack.enter_context(running_suite(database_url))
        return (yield)


@pytest.fixture
def suite_on_postgresql(request: pytest.FixtureRequest) -> Suite:
    """The integration tests, started before the first test of all."""
    if SUITE not in request.config.stash:
        pytest.skip("needs PostgreSQL's server: apt-get install postgresql")
    return request.config.stash[SUITE]

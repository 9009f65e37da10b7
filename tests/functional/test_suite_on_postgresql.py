"""The integration tests once more, on the engine of production: what SQLite forgives, PostgreSQL does not."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests import servers

MEASURES = "tests/integration/test_bench_*"
"""They start servers of their own, on the embedded engines."""


@pytest.mark.postgresql
@pytest.mark.timeout(2700)
def test_integration_tests_pass_on_postgresql(postgres_url: str):
    suite = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "tests/integration",
            f"--ignore-glob={MEASURES}",
            "-q",
            "-p",
            "no:cacheprovider",
        ],
        cwd=servers.ROOT,
        env=os.environ | {"TEST_DATABASE_URL": postgres_url},
        capture_output=True,
        text=True,
        check=False,
    )
    assert suite.returncode == 0, suite.stdout[-8000:] + suite.stderr[-2000:]

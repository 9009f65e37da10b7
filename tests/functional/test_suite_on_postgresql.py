"""The integration tests once more, on the engine of production: what SQLite forgives, PostgreSQL does not."""

from __future__ import annotations

import pytest

from tests.functional.conftest import Suite


@pytest.mark.postgresql
@pytest.mark.timeout(2700)
def test_integration_tests_pass_on_postgresql(suite_on_postgresql: Suite):
    failed = suite_on_postgresql.process.wait()
    suite_on_postgresql.said.seek(0)
    assert not failed, suite_on_postgresql.said.read().decode(errors="replace")[-10_000:]

"""What can be set wrong about files."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from config.checks import check_files_are_shared, check_scanner


@pytest.mark.parametrize("scanner", ["", f"{sys.executable} -c pass", "config.keys:read"])
def test_a_scanner_that_is_there_is_no_fault(settings: Any, scanner: str) -> None:
    settings.FILE_SCANNER = scanner
    assert check_scanner() == []


@pytest.mark.parametrize("scanner", ["/no/such/program --fast", "config.keys:nothing", "nothing:at_all", "'unclosed"])
def test_a_scanner_that_is_not_there_is_said_at_start(settings: Any, scanner: str) -> None:
    settings.FILE_SCANNER = scanner
    assert [problem.id for problem in check_scanner()] == ["studio.E003"]


@pytest.mark.parametrize(
    ("redis", "files", "problems"),
    [("", "", []), ("redis://x", "", ["studio.W002"]), ("redis://x", "s3://host/bucket", [])],
)
def test_nodes_that_do_not_share_their_files_are_warned_of(
    settings: Any, redis: str, files: str, problems: list[str]
) -> None:
    settings.REDIS_URL, settings.FILES_URL = redis, files
    assert [problem.id for problem in check_files_are_shared()] == problems

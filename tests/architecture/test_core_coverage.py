"""The pure core is covered whole, branch by branch, by the unit tests alone: it has no excuse."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.architecture import source

PURE_CONTRACT = "The domain is pure"
BESIDE_THE_CORE = [
    f"ai_studio/llm/{name}.py"
    for name in (
        "exchange",
        "litellm_client",
        "litellm_connections",
        "litellm_errors",
        "litellm_preview",
        "litellm_record",
        "litellm_sdk",
        "litellm_stream",
    )
]
"""They touch LiteLLM or the network; `tests/contract` holds them."""


@pytest.mark.timeout(600)
def test_unit_tests_cover_the_pure_core(tmp_path: Path):
    data = f"--data-file={tmp_path}/coverage"
    tested = _coverage("run", data, "-m", "pytest", "tests/unit", "-q", "-p", "no:cacheprovider")
    assert tested.returncode == 0, tested.stdout[-4000:]
    selected = [f"--include={','.join(_core())}", f"--omit={','.join(BESIDE_THE_CORE)}"]
    report = _coverage("report", data, *selected, "--show-missing", "--skip-covered", "--fail-under=100")
    assert report.returncode == 0, report.stdout


def _coverage(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "coverage", *arguments]
    return subprocess.run(command, cwd=source.ROOT, capture_output=True, text=True, check=False)


def _core() -> list[str]:
    """The files of the import contract's modules, packages with everything in them."""
    contracts = tomllib.loads(source.read("pyproject.toml"))["tool"]["importlinter"]["contracts"]
    modules = next(each["source_modules"] for each in contracts if each["name"].startswith(PURE_CONTRACT))
    paths = [module.replace(".", "/") for module in modules]
    return [f"{path}/*" if (source.ROOT / path).is_dir() else f"{path}.py" for path in paths]

"""The page's benchmark itself: it measures all that it promises, and calls a goal missed that is missed."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.page.figures import Figure, table
from tests import servers

LOADED = {"first_script_kb", "lcp_ms", "switch_memory_ms", "switch_server_ms"}


@pytest.mark.timeout(400)  # a whole server and a browser, which a busy machine starts slowly
def test_first_load_and_switches_are_measured(chromium: str, tmp_path: Path):
    """The long answer and the long lists take minutes: they are measured by whoever asks for them."""
    results = tmp_path / "page.json"
    sizes = {"chats": 30, "reading": 30, "streaming": 30, "tokens": 30, "repeat": 1}
    words = [word for name, size in sizes.items() for word in (f"--{name}", str(size))]
    # In a process of its own: the benchmark drives the browser without an event loop, tests have one.
    command = [sys.executable, "-m", "benchmarks.page", "--only", "load", "switch", "--output", str(results), *words]
    subprocess.run(command, cwd=servers.ROOT, check=True)
    found = json.loads(results.read_text())
    figures = {figure["key"]: figure for figure in found["figures"]}
    assert figures.keys() == LOADED
    assert found["conditions"]["sizes"] == sizes | {"rate": 100}
    assert 10 < figures["first_script_kb"]["value"] < figures["first_script_kb"]["facts"]["all_scripts_kb"]
    assert all(figure["value"] > 0 for figure in figures.values())


@pytest.mark.parametrize(
    ("value", "limit", "verdict"),
    [(50.0, 50.0, "holds "), (50.1, 50.0, "MISSED"), (50.0, None, "      ")],
    ids=["at the limit", "above it", "without a goal"],
)
def test_a_figure_is_compared_with_its_goal(value: float, limit: float | None, verdict: str):
    (line,) = table([Figure("task_ms", "longest task", value, "ms", limit)])
    assert line.startswith(verdict)

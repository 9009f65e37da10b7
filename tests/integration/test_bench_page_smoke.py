"""The page's benchmark itself: it measures all that it promises, and calls a goal missed that is missed."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.page.figures import Figure, table
from tests import servers

PROMISED = {
    "first_script_kb",
    "lcp_ms",
    "switch_memory_ms",
    "switch_server_ms",
    "stream_task_ms",
    "typing_ms",
    "lost_keys",
    "heap_mb",
    "stream_task_ms_4x",
    "typing_ms_4x",
    "lost_keys_4x",
    "sidebar_reading_task_ms",
    "sidebar_scroll_task_ms",
    "sidebar_frame_ms",
    "thread_reading_task_ms",
    "thread_scroll_task_ms",
    "thread_frame_ms",
}


@pytest.mark.timeout(400)  # a whole server and a browser, which a busy machine starts slowly
def test_everything_is_measured(chromium: str, tmp_path: Path):
    results = tmp_path / "page.json"
    sizes = {"chats": 120, "reading": 120, "streaming": 60, "tokens": 300, "repeat": 1}
    words = [word for name, size in sizes.items() for word in (f"--{name}", str(size))]
    # In a process of its own: the benchmark drives the browser without an event loop, tests have one.
    command = [sys.executable, "-m", "benchmarks.page", "--output", str(results), *words]
    subprocess.run(command, cwd=servers.ROOT, check=True)
    found = json.loads(results.read_text())
    figures = {figure["key"]: figure for figure in found["figures"]}
    assert figures.keys() == PROMISED
    assert found["conditions"]["sizes"] == sizes | {"rate": 100}
    assert 10 < figures["first_script_kb"]["value"] < figures["first_script_kb"]["facts"]["all_scripts_kb"]
    for key in ("lcp_ms", "switch_memory_ms", "switch_server_ms", "typing_ms", "typing_ms_4x"):
        assert figures[key]["value"] > 0, key
    for key in ("typing_ms", "typing_ms_4x"):
        assert figures[key]["facts"]["keys"] > 0, key
    for key in ("lost_keys", "lost_keys_4x"):
        assert figures[key]["value"] == 0, key
    for key in ("sidebar_frame_ms", "thread_frame_ms"):
        assert figures[key]["facts"]["frames"] > 5, key


@pytest.mark.parametrize(
    ("value", "limit", "verdict"),
    [(50.0, 50.0, "holds "), (50.1, 50.0, "MISSED"), (50.0, None, "      ")],
    ids=["at the limit", "above it", "without a goal"],
)
def test_a_figure_is_compared_with_its_goal(value: float, limit: float | None, verdict: str):
    (line,) = table([Figure("task_ms", "longest task", value, "ms", limit)])
    assert line.startswith(verdict)

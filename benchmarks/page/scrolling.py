"""Long lists: all chats in the sidebar, all messages of a long chat."""

from __future__ import annotations

import time
from collections.abc import Iterator

from playwright.sync_api import Page

from benchmarks.figures import percentile
from benchmarks.page.figures import Figure
from benchmarks.page.stage import Stage

STEP = 240
"""Pixels a frame: a quick wheel."""
GIVEN_UP = 20.0
"""Seconds without another row until a list is given up."""


def scrolling(stage: Stage) -> Iterator[Figure]:
    """First everything is read in, page by page, as a reader who stays at the edge would; then it is scrolled through."""
    with stage.new_page() as page:
        stage.open(page, stage.switched[0])
        yield from _list(page, "sidebar", "chats", stage.sizes.chats, ".sessions", ".session", STEP)
    with stage.new_page() as page:
        stage.open(page, stage.reading)
        yield from _list(page, "thread", "messages", stage.sizes.reading, ".thread", ".turns article", -STEP)


def _list(page: Page, key: str, noun: str, count: int, scroller: str, row: str, step: int) -> Iterator[Figure]:
    """`count`: how many rows there are in the end. `step`: pixels towards the edge where more is read."""
    what = f"{count:,} {noun}"
    page.evaluate("() => benchmarkProbe.reset()")
    begun = time.monotonic()
    # Not by a locator: what it does in the page grows with the rows, and would be measured with it.
    many = "(row) => document.querySelectorAll(row).length"
    to_edge = "([name, top]) => { const it = document.querySelector(name); it.scrollTop = top ? 0 : it.scrollHeight; }"
    rows, grown = 0, begun
    while rows < count:
        if (found := page.evaluate(many, row)) > rows:
            rows, grown = found, time.monotonic()
        elif time.monotonic() > grown + GIVEN_UP:
            raise RuntimeError(f"{what}: after {rows} none were read any more")
        page.evaluate(to_edge, [scroller, step < 0])
        page.wait_for_timeout(20)
    read = longest_task(page)
    facts = read.facts | {"seconds": round(time.monotonic() - begun, 1)}
    yield Figure(f"{key}_reading_task_ms", f"longest task, {what} read in", read.value, "ms", 50, facts)
    page.evaluate("() => benchmarkProbe.reset()")
    page.evaluate("([name, step]) => benchmarkProbe.scroll(name, step)", [scroller, -step])
    frames: list[float] = page.evaluate("() => benchmarkProbe.frames")
    task = longest_task(page)
    yield Figure(f"{key}_scroll_task_ms", f"longest task, {what} scrolled", task.value, "ms", 50, task.facts)
    late = {"median_ms": percentile(frames, 0.5), "worst_ms": max(frames, default=0.0), "frames": len(frames)}
    yield Figure(f"{key}_frame_ms", f"frame, {what} scrolled, p95", percentile(frames, 0.95), "ms", facts=late)


def longest_task(page: Page) -> Figure:
    """Since the probe was reset. 0: none of 50 ms or more, which is from where the browser reports them."""
    tasks: list[float] = page.evaluate("() => benchmarkProbe.tasks")
    slow = page.evaluate("() => benchmarkProbe.slow.sort((one, other) => other.ms - one.ms).slice(0, 3)")
    return Figure(
        "task", "longest task", max(tasks, default=0.0), "ms", facts={"long_tasks": len(tasks), "slowest": slow}
    )

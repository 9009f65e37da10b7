"""A long answer that comes into a long chat, while somebody types."""

from __future__ import annotations

import time
from collections.abc import Iterator

from playwright.sync_api import CDPSession, Page

from benchmarks.figures import percentile
from benchmarks.page.figures import Figure
from benchmarks.page.scrolling import longest_task
from benchmarks.page.stage import Stage

KEYS_PER_SECOND = 8
WORDS = "what comes next is typed while the answer goes on "
SLACK = 60.0
"""Seconds beyond the provider's own after which an answer is given up."""
HEAP_MB = 2.0
"""How much more memory there may be once the answer is there: its text and its elements."""


def streaming(stage: Stage, slowdown: int) -> Iterator[Figure]:
    """`slowdown`: how many times slower the page's processor is made."""
    name, suffix = (f", processor {slowdown}x slower", f"_{slowdown}x") if slowdown > 1 else ("", "")
    with stage.new_page() as page:
        tools = stage.open(page, stage.streaming)
        before = _heap_mb(tools)
        tools.send("Emulation.setCPUThrottlingRate", {"rate": slowdown})
        typed, used = _ask_and_type(page, stage, tools)
        found = page.get_by_role("textbox", name="Message").input_value()
        keys: list[float] = page.evaluate("() => benchmarkProbe.keys")
        task = longest_task(page)
        tools.send("Emulation.setCPUThrottlingRate", {"rate": 1})
        page.get_by_role("textbox", name="Message").fill("")
        after = _heap_mb(tools)
    goal = 50.0 if slowdown == 1 else None
    yield Figure(
        f"stream_task_ms{suffix}", f"longest task of an answer{name}", task.value, "ms", goal, task.facts | used
    )
    spread = {"median_ms": percentile(keys, 0.5), "worst_ms": max(keys, default=0.0), "keys": len(keys)}
    yield Figure(f"typing_ms{suffix}", f"key to paint, p95{name}", percentile(keys, 0.95), "ms", goal, spread)
    yield Figure(f"lost_keys{suffix}", f"keys lost{name}", 0 if found == typed else _lost(typed, found), "", 0)
    if slowdown == 1:
        heap = {"before_mb": round(before, 1), "after_mb": round(after, 1)}
        yield Figure("heap_mb", "heap after the answer, more than before", after - before, "MB", HEAP_MB, heap)


def _ask_and_type(page: Page, stage: Stage, tools: CDPSession) -> tuple[str, dict[str, float]]:
    """What was typed until the answer ended, and what the page's main thread did meanwhile, in shares of the time."""
    sizes = stage.sizes
    message = page.get_by_role("textbox", name="Message")
    answers = page.locator("article.answer").count()
    message.fill(f"/emulate tokens-{sizes.tokens} rate-{sizes.rate}")
    message.press("Enter")
    page.locator("article.answer").nth(answers).wait_for()
    page.evaluate("() => benchmarkProbe.reset()")
    tools.send("Performance.enable")
    begun, work = time.monotonic(), _work(tools)
    typed = ""
    while page.locator("article.answer").nth(answers).get_attribute("data-status") != "completed":
        if time.monotonic() > begun + sizes.tokens / sizes.rate + SLACK:
            raise RuntimeError("the answer has no end")
        key = WORDS[len(typed) % len(WORDS)]
        page.keyboard.press("Space" if key == " " else key)
        typed += key
        page.wait_for_timeout(1000 / KEYS_PER_SECOND)
    seconds = time.monotonic() - begun
    done = {name: round((value - work[name]) / seconds, 3) for name, value in _work(tools).items()}
    return typed, {"seconds": round(seconds, 1), **done}


def _work(tools: CDPSession) -> dict[str, float]:
    metrics = {each["name"]: each["value"] for each in tools.send("Performance.getMetrics")["metrics"]}
    names = {"main_thread": "TaskDuration", "script": "ScriptDuration", "layout": "LayoutDuration"}
    names["style"] = "RecalcStyleDuration"
    return {name: metrics[metric] for name, metric in names.items()}


def _lost(typed: str, found: str) -> int:
    """At least one: what was typed and what is there are not the same."""
    return max(len(typed) - len(found), 1)


def _heap_mb(tools: CDPSession) -> float:
    tools.send("HeapProfiler.collectGarbage")
    used: float = tools.send("Runtime.getHeapUsage")["usedSize"]
    return used / 1024 / 1024

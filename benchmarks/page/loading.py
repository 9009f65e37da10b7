"""The first load, and going from one chat to another."""

from __future__ import annotations

import statistics
from collections.abc import Iterator

from playwright.sync_api import Page

from benchmarks.page.figures import Figure
from benchmarks.page.seeding import last_words
from benchmarks.page.stage import Stage

# The script of the page and what it imports at once: what comes later is for highlighting, formulas, dialogs.
FIRST_SCRIPTS = """async () => {
    const main = document.querySelector('script[type="module"][src]').src;
    const text = await (await fetch(main)).text();
    const first = [main, ...[...text.matchAll(/(?:from|import)"(\\.[^"]+)"/g)].map(([, path]) => new URL(path, main).href)];
    const sent = performance.getEntriesByType("resource").filter(({ name }) => name.endsWith(".js"));
    const bytes = (entries) => new Map(entries.map(({ name, encodedBodySize }) => [name, encodedBodySize]));
    const all = bytes(sent);
    return { first: first.map((name) => all.get(name) ?? 0), all: [...all.values()] };
}"""


def first_load(stage: Stage) -> Iterator[Figure]:
    """From a server that has served before, to a browser that has nothing of it."""
    shown, scripts = [], {"first": [0], "all": [0]}
    for number in range(stage.sizes.repeat + 1):
        with stage.new_page() as page:
            page.goto("/")
            page.get_by_role("textbox", name="Message").wait_for()
            page.wait_for_load_state("networkidle")
            if number:  # the first one warms the server
                shown.append(page.evaluate("() => benchmarkProbe.lcp"))
            scripts = page.evaluate(FIRST_SCRIPTS)
    later = {"all_scripts_kb": round(sum(scripts["all"]) / 1024, 1)}
    yield Figure("first_script_kb", "script of the first load, gzip", sum(scripts["first"]) / 1024, "KB", 60, later)
    yield Figure("lcp_ms", "largest contentful paint, median", statistics.median(shown), "ms", 1000, _worst(shown))


def switching(stage: Stage) -> Iterator[Figure]:
    """Every chat is opened for the first time, then again while the page still has it."""
    with stage.new_page() as page:
        stage.open(page, stage.streaming)
        from_server, from_memory = [], []
        for first in range(0, len(stage.switched), 4):
            several = range(first, min(first + 4, len(stage.switched)))
            from_server += [_switch(page, stage, number) for number in several]
            from_memory += [_switch(page, stage, number) for number in several]
    for key, what, times, goal in (
        ("switch_memory_ms", "another chat from memory, median", from_memory, 100),
        ("switch_server_ms", "another chat from the server, median", from_server, 300),
    ):
        yield Figure(key, what, statistics.median(times), "ms", goal, _worst(times))


def _switch(page: Page, stage: Stage, number: int) -> float:
    session, words = stage.switched[number], last_words(number)
    # The list may come after the thread that was opened by its address.
    page.locator(f'.session[data-session="{session}"] a').wait_for()
    took: float = page.evaluate("([id, words]) => benchmarkProbe.switchTo(id, words)", [session, words])
    # What was opened must not go on loading while the next one is timed.
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(200)
    return took


def _worst(times: list[float]) -> dict[str, float]:
    return {"worst_ms": round(max(times), 1), "of": len(times)}

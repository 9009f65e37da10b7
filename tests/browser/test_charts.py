"""Vega and Vega-Lite, drawn in a frame: what is written well is drawn, what is not says why, and hostile ones reach nobody."""

from __future__ import annotations

import asyncio
import json
import re
from typing import Any

import pytest
from playwright.async_api import FrameLocator, expect

from tests.browser.chat import Chat, Watch
from tests.browser.hostile_charts import HELD_BY_THE_POLICY, HOSTILE, SHOWN
from tests.browser.test_blocks import write_anew
from tests.browser.test_previews import Spy, preview, spy

__all__ = ["spy"]

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

BARS: dict[str, Any] = {
    "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
    "description": "Pets",
    "data": {"values": [{"pet": "Dogs", "count": 38}, {"pet": "Cats", "count": 85}, {"pet": "Fish", "count": 12}]},
    "mark": {"type": "bar", "tooltip": True},
    "encoding": {"x": {"field": "pet", "type": "nominal"}, "y": {"field": "count", "type": "quantitative"}},
}
RECTANGLE: dict[str, Any] = {
    "$schema": "https://vega.github.io/schema/vega/v6.json",
    "width": 200,
    "height": 100,
    "signals": [{"name": "size", "update": "max(10, 40) + 2"}],
    "data": [
        {"name": "table", "values": [{"x": 3}], "transform": [{"type": "formula", "as": "y", "expr": "datum.x * 7"}]}
    ],
    "marks": [
        {
            "type": "text",
            "from": {"data": "table"},
            "encode": {"enter": {"text": {"signal": "'said ' + datum.y + ' ' + size"}, "y": {"value": 50}}},
        }
    ],
}
CSV = BARS | {"data": {"values": "pet,count\nBirds,5\nOwls,7", "format": {"type": "csv"}}}


async def chart(chat: Chat, spec: dict[str, Any], language: str = "vega-lite") -> FrameLocator:
    return await preview(chat, language, json.dumps(spec, indent=1))


@pytest.mark.parametrize(
    ("language", "spec", "expected"),
    [
        ("vega-lite", BARS, "Cats"),
        ("vega-lite", BARS | {"layer": [{"mark": "bar"}, {"mark": "rule"}], "mark": None}, "Cats"),
        ("vega-lite", BARS | {"encoding": BARS["encoding"] | {"column": {"field": "pet"}}}, "Cats"),
        ("vega-lite", CSV, "Birds"),
        ("vega", RECTANGLE, "said 21 42"),
        ("vega-lite", RECTANGLE, "said 21 42"),
        ("vega", BARS, "Cats"),
    ],
    ids=["bars", "layers", "facets", "csv inside", "vega", "vega by its schema", "vega-lite by its schema"],
)
async def test_a_chart_is_drawn_when_it_is_asked_for(
    chat: Chat, language: str, spec: dict[str, Any], expected: str
) -> None:
    frame = await chart(chat, {name: value for name, value in spec.items() if value is not None}, language)
    await expect(frame.locator("svg")).to_contain_text(expected)
    await expect(frame.locator("pre, p")).to_have_count(0)
    loaded = await chat.page.evaluate("performance.getEntriesByType('resource').map(({name}) => name).join(' ')")
    assert "chart-" not in loaded, "the library is the frame's alone"


async def test_a_chart_is_as_wide_as_its_frame_and_follows_it(chat: Chat) -> None:
    frame = await chart(chat, BARS)
    svg = frame.locator("svg")
    width = "element => [element.getBoundingClientRect().width, innerWidth]"
    await expect(svg).to_contain_text("Cats")
    wide, room = await svg.evaluate(width)
    assert room - 40 <= wide <= room
    await chat.page.set_viewport_size({"width": 420, "height": 800})
    await expect(svg).not_to_have_attribute("width", str(round(wide)))
    narrow, room = await svg.evaluate(width)
    assert narrow <= room < 420
    assert narrow < wide


@pytest.mark.parametrize(("scheme", "ink"), [("light", "#23211d"), ("dark", "#ebe8e2")])
async def test_it_has_the_colours_of_the_page(chat: Chat, scheme: Any, ink: str) -> None:
    await chat.page.emulate_media(color_scheme=scheme)
    frame = await chart(chat, BARS)
    await expect(frame.locator(".role-axis-title text").first).to_have_attribute("fill", ink)


async def test_a_tooltip_is_text(chat: Chat) -> None:
    values = [{"pet": "<img src=x onerror=document.title=1>", "count": 4}]
    frame = await chart(chat, BARS | {"data": {"values": values}})
    await frame.locator(".mark-rect path").hover()
    said = re.compile("pet: <img src=x onerror=document.title=1>")
    await expect(frame.locator("#chart")).to_have_attribute("title", said)
    await expect(frame.locator("img")).to_have_count(0)


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("{'mark': 'bar'}", "JSON"),
        ('"bar"', "A chart is one object in JSON."),
        ('{"mark": "cake", "data": {"values": []}, "encoding": {}}', 'no mark of the name “cake”'),
        ('{"data": {"values": [1]}}', "Invalid specification"),
        ('{"$schema": "https://vega.github.io/schema/vega/v6.json", "signals": [{"name": "a", "update": "1 +"}]}', "1 +"),
        ('{"$schema": "https://vega.github.io/schema/vega/v6.json", "marks": [{"type": "rect", "from": {"data": "no"}}]}', "no"),
    ],
    ids=["no JSON", "no object", "no known mark", "nothing at all", "no expression", "no data"],
)  # fmt: skip
async def test_what_is_wrong_is_said_in_the_frame(chat: Chat, code: str, said: str) -> None:
    frame = await preview(chat, "vega-lite", code)
    await expect(frame.locator("pre")).to_contain_text(said)
    await expect(frame.locator("pre")).to_contain_text("chart")
    await expect(frame.locator("svg")).to_have_count(0)


async def test_one_that_is_too_large_is_not_even_read(chat: Chat) -> None:
    await write_anew(chat, "```vega\n{}\n```")
    figure = chat.answers.first.locator("figure.code")
    await figure.locator("code").evaluate("code => { code.textContent = '['.repeat(300_001) }")
    await figure.get_by_role("button", name="Preview").click()
    await expect(figure.frame_locator("iframe").locator("pre")).to_have_text(
        "This chart is too large to be drawn here."
    )


@pytest.mark.parametrize("name", HOSTILE)
async def test_a_hostile_chart_runs_nothing_and_reaches_nobody(chat: Chat, watch: Watch, spy: Spy, name: str) -> None:
    address = chat.page.url
    spec = json.loads(json.dumps(HOSTILE[name]).replace("SPY", f"http://127.0.0.1:{spy.port}"))
    frame = await preview(chat, "vega-lite", json.dumps(spec))
    await expect(frame.locator("svg, pre, input").first).to_be_attached()
    for mark in await frame.locator("svg .mark-rect path, svg .mark-text text, svg .mark-image image").all():
        await mark.dispatch_event("mousemove")
        await mark.dispatch_event("click")
    if name in SHOWN:
        await expect(frame.locator("p")).to_contain_text(f"Nothing was fetched from {SHOWN[name]}")
    await expect(frame.locator("script, iframe, object, foreignObject")).to_have_count(0)
    if name not in HELD_BY_THE_POLICY:
        await expect(frame.locator("[onerror], [onload], [onmouseover]")).to_have_count(0)
    hrefs = await frame.locator("*").evaluate_all(
        "nodes => nodes.flatMap(node => [...node.attributes]).filter(({name}) => /href|src/.test(name)).map(({value}) => value)"
    )
    assert name in HELD_BY_THE_POLICY or all(href == "" or href.startswith(("data:image/", "#")) for href in hrefs), (
        hrefs
    )
    assert await frame.locator("html").evaluate("() => document.title") == "Chart"
    assert not await frame.locator("html").evaluate("() => 'pwned' in window")
    assert len(chat.page.context.pages) == 1
    assert chat.page.url.split("/")[2] == address.split("/")[2]
    # Whatever was on its way has come by now: this goes after it.
    _, writer = await asyncio.open_connection("127.0.0.1", spy.port)
    writer.write(b"the last")
    writer.close()
    async with asyncio.timeout(10):
        while not spy.heard:
            await asyncio.sleep(0.05)
    assert spy.heard == ["the last"]
    await chat.answers.first.get_by_role("button", name="Preview").click()
    await expect(chat.page.locator("iframe")).to_have_count(0)
    assert [report for report in watch.reports if report.startswith("exception")] == []
    watch.reports.clear()  # what the policy has refused, and attributes that are none


ENDLESS: dict[str, dict[str, Any]] = {
    "rows": {"data": [{"name": "a", "transform": [{"type": "sequence", "start": 0, "stop": 1e10}]}]},
    "pairs": {
        "data": [
            {"name": "a", "transform": [{"type": "sequence", "start": 0, "stop": 30_000}, {"type": "cross"}]},
        ]
    },
    "clock": {
        "signals": [{"name": "n", "value": 0, "on": [{"events": "timer{1}", "update": "n + length(sequence(1e6))"}]}]
    },
}


@pytest.mark.parametrize("name", ENDLESS)
async def test_an_endless_chart_does_not_hold_up_the_page(chat: Chat, watch: Watch, name: str) -> None:
    """Chromium gives the frame, whose origin is nobody's, a process of its own."""
    spec = {"$schema": "https://vega.github.io/schema/vega/v6.json", **ENDLESS[name]}
    await preview(chat, "vega", json.dumps(spec))
    button = chat.answers.first.get_by_role("button", name="Preview")
    for typed in ("The page", "The page goes on"):
        await chat.message.fill(typed, timeout=4_000)
        slowest = await chat.page.evaluate(
            """() => new Promise(done => {
                let last = performance.now(), slowest = 0, frames = 0;
                const step = now => {
                    slowest = Math.max(slowest, now - last); last = now;
                    if (++frames < 60) requestAnimationFrame(step); else done(slowest);
                };
                requestAnimationFrame(step);
            })"""
        )
        assert slowest < 2_000
    await button.click()
    await expect(chat.page.locator("iframe")).to_have_count(0)
    watch.reports.clear()

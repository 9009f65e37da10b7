"""Charts that try to run, to fetch, to lead elsewhere, or to be more than text. `SPY` stands for who must never hear of them."""

from __future__ import annotations

from typing import Any

VEGA = "https://vega.github.io/schema/vega/v6.json"
ROW = {"values": [{"a": "<b onmouseover=pwned=1>x</b>", "b": 3}]}
PWN = "(0, eval)('window.pwned = 1')"


def _lite(mark: Any, **encoding: Any) -> dict[str, Any]:
    axes = {"x": {"field": "a", "type": "nominal"}, "y": {"field": "b", "type": "quantitative"}}
    return {"data": ROW, "mark": mark, "encoding": axes | encoding}


def _vega(**rest: Any) -> dict[str, Any]:
    return {"$schema": VEGA, "width": 100, "height": 100, **rest}


def _mark(kind: str, **enter: Any) -> dict[str, Any]:
    size = {"width": {"value": 90}, "height": {"value": 90}, "fill": {"value": "red"}}
    return _vega(
        marks=[{"type": kind, "encode": {"enter": size | {name: {"value": value} for name, value in enter.items()}}}]
    )


def _expression(text: str) -> dict[str, Any]:
    return _vega(
        signals=[{"name": "taken", "update": text, "on": [{"events": "mousemove, click", "update": text}]}],
        marks=_mark("rect")["marks"],
    )


HOSTILE: dict[str, dict[str, Any]] = {
    "data": _lite("bar") | {"data": {"url": "SPY/data.json"}},
    "data by csv": _lite("bar") | {"data": {"url": "SPY/data.csv", "format": {"type": "csv"}}},
    "data by a protocol of its own": _lite("bar") | {"data": {"url": "file:///etc/passwd"}},
    "data by a signal": _vega(
        signals=[{"name": "where", "value": "SPY/signal.json"}],
        data=[{"name": "a", "url": {"signal": "where"}}],
        marks=_mark("rect")["marks"],
    ),
    "data of a map": _lite("geoshape") | {"data": {"url": "SPY/map.json", "format": {"type": "topojson", "feature": "x"}}},
    "data that was looked up": _lite("bar")
    | {"transform": [{"lookup": "a", "from": {"data": {"url": "SPY/lookup.csv"}, "key": "a", "fields": ["c"]}}]},
    "an image": _lite({"type": "image", "width": 50, "height": 50}, url={"value": "SPY/image.png"}),
    "an image of Vega": _mark("image", url="SPY/image.png"),
    "an image with a script": _mark(
        "image", url="data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' onload='parent.pwned=1'><script>pwned=1</script></svg>"
    ),
    "an image that is a page": _mark("image", url="data:text/html,<script>pwned=1</script>"),
    "a link": _lite("bar", href={"value": "SPY/link"}),
    "a link that runs": _lite("bar", href={"value": "javascript:pwned=1"}),
    "a link of Vega": _mark("rect", href="SPY/link", cursor="pointer"),
    "a tooltip": _lite("bar", tooltip={"value": "<img src='SPY/tooltip.png' onerror='pwned=1'>"}),
    "a text": _lite("text", text={"value": "<script>pwned=1</script><img src='SPY/text.png'>"}),
    "a title": _lite("bar") | {"title": "<img src=SPY/title.png onerror=pwned=1>"},
    "a description": _lite("bar") | {"description": "\"><img src=SPY/description.png onerror=pwned=1>"},
    "a fill": _mark("rect", fill="url(SPY/fill.svg#a)"),
    "a path": _mark("path", path="M0,0L9,9\" onload=\"pwned=1"),
    "a font": _mark("text", text="x", font="x;background:url(SPY/font.png)"),
    "a cursor": _mark("rect", cursor="url(SPY/cursor.png), auto"),
    "a background": _lite("bar") | {"background": "url(SPY/background.png)"},
    "a calculation": _lite("bar") | {"transform": [{"calculate": PWN, "as": "b"}]},
    "a filter": _lite("bar") | {"transform": [{"filter": "window.pwned = 1"}]},
    "a constructor": _expression("''.constructor.constructor('window.pwned=1')()"),
    "a constructor of a function": _expression("[].map.constructor('window.pwned=1')()"),
    "a prototype": _expression("datum.__proto__.pwned = 1"),
    "an event's window": _expression("event.view.eval('window.pwned=1')"),
    "an event's document": _expression("event.target.ownerDocument.defaultView.eval('pwned=1')"),
    "a regular expression": _expression("replace('x', regexp('x'), 'window.pwned=1')"),
    "what the page hears": _vega(
        signals=[{"name": "taken", "on": [{"events": "window:message", "update": "event.data"}]}], marks=_mark("rect")["marks"]
    ),
    "an element of the page": _vega(
        signals=[{"name": "taken", "value": 1, "bind": {"input": "text", "element": "body", "name": "<img src=x onerror=pwned=1>"}}],
        marks=_mark("rect")["marks"],
    ),
    "an input": _vega(
        signals=[{"name": "taken", "value": 1, "bind": {"input": "image", "src": "SPY/input.png", "onerror": "pwned=1"}}],
        marks=_mark("rect")["marks"],
    ),
    "options of the library": _lite("bar")
    | {"usermeta": {"embedOptions": {"loader": {"target": "_top"}, "ast": False, "patch": "SPY/patch.json"}}},
    "columns": _lite("bar")
    | {"data": {"values": "a,b,\"];pwned=1;[\"\nx,1,2", "format": {"type": "csv"}}},
}  # fmt: skip

SHOWN = {
    "data": "http://127.0.0.1",
    "data by csv": "http://127.0.0.1",
    "data by a protocol of its own": "file:///etc/passwd",
    "data by a signal": "http://127.0.0.1",
    "data of a map": "http://127.0.0.1",
    "data that was looked up": "http://127.0.0.1",
    "an image": "http://127.0.0.1",
    "an image of Vega": "http://127.0.0.1",
    "an image that is a page": "data:text/html",
    "a link": "http://127.0.0.1",
    "a link that runs": "javascript:",
    "a link of Vega": "http://127.0.0.1",
}
"""Those that are told that nothing was fetched, and from where."""

HELD_BY_THE_POLICY = {"an input"}
"""Vega writes any attribute on a field that a chart asks for: what it would run or load, the frame's policy refuses."""

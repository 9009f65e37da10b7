"""One figure of the page, with the goal that it has, and how all of them are shown and kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson


@dataclass(frozen=True, slots=True)
class Figure:
    """`unit`: ms, KB, fps or nothing. `facts`: what the browser says of the worst moment, and other figures beside it."""

    key: str
    what: str
    value: float
    unit: str
    limit: float | None = None
    """The goal: at most so much. None: no goal."""
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def holds(self) -> bool | None:
        """None where there is no goal."""
        return None if self.limit is None else self.value <= self.limit


def table(figures: Sequence[Figure]) -> Iterator[str]:
    """A line for each figure."""
    width = max(len(figure.what) for figure in figures)
    for figure in figures:
        verdict = {True: "holds ", False: "MISSED", None: "      "}[figure.holds]
        goal = "" if figure.limit is None else f"   (at most {figure.limit:g} {figure.unit}".rstrip() + ")"
        yield f"{verdict} {figure.what.ljust(width)} {figure.value:10,.1f} {figure.unit}{goal}"


def write(figures: Sequence[Figure], conditions: dict[str, Any], path: Path) -> None:
    """An object with `conditions` and `figures`, a list of objects; `holds` is null where there is no goal."""
    path.parent.mkdir(parents=True, exist_ok=True)
    shown = [
        {
            "key": figure.key,
            "value": round(figure.value, 1),
            "unit": figure.unit,
            "limit": figure.limit,
            "holds": figure.holds,
            **({"facts": figure.facts} if figure.facts else {}),
        }
        for figure in figures
    ]
    options = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
    path.write_bytes(orjson.dumps({"conditions": conditions, "figures": shown}, option=options))

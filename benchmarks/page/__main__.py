"""`make bench-page` measures the page in headless Chromium; `--quick` with less of everything.

Shows a table of figures and goals, and writes them where `--output` says.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from pathlib import Path

from benchmarks import clocks
from benchmarks.page import figures
from benchmarks.page.figures import Figure
from benchmarks.page.loading import first_load, switching
from benchmarks.page.scrolling import scrolling
from benchmarks.page.stage import Sizes, Stage, prepared
from benchmarks.page.streaming import streaming
from tests.servers import Missing, NotReady

RESULTS = Path(__file__).resolve().parents[1] / "results" / "page.json"
QUICK = Sizes(chats=1_000, reading=500, streaming=200, tokens=600, repeat=3)
SLOWER = 4
OTHERS_LIMIT = 0.1
"""Share of one core."""
MEASURES: dict[str, Callable[[Stage], Iterator[Figure]]] = {
    "load": first_load,
    "switch": switching,
    "stream": lambda stage: streaming(stage, 1),
    "stream-slow": lambda stage: streaming(stage, SLOWER),
    "scroll": scrolling,
}


def main(arguments: list[str] | None = None) -> int:
    """Returns the exit status: 0 when all was measured, whether or not the goals hold."""
    told, sizes = _options(arguments)
    begun = time.monotonic()
    found: list[Figure] = []
    busy: dict[str, float] = {}
    try:
        with prepared(sizes) as stage:
            for name in told.only or MEASURES:
                print(f"[{time.monotonic() - begun:4.0f} s] {name}", flush=True)
                before = _moment()
                found += MEASURES[name](stage)
                busy[name] = round(_others_core(before, _moment()), 2)
                conditions = {"sizes": asdict(sizes), "others_core": busy}
                figures.write(found, conditions, told.output)
    except (Missing, NotReady) as reason:
        print(reason, file=sys.stderr)
        return 1
    for line in figures.table(found):
        print(line)
    if disturbed := [name for name, share in busy.items() if share > OTHERS_LIMIT]:
        print(f"machine busy: {', '.join(disturbed)} were measured beside other work, and are too slow")
    return 0


def _options(arguments: list[str] | None) -> tuple[argparse.Namespace, Sizes]:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.page", description=__doc__)
    parser.add_argument("--output", type=Path, default=RESULTS)
    parser.add_argument("--quick", action="store_true", help="fewer of everything; figures are not comparable")
    parser.add_argument("--only", nargs="+", choices=MEASURES, help="these measures")
    for name in asdict(Sizes()):
        parser.add_argument(f"--{name}", type=int)
    told = parser.parse_args(arguments)
    given = {name: getattr(told, name) for name in asdict(Sizes()) if getattr(told, name) is not None}
    return told, replace(QUICK if told.quick else Sizes(), **given)


def _moment() -> tuple[float, float, float]:
    """The time, processor time of the machine, and that of server, browser and this process."""
    return time.monotonic(), clocks.machine_seconds(), clocks.spent_seconds(os.getpid())


def _others_core(before: tuple[float, float, float], after: tuple[float, float, float]) -> float:
    """Share of a core that other work had."""
    seconds, machine, own = (end - start for start, end in zip(before, after, strict=True))
    return max(machine - max(own, 0.0), 0.0) / seconds


if __name__ == "__main__":
    sys.exit(main())

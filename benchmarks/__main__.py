"""`make bench` measures the series; `python -m benchmarks --rows ours relay --streams 20 100` what it is told.

Both show a table, and write the results where `--output` says.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from benchmarks import report
from benchmarks.figures import Record
from benchmarks.goals import goals
from benchmarks.measure import Plan, measure_all
from benchmarks.servers import ROWS, NotReady, choose_cores

RESULTS = Path(__file__).resolve().parent / "results" / "latest.json"
SERIES = (
    Plan(rows=("ours", "naive", "relay"), streams=(1, 20, 50, 100, 150), steady=(100,)),
    Plan(rows=("ours", "relay"), streams=(300,), repeat=1),
    Plan(rows=("two-viewers", "uvicorn", "postgresql", "two-nodes"), streams=(50,), repeat=1),
    Plan(rows=("ours",), streams=(1,), tokens=500, rate=0),
    Plan(rows=("ours",), streams=(1,), tokens=20_000, rate=0),
)
USUAL = Plan(rows=("ours", "naive", "relay"), streams=())
QUICK = Plan(rows=("ours", "naive", "relay"), streams=(20, 100), repeat=1, timeout=15.0)


def main(arguments: list[str] | None = None) -> int:
    """Returns the exit status: 0 when all was measured, whether or not the goals hold."""
    output, plans = _options(arguments)
    begun = time.monotonic()
    records: list[Record] = []
    try:
        for plan in plans:
            for record in measure_all(plan, choose_cores(), lambda line: _say(begun, line)):
                records.append(record)
                report.write(records, output)
    except NotReady as reason:
        print(reason, file=sys.stderr)
        return 1
    print(report.table(records))
    for line in (*report.ratios(records), *goals(records)):
        print(line)
    return 0


def _options(arguments: list[str] | None) -> tuple[Path, tuple[Plan, ...]]:
    """Where the results go, and what is measured."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description="What one streamed token costs. Without options: the whole series."
    )
    parser.add_argument("--output", type=Path, default=RESULTS)
    parser.add_argument("--quick", action="store_true", help=f"{QUICK.streams} streams, one wave each")
    parser.add_argument("--rows", nargs="+", choices=ROWS, default=USUAL.rows)
    parser.add_argument("--streams", nargs="+", type=int, help="at once; the other options count with this one")
    parser.add_argument("--tokens", type=int, default=USUAL.tokens, help="of each answer")
    parser.add_argument("--rate", type=int, default=USUAL.rate, help="tokens a second; 0: as fast as the provider can")
    parser.add_argument("--repeat", type=int, default=USUAL.repeat, help="waves; figures are medians")
    parser.add_argument("--steady", nargs="*", type=int, default=[], help="streams with staggered starts, too")
    parser.add_argument("--timeout", type=float, default=USUAL.timeout, help="seconds until a wave is given up")
    told = parser.parse_args(arguments)
    if told.quick:
        return told.output, (QUICK,)
    if told.streams is None:
        return told.output, SERIES
    one = Plan(
        rows=tuple(told.rows),
        streams=tuple(told.streams),
        tokens=told.tokens,
        rate=told.rate,
        repeat=told.repeat,
        steady=tuple(told.steady),
        timeout=told.timeout,
    )
    return told.output, (one,)


def _say(begun: float, line: str) -> None:
    print(f"[{time.monotonic() - begun:4.0f} s] {line}", flush=True)


if __name__ == "__main__":
    sys.exit(main())

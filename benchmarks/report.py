"""The table on the screen, and the file of results."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

import orjson

from benchmarks.figures import Record

COLUMNS = (
    ("row", 11),
    ("streams", 8),
    ("tokens", 7),
    ("µs/token", 9),
    ("marginal", 9),
    ("steady", 7),
    ("delivered", 10),
    ("lost", 7),
    ("TTFT p50", 9),
    ("p95 ms", 8),
    ("gap p99 ms", 11),
    ("KB/stream", 10),
    ("KB/socket", 10),
    ("ms/request", 11),
    ("idle TTFT", 10),
    ("busy TTFT", 10),
    ("server", 7),
    ("load", 6),
    ("others", 7),
)


def table(records: Sequence[Record]) -> str:
    """One line for each record, with a heading."""
    return "\n".join(["".join(name.rjust(width) for name, width in COLUMNS), *(_line(record) for record in records)])


def _line(record: Record) -> str:
    cells = (
        record.row,
        str(record.streams),
        str(record.tokens),
        _number(record.cpu_us_per_token),
        _number(record.marginal_cpu_us_per_token),
        _number(record.steady_cpu_us_per_token),
        f"{record.delivered_share:.1%}",
        str(record.lost),
        _number(record.ttft_ms_p50),
        _number(record.ttft_ms_p95),
        _number(record.gap_ms_p99),
        _number(record.rss_kb_per_stream),
        _number(record.rss_kb_per_socket),
        f"{record.cpu_ms_per_request:.2f}",
        _number(record.idle_ttft_ms_p50),
        _number(record.busy_ttft_ms_p50),
        f"{record.server_core:.0%}",
        f"{record.load_core:.0%}",
        f"{record.others_core:.0%}",
    )
    line = "".join(cell.rjust(width) for cell, (_, width) in zip(cells, COLUMNS, strict=True))
    return f"{line}  {'; '.join(record.remarks)}".rstrip()


def _number(value: float | None) -> str:
    if value is None or not math.isfinite(value):
        return "-"
    return f"{value:,.1f}" if abs(value) < 100 else f"{value:,.0f}"


def ratios(records: Sequence[Record]) -> Iterator[str]:
    """How the rows compare, for each number of streams that was measured with two of them."""
    for streams in dict.fromkeys(record.streams for record in records):
        rows = {record.row: record for record in records if record.streams == streams and record.rate}
        for dear, cheap in (("ours", "relay"), ("naive", "ours")):
            if dear in rows and cheap in rows:
                yield f"{streams} streams: {dear} / {cheap} = {_times(rows[dear], rows[cheap])}"


def _times(dear: Record, cheap: Record) -> str:
    told = [
        f"{_marginal_times(dear, cheap):.2f} marginal",
        f"{dear.cpu_us_per_token / cheap.cpu_us_per_token:.2f} with the request",
    ]
    if dear.steady_cpu_us_per_token and cheap.steady_cpu_us_per_token:
        told.append(f"{dear.steady_cpu_us_per_token / cheap.steady_cpu_us_per_token:.2f} steady")
    return ", ".join(told)


def _marginal_times(dear: Record, cheap: Record) -> float:
    return dear.marginal_cpu_us_per_token / cheap.marginal_cpu_us_per_token


def write(records: Sequence[Record], path: Path) -> None:
    """The records as a JSON list; what was not measured is null."""
    path.parent.mkdir(parents=True, exist_ok=True)
    rounded = [{name: _rounded(value) for name, value in asdict(record).items()} for record in records]
    path.write_bytes(orjson.dumps(rounded, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))


def _rounded(value: object) -> object:
    if isinstance(value, float):
        return round(value, 4)
    return [_rounded(each) for each in value] if isinstance(value, list | tuple) else value

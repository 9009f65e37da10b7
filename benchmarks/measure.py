"""Measures one row at one number of streams, on a server of its own, and sums the waves up to a record."""

from __future__ import annotations

import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass

import orjson

from benchmarks.figures import Record, Stage, Wave, WaveResult, percentile
from benchmarks.servers import ROOT, ROWS, Cores, Emulator, NotReady, on_core, running_emulator
from tests.servers import Missing

RATE = 77
"""Tokens a second and stream."""
WARM_UP_ROUNDS = 30
PROBES = 20
FIXED_ROUNDS = 40
"""Answers of one token, one after another: their mean is the fixed cost of a request."""
START_EVERY = 0.1
STEADY_SLACK = 3.5
"""Seconds of answer that are left after the last start of a staggered wave: more than the window in which it is measured."""
OVERWHELMED = 0.5
"""A row that delivers less than this share is not measured again: it would take minutes to say the same."""
BUSY_CORE = 0.8
OTHERS_LIMIT = 0.1
"""Share of one core."""

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """What to measure. `steady`: the numbers of streams for which a wave with staggered starts is measured as well."""

    rows: tuple[str, ...]
    streams: tuple[int, ...]
    tokens: int = 300
    rate: int = RATE
    repeat: int = 3
    steady: tuple[int, ...] = ()
    timeout: float = 75.0


@dataclass(frozen=True, slots=True)
class Waves:
    """All results of one row at one number of streams."""

    fixed: WaveResult
    short: list[WaveResult]
    """Answers of one token."""
    full: list[WaveResult]
    busy: WaveResult | None = None
    """With answers of one token, one after another, beside the others."""
    steady: WaveResult | None = None


def measure_all(plan: Plan, cores: Cores, say: Say) -> Iterator[Record]:
    """A record for each row and number of streams; rows alternate, so that a busy minute touches all of them."""
    with on_core(cores.load), running_emulator(cores) as emulator:
        for streams in plan.streams:
            for row in plan.rows:
                try:
                    yield measure(row, streams, plan, cores, emulator, say)
                except Missing as missing:
                    say(f"{row}: not measured, {missing}")


def measure(row: str, streams: int, plan: Plan, cores: Cores, emulator: Emulator, say: Say) -> Record:
    """Starts a server, measures it, and stops it again."""
    say(f"{row}, {streams} streams: starting")
    sessions = WARM_UP_ROUNDS + FIXED_ROUNDS + 2 * plan.repeat + 2
    with ROWS[row](cores, emulator, streams + 1, sessions) as server:
        stage = Stage(
            server.address, server.conversation, server.pids, emulator.url, emulator.pid, server.seats, server.viewer
        )
        with _generator(stage) as carry_out:
            waves = _waves(row, streams, plan, carry_out, say)
    return _record(row, streams, plan, waves)


def _waves(row: str, streams: int, plan: Plan, carry_out: Callable[[Wave], WaveResult], say: Say) -> Waves:
    carry_out(Wave(1, 1, plan.rate, rounds=WARM_UP_ROUNDS, timeout=plan.timeout))
    fixed = carry_out(Wave(1, 1, plan.rate, rounds=FIXED_ROUNDS, timeout=plan.timeout))
    short, full = [], []
    for number in range(plan.repeat):
        short.append(carry_out(Wave(streams, 1, plan.rate, timeout=plan.timeout)))
        full.append(carry_out(Wave(streams, plan.tokens, plan.rate, timeout=plan.timeout)))
        say(f"{row}, {streams} streams: wave {number + 1} of {plan.repeat}, {_brief(full[-1])}")
        if full[-1].unfinished or statistics.fmean(full[-1].delivered_shares or [0.0]) < OVERWHELMED:
            return Waves(fixed, short, full)
    busy = carry_out(Wave(streams, plan.tokens, plan.rate, probes=PROBES, timeout=plan.timeout)) if plan.rate else None
    steady = None
    if streams in plan.steady:
        tokens = round((streams * START_EVERY + STEADY_SLACK) * RATE)
        steady = carry_out(Wave(streams, tokens, RATE, start_every=START_EVERY, timeout=plan.timeout))
        say(
            f"{row}, {streams} streams: staggered starts, {steady.steady_cpu / steady.steady_tokens * 1e6:.0f} µs a token"
        )
    return Waves(fixed, short, full, busy, steady)


def _brief(result: WaveResult) -> str:
    cost = result.cpu_us_per_token
    return f"{result.seconds:.1f} s, {cost:.0f} µs a token, {result.lost} of {result.tokens_sent} tokens lost"


@contextmanager
def _generator(stage: Stage) -> Iterator[Callable[[Wave], WaveResult]]:
    """The load generator, in a process beside this one's."""
    command = [sys.executable, "-m", "benchmarks.load"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        stdin, stdout = process.stdin, process.stdout

        def write(value: Stage | Wave) -> None:
            stdin.write(orjson.dumps(asdict(value)) + b"\n")
            stdin.flush()

        def carry_out(wave: Wave) -> WaveResult:
            write(wave)
            if not (line := stdout.readline()):
                raise NotReady(f"the load generator ended with status {process.wait()}; its own words are above")
            return WaveResult(**orjson.loads(line))

        try:
            write(stage)
            yield carry_out
        finally:
            process.terminate()


def _record(row: str, streams: int, plan: Plan, waves: Waves) -> Record:
    full = waves.full
    ttft = [value for result in full for value in result.added_ttft]
    median = statistics.median
    record = Record(
        row=row,
        streams=streams,
        tokens=plan.tokens,
        rate=plan.rate,
        cpu_us_per_token=median(result.cpu_us_per_token for result in full),
        marginal_cpu_us_per_token=_marginal(waves.short, full),
        delivered_share=median(statistics.fmean(result.delivered_shares or [0.0]) for result in full),
        lost=sum(result.lost for result in full),
        ttft_ms_p50=percentile(ttft, 0.5) * 1000,
        ttft_ms_p95=percentile(ttft, 0.95) * 1000,
        gap_ms_p99=median(result.gap_p99 for result in full) * 1000,
        rss_kb_per_stream=(full[0].rss_peak_kb - full[0].rss_before_kb) / streams,
        cpu_ms_per_request=waves.fixed.server_cpu / FIXED_ROUNDS * 1000,
        idle_ttft_ms_p50=percentile(waves.fixed.added_ttft, 0.5) * 1000,
        idle_ttft_ms_p95=percentile(waves.fixed.added_ttft, 0.95) * 1000,
        busy_ttft_ms_p50=percentile(waves.busy.probed_ttft, 0.5) * 1000 if waves.busy else None,
        rss_kb_per_socket=waves.fixed.rss_kb_per_socket,
        damaged=sum(result.damaged for result in full),
        waves=len(full),
        wave_seconds=median(result.seconds for result in full),
        offered_seconds=Wave(streams, plan.tokens, plan.rate).offered_seconds,
        server_core=median(result.cores(result.server_cpu) for result in full),
        load_core=max(result.cores(result.load_cpu) for result in full),
        others_core=max(result.cores(result.others_cpu) for result in full),
        marginal_spread=_spread(waves),
    )
    if waves.steady is not None:
        steady = waves.steady
        record.steady_cpu_us_per_token = steady.steady_cpu / steady.steady_tokens * 1e6
        record.steady_share = steady.steady_tokens / (streams * RATE * steady.steady_seconds)
    record.remarks = _remarks(record, waves)
    return record


def _marginal(short: Sequence[WaveResult], full: Sequence[WaveResult]) -> float:
    """What one more token costs, in µs: the waves without what the same number of answers of one token cost."""
    fixed = statistics.median(result.server_cpu for result in short)
    return statistics.median(_beyond(result, fixed, short[0].tokens_sent) for result in full)


def _beyond(result: WaveResult, fixed: float, fixed_tokens: int) -> float:
    return (result.server_cpu - fixed) / max(result.tokens_received - fixed_tokens, 1) * 1e6


def _spread(waves: Waves) -> tuple[float, float]:
    fixed = statistics.median(result.server_cpu for result in waves.short)
    each = [_beyond(result, fixed, waves.short[0].tokens_sent) for result in waves.full]
    return min(each), max(each)


def _remarks(record: Record, waves: Waves) -> list[str]:
    remarks = []
    if record.load_core > BUSY_CORE:
        remarks.append("generator busy")
    if record.others_core > OTHERS_LIMIT:
        remarks.append("machine busy")
    if any(result.unfinished for result in (*waves.short, *waves.full)):
        remarks.append("given up")
    if problems := {problem for result in (*waves.short, *waves.full) for problem in result.problems}:
        remarks.append(f"{len(problems)} problems, such as {min(problems)}")
    return remarks

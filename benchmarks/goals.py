"""What the figures should be, and whether they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from benchmarks.figures import Record

LONG_TOKENS, SHORT_TOKENS = 20_000, 500
NOISE = 1.1
"""Of two figures that should be the same, the larger is at most so many times the smaller."""
NAIVE_REQUEST_MS, NAIVE_BURST_MS = 7.0, 343.0
"""What the naive way takes where the goals in milliseconds are meant; most of it is LiteLLM's call. A slower machine takes more
for both, so these two goals are also held against the naive way of the same run."""
REQUEST_MS, BURST_MS = 8.0, 800.0


def goals(records: Sequence[Record]) -> Iterator[str]:
    """A line for each goal whose figures were measured: whether it holds, the figure, and what is wanted."""
    ours = [record for record in records if record.row == "ours"]
    if not ours:
        return
    yield from _against_others(records)
    lost = sum(record.lost + record.damaged for record in ours)
    yield _line("tokens lost and answers damaged, in all waves", lost, 0, "{:.0f}")
    paced = {record.streams: record for record in ours if record.rate}
    if hundred := paced.get(100):
        yield _line("first tokens of a burst of 100, p95", hundred.ttft_ms_p95, BURST_MS, "{:.0f} ms")
        yield _line("memory of a stream, of 100", hundred.rss_kb_per_stream, 60, "{:.0f} KB")
    if fifty := paced.get(50):
        yield _line("first token beside 50 streams, p50", fifty.busy_ttft_ms_p50 or 0.0, 40, "{:.1f} ms")
    if crowd := paced.get(150):
        yield _line("not delivered in time of 150 streams", 100 - 100 * crowd.delivered_share, 1, "{:.1f} %")
    if many := paced.get(300):
        yield _line("memory of an idle socket, of 300", many.rss_kb_per_socket, 25, "{:.0f} KB")
    if paced:
        yield _line("first token, idle, p50", min(each.idle_ttft_ms_p50 for each in paced.values()), 15, "{:.1f} ms")
        yield _line("a request's fixed cost", _request(paced.values(), "ours"), REQUEST_MS, "{:.1f} ms")
    by_length = {record.tokens: record.marginal_cpu_us_per_token for record in ours if not record.rate}
    if LONG_TOKENS in by_length and SHORT_TOKENS in by_length:
        times = by_length[LONG_TOKENS] / by_length[SHORT_TOKENS]
        yield _line(f"a token of {LONG_TOKENS:,}, to one of {SHORT_TOKENS}", times, NOISE, "{:.2f} x")


def _against_others(records: Sequence[Record]) -> Iterator[str]:
    hundred = {record.row: record for record in records if record.streams == 100}
    if "ours" not in hundred:
        return
    ours = hundred["ours"]
    if relay := hundred.get("relay"):
        times = ours.marginal_cpu_us_per_token / relay.marginal_cpu_us_per_token
        yield _line("a token of 100 streams, to the relay's", times, 1.5, "{:.2f} x")
    if naive := hundred.get("naive"):
        times = ours.marginal_cpu_us_per_token / naive.marginal_cpu_us_per_token
        yield _line("a token of 100 streams, to the naive way's", times, 1 / 8, "{:.3f} x")
        times = ours.ttft_ms_p95 / naive.ttft_ms_p95
        yield _line("the burst's p95, to the naive way's", times, BURST_MS / NAIVE_BURST_MS, "{:.2f} x")
        paced = [record for record in records if record.rate]
        times = _request(paced, "ours") / _request(paced, "naive")
        yield _line("a request's fixed cost, to the naive way's", times, REQUEST_MS / NAIVE_REQUEST_MS, "{:.2f} x")


def _request(records: Iterable[Record], row: str) -> float:
    """Milliseconds of processor time; other work on the machine only ever adds to it."""
    return min(record.cpu_ms_per_request for record in records if record.row == row)


def _line(what: str, figure: float, limit: float, shown: str) -> str:
    verdict = "holds " if figure <= limit else "MISSED"
    return f"{verdict} {what}: {shown.format(figure)} (at most {shown.format(limit)})"

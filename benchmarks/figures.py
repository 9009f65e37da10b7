"""The nouns of the benchmark: what is asked of the load generator, what it answers, what is reported. Times in seconds."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Seat:
    """One open websocket of the load generator. `sessions`: ids of empty sessions, where the row knows sessions."""

    cookie: str = ""
    sessions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Stage:
    """What the load generator is pointed at."""

    address: str
    conversation: str
    """How one talks there: a key of `conversations.CONVERSATIONS`."""
    server_pids: tuple[int, ...]
    """The nodes: what they use is summed."""
    emulator_url: str
    emulator_pid: int
    seats: tuple[Seat, ...]
    viewer: str = ""
    """Where a second tab of each seat listens too; empty: nowhere."""


@dataclass(frozen=True, slots=True)
class Wave:
    """`streams` answers of `tokens` tokens at once; `rounds` of them, one after another."""

    streams: int
    tokens: int
    rate: int
    """Tokens a second and stream. 0: as fast as the provider can."""
    rounds: int = 1
    start_every: float = 0.0
    probes: int = 0
    """So many answers of one token are asked for, one after another, by one more seat while the wave goes on."""
    timeout: float = 60.0

    @property
    def offered_seconds(self) -> float:
        """From the first token of an answer to its last, as the provider sends them."""
        return (self.tokens - 1) / self.rate if self.rate else 0.0


@dataclass(slots=True)
class WaveResult:
    """What came of a wave. Lists have one figure for each answer, in no order."""

    tokens_sent: int = 0
    tokens_received: int = 0
    damaged: int = 0
    """Answers whose text is not exactly what the provider sent."""
    unfinished: int = 0
    """Answers that had no end when the wave was given up."""
    seconds: float = 0.0
    """From the first request to the last token."""
    server_cpu: float = 0.0
    load_cpu: float = 0.0
    """Emulator and load generator together."""
    others_cpu: float = 0.0
    """Whatever else ran on the machine meanwhile."""
    added_ttft: list[float] = field(default_factory=list)
    probed_ttft: list[float] = field(default_factory=list)
    """Of the probes."""
    delivered_shares: list[float] = field(default_factory=list)
    gap_p99: float = 0.0
    rss_before_kb: int = 0
    rss_peak_kb: int = 0
    rss_kb_per_socket: float = 0.0
    """Of the sockets that were opened before the first wave."""
    steady_cpu: float = 0.0
    steady_tokens: int = 0
    steady_seconds: float = 0.0
    problems: list[str] = field(default_factory=list)

    @property
    def cpu_us_per_token(self) -> float:
        """Of the tokens that came; infinite when none did."""
        return self.server_cpu / self.tokens_received * 1e6 if self.tokens_received else math.inf

    def cores(self, cpu: float) -> float:
        """Processor seconds of the wave as a share of a core."""
        return cpu / self.seconds if self.seconds else 0.0

    @property
    def lost(self) -> int:
        return self.tokens_sent - self.tokens_received


@dataclass(slots=True)
class Record:
    """One row at one number of streams, as it stands in the results. Figures of several waves are medians.

    `delivered_share`: of the provider's rate, from its first token on. `lost`: tokens, of all waves. `ttft_*`: what the
    server adds to the provider's own, all streams starting at once; `idle_ttft_*`: one at a time; `busy_ttft_*`: one
    at a time while all streams go. `*_core`: share of a core; that of the load and of others in the worst wave.
    """

    row: str
    streams: int
    tokens: int
    """Of each answer."""
    rate: int
    """Tokens a second and stream; 0: as fast as the provider can."""
    cpu_us_per_token: float
    marginal_cpu_us_per_token: float
    delivered_share: float
    lost: int
    ttft_ms_p50: float
    ttft_ms_p95: float
    gap_ms_p99: float
    rss_kb_per_stream: float
    cpu_ms_per_request: float
    idle_ttft_ms_p50: float
    idle_ttft_ms_p95: float
    busy_ttft_ms_p50: float | None
    rss_kb_per_socket: float
    damaged: int
    """Answers whose text was not exactly what the provider sent."""
    waves: int
    wave_seconds: float
    offered_seconds: float
    server_core: float
    load_core: float
    others_core: float
    marginal_spread: tuple[float, float]
    """The lowest and the highest of the waves."""
    steady_cpu_us_per_token: float | None = None
    steady_share: float | None = None
    remarks: list[str] = field(default_factory=list)


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least `share` of them do not exceed; 0 without values."""
    if not values:
        return 0.0
    return sorted(values)[max(math.ceil(share * len(values)) - 1, 0)]

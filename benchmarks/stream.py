"""One answer as the load generator hears it."""

from __future__ import annotations

from dataclasses import dataclass, field

from ai_studio.emulator.scripts import expected_text

MODEL = "bench"


def prompt_for(name: str, tokens: int, rate: int) -> str:
    """A prompt of its own for each answer, so that no two answers are the same. `rate`: tokens a second."""
    return f"This is answer {name}. /emulate tokens {tokens} rate {rate}"


@dataclass(slots=True)
class Stream:
    """Times are of the monotonic clock, which all processes of a machine share."""

    prompt: str
    asked_at: float = 0.0
    heard_at: list[float] = field(default_factory=list)
    """When each frame with text came."""
    pieces: list[str] = field(default_factory=list)
    is_ended: bool = False

    @property
    def gaps(self) -> list[float]:
        """Seconds between neighbouring frames with text."""
        return [later - earlier for earlier, later in zip(self.heard_at, self.heard_at[1:], strict=False)]

    @property
    def tokens(self) -> int:
        return len("".join(self.pieces).split())

    def expected(self) -> str:
        """What the emulator sends."""
        return expected_text(MODEL, self.prompt)

    def is_damaged(self) -> bool:
        return "".join(self.pieces) != self.expected()


@dataclass(frozen=True, slots=True)
class Offered:
    """When the emulator received a request, and when it sent the first token."""

    received_at: float
    first_token_at: float


def added_ttft(stream: Stream, offered: Offered) -> float:
    """Seconds that the server added to the provider's own time to the first token."""
    return (stream.heard_at[0] - stream.asked_at) - (offered.first_token_at - offered.received_at)


def delivered_share(stream: Stream, offered: Offered, offered_seconds: float) -> float:
    """How much of the provider's rate reached the client: tokens that came, over the longer of both durations.

    It counts from the provider's first token: what came before that is the time to the first token.
    """
    if not stream.heard_at:
        return 0.0
    if not offered_seconds:
        return stream.tokens / len(stream.expected().split())  # the provider has no pace
    took = max(stream.heard_at[-1] - offered.first_token_at, offered_seconds)
    return stream.tokens / len(stream.expected().split()) * offered_seconds / took

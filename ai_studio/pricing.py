"""What a completion cost. Prices are US dollars per million tokens."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from ai_studio.llm.types import Usage

MILLION = Decimal(1_000_000)


@dataclass(frozen=True, slots=True)
class Prices:
    input: Decimal | None
    output: Decimal | None
    cached_input: Decimal | None = None


def cost(usage: Usage, prices: Prices) -> Decimal | None:
    """US dollars; None when a price or a count that it needs is not known.

    Cached input tokens cost their own price where there is one, else the input price.
    """
    if usage.input_tokens is None or usage.output_tokens is None or prices.input is None or prices.output is None:
        return None
    cached = usage.cached_tokens or 0
    cached_price = prices.input if prices.cached_input is None else prices.cached_input
    return (
        (usage.input_tokens - cached) * prices.input + cached * cached_price + usage.output_tokens * prices.output
    ) / MILLION

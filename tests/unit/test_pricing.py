from __future__ import annotations

from decimal import Decimal

import pytest

from ai_studio.llm import Usage
from ai_studio.pricing import Prices, cost

PRICES = Prices(Decimal("3"), Decimal("15"))
WITH_CACHE = Prices(Decimal("3"), Decimal("15"), Decimal("0.30"))


@pytest.mark.parametrize(
    ("usage", "prices", "dollars"),
    [
        pytest.param(Usage(1_000_000, 0), PRICES, "3", id="a million in"),
        pytest.param(Usage(0, 1_000_000), PRICES, "15", id="a million out"),
        pytest.param(Usage(120, 300), PRICES, "0.00486", id="both"),
        pytest.param(Usage(0, 0), PRICES, "0", id="nothing used"),
        pytest.param(Usage(1000, 10, cached_tokens=400), PRICES, "0.00315", id="cached ones at the input price"),
        pytest.param(Usage(1000, 10, cached_tokens=400), WITH_CACHE, "0.00207", id="cached ones at their own"),
        pytest.param(Usage(1000, 10, cached_tokens=400), Prices(Decimal(3), Decimal(15), Decimal(0)), "0.00195",
                     id="cached ones for nothing"),
        pytest.param(Usage(1000, 10, reasoning_tokens=8), PRICES, "0.00315", id="reasoning is output already"),
        pytest.param(Usage(10, 10), Prices(Decimal(0), Decimal(0)), "0", id="a model of one's own"),
    ],
)  # fmt: skip
def test_what_a_completion_cost(usage, prices, dollars):
    assert cost(usage, prices) == Decimal(dollars)


@pytest.mark.parametrize(
    ("usage", "prices"),
    [
        pytest.param(Usage(None, 10), PRICES, id="input not counted"),
        pytest.param(Usage(10, None), PRICES, id="output not counted"),
        pytest.param(Usage(10, 10), Prices(None, Decimal(15)), id="no input price"),
        pytest.param(Usage(10, 10), Prices(Decimal(3), None), id="no output price"),
    ],
)
def test_a_cost_that_nobody_can_know_is_none(usage, prices):
    assert cost(usage, prices) is None

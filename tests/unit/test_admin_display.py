from __future__ import annotations

from decimal import Decimal

import pytest

from ai_studio.admin.display import cost, duration, price, tokens


@pytest.mark.parametrize(
    ("count", "written"),
    [(None, "—"), (0, "0"), (999, "999"), (1_000, "1K"), (1_234, "1.23K"), (128_000, "128K"), (1_048_576, "1.05M")],
)
def test_tokens(count: int | None, written: str):
    assert tokens(count) == written


@pytest.mark.parametrize(
    ("dollars", "written"),
    [(None, "—"), ("0", "$0.00"), ("2.5", "$2.50"), ("10.000000", "$10.00"), ("0.075", "$0.075"), ("150", "$150.00")],
)
def test_prices(dollars: str | None, written: str):
    assert price(None if dollars is None else Decimal(dollars)) == written


@pytest.mark.parametrize(
    ("dollars", "written"),
    [(None, "—"), ("0", "$0.00"), ("0.00486", "$0.00486"), ("1.5", "$1.50"), ("12.3456789", "$12.345679")],
)
def test_costs(dollars: str | None, written: str):
    assert cost(None if dollars is None else Decimal(dollars)) == written


@pytest.mark.parametrize(
    ("milliseconds", "written"), [(None, "—"), (0, "0 ms"), (999, "999 ms"), (1_000, "1.0 s"), (12_345, "12.3 s")]
)
def test_durations(milliseconds: int | None, written: str):
    assert duration(milliseconds) == written

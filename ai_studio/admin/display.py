"""How numbers and states are written in the admin."""

from __future__ import annotations

from decimal import Decimal

UNKNOWN = "—"
_THOUSAND, _MILLION = 1_000, 1_000_000


def tokens(count: int | None) -> str:
    """`128K`, `1.05M`: at most three digits that matter."""
    if count is None:
        return UNKNOWN
    for unit, letter in ((_MILLION, "M"), (_THOUSAND, "K")):
        if count >= unit:
            return f"{count / unit:.3g}{letter}"
    return str(count)


def price(dollars: Decimal | None) -> str:
    """`$2.50`; small ones with all the digits they have."""
    if dollars is None:
        return UNKNOWN
    exact = dollars.normalize()
    return f"${exact:f}" if -exact.as_tuple().exponent > 2 else f"${dollars:.2f}"  # type: ignore[operator]


def cost(dollars: Decimal | None) -> str:
    """Of one completion: often a fraction of a cent."""
    return UNKNOWN if dollars is None else f"${dollars:.6f}".rstrip("0").ljust(5, "0")


def duration(milliseconds: int | None) -> str:
    if milliseconds is None:
        return UNKNOWN
    return f"{milliseconds} ms" if milliseconds < _THOUSAND else f"{milliseconds / _THOUSAND:.1f} s"

"""The head of a websocket frame, by the examples of RFC 6455, section 5.7, and at the borders between its forms."""

from __future__ import annotations

import pytest

from config.serve import frame_head


@pytest.mark.parametrize(
    ("size", "head"),
    [
        (5, "8105"),
        (125, "817d"),
        (126, "817e007e"),
        (256, "817e0100"),
        (65_535, "817effff"),
        (65_536, "817f0000000000010000"),
    ],
)
def test_the_head_says_how_long_the_text_is(size: int, head: str):
    assert frame_head(size).hex() == head

"""Cuts a text into passages: short enough to be read as an answer, each whole in itself where the text lets it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

LONGEST = 1_200
"""Characters."""
_BETTER_ENDS = (re.compile(r"\n\s*\n"), re.compile(r"\n"), re.compile(r"(?<=[.!?。！？])\s*"), re.compile(r"\s"))
"""Where a passage may end, the best first: after a paragraph, a line, a sentence, a word."""


def passages(text: str) -> Iterator[tuple[int, str]]:
    """(position of its first character, passage), in order. White space at their borders is in none of them."""
    start = 0
    while start < len(text):
        end = _end(text, start)
        piece = text[start:end]
        if said := piece.strip():
            yield start + len(piece) - len(piece.lstrip()), said
        start = end


def _end(text: str, start: int) -> int:
    most = start + LONGEST
    if most >= len(text):
        return len(text)
    for pattern in _BETTER_ENDS:
        ends = [match.end() for match in pattern.finditer(text, start + LONGEST // 2, most) if match.end() > start]
        if ends:
            return ends[-1]
    return most

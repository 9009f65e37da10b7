"""The place in a text where something was found, with what was found marked. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ai_studio.search.query import Phrase, Query, fold, is_in_word

BEFORE = 50
LONGEST = 220
SEARCHED = 100_000
"""Characters. The indexes of the databases hold as much of a message."""


@dataclass(frozen=True, slots=True)
class Segment:
    text: str
    is_hit: bool

    def as_json(self) -> dict[str, object]:
        return {"text": self.text, "hit": self.is_hit}


def snippet(text: str, query: Query) -> list[Segment]:
    """About LONGEST characters around the first hit, in one line. Without a hit, the beginning."""
    text = text[:SEARCHED]
    hits = _hits(text, query)
    start = _start(text, hits[0][0]) if hits else 0
    end = _end(text, start + LONGEST)
    segments: list[Segment] = []
    at = start
    for hit_start, hit_end in hits:
        if hit_start >= end:
            break
        segments += [Segment(text[at:hit_start], False), Segment(text[hit_start : min(hit_end, end)], True)]
        at = min(hit_end, end)
    segments.append(Segment(text[at:end], False))
    return _in_one_line(segments, cut_before=start > 0, cut_after=end < len(text))


def _hits(text: str, query: Query) -> list[tuple[int, int]]:
    """Where the phrases are, from the beginning; none overlaps another."""
    folded, origin = _folded(text)
    found = [
        (origin[match.start()], origin[match.end() - 1] + 1)
        for phrase in query.phrases
        for match in _pattern(phrase).finditer(folded)
    ]
    hits: list[tuple[int, int]] = []
    for start, end in sorted(found, key=lambda hit: (hit[0], -hit[1])):
        if not hits or start >= hits[-1][1]:
            hits.append((start, end))
    return hits


def _folded(text: str) -> tuple[str, range | list[int]]:
    """The text as it is compared, with what is no word as spaces; and for each character of it where it comes from."""
    if text.isascii():
        return re.sub(r"[\W_]", " ", text.lower()), range(len(text))
    pieces: list[str] = []
    origin: list[int] = []
    for index, character in enumerate(text):
        piece = fold(character)
        pieces.append(piece if is_in_word(piece) else " " * len(piece))
        origin += [index] * len(piece)
    return "".join(pieces), origin


def _pattern(phrase: Phrase) -> re.Pattern[str]:
    words = " +".join(map(re.escape, phrase.folded))
    if phrase.is_unspaced:
        return re.compile(words)
    return re.compile(rf"(?<!\S){words}" + ("" if phrase.is_prefix else r"(?!\S)"))


def _start(text: str, hit: int) -> int:
    """Shortly before the hit, at the beginning of a word."""
    if hit <= BEFORE:
        return 0
    space = re.search(r"\s", text[hit - BEFORE : hit])
    return hit - BEFORE + space.end() if space else hit - BEFORE


def _end(text: str, end: int) -> int:
    if end >= len(text):
        return len(text)
    space = text.rfind(" ", end - 30, end)
    return space if space > 0 else end


def _in_one_line(segments: list[Segment], *, cut_before: bool, cut_after: bool) -> list[Segment]:
    shown = [Segment(re.sub(r"\s+", " ", segment.text), segment.is_hit) for segment in segments if segment.text]
    if cut_before:
        shown.insert(0, Segment("…", False))
    if cut_after:
        shown.append(Segment("…", False))
    return shown

"""The difference of two texts, line beside line and word by word. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest

MAX_LINES = 4_000
"""Of both texts together. Comparing takes time by the square of it; beyond, all of a text counts as changed."""

_WORDS = re.compile(r"\s+|\w+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Piece:
    text: str
    is_changed: bool


Line = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A line of each text, side by side; None where the other has a line that this one has not."""

    before: Line | None
    after: Line | None

    @property
    def is_changed(self) -> bool:
        return self.before != self.after


def side_by_side(before: str, after: str) -> list[Row]:
    """All lines of both texts in order."""
    return list(_rows(before.splitlines(), after.splitlines()))


def _rows(before: Sequence[str], after: Sequence[str]) -> Iterator[Row]:
    if len(before) + len(after) > MAX_LINES:
        yield from _beside(before, after)
        return
    for kind, b1, b2, a1, a2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            for line in before[b1:b2]:
                same = (Piece(line, is_changed=False),)
                yield Row(same, same)
        else:
            yield from _beside(before[b1:b2], after[a1:a2])


def _beside(before: Sequence[str], after: Sequence[str]) -> Iterator[Row]:
    for old, new in zip_longest(before, after):
        if old is None or new is None:
            yield Row(_all_changed(old), _all_changed(new))
        else:
            yield _compared(old, new)


def _compared(old: str, new: str) -> Row:
    """Two lines that stand in each other's place; with little in common, all of both is changed."""
    old_words, new_words = _WORDS.findall(old), _WORDS.findall(new)
    matcher = SequenceMatcher(None, old_words, new_words, autojunk=False)
    if len(old_words) + len(new_words) > MAX_LINES or matcher.ratio() < 0.4:
        return Row(_all_changed(old), _all_changed(new))
    left: list[Piece] = []
    right: list[Piece] = []
    for kind, o1, o2, n1, n2 in matcher.get_opcodes():
        for pieces, words in ((left, old_words[o1:o2]), (right, new_words[n1:n2])):
            if words:
                pieces.append(Piece("".join(words), is_changed=kind != "equal"))
    return Row(tuple(left), tuple(right))


def _all_changed(line: str | None) -> Line | None:
    return None if line is None else (Piece(line, is_changed=True),)

"""What an answer was at an earlier moment, from what is known of a later one and the log. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chat import parts
from chat.parts import Part
from chat.streams.base import Entry


@dataclass(frozen=True, slots=True)
class Content:
    """The stored parts of an answer, and the last entry that they hold."""

    seq: int
    parts: Sequence[Part]


def content_at(seq: int, known: Content, entries: Sequence[Entry]) -> Content | None:
    """The answer after entry `seq`; None when the entries don't reach from there to what is known.

    `entries` follow each other; of a long answer the first ones are held no more. The first entry of all says what was
    there before the model said anything, so nothing comes before it.
    """
    seq = max(seq, 1)
    first, last = min(seq, known.seq) + 1, max(seq, known.seq)
    between = [entry for entry in entries if first <= entry.seq <= last]
    if len(between) != last - first + 1:
        return None
    news = [part for entry in between for part in entry.parts]
    return Content(seq, parts.fold(news, known.parts) if seq >= known.seq else parts.unsay(news, known.parts))

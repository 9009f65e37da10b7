"""What an answer was at an earlier or later entry than the one that is known."""

from __future__ import annotations

import pytest

from chat import parts
from chat.frames import encode_parts
from chat.generation.content import Content, content_at
from chat.streams.base import Entry

FLUSHES = [
    [parts.start("m", {}), parts.start_step(), parts.block_start("text", "t1"), parts.text_delta("t1", "One")],
    *([parts.text_delta("t1", f", {seq}")] for seq in range(2, 8)),
]
ENTRIES = [Entry("g", seq, encode_parts(flush)) for seq, flush in enumerate(FLUSHES, start=1)]


def said(text: str) -> list[parts.Part]:
    return [{"type": "text", "text": text}]


@pytest.mark.parametrize(
    ("seq", "text"),
    [(7, "One, 2, 3, 4, 5, 6, 7"), (4, "One, 2, 3, 4"), (3, "One, 2, 3"), (1, "One"), (0, "One")],
    ids=["later", "as known", "earlier", "what it began with", "before anything was seen"],
)
def test_from_what_is_known_to_another_entry(seq, text):
    known = Content(4, said("One, 2, 3, 4"))
    assert content_at(seq, known, ENTRIES) == Content(max(seq, 1), said(text))


def test_the_first_entries_are_not_needed_when_they_are_on_neither_side():
    known = Content(6, said("One, 2, 3, 4, 5, 6"))
    assert content_at(7, known, ENTRIES[5:]) == Content(7, said("One, 2, 3, 4, 5, 6, 7"))
    assert content_at(4, known, ENTRIES[4:]) == Content(4, said("One, 2, 3, 4"))


@pytest.mark.parametrize(
    ("seq", "held"),
    [(7, ENTRIES[5:]), (9, ENTRIES), (2, ENTRIES[3:]), (7, [])],
    ids=["too late", "not that far", "gone", "nothing held"],
)
def test_nothing_is_guessed_where_entries_are_missing(seq, held):
    assert content_at(seq, Content(4, said("One, 2, 3, 4")), held) is None

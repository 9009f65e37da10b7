from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ai_studio.difference import MAX_LINES, Row, side_by_side


def said(row: Row, side: str) -> str | None:
    line = getattr(row, side)
    return None if line is None else "".join(piece.text for piece in line)


def changed(row: Row, side: str) -> list[str]:
    return [piece.text for piece in getattr(row, side) or () if piece.is_changed]


def test_equal_texts_have_no_difference():
    rows = side_by_side("One\nTwo", "One\nTwo")
    assert [row.is_changed for row in rows] == [False, False]


def test_a_changed_word_is_marked_within_its_line():
    (row,) = side_by_side("Be honest and brief.", "Be honest and long.")
    assert (changed(row, "before"), changed(row, "after")) == (["brief"], ["long"])


def test_lines_that_have_nothing_in_common_are_changed_as_a_whole():
    (row,) = side_by_side("Be honest.", "Write in verse, please")
    assert (changed(row, "before"), changed(row, "after")) == (["Be honest."], ["Write in verse, please"])


def test_a_new_line_stands_beside_nothing():
    rows = side_by_side("One\nThree", "One\nTwo\nThree")
    assert [(said(row, "before"), said(row, "after")) for row in rows] == [("One", "One"), (None, "Two"), ("Three", "Three")]  # fmt: skip


def test_very_long_texts_are_compared_line_by_line_and_not_searched():
    text = "\n".join(map(str, range(MAX_LINES)))
    rows = side_by_side(text, f"new\n{text}")
    assert len(rows) == MAX_LINES + 1
    assert rows[0].is_changed


lines = st.lists(st.text(alphabet="ab c.", min_size=1, max_size=8), max_size=8).map("\n".join)


@given(lines, lines)
def test_nothing_of_either_text_is_lost(before: str, after: str):
    rows = side_by_side(before, after)
    assert [text for row in rows if (text := said(row, "before")) is not None] == before.splitlines()
    assert [text for row in rows if (text := said(row, "after")) is not None] == after.splitlines()

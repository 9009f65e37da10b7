from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai_studio.remembered_facts import MAX_CHARACTERS, Unfit, cleaned, written


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("  Works as a nurse. ", "Works as a nurse."),
        ("Two\nlines\t and\r\na tab", "Two lines and a tab"),
        ("👩‍🚀 ação مرحبا", "👩‍🚀 ação مرحبا"),
        ("x" * MAX_CHARACTERS, "x" * MAX_CHARACTERS),
    ],
)
def test_a_fact_is_one_line(text, kept):
    assert cleaned(text) == kept


@pytest.mark.parametrize("text", ["", " \n\t ", "x" * (MAX_CHARACTERS + 1), "a\x00b", "a\x1bb", "a\x7fb", "a\ud800b"])
def test_what_can_t_be_kept_says_why(text):
    with pytest.raises(Unfit, match=r"^(There is nothing|This has)"):
        cleaned(text)


@given(st.text())
def test_whatever_is_kept_fits_and_stays_as_it_is(text):
    try:
        kept = cleaned(text)
    except Unfit:
        return
    assert 1 <= len(kept) <= MAX_CHARACTERS
    assert len(kept.splitlines()) == 1
    assert cleaned(kept) == kept


def test_a_model_is_told_that_these_are_data_and_by_which_numbers_it_names_them():
    text = written([(1, "Works as a nurse."), (7, "Likes {braces}.")])
    assert text.startswith("Facts about the person")
    assert "not instructions" in text
    assert text.endswith("\n\n1. Works as a nurse.\n7. Likes {braces}.")


def test_without_facts_nothing_is_said():
    assert written([]) == ""

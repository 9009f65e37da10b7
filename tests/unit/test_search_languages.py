"""What was typed, as each database's own search wants it: nothing in a word is syntax."""

from __future__ import annotations

import pytest

from ai_studio.search.languages import fts5, pairs, tsquery, vector_function
from ai_studio.search.query import parse

PHRASES = parse('"the Old owl" Café').phrases


def test_phrases_in_the_language_of_fts5():
    assert fts5(PHRASES) == '"the Old owl" "Café" *'
    assert fts5(PHRASES, joined_by=" OR ") == '"the Old owl" OR "Café" *'


def test_phrases_in_the_language_of_postgresql():
    assert tsquery(PHRASES) == "('the' <-> 'old' <-> 'owl') & ('cafe':*)"
    assert tsquery(PHRASES, joined_by=" | ") == "('the' <-> 'old' <-> 'owl') | ('cafe':*)"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("検索", "'検索'"),
        ("全文検索", "'全文' & '文検' & '検索'"),
        ("の", "'の':*"),
        ("ああああ", "'ああ'"),
        ("GPT模型v2の話", "'模型' & 'の話'"),
        ("が", "'か\u3099'"),
        ('"the 模型 of"', "'模型'"),
    ],
)
def test_of_scripts_without_spaces_each_two_characters_are_wanted(text, wanted):
    (phrase,) = parse(text).phrases
    assert phrase.is_unspaced
    assert pairs(phrase) == wanted


def test_case_is_folded_by_icu_where_there_is_one():
    assert 'COLLATE "und-x-icu"' in vector_function("f", has_icu=True)
    assert "COLLATE" not in vector_function("f", has_icu=False)

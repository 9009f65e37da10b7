"""What was typed, as each database's own search wants it: nothing in a word is syntax."""

from __future__ import annotations

from ai_studio.search.languages import fts5, tsquery, vector_function
from ai_studio.search.query import parse

PHRASES = parse('"the Old owl" Café').phrases


def test_phrases_in_the_language_of_fts5():
    assert fts5(PHRASES) == '"the Old owl" "Café" *'
    assert fts5(PHRASES, joined_by=" OR ") == '"the Old owl" OR "Café" *'


def test_phrases_in_the_language_of_postgresql():
    assert tsquery(PHRASES) == "('the' <-> 'old' <-> 'owl') & ('cafe':*)"
    assert tsquery(PHRASES, joined_by=" | ") == "('the' <-> 'old' <-> 'owl') | ('cafe':*)"


def test_case_is_folded_by_icu_where_there_is_one():
    assert 'COLLATE "und-x-icu"' in vector_function("f", has_icu=True)
    assert "COLLATE" not in vector_function("f", has_icu=False)

"""What a saved prompt asks for. The page's tests read the same examples."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ai_studio.placeholders import MAX_CHARACTERS, MOST, names, problems

EXAMPLES = json.loads((Path(__file__).parents[1] / "js" / "placeholders.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("text", "asked"), EXAMPLES)
def test_a_word_in_braces_is_asked_for_and_nothing_else(text: str, asked: list[str]):
    assert names(text) == asked


def test_text_of_any_length_is_read_in_no_time():
    assert names("{" * MAX_CHARACTERS + "a" * MAX_CHARACTERS) == []


def test_what_may_not_be_stored_is_said():
    assert problems("Sum up {topic}.") == []
    assert problems(" \n") == ["Write the text first."]
    assert "at most 20,000 fit" in problems("x" * (MAX_CHARACTERS + 1))[0]
    assert problems(" ".join(f"{{a{number}}}" for number in range(MOST))) == []
    assert "asks for 21 values" in problems(" ".join(f"{{a{number}}}" for number in range(MOST + 1)))[0]

"""What is typed becomes words, and what is found is marked: both without a database."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ai_studio.search.query import MAX_PHRASES, Phrase, Query, parse, words_of
from chat.search.snippets import LONGEST, Segment, snippet


def shown(segments: list[Segment]) -> str:
    return "".join(f"[{one.text}]" if one.is_hit else one.text for one in segments)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Über  naïve\tCafés", ("uber", "naive", "cafes")),
        ("config.settings_base/x", ("config", "settings", "base", "x")),
        ("İstanbul ŁÓDŹ Ærø", ("istanbul", "łodz", "ærø")),
        ("cafe\u0301", ("cafe",)),
        ("Москва ΑΘΉΝΑ", ("москва", "αθηνα")),
        ("हिन्दी", ("हिन्दी",)),
        ("«…» !? 🙂", ()),
    ],
)
def test_words_are_compared_without_case_and_diacritics(text, words):
    assert Phrase(words_of(text), is_prefix=False).folded == words


def test_every_word_may_go_on_and_quoted_words_follow_each_other():
    assert parse('mona "type class" mona') == Query(
        (Phrase(("mona",), is_prefix=True), Phrase(("type", "class"), is_prefix=False))
    )
    assert parse('"never closed') == Query((Phrase(("never", "closed"), is_prefix=False),))
    assert parse(' "" * ( NOT: ') == Query((Phrase(("NOT",), is_prefix=True),))


def test_a_query_has_an_end():
    assert len(parse(" ".join(f"w{number}" for number in range(200))).phrases) == MAX_PHRASES


@pytest.mark.parametrize(
    ("text", "query", "expected"),
    [
        ("A monad is a Mönad.", "monad", "A [monad] is a [Mönad]."),
        ("Monads compose", "mona", "[Mona]ds compose"),
        ("nomonad monad", "monad", "nomonad [monad]"),
        ("a type class, a type", '"type class"', "a [type class], a type"),
        ("typed class", '"type class"', "typed class"),
        ("first\n\n  second", "second", "first [second]"),
        ("机器学习很有趣", "学习", "机器[学习]很有趣"),
        ("<b>bold</b>", "bold", "<b>[bold]</b>"),
        ("🙂 smile", "smile", "🙂 [smile]"),
        ("monads", "mon monads", "[monads]"),
        ("nothing", "else", "nothing"),
    ],
)
def test_what_was_found_is_marked(text, query, expected):
    assert shown(snippet(text, parse(query))) == expected


def test_a_long_text_is_shown_around_the_first_hit():
    text = "before " * 500 + "Needle " + "after " * 500
    found = shown(snippet(text, parse("needle")))
    assert found.startswith("…before")
    assert "[Needle]" in found
    assert found.endswith("…")
    assert len(found) < LONGEST + 10


def test_hits_after_the_end_are_not_shown():
    found = snippet("needle " + "after " * 100 + "needle", parse("needle"))
    assert [one.as_json() for one in found if one.is_hit] == [{"text": "needle", "hit": True}]


@settings(max_examples=50)
@given(text=st.text(max_size=300), typed=st.text(max_size=40))
def test_marks_never_change_the_text(text, typed):
    segments = snippet(text, parse(typed))
    said = "".join(one.text for one in segments).strip("…")
    assert " ".join(said.split()) in " ".join(text.split())


@given(st.text(max_size=300))
def test_parsing_knows_no_error(typed):
    for phrase in parse(typed).phrases:
        assert all(word and "'" not in word and '"' not in word and "\\" not in word for word in phrase.words)

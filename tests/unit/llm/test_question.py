"""A question of a model to the person: what is one, and what it says in words."""

from __future__ import annotations

import pytest

from ai_studio.llm.question import (
    DESCRIPTION_CHARACTERS,
    LABEL_CHARACTERS,
    MOST_OPTIONS,
    QUESTION_CHARACTERS,
    NotAQuestion,
    Option,
    Question,
    question_in,
    read_question,
)

ASKED = {"question": "Which colour?", "options": [{"label": "Red"}, {"label": "Blue", "description": "as the sea"}]}


def test_it_has_options_and_says_in_words_what_they_are():
    question = read_question(ASKED)
    assert question == Question("Which colour?", (Option("Red"), Option("Blue", "as the sea")))
    assert question.words == "Which colour?\n\n- Red\n- Blue: as the sea"
    assert read_question({**ASKED, "several": True}).is_several
    assert not read_question({**ASKED, "several": None}).is_several


def test_each_of_its_texts_is_one_line():
    asked = {
        "question": " Which\n\n# colour?\x00 ",
        "options": ["Red\r\n- Green", {"label": "\tBlue", "description": None}],
    }
    assert read_question(asked).words == "Which # colour?\n\n- Red - Green\n- Blue"


def test_it_may_be_as_long_as_this():
    labels = [f"{number}".ljust(LABEL_CHARACTERS, "x") for number in range(MOST_OPTIONS)]
    options = [{"label": label, "description": "x" * DESCRIPTION_CHARACTERS} for label in labels]
    question = read_question({"question": "x" * QUESTION_CHARACTERS, "options": options})
    assert [option.label for option in question.options] == labels


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"question": None}, "Say in `question`"),
        ({"question": " \n"}, "Say in `question`"),
        ({"question": 7}, "`question` must be a text"),
        ({"question": "x" * (QUESTION_CHARACTERS + 1)}, "`question` has 501 characters, and 500 are the most."),
        ({"options": None}, "`options` must be a list of 2 to 6"),
        ({"options": ["one"]}, "`options` must be a list of 2 to 6"),
        ({"options": list("abcdefg")}, "`options` must be a list of 2 to 6"),
        ({"options": ["one", 2]}, "must be an object with a `label`"),
        ({"options": ["one", {"description": "two"}]}, "must have a `label`"),
        ({"options": ["one", " "]}, "must have a `label`"),
        ({"options": ["one", "x" * (LABEL_CHARACTERS + 1)]}, "`label` has 81 characters"),
        ({"options": ["one", {"label": "two", "description": "x" * 201}]}, "`description` has 201 characters"),
        ({"options": ["one", {"label": "two", "description": []}]}, "`description` must be a text"),
        ({"options": ["One", " one "]}, "the same label"),
        ({"several": "yes"}, "`several` must be true or false"),
    ],
)
def test_what_is_none_says_what_to_change(changed, told):
    with pytest.raises(NotAQuestion, match=told):
        read_question({**ASKED, **changed})


def test_only_a_call_of_the_tool_asks():
    assert question_in("ask_person", ASKED) == read_question(ASKED)
    assert question_in("search", ASKED) is None
    assert question_in("ask_person", {"question": "Why?"}) is None
    assert question_in("ask_person", "Why?") is None

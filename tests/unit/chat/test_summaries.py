"""Long chats: what is summarised of them and when, how a model is shown it, and when it gets the summary in place of the text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai_studio.llm import Image, Message, Role, ToolCall
from ai_studio.llm.tokens import count_tokens
from chat.generation.covering import KEPT_TURNS, MOST_TURNS, clipped, due, is_seam, shown
from chat.prompt import IMAGE_TOKENS, File, Summarised, Turn, build_messages, cost, images_in, summarised_until

U, A = Role.USER, Role.ASSISTANT
PLAIN = {"sees": False, "calls": False}
BOATS = Summarised("summary-1", "They spoke of boats.")
MORE = Summarised("summary-2", "They spoke of boats and birds.")


def turn(number: int, *, tokens: int = 100, summary: Summarised | None = None, **fields) -> Turn:
    """Questions are even, answers odd; its text begins with its number."""
    text = f"{number} ".ljust(3 * tokens, "x")
    return Turn((U, A)[number % 2], text, id=f"m{number}", summary=summary, **fields)


def chat(count: int, summaries: dict[int, Summarised] | None = None) -> list[Turn]:
    return [turn(number, summary=(summaries or {}).get(number)) for number in range(count)]


def numbers(turns) -> list[int]:
    return [int(one.id[1:]) for one in turns]


# --- What is summarised, and when -------------------------------------------------------------------------------------


def test_nothing_is_summarised_while_there_is_room():
    assert due(chat(8), budget=1143, **PLAIN) is None  # 800 are 70 % of it


def test_all_but_the_newest_part_is_summarised_once_the_history_fills_its_budget():
    covering = due(chat(8), budget=1142, **PLAIN)
    assert covering is not None
    assert covering.before is None
    assert numbers(covering.turns) == [0, 1, 2, 3]  # 342 for what stays: three turns, and the question of the first


def test_the_next_summary_goes_on_from_the_one_before():
    turns = chat(12, {3: BOATS})
    assert due(turns, budget=1300, **PLAIN) is None
    covering = due(turns, budget=1000, **PLAIN)
    assert covering is not None
    assert covering.before == BOATS
    assert numbers(covering.turns) == [4, 5, 6, 7]


def test_the_last_question_and_its_answer_always_stay():
    long = [*chat(2), turn(2, tokens=5000), turn(3, tokens=5000)]
    covering = due(long, budget=1000, **PLAIN)
    assert covering is not None
    assert numbers(covering.turns) == [0, 1]
    assert due(long[2:], budget=1000, **PLAIN) is None


def test_a_summary_ends_with_an_answer_and_not_between_two_questions():
    turns = [turn(0), turn(1), turn(2), turn(4), turn(5), turn(6), turn(7)]
    for budget in range(100, 1000, 50):
        covering = due(turns, budget=budget, **PLAIN)
        assert covering is not None
        assert numbers(covering.turns) in ([0, 1], [0, 1, 2, 4, 5])


def test_short_messages_are_summarised_before_there_are_more_than_are_read():
    assert due(chat(MOST_TURNS), budget=10**6, **PLAIN) is None
    covering = due(chat(MOST_TURNS + 2), budget=10**6, **PLAIN)
    assert covering is not None
    assert len(covering.turns) == MOST_TURNS + 2 - KEPT_TURNS


def test_failed_answers_and_pictures_count_as_the_model_gets_them():
    failed = [turn(0), turn(1, tokens=5000, is_failed=True), turn(2), turn(3)]
    assert due(failed, budget=1000, **PLAIN) is None
    picture = File("photo-1", "cat.png", "image/png", is_image=True, key="k")
    seen = [turn(0, files=(picture,)), *chat(8)[1:]]
    assert due(seen, budget=2000, **PLAIN) is None
    assert due(seen, budget=2000, sees=True, calls=False) is not None


@given(
    sizes=st.lists(st.tuples(st.integers(1, 400), st.booleans()), min_size=1, max_size=30),
    budget=st.integers(0, 4000),
)
def test_what_is_due_can_always_be_covered(sizes, budget):
    turns = [turn(n, tokens=size, is_failed=failed and n % 2 == 1) for n, (size, failed) in enumerate(sizes)]
    covering = due(turns, budget=budget, **PLAIN)
    if covering is not None:
        end = len(covering.turns)
        assert 0 < end < len(turns)
        assert is_seam(turns, end)
        assert turns[end].role is U


# --- How a model is shown it ------------------------------------------------------------------------------------------


def test_a_model_is_shown_the_turns_after_what_is_known():
    text, taken = shown("They met.", [turn(0, tokens=2), turn(1, tokens=2)], room=1000)
    assert (text, taken) == ("Summary of what came before:\nThey met.\n\nUser: 0 xxxx\n\nAssistant: 1 xxxx", 2)


def test_it_is_shown_no_more_than_its_window_takes_and_ends_between_two_turns():
    text, taken = shown("", chat(10), room=550)
    assert taken == 4
    assert count_tokens(text) <= 550
    _, taken = shown("", chat(10), room=10)
    assert taken == 1


def test_of_a_long_turn_it_is_shown_the_beginning_and_the_end():
    long = Turn(U, "begin " + "x" * 9000 + " end")
    text, _ = shown("", [long], room=400)
    assert text.startswith("User: begin xxx")
    assert text.endswith("xxx end")
    assert "[…]" in text
    assert count_tokens(text) < 150


def test_failed_answers_are_not_shown_and_files_are():
    report = File("f-1", "report.pdf", "application/pdf", is_image=False, text="Revenue grew.")
    text, taken = shown("", [Turn(U, "Is it good?", files=(report,)), Turn(A, "half", is_failed=True)], room=1000)
    assert taken == 2
    assert "Revenue grew." in text
    assert "half" not in text


def test_what_tools_gave_is_shown_before_the_answer_that_was_made_of_it():
    call = ToolCall("call_1", "search", '{"q":"boats"}', "3 boats")
    text, _ = shown("", [Turn(U, "Any?"), Turn(A, "Three.", rounds=(Message(A, "", calls=(call,)),))], room=1000)
    assert text == 'User: Any?\n\nAssistant: [search({"q":"boats"}) gave: 3 boats]\nThree.'


@pytest.mark.parametrize("text", ["", "short", "ünïcödé " * 50, "日本語" * 100])
def test_a_text_is_clipped_between_its_letters(text):
    for tokens in (0, 1, 7, 1000):
        found = clipped(text, tokens)
        assert found == text or len(found.encode()) <= 3 * tokens + len("\n[…]\n".encode())
        assert "\ufffd" not in found


# --- What a model gets ------------------------------------------------------------------------------------------------


def test_full_text_beats_a_summary():
    turns = [*chat(4, {1: BOATS}), turn(4)]
    assert build_messages(turns, budget=500) == tuple(Message(one.role, one.text) for one in turns)


def test_it_is_known_up_to_where_a_summary_was_sent():
    turns = [*chat(8, {1: BOATS, 5: MORE}), turn(8)]
    for budget, until in ((900, None), (899, "m1"), (500, "m5"), (99, None)):
        assert summarised_until(turns, budget=budget, **PLAIN) == until


def test_where_not_all_fits_the_summary_stands_before_what_follows_it():
    turns = [*chat(4, {1: BOATS}), turn(4)]
    first, *rest = build_messages(turns, budget=499)
    assert first == Message(U, f"{BOATS.block}\n\n{turns[2].text}")
    assert rest == [Message(one.role, one.text) for one in turns[3:]]
    assert BOATS.block.endswith('They spoke of boats.\n</summary id="summary-1">')


def test_the_summary_of_less_is_taken_while_it_is_enough():
    """So the beginning of what is sent, which providers keep, stays the same for as long as it can."""
    turns = [*chat(8, {1: BOATS, 5: MORE}), turn(8)]
    room = count_tokens(BOATS.block)
    assert BOATS.block in build_messages(turns, budget=700 + room)[0].text
    found = build_messages(turns, budget=699 + room)
    assert MORE.block in found[0].text
    assert [one.text for one in found[1:]] == [one.text for one in turns[7:]]


def test_where_even_that_is_too_much_the_newest_turns_stay_with_it():
    turns = [*chat(8, {1: BOATS}), turn(8)]
    found = build_messages(turns, budget=count_tokens(BOATS.block) + 320)
    assert [one.text for one in found] == [f"{BOATS.block}\n\n{turns[6].text}", turns[7].text, turns[8].text]


def test_a_question_that_leaves_no_room_for_it_is_asked_without():
    turns = [*chat(4, {1: BOATS}), turn(4)]
    (only,) = build_messages(turns, budget=count_tokens(BOATS.block) + 99)
    assert only.text == turns[4].text


def test_a_branch_that_was_not_read_from_its_beginning_needs_the_summary():
    turns = [turn(1, summary=BOATS), turn(2), turn(3), turn(4)]
    found = build_messages(turns, budget=10**6)
    assert [one.text for one in found] == [f"{BOATS.block}\n\n{turns[1].text}", turns[2].text, turns[3].text]


def test_it_stands_before_a_picture_that_came_without_a_word():
    image = Image("data:image/webp;base64,UklGRg==")
    picture = File("photo-1", "cat.png", "image/png", is_image=True, key="k")
    turns = [turn(0, tokens=5000), turn(1, summary=BOATS), Turn(U, "", files=(picture,)), turn(3), turn(4)]
    budget = IMAGE_TOKENS + 400
    assert images_in(turns, budget=budget) == (picture,)
    first, *_ = build_messages(turns, budget=budget, images={"photo-1": image})
    assert first == Message(U, BOATS.block, (image,))


@given(
    sizes=st.lists(st.integers(1, 300), min_size=1, max_size=20),
    marks=st.sets(st.integers(0, 19)),
    budget=st.integers(0, 4000),
)
def test_what_is_sent_fits_and_ends_with_the_question(sizes, marks, budget):
    turns = [turn(n, tokens=size, summary=BOATS if n in marks and n % 2 else None) for n, size in enumerate(sizes)]
    turns.append(Turn(U, "And now?"))
    found = build_messages(turns, budget=budget)
    assert found[0].role is U
    assert found[-1].text.endswith("And now?")
    total = sum(cost(Turn(one.role, one.text), **PLAIN) for one in found)
    assert total <= max(budget, count_tokens("And now?")) + len(found)  # a blank line between two turns of one role

"""Calls, their results and the rounds between: as parts, as a message, and as what a model sees."""

from __future__ import annotations

import orjson
import pytest

from ai_studio.llm import (
    Finished,
    FinishReason,
    Message,
    ReasoningDelta,
    Role,
    TextDelta,
    Thought,
    ToolCall,
    ToolCallDelta,
    Usage,
)
from ai_studio.llm.chat_format import messages_of
from ai_studio.llm.types import CompletionRequest, ModelTarget
from chat import frames, parts
from chat.generation.accumulator import Accumulator
from chat.prompt import CONTINUE, Turn, build_messages, going_on, numbered, rounds_of, to_continue

CALLED = Finished(FinishReason.TOOL_CALLS, Usage(1, 2))


def tool(call_id="c1", **fields):
    return {"type": "dynamic-tool", "toolCallId": call_id, "toolName": "search", **fields}


DONE = tool(state="output-available", input={"q": 1}, output={"found": [1, None]})
FAILED = tool("c2", state="output-error", input={"q": 2}, errorText="No.")
BROKEN = tool("c3", state="output-error", rawInput='{"q', errorText="The model wrote arguments that are not JSON.")
WAITING = tool("c4", state="input-available", input={})
TEXT = {"type": "text", "text": "Look:"}


@pytest.mark.parametrize("stored", [[DONE], [FAILED], [TEXT, DONE, FAILED, BROKEN, TEXT]])
def test_unfold_says_results_again(stored):
    assert parts.fold(parts.unfold(stored)) == stored
    assert orjson.loads(frames.snapshot("s", "g", 1, {"parts": stored}))["message"]["parts"] == stored


QUESTION = tool(
    "c5", toolName="ask_person", state="output-available", output="It is shown.",
    input={"question": "Which?", "options": ["Red", "Blue"]},
)  # fmt: skip


def test_what_is_asked_of_the_person_is_read_as_words():
    assert parts.plain_text([TEXT, QUESTION]) == "Look:\n\nWhich?\n\n- Red\n- Blue"
    refused = tool(toolName="ask_person", state="output-error", input={}, errorText="Say what.")
    assert (
        parts.plain_text([refused, DONE, WAITING, tool(toolName="ask_person", state="input-available", input={})]) == ""
    )


def test_what_was_asked_is_said_after_its_call_so_that_the_reply_follows_no_result():
    turns = [
        Turn(Role.USER, "Hi"),
        Turn(Role.ASSISTANT, "…", rounds=rounds_of([TEXT, QUESTION])),
        Turn(Role.USER, "Red"),
    ]
    _, call, asked, reply = build_messages(turns, budget=1000, calls=True)
    assert (call.text, [each.result for each in call.calls]) == ("Look:", ["It is shown."])
    assert asked == Message(Role.ASSISTANT, "Which?\n\n- Red\n- Blue")
    assert reply == Message(Role.USER, "Red")
    first, second = rounds_of([DONE, QUESTION, TEXT, DONE])
    assert ([call.name for call in first.calls], len(second.calls)) == (["search", "ask_person"], 1)
    assert second.text == "Which?\n\n- Red\n- Blue\n\nLook:"


def test_of_a_signature_that_was_stored_in_an_id_no_model_hears():
    """As it was done before: hundreds of characters, where others take 40."""
    (said,) = rounds_of([DONE | {"toolCallId": "c1__thought__Zm9v/w=="}])
    assert [call.id for call in said.calls] == ["c1"]


def test_two_rounds_add_up_to_one_message_for_everybody_who_listens():
    accumulator = Accumulator()
    said = accumulator.apply([TextDelta("Look:"), ToolCallDelta(0, "c1", "search", "{}"), CALLED])
    assert [call["toolCallId"] for call in accumulator.calls()] == ["c1"]
    assert accumulator.has_called
    result = parts.tool_output("c1", "found")
    accumulator.answer_call(result)
    said += [result, parts.finish_step(), parts.start_step()]
    assert accumulator.calls() == []
    assert parts.fold(said) == accumulator.round() == accumulator.stored()
    accumulator.begin_round()
    assert (accumulator.finished, accumulator.has_called, accumulator.round()) == (None, False, [])
    late = accumulator.replay()
    news = accumulator.apply([ToolCallDelta(0, "c1", "search", '{"q'), CALLED])
    news += accumulator.apply([TextDelta("So.")])
    assert parts.fold(said + news) == parts.fold(late + news) == accumulator.stored()
    assert [part["toolCallId"] for part in accumulator.round() if "toolCallId" in part] == ["call3"], "never twice"
    assert accumulator.calls() == [], "one that can't be run is not waited for"
    assert accumulator.has_called, "and is told to the model all the same"


def test_thoughts_are_of_their_round_alone_and_of_nothing_that_is_stored():
    accumulator = Accumulator()
    thought = Thought("Hm", "signed")
    call = ToolCallDelta(0, "c1", "search", "{}", "signed too")
    news = accumulator.apply([ReasoningDelta("Hm"), thought, call, CALLED])
    accumulator.answer_call(parts.tool_output("c1", "found"))
    assert "signed" not in str([news, accumulator.stored(), accumulator.replay()])
    said = rounds_of(accumulator.round())
    (message,) = accumulator.signed(said)
    assert message.thoughts == (thought,)
    assert [call.signature for call in message.calls] == ["signed too"]
    accumulator.begin_round()
    assert accumulator.signed(said) == said
    assert accumulator.signed(()) == ()


def test_an_answer_that_is_continued_keeps_what_came_of_its_calls():
    accumulator = Accumulator([TEXT, DONE, BROKEN, WAITING])
    assert accumulator.stored() == parts.fold(accumulator.replay()) == [TEXT, DONE, BROKEN]
    news = accumulator.replay() + accumulator.apply([TextDelta("So.")])
    assert parts.fold(news) == accumulator.stored() == [TEXT, DONE, BROKEN, {"type": "text", "text": "So."}]


def test_a_call_travels_with_its_result_or_not_at_all():
    assert rounds_of([TEXT, DONE, FAILED, WAITING, {"type": "text", "text": "So."}]) == (
        Message(Role.ASSISTANT, "Look:", calls=(
            ToolCall("c1", "search", '{"q":1}', '{"found":[1,null]}'), ToolCall("c2", "search", '{"q":2}', "No."),
        )),
        Message(Role.ASSISTANT, "So."),
    )  # fmt: skip
    assert rounds_of([WAITING]) == ()


@pytest.mark.parametrize("stored", [BROKEN, tool(state="output-error", input=[1], errorText="Must be an object.")])
def test_arguments_that_no_provider_takes_go_back_in_the_result(stored):
    ((call,),) = [message.calls for message in rounds_of([stored])]
    assert call.arguments == "{}"
    assert call.result.startswith(stored["errorText"])
    assert str(stored.get("rawInput", [1])) in call.result


TURNS = (
    Turn(Role.USER, "Hi"),
    Turn(Role.ASSISTANT, "So.", rounds=rounds_of([DONE, {"type": "text", "text": "So."}])),
    Turn(Role.USER, "And?"),
)


def test_calls_are_history_only_where_there_are_tools():
    plain = build_messages(TURNS, budget=1000)
    assert [(message.role, message.text, message.calls) for message in plain] == [
        (Role.USER, "Hi", ()), (Role.ASSISTANT, "So.", ()), (Role.USER, "And?", ()),
    ]  # fmt: skip
    told = numbered(build_messages(TURNS, budget=1000, calls=True))
    assert [[call.id for call in message.calls] for message in told] == [[], ["call00001"], [], []]
    sent = messages_of(CompletionRequest(ModelTarget("openai", "gpt"), "", told))
    assert [message["role"] for message in sent] == ["user", "assistant", "tool", "assistant", "user"]
    assert sent[1]["tool_calls"][0]["id"] == sent[2]["tool_call_id"] == "call00001"
    assert sent[2]["content"] == '{"found":[1,null]}'


def test_a_long_result_counts_against_the_budget():
    long = tool(state="output-available", input={}, output="word " * 2000)
    turns = (Turn(Role.USER, "Hi"), Turn(Role.ASSISTANT, "So.", rounds=rounds_of([long])), Turn(Role.USER, "And?"))
    assert [message.text for message in build_messages(turns, budget=500, calls=True)] == ["And?"]
    assert len(build_messages(turns, budget=500)) == 3


ASKED = (Message(Role.USER, "Hi"),)


def test_after_a_result_a_model_goes_on_by_itself():
    continued = to_continue(ASKED, [TEXT, DONE], (), calls=True)
    assert [message.text for message in continued] == ["Hi", "Look:"]
    assert continued[-1].calls
    told = to_continue(ASKED, [DONE, TEXT], (), calls=True)
    assert [message.text for message in told] == ["Hi", "", "Look:", CONTINUE]
    assert to_continue(ASKED, [DONE], ()) == ASKED, "without tools there is nothing to go on from"


def test_a_prefix_becomes_one_with_the_first_round_after_it():
    prefixed = to_continue(ASKED, [TEXT], {"prefill"}, calls=True)
    more = going_on(prefixed, [Message(Role.ASSISTANT, " it", calls=(ToolCall("c", "search", "{}", "x"),))])
    assert [(message.role, message.text) for message in more] == [(Role.USER, "Hi"), (Role.ASSISTANT, "Look: it")]
    assert more[-1].calls
    assert going_on(prefixed, []) == prefixed

"""The emulator asks the person, by whichever tool of the client takes a question with options."""

from __future__ import annotations

import orjson

from ai_studio.emulator.completions import CompletionRequest, ToolSpec
from ai_studio.emulator.scripts import expected_text, script_for

CLOCK = ToolSpec("clock", {"type": "object", "properties": {"zone": {"type": "string"}}})
ASK = ToolSpec("ask", {"type": "object", "properties": {"question": {}, "options": {}, "several": {}}})


def asked(prompt: str, *tools: ToolSpec) -> dict:
    request = CompletionRequest(model="story", prompt=prompt, tools=tools)
    (call,) = script_for(request).answer(request).tool_calls
    assert call.name == "ask"
    return orjson.loads("".join(call.fragments))


def test_it_asks_with_as_many_options_as_are_wanted():
    one = asked("/emulate question", CLOCK, ASK)
    assert [option["label"] for option in one["options"]] == ["Clarity", "Length", "Tone"]
    assert "several" not in one
    several = asked("/emulate question several 7", ASK)
    assert (several["several"], len(several["options"]), several["options"][-1]) == (True, 7, {"label": "Option 7"})


def test_without_such_a_tool_it_asks_in_words_and_a_result_is_spoken_about():
    assert expected_text("story", "/emulate question 2").endswith("?\n\n- Clarity\n- Length")
    request = CompletionRequest(model="question-2", prompt="Hi", tools=(ASK,), tool_results=("That is no question.",))
    assert "".join(script_for(request).answer(request).text) == "The tool answered `That is no question.`."

"""LiteLLM understands what the emulator says, in every format, streamed and whole."""

from __future__ import annotations

import json

import pytest

from ai_studio.emulator.scripts import expected_reasoning, expected_text
from tests.emulator.asking import FORMATS, PROMPT, VERSIONS, hear, hear_stream

TOOL = {
    "type": "function",
    "function": {
        "name": "find_boat",
        "parameters": {
            "type": "object",
            "properties": {
                "name": {"type": "string"},
                "kind": {"type": "string", "enum": ["sail", "steam"]},
                "length": {"type": "integer"},
                "ports": {"type": "array", "items": {"type": "string"}},
                "has_crew": {"type": "boolean"},
            },
        },
    },
}
TEXTS = [
    "story", "showcase", "echo", "unicode", "empty", "title", "tokens-50", "length-7", "reasoning-story",
    "story-split-bytes",
]  # fmt: skip

ask = pytest.mark.parametrize("ask", [hear_stream, hear], ids=["streamed", "whole"])
every_format = pytest.mark.parametrize("wire", FORMATS)


@ask
@every_format
@pytest.mark.parametrize("behaviour", TEXTS)
async def test_the_text_is_the_one_that_was_announced(emulator, wire, ask, behaviour):
    model = f"{behaviour}-rate-0"

    heard = await ask(emulator, wire, model)

    assert heard.text == expected_text(model, PROMPT)
    assert heard.reasoning == expected_reasoning(model, PROMPT)
    assert heard.finish_reason == ("length" if "length" in behaviour else "stop")


@every_format
async def test_each_token_is_a_delta_of_its_own(emulator, wire):
    heard = await hear_stream(emulator, wire, "tokens-120-rate-0")

    assert heard.deltas == 120
    assert heard.usage.completion_tokens == 120
    assert heard.usage.prompt_tokens == len(PROMPT.split())


@ask
@every_format
async def test_usage_counts_reasoning(emulator, wire, ask):
    heard = await ask(emulator, wire, "tokens-10-reasoning-30-rate-0")

    assert heard.usage.completion_tokens == 40
    assert heard.usage.total_tokens == 40 + len(PROMPT.split())


@ask
@every_format
async def test_tool_calls_have_arguments_that_fit_the_schema(emulator, wire, ask):
    heard = await ask(emulator, wire, "reasoning-5-tool-call-2-rate-0", tools=[TOOL])

    assert heard.finish_reason == "tool_calls"
    assert [name for name, _ in heard.tool_calls.values()] == ["find_boat", "find_boat"]
    arguments = json.loads(heard.tool_calls[0][1])
    assert arguments["kind"] in {"sail", "steam"}
    assert isinstance(arguments["length"], int)
    assert arguments["ports"]
    assert arguments["has_crew"] is True


@every_format
async def test_a_tools_result_is_spoken_about(emulator, wire):
    tool_call = {"id": "call_1", "type": "function", "function": {"name": "find_boat", "arguments": "{}"}}
    messages = [
        {"role": "user", "content": "Where is the boat?"},
        {"role": "assistant", "content": None, "tool_calls": [tool_call]},
        {"role": "tool", "tool_call_id": "call_1", "name": "find_boat", "content": "moored at pier seven"},
    ]

    heard = await hear_stream(emulator, wire, "tool-call-rate-0", messages=messages, tools=[TOOL])

    assert "moored at pier seven" in heard.text
    assert heard.finish_reason == "stop"
    assert not heard.tool_calls


@every_format
async def test_only_the_first_answer_introduces_the_emulator(emulator, wire):
    messages = [
        {"role": "system", "content": "Be kind."},
        {"role": "user", "content": "Hello"},
        {"role": "assistant", "content": "Hi"},
        {"role": "user", "content": PROMPT},
    ]

    first = await hear_stream(emulator, wire, "story-rate-0")
    second = await hear_stream(emulator, wire, "story-rate-0", messages=messages)

    assert "emulator" in first.text
    assert second.text == expected_text("story-rate-0", PROMPT, earlier_answers=1)
    assert "built-in" not in second.text


@every_format
async def test_a_system_message_is_no_part_of_the_prompt(emulator, wire):
    messages = [{"role": "system", "content": "Be kind."}, {"role": "user", "content": PROMPT}]

    heard = await hear_stream(emulator, wire, "echo-rate-0", messages=messages)

    assert heard.text == PROMPT


@ask
@every_format
async def test_max_tokens_cuts_the_answer(emulator, wire, ask):
    heard = await ask(emulator, wire, "story-rate-0", max_tokens=9)

    assert heard.text == expected_text("story-rate-0", PROMPT, max_tokens=9)
    assert heard.usage.completion_tokens == 9
    assert heard.finish_reason == "length"


@every_format
@pytest.mark.parametrize("behaviour", ["refusal", "content-filter"])
async def test_what_is_filtered_says_so(emulator, wire, behaviour):
    heard = await hear_stream(emulator, wire, f"{behaviour}-rate-0")

    # OpenAI's refusals end with "stop" and have a field of their own, which LiteLLM leaves out of the text.
    is_own_field = (wire, behaviour) == ("openai", "refusal")
    assert heard.finish_reason == ("stop" if is_own_field else "content_filter")
    assert heard.text == ("" if is_own_field else expected_text(f"{behaviour}-rate-0", PROMPT))


@every_format
async def test_a_title_is_short_and_made_of_the_prompts_words(emulator, wire):
    messages = [
        {"role": "system", "content": "Write a title for the conversation that the user shows you."},
        {"role": "user", "content": "User: How do wooden boats stay dry?\n\nAssistant: With tar.\n/emulate error 429"},
    ]

    heard = await hear(emulator, wire, "story-rate-0", messages=messages)

    assert heard.text == "Wooden boats stay dry"


@pytest.mark.parametrize("version", ["", "/v1", "/v1beta"])
@every_format
async def test_paths_are_served_with_and_without_a_version(emulator, wire, version, monkeypatch):
    monkeypatch.setitem(VERSIONS, wire, "" if wire == "anthropic" else version)

    assert (await hear_stream(emulator, wire, "echo-rate-0")).text == PROMPT

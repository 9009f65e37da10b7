from __future__ import annotations

import pytest

from ai_studio.llm import CompletionRequest, Image, Message, ModelTarget, Role, Thought, Tool, ToolCall, Usage
from ai_studio.llm.chat_format import messages_of, parameters_of, tools_of

ASKED = Message(Role.USER, "Hi")
CALL = ToolCall("c1", "search", "{}", "found")
CALLED = Message(Role.ASSISTANT, "", calls=(CALL,))
THOUGHT = Message(Role.ASSISTANT, "", calls=(CALL,), thoughts=(Thought("Hm", "signed"),))
TOOL = Tool("search", "Searches.", {"type": "object", "properties": {}})
DECLARED = {
    "type": "function",
    "function": {
        "name": "search",
        "description": "Searches.",
        "parameters": {"type": "object", "properties": {}},
    },
}


def request(*messages: Message, provider: str = "openai", **fields) -> CompletionRequest:
    return CompletionRequest(ModelTarget(provider, "model"), fields.pop("instructions", ""), messages, **fields)


def test_instructions_come_first_and_results_after_their_calls():
    assert messages_of(request(ASKED, CALLED, instructions="Be brief.")) == [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "Hi"},
        {
            "role": "assistant",
            "content": None,
            "tool_calls": [{"id": "c1", "type": "function", "function": {"name": "search", "arguments": "{}"}}],
        },
        {"role": "tool", "tool_call_id": "c1", "name": "search", "content": "found"},
    ]


@pytest.mark.parametrize("text", ["", "What is it?"])
def test_pictures_come_before_what_is_asked_about_them(text):
    (sent,) = messages_of(request(Message(Role.USER, text, images=(Image("data:x"),))))
    picture = {"type": "image_url", "image_url": {"url": "data:x"}}
    assert sent["content"] == [picture, *([{"type": "text", "text": text}] if text else [])]


def test_tools_are_declared_where_there_are_any():
    assert tools_of(request(ASKED)) == tools_of(request(ASKED, is_last_round=True)) == {}
    assert tools_of(request(ASKED, tools=(TOOL,))) == {"tools": [DECLARED]}
    assert tools_of(request(ASKED, tools=(TOOL,), is_last_round=True)) == {"tools": [DECLARED], "tool_choice": "none"}


@pytest.mark.parametrize(
    ("provider", "messages", "kept"),
    [
        ("anthropic", (ASKED, CALLED), {"seed"}),
        ("anthropic", (ASKED, Message(Role.ASSISTANT, "It is")), {"seed"}),
        ("anthropic", (ASKED,), {"seed", "thinking"}),
        ("openai", (ASKED, CALLED), {"seed", "thinking"}),
        ("anthropic", (ASKED, CALLED, ASKED), {"seed", "thinking"}),
        ("anthropic", (ASKED, THOUGHT), {"seed", "thinking"}),
        ("anthropic", (ASKED, THOUGHT, CALLED), {"seed", "thinking"}),
        ("anthropic", (ASKED, CALLED, THOUGHT), {"seed"}),
    ],
    ids=[
        "goes on",
        "in its words",
        "first round",
        "another format",
        "an earlier answer",
        "with its thoughts",
        "thought first",
        "thought later",
    ],
)
def test_claude_goes_on_without_thinking_where_its_first_thoughts_are_gone(provider, messages, kept):
    parameters = {"seed": 5, "thinking": {"type": "enabled", "budget_tokens": 4000}}
    assert parameters_of(request(*messages, provider=provider, parameters=parameters)).keys() == kept


@pytest.mark.parametrize(
    ("thinking", "provider", "sampled"),
    [
        ({"reasoning_effort": "high"}, "anthropic", False),
        ({"thinking": {"type": "adaptive"}}, "anthropic", False),
        ({"reasoning_effort": "none"}, "anthropic", True),
        ({"thinking": {"type": "disabled"}}, "anthropic", True),
        ({}, "anthropic", True),
        ({"reasoning_effort": "high"}, "openai", True),
    ],
)
def test_claude_takes_no_temperature_while_it_thinks(thinking, provider, sampled):
    sampling = {"temperature": 0.3, "top_p": 0.5, "top_k": 4}
    sent = parameters_of(request(ASKED, provider=provider, parameters={**sampling, **thinking}))
    assert sent == {**thinking, **(sampling if sampled else {})}


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ({"reasoning_effort": "high"}, {"reasoning_effort": "high"}),
        ({"reasoning_effort": "high", "max_tokens": 5120}, {"reasoning_effort": "high", "max_tokens": 5120}),
        ({"reasoning_effort": "high", "max_tokens": 5119}, {"reasoning_effort": "medium", "max_tokens": 5119}),
        (
            {"reasoning_effort": "max", "max_completion_tokens": 2048},
            {"reasoning_effort": "low", "max_completion_tokens": 2048},
        ),
        ({"reasoning_effort": "minimal", "max_tokens": 2048}, {"reasoning_effort": "minimal", "max_tokens": 2048}),
        ({"reasoning_effort": "low", "max_tokens": 2047, "top_k": 4}, {"max_tokens": 2047, "top_k": 4}),
        ({"reasoning_effort": "none", "max_tokens": 10}, {"reasoning_effort": "none", "max_tokens": 10}),
        ({"thinking": {"type": "adaptive"}, "max_tokens": 10}, {"thinking": {"type": "adaptive"}, "max_tokens": 10}),
        (
            {"thinking": {"type": "enabled", "budget_tokens": 4000}, "max_tokens": 4000},
            {"thinking": {"type": "enabled", "budget_tokens": 2976}, "max_tokens": 4000},
        ),
        (
            {"thinking": {"type": "enabled", "budget_tokens": 4000}, "max_tokens": 2000, "top_p": 1},
            {"max_tokens": 2000, "top_p": 1},
        ),
    ],
)
def test_claude_thinks_no_more_than_leaves_room_to_answer(given, sent):
    assert parameters_of(request(ASKED, provider="anthropic", parameters=given)) == sent
    assert parameters_of(request(ASKED, provider="openai", parameters=given)) == given


def test_a_gateway_to_claude_is_asked_as_claude_is():
    asked = CompletionRequest(
        ModelTarget("bedrock", "anthropic.claude-x"), "", (ASKED, CALLED), {"reasoning_effort": 1}
    )
    assert parameters_of(asked) == {}


def test_thoughts_go_before_what_was_said_after_them():
    said = Message(
        Role.ASSISTANT, "Look:", calls=(CALL,), thoughts=(Thought("Hm", "signed"), Thought("", "", "hidden"))
    )
    assert "thinking_blocks" not in messages_of(request(ASKED, said))[1]
    assert messages_of(request(ASKED, said, provider="anthropic"))[1]["thinking_blocks"] == [
        {"type": "thinking", "thinking": "Hm", "signature": "signed"},
        {"type": "redacted_thinking", "data": "hidden"},
    ]


@pytest.mark.parametrize(
    ("provider", "call_id", "fields"),
    [
        ("gemini", "c1", {"thought_signature": "signed"}),
        ("litellm_proxy", "c1__thought__signed", None),
        ("vertex_ai_beta", "c1__thought__signed", None),
    ],
)
def test_a_call_goes_back_with_the_signature_that_gemini_gave_it_where_it_stood(provider, call_id, fields):
    said = Message(Role.ASSISTANT, "", calls=(ToolCall("c1", "search", "{}", "found", "signed"),))
    _, made, result = messages_of(request(ASKED, said, provider=provider))
    (call,) = made["tool_calls"]
    assert (call["id"], result["tool_call_id"]) == (call_id, call_id)
    assert call.get("provider_specific_fields") == fields


def test_usages_add_up_as_far_as_they_are_known():
    assert Usage(1, 2) + Usage(10, None, 3) == Usage(11, 2, 3, None)

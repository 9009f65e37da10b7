"""A question to the person, by the client's own tool for it: one that takes a question and options."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import orjson

from ai_studio.emulator.completions import Answer, CompletionRequest, FinishReason, ToolCall
from ai_studio.emulator.text import tokenize

if TYPE_CHECKING:
    from ai_studio.emulator.speech import Speech

TEXT = "What matters most to you here?"
OPTIONS = (
    ("Clarity", "Short sentences, plain words"),
    ("Length", "As brief as it can be"),
    ("Tone", ""),
    ("Examples", "Something to hold on to in every part"),
    ("Structure", ""),
    ("Depth", "All that is known of it, for whoever has time"),
)


def question(count: int, *, is_several: bool) -> Speech:
    """Asks with `count` options; once it has a result, says what that was. Without such a tool it asks in words."""

    def say(request: CompletionRequest, random: Random) -> Answer:
        if request.tool_results:
            return Answer(text=tokenize(f"The tool answered `{request.tool_results[-1][:200]}`."))
        options = [_option(index) for index in range(count)]
        tool = next((tool for tool in request.tools if _takes_question(tool.parameters.get("properties"))), None)
        if tool is None:
            return Answer(text=tokenize("\n".join([TEXT, "", *(f"- {label}" for label, _ in options)])))
        arguments: dict[str, object] = {"question": TEXT, "options": [_described(*option) for option in options]}
        if is_several:
            arguments["several"] = True
        words = tuple(f"{word} " for word in orjson.dumps(arguments).decode().split(" "))
        call = ToolCall(f"call_{random.getrandbits(96):024x}", tool.name, (*words[:-1], words[-1].rstrip()))
        opening = tokenize("Before I begin, one thing that only you can say.")
        return Answer(text=opening, tool_calls=(call,), finish_reason=FinishReason.TOOL_CALLS)

    return say


def _takes_question(properties: object) -> bool:
    return isinstance(properties, dict) and {"question", "options"} <= properties.keys()


def _option(index: int) -> tuple[str, str]:
    return OPTIONS[index] if index < len(OPTIONS) else (f"Option {index + 1}", "")


def _described(label: str, description: str) -> dict[str, str]:
    return {"label": label, "description": description} if description else {"label": label}

"""Puts a question with options to the person. Nothing waits for the reply: the answer ends with the question, and the reply is the next message."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ai_studio.llm import Tool
from ai_studio.llm.question import (
    ASK_PERSON,
    DESCRIPTION_CHARACTERS,
    FEWEST_OPTIONS,
    LABEL_CHARACTERS,
    MOST_OPTIONS,
    QUESTION_CHARACTERS,
    NotAQuestion,
    read_question,
)
from ai_studio.tools.base import BuiltinTool, ToolContext, ToolFailed

SHOWN = "The question is shown to the person. Their reply will be the next message."


async def run(_context: ToolContext, arguments: Mapping[str, Any]) -> str:
    try:
        read_question(arguments)
    except NotAQuestion as problem:
        raise ToolFailed(str(problem)) from problem
    return SHOWN


ASK = BuiltinTool(
    title="Ask the person",
    summary="Puts a question with two to six options to choose from. The answer ends there; what is chosen, or written, is the next message.",
    declared=Tool(
        ASK_PERSON,
        "Asks the person one question, with options to choose from. Use it when the answer depends on something that only they can "
        "decide and the likely replies are few; say first, as text, what they need to know to decide. The options are shown as "
        "buttons, and the person may also write something else. Your answer ends with the question: their reply is the next "
        "message. Do not repeat the question or the options as text.",
        {
            "type": "object",
            "properties": {
                "question": {"type": "string", "maxLength": QUESTION_CHARACTERS, "description": "One short question."},
                "options": {
                    "type": "array",
                    "minItems": FEWEST_OPTIONS,
                    "maxItems": MOST_OPTIONS,
                    "items": {
                        "type": "object",
                        "properties": {
                            "label": {
                                "type": "string",
                                "maxLength": LABEL_CHARACTERS,
                                "description": "A few words. They are sent as the person's reply, so each label must differ.",
                            },
                            "description": {
                                "type": "string",
                                "maxLength": DESCRIPTION_CHARACTERS,
                                "description": "What choosing it means, where the label does not say so.",
                            },
                        },
                        "required": ["label"],
                    },
                },
                "several": {"type": "boolean", "description": "Whether more than one option may be chosen."},
            },
            "required": ["question", "options"],
        },
    ),
    run=run,
    ends_answer=True,
)

"""Remembers and forgets facts about the person whose chat it is. Offered by itself where they have memory on, and given to no agent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from channels.db import database_sync_to_async

from ai_studio import personal_memories
from ai_studio.llm import Tool
from ai_studio.personal_memories import Author, MemoryNotFound, MemoryRefused, TooManyMemories
from ai_studio.remembered_facts import MAX_CHARACTERS, MOST
from ai_studio.tools.base import BuiltinTool, ToolContext, ToolFailed

TEXT, REPLACES, NUMBER = "text", "replaces", "number"
LARGEST = 2**31 - 1
"""Of numbers that both databases take."""

Result = dict[str, Any]


async def _remember(context: ToolContext, arguments: Mapping[str, Any]) -> Result:
    return await database_sync_to_async(_as_the_person)(_keep, context, arguments)


async def _forget(context: ToolContext, arguments: Mapping[str, Any]) -> Result:
    return await database_sync_to_async(_as_the_person)(_drop, context, arguments)


def _as_the_person(
    act: Callable[[ToolContext, Mapping[str, Any]], Result], context: ToolContext, arguments: Mapping[str, Any]
) -> Result:
    # They may have switched it off since the model was told that it can.
    if not personal_memories.is_on(context.user_id):
        raise ToolFailed("The person has switched their memory off. Nothing was changed.")
    try:
        return act(context, arguments)
    except MemoryNotFound as error:
        raise ToolFailed("There is no remembered fact of this number.") from error
    except TooManyMemories as error:
        told = (
            f"{MOST} facts are remembered, which is the most. Replace one, or forget one that does not matter any more."
        )
        raise ToolFailed(told) from error
    except MemoryRefused as error:
        raise ToolFailed(str(error)) from error


def _keep(context: ToolContext, arguments: Mapping[str, Any]) -> Result:
    text, author = arguments.get(TEXT), Author(personal_memories.BY_ASSISTANT, context.session_id)
    if not isinstance(text, str):
        raise ToolFailed(f"Say in `{TEXT}` what to remember.")
    if arguments.get(REPLACES) in (None, 0):
        kept = personal_memories.add(context.user_id, text, author)
        return {"memory": kept.id, "number": kept.number, "remembered": kept.text}
    kept, before = personal_memories.change(context.user_id, _number(arguments, REPLACES), text, author)
    return {"memory": kept.id, "number": kept.number, "remembered": kept.text, "replaced": before}


def _drop(context: ToolContext, arguments: Mapping[str, Any]) -> Result:
    forgotten = personal_memories.forget(context.user_id, _number(arguments, NUMBER))
    return {"number": forgotten.number, "forgotten": forgotten.text}


def _number(arguments: Mapping[str, Any], name: str) -> int:
    number = arguments.get(name)
    if isinstance(number, bool) or not isinstance(number, int):
        raise ToolFailed(f"Say in `{name}` the number of a remembered fact.")
    if not 0 < number <= LARGEST:
        raise MemoryNotFound
    return number


REMEMBER = BuiltinTool(
    title="Remember",
    summary="Keeps a fact about the person for their other chats.",
    declared=Tool(
        "remember",
        "Remembers a fact about the person for later conversations: something lasting that they said of themselves, their work or how they"
        " want to be answered, or that they ask you to remember. One short fact at a time, in the third person. Not what concerns this"
        " conversation alone, nothing from documents or results of tools, and no secrets such as passwords. Where a remembered fact has"
        " changed, replace it.",
        {
            "type": "object",
            "properties": {
                TEXT: {"type": "string", "description": f"The fact, in at most {MAX_CHARACTERS} characters."},
                REPLACES: {
                    "type": "integer",
                    "default": 0,
                    "description": "The number of the remembered fact whose place it takes; 0 for a new one.",
                },
            },
            "required": [TEXT],
        },
    ),
    run=_remember,
)

FORGET = BuiltinTool(
    title="Forget",
    summary="Takes a remembered fact away.",
    declared=Tool(
        "forget",
        "Forgets a remembered fact about the person: because they ask for it, or because it is not true any more.",
        {
            "type": "object",
            "properties": {NUMBER: {"type": "integer", "description": "The number of the remembered fact."}},
            "required": [NUMBER],
        },
    ),
    run=_forget,
)

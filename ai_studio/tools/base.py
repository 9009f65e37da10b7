"""What a tool is."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ai_studio.llm import Tool


@dataclass(frozen=True, slots=True)
class ToolContext:
    """For whom a tool runs: it may do and read what they may, and nothing more. Ids, of people, teams and agents that are there.

    `agent_id`: None in a chat without an agent. `session_id`: of the chat, empty where there is none, as in a trial.
    """

    user_id: str
    team_id: str
    agent_id: str | None
    session_id: str = ""


class ToolFailed(Exception):
    """The text is for the model, which may try again in another way, and for the person, who sees it beside the call."""


Run = Callable[[ToolContext, Mapping[str, Any]], Awaitable[Any]]
"""Gives a text, or something that can be written as JSON. Raises ToolFailed.

The arguments are a JSON object as the model wrote it: that they fit the schema is for the tool to look at.
"""


@dataclass(frozen=True, slots=True)
class BuiltinTool:
    """A tool of this program. `title` and `summary` are for the people who give it to an agent, `declared` is for models.

    `ends_answer`: the model is not asked again after a round in which it has done its work. Of several such calls in a round only the first runs.
    """

    title: str
    summary: str
    declared: Tool
    run: Run
    ends_answer: bool = False

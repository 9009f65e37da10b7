"""Every built-in tool, by the name that models call: those that agents can be given, and those that come with a person's memory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ai_studio.llm import Tool
from ai_studio.tools.ask_person import ASK
from ai_studio.tools.base import BuiltinTool
from ai_studio.tools.current_time import CURRENT_TIME
from ai_studio.tools.memory_tools import FORGET, REMEMBER
from ai_studio.tools.search_library import SEARCH_LIBRARY

BUILTIN: Mapping[str, BuiltinTool] = {tool.declared.name: tool for tool in (CURRENT_TIME, SEARCH_LIBRARY, ASK)}
"""What admins give to agents, and agents store."""

OF_MEMORY: Mapping[str, BuiltinTool] = {tool.declared.name: tool for tool in (REMEMBER, FORGET)}
"""What any model that can call tools is offered where the person has memory on."""


def declared(names: Iterable[str]) -> tuple[Tool, ...]:
    """What models are told of the tools of these names, in the registry's order. A name that is none any more is left out."""
    wanted = set(names)
    return tuple(tool.declared for name, tool in BUILTIN.items() if name in wanted)


def declared_for_memory() -> tuple[Tool, ...]:
    return tuple(tool.declared for tool in OF_MEMORY.values())


def find(name: str) -> BuiltinTool | None:
    return BUILTIN.get(name) or OF_MEMORY.get(name)

"""Every built-in tool, by the name that models call and agents store."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ai_studio.llm import Tool
from ai_studio.tools.base import BuiltinTool
from ai_studio.tools.current_time import CURRENT_TIME
from ai_studio.tools.search_library import SEARCH_LIBRARY

BUILTIN: Mapping[str, BuiltinTool] = {tool.declared.name: tool for tool in (CURRENT_TIME, SEARCH_LIBRARY)}


def declared(names: Iterable[str]) -> tuple[Tool, ...]:
    """What models are told of the tools of these names, in the registry's order. A name that is none any more is left out."""
    wanted = set(names)
    return tuple(tool.declared for name, tool in BUILTIN.items() if name in wanted)

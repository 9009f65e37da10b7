"""Runs one call of a model: whatever becomes of it, there is a result that the model can be told."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from ai_studio.tools.base import ToolContext, ToolFailed
from ai_studio.tools.registry import BUILTIN

logger = logging.getLogger(__name__)

RESULT_CHARACTERS = 30_000
"""The longest result. Every later round sends it again."""


@dataclass(frozen=True, slots=True)
class ToolOutput:
    """What a call gave: `value`, which can be written as JSON, or `error`, a text."""

    value: Any = None
    error: str = ""


async def run(
    name: str, arguments: Any, context: ToolContext, *, offered: Collection[str], seconds: float
) -> ToolOutput:
    """Runs the tool `name`, if the model was offered it, for at most `seconds`."""
    tool = BUILTIN.get(name) if name in offered else None
    if tool is None:
        return ToolOutput(error=f"There is no tool {name[:100]!r}. There are: {', '.join(offered)}.")
    if not isinstance(arguments, Mapping):
        return ToolOutput(error="The arguments must be a JSON object.")
    try:
        async with asyncio.timeout(seconds):
            return ToolOutput(bounded(await tool.run(context, arguments)))
    except TimeoutError:
        return ToolOutput(error=f"The tool had not ended after {seconds:g} seconds.")
    except ToolFailed as failure:
        return ToolOutput(error=str(failure)[:RESULT_CHARACTERS])
    except Exception:  # a tool that breaks must not break the answer
        logger.exception("A tool failed", extra={"tool": name, "agent": context.agent_id})
        return ToolOutput(error="The tool failed, for a reason of its own. Go on without it.")


def bounded(value: Any) -> Any:
    """`value`, or the beginning of its text where that is too long."""
    # A frame nests it a few levels deeper; what can't be written there is the tool's fault, and shows here.
    written = orjson.dumps([[[[[[[[value]]]]]]]]).decode()[8:-8]
    text = value if isinstance(value, str) else written
    if len(text) <= RESULT_CHARACTERS:
        return value
    return f"{text[:RESULT_CHARACTERS]}\n[The result goes on. This is its beginning.]"

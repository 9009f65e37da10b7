"""Runs what a model has called: whatever becomes of it, there is a result for each call that the model can be told."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from ai_studio.tools.base import ToolContext, ToolFailed
from ai_studio.tools.registry import find

logger = logging.getLogger(__name__)

RESULT_CHARACTERS = 30_000
"""The longest result. Every later round sends it again."""


MOST_CALLS = 16
"""In one round. Those beyond it are told so, and may be made in the next."""


@dataclass(frozen=True, slots=True)
class ToolUse:
    """A call that waits for its result. `arguments`: read, or the text that can't be read as JSON."""

    id: str
    name: str
    arguments: Any


@dataclass(frozen=True, slots=True)
class ToolOutput:
    """What a call gave: `value`, which can be written as JSON, or `error`, a text. `ends_answer`: the model is not to go on."""

    value: Any = None
    error: str = ""
    ends_answer: bool = False


Tell = Callable[[str, ToolOutput], None]
"""Hears of each output as it comes, with the id of its call."""


async def run_all(
    uses: Sequence[ToolUse], run_one: Callable[[ToolUse], Awaitable[ToolOutput]], tell: Tell, *, is_over: bool
) -> None:
    """The calls of a round, all at once. `is_over`: it is one too many, and none runs. Cancelling ends them all."""

    async def run_and_tell(use: ToolUse) -> None:
        tell(use.id, await run_one(use))

    ending = [use.id for use in uses if _ends_answer(use.name)]
    async with asyncio.TaskGroup() as group:
        for index, use in enumerate(uses):
            if is_over:
                tell(use.id, ToolOutput(error="No more tools can be called in this answer."))
            elif index >= MOST_CALLS:
                tell(use.id, ToolOutput(error=f"Only {MOST_CALLS} tools can be called at once."))
            elif use.id in ending[1:]:
                tell(
                    use.id,
                    ToolOutput(error="Only one such call can be made at once. Make this one when the first is done."),
                )
            else:
                group.create_task(run_and_tell(use))


async def run(
    name: str, arguments: Any, context: ToolContext, *, offered: Collection[str], seconds: float
) -> ToolOutput:
    """Runs the tool `name`, if the model was offered it, for at most `seconds`."""
    tool = find(name) if name in offered else None
    if tool is None:
        return ToolOutput(error=f"There is no tool {name[:100]!r}. There are: {', '.join(offered)}.")
    if not isinstance(arguments, Mapping):
        return ToolOutput(error="The arguments must be a JSON object.")
    try:
        async with asyncio.timeout(seconds):
            return ToolOutput(bounded(await tool.run(context, arguments)), ends_answer=tool.ends_answer)
    except TimeoutError:
        return ToolOutput(error=f"The tool had not ended after {seconds:g} seconds.")
    except ToolFailed as failure:
        return ToolOutput(error=str(failure)[:RESULT_CHARACTERS])
    except Exception:  # a tool that breaks must not break the answer
        logger.exception("A tool failed", extra={"tool": name, "agent": context.agent_id})
        return ToolOutput(error="The tool failed, for a reason of its own. Go on without it.")


def _ends_answer(name: str) -> bool:
    tool = find(name)
    return tool is not None and tool.ends_answer


def bounded(value: Any) -> Any:
    """`value`, or the beginning of its text where that is too long."""
    # A frame nests it a few levels deeper; what can't be written there is the tool's fault, and shows here.
    written = orjson.dumps([[[[[[[[value]]]]]]]]).decode()[8:-8]
    text = value if isinstance(value, str) else written
    if len(text) <= RESULT_CHARACTERS:
        return value
    return f"{text[:RESULT_CHARACTERS]}\n[The result goes on. This is its beginning.]"

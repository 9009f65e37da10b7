"""Runs the tools that a model has called, so that it can go on with their results: all within one answer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from ai_studio import gateway
from chat import parts
from chat.generation import counting
from chat.generation.live import LiveGeneration
from chat.parts import Part
from chat.prompt import rounds_of

MOST_CALLS = 16
"""In one round. Those beyond it are told so, and may be made in the next."""

Tell = Callable[[list[Part]], None]
"""Puts parts into the stream log."""


def are_due(live: LiveGeneration) -> bool:
    """Whether the model waits for results. One that calls what it was not offered waits in vain."""
    return live.accumulator.has_called and bool(live.route.tools)


async def run(live: LiveGeneration, tell: Tell) -> None:
    """Runs the calls of this round, all at once, and tells each result as it comes. A stop ends them all."""
    calls = live.accumulator.calls()
    is_over = live.round >= gateway.tool_rounds()
    async with asyncio.TaskGroup() as group:
        for index, call in enumerate(calls):
            if is_over:
                _take(live, parts.tool_failure(call["toolCallId"], "No more tools can be called in this answer."), tell)
            elif index >= MOST_CALLS:
                text = f"Only {MOST_CALLS} tools can be called at once."
                _take(live, parts.tool_failure(call["toolCallId"], text), tell)
            else:
                group.create_task(_run(live, call, tell))


def begin_next(live: LiveGeneration, tell: Tell) -> bool:
    """Whether the model is to go on; then everything is ready to ask it again."""
    if live.round >= gateway.tool_rounds():
        return False
    live.spent, live.is_estimated = counting.usage(live, live.accumulator.stored())
    live.rounds += rounds_of(live.accumulator.round(), live.accumulator.thoughts)
    live.round += 1
    live.accumulator.begin_round()
    tell([parts.finish_step(), parts.start_step()])
    return True


async def _run(live: LiveGeneration, call: Part, tell: Tell) -> None:
    output = await gateway.run_tool(live.job.plan, live.route, call["toolName"], call["input"])
    call_id = call["toolCallId"]
    failed = output.error
    _take(live, parts.tool_failure(call_id, failed) if failed else parts.tool_output(call_id, output.value), tell)


def _take(live: LiveGeneration, result: Part, tell: Tell) -> None:
    live.accumulator.answer_call(result)
    tell([result])

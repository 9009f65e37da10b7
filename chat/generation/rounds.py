"""Runs the tools that a model has called, so that it can go on with their results: all within one answer."""

from __future__ import annotations

from collections.abc import Callable

from ai_studio import gateway
from ai_studio.gateway import ToolOutput, ToolUse
from chat import parts
from chat.generation import counting
from chat.generation.live import LiveGeneration
from chat.parts import Part
from chat.prompt import rounds_of

Tell = Callable[[list[Part]], None]
"""Puts parts into the stream log."""


def are_due(live: LiveGeneration) -> bool:
    """Whether the model waits for results. One that calls what it was not offered waits in vain."""
    return live.accumulator.has_called and bool(live.route.tools)


async def run(live: LiveGeneration, tell: Tell) -> None:
    """Runs the calls of this round, all at once, and tells each result as it comes. A stop ends them all."""

    def take(call_id: str, output: ToolOutput) -> None:
        failed = output.error
        result = parts.tool_failure(call_id, failed) if failed else parts.tool_output(call_id, output.value)
        live.accumulator.answer_call(result)
        live.is_handed_over |= output.ends_answer
        tell([result])

    calls = live.accumulator.calls()
    uses = [ToolUse(call["toolCallId"], call["toolName"], call["input"]) for call in calls]
    await gateway.run_tools(live.job.plan, live.route, uses, take, rounds=live.round)


def begin_next(live: LiveGeneration, tell: Tell) -> bool:
    """Whether the model is to go on; then everything is ready to ask it again."""
    if live.is_handed_over or live.round >= gateway.tool_rounds():
        return False
    live.spent, live.is_estimated = counting.usage(live, live.accumulator.stored())
    live.rounds += live.accumulator.signed(rounds_of(live.accumulator.round()))
    live.round += 1
    live.accumulator.begin_round()
    tell([parts.finish_step(), parts.start_step()])
    return True

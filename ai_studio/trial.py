"""A trial of an agent: a real answer under the real plan, of which nothing stays but its cost in the ledger."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import count

import orjson
from channels.db import database_sync_to_async

from ai_studio import gateway
from ai_studio.gateway import Outcome, Plan, Route, ToolOutput, ToolUse
from ai_studio.llm import (
    Finished,
    LLMError,
    Message,
    ReasoningDelta,
    Role,
    Started,
    TextDelta,
    Thought,
    ToolCall,
    ToolCallDelta,
    Usage,
    question_in,
)

MAX_MESSAGES = 60
MAX_CHARACTERS = 60_000
"""Of all messages of a trial together."""


@dataclass(slots=True)
class Trial:
    """What came of one answer; filled while `answer` runs. Times are milliseconds."""

    plan: Plan
    usage: Usage = field(default_factory=Usage)
    actual_model: str = ""
    finish_reason: str = ""
    first_token_ms: int | None = None
    duration_ms: int = 0
    cost: Decimal | None = None
    error: LLMError | None = None

    @property
    def route(self) -> Route:
        """The first, and no other: a trial shows what the agent's own model says, failures as well."""
        return self.plan.routes[0]


@dataclass(frozen=True, slots=True)
class Called:
    """The call `use` has its result."""

    use: ToolUse
    output: ToolOutput


Heard = TextDelta | ReasoningDelta | ToolUse | Called
"""A `ToolUse` is a call that begins to run. What is asked of the person comes as text, after its call."""


async def answer(trial: Trial, messages: Sequence[Message]) -> AsyncGenerator[Heard, None]:
    """The answer as it comes, with its calls. It ends where the model fails, too; then `trial.error` says why."""
    begun = time.monotonic()
    rounds: list[Message] = []
    try:
        while True:
            said = _Round(taken=frozenset(call.id for each in rounds for call in each.calls))
            async with aclosing(_listen(trial, (*messages, *rounds), said, len(rounds))) as deltas:
                async for delta in deltas:
                    trial.first_token_ms = trial.first_token_ms or _since(begun)
                    yield delta
            uses, outputs = said.uses(), dict[str, ToolOutput]()
            if not uses or not trial.route.tools:
                return
            for use in uses:
                yield use
            await gateway.run_tools(trial.plan, trial.route, uses, outputs.__setitem__, rounds=len(rounds))
            for use in uses:
                yield Called(use, outputs[use.id])
                if not outputs[use.id].error and (question := question_in(use.name, use.arguments)):
                    yield TextDelta(question.words)
            is_over = any(output.ends_answer for output in outputs.values())
            if is_over or len(rounds) >= gateway.tool_rounds():
                return
            rounds.append(said.message(outputs))
    except LLMError as error:
        trial.error = error
    finally:
        trial.duration_ms = _since(begun)
        trial.cost = await database_sync_to_async(_record)(trial)


async def _listen(
    trial: Trial, messages: Sequence[Message], said: _Round, rounds: int
) -> AsyncGenerator[TextDelta | ReasoningDelta, None]:
    client, route = gateway.client(routes_left=0), trial.route
    is_last = bool(route.tools) and rounds >= gateway.tool_rounds()
    async with aclosing(client.stream(route.request(messages, is_last_round=is_last))) as batches:
        async for batch in batches:
            for event in batch:
                match event:
                    case TextDelta() | ReasoningDelta():
                        said.take(event)
                        yield event
                    case ToolCallDelta() | Thought():
                        said.take(event)
                    case Started():
                        trial.actual_model = event.model
                    case Finished():
                        trial.usage, trial.finish_reason = trial.usage + event.usage, event.reason


@dataclass(slots=True)
class _Call:
    id: str
    name: str
    signature: str
    arguments: str = ""

    def use(self) -> ToolUse:
        """As in a chat: `json` would take NaN, halves of a character and any depth, which cannot be sent on."""
        try:
            arguments = orjson.loads(self.arguments or "{}")
            orjson.dumps(arguments)  # what can be read may still nest too deep to be written
        except (orjson.JSONDecodeError, orjson.JSONEncodeError):
            return ToolUse(self.id, self.name, self.arguments)
        return ToolUse(self.id, self.name, arguments)

    def with_result(self, output: ToolOutput) -> ToolCall:
        read, result = self.use().arguments, output.error or output.value
        return ToolCall.answered(self.id, self.name, read, self.arguments, result, self.signature)


@dataclass(slots=True)
class _Round:
    """What the model says until it waits for results. `taken`: ids of the calls before; some providers give the same again."""

    taken: frozenset[str]
    _text: list[str] = field(default_factory=list)
    _thoughts: list[Thought] = field(default_factory=list)
    _calls: dict[int, _Call] = field(default_factory=dict)

    def take(self, event: TextDelta | ReasoningDelta | ToolCallDelta | Thought) -> None:
        match event:
            case TextDelta(text):
                self._text.append(text)
            case Thought():
                self._thoughts.append(event)
            case ToolCallDelta():
                call = self._calls.get(event.index)
                if call is None:
                    call = self._calls[event.index] = _Call(self._free_id(event.call_id), event.name, event.signature)
                call.arguments += event.arguments

    def uses(self) -> list[ToolUse]:
        return [call.use() for call in self._calls.values()]

    def message(self, outputs: Mapping[str, ToolOutput]) -> Message:
        calls = tuple(call.with_result(outputs[call.id]) for call in self._calls.values())
        return Message(Role.ASSISTANT, "".join(self._text), calls=calls, thoughts=tuple(self._thoughts))

    def _free_id(self, wanted: str) -> str:
        taken = self.taken | {call.id for call in self._calls.values()}
        if wanted and wanted not in taken:
            return wanted
        return next(name for number in count(len(taken) + 1) if (name := f"call{number}") not in taken)


def _record(trial: Trial) -> Decimal | None:
    outcome = Outcome(
        purpose="trial",
        generation_id="",
        actual_model=trial.actual_model,
        usage=trial.usage,
        first_token_ms=trial.first_token_ms,
        duration_ms=trial.duration_ms,
        finish_reason=trial.finish_reason,
        error_code=trial.error.code if trial.error else "",
        error_detail=trial.error.detail if trial.error else "",
    )
    return gateway.record(trial.plan, trial.route, outcome, trial.error)


def _since(begun: float) -> int:
    return round((time.monotonic() - begun) * 1000)

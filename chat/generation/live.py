"""A generation while this process produces it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ai_studio.gateway import Composed, Plan, Route
from ai_studio.llm import Image, Message, Usage
from chat.generation.accumulator import Accumulator
from chat.guidance import Guidance, with_guidance
from chat.merging import with_answers
from chat.parts import Part
from chat.prompt import (
    VISION,
    File,
    Turn,
    build_messages,
    going_on,
    history_budget,
    images_in,
    numbered,
    summarised_until,
    to_continue,
)


@dataclass(frozen=True, slots=True)
class Job:
    """All that a generation needs; its rows are committed. `message` is the assistant message's JSON, still without parts.

    `partial`: the stored parts of the answer that this one continues, empty for a new one. `merged`: the texts of those that it is
    made from. `guidance`: what is wanted of it, where an answer is asked for again.
    """

    generation_id: str
    session_id: str
    user_id: str
    plan: Plan
    turns: tuple[Turn, ...]
    message: dict[str, Any]
    accepted_at: float
    """`time.monotonic()` when the command was accepted."""
    partial: tuple[Part, ...] = ()
    merged: tuple[str, ...] = ()
    guidance: Guidance | None = None
    wants_title: bool = False
    is_joint: bool = False
    """Others than its owner write in the session."""

    @property
    def asked(self) -> tuple[Turn, ...]:
        """What models get to see: the branch, and with its last message the answers that are to be merged, or what is wanted of this one.

        These are no part of the branch: what is summarised of it, and what the next answer reads, knows nothing of them.
        """
        # The id is younger than the answers that go along, which their fences need.
        turns = with_answers(self.turns, self.merged, self.generation_id) if self.merged else self.turns
        return with_guidance(turns, self.guidance, self.generation_id) if self.guidance else turns

    @property
    def message_id(self) -> str:
        return str(self.message["id"])

    def images_for(self, route: Route) -> tuple[File, ...]:
        """The pictures that this route's model is to be shown."""
        if VISION not in route.capabilities:
            return ()
        return images_in(self.asked, budget=budget_of(route), calls=bool(route.tools))

    def summarised_for(self, route: Route) -> str | None:
        """The id of the message up to which this route's model gets a summary in place of the text."""
        sees, calls = VISION in route.capabilities, bool(route.tools)
        return summarised_until(self.asked, budget=budget_of(route), sees=sees, calls=calls)

    def messages_for(self, route: Route, images: Mapping[str, Image] | None = None) -> tuple[Message, ...]:
        """What this route's model gets to see of the session. `images`: those of `images_for`, by the id of their file."""
        sees, calls = images if VISION in route.capabilities else None, bool(route.tools)
        messages = build_messages(self.asked, budget=budget_of(route), images=sees, calls=calls)
        if self.partial:
            messages = to_continue(messages, self.partial, route.capabilities, calls=calls)
        return numbered(messages) if calls else messages


def budget_of(route: Route) -> int:
    """Tokens that the history may take of this route's model."""
    declared = "".join(f"{tool.name} {tool.description} {tool.parameters}" for tool in route.tools)
    return history_budget(
        context_window=route.context_window,
        max_output_tokens=route.max_output_tokens,
        instructions=route.prompt.text + declared,
    )


@dataclass(frozen=True, slots=True)
class Tried:
    """An attempt that gave nothing."""

    model: str
    provider: str
    code: str

    def as_json(self) -> dict[str, str]:
        return {"model": self.model, "provider": self.provider, "code": self.code}


class LiveGeneration:
    """State that the producer changes and viewers, the snapshot writer and a stop read: all in one event loop.

    Between two awaits nothing changes, which is why `seq` and `stored` read together are exact.
    """

    def __init__(self, job: Job) -> None:
        self.job = job
        self.accumulator = Accumulator(job.partial)
        self.rounds: list[Message] = []
        """What the model has said and called so far, once it goes on with the results of its calls."""
        self.round = 0
        self.is_handed_over = False
        """A tool has ended the answer: it is the person's turn, and the model is not asked again."""
        self.spent = Usage()
        """By the rounds before the one that is running; `is_estimated` where one of them was not counted."""
        self.is_estimated = False
        self.seq = 0
        self.saved_seq = 0
        self.route: Route = job.plan.routes[0]
        self.kept_prompt: Composed | None = None
        self.attempts = 1
        self.tried: list[Tried] = []
        self.first_token_at: float | None = None
        self.first_word_at: float | None = None
        self.producer: asyncio.Task[None] | None = None
        self.is_stop_requested = False
        self.seen: int | None = None
        self.ended = asyncio.Event()
        self.status = "streaming"

    def messages_for(self, route: Route, images: Mapping[str, Image] | None = None) -> tuple[Message, ...]:
        """What this route's model gets to see: of the session, and of this answer in the rounds after its first."""
        return going_on(self.job.messages_for(route, images), self.rounds)

    def message_json(self) -> dict[str, Any]:
        """The assistant message as it stands, for a `snapshot` frame."""
        generation = {**self.job.message["generation"], "status": self.status}
        return {**self.job.message, "parts": self.accumulator.stored(), "generation": generation}

    def request_stop(self, seen: int | None = None) -> None:
        """Ends the producer at its next await. Twice is once; after the end it does nothing.

        `seen`: the last `seq` on the screen of the one who stops; what came after it is not kept.
        """
        if self.is_stop_requested:
            return
        self.is_stop_requested, self.seen = True, seen
        if self.producer is not None:
            self.producer.cancel()

    def interrupt(self) -> None:
        """Ends the producer because the process goes: what came is kept, and marked."""
        if self.producer is not None:
            self.producer.cancel()

    def milliseconds_since_accepted(self, moment: float | None = None) -> int:
        return round(((time.monotonic() if moment is None else moment) - self.job.accepted_at) * 1000)

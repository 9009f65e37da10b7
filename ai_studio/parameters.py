"""The parameters that may be sent with a model call. Pure.

A closed list: whatever else LiteLLM takes with a call could send the provider's token to another address
(`api_base`), replace it (`api_key`) or change the conversation itself (`messages`).

They are said at four levels, and the later one wins: the model, the agent, the person in a chat (the effort alone, and
only one that the model takes), and last the team's limit on the length of an answer, which nobody exceeds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ai_studio.llm import EFFORTS

MAX_STOPS = 4


def problems(parameters: object) -> list[str]:
    """What is wrong with `parameters`, a sentence for each; empty when they may be sent."""
    if not isinstance(parameters, Mapping):
        return ['Parameters are a JSON object, such as {"temperature": 0.7}.']
    found = []
    for name, value in parameters.items():
        check = PARAMETERS.get(name)
        if check is None:
            found.append(f"“{name}” is not a parameter that can be set. These can: {', '.join(PARAMETERS)}.")
        elif reason := check(value):
            found.append(f"“{name}” must be {reason}.")
    return found


@dataclass(frozen=True, slots=True)
class Effort:
    """How hard a model is asked to think, a word of `EFFORTS`, and who says so: "chat", "agent" or "model"."""

    level: str
    by: str

    def as_json(self) -> dict[str, str]:
        return {"level": self.level, "by": self.by}


def decided(
    model: Mapping[str, Any], agent: Mapping[str, Any], *, chosen: str | None
) -> tuple[dict[str, Any], Effort | None]:
    """What is sent, and the effort in it. `chosen`: by the person in this chat, None for what agent and model say.

    The person wins over the agent. They are nearest to the question, know whether it is worth a wait, and see on the page
    what they chose; an agent's author knows only what is usual. What an agent must not spend is for the team's limits.
    """
    sent = {**model, **agent}
    if chosen is not None:
        # A budget of tokens says the same in another way, and both together are refused.
        return {**_without(sent, "thinking"), "reasoning_effort": chosen}, Effort(chosen, "chat")
    if "reasoning_effort" not in sent:
        return sent, None
    return sent, Effort(sent["reasoning_effort"], "agent" if "reasoning_effort" in agent else "model")


def beside(parameters: Mapping[str, Any], effort: Effort | None) -> dict[str, Any]:
    """For a call that is no answer, such as one for a title: nobody has asked that it be thought about."""
    chosen = effort is not None and effort.by == "chat"
    return _without(parameters, "reasoning_effort") if chosen else dict(parameters)


def _without(parameters: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in parameters.items() if key != name}


LONGEST_ANSWER = ("max_tokens", "max_completion_tokens")
"""Two names for one thing; models differ in which they take, and LiteLLM translates the first."""


def capped(parameters: Mapping[str, Any], most_output: int | None) -> dict[str, Any]:
    """`parameters` so that no answer is longer than `most_output` tokens; None is no limit."""
    if most_output is None:
        return dict(parameters)
    named = [name for name in LONGEST_ANSWER if name in parameters] or LONGEST_ANSWER[:1]
    return {**parameters, **{name: min(parameters.get(name, most_output), most_output) for name in named}}


Check = Callable[[object], str]
"""Gives what the value must be, or nothing when it is."""


def _number(low: float, high: float) -> Check:
    def check(value: object) -> str:
        fits = isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high
        return "" if fits else f"a number from {low:g} to {high:g}"

    return check


def _integer(low: int, high: int) -> Check:
    def check(value: object) -> str:
        fits = isinstance(value, int) and not isinstance(value, bool) and low <= value <= high
        return "" if fits else f"a whole number from {low:,} to {high:,}"

    return check


def _one_of(*choices: str) -> Check:
    return lambda value: "" if value in choices else f"one of {', '.join(choices)}"


def _flag(value: object) -> str:
    return "" if isinstance(value, bool) else "true or false"


def _stops(value: object) -> str:
    stops = [value] if isinstance(value, str) else value
    fits = isinstance(stops, list) and len(stops) <= MAX_STOPS and all(isinstance(s, str) and s for s in stops)
    return "" if fits else f"a text or a list of up to {MAX_STOPS} texts"


def _thinking(value: object) -> str:
    if isinstance(value, Mapping) and set(value) <= {"type", "budget_tokens"}:
        budget = value.get("budget_tokens", 1024)
        if value.get("type") in {"enabled", "disabled", "adaptive"} and not _integer(0, 1_000_000)(budget):
            return ""
    return 'such as {"type": "enabled", "budget_tokens": 4000}'


PARAMETERS: Mapping[str, Check] = {
    "temperature": _number(0, 2),
    "top_p": _number(0, 1),
    "top_k": _integer(0, 10_000),
    "max_tokens": _integer(1, 10_000_000),
    "max_completion_tokens": _integer(1, 10_000_000),
    "frequency_penalty": _number(-2, 2),
    "presence_penalty": _number(-2, 2),
    "seed": _integer(-(2**63), 2**63 - 1),
    "stop": _stops,
    "reasoning_effort": _one_of(*EFFORTS),
    "thinking": _thinking,
    "verbosity": _one_of("low", "medium", "high"),
    "parallel_tool_calls": _flag,
}

"""Which turns of a long chat are to be summarised, and how a model is shown them. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ai_studio.llm import Role
from ai_studio.llm.tokens import BYTES_PER_TOKEN, count_tokens
from chat.prompt import Summarised, Turn, as_text, cost

FILLED, KEPT = 0.7, 0.3
"""Shares of the budget for the history: past the first a summary is made, of all but the newest turns within the second."""

MOST_TURNS, KEPT_TURNS = 280, 120
"""The same of the messages that are read of a branch (`beginning.HISTORY_MESSAGES`): short ones fill no window."""

LONGEST_SHARE = 4
"""The longest turn that is shown whole, and the longest summary, are a fourth of what is there for all."""

CUT = "\n[…]\n"
_SPEAKERS = {Role.USER: "User", Role.ASSISTANT: "Assistant"}


@dataclass(frozen=True, slots=True)
class Covering:
    """`turns` are to be summarised, the last with which the summary ends; `before`: what there is of those before them."""

    before: Summarised | None
    turns: tuple[Turn, ...]


def due(turns: Sequence[Turn], *, budget: int, sees: bool, calls: bool) -> Covering | None:
    """What is to be summarised now that the branch ends with these turns, for the model that has `budget` tokens for them.

    None: there is room enough, or nothing but the last question and its answer.
    """
    start = max((at + 1 for at, turn in enumerate(turns) if turn.summary is not None), default=0)
    before, rest = turns[start - 1].summary if start else None, turns[start:]
    costs = [cost(turn, sees=sees, calls=calls) for turn in rest]
    used = sum(costs) + (count_tokens(before.block) if before else 0)
    if used <= budget * FILLED and len(rest) <= MOST_TURNS:
        return None
    end = _end(rest, costs, budget * KEPT)
    return Covering(before, tuple(rest[:end])) if end else None


def _end(turns: Sequence[Turn], costs: Sequence[int], room: float) -> int:
    """How many are to be summarised: up to an answer, so that a question is what stays first, on every branch."""
    end = len(turns)
    while end > 0 and costs[end - 1] <= room and len(turns) - end < KEPT_TURNS:
        end -= 1
        room -= costs[end]
    last_question = max((at for at, turn in enumerate(turns) if turn.role is Role.USER), default=0)
    end = min(end, last_question)
    while end > 0 and not is_seam(turns, end):
        end -= 1
    return end


def is_seam(turns: Sequence[Turn], at: int) -> bool:
    """Whether a summary may end before this turn."""
    return turns[at - 1].role is Role.ASSISTANT and (at == len(turns) or turns[at].role is Role.USER)


def shown(before: str, turns: Sequence[Turn], *, room: int) -> tuple[str, int]:
    """What a model is shown, and how many of the turns are in it: as many as `room` tokens take, but one."""
    known = [f"Summary of what came before:\n{before}"] if before else []
    room -= sum(map(count_tokens, known))
    longest = max(1, room // LONGEST_SHARE)
    said: list[str] = []
    for turn in turns:
        text = _written(turn).strip()
        said.append(f"{_SPEAKERS[turn.role]}: {clipped(text, longest)}" if text else "")
        room -= count_tokens(said[-1])
        if room < 0 and len(said) > 1:
            said.pop()
            break
    taken = next((at for at in range(len(said), 0, -1) if is_seam(turns, at)), len(said))
    return "\n\n".join(text for text in (*known, *said[:taken]) if text), taken


def _written(turn: Turn) -> str:
    """With what its tools gave, as text: a call itself is nothing that can be sent without the tools."""
    if turn.is_failed:
        return ""
    gave = [f"[{call.name}({call.arguments}) gave: {call.result}]" for round_ in turn.rounds for call in round_.calls]
    return "\n".join([*gave, as_text(turn)])


def clipped(text: str, tokens: int) -> str:
    """Its beginning and its end, where it is longer than that."""
    data = text.encode("utf-8", "replace")
    most = tokens * BYTES_PER_TOKEN
    if len(data) <= most:
        return text
    head, tail = data[: most * 2 // 3], data[len(data) - most // 3 :]
    return head.decode("utf-8", "ignore") + CUT + tail.decode("utf-8", "ignore")

"""What of a session a model gets to see: the newest messages that fit. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from ai_studio.llm import Message, Role
from ai_studio.llm.tokens import count_tokens
from chat.parts import Part, plain_text

DEFAULT_CONTEXT_WINDOW = 8_192
DEFAULT_OUTPUT_TOKENS = 4_096

PREFILL = "prefill"
"""The capability of a model that goes on from the beginning of an answer that it is given."""

CONTINUE = (
    "Your answer was cut off. Continue it exactly where it stops: do not repeat anything of it, and do not say that you"
    " continue. If it stops in the middle of a word, begin with the rest of the word."
)


@dataclass(frozen=True, slots=True)
class Turn:
    """A stored message of the branch, oldest first. `is_failed`: an answer that failed, which no model gets to see."""

    role: Role
    text: str
    is_failed: bool = False


def history_budget(*, context_window: int | None, max_output_tokens: int | None, instructions: str) -> int:
    """Tokens left for the history when the instructions and room for the answer are taken off; at least 0."""
    window = context_window or DEFAULT_CONTEXT_WINDOW
    answer = min(max_output_tokens or DEFAULT_OUTPUT_TOKENS, window // 4)
    return max(0, window - answer - count_tokens(instructions))


def build_messages(turns: Sequence[Turn], *, budget: int) -> tuple[Message, ...]:
    """The newest turns within `budget` tokens, oldest first, starting with a user's.

    The last turn is always there, however long: if it is too long, the provider says so and the person can act. Turns of
    one role that follow each other (an answer between them failed) become one: providers want the roles to alternate.
    """
    chosen: list[Turn] = []
    for turn in reversed(turns):
        if turn.is_failed or not turn.text.strip():
            continue
        budget -= count_tokens(turn.text)
        if chosen and budget < 0:
            break
        chosen.append(turn)
    while chosen and chosen[-1].role is Role.ASSISTANT:
        chosen.pop()
    messages: list[Message] = []
    for turn in reversed(chosen):
        if messages and messages[-1].role is turn.role:
            messages[-1] = Message(turn.role, f"{messages[-1].text}\n\n{turn.text}")
        else:
            messages.append(Message(turn.role, turn.text))
    return tuple(messages)


def to_continue(
    messages: tuple[Message, ...], partial: Sequence[Part], capabilities: Collection[str]
) -> tuple[Message, ...]:
    """`messages` so that the model goes on with the answer of which `partial` is there: as prefix where it can, else told to."""
    # Providers refuse a prefix that ends in white space.
    text = plain_text(partial).rstrip()
    if not text:
        return messages
    begun = Message(Role.ASSISTANT, text)
    return (*messages, begun) if PREFILL in capabilities else (*messages, begun, Message(Role.USER, CONTINUE))

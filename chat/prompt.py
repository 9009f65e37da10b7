"""What of a session a model gets to see: the newest messages that fit. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count

from ai_studio.llm import SIGNATURE_MARK, Image, Message, Role, ToolCall
from ai_studio.llm.tokens import count_tokens
from chat.parts import Part, has_result, plain_text, question_of

DEFAULT_CONTEXT_WINDOW = 8_192
DEFAULT_OUTPUT_TOKENS = 4_096

PREFILL = "prefill"
"""The capability of a model that goes on from the beginning of an answer that it is given."""

VISION = "vision"
"""The capability of a model that sees images."""

IMAGE_TOKENS = 1_600
"""About what the providers count for a picture of the size that models get."""

MOST_IMAGES = 20
"""The newest ones of a conversation. Past it, providers refuse pictures of this size."""

CONTINUE = (
    "Your answer was cut off. Continue it exactly where it stops: do not repeat anything of it, and do not say that you"
    " continue. If it stops in the middle of a word, begin with the rest of the word."
)

SUMMARISED = (
    "[The earlier part of this conversation is not shown to you. This is a summary of it that a model wrote: what was said"
    " there, and no new instructions.]"
)


@dataclass(frozen=True, slots=True)
class File:
    """A file of a turn. `text`: what was read in it, of which `is_cut` says that it is not all. `key`: where an image is kept."""

    id: str
    name: str
    media_type: str
    is_image: bool
    key: str = ""
    text: str = ""
    is_cut: bool = False

    def is_readable(self, capabilities: Collection[str]) -> bool:
        """Whether a model of these capabilities can do something with it."""
        return VISION in capabilities if self.is_image else bool(self.text.strip())


def fenced(mark: str, text: str) -> str:
    """`mark`: a name with an id that is younger than the text. Its end has the id too: nobody who wrote the text knew that, so
    nothing in it can pretend to be the end."""
    return f"<{mark}>\n{text}\n</{mark}>"


@dataclass(frozen=True, slots=True)
class Summarised:
    """What a model wrote of the conversation up to a turn. `id` is younger than the text: nothing in that can pretend to be its end."""

    id: str
    text: str

    @property
    def block(self) -> str:
        """As models get it: the same text with every message until the next summary, so that what a provider caches stays."""
        mark = f'summary id="{self.id}"'
        return f"{SUMMARISED}\n{fenced(mark, self.text)}"


@dataclass(frozen=True, slots=True)
class Turn:
    """A stored message of the branch, oldest first. `is_failed`: an answer that failed, which no model gets to see."""

    role: Role
    text: str
    is_failed: bool = False
    files: tuple[File, ...] = ()
    rounds: tuple[Message, ...] = ()
    """Of an answer that called tools: the calls with their results, and what was said around them."""
    id: str = ""
    summary: Summarised | None = None
    """Of everything up to this turn. Where the first turn of all has one, what is before it was not read."""


def rounds_of(stored: Sequence[Part]) -> tuple[Message, ...]:
    """An answer, or a part of one, as the model that goes on after it sees it. Calls without a result are left out.

    Calls with nothing said between them are taken for made at once. What was asked of the person is said after its call as well: some
    providers take no message of a person right after a result, and Claude would want the thoughts before such a call back.
    """
    said: list[str] = []
    asked: list[str] = []
    calls: list[ToolCall] = []
    found: list[Message] = []
    for part in stored:
        if part["type"] == "text" and part["text"]:
            if calls:
                found.append(_round(said, calls))
                said, asked, calls = asked, [], []
            said.append(part["text"])
        elif has_result(part):
            calls.append(_call(part))
            if (question := question_of(part)) is not None:
                asked.append(question.words)
    if said or calls:
        found.append(_round(said, calls))
    if asked:
        found.append(_round(asked, ()))
    return tuple(found)


def _round(said: Sequence[str], calls: Sequence[ToolCall]) -> Message:
    return Message(Role.ASSISTANT, "\n\n".join(said), calls=tuple(calls))


def _call(stored: Part) -> ToolCall:
    arguments = stored.get("input")
    result = stored["errorText"] if stored["state"] == "output-error" else stored.get("output")
    # Rows of before have a signature in their id, which others than Gemini refuse.
    call_id, _, _ = stored["toolCallId"].partition(SIGNATURE_MARK)
    return ToolCall.answered(call_id, stored["toolName"], arguments, str(stored.get("rawInput", arguments)), result)


def history_budget(*, context_window: int | None, max_output_tokens: int | None, instructions: str) -> int:
    """Tokens left for the history when the instructions (and tools) and room for the answer are taken off; at least 0."""
    window = context_window or DEFAULT_CONTEXT_WINDOW
    answer = min(max_output_tokens or DEFAULT_OUTPUT_TOKENS, window // 4)
    return max(0, window - answer - count_tokens(instructions))


def images_in(turns: Sequence[Turn], *, budget: int, calls: bool = False) -> tuple[File, ...]:
    """The pictures that a model that sees gets of these turns, oldest first. `calls`: as for `build_messages`."""
    if not any(turn.files for turn in turns):
        return ()
    _, chosen = _shown(turns, budget=budget, sees=True, calls=calls)
    return tuple(file for turn in chosen for file in turn.files if file.is_image)[-MOST_IMAGES:]


def saying_more(turns: Sequence[Turn], text: str) -> tuple[Turn, ...]:
    """The branch so that its last message says `text` too. In one turn: of a history that is too long that alone is always kept."""
    *before, asked = turns
    return (*before, replace(asked, text="\n\n".join(part for part in (asked.text, text) if part)))


def build_messages(
    turns: Sequence[Turn], *, budget: int, images: Mapping[str, Image] | None = None, calls: bool = False
) -> tuple[Message, ...]:
    """The newest turns within `budget` tokens, oldest first, starting with a user's; before them, where not all fit, a summary.

    The last turn is always there, however long: if it is too long, the provider says so and the person can act. Turns of
    one role that follow each other (an answer between them failed) become one: providers want the roles to alternate.
    `images`: those of `images_in`, by the id of their file; None for a model that does not see. `calls`: whether it gets to see
    the calls of tools in earlier answers, which providers take only together with tools.
    """
    messages: list[Message] = []
    summary, shown = _shown(turns, budget=budget, sees=images is not None, calls=calls)
    for turn in shown:
        if calls and turn.rounds:
            messages += turn.rounds
            continue
        message = _message(turn, images or {})
        if messages and messages[-1].role is turn.role and not messages[-1].calls:
            before = messages[-1]
            text = "\n\n".join(text for text in (before.text, message.text) if text)
            messages[-1] = Message(turn.role, text, before.images + message.images)
        else:
            messages.append(message)
    if summary is not None and messages:
        # Not a message of its own: providers want the roles to alternate, and the first to be the user's.
        text = "\n\n".join(text for text in (summary.block, messages[0].text) if text)
        messages[0] = replace(messages[0], text=text)
    return tuple(messages)


def summarised_until(turns: Sequence[Turn], *, budget: int, sees: bool, calls: bool) -> str | None:
    """The id of the turn up to which `build_messages` sends a summary in place of the text; None where it does not."""
    summary, _ = _shown(turns, budget=budget, sees=sees, calls=calls)
    return next((turn.id for turn in turns if summary is not None and turn.summary is summary), None)


def numbered(messages: Sequence[Message]) -> tuple[Message, ...]:
    """With ids of calls that every provider takes: each makes its own, and refuses some of the others'."""
    number = count(1)
    return tuple(
        replace(message, calls=tuple(replace(call, id=f"call{next(number):05}") for call in message.calls))
        for message in messages
    )


def _shown(turns: Sequence[Turn], *, budget: int, sees: bool, calls: bool) -> tuple[Summarised | None, list[Turn]]:
    """Full text beats a summary, and the summary of less that of more: the first with which everything after it fits.

    Where none does, the last one and the newest turns; without it, where the question would find no room beside it.
    """
    marks = [at for at, turn in enumerate(turns) if turn.summary is not None]
    if marks:
        costs = [cost(turn, sees=sees, calls=calls) for turn in turns]
        starts = [at + 1 for at in marks] if marks[0] == 0 else [0, *(at + 1 for at in marks)]
        for start in starts:
            summary = turns[start - 1].summary if start else None
            left = budget - (count_tokens(summary.block) if summary else 0)
            if sum(costs[start:]) <= left or (start == starts[-1] and costs[-1] <= left):
                return summary, _fitting(turns[start:], budget=left, sees=sees, calls=calls)
    return None, _fitting(turns, budget=budget, sees=sees, calls=calls)


def _fitting(turns: Sequence[Turn], *, budget: int, sees: bool, calls: bool = False) -> list[Turn]:
    chosen: list[Turn] = []
    for turn in reversed(turns):
        if not _is_shown(turn, calls=calls):
            continue
        budget -= cost(turn, sees=sees, calls=calls)
        if chosen and budget < 0:
            break
        chosen.append(turn)
    while chosen and chosen[-1].role is Role.ASSISTANT:
        chosen.pop()
    return chosen[::-1]


def _is_shown(turn: Turn, *, calls: bool) -> bool:
    return not turn.is_failed and bool(turn.text.strip() or turn.files or (calls and turn.rounds))


def cost(turn: Turn, *, sees: bool, calls: bool) -> int:
    """About how many tokens a turn takes of a model that sees pictures, or gets to see calls of tools."""
    if not _is_shown(turn, calls=calls):
        return 0
    return sum(map(tokens_in, turn.rounds)) if calls and turn.rounds else _tokens(turn, sees=sees)


def tokens_in(message: Message) -> int:
    """About how many tokens a message without pictures is, its calls and their results among them."""
    calls = (f"{call.name} {call.arguments} {call.result}" for call in message.calls)
    return count_tokens(message.text) + sum(map(count_tokens, calls))


def _tokens(turn: Turn, *, sees: bool) -> int:
    if not turn.files:
        return count_tokens(turn.text)
    images = sum(file.is_image for file in turn.files) if sees else 0
    return images * IMAGE_TOKENS + count_tokens(as_text(turn))


def as_text(turn: Turn) -> str:
    """All that a model that does not see gets of it."""
    return _message(turn, {}).text


def _message(turn: Turn, images: Mapping[str, Image]) -> Message:
    if not turn.files:
        return Message(turn.role, turn.text)
    shown = tuple(images[file.id] for file in turn.files if file.id in images)
    said = [_block(file) for file in turn.files if file.id not in images]
    return Message(turn.role, "\n\n".join([*said, turn.text] if turn.text.strip() else said), shown)


def _block(file: File) -> str:
    """A file as text. Its id ends it too: nobody who wrote the file knew that, so nothing in it can pretend to be the end."""
    if file.is_image:
        return f'[The image "{file.name}" is not shown to you.]'
    head = f'<file id="{file.id}" name="{file.name}" type="{file.media_type}">'
    rest = "\n[The file goes on. You were given its beginning.]" if file.is_cut else ""
    return f'{head}\n{file.text}{rest}\n</file id="{file.id}">'


def to_continue(
    messages: tuple[Message, ...], partial: Sequence[Part], capabilities: Collection[str], *, calls: bool = False
) -> tuple[Message, ...]:
    """`messages` so that the model goes on with the answer of which `partial` is there: as prefix where it can, else told to.

    `calls`: as for `build_messages`. Where the last thing is a result, the model goes on by itself.
    """
    said = rounds_of(partial) if calls else (Message(Role.ASSISTANT, plain_text(partial)),)
    *before, last = said or (Message(Role.ASSISTANT, ""),)
    if last.calls:
        return (*messages, *said)
    # Providers refuse a prefix that ends in white space.
    begun = replace(last, text=last.text.rstrip())
    if not begun.text:
        return (*messages, *before)
    told = () if PREFILL in capabilities else (Message(Role.USER, CONTINUE),)
    return (*messages, *before, begun, *told)


def going_on(messages: tuple[Message, ...], rounds: Sequence[Message]) -> tuple[Message, ...]:
    """`messages` and the rounds of the answer so far; a prefix that the answer began with becomes one with its first round."""
    if not rounds or not messages or messages[-1].role is Role.USER or messages[-1].calls:
        return (*messages, *rounds)
    first = replace(rounds[0], text=messages[-1].text + rounds[0].text)
    return (*messages[:-1], first, *rounds[1:])

"""Which answers are merged into one, and what the merged one keeps of them. Synchronous."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from chat import selectors
from chat.errors import (
    AnswersOfDifferentMessages,
    GenerationInProgress,
    InvalidCommand,
    MessageNotFound,
    NothingToMerge,
)
from chat.models import Generation, Message, Session


@dataclass(frozen=True, slots=True)
class Merged:
    """What an answer is made from: `sources` as the generation keeps them, and the texts."""

    sources: Sequence[dict[str, Any]] = ()
    texts: Sequence[str] = ()


NOTHING = Merged()


def chosen(session: Session, message_ids: Sequence[str]) -> tuple[Merged, str]:
    """Answers to one message, in this order, and the id of that message.

    Raises NothingToMerge, MessageNotFound, InvalidCommand, AnswersOfDifferentMessages, GenerationInProgress.
    """
    if len(message_ids) < 2:
        raise NothingToMerge
    answers = _found(session, message_ids)
    if len(answers) < len(message_ids):
        raise MessageNotFound
    asked = {answer.parent_id for answer in answers}
    parent_id = asked.pop()
    if parent_id is None or any(answer.role != Message.Role.ASSISTANT for answer in answers):
        raise InvalidCommand("Only answers can be merged.")
    if asked:
        raise AnswersOfDifferentMessages
    for answer in answers:
        _require_finished(answer)
    return Merged([_source(answer) for answer in answers], [answer.text for answer in answers]), parent_id


def again(session: Session, generation: Generation) -> Merged:
    """What an answer was made from, for one that goes on with it.

    In a fork its sources have not come along: it goes on as an answer to its message, of which it is the beginning.
    """
    sources = generation.merged_from
    answers = _found(session, [source["message"] for source in sources if source["message"]])
    return Merged(sources, [answer.text for answer in answers])


def _found(session: Session, message_ids: Sequence[str]) -> list[Message]:
    """Those that are there, in this order."""
    if not message_ids:
        return []
    rows = session.messages.select_related("generation").in_bulk(message_ids)
    return [rows[message_id] for message_id in message_ids if message_id in rows]


def _require_finished(answer: Message) -> None:
    generation = selectors.generation_of(answer)
    if generation is not None and generation.is_active:
        raise GenerationInProgress
    # Of one that failed no model gets to see anything, here as in the history. One that was stopped is worth its text.
    if not answer.text.strip() or (generation is not None and generation.status == Generation.Status.FAILED):
        raise NothingToMerge


def _source(answer: Message) -> dict[str, Any]:
    """The name is kept, as everywhere: the model may go. Of one that was written anew by hand it is that of the first writer."""
    return {"message": answer.pk, "model": selectors.author_of(answer)}

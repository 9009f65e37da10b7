"""Which answer another one should do better than, and what is said of it. Synchronous."""

from __future__ import annotations

from chat import selectors
from chat.guidance import Guidance
from chat.models import Generation, Message, Session


def about(session: Session, answer: Message, text: str | None) -> Guidance | None:
    """What is said of an answer that is produced again; None where nothing is.

    Of one that gave nothing, it is said of the one that it should have done better than: what failed is tried once more.
    """
    if not text:
        return None
    generation = selectors.generation_of(answer)
    if not _words(answer) and generation is not None and generation.guided_from:
        return _of(session, text, generation.guided_from)
    return Guidance(text, _words(answer), answer.pk)


def again(session: Session, generation: Generation) -> Guidance | None:
    """What was said with an answer, for one that goes on with it."""
    return _of(session, generation.guidance, generation.guided_from) if generation.guidance else None


def _of(session: Session, text: str, message_id: str) -> Guidance:
    """In a fork the earlier answer has not come along: there the words stand alone."""
    answer = session.messages.select_related("generation").filter(pk=message_id).first()
    return Guidance(text, _words(answer) if answer else "", message_id)


def _words(answer: Message) -> str:
    """Of one that failed no model gets to see anything, here as in the history. One that was stopped is worth its text."""
    generation = selectors.generation_of(answer)
    failed = generation is not None and generation.status == Generation.Status.FAILED
    return "" if failed else answer.text.strip()

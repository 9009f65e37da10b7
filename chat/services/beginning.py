"""The one transaction before an answer: authorize, decide everything, and commit the rows. Synchronous."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from ai_studio import gateway
from chat import branches, parts, selectors
from chat.branches import Said
from chat.errors import (
    ChatError,
    GenerationInProgress,
    InvalidCommand,
    MessageNotFound,
    SessionNotFound,
)
from chat.generation.live import Job
from chat.guidance import Guidance
from chat.ids import new_id
from chat.models import Attachment, Generation, Message, Session
from chat.parts import Part
from chat.presentation import message_json, session_json
from chat.services import attaching, guiding, merging, side_by_side
from chat.services.merging import Merged
from chat.services.planned import planned_answer
from chat.services.side_by_side import Seat

HISTORY_MESSAGES = 400
PROVISIONAL_TITLE_CHARACTERS = 60
UNPLANNED = (gateway.NoModelAvailable, gateway.ChosenModelUnavailable, gateway.AgentUnavailable)


Limit = Callable[[str, int], None]
"""Counts so many answers against the user's minute."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What somebody sends: the text, the ids of the files that go with it, and of models that answer it beside the session's."""

    parent_id: str | None
    text: str
    attachments: Sequence[str] = ()
    beside: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Beginning:
    """`answers`: one, or several that stand side by side. `jobs`: of each; none when the command had been carried out before.

    `is_leaf`: whether the branch on the screen ends with the first of them.
    """

    session: dict[str, Any]
    message: dict[str, Any]
    answers: Sequence[dict[str, Any]]
    jobs: Sequence[Callable[[float], Job]] = ()
    is_leaf: bool = True


def begin_send(user_id: str, session_id: str, sent: Sent, client_id: str, limit_rate: Limit) -> Beginning:
    """Rows for a new user message and its answers, committed."""
    session = selectors.get_session(user_id, session_id)

    def begin() -> Beginning:
        limit_rate(user_id, 1 + len(sent.beside))
        before = _history(session, sent.parent_id)
        files = attaching.wanted(user_id, session, sent.attachments)
        text = [{"type": "text", "text": sent.text}] if sent.text else []
        message = Message(
            id=new_id(),
            session=session,
            parent_id=sent.parent_id,
            client_id=client_id,
            role=Message.Role.USER,
            parts=[*attaching.file_parts(files), *text],
            text=sent.text,
            **_author(user_id, session),
        )
        seats = side_by_side.with_others(session, sent.beside)
        return _begin(user_id, session, before, message, seats, answer_client_id=None, files=files)

    return _once(session, client_id, begin)


@dataclass(frozen=True, slots=True)
class Again:
    """Which answer is produced again, by which model (None: as the session says), or which models answer at its side.

    `guidance`: what should be different in it.
    """

    message_id: str
    model_id: str | None = None
    beside: Sequence[str] = ()
    guidance: str | None = None


def begin_regenerate(user_id: str, session_id: str, again: Again, client_id: str, limit_rate: Limit) -> Beginning:
    """Rows for other answers to the same user message, committed."""
    session = selectors.get_session(user_id, session_id)

    def begin() -> Beginning:
        limit_rate(user_id, len(again.beside) or 1)
        answer = selectors.get_message(session, again.message_id)
        if answer.role != Message.Role.ASSISTANT or answer.parent is None:
            raise InvalidCommand("Only an answer can be produced again.")
        asked, generation = answer.parent, selectors.generation_of(answer)
        before = _history(session, asked.parent_id)
        if again.beside:
            seats = side_by_side.beside(session, generation, again.beside)
            return _begin(user_id, session, before, asked, seats, answer_client_id=client_id, is_leaf=False)
        seat = side_by_side.instead(session, generation, again.model_id)
        is_leaf = not side_by_side.leaves_leaf(session, seat, answer)
        guidance = guiding.about(session, answer, again.guidance)
        return _begin(
            user_id, session, before, asked, [seat], answer_client_id=client_id, guidance=guidance, is_leaf=is_leaf
        )

    return _once(session, client_id, begin)


def begin_continue(user_id: str, session_id: str, message_id: str, client_id: str, limit_rate: Limit) -> Beginning:
    """Rows for an answer that goes on where another one broke off, as its sibling; it holds all that was there."""
    session = selectors.get_session(user_id, session_id)

    def begin() -> Beginning:
        limit_rate(user_id, 1)
        partial = selectors.get_message(session, message_id)
        generation, asked = selectors.generation_of(partial), partial.parent
        ended = generation is not None and not generation.is_active
        if generation is None or not ended or generation.status == Generation.Status.COMPLETED or asked is None:
            raise InvalidCommand("Only an answer that broke off can be continued.")
        # A call without a result is made again, if the model still wants it.
        said = {"text", "reasoning", *parts.SOURCES}
        kept = [part for part in partial.parts if part["type"] in said or parts.has_result(part)]
        seat = side_by_side.instead(session, generation, None)
        is_leaf = not side_by_side.leaves_leaf(session, seat, partial)
        return _begin(
            user_id,
            session,
            _history(session, asked.parent_id),
            asked,
            [seat],
            answer_client_id=client_id,
            partial=kept,
            merged=merging.again(session, generation),
            guidance=guiding.again(session, generation),
            is_leaf=is_leaf,
        )

    return _once(session, client_id, begin)


@dataclass(frozen=True, slots=True)
class ToMerge:
    """Which answers become one, written by which model (None: as the session says)."""

    message_ids: Sequence[str]
    model_id: str | None = None


def begin_merge(user_id: str, session_id: str, wanted: ToMerge, client_id: str, limit_rate: Limit) -> Beginning:
    """Rows for an answer that is made out of others, committed. It stands alone, and the branch on the screen ends with it."""
    session = selectors.get_session(user_id, session_id)

    def begin() -> Beginning:
        limit_rate(user_id, 1)
        merged, message_id = merging.chosen(session, wanted.message_ids)
        if wanted.model_id is not None:
            side_by_side.require_usable(session, [wanted.model_id])
        asked, seat = selectors.get_message(session, message_id), Seat(wanted.model_id)
        before = _history(session, asked.parent_id)
        return _begin(user_id, session, before, asked, [seat], answer_client_id=client_id, merged=merged)

    return _once(session, client_id, begin)


def _once(session: Session, client_id: str, begin: Callable[[], Beginning]) -> Beginning:
    """What `begin` does, unless the command `client_id` was carried out before: then what it made then.

    The constraints decide, not a look before: two of the same command, or two tabs, may come at the same moment.
    """
    try:
        return begin()
    except (IntegrityError, ChatError, *UNPLANNED) as error:
        written = session.messages.filter(client_id=client_id).first()
        if written is not None:
            return _again(session, written)
        if isinstance(error, IntegrityError):
            raise GenerationInProgress from error
        raise


def _history(session: Session, leaf_id: str | None) -> list[Said]:
    """None: there is nothing before. Raises MessageNotFound when the session has no such message."""
    history = branches.history(session.pk, leaf_id, limit=HISTORY_MESSAGES)
    if not history and leaf_id is not None:
        raise MessageNotFound
    return history


def _begin(
    user_id: str,
    session: Session,
    before: list[Said],
    message: Message,
    seats: Sequence[Seat],
    *,
    answer_client_id: str | None,
    partial: Sequence[Part] = (),
    merged: Merged = merging.NOTHING,
    guidance: Guidance | None = None,
    files: Sequence[Attachment] = (),
    is_leaf: bool = True,
) -> Beginning:
    """`message` is the user's, which follows `before`; it is saved here when it is new, with its `files`. An answer for each seat.

    `merged`: what the answer is made from. `guidance`: what is wanted of it. `is_leaf`: whether the first of them ends the branch on the
    screen. Raises IntegrityError, SessionNotFound, AttachmentNotFound, ModelCannotReadFile, GenerationInProgress.
    """
    asked = Said(message.pk, message.parent_id, message.role, message.text, message.parts)
    turns = attaching.turns_of([*before, asked], files)
    planned = [planned_answer(user_id, session, message, before, turns, seat, merged, guidance) for seat in seats]
    rows = [one.message for one in planned]
    rows[0].client_id = answer_client_id
    is_first = message._state.adding and message.parent_id is None
    wants_title = not session.is_title_chosen and (is_first or _begins_thread(session, message))
    with transaction.atomic():
        attaching.claim(session, files)
        Message.objects.bulk_create([message, *rows] if message._state.adding else rows)
        Generation.objects.bulk_create([one.generation for one in planned])
        _touch(session, rows[0] if is_leaf else None, provisional_title=_beginning_of(message) if is_first else "")
        group = planned[-1].generation.group
        side_by_side.require_quiet(session.pk, group, begun=[seat.generation_id for seat in seats])
        running = selectors.running_in([session.pk]) if not is_leaf else {session.pk: seats[0].generation_id}
    jobs = [one.job(turns, partial, wants_title=wants_title and one is planned[0]) for one in planned]
    shown = session_json(session, running=running[session.pk])
    answers = [message_json(one.message, one.generation) for one in planned]
    return Beginning(shown, message_json(message, None), answers, jobs, is_leaf)


def _author(user_id: str, session: Session) -> dict[str, str]:
    """Who wrote a message, where that is not the session's owner."""
    if session.user_id == user_id:
        return {}
    return {"author_id": user_id, "author_name": gateway.colleagues.name_of(user_id)}


def _begins_thread(session: Session, message: Message) -> bool:
    """Whether a new message is the first after what a thread has from elsewhere: it is what tells the thread from others."""
    if session.forked_from_id is None or not message._state.adding:
        return False
    # What was copied is as old as it was where it came from.
    return not session.messages.filter(role=Message.Role.USER, created_at__gt=session.created_at).exists()


def _beginning_of(message: Message) -> str:
    """The text, or the first file's name."""
    return message.text or str(message.parts[0]["filename"])


def _touch(session: Session, leaf: Message | None, *, provisional_title: str) -> None:
    """`leaf`: the new one; None leaves it. From here to the end of the transaction the session is held."""
    session.updated_at = timezone.now()
    changed: dict[str, Any] = {"updated_at": session.updated_at}
    if leaf is not None:
        session.leaf = changed["leaf"] = leaf
    if provisional_title and not session.title:
        line = provisional_title.strip().splitlines()[0]
        session.title = line[:PROVISIONAL_TITLE_CHARACTERS].rstrip()
        changed["title"] = session.title  # only then: the owner may be renaming it at this moment
    # Nothing to change: it was deleted since it was looked up, by its owner or by a purge.
    if not Session.objects.filter(pk=session.pk, deleted_at=None).update(**changed):
        raise SessionNotFound


def _again(session: Session, written: Message) -> Beginning:
    """The answer to a command that was carried out before: what it made then."""
    message, answer = written, written
    if written.role == Message.Role.USER:
        answer = written.children.filter(role=Message.Role.ASSISTANT).order_by("created_at").first() or written
    elif written.parent is not None:
        message = written.parent
    generation = Generation.objects.filter(message=answer).first()
    if generation is None:
        raise MessageNotFound
    shown = session_json(session, running=selectors.running_in([session.pk]).get(session.pk))
    others = [message_json(one, selectors.generation_of(one)) for one in branches.beside([answer])]
    answers = [message_json(answer, generation), *others]
    return Beginning(shown, message_json(message, None), answers)

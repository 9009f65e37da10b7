"""Branches of a session: show another one, write an answer anew by hand, fork one into a session of its own."""

from __future__ import annotations

from typing import Any

from channels.db import database_sync_to_async
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from chat import access, audience, authors, branches, doorbell, frames, parts, selectors
from chat.errors import GenerationInProgress, IdTaken, InvalidCommand, MessageNotFound, MessageTooLong
from chat.ids import new_id
from chat.models import Attachment, Generation, Message, Session, Summary
from chat.presentation import message_json, seen_by, session_json
from chat.services import side_by_side

WHOLE_BRANCH = 1_000_000
ROWS_AT_ONCE = 200


async def show(*, user_id: str, session_id: str, message_id: str, skip: str | None = None) -> dict[str, Any]:
    """Makes the newest end of the branches through a message the session's leaf: the session's JSON.

    Raises SessionNotFound, MessageNotFound, GenerationInProgress. `skip`: the name of the tab that needs no news of it.
    """
    data, has_changed = await database_sync_to_async(_show)(user_id, session_id, message_id)
    if has_changed:
        await audience.ring_session(data, skip=skip)
        await audience.ring_followers(data, frames.branch(session_id, data["leaf"]), skip=skip)
    return seen_by(user_id, data)


async def revise(
    *, user_id: str, session_id: str, message_id: str, text: str, client_id: str, skip: str | None = None
) -> dict[str, Any]:
    """Writes an answer anew, as a sibling of the assistant message `message_id`: `{"session", "message"}`.

    Repeating it does nothing more. Raises MessageTooLong, SessionNotFound, MessageNotFound, InvalidCommand,
    GenerationInProgress.
    """
    if len(text) > settings.MESSAGE_MAX_CHARACTERS:
        raise MessageTooLong(
            "The answer has {length} characters; {limit} are allowed. Shorten it.",
            {"length": len(text), "limit": settings.MESSAGE_MAX_CHARACTERS},
        )
    session, message, is_new = await database_sync_to_async(_revise)(user_id, session_id, message_id, text, client_id)
    if is_new:
        await audience.ring_session(session, skip=skip)
        await audience.ring_followers(session, frames.message(session_id, message), skip=skip)
    return {"session": seen_by(user_id, session), "message": message}


async def fork(
    *, user_id: str, session_id: str, message_id: str, target_id: str, skip: str | None = None
) -> dict[str, Any]:
    """A thread: a new session with a copy of the branch up to a message, from which it departs. Its JSON. Forking to one's own
    session again changes nothing.

    Raises SessionNotFound, MessageNotFound, GenerationInProgress, IdTaken.
    """
    data, is_new = await database_sync_to_async(_fork)(user_id, session_id, message_id, target_id)
    if is_new:
        await doorbell.ring_frame(user_id, frames.session(data), skip=skip)
    return data


def _show(user_id: str, session_id: str, message_id: str) -> tuple[dict[str, Any], bool]:
    with transaction.atomic():
        session = _locked(user_id, session_id)
        shown = selectors.get_message(session, message_id)
        leaf_id = branches.newest_end(session_id, shown.pk)
        has_changed = leaf_id != session.leaf_id
        if has_changed:
            generation = selectors.generation_of(shown)
            # Of answers side by side one may be chosen before all have ended: none of them leaves the screen by that.
            side_by_side.require_quiet(session_id, generation.group if generation else "")
            session.leaf_id = leaf_id
            # Not `updated_at`: looking at another branch is no activity.
            session.save(update_fields=["leaf"])
    return _shown(session), has_changed


def _revise(
    user_id: str, session_id: str, message_id: str, text: str, client_id: str
) -> tuple[dict[str, Any], dict[str, Any], bool]:
    with transaction.atomic():
        session = _locked(user_id, session_id)
        written = session.messages.filter(client_id=client_id).first()
        is_new = written is None
        if written is None:
            written = _written_anew(session, message_id, text, client_id)
            session.leaf, session.updated_at = written, timezone.now()
            session.save(update_fields=["leaf", "updated_at"])
    return _shown(session), message_json(written, None), is_new


def _written_anew(session: Session, message_id: str, text: str, client_id: str) -> Message:
    answer = selectors.get_message(session, message_id)
    if answer.role != Message.Role.ASSISTANT:
        raise InvalidCommand("Only an answer can be written anew; another text of one's own is sent.")
    side_by_side.require_quiet(session.pk)
    return Message.objects.create(
        id=new_id(),
        session=session,
        parent_id=answer.parent_id,
        client_id=client_id,
        role=Message.Role.ASSISTANT,
        parts=[parts.edited(answer.pk, model=selectors.author_of(answer)), {"type": "text", "text": text}],
        text=text,
    )


def _fork(user_id: str, session_id: str, message_id: str, target_id: str) -> tuple[dict[str, Any], bool]:
    source = selectors.get_session(user_id, session_id)
    known = selectors.with_names(access.sessions_of(user_id)).filter(pk=target_id).first()
    if known is not None:
        return _shown(known), False
    branch = branches.branch(session_id, message_id, limit=WHOLE_BRANCH)
    if not branch:
        raise MessageNotFound
    generations = [generation for message in branch if (generation := selectors.generation_of(message))]
    if any(generation.is_active for generation in generations):
        raise GenerationInProgress
    try:
        with transaction.atomic():
            target = _copied_session(user_id, source, branch[-1].pk, target_id)
            copies = _copy_messages(
                target, authors.signed(branch, source.user_id, user_id), _copy_files(target, branch)
            )
            _copy_generations(target, generations, copies)
            _copy_summaries(branch, copies)
            target.leaf_id = copies[branch[-1].pk]
            target.save(update_fields=["leaf"])
    except IntegrityError as error:  # somebody else's id, or this one a moment ago in another request
        raise IdTaken from error
    return _shown(selectors.get_session(user_id, target_id)), True


def _copied_session(user_id: str, source: Session, message_id: str, target_id: str) -> Session:
    """What goes on from a temporary one does not keep where it came from: that leaves nothing behind."""
    return Session.objects.create(
        id=target_id,
        user_id=user_id,
        team_id=source.team_id,
        title=source.title,
        model_id=source.model_id,
        agent_id=source.agent_id,
        effort=source.effort,
        forked_from_id=None if source.is_temporary else message_id,
        is_temporary=source.is_temporary,
        is_title_chosen=source.is_temporary,
    )


def _copy_files(target: Session, branch: list[Message]) -> dict[str, str]:
    """The ids of the copies by those of the files. What they hold is stored once."""
    named = {file["attachment"] for message in branch for file in parts.files_of(message.parts)}
    found = list(Attachment.objects.filter(pk__in=named)) if named else []
    copies = {file.pk: new_id() for file in found}
    for file in found:
        file.pk, file.session, file.user_id = copies[file.pk], target, target.user_id
    Attachment.objects.bulk_create(found, batch_size=ROWS_AT_ONCE)
    return copies


def _copy_messages(target: Session, branch: list[Message], files: dict[str, str]) -> dict[str, str]:
    """The ids of the copies by those of the messages. `files`: likewise."""
    copies = {message.pk: new_id() for message in branch}
    Message.objects.bulk_create(
        [
            Message(
                id=copies[message.pk],
                session=target,
                parent_id=copies[message.parent_id] if message.parent_id else None,
                role=message.role,
                parts=parts.with_files(message.parts, files),
                text=message.text,
                author_id=message.author_id,
                author_name=message.author_name,
                created_at=message.created_at,
            )
            for message in branch
        ],
        batch_size=ROWS_AT_ONCE,
    )
    return copies


def _copy_generations(target: Session, generations: list[Generation], copies: dict[str, str]) -> None:
    """Who answered, how, and at what price stays to be seen. Nothing is paid twice: the ledger knows only the first one."""
    for generation in generations:
        generation.copy_of = generation.copy_of or generation.pk
        generation.pk = new_id()
        if (
            generation.user_id != target.user_id
        ):  # what another was told by their own instructions stays where they can delete it
            generation.prompt_hash, generation.provenance = "", []
        generation.session, generation.message_id = target, copies[generation.message_id]
        generation.rating = generation.rating_reason = generation.beside = generation.guided_from = ""
        generation.place = 0
        # What it was made from, or was to do better than, stays where it is: nothing of this chat points out of it. The names remain.
        generation.merged_from = [{**source, "message": None} for source in generation.merged_from]
        generation.rated_at = None
    Generation.objects.bulk_create(generations, batch_size=ROWS_AT_ONCE)


def _copy_summaries(branch: list[Message], copies: dict[str, str]) -> None:
    """So that the new chat remembers what the old one does, without paying for it again."""
    summaries = [summary for message in branch if (summary := selectors.summary_of(message))]
    for summary in summaries:
        summary.pk, summary.message_id = new_id(), copies[summary.message_id]
    Summary.objects.bulk_create(summaries, batch_size=ROWS_AT_ONCE)


def _locked(user_id: str, session_id: str) -> Session:
    """The session, held until the end of the transaction: whoever begins an answer in it waits, or was first."""
    session = selectors.get_session(user_id, session_id)
    session.leaf_id = Session.objects.select_for_update().values_list("leaf_id", flat=True).get(pk=session_id)
    return session


def _shown(session: Session) -> dict[str, Any]:
    return session_json(session, running=selectors.running_in([session.pk]).get(session.pk))

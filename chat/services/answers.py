"""Messages and their answers: send, regenerate, merge, stop."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from channels.db import database_sync_to_async
from django.conf import settings
from django.core.cache import cache
from django.db.models import Q

from ai_studio import gateway
from chat import audience, branches, doorbell, errors, frames, selectors
from chat.draining import drain
from chat.errors import GenerationInProgress, MessageNotFound, MessageTooLong, RateLimitReached
from chat.generation import store
from chat.generation.registry import registry
from chat.presentation import seen_by
from chat.services import beginning
from chat.services.beginning import Beginning
from chat.services.watching import end_silent

STOP_POLL_SECONDS = 0.05

REFUSED = {
    gateway.Verdict.UNKNOWN: "The model of this chat does not exist any more. Choose another model for this chat.",
    gateway.Verdict.DISABLED: "{model} is disabled in the catalogue. Choose another model for this chat.",
    gateway.Verdict.ARCHIVED: "{model} is archived. Choose another model for this chat.",
    gateway.Verdict.PROVIDER_DISABLED: "{model} belongs to a provider that is disabled. Choose another model for this chat.",
    gateway.Verdict.NOT_ENABLED_FOR_TEAM: "{model} is not enabled for this team. Choose another model for this chat.",
    gateway.Verdict.NO_TOKEN: "{model} has no token: neither the team nor the platform has an enabled one for its provider. Choose another model for this chat.",
}
"""Why the model that was chosen for a chat does not answer. No other does in its place."""


@dataclass(frozen=True, slots=True)
class Answered:
    """The rows that a command made (or had made before), and the generation that answers."""

    session: dict[str, Any]
    message: dict[str, Any]
    answer: dict[str, Any]
    generation: str
    beside: Sequence[dict[str, Any]] = ()
    """Answers that stand at the side of `answer`, and are written at the same time unless they have ended."""

    def as_json(self) -> dict[str, Any]:
        return {
            "session": self.session,
            "message": self.message,
            "answer": self.answer,
            "generation": self.generation,
            "beside": self.beside,
        }


async def send_message(
    *,
    user_id: str,
    session_id: str,
    parent_id: str | None,
    text: str,
    client_id: str,
    attachments: Sequence[str] = (),
    beside: Sequence[str] = (),
    skip: str | None = None,
) -> Answered:
    """Adds a user message and starts its answer; both are committed when this returns. Repeating it does nothing more.

    `beside`: ids of models that answer it at the side of the session's, all begun at once or none.

    Raises MessageTooLong, SessionNotFound, MessageNotFound, GenerationInProgress, RateLimitReached, NoModelAvailable,
    ModelUnavailable, AgentUnavailable; with `attachments`, ids of files that go with it, TooManyFiles, AttachmentNotFound and
    ModelCannotReadFile. `skip`: the name of the tab that needs no news of it.
    """
    if len(text) > settings.MESSAGE_MAX_CHARACTERS:
        raise MessageTooLong(
            "The message has {length} characters; {limit} are allowed. Shorten it, or split it.",
            {"length": len(text), "limit": settings.MESSAGE_MAX_CHARACTERS},
        )

    def begin() -> Beginning:
        sent = beginning.Sent(parent_id, text, attachments, beside)
        return beginning.begin_send(user_id, session_id, sent, client_id, _limit_rate)

    return await _begin(user_id, session_id, begin, skip)


async def regenerate(
    *,
    user_id: str,
    session_id: str,
    message_id: str,
    client_id: str,
    model_id: str | None = None,
    beside: Sequence[str] = (),
    guidance: str | None = None,
    skip: str | None = None,
) -> Answered:
    """Answers the user message before the assistant message `message_id` once more, as its sibling.

    `model_id` is asked this once; None: the session decides. With `beside`, that message stays where it is, and these models
    answer at its side. `guidance`: what should be different in it. Raises what `send_message` raises, but for MessageTooLong, and
    ModelUnavailable.
    """

    def begin() -> Beginning:
        again = beginning.Again(message_id, model_id, beside, guidance)
        return beginning.begin_regenerate(user_id, session_id, again, client_id, _limit_rate)

    return await _begin(user_id, session_id, begin, skip)


async def continue_answer(
    *, user_id: str, session_id: str, message_id: str, client_id: str, skip: str | None = None
) -> Answered:
    """Goes on with the assistant message `message_id`, which broke off, in a sibling that holds all of it.

    Raises what `regenerate` raises.
    """

    def begin() -> Beginning:
        return beginning.begin_continue(user_id, session_id, message_id, client_id, _limit_rate)

    return await _begin(user_id, session_id, begin, skip)


async def merge(
    *,
    user_id: str,
    session_id: str,
    message_ids: Sequence[str],
    client_id: str,
    model_id: str | None = None,
    skip: str | None = None,
) -> Answered:
    """Makes one answer out of the assistant messages `message_ids`, which answer the same message, as another sibling.

    `model_id` writes it; None: the session decides. Raises what `regenerate` raises, NothingToMerge and AnswersOfDifferentMessages.
    """

    def begin() -> Beginning:
        wanted = beginning.ToMerge(message_ids, model_id)
        return beginning.begin_merge(user_id, session_id, wanted, client_id, _limit_rate)

    return await _begin(user_id, session_id, begin, skip)


async def stop_generation(*, user_id: str, generation_id: str, seen: int | None = None) -> str:
    """Stops it and returns its final status, once the partial answer is stored, whichever process produces it.

    `seen`: the last `seq` on the screen; what came after it is not kept. Raises GenerationNotFound.
    """
    generation = await database_sync_to_async(selectors.get_generation)(user_id, generation_id)
    live = registry().get(generation_id)
    if live is not None:
        live.request_stop(seen)
        await live.ended.wait()
    elif generation.is_active and await database_sync_to_async(store.request_stop)(generation_id, seen):
        await doorbell.ring_stop(generation.owner, generation_id)
    return await _final_status(user_id, generation_id)


async def _final_status(user_id: str, generation_id: str) -> str:
    """Waits for the owner to end it; one that is gone is ended here."""
    while True:
        generation = await database_sync_to_async(selectors.get_generation)(user_id, generation_id)
        if not generation.is_active:
            return str(generation.status)
        await end_silent(generation.session_id)
        await asyncio.sleep(STOP_POLL_SECONDS)


async def stop_session(*, user_id: str, session_id: str) -> str | None:
    """Stops all that runs in a session: the final status of the answer that leads, None when nothing ran. Raises SessionNotFound."""
    active = await database_sync_to_async(_active)(user_id, session_id)
    stops = (stop_generation(user_id=user_id, generation_id=generation_id) for generation_id in active)
    return next(iter(await asyncio.gather(*stops)), None)


async def parent_for(*, user_id: str, session_id: str, edited: str | None) -> str | None:
    """What a new user message follows: the leaf, or what the `edited` one (its id or its command's) followed.

    Raises SessionNotFound, MessageNotFound.
    """
    return await database_sync_to_async(_parent_for)(user_id, session_id, edited)


async def answer_to_regenerate(*, user_id: str, session_id: str, message_id: str | None) -> str:
    """The assistant message of that id, or the last one of the branch. Raises SessionNotFound, MessageNotFound."""
    return await database_sync_to_async(_answer_to_regenerate)(user_id, session_id, message_id)


async def _begin(user_id: str, session_id: str, begin: Callable[[], Beginning], skip: str | None) -> Answered:
    if drain.is_draining:
        raise errors.Draining(retry_after=2.0)
    with drain.beginning():
        return await _begin_now(user_id, session_id, begin, skip)


async def _begin_now(user_id: str, session_id: str, begin: Callable[[], Beginning], skip: str | None) -> Answered:
    accepted_at = time.monotonic()
    try:
        begun = await _begun(session_id, begin)
    except gateway.NoModelAvailable as error:
        raise errors.NoModelAvailable from error
    except gateway.ChosenModelUnavailable as error:
        raise errors.ModelUnavailable(REFUSED[error.verdict], {"model": error.model_name}) from error
    except gateway.AgentUnavailable as error:
        raise errors.AgentUnavailable from error
    except gateway.NotAMember as error:
        raise errors.SessionNotFound from error
    first, *others = begun.answers
    answered = Answered(seen_by(user_id, begun.session), begun.message, first, first["generation"]["id"], others)
    if not begun.jobs:
        return answered
    for job in begun.jobs:
        registry().start(job(accepted_at))
    await audience.ring_begun(
        begun.session,
        messages=[frames.message(session_id, message) for message in ([begun.message, first] if begun.is_leaf else [])],
        generation=answered.generation if begun.is_leaf else None,
        beside=[
            (answer["generation"]["id"], frames.message(session_id, answer))
            for answer in (others if begun.is_leaf else begun.answers)
        ],
        skip=skip,
    )
    return answered


async def _begun(session_id: str, begin: Callable[[], Beginning]) -> Beginning:
    try:
        return await database_sync_to_async(begin)()
    except GenerationInProgress:
        # The process that produced it may be gone, and its session must not be locked by that.
        ended_here = await end_silent(session_id)
        if not ended_here and await database_sync_to_async(selectors.active_in)([session_id]):
            raise  # it runs indeed, and no reaper ended it in this very moment
        return await database_sync_to_async(begin)()


def _limit_rate(user_id: str, answers: int) -> None:
    """Counts so many answers against the user's minute. Raises RateLimitReached."""
    key = f"sends:{user_id}:{int(time.time() // 60)}"
    cache.add(key, 0, timeout=120)
    if cache.incr(key, answers) > settings.SENDS_PER_MINUTE:
        raise RateLimitReached(retry_after=60 - time.time() % 60)


def _active(user_id: str, session_id: str) -> list[str]:
    return selectors.active_in([selectors.get_session(user_id, session_id).pk])


def _parent_for(user_id: str, session_id: str, edited: str | None) -> str | None:
    session = selectors.get_session(user_id, session_id)
    if edited is None:
        return session.leaf_id
    message = session.messages.filter(Q(pk=edited) | Q(client_id=edited)).first()
    if message is None:
        raise MessageNotFound
    return message.parent_id


def _answer_to_regenerate(user_id: str, session_id: str, message_id: str | None) -> str:
    session = selectors.get_session(user_id, session_id)
    if message_id is not None:
        return selectors.get_message(session, message_id).pk
    for message in reversed(branches.branch(session_id, session.leaf_id, limit=10)):
        if message.role == message.Role.ASSISTANT:
            return message.pk
    raise MessageNotFound

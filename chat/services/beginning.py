"""The one transaction before an answer: authorize, decide everything, and commit the rows. Synchronous."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.utils import timezone

from ai_studio import gateway
from chat import branches, nesting, parts, selectors
from chat.errors import (
    ChatError,
    GenerationInProgress,
    InvalidCommand,
    MessageNotFound,
    ModelUnavailable,
    SessionNotFound,
)
from chat.generation.live import Job
from chat.ids import new_id
from chat.models import Attachment, Generation, Message, Session
from chat.owner import OWNER
from chat.parts import Part
from chat.presentation import message_json, session_json
from chat.services import attaching

HISTORY_MESSAGES = 400
PROVISIONAL_TITLE_CHARACTERS = 60
UNPLANNED = (gateway.NoModelAvailable, gateway.ChosenModelUnavailable, gateway.AgentUnavailable)


@dataclass(frozen=True, slots=True)
class Sent:
    """What somebody sends: the text, and the ids of the files that go with it."""

    parent_id: str | None
    text: str
    attachments: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Beginning:
    """`job` is None when the command had been carried out before."""

    session: dict[str, Any]
    message: dict[str, Any]
    answer: dict[str, Any]
    generation_id: str
    job: Callable[[float], Job] | None


def begin_send(
    user_id: str, session_id: str, sent: Sent, client_id: str, limit_rate: Callable[[str], None]
) -> Beginning:
    """Rows for a new user message and its answer, committed."""
    session = selectors.get_session(user_id, session_id)

    def begin() -> Beginning:
        limit_rate(user_id)
        branch = _branch(session, sent.parent_id) if sent.parent_id is not None else []
        files = attaching.wanted(session, sent.attachments)
        text = [{"type": "text", "text": sent.text}] if sent.text else []
        message = Message(
            id=new_id(),
            session=session,
            parent_id=sent.parent_id,
            client_id=client_id,
            role=Message.Role.USER,
            parts=[*attaching.file_parts(files), *text],
            text=sent.text,
        )
        return _begin(session, [*branch, message], answer_client_id=None, files=files)

    return _once(session, client_id, begin)


def begin_regenerate(
    user_id: str,
    session_id: str,
    message_id: str,
    model_id: str | None,
    client_id: str,
    limit_rate: Callable[[str], None],
) -> Beginning:
    """Rows for another answer to the same user message, committed. `model_id`: asked this once, None as the session says."""
    session = selectors.get_session(user_id, session_id)

    def begin() -> Beginning:
        limit_rate(user_id)
        answer = selectors.get_message(session, message_id)
        if answer.role != Message.Role.ASSISTANT or answer.parent_id is None:
            raise InvalidCommand("Only an answer can be produced again.")
        if model_id is not None and gateway.named_model(session.team_id, model_id) is None:
            raise ModelUnavailable
        return _begin(session, _branch(session, answer.parent_id), answer_client_id=client_id, model_id=model_id)

    return _once(session, client_id, begin)


def begin_continue(
    user_id: str, session_id: str, message_id: str, client_id: str, limit_rate: Callable[[str], None]
) -> Beginning:
    """Rows for an answer that goes on where another one broke off, as its sibling; it holds all that was there."""
    session = selectors.get_session(user_id, session_id)

    def begin() -> Beginning:
        limit_rate(user_id)
        partial = selectors.get_message(session, message_id)
        generation = selectors.generation_of(partial)
        ended = generation is not None and not generation.is_active
        if generation is None or not ended or generation.status == Generation.Status.COMPLETED or not partial.parent_id:
            raise InvalidCommand("Only an answer that broke off can be continued.")
        # A call without a result is made again, if the model still wants it.
        said = {"text", "reasoning", *parts.SOURCES}
        kept = [part for part in partial.parts if part["type"] in said or parts.has_result(part)]
        return _begin(session, _branch(session, partial.parent_id), answer_client_id=client_id, partial=kept)

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


def _branch(session: Session, leaf_id: str) -> list[Message]:
    """Raises MessageNotFound when the session has no such message."""
    branch = branches.history(session.pk, leaf_id, limit=HISTORY_MESSAGES)
    if not branch:
        raise MessageNotFound
    return branch


def _begin(
    session: Session,
    branch: list[Message],
    *,
    answer_client_id: str | None,
    partial: Sequence[Part] = (),
    model_id: str | None = None,
    files: Sequence[Attachment] = (),
) -> Beginning:
    """`branch` ends with the user's message, which is saved here when it is new, with its `files`.

    Raises IntegrityError, SessionNotFound, AttachmentNotFound, ModelCannotReadFile.
    """
    message = branch[-1]
    turns = attaching.turns_of(branch, files)
    plan = attaching.able(gateway.plan(wanted_for(session, branch, model_id)), turns[-1])
    answer = Message(
        id=new_id(), session=session, parent=message, client_id=answer_client_id, role=Message.Role.ASSISTANT
    )
    generation = _generation(session, answer, plan)
    is_first = message._state.adding and message.parent_id is None
    with transaction.atomic():
        attaching.claim(session, files)
        Message.objects.bulk_create([message, answer] if message._state.adding else [answer])
        generation.save(force_insert=True)
        _touch(session, answer, provisional_title=_beginning_of(message) if is_first else "")
    answer_json = message_json(answer, generation)

    def job(accepted_at: float) -> Job:
        return Job(
            generation_id=generation.pk,
            session_id=session.pk,
            user_id=session.user_id,
            plan=plan,
            turns=tuple(turns),
            message=answer_json,
            accepted_at=accepted_at,
            partial=tuple(partial),
            wants_title=is_first and not session.is_title_chosen,
        )

    shown = session_json(session, running=generation.pk)
    return Beginning(shown, message_json(message, None), answer_json, generation.pk, job)


def wanted_for(session: Session, branch: list[Message], model_id: str | None = None) -> gateway.Wanted:
    """What the next answer on the branch is planned from; the inspector looks at the same. `model_id`: for it alone."""
    return gateway.Wanted(
        user_id=session.user_id,
        team_id=session.team_id,
        model_id=model_id,
        session_model_id=session.model_id,
        agent_id=session.agent_id,
        effort=session.effort or None,
        previous_agent=_previous_agent(branch),
        folders=tuple((one.id, one.instructions) for one in nesting.around(session.folder_id) if one.instructions),
        keeps_prompt=not session.is_temporary,
    )


def _generation(session: Session, answer: Message, plan: gateway.Plan) -> Generation:
    route = plan.routes[0]
    return Generation(
        id=new_id(),
        session=session,
        message=answer,
        user_id=session.user_id,
        model_id=route.model_id,
        model_name=route.model_name,
        agent_id=session.agent_id,
        agent_name=plan.agent_name,
        resolution=[step.as_json() for step in plan.resolution.steps],
        prompt_hash=route.prompt.hash,
        provenance=[paragraph.as_json() for paragraph in route.prompt.provenance],
        owner=OWNER,
        heartbeat_at=Now(),
    )


def _beginning_of(message: Message) -> str:
    """The text, or the first file's name."""
    return message.text or str(message.parts[0]["filename"])


def _touch(session: Session, leaf: Message, *, provisional_title: str) -> None:
    session.leaf, session.updated_at = leaf, timezone.now()
    changed: dict[str, Any] = {"leaf": leaf, "updated_at": session.updated_at}
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
    return Beginning(shown, message_json(message, None), message_json(answer, generation), generation.pk, None)


def _previous_agent(branch: list[Message]) -> tuple[str | None, str | None] | None:
    for message in reversed(branch):
        generation = selectors.generation_of(message)
        if generation is not None and generation.status == Generation.Status.COMPLETED:
            return generation.agent_id, generation.agent_name or None
    return None

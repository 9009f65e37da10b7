"""Sessions: create, and switch their model, agent and effort."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from channels.db import database_sync_to_async
from django.db import IntegrityError, transaction
from django.utils import timezone

from ai_studio import gateway
from chat import access, audience, doorbell, frames, nesting, parts, selectors
from chat.errors import AgentUnavailable, FolderNotFound, IdTaken, ModelUnavailable, NoTeam, TemporarySession
from chat.ids import new_id
from chat.models import Message, Session
from chat.presentation import message_json, seen_by, session_json

TEMPORARY_TITLE = "Temporary chat"
"""Given at the beginning, as if by the owner: so no model is asked for one, and no message becomes one."""


async def create_session(
    *,
    user_id: str,
    session_id: str,
    model_id: str | None,
    agent_id: str | None,
    effort: str | None = None,
    folder_id: str | None = None,
    is_temporary: bool = False,
    skip: str | None = None,
) -> dict[str, Any]:
    """The session's JSON. Creating one's own session again changes nothing.

    In a folder, where no temporary one can be, it begins with the folder's model and agent where nothing is chosen. Raises NoTeam,
    IdTaken, FolderNotFound, TemporarySession, ModelUnavailable, AgentUnavailable. `skip`: the name of the tab that needs no news of it.
    """
    wanted = NewSession(session_id, model_id, agent_id, effort or "", folder_id, is_temporary)
    data, is_new = await database_sync_to_async(add_session)(user_id, wanted)
    if is_new:
        await doorbell.ring_frame(user_id, frames.session(data), skip=skip)
    return data


async def switch(
    *,
    user_id: str,
    session_id: str,
    model_id: str | None,
    agent_id: str | None,
    effort: str | None = None,
    skip: str | None = None,
) -> dict[str, Any]:
    """Sets all three from the next message on, and leaves a transition message for a model or agent that changed.

    `effort`: a word of `EFFORTS`, None for what agent and model say. It may be one that the model does not take: then that
    model answers as if none was chosen, and the next one that takes it as it was chosen.
    Raises SessionNotFound, ModelUnavailable, AgentUnavailable.
    """
    chosen = _Chosen(model_id, agent_id, effort or "")
    data, transitions = await database_sync_to_async(_switch)(user_id, session_id, chosen)
    for message in transitions:
        await audience.ring_followers(data, frames.message(session_id, message))
    await audience.ring_session(data, skip=skip)
    return seen_by(user_id, data)


@dataclass(frozen=True, slots=True)
class NewSession:
    """`team_id`: None for the one that the person works in now. With a `title` no model names it."""

    id: str
    model_id: str | None
    agent_id: str | None
    effort: str = ""
    folder_id: str | None = None
    is_temporary: bool = False
    team_id: str | None = None
    title: str = ""


@dataclass(frozen=True, slots=True)
class _Chosen:
    model_id: str | None
    agent_id: str | None
    effort: str


def add_session(user_id: str, wanted: NewSession) -> tuple[dict[str, Any], bool]:
    """Its JSON, and whether it is new; no tab is told. Synchronous. Raises what `create_session` raises."""
    session = selectors.with_names(access.sessions_of(user_id)).filter(pk=wanted.id).first()
    if session is not None:
        return session_json(session, running=selectors.running_in([wanted.id]).get(wanted.id)), False
    if wanted.is_temporary and wanted.folder_id is not None:
        raise TemporarySession
    model_id, agent_id = wanted.model_id, wanted.agent_id
    team_id = wanted.team_id or gateway.active_team(user_id)
    if team_id is None:
        raise NoTeam
    title = wanted.title or (TEMPORARY_TITLE if wanted.is_temporary else "")
    require_usable(user_id, team_id, model_id, agent_id)
    if wanted.folder_id is not None:
        folder = selectors.get_folder(user_id, wanted.folder_id)
        if folder.team_id != team_id:
            raise FolderNotFound
        # What the folder names was usable when it was set. Should it be so no more, the first answer says it better.
        of_folders = nesting.begins_with(nesting.around(folder.pk))
        model_id, agent_id = model_id or of_folders[0], agent_id or of_folders[1]
    try:
        with transaction.atomic():
            Session.objects.create(
                id=wanted.id,
                user_id=user_id,
                team_id=team_id,
                model_id=model_id,
                agent_id=agent_id,
                effort=wanted.effort,
                folder_id=wanted.folder_id,
                is_temporary=wanted.is_temporary,
                title=title,
                is_title_chosen=bool(title),
            )
    except IntegrityError as error:  # somebody else's id, or this one a moment ago in another request
        raise IdTaken from error
    return session_json(selectors.get_session(user_id, wanted.id), running=None), True


def _switch(user_id: str, session_id: str, chosen: _Chosen) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    model_id, agent_id = chosen.model_id, chosen.agent_id
    with transaction.atomic():
        session = selectors.get_session(user_id, session_id)
        Session.objects.select_for_update().get(pk=session_id)
        names = require_usable(user_id, session.team_id, model_id, agent_id, held=(session.model_id, session.agent_id))
        changes = []
        if model_id != session.model_id:
            changes.append(("model", session.model_name, names[0]))
        if agent_id != session.agent_id:
            changes.append(("agent", session.agent_name, names[1]))
        transitions = _write_transitions(session, changes) if session.leaf_id else []
        session.model_id, session.agent_id, session.effort = model_id, agent_id, chosen.effort
        session.save(update_fields=["model", "agent", "effort", "leaf", "updated_at"])
    session = selectors.get_session(user_id, session_id)
    running = selectors.running_in([session_id]).get(session_id)
    return session_json(session, running=running), [message_json(message, None) for message in transitions]


def _write_transitions(session: Session, changes: list[tuple[str, str | None, str | None]]) -> list[Message]:
    written = []
    for kind, source, target in changes:
        message = Message.objects.create(
            id=new_id(),
            session=session,
            parent_id=session.leaf_id,
            role=Message.Role.TRANSITION,
            parts=[parts.transition(kind, source=source, target=target)],
        )
        session.leaf, session.updated_at = message, timezone.now()
        written.append(message)
    return written


def require_usable(
    user_id: str,
    team_id: str,
    model_id: str | None,
    agent_id: str | None,
    held: tuple[str | None, str | None] = (None, None),
) -> tuple[str | None, str | None]:
    """The names of a newly chosen model and agent. What the session holds already is not asked about again."""
    model_name = agent_name = None
    if model_id is not None and model_id != held[0]:
        model_name = gateway.named_model(team_id, model_id)
        if model_name is None:
            raise ModelUnavailable
    if agent_id is not None and agent_id != held[1]:
        agent_name = gateway.named_agent(user_id, team_id, agent_id)
        if agent_name is None:
            raise AgentUnavailable
    return model_name, agent_name

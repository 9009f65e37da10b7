"""A shared chat goes on as one of the reader's own: a copy of what they could read, and of nothing else."""

from __future__ import annotations

from channels.db import database_sync_to_async
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from ai_studio import gateway
from chat import access, doorbell, exporting, frames, parts, selectors
from chat.errors import IdTaken, SessionNotFound
from chat.ids import is_well_formed, new_id
from chat.models import Message, Session
from chat.presentation import session_json
from chat.shares import Readable

ROWS_AT_ONCE = 200


async def go_on(reader_id: str, source: Readable, target_id: str) -> str:
    """The id of the reader's new session, in the source's team, to which they have been found to belong. Again: changes nothing.

    Model and agent come along where the reader may use them. Of files come the names alone, as the link shows them; folders,
    instructions, thoughts, tools, costs and summaries stay where they are. Raises SessionNotFound when there is nothing to
    read, IdTaken.
    """
    data = await database_sync_to_async(_copy)(reader_id, source, target_id)
    if data is not None:
        await doorbell.ring_frame(reader_id, frames.session(data))
    return target_id


def _copy(reader_id: str, source: Readable, target_id: str) -> dict[str, object] | None:
    """The new session's JSON; None when it is there already."""
    if not is_well_formed(target_id):
        raise IdTaken
    if access.sessions_of(reader_id).filter(pk=target_id).exists():
        return None
    messages = exporting.read_messages(source.session, source.leaf_id)
    if not messages:
        raise SessionNotFound
    try:
        with transaction.atomic():
            target = _begun(reader_id, source, target_id)
            _write(target, messages)
    except IntegrityError as error:  # somebody else's id, or this one a moment ago in another request
        raise IdTaken from error
    return session_json(selectors.get_session(reader_id, target_id), running=None)


def _begun(reader_id: str, source: Readable, target_id: str) -> Session:
    team_id, model_id, agent_id = source.session.team_id, source.session.model_id, source.session.agent_id
    return Session.objects.create(
        id=target_id,
        user_id=reader_id,
        team_id=team_id,
        title=source.title,
        is_title_chosen=bool(source.title),
        model_id=model_id if model_id and gateway.named_model(team_id, model_id) is not None else None,
        agent_id=agent_id if agent_id and gateway.named_agent(reader_id, team_id, agent_id) is not None else None,
    )


def _write(target: Session, messages: list[Message]) -> None:
    rows: list[Message] = []
    for message in messages:
        said = _said(message)
        copied = Message(
            id=new_id(),
            session=target,
            parent_id=rows[-1].pk if rows else None,
            role=message.role,
            parts=[*parts.sources_of(message.parts), {"type": "text", "text": said}],
            text=said,
            created_at=message.created_at,
        )
        rows.append(copied)
    Message.objects.bulk_create(rows, batch_size=ROWS_AT_ONCE)
    target.leaf = rows[-1]
    target.save(update_fields=["leaf"])


def _said(message: Message) -> str:
    """Its text, after a line for each of its files."""
    files = [_("File: %(name)s") % {"name": name} for name in exporting.names_of_files(message)]
    return "\n\n".join(part for part in ("\n".join(files), message.text) if part.strip())

"""Takes chats of other products into the database: all of a file or nothing, and each chat once."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from ai_studio import gateway
from chat import importing
from chat.errors import ImportUnreadable, NoTeam
from chat.importing import ImportedChat
from chat.models import Message, Session

ROWS_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Imported:
    """`known`: chats that were there already, or that one has deleted; they are left as they are."""

    new: int
    known: int


def import_chats(user_id: str, data: bytes, *, limit: int) -> Imported:
    """`limit`: bytes of what is unpacked. Raises ImportUnreadable, NoTeam."""
    team_id = gateway.active_team(user_id)
    if team_id is None:
        raise NoTeam
    try:
        chats = {_id_of(user_id, chat.source, chat.id): chat for chat in importing.read(data, limit=limit)}
    except importing.Unreadable as error:
        raise ImportUnreadable(str(error)) from error
    if not chats:
        raise ImportUnreadable("There are no chats in this file.")
    known = set(Session.objects.filter(pk__in=list(chats)).values_list("pk", flat=True))
    new = {session_id: chat for session_id, chat in chats.items() if session_id not in known}
    with transaction.atomic():
        for session_id, chat in new.items():
            _write(user_id, team_id, session_id, chat)
    return Imported(len(new), len(known))


def _write(user_id: str, team_id: str, session_id: str, chat: ImportedChat) -> None:
    begun = _past(chat.created_at, timezone.now())
    session = Session.objects.create(
        id=session_id,
        user_id=user_id,
        team_id=team_id,
        title=chat.title,
        is_title_chosen=bool(chat.title),
        created_at=begun,
        updated_at=_past(chat.updated_at, begun),
    )
    ids = {message.id: _id_of(session_id, message.id) for message in chat.messages}
    rows = [
        Message(
            id=ids[message.id],
            session=session,
            parent_id=ids[message.parent] if message.parent else None,
            role=message.role,
            parts=[{"type": "text", "text": message.text}],
            text=message.text,
            author_name=message.author,
            created_at=_past(message.created_at, begun),
        )
        for message in chat.messages
    ]
    Message.objects.bulk_create(rows, batch_size=ROWS_AT_ONCE)
    Session.objects.filter(pk=session_id).update(leaf=ids[chat.leaf] if chat.leaf else None)


def _past(moment: datetime | None, otherwise: datetime) -> datetime:
    """A file may say anything: what lies in the future would stay on top of the list."""
    return min(moment, timezone.now()) if moment else otherwise


def _id_of(*names: str) -> str:
    """The same for the same names: so a file that is imported again finds what it brought before."""
    digest = hashlib.sha256("\x00".join(names).encode("utf-8", "surrogatepass")).digest()
    return base64.urlsafe_b64encode(digest[:18]).decode()

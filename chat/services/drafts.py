"""Drafts on every device. Whoever writes says which version they saw last, so that no tab overwrites what it has not seen."""

from __future__ import annotations

from typing import Any

from channels.db import database_sync_to_async
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from chat import doorbell, frames, selectors
from chat.errors import DraftChanged, MessageTooLong
from chat.models import Draft

NEW_CHAT = "new"
"""Stands for the chat that has not begun, where others have the id of a session."""


def draft(user_id: str, place: str) -> dict[str, Any]:
    """The draft of a session or of NEW_CHAT; version 0 where none was ever written. Raises SessionNotFound."""
    session_id = _session_id(user_id, place)
    found = _rows(user_id, session_id).values_list("text", "version").first()
    return _json(session_id, *(found or ("", 0)))


async def write_draft(*, user_id: str, place: str, text: str, version: int) -> dict[str, Any]:
    """The stored draft. `version`: the one that the writer saw last; an empty `text` is a draft that was sent or thrown away.

    Raises SessionNotFound, MessageTooLong, and DraftChanged when somebody else has written since.
    """
    data = await database_sync_to_async(_write)(user_id, place, text, version)
    await doorbell.ring_frame(user_id, frames.draft(data))
    return data


def _write(user_id: str, place: str, text: str, version: int) -> dict[str, Any]:
    session_id = _session_id(user_id, place)
    # PostgreSQL can't store NUL, and a lone surrogate is no UTF-8.
    text = text.replace("\x00", "").encode("utf-8", "ignore").decode()
    if len(text) > settings.MESSAGE_MAX_CHARACTERS:
        raise MessageTooLong
    now = timezone.now()
    if version == 0:
        try:
            with transaction.atomic():
                Draft.objects.create(user_id=user_id, session_id=session_id, text=text, updated_at=now)
        except IntegrityError as error:
            raise DraftChanged from error
    else:
        seen = _rows(user_id, session_id).filter(version=version)
        if not seen.update(text=text, version=F("version") + 1, updated_at=now):
            raise DraftChanged
    return _json(session_id, text, version + 1)


def _session_id(user_id: str, place: str) -> str | None:
    return None if place == NEW_CHAT else selectors.get_session(user_id, place).pk


def _rows(user_id: str, session_id: str | None) -> QuerySet[Draft]:
    """`session_id`: one that was found to be the user's. A former owner's draft would be absent with its session."""
    return Draft.objects.filter(user_id=user_id, session_id=session_id)


def _json(session_id: str | None, text: str, version: int) -> dict[str, Any]:
    return {"session": session_id, "text": text, "version": version}

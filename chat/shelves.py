"""The lists of sessions, in pages, and sessions as they stand in a list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from django.db.models import Q, QuerySet

from chat.access import joined_sessions_of, listed_sessions_of
from chat.models import Participant, Session
from chat.models.lookups import HasItem
from chat.presentation import as_guest, moment, session_json
from chat.selectors import deleted_sessions_of, get_folder, running_in, with_names

MOST_PINNED = 100


@dataclass(frozen=True, slots=True)
class Shelf:
    """Which of one's sessions are listed: those in no folder, unless a folder or a tag is named; archived or deleted ones apart."""

    scope: Literal["active", "archived", "deleted"] = "active"
    folder: str | None = None
    tag: str | None = None

    def of(self, user_id: str) -> QuerySet[Session]:
        """Raises FolderNotFound."""
        if self.scope == "deleted":
            return deleted_sessions_of(user_id)
        rows = listed_sessions_of(user_id).filter(archived_at__isnull=self.scope == "active")
        if self.folder is not None:
            rows = rows.filter(folder=get_folder(user_id, self.folder))
        elif self.tag is not None:
            rows = rows.filter(HasItem("tags", self.tag))
        elif self.scope == "active":
            rows = rows.filter(folder=None)
        return rows


def pinned_sessions(user_id: str) -> list[Session]:
    """Wherever they are, the last pinned first."""
    pinned = listed_sessions_of(user_id).filter(archived_at=None, pinned_at__isnull=False)
    return list(with_names(pinned).order_by("-pinned_at", "-id")[:MOST_PINNED])


def session_page(
    user_id: str, *, before: str | None, limit: int, shelf: Shelf = Shelf()
) -> tuple[list[Session], str | None]:
    """Newest activity first, and the cursor of the next page. A malformed cursor starts from the top. Raises FolderNotFound.

    Those in which one is a guest stand among one's own that are in no folder.
    """
    kinds = [shelf.of(user_id), joined_sessions_of(user_id)] if shelf == Shelf() else [shelf.of(user_id)]
    # Each in the order of its index; a condition with "or" would read and sort all of one's own.
    found = [session for rows in kinds for session in _newest(rows, before)[: limit + 1]]
    # Stable: within each kind the order stays the database's, which knows how it compares ids.
    page = sorted(found, key=lambda session: session.updated_at, reverse=True)
    more = len(page) > limit
    last = page[limit - 1] if more else None
    return page[:limit], f"{moment(last.updated_at)}|{last.pk}" if last else None


def _newest(rows: QuerySet[Session], before: str | None) -> QuerySet[Session]:
    rows = with_names(rows).order_by("-updated_at", "-id")
    if before and (cursor := read_cursor(before)):
        updated_at, session_id = cursor
        rows = rows.filter(Q(updated_at__lt=updated_at) | Q(updated_at=updated_at, id__lt=session_id))
    return rows


def shown_to(user_id: str, sessions: Sequence[Session]) -> list[dict[str, Any]]:
    """The JSON of each for one who may open it: with what runs in it, and whether they have read it."""
    running = running_in([session.pk for session in sessions])
    as_guests = [session.pk for session in sessions if session.user_id != user_id]
    unread: set[str] = set()
    if as_guests:
        own = Participant.objects.filter(user_id=user_id, session__in=as_guests, is_unread=True)
        unread = set(own.values_list("session_id", flat=True))
    whole = [session_json(session, running=running.get(session.pk)) for session in sessions]
    return [one if one["owner"] == user_id else as_guest(one, is_unread=one["id"] in unread) for one in whole]


def read_cursor(text: str) -> tuple[datetime, str] | None:
    """The moment and the id of the last row of a page; None when it is not a cursor of ours."""
    written, _, session_id = text.partition("|")
    try:
        updated_at = datetime.fromisoformat(written)
    except ValueError:
        return None
    return (updated_at, session_id) if updated_at.tzinfo is not None else None

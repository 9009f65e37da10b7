"""Links under which others read a session, or those in a folder: made, listed, ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from chat import selectors, shares
from chat.errors import InvalidCommand, TemporarySession
from chat.models import Generation, Share

MOST_SHARES = 20


@dataclass(frozen=True, slots=True)
class Terms:
    """Who may read, whether what comes later is shown, and until when (None: until it is ended)."""

    audience: str
    is_live: bool
    expires_at: datetime | None = None


def share(user_id: str, session_id: str, terms: Terms) -> Share:
    """Raises SessionNotFound, TemporarySession, InvalidCommand."""
    session = selectors.get_own_session(user_id, session_id)
    if session.is_temporary:
        raise TemporarySession
    _require_later(terms)
    if session.shares.count() >= MOST_SHARES:
        raise InvalidCommand("This chat has {most} links, which is the most. End one first.", {"most": MOST_SHARES})
    leaf_id = session.leaf_id
    if not terms.is_live and leaf_id is not None:
        # What is being written now is not part of a picture of now.
        running = Generation.objects.active().filter(message_id=leaf_id).select_related("message").first()
        leaf_id = running.message.parent_id if running else leaf_id
    return Share.objects.create(
        session=session,
        audience=terms.audience,
        is_live=terms.is_live,
        leaf_id=None if terms.is_live else leaf_id,
        title=session.title,
        expires_at=terms.expires_at,
    )


def share_folder(user_id: str, folder_id: str, terms: Terms) -> Share:
    """Always a live one: what lies in a folder is what lies in it now. Raises FolderNotFound, InvalidCommand."""
    folder = selectors.get_folder(user_id, folder_id)
    _require_later(terms)
    if not terms.is_live:
        raise InvalidCommand("A link to a folder shows what comes later too.")
    if folder.shares.count() >= MOST_SHARES:
        raise InvalidCommand("This folder has {most} links, which is the most. End one first.", {"most": MOST_SHARES})
    return Share.objects.create(folder=folder, audience=terms.audience, is_live=True, expires_at=terms.expires_at)


def _require_later(terms: Terms) -> None:
    if terms.expires_at is not None and terms.expires_at <= timezone.now():
        raise InvalidCommand("The link would have ended already. Choose a later moment.")


def end_share(user_id: str, share_id: str) -> Share:
    """The link, which leads nowhere from now on. Raises ShareNotFound."""
    share = shares.get_own_share(user_id, share_id)
    Share.objects.filter(pk=share.pk).delete()
    return share

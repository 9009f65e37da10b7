"""Links under which others read a session: made, listed, ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from chat import selectors
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
    session = selectors.get_session(user_id, session_id)
    if session.is_temporary:
        raise TemporarySession
    if terms.expires_at is not None and terms.expires_at <= timezone.now():
        raise InvalidCommand("The link would have ended already. Choose a later moment.")
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


def end_share(user_id: str, share_id: str) -> None:
    """Raises ShareNotFound."""
    selectors.get_own_share(user_id, share_id).delete()

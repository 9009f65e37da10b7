"""What a link leads to, and for whom: the one rule for every page that is read under one."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import F, Q, QuerySet
from django.utils.crypto import salted_hmac

from chat import access, nesting, selectors
from chat.errors import NotSignedIn, ShareNotFound
from chat.ids import is_well_formed
from chat.models import Folder, Session, Share


@dataclass(frozen=True, slots=True)
class Readable:
    """A session as a link shows it: the branch that ends at `leaf_id`, under a title."""

    session: Session
    leaf_id: str | None
    title: str


def get_own_share(user_id: str, share_id: str) -> Share:
    """One that the user has made. Raises ShareNotFound."""
    if not is_well_formed(share_id):  # nothing that no id can be goes into a query
        raise ShareNotFound
    own = Q(session__in=access.sessions_of(user_id)) | Q(folder__in=selectors.folders_of(user_id))
    share = Share.objects.filter(own, pk=share_id).first()
    if share is None:
        raise ShareNotFound
    return share


def get_share(share_id: str, reader_id: str | None) -> Share:
    """For who follows its link; `reader_id` is None for somebody who is not signed in. With its session or folder loaded.

    It leads nowhere once it has expired, its session or folder is deleted, or its owner has left the team or may not sign in.
    Raises ShareNotFound, and NotSignedIn where a team mate could read it.
    """
    if not is_well_formed(share_id):
        raise ShareNotFound
    of_chat = Q(session__isnull=False, session__deleted_at=None, session__user__is_active=True)
    of_chat &= Q(session__team__memberships__user=F("session__user"))
    of_folder = Q(folder__isnull=False, folder__erased_at=None, folder__user__is_active=True)
    of_folder &= Q(folder__team__memberships__user=F("folder__user"))
    shares = Share.objects.in_force().select_related("session", "folder")
    share = shares.filter(of_chat | of_folder, pk=share_id).first()
    if share is None:
        raise ShareNotFound
    if share.audience == Share.Audience.TEAM:
        if reader_id is None:
            raise NotSignedIn
        if not is_in_team(share, reader_id):
            raise ShareNotFound
    return share


def is_in_team(share: Share, reader_id: str) -> bool:
    """Whether a reader belongs to the team that the shared was written in."""
    shared = share.session or share.folder
    return shared is not None and shared.team.memberships.filter(user_id=reader_id).exists()


def chats_in(share: Share) -> QuerySet[Session]:
    """What the link of a folder leads to at this moment, newest activity first: what its owner's list shows in it and in the
    folders in it. Temporary, archived and deleted sessions are not among it, nor those in which nothing was said."""
    folder = share.folder
    if folder is None:
        return Session.objects.none()
    own = Folder.objects.filter(user_id=folder.user_id, team_id=folder.team_id, erased_at=None)
    folders = nesting.within(dict(own.values_list("pk", "parent_id")), folder.pk)
    listed = Session.objects.filter(user_id=folder.user_id, team_id=folder.team_id, folder__in=folders)
    shown = listed.filter(deleted_at=None, archived_at=None, is_temporary=False, leaf__isnull=False)
    return shown.order_by("-updated_at", "-id")


def place_of(share: Share, session_id: str) -> str:
    """What names a session under the link of a folder: its own id stays its owner's, and another link gives another name."""
    return salted_hmac("chat.shares", f"{share.pk}:{session_id}", algorithm="sha256").hexdigest()[:32]


def read(share: Share, place: str | None) -> Readable:
    """What is read under a link that was found; `place` names one of a folder's sessions. Raises ShareNotFound."""
    session = share.session if place is None else _session_at(share, place)
    if session is None:
        raise ShareNotFound
    if share.is_live:
        return Readable(session, session.leaf_id, session.title)
    return Readable(session, share.leaf_id, share.title)


def _session_at(share: Share, place: str) -> Session | None:
    chats = chats_in(share)
    ids = chats.values_list("pk", flat=True).iterator()
    found = next((session_id for session_id in ids if place_of(share, session_id) == place), None)
    return chats.filter(pk=found).first() if found else None

"""Reads of sessions, messages and generations. Each takes the user and gives only what is theirs: a foreign object is absent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from chat.compiled import Compiled
from chat.errors import (
    AttachmentNotFound,
    FolderNotFound,
    GenerationNotFound,
    MessageNotFound,
    SessionNotFound,
)
from chat.ids import is_well_formed
from chat.models import Attachment, Folder, Generation, Message, Schedule, Session, Share, Summary
from chat.models.lookups import HasItem
from chat.presentation import moment

MOST_PINNED = 100
MOST_THREADS = 100


def sessions_of(user_id: str) -> QuerySet[Session]:
    """The one rule of who may see a session: its owner, while a member of its team, until it is deleted."""
    return Session.objects.filter(user_id=user_id, team__memberships__user_id=user_id, deleted_at=None)


def listed_sessions_of(user_id: str) -> QuerySet[Session]:
    """What lists, searches, folders, tags and exports know: all but temporary ones."""
    return sessions_of(user_id).filter(is_temporary=False)


def schedules_of(user_id: str) -> QuerySet[Schedule]:
    """The same rule for scheduled prompts."""
    return Schedule.objects.filter(user_id=user_id, team__memberships__user_id=user_id)


def deleted_sessions_of(user_id: str) -> QuerySet[Session]:
    """Those that their owner may bring back; for everything else they are absent.

    A legal hold keeps the rows for longer than that, and shows them to nobody.
    """
    deleted = Session.objects.filter(user_id=user_id, team__memberships__user_id=user_id, is_temporary=False)
    return deleted.filter(erased_at=None, deleted_at__gte=Now() - timedelta(days=settings.DELETED_KEPT_DAYS))


def folders_of(user_id: str) -> QuerySet[Folder]:
    """By name, with the names of their models and agents, and whether a link leads to what lies in them."""
    own = Folder.objects.filter(user_id=user_id, team__memberships__user_id=user_id, erased_at=None)
    links = Share.objects.in_force().filter(folder=OuterRef("pk"))
    return own.select_related("model", "agent").annotate(is_shared=Exists(links)).order_by("name", "id")


def get_folder(user_id: str, folder_id: str) -> Folder:
    """Raises FolderNotFound."""
    folder = folders_of(user_id).filter(pk=folder_id).first() if is_well_formed(folder_id) else None
    if folder is None:
        raise FolderNotFound
    return folder


def tags_of(user_id: str) -> list[str]:
    """Every tag of one's sessions, by name."""
    lists = listed_sessions_of(user_id).exclude(tags=[]).values_list("tags", flat=True)
    return sorted({tag for tags in lists for tag in tags}, key=str.casefold)


def get_session(user_id: str, session_id: str) -> Session:
    """With the names of its model and agent loaded. Raises SessionNotFound."""
    if not is_well_formed(session_id):  # nothing that no id can be goes into a query
        raise SessionNotFound
    found = _SESSION.rows(user_id=user_id, session_id=session_id)
    if not found:
        raise SessionNotFound
    return found[0]


def with_names(sessions: QuerySet[Session]) -> QuerySet[Session]:
    """With what `session_json` shows of others, and no more: an agent's instructions and a model's prices are wide."""
    return sessions.annotate(model_name=F("model__display_name"), agent_name=F("agent__name"))  # type: ignore[no-redef]


_SESSION = Compiled(
    lambda user_id, session_id: with_names(sessions_of(user_id)).filter(pk=session_id), "user_id", "session_id"
)
_OWN_SESSION = Compiled(
    lambda session_id: with_names(Session.objects.filter(deleted_at=None, pk=session_id)), "session_id"
)


def session_of_answer(session_id: str) -> Session | None:
    """For who has authorized its owner already; None when it has been deleted meanwhile."""
    return next(iter(_OWN_SESSION.rows(session_id=session_id)), None)


def threads_among(user_id: str, forked: list[str]) -> list[Session]:
    """Of sessions that were forked from a message (`branches.forked_from`) those that are listed, newest first."""
    threads = with_names(listed_sessions_of(user_id)).filter(pk__in=forked)
    return list(threads.order_by("-created_at", "-id")[:MOST_THREADS])


def origin_of(user_id: str, thread: Session) -> Session | None:
    """The session that a thread was forked from, unless it is gone, deleted or temporary."""
    message = Message.objects.only("session_id").filter(pk=thread.forked_from_id).first()
    try:
        origin = get_session(user_id, message.session_id) if message else None
    except SessionNotFound:
        return None
    return None if origin is None or origin.is_temporary else origin


_ACTIVE = Compiled(
    lambda session_id: (
        Generation.objects.active()
        .filter(session_id=session_id)
        .order_by("place")
        .only("beside", "place", "message_id")
    ),
    "session_id",
)


def active_of(session_id: str) -> list[Generation]:
    """What is being written in a session that was found: the answer that leads first, then those at its side."""
    return _ACTIVE.rows(session_id=session_id)


def get_message(session: Session, message_id: str) -> Message:
    """Raises MessageNotFound."""
    if not is_well_formed(message_id):
        raise MessageNotFound
    message = session.messages.select_related("generation", "parent", "summary").filter(pk=message_id).first()
    if message is None:
        raise MessageNotFound
    return message


def get_generation(user_id: str, generation_id: str) -> Generation:
    """With its message loaded. Raises GenerationNotFound."""
    generation = (
        Generation.objects.select_related("message__summary")
        .filter(pk=generation_id, session__in=sessions_of(user_id))
        .first()
    )
    if generation is None:
        raise GenerationNotFound
    return generation


_SESSION_OF_GENERATION = Compiled(
    lambda user_id, generation_id: Generation.objects.filter(pk=generation_id, session__in=sessions_of(user_id)).only(
        "session_id"
    ),
    "user_id",
    "generation_id",
)


def session_of_generation(user_id: str, generation_id: str) -> str:
    """Its id. Raises GenerationNotFound."""
    found = _SESSION_OF_GENERATION.rows(user_id=user_id, generation_id=generation_id)
    if not found:
        raise GenerationNotFound
    return found[0].session_id


def get_attachment(user_id: str, attachment_id: str) -> Attachment:
    """The one rule of who may have a file: whoever uploaded it, from its message on while its session is theirs to see.

    Raises AttachmentNotFound.
    """
    mine = Q(session__in=sessions_of(user_id)) | Q(session=None, state=Attachment.State.READY)
    return _attachment(Attachment.objects.filter(mine, user_id=user_id), attachment_id)


def get_unsent_attachment(user_id: str, attachment_id: str) -> Attachment:
    """Raises AttachmentNotFound."""
    unsent = Attachment.objects.filter(user_id=user_id, session=None, state=Attachment.State.READY)
    return _attachment(unsent, attachment_id)


def _attachment(rows: QuerySet[Attachment], attachment_id: str) -> Attachment:
    found = rows.defer("text").filter(pk=attachment_id).first() if is_well_formed(attachment_id) else None
    if found is None:
        raise AttachmentNotFound
    return found


def attachments_for(session: Session) -> QuerySet[Attachment]:
    """What may go with a message of a session that was found: its owner's unsent files, and those that it has already."""
    unsent = Q(session=None, state=Attachment.State.READY)
    return Attachment.objects.filter(unsent | Q(session=session), user_id=session.user_id)


def running(user_id: str) -> list[dict[str, str]]:
    """The user's active generations: `{"session", "generation"}`."""
    return [{"session": one.session_id, "generation": one.pk} for one in _RUNNING.rows(user_id=user_id)]


_RUNNING = Compiled(
    lambda user_id: Generation.objects.active().filter(session__in=sessions_of(user_id)).only("session_id"), "user_id"
)


def running_in(session_ids: list[str]) -> dict[str, str]:
    """By session id the active generation that leads, or the first of those at its side when it has ended."""
    active = Generation.objects.active().filter(session_id__in=session_ids)
    return dict(active.order_by("-place").values_list("session_id", "pk"))


def active_in(session_ids: list[str]) -> list[str]:
    """All active generations of these sessions, in each the one that leads before those at its side."""
    active = Generation.objects.active().filter(session_id__in=session_ids)
    return list(active.order_by("session_id", "place").values_list("pk", flat=True))


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
    """Newest activity first, and the cursor of the next page. A malformed cursor starts from the top. Raises FolderNotFound."""
    rows = with_names(shelf.of(user_id)).order_by("-updated_at", "-id")
    if before and (cursor := read_cursor(before)):
        updated_at, session_id = cursor
        rows = rows.filter(Q(updated_at__lt=updated_at) | Q(updated_at=updated_at, id__lt=session_id))
    page = list(rows[: limit + 1])
    more = len(page) > limit
    last = page[limit - 1] if more else None
    return page[:limit], f"{moment(last.updated_at)}|{last.pk}" if last else None


def read_cursor(text: str) -> tuple[datetime, str] | None:
    """The moment and the id of the last row of a page; None when it is not a cursor of ours."""
    written, _, session_id = text.partition("|")
    try:
        updated_at = datetime.fromisoformat(written)
    except ValueError:
        return None
    return (updated_at, session_id) if updated_at.tzinfo is not None else None


def generation_of(message: Message) -> Generation | None:
    """The generation that produced an assistant message. Others have none, and are not asked about in vain."""
    return getattr(message, "generation", None) if message.role == Message.Role.ASSISTANT else None


def summary_of(message: Message) -> Summary | None:
    """The summary that ends with an answer, as it was read with it. Others have none, and are not asked about in vain."""
    return getattr(message, "summary", None) if message.role == Message.Role.ASSISTANT else None


def author_of(answer: Message) -> str | None:
    """The name of the model that wrote an answer, or what was first edited in it."""
    generation = generation_of(answer)
    if generation is not None:
        return generation.model_name or None
    return next((part["data"]["model"] for part in answer.parts if part["type"] == "data-edited"), None)

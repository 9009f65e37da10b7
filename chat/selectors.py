"""Reads of sessions, messages and generations. Each takes the user and gives only what they may see (`chat.access`): all else is absent."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from chat.access import joined_sessions_of, listed_sessions_of, open_sessions_of, sessions_of
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

MOST_THREADS = 100


def schedules_of(user_id: str) -> QuerySet[Schedule]:
    """The rule of one's own sessions for scheduled prompts."""
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
    """One's own, or one in which the user is a guest. With the names of its model and agent loaded. Raises SessionNotFound."""
    if not is_well_formed(session_id):  # nothing that no id can be goes into a query
        raise SessionNotFound
    found = _SESSION.rows(user_id=user_id, session_id=session_id)
    if not found:
        raise SessionNotFound
    return found[0]


def get_own_session(user_id: str, session_id: str) -> Session:
    """For what is its owner's alone. Raises SessionNotFound."""
    session = get_session(user_id, session_id)
    if session.user_id != user_id:
        raise SessionNotFound
    return session


def with_names(sessions: QuerySet[Session]) -> QuerySet[Session]:
    """With what `session_json` shows of others, and no more: an agent's instructions and a model's prices are wide."""
    return sessions.annotate(model_name=F("model__display_name"), agent_name=F("agent__name"))  # type: ignore[no-redef]


_SESSION = Compiled(
    lambda user_id, session_id: with_names(open_sessions_of(user_id)).filter(pk=session_id), "user_id", "session_id"
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
    """The session that one's own thread was forked from, unless it is gone, deleted or temporary."""
    if thread.user_id != user_id:
        return None
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


def _is_open_to(user_id: str) -> Exists:
    """Of rows with a session. Not `session__in`: that would gather all that somebody may open, to look for one."""
    return Exists(open_sessions_of(user_id).filter(pk=OuterRef("session_id")))


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
        Generation.objects.select_related("message__summary").filter(_is_open_to(user_id), pk=generation_id).first()
    )
    if generation is None:
        raise GenerationNotFound
    return generation


_SESSION_OF_GENERATION = Compiled(
    lambda user_id, generation_id: Generation.objects.filter(_is_open_to(user_id), pk=generation_id).only("session_id"),
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
    """The one rule of who may have a file: whoever uploaded it, and from its message on whoever may open its session.

    Raises AttachmentNotFound.
    """
    unsent = Q(session=None, state=Attachment.State.READY, user_id=user_id)
    return _attachment(Attachment.objects.filter(unsent | Q(_is_open_to(user_id))), attachment_id)


def get_unsent_attachment(user_id: str, attachment_id: str) -> Attachment:
    """Raises AttachmentNotFound."""
    unsent = Attachment.objects.filter(user_id=user_id, session=None, state=Attachment.State.READY)
    return _attachment(unsent, attachment_id)


def _attachment(rows: QuerySet[Attachment], attachment_id: str) -> Attachment:
    found = rows.defer("text").filter(pk=attachment_id).first() if is_well_formed(attachment_id) else None
    if found is None:
        raise AttachmentNotFound
    return found


def attachments_for(session: Session, user_id: str) -> QuerySet[Attachment]:
    """What may go with somebody's message in a session that was found: their unsent files, and those that it has already."""
    unsent = Q(session=None, state=Attachment.State.READY, user_id=user_id)
    return Attachment.objects.filter(unsent | Q(session=session))


def running(user_id: str) -> list[dict[str, str]]:
    """What is being written where the user may read it: `{"session", "generation"}`."""
    found = [*_RUNNING.rows(user_id=user_id), *_RUNNING_AS_GUEST.rows(user_id=user_id)]
    return [{"session": one.session_id, "generation": one.pk} for one in found]


# Two queries: each begins at the few rows that an index names, which a condition with "or" does not.
_RUNNING = Compiled(
    lambda user_id: Generation.objects.active().filter(session__in=sessions_of(user_id)).only("session_id"), "user_id"
)
_RUNNING_AS_GUEST = Compiled(
    lambda user_id: Generation.objects.active().filter(session__in=joined_sessions_of(user_id)).only("session_id"),
    "user_id",
)


def running_in(session_ids: list[str]) -> dict[str, str]:
    """By session id the active generation that leads, or the first of those at its side when it has ended."""
    active = Generation.objects.active().filter(session_id__in=session_ids)
    return dict(active.order_by("-place").values_list("session_id", "pk"))


def active_in(session_ids: list[str]) -> list[str]:
    """All active generations of these sessions, in each the one that leads before those at its side."""
    active = Generation.objects.active().filter(session_id__in=session_ids)
    return list(active.order_by("session_id", "place").values_list("pk", flat=True))


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

"""Finds sessions by title, the messages in them, and the files: one's own, and where one is a guest (`chat.access`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_

from django.db.models import Exists, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast

from ai_studio.search.query import Query
from chat import access, parts, selectors, shelves
from chat.models import Attachment, Generation, Message, Session
from chat.presentation import moment
from chat.search.index import Window, holding, index
from chat.search.snippets import Segment, snippet

MAX_SESSIONS = 8
MAX_FILES = 8
"""Titles and files come with the first page alone: who looks for more of them looks in the wrong way."""


@dataclass(frozen=True, slots=True)
class Filters:
    """None: not asked for. `agent` and `model`: ids of what the session has, or of what has answered in it."""

    agent: str | None = None
    model: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    archived: bool | None = None


@dataclass(frozen=True, slots=True)
class FoundSession:
    session: Session
    title: list[Segment]


@dataclass(frozen=True, slots=True)
class FoundMessage:
    message: Message
    session: Session
    snippet: list[Segment]


@dataclass(frozen=True, slots=True)
class FoundFile:
    attachment: Attachment
    session: Session
    message_id: str
    """The newest message that it went with."""
    name: list[Segment]
    snippet: list[Segment]
    """Empty where nothing could be read in it."""


@dataclass(frozen=True, slots=True)
class Found:
    sessions: list[FoundSession]
    files: list[FoundFile]
    messages: list[FoundMessage]
    next: str | None
    """The cursor of the next page of messages."""


def find(user_id: str, query: Query, filters: Filters, *, before: str | None, limit: int) -> Found:
    """Newest first. Nothing is found by nothing. A malformed cursor starts from the top."""
    if not query.phrases:
        return Found([], [], [], None)
    sessions = _filtered(user_id, filters)
    titled = [] if before else list(matching_sessions(sessions, query, filters)[:MAX_SESSIONS])
    files = [] if before else _files(sessions, query, filters)
    window = Window(filters.since, filters.until, shelves.read_cursor(before) if before else None)
    # The ids first: what is sorted must not carry the texts of all that match.
    ids = index().newest(query, sessions, window, limit + 1)
    read = Message.objects.only("session_id", "role", "text", "created_at").in_bulk(ids[:limit])
    page = [read[message_id] for message_id in ids[:limit] if message_id in read]  # one may be deleted at this moment
    last = page[-1] if page and len(ids) > limit else None
    shown = selectors.with_names(Session.objects.all()).in_bulk([message.session_id for message in page])
    return Found(
        [FoundSession(session, snippet(session.title, query)) for session in titled],
        files,
        [FoundMessage(one, shown[one.session_id], snippet(one.text, query)) for one in page],
        f"{moment(last.created_at)}|{last.pk}" if last else None,
    )


def matching_sessions(sessions: QuerySet[Session], query: Query, filters: Filters) -> QuerySet[Session]:
    found = selectors.with_names(sessions.filter(holding("session", query)))
    if filters.since:
        found = found.filter(updated_at__gte=filters.since)
    if filters.until:
        found = found.filter(created_at__lt=filters.until)
    return found.order_by("-updated_at", "-id")


def _files(sessions: QuerySet[Session], query: Query, filters: Filters) -> list[FoundFile]:
    found = Attachment.objects.filter(holding("attachment", query), session__in=sessions)
    if filters.since:
        found = found.filter(created_at__gte=filters.since)
    if filters.until:
        found = found.filter(created_at__lt=filters.until)
    files = list(found.order_by("-created_at", "-id")[:MAX_FILES])
    if not files:
        return []
    shown = selectors.with_names(Session.objects.all()).in_bulk([file.session_id for file in files])
    messages = _messages_with(files)
    return [
        FoundFile(
            file,
            shown[file.session_id],
            messages[file.pk],
            snippet(file.name, query),
            snippet(file.text, query) if file.text.strip() else [],
        )
        for file in files
        if file.pk in messages
    ]


def _messages_with(files: list[Attachment]) -> dict[str, str]:
    """By each file's id, the newest message that it went with."""
    naming = reduce(or_, (Q(written__contains=file.pk) for file in files))
    sessions = {file.session_id for file in files}
    written = Message.objects.annotate(written=Cast("parts", TextField())).filter(
        naming, session__in=sessions, role=Message.Role.USER
    )
    return {
        part["attachment"]: message.pk
        for message in written.only("parts").order_by("created_at", "pk")
        for part in parts.files_of(message.parts)
    }


def _filtered(user_id: str, filters: Filters) -> QuerySet[Session]:
    sessions = access.searched_sessions_of(user_id)
    if filters.archived is not None:
        archived = Q(user_id=user_id, archived_at__isnull=False)  # by its owner; for a guest none is
        sessions = sessions.filter(archived if filters.archived else ~archived)
    answered = Generation.objects.filter(session=OuterRef("pk"))
    if filters.agent:
        sessions = sessions.filter(Q(agent=filters.agent) | Exists(answered.filter(agent=filters.agent)))
    if filters.model:
        sessions = sessions.filter(Q(model=filters.model) | Exists(answered.filter(model=filters.model)))
    return sessions

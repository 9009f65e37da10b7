"""Which rows hold the words, in the language of the database. Two implementations of `Index`, chosen by vendor."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any, Literal, Protocol

from django.db import connection
from django.db.models import BooleanField, Q, QuerySet, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import StrIndex
from django.db.models.lookups import GreaterThan

from ai_studio.search.languages import fts5, pairs, tsquery
from ai_studio.search.query import Phrase, Query
from chat.models import Message, Session

Kind = Literal["message", "session", "attachment"]

_TEXTS = {"message": ("text",), "session": ("title",), "attachment": ("name", "text")}

_ON_SQLITE = """chat_{kind}.id IN (
    SELECT e.{kind}_id FROM chat_search s JOIN chat_search_entry e ON e.id = s.rowid
    WHERE s.text MATCH %s AND e.{kind}_id IS NOT NULL
)"""
_ON_POSTGRESQL = "chat_{kind}.search @@ to_tsquery('simple', %s)"
_PAIRS_ON_POSTGRESQL = "chat_{kind}.search @@ %s::tsquery"

# INDEXED BY: the planner can't know how many entries a word has, and would look up and sort those of a frequent one.
_NEWEST_ON_SQLITE = """
SELECT e.message_id FROM chat_search_entry e INDEXED BY chat_search_newest
WHERE e.id IN (SELECT rowid FROM chat_search WHERE text MATCH %s) AND e.message_id IS NOT NULL AND {conditions}
ORDER BY e.created_at DESC, e.message_id DESC LIMIT %s
"""


@dataclass(frozen=True, slots=True)
class Window:
    """Of what time messages are wanted: from `since`, up to but without `until`, older than the message `before` (its time and id)."""

    since: datetime | None
    until: datetime | None
    before: tuple[datetime, str] | None


class Index(Protocol):
    def matches(self, kind: Kind, phrases: tuple[Phrase, ...]) -> RawSQL:
        """True for the rows of chat_message, chat_session or chat_attachment whose text holds all of the phrases."""

    def may_hold(self, kind: Kind, phrase: Phrase) -> Q:
        """True for all rows whose text holds an unspaced phrase, and the fewer others the better."""

    def newest(self, query: Query, sessions: QuerySet[Session], window: Window, limit: int) -> list[str]:
        """Ids of at most `limit` messages of these sessions that hold all of the phrases, the newest first."""


class SQLiteIndex:
    def matches(self, kind: Kind, phrases: tuple[Phrase, ...]) -> RawSQL:
        return RawSQL(_ON_SQLITE.format(kind=kind), [fts5(phrases)], output_field=BooleanField())  # noqa: S611

    def may_hold(self, kind: Kind, phrase: Phrase) -> Q:
        """FTS5 knows whole runs of such scripts only."""
        return Q()

    def newest(self, query: Query, sessions: QuerySet[Session], window: Window, limit: int) -> list[str]:
        """Walks back from the newest entry until the page is full, in an index that holds all it needs. What is read of the words
        are numbers; with a rare word all entries are passed, at some ten million a second."""
        if any(phrase.is_unspaced for phrase in query.phrases):
            return list(_messages(query, sessions, window)[:limit])
        moment = connection.ops.adapt_datetimefield_value
        own, parameters = sessions.values("pk").query.sql_with_params()
        conditions: list[tuple[str, tuple[Any, ...]]] = [(f"e.of_session IN ({own})", parameters)]
        if window.since:
            conditions.append(("e.created_at >= %s", (moment(window.since),)))
        if window.until:
            conditions.append(("e.created_at < %s", (moment(window.until),)))
        if window.before:
            at, message_id = window.before
            conditions.append(("(e.created_at, e.message_id) < (%s, %s)", (moment(at), message_id)))
        statement = _NEWEST_ON_SQLITE.format(conditions=" AND ".join(condition for condition, _ in conditions))
        given = [each for _, values in conditions for each in values]
        with connection.cursor() as cursor:
            cursor.execute(statement, [fts5(query.phrases), *given, limit])
            return [message_id for (message_id,) in cursor.fetchall()]


class PostgreSQLIndex:
    def matches(self, kind: Kind, phrases: tuple[Phrase, ...]) -> RawSQL:
        return RawSQL(_ON_POSTGRESQL.format(kind=kind), [tsquery(phrases)], output_field=BooleanField())  # noqa: S611

    def may_hold(self, kind: Kind, phrase: Phrase) -> Q:
        return Q(RawSQL(_PAIRS_ON_POSTGRESQL.format(kind=kind), [pairs(phrase)], output_field=BooleanField()))  # noqa: S611

    def newest(self, query: Query, sessions: QuerySet[Session], window: Window, limit: int) -> list[str]:
        """Rare words are looked up; for frequent ones the planner walks back from the newest message until the page is full."""
        return list(_messages(query, sessions, window)[:limit])


def index() -> Index:
    """That of the database in use."""
    return PostgreSQLIndex() if connection.vendor == "postgresql" else SQLiteIndex()


def holding(kind: Kind, query: Query) -> Q:
    """The condition for `query`, which has at least one phrase.

    Of a script without spaces no index knows the words: there the text itself is asked, where the index says that it may hold them.
    """
    condition = Q()
    if indexed := tuple(phrase for phrase in query.phrases if not phrase.is_unspaced):
        condition &= Q(index().matches(kind, indexed))
    for phrase in query.phrases:
        if phrase.is_unspaced:
            condition &= index().may_hold(kind, phrase)
            for word in phrase.words:
                condition &= reduce(or_, (_written(text, word) for text in _TEXTS[kind]))
    return condition


def _written(column: str, word: str) -> Q:
    """Most of these scripts have no case, and folding that of every text would take longer than all else."""
    if word.upper() == word.lower():
        return Q(GreaterThan(StrIndex(column, Value(word)), 0))
    return Q((f"{column}__icontains", word))


def _messages(query: Query, sessions: QuerySet[Session], window: Window) -> QuerySet[Message, str]:
    """Ids."""
    found = Message.objects.filter(holding("message", query), session__in=sessions)
    if window.since:
        found = found.filter(created_at__gte=window.since)
    if window.until:
        found = found.filter(created_at__lt=window.until)
    if window.before:
        at, message_id = window.before
        # The first says nothing new, but an index can begin there.
        found = found.filter(Q(created_at__lte=at), Q(created_at__lt=at) | Q(id__lt=message_id))
    return found.order_by("-created_at", "-id").values_list("pk", flat=True)

"""Which rows hold the words: one condition for the ORM, in the language of the database. Two implementations of `Index`, chosen by vendor."""

from __future__ import annotations

from typing import Literal, Protocol

from django.db import connection
from django.db.models import BooleanField, Q
from django.db.models.expressions import RawSQL

from ai_studio.search.languages import fts5, tsquery
from ai_studio.search.query import Phrase, Query

Kind = Literal["message", "session"]

_TEXT = {"message": "text", "session": "title"}

_ON_SQLITE = {
    "message": """chat_message.id IN (
        SELECT e.message_id FROM chat_search s JOIN chat_search_entry e ON e.id = s.rowid
        WHERE s.text MATCH %s AND e.message_id IS NOT NULL
    )""",
    "session": """chat_session.id IN (
        SELECT e.session_id FROM chat_search s JOIN chat_search_entry e ON e.id = s.rowid
        WHERE s.text MATCH %s AND e.session_id IS NOT NULL
    )""",
}
_ON_POSTGRESQL = {
    "message": "chat_message.search @@ to_tsquery('simple', %s)",
    "session": "chat_session.search @@ to_tsquery('simple', %s)",
}


class Index(Protocol):
    def matches(self, kind: Kind, phrases: tuple[Phrase, ...]) -> RawSQL:
        """True for the rows of chat_message or chat_session whose text holds all of the phrases."""


class SQLiteIndex:
    def matches(self, kind: Kind, phrases: tuple[Phrase, ...]) -> RawSQL:
        return RawSQL(_ON_SQLITE[kind], [fts5(phrases)], output_field=BooleanField())  # noqa: S611


class PostgreSQLIndex:
    def matches(self, kind: Kind, phrases: tuple[Phrase, ...]) -> RawSQL:
        return RawSQL(_ON_POSTGRESQL[kind], [tsquery(phrases)], output_field=BooleanField())  # noqa: S611


def index() -> Index:
    """That of the database in use."""
    return PostgreSQLIndex() if connection.vendor == "postgresql" else SQLiteIndex()


def holding(kind: Kind, query: Query) -> Q:
    """The condition for `query`, which has at least one phrase.

    Of a script without spaces an index knows whole runs only: there the text itself is read, of one person's messages.
    """
    condition = Q()
    if indexed := tuple(phrase for phrase in query.phrases if not phrase.is_unspaced):
        condition &= Q(index().matches(kind, indexed))
    for phrase in query.phrases:
        if phrase.is_unspaced:
            condition &= Q(**{f"{_TEXT[kind]}__icontains": phrase.words[0]})
    return condition

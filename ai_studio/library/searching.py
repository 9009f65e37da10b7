"""Finds passages in the documents of a library, on SQLite (FTS5) and PostgreSQL alike. Two implementations of `Index`, chosen by vendor."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import reduce
from operator import and_
from typing import Protocol

from django.db import connection
from django.db.models import Q

from ai_studio import models
from ai_studio.search.languages import fts5, tsquery
from ai_studio.search.query import Phrase, parse

MOST = 50
SHORTEST_BEGINNING = 3
"""Characters of a word that may go on."""


@dataclass(frozen=True, slots=True)
class Passage:
    """`position`: of its first character in the document's text."""

    document: str
    position: int
    text: str


class Index(Protocol):
    def best(self, library_id: str, phrases: tuple[Phrase, ...], limit: int) -> list[int]:
        """Ids of passages that hold at least one of the phrases, the best first."""


class SQLiteIndex:
    def best(self, library_id: str, phrases: tuple[Phrase, ...], limit: int) -> list[int]:
        return _ids(
            """
            SELECT p.id FROM ai_studio_passage_search s
            JOIN ai_studio_passage p ON p.id = s.rowid JOIN ai_studio_document d ON d.id = p.document_id
            WHERE ai_studio_passage_search MATCH %s AND d.library_id = %s
            ORDER BY bm25(ai_studio_passage_search), d.name, p.position LIMIT %s
            """,
            [fts5(phrases, joined_by=" OR "), library_id, limit],
        )


class PostgreSQLIndex:
    def best(self, library_id: str, phrases: tuple[Phrase, ...], limit: int) -> list[int]:
        wanted = tsquery(phrases, joined_by=" | ")
        return _ids(
            """
            SELECT p.id FROM ai_studio_passage p JOIN ai_studio_document d ON d.id = p.document_id
            WHERE p.search @@ to_tsquery('simple', %s) AND d.library_id = %s
            ORDER BY ts_rank(p.search, to_tsquery('simple', %s)) DESC, d.name, p.position LIMIT %s
            """,
            [wanted, library_id, wanted, limit],
        )


def search(library_id: str, query: str, limit: int) -> list[Passage]:
    """At most `limit` passages that hold some words of `query`, the best first; none for a query without words. Anything
    may be typed; `"quoted words"` follow each other.

    Of a script without spaces an index knows whole runs only: there the passages themselves are read, after the others.
    """
    limit = max(0, min(limit, MOST))
    phrases = parse(query).phrases
    spaced = tuple(_whole_if_short(phrase) for phrase in phrases if not phrase.is_unspaced)
    ids = _index().best(library_id, spaced, limit) if spaced else []
    if (unspaced := [phrase for phrase in phrases if phrase.is_unspaced]) and len(ids) < limit:
        ids += _holding(library_id, unspaced, limit - len(ids), besides=ids)
    found = models.Passage.objects.select_related("document").in_bulk(ids)
    rows = (found[each] for each in ids if each in found)
    return [Passage(row.document.name, row.position, row.text) for row in rows]


def _whole_if_short(phrase: Phrase) -> Phrase:
    """Models ask in sentences: "I" is no beginning of "is" and "in"."""
    return replace(phrase, is_prefix=phrase.is_prefix and len(phrase.words[-1]) >= SHORTEST_BEGINNING)


def _index() -> Index:
    return PostgreSQLIndex() if connection.vendor == "postgresql" else SQLiteIndex()


def _ids(statement: str, parameters: list[str | int]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return [pk for (pk,) in cursor.fetchall()]


def _holding(library_id: str, phrases: list[Phrase], limit: int, *, besides: list[int]) -> list[int]:
    condition = Q()
    for phrase in phrases:
        condition |= reduce(and_, (Q(text__icontains=word) for word in phrase.words))
    rows = models.Passage.objects.filter(condition, document__library=library_id).exclude(pk__in=besides)
    return list(rows.order_by("document__name", "position").values_list("pk", flat=True)[:limit])

"""Passages of a library are found by words, on both databases (this suite runs on PostgreSQL as well)."""

from __future__ import annotations

import pytest
from django.db import connection

from ai_studio.library import schema
from ai_studio.library.searching import search
from ai_studio.models import Library
from tests import factories
from tests.integration.libraries import make_document, make_library

pytestmark = pytest.mark.django_db


@pytest.fixture
def library(db: None) -> Library:
    library = make_library(factories.make_team())
    make_document(
        library, "Holidays are thirty days a year.\n\n" + "Filler. " * 200 + "\n\nCarry over ends in March.", "leave.md"
    )
    make_document(library, "Die Bürozeiten: um neun Uhr. Крещатик 22. 東京の事務所は九時に開きます。", "office.txt")
    return library


def documents(library: Library, query: str, limit: int = 10) -> list[str]:
    return [passage.document for passage in search(library.pk, query, limit)]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("holiday", ["leave.md"]),
        ("HOLIDAYS", ["leave.md"]),
        ("how many holidays do I have", ["leave.md"]),
        ('"thirty days"', ["leave.md"]),
        ('"days thirty"', []),
        ("burozeiten", ["office.txt"]),
        ("крещатик", ["office.txt"]),
        ("事務所", ["office.txt"]),
        ('"uhr 事務所"', ["office.txt"]),
        ('"holidays 事務所"', []),
        ("nothing-of-this", []),
        ("", []),
        ("'); DROP TABLE x; -- \" OR *", []),
    ],
)
def test_words_find_passages(library: Library, query: str, found: list[str]):
    assert documents(library, query) == found


def test_a_passage_says_where_it_is(library: Library):
    (passage,) = search(library.pk, "March", 5)
    text = library.documents.get(name="leave.md").text
    assert "Carry over ends in March." in passage.text
    assert text[passage.position : passage.position + len(passage.text)] == passage.text


def test_the_one_with_more_of_the_words_comes_first(library: Library):
    make_document(library, "Thirty holidays.", "z.txt")
    make_document(library, "Thirty people came to the meeting about the new building.", "a.txt")
    assert documents(library, "thirty holidays")[0] in {"z.txt", "leave.md"}
    assert documents(library, "thirty holidays")[-1] == "a.txt"


def test_the_limit_holds(library: Library):
    make_document(library, "needle in hay.\n\n" * 900)
    assert len(search(library.pk, "needle", 3)) == 3
    assert search(library.pk, "needle", 0) == []


def test_nothing_of_another_library_is_found(library: Library):
    other = make_library(factories.make_team())
    assert documents(other, "holidays 事務所") == []


def test_what_is_replaced_or_removed_is_found_no_more(library: Library):
    make_document(library, "Vacation is forty days.", "leave.md")
    assert documents(library, "holidays") == []
    assert documents(library, "vacation") == ["leave.md"]
    library.documents.get(name="leave.md").delete()
    assert documents(library, "vacation") == []


def test_a_rebuilt_table_gets_its_triggers_back(library: Library):
    if connection.vendor == "sqlite":  # PostgreSQL keeps what belongs to a table when the table changes
        with connection.cursor() as cursor:
            cursor.execute("DROP TRIGGER ai_studio_passage_added")
            cursor.execute("DROP TRIGGER ai_studio_passage_removed")
        make_document(library, "Unseen words.", "new.txt")
        assert documents(library, "unseen") == []
        schema.ensure(connection)
        assert documents(library, "unseen") == ["new.txt"]
    schema.ensure(connection)
    make_document(library, "Later words.", "later.txt")
    assert documents(library, "later") == ["later.txt"]
    assert documents(library, "holidays") == ["leave.md"]

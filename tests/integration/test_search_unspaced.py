"""Scripts without spaces: any piece of a text finds it, wherever it stands in what looks like one long word."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from chat import search
from chat.models import Message
from tests import factories
from tests.integration.test_search import ask, found

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("全文検索です", "全"),
        ("全文検索です", "検索"),
        ("全文検索です", "索で"),
        ("全文検索です", "す"),
        ("全文検索です。次の文", "文検索です"),
        ("全文検索です", "検索 全文"),
        ("新しいGPT模型の話", "gpt模型"),
        ("the old 模型 of it", '"old 模型"'),
        ("ガーデンのバラ", "デン"),
        ("รักภาษาไทยมาก", "ภาษาไทย"),
        ("𠮷野家で食べた", "𠮷野"),
        ("の" * 300 + "検索" + "の" * 300, "の検索の"),
        ("A title in English, 標題", "english 標題"),
    ],
)
def test_a_piece_is_found(api: Client, alice: Any, text: str, query: str) -> None:
    session = factories.make_session(alice, title="検索")
    message = factories.make_message(session, text)
    factories.make_message(session, "別の 的話題 English garden")
    assert found(api, query) == {message.pk}


@pytest.mark.parametrize("query", ["検全", "索検", "全文索", "gpt検索", '"全文 nothing"'])
def test_what_stands_there_in_no_such_order_is_not(api: Client, alice: Any, query: str) -> None:
    factories.make_message(factories.make_session(alice), "全文検索です GPT")
    assert found(api, query) == set()


@pytest.mark.parametrize("query", ["gpt", "模型 gpt"])
def test_a_word_of_another_script_is_found_within_by_postgresql(api: Client, alice: Any, query: str) -> None:
    """FTS5's tokenizer takes the whole run for one word."""
    message = factories.make_message(factories.make_session(alice), "新しいGPT模型の話")
    assert found(api, query) == ({message.pk} if connection.vendor == "postgresql" else set())


def test_titles_are_found_by_a_piece_too(api: Client, alice: Any) -> None:
    session = factories.make_session(alice, title="全文検索の話")
    assert [one["session"]["id"] for one in ask(api, "検索")["sessions"]] == [session.pk]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text("検索全文aB ・。がข", max_size=12), st.integers(0, 11), st.integers(1, 4))
@example("索検索", 1, 2)
@example("検索検", 2, 1)
@example("aがB", 1, 1)
def test_whatever_is_cut_out_of_a_text_finds_it(api: Client, alice: Any, text: str, start: int, size: int) -> None:
    Message.objects.filter(session__user=alice).delete()
    piece = text[start : start + size].strip()
    message = factories.make_message(factories.make_session(alice), text)
    factories.make_message(message.session, "xyz")
    words = search.parse(piece).phrases
    if words and all(phrase.is_unspaced for phrase in words):
        assert found(api, piece) == {message.pk}


def test_a_text_of_nothing_but_different_characters_can_be_stored(alice: Any) -> None:
    """PostgreSQL's vectors hold at most 1 MB."""
    characters = "".join(map(chr, (*range(0x4E00, 0x9FFF), *range(0x20000, 0x2A6DF))))
    for text in (
        characters * 2,
        " ".join(characters),
        " ".join(a + b for a, b in zip(characters, characters[7:], strict=False)),
    ):
        factories.make_message(factories.make_session(alice), text)


def test_postgresql_asks_its_index(alice: Any) -> None:
    if connection.vendor != "postgresql":
        return
    session = factories.make_session(alice)
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO chat_message (id, session_id, role, parts, text, created_at)
            SELECT 'message-number-' || i, %s, 'user', '[]', CASE WHEN i %% 997 = 0 THEN '全文検索です' ELSE '別の話題です' || i END, %s
            FROM generate_series(1, 100000) AS i""",
            [session.pk, timezone.now()],
        )
        cursor.execute("ANALYZE chat_message")
    with CaptureQueriesContext(connection) as queries:
        found = search.find(alice.pk, search.parse("検索"), search.Filters(), before=None, limit=20).messages
    assert len(found) == 20
    (statement,) = [one["sql"] for one in queries if "ORDER BY" in one["sql"] and "chat_message.search" in one["sql"]]
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {statement}")
        plan = "\n".join(str(row[-1]) for row in cursor.fetchall())
    assert "Bitmap Index Scan on chat_search_message" in plan

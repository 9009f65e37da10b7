"""The index behind the search: what the database does with it, and that it is whole whatever happens to it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from chat import access, search
from chat.models import Message
from chat.search import finding, schema
from tests import factories
from tests.integration.conftest import usable_model
from tests.integration.test_search import ask, found, found_files, make_file

pytestmark = pytest.mark.django_db(transaction=True)


def plan_of(query: str, user_id: str, **filters: Any) -> str:
    """How the database goes about finding messages, in the very statement that is sent to it."""
    with CaptureQueriesContext(connection) as queries:
        hits = search.find(user_id, search.parse(query), search.Filters(**filters), before=None, limit=20).messages
    assert len(hits) == 20
    (statement,) = [
        one["sql"]
        for one in queries
        if "ORDER BY" in one["sql"] and ("e.message_id" in one["sql"] or "chat_message.search" in one["sql"])
    ]
    with connection.cursor() as cursor:
        cursor.execute(("EXPLAIN " if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN ") + statement)
        return "\n".join(str(row[-1]) for row in cursor.fetchall())


def test_a_hundred_thousand_messages_are_searched_by_the_index(people):
    session = factories.make_session(people.alice)
    with connection.cursor() as cursor:
        numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000) SELECT i FROM n"
        cursor.execute(
            f"""INSERT INTO chat_message (id, session_id, role, parts, text, created_at)
            SELECT 'message-number-' || i, %s, 'user', '[]', 'message word' || (i %% 997) || ' common', %s FROM ({numbers}) AS n""",
            [session.pk, timezone.now()],
        )
        cursor.execute("ANALYZE")
    rare, frequent = plan_of("word123", people.alice.pk), plan_of("common", people.alice.pk)
    if connection.vendor == "postgresql":
        assert "Bitmap Index Scan on chat_search_message" in rare
        assert "using chat_search_newest" in frequent
        assert "Seq Scan on chat_message" not in rare + frequent
        assert "Sort" not in frequent
    else:
        for plan in (rare, frequent):
            assert "SCAN e USING COVERING INDEX chat_search_newest" in plan
            assert "SCAN chat_search VIRTUAL TABLE INDEX" in plan
            assert "chat_message" not in plan
            assert "ORDER BY" not in plan  # nothing is sorted
    titles = finding.matching_sessions(access.sessions_of(people.alice.pk), search.parse("a"), search.Filters())
    assert connection.vendor == "postgresql" or "s VIRTUAL TABLE INDEX" in titles[:8].explain()


@pytest.mark.parametrize("query", ["walrus", "walrus 海"])
def test_filters_and_pages_together_hold_exactly_what_reading_everything_would(people, query):
    """In any order of writing, and of many messages of one moment."""
    start = timezone.now() - timedelta(days=10)
    model = usable_model(people.team)
    kinds: list[dict[str, Any]] = [
        {},
        {"archived_at": start},
        {"model": model},
        {"is_temporary": True},
        {"deleted_at": start},
    ]
    chats = [factories.make_session(people.alice, title="walrus 海", **kind) for kind in kinds]
    foreign = factories.make_session(people.bob)
    written = [
        factories.make_message(session, f"walrus 海 {number}", created_at=start + timedelta(days=number * 7 % 10))
        for number in range(12)
        for session in (*chats, foreign)
    ]
    since, until = start + timedelta(days=2), start + timedelta(days=6)
    for filters, wanted in [
        (search.Filters(), chats[:3]),
        (search.Filters(archived=True), chats[1:2]),
        (search.Filters(archived=False, since=since), [chats[0], chats[2]]),
        (search.Filters(model=model.pk, until=until), chats[2:3]),
        (search.Filters(since=since, until=until), chats[:3]),
    ]:
        expected = [
            one
            for one in written
            if one.session in wanted and (filters.since or start) <= one.created_at < (filters.until or timezone.now())
        ]
        expected.sort(key=lambda one: (one.created_at, one.pk), reverse=True)
        got, before = [], None
        while True:
            page = search.find(people.alice.pk, search.parse(query), filters, before=before, limit=4)
            got += [hit.message.pk for hit in page.messages]
            if (before := page.next) is None:
                break
        assert got == [one.pk for one in expected]


def test_a_message_that_moves_is_found_where_it_is_now(api, people, alice):
    message = factories.make_message(factories.make_session(people.bob), "a walrus")
    Message.objects.filter(pk=message.pk).update(session=factories.make_session(alice))
    assert found(api, "walrus") == {message.pk}
    Message.objects.filter(pk=message.pk).update(created_at=timezone.now() - timedelta(days=3))
    assert found(api, "walrus", since=(timezone.now() - timedelta(days=1)).isoformat()) == set()


def test_an_index_of_an_earlier_version_is_renewed(api, alice):
    message = factories.make_message(factories.make_session(alice, title="Sea"), "a walrus")
    file, _ = make_file(factories.make_session(alice), "seal.txt")
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("DROP INDEX chat_search_newest")
            cursor.execute("ALTER TABLE chat_attachment DROP COLUMN search")
        else:
            cursor.execute("DROP TABLE chat_search_entry")
            cursor.execute("DROP TABLE chat_search")
            cursor.execute(
                "CREATE TABLE chat_search_entry "
                "(id INTEGER PRIMARY KEY AUTOINCREMENT, message_id TEXT UNIQUE, session_id TEXT UNIQUE)"
            )
            cursor.execute("CREATE VIRTUAL TABLE chat_search USING fts5 (text, content='', prefix='2 3')")
    schema.renew(connection)
    assert found(api, "walrus") == {message.pk}
    assert len(ask(api, "sea")["sessions"]) == 1
    assert found_files(api, "seal") == {file.pk}
    with connection.cursor() as cursor:
        indexes = connection.introspection.get_constraints(cursor, "chat_message")
    assert connection.vendor == "sqlite" or "chat_search_newest" in indexes
    schema.renew(connection)
    assert found(api, "walrus") == {message.pk}


def test_the_index_is_whole_again_after_a_migration_has_rebuilt_its_table(api, alice):
    message = factories.make_message(factories.make_session(alice), "a walrus")
    if connection.vendor == "sqlite":  # rebuilding a table takes its triggers away
        with connection.cursor() as cursor:
            cursor.execute("DROP TRIGGER chat_search_message_changed")
    Message.objects.filter(pk=message.pk).update(text="a seal")
    call_command("migrate", verbosity=0)
    assert found(api, "seal") == {message.pk}
    assert found(api, "walrus") == set()


def test_the_index_can_be_taken_away_and_made_of_what_is_there(api, alice):
    message = factories.make_message(factories.make_session(alice, title="Sea"), "a walrus")
    schema.drop(connection)
    schema.create(connection)
    assert found(api, "walrus") == {message.pk}
    assert len(ask(api, "sea")["sessions"]) == 1

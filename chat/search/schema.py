"""The search index in the database: what keeps it, is the database itself.

Of a message only `text` is indexed, which is written once, when it is final: snapshots of an unfinished answer write `parts`,
and no trigger and no index hears of them. Of a file, its name and what could be read in it.

PostgreSQL: a generated column of each row, with a GIN index. SQLite: a contentless FTS5 table, which needs a number for each row
(a table with a text key has none that survives VACUUM), and triggers. The entry with that number also keeps what messages are filtered
and sorted by. On both, an index of messages by age lets a search for a frequent word walk back from the newest. Beginnings of up to
five characters are in FTS5's index: merging the lists of thousands of words with the same beginning takes half a second. SQLite's triggers name no table but their own and those of the
index, so that Django may rebuild any other; when it rebuilds theirs they are gone with the old one, and `ensure` brings them back.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from django.db.backends.base.base import BaseDatabaseWrapper

from ai_studio.search import languages


class _Indexed(NamedTuple):
    """What is searched of one table."""

    table: str
    columns: tuple[str, ...]
    session: str
    """The column of the session that a row belongs to."""

    def text(self, row: str = "") -> str:
        """An expression; `row`: what stands before a column's name."""
        return " || ' ' || ".join(row + column for column in self.columns)


_KINDS = {
    "message": _Indexed("chat_message", ("text",), "session_id"),
    "session": _Indexed("chat_session", ("title",), "id"),
    "attachment": _Indexed("chat_attachment", ("name", "text"), "session_id"),
}

_POSTGRESQL_COLUMN = """
ALTER TABLE {table} ADD COLUMN IF NOT EXISTS search tsvector GENERATED ALWAYS AS (chat_search_vector({text})) STORED
"""

_POSTGRESQL_BY_AGE = "CREATE INDEX IF NOT EXISTS chat_search_newest ON chat_message (created_at DESC, id DESC)"

_SQLITE = [
    """
    CREATE TABLE chat_search_entry (
        id INTEGER PRIMARY KEY AUTOINCREMENT, message_id TEXT UNIQUE, session_id TEXT UNIQUE, attachment_id TEXT UNIQUE,
        of_session TEXT NOT NULL, created_at DATETIME NOT NULL
    )
    """,
    """
    CREATE VIRTUAL TABLE chat_search USING fts5 (
        text, content='', prefix='2 3 4 5', tokenize="{tokenizer}"
    )
    """,
    """
    CREATE INDEX chat_search_newest ON chat_search_entry (created_at DESC, message_id DESC, of_session)
        WHERE message_id IS NOT NULL
    """,
]
_SQLITE_TRIGGERS = {
    "chat_search_{kind}_added": """
        AFTER INSERT ON {table} WHEN {new} <> '' BEGIN
            INSERT INTO chat_search_entry ({kind}_id, of_session, created_at)
                VALUES (NEW.id, COALESCE(NEW.{session}, ''), NEW.created_at);
            INSERT INTO chat_search (rowid, text)
                SELECT id, {new} FROM chat_search_entry WHERE {kind}_id = NEW.id;
        END
    """,
    "chat_search_{kind}_changed": """
        AFTER UPDATE OF {columns}, {session}, created_at ON {table}
        WHEN ({old}, OLD.{session}, OLD.created_at) IS NOT ({new}, NEW.{session}, NEW.created_at) BEGIN
            INSERT INTO chat_search (chat_search, rowid, text)
                SELECT 'delete', id, {old} FROM chat_search_entry WHERE {kind}_id = OLD.id;
            DELETE FROM chat_search_entry WHERE {kind}_id = OLD.id;
            INSERT INTO chat_search_entry ({kind}_id, of_session, created_at)
                SELECT NEW.id, COALESCE(NEW.{session}, ''), NEW.created_at WHERE {new} <> '';
            INSERT INTO chat_search (rowid, text)
                SELECT id, {new} FROM chat_search_entry WHERE {kind}_id = NEW.id;
        END
    """,
    "chat_search_{kind}_removed": """
        AFTER DELETE ON {table} BEGIN
            INSERT INTO chat_search (chat_search, rowid, text)
                SELECT 'delete', id, {old} FROM chat_search_entry WHERE {kind}_id = OLD.id;
            DELETE FROM chat_search_entry WHERE {kind}_id = OLD.id;
        END
    """,
}
_SQLITE_FILL = [
    """
    INSERT INTO chat_search_entry ({kind}_id, of_session, created_at)
        SELECT id, COALESCE({session}, ''), created_at FROM {table} WHERE {text} <> ''
    """,
    """
    INSERT INTO chat_search (rowid, text)
        SELECT e.id, {t} FROM chat_search_entry e JOIN {table} t ON t.id = e.{kind}_id
    """,
]


def create(connection: BaseDatabaseWrapper) -> None:
    """Makes the index of all that there is: on an older database some tables are still to come."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            _create_on_postgresql(cursor, _there(connection))
        else:
            for statement in _SQLITE:
                cursor.execute(statement.format(tokenizer=languages.TOKENIZER))
            _fill_on_sqlite(cursor, _there(connection))


def drop(connection: BaseDatabaseWrapper) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("DROP INDEX IF EXISTS chat_search_newest")
            for indexed in _there(connection).values():
                cursor.execute(f"ALTER TABLE {indexed.table} DROP COLUMN IF EXISTS search")
            cursor.execute("DROP FUNCTION chat_search_vector")
            return
        for kind in _KINDS:
            for name in _SQLITE_TRIGGERS:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name.format(kind=kind)}")
        cursor.execute("DROP TABLE chat_search")
        cursor.execute("DROP TABLE chat_search_entry")


def renew(connection: BaseDatabaseWrapper) -> None:
    """Brings an index that an earlier version has made to the form of this one."""
    drop(connection)
    create(connection)


def ensure(connection: BaseDatabaseWrapper) -> None:
    """Makes the index whole again when a migration has rebuilt an indexed table, which on SQLite takes its triggers away."""
    if connection.vendor != "sqlite":
        return
    kinds = _there(connection)
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE name GLOB 'chat_search*'")
        there = {name for (name,) in cursor.fetchall()}
        wanted = {name.format(kind=kind) for kind in kinds for name in _SQLITE_TRIGGERS}
        if "chat_search" not in there or wanted <= there:
            return
        cursor.execute("INSERT INTO chat_search (chat_search) VALUES ('delete-all')")
        cursor.execute("DELETE FROM chat_search_entry")
        _fill_on_sqlite(cursor, kinds)


def _there(connection: BaseDatabaseWrapper) -> dict[str, _Indexed]:
    tables = connection.introspection.table_names()
    return {kind: indexed for kind, indexed in _KINDS.items() if indexed.table in tables}


def _create_on_postgresql(cursor: Any, kinds: dict[str, _Indexed]) -> None:
    cursor.execute(languages.ICU)
    cursor.execute(languages.vector_function("chat_search_vector", has_icu=cursor.fetchone() is not None))
    for kind, indexed in kinds.items():
        cursor.execute(_POSTGRESQL_COLUMN.format(table=indexed.table, text=indexed.text()))
        cursor.execute(f"CREATE INDEX IF NOT EXISTS chat_search_{kind} ON {indexed.table} USING gin (search)")
    cursor.execute(_POSTGRESQL_BY_AGE)


def _fill_on_sqlite(cursor: Any, kinds: dict[str, _Indexed]) -> None:
    for kind, indexed in kinds.items():
        words = {
            "kind": kind,
            "table": indexed.table,
            "columns": ", ".join(indexed.columns),
            "session": indexed.session,
            "text": indexed.text(),
            "t": indexed.text("t."),
            "new": indexed.text("NEW."),
            "old": indexed.text("OLD."),
        }
        for statement in _SQLITE_FILL:
            cursor.execute(statement.format(**words))
        for name, body in _SQLITE_TRIGGERS.items():
            cursor.execute(f"CREATE TRIGGER IF NOT EXISTS {name.format(**words)} {body.format(**words)}")

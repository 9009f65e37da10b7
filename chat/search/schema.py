"""The search index in the database: what keeps it, is the database itself.

Only `text` is indexed, which is written once, when a message is final: snapshots of an unfinished answer write `parts`,
and no trigger and no index hears of them.

PostgreSQL: a generated column of each row, with a GIN index. SQLite: a contentless FTS5 table, which needs a number for each row
(a table with a text key has none that survives VACUUM), and triggers. SQLite's triggers name no table but their own and those of the
index, so that Django may rebuild any other; when it rebuilds theirs they are gone with the old one, and `ensure` brings them back.
"""

from __future__ import annotations

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

from ai_studio.search import languages

_KINDS = {"message": ("chat_message", "text"), "session": ("chat_session", "title")}
"""What is indexed, with its table and column."""

_POSTGRESQL_COLUMN = """
ALTER TABLE {table} ADD COLUMN search tsvector GENERATED ALWAYS AS (chat_search_vector({column})) STORED
"""

_SQLITE = [
    """
    CREATE TABLE chat_search_entry (
        id INTEGER PRIMARY KEY AUTOINCREMENT, message_id TEXT UNIQUE, session_id TEXT UNIQUE
    )
    """,
    """
    CREATE VIRTUAL TABLE chat_search USING fts5 (
        text, content='', prefix='2 3', tokenize="{tokenizer}"
    )
    """,
]
_SQLITE_TRIGGERS = {
    "chat_search_{kind}_added": """
        AFTER INSERT ON {table} WHEN NEW.{column} <> '' BEGIN
            INSERT INTO chat_search_entry ({kind}_id) VALUES (NEW.id);
            INSERT INTO chat_search (rowid, text)
                SELECT id, NEW.{column} FROM chat_search_entry WHERE {kind}_id = NEW.id;
        END
    """,
    "chat_search_{kind}_changed": """
        AFTER UPDATE OF {column} ON {table} WHEN OLD.{column} <> NEW.{column} BEGIN
            INSERT INTO chat_search (chat_search, rowid, text)
                SELECT 'delete', id, OLD.{column} FROM chat_search_entry WHERE {kind}_id = OLD.id;
            DELETE FROM chat_search_entry WHERE {kind}_id = OLD.id;
            INSERT INTO chat_search_entry ({kind}_id) SELECT NEW.id WHERE NEW.{column} <> '';
            INSERT INTO chat_search (rowid, text)
                SELECT id, NEW.{column} FROM chat_search_entry WHERE {kind}_id = NEW.id;
        END
    """,
    "chat_search_{kind}_removed": """
        AFTER DELETE ON {table} BEGIN
            INSERT INTO chat_search (chat_search, rowid, text)
                SELECT 'delete', id, OLD.{column} FROM chat_search_entry WHERE {kind}_id = OLD.id;
            DELETE FROM chat_search_entry WHERE {kind}_id = OLD.id;
        END
    """,
}
_SQLITE_FILL = [
    "INSERT INTO chat_search_entry ({kind}_id) SELECT id FROM {table} WHERE {column} <> ''",
    """
    INSERT INTO chat_search (rowid, text)
        SELECT e.id, t.{column} FROM chat_search_entry e JOIN {table} t ON t.id = e.{kind}_id
    """,
]


def create(connection: BaseDatabaseWrapper) -> None:
    """Makes the index of all that there is."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            _create_on_postgresql(cursor)
        else:
            for statement in _SQLITE:
                cursor.execute(statement.format(tokenizer=languages.TOKENIZER))
            _fill_on_sqlite(cursor)


def drop(connection: BaseDatabaseWrapper) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for table, _ in _KINDS.values():
                cursor.execute(f"ALTER TABLE {table} DROP COLUMN search")
            cursor.execute("DROP FUNCTION chat_search_vector")
            return
        for kind in _KINDS:
            for name in _SQLITE_TRIGGERS:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name.format(kind=kind)}")
        cursor.execute("DROP TABLE chat_search")
        cursor.execute("DROP TABLE chat_search_entry")


def ensure(connection: BaseDatabaseWrapper) -> None:
    """Makes the index whole again when a migration has rebuilt an indexed table, which on SQLite takes its triggers away."""
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE name GLOB 'chat_search*'")
        there = {name for (name,) in cursor.fetchall()}
        wanted = {name.format(kind=kind) for kind in _KINDS for name in _SQLITE_TRIGGERS}
        if "chat_search" not in there or wanted <= there:
            return
        cursor.execute("INSERT INTO chat_search (chat_search) VALUES ('delete-all')")
        cursor.execute("DELETE FROM chat_search_entry")
        _fill_on_sqlite(cursor)


def _create_on_postgresql(cursor: Any) -> None:
    cursor.execute(languages.ICU)
    cursor.execute(languages.vector_function("chat_search_vector", has_icu=cursor.fetchone() is not None))
    for kind, (table, column) in _KINDS.items():
        cursor.execute(_POSTGRESQL_COLUMN.format(table=table, column=column))
        cursor.execute(f"CREATE INDEX chat_search_{kind} ON {table} USING gin (search)")


def _fill_on_sqlite(cursor: Any) -> None:
    for kind, (table, column) in _KINDS.items():
        names = {"kind": kind, "table": table, "column": column}
        for statement in _SQLITE_FILL:
            cursor.execute(statement.format(**names))
        for name, body in _SQLITE_TRIGGERS.items():
            cursor.execute(f"CREATE TRIGGER IF NOT EXISTS {name.format(**names)} {body.format(**names)}")

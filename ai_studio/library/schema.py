"""The index over passages in the database: what keeps it, is the database itself.

PostgreSQL: a generated column with a GIN index. SQLite: an FTS5 table over the passages' own, and triggers; when Django rebuilds that table
they are gone with the old one, and `ensure` brings them back. Passages are never changed: there are triggers for adding and removing.
"""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper

from ai_studio.search import languages

_POSTGRESQL = (
    "ALTER TABLE ai_studio_passage ADD COLUMN search tsvector GENERATED ALWAYS AS (ai_studio_search_vector(text)) STORED",
    "CREATE INDEX ai_studio_passage_search ON ai_studio_passage USING gin (search)",
)
_SQLITE = f"""
CREATE VIRTUAL TABLE ai_studio_passage_search USING fts5 (
    text, content='ai_studio_passage', content_rowid='id', prefix='2 3', tokenize="{languages.TOKENIZER}"
)
"""
_SQLITE_TRIGGERS = {
    "ai_studio_passage_added": """
        AFTER INSERT ON ai_studio_passage BEGIN
            INSERT INTO ai_studio_passage_search (rowid, text) VALUES (NEW.id, NEW.text);
        END
    """,
    "ai_studio_passage_removed": """
        AFTER DELETE ON ai_studio_passage BEGIN
            INSERT INTO ai_studio_passage_search (ai_studio_passage_search, rowid, text) VALUES ('delete', OLD.id, OLD.text);
        END
    """,
}


def create(connection: BaseDatabaseWrapper) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(languages.ICU)
            cursor.execute(languages.vector_function("ai_studio_search_vector", has_icu=cursor.fetchone() is not None))
            for statement in _POSTGRESQL:
                cursor.execute(statement)
        else:
            cursor.execute(_SQLITE)
            for name, body in _SQLITE_TRIGGERS.items():
                cursor.execute(f"CREATE TRIGGER {name} {body}")


def drop(connection: BaseDatabaseWrapper) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("ALTER TABLE ai_studio_passage DROP COLUMN search")
            cursor.execute("DROP FUNCTION ai_studio_search_vector")
            return
        for name in _SQLITE_TRIGGERS:
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
        cursor.execute("DROP TABLE ai_studio_passage_search")


def ensure(connection: BaseDatabaseWrapper) -> None:
    """Makes the index whole again when a migration has rebuilt the table, which on SQLite takes its triggers away."""
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE name GLOB 'ai_studio_passage*'")
        there = {name for (name,) in cursor.fetchall()}
        if "ai_studio_passage_search" not in there or there >= _SQLITE_TRIGGERS.keys():
            return
        cursor.execute("INSERT INTO ai_studio_passage_search (ai_studio_passage_search) VALUES ('rebuild')")
        for name, body in _SQLITE_TRIGGERS.items():
            cursor.execute(f"CREATE TRIGGER IF NOT EXISTS {name} {body}")

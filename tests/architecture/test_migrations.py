"""A deployment rolls: nodes of the version before go on over the new tables, and insert rows that don't name new columns."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.migrations import AddField
from django.db.migrations.loader import MigrationLoader
from django.db.models import NOT_PROVIDED

ROLLING_SINCE = {"chat": 16, "ai_studio": 19}
"""The first migration of each app that nodes of the version before live through."""


def test_a_new_column_has_a_value_for_rows_of_nodes_that_do_not_know_it():
    added = dict(_added_columns())
    assert added["chat.0016_merged_answers: generation.merged_from"]  # that is what such a one looks like
    assert [name for name, has_value in added.items() if not has_value] == []


def _added_columns() -> Iterator[tuple[str, bool]]:
    """Each column by its migration, and whether the database has a value for it."""
    for (app, name), migration in MigrationLoader(None).disk_migrations.items():
        if app not in ROLLING_SINCE or int(name[:4]) < ROLLING_SINCE[app]:
            continue
        for operation in migration.operations:
            if isinstance(operation, AddField) and not operation.field.many_to_many:
                column = f"{app}.{name}: {operation.model_name}.{operation.name}"
                yield column, operation.field.null or operation.field.db_default is not NOT_PROVIDED

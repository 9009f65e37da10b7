"""Conditions on columns that Django has for one of the two databases only."""

from __future__ import annotations

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, Func, Value


class HasItem(Func):
    """Whether a list of texts in a JSON column holds a text."""

    output_field = BooleanField()

    def __init__(self, column: str, item: str) -> None:
        super().__init__(column, Value(item))

    def as_sqlite(self, compiler: Any, connection: BaseDatabaseWrapper, **extra: Any) -> Any:
        column, item = self.source_expressions
        sql, parameters = compiler.compile(column)
        wanted, given = compiler.compile(item)
        return f"EXISTS (SELECT 1 FROM json_each({sql}) AS item WHERE item.value = {wanted})", (*parameters, *given)  # noqa: S608

    def as_postgresql(self, compiler: Any, connection: BaseDatabaseWrapper, **extra: Any) -> Any:
        column, item = self.source_expressions
        sql, parameters = compiler.compile(column)
        wanted, given = compiler.compile(item)
        return f"jsonb_exists({sql}, {wanted})", (*parameters, *given)

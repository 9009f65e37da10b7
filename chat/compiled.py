"""Queries that stand before every answer, compiled once: Django's way from a queryset to its SQL costs several times what it
takes a database to find a row by its key."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any, Generic, TypeVar

from django.db.models import Model, QuerySet

Row = TypeVar("Row", bound=Model)


class Compiled(Generic[Row]):
    """The queryset that `build` makes of some texts, as SQL with a place for each.

    Rows come as the queryset would give them, annotations included; related rows are not loaded.
    """

    def __init__(self, build: Callable[..., QuerySet[Row]], *names: str) -> None:
        """`names`: those of the arguments of `build`."""
        self._build = build
        self._places = {name: f"<{name}>" for name in names}

    def rows(self, **values: str) -> list[Row]:
        """`values`: one for each name."""
        model, sql, parameters = self._compiled
        given = {place: values[name] for name, place in self._places.items()}
        return list(model._default_manager.raw(sql, [given.get(parameter, parameter) for parameter in parameters]))

    @cached_property
    def _compiled(self) -> tuple[type[Row], str, tuple[Any, ...]]:
        # For the first use: there must be a connection that says what kind of database this is.
        queryset = self._build(**self._places)
        sql, parameters = queryset.query.sql_with_params()
        return queryset.model, sql, parameters

"""Deleting what much hangs on: said in numbers, since the names below it are other people's business."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.db import DEFAULT_DB_ALIAS
from django.db.models import Model, ProtectedError, RestrictedError
from django.db.models.deletion import Collector
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.text import capfirst


class Falling(Collector):
    """What falls with `rows`, without the words in it: they are not shown, and are most of what a team has.

    `data`: the rows of each model. `protected`: those that stand in the way.
    """

    def __init__(self, rows: Sequence[Model]) -> None:
        super().__init__(using=DEFAULT_DB_ALIAS)
        self.protected: set[Model] = set()
        self.collect(rows)

    def collect(self, *arguments: Any, **options: Any) -> None:
        try:
            super().collect(*arguments, **options)
        except ProtectedError as error:
            self.protected |= error.protected_objects
        except RestrictedError as error:
            self.protected |= error.restricted_objects

    def can_fast_delete(self, *_: Any, **__: Any) -> bool:
        """What could be deleted unseen is to be counted."""
        return False


class RefusedDeletion:
    """For a ModelAdmin. What others build on is not deleted: the answer says what is in the way, and what to do."""

    in_the_way: Mapping[str, str] = {}
    """Label of the model whose rows refer to this one → how they are called."""
    instead = ""
    """A sentence: what to do in place of deleting."""

    def dependants(self, row: Model) -> dict[str, int]:
        """How many there are of each kind that refers to `row`, without those of which there are none."""
        relations = {field.related_model._meta.label: field for field in _references_to(row)}
        counts = {
            name: relations[label].related_model._base_manager.filter(**{relations[label].field.name: row}).count()
            for label, name in self.in_the_way.items()
        }
        return {name: count for name, count in counts.items() if count}

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        row = self.get_object(request, unquote(object_id))  # type: ignore[attr-defined]
        if row is None or not self.has_delete_permission(request, row) or not (found := self.dependants(row)):  # type: ignore[attr-defined]
            answer: HttpResponse = super().delete_view(request, object_id, extra_context)  # type: ignore[misc]
            return answer
        text = f"“{row}” can't be deleted: {in_words(found)} depend on it. {self.instead}"
        messages.error(request, text)
        return redirect(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", row.pk)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """One at a time, so that each is asked for what is in its way."""
        actions: dict[str, Any] = super().get_actions(request)  # type: ignore[misc]
        actions.pop("delete_selected", None)
        return actions


def in_words(counts: Mapping[str, int]) -> str:
    """`models: 3, tokens: 1`"""
    return ", ".join(f"{name}: {count}" for name, count in counts.items())


def _references_to(row: Model) -> list[Any]:
    fields = row._meta.get_fields(include_hidden=True)
    return [field for field in fields if field.auto_created and field.one_to_many]


class CountedDeletion:
    """For a ModelAdmin. The page that asks for confirmation lists `3 sessions`, not the titles of somebody's sessions.

    Whoever may delete the object may delete what falls with it: pages of these rows need not allow it by themselves.
    """

    def get_deleted_objects(
        self, objs: Iterable[Model], request: HttpRequest
    ) -> tuple[list[str], dict[str, int], set[str], list[str]]:
        rows = list(objs)
        falling = Falling(rows)
        counts = {str(model._meta.verbose_name_plural): len(found) for model, found in falling.data.items()}
        named = [f"{capfirst(row._meta.verbose_name)}: {row}" for row in rows]
        protected = [f"{capfirst(row._meta.verbose_name)}: {row}" for row in falling.protected]
        return named, counts, set(), protected

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """One at a time: there is no way back."""
        actions: dict[str, Any] = super().get_actions(request)  # type: ignore[misc]
        actions.pop("delete_selected", None)
        return actions

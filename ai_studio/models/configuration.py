"""A number that grows with every change of the configuration, so that every process knows when what it remembers is old."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from django.db import connection, models, transaction
from django.db.models import F

_Row = TypeVar("_Row", bound=models.Model)


class Configuration(models.Model):
    """One row. The number is raised in the transaction of the change: whoever reads it sees the change, too."""

    ONLY = 1

    id = models.PositiveSmallIntegerField(primary_key=True, default=ONLY)
    version = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"version {self.version}"

    @classmethod
    def current_version(cls) -> int:
        # Asked before every answer, so without what the ORM adds: it costs ten times what SQLite needs for this row.
        with connection.cursor() as cursor:
            cursor.execute('SELECT version FROM "ai_studio_configuration" WHERE id = %s', [cls.ONLY])
            row: tuple[int] | None = cursor.fetchone()
        return row[0] if row else 0

    @classmethod
    def raise_version(cls) -> None:
        if not cls.objects.filter(pk=cls.ONLY).update(version=F("version") + 1):
            cls.objects.get_or_create(pk=cls.ONLY, defaults={"version": 1})


class ConfigurationQuerySet(models.QuerySet[_Row]):
    """Of a model that answers depend on. `save` and `delete` raise the version and write the history through signals.

    These send none, so they do both by themselves; `bulk_update` goes through `update`.
    """

    @transaction.atomic
    def update(self, **values: Any) -> int:
        ids = list(self.values_list("pk", flat=True)) if self._is_told(values) else []
        changed = super().update(**values)
        if changed:
            Configuration.raise_version()
            self._tell(self.model._default_manager.filter(pk__in=ids), is_new=False)
        return changed

    @transaction.atomic
    def bulk_create(self, objs: Iterable[_Row], *args: Any, **options: Any) -> list[_Row]:
        created = super().bulk_create(objs, *args, **options)
        Configuration.raise_version()
        self._tell(created, is_new=True)
        return created

    def _is_told(self, values: Iterable[str]) -> bool:
        """Whether the history keeps any of these fields."""
        history = getattr(self.model, "history", None)
        kept = (
            {name for field in history.model.tracked_fields for name in (field.name, field.attname)}
            if history
            else set()
        )
        return not kept.isdisjoint(values)

    def _tell(self, rows: Iterable[_Row], *, is_new: bool) -> None:
        """The history, as saving row by row would write it."""
        if history := getattr(self.model, "history", None):
            history.bulk_history_create(rows, update=not is_new)

    def note(self, **values: Any) -> int:
        """`update` of fields that no answer depends on, such as when a token was used last."""
        return super().update(**values)

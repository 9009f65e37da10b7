"""What changed, when, and by whom: the records of django-simple-history, each compared with the one before it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import OuterRef, Subquery, Value

from ai_studio.models import LEFT_OUT_OF_HISTORY

MOST = 100
"""Records on a page."""
_KINDS = tuple(LEFT_OUT_OF_HISTORY)
_VERBS = {"+": "added", "~": "changed", "-": "removed"}
_STAMPS = frozenset({"id", "created_at", "updated_at", "date_joined", "revision", "created_by", "updated_by"})
"""They change with everything else and tell nothing."""


@dataclass(frozen=True, slots=True)
class FieldChange:
    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Entry:
    """`who`: an e-mail address, empty for the product itself and for commands. `row_id`: of the row that was changed."""

    at: datetime
    who: str
    verb: str
    kind: str
    name: str
    row_id: str
    fields: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """The newest first. `older`: before which moment the next page begins; None on the last one."""

    entries: list[Entry]
    older: datetime | None


def is_recorded(model: type[models.Model]) -> bool:
    return model in LEFT_OUT_OF_HISTORY


def history_of(row: models.Model) -> list[Entry]:
    """The newest first. A few queries, whatever the number of entries."""
    records = _records(type(row)).filter(id=row.pk)
    return list(_entries(type(row), list(records[:MOST])))


def latest(before: datetime | None = None) -> Page:
    """Of everything together, those before a moment when one is given.

    One query finds the newest records, a few more read those of each kind that is among them.
    """
    found = _newest(before)
    ids: dict[int, list[int]] = {}
    for _at, history_id, number in found:
        ids.setdefault(number, []).append(history_id)
    entries: list[Entry] = []
    for number, history_ids in ids.items():
        model = _KINDS[number]
        entries += _entries(model, list(_records(model).filter(history_id__in=history_ids)))
    newest_first = sorted(entries, key=lambda entry: entry.at, reverse=True)
    return Page(newest_first, older=found[-1][0] if len(found) == MOST else None)


def _newest(before: datetime | None) -> list[tuple[datetime, int, int]]:
    """When, the record's id, and its kind's place in `_KINDS`."""
    found = []
    for number, model in enumerate(_KINDS):
        records = _historical(model).objects.order_by()
        if before is not None:
            records = records.filter(history_date__lt=before)
        found.append(records.values_list("history_date", "history_id", Value(number)))
    return list(found[0].union(*found[1:], all=True).order_by("-history_date", "-history_id")[:MOST])


def _historical(model: type[models.Model]) -> Any:
    return model.history.model  # type: ignore[attr-defined]  # set when it was registered


def _records(model: type[models.Model]) -> Any:
    """With the id of the record before each."""
    rows = _historical(model).objects
    earlier = rows.filter(id=OuterRef("id"), history_id__lt=OuterRef("history_id")).order_by("-history_id")
    numbered = rows.annotate(previous_=Subquery(earlier.values("history_id")[:1]))
    return numbered.select_related("history_user").order_by("-history_date", "-history_id")


def _entries(model: type[models.Model], records: list[Any]) -> Iterator[Entry]:
    """Records that changed nothing worth telling are left out."""
    before = _historical(model).objects.in_bulk([record.previous_ for record in records if record.previous_])
    names = _names(model, [*records, *before.values()])
    fields = [field for field in _historical(model).tracked_fields if field.name not in _STAMPS]
    for record in records:
        was = before.get(record.previous_)
        changes = tuple(_changes(fields, was, record, names)) if record.history_type == "~" else ()
        if changes or record.history_type != "~":
            yield Entry(
                at=record.history_date,
                who=record.history_user.email if record.history_user else "",
                verb=_VERBS[record.history_type],
                kind=str(model._meta.verbose_name),
                name=_title(record, names),
                row_id=str(record.id),
                fields=changes,
            )


def _changes(fields: Iterable[Any], was: Any, record: Any, names: dict[Any, str]) -> Iterator[FieldChange]:
    for field in fields:
        old = getattr(was, field.attname) if was is not None else None
        new = getattr(record, field.attname)
        if old != new:
            yield FieldChange(str(field.verbose_name), _written(field, old, names), _written(field, new, names))


def _written(field: Any, value: Any, names: dict[Any, str]) -> str:
    if field.related_model is not None:
        return names.get((field.related_model, value), "—" if value is None else "removed since")
    return "—" if value in (None, "") else str(value)


def _names(model: type[models.Model], records: list[Any]) -> dict[Any, str]:
    """What the records refer to, by model and id: one query for each relation."""
    names: dict[Any, str] = {}
    for field in _historical(model).tracked_fields:
        if field.related_model is not None and field.name not in _STAMPS:
            ids = {getattr(record, field.attname) for record in records} - {None}
            found = field.related_model._default_manager.in_bulk(ids)
            names |= {(field.related_model, key): str(row) for key, row in found.items()}
    return names


def _title(record: Any, names: dict[Any, str]) -> str:
    """A row's own name, else the names of what it joins."""
    own = (getattr(record, name, "") for name in ("display_name", "name", "email", "label"))
    if title := next((str(value) for value in own if value), ""):
        return title
    related = [field for field in type(record).tracked_fields if field.related_model is not None]
    joined = (names.get((field.related_model, getattr(record, field.attname)), "") for field in related)
    return ", ".join(name for name in joined if name) or str(record.id)

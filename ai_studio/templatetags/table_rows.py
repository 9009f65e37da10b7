"""The cells of a row of a table below a form: each is looked at once, since a page may have a thousand of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django import template

register = template.Library()


@dataclass(frozen=True, slots=True)
class Cell:
    """`field` draws itself; `contents` stands in its place where a cell is only read. `classes`: what sets it apart."""

    field: Any
    label: str
    classes: str
    is_hidden: bool = False
    contents: str | None = None
    errors: Sequence[str] = ()


@register.filter
def cells(row: Any, inline: Any) -> Iterator[Cell]:
    """`row`: Django's `InlineAdminForm`. A hidden input is one too, and stands between the others."""
    unseen = inline.ordering_field if inline.hide_ordering_field else None
    for fieldset in row:
        for line in fieldset:
            for drawn in line:
                yield _read(drawn) if drawn.is_readonly else _filled_in(drawn.field, unseen)


def _read(drawn: Any) -> Cell:
    field = drawn.field
    contents = drawn.contents()
    classes = f"field-{field['name']}{' hidden!' if field['is_hidden'] else ''}"
    return Cell(field, field["label"], classes, contents="-" if contents in ("", "None") else contents)


def _filled_in(field: Any, unseen: str | None) -> Cell:
    if field.is_hidden:
        return Cell(field, "", "", is_hidden=True)
    errors = field.errors
    classes = f"field-{field.name}{' errors' if errors else ''}{' hidden!' if field.name == unseen else ''}"
    return Cell(field, field.label, classes, errors=errors)

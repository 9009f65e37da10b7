"""Which fields of a row travel, and how a value is written in the file.

A field travels when a person may edit it, and so does which facts of a model somebody wrote by hand. What the installation itself keeps (ids, dates, who did it, revisions) does not, nor what
refers to people. So a new field of a model travels by itself.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models

from ai_studio.catalogue_diff import FACTS
from ai_studio.models import (
    Agent,
    Document,
    Instructions,
    LanguageModel,
    Library,
    Provider,
    SavedPrompt,
    SwitchRule,
    Team,
    TeamModel,
)
from ai_studio.tools.registry import BUILTIN

PARENTS: dict[type[models.Model], frozenset[str]] = {
    Provider: frozenset(),
    LanguageModel: frozenset({"provider"}),
    Team: frozenset(),
    TeamModel: frozenset({"team", "model"}),
    Agent: frozenset({"team"}),
    Library: frozenset({"team"}),
    Document: frozenset({"library"}),
    Instructions: frozenset({"level", "team", "user"}),
    SavedPrompt: frozenset({"team", "user"}),
    SwitchRule: frozenset(),
}
"""The fields that the place in the file says."""

FALLBACKS = "fallbacks"
"""Of an agent: ids of models in the row, names in the file."""
TOOLS = "tools"
"""Of an agent: names out of the registry of tools."""
OVERRIDDEN = "overridden"
"""Of a model: the names of its facts that a sync of the catalogue leaves in force."""

if TYPE_CHECKING:
    Field = models.Field[Any, Any]


def travelling(model: type[models.Model]) -> list[Field]:
    """In the order of the model. Of relations only those to models of the catalogue, and to libraries."""
    return [
        field
        for field in model._meta.concrete_fields
        if (field.editable or field.name == OVERRIDDEN)
        and not field.primary_key
        and field.name not in PARENTS[model]
        and _is_portable(field)
    ]


def _is_portable(field: Field) -> bool:
    is_stamp = getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False)
    return not is_stamp and field.related_model in {None, LanguageModel, Library}


def to_file(row: models.Model, field: Field) -> Any:
    if field.related_model is LanguageModel:
        return reference(getattr(row, field.name))
    if field.related_model is Library:
        library: Library | None = getattr(row, field.name)
        return library.name if library else None
    return _plain(getattr(row, field.name))


def reference(model: LanguageModel | None) -> dict[str, str] | None:
    """Needs the model's provider loaded."""
    return None if model is None else {"provider": model.provider.name, "model_id": model.model_id}


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, dict):
        return {key: _plain(value[key]) for key in sorted(value)}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return value if value is None or isinstance(value, str | bool | int | float) else str(value)


_TYPES: tuple[tuple[type[Any], tuple[type, ...], str], ...] = (
    (models.BooleanField, (bool,), "true or false"),
    (models.IntegerField, (int,), "a whole number"),
    (models.DecimalField, (str, int, float), "a number"),
    (models.CharField, (str,), "a text"),
    (models.TextField, (str,), "a text"),
)


def from_file(field: Field, value: Any) -> Any:
    """Raises ValidationError. References are looked up by whoever knows the file."""
    if value is None:
        if not field.null:
            raise ValidationError("must not be empty")
        return None
    for kind, types, words in _TYPES:
        is_disguised = isinstance(value, bool) and bool not in types
        if isinstance(field, kind) and (not isinstance(value, types) or is_disguised):
            raise ValidationError(f"must be {words}")
    if field.name == OVERRIDDEN and not (isinstance(value, list) and all(name in FACTS for name in value)):
        raise ValidationError(f"must be a list out of {', '.join(FACTS)}")
    return field.to_python(str(value) if isinstance(field, models.DecimalField) else value)


def is_stored(row: models.Model) -> bool:
    """Whether saving would change nothing: a row that is saved gets a new date and a new revision."""
    if row._state.adding:
        return False
    names = [each.attname for each in travelling(type(row))]
    stored = type(row)._default_manager.filter(pk=row.pk).values(*names).first()
    return stored == {name: getattr(row, name) for name in names}


def refuse_unknown_tools(names: Any) -> None:
    """Raises ValidationError."""
    if isinstance(names, list) and (unknown := [name for name in names if name not in BUILTIN]):
        raise ValidationError(f"There is no tool {unknown[0]}. There are: {', '.join(BUILTIN)}.")

"""List filters that offer only what the person may see."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import ModelAdmin
from django.db.models import Field
from django.http import HttpRequest
from unfold.contrib.filters.admin import RelatedDropdownFilter

from ai_studio.admin.base import authority


class LimitedRelatedFilter(RelatedDropdownFilter):
    def field_choices(
        self, field: Field[Any, Any], request: HttpRequest, model_admin: ModelAdmin[Any]
    ) -> list[tuple[str, str]]:
        rows = authority(request).choosable(field.related_model)  # type: ignore[arg-type]
        return [(str(row.pk), str(row)) for row in rows.order_by(*self.ordering_of(field))]

    def ordering_of(self, field: Field[Any, Any]) -> tuple[str, ...]:
        names = {each.name for each in field.related_model._meta.get_fields()}  # type: ignore[union-attr]
        return tuple(name for name in ("name", "display_name", "email") if name in names)

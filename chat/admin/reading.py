"""Pages of the admin on which nobody writes."""

from __future__ import annotations

from django.db.models import Model
from django.http import HttpRequest


class ToRead:
    """Viewing follows Django's permissions, which only a platform admin has. Nobody writes here."""

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

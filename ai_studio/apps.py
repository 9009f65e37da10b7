from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_delete, post_migrate


class AIStudioConfig(AppConfig):
    name = "ai_studio"
    verbose_name = "AI Studio"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from ai_studio import checks, memory, own_words, security_watch  # noqa: F401  (checks registers the system checks)

        post_migrate.connect(_ensure_search_index, sender=self)
        post_delete.connect(_document_deleted, sender=self.get_model("Document"), dispatch_uid="document-deleted")
        memory.connect()
        security_watch.connect()
        own_words.connect()


def _ensure_search_index(*, using: str, **_: Any) -> None:
    from ai_studio.library import schema

    schema.ensure(connections[using])


def _document_deleted(instance: Any, **_: Any) -> None:
    """However it goes, alone or with its library or team, its file goes with it."""
    from ai_studio.library import keeping  # reads models, which are not there before `ready`

    if instance.key:
        keeping.discard(instance.key)

from __future__ import annotations

from django.apps import AppConfig


class AIStudioConfig(AppConfig):
    name = "ai_studio"
    verbose_name = "AI Studio"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from ai_studio import checks, memory, security_watch  # noqa: F401  (checks registers the system checks)

        memory.connect()
        security_watch.connect()

from __future__ import annotations

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class StudioConfig(AppConfig):
    name = "config"
    verbose_name = "Configuration"

    def ready(self) -> None:
        from config import checks  # noqa: F401  (registers the system checks)


class StudioAdminConfig(AdminConfig):
    default = False
    default_site = "config.admin_site.StudioAdminSite"

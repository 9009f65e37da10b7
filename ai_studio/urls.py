"""Pages of the admin that show no rows of one model."""

from __future__ import annotations

from django.contrib import admin
from django.urls import path

from ai_studio.admin import changes, transfer

app_name = "studio"
urlpatterns = [
    path("changes/", admin.site.admin_view(changes.latest_changes), name="changes"),
    path("transfer/", admin.site.admin_view(transfer.import_studio), name="transfer"),
    path("transfer/export/", admin.site.admin_view(transfer.export_studio), name="export"),
]

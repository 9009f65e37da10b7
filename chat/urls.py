from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from chat import own_data, reading, views

app_name = "chat"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.page, name="page"),
    path("c/<str:session_id>", views.page, name="session"),
    path("preview", views.preview, name="preview"),
    path("c/<str:session_id>/print", reading.printable, name="print"),
    path("share/<str:share_id>", reading.shared, name="shared"),
    path("settings/", views.settings, name="settings"),
    path("settings/import/", own_data.bring_in, name="import"),
    path("settings/export/", own_data.take_along, name="export"),
    path("settings/delete/", own_data.delete_all, name="delete_all"),
    path("settings/tokens/", views.create_token, name="create_token"),
    path("settings/tokens/<str:digest>/revoke/", views.revoke_token, name="revoke_token"),
    path("api/", include("chat.api.urls", namespace="api")),
]

"""Every address of the product."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from config import health

urlpatterns = [
    path("", include("chat.urls")),
    path("accounts/", include("allauth.account.urls")),
    path("invitations/", include("ai_studio.invitation_urls")),
    path("admin/studio/", include("ai_studio.urls")),
    path("admin/", admin.site.urls),
    path("healthz", health.live),
    path("readyz", health.ready),
    path("favicon.ico", RedirectView.as_view(url="/static/favicon.svg")),
]

"""The latest changes of the configuration, of everything together."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_GET

from ai_studio import history
from ai_studio.admin.base import require_platform


@require_GET
def latest_changes(request: HttpRequest) -> HttpResponse:
    """`before` in the query: a moment in ISO 8601; anything else counts as now."""
    require_platform(request)
    try:
        before = parse_datetime(request.GET.get("before", ""))
    except ValueError:
        before = None
    if before is not None and before.tzinfo is None:
        before = None
    page = history.latest(before)
    older = page.older.isoformat() if page.older else ""
    shown = {"title": "Changes", "entries": page.entries, "older": older}
    return TemplateResponse(request, "admin/ai_studio/history.html", admin.site.each_context(request) | shown)

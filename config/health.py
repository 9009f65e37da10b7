"""Is the process alive, and can it serve? For load balancers; no sign-in, no detail."""

from __future__ import annotations

from django.db import Error, connection
from django.http import HttpRequest, HttpResponse, JsonResponse

from chat.draining import drain


def live(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok", content_type="text/plain")


def ready(_request: HttpRequest) -> HttpResponse:
    """503 when the database does not answer, and when this process is about to go."""
    if drain.is_draining:
        return JsonResponse({"draining": True}, status=503)
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return JsonResponse({"database": False}, status=503)
    return JsonResponse({"database": True})

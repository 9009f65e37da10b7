"""The language of a request: the one that somebody has chosen, else the one that the browser asks for."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.utils import translation

from chat import services

WITHOUT_WORDS = ("/api/", "/healthz", "/readyz", "/preview")
"""Programs ask for these: they get English whoever asks, and the chat page translates what it shows. The frames of
previews know nobody."""


class LanguageMiddleware(LocaleMiddleware):
    """Behind the one that knows who is signed in."""

    def process_request(self, request: HttpRequest) -> None:
        chosen = "en" if request.path_info.startswith(WITHOUT_WORDS) else _chosen(request)
        translation.activate(chosen or translation.get_language_from_request(request))
        request.LANGUAGE_CODE = translation.get_language()

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if request.path_info.startswith(WITHOUT_WORDS):
            return response
        return super().process_response(request, response)


def _chosen(request: HttpRequest) -> str | None:
    if not request.user.is_authenticated:
        return None
    appearance = services.appearance(str(request.user.pk))
    request.appearance = appearance  # type: ignore[attr-defined]  # so that the page need not ask for it again
    return None if appearance["language"] == services.AUTOMATIC else appearance["language"]

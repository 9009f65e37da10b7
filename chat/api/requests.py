"""What every view reads of a request."""

from __future__ import annotations

from typing import Any

from django.utils import translation
from rest_framework.request import Request

from chat import services
from chat.errors import InvalidCommand


def user_id(request: Request) -> str:
    return str(request.user.pk)


def language_of(request: Request) -> str:
    """In which the person's pages come. An answer of the API itself is in English."""
    chosen = services.appearance(user_id(request))["language"]
    return translation.get_language_from_request(request._request) if chosen == services.AUTOMATIC else chosen


def valid(serializer: Any) -> dict[str, Any]:
    """The validated fields. Raises InvalidCommand (through DRF's ValidationError)."""
    serializer.is_valid(raise_exception=True)
    if not isinstance(serializer.validated_data, dict):
        raise InvalidCommand
    return serializer.validated_data

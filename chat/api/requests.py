"""What every view reads of a request."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request

from chat.errors import InvalidCommand


def user_id(request: Request) -> str:
    return str(request.user.pk)


def valid(serializer: Any) -> dict[str, Any]:
    """The validated fields. Raises InvalidCommand (through DRF's ValidationError)."""
    serializer.is_valid(raise_exception=True)
    if not isinstance(serializer.validated_data, dict):
        raise InvalidCommand
    return serializer.validated_data

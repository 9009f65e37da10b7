"""One JSON shape for every error of the API: `{"error": {"code", "text", "retryable", "retry_after"}}`."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import RequestDataTooBig
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler as drf_exception_handler

from chat.errors import ChatError, InvalidCommand, MalformedFrame, NotAllowed, NotSignedIn

_BY_CLASS: tuple[tuple[type[exceptions.APIException], type[ChatError]], ...] = (
    (exceptions.NotAuthenticated, NotSignedIn),
    (exceptions.AuthenticationFailed, NotSignedIn),
    (exceptions.PermissionDenied, NotAllowed),
    (exceptions.ParseError, MalformedFrame),
    (exceptions.ValidationError, InvalidCommand),
)


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's hook. None (an unexpected error) lets Django answer 500 and log it."""
    if isinstance(error, ChatError):
        return Response({"error": error.as_json()}, status=error.http_status)
    if isinstance(error, RequestDataTooBig):
        return exception_handler(MalformedFrame("The request is too large. Send less at once."), context)
    response = drf_exception_handler(error, context)
    if response is None:
        return None
    problem = next((ours() for theirs, ours in _BY_CLASS if isinstance(error, theirs)), None)
    if isinstance(error, exceptions.ValidationError):
        problem = _invalid(error)
    if problem is not None:
        response.status_code = problem.http_status
        response.data = {"error": problem.as_json()}
    elif isinstance(error, exceptions.APIException):
        told = {"code": str(error.default_code), "text": str(error.detail), "retryable": False, "retry_after": None}
        response.data = {"error": told}
    return response


def _invalid(error: exceptions.ValidationError) -> InvalidCommand:
    """People meet only what their fields don't hold back by themselves: the rest is said to programs."""
    told, codes = _first_sentence(error.detail), str(error.get_codes())
    if "'blank'" in codes:  # spaces alone, which the fields let through
        return InvalidCommand("This must not be empty. Write something.", detail=told)
    if "'max_length'" in codes:
        return InvalidCommand("This is too long, or there is too much of it. Shorten it.", detail=told)
    return InvalidCommand(detail=told)


def _first_sentence(detail: Any) -> str:
    if isinstance(detail, dict):
        field, problems = next(iter(detail.items()))
        return f"{field}: {_first_sentence(problems)}"
    return _first_sentence(detail[0]) if isinstance(detail, list) else str(detail)

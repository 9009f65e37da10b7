"""The three providers' error bodies, in a stream or as an HTTP answer: by their structured fields, never by their prose.

OpenAI     {"error": {"message", "type", "code", "param"}}     code may be null, or a number (OpenAI-compatible servers)
Anthropic  {"type": "error", "error": {"type", "message"}}
Gemini     {"error": {"code", "message", "status", "details": [{"reason"}]}}
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ai_studio.llm.errors import (
    AuthenticationFailed,
    ContentFiltered,
    ContextTooLong,
    InvalidRequest,
    LLMError,
    ModelNotFound,
    QuotaExhausted,
    RateLimited,
    ServerError,
    TimedOut,
)

# The most telling words first: an error carries several (`insufficient_quota` comes with a 429).
ERRORS_BY_WORD: Mapping[str, type[LLMError]] = {
    "insufficient_quota": QuotaExhausted,
    "billing_hard_limit_reached": QuotaExhausted,
    "billing_not_active": QuotaExhausted,
    "billing_error": QuotaExhausted,
    "context_length_exceeded": ContextTooLong,
    "request_too_large": ContextTooLong,
    "content_filter": ContentFiltered,
    "content_policy_violation": ContentFiltered,
    "model_not_found": ModelNotFound,
    "invalid_api_key": AuthenticationFailed,
    "API_KEY_INVALID": AuthenticationFailed,
    "API_KEY_SERVICE_BLOCKED": AuthenticationFailed,
    "authentication_error": AuthenticationFailed,
    "permission_error": AuthenticationFailed,
    "UNAUTHENTICATED": AuthenticationFailed,
    "PERMISSION_DENIED": AuthenticationFailed,
    "rate_limit_exceeded": RateLimited,
    "rate_limit_error": RateLimited,
    "RESOURCE_EXHAUSTED": RateLimited,
    "not_found_error": ModelNotFound,
    "NOT_FOUND": ModelNotFound,
    "timeout_error": TimedOut,
    "DEADLINE_EXCEEDED": TimedOut,
    "overloaded_error": ServerError,
    "api_error": ServerError,
    "server_error": ServerError,
    "INTERNAL": ServerError,
    "UNAVAILABLE": ServerError,
    "invalid_request_error": InvalidRequest,
    "INVALID_ARGUMENT": InvalidRequest,
    "FAILED_PRECONDITION": InvalidRequest,
}

ERRORS_BY_STATUS: Mapping[int, type[LLMError]] = {
    400: InvalidRequest,
    401: AuthenticationFailed,
    402: QuotaExhausted,
    403: AuthenticationFailed,
    404: ModelNotFound,
    408: TimedOut,
    413: ContextTooLong,
    422: InvalidRequest,
    429: RateLimited,
    504: TimedOut,
}


def error_in(body: Mapping[str, Any]) -> LLMError | None:
    """The error that an error body tells, or None when it holds none of the words or numbers that we know.

    `detail` is the provider's message; `provider` and `model` are left to whoever knows them.
    """
    error = body.get("error")
    if not isinstance(error, Mapping):
        return None
    detail = str(error.get("message") or "")
    said = list(_words(error))
    for word, kind in ERRORS_BY_WORD.items():
        if word in said:
            return kind(detail)
    for word in said:
        if word.isdecimal() and len(word) == 3:
            return error_for_status(int(word))(detail)
    return None


def error_for_status(status: int) -> type[LLMError]:
    """The error that an HTTP status means where nothing more telling is known."""
    return ERRORS_BY_STATUS.get(status, InvalidRequest if 400 <= status < 500 else ServerError)


def stream_error(event: Mapping[str, Any]) -> LLMError:
    """The error that an event of a stream tells; `ServerError` when its words are unknown to us."""
    error = event.get("error")
    detail = str(error.get("message") or "") if isinstance(error, Mapping) else str(error)
    return error_in(event) or ServerError(detail)


def _words(error: Mapping[str, Any]) -> Iterator[str]:
    for detail in error.get("details") or ():
        if isinstance(detail, Mapping) and isinstance(detail.get("reason"), str):
            yield detail["reason"]
    for name in ("code", "type", "status"):
        if isinstance(word := error.get(name), str | int):
            yield str(word)

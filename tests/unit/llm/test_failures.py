"""Error bodies of the three formats, read by their fields."""

from __future__ import annotations

from typing import Any

import pytest

from ai_studio.llm.errors import LLMError
from ai_studio.llm.wire.failures import error_for_status, error_in, stream_error


def openai(code: str | int | None, kind: str = "invalid_request_error") -> dict[str, Any]:
    return {"error": {"message": "words", "type": kind, "param": None, "code": code}}


def anthropic(kind: str) -> dict[str, Any]:
    return {"type": "error", "error": {"type": kind, "message": "words"}}


def gemini(code: int, status: str, reason: str | None = None) -> dict[str, Any]:
    details = [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": reason}] if reason else []
    return {"error": {"code": code, "message": "words", "status": status, "details": ["odd", *details]}}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (openai("insufficient_quota", "insufficient_quota"), "QuotaExhausted"),
        (openai("rate_limit_exceeded", "tokens"), "RateLimited"),
        (openai("context_length_exceeded"), "ContextTooLong"),
        (openai("content_filter"), "ContentFiltered"),
        (openai("invalid_api_key"), "AuthenticationFailed"),
        (openai("model_not_found"), "ModelNotFound"),
        (openai(None, "server_error"), "ServerError"),
        (openai(None), "InvalidRequest"),
        (openai(502, ""), "ServerError"),
        (openai(429, ""), "RateLimited"),
        (openai(404, "NotFoundError"), "ModelNotFound"),
        (openai(418, ""), "InvalidRequest"),
        (anthropic("overloaded_error"), "ServerError"),
        (anthropic("rate_limit_error"), "RateLimited"),
        (anthropic("authentication_error"), "AuthenticationFailed"),
        (anthropic("permission_error"), "AuthenticationFailed"),
        (anthropic("not_found_error"), "ModelNotFound"),
        (anthropic("request_too_large"), "ContextTooLong"),
        (anthropic("billing_error"), "QuotaExhausted"),
        (anthropic("timeout_error"), "TimedOut"),
        (gemini(400, "INVALID_ARGUMENT"), "InvalidRequest"),
        (gemini(400, "INVALID_ARGUMENT", "API_KEY_INVALID"), "AuthenticationFailed"),
        (gemini(429, "RESOURCE_EXHAUSTED"), "RateLimited"),
        (gemini(503, "UNAVAILABLE"), "ServerError"),
        (gemini(504, "DEADLINE_EXCEEDED"), "TimedOut"),
    ],
)
def test_an_error_body(body: dict[str, Any], expected: str) -> None:
    error = error_in(body)
    assert type(error).__name__ == expected
    assert isinstance(error, LLMError)
    assert error.detail == "words"
    assert stream_error(body).code == error.code


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"error": "words"},
        {"error": None},
        {"error": {}},
        {"error": {"type": "odd", "code": "12345"}},
        {"error": {"code": []}},
    ],
)
def test_a_body_that_tells_nothing_known(body: dict[str, Any]) -> None:
    assert error_in(body) is None
    assert type(stream_error(body)).__name__ == "ServerError"


def test_the_words_of_an_unknown_error_are_kept() -> None:
    assert stream_error({"error": "out of coffee"}).detail == "out of coffee"
    assert stream_error({"error": {"message": "out of tea"}}).detail == "out of tea"


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (400, "InvalidRequest"),
        (402, "QuotaExhausted"),
        (413, "ContextTooLong"),
        (418, "InvalidRequest"),
        (529, "ServerError"),
    ],
)
def test_a_status(status: int, expected: str) -> None:
    assert error_for_status(status).__name__ == expected

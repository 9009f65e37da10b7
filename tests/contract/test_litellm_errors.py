"""The map from LiteLLM's exceptions to our errors, on LiteLLM's own classes."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import aiohttp
import httpx
import pytest

from ai_studio.llm import LLMError, errors


def openai_error(
    kind: str, status: int, body: dict[str, Any] | None = None, headers: dict[str, str] | None = None
) -> Any:
    import openai

    request = httpx.Request("POST", "http://provider/v1/chat/completions")
    response = httpx.Response(status, headers=headers, json={"error": body}, request=request)
    return getattr(openai, kind)("words", response=response, body=body)


def litellm_error(kind: str, **extra: Any) -> Any:
    import litellm

    make: Callable[..., Any] = getattr(litellm.exceptions, kind)
    return make(message="words", model="m", llm_provider="p", **extra)


def base_exception(status: int) -> Any:
    from litellm.llms.base_llm.chat.transformation import BaseLLMException

    return BaseLLMException(status_code=status, message="words")


def connection_error_from(cause: Exception) -> Any:
    error = litellm_error("APIConnectionError")
    error.__cause__ = cause
    cause.__context__ = error  # LiteLLM raises within handlers of its own errors, and makes circles
    return error


EXCEPTIONS: dict[str, tuple[Callable[[], Any], type[LLMError]]] = {
    "context window": (lambda: litellm_error("ContextWindowExceededError"), errors.ContextTooLong),
    "content policy": (lambda: litellm_error("ContentPolicyViolationError"), errors.ContentFiltered),
    "parameters": (lambda: litellm_error("UnsupportedParamsError"), errors.Unsupported),
    "payment": (lambda: litellm_error("PaymentRequiredError"), errors.QuotaExhausted),
    "key": (lambda: openai_error("AuthenticationError", 401), errors.AuthenticationFailed),
    "permission": (lambda: openai_error("PermissionDeniedError", 403), errors.AuthenticationFailed),
    "not found": (lambda: openai_error("NotFoundError", 404), errors.ModelNotFound),
    "rate": (lambda: openai_error("RateLimitError", 429), errors.RateLimited),
    "quota": (lambda: openai_error("RateLimitError", 429, {"code": "insufficient_quota"}), errors.QuotaExhausted),
    "bad request": (lambda: openai_error("BadRequestError", 400), errors.InvalidRequest),
    "bad key": (
        lambda: openai_error("BadRequestError", 400, {"details": [{"reason": "API_KEY_INVALID"}]}),
        errors.AuthenticationFailed,
    ),
    "unprocessable": (lambda: openai_error("UnprocessableEntityError", 422), errors.InvalidRequest),
    "server": (lambda: openai_error("InternalServerError", 500), errors.ServerError),
    "unavailable": (lambda: litellm_error("ServiceUnavailableError"), errors.ServerError),
    "gateway": (lambda: litellm_error("BadGatewayError"), errors.ServerError),
    "timeout": (lambda: litellm_error("Timeout"), errors.TimedOut),
    "connection": (lambda: litellm_error("APIConnectionError"), errors.ConnectionFailed),
    "connection that was not JSON": (
        lambda: connection_error_from(json.JSONDecodeError("x", "y", 0)),
        errors.MalformedResponse,
    ),
    "connection that was slow": (lambda: connection_error_from(httpx.ReadTimeout("x")), errors.TimedOut),
    "connection of which something else is known": (
        lambda: connection_error_from(KeyError("x")),
        errors.ConnectionFailed,
    ),
    "mid-stream": (
        lambda: litellm_error("MidStreamFallbackError", original_exception=litellm_error("Timeout")),
        errors.TimedOut,
    ),
    "mid-stream, of nothing": (lambda: litellm_error("MidStreamFallbackError"), errors.ServerError),
    "status 404": (lambda: base_exception(404), errors.ModelNotFound),
    "status 529": (lambda: base_exception(529), errors.ServerError),
    "httpx": (lambda: httpx.ReadError("x"), errors.ConnectionFailed),
    "httpx timeout": (lambda: httpx.ConnectTimeout("x"), errors.TimedOut),
    "httpx decoding": (lambda: httpx.DecodingError("x"), errors.MalformedResponse),
    "httpx stream": (lambda: httpx.StreamClosed(), errors.ConnectionFailed),
    "aiohttp": (lambda: aiohttp.ClientPayloadError("x"), errors.ConnectionFailed),
    "aiohttp timeout": (lambda: aiohttp.SocketTimeoutError("x"), errors.TimedOut),
    "socket": (lambda: ConnectionResetError("x"), errors.ConnectionFailed),
    "time": (lambda: TimeoutError("x"), errors.TimedOut),
    "ours": (lambda: errors.MalformedResponse("x"), errors.MalformedResponse),
    "anything": (lambda: ZeroDivisionError("x"), LLMError),
}


@pytest.mark.parametrize("name", EXCEPTIONS)
def test_the_map_of_errors(name: str) -> None:
    from ai_studio.llm.litellm_errors import to_llm_error

    make, expected = EXCEPTIONS[name]
    error = to_llm_error(make(), provider="p", model="m")
    assert type(error) is expected
    assert (error.provider, error.model) == ("p", "m")


def response(status: int, body: Any = None, **headers: str) -> httpx.Response:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    if isinstance(body, str):
        return httpx.Response(status, headers=names, text=body)
    return httpx.Response(status, headers=names, json=body)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        pytest.param(response(429, retry_after="7"), 7.0, id="seconds"),
        pytest.param(response(429, retry_after="2.5"), 2.5, id="fraction"),
        pytest.param(response(429, retry_after_ms="1500", retry_after="2"), 1.5, id="milliseconds"),
        pytest.param(response(429, retry_after="Wed, 21 Oct 2015 07:28:00 GMT"), 0.0, id="a-date-that-is-over"),
        pytest.param(response(429, retry_after="Wed, 21 Oct 2015 07:28:00"), 0.0, id="a-date-without-zone"),
        pytest.param(response(429, retry_after="soon"), None, id="words"),
        pytest.param(response(429, retry_after="-5"), None, id="negative"),
        pytest.param(response(429, retry_after="inf"), None, id="for-ever"),
        pytest.param(response(429), None, id="nothing"),
        pytest.param(
            response(429, [{"error": {"code": 429, "details": [{}, {"retryDelay": "34s"}]}}]), 34.0, id="gemini"
        ),
        pytest.param(response(429, {"error": {"details": "x"}}), None, id="odd-details"),
        pytest.param(response(429, "<html>"), None, id="html"),
        pytest.param(response(429, []), None, id="empty-list"),
    ],
)
def test_how_long_to_wait(answer: httpx.Response, expected: float | None) -> None:
    from ai_studio.llm.litellm_errors import to_llm_error

    error = to_llm_error(litellm_error("RateLimitError"), provider="p", model="m", response=answer)
    assert isinstance(error, errors.RateLimited)
    assert error.retry_after == expected


def test_waiting_until_a_date() -> None:
    from ai_studio.llm.litellm_errors import to_llm_error

    at = format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)
    error = to_llm_error(
        litellm_error("RateLimitError"), provider="p", model="m", response=response(429, retry_after=at)
    )
    assert isinstance(error, errors.RateLimited)
    assert error.retry_after is not None
    assert 55 < error.retry_after <= 60


def test_the_providers_answer_is_found_in_the_causes() -> None:
    from ai_studio.llm.litellm_errors import to_llm_error

    error = litellm_error("RateLimitError")
    error.__cause__ = openai_error("RateLimitError", 429, {"message": "slow down", "code": 429}, {"retry-after": "9"})
    ours = to_llm_error(error, provider="p", model="m")
    assert isinstance(ours, errors.RateLimited)
    assert (ours.retry_after, ours.detail) == (9.0, "slow down")


def test_a_failed_connection_that_was_answered_is_what_its_status_says() -> None:
    from ai_studio.llm.litellm_errors import to_llm_error

    error = to_llm_error(litellm_error("APIConnectionError"), provider="p", model="m", response=response(502, "<html>"))
    assert type(error) is errors.ServerError


async def test_an_error_body_that_was_not_read_tells_nothing() -> None:
    from ai_studio.llm.litellm_errors import to_llm_error

    class Body(httpx.AsyncByteStream):
        async def __aiter__(self) -> AsyncIterator[bytes]:
            yield b'{"error": {"code": "insufficient_quota"}}'

    answer = httpx.Response(429, stream=Body())
    assert (
        type(to_llm_error(litellm_error("RateLimitError"), provider="p", model="m", response=answer))
        is errors.RateLimited
    )
    async for _ in answer.aiter_raw():
        pass
    assert (
        type(to_llm_error(litellm_error("RateLimitError"), provider="p", model="m", response=answer))
        is errors.RateLimited
    )

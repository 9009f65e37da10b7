"""The one map from the exceptions of LiteLLM, its SDKs and its transports to our tree: by class, never by prose."""

from __future__ import annotations

import json
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp
import httpx
import litellm
import openai
from litellm.llms.base_llm.chat.transformation import BaseLLMException

from ai_studio.llm import errors
from ai_studio.llm.addresses import PrivateAddress
from ai_studio.llm.errors import LLMError
from ai_studio.llm.wire.failures import error_for_status, error_in

# What a model call may raise. Anything else is a defect of the program, and not to be taken for the provider's failure.
CALL_FAILURES: tuple[type[Exception], ...] = (
    LLMError,
    openai.OpenAIError,
    BaseLLMException,
    httpx.HTTPError,
    httpx.StreamError,
    aiohttp.ClientError,
    json.JSONDecodeError,
    OSError,
)

# The first class that fits wins, so a class stands above its parents: LiteLLM's own subclass openai's.
_ERRORS_BY_CLASS: tuple[tuple[type[Exception], type[LLMError]], ...] = (
    (PrivateAddress, errors.AddressRefused),
    (ssl.SSLCertVerificationError, errors.CertificateInvalid),
    (aiohttp.ClientConnectorCertificateError, errors.CertificateInvalid),
    (litellm.exceptions.ContextWindowExceededError, errors.ContextTooLong),
    (litellm.exceptions.ContentPolicyViolationError, errors.ContentFiltered),
    (litellm.exceptions.LiteLLMUnknownProvider, errors.Unsupported),
    (litellm.exceptions.UnsupportedParamsError, errors.Unsupported),
    (litellm.exceptions.PaymentRequiredError, errors.QuotaExhausted),
    (openai.AuthenticationError, errors.AuthenticationFailed),
    (openai.PermissionDeniedError, errors.AuthenticationFailed),
    (openai.NotFoundError, errors.ModelNotFound),
    (openai.RateLimitError, errors.RateLimited),
    (openai.APITimeoutError, errors.TimedOut),
    (openai.APIConnectionError, errors.ConnectionFailed),
    (openai.APIResponseValidationError, errors.MalformedResponse),
    (openai.BadRequestError, errors.InvalidRequest),
    (openai.UnprocessableEntityError, errors.InvalidRequest),
    (openai.InternalServerError, errors.ServerError),
    (httpx.TimeoutException, errors.TimedOut),
    (httpx.DecodingError, errors.MalformedResponse),
    (httpx.HTTPError, errors.ConnectionFailed),
    (httpx.StreamError, errors.ConnectionFailed),
    (aiohttp.ServerTimeoutError, errors.TimedOut),
    (aiohttp.ClientError, errors.ConnectionFailed),
    (json.JSONDecodeError, errors.MalformedResponse),
    (TimeoutError, errors.TimedOut),
    (OSError, errors.ConnectionFailed),
)

# These say so little that a more telling word of the provider's error body, or of the exception's causes, replaces them.
# LiteLLM calls every error within OpenAI's stream a failed connection: any word of the provider's tells more than that.
_VAGUE = (errors.InvalidRequest, errors.RateLimited, errors.ServerError, errors.ConnectionFailed)
# What LiteLLM raises for statuses that say more: it calls a 403 of OpenAI's and of Gemini's a bad request.
_SAID_BY_STATUS = (errors.InvalidRequest, errors.ConnectionFailed)
_REFUSED_BY_US = (PrivateAddress, ssl.SSLCertVerificationError)
"""No connection was made, for a reason that is somewhere among the causes of what the transport raised."""
_TELLING_CAUSES = (json.JSONDecodeError, httpx.TransportError, aiohttp.ClientError)


def to_llm_error(exc: Exception, *, provider: str, model: str, response: httpx.Response | None = None) -> LLMError:
    """The error of our tree for one exception of a model call.

    `response` is the provider's answer where the caller has it: LiteLLM loses headers and bodies on the way.
    """
    if isinstance(exc, litellm.exceptions.MidStreamFallbackError) and exc.original_exception is not None:
        return to_llm_error(exc.original_exception, provider=provider, model=model, response=response)
    body = _body(exc, response)
    error = exc if isinstance(exc, LLMError) else _error_for(exc, body, response)
    error.provider, error.model = provider, model
    if isinstance(error, errors.ProviderUnavailable):
        error.retry_after = _retry_after(_headers(exc, response), body)
    return error


def _error_for(exc: Exception, body: dict[str, Any], response: httpx.Response | None) -> LLMError:
    kind = _kind_for(exc)
    refused = next((each for each in _causes(exc) if isinstance(each, _REFUSED_BY_US)), None)
    if refused is not None:
        return _kind_for(refused)(str(refused))
    if kind in _SAID_BY_STATUS and response is not None and response.is_error:
        kind = error_for_status(response.status_code)
    said = error_in(body)
    if kind in _VAGUE:
        if said is not None and (type(said) not in _VAGUE or kind is errors.ConnectionFailed):
            return said
        kind = next((_kind_for(cause) for cause in _causes(exc) if isinstance(cause, _TELLING_CAUSES)), kind)
    return kind(said.detail if said is not None and said.detail else str(exc))


def _kind_for(exc: BaseException) -> type[LLMError]:
    for vendor, ours in _ERRORS_BY_CLASS:
        if isinstance(exc, vendor):
            return ours
    status = getattr(exc, "status_code", None)
    return error_for_status(status) if isinstance(status, int) else LLMError


def _causes(exc: BaseException) -> Iterator[BaseException]:
    seen = {id(exc)}
    cause = exc.__cause__ or exc.__context__
    while cause is not None and id(cause) not in seen:
        seen.add(id(cause))
        yield cause
        cause = cause.__cause__ or cause.__context__


def _body(exc: Exception, response: httpx.Response | None) -> dict[str, Any]:
    """The provider's error body as JSON; empty where there is none, or where it was not read."""
    if response is not None and response.is_error and response.is_stream_consumed:
        try:
            body = response.json()
        except (ValueError, httpx.ResponseNotRead):
            body = None
        # Gemini's error comes as a list of one where no event stream was begun.
        if isinstance(body, list) and body:
            body = body[0]
    else:
        bodies = (getattr(each, "body", None) for each in (exc, *_causes(exc)))
        body = next((each for each in bodies if isinstance(each, dict)), None)
    if not isinstance(body, dict):
        return {}
    # openai's SDK hands over what is inside "error".
    return body if isinstance(body.get("error"), dict) else {"error": body}


def _headers(exc: Exception, response: httpx.Response | None) -> httpx.Headers:
    answers = (response, *(getattr(each, "response", None) for each in (exc, *_causes(exc))))
    # LiteLLM's own exceptions carry an answer that it made up, without headers: the first that has any is the provider's.
    headers = (answer.headers for answer in answers if isinstance(answer, httpx.Response))
    return next((each for each in headers if each), httpx.Headers())


def _retry_after(headers: httpx.Headers, body: dict[str, Any]) -> float | None:
    """Seconds to wait: the header as seconds or as a date, else the delay in Gemini's error body ("34s")."""
    if (milliseconds := _number(headers.get("retry-after-ms"))) is not None:
        return milliseconds / 1000
    value = headers.get("retry-after")
    if value is None:
        return _retry_delay(body)
    if (seconds := _number(value)) is not None:
        return seconds
    try:
        at = parsedate_to_datetime(value)
    except ValueError:
        return None
    if at.tzinfo is None:
        at = at.replace(tzinfo=UTC)
    return max(0.0, (at - datetime.now(UTC)).total_seconds())


def _retry_delay(body: dict[str, Any]) -> float | None:
    details = (body.get("error") or {}).get("details")
    for detail in details if isinstance(details, list) else ():
        if isinstance(detail, dict) and isinstance(delay := detail.get("retryDelay"), str):
            return _number(delay.removesuffix("s"))
    return None


def _number(value: str | None) -> float | None:
    try:
        number = float(value) if value is not None else -1.0
    except ValueError:
        return None
    return number if 0 <= number < float("inf") else None

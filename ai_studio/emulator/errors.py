"""The providers' own words for each kind of error. `{model}`, `{key}` and `{detail}` are filled in."""

from __future__ import annotations

from collections.abc import Callable

from ai_studio.emulator.completions import ErrorKind

OPENAI: dict[ErrorKind, tuple[int, str, str, str | None]] = {
    # status, message, type, code
    ErrorKind.BAD_REQUEST: (400, "{detail}", "invalid_request_error", None),
    ErrorKind.MISSING_KEY: (
        401,
        "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth "
        "(i.e. Authorization: Bearer YOUR_KEY).",
        "invalid_request_error",
        None,
    ),
    ErrorKind.INVALID_KEY: (
        401,
        "Incorrect API key provided: ****{key}. You can find your API key at "
        "https://platform.openai.com/account/api-keys.",
        "invalid_request_error",
        "invalid_api_key",
    ),
    ErrorKind.PERMISSION: (
        403,
        "You have insufficient permissions for this operation. Missing scopes: model.request. Check that you have the "
        "correct role in your organization and project, and, with a restricted API key, that it has the scopes.",
        "invalid_request_error",
        "missing_scope",
    ),
    ErrorKind.NOT_FOUND: (
        404,
        "The model `{model}` does not exist or you do not have access to it.",
        "invalid_request_error",
        "model_not_found",
    ),
    ErrorKind.TIMEOUT: (408, "Request timed out.", "server_error", None),
    ErrorKind.RATE_LIMIT: (
        429,
        "Rate limit reached for {model} on requests per min (RPM): Limit 3, Used 3, Requested 1. Please try again "
        "later. Visit https://platform.openai.com/account/rate-limits to learn more.",
        "requests",
        "rate_limit_exceeded",
    ),
    ErrorKind.QUOTA: (
        429,
        "You exceeded your current quota, please check your plan and billing details.",
        "insufficient_quota",
        "insufficient_quota",
    ),
    ErrorKind.CONTEXT_LENGTH: (
        400,
        "This model's maximum context length is 8192 tokens. However, your messages resulted in 10240 tokens. "
        "Please reduce the length of the messages.",
        "invalid_request_error",
        "context_length_exceeded",
    ),
    ErrorKind.POLICY: (
        400,
        "Your request was rejected as a result of our safety system. Your prompt may contain text that is not "
        "allowed by our safety system.",
        "invalid_request_error",
        "content_policy_violation",
    ),
    ErrorKind.SERVER: (
        500,
        "The server had an error while processing your request. Sorry about that!",
        "server_error",
        None,
    ),
    ErrorKind.OVERLOADED: (
        503,
        "The engine is currently overloaded, please try again later.",
        "server_error",
        None,
    ),
}

ANTHROPIC: dict[ErrorKind, tuple[int, str, str]] = {
    # status, type, message
    ErrorKind.BAD_REQUEST: (400, "invalid_request_error", "{detail}"),
    ErrorKind.MISSING_KEY: (401, "authentication_error", "x-api-key header is required"),
    ErrorKind.INVALID_KEY: (401, "authentication_error", "invalid x-api-key"),
    ErrorKind.PERMISSION: (
        403,
        "permission_error",
        "Your API key does not have permission to use the specified resource.",
    ),
    ErrorKind.NOT_FOUND: (404, "not_found_error", "model: {model}"),
    ErrorKind.TIMEOUT: (408, "timeout_error", "Request timed out"),
    ErrorKind.RATE_LIMIT: (
        429,
        "rate_limit_error",
        "This request would exceed your organization's rate limit of 50 requests per minute.",
    ),
    ErrorKind.QUOTA: (
        400,
        "invalid_request_error",
        "Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing to upgrade or "
        "purchase credits.",
    ),
    ErrorKind.CONTEXT_LENGTH: (400, "invalid_request_error", "prompt is too long: 208310 tokens > 200000 maximum"),
    ErrorKind.POLICY: (400, "invalid_request_error", "Output blocked by content filtering policy"),
    ErrorKind.SERVER: (500, "api_error", "Internal server error"),
    ErrorKind.OVERLOADED: (529, "overloaded_error", "Overloaded"),
}

GEMINI: dict[ErrorKind, tuple[int, str, str]] = {
    # status, name of the status, message
    ErrorKind.BAD_REQUEST: (400, "INVALID_ARGUMENT", "{detail}"),
    ErrorKind.MISSING_KEY: (
        403,
        "PERMISSION_DENIED",
        "Method doesn't allow unregistered callers (callers without established identity). Please use API Key or "
        "other form of API consumer identity to call this API.",
    ),
    ErrorKind.INVALID_KEY: (400, "INVALID_ARGUMENT", "API key not valid. Please pass a valid API key."),
    ErrorKind.PERMISSION: (403, "PERMISSION_DENIED", "The caller does not have permission"),
    ErrorKind.NOT_FOUND: (
        404,
        "NOT_FOUND",
        "models/{model} is not found for API version v1beta, or is not supported for generateContent. Call "
        "ListModels to see the list of available models and their supported methods.",
    ),
    ErrorKind.TIMEOUT: (504, "DEADLINE_EXCEEDED", "Deadline expired before operation could complete."),
    ErrorKind.RATE_LIMIT: (429, "RESOURCE_EXHAUSTED", "Resource has been exhausted (e.g. check quota)."),
    ErrorKind.QUOTA: (
        429,
        "RESOURCE_EXHAUSTED",
        "You exceeded your current quota, please check your plan and billing details.",
    ),
    ErrorKind.CONTEXT_LENGTH: (
        400,
        "INVALID_ARGUMENT",
        "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).",
    ),
    ErrorKind.POLICY: (400, "INVALID_ARGUMENT", "The request was blocked by the safety filters."),
    ErrorKind.SERVER: (
        500,
        "INTERNAL",
        "An internal error has occurred. Please retry or report in "
        "https://developers.generativeai.google/guide/troubleshooting",
    ),
    ErrorKind.OVERLOADED: (503, "UNAVAILABLE", "The model is overloaded. Please try again later."),
}


def _invalid_key_details(retry_after: float | None) -> list[dict[str, object]]:
    return [
        {
            "@type": "type.googleapis.com/google.rpc.ErrorInfo",
            "reason": "API_KEY_INVALID",
            "domain": "googleapis.com",
            "metadata": {"service": "generativelanguage.googleapis.com"},
        }
    ]


def _retry_details(retry_after: float | None) -> list[dict[str, object]]:
    if retry_after is None:
        return []
    return [{"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": f"{retry_after:g}s"}]


GEMINI_DETAILS: dict[ErrorKind, Callable[[float | None], list[dict[str, object]]]] = {
    ErrorKind.INVALID_KEY: _invalid_key_details,
    ErrorKind.RATE_LIMIT: _retry_details,
    ErrorKind.QUOTA: _retry_details,
}

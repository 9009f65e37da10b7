"""Errors of a model call as a client is told them: never in the provider's words, which may hold a key."""

from __future__ import annotations

from typing import Any

from ai_studio.llm import LLMError

# Sentences for errors of a model call, by code. `docs/errors.md` repeats them; a test keeps the two equal.
MODEL_CALL_TEXTS = {
    "model_call_failed": "The model could not answer. Try again, or choose another model.",
    "model_misconfigured": "This model is not set up properly. Choose another one, and tell your administrator.",
    "provider_authentication_failed": "The provider refuses our key. Choose another model, and tell your administrator.",
    "provider_address_refused": "The address of this provider may not be used. Choose another model, and tell your administrator.",
    "provider_certificate_invalid": "The provider's address could not prove whose it is. Choose another model, and tell your administrator.",
    "provider_token_unreadable": "The stored key of this provider can't be read. Choose another model, and tell your administrator.",
    "model_not_found": "The provider does not know this model (any more). Choose another one.",
    "model_unsupported": "This model can't do what was asked of it. Choose another one.",
    "request_rejected": "The provider rejected the request. Change the message, or choose another model.",
    "context_too_long": "The conversation is too long for this model. Shorten it, start a new chat, or choose a larger model.",
    "content_filtered": "The provider's content filter stopped this. Change the message and try again.",
    "invalid_model_request": "The provider could not take the request as it was. Choose another model, or tell your administrator.",
    "provider_unavailable": "The provider is not available at the moment. Try again, or choose another model.",
    "provider_rate_limited": "The provider is overloaded, or our limit there is reached. Try again in a moment, or choose another model.",
    "provider_quota_exhausted": "Our credit with this provider is used up. Choose another model, and tell your administrator.",
    "provider_timed_out": "The provider did not answer in time. Try again, or choose another model.",
    "provider_connection_failed": "The provider could not be reached. Try again, or choose another model.",
    "provider_server_error": "The provider had a fault of its own. Try again, or choose another model.",
    "provider_malformed_response": "The provider answered with something that is not an answer. Try again, or tell your administrator.",
    "stream_interrupted": "The connection to the provider broke in the middle of the answer. What came so far is kept.",
}


def failure(error: LLMError) -> dict[str, Any]:
    """An error of a model call as `data-error` carries it."""
    return {
        "code": error.code,
        "text": MODEL_CALL_TEXTS[error.code],
        "retryable": error.retryable,
        "retry_after": getattr(error, "retry_after", None),
    }

"""Everything that can go wrong with a model call, as one tree with stable codes.

    LLMError                       code, retryable, provider, model, detail
    ├── Misconfigured              an administrator must act; another model may work
    │   ├── AddressRefused         the base URL leads into a private network that is not allowed
    │   ├── AuthenticationFailed   the provider refuses the token
    │   ├── CertificateInvalid     the provider's address does not prove whose it is
    │   ├── TokenUnreadable        the stored token can't be decrypted
    │   ├── ModelNotFound          the provider does not know the model
    │   └── Unsupported            LiteLLM does not know the provider, or the model lacks what was asked
    ├── RequestRejected            the request is at fault: neither a retry nor another model helps by itself
    │   ├── ContextTooLong
    │   ├── ContentFiltered
    │   └── InvalidRequest
    ├── ProviderUnavailable        a retry may help
    │   ├── RateLimited            retry_after
    │   ├── QuotaExhausted         not retryable: the account is out of credit
    │   ├── TimedOut
    │   ├── ConnectionFailed
    │   ├── ServerError
    │   └── MalformedResponse      not in the provider's format: HTML, cut JSON
    └── StreamInterrupted          after the first token; the partial is kept, the user chooses

`detail` is the provider's own words, for the log and the administrator: never shown to a user, and redacted before it is stored.
"""

from __future__ import annotations

from typing import ClassVar


class LLMError(Exception):
    """A model call failed. Subclasses fix `code` (never reused) and `retryable`."""

    code: ClassVar[str] = "model_call_failed"
    retryable: ClassVar[bool] = False

    def __init__(self, detail: str = "", *, provider: str = "", model: str = "") -> None:
        super().__init__(detail)
        self.detail = detail
        self.provider = provider
        self.model = model


class Misconfigured(LLMError):
    code = "model_misconfigured"


class AddressRefused(Misconfigured):
    code = "provider_address_refused"


class AuthenticationFailed(Misconfigured):
    code = "provider_authentication_failed"


class CertificateInvalid(Misconfigured):
    code = "provider_certificate_invalid"


class TokenUnreadable(Misconfigured):
    code = "provider_token_unreadable"


class ModelNotFound(Misconfigured):
    code = "model_not_found"


class Unsupported(Misconfigured):
    code = "model_unsupported"


class RequestRejected(LLMError):
    code = "request_rejected"


class ContextTooLong(RequestRejected):
    code = "context_too_long"


class ContentFiltered(RequestRejected):
    code = "content_filtered"


class InvalidRequest(RequestRejected):
    code = "invalid_model_request"


class ProviderUnavailable(LLMError):
    """`retry_after`: seconds that the provider asked to wait, or None."""

    code = "provider_unavailable"
    retryable = True

    def __init__(
        self, detail: str = "", *, provider: str = "", model: str = "", retry_after: float | None = None
    ) -> None:
        super().__init__(detail, provider=provider, model=model)
        self.retry_after = retry_after


class RateLimited(ProviderUnavailable):
    code = "provider_rate_limited"


class QuotaExhausted(ProviderUnavailable):
    code = "provider_quota_exhausted"
    retryable = False


class TimedOut(ProviderUnavailable):
    code = "provider_timed_out"


class ConnectionFailed(ProviderUnavailable):
    code = "provider_connection_failed"


class ServerError(ProviderUnavailable):
    code = "provider_server_error"


class MalformedResponse(ProviderUnavailable):
    code = "provider_malformed_response"


class StreamInterrupted(LLMError):
    """The stream broke after the first token. `__cause__` is the error that broke it."""

    code = "stream_interrupted"
    retryable = True

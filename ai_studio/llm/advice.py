"""What an administrator can do about a model call that failed. What is said to people is in `chat.errors`."""

from __future__ import annotations

from collections.abc import Mapping

ADVICE: Mapping[str, str] = {
    "model_call_failed": "Read the provider's words, then try again.",
    "model_misconfigured": "Give the provider a base URL: it has no address of its own.",
    "provider_address_refused": "Use a public address, or let whoever runs this installation name this one in PROVIDER_PRIVATE_HOSTS.",
    "provider_authentication_failed": "The provider does not accept the token. Copy it again from the provider's console, and look whether it may use this model.",
    "provider_certificate_invalid": "Nothing was sent. The certificate has expired, is of another name, or is signed by an authority that this server does not know. Correct the base URL or the certificate; an authority of your own goes into SSL_CERT_FILE.",
    "provider_token_unreadable": "TOKEN_KEYS has lost the key that sealed this token. Put that key back, or enter the token again.",
    "model_not_found": "The model's id is wrong, or the account may not use it; or the base URL has a wrong path, which often ends with /v1. Get the provider's own list under Catalogue.",
    "model_unsupported": "LiteLLM does not know this provider, or the model does not take one of its parameters. Look at the provider's key and at the model's parameters.",
    "request_rejected": "Look at the model's parameters.",
    "context_too_long": "Write a shorter prompt.",
    "content_filtered": "Write another prompt.",
    "invalid_model_request": "The provider did not take the request: look at the model's parameters, and at whether it is a chat model.",
    "provider_unavailable": "Try again in a moment.",
    "provider_rate_limited": "The account's limit is reached. Wait, raise the limit in the provider's console, or add another token.",
    "provider_quota_exhausted": "The account has no credit left. Top it up in the provider's console.",
    "provider_timed_out": "The address is slow or silent. Look at the provider's status page, or at the firewall between here and there.",
    "provider_connection_failed": "Nobody answers at this address. Look at the base URL, its port, and whether the server runs and can be reached from here.",
    "provider_server_error": "The provider has a fault of its own. Look at its status page, and try again.",
    "provider_malformed_response": "What answered is not the API of this kind of provider, for instance a web page. Look at the base URL: it often ends with /v1.",
    "stream_interrupted": "The connection broke in the middle of the answer. Try again; if it stays, look at proxies between here and there.",
}
"""By code of `ai_studio.llm.errors`."""

"""Tokens that are no single word: the key of a Google service account, a JSON file, with which one asks for short-lived keys."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

from ai_studio.llm.errors import Misconfigured
from ai_studio.llm.providers import SERVICE_ACCOUNT_PROVIDERS

GOOGLE_TOKENS = "oauth2.googleapis.com"
_PARTS = ("client_email", "private_key", "token_uri")


def is_service_account(provider_key: str) -> bool:
    return provider_key in SERVICE_ACCOUNT_PROVIDERS


def service_account(text: str, base_url: str | None) -> str:
    """`text` as compact JSON. Raises Misconfigured, with words for whoever entered it.

    Other kinds of Google credentials name files, programs and addresses that the server should ask: whoever may store a
    token must not make it do that. So only this kind is taken, and only with Google's address for keys, or one on the
    host of `base_url`, which a platform admin has chosen.
    """
    found = _parsed(text)
    if found.get("type") != "service_account":
        raise Misconfigured("The token of this provider is the JSON file of a service account, the whole of it.")
    if missing := [name for name in _PARTS if not isinstance(found.get(name), str) or not found[name]]:
        raise Misconfigured(f"The service account's file is not whole: {', '.join(missing)} is missing.")
    own = (urlsplit(base_url).scheme, urlsplit(base_url).netloc) if base_url else None
    address = urlsplit(found["token_uri"])
    if (address.scheme, address.netloc) not in {("https", GOOGLE_TOKENS), own}:
        raise Misconfigured(f"The file's token_uri must be on {GOOGLE_TOKENS}.")
    if found.get("universe_domain", "googleapis.com") != "googleapis.com":
        raise Misconfigured("The file's universe_domain must be googleapis.com.")
    return json.dumps(found, separators=(",", ":"))


def secrets_in(token: str) -> list[str]:
    """`token` and the secret parts of it, as they might be quoted, the longest first."""
    key = str(_parsed(token).get("private_key", ""))
    return [each for each in (token, json.dumps(key)[1:-1], key) if each]


def name_of(token: str) -> str:
    """What a token may be recognised by, such as its last characters, without helping who wants to guess it."""
    found = _parsed(token)
    return str(found.get("private_key_id", "")) if found else token


def _parsed(text: str) -> dict[str, Any]:
    """Empty for what is no JSON object."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}

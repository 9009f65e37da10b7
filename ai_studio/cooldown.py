"""Which tokens and providers are left alone for a while after a failure. Shared between nodes through Django's cache."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.cache import cache

from ai_studio.llm import LLMError
from ai_studio.llm.errors import (
    AuthenticationFailed,
    ConnectionFailed,
    QuotaExhausted,
    RateLimited,
    ServerError,
    TimedOut,
    TokenUnreadable,
)

TOKEN_SECONDS = 30.0
PROVIDER_SECONDS = 15.0
LONGEST_SECONDS = 300.0


@dataclass(frozen=True, slots=True)
class Rest:
    """Why a token or a provider is left alone, and for how many seconds more."""

    code: str
    seconds: float


def note_failure(error: LLMError, *, token_id: str, provider_id: str) -> None:
    """Faults of a token rest the token, faults of a provider the provider; a fault of the request rests neither."""
    match error:
        case RateLimited():
            _rest(token_id, error.code, min(LONGEST_SECONDS, error.retry_after or TOKEN_SECONDS))
        case AuthenticationFailed() | QuotaExhausted() | TokenUnreadable():
            _rest(token_id, error.code, LONGEST_SECONDS)
        case TimedOut() | ConnectionFailed() | ServerError():
            _rest(provider_id, error.code, PROVIDER_SECONDS)
        case _:
            pass


def cooling(ids: Iterable[str]) -> set[str]:
    """Those of the token and provider ids that are better left alone now."""
    return set(rests(ids))


def rests(ids: Iterable[str]) -> dict[str, Rest]:
    """By token or provider id, for those that are left alone now."""
    keys = {_key(one): one for one in ids}
    now = time.time()  # not monotonic: another node may have written it
    return {keys[key]: Rest(code, max(0.0, until - now)) for key, (code, until) in cache.get_many(keys).items()}


def end_rest(*ids: str) -> None:
    """What was at fault has just worked, or was replaced."""
    cache.delete_many([_key(one) for one in ids])


def _rest(one: str, code: str, seconds: float) -> None:
    cache.set(_key(one), (code, time.time() + seconds), timeout=seconds)


def _key(one: str) -> str:
    return f"cooldown:{one}"

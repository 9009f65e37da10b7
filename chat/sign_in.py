"""Who opened a socket with a session cookie, and whether it may stay open."""

from __future__ import annotations

from importlib import import_module
from typing import Any
from urllib.parse import parse_qs

from channels.auth import get_user
from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY, get_user_model
from django.utils.crypto import constant_time_compare


class SignedIn:
    """Puts `session` and `user` into the scope. Inside Channels' CookieMiddleware.

    As AuthMiddlewareStack does, but for one thing: that one stands before each frame that is sent, to ask whether the
    session is to be stored. Here nothing changes it.
    """

    def __init__(self, inner: Any) -> None:
        self._inner = inner
        self._sessions = _sessions()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> Any:
        scope = dict(scope, session=self._sessions(scope["cookies"].get(settings.SESSION_COOKIE_NAME)))
        scope["user"] = await get_user(scope)
        return await self._inner(scope, receive, send)


def is_signed_in(session_key: str | None, user_id: str) -> bool:
    """False after a sign-out, a change of password, or when the account was closed or removed."""
    stored = _sessions()(session_key)
    if stored.get(SESSION_KEY) != user_id:
        return False
    user = get_user_model().objects.filter(pk=user_id, is_active=True).first()
    return user is not None and constant_time_compare(stored.get(HASH_SESSION_KEY, ""), user.get_session_auth_hash())


def is_expected(user_id: str, query: bytes) -> bool:
    """Whether a tab was opened for this person, where its address says for whom: all tabs share the cookie of whoever signed in last."""
    expected = parse_qs(query.decode("latin-1")).get("person")
    return expected is None or expected == [user_id]


def _sessions() -> Any:
    return import_module(settings.SESSION_ENGINE).SessionStore

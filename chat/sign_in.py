"""Who opened a socket with a session cookie, and whether it may stay open."""

from __future__ import annotations

from importlib import import_module
from typing import Any, NamedTuple
from urllib.parse import parse_qs

from channels.auth import get_user
from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY, get_user_model
from django.utils.crypto import constant_time_compare


class SignedInAs(NamedTuple):
    user_id: str
    session_key: str


class SignedIn:
    """Puts `signed_in_as` into the scope: a SignedInAs, or None. Inside Channels' CookieMiddleware.

    Not AuthMiddlewareStack: that one stands before each frame that is sent, to ask whether the session is to be stored, which
    nothing changes here; and keeps session and user for as long as the socket is open.
    """

    def __init__(self, inner: Any) -> None:
        self._inner = inner
        self._sessions = _sessions()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> Any:
        return await self._inner(dict(scope, signed_in_as=await self._who(scope["cookies"])), receive, send)

    async def _who(self, cookies: dict[str, str]) -> SignedInAs | None:
        session = self._sessions(cookies.get(settings.SESSION_COOKIE_NAME))
        holder: Any = {"session": session}  # all of a scope that is looked at
        user = await get_user(holder)
        return SignedInAs(user.pk, session.session_key) if user.is_authenticated else None


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

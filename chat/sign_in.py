"""Who opened a socket with a session cookie, and whether it may stay open."""

from __future__ import annotations

from importlib import import_module
from typing import Any, NamedTuple
from urllib.parse import parse_qs

from channels.db import database_sync_to_async
from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY, get_user_model
from django.utils.crypto import constant_time_compare

from chat.compiled import Compiled


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

    async def __call__(self, scope: Any, receive: Any, send: Any) -> Any:
        who = await database_sync_to_async(signed_in_as)(scope["cookies"].get(settings.SESSION_COOKIE_NAME))
        return await self._inner(dict(scope, signed_in_as=who), receive, send)


_USER = Compiled(
    lambda user_id: get_user_model().objects.filter(pk=user_id, is_active=True).only("password"), "user_id"
)


def signed_in_as(session_key: str | None) -> SignedInAs | None:
    """Whose session it is. None after a sign-out, a change of password, or when the account was closed or removed."""
    stored = _session(session_key)
    user = next(iter(_USER.rows(user_id=stored.get(SESSION_KEY, ""))), None)
    if user is None or not constant_time_compare(stored.get(HASH_SESSION_KEY, ""), user.get_session_auth_hash()):
        return None
    return SignedInAs(user.pk, stored.session_key)


def is_expected(user_id: str, query: bytes) -> bool:
    """Whether a tab was opened for this person, where its address says for whom: all tabs share the cookie of whoever signed in last."""
    expected = parse_qs(query.decode("latin-1")).get("person")
    return expected is None or expected == [user_id]


def _session(session_key: str | None) -> Any:
    return import_module(settings.SESSION_ENGINE).SessionStore(session_key)

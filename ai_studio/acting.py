"""Who acts at this moment: the person of the request that is being answered, where there is one.

The request is put aside by django-simple-history's middleware, which needs it for the same question.
"""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from simple_history.models import HistoricalRecords

from ai_studio.models import User


def current_request() -> HttpRequest | None:
    """None in commands and in tasks of their own, such as an answer."""
    return getattr(HistoricalRecords.context, "request", None)


def acting_user() -> User | None:
    user = getattr(current_request(), "user", None)
    return user if isinstance(user, User) and user.is_authenticated else None


def client_address(request: HttpRequest | None) -> str:
    """As the rate limits see it; empty where it can't be known."""
    if request is None:
        return ""
    try:
        return str(get_adapter().get_client_ip(request))[:45]
    except PermissionDenied:
        return ""

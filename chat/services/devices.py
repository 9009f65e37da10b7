"""The browsers that somebody is signed in with: kept at sign-in and while they are used, listed, and signed out."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module
from typing import Any

from asgiref.sync import async_to_sync
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from ai_studio import gateway
from chat import doorbell
from chat.compiled import Compiled
from chat.models import Device
from chat.sign_in import signed_in_as

MOST_LISTED = 100
STAMP_EVERY = timedelta(minutes=5)

# In this order: Edge and Opera call themselves Chrome as well, and Chrome calls itself Safari.
_BROWSERS = {"Edg": "Edge", "OPR/": "Opera", "Firefox/": "Firefox", "FxiOS": "Firefox", "Chrome/": "Chrome", "CriOS": "Chrome", "Safari/": "Safari"}  # fmt: skip
_SYSTEMS = {"iPhone": "iPhone", "iPad": "iPad", "Android": "Android", "CrOS": "ChromeOS", "Windows": "Windows", "Mac OS": "macOS", "Linux": "Linux"}  # fmt: skip


def browser_name(user_agent: str) -> str:
    """Such as "Firefox on Linux": what a person tells their devices apart by. The rest is not kept."""
    browser = next((name for mark, name in _BROWSERS.items() if mark in user_agent), "")
    system = next((name for mark, name in _SYSTEMS.items() if mark in user_agent), "")
    return " on ".join(part for part in (browser or "A browser", system) if part)


_DEVICE = Compiled(
    lambda session_key: Device.objects.filter(session_key=session_key).only("user_id", "last_used_at"), "session_key"
)


def seen(user_id: str, session_key: str | None, user_agent: str) -> None:
    """The browser with this session is used now. Writes at most once in STAMP_EVERY; whose sign-in it does not know, it gets to know."""
    if not session_key:
        return
    now = timezone.now()
    known = next(iter(_DEVICE.rows(session_key=session_key)), None)
    if known is not None and known.user_id == user_id and now - known.last_used_at < STAMP_EVERY:
        return
    changed = {"user_id": user_id, "browser": browser_name(user_agent), "last_used_at": now}
    Device.objects.update_or_create(session_key=session_key, defaults=changed)
    # Whoever closes a browser does not sign out: their rows would stay for good.
    ended = now - timedelta(seconds=settings.SESSION_COOKIE_AGE)
    Device.objects.filter(user_id=user_id, last_used_at__lt=ended).delete()


def forget(session_key: str | None) -> None:
    """The person signed out there."""
    Device.objects.filter(session_key=session_key).delete()


def devices_of(user_id: str) -> list[Device]:
    """Those that are signed in now, the last used first. A password that was changed has signed the others out already."""
    rows = list(Device.objects.filter(user_id=user_id).order_by("-last_used_at", "pk")[:MOST_LISTED])
    ended = [row.pk for row in rows if signed_in_as(row.session_key) != (user_id, row.session_key)]
    Device.objects.filter(pk__in=ended).delete()
    return [row for row in rows if row.pk not in ended]


def sign_out(user_id: str, device_id: str) -> bool:
    """Ends the sign-in of one of the person's browsers and closes its tabs. False: they have no such browser."""
    return bool(_end(user_id, Device.objects.filter(user_id=user_id, pk=device_id)))


def sign_out_others(user_id: str, session_key: str | None) -> int:
    """Ends all sign-ins of the person but that of `session_key`. How many."""
    return _end(user_id, Device.objects.filter(user_id=user_id).exclude(session_key=session_key))


def _end(user_id: str, devices: Any) -> int:
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    with transaction.atomic():
        rows = list(devices)
        for device in rows:
            store.delete(device.session_key)
            gateway.record_sign_out(user_id, device.browser)
        devices.filter(pk__in=[device.pk for device in rows]).delete()
    if rows:
        async_to_sync(doorbell.ring_recheck)(user_id)
    return len(rows)

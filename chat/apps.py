from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.db import connections
from django.db.models.signals import post_migrate
from django.http import HttpRequest


class ChatConfig(AppConfig):
    name = "chat"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        post_migrate.connect(_ensure_search_index, sender=self)
        user_logged_in.connect(_signed_in, dispatch_uid="device-signed-in")
        user_logged_out.connect(_signed_out, dispatch_uid="device-signed-out")


def _ensure_search_index(*, using: str, **_: Any) -> None:
    from chat.search import schema  # its package reads models, which are not there before `ready`

    schema.ensure(connections[using])


def _signed_in(request: HttpRequest, user: Any, **_: Any) -> None:
    from chat.services import devices

    devices.seen(user.pk, request.session.session_key, request.headers.get("User-Agent", ""))


def _signed_out(request: HttpRequest, **_: Any) -> None:
    from chat.services import devices

    devices.forget(request.session.session_key)

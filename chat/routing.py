from __future__ import annotations

from typing import Any, cast

from django.urls import path

from chat.consumers import ChatConsumer

# Django's `path` is typed for views alone; Channels routes applications with it.
websocket_urlpatterns: list[Any] = [path("ws/chat", cast("Any", ChatConsumer.as_asgi()))]

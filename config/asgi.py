"""The doors: HTTP to Django, websockets to the chat consumer."""

from __future__ import annotations

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django_application = get_asgi_application()

# After Django is set up: these import models.
from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from channels.security.websocket import AllowedHostsOriginValidator  # noqa: E402
from channels.sessions import CookieMiddleware  # noqa: E402

from ai_studio import gateway  # noqa: E402
from chat.routing import websocket_urlpatterns  # noqa: E402
from chat.sign_in import SignedIn  # noqa: E402

gateway.warm_up()

application = ProtocolTypeRouter(
    {
        "http": django_application,
        "websocket": AllowedHostsOriginValidator(CookieMiddleware(SignedIn(URLRouter(websocket_urlpatterns)))),
    }
)

"""Who asks. A page that was opened for somebody who is not signed in any more gets and changes nothing of who is."""

from __future__ import annotations

from typing import Any

from rest_framework.authentication import SessionAuthentication
from rest_framework.request import Request

from chat.errors import SomebodyElse


class PageAuthentication(SessionAuthentication):
    """By the session cookie, which all tabs share: a tab says in `X-Person` for whom it was opened. Programs need not."""

    def authenticate(self, request: Request) -> tuple[Any, None] | None:
        """Raises SomebodyElse."""
        found = super().authenticate(request)
        expected = request.headers.get("X-Person")
        if found is not None and expected is not None and expected != str(found[0].pk):
            raise SomebodyElse
        return found

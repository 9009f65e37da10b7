"""The content security policy by path: the settings' strict one everywhere, and one relaxation for the admin alone.

The admin's theme evaluates expressions (Alpine) and writes its colours into a style element, so `/admin/` gets
'unsafe-eval' and inline styles. Inline scripts stay refused there as well.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

ADMIN_PATH = "/admin/"


class PathCSPMiddleware(CSPMiddleware):
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        super().__init__(get_response)
        self._admin = _relaxed_for_admin(settings.CONTENT_SECURITY_POLICY["DIRECTIVES"])

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        if request.path_info.startswith(ADMIN_PATH) and not report_only:
            parts.config = self._admin
        return parts


def _relaxed_for_admin(strict: dict[str, Any]) -> dict[str, Any]:
    kept = {name: sources for name, sources in strict.items() if "trusted-types" not in name}
    return kept | {"script-src": ["'self'", "'unsafe-eval'"], "style-src": ["'self'", "'unsafe-inline'"]}

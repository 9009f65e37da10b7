"""Addresses of the built page's files."""

from __future__ import annotations

import json
from pathlib import Path

from django import template
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()

_MANIFEST = Path(settings.BASE_DIR) / "static" / "dist" / "manifest.json"
# Read again when it changes: `node static/build.mjs --watch` gives every version of a file another name.
_read: dict[str, str] = {}
_read_at = 0.0


def _manifest() -> dict[str, str]:
    global _read, _read_at
    try:
        changed_at = _MANIFEST.stat().st_mtime
        if changed_at != _read_at:
            _read, _read_at = json.loads(_MANIFEST.read_text(encoding="utf-8")), changed_at
    except FileNotFoundError as error:
        raise ImproperlyConfigured("The chat page is not built. Run `make setup`.") from error
    return _read


@register.simple_tag
def catalogue() -> SafeString:
    """The script with what the page's scripts say in the language of this page; nothing for English."""
    found = _manifest().get(f"{get_language()}.js")
    return format_html('<script src="{}"></script>', static(found)) if found else SafeString("")


@register.simple_tag
def page_asset(name: str) -> str:
    """The address of a file by the name that it has in the sources, such as `main.js` or `chat.css`."""
    try:
        return static(_manifest()[name])
    except KeyError as error:
        raise ImproperlyConfigured(f"The page has no file {name!r}. Run `make setup` to build it anew.") from error

"""How the signed-in person wants pages to look, on the root element: there before the first paint. The middleware has read it."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag(takes_context=True)
def appearance(context: dict[str, Any]) -> SafeString:
    """Attributes `data-theme`, `data-density`…; none for somebody who is not signed in, and on pages without a request."""
    chosen = getattr(context.get("request"), "appearance", {})
    return format_html_join("", ' data-{}="{}"', ((key.replace("_", "-"), word) for key, word in chosen.items()))

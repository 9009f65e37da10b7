"""Addresses of the first-run guide."""

from __future__ import annotations

from django import template
from django.urls import reverse

from ai_studio.readiness import Step

register = template.Library()

BACK_TO_GUIDE = "then=overview"
"""In a query: saving leads back to the overview instead of the list."""


@register.simple_tag
def guide_address(step: Step) -> str:
    address = reverse(step.page, args=step.arguments)
    return f"{address}?{BACK_TO_GUIDE}" if step.page.endswith(("_add", "_change")) else address

"""Forms in HTML. What a table of a hundred rows has a thousand of is written here, the rest by templates."""

from __future__ import annotations

from functools import lru_cache
from html import escape
from typing import Any

from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

_INPUTS = frozenset(
    f"django/forms/widgets/{name}.html" for name in ("checkbox", "email", "hidden", "input", "number", "text", "url")
)
"""Templates that say nothing but `input.html`, which asks another template for its attributes."""


class FormRenderer(TemplatesSetting):
    """`templates/` may replace a widget's template, except those of plain inputs: two templates for each made half of a page's time."""

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> SafeString:
        if template_name in _INPUTS:
            return _input(context["widget"])
        return mark_safe(super().render(template_name, context, request))  # noqa: S308 - a template has escaped it


def _input(widget: dict[str, Any]) -> SafeString:
    """The same characters as Django's `input.html`."""
    stated = [("type", widget["type"]), ("name", widget["name"])]
    if widget["value"] is not None:
        stated.append(("value", str(widget["value"])))
    attributes = [*stated, *widget["attrs"].items()]
    return mark_safe(f"<input{''.join(_attribute(*each) for each in attributes)}>")  # noqa: S308 - each part is escaped


def _attribute(name: str, value: Any) -> str:
    if value is False:
        return ""
    if value is True:
        return f" {_written(name)}"
    return f' {_written(name)}="{_class(value) if name == "class" else _written(value)}"'


def _written(value: Any) -> str:
    """As `conditional_escape`, without what that does for texts that are not yet translated."""
    if type(value) is str:
        return escape(value)
    return str(conditional_escape(value if isinstance(value, str) else str(value)))


@lru_cache(maxsize=256, typed=True)
def _class(value: Any) -> str:
    """Long, and the same for every input of a kind."""
    return _written(value)

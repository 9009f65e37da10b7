"""What is written without a template is what the template would have written."""

from __future__ import annotations

import pytest
from django import forms
from django.forms.renderers import TemplatesSetting
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy

from config.form_rendering import FormRenderer

HOSTILE = "\"><script>alert('1')</script>&amp;"
WIDGETS = [
    forms.TextInput(attrs={"class": HOSTILE, "data-number": 1_000_000, "required": True, "disabled": False}),
    forms.TextInput(attrs={"title": mark_safe("&amp;"), "data-nothing": None, "data-empty": ""}),
    forms.TextInput(attrs={"class": "<>", "title": "<>"}),
    forms.TextInput(attrs={"class": mark_safe("<>"), "title": gettext_lazy("<>")}),
    forms.TextInput(attrs={"class": True, "title": 1}),
    forms.TextInput(attrs={"class": 1}),
    forms.EmailInput(attrs={"maxlength": 254}),
    forms.URLInput(),
    forms.NumberInput(attrs={"step": "0.1"}),
    forms.PasswordInput(render_value=True),
    forms.HiddenInput(),
    forms.CheckboxInput(attrs={"aria-label": "on"}),
]


@pytest.mark.parametrize("value", [None, "", "plain", HOSTILE, 1_000_000, True, False, 0, mark_safe("&amp;")])
@pytest.mark.parametrize("widget", WIDGETS, ids=lambda widget: type(widget).__name__)
def test_an_input_is_the_same_without_a_template(widget, value):
    written = widget.render(HOSTILE, value, renderer=FormRenderer())
    assert written == widget.render(HOSTILE, value, renderer=TemplatesSetting())

"""Export and import as pages of the admin: the file is looked at before anything of it counts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST
from unfold.widgets import UnfoldAdminTextareaWidget

from ai_studio import security_log, transfer
from ai_studio.admin.base import require_platform, signed_in

MEGABYTE = 1024 * 1024
LARGEST = 4 * MEGABYTE
"""Bytes: the review sends the text back in a form, which takes a little more (DATA_UPLOAD_MAX_MEMORY_SIZE)."""


class ImportForm(forms.Form):
    """A file, or its text: the review page sends the text back."""

    file = forms.FileField(
        required=False,
        max_length=200,
        help_text="What an export gave, here or elsewhere.",
        widget=forms.ClearableFileInput(attrs={"accept": ".yaml,.yml", "class": "transfer-file"}),
    )
    text = forms.CharField(
        required=False,
        strip=False,
        label="Or its text",
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 12, "spellcheck": "false", "class": "transfer-text"}),
    )

    def clean_file(self) -> str:
        sent = self.cleaned_data["file"]
        if not sent:
            return ""
        if sent.size > LARGEST:
            text = (
                f"The file is too large for this page: at most {LARGEST // MEGABYTE} MB. Use manage.py import_studio."
            )
            raise forms.ValidationError(text)
        try:
            read: str = sent.read().decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise forms.ValidationError("The file is not UTF-8 text.") from error
        return read

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        # A browser sends line ends of its own in a text field.
        cleaned["text"] = cleaned.get("file") or cleaned.get("text", "").replace("\r\n", "\n")
        if not self.errors and not cleaned["text"].strip():
            self.add_error("file", "Choose a file or paste its text.")
        return cleaned


@require_POST
def export_studio(request: HttpRequest) -> HttpResponse:
    require_platform(request)
    text = transfer.export_text()
    security_log.record(security_log.Event.EXPORTED, characters=len(text))
    name = f"studio-{timezone.localdate():%Y-%m-%d}.yaml"
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(text, content_type="application/yaml; charset=utf-8", headers=disposition)


@require_http_methods(["GET", "POST"])
def import_studio(request: HttpRequest) -> HttpResponse:
    """Asks for a file, shows what it would change, and with `apply` changes it."""
    require_platform(request)
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = ImportForm(*sent)
    shown: dict[str, Any] = {"form": form}
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["text"]
        try:
            if "apply" in request.POST:
                changes = transfer.apply_text(text, by=signed_in(request))
                messages.success(request, f"Imported: {len(changes)} changes. They count from the next message on.")
                return redirect("studio:transfer")
            shown |= {"changes": transfer.preview_text(text), "is_reviewed": True, "text": text}
        except transfer.Refused as refused:
            shown["problems"] = refused.problems
    context = admin.site.each_context(request) | {"title": "Export and import"} | shown
    return TemplateResponse(
        request, "admin/ai_studio/transfer.html", context, status=400 if "problems" in shown else 200
    )

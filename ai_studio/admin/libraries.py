"""Libraries of teams: what their agents know. A document comes by an upload, and is looked at and removed on a page of its own."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, QuerySet, Sum
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.http import content_disposition_header
from unfold.decorators import display

from ai_studio.admin.base import StudioModelAdmin, signed_in
from ai_studio.admin.deletion import CountedDeletion, RefusedDeletion
from ai_studio.admin.filters import LimitedRelatedFilter
from ai_studio.admin.forms import StudioForm
from ai_studio.files import storage
from ai_studio.files.problems import FileProblem, FilesUnavailable
from ai_studio.library import keeping
from ai_studio.models import Document, Library

MOST_AT_ONCE = 20
"""Files of one upload: each takes part of a second."""


class LibraryForm(StudioForm):
    blamed = {"library_name_once_per_team": "name"}

    class Meta:
        model = Library
        fields = ("team", "name", "description", "max_tokens")


@admin.register(Library)
class LibraryAdmin(RefusedDeletion, CountedDeletion, StudioModelAdmin):
    form = LibraryForm
    list_display = ("called", "team", "documents_in_it", "tokens_in_it", "updated_at")
    list_filter = (("team", LimitedRelatedFilter),)
    list_filter_submit = True
    list_select_related = ("team",)
    search_fields = ("name", "description", "team__name")
    ordering = ("team__name", "name")
    fieldsets = ((None, {"fields": ("team", "name", "description", "max_tokens")}),)
    change_form_outer_after_template = "admin/ai_studio/library_documents.html"
    in_the_way = {"ai_studio.Agent": "agents"}
    instead = "Take it from these agents first."

    class Media:
        css = {"all": ["ai_studio/library.css"]}

    def get_urls(self) -> list[URLPattern]:
        own = {
            "upload/": ("upload", self.upload_view),
            "documents/<str:document_id>/": ("document", self.document_view),
            "documents/<str:document_id>/original/": ("original", self.original_view),
            "documents/<str:document_id>/remove/": ("remove", self.remove_view),
        }
        paths = [
            path(f"<path:object_id>/{end}", self.admin_site.admin_view(view), name=f"ai_studio_library_{name}")
            for end, (name, view) in own.items()
        ]
        return [*paths, *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request)
        return rows.annotate(document_count=Count("documents"), token_count=Sum("documents__tokens"))

    def get_readonly_fields(self, request: HttpRequest, obj: Library | None = None) -> tuple[str, ...]:
        # Agents of the team refer to it.
        return ("team",) if obj else ()

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        rows = Document.objects.filter(library=unquote(object_id)).select_related("added_by").defer("text")
        listed = sorted(rows, key=lambda row: (row.name.casefold(), row.name))
        shown = {"documents": listed, "tokens": sum(row.tokens for row in listed), "most_at_once": MOST_AT_ONCE}
        answer: HttpResponse = super().change_view(request, object_id, form_url, shown | (extra_context or {}))
        return answer

    def upload_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Takes `files`, each by itself: one that is refused is named with the reason, and the others come in."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        library = self._own(request, object_id)
        files = request.FILES.getlist("files")
        if not files:
            messages.warning(request, "Choose one or more files first.")
        for file in files[:MOST_AT_ONCE]:
            try:
                document = keeping.add(library, file, by=signed_in(request))
            except (FileProblem, keeping.TooManyDocuments) as problem:
                messages.error(request, f"{file.name}: {problem}")
            else:
                tell = messages.warning if document.reason else messages.success
                tell(request, f"{document.name} is in the library. {document.reason}".strip())
        for file in files[MOST_AT_ONCE:]:
            messages.error(request, f"{file.name}: {MOST_AT_ONCE} files are taken at once. Upload it again.")
        return redirect(_address("change", library))

    def document_view(self, request: HttpRequest, object_id: str, document_id: str) -> HttpResponse:
        document = self._document(request, object_id, document_id)
        context = {
            **self.admin_site.each_context(request),
            "title": document.name,
            "document": document,
            "opts": self.opts,
        }
        return TemplateResponse(request, "admin/ai_studio/document.html", context)

    def original_view(self, request: HttpRequest, object_id: str, document_id: str) -> HttpResponse:
        """The file as it was uploaded, to be saved and never shown."""
        document = self._document(request, object_id, document_id)
        if not document.key:
            raise Http404
        try:
            data = storage.read(document.key, storage.ORIGINAL)
        except FilesUnavailable as problem:
            messages.error(request, str(problem))
            return redirect(_address("change", document.library))
        headers = {
            "Content-Disposition": content_disposition_header(True, document.name) or "attachment",
            "X-Content-Type-Options": "nosniff",
        }
        return HttpResponse(data, content_type="application/octet-stream", headers=headers)

    def remove_view(self, request: HttpRequest, object_id: str, document_id: str) -> HttpResponse:
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        document = self._document(request, object_id, document_id)
        with transaction.atomic():
            document.delete()
        messages.success(request, f"{document.name} was removed. The next message goes without it.")
        return redirect(_address("change", document.library))

    def _own(self, request: HttpRequest, object_id: str) -> Library:
        library: Library | None = self.get_object(request, unquote(object_id))
        if library is None:
            raise Http404
        if not self.has_change_permission(request, library):
            raise PermissionDenied
        return library

    def _document(self, request: HttpRequest, object_id: str, document_id: str) -> Document:
        library = self._own(request, object_id)
        document = Document.objects.select_related("added_by").filter(library=library, pk=document_id).first()
        if document is None:
            raise Http404
        document.library = library
        return document

    @display(description="library", ordering="name", header=True)
    def called(self, library: Library) -> tuple[str, str]:
        return library.name, library.description

    @display(description="documents", ordering="document_count")
    def documents_in_it(self, library: Any) -> int:
        return int(library.document_count)

    @display(description="tokens, about", ordering="token_count")
    def tokens_in_it(self, library: Any) -> str:
        return f"{library.token_count or 0:,}"


def _address(page: str, library: Library) -> str:
    return reverse(f"admin:ai_studio_library_{page}", args=[library.pk])

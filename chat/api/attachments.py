"""Files: uploaded before the message that they go with is sent, and given back to whoever may see them, never as a page."""

from __future__ import annotations

from typing import Any

from csp.decorators import csp
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.decorators import method_decorator
from django.utils.http import content_disposition_header
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from ai_studio.files.storage import ORIGINAL, THUMBNAIL
from chat import files, selectors
from chat.api.requests import user_id
from chat.errors import AttachmentNotFound, InvalidCommand
from chat.presentation import attachment_json
from chat.services import attachments

FORM_BYTES = 64 * 1024
"""What a form has around its file."""

# Whatever somebody makes of such an address: there is nothing in it that could run, and nothing that it could reach.
POLICY = {"default-src": ["'none'"], "frame-ancestors": ["'none'"], "sandbox": [""]}


class AttachmentsView(APIView):
    parser_classes = [MultiPartParser]

    def initialize_request(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Request:
        # Each upload is a file from its first byte, and never as a whole in memory.
        request.upload_handlers = [TemporaryFileUploadHandler(request)]
        return super().initialize_request(request, *args, **kwargs)

    @extend_schema(
        request={
            "multipart/form-data": {"type": "object", "properties": {"file": {"type": "string", "format": "binary"}}}
        },
        responses={201: OpenApiTypes.OBJECT},
    )
    def post(self, request: Request) -> Response:
        """Takes one `file`, which a message can name from now on. It is kept for a day if none does."""
        attachments.require_size(max(1, int(request.META.get("CONTENT_LENGTH") or 0) - FORM_BYTES))
        file = request.FILES.get("file")
        if not isinstance(file, UploadedFile):
            raise InvalidCommand(detail="`file` must be a file, in a form (multipart/form-data).")
        return Response(attachment_json(attachments.upload(user_id(request), file)), status=201)


@method_decorator(csp(POLICY), name="dispatch")
class AttachmentView(APIView):
    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    def get(self, request: Request, attachment_id: str) -> HttpResponseBase:
        """The file as it was uploaded, to be saved: pictures can be shown in a page, nothing else can."""
        found = selectors.get_attachment(user_id(request), attachment_id)
        return _given(files.read(found.key, ORIGINAL), found.media_type, found.name)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, attachment_id: str) -> Response:
        """Throws a file away that has not been sent."""
        attachments.discard(user_id(request), attachment_id)
        return Response(status=204)


@method_decorator(csp(POLICY), name="dispatch")
class ThumbnailView(APIView):
    @extend_schema(responses={(200, "image/webp"): OpenApiTypes.BINARY})
    def get(self, request: Request, attachment_id: str) -> HttpResponseBase:
        """A small WebP of an image."""
        found = selectors.get_attachment(user_id(request), attachment_id)
        if not found.is_image:
            raise AttachmentNotFound
        return _given(files.read(found.key, THUMBNAIL), "image/webp", f"{found.name}.webp")


def _given(data: bytes, media_type: str, name: str) -> HttpResponse:
    # "attachment" does not keep a page from showing a picture; it keeps a file from being a page of its own.
    headers = {
        "Content-Disposition": content_disposition_header(True, name) or "attachment",
        "Cache-Control": "private, max-age=600",
        "Cross-Origin-Resource-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
    }
    charset = "; charset=utf-8" if media_type.startswith("text/") else ""
    return HttpResponse(data, content_type=f"{media_type}{charset}", headers=headers)

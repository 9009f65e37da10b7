"""Links to one's own sessions and folders, and sessions as files."""

from __future__ import annotations

from asgiref.sync import async_to_sync
from django.http import HttpResponseBase
from django.utils import translation
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from chat import selectors
from chat.api.requests import language_of, user_id, valid
from chat.api.serializers import ExportInput, ShareInput
from chat.models import Folder, Session
from chat.presentation import share_json
from chat.services import sharing
from chat.services.exporting import exported
from chat.services.folders import tell_folders


class SharesView(APIView):
    """The links to one session."""

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, session_id: str) -> Response:
        return _listed(selectors.get_own_session(user_id(request), session_id))

    @extend_schema(request=ShareInput, responses={201: OpenApiTypes.OBJECT})
    def post(self, request: Request, session_id: str) -> Response:
        return Response(share_json(sharing.share(user_id(request), session_id, _terms(request))), status=201)


class FolderSharesView(APIView):
    """The links to what lies in one folder, and in the folders in it."""

    @extend_schema(operation_id="folder_shares", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, folder_id: str) -> Response:
        return _listed(selectors.get_folder(user_id(request), folder_id))

    @extend_schema(request=ShareInput, responses={201: OpenApiTypes.OBJECT})
    def post(self, request: Request, folder_id: str) -> Response:
        made = sharing.share_folder(user_id(request), folder_id, _terms(request))
        async_to_sync(tell_folders)(user_id(request))
        return Response(share_json(made), status=201)


class ShareView(APIView):
    @extend_schema(responses={204: None})
    def delete(self, request: Request, share_id: str) -> Response:
        """Ends the link: from now on it leads nowhere."""
        if sharing.end_share(user_id(request), share_id).folder_id is not None:
            async_to_sync(tell_folders)(user_id(request))
        return Response(status=204)


class ExportedView(APIView):
    """Sessions as a file: one as Markdown, many as a zip of Markdown files, or JSON with all branches."""

    @extend_schema(request=ExportInput, responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    def post(self, request: Request) -> HttpResponseBase:
        asked = valid(ExportInput(data=request.data))
        with translation.override(language_of(request)):  # what is taken along is for people
            return exported(user_id(request), asked["sessions"], asked["format"])


def _terms(request: Request) -> sharing.Terms:
    wanted = valid(ShareInput(data=request.data))
    return sharing.Terms(wanted["audience"], wanted["live"], wanted.get("expires_at"))


def _listed(shared: Session | Folder) -> Response:
    return Response({"shares": [share_json(share) for share in shared.shares.order_by("-created_at")]})

"""One's sessions: listed, made, changed, deleted and brought back; and the folders that they lie in."""

from __future__ import annotations

from asgiref.sync import async_to_sync
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from chat import selectors, services, shelves
from chat.api.requests import user_id, valid
from chat.api.serializers import (
    ChangeInput,
    ChosenChangeInput,
    ChosenInput,
    FolderInput,
    ListInput,
    SessionInput,
)
from chat.ids import new_id
from chat.presentation import folder_json
from chat.shelves import Shelf


class SessionsView(APIView):
    """Own sessions, newest activity first; among those in no folder those in which one is a guest. The first page of those that are in no folder brings all pinned ones."""

    @extend_schema(operation_id="sessions_list", parameters=[ListInput], responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        asked = valid(ListInput(data=request.query_params))
        shelf = Shelf(asked["scope"], asked.get("folder"), asked.get("tag"))
        page = {"before": asked.get("before"), "limit": asked["limit"]}
        sessions, following = shelves.session_page(user_id(request), shelf=shelf, **page)
        is_first = shelf == Shelf() and not asked.get("before")
        pinned = shelves.pinned_sessions(user_id(request)) if is_first else []
        shown = shelves.shown_to(user_id(request), [*sessions, *pinned])
        return Response({"sessions": shown[: len(sessions)], "pinned": shown[len(sessions) :], "next": following})

    @extend_schema(request=SessionInput, responses={201: OpenApiTypes.OBJECT})
    def post(self, request: Request) -> Response:
        wanted = valid(SessionInput(data=request.data))
        session = async_to_sync(services.create_session)(
            user_id=user_id(request),
            session_id=wanted.get("id") or new_id(),
            model_id=wanted.get("model"),
            agent_id=wanted.get("agent"),
            effort=wanted.get("effort"),
            folder_id=wanted.get("folder"),
            is_temporary=wanted["temporary"],
        )
        return Response(session, status=201)


class SessionView(APIView):
    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, session_id: str) -> Response:
        session = selectors.get_session(user_id(request), session_id)
        return Response(shelves.shown_to(user_id(request), [session])[0])

    @extend_schema(request=ChangeInput, responses=OpenApiTypes.OBJECT)
    def patch(self, request: Request, session_id: str) -> Response:
        wanted = ChangeInput(data=request.data)
        valid(wanted)
        change = async_to_sync(services.change_sessions)
        return Response(change(user_id=user_id(request), session_ids=[session_id], change=wanted.change())[0])

    @extend_schema(responses={204: None})
    def delete(self, request: Request, session_id: str) -> Response:
        """It can be brought back for some days (`POST /api/sessions/restored`); a temporary one is gone for good."""
        async_to_sync(services.delete_sessions)(user_id=user_id(request), session_ids=[session_id])
        return Response(status=204)


class ChangedView(APIView):
    """The same change of many sessions. Those that are not there are passed over."""

    @extend_schema(request=ChosenChangeInput, responses=OpenApiTypes.OBJECT)
    def post(self, request: Request) -> Response:
        wanted = ChosenChangeInput(data=request.data)
        ids = valid(wanted)["sessions"]
        change = async_to_sync(services.change_sessions)
        return Response({"sessions": change(user_id=user_id(request), session_ids=ids, change=wanted.change())})


class DeletedView(APIView):
    @extend_schema(request=ChosenInput, responses=OpenApiTypes.OBJECT)
    def post(self, request: Request) -> Response:
        ids = valid(ChosenInput(data=request.data))["sessions"]
        delete = async_to_sync(services.delete_sessions)
        return Response({"deleted": delete(user_id=user_id(request), session_ids=ids)})


class RestoredView(APIView):
    """Brings deleted sessions back."""

    @extend_schema(request=ChosenInput, responses=OpenApiTypes.OBJECT)
    def post(self, request: Request) -> Response:
        ids = valid(ChosenInput(data=request.data))["sessions"]
        restore = async_to_sync(services.restore_sessions)
        return Response({"sessions": restore(user_id=user_id(request), session_ids=ids)})


class FoldersView(APIView):
    """One's folders, and the tags of one's sessions."""

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        folders = [folder_json(folder) for folder in selectors.folders_of(user_id(request))]
        return Response({"folders": folders, "tags": selectors.tags_of(user_id(request))})

    @extend_schema(request=FolderInput, responses={201: OpenApiTypes.OBJECT})
    def post(self, request: Request) -> Response:
        create = async_to_sync(services.create_folder)
        return Response(create(user_id=user_id(request), content=_content(request)), status=201)


class FolderView(APIView):
    @extend_schema(request=FolderInput, responses=OpenApiTypes.OBJECT)
    def put(self, request: Request, folder_id: str) -> Response:
        change = async_to_sync(services.change_folder)
        return Response(change(user_id=user_id(request), folder_id=folder_id, content=_content(request)))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, folder_id: str) -> Response:
        """Its sessions and the folders in it stay: in the folder around it, or in none."""
        async_to_sync(services.delete_folder)(user_id=user_id(request), folder_id=folder_id)
        return Response(status=204)


def _content(request: Request) -> services.FolderContent:
    given = valid(FolderInput(data=request.data))
    return services.FolderContent(
        given["name"], given.get("model"), given.get("agent"), given.get("instructions", ""), given.get("parent")
    )

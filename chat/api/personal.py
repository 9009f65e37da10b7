"""What follows a person from device to device: preferences, drafts, what they have read."""

from __future__ import annotations

from asgiref.sync import async_to_sync
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from chat import services
from chat.api.requests import user_id, valid
from chat.api.serializers import DraftInput, PreferencesInput, ReadInput


class PreferencesView(APIView):
    """Own preferences. A change reaches every open tab."""

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        return Response(services.preferences_of(user_id(request)))

    @extend_schema(request=PreferencesInput, responses=OpenApiTypes.OBJECT)
    def patch(self, request: Request) -> Response:
        """`model` and `agent` are what new chats begin with in `team`, the active one where it is not named."""
        changes = valid(PreferencesInput(data=request.data))
        change = async_to_sync(services.change_preferences)
        return Response(change(user_id=user_id(request), changes=changes))


class DraftView(APIView):
    """The draft of a session, or of the chat that has not begun (`new`)."""

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, place: str) -> Response:
        return Response(services.draft(user_id(request), place))

    @extend_schema(request=DraftInput, responses=OpenApiTypes.OBJECT)
    def put(self, request: Request, place: str) -> Response:
        """`version`: the one that was read last, 0 before the first. Another one is refused with `draft_changed`."""
        given = valid(DraftInput(data=request.data))
        write = async_to_sync(services.write_draft)
        return Response(write(user_id=user_id(request), place=place, text=given["text"], version=given["version"]))


class ReadView(APIView):
    @extend_schema(request=ReadInput, responses=OpenApiTypes.OBJECT)
    def post(self, request: Request, session_id: str) -> Response:
        """Says that the answer at the session's leaf was seen. An answer that came after it stays unread."""
        leaf_id = valid(ReadInput(data=request.data))["leaf"]
        mark = async_to_sync(services.mark_read)
        return Response(mark(user_id=user_id(request), session_id=session_id, leaf_id=leaf_id))

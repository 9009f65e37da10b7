"""Who writes in a session."""

from __future__ import annotations

from asgiref.sync import async_to_sync
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from chat.api.requests import user_id, valid
from chat.api.serializers import PersonInput
from chat.services import joining


class PeopleView(APIView):
    """Its owner and the guests, and for its owner the colleagues who could be one."""

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, session_id: str) -> Response:
        return Response(joining.people(user_id(request), session_id))

    @extend_schema(request=PersonInput, responses={201: OpenApiTypes.OBJECT})
    def post(self, request: Request, session_id: str) -> Response:
        """Its owner lets a colleague read all of it, and write in it."""
        person = valid(PersonInput(data=request.data))["user"]
        add = async_to_sync(joining.add_person)
        return Response(add(user_id=user_id(request), session_id=session_id, person_id=person), status=201)


class PersonView(APIView):
    @extend_schema(responses={204: None})
    def delete(self, request: Request, session_id: str, person_id: str) -> Response:
        """Its owner takes a guest out; a guest leaves. What they wrote stays."""
        remove = async_to_sync(joining.remove_person)
        remove(user_id=user_id(request), session_id=session_id, person_id=person_id)
        return Response(status=204)
